/* SPDX-License-Identifier: MIT */
/* The NRST net: a capacitor, a pull-up, and who pulls. */
#include "test/emulator/test/lab.h"

static const uint32_t dhcsr = 0xE000EDF0;
static const uint32_t rcc_csr = 0x40021094;
enum { S_RESET_ST = 1 << 25 };
#define PINRSTF UINT32_C(0x04000000)
#define SFTRSTF UINT32_C(0x10000000)

static bool
is_held(struct lab *lab)
{
	return cpu_state(soc_core(lab->soc, 0)) == CPU_IN_RESET;
}

/* Time from now until the core is let go; fails after a minute. */
static uint64_t
time_held(struct lab *lab)
{
	uint64_t start = soc_now_ns(lab->soc);

	while (is_held(lab)) {
		assert_true(soc_now_ns(lab->soc) - start < 60000 * MS);
		wire_advance(lab->wire, 10 * US);
	}
	return soc_now_ns(lab->soc) - start;
}

static struct lab *
open_with(double farad, double pull_up_ohm)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	wiring.nrst_capacitor_farad = farad;
	wiring.nrst_pull_up_ohm = pull_up_ohm;
	lab = lab_open_wired("g473-custom", &wiring);
	wire_power(lab->wire, true);
	return lab;
}

/* The chip itself holds the pin for 0.25 ms, then 40 kOhm * 100 nF * ln(1 / 0.3) = 4.8 ms
 * to VIH. */
static void
after_power_on_the_chip_waits_for_the_capacitor(void **state)
{
	struct lab *lab = open_with(100e-9, 40e3);

	(void)state;
	assert_true(is_held(lab));
	assert_in_range(time_held(lab), 5050 * US, 5150 * US);
	assert_int_equal(lab->stats.resets[RESET_BY_POWER], 1);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 0);
	lab_close(lab);
}

/* The report: 47 uF on the internal pull-up, 2.3 s until it runs. */
static void
a_large_capacitor_holds_it_for_seconds(void **state)
{
	struct lab *lab = open_with(47e-6, 40e3);

	(void)state;
	assert_in_range(time_held(lab), 2200 * MS, 2300 * MS);
	assert_in_range(lab->stats.nrst_rise_ns, 2200 * MS, 2300 * MS);
	lab_close(lab);
}

static void
the_probe_pulls_it_low_and_lets_go(void **state)
{
	struct lab *lab = lab_open("g473-custom");

	(void)state;
	assert_true(wire_nrst_is_high(lab->wire));
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, MS);
	assert_false(wire_nrst_is_high(lab->wire));
	assert_true(is_held(lab));
	assert_int_equal(lab_peek(lab, dhcsr) & S_RESET_ST, S_RESET_ST);
	assert_int_equal(lab_peek(lab, dhcsr) & S_RESET_ST,
			 S_RESET_ST); /* as long as held */
	wire_drive_nrst(lab->wire, false);
	assert_in_range(time_held(lab), 4700 * US, 4900 * US);
	assert_in_range(lab->stats.nrst_rise_ns, 4700 * US, 4900 * US);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 1);
	assert_int_equal(lab_peek(lab, rcc_csr) & PINRSTF, PINRSTF);
	assert_int_equal(lab_peek(lab, dhcsr) & S_RESET_ST, S_RESET_ST);
	assert_int_equal(lab_peek(lab, dhcsr) & S_RESET_ST, 0);
	lab_close(lab);
}

static void
under_reset_the_core_answers_and_the_bus_reads_zero(void **state)
{
	struct lab *lab = lab_open("g473-custom");

	(void)state;
	lab_poke(lab, 0x20000000, 0x12345678);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab_peek(lab, 0x20000000), 0);
	assert_int_equal(lab_peek(lab, 0x08000000), 0);
	lab_poke(lab, 0x20000000, 1);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x410FC241);
	assert_int_equal(lab_peek(lab, 0xE0042000) & 0xFFF, 0x469);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 10 * MS);
	assert_int_equal(lab_peek(lab, 0x20000000), 0x12345678);
	lab_close(lab);
}

/* The probe's 100 Ohm need 12 us to bring 100 nF to VIL, but 5.7 ms for 47 uF. */
static void
a_pulse_too_short_for_the_capacitor_is_no_reset(void **state)
{
	struct lab *lab = open_with(47e-6, 40e3);

	(void)state;
	wire_advance(lab->wire, 10000 * MS);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 5 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 0);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 6 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 1);
	lab_close(lab);
}

static void
a_spike_is_filtered(void **state)
{
	struct lab *lab = open_with(1e-12, 40e3);

	(void)state;
	wire_advance(lab->wire, 10 * MS);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 100);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 0);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 400);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 1);
	lab_close(lab);
}

