/* SPDX-License-Identifier: MIT */
/*
 * Another client of the same stlink-server leaves debug mode under us.
 */
#include "test/unit/stlink_chat.h"

#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { V2J37 = 37, RAM = 0x20000000 };

static const uint32_t dhcsr = 0xe000edf0; /* DDI 0403E C1.6.2 */

#define LEFT    SAY("f5", "01 00") /* mass storage mode */
#define ENTERED SAY("f2 43 01 00", "80 00"), SAY("f2 30 a3", "80 00")
#define OPENED  SAY("f2 4b 00", "80 00")
#define GOOD    SAY("f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00")

static struct chat chat;
static struct probe *probe;
static struct reason why;
static struct outcome outcome;
static char remark[160];

static int
enter(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	probe = chat_open(&chat, V2J37, clock_host());
	chat.carrier.has_others = true;
	CHAT_GO_ON(&chat, SAY("f5", "01 00"), SAY("f2 3c 01", "80 00"), ENTERED);
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, OPENED, SAY("f2 07 00 00 00 20 04", "00 00 00 00"), GOOD);
	assert_int_equal(probe_move_block(probe,
					  &(struct probe_block){ .width = 4,
								 .at = RAM,
								 .size = 4,
								 .in = (uint8_t[4]){ 0 } },
					  &outcome, &why),
			 CAUSE_NONE);
	chat_go_on(&chat, NULL, 0);
	return 0;
}

static int
leave(void **state)
{
	(void)state;
	chat_close(&chat, probe);
	return 0;
}

static enum cause
read_dhcsr(uint32_t *value)
{
	struct transfer word = { TRANSFER_MEM_READ, 0, dhcsr, 0 };
	enum cause cause = probe_transfer(probe, &word, 1, &outcome, &why);

	*value = word.value;
	return cause;
}

static void
swd_is_entered_again_and_the_word_read(void **state)
{
	uint32_t value;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 36 f0 ed 00 e0", "08 00 00 00 00 00 00 00"), LEFT,
		   ENTERED, OPENED, SAY("f2 36 f0 ed 00 e0", "80 00 00 00 03 00 03 00"));
	assert_int_equal(read_dhcsr(&value), CAUSE_NONE);
	assert_int_equal(value, 0x00030003);
	assert_int_equal(outcome.finished, 1);
	chat_assert_over(&chat);
	assert_true(probe_take_remark(probe, remark, sizeof(remark)));
	assert_string_equal(remark,
			    "another program that uses the ST-LINK through the same "
			    "server left debug mode; it was entered again");
	assert_false(probe_take_remark(probe, remark, sizeof(remark)));
}

static void
a_block_that_was_refused_is_moved_after_all(void **state)
{
	uint8_t bytes[4] = { 1, 2, 3, 4 };

	(void)state;
	CHAT_GO_ON(&chat, SEND("f2 08 00 00 00 20 04", "01 02 03 04"),
		   SAY("f2 3e", "08 00 00 00 00 00 00 00 00 00 00 00"), LEFT, ENTERED,
		   OPENED, SEND("f2 08 00 00 00 20 04", "01 02 03 04"), GOOD);
	assert_int_equal(
		probe_move_block(probe,
				 &(struct probe_block){
					 .width = 4, .at = RAM, .size = 4, .out = bytes },
				 &outcome, &why),
		CAUSE_NONE);
	assert_int_equal(outcome.finished, 4);
	chat_assert_over(&chat);
}

static void
a_command_that_is_refused_in_debug_mode_stays_refused(void **state)
{
	uint32_t value;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 36 f0 ed 00 e0", "08 00 00 00 00 00 00 00"),
		   SAY("f5", "02 00"));
	assert_int_equal(read_dhcsr(&value), CAUSE_UNSUPPORTED);
	chat_assert_over(&chat);
	assert_false(probe_take_remark(probe, remark, sizeof(remark)));
}

static void
it_is_entered_again_once_in_a_call_and_not_for_ever(void **state)
{
	uint32_t value;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 36 f0 ed 00 e0", "08 00 00 00 00 00 00 00"), LEFT,
		   ENTERED, OPENED, SAY("f2 36 f0 ed 00 e0", "08 00 00 00 00 00 00 00"));
	assert_int_equal(read_dhcsr(&value), CAUSE_UNSUPPORTED);
	chat_assert_over(&chat);
}

static void
entering_again_in_vain_is_reported_as_the_failure_that_led_there(void **state)
{
	uint32_t value;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 36 f0 ed 00 e0", "08 00 00 00 00 00 00 00"), LEFT,
		   SAY("f2 43 01 00", "80 00"), SAY("f2 30 a3", "09 00"));
	assert_int_equal(read_dhcsr(&value), CAUSE_UNSUPPORTED);
	assert_non_null(strstr(reason_root(&why), "READDEBUGREG with 0x08 CMD_ERROR"));
	chat_assert_over(&chat);
}

static void
a_probe_of_our_own_is_not_asked_for_its_mode(void **state)
{
	uint32_t value;

	(void)state;
	chat.carrier.has_others = false;
	CHAT_GO_ON(&chat, SAY("f2 36 f0 ed 00 e0", "08 00 00 00 00 00 00 00"));
	assert_int_equal(read_dhcsr(&value), CAUSE_UNSUPPORTED);
	chat_assert_over(&chat);
}

#define shared(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		shared(swd_is_entered_again_and_the_word_read),
		shared(a_block_that_was_refused_is_moved_after_all),
		shared(a_command_that_is_refused_in_debug_mode_stays_refused),
		shared(it_is_entered_again_once_in_a_call_and_not_for_ever),
		shared(entering_again_in_vain_is_reported_as_the_failure_that_led_there),
		shared(a_probe_of_our_own_is_not_asked_for_its_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
