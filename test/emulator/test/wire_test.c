/* SPDX-License-Identifier: MIT */
/* What a probe samples on wires that are not as they should be, and supplies that dip. */
#include "test/emulator/test/lab.h"

#include "test/emulator/base/chance.h"

static struct lab *
open_wired(const struct wiring *wiring)
{
	struct lab *lab = lab_open_wired("g473-custom", wiring);

	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	return lab;
}

/* The acknowledge to a read of DPIDR after a connection sequence, and what was read. */
static enum swd_ack
dpidr_of(struct lab *lab, uint32_t *value)
{
	lab_jtag_to_swd(lab);
	return lab_read(lab, false, DPIDR, value);
}

static void
assert_answers(struct lab *lab)
{
	uint32_t value = 0;

	assert_int_equal(dpidr_of(lab, &value), SWD_OK);
	assert_int_equal(value, 0x2BA01477);
}

static void
assert_samples(struct lab *lab, enum swd_ack ack, uint32_t line)
{
	uint32_t value = 0;

	assert_int_equal(dpidr_of(lab, &value), ack);
	assert_int_equal(value, line);
}

/* --- SWDIO and SWCLK ---------------------------------------------------------- */

static void
open_wires_are_sampled_as_ones(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.swd_open = true;
	lab = open_wired(&wiring);
	assert_samples(lab, SWD_NO_ACK, 0xFFFFFFFF);
	lab_close(lab);
}

/* A clock, at whose end the chip drives the next bit of its answer. */
static void
clock_out(struct lab *lab, bool swdio)
{
	wire_drive_swd(lab->wire, false, swdio);
	wire_drive_swd(lab->wire, true, swdio);
}

/* In the middle of a read of DPIDR, whose acknowledge has zeros. */
static void
a_chip_without_supply_lets_go_of_swdio(void **state)
{
	static const uint8_t request = 0xA5;
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab = open_wired(&wiring);

	(void)state;
	lab_jtag_to_swd(lab);
	for (unsigned i = 0; i < 8; i++)
		clock_out(lab, request >> i & 1);
	for (unsigned i = 0; i < 8 && wire_swdio_is_high(lab->wire); i++)
		clock_out(lab, true);
	assert_false(wire_swdio_is_high(lab->wire));
	wire_power(lab->wire, false);
	assert_true(wire_swdio_is_high(lab->wire));
	lab_close(lab);
}

static void
a_shorted_swdio_is_sampled_as_zeros(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.swdio_low = true;
	lab = open_wired(&wiring);
	assert_samples(lab, SWD_LOW, 0);
	lab_close(lab);
}

static void
swapped_wires_are_sampled_as_ones(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.swd_swapped = true;
	lab = open_wired(&wiring);
	assert_samples(lab, SWD_NO_ACK, 0xFFFFFFFF);
	lab_close(lab);
}

static void
wires_that_are_put_right_answer_at_the_next_line_reset(void **state)
{
	struct wiring good = lab_wiring("g473-custom"), bad = good;
	struct lab *lab;

	(void)state;
	bad.swd_swapped = true;
	lab = open_wired(&bad);
	assert_samples(lab, SWD_NO_ACK, 0xFFFFFFFF);
	wire_rewire(lab->wire, &good);
	assert_answers(lab);
	wire_rewire(lab->wire, &bad);
	assert_samples(lab, SWD_NO_ACK, 0xFFFFFFFF);
	lab_close(lab);
}

/* --- supply -------------------------------------------------------------------- */

static void
an_open_vapp_pin_says_nothing_of_the_supply(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.vapp_open = true;
	lab = open_wired(&wiring);
	assert_true(wire_vapp_is_open(lab->wire));
	assert_true(wire_vapp(lab->wire) == 0);
	assert_answers(lab);
	lab_close(lab);
}

static void
a_board_without_supply_is_not_an_open_pin(void **state)
{
	struct lab *lab = lab_open("g473-custom");

	(void)state;
	wire_power(lab->wire, false);
	assert_false(wire_vapp_is_open(lab->wire));
	assert_true(wire_vapp(lab->wire) == 0);
	lab_close(lab);
}

static void
a_dip_of_the_supply_resets_the_chip_and_ends(void **state)
{
	struct lab *lab = lab_open("g473-custom");

	(void)state;
	assert_int_equal(lab->stats.resets[RESET_BY_POWER], 1);
	wire_brown_out(lab->wire, 2 * MS);
	assert_false(soc_is_powered(lab->soc));
	assert_true(wire_vapp(lab->wire) < 1.1);
	wire_advance(lab->wire, MS);
	assert_false(soc_is_powered(lab->soc));
	wire_advance(lab->wire, 2 * MS);
	assert_true(soc_is_powered(lab->soc));
	assert_int_equal(lab->stats.resets[RESET_BY_POWER], 2);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_POWER], 2);
	lab_close(lab);
}

