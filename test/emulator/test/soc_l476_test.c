/* SPDX-License-Identifier: MIT */
/* The STM32L476 around its core: identification, clocks, low power, boot, memories. */
#include "test/emulator/test/lab.h"

static const uint32_t rcc = 0x40021000;
static const uint32_t pwr = 0x40007000;
static const uint32_t dbgmcu = 0xE0042000;
enum { RCC_CR = 0x00, RCC_CFGR = 0x08, RCC_PLLCFGR = 0x0C, RCC_AHB2ENR = 0x4C };
enum { RCC_APB1ENR1 = 0x58, RCC_CSR = 0x94 };
enum { PWR_CR1 = 0x00, PWR_CR3 = 0x08, PWR_SR1 = 0x10, PWR_SCR = 0x18 };
enum { MSIRDY = 1 << 1, MSIRGSEL = 1 << 3, PLLON = 1 << 24, PLLRDY = 1 << 25 };
enum { LPMS_STOP2 = 2, LPMS_STANDBY = 3, LPMS_SHUTDOWN = 4, SBF = 1 << 8 };

static int
set_up(void **state)
{
	*state = lab_open("l476rg-custom");
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

/* --- who it is ------------------------------------------------------------------------ */

static void
over_swd_it_is_a_cortex_m4_of_st(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x2BA01477);
	assert_int_equal(lab_write(lab, false, SELECT, 0xF0), SWD_OK);
	assert_int_equal(lab_ap(lab, 0xC), 0x24770011);
	assert_int_equal(lab_ap(lab, 0x8), 0xE00FF003);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x410FC241);
	assert_int_equal(lab_peek(lab, dbgmcu), 0x10076415);
}

static void
the_rom_table_names_st_and_the_device(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0xE00FFFE0), 0x15);
	assert_int_equal(lab_peek(lab, 0xE00FFFE4), 0x04);
	assert_int_equal(lab_peek(lab, 0xE00FFFE8), 0x0A);
}

static void
size_and_unique_id_are_in_the_information_block(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0x1FFF75E0) & 0xFFFF, 1024);
	assert_int_equal(lab_peek(lab, 0x1FFF7590), 0x0028003B);
}

static void
sram1_and_sram2_lie_apart(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0x5A5A5A5A;

	lab_poke(lab, 0x20017FFC, 1);
	lab_poke(lab, 0x10007FFC, 2);
	assert_int_equal(lab_peek(lab, 0x20017FFC), 1);
	assert_int_equal(lab_access(lab, 0x20018000, 4, true, &value), BUS_FAULT);
	assert_int_equal(lab_access(lab, 0x10008000, 4, true, &value), BUS_FAULT);
}

/* --- clocks ----------------------------------------------------------------------------- */

/* adds r0, #1; b to it: two cycles a turn. */
static uint32_t
hz_of_core(struct lab *lab)
{
	static const uint16_t loop[] = { 0x3001, 0xE7FD };
	uint32_t before;

	lab_register_set(lab, 0, 0);
	lab_run(lab, loop, 2);
	wire_advance(lab->wire, MS);
	lab_halt(lab);
	before = lab_register(lab, 0);
	lab_poke(lab, 0xE000EDF0, 0xA05F0001);
	wire_advance(lab->wire, 10 * MS);
	lab_halt(lab);
	return (lab_register(lab, 0) - before) * 2 * 100;
}

static void
it_starts_on_msi_at_4_mhz(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR), 0x63);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR), 0);
	assert_in_range(hz_of_core(lab), 3950000, 4050000);
}

static void
the_range_of_msi_counts_once_it_is_selected(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, rcc + RCC_CR, 0x91);
	assert_in_range(hz_of_core(lab), 3950000, 4050000);
	lab_poke(lab, rcc + RCC_CR, 0x91 | MSIRGSEL);
	assert_in_range(hz_of_core(lab), 23800000, 24200000);
}

/* 4 MHz * 40 / 2 = 80 MHz, as ST's start-up code sets it. */
static void
the_pll_makes_80_mhz_of_msi(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, rcc + RCC_PLLCFGR, 1 << 24 | 40 << 8 | 1);
	lab_poke(lab, rcc + RCC_CR, 0x61 | PLLON);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & PLLRDY, 0);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & PLLRDY, PLLRDY);
	lab_poke(lab, rcc + RCC_CFGR, 3);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR), 0xF);
	assert_in_range(hz_of_core(lab), 79000000, 81000000);
	lab_poke(lab, rcc + RCC_CFGR, 3 | 8 << 4);
	assert_in_range(hz_of_core(lab), 39500000, 40500000);
}

static void
a_peripheral_without_its_clock_forgets(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, 0x4800042C, 0x3); /* GPIOB_ASCR */
	assert_int_equal(lab_peek(lab, 0x4800042C), 0);
	lab_poke(lab, rcc + RCC_AHB2ENR, 2);
	lab_poke(lab, 0x4800042C, 0x3);
	assert_int_equal(lab_peek(lab, 0x4800042C), 0x3);
}

