/* SPDX-License-Identifier: MIT */
/*
 * What distinguishes the kinds of ST-LINK: descriptors, versions, clocks, voltage.
 */
#include "test/emulator/test/stlink_bench.h"

static void
version_of_v2_1_is_v2j37m26_and_names_its_usb_ids(void **state)
{
	static const uint8_t expected[] = { 0x29, 0x5a, 0x83, 0x04, 0x4b, 0x37 };
	assert_int_equal(ask(*state, PACKET(0xf1)), 6);
	assert_memory_equal(reply, expected, 6);
}

static void
version_of_v3_is_in_the_extended_command(void **state)
{
	static const uint8_t expected[] = {
		3, 0, 7, 3, 0, 0, 0, 0, 0x83, 0x04, 0x4e, 0x37
	};
	assert_int_equal(ask(*state, PACKET(0xf1)), 6);
	assert_int_equal(reply[0], 0x30);
	assert_int_equal(reply[1], 0);
	assert_int_equal(ask(*state, PACKET(0xfb)), 12);
	assert_memory_equal(reply, expected, 12);
}

static void
v2_1_does_not_know_the_commands_of_v3(void **state)
{
	assert_int_equal(ask(*state, PACKET(0xfb)), 2);
	assert_int_equal(reply[0], 0x42);
	assert_int_equal(ask(*state, PACKET(0xf2, 0x62)), 2);
	assert_int_equal(reply[0], 0x42);
}

static void
voltage_is_2_4_times_the_quotient_of_the_readings(void **state)
{
	struct bench *bench = *state;
	for (int tenths = 0; tenths < 50; tenths += 7) {
		double volts = tenths / 10.0;
		bench->wire.volts = volts;
		assert_int_equal(ask(bench, PACKET(0xf7)), 8);
		double reported = 2.4 * le32_get(reply + 4) / le32_get(reply);
		assert_true(reported > volts - 0.01 && reported < volts + 0.01);
	}
}

static void
divisors_set_the_clock_of_v2(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(bench->wire.clock_hz, 1800000);
	ask(bench, PACKET(0xf2, 0x43, 0, 0));
	assert_int_equal(bench->wire.clock_hz, 4000000);
	ask(bench, PACKET(0xf2, 0x43, 0x1e, 0x03));
	assert_int_equal(bench->wire.clock_hz, 5000);
}

static void
v3_lists_its_clocks_and_takes_the_next_lower(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(ask(bench, PACKET(0xf2, 0x62, 0)), 52);
	assert_int_equal(reply[8], 7);
	assert_int_equal(le32_get(reply + 12), 24000);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x61, 0, 0, 0x10, 0x27, 0, 0)), 8);
	assert_int_equal(le32_get(reply + 4), 8000);
	assert_int_equal(bench->wire.clock_hz, 8000000);
}

static void
v3_takes_512_bytes_in_an_8_bit_command(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x0c, 0, 0, 0, 0x20, 0, 2)), 512);
	assert_int_equal(last_status(bench), 0x80);
}

static int
plug_clone(void **state)
{
	return plug_as(state, "stlink-v2-clone", NULL);
}

static int
plug_isol(void **state)
{
	return plug_as(state, "stlink-v2-isol", NULL);
}

static int
plug_v3pwr(void **state)
{
	return plug_as(state, "stlink-v3pwr", NULL);
}

static int
plug_v2_1_of_board(void **state)
{
	static const struct probe_setup setup = { .board_id = "0835" };
	return plug_as(state, "stlink-v2-1-no-msd", &setup);
}

static void
v3pwr_is_hardware_version_4(void **state)
{
	ask(*state, PACKET(0xf1));
	assert_int_equal(reply[0], 0x40);
	ask(*state, PACKET(0xfb));
	assert_int_equal(reply[0], 4);
	assert_int_equal(le16_get(reply + 10), 0x3757);
}

static void
a_board_is_known_by_four_characters(void **state)
{
	assert_int_equal(ask(*state, PACKET(0xf2, 0x56)), 36);
	assert_memory_equal(reply + 2, "0835", 4);
	assert_int_equal(reply[6], 0);
}

static double
volts_reported(struct bench *bench)
{
	assert_int_equal(ask(bench, PACKET(0xf7)), 8);
	return 2.4 * le32_get(reply + 4) / le32_get(reply);
}

static void
an_open_vapp_floats_on_a_v2(void **state)
{
	struct bench *bench = *state;
	double least = 9, most = 0;
	ask(bench, PACKET(0xf3, 0x07));
	bench->wire.vapp_is_open = true;
	bench->wire.volts = 0;
	for (unsigned i = 0; i < 50; i++) {
		double volts = volts_reported(bench);
		least = volts < least ? volts : least;
		most = volts > most ? volts : most;
	}
	assert_true(least < 0.05);
	assert_true(most > 1.4 && most < 1.65);
}

static void
an_open_vapp_is_0_volts_on_a_board(void **state)
{
	struct bench *bench = *state;
	bench->wire.vapp_is_open = true;
	bench->wire.volts = 0;
	assert_true(volts_reported(bench) < 0.01);
}

static void
a_clone_measures_its_own_rail(void **state)
{
	struct bench *bench = *state;
	ask(bench, PACKET(0xf3, 0x07));
	bench->wire.volts = 0;
	assert_true(volts_reported(bench) > 3.2);
}

