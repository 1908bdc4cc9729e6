/* SPDX-License-Identifier: MIT */
/* STM32H5: what its registers say of a sector before it is erased, by a chip of two banks of eight
 * sectors. RM0481 Rev 3, 7.3.5, 7.3.10 and 7.11. */
#include "flash/load/load.h"

#include "flash/interfaces/driver.h"
#include "test/unit/flash/fake_chip.h"
#include "transport/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flash/algorithms/u5_algorithm.h"

enum {
	SECTOR = 0x2000,
	BANK_SIZE = 8 * SECTOR,
	BANK_2_AT = CHIP_FLASH_AT + BANK_SIZE,
	NSKEYR = 0x04,
	OPSR = 0x18,
	NSSR = 0x20,
	NSCR = 0x28,
	OPTSR2 = 0x70,
	SECWM1R = 0xe0,
	WRP1R = 0xe8,
	EDATA1R = 0xf0,
	HDP1R = 0xf8,
	BANK_2 = 0x100, /* its registers lie so far above */
	WBNE = 1 << 1,
	WRPERR = 1 << 17
};

#define BANK_OF(name_, base_, number_)                                             \
	{                                                                          \
		.name = (name_), .kind = MEMORY_FLASH, .base = (base_),            \
		.interface = &flash_interface_h5, .registers = CHIP_CONTROLLER_AT, \
		.number = (number_), .runs = {                                     \
			{ 8, SECTOR }                                              \
		}                                                                  \
	}
static const struct device small_h5 = {
	.name = "H5",
	.cores = { { .name = "cm33", .kind = CORTEX_M33, .watchdog_at = 0x40003000 } },
	.memories = MEMORIES({ .name = "SRAM",
			       .kind = MEMORY_RAM,
			       .flags = MEMORY_FOR_LOADERS,
			       .base = CHIP_RAM_AT,
			       .size = CHIP_RAM_SIZE },
			     BANK_OF("flash bank 1", CHIP_FLASH_AT, 1),
			     BANK_OF("flash bank 2", BANK_2_AT, 2)),
};

struct bench {
	struct fake_chip chip;
	struct load_request request;
	struct job *job;
	struct reason why;
	unsigned erased;
	uint32_t fails_at;
	unsigned keys, forced; /* what was written to the registers */
};
static struct bench *bench_now;

/* RM0481 Rev 3, 7.11.11 FLASH_NSCR: SER, SNB, BKSEL, of the physical bank. */
static uint32_t
h5_call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	uint32_t code = chip_code_at(chip, u5_code, sizeof(u5_code));
	uint32_t erase = le32_get(chip->ram + (r[3] - CHIP_RAM_AT) +
				  offsetof(struct parameters, erase));
	bool is_second = (r[0] >= BANK_2_AT) != chip->board.are_banks_swapped;

	assert_int_not_equal(code, 0);
	if (function - 1 != code + U5_EraseSector && function - 1 != code + U5_ProgramPage)
		return 0;
	if (r[0] == bench_now->fails_at)
		return WRPERR;
	assert_int_equal(erase, is_second ? 0x80000004 : 0x00000004);
	if (function - 1 == code + U5_ProgramPage) {
		memcpy(chip->flash + (r[0] - CHIP_FLASH_AT),
		       chip->ram + (r[2] - CHIP_RAM_AT), r[1]);
		return 0;
	}
	assert_int_equal(r[2], (r[0] - CHIP_FLASH_AT) / SECTOR % 8);
	memset(chip->flash + (r[0] - CHIP_FLASH_AT), 0xff, r[1]);
	bench_now->erased++;
	return 0;
}

static void
put(struct bench *bench, uint32_t offset, uint32_t value)
{
	le32_put(bench->chip.controller + offset, value);
}

static int
set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench_now = bench;
	chip_open(&bench->chip, &small_h5, 128);
	bench->chip.call = h5_call;
	memset(bench->chip.controller, 0, CHIP_CONTROLLER_SIZE);
	put(bench, 0x50, 0x2d30edf8);
	put(bench, OPTSR2, 0xc30001fc);
	put(bench, WRP1R, 0x00000003);
	put(bench, WRP1R + BANK_2, 0x00000003);
	put(bench, SECWM1R, 0x00000007);
	put(bench, SECWM1R + BANK_2, 0x00000007);
	put(bench, HDP1R, 0x00000001);
	put(bench, HDP1R + BANK_2, 0x00000001);
	*state = bench;
	return 0;
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

/* 16 bytes in each of `sectors` sectors. */
static enum cause
load(struct bench *bench, uint32_t at, unsigned sectors)
{
	static const uint8_t bytes[16] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	enum cause cause;

	for (unsigned i = 0; i < sectors; i++)
		assert_int_equal(image_add(&bench->request.image, at + i * SECTOR, bytes,
					   sizeof(bytes), &bench->why),
				 CAUSE_NONE);
	cause = load_begin(&bench->chip.core, &bench->chip.board, &bench->request,
			   &bench->job, &bench->why);
	return cause != CAUSE_NONE
		       ? cause
		       : job_run(bench->job, bench->chip.fake->probe.clock, &bench->why);
}

