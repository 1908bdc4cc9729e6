/* SPDX-License-Identifier: MIT */
/*
 * readback_test.c - a chip that is reset while its memory is read: its zeros are not what is there.
 */
#include "flash/load/readback.h"
#include "test/unit/fake_board.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { RAM = 0x20000000, WORD_AT = 0x20000100, SIZE = 1024, WORD = 0x01020304 };

static struct fake_board fake;
static struct reason why;

static int
set_up(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	fake_board_new(&fake);
	fake_board_connect(&fake, CONNECT_ATTACH);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	fake_board_free(&fake);
	return 0;
}

static enum cause
read_back(uint8_t bytes[SIZE])
{
	return fake_board_run(&fake, readback_begin(fake.cm4, RAM, SIZE, bytes), &why);
}

static void
what_a_chip_in_reset_answers_is_not_taken_for_its_memory(void **state)
{
	uint8_t bytes[SIZE];

	(void)state;
	fake.core->is_nrst_low = true;
	assert_int_equal(read_back(bytes), CAUSE_TIMEOUT);
	assert_string_equal(
		reason_root(&why),
		"the chip is in reset (DHCSR.S_RESET_ST), and answers with zeros");
	assert_int_equal(reason_finding(&why), FINDING_B12);
}

struct resets {
	unsigned left, seen;
};

/* While it is in reset the word reads as 0. */
static enum swd_ack
reset_while_read(void *context, struct fake_access *access)
{
	struct resets *resets = context;

	access->value = resets->left > 0 ? 0 : WORD;
	if (resets->left > 0) {
		resets->left--;
		resets->seen++;
		fake_core_reset(fake.core);
	}
	return ACK_OK;
}

static void
a_piece_that_a_reset_fell_into_is_read_again(void **state)
{
	struct resets resets = { 2, 0 };
	uint8_t bytes[SIZE];

	(void)state;
	fake_probe_hook(fake.probe, WORD_AT, sizeof(uint32_t), reset_while_read, &resets);
	assert_int_equal(read_back(bytes), CAUSE_NONE);
	assert_int_equal(resets.seen, 2);
	assert_int_equal(le32_get(bytes + (WORD_AT - RAM)), WORD);
}

static void
a_chip_that_is_reset_again_and_again_is_named(void **state)
{
	struct resets resets = { 1000, 0 };
	uint8_t bytes[SIZE];

	(void)state;
	fake_probe_hook(fake.probe, WORD_AT, sizeof(uint32_t), reset_while_read, &resets);
	assert_int_equal(read_back(bytes), CAUSE_TIMEOUT);
	assert_string_equal(reason_root(&why),
			    "the chip was reset 8 times while a piece was read");
	assert_int_equal(reason_finding(&why), FINDING_C8);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_chip_in_reset_answers_is_not_taken_for_its_memory),
		TEST(a_piece_that_a_reset_fell_into_is_read_again),
		TEST(a_chip_that_is_reset_again_and_again_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
