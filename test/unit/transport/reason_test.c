/* SPDX-License-Identifier: MIT */
#include "transport/base/reason.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
a_reason_reads_from_the_outside_to_its_root(void **state)
{
	struct reason why = REASON_INIT;
	char text[512];

	(void)state;
	reason_begin(&why, CAUSE_PROTECTED, "FLASH_SR is 0x%08x", 0x10u);
	reason_while(&why, "programming %d bytes at 0x%08x", 256, 0x08000100u);
	reason_while(&why, "load");
	reason_suspect(&why, FINDING_D1);
	reason_text(&why, text, sizeof(text));
	assert_string_equal(text, "load\n"
				  "  because programming 256 bytes at 0x08000100\n"
				  "  because FLASH_SR is 0x00000010\n"
				  "try: tether recover, or monitor recover in gdb, sets "
				  "RDP back to level 0, with consent; that erases the "
				  "whole flash\n");
}

static void
a_reason_fits_on_one_line(void **state)
{
	struct reason why = REASON_INIT;
	char line[512];
	size_t len;

	(void)state;
	reason_begin(&why, CAUSE_GONE, "root");
	reason_while(&why, "inner");
	reason_while(&why, "outer");
	reason_suspect(&why, FINDING_A7);
	len = reason_line(&why, line, sizeof(line));
	assert_string_equal(line, "outer: inner: root (try: re-plug the probe)");
	assert_int_equal(len, strlen(line));
}

static void
a_reason_without_a_finding_has_no_remedy(void **state)
{
	struct reason why = REASON_INIT;
	char line[64];

	(void)state;
	reason_begin(&why, CAUSE_GONE, "root");
	reason_line(&why, line, sizeof(line));
	assert_string_equal(line, "root");
	assert_string_equal(reason_remedy(&why), "");
}

static void
begin_while_and_becomes_return_the_cause_to_be_returned(void **state)
{
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(reason_begin(&why, CAUSE_TIMEOUT, "root"), CAUSE_TIMEOUT);
	assert_int_equal(reason_while(&why, "outer"), CAUSE_TIMEOUT);
	assert_int_equal(reason_becomes(&why, CAUSE_GONE), CAUSE_GONE);
	assert_int_equal(reason_while(&why, "outermost"), CAUSE_GONE);
	assert_string_equal(reason_root(&why), "root");
}

static void
a_new_reason_forgets_the_old_one_and_its_finding(void **state)
{
	struct reason why = REASON_INIT;
	char text[128];

	(void)state;
	reason_begin(&why, CAUSE_GONE, "old");
	reason_while(&why, "old outer");
	reason_suspect(&why, FINDING_A7);
	reason_begin(&why, CAUSE_HOST, "new");
	reason_text(&why, text, sizeof(text));
	assert_string_equal(text, "new\n");
	assert_int_equal(why.cause, CAUSE_HOST);
}

static void
no_reason_has_no_words(void **state)
{
	struct reason why = REASON_INIT;
	char text[8] = "xxx";

	(void)state;
	assert_string_equal(reason_outermost(&why), "");
	assert_string_equal(reason_root(&why), "");
	assert_string_equal(reason_remedy(&why), "");
	assert_int_equal(reason_text(&why, text, sizeof(text)), 0);
	assert_string_equal(text, "");
}

static void
too_many_lines_keep_the_root_and_the_outermost(void **state)
{
	struct reason why = REASON_INIT;
	char outermost[16];

	(void)state;
	reason_begin(&why, CAUSE_FAULT, "root");
	for (int i = 1; i <= 100; i++)
		reason_while(&why, "line %d", i);
	snprintf(outermost, sizeof(outermost), "line %d", 100);
	assert_string_equal(reason_root(&why), "root");
	assert_string_equal(reason_outermost(&why), outermost);
	assert_true(why.lines <= REASON_LINES);
	assert_int_equal(why.lines + why.dropped, 101);
}

