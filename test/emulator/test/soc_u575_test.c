/* SPDX-License-Identifier: MIT */
/* The STM32U575 around its core: identification, v8-M debug registers, clocks, boot. */
#include "test/emulator/test/lab.h"

static const uint32_t rcc = 0x46020C00;
static const uint32_t pwr = 0x46020800;
static const uint32_t dbgmcu = 0xE0044000;
enum { RCC_CR = 0x00, RCC_ICSCR1 = 0x08, RCC_CFGR1 = 0x1C, RCC_CFGR2 = 0x20 };
enum { RCC_PLL1CFGR = 0x28, RCC_PLL1DIVR = 0x34, RCC_AHB3ENR = 0x94, RCC_CSR = 0xF4 };
enum { PWR_CR1 = 0x00, PWR_VOSR = 0x0C, PWR_SR = 0x38 };
enum { PLL1ON = 1 << 24, PLL1RDY = 1 << 25, PWREN = 1 << 2 };
enum { LPMS_STOP3 = 3, LPMS_STANDBY = 4, LPMS_SHUTDOWN = 6, SBF = 1 << 2, CSSF = 1 << 0 };

static int
set_up(void **state)
{
	*state = lab_open("nucleo-u575zi-q");
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
over_swd_it_is_a_cortex_m33_of_st(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x0BE12477);
	assert_int_equal(lab_write(lab, false, SELECT, 0xF0), SWD_OK);
	assert_int_equal(lab_ap(lab, 0xC), 0x14770015);
	assert_int_equal(lab_ap(lab, 0x8), 0xE00FE003);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x410FD214);
	assert_int_equal(lab_peek(lab, dbgmcu), 0x20016482);
}

/* The part number of a ROM table: PIDR0 and the low half of PIDR1. */
static uint32_t
part_of(struct lab *lab, uint32_t table)
{
	return lab_peek(lab, table + 0xFE0) | (lab_peek(lab, table + 0xFE4) & 0xF) << 8;
}

static void
sts_rom_table_leads_to_the_processors(void **state)
{
	struct lab *lab = *state;
	uint32_t st = 0xE00FE000, entry = lab_peek(lab, st);

	assert_int_equal(part_of(lab, st), 0x482);
	assert_int_equal(part_of(lab, st + (entry & 0xFFFFF000)), 0x4C9);
	assert_int_equal(st + (lab_peek(lab, st + 8) & 0xFFFFF000), dbgmcu);
}

static void
size_and_unique_id_are_where_the_manual_has_them(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0x0BFA07A0) & 0xFFFF, 2048);
	assert_int_equal(lab_peek(lab, 0x0BFA0700), 0x0030002C);
}

static void
srams_are_one_stretch_and_seen_from_the_code_bus_too(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	lab_poke(lab, 0x2002FFFC, 1);
	lab_poke(lab, 0x20030000, 2);
	lab_poke(lab, 0x2003FFFC, 3);
	lab_poke(lab, 0x20040000, 4);
	lab_poke(lab, 0x28003FFC, 5);
	assert_int_equal(lab_peek(lab, 0x0A02FFFC), 1);
	assert_int_equal(lab_peek(lab, 0x0A030000), 2);
	assert_int_equal(lab_peek(lab, 0x2003FFFC), 3);
	assert_int_equal(lab_peek(lab, 0x0A040000), 4);
	assert_int_equal(lab_peek(lab, 0x28003FFC), 5);
	assert_int_equal(lab_access(lab, 0x200C0000, 4, false, &value), BUS_FAULT);
}

static void
without_trustzone_secure_addresses_do_not_answer(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	assert_int_equal(lab_access(lab, 0x30000000, 4, false, &value), BUS_FAULT);
	assert_int_equal(lab_access(lab, 0x0C000000, 4, false, &value), BUS_FAULT);
	assert_int_equal(lab_peek(lab, 0xE000EE08), 0);   /* DSCSR */
	assert_int_equal(lab_peek(lab, 0xE000EFB8), 0xF); /* DAUTHSTATUS */
	lab_poke(lab, 0xE000EDD0, 1);                     /* SAU_CTRL */
	assert_int_equal(lab_peek(lab, 0xE000EDD0), 0);
}

