/* SPDX-License-Identifier: MIT */
/*
 * Flash of which a debugger reads zeros: where it is by the registers of each family, and what becomes of a
 * read of it.
 */
#include "targets/chip/hidden.h"

#include "targets/board/board.h"
#include "test/unit/fake_board.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* --- where it is ---------------------------------------------------------------------------- */

static struct chip chip;
static struct hidden_ranges ranges;

struct option_word {
	uint32_t at, value;
};

static enum cause
read_option(void *context, uint32_t at, uint32_t *value, struct reason *why)
{
	const struct option_word *word = context;

	if (at != word->at)
		return reason_begin(why, CAUSE_FAULT, "0x%08x was refused", (unsigned)at);
	*value = word->value;
	return CAUSE_NONE;
}

/* A chip of that DEV_ID, of which `option` alone can be read. */
static void
resolve(enum id_place place, uint16_t dev_id, uint32_t kib, struct option_word option)
{
	const struct device *device = device_by_id(&device_table, place, dev_id);
	struct reason why = REASON_INIT;

	assert_non_null(device);
	assert_int_equal(chip_resolve(&chip, device, kib, NULL, read_option, &option, &why),
			 CAUSE_NONE);
	assert_true(chip.is_flash_known);
}

static const struct hidden_range *
only_range(const uint32_t *words, bool are_swapped)
{
	hidden_ranges_of(&chip, words, are_swapped, &ranges);
	assert_int_equal(ranges.len, 1);
	return &ranges.list[0];
}

static void
assert_range(const uint32_t *words, const char *name, uint32_t from, uint32_t to)
{
	const struct hidden_range *range = only_range(words, false);

	assert_string_equal(range->name, name);
	assert_int_equal(range->at, from);
	assert_int_equal(range->at + range->size, to);
}

static void
assert_none(const uint32_t *words)
{
	hidden_ranges_of(&chip, words, false, &ranges);
	assert_int_equal(ranges.len, 0);
}

/* By word, from FLASH_CR on; L4: from FLASH_PCROP1SR on. */
enum {
	G4_CR = 0,
	G4_PCROP1SR = 4,
	G4_PCROP1ER = 5,
	G4_PCROP2SR = 12,
	G4_PCROP2ER = 13,
	G4_SEC1R = 23,
	G4_SEC2R = 24,
	L4_PCROP2SR = 8,
	L4_PCROP2ER = 9
};
#define NO_AREA 0xffffffffu, 0x00ff0000u

/* RM0440 Rev 8, 3.7.9 and 3.7.13: 64 bits a unit, 128 with one bank, of which both areas lie in the
 * whole. What a chip from the factory reads covers nothing. */
static void
units_of_a_g4_are_as_wide_as_its_flash(void **state)
{
	uint32_t words[HIDDEN_MAX_WORDS] = {
		[G4_PCROP1SR] = 0xffffffff, [G4_PCROP2SR] = 0xffffffff
	};

	(void)state;
	resolve(ID_AP0_E0042000, 0x469, 512, (struct option_word){ 0x40022020, 1 << 22 });
	assert_none(words);
	words[G4_PCROP1SR] = 0xffff8100;
	words[G4_PCROP1ER] = 0x80ff01ff;
	assert_range(words, "PCROP1", 0x08000800, 0x08001000);
	words[G4_PCROP1SR] = 0xffffffff;
	words[G4_PCROP2SR] = 0xffff8000;
	words[G4_PCROP2ER] = 0x00ff0001;
	assert_range(words, "PCROP2", 0x08040000, 0x08040010);
	resolve(ID_AP0_E0042000, 0x469, 512, (struct option_word){ 0x40022020, 0 });
	assert_range(words, "PCROP2", 0x08000000, 0x08000020);
}

/* ST's stm32l4r5xx.h, stm32l431xx.h: 17 bits, and one bank with no PCROP2. */
static void
units_of_an_l4_are_as_wide_as_its_flash(void **state)
{
	uint32_t words[HIDDEN_MAX_WORDS] = { 0x1fff0, 0x1ffff, 0, 0, 0, 0, 0, 0, NO_AREA };

	(void)state;
	resolve(ID_AP0_E0042000, 0x470, 2048, (struct option_word){ 0x40022020, 1 << 22 });
	assert_range(words, "PCROP1", 0x080fff80, 0x08100000);
	resolve(ID_AP0_E0042000, 0x470, 2048, (struct option_word){ 0x40022020, 0 });
	assert_range(words, "PCROP1", 0x081fff00, 0x08200000);
	resolve(ID_AP0_E0042000, 0x435, 256, (struct option_word){ 0 });
	words[L4_PCROP2SR] = 0;
	words[L4_PCROP2ER] = 1;
	assert_range(words, "PCROP1", 0x0803ff80, 0x08040000);
}

