/* SPDX-License-Identifier: MIT */
#include "transport/base/evidence.h"

#include <assert.h>
#include <string.h>

enum { THOUSAND = 1000, TEN = 10, MILLION = 1000000 };

static void
add_volts(uint32_t millivolts, struct text *words)
{
	text_add(words, "%u.%02u V", (unsigned)(millivolts / THOUSAND),
		 (unsigned)(millivolts % THOUSAND / TEN));
}

static void
add_khz(uint32_t hz, struct text *words)
{
	text_add(words, "%u kHz", (unsigned)(hz / THOUSAND));
}

static void
add_time(uint32_t us, struct text *words)
{
	if (us >= MILLION)
		text_add(words, "%u.%u s", (unsigned)(us / MILLION),
			 (unsigned)(us % MILLION / (MILLION / TEN)));
	else
		text_add(words, "%u ms", (unsigned)((us + THOUSAND / 2) / THOUSAND));
}

static void
add_capacitance(uint32_t nanofarads, struct text *words)
{
	if (nanofarads >= THOUSAND)
		text_add(words, "about %u uF", (unsigned)(nanofarads / THOUSAND));
	else
		text_add(words, "about %u nF", (unsigned)nanofarads);
}

static void
add_count(uint32_t count, struct text *words)
{
	text_add(words, "%u", (unsigned)count);
}

static void
add_hex(uint32_t value, struct text *words)
{
	text_add(words, "0x%08x", (unsigned)value);
}

static void
add_yes(uint32_t value, struct text *words)
{
	text_add(words, "%s", value != 0 ? "yes" : "no");
}

static void
add_level(uint32_t value, struct text *words)
{
	text_add(words, "%s", value != 0 ? "high" : "low");
}

static void
add_answer(uint32_t value, struct text *words)
{
	static const char *const names[] = {
		[ANSWER_NONE] = "none",
		[ANSWER_NONE_OR_ASLEEP] = "none, or asleep",
		[ANSWER_WAIT] = "WAIT without end",
		[ANSWER_NO_POWER_UP] = "a debug port that does not power up",
		[ANSWER_DAMAGED] = "damaged bits",
		[ANSWER_REFUSED] = "a debug port without a core",
		[ANSWER_HELD_IN_RESET] = "a core held in reset",
		[ANSWER_GOOD] = "good",
	};

	assert(value < sizeof(names) / sizeof(names[0]));
	text_add(words, "%s", names[value]);
}

static void
add_end(uint32_t value, struct text *words)
{
	static const char *const names[] = {
		[RUN_GOES_ON] = "it runs on",
		[RUN_SLEEPS] = "it sleeps",
		[RUN_SILENT] = "the debug port falls silent",
		[RUN_STALLS] = "the debug port answers, the core does not",
		[RUN_RESETS] = "it is reset",
		[RUN_LOCKS_UP] = "it locks up",
	};

	assert(value < sizeof(names) / sizeof(names[0]));
	text_add(words, "%s", names[value]);
}

static void (*const adders[])(uint32_t value, struct text *words) = {
	[UNIT_MILLIVOLTS] = add_volts,  [UNIT_HERTZ] = add_khz,
	[UNIT_MICROSECONDS] = add_time, [UNIT_NANOFARADS] = add_capacitance,
	[UNIT_COUNT] = add_count,       [UNIT_HEX] = add_hex,
	[UNIT_YES] = add_yes,           [UNIT_LEVEL] = add_level,
	[UNIT_ANSWER] = add_answer,     [UNIT_END] = add_end,
};

static const struct {
	const char *key, *name;
	enum fact_unit unit;
} facts_of[FACTS] = {
#define FACT_ROW(id, key, name, unit) [FACT_##id] = { key, name, UNIT_##unit },
	FACT_TABLE(FACT_ROW)
#undef FACT_ROW
};

void
evidence_add(struct evidence *evidence, enum fact fact, uint32_t value, bool is_known)
{
	struct evidence_fact seen = { fact, value, is_known };
	unsigned place = 0;

	assert((unsigned)fact < FACTS);
	while (place < evidence->len && evidence->seen[place].fact < fact)
		place++;
	if (place < evidence->len && evidence->seen[place].fact == fact) {
		evidence->seen[place] = seen;
		return;
	}
	if (place == EVIDENCE_MAX)
		return;
	if (evidence->len == EVIDENCE_MAX)
		evidence->len--;
	memmove(&evidence->seen[place + 1], &evidence->seen[place],
		(evidence->len - place) * sizeof(seen));
	evidence->seen[place] = seen;
	evidence->len++;
}

const struct evidence_fact *
evidence_find(const struct evidence *evidence, enum fact fact)
{
	for (unsigned i = 0; i < evidence->len; i++)
		if (evidence->seen[i].fact == fact)
			return &evidence->seen[i];
	return NULL;
}

void
evidence_add_value(enum fact fact, uint32_t value, struct text *words)
{
	assert((unsigned)fact < FACTS);
	adders[facts_of[fact].unit](value, words);
}

void
fact_add_name(enum fact fact, struct text *words)
{
	text_add(words, facts_of[fact].unit == UNIT_YES ? "%s: " : "%s ",
		 facts_of[fact].name);
}

void
evidence_add_words(const struct evidence *evidence, struct text *words)
{
	for (unsigned i = 0; i < evidence->len; i++) {
		const struct evidence_fact *seen = &evidence->seen[i];

		text_add(words, "%s", i == 0 ? "" : ", ");
		fact_add_name(seen->fact, words);
		if (seen->is_known)
			evidence_add_value(seen->fact, seen->value, words);
		else
			text_add(words, "not known");
	}
}

void
facts_know(struct facts *facts, enum fact fact, uint32_t value)
{
	facts->of[fact].is_asked = facts->of[fact].is_known = true;
	facts->of[fact].is_skipped = false;
	facts->of[fact].value = value;
}

void
facts_miss(struct facts *facts, enum fact fact)
{
	facts->of[fact].is_asked = true;
}

void
facts_skip(struct facts *facts, enum fact fact)
{
	facts->of[fact].is_skipped = !facts->of[fact].is_known;
}

bool
facts_get(const struct facts *facts, enum fact fact, uint32_t *value)
{
	if (!facts->of[fact].is_known)
		return false;
	*value = facts->of[fact].value;
	return true;
}

bool
facts_is(const struct facts *facts, enum fact fact, uint32_t value)
{
	return facts->of[fact].is_known && facts->of[fact].value == value;
}

const char *
fact_key(enum fact fact)
{
	return facts_of[fact].key;
}

const char *
fact_words(enum fact fact)
{
	return facts_of[fact].name;
}

enum fact_unit
fact_unit(enum fact fact)
{
	return facts_of[fact].unit;
}