static void
the_bit_bands_of_older_cores_are_not_there(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	assert_int_equal(lab_peek(lab, 0x42020000), 0); /* GPIOA without its clock */
	lab_poke(lab, rcc + 0x8C, 1);
	assert_int_equal(lab_peek(lab, 0x42020000), 0xABFFFFFF);
	assert_int_equal(lab_access(lab, 0x22000000, 4, false, &value), BUS_FAULT);
}

/* --- v8-M debug -------------------------------------------------------------------------- */

static void
it_has_eight_breakpoints_and_four_watchpoints(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0xE0002000) & 0xF0000FF0, 0x10000080); /* FP_CTRL */
	assert_int_equal(lab_peek(lab, 0xE0001000) >> 28, 4);                 /* DWT_CTRL */
	assert_int_equal(lab_peek(lab, 0xE0001028), 0x58000000); /* DWT_FUNCTION0 */
	assert_int_equal(lab_peek(lab, 0xE0001038), 0xF0000000);
	assert_int_equal(lab_peek(lab, 0xE0001048), 0x50000000);
	assert_int_equal(lab_peek(lab, 0xE0001058), 0xF0000000);
}

/* str r0, [r1]; ldr r2, [r1]; b to the store. */
static const uint16_t store_and_load[] = { 0x6008, 0x680A, 0xE7FC, 0xBF00 };

static void
watch(struct lab *lab, uint32_t function)
{
	lab_halt(lab);
	lab_poke(lab, 0xE000EDFC, 0x01000000); /* TRCENA */
	lab_poke(lab, 0xE0001020, 0x20002000);
	lab_poke(lab, 0xE0001028, function);
	lab_register_set(lab, 1, 0x20002000);
	lab_run(lab, store_and_load, 4);
	wire_advance(lab->wire, MS);
}

/* DDI 0553, D1.2.71: MATCH 5 data writes, 6 reads; ACTION 1 debug event; DATAVSIZE 2 a
 * word. */
static void
a_write_watchpoint_stops_behind_the_store(void **state)
{
	struct lab *lab = *state;

	watch(lab, 2 << 10 | 1 << 4 | 5);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_HALTED);
	assert_int_equal(lab_register(lab, REGISTER_PC), 0x20000002);
	assert_int_equal(lab_peek(lab, 0xE000ED30) & 4, 4);             /* DFSR.DWTTRAP */
	assert_int_equal(lab_peek(lab, 0xE0001028) & 1 << 24, 1 << 24); /* MATCHED */
	assert_int_equal(lab_peek(lab, 0xE0001028) & 1 << 24, 0);
}

static void
a_read_watchpoint_stops_behind_the_load(void **state)
{
	struct lab *lab = *state;

	watch(lab, 2 << 10 | 1 << 4 | 6);
	assert_int_equal(lab_register(lab, REGISTER_PC), 0x20000004);
}

static void
a_match_without_the_debug_action_only_sets_matched(void **state)
{
	struct lab *lab = *state;

	watch(lab, 2 << 10 | 4);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_RUNNING);
	assert_int_equal(lab_peek(lab, 0xE0001028) & 1 << 24, 1 << 24);
}

/* --- clocks ------------------------------------------------------------------------------- */

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
it_starts_on_msis_at_4_mhz(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR), 0x35);
	assert_in_range(hz_of_core(lab), 3950000, 4050000);
	lab_poke(lab, rcc + RCC_CFGR2, 8);
	assert_in_range(hz_of_core(lab), 1950000, 2050000);
}

/* As OpenOCD's target/stm32u5x.cfg does it at reset init. */
static void
the_pll_makes_160_mhz_of_msis(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, rcc + RCC_AHB3ENR, 0x80000000 | PWREN);
	lab_poke(lab, pwr + PWR_VOSR, 7 << 16);
	assert_int_equal(lab_peek(lab, pwr + PWR_VOSR), 0x7C000);
	lab_poke(lab, rcc + RCC_PLL1CFGR, 0x00040009);
	lab_poke(lab, rcc + RCC_PLL1DIVR, 0x0101024F);
	lab_poke(lab, rcc + RCC_CR, 0x35 | PLL1ON);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & PLL1RDY, PLL1RDY);
	lab_poke(lab, rcc + RCC_CFGR1, 3);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR1), 0xF);
	assert_in_range(hz_of_core(lab), 158000000, 162000000);
}

