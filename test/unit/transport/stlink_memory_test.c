/* SPDX-License-Identifier: MIT */
#include "test/unit/fake_probe.h"
#include "test/unit/stlink_chat.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OK        "80 00"
#define INIT_AP0  SAY("f2 4b 00", OK)
#define STATUS_OK SAY("f2 3e", "8000 0000 00000000 00000000")

static struct reason why;
static struct chat chat;
static struct probe *probe;
static struct outcome outcome;
static struct fake_probe *timer; /* for its clock */

static void
open_firmware(unsigned jtag)
{
	why = (struct reason)REASON_INIT;
	timer = fake_probe_new(FAKE_WITH_MEMORY);
	probe = chat_open(&chat, jtag, &timer->clock);
}

static int
open_v2j37(void **state)
{
	(void)state;
	open_firmware(37);
	return 0;
}

static int
close_probe(void **state)
{
	(void)state;
	chat_close(&chat, probe);
	fake_probe_free(timer);
	return 0;
}

static enum cause
read_block(uint32_t ap, unsigned width, uint32_t at, uint8_t *bytes, uint32_t size)
{
	return probe_move_block(probe,
				&(struct probe_block){ ap, width, at, size, bytes, NULL },
				&outcome, &why);
}

static enum cause
write_block(uint32_t ap, unsigned width, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	return probe_move_block(probe,
				&(struct probe_block){ ap, width, at, size, NULL, bytes },
				&outcome, &why);
}

static void
each_width_has_its_read_command_and_the_status_is_asked(void **state)
{
	uint8_t bytes[4];

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 07 00 01 00 20 04 00", "01 02 03 04"),
		   STATUS_OK);
	assert_int_equal(read_block(0, 4, 0x20000100, bytes, 4), CAUSE_NONE);
	assert_memory_equal(bytes, "\1\2\3\4", 4);
	assert_int_equal(outcome.finished, 4);
	CHAT_GO_ON(&chat, SAY("f2 47 02 01 00 20 04 00", "05 06 07 08"), STATUS_OK);
	assert_int_equal(read_block(0, 2, 0x20000102, bytes, 4), CAUSE_NONE);
	assert_memory_equal(bytes, "\5\6\7\10", 4);
	CHAT_GO_ON(&chat, SAY("f2 0c 01 01 00 20 03 00", "09 0a 0b"), STATUS_OK);
	assert_int_equal(read_block(0, 1, 0x20000101, bytes, 3), CAUSE_NONE);
	assert_memory_equal(bytes, "\11\12\13", 3);
}

static void
each_width_has_its_write_command_and_the_status_is_asked(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SEND("f2 08 00 01 00 20 04 00", "01 02 03 04"),
		   STATUS_OK);
	assert_int_equal(write_block(0, 4, 0x20000100, (const uint8_t *)"\1\2\3\4", 4),
			 CAUSE_NONE);
	CHAT_GO_ON(&chat, SEND("f2 48 02 01 00 20 02 00", "05 06"), STATUS_OK);
	assert_int_equal(write_block(0, 2, 0x20000102, (const uint8_t *)"\5\6", 2),
			 CAUSE_NONE);
	CHAT_GO_ON(&chat, SEND("f2 0d 03 01 00 20 01 00", "07"), STATUS_OK);
	assert_int_equal(write_block(0, 1, 0x20000103, (const uint8_t *)"\7", 1),
			 CAUSE_NONE);
}

static void
one_byte_is_answered_with_two(void **state)
{
	uint8_t bytes[2] = { 0xee, 0xee };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 0c 03 01 00 20 01 00", "5a 00"), STATUS_OK);
	assert_int_equal(read_block(0, 1, 0x20000103, bytes, 1), CAUSE_NONE);
	assert_int_equal(bytes[0], 0x5a);
	assert_int_equal(bytes[1], 0xee);
}

