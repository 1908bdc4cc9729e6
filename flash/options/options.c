/* SPDX-License-Identifier: MIT */
#include "flash/options/options.h"

#include "flash/options/sets.h"
#include "transport/base/bytes.h"
#include "transport/base/nearest.h"
#include "transport/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_LEN = 40, MEANING_MAX = 128 };

static bool
has_id(const uint16_t *ids, size_t len, uint16_t dev_id)
{
	for (size_t i = 0; i < len && ids[i] != 0; i++)
		if (ids[i] == dev_id)
			return true;
	return false;
}

const struct option_set *
options_of(const struct chip *chip)
{
	return chip->device != NULL ? option_sets[chip->device->option_layout] : NULL;
}

bool
options_has_register(const struct option_register *at, uint16_t dev_id)
{
	return at->only[0] == 0 || has_id(at->only, OPTIONS_MAX_ONLY, dev_id);
}

bool
options_has_field(const struct option_field *field, uint16_t dev_id)
{
	return field->only[0] == 0 || has_id(field->only, OPTIONS_MAX_ONLY, dev_id);
}

const struct option_field *
options_field(const struct option_set *set, uint16_t dev_id, const char *name)
{
	for (const struct option_field *field = set->fields; field->name != NULL; field++)
		if (options_has_field(field, dev_id) && text_is_like(field->name, name))
			return field;
	return NULL;
}

/* Registers of the controller are read as words. */
static enum cause
read_half(const struct option_set *set, struct core *core, const struct option_register *at,
	  uint32_t *value, struct reason *why)
{
	unsigned upper = at->loaded & 2u;
	enum cause cause =
		mem_read32(core_memory(core), set->base + at->loaded - upper, value, why);

	*value = *value >> 8 * upper & 0xffff;
	return cause;
}

static enum cause
read_one(const struct option_set *set, struct core *core, const struct option_register *at,
	 uint32_t *value, struct reason *why)
{
	if (set->control->words_at != 0)
		return read_half(set, core, at, value, why);
	if (!set->control->has_cells)
		return mem_read32(core_memory(core), set->base + at->loaded, value, why);
	return mem_read_width(core_memory(core), 2, set->control->cells_at + at->loaded,
			      value, why);
}

enum cause
options_read(const struct option_set *set, struct core *core, uint16_t dev_id,
	     struct option_values *values, struct reason *why)
{
	*values = (struct option_values){ 0 };
	for (unsigned i = 0; set->registers[i].name != NULL; i++) {
		enum cause cause;

		if (!options_has_register(&set->registers[i], dev_id))
			continue;
		cause = read_one(set, core, &set->registers[i], &values->words[i], why);
		if (cause != CAUSE_NONE)
			return reason_while(why, "reading the option bytes (%s)",
					    set->registers[i].name);
	}
	return CAUSE_NONE;
}

bool
options_are_locked(const struct option_control *control, uint32_t cr)
{
	return (cr & control->lock) == control->lock_value;
}

static uint32_t
mask_of(const struct option_field *field)
{
	return field->width == 32 ? UINT32_MAX : (UINT32_C(1) << field->width) - 1;
}

uint32_t
options_get(const struct option_field *field, const struct option_values *values)
{
	return values->words[field->at] >> field->lsb & mask_of(field);
}

void
options_put(const struct option_field *field, uint32_t value, struct option_values *values)
{
	uint32_t mask = mask_of(field) << field->lsb;

	values->words[field->at] =
		(values->words[field->at] & ~mask) | (value << field->lsb & mask);
}

static bool
reads_level_2(const struct option_set *set, uint16_t dev_id,
	      const struct option_values *values)
{
	const struct option_field *rdp = options_field(set, dev_id, "RDP");

	return rdp != NULL &&
	       read_protection_level(set->rdp, options_get(rdp, values)) == 2;
}

/* Registers are programmed with all that they hold (RM0440 Rev 8, 3.4.2), and no debugger is let in at
 * level 2: what reads so was never loaded. *_CUR of H5 and H7 have what was loaded, and all of *_PRG
 * is written. */
