/* SPDX-License-Identifier: MIT */
/*
 * stlink.h - the ST-LINK/V2, V2-1 and V3 as a struct probe.
 *
 * Its files: open.c (setting right a probe that was left in disorder), stlink.c (SWD, NRST,
 * voltage), ask.c (commands with a status), modes.c, clock.c, transfer.c (registers and single words), memory.c (blocks),
 * misc.h (mixed accesses), swo.c, facts.c, return.c and share.h (with other programs), usb.c and tcp.c
 * (finding one); wire.h carries the commands, version.h knows the models.
 *
 * SWD only: the STM32 all have it, and with JTAG a probe reaches less (no SWO). Only
 * they, probe_kinds.c and tests include this.
 */
#ifndef TRANSPORT_PROBE_STLINK_STLINK_H
#define TRANSPORT_PROBE_STLINK_STLINK_H

#include "transport/probe/probe.h"
#include "transport/probe/probe_kind.h"
#include "transport/probe/stlink/version.h"
#include "transport/probe/stlink/wire.h"

enum {
	STLINK_PORTS = 256 /* a byte in its commands */,
	STLINK_CLOCK_HZ = 1800000 /* the V2's own default */
};

enum { STLINK_MAX_CLOCKS = 10 };

struct stlink {
	struct probe probe;
	struct stlink_carrier *carrier;
	struct stlink_version version;
	uint32_t hz;        /* to be set, and set, before SWD is entered */
	bool is_clock_set;  /* since it was entered the probe has that clock */
	uint32_t hz_wanted; /* as the caller last asked for */
	uint32_t hz_limit;  /* of others who share the probe; 0: none */
	uint32_t listed_khz[STLINK_MAX_CLOCKS],
		listed;    /* a V3's clocks, as it listed them */
	bool is_open;      /* SWD was entered */
	bool is_of_others; /* debug mode was entered by another program, which may use it */
	bool is_nrst_low;  /* what we drive */
	bool has_seen_wait;                     /* a V3's last answer was WAIT */
	uint8_t opened_ports[STLINK_PORTS / 8]; /* by INIT_AP, bitwise */
	uint32_t trace_at, trace_len;           /* what is fetched and not yet taken */
	uint8_t trace[STLINK_TRACE_SIZE];
};

/* Makes a probe of what answers through `carrier`, which from now on belongs to the probe,
 * or is closed on failure. Reads its version, sets right a stale session, leaves every mode
 * it is in. CAUSE_UNSUPPORTED: firmware too old. */
enum cause stlink_open(struct stlink_carrier *carrier, const struct stlink_model *model,
		       const char *serial, const char *where, struct clock *clock,
		       struct probe **probe, struct reason *why);

/* The same as a job, in steps of 20 ms at most but for what probe_open_job() excepts. NULL: no
 * memory; the carrier is then closed. */
struct job *stlink_open_job(struct stlink_carrier *carrier,
			    const struct stlink_model *model, const char *serial,
			    const char *where, struct clock *clock, struct probe **probe);

/* The same of one at a local socket where its protocol is that of stlink-server. `path` and `which`
 * stay as long as the job. */
struct job *stlink_open_local(const char *path, const char *which, struct clock *clock,
			      struct probe **probe);

/* By USB, and through an stlink-server. */
extern const struct probe_kind stlink_kind, stlink_tcp_kind;

/* For the driver's own files. */

/* Gives a probe whose version is known its identity and its operations. */
void stlink_dress(struct stlink *link, const struct stlink_model *model, const char *serial,
		  const char *where);

/* One command whose answer of `size` bytes, at least 2, begins with a status byte. */
enum cause stlink_ask(struct stlink *link, struct stlink_command *command, uint8_t *reply,
		      uint32_t size, enum swd_ack *ack, struct reason *why);
/* What a status byte means, for this probe. */
enum cause stlink_explain(struct stlink *link, const char *command, uint8_t status,
			  enum swd_ack *ack, struct reason *why);
