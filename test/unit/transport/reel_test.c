/* SPDX-License-Identifier: MIT */
#include "transport/base/reel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HALF = 100 };

static void
write_lines(struct reel *reel, unsigned from, unsigned until)
{
	for (unsigned i = from; i < until; i++)
		fprintf(reel_line(reel), "line %03u\n", i);
}

static void
is_kept(struct reel *reel, const char *first, const char *last, size_t most)
{
	char *bytes = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&bytes, &size);

	assert_non_null(file);
	assert_true(reel_copy(reel, file));
	fclose(file);
	assert_memory_equal(bytes, first, strlen(first));
	assert_string_equal(bytes + size - strlen(last), last);
	assert_true(size <= most);
	free(bytes);
}

static void
what_fits_is_kept_whole(void **state)
{
	struct reel reel = { .file = NULL };

	(void)state;
	assert_true(reel_keep(&reel, HALF));
	write_lines(&reel, 0, 15);
	assert_false(reel.has_lost);
	is_kept(&reel, "line 000\n", "line 014\n", SIZE_MAX);
	reel_end(&reel);
}

static void
of_more_the_last_whole_lines_are_kept_in_bounded_memory(void **state)
{
	struct reel reel = { .file = NULL };

	(void)state;
	assert_true(reel_keep(&reel, HALF));
	for (unsigned i = 1; i <= 500; i++) {
		char last[] = "line 000\n";

		write_lines(&reel, i - 1, i);
		snprintf(last, sizeof(last), "line %03u\n", i - 1);
		is_kept(&reel, "line ", last, 2 * (HALF + strlen(last)));
	}
	assert_true(reel.has_lost);
	reel_end(&reel);
}

static void
a_file_takes_all_and_stays_the_callers(void **state)
{
	struct reel reel = { .file = NULL };
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	assert_true(reel_keep(&reel, HALF));
	reel_set_file(&reel, file);
	write_lines(&reel, 0, 500);
	assert_int_equal(ftell(file), 500 * strlen("line 000\n"));
	reel_end(&reel);
	assert_int_equal(fclose(file), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_is_kept_whole),
		cmocka_unit_test(of_more_the_last_whole_lines_are_kept_in_bounded_memory),
		cmocka_unit_test(a_file_takes_all_and_stays_the_callers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