enum cause
options_refuse_leftovers(const struct option_set *set, struct core *core, uint16_t dev_id,
			 const struct option_values *values, struct reason *why)
{
	const struct option_control *control = set->control;
	uint32_t cr = 0;
	enum cause cause;

	if (control->has_cells || control->words_at != 0 || control->writes_all)
		return CAUSE_NONE;
	cause = mem_read32(core_memory(core), set->base + control->cr, &cr, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (reads_level_2(set, dev_id, values))
		reason_begin(why, CAUSE_REQUEST,
			     "RDP reads level 2, and the debug port answers: that was "
			     "written to the register and never loaded");
	else if (!options_are_locked(control, cr))
		reason_begin(why, CAUSE_REQUEST,
			     "the option bytes are unlocked already (0x%08x): what was "
			     "written to their registers and not loaded would be "
			     "programmed with the rest",
			     (unsigned)cr);
	else
		return CAUSE_NONE;
	reason_suspect(why, FINDING_REQUEST_OPTIONS_LEFT);
	return CAUSE_REQUEST;
}

/* Takes "VALUE=WORDS" off the front of a list of them; NULL: it is at its end. */
static const char *
next_listed(const char **list, uint32_t *value, size_t *len)
{
	const char *words;
	char *rest;

	if (*list == NULL || **list == '\0')
		return NULL;
	*value = (uint32_t)strtoul(*list, &rest, 0);
	words = rest + 1;
	*len = strcspn(words, ";");
	*list = words[*len] == ';' ? words + *len + 1 : NULL;
	return words;
}

/* NULL: it is not listed. */
static const char *
find_listed(const char *values, uint32_t value, size_t *len)
{
	const char *words;
	uint32_t listed;

	while ((words = next_listed(&values, &listed, len)) != NULL)
		if (listed == value)
			return words;
	return NULL;
}

/* The value for which exactly these words stand. */
static bool
find_words(const char *values, const char *sought, uint32_t *value)
{
	const char *words;
	size_t len;

	while ((words = next_listed(&values, value, &len)) != NULL)
		if (strlen(sought) == len && text_begins_like(words, sought))
			return true;
	return false;
}

bool
options_has_words(const struct option_field *field, uint32_t value)
{
	size_t len;

	return find_listed(field->values, value, &len) != NULL;
}

static void
add_listed(const char *values, uint32_t value, struct text *words)
{
	size_t len = 0;
	const char *listed = find_listed(values, value, &len);

	if (listed != NULL)
		text_add(words, "%.*s", (int)len, listed);
}

void
options_add_meaning(const struct option_set *set, const struct option_field *field,
		    uint32_t value, struct text *words)
{
	if (field->kind == OPTION_RDP)
		text_add(words, "level %u", read_protection_level(set->rdp, value));
	else if (field->kind == OPTION_BOR && value < array_len(set->bor_mv) &&
		 set->bor_mv[value] != 0)
		text_add(words, "reset below %u.%u V", set->bor_mv[value] / 1000u,
			 set->bor_mv[value] / 100u % 10);
	else
		add_listed(field->values, value, words);
}

void
options_add_line(const struct option_set *set, const struct option_field *field,
		 uint32_t value, struct text *words)
{
	char buffer[MEANING_MAX];
	struct text meaning;

	text_init(&meaning, buffer, sizeof(buffer));
	options_add_meaning(set, field, value, &meaning);
	text_add(words, "%-20s 0x%-6x %s%s%s", field->name, (unsigned)value, field->what,
		 meaning.used > 0 ? ": " : "", meaning.used > 0 ? buffer : "");
}

/* What another family calls otherwise. */
static const char *
in_place_of(const struct option_set *set, uint16_t dev_id, const char *name)
{
	const struct option_field *field =
		text_is_like(name, "RDP") ? options_field(set, dev_id, "PRODUCT_STATE")
					  : NULL;

	return field != NULL ? field->name : NULL;
}

static const char *
nearest_name(const struct option_set *set, uint16_t dev_id, const char *name)
{
	const char *nearest = NULL;
	unsigned least = UINT_MAX;

	for (const struct option_field *field = set->fields; field->name != NULL; field++) {
		unsigned distance = edit_distance(name, field->name);

		if (!options_has_field(field, dev_id) || distance >= least)
			continue;
		least = distance;
		nearest = field->name;
	}
	return least <= strlen(name) / NEAREST_LETTERS_A_SLIP ? nearest : NULL;
}

static enum cause
refuse_name(const struct option_set *set, uint16_t dev_id, const char *name,
	    struct reason *why)
{
	const char *other = in_place_of(set, dev_id, name);

	if (other != NULL)
		return reason_begin(why, CAUSE_REQUEST,
				    "this chip has no option \"%s\"; it has %s in its "
				    "place",
				    name, other);
	other = nearest_name(set, dev_id, name);
	if (other != NULL)
		return reason_begin(why, CAUSE_REQUEST,
				    "this chip has no option \"%s\"; the nearest is %s",
				    name, other);
	return reason_begin(why, CAUSE_REQUEST,
			    "this chip has no option \"%s\"; tether options, or monitor "
			    "options in gdb, lists what it has",
			    name);
}

/* A level; the code of one counts as well. What is neither by far was meant as a level, and as a
 * code would be level 1. */
static enum cause
assign_rdp(const struct option_set *set, const struct option_field *field, uint32_t value,
	   struct option_values *values, struct reason *why)
{
	enum { LEAST_CODE = 0x10 };
	unsigned level = value <= 2 ? value : read_protection_level(set->rdp, value);

	if (value > 2 && value < LEAST_CODE)
		return reason_begin(why, CAUSE_REQUEST,
				    "RDP is a level, 0 to 2, or the code of one, not %u",
				    (unsigned)value);
	if (set->rdp->codes[level] == 0)
		return reason_begin(why, CAUSE_REQUEST, "%s has no level %u of RDP",
				    set->name, level);
	options_put(field, set->rdp->codes[level], values);
	return CAUSE_NONE;
}

static void
assign_no_wrp(const struct option_set *set, uint16_t dev_id, struct option_values *values)
{
	for (const struct option_field *field = set->fields; field->name != NULL; field++)
		if (field->kind == OPTION_WRP && options_has_field(field, dev_id))
			options_put(field, field->none, values);
}

/* " (VALUE WORDS, ...)"; nothing of a field whose values have no words. */
static void
add_choices(const char *values, struct text *choices)
{
	const char *words;
	uint32_t value;
	size_t len;

	for (unsigned i = 0; (words = next_listed(&values, &value, &len)) != NULL; i++)
		text_add(choices, "%s0x%x %.*s", i == 0 ? " (" : ", ", (unsigned)value,
			 (int)len, words);
	if (choices->used > 0)
		text_add(choices, ")");
}

/* The same of one whose words are made. */
static void
add_made_choices(const struct option_set *set, const struct option_field *field,
		 struct text *choices)
{
	for (uint32_t v = 0; v < array_len(set->bor_mv) && v <= mask_of(field); v++) {
		if (set->bor_mv[v] == 0)
			continue;
		text_add(choices, "%s0x%x ", choices->used == 0 ? " (" : ", ", (unsigned)v);
		options_add_meaning(set, field, v, choices);
	}
	if (choices->used > 0)
		text_add(choices, ")");
}

static enum cause
refuse_value(const struct option_set *set, const struct option_field *field,
	     const char *word, struct reason *why)
{
	char buffer[MEANING_MAX * 2] = "";
	struct text choices;

	text_init(&choices, buffer, sizeof(buffer));
	if (field->kind == OPTION_BOR)
		add_made_choices(set, field, &choices);
	else
		add_choices(field->values, &choices);
	return reason_begin(why, CAUSE_REQUEST, "%s is a number up to 0x%x%s, not \"%s\"",
			    field->name, (unsigned)mask_of(field), buffer, word);
}

/* The value that "tether options" prints in these words, of one whose words are made. */
static bool
find_meaning(const struct option_set *set, const struct option_field *field,
	     const char *sought, uint32_t *value)
{
	for (uint32_t v = 0; v < array_len(set->bor_mv) && v <= mask_of(field); v++) {
		char words[MEANING_MAX] = "";
		struct text text;

		text_init(&text, words, sizeof(words));
		options_add_meaning(set, field, v, &text);
		if (text.used > 0 && text_is_like(words, sought)) {
			*value = v;
			return true;
		}
	}
	return false;
}

static bool
parse_value(const struct option_set *set, const struct option_field *field,
	    const char *word, uint32_t *value)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)word[0]))
		return find_words(field->values, word, value) ||
		       (field->kind == OPTION_BOR && find_meaning(set, field, word, value));
	errno = 0;
	number = strtoul(word, &end, 0);
	*value = (uint32_t)number;
	return *end == '\0' && errno == 0 && number <= mask_of(field);
}

