/* SPDX-License-Identifier: MIT */
/*
 * The controllers of STM32G0 and C0 by the registers that are written: RM0444 Rev 5, 3.3 to 3.7;
 * RM0490 Rev 5, 4.3 to 4.7. The rows are those of the device table.
 */
#include "flash/load/load.h"

#include "flash/interfaces/driver.h"
#include "flash/options/options.h"
#include "targets/chip/vitals.h"
#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flash/algorithms/g4_algorithm.h"

enum {
	PAGE = 2048,
	PATTERN = 0x20000800,
	/* FLASH_ACR: DBG_SWEN and ICEN; EMPTY. */
	ACR = 0x00040600,
	EMPTY = 1 << 16,
	MAX_WRITES = 16
};
/* FLASH_CR. */
#define CR_LOCKS      0xc0000000u
#define CR_OPTSTRT    0x00020000u
#define CR_OBL_LAUNCH 0x08000000u

struct bench {
	struct fake_chip chip;
	struct load_request request;
	struct job *job;
	struct reason why;
	uint32_t acr, cr;
	struct {
		uint32_t offset, value;
	} writes[MAX_WRITES];
	unsigned writes_len;
};

struct dap *
board_dap(struct board *board)
{
	(void)board;
	return &chip_now->dap;
}

void
board_expect_reset(struct board *board)
{
	(void)board;
}

static const uint8_t *
parameters_of(const struct fake_chip *chip, const uint32_t *r)
{
	return chip->ram + (r[3] - CHIP_RAM_AT);
}

#define PARAMETER(chip, r, name) \
	le32_get(parameters_of(chip, r) + offsetof(struct parameters, name))

/* 3.7.1: ICEN; 3.7.4: BSY1 and CFGBSY; 3.7.5: MER1. */
static void
assert_parameters(const struct fake_chip *chip, const uint32_t *r)
{
	assert_int_equal(PARAMETER(chip, r, caches), 0x00000200);
	assert_int_equal(PARAMETER(chip, r, busy), 0x00050000);
	assert_int_equal(PARAMETER(chip, r, errors), 0x0000c3fa);
	assert_int_equal(PARAMETER(chip, r, erase), 0x00000002);
	assert_int_equal(PARAMETER(chip, r, erase_bank), 0x00000004);
	assert_int_equal(PARAMETER(chip, r, granule), 8);
}

static uint32_t
g0_call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	uint32_t code_at = chip_code_at(chip, g4_code, sizeof(g4_code));

	assert_parameters(chip, r);
	switch (function - 1 - code_at) {
	case G4_EraseSector:
		assert_int_equal(r[2], (r[0] - CHIP_FLASH_AT) / PAGE);
		memset(chip->flash + (r[0] - CHIP_FLASH_AT), 0xff, r[1]);
		return 0;
	case G4_ProgramPage:
		memcpy(chip->flash + (r[0] - CHIP_FLASH_AT),
		       chip->ram + (r[2] - CHIP_RAM_AT), r[1]);
		return 0;
	default:
		return 0;
	}
}

static void
note_write(struct bench *bench, uint32_t offset, uint32_t value)
{
	assert_true(bench->writes_len < MAX_WRITES);
	bench->writes[bench->writes_len].offset = offset;
	bench->writes[bench->writes_len++].value = value;
}

static enum swd_ack
acr_hook(void *context, struct fake_access *access)
{
	struct bench *bench = context;

	if (!access->is_write) {
		access->value = bench->acr;
		return ACK_OK;
	}
	note_write(bench, 0x00, access->value);
	bench->acr = access->value;
	return ACK_OK;
}

/* FLASH_KEYR to FLASH_CR: each lock opens when the second of its keys comes. */
static enum swd_ack
control_hook(void *context, struct fake_access *access)
{
	struct bench *bench = context;
	uint32_t offset = access->at - CHIP_CONTROLLER_AT;

	if (!access->is_write) {
		access->value = offset == 0x14 ? bench->cr : 0;
		return ACK_OK;
	}
	note_write(bench, offset, access->value);
	if (offset == 0x08 && access->value == 0xcdef89ab)
		bench->cr &= ~0x80000000u;
	if (offset == 0x0c && access->value == 0x4c5d6e7f)
		bench->cr &= ~0x40000000u;
	if (offset == 0x14)
		bench->cr = access->value & ~CR_OPTSTRT;
	return ACK_OK;
}

