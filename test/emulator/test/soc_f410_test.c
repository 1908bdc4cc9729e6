/* SPDX-License-Identifier: MIT */
/* The STM32F410 around its core: identification, clocks, resets, boot, pins, sleep. */
#include "test/emulator/test/lab.h"

static const uint32_t rcc = 0x40023800;
static const uint32_t pwr = 0x40007000;
static const uint32_t syscfg = 0x40013800;
static const uint32_t gpioa = 0x40020000;
static const uint32_t dbgmcu = 0xE0042000;
enum { RCC_CR = 0x00, RCC_PLLCFGR = 0x04, RCC_CFGR = 0x08, RCC_AHB1ENR = 0x30 };
enum { RCC_APB1ENR = 0x40, RCC_APB2ENR = 0x44, RCC_CSR = 0x74 };
enum { PWR_CR = 0x00, PWR_CSR = 0x04, PDDS = 1 << 1, CSBF = 1 << 3, SBF = 1 << 1 };

static int
set_up(void **state)
{
	*state = lab_open("f410-custom");
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

#define LEN(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

static void
over_swd_it_is_a_cortex_m4_of_st(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x2BA01477);
	assert_int_equal(lab_write(lab, false, SELECT, 0xF0), SWD_OK);
	assert_int_equal(lab_ap(lab, 0xC), 0x24770011);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x410FC241);
	assert_int_equal(lab_peek(lab, dbgmcu) & 0xFFF, 0x458);
	assert_int_equal(lab_peek(lab, 0xE00FFFE0), 0x58);
	assert_int_equal(lab_peek(lab, 0xE00FFFE4), 0x04);
	assert_int_equal(lab_peek(lab, 0x1FFF7A20) >> 16, 128);
}

static void
memories_are_where_the_manual_says(void **state)
{
	static const uint32_t nowhere[] = { 0x20008000, 0x08020000, 0x10000000,
					    0x48000000, 0x40022000, 0x1FFFB000 };
	struct lab *lab = *state;
	uint32_t value;

	lab_poke(lab, 0x20007FFC, 0x9ABCDEF0);
	assert_int_equal(lab_peek(lab, 0x20007FFC), 0x9ABCDEF0);
	assert_int_equal(lab_peek(lab, 0x0801FFFC), 0xFFFFFFFF);
	for (unsigned i = 0; i < LEN(nowhere); i++)
		assert_int_equal(lab_access(lab, nowhere[i], 4, false, &value), BUS_FAULT);
}

static void
the_pll_makes_100_mhz_of_the_hsi(void **state)
{
	static const uint16_t endless[] = { 0xE7FE };
	struct lab *lab = *state;
	uint64_t before;

	lab_run(lab, endless, LEN(endless));
	lab_poke(lab, rcc + RCC_PLLCFGR, 0x04000000 | 100 << 6 | 8); /* 16 / 8 * 100 / 2 */
	lab_poke(lab, rcc + RCC_CR, 0x01000083);
	wire_advance(lab->wire, 1 * MS);
	lab_poke(lab, rcc + RCC_CFGR, 2);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR) & 0xF, 0xA);
	before = cpu_instructions(soc_core(lab->soc, 0));
	wire_advance(lab->wire, 1 * MS);
	assert_in_range(cpu_instructions(soc_core(lab->soc, 0)) - before, 99900, 100100);
}

static void
csr_tells_who_reset_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x0E000000);
	lab_poke(lab, rcc + RCC_CSR, 1 << 24); /* RMVF */
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x14000000);
}

static void
boot0_starts_the_boot_loader(void **state)
{
	struct lab *lab = *state;

	soc_boot0(lab->soc, true);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(cpu_pc(soc_core(lab->soc, 0)) & 0xFFFF0000, 0x1FFF0000);
	assert_int_equal(lab_peek(lab, 0), lab_peek(lab, 0x1FFF0000));
	lab_poke(lab, rcc + RCC_APB2ENR, 1 << 14); /* SYSCFGEN */
	assert_int_equal(lab_peek(lab, syscfg), 1);
	lab_poke(lab, syscfg, 3);
	wire_advance(lab->wire, 10 * US);
	assert_int_equal(lab_peek(lab, 4), lab_peek(lab, 0x20000004));
}

static void
pins_that_are_no_swd_any_more_fall_silent(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	lab_poke(lab, rcc + RCC_AHB1ENR, 1);
	assert_int_equal(lab_peek(lab, gpioa), 0xA8000000);
	lab_poke(lab, gpioa, 0xA4000000); /* PA13 is an output */
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
}

/* SLEEPDEEP, then WFI for ever. */
static void
sleep_deeply(struct lab *lab)
{
	static const uint16_t wfi[] = { 0xBF30, 0xE7FD };

	lab_halt(lab);
	lab_poke(lab, 0xE000ED10, 4);
	lab_run(lab, wfi, LEN(wfi));
	wire_advance(lab->wire, 1 * MS);
}

static void
in_standby_the_debug_port_is_gone_and_a_reset_tells_of_it(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_poke(lab, rcc + RCC_APB1ENR, 1 << 28);
	lab_poke(lab, pwr + PWR_CR, PDDS);
	sleep_deeply(lab);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	lab_poke(lab, rcc + RCC_APB1ENR, 1 << 28);
	assert_int_equal(lab_peek(lab, pwr + PWR_CSR), SBF);
	lab_poke(lab, pwr + PWR_CR, CSBF);
	assert_int_equal(lab_peek(lab, pwr + PWR_CSR), 0);
}

static void
the_watchdog_stops_with_the_core_when_apb1_fz_says_so(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, dbgmcu + 8, 1 << 12); /* DBG_IWDG_STOP */
	lab_poke(lab, 0x40003000, 0xCCCC);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
	lab_poke(lab, dbgmcu + 8, 0);
	wire_advance(lab->wire, 1000 * MS);
	assert_true(lab->stats.resets[RESET_BY_WATCHDOG] > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(over_swd_it_is_a_cortex_m4_of_st),
		TEST(memories_are_where_the_manual_says),
		TEST(the_pll_makes_100_mhz_of_the_hsi),
		TEST(csr_tells_who_reset_it),
		TEST(boot0_starts_the_boot_loader),
		TEST(pins_that_are_no_swd_any_more_fall_silent),
		TEST(in_standby_the_debug_port_is_gone_and_a_reset_tells_of_it),
		TEST(the_watchdog_stops_with_the_core_when_apb1_fz_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