static void
csr_says_what_reset_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x0C000600);
	lab_poke(lab, rcc + RCC_CSR, 0x00800600);
	lab_poke(lab, rcc + RCC_CSR, 0x00000600);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x00000600);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x14000600);
}

static void
the_watchdog_bites_unless_dbgmcu_stops_it(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, dbgmcu + 8, 1 << 12);
	lab_poke(lab, 0x40003000, 0xCCCC);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
	lab_poke(lab, dbgmcu + 8, 0);
	wire_advance(lab->wire, 600 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 1);
}

/* --- low power --------------------------------------------------------------------------- */

/* Goes to sleep deeply in the mode of LPMS. */
static void
sleep_in(struct lab *lab, uint32_t lpms)
{
	static const uint16_t wfi[] = { 0xBF30, 0xE7FD };

	lab_poke(lab, rcc + RCC_APB1ENR1, 1 << 28);
	lab_poke(lab, pwr + PWR_CR3, 0x8001);
	lab_poke(lab, pwr + PWR_CR1, 0x200 | lpms);
	lab_halt(lab);
	lab_poke(lab, 0xE000ED10, 4); /* SLEEPDEEP */
	lab_run(lab, wfi, 2);
	wire_advance(lab->wire, MS);
}

static void
reset_by_pin(struct lab *lab)
{
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
}

static void
stop_closes_the_port_and_keeps_ram(void **state)
{
	struct lab *lab = *state;
	unsigned epoch = soc_debug_epoch(lab->soc);

	lab_poke(lab, 0x20001000, 0x12345678);
	sleep_in(lab, LPMS_STOP2);
	assert_false(soc_port_is_open(lab->soc, 0));
	reset_by_pin(lab);
	assert_int_equal(soc_debug_epoch(lab->soc), epoch);
	assert_int_equal(lab_peek(lab, 0x20001000), 0x12345678);
	lab_poke(lab, rcc + RCC_APB1ENR1, 1 << 28);
	assert_int_equal(lab_peek(lab, pwr + PWR_SR1), 0);
}

static void
standby_takes_the_debug_port_and_ram_and_sets_its_flag_in_sr1(void **state)
{
	struct lab *lab = *state;
	unsigned epoch = soc_debug_epoch(lab->soc);

	lab_poke(lab, 0x20001000, 0x12345678);
	sleep_in(lab, LPMS_STANDBY);
	assert_false(soc_swd_pins_are_debug(lab->soc));
	reset_by_pin(lab);
	assert_int_not_equal(soc_debug_epoch(lab->soc), epoch);
	assert_int_not_equal(lab_peek(lab, 0x20001000), 0x12345678);
	lab_poke(lab, rcc + RCC_APB1ENR1, 1 << 28);
	assert_int_equal(lab_peek(lab, pwr + PWR_SR1), SBF);
	assert_int_equal(lab_peek(lab, pwr + PWR_CR3), 0x8001);
	lab_poke(lab, pwr + PWR_SCR, SBF);
	assert_int_equal(lab_peek(lab, pwr + PWR_SR1), 0);
}

static void
shutdown_leaves_no_trace(void **state)
{
	struct lab *lab = *state;

	sleep_in(lab, LPMS_SHUTDOWN);
	assert_false(soc_swd_pins_are_debug(lab->soc));
	reset_by_pin(lab);
	lab_poke(lab, rcc + RCC_APB1ENR1, 1 << 28);
	assert_int_equal(lab_peek(lab, pwr + PWR_SR1), 0);
	assert_int_equal(lab_peek(lab, pwr + PWR_CR3), 0x8000);
}

static void
dbg_stop_keeps_the_port_open_in_stop(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, dbgmcu + 4, 2);
	sleep_in(lab, LPMS_STOP2);
	assert_true(soc_port_is_open(lab->soc, 0));
}

#define L476_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		L476_TEST(over_swd_it_is_a_cortex_m4_of_st),
		L476_TEST(the_rom_table_names_st_and_the_device),
		L476_TEST(size_and_unique_id_are_in_the_information_block),
		L476_TEST(sram1_and_sram2_lie_apart),
		L476_TEST(it_starts_on_msi_at_4_mhz),
		L476_TEST(the_range_of_msi_counts_once_it_is_selected),
		L476_TEST(the_pll_makes_80_mhz_of_msi),
		L476_TEST(a_peripheral_without_its_clock_forgets),
		L476_TEST(csr_says_what_reset_it),
		L476_TEST(the_watchdog_bites_unless_dbgmcu_stops_it),
		L476_TEST(stop_closes_the_port_and_keeps_ram),
		L476_TEST(standby_takes_the_debug_port_and_ram_and_sets_its_flag_in_sr1),
		L476_TEST(shutdown_leaves_no_trace),
		L476_TEST(dbg_stop_keeps_the_port_open_in_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
