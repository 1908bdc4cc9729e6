/* SPDX-License-Identifier: MIT */
/*
 * trace.h - what has to be set so that a core sends trace by the SWO pin: the pin, the unit
 * that sends, its divider, and the ITM (DDI 0403E.e C1.7, C1.10; trace_unit.h has what differs
 * between the chips). M0, M0+ and M23 have no ITM.
 *
 * What the registers should hold is a list, so that after a reset, or after the program has
 * written there, what was lost is found and written again.
 */
#ifndef TARGETS_TRACE_TRACE_H
#define TARGETS_TRACE_TRACE_H

#include "targets/board/board.h"

enum { TRACE_WORDS = 16, TRACE_ERROR_PERCENT = 3 };

struct trace {
	struct core *core;
	size_t len;
	struct trace_word {
		uint32_t at, mask, value; /* of the bits in `mask` */
		bool is_blind;            /* reads otherwise than it is written */
		bool is_given_back;       /* at the end, as it was */
		uint32_t before;
		bool is_before_known; /* of this chip, or of one that was lost and is back */
	} words[TRACE_WORDS];
	bool was_applied;
};

/* `trace_hz`: of the unit that sends, which is the core's clock on most chips. *baud: what is
 * wanted; the rate that the divider gives is returned. `ports`: of the ITM, a bit each.
 * CAUSE_UNSUPPORTED: this core has no ITM, or what sends it on this chip is not known;
 * CAUSE_REQUEST: no divider comes within 3 % (a receiver of 8 bits fails at about 5). *trace: of
 * zeros, or an earlier plan: what that one found stays what is given back. */
enum cause trace_plan(struct trace *trace, struct board *board, unsigned core,
		      uint32_t trace_hz, uint32_t *baud, uint32_t ports,
		      struct reason *why);
/* Writes what is not as planned, all of it in order. *wrote: there was something. Fails as memory
 * does; blocks for as long as some 25 accesses take. */
enum cause trace_apply(struct trace *trace, bool *wrote, struct reason *why);
/* Turns the ITM off and gives the pin back. */
enum cause trace_end(struct trace *trace, struct reason *why);

#endif /* TARGETS_TRACE_TRACE_H */
