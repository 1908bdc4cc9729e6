/* SPDX-License-Identifier: MIT */
/* The STM32G071 around its core: identification, clocks, low power, boot, memories. */
#include "test/emulator/test/flash_lab.h"

static const uint32_t rcc = 0x40021000;
static const uint32_t pwr = 0x40007000;
static const uint32_t dbg = 0x40015800;
static const uint32_t acr = 0x40022000;
enum { RCC_CR = 0x00, RCC_CFGR = 0x08, RCC_PLLCFGR = 0x0C, RCC_IOPENR = 0x34 };
enum { RCC_APBENR1 = 0x3C, RCC_CSR = 0x60 };
enum { PWR_CR1 = 0x00, PWR_SR1 = 0x10 };
enum { DBGEN = 1 << 27, PWREN = 1 << 28, PLLON = 1 << 24, PLLRDY = 1 << 25 };
enum { LPMS_STOP1 = 1, LPMS_STANDBY = 3, SBF = 1 << 8 };
enum { EMPTY = 1 << 16, LSION = 1 << 0, LSIRDY = 1 << 1 };

static int
set_up(void **state)
{
	*state = lab_open("nucleo-g071rb");
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
over_swd_it_is_a_cortex_m0plus_of_st(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x0BC11477);
	assert_int_equal(lab_write(lab, false, SELECT, 0xF0), SWD_OK);
	assert_int_equal(lab_ap(lab, 0xC), 0x04770031);
	assert_int_equal(lab_ap(lab, 0x8), 0xF0000003);
	assert_int_equal(lab_write(lab, false, SELECT, 0), SWD_OK);
	assert_int_equal(lab_ap(lab, AP_CSW), 0x01000052);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x410CC601);
}

static void
idcode_answers_without_a_clock_and_the_rest_of_dbg_does_not(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, dbg), 0x20006460);
	lab_poke(lab, dbg + 4, 6);
	assert_int_equal(lab_peek(lab, dbg + 4), 0);
	lab_poke(lab, rcc + RCC_APBENR1, DBGEN);
	lab_poke(lab, dbg + 4, 6);
	assert_int_equal(lab_peek(lab, dbg + 4), 6);
	lab_system_reset(lab); /* which closes the clock and keeps what was set */
	assert_int_equal(lab_peek(lab, dbg + 4), 0);
	lab_poke(lab, rcc + RCC_APBENR1, DBGEN);
	assert_int_equal(lab_peek(lab, dbg + 4), 6);
}

/* Where a Cortex-M4 has its DBGMCU, TPIU and ITM there is nothing. */
static void
the_places_of_larger_cores_are_empty(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	assert_int_equal(lab_access(lab, 0xE0042000, 4, false, &value), BUS_FAULT);
	assert_int_equal(lab_access(lab, 0xE0040000, 4, false, &value), BUS_FAULT);
	assert_int_equal(lab_access(lab, 0x22000000, 4, false, &value), BUS_FAULT);
	assert_int_equal(lab_peek(lab, 0xE0000FE0), 0);
}

static void
it_has_36_kib_of_ram_and_128_of_flash(void **state)
{
	struct lab *lab = *state;
	uint32_t value = 0x5A5A5A5A;

	lab_poke(lab, 0x20008FFC, 1);
	assert_int_equal(lab_peek(lab, 0x20008FFC), 1);
	assert_int_equal(lab_access(lab, 0x20009000, 4, true, &value), BUS_FAULT);
	assert_int_equal(lab_peek(lab, 0x0801FFFC), UINT32_MAX);
	assert_int_equal(lab_access(lab, 0x08020000, 4, false, &value), BUS_FAULT);
	assert_int_equal(lab_peek(lab, 0x1FFF75E0) & 0xFFFF, 128);
	assert_int_equal(lab_peek(lab, 0x1FFF7590), 0x0042002F);
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
it_starts_on_hsi_at_16_mhz_which_can_be_divided(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR), 0x500);
	assert_in_range(hz_of_core(lab), 15900000, 16100000);
	lab_poke(lab, rcc + RCC_CR, 0x500 | 2 << 11); /* HSIDIV: by 4 */
	assert_in_range(hz_of_core(lab), 3950000, 4050000);
	lab_poke(lab, rcc + RCC_CR, 0x500);
	lab_poke(lab, rcc + RCC_CFGR, 8 << 8); /* HPRE: by 2 */
	assert_in_range(hz_of_core(lab), 7950000, 8050000);
}

