/* SPDX-License-Identifier: MIT */
/* The SW-DP and MEM-AP as IHI 0031G has them. */
#include "test/emulator/test/lab.h"

static const uint32_t sram = 0x20000000;
static const uint32_t nothing_there = 0x60000000; /* FMC, which this board has not */

static int
set_up(void **state)
{
	*state = lab_open("g473-custom");
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

static void
set_address(struct lab *lab, uint32_t at)
{
	assert_int_equal(lab_write(lab, true, AP_TAR, at), SWD_OK);
}

/* --- choosing SWD ------------------------------------------------------------- */

static void
after_power_on_the_port_is_jtag_and_answers_no_packet(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;
	bool parity_ok = true;

	lab_line_reset(lab);
	assert_int_equal(wire_transfer(lab->wire, false, true, DPIDR, &value, &parity_ok),
			 SWD_NO_ACK);
	assert_int_equal(value, 0xFFFFFFFF);
	assert_false(parity_ok);
}

static void
the_switch_sequence_and_a_line_reset_make_it_swd(void **state)
{
	struct lab *lab = *state;

	lab_jtag_to_swd(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x2BA01477);
}

static void
the_switch_sequence_needs_fifty_ones_before_it(void **state)
{
	static const uint8_t ones[6] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	static const uint8_t sequence[2] = { 0x9E, 0xE7 }, zero[1] = { 0 };
	struct lab *lab = *state;
	uint32_t value;

	wire_sequence(lab->wire, zero, 8);
	wire_sequence(lab->wire, ones, 48);
	wire_sequence(lab->wire, sequence, 16);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
}

static void
a_line_reset_without_the_second_half_leaves_it_silent(void **state)
{
	static const uint8_t ones[7] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	static const uint8_t sequence[2] = { 0x9E, 0xE7 };
	struct lab *lab = *state;
	uint32_t value;

	wire_sequence(lab->wire, ones, 56);
	wire_sequence(lab->wire, sequence, 16);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
}

static void
after_a_line_reset_anything_but_dpidr_loses_the_line(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_jtag_to_swd(lab);
	assert_int_equal(lab_read(lab, false, CTRL_STAT, &value), SWD_NO_ACK);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_OK);
}

static void
a_stray_one_on_the_line_needs_a_line_reset(void **state)
{
	static const uint8_t one[1] = { 0x01 };
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	wire_sequence(lab->wire, one, 8);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_OK);
}

static void
idle_cycles_do_no_harm(void **state)
{
	static const uint8_t idle[4] = { 0 };
	struct lab *lab = *state;

	lab_connect(lab);
	wire_sequence(lab->wire, idle, 32);
	assert_int_equal(lab_dp(lab, DPIDR), 0x2BA01477);
}

static void
switching_to_jtag_silences_it(void **state)
{
	static const uint8_t ones[7] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	static const uint8_t to_jtag[2] = { 0x3C, 0xE7 };
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	wire_sequence(lab->wire, ones, 56);
	wire_sequence(lab->wire, to_jtag, 16);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
}

static void
an_open_wire_is_never_acknowledged(void **state)
{
	struct wiring wiring = lab_wiring("g473-custom");
	uint32_t value;
	struct lab *lab;

	(void)state;
	wiring.swd_open = true;
	lab = lab_open_wired("g473-custom", &wiring);
	wire_power(lab->wire, true);
	lab_jtag_to_swd(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	lab_close(lab);
}

static void
a_chip_without_power_is_silent_and_forgets_swd(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	wire_power(lab->wire, false);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, MS);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	lab_jtag_to_swd(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_OK);
}

/* --- power-up and faults ---------------------------------------------------------- */

static void
power_up_requests_are_acknowledged(void **state)
{
	struct lab *lab = *state;

	lab_jtag_to_swd(lab);
	lab_dp(lab, DPIDR);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0xF0000000, 0);
	assert_int_equal(lab_write(lab, false, CTRL_STAT, POWER_REQUESTS), SWD_OK);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0xF0000000, 0xF0000000);
	assert_int_equal(lab_write(lab, false, CTRL_STAT, 0), SWD_OK);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0xF0000000, 0);
}

static void
an_access_port_without_power_up_faults(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_jtag_to_swd(lab);
	lab_dp(lab, DPIDR);
	assert_int_equal(lab_read(lab, true, AP_CSW, &value), SWD_FAULT);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x20, 0x20); /* STICKYERR */
}

static void
a_bus_error_faults_the_next_access_until_abort(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	set_address(lab, nothing_there);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_OK); /* posted */
	assert_int_equal(lab_read(lab, false, RDBUFF, &value), SWD_FAULT);
	assert_int_equal(lab_write(lab, true, AP_TAR, sram), SWD_FAULT);
	assert_int_equal(lab_write(lab, false, SELECT, 0), SWD_FAULT);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_OK);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x60, 0x20); /* STICKYERR, not READOK */
	assert_int_equal(lab_write(lab, false, ABORT, 0x04), SWD_OK);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x20, 0);
	set_address(lab, sram);
	assert_int_equal(lab->stats.swd_faults, 3);
}

