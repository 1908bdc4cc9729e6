/* SPDX-License-Identifier: MIT */
/* A cable that loses bits above some clock, and what the port makes of it. */
#include "test/emulator/test/lab.h"

#include "test/emulator/wire/noise.h"
#include "test/emulator/wire/sw_dp.h"

enum { READS = 2000 };
#define WDATAERR UINT32_C(0x80)

static struct lab *
open_noisy(double clean_hz, uint64_t seed)
{
	struct wiring wiring = lab_wiring("g473-custom");
	struct lab *lab;

	wiring.swd_clean_hz = clean_hz;
	lab = lab_open_wired("g473-custom", &wiring);
	wire_seed(lab->wire, seed);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	return lab;
}

/* How reads of DPIDR end, each after a connection sequence when the one before failed. */
struct histogram {
	unsigned good, parity_errors, no_acks, wrong;
};

static struct histogram
reads_of_dpidr(struct lab *lab, uint32_t hz)
{
	struct histogram seen = { 0 };

	wire_set_clock(lab->wire, hz);
	lab_jtag_to_swd(lab);
	for (unsigned i = 0; i < READS; i++) {
		uint32_t value = 0;
		bool parity_ok = false;
		enum swd_ack ack =
			wire_transfer(lab->wire, false, true, DPIDR, &value, &parity_ok);

		seen.no_acks += ack != SWD_OK;
		seen.parity_errors += ack == SWD_OK && !parity_ok;
		seen.good += ack == SWD_OK && parity_ok && value == 0x2BA01477;
		seen.wrong += ack == SWD_OK && parity_ok && value != 0x2BA01477;
		if (ack != SWD_OK)
			lab_jtag_to_swd(lab);
	}
	return seen;
}

static void
a_clock_that_the_cable_carries_is_clean(void **state)
{
	struct lab *lab = open_noisy(1000000, 1);

	(void)state;
	assert_int_equal(reads_of_dpidr(lab, 1000000).good, READS);
	assert_int_equal(lab->stats.noise_bits, 0);
	assert_int_equal(lab->stats.swd_parity_errors, 0);
	assert_int_equal(lab->stats.swd_no_acks, 0);
	lab_close(lab);
}

static void
at_twice_that_clock_good_and_bad_transfers_are_mixed(void **state)
{
	struct lab *lab = open_noisy(1000000, 1);
	struct histogram seen;

	(void)state;
	seen = reads_of_dpidr(lab, 2000000);
	assert_in_range(seen.good, READS / 4, READS * 3 / 4);
	assert_true(seen.parity_errors > READS / 20);
	assert_true(seen.no_acks > READS / 20);
	assert_true(seen.wrong > 0); /* an even number of bits, or a clock too many */
	assert_int_equal(lab->stats.swd_parity_errors, seen.parity_errors);
	/* A few came as WAIT or FAULT. */
	assert_in_range(lab->stats.swd_no_acks, seen.no_acks * 9 / 10, seen.no_acks);
	lab_close(lab);
}

/* The part of reads of DPIDR that fail, from 1 to 4 times the clean clock. */
static void
errors_grow_smoothly_over_two_octaves(void **state)
{
	static const struct {
		uint32_t khz;
		unsigned least, most; /* bad ones of 2000 */
	} steps[] = {
		{ 1000, 0, 0 },       { 1200, 0, 5 },       { 1400, 2, 40 },
		{ 1600, 20, 160 },    { 1800, 100, 450 },   { 2000, 500, 1200 },
		{ 2200, 1200, 1950 }, { 4000, 1990, 2000 },
	};
	unsigned before = 0;

	(void)state;
	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct lab *lab = open_noisy(1000000, 3);
		unsigned bad = READS - reads_of_dpidr(lab, steps[i].khz * 1000).good;

		print_message("%4u kHz: %4u of %d reads fail\n", steps[i].khz, bad, READS);
		assert_in_range(bad, steps[i].least, steps[i].most);
		assert_true(bad >= before);
		before = bad;
		lab_close(lab);
	}
}

