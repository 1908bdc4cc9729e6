/* SPDX-License-Identifier: MIT */
/* The STM32H563 around its core: both access ports, the product state, clocks, boot. */
#include "test/emulator/test/lab.h"

static const uint32_t rcc = 0x44020C00;
static const uint32_t pwr = 0x44020800;
static const uint32_t dbgmcu = 0x44024000;
static const uint32_t idcode = 0x10076484;
enum { DEBUG_PORT = 0, CORE_PORT = 1 };
enum { RCC_CR = 0x00, RCC_CFGR1 = 0x1C, RCC_CFGR2 = 0x20, RCC_PLL1CFGR = 0x28 };
enum { RCC_PLL1DIVR = 0x34, RCC_AHB2ENR = 0x8C, RCC_RSR = 0xF4 };
enum { PWR_PMCR = 0x00, PWR_PMSR = 0x04, PWR_VOSCR = 0x10, PWR_VOSSR = 0x14 };
enum { PLL1ON = 1 << 24, PLL1RDY = 1 << 25 };
enum { STOP = 0, STANDBY = 1, CSSF = 1 << 7, SBF = 1 << 6 };

static int
set_up(void **state)
{
	*state = lab_open("nucleo-h563zi");
	return 0;
}

static int
set_up_without_power(void **state)
{
	struct wiring wiring = lab_wiring("nucleo-h563zi");

	*state = lab_open_wired("nucleo-h563zi", &wiring);
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

static void
power_up_in(struct lab *lab, const char *option)
{
	assert_null(soc_preset_option(lab->soc, option));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
}

static uint32_t
peek_by(struct lab *lab, unsigned port, uint32_t at)
{
	uint32_t value = 0;

	assert_int_equal(soc_access(lab->soc, port, at, 4, false, &value), BUS_OK);
	return value;
}

static bool
faults(struct lab *lab, unsigned port, uint32_t at)
{
	uint32_t value = 0;

	return soc_access(lab->soc, port, at, 4, false, &value) == BUS_FAULT;
}

/* A register of an access port over the wires. */
static uint32_t
port_register(struct lab *lab, uint32_t port, uint32_t reg)
{
	assert_int_equal(lab_write(lab, false, SELECT, port << 24 | (reg & 0xF0)), SWD_OK);
	return lab_ap(lab, reg & 0xC);
}

/* --- who it is ------------------------------------------------------------------------------ */

static void
over_swd_it_has_a_debug_bus_and_a_cortex_m33(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x6BA02477);
	assert_int_equal(port_register(lab, DEBUG_PORT, 0xFC), 0x54770002);
	assert_int_equal(port_register(lab, DEBUG_PORT, 0xF8), 0xE00E0003);
	assert_int_equal(port_register(lab, CORE_PORT, 0xFC), 0x84770001);
	assert_int_equal(port_register(lab, CORE_PORT, 0xF8), 0xE00FE003);
	assert_int_equal(port_register(lab, CORE_PORT, 0) & 0xFFFFFFC0, 0xC3800040);
	assert_int_equal(port_register(lab, 2, 0xFC), 0);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x410FD214);
}

static void
dbgmcu_is_the_same_on_both_ports(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, dbgmcu), idcode);
	assert_int_equal(peek_by(lab, DEBUG_PORT, 0xE00E4000), idcode);
	assert_int_equal(peek_by(lab, DEBUG_PORT, 0xE0044000), idcode);
	lab_poke(lab, dbgmcu + 4, 6);
	assert_int_equal(peek_by(lab, DEBUG_PORT, 0xE00E4004), 6);
	assert_true(faults(lab, DEBUG_PORT, 0xE000ED00));
	assert_true(faults(lab, DEBUG_PORT, 0x08000000));
	assert_true(faults(lab, CORE_PORT, 0xE00E0000));
}

static void
size_and_unique_id_are_behind_otp(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0x08FFF80C) & 0xFFFF, 2048);
	assert_int_equal(lab_peek(lab, 0x08FFF800), 0x0030002C);
}

static void
srams_are_one_stretch_and_seen_from_the_code_bus_too(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, 0x2003FFFC, 1);
	lab_poke(lab, 0x20040000, 2);
	lab_poke(lab, 0x20050000, 3);
	lab_poke(lab, 0x2009FFFC, 4);
	assert_int_equal(lab_peek(lab, 0x0A03FFFC), 1);
	assert_int_equal(lab_peek(lab, 0x0A040000), 2);
	assert_int_equal(lab_peek(lab, 0x0A050000), 3);
	assert_int_equal(lab_peek(lab, 0x0A09FFFC), 4);
	assert_true(faults(lab, CORE_PORT, 0x200A0000));
	assert_true(faults(lab, CORE_PORT, 0x0C000000));
	assert_true(faults(lab, CORE_PORT, 0x30000000));
}

/* --- the product state ---------------------------------------------------------------------- */

