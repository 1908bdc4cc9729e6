/* SPDX-License-Identifier: MIT */
#include "transport/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
a_new_text_is_empty_and_terminated(void **state)
{
	char buffer[4] = "xxx";
	struct text text;

	(void)state;
	text_init(&text, buffer, sizeof(buffer));
	assert_string_equal(buffer, "");
	assert_int_equal(text.used, 0);
	assert_false(text.is_cut);
}

static void
pieces_follow_each_other(void **state)
{
	char buffer[32];
	struct text text;

	(void)state;
	text_init(&text, buffer, sizeof(buffer));
	text_add(&text, "%s=%d", "a", 1);
	text_add(&text, ", %c", 'b');
	assert_string_equal(buffer, "a=1, b");
	assert_int_equal(text.used, 6);
}

static void
a_text_that_just_fits_is_not_cut(void **state)
{
	char buffer[5];
	struct text text;

	(void)state;
	text_init(&text, buffer, sizeof(buffer));
	text_add(&text, "abcd");
	assert_string_equal(buffer, "abcd");
	assert_false(text.is_cut);
}

static void
what_does_not_fit_is_cut_and_nothing_behind_is_touched(void **state)
{
	char buffer[8];
	struct text text;

	(void)state;
	memset(buffer, '#', sizeof(buffer));
	text_init(&text, buffer, 5);
	text_add(&text, "ab");
	text_add(&text, "%s", "cdefgh");
	assert_string_equal(buffer, "abcd");
	assert_true(text.is_cut);
	assert_int_equal(text.used, 4);
	text_add(&text, "more");
	assert_string_equal(buffer, "abcd");
	assert_memory_equal(buffer + 5, "###", 3);
}

static void
a_buffer_of_one_holds_the_empty_text(void **state)
{
	char buffer[2] = "#";
	struct text text;

	(void)state;
	text_init(&text, buffer, 1);
	text_add(&text, "%d", 12345);
	assert_string_equal(buffer, "");
	assert_true(text.is_cut);
}

static void
a_string_begins_with_what_it_has_first_in_the_same_letters(void **state)
{
	(void)state;
	assert_true(text_begins("qRcmd,7265", "qRcmd,"));
	assert_true(text_begins("halt", ""));
	assert_true(text_begins("halt", "halt"));
	assert_false(text_begins("ha", "halt"));
	assert_false(text_begins("Halt", "halt"));
	assert_false(text_begins(" halt", "halt"));
}

static void
words_are_alike_that_differ_in_capitals_only(void **state)
{
	(void)state;
	assert_true(text_is_like("nRST_Stop", "NRST_STOP"));
	assert_true(text_is_like("", ""));
	assert_false(text_is_like("WRP", "WRP1A"));
	assert_false(text_is_like("WRP1A", "WRP"));
	assert_false(text_is_like("a[", "a{"));
	assert_true(text_begins_like("J-Link:1", "j-link"));
	assert_true(text_begins_like("halt", ""));
	assert_false(text_begins_like("ha", "halt"));
	assert_false(text_begins_like("hard", "halt"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_text_is_empty_and_terminated),
		cmocka_unit_test(pieces_follow_each_other),
		cmocka_unit_test(a_text_that_just_fits_is_not_cut),
		cmocka_unit_test(what_does_not_fit_is_cut_and_nothing_behind_is_touched),
		cmocka_unit_test(a_buffer_of_one_holds_the_empty_text),
		cmocka_unit_test(
			a_string_begins_with_what_it_has_first_in_the_same_letters),
		cmocka_unit_test(words_are_alike_that_differ_in_capitals_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