/* As OpenOCD's stm32g0x.cfg sets it: 16 MHz * 8 / 2. */
static void
the_pll_makes_64_mhz(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, acr, 0x00040602);
	lab_poke(lab, rcc + RCC_PLLCFGR, 0x30000802);
	lab_poke(lab, rcc + RCC_CR, 0x500 | PLLON);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & PLLRDY, 0);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & PLLRDY, PLLRDY);
	lab_poke(lab, rcc + RCC_CFGR, 2);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR), 2 | 2 << 3);
	assert_in_range(hz_of_core(lab), 63000000, 65000000);
}

/* SW has three bits; LSI is ready in another register. */
static void
it_runs_on_lsi_too(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, rcc + RCC_CFGR, 3);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR), 3); /* not ready */
	lab_poke(lab, rcc + RCC_CSR, LSION);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR) & LSIRDY, LSIRDY);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR), 3 | 3 << 3);
	lab_poke(lab, rcc + RCC_CSR, 0); /* not while it is in use */
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR) & LSION, LSION);
}

static void
a_port_without_its_clock_forgets(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, 0x50000400, 0x3);
	assert_int_equal(lab_peek(lab, 0x50000400), 0);
	lab_poke(lab, rcc + RCC_IOPENR, 2);
	assert_int_equal(lab_peek(lab, 0x50000400), UINT32_MAX);
	lab_poke(lab, rcc + RCC_IOPENR, 1);
	assert_int_equal(lab_peek(lab, 0x50000000), 0xEBFFFFFF);
}

static void
csr_says_what_reset_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x0C000000);
	lab_poke(lab, rcc + RCC_CSR, 0x00800000);
	lab_poke(lab, rcc + RCC_CSR, 0);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0);
	lab_system_reset(lab);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x14000000);
}

static void
the_watchdog_bites_unless_dbg_stops_it(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, rcc + RCC_APBENR1, DBGEN);
	lab_poke(lab, dbg + 8, 1 << 12);
	lab_poke(lab, 0x40003000, 0xCCCC);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
	lab_poke(lab, dbg + 8, 0);
	wire_advance(lab->wire, 600 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 1);
}

/* --- low power --------------------------------------------------------------------------- */

static const uint16_t wfi[] = { 0xBF30, 0xE7FD };

static void
sleep_in(struct lab *lab, uint32_t lpms)
{
	lab_poke(lab, rcc + RCC_APBENR1, lab_peek(lab, rcc + RCC_APBENR1) | PWREN);
	lab_poke(lab, pwr + PWR_CR1, 0x208 | lpms);
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
plain_sleep_leaves_the_port_open(void **state)
{
	struct lab *lab = *state;

	lab_run(lab, wfi, 2);
	wire_advance(lab->wire, MS);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_SLEEPING);
	assert_int_equal(lab_peek(lab, 0xE000EDF0) & 1 << 18, 1 << 18);
	assert_int_equal(lab_peek(lab, 0x20000000), 0xE7FDBF30);
}

static void
stop_closes_the_port_unless_dbg_stop_is_set(void **state)
{
	struct lab *lab = *state;

	sleep_in(lab, LPMS_STOP1);
	assert_false(soc_port_is_open(lab->soc, 0));
	reset_by_pin(lab);
	lab_poke(lab, rcc + RCC_APBENR1, DBGEN);
	lab_poke(lab, dbg + 4, 2);
	sleep_in(lab, LPMS_STOP1);
	assert_true(soc_port_is_open(lab->soc, 0));
}

static void
standby_takes_the_debug_port_and_ram_and_sets_its_flag(void **state)
{
	struct lab *lab = *state;
	unsigned epoch = soc_debug_epoch(lab->soc);

	lab_poke(lab, 0x20001000, 0x12345678);
	sleep_in(lab, LPMS_STANDBY);
	assert_false(soc_swd_pins_are_debug(lab->soc));
	reset_by_pin(lab);
	assert_int_not_equal(soc_debug_epoch(lab->soc), epoch);
	assert_int_not_equal(lab_peek(lab, 0x20001000), 0x12345678);
	lab_poke(lab, rcc + RCC_APBENR1, PWREN);
	assert_int_equal(lab_peek(lab, pwr + PWR_SR1), SBF);
}

/* --- boot -------------------------------------------------------------------------------- */

enum { IN_FLASH = 0x08000041, IN_ROM = 0x1FFF0009, IN_RAM = 3 };
static const uint32_t program[] = { 0x20000400, IN_FLASH };

/* Which memory stands at 0 after reset, by the second word that is there. */
static uint32_t
second_word_at_0(struct lab *lab)
{
	return lab_peek(lab, 4);
}

static struct lab *
off_with_a_program(void)
{
	struct lab *lab = lab_of_chip(chip_find("STM32G071RB"));

	assert_true(soc_preload(lab->soc, 0x08000000, (const uint8_t *)program,
				sizeof(program)));
	return lab;
}

