/* SPDX-License-Identifier: MIT */
/* danger.c - what a change of option bytes would lead to, before it is made. */
#include "flash/options/options.h"

#include "transport/base/bytes.h"

#include <string.h>

enum { SUPPLY_MARGIN_MV = 100 };

struct change {
	const struct option_set *set;
	uint16_t dev_id;
	const struct option_values *before, *after;
	enum option_danger danger; /* the worst, once all were looked at */
	bool is_known;             /* it is: sentences are wanted, */
	bool is_worst_wanted;      /* those of the worst, or else the others */
	struct text *words;
};

static void
say(struct change *change, enum option_danger danger, const char *sentence)
{
	if (!change->is_known) {
		change->danger = danger > change->danger ? danger : change->danger;
		return;
	}
	if ((danger == change->danger) != change->is_worst_wanted)
		return;
	text_add(change->words, "%s%s", change->words->used > 0 ? "\n" : "", sentence);
}

static const struct option_field *
field_of(const struct change *change, const char *name)
{
	return options_field(change->set, change->dev_id, name);
}

/* What a rule compares: of RDP its level. */
static uint32_t
value_of(const struct change *change, const struct option_field *field,
	 const struct option_values *values)
{
	uint32_t value = options_get(field, values);

	return field->kind == OPTION_RDP ? read_protection_level(change->set->rdp, value)
					 : value;
}

static bool
changes(const struct change *change, const struct option_field *field)
{
	return field != NULL &&
	       options_get(field, change->before) != options_get(field, change->after);
}

bool
options_close(const struct option_set *set, uint16_t dev_id,
	      const struct option_values *before, const struct option_values *after)
{
	const struct change change = {
		.set = set, .dev_id = dev_id, .before = before, .after = after
	};
	const struct product_state *states = set->product_state;
	const struct option_field *state =
		states != NULL ? field_of(&change, states->field) : NULL;
	const struct option_field *rdp = field_of(&change, "RDP");

	if (state != NULL)
		return changes(&change, state) &&
		       value_of(&change, state, before) == states->states[0].code;
	return set->rdp != NULL && changes(&change, rdp) &&
	       value_of(&change, rdp, after) == 2;
}

static bool
is_met(const struct change *change, const struct option_rule *rule,
       const struct option_field *field, const struct option_field *with)
{
	uint32_t value = value_of(change, field, change->after);
	uint32_t other = with != NULL ? value_of(change, with, change->after) : 0;

	switch (rule->test) {
	case OPTION_IS_AREA:
		return with != NULL && value <= other;
	case OPTION_IS_ONE_UNIT:
		return with != NULL && value == other;
	case OPTION_IS_UNKNOWN:
		return !options_has_words(field, value);
	case OPTION_DIFFERS:
		return value != rule->value && (with == NULL || other == rule->with_value);
	default:
		return value == rule->value && (with == NULL || other == rule->with_value);
	}
}

static void
classify_rule(struct change *change, const struct option_rule *rule)
{
	const struct option_field *field = field_of(change, rule->field);
	const struct option_field *with =
		rule->with != NULL ? field_of(change, rule->with) : NULL;

	if (field == NULL || (rule->with != NULL && with == NULL))
		return;
	if ((changes(change, field) || changes(change, with)) &&
	    is_met(change, rule, field, with))
		say(change, rule->danger, rule->sentence);
}

static void
classify_rdp(struct change *change, const struct option_field *field)
{
	unsigned before = value_of(change, field, change->before);
	unsigned after = value_of(change, field, change->after);
	char buffer[512];
	struct text sentence;

	text_init(&sentence, buffer, sizeof(buffer));
	if (after == 2) {
		say(change, OPTION_IS_FINAL,
		    "RDP level 2 is final: SWD, JTAG and the ROM loader of this chip are "
		    "switched off for ever, and ST cannot undo it");
	} else if (after < before) {
		text_add(&sentence, "RDP from level %u to %u erases %s", before, after,
			 change->set->erases);
		say(change, OPTION_ASKS, buffer);
	} else if (after > before) {
		text_add(&sentence,
			 "RDP level %u closes the flash to debuggers; going back erases "
			 "%s. It takes full effect at the next power-up",
			 after, change->set->erases);
		say(change, OPTION_ASKS, buffer);
	}
}

static void
classify_bor(struct change *change, const struct option_field *field, unsigned millivolts)
{
	uint32_t level = options_get(field, change->after);
	unsigned mv =
		level < array_len(change->set->bor_mv) ? change->set->bor_mv[level] : 0;
	char buffer[256];
	struct text sentence;

	text_init(&sentence, buffer, sizeof(buffer));
	if (mv == 0) {
		say(change, OPTION_REFUSES, "this chip has no such BOR_LEV");
		return;
	}
	text_add(&sentence, "%s=%u resets the chip below %u.%u V", field->name,
		 (unsigned)level, mv / 1000, mv / 100 % 10);
	if (millivolts == 0)
		text_add(&sentence, ", and the supply is not known");
	else
		text_add(&sentence, "; the board measures %u.%02u V", millivolts / 1000,
			 millivolts / 10 % 100);
	if (millivolts != 0 && mv + SUPPLY_MARGIN_MV > millivolts) {
		text_add(&sentence, ": it would never start again on this supply");
		say(change, OPTION_REFUSES, buffer);
	} else {
		say(change, millivolts == 0 ? OPTION_ASKS : OPTION_WARNS, buffer);
	}
}

static void
look_at_all(struct change *change, unsigned millivolts)
{
	for (const struct option_field *field = change->set->fields; field->name != NULL;
	     field++) {
		if (!options_has_field(field, change->dev_id) || !changes(change, field))
			continue;
		if (field->kind == OPTION_RDP)
			classify_rdp(change, field);
		else if (field->kind == OPTION_BOR)
			classify_bor(change, field, millivolts);
	}
	for (const struct option_rule *rule = change->set->rules; rule->field != NULL;
	     rule++)
		classify_rule(change, rule);
}

enum option_danger
options_classify(const struct option_set *set, uint16_t dev_id,
		 const struct option_values *before, const struct option_values *after,
		 unsigned millivolts, struct text *words)
{
	struct change change = { .set = set,
				 .dev_id = dev_id,
				 .before = before,
				 .after = after,
				 .danger = OPTION_WARNS,
				 .words = words };

	look_at_all(&change, millivolts);
	change.is_known = change.is_worst_wanted = true;
	look_at_all(&change, millivolts);
	change.is_worst_wanted = false;
	look_at_all(&change, millivolts);
	return change.danger;
}