static void
abort_clears_only_the_flag_it_names(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	set_address(lab, nothing_there);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_OK);
	assert_int_equal(lab_write(lab, false, ABORT, 0x1A),
			 SWD_OK); /* all but STKERRCLR */
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x20, 0x20);
}

static void
overrun_detection_makes_a_fault_sticky(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	assert_int_equal(lab_write(lab, false, CTRL_STAT, POWER_REQUESTS | 1), SWD_OK);
	set_address(lab, nothing_there);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_OK);
	assert_int_equal(lab_read(lab, false, RDBUFF, &value), SWD_FAULT);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x22, 0x22); /* STICKYORUN, STICKYERR */
	assert_int_equal(lab_write(lab, false, ABORT, 0x14), SWD_OK);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x22, 0);
}

static void
a_bus_that_waits_answers_wait_until_it_is_done(void **state)
{
	struct lab *lab = *state;
	uint32_t value;
	unsigned waits = 0;

	lab_connect(lab);
	lab_poke(lab, 0x40022008, 0x45670123);
	lab_poke(lab, 0x40022008, 0xCDEF89AB);
	lab_poke(lab, 0x40022014, 1 << 1 | 1 << 16); /* PER, STRT: page 0 */
	set_address(lab, 0x08000000);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_OK);
	assert_int_equal(lab_read(lab, false, CTRL_STAT, &value), SWD_OK);
	while (lab_read(lab, false, RDBUFF, &value) == SWD_WAIT)
		waits++;
	assert_int_equal(value, 0xFFFFFFFF);
	assert_true(waits > 1000); /* 22 ms at 4 MHz, 13 bits each */
	assert_int_equal(lab->stats.swd_waits, waits);
}

static void
dapabort_gives_up_a_waiting_access(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	lab_poke(lab, 0x40022008, 0x45670123);
	lab_poke(lab, 0x40022008, 0xCDEF89AB);
	lab_poke(lab, 0x40022014, 1 << 1 | 1 << 16);
	set_address(lab, 0x08000000);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_OK);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_WAIT);
	assert_int_equal(lab_write(lab, false, ABORT, 1), SWD_OK);
	set_address(lab, sram);
}

/* --- MEM-AP ----------------------------------------------------------------------- */

static void
the_port_is_an_ahb_ap_with_a_rom_table(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_write(lab, false, SELECT, 0xF0), SWD_OK);
	assert_int_equal(lab_ap(lab, 0xC), 0x24770011);
	assert_int_equal(lab_ap(lab, 0x8), 0xE00FF003);
	assert_int_equal(lab_write(lab, false, SELECT, 0x010000F0), SWD_OK);
	assert_int_equal(lab_ap(lab, 0xC), 0); /* there is no second port */
}

static void
reads_are_posted(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	lab_poke(lab, sram, 0x11111111);
	lab_poke(lab, sram + 4, 0x22222222);
	set_address(lab, sram);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_OK);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_OK);
	assert_int_equal(value, 0x11111111);
	assert_int_equal(lab_dp(lab, RDBUFF), 0x22222222);
	assert_int_equal(lab_dp(lab, 8), 0x22222222); /* RESEND */
}

static void
the_address_wraps_within_4_kib_on_a_cortex_m4(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	set_address(lab, sram + 0xFFC);
	assert_int_equal(lab_write(lab, true, AP_DRW, 1), SWD_OK);
	assert_int_equal(lab_ap(lab, AP_TAR), sram);
}

static void
without_increment_the_address_stays(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_write(lab, true, AP_CSW, CSW_WORD), SWD_OK);
	set_address(lab, sram);
	assert_int_equal(lab_write(lab, true, AP_DRW, 5), SWD_OK);
	assert_int_equal(lab_write(lab, true, AP_DRW, 6), SWD_OK);
	assert_int_equal(lab_ap(lab, AP_TAR), sram);
	assert_int_equal(lab_peek(lab, sram), 6);
}

static void
a_byte_lies_in_its_lane(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	lab_poke(lab, sram, 0);
	assert_int_equal(lab_write(lab, true, AP_CSW, CSW_BYTE | CSW_SINGLE), SWD_OK);
	set_address(lab, sram + 1);
	assert_int_equal(lab_write(lab, true, AP_DRW, 0xAABBCCDD), SWD_OK);
	assert_int_equal(lab_ap(lab, AP_TAR), sram + 2);
	assert_int_equal(lab_peek(lab, sram), 0x0000CC00);
}

