/* SPDX-License-Identifier: MIT */
/* The STM32H743 and H735 around their core: ports, memories, clocks, supply, resets. */
#include "test/emulator/test/lab.h"

#define LEN(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

static const uint32_t rcc = 0x58024400;
static const uint32_t pwr = 0x58024800;
static const uint32_t iwdg1 = 0x58004800;
static const uint32_t system_dbgmcu = 0x5C001000, port_dbgmcu = 0xE00E1000;
enum {
	RCC_CR = 0x00,
	RCC_CFGR = 0x10,
	RCC_D1CFGR = 0x18,
	RCC_PLLCKSELR = 0x28,
	RCC_PLL1DIVR = 0x30,
	RCC_RSR = 0xD0,
	RCC_AHB4RSTR = 0x88,
	RCC_AHB4ENR = 0xE0,
	RCC_APB4ENR = 0xF4
};
enum { PWR_CSR1 = 0x04, PWR_CR3 = 0x0C, PWR_CPUCR = 0x10, PWR_D3CR = 0x18 };
enum { DBGMCU_CR = 0x04, DBGMCU_APB4FZ1 = 0x54 };
#define ACTVOSRDY UINT32_C(0x2000)
enum { CR3_LDOEN = 2, CR3_SMPSEN = 4 };
enum { PORT_CM7 = 0, PORT_D2 = 1, PORT_DEBUG = 2 };
static const uint32_t dhcsr = 0xE000EDF0, demcr = 0xE000EDFC;

static const uint16_t endless[] = { 0xE7FE };

static int
set_up(void **state)
{
	*state = lab_open("nucleo-h743zi2");
	return 0;
}

static int
set_up_h735(void **state)
{
	*state = lab_open("stm32h735g-dk");
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

static enum bus_result
port_read(struct lab *lab, unsigned port, uint32_t at, uint32_t *value)
{
	*value = 0;
	return soc_access(lab->soc, port, at, 4, false, value);
}

static uint32_t
port_peek(struct lab *lab, unsigned port, uint32_t at)
{
	uint32_t value;

	assert_int_equal(port_read(lab, port, at, &value), BUS_OK);
	return value;
}

static void
port_poke(struct lab *lab, unsigned port, uint32_t at, uint32_t value)
{
	assert_int_equal(soc_access(lab->soc, port, at, 4, true, &value), BUS_OK);
}

static uint32_t
port_register(struct lab *lab, uint32_t port, uint8_t reg)
{
	assert_int_equal(lab_write(lab, false, SELECT, port << 24 | 0xF0), SWD_OK);
	return lab_ap(lab, reg);
}

/* A program whose reset vector is an endless loop, in the first sector. */
static void
preload_endless(struct lab *lab)
{
	static const uint8_t image[12] = { 0x00, 0x00, 0x02, 0x20, 0x09, 0x00,
					   0x00, 0x08, 0xFE, 0xE7, 0xFE, 0xE7 };

	assert_true(soc_preload(lab->soc, 0x08000000, image, sizeof(image)));
}

/* --- who it is ------------------------------------------------------------------------ */

static void
three_ports_answer_over_swd(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x6BA02477);
	assert_int_equal(port_register(lab, PORT_CM7, 0xC), 0x84770001);
	assert_int_equal(port_register(lab, PORT_CM7, 0x8), 0xE00FE003);
	assert_int_equal(port_register(lab, PORT_D2, 0xC), 0x84770001);
	assert_int_equal(port_register(lab, PORT_DEBUG, 0xC), 0x54770002);
	assert_int_equal(port_register(lab, PORT_DEBUG, 0x8), 0xE00E0003);
	assert_int_equal(port_register(lab, 3, 0xC), 0); /* no second core */
}

