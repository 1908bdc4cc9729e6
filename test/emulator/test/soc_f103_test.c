/* SPDX-License-Identifier: MIT */
/* The STM32F103 around its core: identification, clocks, resets, pins, watchdog. */
#include "test/emulator/test/lab.h"

static const uint32_t rcc = 0x40021000;
static const uint32_t afio_mapr = 0x40010004;
static const uint32_t gpioc = 0x40011000;
static const uint32_t dbgmcu = 0xE0042000;
static const uint32_t iwdg = 0x40003000;
enum { RCC_CR = 0x00, RCC_CFGR = 0x04, RCC_APB2ENR = 0x18, RCC_CSR = 0x24 };
enum { RCC_APB2RSTR = 0x0C };
enum { CRH = 0x04, IDR = 0x08, ODR = 0x0C, BSRR = 0x10, BRR = 0x14 };
#define SWJ_OFF UINT32_C(0x04000000)
#define SWJ_SWD UINT32_C(0x02000000)

static int
set_up(void **state)
{
	*state = lab_open("bluepill-f103");
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

#define LEN(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

/* --- who it is ------------------------------------------------------------------------ */

static void
over_swd_it_is_a_cortex_m3_of_st(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x1BA01477);
	assert_int_equal(lab_write(lab, false, SELECT, 0xF0), SWD_OK);
	assert_int_equal(lab_ap(lab, 0xC), 0x14770011);
	assert_int_equal(lab_ap(lab, 0x8), 0xE00FF003);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x411FC231);
	assert_int_equal(lab_peek(lab, dbgmcu), 0x20036410);
}

static void
the_rom_table_names_st_and_the_device(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0xE00FFFE0), 0x10);
	assert_int_equal(lab_peek(lab, 0xE00FFFE4), 0x04);
	assert_int_equal(lab_peek(lab, 0xE00FFFE8), 0x0A);
	assert_int_equal(lab_peek(lab, 0xE00FFFD0), 0x00);
	assert_int_equal(lab_peek(lab, 0xE00FF014), 0xFFF42002); /* no ETM */
}

static void
size_and_unique_id_are_in_the_information_block(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0x1FFFF7E0) & 0xFFFF, 128);
	assert_int_equal(lab_peek(lab, 0x1FFFF7EC), 0x31383836);
}

static void
there_is_no_fpu_and_four_bits_of_priority(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, 0xE000ED88, 0x00F00000); /* CPACR */
	assert_int_equal(lab_peek(lab, 0xE000ED88), 0);
	lab_poke(lab, 0xE000E400, 0xFFFFFFFF); /* NVIC_IPR0 */
	assert_int_equal(lab_peek(lab, 0xE000E400), 0xF0F0F0F0);
	assert_int_equal(lab_peek(lab, 0xE0002000) & 0xFF0, 0x260); /* FP_CTRL: 6 + 2 */
}

/* --- memory map ------------------------------------------------------------------------ */

static void
memories_are_where_the_manual_says(void **state)
{
	static const uint32_t nowhere[] = { 0x20005000, 0x08020000, 0x1FFFEFFC, 0x10000000,
					    0x48000000, 0x40018000, 0x00020000 };
	struct lab *lab = *state;
	uint32_t value;

	lab_poke(lab, 0x20000000, 0x12345678);
	lab_poke(lab, 0x20004FFC, 0x9ABCDEF0);
	assert_int_equal(lab_peek(lab, 0x20000000), 0x12345678);
	assert_int_equal(lab_peek(lab, 0x20004FFC), 0x9ABCDEF0);
	assert_int_equal(lab_peek(lab, 0x0801FFFC), 0xFFFFFFFF);
	for (unsigned i = 0; i < LEN(nowhere); i++)
		assert_int_equal(lab_access(lab, nowhere[i], 4, false, &value), BUS_FAULT);
}

static void
the_flash_is_seen_at_zero(void **state)
{
	static const uint8_t bytes[4] = { 0x11, 0x22, 0x33, 0x44 };
	struct lab *lab = *state;

	assert_true(soc_preload(lab->soc, 0x08000100, bytes, sizeof(bytes)));
	assert_int_equal(lab_peek(lab, 0x100), 0x44332211);
}

static void
one_bit_of_sram_has_a_word_of_its_own(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, 0x20000004, 0);
	lab_poke(lab, 0x22000000 + 4 * 32 + 5 * 4, 1);
	assert_int_equal(lab_peek(lab, 0x20000004), 1 << 5);
}

/* --- clocks ----------------------------------------------------------------------------- */

/* Instructions of an endless loop in a millisecond are kilohertz, a cycle being one. */
static uint64_t
core_khz(struct lab *lab)
{
	uint64_t before = cpu_instructions(soc_core(lab->soc, 0));

	wire_advance(lab->wire, 1 * MS);
	return cpu_instructions(soc_core(lab->soc, 0)) - before;
}

static void
it_starts_on_the_hsi_at_8_mhz(void **state)
{
	static const uint16_t endless[] = { 0xE7FE };
	struct lab *lab = *state;

	lab_run(lab, endless, LEN(endless));
	assert_int_equal(lab_peek(lab, rcc + RCC_CR), 0x83);
	assert_in_range(core_khz(lab), 7990, 8010);
}

