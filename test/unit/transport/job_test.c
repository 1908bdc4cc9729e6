/* SPDX-License-Identifier: MIT */
#include "transport/base/job.h"

#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

static const struct job_ops ops = { .step = count_step,
				    .cancel = count_cancel,
				    .free = count_free };

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

/* A staged job of up to four stages; each letter in `log` is one thing that happened. */
struct brew {
	struct staged_job staged;
	char log[32];
	unsigned boil_steps, boils;
	bool is_sweet, heats, fails_to_boil, has_other_way, cannot_clean_up;
	enum cause cleaned_after;
};

static struct brew *
brew_of(struct staged_job *staged)
{
	return container_of(staged, struct brew, staged);
}

static void
note(struct brew *brew, char what)
{
	size_t len = strlen(brew->log);

	assert_true(len + 1 < sizeof(brew->log));
	brew->log[len] = what;
}

static enum cause
fill(struct staged_job *staged, bool *done, struct reason *why)
{
	(void)why;
	note(brew_of(staged), 'f');
	*done = true;
	return CAUSE_NONE;
}

static enum cause
boil(struct staged_job *staged, bool *done, struct reason *why)
{
	struct brew *brew = brew_of(staged);

	assert_false(*done);
	assert_int_equal(staged->job.wait_us, 0);
	note(brew, 'b');
	if (brew->fails_to_boil)
		return reason_begin(why, CAUSE_TIMEOUT, "it stays cold");
	*done = ++brew->boils == brew->boil_steps;
	staged->job.wait_us = *done ? 0 : 700;
	return CAUSE_NONE;
}

static enum cause
sweeten(struct staged_job *staged, bool *done, struct reason *why)
{
	(void)why;
	note(brew_of(staged), 's');
	*done = true;
	return CAUSE_NONE;
}

static bool
is_sweet(struct staged_job *staged)
{
	note(brew_of(staged), '?');
	return brew_of(staged)->is_sweet;
}

static const struct job_stage brewing[] = {
	{ "fill", fill, NULL }, { "sweeten", sweeten, is_sweet },
	{ "boil", boil, NULL }, { "sweeten again", sweeten, is_sweet },
	{ NULL, NULL, NULL },
};

static const struct job_stage by_microwave[] = {
	{ "sweeten", sweeten, NULL },
	{ NULL, NULL, NULL },
};

static enum cause
pour_away(struct staged_job *staged, enum cause after, struct reason *why)
{
	struct brew *brew = brew_of(staged);

	note(brew, 'c');
	brew->cleaned_after = after;
	return brew->cannot_clean_up ? reason_begin(why, CAUSE_GONE, "the sink is gone")
				     : CAUSE_NONE;
}

static enum cause
brewing_failed(struct staged_job *staged, enum cause cause, struct reason *why)
{
	struct brew *brew = brew_of(staged);

	note(brew, 'x');
	assert_int_equal(cause, why->cause);
	if (!brew->has_other_way)
		return reason_while(why, "making tea");
	brew->has_other_way = false;
	*why = (struct reason)REASON_INIT;
	staged_job_go(staged, by_microwave);
	return CAUSE_NONE;
}

static void
drop(struct staged_job *staged)
{
	note(brew_of(staged), 'd');
}

static const struct staged_ops brew_ops = { .clean_up = pour_away,
					    .failed = brewing_failed,
					    .free = drop };

static struct brew
new_brew(unsigned boil_steps)
{
	struct brew brew = { .boil_steps = boil_steps };

	staged_job_init(&brew.staged, "brewing", brewing, &brew_ops);
	return brew;
}

static void
stages_run_in_order_each_until_it_is_done(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct brew brew = new_brew(3);
	struct reason why = REASON_INIT;

	(void)state;
	brew.is_sweet = true;
	assert_int_equal(job_run(&brew.staged.job, &fake->clock, &why), CAUSE_NONE);
	assert_string_equal(brew.log, "f?sbbb?s");
	assert_int_equal(fake->now_us, 2 * 700);
	assert_string_equal(staged_job_at(&brew.staged), "");
	job_free(&brew.staged.job);
	assert_string_equal(brew.log, "f?sbbb?sd");
	fake_probe_free(fake);
}

static void
a_stage_whose_condition_does_not_hold_is_skipped_also_the_last(void **state)
{
	struct brew brew = new_brew(2);
	struct reason why = REASON_INIT;
	bool done = false;

	(void)state;
	assert_string_equal(staged_job_at(&brew.staged), "fill");
	assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	assert_string_equal(staged_job_at(&brew.staged), "boil");
	assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	assert_false(done);
	assert_int_equal(brew.staged.job.wait_us, 700);
	assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	assert_true(done);
	assert_string_equal(brew.log, "f?bb?");
}