static void
it_is_a_cortex_m7_r1p1_of_revision_v(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x411FC271);
	assert_int_equal(lab_peek(lab, system_dbgmcu), 0x20036450);
	assert_int_equal(port_peek(lab, PORT_DEBUG, port_dbgmcu), 0x20036450);
	assert_int_equal(lab_peek(lab, 0x1FF1E880) & 0xFFFF, 2048);
	assert_int_equal(lab_peek(lab, 0x1FF1E800), 0x00290038);
	assert_int_equal(lab_peek(lab, 0xE0002000), 0x10000080); /* FPB: v2, 8 */
	assert_int_equal(lab_peek(lab, 0xE0001000) >> 28, 4);    /* DWT comparators */
}

static uint32_t
user_register(struct lab *lab, unsigned n)
{
	return lab_peek(lab, 0x58000700 + 4 * n);
}

static void
an_h735_is_smaller_and_says_so(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	assert_int_equal(port_peek(lab, PORT_DEBUG, port_dbgmcu), 0x10016483);
	assert_int_equal(lab_peek(lab, 0x1FF1E880) & 0xFFFF, 1024);
	assert_int_equal(lab_peek(lab, 0x1FF1E8C0), 0x48373335); /* "H735" */
	lab_poke(lab, rcc + RCC_APB4ENR, 2);
	assert_int_equal(lab_peek(lab, 0x58000524), 0xA); /* UFBGA176+25, SMPS */
	assert_int_equal(user_register(lab, 9), 0);       /* no bank 2 */
	lab_peek(lab, 0x080FFFFC);
	lab_peek(lab, 0x2404FFFC);
	assert_int_equal(port_read(lab, PORT_CM7, 0x24050000, &value), BUS_FAULT);
	assert_int_equal(port_read(lab, PORT_CM7, 0x08100000, &value), BUS_FAULT);
}

/* Preset: what a mirror that shows reset values would not have. */
static void
user_registers_show_the_option_bytes(void **state)
{
	static const char *const options[] = { "RDP=1", "BOR_LEV=2", "BOOT_CM7_ADD0=0x0810",
					       "WRP1=0" };
	struct wiring wiring = lab_wiring("nucleo-h743zi2");
	struct lab *lab = lab_open_wired("nucleo-h743zi2", &wiring);

	(void)state;
	for (unsigned i = 0; i < LEN(options); i++)
		assert_null(soc_preset_option(lab->soc, options[i]));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(user_register(lab, 0), 0); /* SYSCFG without its clock */
	lab_poke(lab, rcc + RCC_APB4ENR, 2);
	assert_int_equal(user_register(lab, 0), 0x00BB0001); /* BKS: no swap */
	assert_int_equal(user_register(lab, 1), 0);
	assert_int_equal(user_register(lab, 2), 0x08100002);
	assert_int_equal(user_register(lab, 3), 0x00001FF0);
	assert_int_equal(user_register(lab, 5), 0x00FE0000);
	assert_int_equal(user_register(lab, 6), 0x000000FF);
	assert_int_equal(user_register(lab, 9), 0x00FF00FF);
	assert_int_equal(user_register(lab, 14), 0x00000001);
	lab_poke(lab, 0x58000700, 0);
	assert_int_equal(user_register(lab, 0), 0x00BB0001);
	lab_close(lab);
}

static void
the_package_is_shown(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, rcc + RCC_APB4ENR, 2);
	assert_int_equal(lab_peek(lab, 0x58000524), 2);
}

static void
rom_tables_lead_to_the_core_and_to_the_debug_components(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0xE00FE000), 0x00001003);
	assert_int_equal(lab_peek(lab, 0xE00FEFE0), 0x50); /* DEV_ID 0x450, of ST */
	assert_int_equal(lab_peek(lab, 0xE00FF000), 0xFFF0F003);
	assert_int_equal(lab_peek(lab, 0xE00FFFE0), 0xC7); /* Cortex-M7's own */
	assert_int_equal(lab_peek(lab, 0xE0043FE0), 0x06); /* CTI */
	assert_int_equal(port_peek(lab, PORT_DEBUG, 0xE00E0000), 0x00001003);
}

