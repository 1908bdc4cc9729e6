/* SPDX-License-Identifier: MIT */
/*
 * The modes of an ST-LINK: how it comes to each, and what it answers there.
 */
#include "test/emulator/test/stlink_bench.h"

static void
v2_begins_in_dfu_mode_and_leaves_it(void **state)
{
	ask(*state, PACKET(0xf5));
	assert_int_equal(reply[0], 0);
	ask(*state, PACKET(0xf7));
	assert_int_equal(le32_get(reply), 0);
	assert_int_equal(ask(*state, PACKET(0xf3, 0x07)), USB_NAK);
	ask(*state, PACKET(0xf5));
	assert_int_equal(reply[0], 1);
}

static void
entering_swd_resets_the_line_and_powers_the_debug_domain_up(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(bench->wire.sequence[6], 0xff);
	assert_int_equal(bench->wire.sequence[7], 0x9e);
	assert_int_equal(bench->wire.sequence[8], 0xe7);
	assert_int_equal(bench->wire.ctrl, 0x50000000);
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 2);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x31)), 12);
	assert_int_equal(le32_get(reply + 4), 0x2ba01477);
}

static void
entering_without_a_chip_says_idcode_error_and_stays_out(void **state)
{
	struct bench *bench = *state;
	bench->wire.forced = SWD_NO_ACK;
	bench->wire.forced_left = 1000;
	ask(bench, PACKET(0xf2, 0x30, 0xa3));
	assert_int_equal(reply[0], 0x09);
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 1);
}

static void
a_debug_domain_that_does_not_power_up_is_reported(void **state)
{
	struct bench *bench = *state;
	bench->wire.has_no_power = true;
	ask(bench, PACKET(0xf2, 0x30, 0xa3));
	assert_int_equal(reply[0], 0x0b);
	assert_true(bench->wire.now_ns >= 100000000);
}

static void
jtag_finds_no_device_on_an_swd_cable(void **state)
{
	ask(*state, PACKET(0xf2, 0x30, 0xa4));
	assert_int_equal(reply[0], 0x05);
}

static void
memory_commands_before_entering_are_refused(void **state)
{
	assert_int_equal(ask(*state, PACKET(0xf2, 0x07, 0, 0, 0, 0x20, 4, 0)), 2);
	assert_int_equal(reply[0], 0x08);
}

static void
a_reply_nobody_read_puts_the_next_out_of_step(void **state)
{
	struct bench *bench = *state;
	send(bench, PACKET(0xf7));
	assert_int_equal(ask(bench, PACKET(0xf1)), 8);
	assert_int_equal(bench->probe->ops->in(bench->probe, 1, reply, 64), 6);
	assert_int_equal(bench->probe->ops->in(bench->probe, 1, reply, 64), USB_NAK);
}

static void
a_probe_that_is_plugged_in_again_starts_anew(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	ask(bench, PACKET(0xf2, 0x3c, 0));
	ask(bench, PACKET(0xf2, 0x43, 0, 0));
	send(bench, PACKET(0xf7));
	bench->probe->ops->power(bench->probe, false);
	assert_false(bench->wire.nrst_is_low);
	bench->probe->ops->power(bench->probe, true);
	assert_int_equal(ask(bench, PACKET(0xf5)), 2);
	assert_int_equal(reply[0], 1);
	assert_int_equal(bench->wire.clock_hz, 1800000);
}

static void
nrst_follows_the_command(void **state)
{
	struct bench *bench = *state;
	ask(bench, PACKET(0xf2, 0x3c, 0));
	assert_true(bench->wire.nrst_is_low);
	ask(bench, PACKET(0xf2, 0x3c, 1));
	assert_false(bench->wire.nrst_is_low);
	uint64_t before = bench->wire.now_ns;
	ask(bench, PACKET(0xf2, 0x3c, 2));
	assert_false(bench->wire.nrst_is_low);
	assert_true(bench->wire.now_ns - before > 1000000);
}