static void
a_failing_stage_cleans_up_once_and_its_reason_is_kept(void **state)
{
	struct brew brew = new_brew(1);
	struct reason why = REASON_INIT;
	char line[128];

	(void)state;
	brew.fails_to_boil = brew.cannot_clean_up = true;
	assert_int_equal(job_run(&brew.staged.job, clock_host(), &why), CAUSE_TIMEOUT);
	reason_line(&why, line, sizeof(line));
	assert_string_equal(line, "making tea: it stays cold");
	assert_int_equal(brew.cleaned_after, CAUSE_TIMEOUT);
	assert_int_equal(job_cancel(&brew.staged.job, &why), CAUSE_NONE);
	job_free(&brew.staged.job);
	assert_string_equal(brew.log, "f?bcxd");
}

static void
a_failed_job_may_go_on_another_way(void **state)
{
	struct brew brew = new_brew(1);
	struct reason why = REASON_INIT;

	(void)state;
	brew.fails_to_boil = brew.has_other_way = true;
	assert_int_equal(job_run(&brew.staged.job, clock_host(), &why), CAUSE_NONE);
	assert_string_equal(brew.log, "f?bcxs");
	job_free(&brew.staged.job);
	assert_string_equal(brew.log, "f?bcxsd");
}

static void
a_cancelled_job_cleans_up_and_says_when_it_could_not(void **state)
{
	struct brew brew = new_brew(9);
	struct reason why = REASON_INIT;
	bool done = false;

	(void)state;
	brew.cannot_clean_up = true;
	assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	assert_int_equal(job_cancel(&brew.staged.job, &why), CAUSE_GONE);
	assert_string_equal(reason_root(&why), "the sink is gone");
	assert_int_equal(brew.cleaned_after, CAUSE_NONE);
	job_free(&brew.staged.job);
	assert_string_equal(brew.log, "f?cd");
}

static void
a_job_that_never_ran_has_nothing_to_clean_up(void **state)
{
	struct brew brew = new_brew(1);
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(job_cancel(&brew.staged.job, &why), CAUSE_NONE);
	job_free(&brew.staged.job);
	assert_string_equal(brew.log, "d");
}

static void
a_job_that_is_freed_unfinished_cleans_up_first(void **state)
{
	struct brew brew = new_brew(9);
	struct reason why = REASON_INIT;
	bool done = false;

	(void)state;
	assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	job_free(&brew.staged.job);
	assert_string_equal(brew.log, "f?cd");
}

static bool
has_boiled(struct staged_job *staged)
{
	return brew_of(staged)->boils > 0;
}

static enum cause
cool(struct staged_job *staged, bool *done, struct reason *why)
{
	struct brew *brew = brew_of(staged);

	note(brew, 'l');
	if (brew->cannot_clean_up)
		return reason_begin(why, CAUSE_GONE, "the sink is gone");
	*done = --brew->boils == 0;
	staged->job.wait_us = *done ? 0 : 500;
	return CAUSE_NONE;
}

static const struct job_stage cooling[] = {
	{ "cool", cool, has_boiled },
	{ NULL, NULL, NULL },
};

static const struct staged_ops cooling_ops = { .failed = brewing_failed,
					       .free = drop,
					       .ending = cooling };

/* Boiling has begun; it may fail at the next step. */
static struct brew
new_cooled_brew(struct fake_probe *fake)
{
	struct brew brew = { .boil_steps = 9 };
	struct reason why = REASON_INIT;
	bool done = false;

	staged_job_init(&brew.staged, "brewing", brewing, &cooling_ops);
	brew.staged.clock = &fake->clock;
	for (int i = 0; i < 3; i++)
		assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	assert_string_equal(brew.log, "f?bb");
	return brew;
}

static void
an_early_end_cleans_up_in_steps(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct brew brew = new_cooled_brew(fake);
	struct reason why = REASON_INIT;
	bool done = false;

	(void)state;
	assert_true(job_end(&brew.staged.job));
	assert_string_equal(brew.log, "f?bb");
	assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	assert_false(done);
	assert_int_equal(brew.staged.job.wait_us, 500);
	assert_true(job_end(&brew.staged.job)); /* changes nothing */
	assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	assert_true(done);
	job_free(&brew.staged.job);
	assert_string_equal(brew.log, "f?bblld");
	fake_probe_free(fake);
}

static void
an_early_end_has_nothing_to_do_when_nothing_was_begun(void **state)
{
	struct brew brew = { .boil_steps = 1 };
	struct reason why = REASON_INIT;
	bool done = false;

	(void)state;
	staged_job_init(&brew.staged, "brewing", brewing, &cooling_ops);
	assert_true(job_end(&brew.staged.job));
	assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	assert_true(done);
	assert_string_equal(brew.log, "");
	brew = new_brew(1);
	assert_false(job_end(&brew.staged.job));
}