static void
another_port_is_named_in_the_command(void **state)
{
	uint8_t bytes[4];

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 4b 03", OK),
		   SAY("f2 07 00 00 00 20 04 00 03", "01 02 03 04"), STATUS_OK);
	assert_int_equal(read_block(3, 4, 0x20000000, bytes, 4), CAUSE_NONE);
}

static void
another_port_needs_newer_firmware(void **state)
{
	uint8_t bytes[4];

	(void)state;
	open_firmware(31);
	assert_int_equal(read_block(3, 4, 0x20000000, bytes, 4), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "ST-LINK firmware V2J31M26 is too old to reach memory through "
			    "access port 3 (needs V2J32)");
	close_probe(state);
	open_firmware(27);
	assert_int_equal(
		probe_transfer(probe,
			       &(struct transfer){ .kind = TRANSFER_AP_READ, .ap = 3 }, 1,
			       &outcome, &why),
		CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "ST-LINK firmware V2J27M26 is too old to reach access port 3 "
			    "(needs V2J28)");
	close_probe(state);
}

/* A line of `size` bytes of 0x5a, as digits. */
static const char *
filler(size_t size)
{
	static char digits[2 * STLINK_DATA_MAX + 1];

	for (size_t i = 0; i < size; i++)
		memcpy(digits + 2 * i, "5a", 2);
	digits[2 * size] = '\0';
	return digits;
}

static void
a_block_is_cut_to_what_the_clock_allows(void **state)
{
	uint8_t bytes[3440 + 124];
	char first[2 * 3440 + 1];

	(void)state;
	/* 22 ms at 1.8 MHz are 860 accesses. */
	strcpy(first, filler(3440));
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 07 00 03 00 20 70 0d", first), STATUS_OK,
		   SAY("f2 07 70 10 00 20 7c 00", filler(124)), STATUS_OK);
	assert_int_equal(read_block(0, 4, 0x20000300, bytes, sizeof(bytes)), CAUSE_NONE);
	assert_int_equal(outcome.finished, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		assert_int_equal(bytes[i], 0x5a);
}

static void
at_4_mhz_a_block_is_as_large_as_the_firmware_takes(void **state)
{
	uint8_t bytes[6144 + 4];
	static char first[2 * 6144 + 1];
	uint32_t hz = 4000000;

	(void)state;
	strcpy(first, filler(6144));
	CHAT_GO_ON(&chat, SAY("f2 43 00 00", OK));
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 07 00 00 00 20 00 18", first), STATUS_OK,
		   SAY("f2 07 00 18 00 20 04 00", filler(4)), STATUS_OK);
	assert_int_equal(read_block(0, 4, 0x20000000, bytes, sizeof(bytes)), CAUSE_NONE);
}

static void
at_the_slowest_clock_blocks_are_small(void **state)
{
	uint8_t bytes[68];
	char first[2 * 64 + 1];
	uint32_t hz = 5000;

	(void)state;
	strcpy(first, filler(64));
	CHAT_GO_ON(&chat, SAY("f2 43 1e 03", OK));
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 07 00 00 00 20 40 00", first), STATUS_OK,
		   SAY("f2 07 40 00 00 20 04 00", filler(4)), STATUS_OK);
	assert_int_equal(read_block(0, 4, 0x20000000, bytes, sizeof(bytes)), CAUSE_NONE);
}

static void
a_block_is_cut_to_what_the_carrier_takes(void **state)
{
	uint8_t bytes[1028];
	char first[2 * 1024 + 1];

	(void)state;
	chat.carrier.data_max = 1024;
	strcpy(first, filler(1024));
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 07 00 00 00 20 00 04", first), STATUS_OK,
		   SAY("f2 07 00 04 00 20 04 00", filler(4)), STATUS_OK);
	assert_int_equal(read_block(0, 4, 0x20000000, bytes, sizeof(bytes)), CAUSE_NONE);
}

