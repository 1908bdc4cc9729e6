/* SPDX-License-Identifier: MIT */
#include "transport/base/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { BEGIN_US = 7000000 };

static bool
is_due(struct progress *progress, unsigned after_us, unsigned permille)
{
	struct job job = { .name = "programming flash", .done_permille = permille };

	return progress_is_due(progress, &job, BEGIN_US + after_us);
}

static void
a_job_that_is_over_soon_shows_nothing(void **state)
{
	struct progress progress;

	(void)state;
	progress_begin(&progress, BEGIN_US, PROGRESS_PERIOD_US, 1);
	assert_false(is_due(&progress, 0, 10));
	assert_false(is_due(&progress, PROGRESS_PERIOD_US - 1, 900));
	assert_true(is_due(&progress, PROGRESS_PERIOD_US, 900));
}

static void
a_line_comes_at_most_twice_a_second(void **state)
{
	struct progress progress;
	unsigned lines = 0;

	(void)state;
	progress_begin(&progress, BEGIN_US, PROGRESS_PERIOD_US, 1);
	for (unsigned ms = 0; ms < 10000; ms++)
		lines += is_due(&progress, ms * 1000, ms / 10);
	assert_int_equal(lines, 19);
}

static void
what_has_not_moved_is_not_shown_again(void **state)
{
	struct progress progress;

	(void)state;
	progress_begin(&progress, BEGIN_US, PROGRESS_PERIOD_US, 10);
	assert_false(is_due(&progress, 1000000, 0));
	assert_false(is_due(&progress, 1500000, 99));
	assert_true(is_due(&progress, 2000000, 100));
	assert_false(is_due(&progress, 3000000, 199));
	assert_true(is_due(&progress, 3500000, 200));
}

static void
words_and_bar_have_the_name_and_the_part_that_is_done(void **state)
{
	struct job job = { .name = "erasing flash", .done_permille = 256 };
	char buffer[128];
	struct text words;

	(void)state;
	text_init(&words, buffer, sizeof(buffer));
	progress_add_words(&job, &words);
	assert_string_equal(buffer, "erasing flash: 25 %");
	text_init(&words, buffer, sizeof(buffer));
	progress_add_bar(&job, &words);
	assert_string_equal(
		buffer, "erasing flash [##########..............................]  25 %");
	job.done_permille = 1000;
	text_init(&words, buffer, sizeof(buffer));
	progress_add_bar(&job, &words);
	assert_string_equal(
		buffer, "erasing flash [########################################] 100 %");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_that_is_over_soon_shows_nothing),
		cmocka_unit_test(a_line_comes_at_most_twice_a_second),
		cmocka_unit_test(what_has_not_moved_is_not_shown_again),
		cmocka_unit_test(words_and_bar_have_the_name_and_the_part_that_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