/* A dip of 3 ms follows each 100 ms: nine in a second, and the power-on before them. */
static void
dips_come_by_the_devices_clock(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.brown_out_every_ns = 100 * MS;
	lab = lab_open_wired("g473-custom", &wiring);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_POWER], 1 + 9);
	wiring.brown_out_every_ns = 0;
	wire_rewire(lab->wire, &wiring);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_POWER], 1 + 9);
	assert_true(soc_is_powered(lab->soc));
	lab_close(lab);
}

static void
one_seed_gives_one_garbage_in_ram(void **state)
{
	static const uint64_t seeds[] = { 1, 1, 2 };
	uint32_t words[3];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct wiring wiring = lab_wiring("g473-custom");
		struct lab *lab = lab_open_wired("g473-custom", &wiring);

		soc_seed(lab->soc, seeds[i]);
		wire_power(lab->wire, true);
		wire_advance(lab->wire, 20 * MS);
		words[i] = lab_peek(lab, 0x20000100);
		lab_close(lab);
	}
	assert_int_equal(words[0], words[1]);
	assert_int_not_equal(words[0], words[2]);
}

/* --- NRST ---------------------------------------------------------------------- */

/* 10 ohm up against the probe's 100 ohm down leave the pin at 91% of the supply. */
static void
a_strong_driver_keeps_nrst_high_against_the_probe(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.nrst_high_ohm = 10;
	lab = open_wired(&wiring);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 100 * MS);
	assert_true(wire_nrst_is_high(lab->wire));
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 0);
	lab_close(lab);
}

/* AIRCR.SYSRESETREQ; FLASH_OPTR.IRHEN is set on a new G473. */
static void
against_a_strong_driver_a_reset_by_software_never_ends(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom"), healed = wiring;
	struct lab *lab;

	(void)state;
	wiring.nrst_high_ohm = 10;
	lab = open_wired(&wiring);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_SYSTEM], 1);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_IN_RESET);
	wire_rewire(lab->wire, &healed);
	wire_advance(lab->wire, 20 * MS);
	assert_int_not_equal(cpu_state(soc_core(lab->soc, 0)), CPU_IN_RESET);
	lab_close(lab);
}

/* The same without IRHEN: an F103 has no such option. */
static void
a_chip_without_reset_holder_resets_all_the_same(void **state)
{
	struct wiring wiring = lab_wiring("bluepill-f103");
	struct lab *lab;

	(void)state;
	wiring.nrst_high_ohm = 10;
	lab = lab_open_wired("bluepill-f103", &wiring);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_SYSTEM], 1);
	assert_int_not_equal(cpu_state(soc_core(lab->soc, 0)), CPU_IN_RESET);
	lab_close(lab);
}

/* 1 kOhm is weaker than the probe: 9% of the supply. */
static void
a_weak_one_does_not(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.nrst_high_ohm = 1000;
	lab = open_wired(&wiring);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 100 * MS);
	assert_false(wire_nrst_is_high(lab->wire));
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 1);
	lab_close(lab);
}

/* A clone's reset pin. */
static void
a_reset_pin_at_swim_does_not_follow_t_nrst(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	(void)state;
	wiring.nrst_at_swim = true;
	lab = open_wired(&wiring);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 0);
	wire_drive_swim_rst(lab->wire, true);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 1);
	lab_close(lab);
}

static void
chances_of_one_consumer_do_not_depend_on_another(void **state)
{
	struct chance first, second, again;

	(void)state;
	chance_seed(&first, 5, "noise");
	chance_seed(&again, 5, "noise");
	chance_seed(&second, 5, "RAM");
	assert_true(chance_next(&first) == chance_next(&again));
	assert_true(chance_next(&first) != chance_next(&second));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_wires_are_sampled_as_ones),
		cmocka_unit_test(a_chip_without_supply_lets_go_of_swdio),
		cmocka_unit_test(a_shorted_swdio_is_sampled_as_zeros),
		cmocka_unit_test(swapped_wires_are_sampled_as_ones),
		cmocka_unit_test(wires_that_are_put_right_answer_at_the_next_line_reset),
		cmocka_unit_test(an_open_vapp_pin_says_nothing_of_the_supply),
		cmocka_unit_test(a_board_without_supply_is_not_an_open_pin),
		cmocka_unit_test(a_dip_of_the_supply_resets_the_chip_and_ends),
		cmocka_unit_test(dips_come_by_the_devices_clock),
		cmocka_unit_test(one_seed_gives_one_garbage_in_ram),
		cmocka_unit_test(a_strong_driver_keeps_nrst_high_against_the_probe),
		cmocka_unit_test(against_a_strong_driver_a_reset_by_software_never_ends),
		cmocka_unit_test(a_chip_without_reset_holder_resets_all_the_same),
		cmocka_unit_test(a_weak_one_does_not),
		cmocka_unit_test(a_reset_pin_at_swim_does_not_follow_t_nrst),
		cmocka_unit_test(chances_of_one_consumer_do_not_depend_on_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