static void
a_clones_rst_pin_is_swims(void **state)
{
	struct bench *bench = *state;
	ask(bench, PACKET(0xf3, 0x07));
	ask(bench, PACKET(0xf2, 0x3c, 0));
	assert_int_equal(reply[0], 0x80);
	assert_false(bench->wire.nrst_is_low);
	ask(bench, PACKET(0xf4, 0x00));
	ask(bench, PACKET(0xf4, 0x07));
	assert_true(bench->wire.nrst_is_low);
}

static void
a_clones_serial_is_12_raw_bytes(void **state)
{
	struct bench *bench = *state;
	static const uint8_t ask_serial[8] = { 0x80, 6, 3, 3, 9, 4, 255, 0 };
	assert_int_equal(usb_function_control(bench->probe, ask_serial, reply, 255), 0x1a);
	assert_int_equal(reply[0], 0x1a);
	assert_int_equal(reply[2], 0x30);
	assert_int_equal(reply[24], 0x31);
}

static void
an_isolated_probe_needs_vapp_and_a_slow_clock(void **state)
{
	struct bench *bench = *state;
	ask(bench, PACKET(0xf3, 0x07));
	ask(bench, PACKET(0xf2, 0x43, 0, 0));
	ask(bench, PACKET(0xf2, 0x30, 0xa3));
	assert_int_equal(reply[0], 0x09);
	ask(bench, PACKET(0xf2, 0x43, 1, 0));
	enter(bench);
	bench->wire.volts = 0;
	ask(bench, PACKET(0xf2, 0x45, 0xff, 0xff, 4, 0));
	assert_int_equal(reply[0], 0x16);
	ask(bench, PACKET(0xf2, 0x3c, 0));
	assert_false(bench->wire.nrst_is_low);
}

static void
jtag_has_clocks_of_its_own(void **state)
{
	struct bench *bench = *state;
	uint32_t swd_hz = bench->wire.clock_hz;
	assert_int_equal(ask(bench, PACKET(0xf2, 0x62, 1)), 52);
	assert_int_equal(le32_get(reply + 12), 21333);
	ask(bench, PACKET(0xf2, 0x61, 1, 0, 0x40, 0x1f, 0, 0));
	assert_int_equal(le32_get(reply + 4), 8000);
	assert_int_equal(bench->wire.clock_hz, swd_hz);
	ask(bench, PACKET(0xf2, 0x61, 2, 0, 1));
	assert_int_equal(reply[0], 0x41);
}

static void
every_kind_has_descriptors_and_a_serial_of_24_digits(void **state)
{
	struct wire wire = { .volts = 3.3 };
	struct stats stats = { 0 };
	(void)state;
	const struct probe_kind *kind;
	for (unsigned i = 0; (kind = probe_kind_at(i)); i++) {
		if (strncmp(kind->name, "stlink", 6) != 0)
			continue;
		struct usb_function *probe = probe_new(kind, &wire, NULL, &stats);
		assert_int_equal(strlen(probe->serial), 24);
		assert_int_equal(le16_get(probe->configuration + 2),
				 probe->configuration_size);
		assert_int_not_equal(usb_function_endpoint(probe, 0, 0x80, 0), 0);
		assert_non_null(kind->source);
		probe->ops->free(probe);
	}
}

static void
only_a_version_of_its_generation_fits_a_probe(void **state)
{
	const struct probe_kind *v2 = probe_kind_find("stlink-v2");
	(void)state;
	assert_true(probe_takes_firmware(v2, "V2J17S4"));
	assert_false(probe_takes_firmware(v2, "V3J7M3"));
	assert_false(probe_takes_firmware(v2, "2.1.0"));
	assert_false(probe_takes_firmware(v2, "V2J"));
	assert_false(probe_takes_firmware(v2, "V2J99"));
	assert_false(probe_takes_firmware(v2, ""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(version_of_v2_1_is_v2j37m26_and_names_its_usb_ids, plug_v2_1),
		WITH(version_of_v3_is_in_the_extended_command, plug_v3e),
		WITH(v2_1_does_not_know_the_commands_of_v3, plug_v2_1),
		WITH(voltage_is_2_4_times_the_quotient_of_the_readings, plug_v2_1),
		WITH(divisors_set_the_clock_of_v2, plug_v2_1),
		WITH(v3_lists_its_clocks_and_takes_the_next_lower, plug_v3e),
		WITH(v3_takes_512_bytes_in_an_8_bit_command, plug_v3e),
		WITH(v3pwr_is_hardware_version_4, plug_v3pwr),
		WITH(a_board_is_known_by_four_characters, plug_v2_1_of_board),
		WITH(an_open_vapp_floats_on_a_v2, plug_v2),
		WITH(an_open_vapp_is_0_volts_on_a_board, plug_v2_1),
		WITH(a_clone_measures_its_own_rail, plug_clone),
		WITH(a_clones_rst_pin_is_swims, plug_clone),
		WITH(a_clones_serial_is_12_raw_bytes, plug_clone),
		WITH(an_isolated_probe_needs_vapp_and_a_slow_clock, plug_isol),
		WITH(jtag_has_clocks_of_its_own, plug_v3e),
		cmocka_unit_test(every_kind_has_descriptors_and_a_serial_of_24_digits),
		cmocka_unit_test(only_a_version_of_its_generation_fits_a_probe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
