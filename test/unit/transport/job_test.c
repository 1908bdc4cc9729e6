/* SPDX-License-Identifier: MIT */
#include "transport/base/job.h"

#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct counting {
	struct job job;
	unsigned steps, steps_needed, fails_at;
	uint64_t wait_us;
	bool was_cancelled, was_freed;
};

static struct counting *
counting_of(struct job *job)
{
	return container_of(job, struct counting, job);
}

static enum cause
count_step(struct job *job, bool *done, struct reason *why)
{
	struct counting *counting = counting_of(job);

	assert_false(*done);
	assert_int_equal(job->wait_us, 0);
	counting->steps++;
	if (counting->steps == counting->fails_at)
		return reason_begin(why, CAUSE_FAULT, "step %u", counting->steps);
	job->wait_us = counting->wait_us;
	*done = counting->steps == counting->steps_needed;
	return CAUSE_NONE;
}

static enum cause
count_cancel(struct job *job, struct reason *why)
{
	(void)why;
	counting_of(job)->was_cancelled = true;
	return CAUSE_NONE;
}

static void
count_free(struct job *job)
{
	counting_of(job)->was_freed = true;
}

static const struct job_ops ops = { count_step, count_cancel, count_free };

static void
a_job_runs_until_it_says_done(void **state)
{
	struct counting counting = { .job = { .ops = &ops }, .steps_needed = 3 };
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(job_run(&counting.job, clock_host(), &why), CAUSE_NONE);
	assert_int_equal(counting.steps, 3);
}

static void
a_job_that_fails_is_not_stepped_again(void **state)
{
	struct counting counting = { .job = { .ops = &ops },
				     .steps_needed = 9,
				     .fails_at = 2 };
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(job_run(&counting.job, clock_host(), &why), CAUSE_FAULT);
	assert_int_equal(counting.steps, 2);
	assert_string_equal(reason_root(&why), "step 2");
}

static void
the_waits_a_job_asks_for_are_slept_but_not_after_the_last_step(void **state)
{
	struct counting counting = { .job = { .ops = &ops },
				     .steps_needed = 4,
				     .wait_us = 500 };
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(job_run(&counting.job, &fake->clock, &why), CAUSE_NONE);
	assert_int_equal(fake->now_us, 3 * 500);
	fake_probe_free(fake);
}

static void
no_job_can_be_cancelled_and_freed(void **state)
{
	struct counting counting = { .job = { .ops = &ops } };
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(job_cancel(NULL, &why), CAUSE_NONE);
	job_free(NULL);
	assert_int_equal(job_cancel(&counting.job, &why), CAUSE_NONE);
	job_free(&counting.job);
	assert_true(counting.was_cancelled);
	assert_true(counting.was_freed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_runs_until_it_says_done),
		cmocka_unit_test(a_job_that_fails_is_not_stepped_again),
		cmocka_unit_test(
			the_waits_a_job_asks_for_are_slept_but_not_after_the_last_step),
		cmocka_unit_test(no_job_can_be_cancelled_and_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
