/* SPDX-License-Identifier: MIT */
/*
 * progress.h - how far a job has come, for people: when that is worth showing, and as what.
 *
 * A job that says nothing of its progress (done_permille stays 0) is never shown. Shown are a
 * line of a log or of gdb's console, at most twice a second and each later than the one before by
 * as much as was asked for; and a bar on a terminal.
 */
#ifndef TRANSPORT_BASE_PROGRESS_H
#define TRANSPORT_BASE_PROGRESS_H

#include "transport/base/job.h"
#include "transport/base/text.h"

enum { PROGRESS_PERIOD_US = 500000, PROGRESS_BAR_US = 100000, PROGRESS_LOG_PERCENT = 10 };

struct progress {
	uint64_t period_us;    /* between two looks */
	unsigned step_percent; /* less than that is nothing new */
	uint64_t due_us;       /* not before */
	unsigned percent;      /* that were shown */
};

/* From now on; nothing is shown before the first period is over. */
void progress_begin(struct progress *progress, uint64_t now_us, uint64_t period_us,
		    unsigned step_percent);
/* Has the job come far enough since it was last shown? Then it counts as shown. */
bool progress_is_due(struct progress *progress, const struct job *job, uint64_t now_us);

/* "programming flash: 42 %" */
void progress_add_words(const struct job *job, struct text *words);
/* "programming flash [########............]  42 %" */
void progress_add_bar(const struct job *job, struct text *words);

#endif /* TRANSPORT_BASE_PROGRESS_H */
