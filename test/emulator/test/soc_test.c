/* SPDX-License-Identifier: MIT */
/* The chip around the core: memory map, clocks, resets, pins, watchdog. */
#include "test/emulator/test/lab.h"

static const uint32_t rcc = 0x40021000;
static const uint32_t gpioa = 0x48000000;
enum {
	RCC_CR = 0x00,
	RCC_CFGR = 0x08,
	RCC_PLLCFGR = 0x0C,
	RCC_AHB2ENR = 0x4C,
	RCC_CSR = 0x94
};
enum { RCC_AHB1RSTR = 0x28, RCC_AHB2RSTR = 0x2C, RCC_APB2ENR = 0x60, RCC_BDCR = 0x90 };

static int
set_up(void **state)
{
	*state = lab_open("g473-custom-512k");
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

/* A chip that comes to the board with code in its flash. */
static struct lab *
open_with_code(const uint16_t *code, unsigned len)
{
	static const uint32_t vectors[2] = { 0x20001000, 0x08000009 };
	struct wiring wiring = lab_wiring("g473-custom-512k");
	struct lab *lab = lab_open_wired("g473-custom-512k", &wiring);

	assert_true(soc_preload(lab->soc, 0x08000000, (const uint8_t *)vectors, 8));
	assert_true(soc_preload(lab->soc, 0x08000008, (const uint8_t *)code, 2 * len));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 6 * MS);
	return lab;
}

#define LEN(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

static const uint16_t endless[] = { 0xE7FE }; /* b . */

/* --- memory map ----------------------------------------------------------------- */

static void
memories_are_where_the_manual_says(void **state)
{
	static const uint32_t places[] = { 0x20000000, 0x20013FFC, 0x20014000,
					   0x20017FFC, 0x2001FFFC, 0x10007FFC };
	struct lab *lab = *state;

	for (unsigned i = 0; i < LEN(places); i++) {
		lab_poke(lab, places[i], 0xC0DE0000 + i);
		assert_int_equal(lab_peek(lab, places[i]), 0xC0DE0000 + i);
	}
}

static void
ccm_sram_has_an_alias_behind_sram2(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, 0x10000010, 0x12345678);
	assert_int_equal(lab_peek(lab, 0x20018010), 0x12345678);
}

static void
where_nothing_is_the_bus_faults(void **state)
{
	static const uint32_t places[] = { 0x64000000,          0x20020000, 0x10008000,
					   0x40006FFC + 0x2000, 0x40018000, 0x50061000,
					   0x90000000,          0xE0050000, 0x08080000,
					   0x1FFEFFFC };
	struct lab *lab = *state;
	uint32_t value;

	for (unsigned i = 0; i < LEN(places); i++)
		assert_int_equal(lab_access(lab, places[i], 4, false, &value), BUS_FAULT);
}

static void
ids_are_those_of_the_part(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0xE0042000) & 0xFFF, 0x469);
	assert_int_equal(lab_peek(lab, 0x1FFF75E0) & 0xFFFF, 512);
	assert_int_not_equal(lab_peek(lab, 0x1FFF7590), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x410FC241);
}

static void
the_bit_band_reaches_single_bits(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, 0x20000000, 0);
	lab_poke(lab, 0x22000000 + 4 * 5, 1);
	assert_int_equal(lab_peek(lab, 0x20000000), 1 << 5);
	assert_int_equal(lab_peek(lab, 0x22000000 + 4 * 5), 1);
	lab_poke(lab, 0x22000000 + 4 * 5, 0);
	assert_int_equal(lab_peek(lab, 0x20000000), 0);
}

static void
memrmp_puts_sram_at_zero(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, rcc + RCC_APB2ENR, 1);
	lab_poke(lab, 0x20000000, 0xABCD1234);
	assert_int_equal(lab_peek(lab, 0), 0xFFFFFFFF);
	lab_poke(lab, 0x40010000, 3);
	wire_advance(lab->wire, US);
	assert_int_equal(lab_peek(lab, 0), 0xABCD1234);
}

static void
ram_forgets_without_power_and_flash_does_not(void **state)
{
	struct lab *lab = *state;
	const uint8_t mark[4] = { 1, 2, 3, 4 };

	assert_true(soc_preload(lab->soc, 0x08000100, mark, 4));
	lab_poke(lab, 0x20000000, 0x5AFE5AFE);
	wire_power(lab->wire, false);
	wire_advance(lab->wire, MS);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 10 * MS);
	assert_int_not_equal(lab_peek(lab, 0x20000000), 0x5AFE5AFE);
	assert_int_equal(lab_peek(lab, 0x08000100), 0x04030201);
}