static void
csr_says_what_reset_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x0C004400);
	lab_poke(lab, rcc + RCC_CSR, 0x00804400);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x14004400);
}

/* --- boot and low power -------------------------------------------------------------------- */

static void
preload(struct lab *lab, uint32_t at)
{
	uint32_t words[] = { 0x20001000, at | 9, 0xE7FEE7FE, 0xE7FEE7FE };

	assert_true(soc_preload(lab->soc, at, (const uint8_t *)words, sizeof(words)));
}

static uint32_t
pc_after_reset(struct lab *lab)
{
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	lab_halt(lab);
	return lab_register(lab, REGISTER_PC);
}

static void
it_boots_from_flash_or_with_boot0_high_from_system_memory(void **state)
{
	struct lab *lab = *state;

	preload(lab, 0x08000000);
	preload(lab, 0x0BF90000);
	assert_int_equal(pc_after_reset(lab), 0x08000008);
	assert_int_equal(lab_peek(lab, 0xE000ED08), 0x08000000); /* VTOR */
	soc_boot0(lab->soc, true);
	assert_int_equal(pc_after_reset(lab), 0x0BF90008);
}

static void
sleep_in(struct lab *lab, uint32_t lpms)
{
	static const uint16_t wfi[] = { 0xBF30, 0xE7FD };

	lab_poke(lab, rcc + RCC_AHB3ENR, 0x80000000 | PWREN);
	lab_poke(lab, pwr + PWR_CR1, lpms);
	lab_halt(lab);
	lab_poke(lab, 0xE000ED10, 4); /* SLEEPDEEP */
	lab_run(lab, wfi, 2);
	wire_advance(lab->wire, MS);
}

static uint32_t
sr_after_pin_reset(struct lab *lab)
{
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	lab_poke(lab, rcc + RCC_AHB3ENR, 0x80000000 | PWREN);
	return lab_peek(lab, pwr + PWR_SR);
}

static void
standby_takes_the_debug_port_and_sets_its_flag_in_sr(void **state)
{
	struct lab *lab = *state;

	sleep_in(lab, LPMS_STANDBY);
	assert_false(soc_swd_pins_are_debug(lab->soc));
	assert_int_equal(sr_after_pin_reset(lab), SBF);
	lab_poke(lab, pwr + PWR_SR, CSSF);
	assert_int_equal(lab_peek(lab, pwr + PWR_SR), 0);
}

static void
shutdown_leaves_no_trace_and_stop_only_closes_the_port(void **state)
{
	struct lab *lab = *state;

	sleep_in(lab, LPMS_SHUTDOWN);
	assert_false(soc_swd_pins_are_debug(lab->soc));
	assert_int_equal(sr_after_pin_reset(lab), 0);
	sleep_in(lab, LPMS_STOP3);
	assert_true(soc_swd_pins_are_debug(lab->soc));
	assert_false(soc_port_is_open(lab->soc, 0));
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

#define U575_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		U575_TEST(over_swd_it_is_a_cortex_m33_of_st),
		U575_TEST(sts_rom_table_leads_to_the_processors),
		U575_TEST(size_and_unique_id_are_where_the_manual_has_them),
		U575_TEST(srams_are_one_stretch_and_seen_from_the_code_bus_too),
		U575_TEST(without_trustzone_secure_addresses_do_not_answer),
		U575_TEST(the_bit_bands_of_older_cores_are_not_there),
		U575_TEST(it_has_eight_breakpoints_and_four_watchpoints),
		U575_TEST(a_write_watchpoint_stops_behind_the_store),
		U575_TEST(a_read_watchpoint_stops_behind_the_load),
		U575_TEST(a_match_without_the_debug_action_only_sets_matched),
		U575_TEST(it_starts_on_msis_at_4_mhz),
		U575_TEST(the_pll_makes_160_mhz_of_msis),
		U575_TEST(csr_says_what_reset_it),
		U575_TEST(it_boots_from_flash_or_with_boot0_high_from_system_memory),
		U575_TEST(standby_takes_the_debug_port_and_sets_its_flag_in_sr),
		U575_TEST(shutdown_leaves_no_trace_and_stop_only_closes_the_port),
		U575_TEST(the_watchdog_bites_unless_dbgmcu_stops_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
