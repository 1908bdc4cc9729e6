/* SPDX-License-Identifier: MIT */
#include "flash/options/change.h"

#include "transport/probe/vtarget.h"

#include <string.h>

enum cause
option_change_begin(struct option_change *change, struct board *board, struct core *core,
		    struct reason *why)
{
	const struct chip *chip = board_chip(board);
	enum cause cause;

	*change = (struct option_change){ .set = options_of(chip) };
	if (change->set == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "the option bytes of this chip are not known: %s",
				    board_describe(board));
	change->dev_id = chip->device->dev_id;
	change->core = core;
	cause = options_read(change->set, core, change->dev_id, &change->before, why);
	change->after = change->before;
	return cause;
}

/* Of RDP a field depends that the user may not have thought of (RM0440, 3.5.2). */
static void
assign_what_rdp_needs(struct option_change *change, struct text *words)
{
	const struct option_field *rdp = options_field(change->set, change->dev_id, "RDP");
	const char *name = change->set->rdp_needs;
	const struct option_field *needed =
		name != NULL ? options_field(change->set, change->dev_id, name) : NULL;

	if (rdp == NULL || needed == NULL ||
	    options_get(rdp, &change->before) == options_get(rdp, &change->after) ||
	    options_get(needed, &change->after) == 1)
		return;
	text_add(words, "%s=1 goes with RDP, for a regression to erase all of the flash",
		 name);
	options_put(needed, 1, &change->after);
}

enum cause
option_change_assign(struct option_change *change, const char *const *assignments,
		     size_t len, struct text *words, struct reason *why)
{
	enum cause cause = options_refuse_leftovers(change->set, change->core,
						    change->dev_id, &change->before, why);

	for (size_t i = 0; cause == CAUSE_NONE && i < len; i++)
		cause = options_assign(change->set, change->dev_id, assignments[i],
				       &change->after, why);
	if (cause == CAUSE_NONE)
		assign_what_rdp_needs(change, words);
	return cause;
}

bool
option_change_is_closed(const struct option_change *change)
{
	const struct option_field *rdp = options_field(change->set, change->dev_id, "RDP");
	const struct read_protection *protection = change->set->rdp;
	uint32_t code = rdp != NULL ? options_get(rdp, &change->before) : 0;

	/* From level 0.5 there is another way back, which keeps what is not secure. */
	return rdp != NULL && protection != NULL &&
	       (protection->half == 0 || code != protection->half) &&
	       read_protection_level(protection, code) == 1;
}

enum cause
option_change_open(struct option_change *change, struct board *board, struct text *words,
		   struct reason *why)
{
	static const char *const level_0[] = { "RDP=0" };
	char needed[REASON_LINE_MAX];
	struct text text;
	enum cause cause;

	text_init(&text, needed, sizeof(needed));
	cause = option_change_assign(change, level_0, 1, &text, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (option_change_classify(change, board, words) > OPTION_ASKS)
		return reason_begin(why, CAUSE_REQUEST, "%s", words->chars);
	if (text.used > 0)
		text_add(words, "%s%s", words->used > 0 ? "\n" : "", needed);
	return CAUSE_NONE;
}

bool
option_change_is_empty(const struct option_change *change)
{
	return memcmp(&change->before, &change->after, sizeof(change->before)) == 0;
}

const struct option_field *
option_change_next(const struct option_change *change, const struct option_field *field)
{
	field = field == NULL ? change->set->fields : field + 1;
	for (; field->name != NULL; field++)
		if (options_has_field(field, change->dev_id) &&
		    options_get(field, &change->before) !=
			    options_get(field, &change->after))
			return field;
	return NULL;
}

/* 0: it is not known. */
static unsigned
measure(struct board *board)
{
	struct reason unknown = REASON_INIT;
	struct vtarget vtarget;

	if (vtarget_measure(board_probe(board), &vtarget, &unknown) != CAUSE_NONE ||
	    vtarget.class != VTARGET_STABLE)
		return 0;
	return vtarget.millivolts;
}

enum option_danger
option_change_classify(const struct option_change *change, struct board *board,
		       struct text *words)
{
	return options_classify(change->set, change->dev_id, &change->before,
				&change->after, measure(board), words);
}

enum cause
option_change_compare(const struct option_change *change, const struct option_values *now,
		      struct reason *why)
{
	const struct option_field *field = NULL;

	while ((field = option_change_next(change, field)) != NULL) {
		uint32_t wanted = options_get(field, &change->after);
		uint32_t found = options_get(field, now);

		if (found != wanted)
			return reason_begin(why, CAUSE_MISMATCH,
					    "after loading the option bytes %s reads 0x%x, "
					    "and 0x%x was written",
					    field->name, (unsigned)found, (unsigned)wanted);
	}
	return CAUSE_NONE;
}
