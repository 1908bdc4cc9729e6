/* SPDX-License-Identifier: MIT */
/*
 * change.h - a change of option bytes by name, from what is loaded to what was read back: the
 * steps that the command line and gdb's monitor have in common. Who asks for consent, writes
 * and connects again is their business.
 */
#ifndef FLASH_OPTIONS_CHANGE_H
#define FLASH_OPTIONS_CHANGE_H

#include "flash/options/options.h"

struct option_change {
	const struct option_set *set; /* NULL: option_change_begin() has not been called */
	uint16_t dev_id;
	struct core *core; /* that read them */
	struct option_values before, after;
};

/* Reads what is loaded, which is what is wanted as well so far. CAUSE_UNSUPPORTED: the option
 * bytes of this chip are not known; else as options_read(). */
enum cause option_change_begin(struct option_change *change, struct board *board,
			       struct core *core, struct reason *why);
/* As options_assign(), all of them, and as options_refuse_leftovers(); and what RDP needs goes with
 * it, and parts of the flash that only execute when RDP goes back to level 0, which `words` then says.
 * CAUSE_REQUEST: what that needs has to be loaded before, option_change_first_step(). */
enum cause option_change_assign(struct option_change *change,
				const char *const *assignments, size_t len,
				struct text *words, struct reason *why);
/* Is read protection at level 1, which can be taken back at the price of the flash? */
bool option_change_is_closed(const struct option_change *change);
/* Before RDP goes back to level 0: a change to be written by itself, and loaded, so that what only
 * executes is erased with the rest. False: there is nothing to do first. */
bool
option_change_first_step(const struct option_change *change, struct option_change *step);
/* Begins the change that takes it back, and says in `words` what that erases, and what goes with
 * it. CAUSE_UNSUPPORTED: the option bytes of this chip are not known; CAUSE_REQUEST: there may be
 * no way back from that. */
enum cause option_change_open(struct option_change *change, struct board *board,
			      struct text *words, struct reason *why);
bool option_change_is_empty(const struct option_change *change);
/* A field of this chip that is to change; and the next one behind it. NULL: none. */
const struct option_field *
option_change_next(const struct option_change *change, const struct option_field *field);
/* What speaks against it, as options_classify(); the supply is measured. */
enum option_danger option_change_classify(const struct option_change *change,
					  struct board *board, struct text *words);
/* CAUSE_MISMATCH: a field that was to change reads otherwise now. */
enum cause option_change_compare(const struct option_change *change,
				 const struct option_values *now, struct reason *why);

/* Does it close the chip to debuggers for good (options_close())? */
bool option_change_closes(const struct option_change *change);
/* Connecting after such a change was written has failed, for the reason `why`. CAUSE_NONE: that was
 * what the change was for, and `words` say so, what proves it and what still works, a line each.
 * Else what speaks against it is added to `why`. */
enum cause option_change_explain_closed(const struct option_change *change,
					struct board *board, struct text *words,
					struct reason *why);

#endif /* FLASH_OPTIONS_CHANGE_H */