/* What a debugger finds of the core's port: its own registers, DbgStatus low, nothing behind. */
static void
assert_core_port(struct lab *lab, bool open)
{
	lab_connect(lab);
	assert_int_equal(port_register(lab, CORE_PORT, 0xFC), 0x84770001);
	assert_int_equal(port_register(lab, CORE_PORT, 0) >> 6 & 1, open);
	assert_int_equal(faults(lab, CORE_PORT, 0xE000ED00), !open);
	assert_int_equal(faults(lab, CORE_PORT, 0x20000000), !open);
	assert_int_equal(peek_by(lab, DEBUG_PORT, 0xE00E4000), idcode);
	assert_int_equal(peek_by(lab, DEBUG_PORT, 0xE00E40FC), open ? 0x30003 : 0x10003);
}

static void
an_open_chip_lets_debuggers_at_its_core(void **state)
{
	assert_core_port(*state, true);
}

static void
a_chip_in_provisioning_does_so_and_runs_no_program(void **state)
{
	struct lab *lab = *state;

	power_up_in(lab, "PRODUCT_STATE=0x17");
	assert_core_port(lab, true);
	lab_halt(lab);
	assert_in_range(lab_register(lab, REGISTER_PC), 0x0BF80000, 0x0BF8FFFF);
}

static void
every_later_state_closes_the_port_of_the_core_alone(void **state)
{
	static const char *const options[] = { "PRODUCT_STATE=0x2E", "PRODUCT_STATE=0xC6",
					       "PRODUCT_STATE=0x72", "PRODUCT_STATE=0x5C" };

	(void)state;
	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct wiring wiring = lab_wiring("nucleo-h563zi");
		struct lab *lab = lab_open_wired("nucleo-h563zi", &wiring);

		power_up_in(lab, options[i]);
		assert_core_port(lab, false);
		lab_close(lab);
	}
}

static void
a_state_that_does_not_exist_cannot_be_preset(void **state)
{
	struct lab *lab = *state;

	assert_non_null(soc_preset_option(lab->soc, "PRODUCT_STATE=0x00"));
	assert_non_null(soc_preset_option(lab->soc, "PRODUCT_STATE=0x9A"));
}

static void
a_refused_access_is_a_fault_on_the_wire(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	power_up_in(lab, "PRODUCT_STATE=0x72");
	lab_connect(lab);
	assert_int_equal(lab_write(lab, false, SELECT, CORE_PORT << 24), SWD_OK);
	assert_int_equal(lab_write(lab, true, AP_TAR, 0xE000ED00), SWD_OK);
	assert_int_equal(lab_read(lab, true, AP_DRW, &value), SWD_OK);
	assert_int_equal(lab_read(lab, false, RDBUFF, &value), SWD_FAULT);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0x20, 0x20); /* STICKYERR */
}

static void
under_nrst_the_debug_bus_answers_and_the_registers_read_zero(void **state)
{
	struct lab *lab = *state;

	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(peek_by(lab, DEBUG_PORT, 0xE00E4000), idcode);
	assert_int_equal(lab_peek(lab, 0x40022050), 0); /* FLASH_OPTSR_CUR */
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x410FD214);
}

/* --- clocks --------------------------------------------------------------------------------- */

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
it_starts_on_hsi_and_its_divider_counts(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR), 0x23);
	assert_in_range(hz_of_core(lab), 63500000, 64500000);
	lab_poke(lab, rcc + RCC_CR, 0x23 | 2 << 3);
	assert_in_range(hz_of_core(lab), 15900000, 16100000);
	lab_poke(lab, rcc + RCC_CFGR2, 8);
	assert_in_range(hz_of_core(lab), 7900000, 8100000);
}

/* 8 MHz / 4 * 125 / 1. */
static void
the_pll_makes_250_mhz_of_hse(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, pwr + PWR_VOSCR, 3 << 4);
	assert_int_equal(lab_peek(lab, pwr + PWR_VOSSR), 0xE008);
	lab_poke(lab, 0x40022000, 0x25);
	lab_poke(lab, rcc + RCC_CR, 0x23 | 1 << 16);
	wire_advance(lab->wire, 3 * MS);
	lab_poke(lab, rcc + RCC_PLL1CFGR, 3 | 4 << 8 | 1 << 16);
	lab_poke(lab, rcc + RCC_PLL1DIVR, 124);
	lab_poke(lab, rcc + RCC_CR, 0x23 | 1 << 16 | PLL1ON);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & PLL1RDY, PLL1RDY);
	lab_poke(lab, rcc + RCC_CFGR1, 3);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR1), 0x1B);
	assert_in_range(hz_of_core(lab), 248000000, 252000000);
}

/* 64 MHz in VOS3 want three wait states. */
static void
too_few_wait_states_misread_the_flash(void **state)
{
	struct lab *lab = *state;
	uint32_t word;

	lab_halt(lab);
	assert_int_equal(lab_peek(lab, 0x40022000), 0x13);
	assert_int_equal(lab_peek(lab, 0x08000000), UINT32_MAX);
	lab_poke(lab, 0x40022000, 2);
	word = lab_peek(lab, 0x08000000);
	assert_int_not_equal(word, UINT32_MAX);
	assert_int_not_equal(word, lab_peek(lab, 0x08000000));
	lab_poke(lab, pwr + PWR_VOSCR, 3 << 4);
	assert_int_equal(lab_peek(lab, 0x08000000), UINT32_MAX);
}