static void
long_lines_are_cut_and_never_overrun_the_space(void **state)
{
	struct reason why = REASON_INIT;
	char longest[2 * REASON_LINE_MAX];
	char lines[2 * REASON_SPACE];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	reason_begin(&why, CAUSE_FAULT, "root %s", longest);
	for (int i = 0; i < 50; i++) {
		reason_while(&why, "%d %s", i, longest);
		assert_true(why.used <= REASON_SPACE);
	}
	reason_while(&why, "outermost");
	reason_suspect_with(&why, FINDING_A2, "%s", longest);
	assert_int_equal(strlen(reason_root(&why)), REASON_LINE_MAX - 1);
	assert_memory_equal(reason_root(&why), "root xxx", 8);
	assert_string_equal(reason_outermost(&why), "outermost");
	assert_int_equal(strlen(reason_remedy(&why)), REASON_LINE_MAX - 1);
	assert_true(reason_text(&why, lines, sizeof(lines)) < sizeof(lines));
}

static void
a_small_buffer_gets_a_terminated_beginning(void **state)
{
	struct reason why = REASON_INIT;
	char small[6];

	(void)state;
	reason_begin(&why, CAUSE_FAULT, "a long root");
	assert_int_equal(reason_line(&why, small, sizeof(small)), 5);
	assert_string_equal(small, "a lon");
	assert_int_equal(reason_text(&why, small, sizeof(small)), 5);
	assert_string_equal(small, "a lon");
}

static void
lines_with_percent_signs_are_not_formats(void **state)
{
	struct reason why = REASON_INIT;
	char line[64];

	(void)state;
	reason_begin(&why, CAUSE_FAULT, "%s", "100%s of %n");
	reason_line(&why, line, sizeof(line));
	assert_string_equal(line, "100%s of %n");
}

static void
every_cause_has_a_name_of_its_own(void **state)
{
	(void)state;
	assert_string_equal(cause_name(CAUSE_NONE), "none");
	assert_string_equal(cause_name(CAUSE_TIMEOUT), "timeout");
	for (int i = CAUSE_NONE; i <= CAUSE_BUG; i++)
		for (int j = CAUSE_NONE; j < i; j++)
			assert_string_not_equal(cause_name((enum cause)i),
						cause_name((enum cause)j));
}

static void
a_suspicion_adds_its_sentence_and_its_remedy(void **state)
{
	struct reason why = REASON_INIT;
	char text[512];

	(void)state;
	reason_begin(&why, CAUSE_GONE, "no answer");
	reason_while(&why, "connecting");
	reason_saw(&why, FACT_TARGET_VOLTAGE, 3300);
	reason_suspect(&why, FINDING_B6);
	reason_text(&why, text, sizeof(text));
	assert_string_equal(text,
			    "connecting\n"
			    "  because no answer\n"
			    "  seen: target voltage 3.30 V\n"
			    "  probably SWDIO, SWCLK or GND is not connected\n"
			    "try: check SWDIO, SWCLK, GND and NRST from the probe to the "
			    "chip\n");
	reason_line(&why, text, sizeof(text));
	assert_string_equal(
		text, "connecting: no answer [target voltage 3.30 V] (probably SWDIO, "
		      "SWCLK or GND is not connected; "
		      "try: check SWDIO, SWCLK, GND and NRST from the probe to the "
		      "chip)");
}

/* What is certain is what the lines say. */
static void
a_certain_finding_adds_its_remedy_only(void **state)
{
	struct reason why = REASON_INIT;
	char line[128];

	(void)state;
	reason_begin(&why, CAUSE_REQUEST, "cm4 runs");
	reason_suspect(&why, FINDING_REQUEST_CORE_RUNS);
	reason_line(&why, line, sizeof(line));
	assert_string_equal(line, "cm4 runs (try: halt it first)");
}