/* RM0440 Rev 8, 3.5.4. */
static void
pages_that_the_program_locked_are_those_of_each_bank_until_a_reset(void **state)
{
	uint32_t words[HIDDEN_MAX_WORDS] = {
		[G4_PCROP1SR] = 0xffffffff, [G4_PCROP2SR] = 0xffffffff
	};

	(void)state;
	resolve(ID_AP0_E0042000, 0x469, 512, (struct option_word){ 0x40022020, 1 << 22 });
	words[G4_SEC1R] = 0xff00ff02;
	words[G4_SEC2R] = 0xff00ff01;
	assert_none(words);
	words[G4_CR] = 1u << 28;
	assert_range(words, "SEC_SIZE1", 0x08000000, 0x08001000);
	words[G4_CR] = 1u << 29;
	assert_range(words, "SEC_SIZE2", 0x08040000, 0x08040800);
	words[G4_SEC2R] = 0xff00ffff;
	assert_range(words, "SEC_SIZE2", 0x08040000, 0x08080000);
}

/* RM0444 Rev 5, 3.5.3: 512 bytes; of a part with fewer pages fewer bits count. An STM32G0x0 may read
 * zeros where the STM32G0x1 has these registers. */
static void
units_of_a_g0_have_512_bytes(void **state)
{
	enum { PCROP1ASR = 4, PCROP1AER = 5, PCROP1BSR = 8 };
	const uint32_t words[HIDDEN_MAX_WORDS] = {
		[PCROP1ASR] = 0xffffff05, [PCROP1AER] = 0x8000000c
	};
	const uint32_t zeros[HIDDEN_MAX_WORDS] = { 0 };
	const uint32_t factory[HIDDEN_MAX_WORDS] = {
		[PCROP1ASR] = 0xffffffff, [PCROP1BSR] = 0xffffffff
	};

	(void)state;
	resolve(ID_AP0_40015800, 0x460, 128, (struct option_word){ 0 });
	assert_range(words, "PCROP1A", 0x08000a00, 0x08001a00);
	assert_none(zeros);
	assert_none(factory);
	resolve(ID_AP0_40015800, 0x443, 16, (struct option_word){ 0 });
	assert_range(words, "PCROP1A", 0x08000a00, 0x08001a00);
	assert_none(factory);
}

static void
an_area_of_bank_2_is_where_that_is_seen(void **state)
{
	enum {
		PCROP1ASR = 4,
		PCROP1BSR = 8,
		PCROP2ASR = 12,
		PCROP2AER = 13,
		PCROP2BSR = 16
	};
	uint32_t words[HIDDEN_MAX_WORDS] = { [PCROP1ASR] = 0x1ff,
					     [PCROP1BSR] = 0x1ff,
					     [PCROP2ASR] = 2,
					     [PCROP2AER] = 3,
					     [PCROP2BSR] = 0x1ff };

	(void)state;
	resolve(ID_AP0_40015800, 0x467, 512, (struct option_word){ 0x40022020, 1 << 21 });
	assert_range(words, "PCROP2A", 0x08040400, 0x08040800);
	assert_int_equal(only_range(words, true)->at, 0x08000400);
	resolve(ID_AP0_40015800, 0x467, 256, (struct option_word){ 0x40022020, 0 });
	assert_none(words);
}

/* FLASH_PCROP_GRANULARITY of ST's HAL: half a page. SFSA: from there on it is the Cortex-M0+'s. */
static void
units_of_a_wb_are_half_a_page(void **state)
{
	const uint32_t words[HIDDEN_MAX_WORDS] = { 0x10, 0x11, 0, 0, 0x1ff, 0 };

	(void)state;
	resolve(ID_AP0_E0042000, 0x495, 1024, (struct option_word){ 0x58004080, 0x1f4 });
	assert_range(words, "PCROP1A", 0x08008000, 0x08009000);
	resolve(ID_AP0_E0042000, 0x497, 256, (struct option_word){ 0x58004080, 0x80 });
	assert_range(words, "PCROP1A", 0x08004000, 0x08004800);
	resolve(ID_AP0_E0042000, 0x495, 1024, (struct option_word){ 0x58004080, 0xc8 });
	hidden_ranges_of(&chip, NULL, false, &ranges);
	assert_int_equal(ranges.len, 1);
	assert_int_equal(ranges.list[0].at, 0x080c8000);
	assert_int_equal(ranges.list[0].size, 0x38000);
	assert_null(ranges.list[0].how);
}

/* RM0401 Rev 3, 3.6.5: without SPRMOD nWRP is about writing. */
static void
sectors_of_an_f4_are_its_bits_of_nwrp_with_sprmod(void **state)
{
	uint32_t words[HIDDEN_MAX_WORDS] = { 0x800caaed, 0 };

	(void)state;
	resolve(ID_AP0_E0042000, 0x458, 128, (struct option_word){ 0 });
	assert_range(words, "nWRP with SPRMOD", 0x08008000, 0x08010000);
	words[0] &= 0x7fffffff;
	assert_none(words);
}