static void
an_image_that_does_not_fit_is_refused(void **state)
{
	struct lab *lab = *state;
	const uint8_t bytes[16] = { 0 };

	assert_false(soc_preload(lab->soc, 0x0807FFF8, bytes, 16));
	assert_false(soc_preload(lab->soc, 0x20000000, bytes, 16));
}

/* --- clocks ------------------------------------------------------------------------- */

static void
an_unclocked_peripheral_reads_zero_and_forgets(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, gpioa), 0);
	lab_poke(lab, gpioa + 0x14, 0x1234);
	lab_poke(lab, rcc + RCC_AHB2ENR, 1);
	assert_int_equal(lab_peek(lab, gpioa), 0xABFFFFFF);
	assert_int_equal(lab_peek(lab, gpioa + 0x14), 0);
}

static void
a_reset_bit_of_rcc_resets_the_peripheral(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, rcc + RCC_AHB2ENR, 1);
	lab_poke(lab, gpioa + 0x14, 0x1234);
	assert_int_equal(lab_peek(lab, gpioa + 0x14), 0x1234);
	lab_poke(lab, rcc + RCC_AHB2RSTR, 1);
	lab_poke(lab, rcc + RCC_AHB2RSTR, 0);
	assert_int_equal(lab_peek(lab, gpioa + 0x14), 0);
}

/* Instructions in a millisecond of device time. */
static uint64_t
speed(struct lab *lab)
{
	uint64_t before = lab->stats.instructions;

	wire_advance(lab->wire, MS);
	return lab->stats.instructions - before;
}

static void
it_starts_on_hsi16_and_runs_from_the_pll_when_switched(void **state)
{
	struct lab *lab = open_with_code(endless, LEN(endless));

	(void)state;
	assert_in_range(speed(lab), 15990, 16010);
	/* HSI16 / 4 * 85 / 2 = 170 MHz */
	lab_poke(lab, rcc + RCC_PLLCFGR, 2 | 3 << 4 | 85 << 8 | 1 << 24);
	lab_poke(lab, rcc + RCC_CR, 0x100 | 1 << 24);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & 1 << 25, 0); /* not locked yet */
	wire_advance(lab->wire, 20 * US);
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & 1 << 25, 1 << 25);
	lab_poke(lab, rcc + RCC_CFGR, 3);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR) & 0xC, 0xC);
	assert_in_range(speed(lab), 169900, 170100);
	lab_poke(lab, rcc + RCC_CFGR, 3 | 8 << 4); /* HPRE: divided by 2 */
	assert_in_range(speed(lab), 84950, 85050);
	lab_close(lab);
}

static void
a_clock_that_is_not_ready_is_not_switched_to(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, rcc + RCC_CFGR, 2);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR) & 0xC, 0x4);
	lab_poke(lab, rcc + RCC_CR, 0x100 | 1 << 16);
	wire_advance(lab->wire, 3 * MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR) & 0xC, 0x8);
	lab_poke(lab, rcc + RCC_CR, 0x100); /* in use: stays on */
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & 3 << 16, 3 << 16);
}

/* --- resets -------------------------------------------------------------------------- */

static void
power_on_flags_are_those_of_the_manual(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x0C000000);
	lab_poke(lab, rcc + RCC_CSR, 1 << 23);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0);
}

static void
code_runs_from_flash_after_power_on(void **state)
{
	struct lab *lab = open_with_code(endless, LEN(endless));

	(void)state;
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_RUNNING);
	assert_false(soc_is_idle(lab->soc));
	lab_halt(lab);
	assert_int_equal(lab_register(lab, 15), 0x08000008);
	assert_int_equal(lab_register(lab, 13), 0x20001000);
	assert_true(soc_is_idle(lab->soc));
	lab_close(lab);
}

/* movs r0, #4; ldr r1, =0x05FA0000; orrs r0, r1; ldr r2, =0xE000ED0C; str r0, [r2]; b . */
static void
code_can_reset_the_chip(void **state)
{
	static const uint16_t code[] = { 0x2004, 0x4902, 0x4308, 0x4A02, 0x6010,
					 0xE7FE, 0x0000, 0x05FA, 0xED0C, 0xE000 };
	struct lab *lab = open_with_code(code, LEN(code));

	(void)state;
	wire_advance(lab->wire, 100 * MS);
	assert_in_range(lab->stats.resets[RESET_BY_SYSTEM], 15, 30); /* each some 5 ms */
	assert_int_equal(lab->stats.resets[RESET_BY_NRST], 0);
	assert_int_equal(lab->stats.resets[RESET_BY_POWER], 1);
	lab_close(lab);
}

