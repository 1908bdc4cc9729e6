/* SPDX-License-Identifier: MIT */
/*
 * examine.h - experiments on a bench, and the facts that they yield.
 *
 * An experiment is a row of a table: what it does, its side effect on the target, what it
 * needs, the facts that it looks for. One runs only if its side effect is permitted and what
 * it needs is there; what it does not find out stays unknown.
 */
#ifndef TARGETS_DIAGNOSIS_EXAMINE_H
#define TARGETS_DIAGNOSIS_EXAMINE_H

#include "targets/board/board.h"
#include "targets/board/readings.h"

/* Ordered: who permits one permits those before it. */
enum side_effect {
	SIDE_NONE,
	SIDE_CLOCK, /* the SWD clock changes for a while; the target does not notice */
	SIDE_HALT,  /* the core stands still for a moment */
	SIDE_RESET
};

/* What a verdict may take, and what of it: on a board that does not answer, from the first try to
 * connect to the last experiment; of that the experiments alone; and the experiments on one that is
 * connected, which NRST may have delayed. One for which too little is left is not made, but for the test
 * of NRST, which takes as long as NRST. */
enum { VERDICT_MS = 4700, EXPERIMENTS_MS = 1200, EXAMINATION_MS = 4000 };

enum { EXPERIMENT_MAX_YIELDS = 16 };

/* What it takes of the time for a verdict. */
struct experiment_time {
	uint32_t least_ms; /* it is not worth beginning with less */
	uint32_t most_ms;  /* it ends by itself */
	unsigned
		reads; /* of registers, about: by a slow clock or a slow probe they count */
};

struct experiment {
	const char *name;  /* "memory" */
	const char *label; /* for people: "flash" */
	const char *did;   /* "measured the target's supply for 120 ms" */
	enum side_effect side;
	unsigned needs; /* as in examine.c */
	struct experiment_time takes;
	enum fact yields[EXPERIMENT_MAX_YIELDS]; /* up to the first FACTS */
};

/* NULL behind the last. */
const struct experiment *experiment_at(size_t index);
/* Was it run since the board was last connected, or failed to be? */
bool experiment_was_run(const struct board *board, size_t index);
/* Was it cut short, or not made, since the time for a verdict was over? */
bool experiment_was_short(const struct board *board, size_t index);
/* What it saw: "3.30 V, steady". */
void experiment_add_words(const struct board *board, size_t index, struct text *words);

/* Since the board was last connected, or failed to be. */
const struct bench_readings *board_readings(const struct board *board);

/* A job that runs what `permitted` allows and what the board's state needs: more of it while
 * nothing answers, and after a rescue. `tests_nrst`: NRST as well, with SIDE_RESET. Facts are
 * added to board_facts(). Does not fail by what it finds. Never NULL. */
struct job *board_examine(struct board *board, enum side_effect permitted, bool tests_nrst);

/* A verdict is to be had VERDICT_MS from now on. */
void board_begin_verdict(struct board *board);
/* Milliseconds that are left of that for what comes before the experiments. */
uint32_t board_verdict_left_ms(const struct board *board);

/* Reads the reset flags of a core that answers; without a connection, too. */
void board_look_at_flags(struct board *board);

#endif /* TARGETS_DIAGNOSIS_EXAMINE_H */
