/* SPDX-License-Identifier: MIT */
/*
 * RAM beside the chip: what its addresses answer before a program has set the controller up,
 * step by step, and after; what survives a reset, and what does not survive the power.
 */
#include "test/emulator/test/flash_lab.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Writes `value` to the bits of `mask` at `at`. */
struct setting {
	uint32_t at, mask, value;
};

static void
settings_do(struct lab *lab, const struct setting *settings, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		lab_poke(lab, settings[i].at,
			 (lab_peek(lab, settings[i].at) & ~settings[i].mask) |
				 settings[i].value);
}

/* 4 bits a pin in AFRL or AFRH, 2 in MODER. */
#define PIN(port, number, function)                                            \
	{ (port) + 0x20 + (number) / 8 * 4, UINT32_C(0xF) << (number) % 8 * 4, \
	  (uint32_t)(function) << (number) % 8 * 4 },                          \
	{                                                                      \
		(port), UINT32_C(3) << (number)*2, UINT32_C(2) << (number)*2   \
	}

static void
assert_memory(struct lab *lab, uint32_t at)
{
	uint32_t byte = 0x00AB0000;

	lab_poke(lab, at, 0x12345678);
	lab_poke(lab, at + 4, 0x9ABCDEF0);
	assert_int_equal(lab_access(lab, at + 2, 1, true, &byte), BUS_OK);
	assert_int_equal(lab_peek(lab, at), 0x12AB5678);
	assert_int_equal(lab_peek(lab, at + 4), 0x9ABCDEF0);
}

static void
assert_no_memory(struct lab *lab, uint32_t at, uint32_t reads)
{
	lab_poke(lab, at, 0x12345678);
	assert_int_equal(lab_peek(lab, at), reads);
}

/* --- PSRAM at FMC of an STM32G473: RM0440 19.7.6 -------------------------------------------- */

#define G4_FMC_BCR1 UINT32_C(0xA0000000)
enum { PSRAM = 0x60000000, G4_RCC = 0x40021000, PD = 0x48000C00 };

static const struct setting psram_clock[] = {
	{ G4_RCC + 0x50, 1, 1 }, /* AHB3ENR.FMCEN */
	{ G4_RCC + 0x4C, 8, 8 }, /* AHB2ENR.GPIODEN */
};
static const struct setting psram_pins[] = { PIN(PD, 4, 12), PIN(PD, 5, 12), PIN(PD, 7, 12),
					     PIN(PD, 14, 12), PIN(PD, 0, 12) };
static const struct setting psram_bank[] = { { G4_FMC_BCR1, 0xE,
					       0x4 } }; /* PSRAM, no MUXEN */
static const struct setting psram_read_only[] = { { G4_FMC_BCR1, 1 << 12, 0 } };
static const struct setting psram_off[] = { { G4_FMC_BCR1, 1, 0 } };

static void
a_psram_answers_with_clock_pins_and_bank_set_up(void **state)
{
	struct lab *lab = lab_open("g473-custom-512k");

	(void)state;
	lab_halt(lab);
	assert_int_equal(lab_try(lab, PSRAM), BUS_FAULT);
	settings_do(lab, psram_clock, LEN(psram_clock));
	assert_no_memory(lab, PSRAM, 0);
	settings_do(lab, psram_pins, LEN(psram_pins));
	assert_no_memory(lab, PSRAM, 0); /* MUXEN is set after reset */
	settings_do(lab, psram_bank, LEN(psram_bank));
	assert_memory(lab, PSRAM + 0xFFFF8);
	settings_do(lab, psram_read_only, LEN(psram_read_only));
	assert_int_equal(lab_access(lab, PSRAM, 4, true, &(uint32_t){ 0 }), BUS_FAULT);
	assert_int_equal(lab_peek(lab, PSRAM + 0xFFFFC), 0x9ABCDEF0);
	settings_do(lab, psram_off, LEN(psram_off));
	assert_int_equal(lab_try(lab, PSRAM), BUS_FAULT);
	lab_close(lab);
}

static void
a_psram_keeps_its_contents_over_a_reset_and_loses_them_with_the_power(void **state)
{
	struct lab *lab = lab_open("g473-custom-512k");

	(void)state;
	lab_halt(lab);
	settings_do(lab, psram_clock, LEN(psram_clock));
	settings_do(lab, psram_pins, LEN(psram_pins));
	settings_do(lab, psram_bank, LEN(psram_bank));
	assert_memory(lab, PSRAM);
	lab_system_reset(lab);
	assert_int_equal(lab_try(lab, PSRAM), BUS_FAULT);
	settings_do(lab, psram_clock, LEN(psram_clock));
	settings_do(lab, psram_pins, LEN(psram_pins));
	settings_do(lab, psram_bank, LEN(psram_bank));
	assert_int_equal(lab_peek(lab, PSRAM + 4), 0x9ABCDEF0);
	lab_power_cycle(lab);
	lab_halt(lab);
	settings_do(lab, psram_clock, LEN(psram_clock));
	settings_do(lab, psram_pins, LEN(psram_pins));
	settings_do(lab, psram_bank, LEN(psram_bank));
	assert_int_not_equal(lab_peek(lab, PSRAM + 4), 0x9ABCDEF0);
	lab_close(lab);
}

