/* SPDX-License-Identifier: MIT */
/*
 * job.h - work that takes longer than 20 ms, cut into steps.
 *
 * Erasing, programming, connecting, a reset with a slow NRST: each is a struct
 * that begins with a `struct job`. An event loop calls job_step() until it says
 * done; a program without one calls job_run(). A step uses the probe for at most
 * 20 ms on a healthy link and never sleeps: when there is nothing to do but wait
 * it sets wait_us and returns.
 *
 * A staged job is a job written as a list of stages, which run one after the
 * other. Its owner begins its struct with a `struct staged_job` and supplies the
 * rows and what to do at an early end.
 */
#ifndef TRANSPORT_BASE_JOB_H
#define TRANSPORT_BASE_JOB_H

#include "transport/base/clock.h"
#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct job;

struct job_ops {
	/* One step. *done is false before the call; set it when all is done. Any cause
	 * other than CAUSE_NONE ends the job too; it has then cleaned up after itself on
	 * the target as far as the link allows. */
	enum cause (*step)(struct job *job, bool *done, struct reason *why);
	/* Ends an unfinished job: leaves the target in a defined state. May fail; then
	 * nothing more can be done. May block for as long as that takes. */
	enum cause (*cancel)(struct job *job, struct reason *why);
	/* Frees the struct, whatever state it is in; takes no NULL. */
	void (*free)(struct job *job);
	/* Optional: as job_end(). */
	bool (*end)(struct job *job);
};

struct job {
	const struct job_ops *ops;
	const char *name;       /* for people: "programming flash" */
	const char *asker;      /* who asked for it, for people; NULL: that is not known */
	uint64_t wait_us;       /* the next step is not worth taking sooner */
	unsigned done_permille; /* progress, 0 to 1000 */
	/* RAM of the target in which it has code or data now; other code must not use it. Size 0: none. */
	uint32_t ram_at, ram_size;
};

/* One step, as job_ops.step: of at most 20 ms on a healthy link. */
enum cause job_step(struct job *job, bool *done, struct reason *why);
/* Asks an unfinished job to end early without blocking: from now on its steps leave the target
 * in a defined state, and the last says done (or fails). Asking again changes nothing. False:
 * it cannot, job_cancel() does it all at once. */
bool job_end(struct job *job);
/* As job_ops.cancel: blocks for as long as that takes. Takes NULL and then does nothing. */
enum cause job_cancel(struct job *job, struct reason *why);
void job_free(struct job *job);
/* Steps until done, sleeping on `clock` as the job asks. */
enum cause job_run(struct job *job, struct clock *clock, struct reason *why);

struct staged_job;

struct job_stage {
	/* For logs: "release NRST". When it is done the log has at level debug how long it
	 * took, where the job has a clock. */
	const char *name;
	/* Part of the stage's work, within the limits of a step. *done is false before the
	 * call; set it to go on with the next stage. Otherwise this one is called again,
	 * after job.wait_us if it set that. */
	enum cause (*run)(struct staged_job *job, bool *done, struct reason *why);
	/* Optional: asked once, when the stage before it is done; false skips the stage. */
	bool (*when)(struct staged_job *job);
};

struct staged_ops {
	/* Optional. Leaves the target in a defined state (NRST released, a flash algorithm
	 * stopped). Called once, when a stage that ran did not lead to the end: `after` is
	 * what a stage failed with, CAUSE_NONE when the job was cancelled or freed. A
	 * failure here is returned by job_cancel() only: otherwise the stage's is the one
	 * to report, so *why is a reason of its own. */
	enum cause (*clean_up)(struct staged_job *job, enum cause after,
			       struct reason *why);
	/* Optional; called after clean_up() with the stage's reason. Adds what the job was
	 * about and returns the cause. To try another way instead it calls
	 * staged_job_go(), forgets *why and returns CAUSE_NONE: the job then goes on. */
	enum cause (*failed)(struct staged_job *job, enum cause cause, struct reason *why);
	/* Optional: NULL where free() of the struct's start is all there is to do. */
	void (*free)(struct staged_job *job);
	/* Optional, where cleaning up takes longer than a step: stages that run, in place of
	 * clean_up(), after a stage failed and after job_end(). Each skips by `when` what there
	 * is nothing of to clean up. They set wait_us as all do; job_cancel() sleeps it on
	 * staged_job.clock, which such a job sets. */
	const struct job_stage *ending;
};

/* The first member of the struct it belongs to. */
struct staged_job {
	struct job job;
	const struct staged_ops *ops;
	const struct job_stage *stages; /* up to the row without `run` */
	size_t next;                    /* the row that runs at the next step */
	bool is_begun;                  /* a stage has run since the last clean-up */
	bool is_entered;                /* `when` of the row was asked */
	bool is_over;
	bool is_ending;        /* the stages are ops->ending */
	struct reason failure; /* while is_ending: of the stage that failed, if one did */
	struct clock *clock;   /* with ops->ending; and for a job that logs its stages */
	uint64_t entered_us;   /* with a clock: when the row that runs was entered */
};

void staged_job_init(struct staged_job *staged, const char *name,
		     const struct job_stage *stages, const struct staged_ops *ops);
/* The staged job that `job` is part of; only for jobs set up by staged_job_init(). */
struct staged_job *staged_job_of(struct job *job);
/* Goes on with other stages, at their first: for `failed`, and for a stage, which then leaves
 * *done false. */
void staged_job_go(struct staged_job *staged, const struct job_stage *stages);
/* The name of the stage that runs at the next step; "" when all is done. */
const char *staged_job_at(const struct staged_job *staged);

#endif /* TRANSPORT_BASE_JOB_H */
