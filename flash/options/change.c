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

static unsigned
rdp_level(const struct option_change *change, const struct option_values *values)
{
	const struct option_field *rdp = options_field(change->set, change->dev_id, "RDP");

	return rdp == NULL || change->set->rdp == NULL
		       ? 0
		       : read_protection_level(change->set->rdp, options_get(rdp, values));
}

/* Of RDP a field depends that the user may not have thought of (RM0440, 3.5.2). */
static void
assign_what_rdp_needs(struct option_change *change, struct text *words)
{
	const struct option_field *rdp = options_field(change->set, change->dev_id, "RDP");
	const char *name = change->set->rdp_needs;
	const struct option_field *needed =
		name != NULL ? options_field(change->set, change->dev_id, name) : NULL;

	/* From level 2 there is no way back. */
	if (rdp == NULL || needed == NULL || rdp_level(change, &change->after) == 2 ||
	    options_get(rdp, &change->before) == options_get(rdp, &change->after) ||
	    options_get(needed, &change->after) == 1)
		return;
	text_add(words, "%s=1 goes with RDP, for a regression to erase all of the flash",
		 name);
	options_put(needed, 1, &change->after);
}

static const struct option_field *
field_of(const struct option_change *change, const char *name)
{
	return name != NULL ? options_field(change->set, change->dev_id, name) : NULL;
}

/* Of this chip, and loaded. */
static bool
is_there(const struct option_change *change, const struct option_area *area)
{
	const struct option_field *first = field_of(change, area->first);
	const struct option_field *last = field_of(change, area->last);
	const struct option_field *mode = field_of(change, area->mode);
	uint32_t value = first != NULL ? options_get(first, &change->before) : 0;

	if (first == NULL || (area->last != NULL && last == NULL) ||
	    (area->mode != NULL &&
	     (mode == NULL || options_get(mode, &change->before) == 0)))
		return false;
	return last != NULL ? value <= options_get(last, &change->before)
			    : area->mode != NULL || value != 0;
}

static void
put(struct option_change *change, const char *name, uint32_t value, struct text *words)
{
	const struct option_field *field = field_of(change, name);

	if (field == NULL)
		return;
	options_put(field, value, &change->after);
	text_add(words, "%s=0x%x ", name, (unsigned)value);
}

/* Its first field when there is no such part. */
static uint32_t
none_of(const struct option_change *change, const struct option_area *area)
{
	const struct option_field *first = field_of(change, area->first);

	if (area->last == NULL)
		return first->none;
	return UINT32_MAX >> (32 - first->width);
}

/* RM0440 Rev 8, 3.5.1: a full mass erase turns PCROP off by itself; RM0399 Rev 4, 4.4.3, RM0090 Rev 19,
 * 3.7.5: an area goes away when the write that takes RDP back says so. Else it is erased, and still
 * neither read nor programmed. */
static void
give_up_areas(struct option_change *change, struct text *words)
{
	for (const struct option_area *area = change->set->areas; area->first != NULL;
	     area++) {
		if (!is_there(change, area))
			continue;
		text_add(words, "%s", words->used > 0 ? "\n" : "");
		put(change, area->first, none_of(change, area), words);
		put(change, area->last, 0, words);
		put(change, area->mode, 0, words);
		put(change, area->erased_by, 1, words);
		text_add(words, "go with RDP: what only executes is erased, too");
	}
}

bool
option_change_first_step(const struct option_change *change, struct option_change *step)
{
	const struct option_field *needed = field_of(change, change->set->rdp_needs);
	bool is_any = false;

	if (needed == NULL || rdp_level(change, &change->before) != 1 ||
	    options_get(needed, &change->before) == 1)
		return false;
	for (const struct option_area *area = change->set->areas; area->first != NULL;
	     area++)
		is_any |= area->erased_by == NULL && is_there(change, area);
	*step = *change;
	step->after = step->before;
	options_put(needed, 1, &step->after);
	return is_any;
}

static enum cause
assign_what_goes_with_rdp(struct option_change *change, struct text *words,
			  struct reason *why)
{
	bool goes_back = rdp_level(change, &change->before) == 1 &&
			 rdp_level(change, &change->after) == 0;
	struct option_change step;

	if (goes_back && option_change_first_step(change, &step))
		return reason_begin(why, CAUSE_REQUEST,
				    "%s is 0: with that RDP from level 1 to 0 keeps the "
				    "part of the flash "
				    "that only executes; set %s=1 first, by itself",
				    change->set->rdp_needs, change->set->rdp_needs);
	assign_what_rdp_needs(change, words);
	if (goes_back)
		give_up_areas(change, words);
	return CAUSE_NONE;
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
	return cause == CAUSE_NONE ? assign_what_goes_with_rdp(change, words, why) : cause;
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