static enum cause
assign(const struct option_set *set, const struct option_field *field, const char *word,
       struct option_values *values, struct reason *why)
{
	uint32_t value;

	if (!parse_value(set, field, word, &value))
		return refuse_value(set, field, word, why);
	if (field->kind == OPTION_RDP)
		return assign_rdp(set, field, value, values, why);
	options_put(field, value, values);
	return CAUSE_NONE;
}

enum cause
options_assign(const struct option_set *set, uint16_t dev_id, const char *assignment,
	       struct option_values *values, struct reason *why)
{
	const struct option_field *field;
	size_t len = strcspn(assignment, "=");
	char name[NAME_MAX_LEN];

	if (assignment[len] != '=' || len >= sizeof(name))
		return reason_begin(why, CAUSE_REQUEST, "\"%s\" is not NAME=VALUE",
				    assignment);
	memcpy(name, assignment, len);
	name[len] = '\0';
	if (text_is_like(assignment, "WRP=none")) {
		assign_no_wrp(set, dev_id, values);
		return CAUSE_NONE;
	}
	if (text_is_like(name, "WRP"))
		return reason_begin(
			why, CAUSE_REQUEST,
			"WRP takes only none; what is protected has names of its "
			"own, which tether options lists");
	field = options_field(set, dev_id, name);
	if (field == NULL)
		return refuse_name(set, dev_id, name, why);
	return assign(set, field, assignment + len + 1, values, why);
}