/* --- SDRAM at FMC of an STM32H743: RM0433 22.9 ---------------------------------------------- */

#define SDRAM UINT32_C(0xC0000000)
enum { H7_RCC = 0x58024400, H7_FMC = 0x52004000, SDCMR = H7_FMC + 0x150 };
enum { PF = 0x58021400, PG = 0x58021800, CTB1 = 1 << 4 };

static const struct setting h7_clock[] = {
	{ H7_RCC + 0xD4, 1 << 12, 1 << 12 }, /* AHB3ENR.FMCEN */
	{ H7_RCC + 0xE0, 0x60, 0x60 },       /* AHB4ENR: GPIOF, GPIOG */
};
static const struct setting sdram_pins[] = { PIN(PG, 8, 12), PIN(PG, 15, 12),
					     PIN(PF, 11, 12) };
static const struct setting fmc_on[] = { { H7_FMC, UINT32_C(1) << 31, UINT32_C(1) << 31 } };

static void
commands_send(struct lab *lab, const uint8_t *modes, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		lab_poke(lab, SDCMR, CTB1 | modes[i]);
}

static void
an_sdram_answers_after_the_commands_by_which_it_begins(void **state)
{
	static const uint8_t wrong[] = { 1, 3, 2, 4 }, right[] = { 1, 2, 3, 4 };
	struct lab *lab = lab_open("nucleo-h743zi2");

	(void)state;
	lab_halt(lab);
	assert_int_equal(lab_try(lab, SDRAM), BUS_FAULT);
	settings_do(lab, h7_clock, LEN(h7_clock));
	assert_int_equal(lab_try(lab, SDRAM), BUS_FAULT);
	settings_do(lab, fmc_on, LEN(fmc_on));
	assert_no_memory(lab, SDRAM, 0);
	commands_send(lab, right, LEN(right));
	assert_no_memory(lab, SDRAM, 0); /* its pins are not out */
	settings_do(lab, sdram_pins, LEN(sdram_pins));
	commands_send(lab, wrong, LEN(wrong));
	assert_no_memory(lab, SDRAM, 0);
	commands_send(lab, right, LEN(right));
	assert_memory(lab, SDRAM + KIB(8192) - 8);
	lab_system_reset(lab);
	assert_int_equal(lab_try(lab, SDRAM), BUS_FAULT);
	lab_close(lab);
}

/* --- HyperRAM at OCTOSPI2 of an STM32H735: RM0468, chapter 25 ------------------------------- */

enum { HYPERRAM = 0x70000000, OCTOSPI2 = 0x5200A000 };

static const struct setting octospi_clock[] = {
	{ H7_RCC + 0xD4, 1 << 19, 1 << 19 },
	{ H7_RCC + 0xE0, 0x60, 0x60 },
};
static const struct setting octospi_mapped[] = {
	{ OCTOSPI2 + 0x008, 7 << 24, 4 << 24 }, /* DCR1.MTYP: HyperBus memory */
	{ OCTOSPI2, UINT32_MAX, 0x30000001 },   /* CR: memory-mapped, EN */
};
static const struct setting hyperram_pins[] = { PIN(PG, 12, 3), PIN(PF, 4, 9),
						PIN(PF, 0, 9) };

static void
a_hyperram_answers_once_octospi_maps_it(void **state)
{
	struct lab *lab = lab_open("stm32h735g-dk");

	(void)state;
	lab_halt(lab);
	assert_int_equal(lab_try(lab, HYPERRAM), BUS_FAULT);
	settings_do(lab, octospi_clock, LEN(octospi_clock));
	assert_int_equal(lab_try(lab, HYPERRAM), BUS_FAULT);
	settings_do(lab, octospi_mapped, LEN(octospi_mapped));
	assert_no_memory(lab, HYPERRAM, UINT32_MAX);
	settings_do(lab, hyperram_pins, LEN(hyperram_pins));
	assert_memory(lab, HYPERRAM + (UINT32_C(16) << 20) - 8);
	lab_poke(lab, OCTOSPI2, 0);
	assert_int_equal(lab_try(lab, HYPERRAM), BUS_FAULT);
	lab_close(lab);
}

/* --- serial flash at QUADSPI of an STM32L476: RM0351 Rev 9, chapter 17 ------------------------ */

