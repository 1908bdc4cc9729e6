/* SPDX-License-Identifier: MIT */
#include "test/unit/stlink_chat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* GET_VERSION's answer of a V2-1: V2J37M26 and V2J35M26. */
#define V2J37 "29 5a 83 04 4b 37"
#define V2J35 "28 da 83 04 4b 37"
#define VOLTS "c7 05 00 00 c5 07 00 00" /* 1479 and 1989: 3.22 V */

static struct chat chat;
static struct probe_facts facts;
static struct reason why;

static enum cause
ask(const struct chat_line *lines, size_t len)
{
	enum cause cause;

	why = (struct reason)REASON_INIT;
	chat_init(&chat, lines, len);
	cause = stlink_read_facts(&chat.carrier, stlink_model_find(STLINK_VENDOR, 0x374b),
				  &facts, &why);
	chat_assert_over(&chat);
	return cause;
}

#define ASK(...)                                       \
	ask((const struct chat_line[]){ __VA_ARGS__ }, \
	    sizeof((const struct chat_line[]){ __VA_ARGS__ }) / sizeof(struct chat_line))

static void
a_probe_tells_firmware_supply_and_board_in_the_mode_it_is_in(void **state)
{
	(void)state;
	assert_int_equal(ASK(SAY("f1", V2J37), SAY("f5", "02 00"), SAY("f7", VOLTS),
			     SAY("f2 56", "80 00 30 38 33 35 00 00")),
			 CAUSE_NONE);
	assert_string_equal(facts.firmware, "V2J37M26");
	assert_true(facts.has_vtarget);
	assert_int_equal(facts.millivolts, 3227);
	assert_string_equal(facts.board, "ST's number 0835");
}

static void
one_that_answers_for_its_board_with_a_status_alone_has_none(void **state)
{
	(void)state;
	assert_int_equal(ASK(SAY("f1", V2J37), SAY("f5", "01 00"), SAY("f7", VOLTS),
			     SAY("f2 56", "80 00")),
			 CAUSE_NONE);
	assert_string_equal(facts.board, "");
}

static void
one_on_no_board_tells_zeros_which_are_no_name(void **state)
{
	(void)state;
	assert_int_equal(ASK(SAY("f1", V2J37), SAY("f5", "01 00"), SAY("f7", VOLTS),
			     SAY("f2 56", "80 00 00 00 00 00 00 00")),
			 CAUSE_NONE);
	assert_string_equal(facts.board, "");
}

static void
older_firmware_is_not_asked_for_its_board(void **state)
{
	(void)state;
	assert_int_equal(ASK(SAY("f1", V2J35), SAY("f5", "01 00"), SAY("f7", VOLTS)),
			 CAUSE_NONE);
	assert_string_equal(facts.firmware, "V2J35M26");
}

static void
a_loader_tells_its_version_only(void **state)
{
	(void)state;
	assert_int_equal(ASK(SAY("f1", V2J37), SAY("f5", "00 00")), CAUSE_NONE);
	assert_string_equal(facts.firmware, "V2J37M26");
	assert_false(facts.has_vtarget);
}

static void
one_that_does_not_answer_is_reported(void **state)
{
	(void)state;
	assert_int_equal(ASK(FAIL("f1", CAUSE_TIMEOUT)), CAUSE_TIMEOUT);
	assert_string_equal(facts.firmware, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_probe_tells_firmware_supply_and_board_in_the_mode_it_is_in),
		cmocka_unit_test(
			one_that_answers_for_its_board_with_a_status_alone_has_none),
		cmocka_unit_test(one_on_no_board_tells_zeros_which_are_no_name),
		cmocka_unit_test(older_firmware_is_not_asked_for_its_board),
		cmocka_unit_test(a_loader_tells_its_version_only),
		cmocka_unit_test(one_that_does_not_answer_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
