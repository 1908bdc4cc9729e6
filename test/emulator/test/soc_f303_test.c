/* SPDX-License-Identifier: MIT */
/* The STM32F303 around its core, and what its flash does otherwise than the F103's. */
#include "test/emulator/test/flash_lab.h"

static const uint32_t rcc = 0x40021000;
static const uint32_t gpioa = 0x48000000;
static const uint32_t dbgmcu = 0xE0042000;
static const uint32_t flash = 0x08000000;
static const uint32_t options = 0x1FFFF800;
enum {
	RCC_CR = 0x00,
	RCC_CFGR = 0x04,
	RCC_AHBENR = 0x14,
	RCC_CSR = 0x24,
	RCC_CFGR2 = 0x2C
};
enum { KEYR = 0x04, OPTKEYR = 0x08, SR = 0x0C, CR = 0x10, AR = 0x14, OBR = 0x1C };
enum { WRPR = 0x20, BSY = 1 << 0, PGERR = 1 << 2, WRPRTERR = 1 << 4, EOP = 1 << 5 };
enum {
	PG = 1 << 0,
	PER = 1 << 1,
	MER = 1 << 2,
	OPTPG = 1 << 4,
	OPTER = 1 << 5,
	STRT = 1 << 6,
	OPTWRE = 1 << 9,
	OBL_LAUNCH = 1 << 13
};
#define OBLRSTF UINT32_C(0x02000000)

static int
set_up(void **state)
{
	*state = lab_open("steval-esc001v1");
	lab_halt(*state);
	return 0;
}

static int
tear_down(void **state)
{
	lab_close(*state);
	return 0;
}

static void
unlock(struct lab *lab)
{
	keys_write(lab, KEYR, FLASH_KEY1, FLASH_KEY2);
}

static uint32_t
program(struct lab *lab, uint32_t at, uint16_t value)
{
	uint32_t lanes = (uint32_t)value << (8 * (at & 3)), sr;

	reg_set(lab, CR, PG);
	assert_int_equal(lab_access(lab, at, 2, true, &lanes), BUS_OK);
	wait_while(lab, SR, BSY);
	sr = reg_get(lab, SR);
	reg_set(lab, SR, EOP | PGERR | WRPRTERR);
	return sr;
}

static uint32_t
erase(struct lab *lab, uint32_t kind, uint32_t at)
{
	uint32_t sr;

	reg_set(lab, CR, kind);
	reg_set(lab, AR, at);
	reg_set(lab, CR, kind | STRT);
	wait_while(lab, SR, BSY);
	sr = reg_get(lab, SR);
	reg_set(lab, SR, EOP | PGERR | WRPRTERR);
	return sr;
}

static void
rdp_write(struct lab *lab, uint16_t rdp)
{
	uint32_t lanes = rdp;

	unlock(lab);
	keys_write(lab, OPTKEYR, FLASH_KEY1, FLASH_KEY2);
	reg_set(lab, CR, OPTER | OPTWRE);
	reg_set(lab, CR, OPTER | OPTWRE | STRT);
	wait_while(lab, SR, BSY);
	reg_set(lab, CR, OPTPG | OPTWRE);
	assert_int_equal(lab_access(lab, options, 2, true, &lanes), BUS_OK);
	wait_while(lab, SR, BSY);
}

static void
options_launch(struct lab *lab)
{
	reg_set(lab, CR, OPTWRE | OBL_LAUNCH);
	wire_advance(lab->wire, 50 * MS);
}

static void
over_swd_it_is_a_cortex_m4_of_st(void **state)
{
	struct lab *lab = *state;

	lab_connect(lab);
	assert_int_equal(lab_dp(lab, DPIDR), 0x2BA01477);
	assert_int_equal(lab_peek(lab, 0xE000ED00), 0x410FC241);
	assert_int_equal(lab_peek(lab, dbgmcu) & 0xFFF, 0x422);
	assert_int_equal(lab_peek(lab, 0xE00FFFE0), 0x22);
	assert_int_equal(lab_peek(lab, 0x1FFFF7CC) & 0xFFFF, 128);
}