static void
the_later_of_two_suspicions_stays_unless_the_first_is_heavier(void **state)
{
	struct reason why = REASON_INIT;

	(void)state;
	reason_begin(&why, CAUSE_GONE, "root");
	assert_int_equal(reason_finding(&why), FINDING_NONE);
	reason_suspect(&why, FINDING_LINK_SILENT);
	reason_suspect(&why, FINDING_TARGET_SILENT);
	assert_int_equal(reason_finding(&why), FINDING_TARGET_SILENT);
	reason_suspect(&why, FINDING_B10);
	reason_suspect(&why, FINDING_TARGET_SILENT);
	assert_int_equal(reason_finding(&why), FINDING_B10);
	reason_suspect(&why, FINDING_A7);
	reason_suspect(&why, FINDING_B1);
	assert_int_equal(reason_finding(&why), FINDING_A7);
	assert_string_equal(reason_remedy(&why), "re-plug the probe");
}

static void
a_new_reason_has_neither_the_suspicion_nor_the_evidence_of_the_old(void **state)
{
	struct reason why = REASON_INIT;
	char line[64];

	(void)state;
	reason_begin(&why, CAUSE_GONE, "old");
	reason_suspect_with(&why, FINDING_A10, "%s", "066D");
	reason_could_not_see(&why, FACT_TARGET_VOLTAGE);
	reason_begin(&why, CAUSE_HOST, "new");
	reason_line(&why, line, sizeof(line));
	assert_string_equal(line, "new");
	assert_int_equal(reason_finding(&why), FINDING_NONE);
}

/* As after experiments that refuted what was thought before them. */
static void
a_second_conclusion_takes_the_place_of_the_first(void **state)
{
	struct reason why = REASON_INIT;
	char words[REASON_SPACE];

	(void)state;
	reason_begin(&why, CAUSE_GONE, "root");
	reason_conclude(&why, FINDING_B10, false);
	reason_also(&why, finding_row(FINDING_B2)->sentence);
	reason_conclude(&why, FINDING_LINK_NO_CLOCK_HELPS, false);
	reason_also(&why, finding_row(FINDING_B9)->sentence);
	reason_text(&why, words, sizeof(words));
	assert_null(strstr(words, "lower the clock"));
	assert_null(strstr(words, finding_row(FINDING_B2)->sentence));
	assert_non_null(strstr(words, finding_row(FINDING_B9)->sentence));
}

static void
what_else_fits_is_in_whole_sentences_or_left_out(void **state)
{
	struct reason why = REASON_INIT;
	char words[REASON_SPACE];
	const char *end;

	(void)state;
	reason_begin(&why, CAUSE_GONE, "root");
	reason_conclude(&why, FINDING_B6, false);
	for (unsigned i = 0; i < 40; i++)
		reason_also(&why, finding_row(FINDING_D2)->sentence);
	reason_text(&why, words, sizeof(words));
	end = strstr(words, "\ntry: ");
	assert_non_null(end);
	end -= strlen("or its firmware close the debug port");
	assert_memory_equal(end, "or its firmware close the debug port",
			    strlen("or its firmware close the debug port"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reason_reads_from_the_outside_to_its_root),
		cmocka_unit_test(a_reason_fits_on_one_line),
		cmocka_unit_test(a_reason_without_a_finding_has_no_remedy),
		cmocka_unit_test(begin_while_and_becomes_return_the_cause_to_be_returned),
		cmocka_unit_test(a_new_reason_forgets_the_old_one_and_its_finding),
		cmocka_unit_test(no_reason_has_no_words),
		cmocka_unit_test(too_many_lines_keep_the_root_and_the_outermost),
		cmocka_unit_test(long_lines_are_cut_and_never_overrun_the_space),
		cmocka_unit_test(a_small_buffer_gets_a_terminated_beginning),
		cmocka_unit_test(lines_with_percent_signs_are_not_formats),
		cmocka_unit_test(every_cause_has_a_name_of_its_own),
		cmocka_unit_test(a_suspicion_adds_its_sentence_and_its_remedy),
		cmocka_unit_test(a_certain_finding_adds_its_remedy_only),
		cmocka_unit_test(
			the_later_of_two_suspicions_stays_unless_the_first_is_heavier),
		cmocka_unit_test(
			a_new_reason_has_neither_the_suspicion_nor_the_evidence_of_the_old),
		cmocka_unit_test(a_second_conclusion_takes_the_place_of_the_first),
		cmocka_unit_test(what_else_fits_is_in_whole_sentences_or_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
