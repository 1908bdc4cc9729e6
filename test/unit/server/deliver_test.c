/* SPDX-License-Identifier: MIT */
#include "server/session/deliver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char buffer[4096];

/* The reply; *has_words is whether the words are in it. */
static const char *
reply(enum delivery how, bool takes_words, const char *words, bool *has_words)
{
	struct reason why = REASON_INIT;
	struct text text;

	reason_begin(&why, CAUSE_FAULT, "%s", words);
	text_init(&text, buffer, sizeof(buffer));
	*has_words = deliver_failure(
		how, &(struct error_dialect){ .takes_words = takes_words }, &why, &text);
	return buffer;
}

static void
memory_and_flash_packets_get_a_bare_code_from_both_kinds_of_clients(void **state)
{
	bool has_words = true;

	(void)state;
	assert_string_equal(reply(DELIVER_CODE, false, "no memory there", &has_words),
			    "E0e");
	assert_false(has_words);
	assert_string_equal(reply(DELIVER_CODE, true, "no memory there", &has_words),
			    "E0e");
	assert_false(has_words);
}

static void
register_packets_carry_words_to_both(void **state)
{
	bool has_words = false;

	(void)state;
	assert_string_equal(reply(DELIVER_WORDS, false, "it runs", &has_words),
			    "E.it runs");
	assert_true(has_words);
	assert_string_equal(reply(DELIVER_WORDS, true, "it runs", &has_words), "E.it runs");
	assert_true(has_words);
}

/* Words would be the register's value. */
static void
lldb_gets_codes_and_the_words_in_hexadecimal_when_it_asks(void **state)
{
	struct error_dialect lldb = { .takes_words = true, .is_lldb = true };
	struct reason why = REASON_INIT;
	struct text text;

	(void)state;
	reason_begin(&why, CAUSE_FAULT, "no");
	text_init(&text, buffer, sizeof(buffer));
	assert_false(deliver_failure(DELIVER_WORDS, &lldb, &why, &text));
	assert_string_equal(buffer, "E0e");
	lldb.takes_strings = true;
	text_init(&text, buffer, sizeof(buffer));
	assert_false(deliver_failure(DELIVER_BREAKPOINT, &lldb, &why, &text));
	assert_string_equal(buffer, "E0e;6e6f");
	text_init(&text, buffer, sizeof(buffer));
	assert_false(deliver_failure(DELIVER_CONSOLE, &lldb, &why, &text));
	assert_string_equal(buffer, "E0e");
}

/* gdb 13 shows only what follows the first dot after "E.". */
static void
a_breakpoints_words_begin_after_a_second_dot(void **state)
{
	bool has_words = false;

	(void)state;
	assert_string_equal(reply(DELIVER_BREAKPOINT, false, "all 6 in use", &has_words),
			    "E..all 6 in use");
	assert_true(has_words);
}

static void
detaching_and_running_carry_words_to_those_who_asked_for_them(void **state)
{
	bool has_words = false;

	(void)state;
	assert_string_equal(reply(DELIVER_IF_ASKED, true, "held in reset", &has_words),
			    "E.held in reset");
	assert_true(has_words);
	assert_string_equal(reply(DELIVER_IF_ASKED, false, "held in reset", &has_words),
			    "E0e");
	assert_false(has_words);
}

/* "E.words" to qRcmd would be an invalid hex digit for gdb 13. */
static void
a_monitor_command_never_fails_in_words(void **state)
{
	bool has_words = true;

	(void)state;
	assert_string_equal(reply(DELIVER_CONSOLE, true, "no such thing", &has_words),
			    "E0e");
	assert_false(has_words);
}

static void
what_would_break_a_packet_or_a_terminal_is_taken_out(void **state)
{
	bool has_words;

	(void)state;
	assert_string_equal(reply(DELIVER_WORDS, true, "a#b$c*d}e\033f\ng%s", &has_words),
			    "E.a b c d e f g%s");
}

static void
the_reason_and_the_remedy_are_on_one_line(void **state)
{
	struct reason why = REASON_INIT;
	struct text text;

	(void)state;
	reason_begin(&why, CAUSE_GONE, "no answer");
	reason_while(&why, "reading pc");
	reason_suspect(&why, FINDING_A7);
	text_init(&text, buffer, sizeof(buffer));
	deliver_failure(DELIVER_WORDS, &(struct error_dialect){ .takes_words = true }, &why,
			&text);
	assert_string_equal(buffer, "E.reading pc: no answer (try: re-plug the probe)");
}

static void
console_text_is_hexadecimal_and_without_escapes(void **state)
{
	struct text text;

	(void)state;
	text_init(&text, buffer, sizeof(buffer));
	deliver_console("a\033[1m#\n", &text);
	assert_string_equal(buffer, "O615b316d230a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			memory_and_flash_packets_get_a_bare_code_from_both_kinds_of_clients),
		cmocka_unit_test(register_packets_carry_words_to_both),
		cmocka_unit_test(lldb_gets_codes_and_the_words_in_hexadecimal_when_it_asks),
		cmocka_unit_test(a_breakpoints_words_begin_after_a_second_dot),
		cmocka_unit_test(
			detaching_and_running_carry_words_to_those_who_asked_for_them),
		cmocka_unit_test(a_monitor_command_never_fails_in_words),
		cmocka_unit_test(what_would_break_a_packet_or_a_terminal_is_taken_out),
		cmocka_unit_test(the_reason_and_the_remedy_are_on_one_line),
		cmocka_unit_test(console_text_is_hexadecimal_and_without_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