static void
a_software_reset_pulls_the_pin_and_waits_for_it(void **state)
{
	struct lab *lab = lab_open("g473-custom");

	(void)state;
	lab_poke(lab, rcc_csr, 1 << 23); /* RMVF */
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, US);
	assert_true(is_held(lab));
	assert_true(soc_drives_nrst_low(lab->soc));
	assert_in_range(time_held(lab), 3 * MS, 5 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_SYSTEM], 1);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 0);
	assert_int_equal(lab_peek(lab, rcc_csr) & 0xFE000000, SFTRSTF | PINRSTF);
	lab_close(lab);
}

static uint64_t
software_reset_with_47_microfarad(const char *option)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;
	uint64_t held;

	wiring.nrst_capacitor_farad = 47e-6;
	lab = lab_open_wired("g473-custom", &wiring);
	assert_null(soc_preset_option(lab->soc, option));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 10000 * MS);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, US);
	held = time_held(lab);
	lab_close(lab);
	return held;
}

/* 20 us through the chip's own transistor do not empty 47 uF: the pin stays high. */
static void
a_software_reset_is_short_when_the_capacitor_is_large(void **state)
{
	(void)state;
	assert_in_range(software_reset_with_47_microfarad("IRHEN=0"), 10 * US, 40 * US);
}

/* As bought, a G473 goes on pulling until the pin is low, and then it has to rise again:
 * 40 kOhm * 47 uF * ln(0.7 / 0.3) = 1.6 s (RM0440 Rev 8, 7.1.2). */
static void
but_the_reset_holder_waits_for_the_capacitor(void **state)
{
	(void)state;
	assert_in_range(software_reset_with_47_microfarad("IRHEN=1"), 1550 * MS, 1650 * MS);
}

static void
a_short_to_ground_holds_it_for_ever(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.nrst_shorted_to_ground = true;
	lab = lab_open_wired("g473-custom", &wiring);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 10000 * MS);
	assert_true(is_held(lab));
	assert_false(wire_nrst_is_high(lab->wire));
	lab_close(lab);
}

static void
an_open_reset_wire_does_nothing(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.nrst_open = true;
	lab = lab_open_wired("g473-custom", &wiring);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_false(is_held(lab));
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 0);
	lab_close(lab);
}

/* A pull-up of 10 Ohm against a driver of 100: the level never comes to VIL. */
static void
a_strong_pull_up_beats_the_probe(void **state)
{
	struct lab *lab = open_with(100e-9, 10);

	(void)state;
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_false(is_held(lab));
	lab_close(lab);
}

static void
the_button_resets(void **state)
{
	struct lab *lab = lab_open("g473-custom");

	(void)state;
	wire_press_reset(lab->wire, true);
	wire_advance(lab->wire, 100 * MS);
	assert_true(is_held(lab));
	wire_press_reset(lab->wire, false);
	wire_advance(lab->wire, 10 * MS);
	assert_false(is_held(lab));
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 1);
	lab_close(lab);
}

static void
vapp_follows_the_supply_and_below_bor_the_chip_is_off(void **state)
{
	struct lab *lab = lab_open("g473-custom");

	(void)state;
	assert_true(wire_vapp(lab->wire) > 3.29 && wire_vapp(lab->wire) < 3.31);
	wire_set_volts(lab->wire, 2.1);
	assert_true(wire_vapp(lab->wire) > 2.09 && wire_vapp(lab->wire) < 2.11);
	assert_true(soc_is_powered(lab->soc));
	wire_set_volts(lab->wire, 1.5);
	assert_false(soc_is_powered(lab->soc));
	wire_set_volts(lab->wire, 3.3);
	assert_true(soc_is_powered(lab->soc));
	assert_int_equal(lab->stats.resets[RESET_BY_POWER], 2);
	wire_power(lab->wire, false);
	assert_true(wire_vapp(lab->wire) < 0.01);
	lab_close(lab);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_power_on_the_chip_waits_for_the_capacitor),
		cmocka_unit_test(a_large_capacitor_holds_it_for_seconds),
		cmocka_unit_test(the_probe_pulls_it_low_and_lets_go),
		cmocka_unit_test(under_reset_the_core_answers_and_the_bus_reads_zero),
		cmocka_unit_test(a_pulse_too_short_for_the_capacitor_is_no_reset),
		cmocka_unit_test(a_spike_is_filtered),
		cmocka_unit_test(a_software_reset_pulls_the_pin_and_waits_for_it),
		cmocka_unit_test(a_software_reset_is_short_when_the_capacitor_is_large),
		cmocka_unit_test(but_the_reset_holder_waits_for_the_capacitor),
		cmocka_unit_test(a_short_to_ground_holds_it_for_ever),
		cmocka_unit_test(an_open_reset_wire_does_nothing),
		cmocka_unit_test(a_strong_pull_up_beats_the_probe),
		cmocka_unit_test(the_button_resets),
		cmocka_unit_test(vapp_follows_the_supply_and_below_bor_the_chip_is_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