static void
trace_components_need_the_debug_clock_of_their_domain(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(port_peek(lab, PORT_DEBUG, 0xE00E3FE0), 0);
	assert_int_equal(port_peek(lab, PORT_DEBUG, 0xE00F5FE0), 0);
	port_poke(lab, PORT_DEBUG, port_dbgmcu + DBGMCU_CR, 1 << 22);
	assert_int_equal(port_peek(lab, PORT_DEBUG, 0xE00E3FE0), 0x14); /* SWO */
	assert_int_equal(port_peek(lab, PORT_DEBUG, 0xE00F5FE0), 0);
	port_poke(lab, PORT_DEBUG, port_dbgmcu + DBGMCU_CR, 3 << 21);
	assert_int_equal(port_peek(lab, PORT_DEBUG, 0xE00F5FE0), 0x12); /* TPIU */
	assert_int_equal(lab_peek(lab, 0x5C015FE0), 0x12); /* the same by the bus */
}

static void
caches_can_be_enabled_and_are_not_there(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0xE000ED78), 0x09000003); /* CLIDR */
	assert_int_equal(lab_peek(lab, 0xE000ED80), 0xF00FE019); /* CCSIDR, data */
	lab_poke(lab, 0xE000ED84, 1);
	assert_int_equal(lab_peek(lab, 0xE000ED80), 0xF01FE009);
	lab_poke(lab, 0xE000EF50, 0); /* ICIALLU */
	lab_poke(lab, 0xE000EF60, 0); /* DCISW */
	lab_poke(lab, 0xE000ED14, 0x00030200);
	assert_int_equal(lab_peek(lab, 0xE000ED14) & 0x30000, 0x30000); /* CCR.IC, DC */
}

/* --- memory map ------------------------------------------------------------------------ */

static void
memories_are_where_the_manual_says(void **state)
{
	static const uint32_t ends[] = { 0x0000FFFC, 0x2001FFFC, 0x2407FFFC, 0x3001FFFC,
					 0x3003FFFC, 0x30047FFC, 0x3800FFFC, 0x38800FFC };
	static const uint32_t nowhere[] = { 0x00010000, 0x20020000, 0x24080000,
					    0x30048000, 0x38010000, 0x08200000,
					    0x10000000, 0x22000000, 0x60000000 };
	struct lab *lab = *state;
	uint32_t value;

	for (unsigned i = 0; i < LEN(ends); i++) {
		lab_poke(lab, ends[i], 0x12345678 + i);
		assert_int_equal(lab_peek(lab, ends[i]), 0x12345678 + i);
	}
	assert_int_equal(lab_peek(lab, 0x081FFFFC), 0xFFFFFFFF);
	for (unsigned i = 0; i < LEN(nowhere); i++)
		assert_int_equal(port_read(lab, PORT_CM7, nowhere[i], &value), BUS_FAULT);
}

static void
only_the_core_port_sees_the_core_and_its_memories(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_poke(lab, 0x30000000, 0x11223344);
	assert_int_equal(port_peek(lab, PORT_D2, 0x30000000), 0x11223344);
	assert_int_equal(port_read(lab, PORT_D2, 0x20000000, &value), BUS_FAULT);
	assert_int_equal(port_read(lab, PORT_D2, 0xE000ED00, &value), BUS_FAULT);
	assert_int_equal(port_read(lab, PORT_DEBUG, 0x24000000, &value), BUS_FAULT);
}

static void
a_gpio_port_is_dead_without_its_clock(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, 0x58020000), 0);
	lab_poke(lab, rcc + RCC_AHB4ENR, 1);
	assert_int_equal(lab_peek(lab, 0x58020000), 0xABFFFFFF);
	assert_int_equal(lab_peek(lab, rcc + 0x130 + 0x10), 1); /* RCC_C1_AHB4ENR */
	lab_poke(lab, 0x58020000, 0xABFFFFFC);
	lab_poke(lab, rcc + RCC_AHB4RSTR, 1);
	assert_int_equal(lab_peek(lab, 0x58020000), 0xABFFFFFF);
}