static void
memories_are_where_the_manual_says(void **state)
{
	static const uint32_t nowhere[] = { 0x20008000, 0x10002000, 0x08020000,
					    0x40080000 };
	struct lab *lab = *state;
	uint32_t value;

	lab_poke(lab, 0x20007FFC, 1);
	lab_poke(lab, 0x10001FFC, 2);
	assert_int_equal(lab_peek(lab, 0x20007FFC), 1);
	assert_int_equal(lab_peek(lab, 0x10001FFC), 2);
	for (unsigned i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		assert_int_equal(lab_access(lab, nowhere[i], 4, false, &value), BUS_FAULT);
}

static void
the_pll_makes_72_mhz_of_the_crystal(void **state)
{
	static const uint16_t endless[] = { 0xE7FE };
	struct lab *lab = *state;
	uint64_t before;

	lab_run(lab, endless, 1);
	lab_poke(lab, rcc + RCC_CR, 0x00010083);
	wire_advance(lab->wire, 3 * MS);
	lab_poke(lab, rcc + RCC_CFGR, 7 << 18 | 1 << 16);
	lab_poke(lab, rcc + RCC_CR, 0x01010083);
	wire_advance(lab->wire, 1 * MS);
	lab_poke(lab, rcc + RCC_CFGR, 7 << 18 | 1 << 16 | 2);
	before = cpu_instructions(soc_core(lab->soc, 0));
	wire_advance(lab->wire, 1 * MS);
	assert_in_range(cpu_instructions(soc_core(lab->soc, 0)) - before, 71900, 72100);
}

static void
boot0_starts_the_boot_loader(void **state)
{
	struct lab *lab = *state;

	soc_boot0(lab->soc, true);
	lab_poke(lab, 0xE000EDF0, 0xA05F0000); /* let it go */
	wire_drive_nrst(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	wire_drive_nrst(lab->wire, false);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(cpu_pc(soc_core(lab->soc, 0)), 0x1FFFD808);
}

static void
pins_that_are_no_swd_any_more_fall_silent(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	lab_connect(lab);
	lab_poke(lab, rcc + RCC_AHBENR, 1 << 17 | 0x14);
	lab_poke(lab, gpioa, 0xA4000000);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
}

static void
a_page_has_2_kib(void **state)
{
	struct lab *lab = *state;

	unlock(lab);
	assert_int_equal(program(lab, flash + 0x7FE, 0), EOP);
	assert_int_equal(program(lab, flash + 0x800, 0), EOP);
	assert_int_equal(program(lab, flash + 0xFFE, 0), EOP);
	assert_int_equal(program(lab, flash + 0x1000, 0), EOP);
	assert_int_equal(erase(lab, PER, flash + 0x900), EOP);
	assert_int_equal(lab_peek(lab, flash + 0x7FC), 0x0000FFFF);
	assert_int_equal(lab_peek(lab, flash + 0x800), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, flash + 0xFFC), 0xFFFFFFFF);
	assert_int_equal(lab_peek(lab, flash + 0x1000), 0xFFFF0000);
	assert_int_equal(program(lab, flash + 0x1000, 0x1234), PGERR);
}

static void
options_take_effect_by_launching_and_not_by_a_reset(void **state)
{
	struct lab *lab = *state;

	assert_int_equal(reg_get(lab, OBR) & 6, 0);
	rdp_write(lab, 0x55);
	lab_poke(lab, 0xE000ED0C, 0x05FA0004);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(reg_get(lab, OBR) & 6, 0);
	unlock(lab);
	options_launch(lab);
	assert_int_equal(reg_get(lab, OBR) & 6, 2);
	assert_int_equal(lab_peek(lab, rcc + RCC_CSR) & OBLRSTF, OBLRSTF);
}

static void
at_level_1_flash_is_closed_and_level_0_costs_its_contents(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	unlock(lab);
	program(lab, flash + 0x4000, 0x1234);
	rdp_write(lab, 0x55);
	options_launch(lab);
	assert_int_equal(lab_access(lab, flash + 0x4000, 4, false, &value), BUS_FAULT);
	unlock(lab);
	assert_int_equal(erase(lab, MER, 0), PGERR);
	assert_int_equal(program(lab, flash, 0x1234), PGERR);
	unlock(lab);
	rdp_write(lab, 0xAA);
	options_launch(lab);
	assert_int_equal(lab_peek(lab, flash + 0x4000), 0xFFFFFFFF);
}

static void
level_2_closes_the_debug_port(void **state)
{
	struct lab *lab = *state;
	uint32_t value;

	rdp_write(lab, 0xCC);
	options_launch(lab);
	lab_line_reset(lab);
	assert_int_equal(lab_read(lab, false, DPIDR, &value), SWD_NO_ACK);
}

static void
options_can_be_set_before_power_comes(void **state)
{
	struct lab *lab = *state;

	wire_power(lab->wire, false);
	assert_null(soc_preset_option(lab->soc, "WRP=4-5"));
	assert_null(soc_preset_option(lab->soc, "nBOOT1=0"));
	assert_non_null(soc_preset_option(lab->soc, "RDP=3"));
	assert_non_null(soc_preset_option(lab->soc, "WRP=31-32"));
	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	assert_int_equal(reg_get(lab, WRPR), 0xFFFFFFCF);
	assert_int_equal(reg_get(lab, OBR), 0xFFFFEF00);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(over_swd_it_is_a_cortex_m4_of_st),
		TEST(memories_are_where_the_manual_says),
		TEST(the_pll_makes_72_mhz_of_the_crystal),
		TEST(boot0_starts_the_boot_loader),
		TEST(pins_that_are_no_swd_any_more_fall_silent),
		TEST(a_page_has_2_kib),
		TEST(options_take_effect_by_launching_and_not_by_a_reset),
		TEST(at_level_1_flash_is_closed_and_level_0_costs_its_contents),
		TEST(level_2_closes_the_debug_port),
		TEST(options_can_be_set_before_power_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
