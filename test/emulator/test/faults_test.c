/* SPDX-License-Identifier: MIT */
/* Faults by name: what each changes, and the words for those that make no sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/emulator/board.h"
#include "test/emulator/faults.h"
#include "test/emulator/test/said.h"

static struct figures
with(const char *spec)
{
	static struct faults faults; /* the figures point to its texts */
	struct figures figures = { .wiring = board_find("g473-custom")->wiring };

	faults = (struct faults){ .len = 0 };
	assert_true(faults_add(&faults, spec));
	faults_apply(&faults, &figures);
	return figures;
}

static void
faults_of_the_supply_change_its_voltage(void **state)
{
	(void)state;
	assert_true(with("vtarget-off").wiring.vdd_volts == 0);
	assert_true(with("vtarget=1.8").wiring.vdd_volts == 1.8);
	assert_true(with("vtarget=1.8").wiring.vapp_volts == 1.8);
	assert_true(with("vapp-open").wiring.vapp_open);
	assert_true(with("vapp-open").wiring.vdd_volts == 3.3);
	assert_true(with("supply-ohm=1000").wiring.supply_ohm == 1000);
	assert_true(with("brown-out=250").wiring.brown_out_every_ns == 250000000);
}

static void
faults_of_the_cable_change_how_it_is_wired(void **state)
{
	(void)state;
	assert_true(with("swd-open").wiring.swd_open);
	assert_true(with("swd-swapped").wiring.swd_swapped);
	assert_true(with("swdio-low").wiring.swdio_low);
	assert_true(with("swdio-high").wiring.swdio_high);
	assert_true(with("swclk-low").wiring.swclk_low);
	assert_true(with("swd-shorted").wiring.swd_shorted);
	assert_true(with("swd-noise=950").wiring.swd_clean_hz == 950e3);
	assert_true(with("swd-length=75").wiring.swd_metres == 0.75);
	assert_true(with("ground-open").wiring.ground_open);
}

static void
faults_of_nrst_change_who_is_on_it(void **state)
{
	(void)state;
	assert_true(with("nrst-low").wiring.nrst_shorted_to_ground);
	assert_true(with("nrst-open").wiring.nrst_open);
	assert_in_range(
		(uintmax_t)(with("nrst-capacitor=47").wiring.nrst_capacitor_farad * 1e9),
		46999, 47001);
	assert_true(with("nrst-high").wiring.nrst_high_ohm == 10);
	assert_true(with("nrst-high=330").wiring.nrst_high_ohm == 330);
	assert_true(with("boot0-swclk").wiring.boot0_at_swclk);
	assert_true(with("boot0-high").boot0_is_high);
}

static void
faults_of_the_probe_change_its_setup(void **state)
{
	(void)state;
	assert_true(with("probe-dfu").probe.is_in_dfu);
	assert_true(with("probe-stale").probe.is_stale);
	assert_true(with("probe-wedged").probe.is_wedged);
	assert_false(with("probe-wedged").probe.needs_replug);
	assert_true(with("probe-hung").probe.needs_replug);
	assert_true(with("clone-reset-pin").wiring.nrst_at_swim);
	assert_string_equal(with("probe-firmware=V2J17S4").probe.firmware, "V2J17S4");
}

static void
faults_of_usb_change_its_transfers(void **state)
{
	(void)state;
	assert_int_equal(with("usb-stall=100").usb.stall_every, 100);
	assert_int_equal(with("usb-short=50").usb.short_every, 50);
	assert_int_equal(with("usb-delay=20").usb.delay_ms, 20);
}

static void
several_add_up_and_the_last_of_one_name_counts(void **state)
{
	struct figures figures = { .wiring = board_find("g473-custom")->wiring };
	struct faults faults = { .len = 0 };

	(void)state;
	assert_true(faults_add(&faults, "vtarget=1.8"));
	assert_true(faults_add(&faults, "nrst-open"));
	assert_true(faults_add(&faults, "vtarget=2.7"));
	assert_int_equal(faults.len, 2);
	faults_apply(&faults, &figures);
	assert_true(figures.wiring.vdd_volts == 2.7);
	assert_true(figures.wiring.nrst_open);
}