static void
bytes_go_64_at_a_time(void **state)
{
	uint8_t bytes[66];
	char first[2 * 64 + 1];

	(void)state;
	strcpy(first, filler(64));
	memset(bytes, 0x5a, sizeof(bytes));
	CHAT_GO_ON(&chat, INIT_AP0, SEND("f2 0d 01 00 00 20 40 00", first), STATUS_OK,
		   SEND("f2 0d 41 00 00 20 02 00", "5a5a"), STATUS_OK);
	assert_int_equal(write_block(0, 1, 0x20000001, bytes, sizeof(bytes)), CAUSE_NONE);
}

static void
a_refused_block_tells_how_far_it_came_and_which_address_failed(void **state)
{
	uint8_t bytes[1024 + 8];
	char first[2 * 1024 + 1];

	(void)state;
	strcpy(first, filler(1024));
	chat.carrier.data_max = 1024;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 07 00 fc 01 20 00 04", first), STATUS_OK,
		   SAY("f2 07 00 00 02 20 08 00", "00000000 00000000"),
		   SAY("f2 3e", "1100 0000 04000220 00000000"));
	assert_int_equal(read_block(0, 4, 0x2001fc00, bytes, sizeof(bytes)), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 1024);
	assert_int_equal(outcome.ack, ACK_FAULT);
	assert_true(outcome.has_fault_address);
	assert_int_equal(outcome.fault_address, 0x20020004);
	assert_string_equal(reason_root(&why),
			    "the ST-LINK answered READMEM_32BIT with 0x11 "
			    "SWD_AP_FAULT: the access port refused "
			    "(FAULT)");
}

static void
a_busy_target_is_a_wait_that_can_be_retried(void **state)
{
	uint8_t bytes[4];

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 07 00 00 00 20 04 00", "00000000"),
		   SAY("f2 3e", "1000 0000 00000000 00000000"));
	assert_int_equal(read_block(0, 4, 0x20000000, bytes, 4), CAUSE_TIMEOUT);
	assert_int_equal(outcome.ack, ACK_WAIT);
	assert_int_equal(outcome.finished, 0);
	assert_false(outcome.has_fault_address);
}

static void
a_probe_pulled_in_the_middle_is_gone(void **state)
{
	uint8_t bytes[4];

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 07 00 00 00 20 04 00", "00000000"),
		   FAIL("f2 3e", CAUSE_GONE));
	assert_int_equal(read_block(0, 4, 0x20000000, bytes, 4), CAUSE_GONE);
	assert_int_equal(outcome.ack, ACK_UNKNOWN);
	assert_int_equal(outcome.finished, 0);
}

static void
a_short_block_is_never_taken_for_data(void **state)
{
	uint8_t bytes[8];

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 07 00 00 00 20 08 00", "01020304"));
	assert_int_equal(read_block(0, 4, 0x20000000, bytes, 8), CAUSE_GONE);
	assert_string_equal(reason_root(&why), "the ST-LINK answered READMEM_32BIT with 4 "
					       "bytes (01020304) instead of 8");
}

#define WITH_V2J37(test) cmocka_unit_test_setup_teardown(test, open_v2j37, close_probe)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_V2J37(each_width_has_its_read_command_and_the_status_is_asked),
		WITH_V2J37(each_width_has_its_write_command_and_the_status_is_asked),
		WITH_V2J37(one_byte_is_answered_with_two),
		WITH_V2J37(another_port_is_named_in_the_command),
		cmocka_unit_test(another_port_needs_newer_firmware),
		WITH_V2J37(a_block_is_cut_to_what_the_clock_allows),
		WITH_V2J37(at_4_mhz_a_block_is_as_large_as_the_firmware_takes),
		WITH_V2J37(at_the_slowest_clock_blocks_are_small),
		WITH_V2J37(a_block_is_cut_to_what_the_carrier_takes),
		WITH_V2J37(bytes_go_64_at_a_time),
		WITH_V2J37(a_refused_block_tells_how_far_it_came_and_which_address_failed),
		WITH_V2J37(a_busy_target_is_a_wait_that_can_be_retried),
		WITH_V2J37(a_probe_pulled_in_the_middle_is_gone),
		WITH_V2J37(a_short_block_is_never_taken_for_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