static void
vectreset_resets_the_core_alone(void **state)
{
	struct lab *lab = open_with_code(endless, LEN(endless));

	(void)state;
	lab_halt(lab);
	lab_poke(lab, rcc + RCC_AHB2ENR, 1);
	lab_poke(lab, 0xE000ED0C, 0x05FA0001);
	wire_advance(lab->wire, US);
	assert_int_equal(lab->stats.resets[RESET_BY_CORE], 1);
	assert_int_equal(lab->stats.resets[RESET_BY_SYSTEM], 0);
	assert_int_equal(lab_peek(lab, rcc + RCC_AHB2ENR), 1);
	lab_close(lab);
}

static void
a_system_reset_spares_dbgmcu_and_the_backup_domain(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, 0xE0042004, 7);
	lab_poke(lab, rcc + RCC_BDCR, 0x8100);
	lab_poke(lab, rcc + RCC_AHB2ENR, 1);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 10 * MS);
	assert_int_equal(lab_peek(lab, 0xE0042004), 7);
	assert_int_equal(lab_peek(lab, rcc + RCC_BDCR), 0x8100);
	assert_int_equal(lab_peek(lab, rcc + RCC_AHB2ENR), 0);
	wire_power(lab->wire, false);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 10 * MS);
	assert_int_equal(lab_peek(lab, 0xE0042004), 0);
}

static void
vector_catch_stops_at_the_first_instruction(void **state)
{
	struct lab *lab = open_with_code(endless, LEN(endless));

	(void)state;
	lab_poke(lab, 0xE000EDF0, 0xA05F0001);
	lab_poke(lab, 0xE000EDFC, 1); /* VC_CORERESET */
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 10 * MS);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_HALTED);
	assert_int_equal(lab_register(lab, 15), 0x08000008);
	lab_close(lab);
}

/* --- pins, watchdog, low power -----------------------------------------------------------
 */

static void
pins_that_are_remapped_end_swd_until_reset(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	lab_poke(lab, rcc + RCC_AHB2ENR, 1);
	lab_poke(lab, gpioa, 0xABFFFFFF & ~(3u << 28)); /* PA14 as input */
	assert_false(soc_swd_pins_are_debug(lab->soc));
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, MS);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_OK);
}

static void
the_watchdog_resets_and_tells(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, rcc + RCC_CSR, 1 << 23);
	lab_poke(lab, 0x40003000, 0x5555);
	lab_poke(lab, 0x40003008, 99); /* 100 ticks of 4 / 32 kHz: 12.5 ms */
	lab_poke(lab, 0x40003000, 0xCCCC);
	wire_advance(lab->wire, 12 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
	lab_poke(lab, 0x40003000, 0xAAAA);
	wire_advance(lab->wire, 12 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 1);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 1); /* it was reset too */
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR), 0x24000000);
}

static void
the_watchdog_stands_still_while_halted_if_dbgmcu_says_so(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, 0xE0042008, 1 << 12); /* DBG_IWDG_STOP */
	lab_poke(lab, 0x40003000, 0x5555);
	lab_poke(lab, 0x40003008, 99);
	lab_poke(lab, 0x40003000, 0xCCCC);
	wire_advance(lab->wire, 1000 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
	lab_poke(lab, 0xE0042008, 0);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 1);
}

/* ldr r0, =0xE000ED10; movs r1, #4; str r1, [r0]; wfi; b . */
static void
stop_mode_takes_the_clock_from_the_access_port(void **state)
{
	static const uint16_t code[] = { 0x4802, 0x2104, 0x6001, 0xBF30,
					 0xE7FE, 0xBF00, 0xED10, 0xE000 };
	struct lab *lab = open_with_code(code, LEN(code));

	(void)state;
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_SLEEPING);
	assert_true(soc_is_idle(lab->soc));
	lab_jtag_to_swd(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x2BA01477);
	assert_int_equal(lab_write(lab, false, CTRL_STAT, POWER_REQUESTS), SWD_OK);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0xA0000000, 0);
	assert_int_equal(lab_write(lab, true, AP_TAR, 0), SWD_WAIT);
	lab_close(lab);
}

