/* SPDX-License-Identifier: MIT */
/* What a run counted, and how it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/emulator/base/stats.h"

enum { MAX_TEXT = 4096 };

static int
set_up(void **state)
{
	*state = calloc(1, sizeof(struct stats));
	return *state ? 0 : -1;
}

static int
tear_down(void **state)
{
	free(*state);
	return 0;
}

static void
written(const struct stats *stats, char text[MAX_TEXT])
{
	FILE *file = fmemopen(text, MAX_TEXT, "w");

	assert_non_null(file);
	stats_write(stats, file);
	fclose(file);
}

static void
erases_of_one_sector_are_added_up(void **state)
{
	struct stats *stats = *state;

	stats_erased(stats, 0x08000000, 2048);
	stats_erased(stats, 0x08000800, 2048);
	stats_erased(stats, 0x08000000, 2048);
	assert_int_equal(stats->erased_len, 2);
	assert_int_equal(stats->erased[0].count, 2);
	assert_int_equal(stats->erased[1].count, 1);
}

static void
times_are_written_in_microseconds(void **state)
{
	struct stats *stats = *state;
	char text[MAX_TEXT];

	stats->device_ns = 1234567;
	stats->busy_ns = 5000;
	written(stats, text);
	assert_non_null(strstr(text, "\"device_us\": 1234,"));
	assert_non_null(strstr(text, "\"busy_us\": 5,"));
	assert_non_null(strstr(text, "\"thinking_us\": 1229,"));
}

static void
resets_and_sectors_are_listed_by_name_and_address(void **state)
{
	struct stats *stats = *state;
	char text[MAX_TEXT];

	stats->resets[RESET_BY_OPTION_BYTES] = 3;
	stats_erased(stats, 0x08000800, 2048);
	written(stats, text);
	assert_non_null(strstr(text, "\"option_bytes\": 3 }"));
	assert_non_null(
		strstr(text, "{ \"at\": \"0x08000800\", \"size\": 2048, \"count\": 1 }"));
	assert_string_equal(text + strlen(text) - 6, "  ]\n}\n");
}

static void
words_that_a_debugger_wrote_are_counted_and_none_is_lost(void **state)
{
	struct stats *stats = *state;
	char text[MAX_TEXT];

	stats_debugger_wrote(stats, 0xe000edf0);
	stats_debugger_wrote(stats, 0x20000002);
	stats_debugger_wrote(stats, 0xe000edf0);
	for (unsigned i = 0; i < STATS_MAX_WRITTEN; i++)
		stats_debugger_wrote(stats, 0x40000000 + 4 * i);
	stats->debugger_writes_len = 2;
	written(stats, text);
	assert_non_null(strstr(text, "{ \"word\": \"0xe000edf0\", \"count\": 2 }"));
	assert_non_null(strstr(text, "{ \"word\": \"0x20000000\", \"count\": 1 }"));
	assert_non_null(strstr(text, "\"debugger_writes_elsewhere\": 2,"));
}

static void
an_empty_run_is_an_empty_list(void **state)
{
	char text[MAX_TEXT];

	written(*state, text);
	assert_non_null(strstr(text, "\"erased\": []\n}\n"));
}

#define STATS_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STATS_TEST(erases_of_one_sector_are_added_up),
		STATS_TEST(times_are_written_in_microseconds),
		STATS_TEST(resets_and_sectors_are_listed_by_name_and_address),
		STATS_TEST(words_that_a_debugger_wrote_are_counted_and_none_is_lost),
		STATS_TEST(an_empty_run_is_an_empty_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
