/* SPDX-License-Identifier: MIT */
/*
 * connect_internal.h - the inside of a connection, for the files of targets/connect: its job, and
 * the stages that its ways to connect are made of.
 *
 * link.c has the clocks and the debug port, stages.c what every way ends with, under_reset.c and
 * catch.c ways of their own, connect.c the order in which they are tried.
 */
#ifndef TARGETS_CONNECT_CONNECT_INTERNAL_H
#define TARGETS_CONNECT_CONNECT_INTERNAL_H

#include "targets/connect/connect.h"

#include "targets/diagnosis/examine.h"
#include "targets/reset/nrst.h"

struct connect_job;

/* A way to connect. The first that suits is tried first; after one that met silence the next
 * that suits. */
struct step {
	const char *name;
	const struct job_stage *stages;
	enum side_effect side; /* on the target */
	bool is_slower;        /* at the next slower clock; again, while there is one */
	/* Is there hope in it, by what is known so far? */
	bool (*suits)(const struct connect_job *connect);
};

struct connect_job {
	struct nrst_job nrst;
	enum side_effect permitted;
	const struct step *step;
	bool is_under_reset, is_caught;
	bool is_claimed;   /* the cores are debugged, and what else that changes */
	bool was_released; /* NRST, in case an earlier program left it low */
	uint32_t hz;       /* the clock that is tried; 0: the one wanted */
	uint32_t
		cut_hz; /* that of the last try under reset, which broke off; 0: none did */
	uint32_t watch_ms;        /* a job that watches: for so long; 0: it is none */
	bool is_reached;          /* the core, by the last try to catch it */
	bool is_second_look;      /* the clock wanted is tried once more */
	bool is_unanswered;       /* the clock wanted, however often it was tried */
	bool is_after_silence;    /* the first attempt since the target was lost by it */
	bool has_lapsed;          /* that was an answer lost on the wires */
	struct reason link_why;   /* why no debug port answered at the clock wanted */
	struct reason attach_why; /* why attaching failed, before it went on otherwise */
	enum cause cause;         /* of `last_why` */
	struct reason last_why;   /* of the last step, while the bench is examined */
	struct job *examination;
	struct deadline patience; /* of the step "catch" */
	struct deadline retries;  /* no try under reset is begun after it but the first */
};

static inline struct connect_job *
connect_of(struct staged_job *job)
{
	return container_of(nrst_job_of(job), struct connect_job, nrst);
}

static inline struct board *
board_of(struct staged_job *job)
{
	return nrst_job_of(job)->board;
}

/* link.c: the clock that the user wants; the one that is tried now. */
uint32_t connect_wanted_hz(const struct connect_job *connect);
uint32_t connect_clock_of(const struct connect_job *connect);
/* Connected, at the slowest clock there is: what slowed it down has another remedy than a slower one. */
void connect_forget_clocks(const struct connect_job *connect, struct reason *why);
/* That the probe is slow, once. */
void connect_tell_slow_answers(struct board *board);
enum cause connect_set_clock(struct board *board, uint32_t hz, struct reason *why);

typedef enum cause connect_stage(struct staged_job *job, bool *done, struct reason *why);

/* link.c: one clock after the other, until a debug port answers. */
connect_stage connect_link_stage;
/* stages.c */
connect_stage connect_find_stage, connect_find_awake_stage, connect_awake_stage,
	connect_identify_stage, connect_claim_stage, connect_halt_stage,
	connect_finish_stage;

/* under_reset.c, catch.c: whole ways. */
extern const struct job_stage connect_under_reset_stages[], connect_held_stages[],
	connect_catch_stages[], connect_watch_stages[];

#endif /* TARGETS_CONNECT_CONNECT_INTERNAL_H */
