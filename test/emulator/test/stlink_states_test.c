/* SPDX-License-Identifier: MIT */
/*
 * An ST-LINK as users find it: old, in its loader, left by a killed program, hung.
 */
#include "test/emulator/test/stlink_bench.h"

static int
plug_old(void **state)
{
	static const struct probe_setup setup = { .firmware = "V2J12S0" };
	return plug_as(state, "stlink-v2-1", &setup);
}

static int
plug_v3_old(void **state)
{
	static const struct probe_setup setup = { .firmware = "V3J2M1" };
	return plug_as(state, "stlink-v3e", &setup);
}

static int
plug_v2_in_dfu(void **state)
{
	static const struct probe_setup setup = { .is_in_dfu = true };
	return plug_as(state, "stlink-v2", &setup);
}

static int
plug_v3_in_dfu(void **state)
{
	static const struct probe_setup setup = { .is_in_dfu = true };
	return plug_as(state, "stlink-v3e", &setup);
}

static int
plug_stale(void **state)
{
	static const struct probe_setup setup = { .is_stale = true };
	return plug_as(state, "stlink-v2-1", &setup);
}

static int
plug_wedged(void **state)
{
	static const struct probe_setup setup = { .is_wedged = true };
	return plug_as(state, "stlink-v2-1", &setup);
}

static int
plug_dead(void **state)
{
	static const struct probe_setup setup = { .is_wedged = true, .needs_replug = true };
	return plug_as(state, "stlink-v2-1", &setup);
}

static void
old_firmware_does_not_know_what_came_later(void **state)
{
	static const uint8_t expected[] = { 0x23, 0x00 };
	ask(*state, PACKET(0xf1));
	assert_memory_equal(reply, expected, 2);
	assert_int_equal(ask(*state, PACKET(0xf7)), 2);
	assert_int_equal(reply[0], 0x42);
	assert_int_equal(ask(*state, PACKET(0xf2, 0x43, 0, 0)), 2);
	assert_int_equal(reply[0], 0x42);
	enter(*state);
	assert_int_equal(ask(*state, PACKET(0xf2, 0x45, 0xff, 0xff, 0, 0)), 2);
	assert_int_equal(reply[0], 0x42);
	ask(*state, PACKET(0xf2, 0x36, 0, 0, 0, 0x20));
	assert_int_equal(reply[0], 0x80);
}

static void
a_v3_before_j6_takes_64_bytes_at_a_time(void **state)
{
	enter(*state);
	ask(*state, PACKET(0xf2, 0x0c, 0, 0, 0, 0x20, 0, 2));
	assert_int_equal(last_status(*state), 0x0a);
}

static void
serial_asked(struct bench *bench, uint8_t size)
{
	static const uint8_t ask_serial[8] = { 0x80, 6, 3, 3, 9, 4, 255, 0 };
	assert_int_equal(usb_function_control(bench->probe, ask_serial, reply, 255), size);
	assert_int_equal(reply[0], size);
}

static void
an_old_loader_sends_its_serial_raw_until_it_is_left(void **state)
{
	static const uint8_t raw[] = { 0x53, 0, 0xff, 0, 0x6b, 0 };
	serial_asked(*state, 0x1a);
	assert_memory_equal(reply + 2, raw, sizeof(raw));
	ask(*state, PACKET(0xf5));
	assert_int_equal(reply[0], 0);
	ask(*state, PACKET(0xf3, 0x07));
	serial_asked(*state, 0x32);
}

static void
the_loader_of_v3_is_another_usb_device_without_debug_commands(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(usb_function_product_id(bench->probe), 0x374d);
	ask(bench, PACKET(0xf2, 0x30, 0xa3));
	assert_int_equal(reply[0], 0x42);
	ask(bench, PACKET(0xf3, 0x07));
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 0);
}

static void
a_stale_reply_reads_as_version_v0j8s0(void **state)
{
	assert_int_equal(ask(*state, PACKET(0xf1)), 2);
	assert_int_equal(reply[0], 2);
	assert_int_equal(reply[1], 0);
}

static void
a_bus_reset_clears_what_is_stale_but_not_the_mode(void **state)
{
	struct bench *bench = *state;
	bench->probe->ops->reset(bench->probe);
	assert_int_equal(ask(bench, PACKET(0xf1)), 6);
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 2);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x21)), USB_NAK);
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 1);
}

static void
a_wedged_probe_is_silent_until_the_bus_resets_it(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(ask(bench, PACKET(0xf1)), USB_NAK);
	bench->probe->ops->clear_halt(bench->probe, 0x81);
	assert_int_equal(ask(bench, PACKET(0xf1)), USB_NAK);
	bench->probe->ops->reset(bench->probe);
	assert_int_equal(ask(bench, PACKET(0xf1)), 6);
}

static void
one_that_is_worse_must_be_plugged_in_anew(void **state)
{
	struct bench *bench = *state;
	bench->probe->ops->reset(bench->probe);
	assert_int_equal(ask(bench, PACKET(0xf1)), USB_NAK);
	bench->probe->ops->power(bench->probe, false);
	bench->probe->ops->power(bench->probe, true);
	assert_int_equal(ask(bench, PACKET(0xf1)), 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(old_firmware_does_not_know_what_came_later, plug_old),
		WITH(a_v3_before_j6_takes_64_bytes_at_a_time, plug_v3_old),
		WITH(an_old_loader_sends_its_serial_raw_until_it_is_left, plug_v2_in_dfu),
		WITH(the_loader_of_v3_is_another_usb_device_without_debug_commands,
		     plug_v3_in_dfu),
		WITH(a_stale_reply_reads_as_version_v0j8s0, plug_stale),
		WITH(a_bus_reset_clears_what_is_stale_but_not_the_mode, plug_stale),
		WITH(a_wedged_probe_is_silent_until_the_bus_resets_it, plug_wedged),
		WITH(one_that_is_worse_must_be_plugged_in_anew, plug_dead),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
