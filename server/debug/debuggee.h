/* SPDX-License-Identifier: MIT */
/*
 * debuggee.h - one core as its sessions see it: does it run, why did it stop, its
 * registers as last known, and who has which breakpoint.
 *
 * Several sessions may look at one core. The one that lets it run waits for the stop
 * reply; others (live watch) read memory meanwhile and see the registers of the last halt.
 */
#ifndef SERVER_DEBUG_DEBUGGEE_H
#define SERVER_DEBUG_DEBUGGEE_H

#include "server/debug/breakpoints.h"
#include "server/debug/stop.h"
#include "targets/board/board.h"

#include <uv.h>

struct server;

enum { DEBUGGEE_MAX_REGISTERS = 96 };

struct debuggee {
	struct server *server;
	unsigned index; /* of the core, for board_core() */
	char name[16];  /* "cm4" */
	bool is_halted; /* when last seen */
	enum core_state state;
	struct stop stop; /* of the last halt */
	bool has_registers;
	uint64_t registers[DEBUGGEE_MAX_REGISTERS]; /* of the last halt, by gdb number */
	struct breakpoint_set breakpoints;
	bool steps_range; /* vCont;r: until PC has left [range_from, range_to) */
	uint32_t range_from, range_to;
	bool has_detour; /* it runs to a breakpoint of ours at detour_at, see debuggee.c */
	uint32_t detour_at;
	uint64_t reset_seen_us; /* when one was seen last, told or not */
	bool expects_reset;     /* the next reset seen is one that was told already */
	bool is_blind;          /* polls fail since blind_since_us, and that was told */
	uint64_t blind_since_us;
	uv_timer_t poll;
};

void debuggee_init(struct debuggee *debuggee, struct server *server, unsigned index);
void debuggee_close(struct debuggee *debuggee);
/* Nothing is known of it any more but who wants which breakpoint: the board was lost or
 * connected anew. */
void debuggee_forget(struct debuggee *debuggee);

struct core *debuggee_core(const struct debuggee *debuggee);

/* Looks at the core: is_halted and stop are right afterwards. */
enum cause debuggee_look(struct debuggee *debuggee, struct reason *why);
enum cause debuggee_halt(struct debuggee *debuggee, struct reason *why);
enum cause debuggee_resume(struct debuggee *debuggee, struct reason *why);
/* One instruction. When it takes longer the core is seen as running, and the poll will
 * tell when it has halted. */
enum cause debuggee_step(struct debuggee *debuggee, struct reason *why);
/* Steps until PC has left [from, to), in slices from the loop. */
void debuggee_step_range(struct debuggee *debuggee, uint32_t from, uint32_t to);

/* The register with gdb's number; of the last halt while the core runs or a job has it.
 * CAUSE_REQUEST when none is known, or the core has no such register. */
enum cause debuggee_register(struct debuggee *debuggee, unsigned number, uint64_t *value,
			     struct reason *why);
/* Reads all of them, for as long as they cannot be read; once for each halt. */
void debuggee_remember(struct debuggee *debuggee);

/* Soon, while somebody waits for a stop; else now and then. */
void debuggee_poll_soon(struct debuggee *debuggee);
void debuggee_poll_seldom(struct debuggee *debuggee);

/* "running", "halted at a breakpoint": for people. */
void debuggee_describe(const struct debuggee *debuggee, struct text *words);

#endif /* SERVER_DEBUG_DEBUGGEE_H */
