/* SPDX-License-Identifier: MIT */
/*
 * job.h - work that takes longer than 20 ms, cut into steps.
 *
 * Erasing, programming, connecting, a reset with a slow NRST: each is a struct
 * that begins with a `struct job`. Who runs an event loop calls job_step() until
 * it says done; who does not calls job_run(). A step talks to the probe for at
 * most 20 ms on a healthy link and never sleeps: when there is nothing to do but
 * wait it sets wait_us and returns.
 */
#ifndef TRANSPORT_BASE_JOB_H
#define TRANSPORT_BASE_JOB_H

#include "transport/base/clock.h"
#include "transport/base/reason.h"

#include <stdbool.h>
#include <stdint.h>

struct job;

struct job_ops {
	/* One step. *done is false before the call; set it when all is done. Any cause
	 * other than CAUSE_NONE ends the job too; it has then cleaned up after itself on
	 * the target as far as the link allows. */
	enum cause (*step)(struct job *job, bool *done, struct reason *why);
	/* Ends an unfinished job: leaves the target in a defined state. May fail; then
	 * nothing more can be done. */
	enum cause (*cancel)(struct job *job, struct reason *why);
	/* Frees the struct, whatever state it is in; takes no NULL. */
	void (*free)(struct job *job);
};

struct job {
	const struct job_ops *ops;
	const char *name;       /* for people: "programming flash" */
	uint64_t wait_us;       /* the next step is not worth taking sooner */
	unsigned done_permille; /* progress, 0 to 1000 */
};

enum cause job_step(struct job *job, bool *done, struct reason *why);
/* Takes NULL and then does nothing. */
enum cause job_cancel(struct job *job, struct reason *why);
void job_free(struct job *job);
/* Steps until done, sleeping on `clock` as the job asks. */
enum cause job_run(struct job *job, struct clock *clock, struct reason *why);

#endif /* TRANSPORT_BASE_JOB_H */