static void
rsr_says_what_reset_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, rcc + RCC_RSR), 0x0C000000);
	lab_poke(lab, rcc + RCC_RSR, 0x00800000);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_RSR), 0x14000000);
}

/* --- boot and low power --------------------------------------------------------------------- */

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
	assert_int_equal(pc_after_reset(lab), 0x08000008);
	assert_int_equal(lab_peek(lab, 0xE000ED08), 0x08000000); /* VTOR */
	soc_boot0(lab->soc, true);
	assert_int_equal(pc_after_reset(lab), 0x0BF80008);
}

static void
nsbootadd_is_where_it_boots(void **state)
{
	struct lab *lab = *state;

	assert_null(soc_preset_option(lab->soc, "NSBOOTADD=0x081000"));
	preload(lab, 0x08100000);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(pc_after_reset(lab), 0x08100008);
}

static void
sleep_in(struct lab *lab, uint32_t lpms)
{
	static const uint16_t wfi[] = { 0xBF30, 0xE7FD };

	lab_poke(lab, pwr + PWR_PMCR, lpms);
	lab_halt(lab);
	lab_poke(lab, 0xE000ED10, 4); /* SLEEPDEEP */
	lab_run(lab, wfi, 2);
	wire_advance(lab->wire, MS);
}

static void
standby_takes_the_debug_port_and_sets_its_flag_in_pmsr(void **state)
{
	struct lab *lab = *state;

	sleep_in(lab, STANDBY);
	assert_false(soc_swd_pins_are_debug(lab->soc));
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, pwr + PWR_PMSR), SBF);
	lab_poke(lab, pwr + PWR_PMCR, CSSF);
	assert_int_equal(lab_peek(lab, pwr + PWR_PMSR), 0);
}

static void
stop_closes_the_port_of_the_core_unless_dbgmcu_keeps_it(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0, keep = 2; /* DBG_STOP */

	sleep_in(lab, STOP);
	assert_true(soc_swd_pins_are_debug(lab->soc));
	assert_false(soc_port_is_open(lab->soc, CORE_PORT));
	assert_true(soc_port_is_open(lab->soc, DEBUG_PORT));
	assert_int_equal(soc_access(lab->soc, CORE_PORT, 0xE000ED00, 4, false, &value),
			 BUS_WAIT);
	assert_int_equal(soc_access(lab->soc, DEBUG_PORT, 0xE00E4004, 4, true, &keep),
			 BUS_OK);
	assert_true(soc_port_is_open(lab->soc, CORE_PORT));
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

static void
a_program_that_takes_pa13_away_shuts_debuggers_out(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, rcc + RCC_AHB2ENR, 0xC0000001);
	assert_int_equal(lab_peek(lab, 0x42020000), 0xABFFFFFF);
	lab_poke(lab, 0x42020000, 0xAFFFFFFF);
	assert_false(soc_swd_pins_are_debug(lab->soc));
}

#define H563_TEST(f)   cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define PRESET_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_without_power, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		H563_TEST(over_swd_it_has_a_debug_bus_and_a_cortex_m33),
		H563_TEST(dbgmcu_is_the_same_on_both_ports),
		H563_TEST(size_and_unique_id_are_behind_otp),
		H563_TEST(srams_are_one_stretch_and_seen_from_the_code_bus_too),
		H563_TEST(an_open_chip_lets_debuggers_at_its_core),
		PRESET_TEST(a_chip_in_provisioning_does_so_and_runs_no_program),
		PRESET_TEST(every_later_state_closes_the_port_of_the_core_alone),
		PRESET_TEST(a_state_that_does_not_exist_cannot_be_preset),
		PRESET_TEST(a_refused_access_is_a_fault_on_the_wire),
		H563_TEST(under_nrst_the_debug_bus_answers_and_the_registers_read_zero),
		H563_TEST(it_starts_on_hsi_and_its_divider_counts),
		H563_TEST(the_pll_makes_250_mhz_of_hse),
		H563_TEST(too_few_wait_states_misread_the_flash),
		H563_TEST(rsr_says_what_reset_it),
		H563_TEST(it_boots_from_flash_or_with_boot0_high_from_system_memory),
		PRESET_TEST(nsbootadd_is_where_it_boots),
		H563_TEST(standby_takes_the_debug_port_and_sets_its_flag_in_pmsr),
		H563_TEST(stop_closes_the_port_of_the_core_unless_dbgmcu_keeps_it),
		H563_TEST(the_watchdog_bites_unless_dbgmcu_stops_it),
		H563_TEST(a_program_that_takes_pa13_away_shuts_debuggers_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