/* --- clocks ----------------------------------------------------------------------------- */

static uint64_t
core_khz(struct lab *lab)
{
	uint64_t before = cpu_instructions(soc_core(lab->soc, 0));

	wire_advance(lab->wire, 1 * MS);
	return cpu_instructions(soc_core(lab->soc, 0)) - before;
}

static void
it_starts_on_the_hsi_at_64_mhz(void **state)
{
	struct lab *lab = *state;

	lab_run(lab, endless, LEN(endless));
	assert_int_equal(lab_peek(lab, rcc + RCC_CR) & 0xFF, 0x25);
	assert_in_range(core_khz(lab), 63900, 64100);
}

static void
the_pll_makes_400_mhz_of_the_8_mhz_that_are_fed_in(void **state)
{
	struct lab *lab = *state;

	lab_run(lab, endless, LEN(endless));
	lab_poke(lab, rcc + RCC_CR, 0x00050001); /* HSEBYP, HSEON */
	wire_advance(lab->wire, 3 * MS);
	lab_poke(lab, rcc + RCC_PLLCKSELR, 1 << 4 | 2);
	lab_poke(lab, rcc + RCC_PLL1DIVR, 99 | 1 << 9);
	lab_poke(lab, rcc + RCC_CR, 0x01050001);
	wire_advance(lab->wire, 1 * MS);
	lab_poke(lab, rcc + RCC_CFGR, 3);
	assert_int_equal(lab_peek(lab, rcc + RCC_CFGR) & 0x3F, 0x1B);
	assert_in_range(core_khz(lab), 399000, 401000);
	lab_poke(lab, rcc + RCC_D1CFGR, 8 << 8); /* D1CPRE / 2 */
	assert_in_range(core_khz(lab), 199000, 201000);
}

static void
a_pll_without_its_divider_stands_still(void **state)
{
	struct lab *lab = *state;

	lab_run(lab, endless, LEN(endless));
	lab_poke(lab, rcc + RCC_PLLCKSELR, 0); /* DIVM1 = 0: off */
	lab_poke(lab, rcc + RCC_CR, 0x01000001);
	wire_advance(lab->wire, 1 * MS);
	lab_poke(lab, rcc + RCC_CFGR, 3);
	assert_in_range(core_khz(lab), 0, 1);
}

/* --- supply ----------------------------------------------------------------------------- */

static bool
answers(struct lab *lab)
{
	uint32_t value;

	lab_jtag_to_swd(lab);
	return lab_read(lab, false, DPIDR, &value) == SWD_OK;
}

static void
the_supply_is_chosen_once_per_power_on(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, pwr + PWR_CR3), 6);
	assert_int_equal(lab_peek(lab, pwr + PWR_CSR1) & ACTVOSRDY, 0);
	lab_poke(lab, pwr + PWR_CR3, CR3_LDOEN);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(lab_peek(lab, pwr + PWR_CSR1) & ACTVOSRDY, ACTVOSRDY);
	lab_poke(lab, pwr + PWR_CR3, 1); /* BYPASS, too late */
	assert_int_equal(lab_peek(lab, pwr + PWR_CR3), CR3_LDOEN);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 5 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	lab_poke(lab, pwr + PWR_CR3, 1);
	assert_int_equal(lab_peek(lab, pwr + PWR_CR3), CR3_LDOEN);
}

static void
a_voltage_level_takes_its_time(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, pwr + PWR_CR3, CR3_LDOEN);
	wire_advance(lab->wire, 1 * MS);
	lab_poke(lab, pwr + PWR_D3CR, 3 << 14);
	assert_int_equal(lab_peek(lab, pwr + PWR_D3CR), 0xC000);
	wire_advance(lab->wire, 1 * MS);
	assert_int_equal(lab_peek(lab, pwr + PWR_D3CR), 0xE000);
	assert_int_equal(lab_peek(lab, pwr + PWR_CSR1), 0xE000);
}

