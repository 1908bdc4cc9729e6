/* SPDX-License-Identifier: MIT */
/*
 * Debug and access port registers through an ST-LINK, and how it words errors.
 */
#include "test/emulator/test/stlink_bench.h"

static void
dap_registers_are_read_by_port_and_offset(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x45, 0xff, 0xff, 0, 0)), 8);
	assert_int_equal(le32_get(reply + 4), 0x2ba01477);
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 0xfc, 0));
	assert_int_equal(le32_get(reply + 4), 0x24770011);
	ask(bench, PACKET(0xf2, 0x46, 0, 0, 0x04, 0, 0x78, 0x56, 0, 0x20));
	assert_int_equal(bench->wire.tar, 0x20005678);
}

static void
only_opened_access_ports_may_be_used(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	ask(bench, PACKET(0xf2, 0x45, 3, 0, 0, 0));
	assert_int_equal(reply[0], 0x1d);
	ask(bench, PACKET(0xf2, 0x45, 3, 0, 0xfc, 0));
	assert_int_equal(reply[0], 0x80);
	ask(bench, PACKET(0xf2, 0x4b, 3));
	assert_int_equal(reply[0], 0x1d);
	ask(bench, PACKET(0xf2, 0x4b, 0));
	assert_int_equal(reply[0], 0x80);
	ask(bench, PACKET(0xf2, 0x4c, 0));
	assert_int_equal(reply[0], 0x80);
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 0, 0));
	assert_int_equal(reply[0], 0x1d);
}

static void
v3_words_a_closed_port_as_no_device(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	ask(bench, PACKET(0xf2, 0x45, 3, 0, 0, 0));
	assert_int_equal(reply[0], 0x05);
}

static void
waits_are_asked_again_for_as_long_as_flash_takes_to_write(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	bench->wire.forced = SWD_WAIT;
	bench->wire.forced_left = 15; /* 118 us of a U5 */
	ask(bench, PACKET(0xf2, 0x36, 0, 0, 0, 0x20));
	assert_int_equal(reply[0], 0x80);
	bench->wire.forced_left = 1000;
	ask(bench, PACKET(0xf2, 0x36, 0, 0, 0, 0x20));
	assert_int_equal(reply[0], 0x10);
	ask(bench, PACKET(0xf2, 0x45, 0xff, 0xff, 4, 0));
	assert_int_equal(reply[0], 0x14);
}

static void
lost_acknowledges_and_bad_parity_have_their_own_statuses(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	bench->wire.forced = SWD_NO_ACK;
	bench->wire.forced_left = 1;
	ask(bench, PACKET(0xf2, 0x45, 0xff, 0xff, 4, 0));
	assert_int_equal(reply[0], 0x16);
	bench->wire.forced_left = 1;
	bench->wire.forced_after = 1; /* behind SELECT */
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 0xfc, 0));
	assert_int_equal(reply[0], 0x12);
	bench->wire.bad_parity = true;
	ask(bench, PACKET(0xf2, 0x45, 0xff, 0xff, 0, 0));
	assert_int_equal(reply[0], 0x17);
}

static void
a_busy_port_of_v3_is_a_wait_then_a_fault_then_the_value(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	bench->wire.forced = SWD_WAIT;
	bench->wire.forced_left = 1000; /* longer than the firmware asks */
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 4, 0));
	bench->wire.forced_left = 0;
	assert_int_equal(reply[0], 0x10);
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 4, 0));
	assert_int_equal(reply[0], 0x11);
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 4, 0));
	assert_int_equal(reply[0], 0x80);
}

static void
a_busy_port_of_v2_is_a_wait(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	bench->wire.forced = SWD_WAIT;
	bench->wire.forced_left = 1000;
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 4, 0));
	bench->wire.forced_left = 0;
	assert_int_equal(reply[0], 0x10);
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 4, 0));
	assert_int_equal(reply[0], 0x80);
}

static void
a_failed_item_ends_the_list(void **state)
{
	struct bench *bench = *state;
	uint8_t list[4 + 12] = { 3, 1, 2 };
	enter(bench);
	le32_put(list + 4, 0x30000000);
	le32_put(list + 8, 0x20000010);
	le32_put(list + 12, 0xcafe1234);
	send(bench, PACKET(0xf2, 0x51, 3));
	bench->probe->ops->out(bench->probe, 1, list, sizeof(list));
	assert_int_equal(ask(bench, PACKET(0xf2, 0x52)), 24);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(le32_get(reply + 12 + 4 * i), 0x11);
	assert_int_equal(bench->wire.memory[0x10], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(dap_registers_are_read_by_port_and_offset, plug_v2_1),
		WITH(only_opened_access_ports_may_be_used, plug_v2_1),
		WITH(v3_words_a_closed_port_as_no_device, plug_v3e),
		WITH(waits_are_asked_again_for_as_long_as_flash_takes_to_write, plug_v2_1),
		WITH(lost_acknowledges_and_bad_parity_have_their_own_statuses, plug_v2_1),
		WITH(a_busy_port_of_v3_is_a_wait_then_a_fault_then_the_value, plug_v3e),
		WITH(a_busy_port_of_v2_is_a_wait, plug_v2_1),
		WITH(a_failed_item_ends_the_list, plug_v2_1),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