static void
swim_mode_closes_debug_mode_to_its_commands(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(ask(bench, PACKET(0xf4, 0x00)), USB_NAK);
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 3);
	ask(bench, PACKET(0xf2, 0x30, 0xa3));
	assert_int_equal(reply[0], 0x0e);
	ask(bench, PACKET(0xf2, 0x36, 0, 0, 0, 0x20));
	assert_int_equal(reply[0], 0x08);
	assert_int_equal(ask(bench, PACKET(0xf4, 0x02)), 8);
	assert_int_equal(ask(bench, PACKET(0xf4, 0x01)), USB_NAK);
	enter(bench);
}

static void
swim_finds_no_stm8(void **state)
{
	ask(*state, PACKET(0xf4, 0x00));
	assert_int_equal(ask(*state, PACKET(0xf4, 0x04)), USB_NAK);
	assert_int_equal(ask(*state, PACKET(0xf4, 0x09)), 4);
	assert_int_equal(reply[0], 0x04);
}

static void
swims_reset_pin_is_another_than_nrst(void **state)
{
	struct bench *bench = *state;
	ask(bench, PACKET(0xf4, 0x00));
	ask(bench, PACKET(0xf4, 0x07));
	assert_true(bench->wire.swim_rst_is_low);
	assert_false(bench->wire.nrst_is_low);
	ask(bench, PACKET(0xf4, 0x08));
	assert_false(bench->wire.swim_rst_is_low);
}

static void
swim_commands_outside_of_swim_are_refused(void **state)
{
	assert_int_equal(ask(*state, PACKET(0xf4, 0x09)), 2);
	assert_int_equal(reply[0], 0x08);
}

static void
debug_cannot_be_entered_from_dfu(void **state)
{
	assert_int_equal(ask(*state, PACKET(0xf2, 0x30, 0xa3)), 2);
	assert_int_equal(reply[0], 0x08);
	ask(*state, PACKET(0xf3, 0x07));
	enter(*state);
}

static void
jtag_cannot_be_entered_beside_swd(void **state)
{
	enter(*state);
	ask(*state, PACKET(0xf2, 0x30, 0xa4));
	assert_int_equal(reply[0], 0x0e);
}

/* From SELECT on: the power-up is through, and the core does not answer. */
static void
let_the_core_sleep(struct bench *bench)
{
	enum { TRANSFERS_UP_TO_THE_CORE = 6 };
	bench->wire.forced = SWD_WAIT;
	bench->wire.forced_after = TRANSFERS_UP_TO_THE_CORE;
	bench->wire.forced_left = 1000;
}

static void
a_sleeping_core_makes_v2_wait_at_entry(void **state)
{
	let_the_core_sleep(*state);
	ask(*state, PACKET(0xf2, 0x30, 0xa3));
	assert_int_equal(reply[0], 0x14);
}

static void
a_sleeping_core_is_no_device_to_v3(void **state)
{
	let_the_core_sleep(*state);
	ask(*state, PACKET(0xf2, 0x30, 0xa3));
	assert_int_equal(reply[0], 0x05);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(v2_begins_in_dfu_mode_and_leaves_it, plug_v2),
		WITH(entering_swd_resets_the_line_and_powers_the_debug_domain_up,
		     plug_v2_1),
		WITH(entering_without_a_chip_says_idcode_error_and_stays_out, plug_v2_1),
		WITH(a_debug_domain_that_does_not_power_up_is_reported, plug_v2_1),
		WITH(jtag_finds_no_device_on_an_swd_cable, plug_v2_1),
		WITH(memory_commands_before_entering_are_refused, plug_v2_1),
		WITH(a_reply_nobody_read_puts_the_next_out_of_step, plug_v2_1),
		WITH(a_probe_that_is_plugged_in_again_starts_anew, plug_v2_1),
		WITH(nrst_follows_the_command, plug_v2_1),
		WITH(swim_mode_closes_debug_mode_to_its_commands, plug_v2_1),
		WITH(swim_finds_no_stm8, plug_v2_1),
		WITH(swims_reset_pin_is_another_than_nrst, plug_v2_1),
		WITH(swim_commands_outside_of_swim_are_refused, plug_v2_1),
		WITH(debug_cannot_be_entered_from_dfu, plug_v2),
		WITH(jtag_cannot_be_entered_beside_swd, plug_v2_1),
		WITH(a_sleeping_core_makes_v2_wait_at_entry, plug_v2_1),
		WITH(a_sleeping_core_is_no_device_to_v3, plug_v3e),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