static void
the_pll_makes_72_mhz_of_the_crystal(void **state)
{
	static const uint16_t endless[] = { 0xE7FE };
	struct lab *lab = *state;

	lab_run(lab, endless, LEN(endless));
	lab_poke(lab, rcc + RCC_CR, 0x00010083); /* HSEON */
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & 1 << 17, 0);
	wire_advance(lab->wire, 3 * MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & 1 << 17, 1 << 17);
	lab_poke(lab, rcc + RCC_CFGR, 7 << 18 | 1 << 16); /* x9, of the HSE */
	lab_poke(lab, rcc + RCC_CR, 0x01010083);          /* PLLON */
	wire_advance(lab->wire, 1 * MS);
	lab_poke(lab, rcc + RCC_CFGR, 7 << 18 | 1 << 16 | 2);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR) & 0xC, 0x8);
	assert_in_range(core_khz(lab), 71900, 72100);
}

static void
the_clock_in_use_cannot_be_switched_off(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, rcc + RCC_CR, 0x80);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & 3, 3);
}

static void
a_peripheral_without_its_clock_forgets_what_is_written(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, gpioc + ODR, 0x2000);
	lab_poke(lab, rcc + RCC_APB2ENR, 1 << 4);
	assert_int_equal(lab_peek(lab, gpioc + ODR), 0);
	lab_poke(lab, gpioc + ODR, 0x2000);
	assert_int_equal(lab_peek(lab, gpioc + ODR), 0x2000);
	lab_poke(lab, rcc + RCC_APB2RSTR, 1 << 4);
	assert_int_equal(lab_peek(lab, gpioc + ODR), 0);
}

/* --- resets ------------------------------------------------------------------------------ */

static void
csr_tells_who_reset_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x0C000000);
	lab_poke(lab, rcc + RCC_CSR, 1 << 24); /* RMVF */
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x14000000);
}

static void
under_nrst_the_debug_domain_answers(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	lab_poke(lab, dbgmcu + 4, 0x300);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_dp(lab, DPIDR), 0x1BA01477);
	assert_int_equal(lab_peek(lab, dbgmcu), 0x20036410);
	assert_int_equal(lab_peek(lab, dbgmcu + 4), 0x300);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 1);
}

static void
the_watchdog_stops_with_the_core_when_dbgmcu_says_so(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, dbgmcu + 4, 1 << 8); /* DBG_IWDG_STOP */
	lab_poke(lab, iwdg, 0xCCCC);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
	lab_poke(lab, dbgmcu + 4, 0);
	wire_advance(lab->wire, 1000 * MS);
	assert_true(lab->stats.resets[RESET_BY_WATCHDOG] > 0);
}

/* --- pins -------------------------------------------------------------------------------- */

static void
swj_cfg_takes_the_debug_pins_away_until_a_reset(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	lab_poke(lab, rcc + RCC_APB2ENR, 1 << 0); /* AFIOEN */
	lab_poke(lab, afio_mapr, SWJ_SWD);
	lab_dp(lab, DPIDR);
	lab_poke(lab, afio_mapr, SWJ_OFF);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	lab_connect(lab);
}

static void
without_its_clock_afio_leaves_the_pins_alone(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	lab_poke(lab, afio_mapr, SWJ_OFF);
	lab_dp(lab, DPIDR);
}

static void
an_output_reads_what_it_drives(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, rcc + RCC_APB2ENR, 1 << 4);
	assert_int_equal(lab_peek(lab, gpioc + CRH), 0x44444444);
	lab_poke(lab, gpioc + BSRR, 1 << 13);
	assert_int_equal(lab_peek(lab, gpioc + IDR), 0); /* it floats */
	lab_poke(lab, gpioc + CRH, 0x44244444);
	assert_int_equal(lab_peek(lab, gpioc + IDR), 1 << 13);
	lab_poke(lab, gpioc + BRR, 1 << 13);
	assert_int_equal(lab_peek(lab, gpioc + IDR), 0);
}

static void
what_a_debugger_writes_in_vain_is_counted_too(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0;

	assert_int_equal(lab_access(lab, 0xA0000000, 4, true, &value), BUS_FAULT);
	assert_int_equal(lab->stats.debugger_writes_len, 1);
	assert_int_equal(lab->stats.debugger_writes[0].at, 0xA0000000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(over_swd_it_is_a_cortex_m3_of_st),
		TEST(what_a_debugger_writes_in_vain_is_counted_too),
		TEST(the_rom_table_names_st_and_the_device),
		TEST(size_and_unique_id_are_in_the_information_block),
		TEST(there_is_no_fpu_and_four_bits_of_priority),
		TEST(memories_are_where_the_manual_says),
		TEST(the_flash_is_seen_at_zero),
		TEST(one_bit_of_sram_has_a_word_of_its_own),
		TEST(it_starts_on_the_hsi_at_8_mhz),
		TEST(the_pll_makes_72_mhz_of_the_crystal),
		TEST(the_clock_in_use_cannot_be_switched_off),
		TEST(a_peripheral_without_its_clock_forgets_what_is_written),
		TEST(csr_tells_who_reset_it),
		TEST(under_nrst_the_debug_domain_answers),
		TEST(the_watchdog_stops_with_the_core_when_dbgmcu_says_so),
		TEST(swj_cfg_takes_the_debug_pins_away_until_a_reset),
		TEST(without_its_clock_afio_leaves_the_pins_alone),
		TEST(an_output_reads_what_it_drives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
