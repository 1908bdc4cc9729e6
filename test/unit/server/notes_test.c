/* SPDX-License-Identifier: MIT */
#include "server/session/notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct notes notes;
static char lines[NOTES_SPACE];

static int
fresh_notes(void **state)
{
	(void)state;
	memset(&notes, 0, sizeof(notes));
	return 0;
}

static const char *
take(void)
{
	notes_take(&notes, lines, sizeof(lines));
	return lines;
}

static void
notes_are_kept_in_order_and_taken_once(void **state)
{
	(void)state;
	assert_true(notes_keep(&notes, NOTE_EVENT, "one\n"));
	assert_true(notes_keep(&notes, NOTE_STATE, "two\n"));
	assert_string_equal(take(), "one\ntwo\n");
	assert_string_equal(take(), "");
}

static void
the_same_note_twice_in_a_row_is_kept_once(void **state)
{
	(void)state;
	assert_true(notes_keep(&notes, NOTE_FAILURE, "one\n"));
	assert_false(notes_keep(&notes, NOTE_FAILURE, "one\n"));
	assert_string_equal(take(), "one\n");
	assert_false(notes_keep(&notes, NOTE_FAILURE, "one\n"));
	assert_string_equal(take(), "");
}

static void
the_same_note_after_another_is_kept_again(void **state)
{
	(void)state;
	notes_keep(&notes, NOTE_EVENT, "one\n");
	notes_keep(&notes, NOTE_EVENT, "two\n");
	assert_true(notes_keep(&notes, NOTE_EVENT, "one\n"));
	assert_string_equal(take(), "one\ntwo\none\n");
}

static void
what_was_said_at_once_is_not_kept_behind_it(void **state)
{
	(void)state;
	assert_true(notes_pass(&notes, "one\n"));
	assert_false(notes_keep(&notes, NOTE_EVENT, "one\n"));
	assert_false(notes_pass(&notes, "one\n"));
	assert_false(notes_keep(&notes, NOTE_EVENT, "note: one\n"));
	notes_allow_repeat(&notes);
	assert_true(notes_pass(&notes, "one\n"));
}

static void
notes_about_what_is_over_are_dropped(void **state)
{
	(void)state;
	notes_keep(&notes, NOTE_STATE, "locked up\n");
	notes_keep(&notes, NOTE_EVENT, "reset\n");
	notes_keep(&notes, NOTE_FAILURE, "cannot read\n");
	notes_keep(&notes, NOTE_LOAD, "load failed\n");
	notes_drop(&notes, NOTE_STATE | NOTE_FAILURE);
	assert_string_equal(take(), "reset\nload failed\n");
}

static void
the_oldest_make_room(void **state)
{
	char line[NOTES_SPACE / 4];

	(void)state;
	for (unsigned i = 0; i < NOTES_MAX + 1; i++) {
		snprintf(line, sizeof(line), "%u\n", i);
		notes_keep(&notes, NOTE_EVENT, line);
	}
	assert_int_equal(strncmp(take(), "1\n2\n", 4), 0);
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (int first = 'a'; first < 'g'; first++) {
		line[0] = (char)first;
		notes_keep(&notes, NOTE_EVENT, line);
	}
	assert_int_equal(take()[0], 'c');
}

static void
a_note_that_is_too_long_is_not_kept(void **state)
{
	static char line[NOTES_SPACE + 1];

	(void)state;
	memset(line, 'x', NOTES_SPACE);
	assert_false(notes_keep(&notes, NOTE_EVENT, line));
	assert_string_equal(take(), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(notes_are_kept_in_order_and_taken_once, fresh_notes),
		cmocka_unit_test_setup(the_same_note_twice_in_a_row_is_kept_once,
				       fresh_notes),
		cmocka_unit_test_setup(the_same_note_after_another_is_kept_again,
				       fresh_notes),
		cmocka_unit_test_setup(what_was_said_at_once_is_not_kept_behind_it,
				       fresh_notes),
		cmocka_unit_test_setup(notes_about_what_is_over_are_dropped, fresh_notes),
		cmocka_unit_test_setup(the_oldest_make_room, fresh_notes),
		cmocka_unit_test_setup(a_note_that_is_too_long_is_not_kept, fresh_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