static void
a_packed_transfer_moves_four_bytes_at_once(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_write(lab, true, AP_CSW, CSW_BYTE | CSW_PACKED), SWD_OK);
	assert_int_equal(lab_ap(lab, AP_CSW) & 0x37, CSW_BYTE | CSW_PACKED);
	set_address(lab, sram);
	assert_int_equal(lab_write(lab, true, AP_DRW, 0x44332211), SWD_OK);
	assert_int_equal(lab_ap(lab, AP_TAR), sram + 4);
	assert_int_equal(lab_peek(lab, sram), 0x44332211);
	assert_int_equal(lab_write(lab, true, AP_CSW, CSW_HALF | CSW_PACKED), SWD_OK);
	set_address(lab, sram);
	assert_int_equal(lab_ap(lab, AP_DRW), 0x44332211);
	assert_int_equal(lab_ap(lab, AP_TAR), sram + 4);
}

static void
csw_shows_what_it_can_do(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_write(lab, true, AP_CSW, 0x3 | CSW_SINGLE),
			 SWD_OK); /* 64 bits */
	assert_int_equal(lab_ap(lab, AP_CSW) & 0x7, CSW_WORD);
	assert_int_equal(lab_ap(lab, AP_CSW) & 0x40, 0x40); /* DeviceEn */
	assert_int_equal(lab_write(lab, true, AP_CSW, CSW_WORD | CSW_PACKED), SWD_OK);
	assert_int_equal(lab_ap(lab, AP_CSW) & 0x30, CSW_SINGLE);
}

static void
banked_registers_reach_four_words_around_tar(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	lab_poke(lab, sram + 0x28, 0xCAFE0028);
	set_address(lab, sram + 0x24);
	assert_int_equal(lab_write(lab, false, SELECT, 0x10), SWD_OK);
	assert_int_equal(lab_ap(lab, 8), 0xCAFE0028); /* BD2 */
	assert_int_equal(lab_write(lab, false, SELECT, 0), SWD_OK);
	assert_int_equal(lab_ap(lab, AP_TAR), sram + 0x24);
}

static void
pushed_verify_tells_a_difference_by_stickycmp(void **state)
{
	struct lab *lab = *state;
	const uint32_t verify = POWER_REQUESTS | 0xF << 8 | 1 << 2;

	lab_connect(lab);
	lab_poke(lab, sram, 0x12345678);
	assert_int_equal(lab_write(lab, false, CTRL_STAT, verify), SWD_OK);
	set_address(lab, sram);
	assert_int_equal(lab_write(lab, true, AP_DRW, 0x12345678), SWD_OK);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x10, 0);
	set_address(lab, sram);
	assert_int_equal(lab_write(lab, true, AP_DRW, 0x12345679), SWD_OK);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x10, 0x10);
}

static void
a_transaction_takes_its_bits_at_the_clock(void **state)
{
	struct lab *lab = *state;
	uint64_t before, bits;

	lab_connect(lab);
	wire_set_clock(lab->wire, 1000000);
	before = soc_now_ns(lab->soc);
	bits = lab->stats.swd_bits;
	for (unsigned i = 0; i < 100; i++)
		lab_dp(lab, DPIDR);
	assert_int_equal(lab->stats.swd_bits - bits, 4600);
	assert_int_equal(soc_now_ns(lab->soc) - before, 4600 * US);
}

#define SWD_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SWD_TEST(after_power_on_the_port_is_jtag_and_answers_no_packet),
		SWD_TEST(the_switch_sequence_and_a_line_reset_make_it_swd),
		SWD_TEST(the_switch_sequence_needs_fifty_ones_before_it),
		SWD_TEST(a_line_reset_without_the_second_half_leaves_it_silent),
		SWD_TEST(after_a_line_reset_anything_but_dpidr_loses_the_line),
		SWD_TEST(a_stray_one_on_the_line_needs_a_line_reset),
		SWD_TEST(idle_cycles_do_no_harm),
		SWD_TEST(switching_to_jtag_silences_it),
		SWD_TEST(an_open_wire_is_never_acknowledged),
		SWD_TEST(a_chip_without_power_is_silent_and_forgets_swd),
		SWD_TEST(power_up_requests_are_acknowledged),
		SWD_TEST(an_access_port_without_power_up_faults),
		SWD_TEST(a_bus_error_faults_the_next_access_until_abort),
		SWD_TEST(abort_clears_only_the_flag_it_names),
		SWD_TEST(overrun_detection_makes_a_fault_sticky),
		SWD_TEST(a_bus_that_waits_answers_wait_until_it_is_done),
		SWD_TEST(dapabort_gives_up_a_waiting_access),
		SWD_TEST(the_port_is_an_ahb_ap_with_a_rom_table),
		SWD_TEST(reads_are_posted),
		SWD_TEST(the_address_wraps_within_4_kib_on_a_cortex_m4),
		SWD_TEST(without_increment_the_address_stays),
		SWD_TEST(a_byte_lies_in_its_lane),
		SWD_TEST(a_packed_transfer_moves_four_bytes_at_once),
		SWD_TEST(csw_shows_what_it_can_do),
		SWD_TEST(banked_registers_reach_four_words_around_tar),
		SWD_TEST(pushed_verify_tells_a_difference_by_stickycmp),
		SWD_TEST(a_transaction_takes_its_bits_at_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
