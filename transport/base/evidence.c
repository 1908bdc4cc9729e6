/* SPDX-License-Identifier: MIT */
#include "transport/base/evidence.h"

#include <assert.h>
#include <string.h>

enum { THOUSAND = 1000, TEN = 10 };

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

static const struct {
	const char *name;
	void (*add)(uint32_t value, struct text *words);
} facts[FACTS] = {
	[FACT_TARGET_VOLTAGE] = { "target voltage", add_volts },
	[FACT_TARGET_VOLTAGE_LEAST] = { "lowest reading", add_volts },
	[FACT_TARGET_VOLTAGE_MOST] = { "highest reading", add_volts },
	[FACT_CLOCK] = { "SWD clock", add_khz },
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
	facts[fact].add(value, words);
}

void
evidence_add_words(const struct evidence *evidence, struct text *words)
{
	for (unsigned i = 0; i < evidence->len; i++) {
		const struct evidence_fact *seen = &evidence->seen[i];

		text_add(words, "%s%s ", i == 0 ? "" : ", ", facts[seen->fact].name);
		if (seen->is_known)
			evidence_add_value(seen->fact, seen->value, words);
		else
			text_add(words, "not known");
	}
}