/* ST's HAL, FLASH_OB_PCROP_Config: OB_PCROP_SECTOR_0 is bit 0. */
static void
sectors_of_an_f72_are_the_bits_of_optcr2(void **state)
{
	uint32_t words[HIDDEN_MAX_WORDS] = { 0x80000006 };

	(void)state;
	resolve(ID_AP0_E0042000, 0x452, 512, (struct option_word){ 0 });
	assert_range(words, "PCROP of FLASH_OPTCR2", 0x08004000, 0x0800c000);
	words[0] = 0x80000000;
	assert_none(words);
}

/* ST's HAL, FLASH_OB_PCROPConfig: by zeros, 4 KiB each, and only with SPRMOD. */
static void
pieces_of_an_l1_are_the_zeros_of_wrpr_with_sprmod(void **state)
{
	enum { OBR, WRPR1, WRPR2 };
	uint32_t words[HIDDEN_MAX_WORDS] = { 0x00f801aa, 0xfffffff9, UINT32_MAX };

	(void)state;
	resolve(ID_AP0_E0042000, 0x427, 256, (struct option_word){ 0 });
	assert_range(words, "FLASH_WRPR1 with SPRMOD", 0x08001000, 0x08003000);
	words[WRPR1] = UINT32_MAX;
	words[WRPR2] = 0x7fffffff;
	assert_range(words, "FLASH_WRPR2 with SPRMOD", 0x0803f000, 0x08040000);
	words[OBR] = 0x00f800aa;
	assert_none(words);
}

/* RM0433 Rev 8, 4.5.4: "the same" start and end is all of the bank; without SECURITY there are no
 * secure areas. */
static void
areas_of_an_h7_have_256_bytes_a_unit(void **state)
{
	enum { OPTSR = 0, PRAR1 = 3, SCAR1 = 5, PRAR2 = 6, SCAR2 = 8 };
	uint32_t words[HIDDEN_MAX_WORDS] = { [PRAR1] = 0xff, [PRAR2] = 0xff };

	(void)state;
	resolve(ID_AP2_E00E1000, 0x450, 2048, (struct option_word){ 0 });
	assert_none(words);
	words[PRAR2] = 0x001f0010;
	assert_range(words, "PROT_AREA2", 0x08101000, 0x08102000);
	words[PRAR2] = 0x00100010;
	assert_range(words, "PROT_AREA2", 0x08100000, 0x08200000);
	words[PRAR2] = 0xff;
	words[OPTSR] = 1 << 21;
	words[SCAR1] = 0x00030000;
	words[SCAR2] = 0xff;
	assert_range(words, "SEC_AREA1", 0x08000000, 0x08000400);
}

/* --- a read of it ------------------------------------------------------------------------------ */

enum { FLASH = 0x08000000, OPTIONS_AT = 0x40022014, OPTR = 3, OPTION_WORDS = 25 };

struct bench {
	struct fake_board fake;
	struct reason why;
	uint32_t options[OPTION_WORDS];
	unsigned reads; /* of all of them */
	uint8_t bytes[64];
};

static enum swd_ack
option_hook(void *context, struct fake_access *access)
{
	struct bench *bench = context;

	assert_false(access->is_write);
	bench->reads += access->at == OPTIONS_AT;
	/* As in reset: RM0440 Rev 8, 7.1.2. */
	access->value = bench->fake.core->is_nrst_low
				? 0
				: bench->options[(access->at - OPTIONS_AT) / 4];
	return ACK_OK;
}

/* PCROP1: 0x08000800 to 0x08000fff, which reads as zeros. */
static int
set_up(void **state)
{
	static struct bench bench;
	static const uint32_t options[OPTION_WORDS] = { [OPTR] = 0xffeff8aa,
							[G4_PCROP1SR] = 0xffff8100,
							[G4_PCROP1ER] = 0x80ff01ff,
							[G4_PCROP2SR] = 0xffffffff };

	memset(&bench, 0, sizeof(bench));
	memcpy(bench.options, options, sizeof(options));
	fake_board_new(&bench.fake);
	fake_probe_hook(bench.fake.probe, OPTIONS_AT, sizeof(options), option_hook, &bench);
	memset(bench.fake.flash + 0x800, 0, 0x800);
	fake_board_connect(&bench.fake, CONNECT_HALT);
	bench.reads = 0;
	*state = &bench;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *bench = *state;

	fake_board_free(&bench->fake);
	return 0;
}

static enum cause
read_flash(struct bench *bench, uint32_t offset, uint32_t size)
{
	bench->why = (struct reason)REASON_INIT;
	return core_memory_read(bench->fake.cm4, FLASH + offset, bench->bytes, size,
				&bench->why);
}