/* APB1ENR1.PWREN; PWR_CR1.LPMS = 3; SCR.SLEEPDEEP; wfi */
static void
standby_takes_the_debug_port_and_nrst_brings_it_back(void **state)
{
	static const uint16_t code[] = {
		0x4806, /* ldr r0, =0x40021058 */
		0x4907, /* ldr r1, =0x10000000 */
		0x6001, /* str r1, [r0] */
		0x4807, /* ldr r0, =0x40007000 */
		0x2103, /* movs r1, #3 */
		0x6001, /* str r1, [r0] */
		0x4806, /* ldr r0, =0xE000ED10 */
		0x2104, /* movs r1, #4 */
		0x6001, /* str r1, [r0] */
		0xBF30, /* wfi */
		0xE7FE, 0xBF00, 0xBF00, 0xBF00, 0x1058, 0x4002,
		0x0000, 0x1000, 0x7000, 0x4000, 0xED10, 0xE000,
	};
	struct lab *lab = open_with_code(code, LEN(code));
	uint32_t value;

	(void)state;
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_SLEEPING);
	lab_jtag_to_swd(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, MS);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK); /* JTAG again */
	lab_connect(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x2BA01477);
	lab_close(lab);
}

/* While option bytes are loaded nobody answers; afterwards the port is as it was. */
static void
obl_launch_closes_the_port_for_a_moment(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	lab_poke(lab, 0x40022008, 0x45670123);
	lab_poke(lab, 0x40022008, 0xCDEF89AB);
	lab_poke(lab, 0x4002200C, 0x08192A3B);
	lab_poke(lab, 0x4002200C, 0x4C5D6E7F);
	lab_poke(lab, 0x40022014, 1 << 27);
	wire_advance(lab->wire, US);
	assert_int_equal(lab_read(lab, false, CTRL_STAT, &value), SWD_NO_ACK);
	wire_advance(lab->wire, MS);
	assert_int_equal(lab_dp(lab, CTRL_STAT) & 0xF0000000, 0xF0000000);
	wire_advance(lab->wire, 10 * MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR) & 0x02000000, 0x02000000);
}

static void
time_is_the_same_in_one_piece_and_in_many(void **state)
{
	static const uint16_t count[] = { 0x2000, 0x3001,
					  0xE7FD }; /* adds r0, #1 for ever */
	struct lab *one = open_with_code(count, LEN(count));
	struct lab *many = open_with_code(count, LEN(count));

	(void)state;
	soc_advance(one->soc, 10 * MS);
	for (unsigned i = 0; i < 100000; i++)
		soc_advance(many->soc, 100);
	assert_int_equal(soc_now_ns(one->soc), soc_now_ns(many->soc));
	assert_int_equal(one->stats.instructions, many->stats.instructions);
	assert_in_range(one->stats.instructions, 160000 + 14000, 160000 + 20000);
	lab_close(one);
	lab_close(many);
}

#define SOC_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SOC_TEST(memories_are_where_the_manual_says),
		SOC_TEST(ccm_sram_has_an_alias_behind_sram2),
		SOC_TEST(where_nothing_is_the_bus_faults),
		SOC_TEST(ids_are_those_of_the_part),
		SOC_TEST(the_bit_band_reaches_single_bits),
		SOC_TEST(memrmp_puts_sram_at_zero),
		SOC_TEST(ram_forgets_without_power_and_flash_does_not),
		SOC_TEST(an_image_that_does_not_fit_is_refused),
		SOC_TEST(an_unclocked_peripheral_reads_zero_and_forgets),
		SOC_TEST(a_reset_bit_of_rcc_resets_the_peripheral),
		cmocka_unit_test(it_starts_on_hsi16_and_runs_from_the_pll_when_switched),
		SOC_TEST(a_clock_that_is_not_ready_is_not_switched_to),
		SOC_TEST(power_on_flags_are_those_of_the_manual),
		cmocka_unit_test(code_runs_from_flash_after_power_on),
		cmocka_unit_test(code_can_reset_the_chip),
		cmocka_unit_test(vectreset_resets_the_core_alone),
		SOC_TEST(a_system_reset_spares_dbgmcu_and_the_backup_domain),
		cmocka_unit_test(vector_catch_stops_at_the_first_instruction),
		SOC_TEST(pins_that_are_remapped_end_swd_until_reset),
		SOC_TEST(the_watchdog_resets_and_tells),
		SOC_TEST(the_watchdog_stands_still_while_halted_if_dbgmcu_says_so),
		cmocka_unit_test(stop_mode_takes_the_clock_from_the_access_port),
		cmocka_unit_test(standby_takes_the_debug_port_and_nrst_brings_it_back),
		SOC_TEST(obl_launch_closes_the_port_for_a_moment),
		cmocka_unit_test(time_is_the_same_in_one_piece_and_in_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
