/* SPDX-License-Identifier: MIT */
/*
 * cross.h - a core's cross trigger interface (CTI): its halt halts the other core of the chip, and
 * a pulse lets both go, without a debugger in between.
 *
 * The interfaces hang on one matrix with four channels; each core tells of its halts on a channel
 * of its own, so that no core asks itself to halt. A request to halt stays until it is acknowledged,
 * which whatever lets the core run or step does.
 */
#ifndef TARGETS_CORE_CROSS_H
#define TARGETS_CORE_CROSS_H

#include "transport/base/reason.h"

struct core;
struct batch;

enum { CROSS_SAVED = 5 };

struct cross {
	uint32_t at;       /* of its registers; 0: none are known */
	uint32_t channels; /* those of this use, a bit each; the next three are of these */
	uint32_t tells;    /* of its halts */
	uint32_t hears;    /* halts of others */
	uint32_t restarts; /* pulses that let it go */
	bool is_on, is_muted;
	bool counted_before; /* DWT_CTRL.CYCCNTENA, before it was turned on */
	uint32_t before[CROSS_SAVED];
};

/* Joins the core, whose halting debug is on. CAUSE_UNSUPPORTED: there is no CTI at `at`. */
enum cause
core_cross_begin(struct core *core, const struct cross *cross, struct reason *why);
/* Leaves the CTI as it was; harmless when the core is not joined. */
enum cause core_cross_end(struct core *core, struct reason *why);
/* Turns off what a session that has died left on, known by its channels; `was_left`: there was some. */
enum cause core_cross_clear(struct core *core, const struct cross *cross, bool *was_left,
			    struct reason *why);
/* While a job has cores, their halts are the job's. */
enum cause core_cross_mute(struct core *core, bool is_muted, struct reason *why);
/* The halts of this core alone are not passed on, as in a step that the user did not ask for. */
enum cause core_cross_hush(struct core *core, bool is_hushed, struct reason *why);
/* As if it halted now. */
enum cause core_cross_tell(struct core *core, struct reason *why);
/* Lets all cores go that are joined and acknowledged. */
enum cause core_cross_restart(struct core *core, struct reason *why);

/* Adds the acknowledge; nothing when the core is not joined. */
void cross_batch_acknowledge(const struct core *core, struct batch *batch);
/* Joins it again, after a reset. */
enum cause cross_rearm(struct core *core, struct reason *why);

#endif /* TARGETS_CORE_CROSS_H */
