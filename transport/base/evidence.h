/* SPDX-License-Identifier: MIT */
/*
 * evidence.h - what was seen of target and probe when something failed, as values.
 *
 * A few facts, each with its value, or marked as not measurable. They are kept in
 * a reason (reason_saw) and worded in one place: so a voltage reads the same
 * wherever it was measured, and it stays a value, so that JSON can print it as a
 * number.
 */
#ifndef TRANSPORT_BASE_EVIDENCE_H
#define TRANSPORT_BASE_EVIDENCE_H

#include "transport/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which they are worded: the target voltage comes first. */
enum fact {
	FACT_TARGET_VOLTAGE,       /* mV; the median of several readings */
	FACT_TARGET_VOLTAGE_LEAST, /* mV; the extremes, where they are far apart */
	FACT_TARGET_VOLTAGE_MOST,
	FACT_CLOCK, /* Hz; of SWD */
	FACTS
};

enum { EVIDENCE_MAX = 6 };

struct evidence {
	unsigned len;
	struct evidence_fact {
		enum fact fact;
		uint32_t value;
		bool is_known;
	} seen[EVIDENCE_MAX]; /* ordered by fact */
};

/* A fact that is there already gets the new value. When there is no room the last of the
 * order goes. */
void evidence_add(struct evidence *evidence, enum fact fact, uint32_t value, bool is_known);
/* NULL when it was not looked for. */
const struct evidence_fact *evidence_find(const struct evidence *evidence, enum fact fact);
/* "target voltage 3.30 V, SWD clock 4000 kHz"; nothing when there is none. */
void evidence_add_words(const struct evidence *evidence, struct text *words);
/* "3.30 V" */
void evidence_add_value(enum fact fact, uint32_t value, struct text *words);

#endif /* TRANSPORT_BASE_EVIDENCE_H */