static void
the_supply_the_board_is_wired_for_runs(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, pwr + PWR_CR3, CR3_SMPSEN);
	wire_advance(lab->wire, 5 * MS);
	assert_true(answers(lab));
	assert_int_equal(lab_peek(lab, pwr + PWR_CSR1) & ACTVOSRDY, ACTVOSRDY);
}

static void
the_wrong_supply_takes_core_and_port_and_reset_brings_neither_back(void **state)
{
	struct lab *lab = *state;

	preload_endless(lab);
	assert_true(answers(lab));
	lab_poke(lab, pwr + PWR_CR3, CR3_LDOEN);
	wire_advance(lab->wire, 5 * MS);
	assert_false(answers(lab));
	assert_false(soc_port_is_open(lab->soc, PORT_CM7));
	assert_true(wire_vapp(lab->wire) > 3.0); /* the board is on all the same */
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_false(answers(lab)); /* nor under reset */
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 50 * MS);
	assert_false(answers(lab));
}

static void
power_brings_it_back_and_under_reset_nothing_runs(void **state)
{
	struct lab *lab = *state;
	uint64_t before;

	preload_endless(lab);
	lab_poke(lab, pwr + PWR_CR3, CR3_LDOEN);
	wire_advance(lab->wire, 5 * MS);
	assert_false(answers(lab));
	wire_drive_nrst(lab->wire, true);
	wire_power(lab->wire, false);
	wire_advance(lab->wire, 50 * MS);
	wire_power(lab->wire, true);
	before = cpu_instructions(soc_core(lab->soc, 0));
	wire_advance(lab->wire, 50 * MS);
	assert_true(answers(lab));
	lab_connect(lab);
	lab_poke(lab, demcr, 1); /* VC_CORERESET */
	lab_poke(lab, dhcsr, 0xA05F0001);
	assert_int_equal(cpu_instructions(soc_core(lab->soc, 0)), before);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 50 * MS);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_HALTED);
	assert_int_equal(cpu_instructions(soc_core(lab->soc, 0)), before);
	assert_int_equal(lab_peek(lab, pwr + PWR_CR3), 6);
}

/* --- resets ----------------------------------------------------------------------------- */

static void
reset_flags_tell_who_reset_it(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(lab_peek(lab, rcc + RCC_RSR), 0x00FA0000);
	lab_poke(lab, rcc + RCC_RSR, 1 << 16); /* RMVF */
	assert_int_equal(lab_peek(lab, rcc + RCC_RSR), 0);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004); /* SYSRESETREQ */
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, rcc + RCC_RSR), 0x01420000);
}

static void
under_nrst_core_and_dbgmcu_answer_but_the_bus_does_not(void **state)
{
	struct lab *lab = *state;

	lab_poke(lab, 0x24000000, 0x55AA55AA);
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 5 * MS);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x411FC271);
	assert_int_equal(lab_peek(lab, dhcsr) >> 25 & 1, 1); /* S_RESET_ST */
	assert_int_equal(port_peek(lab, PORT_DEBUG, port_dbgmcu), 0x20036450);
	assert_int_equal(lab_peek(lab, system_dbgmcu), 0);
	assert_int_equal(lab_peek(lab, 0x24000000), 0);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, 0x24000000), 0x55AA55AA);
}

static void
dbgmcu_survives_all_but_the_power(void **state)
{
	struct lab *lab = *state;

	port_poke(lab, PORT_DEBUG, port_dbgmcu + DBGMCU_CR, UINT32_MAX);
	assert_int_equal(lab_peek(lab, system_dbgmcu + DBGMCU_CR), 0x107001BF);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(lab_peek(lab, system_dbgmcu + DBGMCU_CR), 0x107001BF);
	wire_power(lab->wire, false);
	wire_advance(lab->wire, 50 * MS);
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 50 * MS);
	assert_int_equal(lab_peek(lab, system_dbgmcu + DBGMCU_CR), 0);
}

