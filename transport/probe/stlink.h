/* SPDX-License-Identifier: MIT */
/*
 * stlink.h - the ST-LINK/V2, V2-1 and V3 as a struct probe.
 *
 * Its files: stlink.c (open, modes, NRST, voltage), stlink_clock.c,
 * stlink_transfer.c (registers and single words), stlink_memory.c (blocks);
 * stlink_wire.h carries the commands, stlink_version.h knows the models. Only
 * they, probe_open.c and tests include this.
 */
#ifndef TRANSPORT_PROBE_STLINK_H
#define TRANSPORT_PROBE_STLINK_H

#include "transport/probe/probe.h"
#include "transport/probe/probe_choose.h"
#include "transport/probe/stlink_version.h"
#include "transport/probe/stlink_wire.h"

enum { STLINK_PORTS = 256, STLINK_CLOCK_HZ = 1800000 /* the V2's own default */ };

struct stlink {
	struct probe probe;
	struct stlink_carrier *carrier;
	struct stlink_version version;
	uint32_t hz;      /* to be set, and set, before SWD is entered */
	bool is_open;     /* SWD was entered */
	bool is_nrst_low; /* what we drive */
	uint8_t opened_ports[STLINK_PORTS / 8]; /* by INIT_AP, bitwise */
};

/* Makes a probe of what answers through `carrier`, which from now on belongs to the probe,
 * or is closed on failure. Reads its version, sets right a stale session, leaves every mode
 * it is in. CAUSE_UNSUPPORTED: firmware too old. */
enum cause stlink_open(struct stlink_carrier *carrier, const struct stlink_model *model,
		       const char *serial, const char *where, struct clock *clock,
		       struct probe **probe, struct reason *why);

/* For the driver's own files. */

/* One command whose answer of `size` bytes, at least 2, begins with a status byte. */
enum cause stlink_ask(struct stlink *link, struct stlink_command *command, uint8_t *reply,
		      uint32_t size, enum swd_ack *ack, struct reason *why);
/* Opens the access port for use if that is not done yet and the firmware wants it. */
enum cause
stlink_open_port(struct stlink *link, uint8_t ap, enum swd_ack *ack, struct reason *why);
/* How many accesses on the wire a command may ask for, so that it takes no longer than
 * about 15 ms at the set clock (4 KiB at 3.3 MHz), or some 150 ms at the slowest. */
uint32_t stlink_accesses_at_once(const struct stlink *link);
/* Tells the probe the clock in link->hz. */
enum cause stlink_apply_clock(struct stlink *link, struct reason *why);

enum cause stlink_set_clock(struct probe *probe, uint32_t *hz, struct reason *why);
enum cause stlink_transfer(struct probe *probe, struct transfer *batch, size_t len,
			   struct outcome *outcome, struct reason *why);
extern const struct probe_memory_ops stlink_memory_ops;

/* One that was found, as something to choose from. */
struct probe_candidate
stlink_candidate(const struct stlink_model *model, const char *serial, const char *where);
/* Those on USB, usable or not, at most `max`. */
enum cause stlink_usb_list(struct probe_candidate *candidates, size_t max, size_t *len,
			   struct reason *why);

/* Two ways to find one, for probe_open(). `serial` may be a prefix, "" takes the only one.
 */
enum cause stlink_usb_open(const char *serial, struct clock *clock, struct probe **probe,
			   struct reason *why);
enum cause stlink_tcp_open(const char *host, const char *port, const char *serial,
			   struct clock *clock, struct probe **probe, struct reason *why);

#endif /* TRANSPORT_PROBE_STLINK_H */
