/* SPDX-License-Identifier: MIT */
/*
 * cmsis_dap.h - a CMSIS-DAP probe as a struct probe, over any of its carriers.
 *
 * Its files: open.c (opening, what it is), ops.c, cmsis_dap.c (clock, pins), enter.c (how SWD is
 * entered), transfer.c and packet.h (accesses), swo.c (trace), share.h (with other programs); wire.h keeps requests and
 * responses in step, model.h knows what probes get wrong; hid.c, bulk.c and tcp.c carry, usb.c
 * finds. Only they, probe_kinds.c and tests include this.
 *
 * Source: Arm, CMSIS-DAP 2.1 (arm-software.github.io/CMSIS-DAP), and the
 * reference firmware's DAP.c and DAP.h for what it leaves open.
 */
#ifndef TRANSPORT_PROBE_CMSIS_DAP_CMSIS_DAP_H
#define TRANSPORT_PROBE_CMSIS_DAP_CMSIS_DAP_H

#include "transport/base/text.h"
#include "transport/probe/cmsis_dap/model.h"
#include "transport/probe/cmsis_dap/packet.h"
#include "transport/probe/probe.h"
#include "transport/probe/probe_kind.h"

enum { CMSIS_DAP_CLOCK_HZ = 1000000 /* as pyOCD starts with */ };

struct cmsis_dap_share;

struct cmsis_dap {
	struct probe probe;
	struct cmsis_dap_wire wire;
	const struct cmsis_dap_model *model;
	uint8_t capabilities; /* DAP_Info 0xf0, first byte */
	uint32_t hz;
	uint32_t hz_wanted;            /* as the caller last asked for */
	uint32_t hz_limit;             /* of others who share the probe; 0: none */
	struct cmsis_dap_share *share; /* NULL: nobody shares it */
	bool is_connected;             /* DAP_Connect: the pins are driven */
	bool is_nrst_low;              /* what we drive */
	struct cmsis_dap_select select;
	uint32_t swo_baud; /* 0: nothing is captured */
	struct cmsis_dap_packet packets[CMSIS_DAP_IN_FLIGHT_MAX];
};

/* What is known of it before it is asked. `kind` and `serial` may be "". */
struct cmsis_dap_label {
	const struct cmsis_dap_model *model;
	const char *kind, *serial, *where;
};

/* Makes a probe of what answers through `carrier`, which from now on belongs to the probe, or
 * is closed on failure. CAUSE_UNSUPPORTED: it does not support SWD. */
enum cause cmsis_dap_open(struct cmsis_dap_carrier *carrier,
			  const struct cmsis_dap_label *label, struct clock *clock,
			  struct probe **probe, struct reason *why);

/* The same as a job, in steps of 20 ms at most on a healthy link; the label is copied. NULL: no
 * memory; the carrier is then closed. */
struct job *cmsis_dap_open_job(struct cmsis_dap_carrier *carrier,
			       const struct cmsis_dap_label *label, struct clock *clock,
			       struct probe **probe);

/* The same of one that another tether offers at a local socket. `which` stays as long as the job. */
struct job *cmsis_dap_open_local(const char *path, const char *which, struct clock *clock,
				 struct probe **probe);

/* By USB, and behind a TCP connection. */
extern const struct probe_kind cmsis_dap_kind, cmsis_dap_tcp_kind;

/* Appends what the probe knows of the board it is on: "STMicroelectronics NUCLEO-G474RE,
 * STM32G474RETx"; nothing when that is nothing. */
enum cause
cmsis_dap_read_board(struct probe *probe, struct text *words, struct reason *why);

/* For the driver's own files. */

/* Gives a probe whose capabilities are known its operations. */
void cmsis_dap_dress(struct cmsis_dap *dap);
struct cmsis_dap *cmsis_dap_of(struct probe *probe);
/* NULL: the probe is none of CMSIS-DAP. */
struct cmsis_dap *cmsis_dap_of_probe(struct probe *probe);
/* A command with up to 16 bytes of arguments. */
struct cmsis_dap_request cmsis_dap_request(const char *name, enum cmsis_dap_command command,
					   const uint8_t *arguments, size_t size);
/* Tells the probe the clock in dap->hz, and how often to try again at that. */
enum cause cmsis_dap_apply_clock(struct cmsis_dap *dap, struct reason *why);
/* Has the probe drive the pins for SWD, if it does not yet. NRST is afterwards as it was. */
enum cause cmsis_dap_connect_pins(struct cmsis_dap *dap, struct reason *why);
/* Moves the pin; what we drive for our own part is in dap->is_nrst_low. */
enum cause cmsis_dap_move_nrst(struct cmsis_dap *dap, bool low, struct reason *why);
/* As in struct probe_ops. */
enum cause cmsis_dap_set_clock(struct probe *probe, uint32_t *hz, struct reason *why);
/* What others who share the probe can bear, 0 for none: the clock is set anew when that changes
 * it. On failure the limit stays as it was. */
enum cause cmsis_dap_limit_clock(struct cmsis_dap *dap, uint32_t hz, struct reason *why);
enum cause cmsis_dap_drive_nrst(struct probe *probe, bool low, struct reason *why);
enum cause
cmsis_dap_read_pins(struct probe *probe, struct probe_pins *pins, struct reason *why);
enum cause cmsis_dap_leave(struct probe *probe, struct reason *why);
enum cause cmsis_dap_enter_swd(struct probe *probe, struct reason *why);
enum cause cmsis_dap_transfer(struct probe *probe, struct transfer *batch, size_t len,
			      struct outcome *outcome, struct reason *why);
/* The same, without a look at who used the access ports before. */
enum cause cmsis_dap_do(struct cmsis_dap *dap, struct transfer *batch, size_t len,
			struct outcome *outcome, struct reason *why);
extern const struct probe_swo_ops cmsis_dap_swo_ops;

#endif /* TRANSPORT_PROBE_CMSIS_DAP_CMSIS_DAP_H */