/* A wire twice as long takes half the clock: settling is proportional to length. */
static void
a_wire_twice_as_long_carries_half_the_clock(void **state)
{
	struct line metre = { line_settling_of_wire(1.0), 0.5, 0.08 };
	struct line two = { line_settling_of_wire(2.0), 0.5, 0.08 };

	(void)state;
	for (uint32_t hz = 500000; hz <= 16000000; hz *= 2)
		assert_true(line_error_rate(&metre, 2 * hz) == line_error_rate(&two, hz));
	assert_true(line_error_rate(&two, 500000) < 1e-8);
	assert_true(line_error_rate(&metre, 16000000) > 0.4);
}

/* --- download works, debug fails ------------------------------------------------- */

/* 16 KiB in words; and an hour of stepping and looking at variables. */
enum { DOWNLOAD = 4096, DEBUG = 150000 };

/* How many of `count` transfers are good before the first that is not. */
static unsigned
good_transfers(const struct wiring *wiring, uint32_t hz, unsigned count)
{
	struct lab *lab = lab_open_wired("g473-custom", wiring);
	unsigned good = 0;
	bool parity_ok = true;
	uint32_t value;

	wire_seed(lab->wire, 5);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_set_clock(lab->wire, hz);
	lab_jtag_to_swd(lab);
	while (good < count && parity_ok) {
		enum swd_ack ack =
			wire_transfer(lab->wire, false, true, DPIDR, &value, &parity_ok);

		parity_ok = ack == SWD_OK && parity_ok && value == 0x2BA01477;
		good += parity_ok;
	}
	lab_close(lab);
	return good;
}

static void
by_clock_alone_a_download_works_and_debugging_fails(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");

	(void)state;
	wiring.swd_metres = 0.3;
	assert_int_equal(good_transfers(&wiring, 1800000, DEBUG), DEBUG);
	assert_in_range(good_transfers(&wiring, 10000000, DEBUG), DOWNLOAD, DEBUG - 1);
	assert_true(good_transfers(&wiring, 24000000, DOWNLOAD) < DOWNLOAD);
}

static void
by_length_alone_a_download_works_and_debugging_fails(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");

	(void)state;
	wiring.swd_metres = 0.2;
	assert_int_equal(good_transfers(&wiring, 4000000, DEBUG), DEBUG);
	wiring.swd_metres = 0.75;
	assert_in_range(good_transfers(&wiring, 4000000, DEBUG), DOWNLOAD, DEBUG - 1);
	wiring.swd_metres = 2;
	assert_true(good_transfers(&wiring, 4000000, DOWNLOAD) < DOWNLOAD);
}

/* Lowering the clock helps, and does not cure. */
static void
without_a_common_ground_no_clock_is_clean(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	unsigned bad[2];

	(void)state;
	wiring.ground_open = true;
	for (unsigned i = 0; i < 2; i++) {
		struct lab *lab = lab_open_wired("g473-custom", &wiring);

		wire_power(lab->wire, true);
		wire_advance(lab->wire, 20 * MS);
		bad[i] = READS - reads_of_dpidr(lab, i ? 1800000 : 100000).good;
		lab_close(lab);
	}
	assert_in_range(bad[0], READS / 100, READS / 10);
	assert_true(bad[1] > READS * 9 / 10);
}

static void
one_seed_gives_one_noise(void **state)
{
	struct lab *first = open_noisy(1000000, 9), *again = open_noisy(1000000, 9);
	struct lab *other = open_noisy(1000000, 10);
	struct histogram seen = reads_of_dpidr(first, 3000000);
	struct histogram repeated = reads_of_dpidr(again, 3000000);

	(void)state;
	reads_of_dpidr(other, 3000000);
	assert_memory_equal(&seen, &repeated, sizeof(seen));
	assert_int_equal(first->stats.noise_bits, again->stats.noise_bits);
	assert_int_not_equal(first->stats.noise_bits, other->stats.noise_bits);
	lab_close(first);
	lab_close(again);
	lab_close(other);
}

/* Noise is in the data of some writes, too: the chip sees the parity and takes none. */
static void
a_write_with_a_lost_bit_sets_wdataerr_and_writes_nothing(void **state)
{
	struct lab *lab = open_noisy(1000000, 1);
	uint32_t ctrl = 0;

	(void)state;
	wire_set_clock(lab->wire, 1000000);
	lab_connect(lab);
	wire_set_clock(lab->wire, 2000000);
	for (unsigned i = 0; i < READS && !(ctrl & WDATAERR); i++) {
		wire_set_clock(lab->wire, 2000000);
		lab_write(lab, false, SELECT, 0);
		wire_set_clock(lab->wire, 1000000);
		lab_line_reset(lab);
		lab_dp(lab, DPIDR);
		assert_int_equal(lab_read(lab, false, CTRL_STAT, &ctrl), SWD_OK);
	}
	assert_int_equal(ctrl & WDATAERR, WDATAERR);
	lab_close(lab);
}