static int
set_up_part(void **state, const char *part, uint32_t kib)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	chip_open(&bench->chip, device_by_name(&device_table, part), kib);
	bench->chip.core.identity.features = 0; /* ARMv6-M */
	bench->chip.core.registers[REGISTER_XPSR] = 0x01000000;
	bench->chip.call = g0_call;
	le32_put(bench->chip.controller + 0x20, 0xfeffffaa);
	for (unsigned offset = 0x2c; offset <= 0x30; offset += 4)
		le32_put(bench->chip.controller + offset, 0x3f);
	memset(bench->chip.flash, 0xff, CHIP_FLASH_SIZE);
	bench->acr = ACR;
	bench->cr = CR_LOCKS;
	fake_probe_hook(bench->chip.fake, CHIP_CONTROLLER_AT, 4, acr_hook, bench);
	*state = bench;
	return 0;
}

static int
set_up(void **state)
{
	return set_up_part(state, "STM32G071RB", 128);
}

static int
set_up_c0(void **state)
{
	return set_up_part(state, "STM32C031C6", 32);
}

static int
tear_down(void **state)
{
	struct bench *bench = *state;

	job_free(bench->job);
	load_request_clear(&bench->request);
	chip_close(&bench->chip);
	free(bench);
	return 0;
}

static void
load_at(struct bench *bench, uint32_t at)
{
	uint8_t bytes[PAGE];

	for (unsigned i = 0; i < PAGE; i += 4)
		le32_put(bytes + i, PATTERN + i);
	assert_int_equal(
		image_add(&bench->request.image, at, bytes, sizeof(bytes), &bench->why),
		CAUSE_NONE);
	assert_int_equal(load_begin(&bench->chip.core, &bench->chip.board, &bench->request,
				    &bench->job, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(le32_get(bench->chip.flash + (at - CHIP_FLASH_AT)), PATTERN);
}

/* Failure mode C9. */
static void
a_virgin_chip_that_was_loaded_no_longer_starts_its_rom_loader(void **state)
{
	struct bench *bench = *state;

	bench->acr = ACR | EMPTY;
	load_at(bench, CHIP_FLASH_AT);
	assert_int_equal(bench->writes_len, 1);
	assert_int_equal(bench->acr, ACR);
}

/* Without a vector table the ROM loader is what a reset shall start. */
static void
a_chip_whose_first_word_stays_erased_still_starts_its_rom_loader(void **state)
{
	struct bench *bench = *state;

	bench->acr = ACR | EMPTY;
	load_at(bench, CHIP_FLASH_AT + PAGE);
	assert_int_equal(bench->writes_len, 0);
}

static void
a_chip_that_does_not_take_itself_for_empty_is_left_alone(void **state)
{
	struct bench *bench = *state;

	load_at(bench, CHIP_FLASH_AT);
	assert_int_equal(bench->writes_len, 0);
}

/* 3.7.6 FLASH_ECCR; RM0490 4.2: C0 has none there. */
static void
ecc_errors_are_forgotten_where_there_are_any(void **state)
{
	struct bench *bench = *state;
	bool is_c0 = bench->chip.board.chip.device->dev_id == 0x453;

	load_at(bench, CHIP_FLASH_AT);
	assert_int_equal(le32_get(bench->chip.controller + 0x18), is_c0 ? 0 : 0xc0000000);
	assert_int_equal(le32_get(bench->chip.controller + 0x1c), 0);
}

/* 3.7.7 FLASH_ECC2R. */
static void
a_part_with_two_banks_notes_ecc_errors_in_two_registers(void **state)
{
	struct runner_banks banks = { 0 };

	(void)state;
	flash_driver_forget_ecc(flash_driver_of(FLASH_DRIVER_G0B), CHIP_CONTROLLER_AT,
				&banks);
	assert_int_equal(banks.first_at, 0x40022018);
	assert_int_equal(banks.first_also_at, 0x4002201c);
	assert_int_equal(banks.first_value, 0xc0000000);
}

static struct parameters
parameters_for(const struct memory_entry *bank)
{
	struct flash_surroundings around = { 0 };

	return flash_driver_parameters(flash_driver_for(bank->interface), bank, &around);
}

/* 3.7.5: BKER is bit 13, MER2 bit 15; BSY2 is waited for as well. */
static void
a_page_of_bank_2_is_erased_by_its_number_in_the_bank_and_bker(void **state)
{
	const struct device *device = device_by_name(&device_table, "STM32G0B1RE");
	const struct memory_entry *banks = device->layouts[0].memories;
	struct parameters first = parameters_for(&banks[0]);
	struct parameters second = parameters_for(&banks[1]);

	(void)state;
	assert_int_equal(banks[1].base, 0x08040000);
	assert_int_equal(banks[1].first_sector, 0);
	assert_int_equal(first.erase, 0x00000002);
	assert_int_equal(first.erase_bank, 0x00000004);
	assert_int_equal(second.erase, 0x00002002);
	assert_int_equal(second.erase_bank, 0x00008000);
	assert_int_equal(first.busy, 0x00070000);
	assert_int_equal(second.busy, 0x00070000);
}

/* 3.7.8: nSWAP_BANK is bit 20, DUAL_BANK 21. BKER means the bank itself, wherever it is seen, as
 * Zephyr's driver has it. */
static void
banks_that_are_swapped_are_erased_where_they_are_seen(void **state)
{
	const struct device *device = device_by_name(&device_table, "STM32G0B1RE");
	const struct register_test *swap = &vitals_of(&device_table, device)->banks_swap;
	struct flash_surroundings around = { .are_banks_swapped = true };
	const struct memory_entry *banks = device->layouts[0].memories;
	const struct flash_driver *driver = flash_driver_for(banks->interface);

	(void)state;
	assert_int_equal(flash_driver_parameters(driver, &banks[0], &around).erase, 0x2002);
	assert_int_equal(flash_driver_parameters(driver, &banks[1], &around).erase, 0x0002);
	assert_int_equal(swap->at, 0x40022020);
	assert_true((0xffefffaa & swap->mask) == swap->value);
	assert_false((0xffffffaa & swap->mask) == swap->value);
	assert_false((0xffcfffaa & swap->mask) == swap->value); /* one bank */
}

/* RM0453 Rev 5, 4.10: the registers lie at 0x58004000 on WB and WL; DCEN is there, and PESD. */
static void
relatives_differ_in_rows_alone(void **state)
{
	static const struct {
		const char *part;
		uint32_t cr, busy, errors, caches;
	} cases[] = {
		{ "STM32WB55RG", 0x58004014, 0x000d0000, 0x000043fa, 0x00000600 },
		{ "STM32WB15CC", 0x58004014, 0x000d0000, 0x000043fa, 0x00000600 },
		{ "STM32WLE5JC", 0x58004014, 0x000d0000, 0x000043fa, 0x00000600 },
		{ "STM32U083RC", 0x40022014, 0x00050000, 0x00009bfa, 0x00000200 },
		{ "STM32U031R8", 0x40022014, 0x00050000, 0x00009bfa, 0x00000200 },
		{ "STM32C071RB", 0x40022014, 0x00050000, 0x0000c3fa, 0x00000200 },
	};

	(void)state;
	for (size_t i = 0; i < array_len(cases); i++) {
		const struct memory_entry *flash =
			device_by_name(&device_table, cases[i].part)->memories;
		struct parameters parameters;

		while (flash->kind != MEMORY_FLASH)
			flash++;
		parameters = parameters_for(flash);
		assert_int_equal(parameters.cr, cases[i].cr);
		assert_int_equal(parameters.busy, cases[i].busy);
		assert_int_equal(parameters.errors, cases[i].errors);
		assert_int_equal(parameters.caches, cases[i].caches);
		assert_int_equal(flash->interface->registers.empty, 0x00010000);
	}
}

/* While the radio's core holds operations back: a reset ends that, with which that core stops. */
static void
a_controller_that_the_other_core_holds_back_is_named(void **state)
{
	static const struct memory_entry bank = { .registers = CHIP_CONTROLLER_AT,
						  .interface = &flash_interface_wb };
	struct bench *bench = *state;
	char line[REASON_SPACE];

	le32_put(bench->chip.controller + 0x10, 0x00080000);
	reason_begin(&bench->why, CAUSE_TIMEOUT, "the call has not ended");
	flash_driver_add_status(flash_driver_of(FLASH_DRIVER_WB), &bench->chip.core, &bank,
				&bench->why);
	assert_int_equal(reason_finding(&bench->why), FINDING_E6);
	reason_line(&bench->why, line, sizeof(line));
	assert_non_null(strstr(line, "FLASH_SR is 0x00080000: PESD: a core holds erasing "
				     "and programming back (PES)"));
}

/* A part with one bank has no FLASH_WRP2AR, which would read as if it protected page 0. */
static void
only_a_part_with_two_banks_has_write_protection_of_the_second(void **state)
{
	const struct protection_register *one =
		flash_driver_of(FLASH_DRIVER_G0)->protections;
	const struct protection_register *two =
		flash_driver_of(FLASH_DRIVER_G0B)->protections;

	(void)state;
	for (; one->name != NULL; one++)
		assert_int_equal(one->bank, 1);
	assert_string_equal(two[2].name, "FLASH_WRP2AR");
	assert_true(flash_driver_protects(&two[2], 0x00050004, 2, 5, 0));
	assert_false(flash_driver_protects(&two[2], 0x00050004, 1, 5, 0));
}

static enum cause
try_to_load(struct bench *bench, uint32_t at)
{
	uint8_t bytes[4] = { 1, 2, 3, 4 };

	assert_int_equal(
		image_add(&bench->request.image, at, bytes, sizeof(bytes), &bench->why),
		CAUSE_NONE);
	assert_int_equal(load_begin(&bench->chip.core, &bench->chip.board, &bench->request,
				    &bench->job, &bench->why),
			 CAUSE_NONE);
	return job_run(bench->job, bench->chip.fake->probe.clock, &bench->why);
}

/* 3.7.8, 3.7.9: units of 512 bytes, four in a page, from the second of page 1 to the first of 3. */
static void
a_page_with_units_that_pcrop_protects_is_named_before_anything_is_erased(void **state)
{
	struct bench *bench = *state;
	char line[REASON_SPACE];

	le32_put(bench->chip.controller + 0x24, 0xffffff05);
	le32_put(bench->chip.controller + 0x28, 0x8000000c);
	assert_int_equal(try_to_load(bench, CHIP_FLASH_AT + 3 * PAGE), CAUSE_PROTECTED);
	reason_line(&bench->why, line, sizeof(line));
	assert_non_null(strstr(line,
			       "nothing was erased: the sector of 2048 bytes at "
			       "0x08001800 (number 3 of bank 1) is protected by PCROP"));
	assert_non_null(strstr(line, "PCROP1A: 0x08000a00 to 0x080019ff only executes, and "
				     "is neither read nor changed"));
	assert_int_equal(reason_finding(&bench->why), FINDING_D5);
}

static void
a_page_behind_what_pcrop_protects_is_loaded(void **state)
{
	struct bench *bench = *state;

	le32_put(bench->chip.controller + 0x24, 0xffffff05);
	le32_put(bench->chip.controller + 0x28, 0x8000000c);
	load_at(bench, CHIP_FLASH_AT + 4 * PAGE);
}

/* 3.4.2. */
static void
option_bytes_are_unlocked_started_and_loaded(void **state)
{
	static const struct {
		uint32_t offset, value;
	} wanted[] = {
		{ 0x08, 0x45670123 }, { 0x08, 0xcdef89ab },    { 0x0c, 0x08192a3b },
		{ 0x0c, 0x4c5d6e7f }, { 0x10, 0x000043fa }, /* errors of before */
		{ 0x14, CR_OPTSTRT }, { 0x14, CR_OBL_LAUNCH },
	};
	struct bench *bench = *state;
	const struct option_set *set = options_of(&bench->chip.board.chip);
	struct option_values before, after;

	assert_int_equal(options_read(set, &bench->chip.core, 0x460, &before, &bench->why),
			 CAUSE_NONE);
	after = before;
	assert_int_equal(options_assign(set, 0x460, "nBOOT_SEL=1", &after, &bench->why),
			 CAUSE_NONE);
	fake_probe_hook(bench->chip.fake, CHIP_CONTROLLER_AT + 0x08, 0x10, control_hook,
			bench);
	bench->job = options_write(set, &bench->chip.board, &before, &after);
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(bench->writes_len, array_len(wanted));
	for (size_t i = 0; i < array_len(wanted); i++) {
		assert_int_equal(bench->writes[i].offset, wanted[i].offset);
		assert_int_equal(bench->writes[i].value, wanted[i].value);
	}
	assert_int_equal(le32_get(bench->chip.controller + 0x20), 0xffffffaa);
}

int
main(void)
{
#define TEST(name_)    cmocka_unit_test_setup_teardown(name_, set_up, tear_down)
#define C0_TEST(name_) cmocka_unit_test_setup_teardown(name_, set_up_c0, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_virgin_chip_that_was_loaded_no_longer_starts_its_rom_loader),
		TEST(a_chip_whose_first_word_stays_erased_still_starts_its_rom_loader),
		TEST(a_chip_that_does_not_take_itself_for_empty_is_left_alone),
		cmocka_unit_test(
			a_page_of_bank_2_is_erased_by_its_number_in_the_bank_and_bker),
		cmocka_unit_test(
			only_a_part_with_two_banks_has_write_protection_of_the_second),
		cmocka_unit_test(banks_that_are_swapped_are_erased_where_they_are_seen),
		cmocka_unit_test(relatives_differ_in_rows_alone),
		TEST(a_controller_that_the_other_core_holds_back_is_named),
		TEST(option_bytes_are_unlocked_started_and_loaded),
		TEST(a_page_with_units_that_pcrop_protects_is_named_before_anything_is_erased),
		TEST(a_page_behind_what_pcrop_protects_is_loaded),
		TEST(ecc_errors_are_forgotten_where_there_are_any),
		C0_TEST(ecc_errors_are_forgotten_where_there_are_any),
		C0_TEST(a_virgin_chip_that_was_loaded_no_longer_starts_its_rom_loader),
		cmocka_unit_test(a_part_with_two_banks_notes_ecc_errors_in_two_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
