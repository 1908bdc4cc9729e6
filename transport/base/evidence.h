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

#include "transport/base/fact_table.h"
#include "transport/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Units that a value may have; for words and JSON. */
enum fact_unit {
	UNIT_MILLIVOLTS,
	UNIT_HERTZ,
	UNIT_MICROSECONDS,
	UNIT_NANOFARADS,
	UNIT_COUNT,
	UNIT_HEX,
	UNIT_YES,    /* 0: no */
	UNIT_LEVEL,  /* of a wire; 0: low */
	UNIT_ANSWER, /* enum link_answer */
	UNIT_END     /* enum run_end */
};

/* In the order in which they are worded: the target voltage comes first. */
enum fact {
#define FACT_ID(id, ...) FACT_##id,
	FACT_TABLE(FACT_ID)
#undef FACT_ID
		FACTS
};

/* How the target answered a first contact. */
enum link_answer {
	ANSWER_NONE,           /* no acknowledge */
	ANSWER_NONE_OR_ASLEEP, /* as above from a V3, which says so of a core asleep, too */
	ANSWER_WAIT,           /* WAIT without end */
	ANSWER_NO_POWER_UP,    /* a debug port that does not power up */
	ANSWER_DAMAGED,        /* wrong parity, or a DPIDR that none is */
	ANSWER_REFUSED,        /* the debug port is there, no core behind it is */
	ANSWER_HELD_IN_RESET,
	ANSWER_GOOD
};

/* What became of a program that was let run for a moment. */
enum run_end {
	RUN_GOES_ON,
	RUN_SLEEPS, /* reachable because DBGMCU keeps the clocks on */
	RUN_SILENT, /* no acknowledge any more */
	RUN_STALLS, /* the debug port answers, the core does not */
	RUN_RESETS, /* S_RESET_ST without our doing */
	RUN_LOCKS_UP
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

/* Every fact that may be known of a bench; zero it before use. */
struct facts {
	struct {
		bool is_asked; /* it was looked for */
		bool is_known;
		bool is_skipped; /* for want of time it was not looked for */
		uint32_t value;
	} of[FACTS];
};

void facts_know(struct facts *facts, enum fact fact, uint32_t value);
/* It was looked for and could not be had; one that is known stays so. */
void facts_miss(struct facts *facts, enum fact fact);
/* There was no time to look for it; one that is known stays so. */
void facts_skip(struct facts *facts, enum fact fact);
/* False, and *value untouched, when it is not known. */
bool facts_get(const struct facts *facts, enum fact fact, uint32_t *value);
bool facts_is(const struct facts *facts, enum fact fact, uint32_t value);

/* "nrst_rise_us" */
const char *fact_key(enum fact fact);
/* "NRST rises in" */
const char *fact_words(enum fact fact);
/* The same in front of its value: "target voltage ", "the core sleeps: ". */
void fact_add_name(enum fact fact, struct text *words);
enum fact_unit fact_unit(enum fact fact);

#endif /* TRANSPORT_BASE_EVIDENCE_H */