/* What GET_CURRENT_MODE answers. */
enum stlink_mode {
	STLINK_MODE_DFU,
	STLINK_MODE_MASS,
	STLINK_MODE_DEBUG,
	STLINK_MODE_SWIM,
	STLINK_MODE_BOOTLOADER,
	STLINK_MODES
};

enum { STLINK_MODE_SIZE = 2 /* bytes, of that answer */ };

const char *stlink_mode_name(enum stlink_mode mode);
/* Is there a command that ends it? */
bool stlink_mode_has_exit(enum stlink_mode mode);
/* What an answer says. CAUSE_GONE: that is no mode. */
enum cause
stlink_mode_take(const uint8_t *reply, enum stlink_mode *mode, struct reason *why);
enum cause stlink_read_mode(struct stlink_carrier *carrier, enum stlink_mode *mode,
			    struct reason *why);
/* Ends the mode the probe is in; mass storage, how it idles, is none to end. */
enum cause stlink_leave_mode(struct stlink *link, struct reason *why);
/* Ends that mode, if it is one to end. */
enum cause stlink_end_mode(struct stlink *link, enum stlink_mode mode, struct reason *why);
/* Ends debug mode without asking whether it is in it. */
enum cause stlink_leave_debug(struct stlink *link, struct reason *why);
/* Tells the clock and enters SWD; NRST is driven again if we hold it low, since the change of
 * mode may have let it go. */
enum cause stlink_enter(struct stlink *link, struct reason *why);
/* Moves the pin; what we drive for our own part is in link->is_nrst_low. */
enum cause stlink_move_nrst(struct stlink *link, bool low, struct reason *why);
/* Opens the access port for use if that is not done yet and the firmware wants it. */
enum cause
stlink_open_port(struct stlink *link, uint32_t ap, enum swd_ack *ack, struct reason *why);
/* How many accesses on the wire a command may ask for, so that it takes no longer than
 * about 22 ms at the set clock, or some 150 ms at the slowest. */
uint32_t stlink_accesses_at_once(const struct stlink *link);
/* Tells the probe the clock in link->hz. */
enum cause stlink_apply_clock(struct stlink *link, struct reason *why);

/* What others who share the probe can bear, 0 for none: the clock is set anew when that
 * changes it. On failure the limit stays as it was. */
enum cause stlink_limit_clock(struct stlink *link, uint32_t hz, struct reason *why);
/* What a V2 makes of the count in SWD_SET_FREQ; 0: slower than any that is known. */
uint32_t stlink_clock_of_count(uint16_t count);
/* After a command failed with that cause and acknowledge: when another program that shares
 * the probe has left debug mode, enters SWD again, leaves a remark with the probe, and says
 * true: the command is to be tried again. */
bool stlink_come_back(struct stlink *link, enum cause cause, enum swd_ack ack);
/* NULL: the probe is no ST-LINK. */
struct stlink *stlink_of_probe(struct probe *probe);

/* What the probe measures on the target's supply. */
enum cause stlink_read_voltage(struct stlink_carrier *carrier, unsigned *millivolts,
			       struct reason *why);
enum cause stlink_set_clock(struct probe *probe, uint32_t *hz, struct reason *why);
enum cause stlink_transfer(struct probe *probe, struct transfer *batch, size_t len,
			   struct outcome *outcome, struct reason *why);
extern const struct probe_memory_ops stlink_memory_ops;
extern const struct probe_swo_ops stlink_swo_ops;

/* One that was found, as something to choose from. */
struct probe_candidate
stlink_candidate(const struct stlink_model *model, const char *serial, const char *where);
/* What it says of itself, through a carrier that stays the caller's. The board is ST's number
 * of it. */
enum cause stlink_read_facts(struct stlink_carrier *carrier,
			     const struct stlink_model *model, struct probe_facts *facts,
			     struct reason *why);

#endif /* TRANSPORT_PROBE_STLINK_STLINK_H */