static void
after_a_failure_it_cleans_up_in_steps_and_reports_the_first(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);

	(void)state;
	for (int cannot = 0; cannot < 2; cannot++) {
		struct brew brew = new_cooled_brew(fake);
		struct reason why = REASON_INIT;
		bool done = false;
		char line[128];

		brew.fails_to_boil = true;
		brew.cannot_clean_up = cannot;
		assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
		assert_false(done);
		assert_int_equal(job_run(&brew.staged.job, &fake->clock, &why),
				 CAUSE_TIMEOUT);
		reason_line(&why, line, sizeof(line));
		assert_string_equal(line, "making tea: it stays cold");
		job_free(&brew.staged.job);
		assert_string_equal(brew.log, cannot ? "f?bbblxd" : "f?bbbllxd");
	}
	fake_probe_free(fake);
}

static void
cancelling_and_freeing_do_at_once_what_an_early_end_does(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct brew brew = new_cooled_brew(fake);
	struct reason why = REASON_INIT;
	bool done = false;

	(void)state;
	assert_int_equal(job_cancel(&brew.staged.job, &why), CAUSE_NONE);
	assert_int_equal(job_cancel(&brew.staged.job, &why), CAUSE_NONE);
	job_free(&brew.staged.job);
	assert_string_equal(brew.log, "f?bblld");
	brew = new_cooled_brew(fake);
	brew.fails_to_boil = true;
	assert_int_equal(job_step(&brew.staged.job, &done, &why), CAUSE_NONE);
	job_free(&brew.staged.job); /* while it cleans up */
	assert_string_equal(brew.log, "f?bbblld");
	brew = new_cooled_brew(fake);
	brew.cannot_clean_up = true;
	assert_int_equal(job_cancel(&brew.staged.job, &why), CAUSE_GONE);
	fake_probe_free(fake);
}

/* The sanitizer says so when it is not freed, or twice. */
static void
a_job_without_a_free_of_its_own_is_one_allocation(void **state)
{
	static const struct staged_ops none = { 0 };
	struct staged_job *staged = malloc(sizeof(*staged));
	struct reason why = REASON_INIT;
	bool done = false;

	(void)state;
	assert_non_null(staged);
	staged_job_init(staged, "nothing", &brewing[4], &none);
	assert_int_equal(job_step(&staged->job, &done, &why), CAUSE_NONE);
	assert_true(done);
	job_free(&staged->job);
}

static void
keep_line(enum log_level level, const char *room, const char *text, void *context)
{
	struct text *kept = context;

	assert_int_equal(level, LOG_DEBUG);
	text_add(kept, "%s: %s\n", room, text);
}

static enum cause
simmer(struct staged_job *staged, bool *done, struct reason *why)
{
	struct brew *brew = brew_of(staged);

	(void)why;
	*done = ++brew->boils == 3;
	clock_sleep_us(staged->clock, 700);
	return CAUSE_NONE;
}

static void
the_log_has_how_long_each_stage_took_waits_included(void **state)
{
	static const struct job_stage stages[] = { { "simmer", simmer, NULL },
						   { "sweeten", sweeten, is_sweet },
						   { "fill", fill, NULL },
						   { NULL, NULL, NULL } };
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct brew brew = new_brew(3);
	struct reason why = REASON_INIT;
	char buffer[256];
	struct text kept;

	(void)state;
	text_init(&kept, buffer, sizeof(buffer));
	assert_true(log_set("job=debug"));
	log_set_sink(keep_line, &kept);
	staged_job_go(&brew.staged, stages);
	brew.staged.clock = &fake->clock;
	assert_int_equal(job_run(&brew.staged.job, &fake->clock, &why), CAUSE_NONE);
	assert_string_equal(buffer, "job: brewing: \"simmer\" took 2.100 ms\n"
				    "job: brewing: \"fill\" took 0.000 ms\n");
	log_set_sink(NULL, NULL);
	assert_true(log_set("job=info"));
	fake_probe_free(fake);
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
		cmocka_unit_test(stages_run_in_order_each_until_it_is_done),
		cmocka_unit_test(
			a_stage_whose_condition_does_not_hold_is_skipped_also_the_last),
		cmocka_unit_test(a_failing_stage_cleans_up_once_and_its_reason_is_kept),
		cmocka_unit_test(a_failed_job_may_go_on_another_way),
		cmocka_unit_test(a_cancelled_job_cleans_up_and_says_when_it_could_not),
		cmocka_unit_test(a_job_that_never_ran_has_nothing_to_clean_up),
		cmocka_unit_test(a_job_that_is_freed_unfinished_cleans_up_first),
		cmocka_unit_test(an_early_end_cleans_up_in_steps),
		cmocka_unit_test(an_early_end_has_nothing_to_do_when_nothing_was_begun),
		cmocka_unit_test(
			after_a_failure_it_cleans_up_in_steps_and_reports_the_first),
		cmocka_unit_test(cancelling_and_freeing_do_at_once_what_an_early_end_does),
		cmocka_unit_test(a_job_without_a_free_of_its_own_is_one_allocation),
		cmocka_unit_test(the_log_has_how_long_each_stage_took_waits_included),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