static void
zeros_of_a_pcrop_area_are_no_read(void **state)
{
	struct bench *bench = *state;
	char line[REASON_SPACE];

	assert_int_equal(read_flash(bench, 0x900, 4), CAUSE_FAULT);
	reason_line(&bench->why, line, sizeof(line));
	assert_non_null(strstr(line, "cannot read 4 bytes at 0x08000900"));
	assert_non_null(strstr(line, "0x08000800 to 0x08000fff is read-protected by PCROP "
				     "(PCROP1): the chip answers a debugger with zeros"));
	assert_int_equal(reason_finding(&bench->why), FINDING_D5);
	assert_int_equal(read_flash(bench, 0xfff, 1), CAUSE_FAULT);
	assert_int_equal(read_flash(bench, 0x7f0, 17), CAUSE_FAULT);
	assert_int_equal(read_flash(bench, 0xfff, 64), CAUSE_FAULT);
	assert_int_equal(read_flash(bench, 0x7f0, 16), CAUSE_NONE);
	assert_int_equal(read_flash(bench, 0x1000, 64), CAUSE_NONE);
}

static void
zeros_that_the_flash_holds_are_read(void **state)
{
	struct bench *bench = *state;

	memset(bench->fake.flash + 0x100, 0, 64);
	assert_int_equal(read_flash(bench, 0x100, 64), CAUSE_NONE);
	assert_int_equal(bench->reads, 1);
}

/* Registers that the chip has not loaded: what reads as it is can be read. */
static void
an_area_of_which_something_is_read_is_no_area(void **state)
{
	struct bench *bench = *state;

	bench->fake.flash[0x93f] = 1;
	assert_int_equal(read_flash(bench, 0x900, 64), CAUSE_NONE);
}

static void
a_read_without_a_block_of_zeros_asks_nothing(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < 64; i += 4)
		memset(bench->fake.flash + 0x100 + i, i % 8 == 0 ? 0 : 1, 4);
	assert_int_equal(read_flash(bench, 0x100, 64), CAUSE_NONE);
	assert_int_equal(read_flash(bench, 0x102, 6), CAUSE_NONE);
	assert_int_equal(bench->reads, 0);
}

static void
the_option_bytes_are_asked_once_while_the_core_is_halted(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(read_flash(bench, 0x900 + 16 * i, 16), CAUSE_FAULT);
	assert_int_equal(bench->reads, 1);
	assert_int_equal(core_resume(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(read_flash(bench, 0x900, 16), CAUSE_FAULT);
	assert_int_equal(read_flash(bench, 0x900, 16), CAUSE_FAULT);
	assert_int_equal(bench->reads, 3);
}

static void
what_a_reset_has_changed_is_read_again(void **state)
{
	struct bench *bench = *state;
	bool was_reset = false;

	bench->options[G4_PCROP1SR] = 0xffffffff;
	assert_int_equal(read_flash(bench, 0x900, 16), CAUSE_NONE);
	bench->options[G4_PCROP1SR] = 0xffff8100;
	fake_core_reset(bench->fake.core);
	assert_int_equal(core_check_reset(bench->fake.cm4, &was_reset, &bench->why),
			 CAUSE_NONE);
	assert_true(was_reset);
	assert_int_equal(read_flash(bench, 0x900, 16), CAUSE_FAULT);
}

int
main(void)
{
#define READ_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_of_a_g4_are_as_wide_as_its_flash),
		cmocka_unit_test(units_of_an_l4_are_as_wide_as_its_flash),
		cmocka_unit_test(
			pages_that_the_program_locked_are_those_of_each_bank_until_a_reset),
		cmocka_unit_test(units_of_a_g0_have_512_bytes),
		cmocka_unit_test(an_area_of_bank_2_is_where_that_is_seen),
		cmocka_unit_test(units_of_a_wb_are_half_a_page),
		cmocka_unit_test(sectors_of_an_f4_are_its_bits_of_nwrp_with_sprmod),
		cmocka_unit_test(sectors_of_an_f72_are_the_bits_of_optcr2),
		cmocka_unit_test(pieces_of_an_l1_are_the_zeros_of_wrpr_with_sprmod),
		cmocka_unit_test(areas_of_an_h7_have_256_bytes_a_unit),
		READ_TEST(zeros_of_a_pcrop_area_are_no_read),
		READ_TEST(zeros_that_the_flash_holds_are_read),
		READ_TEST(an_area_of_which_something_is_read_is_no_area),
		READ_TEST(a_read_without_a_block_of_zeros_asks_nothing),
		READ_TEST(the_option_bytes_are_asked_once_while_the_core_is_halted),
		READ_TEST(what_a_reset_has_changed_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
