/* SPDX-License-Identifier: MIT */
#include "transport/base/log.h"

#include "transport/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct heard {
	unsigned lines;
	enum log_level level;
	char room[16];
	char text[13000];
};

static void
hear(enum log_level level, const char *room, const char *text, void *context)
{
	struct heard *heard = context;

	heard->lines++;
	heard->level = level;
	snprintf(heard->room, sizeof(heard->room), "%s", room);
	snprintf(heard->text, sizeof(heard->text), "%s", text);
}

static struct heard heard;

/* The log is process-wide, so each test begins at the level it starts with. */
static int
listen_in(void **state)
{
	(void)state;
	heard = (struct heard){ 0 };
	log_set_sink(hear, &heard);
	return log_set("info") ? 0 : 1;
}

static void
a_line_has_level_room_and_text(void **state)
{
	(void)state;
	log_info("probe", "%d V", 3);
	assert_int_equal(heard.lines, 1);
	assert_int_equal(heard.level, LOG_INFO);
	assert_string_equal(heard.room, "probe");
	assert_string_equal(heard.text, "3 V");
}

static void
lines_below_the_level_are_not_written(void **state)
{
	(void)state;
	log_debug("probe", "hidden");
	log_wire("probe", "hidden");
	assert_int_equal(heard.lines, 0);
	assert_true(log_set("error"));
	log_warning("probe", "hidden");
	assert_int_equal(heard.lines, 0);
	log_error("probe", "shown");
	assert_int_equal(heard.lines, 1);
}

static void
one_room_can_be_set_apart(void **state)
{
	(void)state;
	assert_true(log_set("flash=wire"));
	assert_true(log_wants(LOG_WIRE, "flash"));
	assert_false(log_wants(LOG_DEBUG, "probe"));
	assert_true(log_set("flash=error"));
	assert_false(log_wants(LOG_WARNING, "flash"));
	assert_true(log_wants(LOG_INFO, "probe"));
}

static void
settings_that_mean_nothing_are_refused_and_change_nothing(void **state)
{
	(void)state;
	assert_false(log_set("loud"));
	assert_false(log_set(""));
	assert_false(log_set("=info"));
	assert_false(log_set("probe="));
	assert_false(log_set("probe=loud"));
	assert_false(log_set("a_room_with_a_long_name=info"));
	assert_true(log_wants(LOG_INFO, "probe"));
	assert_false(log_wants(LOG_DEBUG, "probe"));
}

static void
a_long_line_is_cut_and_still_written(void **state)
{
	static char longest[13000];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	log_info("probe", "%s", longest);
	assert_int_equal(heard.lines, 1);
	assert_int_equal(strlen(heard.text), 12543);
}

/* Last: it uses the places up. */
static void
a_room_set_again_takes_no_second_place_and_the_seventeenth_room_is_refused(void **state)
{
	char setting[32];

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_true(log_set("again=debug"));
	for (int i = 0; i < 14; i++) {
		snprintf(setting, sizeof(setting), "room%d=debug", i);
		assert_true(log_set(setting));
	}
	assert_false(log_set("onemore=debug"));
	assert_true(log_set("again=error"));
	assert_false(log_wants(LOG_INFO, "again"));
}

static void
a_room_is_recorded_whether_it_is_shown_or_not(void **state)
{
	FILE *file = tmpfile();
	char line[32];

	(void)state;
	assert_non_null(file);
	assert_true(log_set("info"));
	log_record("probe", file);
	assert_true(log_wants(LOG_WIRE, "probe"));
	assert_false(log_wants(LOG_WIRE, "rsp"));
	log_wire("probe", "> %02x", 0xf1u);
	log_wire("rsp", "not this");
	log_debug("probe", "nor this");
	log_record("probe", NULL);
	log_wire("probe", "nor what comes later");
	rewind(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, "> f1\n");
	assert_null(fgets(line, sizeof(line), file));
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_room_is_recorded_whether_it_is_shown_or_not),
		cmocka_unit_test_setup(a_line_has_level_room_and_text, listen_in),
		cmocka_unit_test_setup(lines_below_the_level_are_not_written, listen_in),
		cmocka_unit_test_setup(one_room_can_be_set_apart, listen_in),
		cmocka_unit_test_setup(
			settings_that_mean_nothing_are_refused_and_change_nothing,
			listen_in),
		cmocka_unit_test_setup(a_long_line_is_cut_and_still_written, listen_in),
		cmocka_unit_test_setup(
			a_room_set_again_takes_no_second_place_and_the_seventeenth_room_is_refused,
			listen_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