static void
assert_refused(struct bench *bench, const char *wanted)
{
	char text[4096];

	reason_text(&bench->why, text, sizeof(text));
	assert_string_equal(text, wanted);
	assert_int_equal(bench->erased, 0);
}

static void
both_banks_are_programmed_by_the_numbers_of_their_sectors(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(load(bench, BANK_2_AT - SECTOR, 2), CAUSE_NONE);
	assert_int_equal(bench->erased, 2);
	assert_int_equal(bench->chip.flash[BANK_SIZE - SECTOR], 1);
	assert_int_equal(bench->chip.flash[BANK_SIZE], 1);
}

static void
swapped_banks_are_erased_as_bksel_counts_them(void **state)
{
	struct bench *bench = *state;

	bench->chip.board.are_banks_swapped = true;
	assert_int_equal(load(bench, BANK_2_AT - SECTOR, 2), CAUSE_NONE);
	assert_int_equal(bench->erased, 2);
}

static void
a_bit_of_wrp_protects_four_sectors(void **state)
{
	struct bench *bench = *state;

	put(bench, WRP1R + BANK_2, 0x00000001);
	assert_int_equal(load(bench, BANK_2_AT + 3 * SECTOR, 2), CAUSE_PROTECTED);
	assert_refused(
		bench,
		"nothing was erased: the sector of 8192 bytes at 0x08018000 (number 4 of "
		"bank 2) is write-protected\n"
		"  because FLASH_WRP2R_CUR is 0x00000001 (a bit that is 0 protects four "
		"sectors of the bank, from 0 on)\n"
		"try: remove the write protection in the option bytes (tether options set "
		"WRP=none) and load again\n");
}

static void
sectors_of_high_cycle_data_are_not_programmed(void **state)
{
	struct bench *bench = *state;

	put(bench, EDATA1R, 1 << 15 | 1);
	assert_int_equal(load(bench, CHIP_FLASH_AT + 5 * SECTOR, 3), CAUSE_PROTECTED);
	assert_refused(
		bench,
		"nothing was erased: 2 sectors of this load are set aside for high-cycle "
		"data, the first of 8192 bytes at 0x0800c000 (number 6 of bank 1)\n"
		"  because FLASH_EDATA1R_CUR is 0x00008001 (EDATA1_EN: the last sectors of "
		"bank 1 hold high-cycle data, at 0x09000000, which tether does not "
		"program)\n"
		"try: link the program to end before these sectors, or give the data up "
		"with EDATA1_EN=0 or EDATA2_EN=0 in the option bytes (tether options "
		"set)\n");
}

static void
what_lies_before_high_cycle_data_is_programmed(void **state)
{
	struct bench *bench = *state;

	put(bench, EDATA1R, 1 << 15 | 1);
	assert_int_equal(load(bench, CHIP_FLASH_AT + 4 * SECTOR, 2), CAUSE_NONE);
	assert_int_equal(bench->erased, 2);
}

static void
secure_sectors_are_refused_while_trustzone_is_on(void **state)
{
	struct bench *bench = *state;

	put(bench, SECWM1R, 0x00010000);
	put(bench, OPTSR2, 0xb40001fc);
	assert_int_equal(load(bench, CHIP_FLASH_AT, 1), CAUSE_PROTECTED);
	assert_non_null(strstr(reason_root(&bench->why),
			       "FLASH_SECWM1R_CUR is 0x00010000 (secure sectors 0 to 1)"));
	assert_int_equal(reason_finding(&bench->why), FINDING_D6);
	assert_int_equal(bench->erased, 0);
}

static void
a_watermark_without_trustzone_protects_nothing(void **state)
{
	struct bench *bench = *state;

	put(bench, SECWM1R, 0x00010000);
	assert_int_equal(load(bench, CHIP_FLASH_AT, 1), CAUSE_NONE);
	assert_int_equal(bench->erased, 1);
}

/* Only what is refused shows that HDPL was raised. */
static void
an_erase_that_is_refused_names_what_may_be_hidden(void **state)
{
	struct bench *bench = *state;

	put(bench, HDP1R, 0x00010000);
	bench->fails_at = CHIP_FLASH_AT;
	assert_int_equal(load(bench, CHIP_FLASH_AT, 1), CAUSE_PROTECTED);
	assert_non_null(strstr(reason_root(&bench->why),
			       "FLASH_SR is 0x00020000: WRPERR: the sector is "
			       "write-protected, secure or hidden"));
	assert_non_null(strstr(reason_remedy(&bench->why),
			       "FLASH_HDP1R_CUR is 0x00010000 (sectors that the program "
			       "may hide 0 to 1)"));
	assert_null(strstr(reason_remedy(&bench->why), "FLASH_WRP"));
	assert_null(strstr(reason_remedy(&bench->why), "OTPBLR"));
}

/* --- what the program left half written ----------------------------------------------------- */

