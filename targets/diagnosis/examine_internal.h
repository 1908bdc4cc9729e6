/* SPDX-License-Identifier: MIT */
/*
 * examine_internal.h - experiments as functions, for the table in examine.c.
 */
#ifndef TARGETS_DIAGNOSIS_EXAMINE_INTERNAL_H
#define TARGETS_DIAGNOSIS_EXAMINE_INTERNAL_H

#include "targets/diagnosis/examine.h"
#include "targets/reset/nrst.h"

struct examination {
	struct nrst_job nrst; /* the first member */
	enum side_effect permitted;
	bool tests_nrst;
	size_t at;        /* the experiment that runs, or is looked for */
	bool is_begun;    /* it runs */
	unsigned repeats; /* of experiments during which the link broke */

	/* Its own, zero when it begins. */
	/* Of several; looks in a row that found the core stalled, or in reset. */
	unsigned step;
	unsigned count, seen;    /* looks, or tries; those that found what is counted */
	unsigned damaged, whole; /* reads, over all clocks */
	unsigned failures;       /* at the clock wanted, after reads that were whole */
	unsigned rounds_back;    /* at the clock wanted, after a slower one */
	bool looks_back;
	bool is_short;               /* it was cut short */
	unsigned asleep, undebugged; /* looks at DHCSR with S_SLEEP; without C_DEBUGEN */
	bool is_run_silent; /* the program was let run, and the port has fallen silent */
	unsigned run_mv, run_looks; /* the lowest voltage then, of so many looks */
	uint64_t begun_us, last_us;
	uint64_t round_us; /* what the longest part of it took that cannot be cut short */
	uint32_t most_ms;
};

/* Part of an experiment, within the limits of a step: adds facts. True: it is over. Sets
 * the job's wait_us to be called later. That something fails is what is to be found out. */
typedef bool experiment_function(struct examination *x);

/* outside.c, link.c: what needs no core. */
experiment_function examine_supply, examine_pins, examine_link;
/* held.c: of a target that could not be connected. */
experiment_function examine_held;
/* What a core that answers tells: flags.c, watch.c, chip.c, program.c. */
experiment_function examine_flags, examine_core, examine_ports, examine_memory,
	examine_program, examine_run;
/* carry.c */
experiment_function examine_carry;
/* nrst_test.c */
experiment_function examine_nrst;

/* words.c: what the experiment has seen, for people. */
typedef void experiment_words(const struct board *board, struct text *words);
experiment_words say_supply, say_pins, say_link, say_held, say_flags, say_core, say_ports,
	say_memory, say_carry, say_program, say_run, say_nrst;

static inline struct facts *
facts_of(struct examination *x)
{
	return &x->nrst.board->facts;
}

static inline struct core *
examined_core(struct examination *x)
{
	return board_main_core(x->nrst.board);
}

/* experiment.c: by the first core's port. False: it cannot be read. */
bool examine_read(struct board *board, uint32_t at, uint32_t *value);
/* A reset that nobody here has asked for. */
void examine_count_reset(struct board *board, unsigned resets);
void examine_know_bit(struct facts *facts, enum fact fact, uint32_t word, uint32_t bits);

/* Are so many milliseconds left of the time for a verdict? */
bool examine_has_ms(const struct examination *x, uint32_t ms);
/* Is too little left of the experiment's time, or of that for a verdict, for another part of it? Then it
 * ends, and what it has not found out is not known. */
bool examine_is_late(struct examination *x);
/* A part of it began then and is over. */
void examine_count_round(struct examination *x, uint64_t begun_us);
/* Microseconds since the experiment began. */
uint64_t examine_age_us(const struct examination *x);
void examine_wait_us(struct examination *x, uint32_t us);

#endif /* TARGETS_DIAGNOSIS_EXAMINE_INTERNAL_H */
