/* SPDX-License-Identifier: MIT */
/*
 * nrst.h - NRST, driven by one owner: pulled, held, seen low, released, settled.
 *
 * Connecting and resetting are staged jobs that begin with a struct nrst_job and use these
 * stages as rows of their own. Accesses that are refused are waited over, since a chip in
 * reset refuses some; at the deadline they are the reason. What is seen of NRST by the way -
 * is it wired, how fast does it fall and rise, is it stuck - is kept in the board's facts:
 * DHCSR.S_RESET_ST shows it also to a probe that cannot read its pins. For targets/ only.
 */
#ifndef TARGETS_RESET_NRST_H
#define TARGETS_RESET_NRST_H

#include "targets/board/board_internal.h"

enum { RESET_SEEN_MS = 100, RESET_POLL_US = 1000 };

/* The first member of the job. */
struct nrst_job {
	struct staged_job staged;
	struct board *board;
	bool is_low;            /* by us */
	bool was_pulled;        /* by us, now or before */
	bool was_requested;     /* AIRCR.SYSRESETREQ, by us */
	bool was_in_reset;      /* before that */
	bool is_without_effect; /* the chip was not in reset although NRST was pulled */
	unsigned readings;      /* since nrst_wait_for() */
	unsigned quiet;         /* of these, in a row without S_RESET_ST */
	uint64_t moved_us;      /* when we last pulled or released it; 0: not yet */
	uint64_t reset_us, still_us; /* of the last reading in reset, and the one before */
	uint64_t over_us;            /* of the first out of it */
	struct deadline deadline;    /* of what is waited for */
};

void nrst_job_init(struct nrst_job *nrst, struct board *board, const char *name,
		   const struct job_stage *stages, const struct staged_ops *ops);
struct nrst_job *nrst_job_of(struct staged_job *job);

/* Pulls NRST low, or releases it, and notes since when. CAUSE_UNSUPPORTED: the probe cannot; else as
 * probe_drive_nrst(). Does not wait for the line to follow. */
enum cause nrst_drive(struct nrst_job *nrst, bool low, struct reason *why);
/* For ops->clean_up: releases NRST when it is low. */
enum cause nrst_let_go(struct nrst_job *nrst, struct reason *why);
/* How long NRST may take to rise: --nrst-settle, or of auto what was measured, plus a
 * margin. */
uint32_t nrst_settle_ms(const struct board *board);
/* Are the least and the most that a rise may have taken near enough to be one figure? */
bool nrst_is_rise_sharp(uint32_t least_us, uint32_t most_us);
/* Waits for `ms` from now on. */
void nrst_wait_for(struct nrst_job *nrst, uint32_t ms);

/* AIRCR.SYSRESETREQ by the main core. The reset may cut the answer short, so what the wire says
 * of it counts for nothing but CAUSE_GONE; S_RESET_ST shows whether it happened. */
enum cause nrst_request_instead(struct nrst_job *nrst, struct reason *why);
/* One reading: *seen: S_RESET_ST was set. *is_over: it was not until the deadline. */
enum cause nrst_look(struct nrst_job *nrst, bool *seen, bool *is_over, struct reason *why);
/* *halted: all cores are that have been started. CAUSE_TIMEOUT at the deadline. */
enum cause nrst_look_for_halt(struct nrst_job *nrst, bool *halted, struct reason *why);

/* Stages. */
enum cause nrst_pull(struct staged_job *job, bool *done, struct reason *why);
/* For --nrst-hold. */
enum cause nrst_hold(struct staged_job *job, bool *done, struct reason *why);
/* While it is low: a large capacitor takes its time to discharge. Sets is_without_effect. */
enum cause nrst_see_low(struct staged_job *job, bool *done, struct reason *why);
enum cause nrst_release(struct staged_job *job, bool *done, struct reason *why);
/* Until the chip is out of reset; a deadline of --nrst-settle runs since nrst_release(), or
 * nrst_wait_for(). CAUSE_TIMEOUT: held in reset, by several readings however long each takes.
 * The next deadline is for the halt. */
enum cause nrst_settle(struct staged_job *job, bool *done, struct reason *why);

#endif /* TARGETS_RESET_NRST_H */