/* --- the port itself, without a cable --------------------------------------------- */

/* Requests as B4.2.1 has them: start, APnDP, RnW, A2, A3, parity, stop, park. */
enum { READ_DPIDR = 0xA5, WRITE_SELECT = 0xB1, READ_CTRL_STAT = 0x8D, WRITE_ABORT = 0x81 };

struct port {
	struct stats stats;
	struct soc *soc;
	struct sw_dp dp;
};

static int
open_port(void **state)
{
	static const uint8_t jtag_to_swd[] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
					       0xFF, 0x9E, 0xE7, 0xFF, 0xFF, 0xFF,
					       0xFF, 0xFF, 0xFF, 0xFF, 0x00 };
	struct port *port = calloc(1, sizeof(*port));

	port->soc = soc_new(chip_find("STM32G473VB"), &port->stats);
	soc_power(port->soc, true);
	soc_advance(port->soc, 20 * MS);
	sw_dp_reset(&port->dp, port->soc);
	for (unsigned i = 0; i < 8 * sizeof(jtag_to_swd); i++)
		sw_dp_clock(&port->dp, jtag_to_swd[i / 8] >> (i % 8) & 1);
	*state = port;
	return sw_dp_request(&port->dp, READ_DPIDR) == SWD_OK ? 0 : -1;
}

static int
close_port(void **state)
{
	struct port *port = *state;

	soc_free(port->soc);
	free(port);
	return 0;
}

static void
a_request_with_any_one_bit_wrong_is_not_answered(void **state)
{
	struct port *port = *state;

	for (unsigned bit = 0; bit < 8; bit++) {
		struct sw_dp dp = port->dp;

		assert_int_equal(sw_dp_request(&dp, READ_DPIDR ^ 1 << bit), SWD_NO_ACK);
		assert_int_equal(dp.state, SWD_LOST);
		assert_int_equal(sw_dp_request(&dp, READ_DPIDR), SWD_NO_ACK);
	}
}

static void
wrong_parity_of_a_write_is_sticky_until_it_is_cleared(void **state)
{
	struct sw_dp *dp = &((struct port *)*state)->dp;

	assert_int_equal(sw_dp_request(dp, WRITE_SELECT), SWD_OK);
	assert_false(sw_dp_data_in(dp, 0x000000F0, true));
	assert_int_equal(dp->select, 0);
	assert_int_equal(sw_dp_request(dp, READ_CTRL_STAT), SWD_OK);
	assert_int_equal(sw_dp_data_out(dp) & WDATAERR, WDATAERR);
	assert_int_equal(sw_dp_request(dp, WRITE_SELECT), SWD_FAULT);
	assert_int_equal(sw_dp_request(dp, WRITE_ABORT), SWD_OK);
	assert_true(sw_dp_data_in(dp, 0x00000008, true)); /* WDERRCLR */
	assert_int_equal(sw_dp_request(dp, WRITE_SELECT), SWD_OK);
	assert_true(sw_dp_data_in(dp, 0x000000F0, false));
	assert_int_equal(dp->select, 0xF0);
}

#define ON_PORT(test) cmocka_unit_test_setup_teardown(test, open_port, close_port)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_that_the_cable_carries_is_clean),
		cmocka_unit_test(at_twice_that_clock_good_and_bad_transfers_are_mixed),
		cmocka_unit_test(errors_grow_smoothly_over_two_octaves),
		cmocka_unit_test(a_wire_twice_as_long_carries_half_the_clock),
		cmocka_unit_test(by_clock_alone_a_download_works_and_debugging_fails),
		cmocka_unit_test(by_length_alone_a_download_works_and_debugging_fails),
		cmocka_unit_test(without_a_common_ground_no_clock_is_clean),
		cmocka_unit_test(one_seed_gives_one_noise),
		cmocka_unit_test(a_write_with_a_lost_bit_sets_wdataerr_and_writes_nothing),
		ON_PORT(a_request_with_any_one_bit_wrong_is_not_answered),
		ON_PORT(wrong_parity_of_a_write_is_sticky_until_it_is_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