static void
watchdog_1_stands_still_with_the_core_only_when_configured(void **state)
{
	struct lab *lab = *state;

	lab_run(lab, endless, LEN(endless));
	lab_poke(lab, iwdg1, 0x5555);
	lab_poke(lab, iwdg1 + 8, 100); /* RLR: 12.6 ms */
	lab_poke(lab, system_dbgmcu + DBGMCU_APB4FZ1, 1 << 18);
	lab_poke(lab, iwdg1, 0xCCCC);
	lab_halt(lab);
	wire_advance(lab->wire, 100 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 0);
	lab_poke(lab, system_dbgmcu + DBGMCU_APB4FZ1, 0);
	wire_advance(lab->wire, 30 * MS);
	assert_int_equal(lab->stats.resets[RESET_BY_WATCHDOG], 1);
	assert_int_equal(lab_peek(lab, rcc + RCC_RSR) >> 26 & 1, 1);
}

/* --- sleep ------------------------------------------------------------------------------ */

static const uint16_t deep_sleep[] = { 0xBF30, 0xE7FD }; /* wfi; b . - 2 */

static void
in_stop_the_core_port_is_closed_and_the_debug_port_is_not(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, 0xE000ED10, 4); /* SLEEPDEEP */
	lab_run(lab, deep_sleep, LEN(deep_sleep));
	wire_advance(lab->wire, 1 * MS);
	assert_false(soc_port_is_open(lab->soc, PORT_CM7));
	assert_true(soc_port_is_open(lab->soc, PORT_DEBUG));
	assert_true(answers(lab));
	port_poke(lab, PORT_DEBUG, port_dbgmcu + DBGMCU_CR, 2); /* DBGSTOP_D1 */
	assert_true(soc_port_is_open(lab->soc, PORT_CM7));
}

static void
in_standby_nothing_answers(void **state)
{
	struct lab *lab = *state;

	lab_halt(lab);
	lab_poke(lab, pwr + PWR_CPUCR, 7); /* PDDS_D1, D2, D3 */
	lab_poke(lab, 0xE000ED10, 4);
	lab_run(lab, deep_sleep, LEN(deep_sleep));
	wire_advance(lab->wire, 1 * MS);
	assert_false(soc_port_is_open(lab->soc, PORT_DEBUG));
	assert_false(answers(lab));
}

#define H743(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define H735(test) cmocka_unit_test_setup_teardown(test, set_up_h735, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		H743(three_ports_answer_over_swd),
		H743(it_is_a_cortex_m7_r1p1_of_revision_v),
		H735(an_h735_is_smaller_and_says_so),
		cmocka_unit_test(user_registers_show_the_option_bytes),
		H743(the_package_is_shown),
		H743(rom_tables_lead_to_the_core_and_to_the_debug_components),
		H743(trace_components_need_the_debug_clock_of_their_domain),
		H743(caches_can_be_enabled_and_are_not_there),
		H743(memories_are_where_the_manual_says),
		H743(only_the_core_port_sees_the_core_and_its_memories),
		H743(a_gpio_port_is_dead_without_its_clock),
		H743(it_starts_on_the_hsi_at_64_mhz),
		H743(the_pll_makes_400_mhz_of_the_8_mhz_that_are_fed_in),
		H743(a_pll_without_its_divider_stands_still),
		H743(the_supply_is_chosen_once_per_power_on),
		H743(a_voltage_level_takes_its_time),
		H735(the_supply_the_board_is_wired_for_runs),
		H735(the_wrong_supply_takes_core_and_port_and_reset_brings_neither_back),
		H735(power_brings_it_back_and_under_reset_nothing_runs),
		H743(reset_flags_tell_who_reset_it),
		H743(under_nrst_core_and_dbgmcu_answer_but_the_bus_does_not),
		H743(dbgmcu_survives_all_but_the_power),
		H743(watchdog_1_stands_still_with_the_core_only_when_configured),
		H743(in_stop_the_core_port_is_closed_and_the_debug_port_is_not),
		H743(in_standby_nothing_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