static void
a_healed_fault_is_gone_and_the_others_stay(void **state)
{
	struct figures figures = { .wiring = board_find("g473-custom")->wiring };
	struct faults faults = { .len = 0 };
	struct said said;

	(void)state;
	assert_true(faults_add(&faults, "swd-open"));
	assert_true(faults_add(&faults, "nrst-open"));
	assert_true(faults_heal(&faults, "swd-open"));
	faults_apply(&faults, &figures);
	assert_false(figures.wiring.swd_open);
	assert_true(figures.wiring.nrst_open);
	said_begin(&said);
	assert_false(faults_heal(&faults, "swd-open"));
	assert_string_equal(said_end(&said), "emulator: swd-open is not at fault now\n");
}

static void
an_unknown_name_is_refused_with_all_that_are_known(void **state)
{
	static const char *const known[] = { " vtarget-off ", " swd-noise ",
					     " probe-firmware" };
	struct faults faults = { .len = 0 };
	struct said said;

	(void)state;
	said_begin(&said);
	assert_false(faults_add(&faults, "swd-noisy=3"));
	assert_non_null(strstr(said_end(&said), "there is no fault named swd-noisy; known "
						"are: "));
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_non_null(strstr(said.text, known[i]));
	assert_int_equal(faults.len, 0);
}

static void
an_impossible_value_is_refused_with_those_that_are_possible(void **state)
{
	static const struct {
		const char *spec, *words;
	} cases[] = {
		{ "vtarget", "--fault vtarget=VOLTS wants a number from 0 to 5.5" },
		{ "vtarget=9", "--fault vtarget=VOLTS wants a number from 0 to 5.5" },
		{ "vtarget=3V", "--fault vtarget=VOLTS wants a number from 0 to 5.5" },
		{ "vtarget=nan", "--fault vtarget=VOLTS wants a number" },
		{ "swd-open=1", "--fault swd-open takes no value" },
		{ "probe-firmware=", "--fault probe-firmware=VERSION wants 1 to 23" },
		{ "nrst-high=0", "--fault nrst-high=OHM wants a number from 0.1" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct faults faults = { .len = 0 };
		struct said said;

		said_begin(&said);
		assert_false(faults_add(&faults, cases[i].spec));
		assert_non_null(strstr(said_end(&said), cases[i].words));
		assert_int_equal(faults.len, 0);
	}
}

static void
how_the_probe_came_cannot_change_while_the_board_runs(void **state)
{
	(void)state;
	assert_true(fault_is_live("swd-open"));
	assert_true(fault_is_live("vtarget=2"));
	assert_false(fault_is_live("probe-stale"));
	assert_false(fault_is_live("probe-firmware=V2J17"));
}

/* Each with the ids of the failure modes in brackets. */
static void
the_help_has_a_line_for_each(void **state)
{
	char text[8192];
	FILE *file = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_non_null(file);
	faults_help(file);
	fclose(file);
	assert_non_null(strstr(text, "  vtarget=VOLTS "));
	assert_non_null(strstr(text, "  nrst-high[=OHM] "));
	assert_non_null(strstr(text, "SWDIO and SWCLK are exchanged (B7)\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_of_the_supply_change_its_voltage),
		cmocka_unit_test(faults_of_the_cable_change_how_it_is_wired),
		cmocka_unit_test(faults_of_nrst_change_who_is_on_it),
		cmocka_unit_test(faults_of_the_probe_change_its_setup),
		cmocka_unit_test(faults_of_usb_change_its_transfers),
		cmocka_unit_test(several_add_up_and_the_last_of_one_name_counts),
		cmocka_unit_test(a_healed_fault_is_gone_and_the_others_stay),
		cmocka_unit_test(an_unknown_name_is_refused_with_all_that_are_known),
		cmocka_unit_test(
			an_impossible_value_is_refused_with_those_that_are_possible),
		cmocka_unit_test(how_the_probe_came_cannot_change_while_the_board_runs),
		cmocka_unit_test(the_help_has_a_line_for_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