/* RM0444 2.5, table "Boot modes": BOOT_LOCK, nBOOT1, BOOT0, nBOOT_SEL, nBOOT0. */
static void
pins_and_options_choose_what_starts(void **state)
{
	static const struct {
		uint8_t lock, nboot1, pin, nboot_sel, nboot0;
		uint32_t starts;
	} modes[] = {
		{ 0, 1, 0, 1, 1, IN_FLASH }, { 0, 1, 1, 1, 1, IN_FLASH },
		{ 0, 1, 0, 0, 1, IN_FLASH }, { 0, 1, 1, 0, 1, IN_ROM },
		{ 0, 1, 0, 1, 0, IN_ROM },   { 0, 0, 1, 0, 1, IN_RAM },
		{ 0, 0, 0, 1, 0, IN_RAM },   { 1, 1, 1, 0, 1, IN_FLASH },
		{ 1, 1, 0, 1, 0, IN_FLASH },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct lab *lab = off_with_a_program();

		assert_true(lab_preset(lab, "BOOT_LOCK", modes[i].lock, modes[i].lock));
		assert_true(lab_preset(lab, "nBOOT1", modes[i].nboot1, modes[i].nboot1));
		assert_true(lab_preset(lab, "nBOOT_SEL", modes[i].nboot_sel,
				       modes[i].nboot_sel));
		assert_true(lab_preset(lab, "nBOOT0", modes[i].nboot0, modes[i].nboot0));
		soc_boot0(lab->soc, modes[i].pin);
		soc_power(lab->soc, true);
		soc_advance(lab->soc, 20 * MS);
		if (modes[i].starts == IN_RAM)
			assert_int_equal(second_word_at_0(lab), lab_peek(lab, 0x20000004));
		else
			assert_int_equal(second_word_at_0(lab), modes[i].starts);
		lab_close(lab);
	}
}

/* Who connects drives the pin: as the level at rest is, so it boots. */
static void
its_boot0_is_swclk(void **state)
{
	static const struct {
		bool rests_high;
		uint32_t starts;
	} probes[] = { { false, IN_FLASH }, { true, IN_ROM } };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct lab *lab = off_with_a_program();

		assert_true(lab_preset(lab, "nBOOT_SEL", 0, 0));
		wire_drive_swd(lab->wire, probes[i].rests_high, true);
		lab_power_up(lab);
		assert_int_equal(second_word_at_0(lab), probes[i].starts);
		lab_close(lab);
	}
}

/* RM0444 2.5, "Empty check": only loading the options looks, software may set and clear it. */
static void
a_virgin_chip_starts_the_boot_loader_until_options_are_loaded_anew(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, acr), 0x00050600);
	assert_int_equal(second_word_at_0(lab), IN_ROM);
	soc_preload(lab->soc, 0x08000000, (const uint8_t *)program, sizeof(program));
	lab_system_reset(lab);
	assert_int_equal(second_word_at_0(lab), IN_ROM);
	lab_poke(lab, acr, 0x00040600);
	lab_system_reset(lab);
	assert_int_equal(second_word_at_0(lab), IN_FLASH);
	lab_poke(lab, acr, 0x00050600);
	lab_system_reset(lab);
	assert_int_equal(second_word_at_0(lab), IN_ROM);
	lab_power_cycle(lab);
	assert_int_equal(lab_peek(lab, acr) & EMPTY, 0);
	assert_int_equal(second_word_at_0(lab), IN_FLASH);
}

#define G071_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		G071_TEST(over_swd_it_is_a_cortex_m0plus_of_st),
		G071_TEST(idcode_answers_without_a_clock_and_the_rest_of_dbg_does_not),
		G071_TEST(the_places_of_larger_cores_are_empty),
		G071_TEST(it_has_36_kib_of_ram_and_128_of_flash),
		G071_TEST(it_starts_on_hsi_at_16_mhz_which_can_be_divided),
		G071_TEST(the_pll_makes_64_mhz),
		G071_TEST(it_runs_on_lsi_too),
		G071_TEST(a_port_without_its_clock_forgets),
		G071_TEST(csr_says_what_reset_it),
		G071_TEST(the_watchdog_bites_unless_dbg_stops_it),
		G071_TEST(plain_sleep_leaves_the_port_open),
		G071_TEST(stop_closes_the_port_unless_dbg_stop_is_set),
		G071_TEST(standby_takes_the_debug_port_and_ram_and_sets_its_flag),
		cmocka_unit_test(pins_and_options_choose_what_starts),
		cmocka_unit_test(its_boot0_is_swclk),
		G071_TEST(
			a_virgin_chip_starts_the_boot_loader_until_options_are_loaded_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
