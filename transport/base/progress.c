/* SPDX-License-Identifier: MIT */
#include "transport/base/progress.h"

enum { BAR_CELLS = 40, PERMILLE = 1000 };

static unsigned
percent_of(const struct job *job)
{
	return job->done_permille / 10;
}

void
progress_begin(struct progress *progress, uint64_t now_us, uint64_t period_us,
	       unsigned step_percent)
{
	*progress = (struct progress){ .period_us = period_us,
				       .step_percent = step_percent,
				       .due_us = now_us + period_us };
}

bool
progress_is_due(struct progress *progress, const struct job *job, uint64_t now_us)
{
	if (now_us < progress->due_us || job->done_permille == 0 ||
	    percent_of(job) < progress->percent + progress->step_percent)
		return false;
	progress->percent = percent_of(job);
	progress->due_us = now_us + progress->period_us;
	return true;
}

void
progress_add_words(const struct job *job, struct text *words)
{
	text_add(words, "%s: %u %%", job->name, percent_of(job));
}

void
progress_add_bar(const struct job *job, struct text *words)
{
	unsigned full = job->done_permille * BAR_CELLS / PERMILLE;

	text_add(words, "%s [", job->name);
	for (unsigned i = 0; i < BAR_CELLS; i++)
		text_add(words, "%c", i < full ? '#' : '.');
	text_add(words, "] %3u %%", percent_of(job));
}