static enum swd_ack
control_hook(void *context, struct fake_access *access)
{
	struct bench *bench = context;

	if (!access->is_write) {
		access->value = 1; /* LOCK */
		return ACK_OK;
	}
	assert_int_equal(access->value, 1 << 1 | 1 << 4); /* PG, FW */
	assert_int_equal(bench->keys, 2);
	bench->forced++;
	put(bench, NSSR, 0);
	return ACK_OK;
}

static enum swd_ack
key_hook(void *context, struct fake_access *access)
{
	static const uint32_t keys[] = { 0x45670123, 0xcdef89ab };
	struct bench *bench = context;

	assert_true(access->is_write && bench->keys < 2);
	assert_int_equal(access->value, keys[bench->keys++]);
	return ACK_OK;
}

static void
a_quad_word_that_the_program_began_is_ended_before_anything_else(void **state)
{
	struct bench *bench = *state;

	put(bench, NSSR, WBNE);
	fake_probe_hook(bench->chip.fake, CHIP_CONTROLLER_AT + NSKEYR, 4, key_hook, bench);
	fake_probe_hook(bench->chip.fake, CHIP_CONTROLLER_AT + NSCR, 4, control_hook,
			bench);
	assert_int_equal(load(bench, CHIP_FLASH_AT, 1), CAUSE_NONE);
	assert_int_equal(bench->forced, 1);
	assert_int_equal(bench->erased, 1);
}

/* --- rows of parts -------------------------------------------------------------------------- */

/* RM0492 Rev 2: by the sector. H5E and H5F: 256 sectors in a bank. */
static void
each_part_has_the_protection_registers_of_its_manual(void **state)
{
	static const struct {
		const struct flash_interface *interface;
		const char *name;
		uint32_t sectors, value, index;
		bool protects;
	} cases[] = {
		{ &flash_interface_h503, "FLASH_WRP1R_CUR", 8, 0xdf, 5, true },
		{ &flash_interface_h503, "FLASH_WRP1R_CUR", 8, 0xdf, 4, false },
		{ &flash_interface_h5, "FLASH_WRP1R_CUR", 32, 0xdf, 5, false },
		{ &flash_interface_h5, "FLASH_WRP1R_CUR", 32, 0xdf, 23, true },
		{ &flash_interface_h5, "FLASH_WRP1R_CUR", 128, 0x7fffffff, 127, true },
		{ &flash_interface_h5e, "FLASH_WRP12R_CUR", 256, 0xfffffffe, 128, true },
		{ &flash_interface_h5e, "FLASH_WRP12R_CUR", 256, 0xfffffffe, 0, false },
		{ &flash_interface_h5e, "FLASH_WRP11R_CUR", 256, 0xfffffffe, 0, true },
		{ &flash_interface_h5e, "FLASH_WRP11R_CUR", 256, 0x7fffffff, 128, false },
		{ &flash_interface_h5, "FLASH_WRP12R_CUR", 128, 0, 0, false },
		{ &flash_interface_h503, "FLASH_EDATA1R_CUR", 8, 0x8000, 7, false },
		{ &flash_interface_h5e, "FLASH_EDATA1R_CUR", 256, 0x800b, 244, true },
	};

	(void)state;
	for (size_t i = 0; i < array_len(cases); i++) {
		bool protects = false;

		for (const struct protection_register *p = flash_driver_h5.protections;
		     p->name != NULL; p++) {
			struct protection_register row =
				flash_driver_narrowed(p, cases[i].sectors);

			if (strcmp(p->name, cases[i].name) == 0 &&
			    flash_driver_has(p, cases[i].interface))
				protects = flash_driver_protects(&row, cases[i].value, 1,
								 cases[i].index,
								 cases[i].index * SECTOR);
		}
		if (protects != cases[i].protects)
			fail_msg("case %zu", i);
	}
}

static void
what_a_reset_cut_short_has_words(void **state)
{
	static const struct memory_entry bank = { .registers = CHIP_CONTROLLER_AT,
						  .interface = &flash_interface_h5 };
	struct bench *bench = *state;
	char buffer[128] = "";
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	flash_driver_add_cut(&flash_driver_h5, &bench->chip.core, &bank, &words);
	assert_string_equal(buffer, "");
	put(bench, OPSR, 0x60402000);
	flash_driver_add_cut(&flash_driver_h5, &bench->chip.core, &bank, &words);
	assert_string_equal(
		buffer,
		"FLASH_OPSR is 0x60402000: a reset cut the erase of a sector short");
}

#define BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(both_banks_are_programmed_by_the_numbers_of_their_sectors),
		BENCH(swapped_banks_are_erased_as_bksel_counts_them),
		BENCH(a_bit_of_wrp_protects_four_sectors),
		BENCH(sectors_of_high_cycle_data_are_not_programmed),
		BENCH(what_lies_before_high_cycle_data_is_programmed),
		BENCH(secure_sectors_are_refused_while_trustzone_is_on),
		BENCH(a_watermark_without_trustzone_protects_nothing),
		BENCH(an_erase_that_is_refused_names_what_may_be_hidden),
		BENCH(a_quad_word_that_the_program_began_is_ended_before_anything_else),
		cmocka_unit_test(each_part_has_the_protection_registers_of_its_manual),
		BENCH(what_a_reset_cut_short_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