enum { L4_RCC = 0x40021000, PA = 0x48000000, PB = 0x48000400, PE = 0x48001000 };
#define QUADSPI UINT32_C(0xA0001000)

static const struct setting quadspi_clocks[] = {
	{ L4_RCC + 0x50, 1 << 8, 1 << 8 },        /* AHB3ENR.QSPIEN */
	{ L4_RCC + 0x4C, 0x1F, 0x1F },            /* AHB2ENR: GPIOA to GPIOE */
	{ QUADSPI + 0x00, UINT32_MAX, 1 },        /* CR: EN */
	{ QUADSPI + 0x04, UINT32_MAX, 23 << 16 }, /* DCR: 16 MiB */
};
static const struct setting pins_on_b[] = { PIN(PB, 10, 10), PIN(PB, 11, 10),
					    PIN(PB, 1, 10), PIN(PB, 0, 10) };
static const struct setting pins_on_e[] = { PIN(PE, 10, 10), PIN(PE, 11, 10),
					    PIN(PE, 12, 10), PIN(PE, 13, 10) };

/* Instruction and address on one line, FMODE indirect read, data on one line. */
static uint32_t
sfdp_word(struct lab *lab, uint32_t dummy_cycles)
{
	lab_poke(lab, QUADSPI + 0x10, 3); /* DLR */
	lab_poke(lab, QUADSPI + 0x14,
		 0x5A | 1 << 8 | 1 << 10 | 2 << 12 | dummy_cycles << 18 | 1 << 24 |
			 1 << 26);
	lab_poke(lab, QUADSPI + 0x18, 0); /* AR */
	return lab_peek(lab, QUADSPI + 0x20);
}

static void
a_serial_flash_answers_over_the_pins_it_is_soldered_to(void **state)
{
	enum { SFDP = 0x50444653, SFDP_CYCLES = 8 };
	struct lab *lab = lab_open("l476rg-custom");

	(void)state;
	assert_string_equal(
		soc_wire_beside(lab->soc, "W25Q128@clk=PB10,ncs=PB11,io0=PB1,io1=PB0"),
		"there is no such flash");
	assert_string_equal(
		soc_wire_beside(lab->soc, "SK25LP128@clk=PB9,ncs=PB11,io0=PB1,io1=PB0"),
		"no controller reaches such a pin");
	assert_null(
		soc_wire_beside(lab->soc, "SK25LP128@clk=PB10,ncs=PB11,io0=PB1,io1=PB0"));
	lab_halt(lab);
	settings_do(lab, quadspi_clocks, LEN(quadspi_clocks));
	assert_int_equal(sfdp_word(lab, SFDP_CYCLES), UINT32_MAX);
	settings_do(lab, pins_on_e, LEN(pins_on_e));
	assert_int_equal(sfdp_word(lab, SFDP_CYCLES), UINT32_MAX);
	settings_do(lab, pins_on_b, LEN(pins_on_b) - 1);
	assert_int_equal(sfdp_word(lab, SFDP_CYCLES), UINT32_MAX);
	settings_do(lab, pins_on_b, LEN(pins_on_b));
	assert_int_equal(sfdp_word(lab, SFDP_CYCLES), SFDP);
	assert_int_equal(sfdp_word(lab, 0), UINT32_MAX);
	lab_close(lab);
}

/* An address of three bytes, without dummy cycles; behind DCR.FSIZE is a bus error. */
static void
a_serial_flash_is_shown_in_its_window(void **state)
{
	struct lab *lab = lab_open("l476rg-custom");

	(void)state;
	assert_null(
		soc_wire_beside(lab->soc, "SK25LP128@clk=PB10,ncs=PB11,io0=PB1,io1=PB0"));
	lab_halt(lab);
	assert_int_equal(lab_try(lab, 0x90000000), BUS_FAULT);
	settings_do(lab, quadspi_clocks, LEN(quadspi_clocks));
	settings_do(lab, pins_on_b, LEN(pins_on_b));
	lab_poke(lab, QUADSPI + 0x14,
		 0x03 | 1 << 8 | 1 << 10 | 2 << 12 | 1 << 24 | UINT32_C(3) << 26);
	assert_int_equal(lab_peek(lab, 0x90FFFFFC), UINT32_MAX);
	assert_int_equal(lab_try(lab, 0x91000000), BUS_FAULT);
	lab_close(lab);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_psram_answers_with_clock_pins_and_bank_set_up),
		cmocka_unit_test(
			a_psram_keeps_its_contents_over_a_reset_and_loses_them_with_the_power),
		cmocka_unit_test(an_sdram_answers_after_the_commands_by_which_it_begins),
		cmocka_unit_test(a_hyperram_answers_once_octospi_maps_it),
		cmocka_unit_test(a_serial_flash_answers_over_the_pins_it_is_soldered_to),
		cmocka_unit_test(a_serial_flash_is_shown_in_its_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
