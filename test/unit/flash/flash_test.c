/* SPDX-License-Identifier: MIT */
#include "test/unit/flash/flash_bench.h"

static void
an_image_is_erased_programmed_and_verified(void **state)
{
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT, 5001, 1);
	add_pattern(bench, CHIP_FLASH_AT + 0x8003, 1, 2);
	add_pattern(bench, CHIP_FLASH_AT + 0x1fff0, 16, 3);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, 3 * PAGE);
	assert_flash_holds_image(bench, CHIP_FLASH_AT + 0x8000, PAGE);
	assert_flash_holds_image(bench, CHIP_FLASH_AT + 0x1f800, PAGE);
	assert_int_equal(bench->chip.flash[3 * PAGE], FAKE_CANARY);
	assert_int_equal(bench->result.sectors_erased, 5);
	assert_int_equal(bench->result.bytes_programmed, 5008 + 8 + 16);
	assert_int_equal(bench->result.bytes_verified, 5 * PAGE);
	assert_int_equal(bench->job->done_permille, 1000);
	assert_int_equal(bench->job->ram_size, 0);
	assert_false(seen.is_open);
	assert_all_put_back(bench);
}

static void
what_the_flash_holds_already_is_left_alone(void **state)
{
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT, 3 * PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	job_free(bench->job);
	memset(&seen, 0, sizeof(seen));
	bench->chip.flash[PAGE + 5] ^= 1; /* one of the three sectors */
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_unchanged, 2);
	assert_int_equal(bench->result.sectors_erased, 1);
	assert_int_equal(bench->result.bytes_programmed, PAGE);
	assert_int_equal(bench->result.bytes_verified, PAGE);
	assert_int_equal(seen.erased[1], 1);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, 3 * PAGE);
	job_free(bench->job);
	memset(&seen, 0, sizeof(seen));
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_unchanged, 3);
	assert_int_equal(seen.pages, 0);
	assert_all_put_back(bench);
}

/* 40 sectors: three ranges of at most 16, in one call. */
static void
what_is_unchanged_is_examined_in_ranges_and_what_differs_by_sectors(void **state)
{
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT, 40 * PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	job_free(bench->job);
	bench->chip.examined = 0;
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_unchanged, 40);
	assert_int_equal(bench->chip.examined, 1);
	job_free(bench->job);
	memset(&seen, 0, sizeof(seen));
	bench->chip.examined = 0;
	bench->chip.flash[20 * PAGE + 5] ^= 1;
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_unchanged, 39);
	assert_int_equal(seen.erased[20], 1);
	assert_int_equal(seen.pages, 1);
	/* The ranges, the sectors of one, and what was programmed. */
	assert_int_equal(bench->chip.examined, 3);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, 40 * PAGE);
}

static void
of_sectors_that_are_blank_those_that_shall_be_are_unchanged(void **state)
{
	struct bench *bench = bench_of(state);
	uint8_t blank[PAGE];

	memset(blank, 0xff, PAGE);
	memset(bench->chip.flash, 0xff, 3 * PAGE);
	add_pattern(bench, CHIP_FLASH_AT, PAGE, 1);
	assert_int_equal(
		image_add(&bench->image, CHIP_FLASH_AT + PAGE, blank, PAGE, &bench->why),
		CAUSE_NONE);
	add_pattern(bench, CHIP_FLASH_AT + 2 * PAGE, PAGE, 2);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_unchanged, 1);
	assert_int_equal(bench->result.sectors_erased, 0);
	assert_int_equal(bench->result.bytes_verified, 2 * PAGE);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, 3 * PAGE);
}

static void
a_full_load_does_all_of_it_whatever_the_flash_holds(void **state)
{
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT, 3 * PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	job_free(bench->job);
	memset(&seen, 0, sizeof(seen));
	bench->request.is_full = true;
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_erased, 3);
	assert_int_equal(bench->result.bytes_programmed, 3 * PAGE);
}

static void
a_sector_that_is_blank_is_not_erased(void **state)
{
	struct bench *bench = bench_of(state);

	memset(bench->chip.flash + PAGE, 0xff, PAGE);
	add_pattern(bench, CHIP_FLASH_AT, 2 * PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_erased, 1);
	assert_int_equal(seen.erased[0], 1);
	assert_int_equal(seen.erased[1], 0);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, 2 * PAGE);
}

/* One bank of 64 sectors: 22.1 ms, against 22 for each. */
static void
a_bank_is_erased_at_once_where_that_is_faster_and_loses_nothing(void **state)
{
	struct bench *bench = bench_of(state);

	memset(bench->chip.flash + CHIP_FLASH_SIZE - PAGE, 0xff, PAGE);
	add_pattern(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE - PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(seen.banks, 1);
	assert_int_equal(seen.erased[0], 0);
	assert_int_equal(bench->result.sectors_erased, 63);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE);
}

/* The controller would erase the other core's part with it, or refuse. */
static void
a_bank_of_which_another_core_has_a_part_is_erased_by_sectors(void **state)
{
	struct bench *bench = bench_of(state);
	struct chip *chip = &bench->chip.board.chip;

	for (size_t i = 0; i < chip->memories_len; i++)
		if (chip->memories[i].entry->kind == MEMORY_FLASH)
			chip->memories[i].size -= PAGE;
	add_pattern(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE - PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(seen.banks, 0);
	assert_int_equal(seen.erased[0], 1);
	assert_int_equal(seen.erased[63], 0);
	assert_int_equal(bench->result.sectors_erased, 63);
}

static void
a_bank_that_cannot_be_examined_is_erased_by_sectors(void **state)
{
	struct bench *bench = bench_of(state);

	bench->chip.spoils_from = CHIP_FLASH_AT + CHIP_FLASH_SIZE - PAGE;
	memset(bench->chip.flash + CHIP_FLASH_SIZE - PAGE, 0xff, PAGE);
	add_pattern(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE - PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(seen.banks, 0);
	assert_int_equal(seen.erased[0], 1);
	assert_int_equal(seen.erased[63], 0);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE - PAGE);
}

static void
a_bank_that_holds_something_else_is_erased_by_sectors(void **state)
{
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE - PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(seen.banks, 0);
	assert_int_equal(seen.erased[62], 1);
	assert_int_equal(bench->chip.flash[CHIP_FLASH_SIZE - 1], FAKE_CANARY);
}

/* As where option bytes protect a sector that the load does not touch. */
static void
a_bank_erase_that_is_refused_is_done_by_sectors(void **state)
{
	struct bench *bench = bench_of(state);

	seen.bank_status = WRPERR;
	add_pattern(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(seen.banks, 1);
	assert_int_equal(seen.erased[0], 1);
	assert_int_equal(seen.erased[63], 1);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE);
}

static void
one_page_travels_while_the_other_is_programmed(void **state)
{
	struct bench *bench = bench_of(state);

	seen.image = &bench->image;
	add_pattern(bench, CHIP_FLASH_AT, 4 * PAGE, 1);
	/* The first page goes into either buffer; here it is the second. */
	seen.pages = 1;
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(seen.pages, 1 + 4);
	assert_int_equal(seen.early, 3);
	assert_int_not_equal(seen.buffers[0], seen.buffers[1]);
}

static void
one_buffer_is_enough_where_ram_is_scarce(void **state)
{
	struct bench *bench = bench_of(state);

	bench->chip.board.chip.memories[0].size = 4096;
	add_pattern(bench, CHIP_FLASH_AT, 3 * PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(seen.buffers[0], seen.buffers[1]);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, 3 * PAGE);
	assert_all_put_back(bench);
}

static void
too_little_ram_is_reported_before_anything_is_written(void **state)
{
	struct bench *bench = bench_of(state);

	bench->chip.board.chip.memories[0].size = 2048;
	add_pattern(bench, CHIP_FLASH_AT, 8, 1);
	assert_int_equal(load(bench), CAUSE_UNSUPPORTED);
	assert_reason(bench,
		      "loading STM32G4 into the RAM of cm4\n"
		      "  because the loader STM32G4 and one page of 2048 bytes do not fit "
		      "into SRAM, which has 2048 bytes\n");
	assert_all_put_back(bench);
}

static void
ranges_are_erased_each_sector_once(void **state)
{
	struct bench *bench = bench_of(state);
	struct load_range ranges[] = { { CHIP_FLASH_AT + 100, 2 * PAGE },
				       { CHIP_FLASH_AT + PAGE, 1 },
				       { CHIP_FLASH_AT + 20 * PAGE, 0 } };

	add_pattern(bench, CHIP_FLASH_AT + 2 * PAGE, 8, 1);
	assert_int_equal(make_job(bench, ranges, array_len(ranges)), CAUSE_NONE);
	assert_int_equal(run(bench), CAUSE_NONE);
	for (unsigned i = 0; i < 64; i++)
		assert_int_equal(seen.erased[i], i < 3 ? 1 : 0);
	assert_int_equal(bench->result.sectors_erased, 3);
	assert_flash_holds_image(bench, CHIP_FLASH_AT, 3 * PAGE);
}

/* A page that travels meanwhile takes longer than they do, or this computer is busy. */
static void
all_sectors_are_erased_though_all_calls_have_ended_when_the_chip_is_asked(void **state)
{
	struct bench *bench = bench_of(state);
	struct load_range all = { CHIP_FLASH_AT, 20 * PAGE };

	bench->chip.is_seen_late = true;
	assert_int_equal(make_job(bench, &all, 1), CAUSE_NONE);
	assert_int_equal(run(bench), CAUSE_NONE);
	for (unsigned i = 0; i < 64; i++)
		assert_int_equal(seen.erased[i], i < 20 ? 1 : 0);
	assert_int_equal(bench->result.sectors_erased, 20);
}

static void
nothing_to_do_is_done_without_touching_the_core(void **state)
{
	struct bench *bench = bench_of(state);

	assert_int_equal(load(bench), CAUSE_NONE);
	assert_true(bench->chip.core.is_running);
	assert_int_equal(bench->result.sectors_erased, 0);
}

static void
what_is_not_in_flash_is_named_with_what_is_there(void **state)
{
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT + 0x1fffc, 8, 1);
	assert_int_equal(load(bench), CAUSE_REQUEST);
	assert_null(bench->job);
	assert_reason(
		bench,
		"programming 8 bytes at 0x0801fffc\n"
		"  because 0x08020000 is not in flash: it is beyond this chip's RAM\n"
		"try: check that the program is linked for this chip: in the linker "
		"script, mark NOLOAD what is not to be loaded, and give the rest a load "
		"address in flash\n");
}

static void
assert_nothing_was_erased(struct bench *bench)
{
	for (unsigned i = 0; i < 64; i++)
		assert_int_equal(seen.erased[i], 0);
	assert_int_equal(seen.banks, 0);
	assert_int_equal(bench->result.sectors_erased, 0);
	assert_all_put_back(bench);
}

static void
a_protected_sector_is_named_before_anything_is_erased(void **state)
{
	struct bench *bench = bench_of(state);
	char text[4096];

	le32_put(bench->chip.controller + 0x2c, 0xff01ff81);
	le32_put(bench->chip.controller + 0x4c, 0x003f0000); /* of a bank it has not */
	add_pattern(bench, CHIP_FLASH_AT, 2 * PAGE, 1);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	assert_reason(
		bench,
		"nothing was erased: the sector of 2048 bytes at 0x08000800 (number 1 of "
		"bank 1) is write-protected\n"
		"  because FLASH_WRP1AR is 0xff01ff81 (pages 1 to 1)\n"
		"try: remove the write protection in the option bytes (tether options set "
		"WRP=none) and load again\n");
	assert_nothing_was_erased(bench);
	job_free(bench->job);
	le32_put(bench->chip.controller + 0x2c, 0x00050002);
	add_pattern(bench, CHIP_FLASH_AT, 8 * PAGE, 1);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	reason_text(&bench->why, text, sizeof(text));
	assert_non_null(strstr(text,
			       "nothing was erased: 4 sectors of this load are "
			       "write-protected, the first of 2048 bytes at 0x08001000"));
	assert_nothing_was_erased(bench);
}

static void
an_erase_of_a_protected_sector_is_refused_before_the_others_are_erased(void **state)
{
	const struct load_range range = { CHIP_FLASH_AT, 4 * PAGE };
	struct bench *bench = bench_of(state);

	le32_put(bench->chip.controller + 0x2c, 0xff03ff83);
	assert_int_equal(make_job(bench, &range, 1), CAUSE_NONE);
	assert_int_equal(run(bench), CAUSE_PROTECTED);
	assert_reason(
		bench,
		"nothing was erased: the sector of 2048 bytes at 0x08001800 (number 3 of "
		"bank 1) is write-protected\n"
		"  because FLASH_WRP1AR is 0xff03ff83 (pages 3 to 3)\n"
		"try: remove the write protection in the option bytes (tether options set "
		"WRP=none) and load again\n");
	assert_nothing_was_erased(bench);
}

static void
a_protected_sector_that_is_as_it_shall_be_hinders_nothing(void **state)
{
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT, 3 * PAGE, 1);
	assert_int_equal(load(bench), CAUSE_NONE);
	job_free(bench->job);
	le32_put(bench->chip.controller + 0x2c, 0xff01ff81);
	bench->chip.flash[5] ^= 1;
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_int_equal(bench->result.sectors_unchanged, 2);
}

static void
read_protection_is_named_before_anything_is_touched(void **state)
{
	struct bench *bench = bench_of(state);

	le32_put(bench->chip.controller + 0x20, 0xffeff8bb);
	add_pattern(bench, CHIP_FLASH_AT, PAGE, 1);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	assert_reason(
		bench,
		"nothing was erased: the flash is read-protected\n"
		"  because FLASH_OPTR is 0xffeff8bb (RDP: read protection, which "
		"keeps a debugger from writing too; lifting it erases the flash)\n"
		"try: tether recover, or monitor recover in gdb, sets RDP back to level "
		"0, with consent; that erases the whole flash\n");
	assert_true(bench->chip.core.is_running);
}

/* PM0075 Rev 2, 2.4.2; RM0090 Rev 19, 3.9.7; RM0433 Rev 8, 4.9.14. */
static void
each_register_protects_the_sectors_that_its_manual_says(void **state)
{
	static const struct {
		enum flash_driver_kind driver;
		unsigned row;
		uint32_t value;
		unsigned bank;
		uint32_t index, offset;
		bool protects;
	} cases[] = {
		{ FLASH_DRIVER_F1, 0, 0xfffffffd, 1, 4, 0x1000, true },
		{ FLASH_DRIVER_F1, 0, 0xfffffffd, 1, 7, 0x1c00, true },
		{ FLASH_DRIVER_F1, 0, 0xfffffffd, 1, 8, 0x2000, false },
		{ FLASH_DRIVER_F1, 0, 0x7fffffff, 1, 61, 0x1e800, false },
		{ FLASH_DRIVER_F1, 0, 0x7fffffff, 1, 100, 0x40000, true },
		{ FLASH_DRIVER_F4, 0, 0x0ffbaaed, 1, 2, 0x8000, true },
		{ FLASH_DRIVER_F4, 0, 0x0ffbaaed, 1, 3, 0xc000, false },
		{ FLASH_DRIVER_F4, 0, 0x0ffbaaed, 2, 2, 0x108000, false },
		{ FLASH_DRIVER_F4, 0, 0x8ffbaaed, 1, 2, 0x8000, false }, /* SPRMOD */
		{ FLASH_DRIVER_F4, 0, 0x0fffaaed, 1, 12, 0x100000, false },
		{ FLASH_DRIVER_F7, 0, 0xc0fbaafd, 1, 2, 0x10000, true },
		{ FLASH_DRIVER_F7, 0, 0xc0fbaafd, 1, 3, 0x18000, false },
		{ FLASH_DRIVER_F7, 3, 0xdfbfaafd, 2, 16, 0x100000, true },
		{ FLASH_DRIVER_H7, 0, 0x000000fe, 1, 0, 0, true },
		{ FLASH_DRIVER_H7, 0, 0x000000fe, 2, 0, 0x100000, false },
		{ FLASH_DRIVER_H7, 1, 0x0000007f, 2, 7, 0x1e0000, true },
		{ FLASH_DRIVER_U5, 2, 0x00050004, 2, 5, 0x20a000, true },
		{ FLASH_DRIVER_U5, 2, 0x00050004, 2, 6, 0x20c000, false },
		{ FLASH_DRIVER_L0, 0, 0x00000002, 1, 32, 0x1000, true },
		{ FLASH_DRIVER_L0, 0, 0x00000002, 1, 64, 0x2000, false },
		{ FLASH_DRIVER_L1, 1, 0x00000001, 1, 512, 0x20000, true },
		{ FLASH_DRIVER_L1, 1, 0x00000001, 1, 0, 0, false },
		{ FLASH_DRIVER_L5, 3, 0x00050004, 2, 4, 0x42000, true },
		{ FLASH_DRIVER_L5, 0, 0x0000007f, 1, 0, 0, false },
		{ FLASH_DRIVER_U3, 1, 0x00050004, 1, 5, 0x5000, true },
		{ FLASH_DRIVER_WBA2, 1, 0x007f007f, 1, 0x7f, 0x7f000, true },
	};

	(void)state;
	for (size_t i = 0; i < array_len(cases); i++)
		assert_int_equal(flash_driver_protects(&flash_driver_of(cases[i].driver)
								->protections[cases[i].row],
						       cases[i].value, cases[i].bank,
						       cases[i].index, cases[i].offset),
				 cases[i].protects);
}

static void
bits_above_the_number_of_the_last_page_protect_nothing(void **state)
{
	const struct protection_register *row =
		&flash_driver_of(FLASH_DRIVER_U5)->protections[0];
	struct protection_register of_128 = flash_driver_narrowed(row, 128);
	struct protection_register of_256 = flash_driver_narrowed(row, 256);

	(void)state;
	assert_false(flash_driver_protects(&of_128, 0x00820081, 1, 0, 0));
	assert_true(flash_driver_protects(&of_128, 0x00820081, 1, 1, 0));
	assert_true(flash_driver_protects(&of_128, 0x00820081, 1, 2, 0));
	assert_false(flash_driver_protects(&of_128, 0x00820081, 1, 3, 0));
	assert_false(flash_driver_protects(&of_256, 0x00820081, 1, 1, 0));
	assert_true(flash_driver_protects(&of_256, 0x00820081, 1, 0x81, 0));
}

static void
an_operation_that_is_refused_is_reported_with_the_registers_that_protect(void **state)
{
	struct bench *bench = bench_of(state);

	le32_put(bench->chip.controller + 0x2c, 0xff01ff81);
	le32_put(bench->chip.controller + 0x4c, 0x00000001);
	le32_put(bench->chip.controller + 0x50, 0x00020002);
	assert_int_equal(flash_driver_explain(flash_driver_of(FLASH_DRIVER_G4),
					      &bench->chip.core, &first_bank, WRPERR,
					      &bench->why),
			 CAUSE_PROTECTED);
	assert_reason(bench,
		      "FLASH_SR is 0x00000010: WRPERR: the sector is write-protected\n"
		      "try: remove the write protection in the option bytes (tether "
		      "options set WRP=none) and load again; they "
		      "say: FLASH_WRP1AR is 0xff01ff81 (pages 1 to 1), "
		      "FLASH_WRP2BR is 0x00020002 (pages 2 to 2)\n");
}

static void
on_an_f1_the_words_are_those_of_wrpr_and_obr(void **state)
{
	struct bench *bench = bench_of(state);

	le32_put(bench->chip.controller + 0x1c, 0x03fffffe);
	le32_put(bench->chip.controller + 0x20, 0xfffffffd);
	assert_int_equal(flash_driver_explain(flash_driver_of(FLASH_DRIVER_F1),
					      &bench->chip.core, &first_bank, 1 << 4,
					      &bench->why),
			 CAUSE_PROTECTED);
	assert_reason(
		bench,
		"FLASH_SR is 0x00000010: WRPRTERR: the sector is write-protected\n"
		"try: remove the write protection in the option bytes (tether options set "
		"WRP=none) and load again; they "
		"say: FLASH_WRPR is 0xfffffffd (a bit that is 0 protects 4 KiB, bit 31 all "
		"the rest), FLASH_OBR is 0x03fffffe (RDPRT: read protection, which keeps a "
		"debugger from writing too; lifting it erases the flash)\n");
}

static void
on_an_f1_registers_that_protect_nothing_are_not_mentioned(void **state)
{
	struct bench *bench = bench_of(state);

	le32_put(bench->chip.controller + 0x1c, 0x03fffffc);
	le32_put(bench->chip.controller + 0x20, 0xffffffff);
	assert_int_equal(flash_driver_explain(flash_driver_of(FLASH_DRIVER_F1),
					      &bench->chip.core, &first_bank, 1 << 4,
					      &bench->why),
			 CAUSE_PROTECTED);
	assert_reason(
		bench,
		"FLASH_SR is 0x00000010: WRPRTERR: the sector is write-protected\n"
		"try: look for the write protection in the option bytes (monitor options), "
		"remove it, and load again\n");
	assert_int_equal(reason_finding(&bench->why), FINDING_E1);
}

static void
each_error_of_the_controller_has_its_finding(void **state)
{
	static const struct {
		enum flash_driver_kind driver;
		uint32_t status;
		enum finding finding;
	} cases[] = {
		{ FLASH_DRIVER_G4, 1 << 3, FINDING_E4 },
		{ FLASH_DRIVER_G4, 1 << 3 | 1 << 7, FINDING_E4 },
		{ FLASH_DRIVER_G4, 1 << 5, FINDING_E3 },
		{ FLASH_DRIVER_G4, 1 << 7, FINDING_E2 },
		{ FLASH_DRIVER_F1, 1 << 2, FINDING_E4 },
		{ FLASH_DRIVER_F4, 1 << 6, FINDING_E3 },
		{ FLASH_DRIVER_F7, 1 << 7, FINDING_E2 },
		{ FLASH_DRIVER_H5, 1 << 20, FINDING_E3 },
		{ FLASH_DRIVER_H5, 1 << 19, FINDING_E3 },
		{ FLASH_DRIVER_H5, 1 << 18, FINDING_E2 },
		{ FLASH_DRIVER_H7, 1 << 21, FINDING_E3 },
		{ FLASH_DRIVER_H7, 1 << 18, FINDING_E2 },
		{ FLASH_DRIVER_L0, 1 << 16, FINDING_E4 },
		{ FLASH_DRIVER_L0, 1 << 9, FINDING_E3 },
		{ FLASH_DRIVER_L1, 1 << 10, FINDING_E3 },
		{ FLASH_DRIVER_L5, 1 << 3, FINDING_E4 },
		{ FLASH_DRIVER_U3, 1 << 5, FINDING_E3 },
		{ FLASH_DRIVER_WBA2, 1 << 7, FINDING_E2 },
		{ FLASH_DRIVER_U5, 1 << 7, FINDING_E2 },
		{ FLASH_DRIVER_U5, 1 << 1, FINDING_NONE },
	};
	struct bench *bench = bench_of(state);

	for (size_t i = 0; i < array_len(cases); i++) {
		assert_int_equal(flash_driver_explain(flash_driver_of(cases[i].driver),
						      &bench->chip.core, &first_bank,
						      cases[i].status, &bench->why),
				 CAUSE_FAULT);
		assert_int_equal(reason_finding(&bench->why), cases[i].finding);
	}
}

static void
an_error_while_programming_names_the_page(void **state)
{
	struct bench *bench = bench_of(state);

	/* Not where a sector begins: the erase must go well. */
	seen.fails_at = CHIP_FLASH_AT + 3 * PAGE + 8;
	seen.status = PROGERR;
	add_pattern(bench, CHIP_FLASH_AT, PAGE + 500, 1);
	add_pattern(bench, CHIP_FLASH_AT + 3 * PAGE + 8, 8, 1);
	assert_int_equal(load(bench), CAUSE_FAULT);
	assert_reason(
		bench,
		"programming 8 bytes at 0x08001808\n"
		"  because FLASH_SR is 0x00000008: PROGERR: the place to program was not "
		"erased\n"
		"try: load again; if it stays so, the flash is worn out there, or its "
		"supply "
		"too low to erase it: link the program elsewhere, or take another chip\n");
	assert_all_put_back(bench);
}

static void
what_the_algorithm_says_of_itself_is_reported_in_words(void **state)
{
	static const struct {
		uint32_t status;
		enum cause cause;
		const char *root;
	} cases[] = {
		{ ALGORITHM_STAYS_LOCKED, CAUSE_PROTECTED,
		  "the flash controller stays locked although it was given its keys" },
		{ ALGORITHM_NOT_BLANK, CAUSE_MISMATCH,
		  "the sector was erased without an error and is not blank" },
		{ ALGORITHM_NOT_ENABLED, CAUSE_FAULT,
		  "the flash does not take the command Write Enable (06h)" },
		{ ALGORITHM_MISALIGNED, CAUSE_BUG,
		  "address or size are not those of whole programming units" },
	};
	struct bench *bench = bench_of(state);

	add_pattern(bench, CHIP_FLASH_AT, 8, 1);
	for (size_t i = 0; i < array_len(cases); i++) {
		memset(&seen, 0, sizeof(seen));
		seen.fails_at = CHIP_FLASH_AT;
		seen.status = cases[i].status;
		assert_int_equal(load(bench), cases[i].cause);
		assert_string_equal(reason_root(&bench->why), cases[i].root);
		job_free(bench->job);
		bench->job = NULL;
	}
}

static void
no_status_of_an_algorithm_is_an_error_flag_of_a_controller(void **state)
{
	static const uint32_t own = ALGORITHM_DAMAGED | ALGORITHM_NOT_ENABLED |
				    ALGORITHM_SECOND | ALGORITHM_STAYS_LOCKED |
				    ALGORITHM_NOT_BLANK | ALGORITHM_MISALIGNED;

	(void)state;
	for (size_t i = 0; flash_interfaces[i] != NULL; i++)
		if ((flash_interfaces[i]->registers.errors & own) != 0)
			fail_msg("%s: 0x%08x is both", flash_interfaces[i]->name,
				 (unsigned)(flash_interfaces[i]->registers.errors & own));
}

static void
results_that_were_written_over_are_not_used(void **state)
{
	struct bench *bench = bench_of(state);

	bench->chip.spoils_from = CHIP_FLASH_AT;
	add_pattern(bench, CHIP_FLASH_AT, 3 * PAGE, 0);
	assert_int_equal(load(bench), CAUSE_FAULT);
	assert_int_equal(reason_finding(&bench->why), FINDING_C11);
	assert_string_equal(
		reason_root(&bench->why),
		"RAM that the loader uses has been written over: in the list of what "
		"to examine 0x08000000 has become 0x0000a000");
}

static void
a_byte_that_did_not_arrive_is_found_by_the_verification(void **state)
{
	struct bench *bench = bench_of(state);

	seen.corrupts_at = CHIP_FLASH_AT + 0x1234;
	add_pattern(bench, CHIP_FLASH_AT, 3 * PAGE, 0);
	assert_int_equal(load(bench), CAUSE_MISMATCH);
	assert_reason(
		bench,
		"verifying flash\n"
		"  because at 0x08001234 flash holds 0x1e where 0x5e was "
		"programmed; 1 of the 2048 bytes from 0x08001000 on differ\n"
		"  perhaps DMA that the program left running has written over the RAM "
		"that the loader uses\n"
		"try: monitor reset halt, then load again; if bytes differ elsewhere "
		"each time, see what the link loses: tether doctor\n");
}

static void
what_a_fast_clock_has_damaged_unseen_is_sent_again_and_nothing_else(void **state)
{
	struct bench *bench = bench_of(state);
	const struct load_result *result;

	seen.corrupts_at = CHIP_FLASH_AT + 0x1234;
	seen.corrupts_fast = bench->chip.board.is_fast = true;
	add_pattern(bench, CHIP_FLASH_AT, 3 * PAGE, 0);
	assert_int_equal(load(bench), CAUSE_NONE);
	result = load_result(bench->job);
	assert_int_equal(result->sectors_unchanged, 2);
	assert_int_equal(result->sectors_erased, 1);
	assert_int_equal(result->bytes_programmed, PAGE);
	assert_false(bench->chip.board.is_fast);
}

static void
a_target_that_is_gone_ends_the_load(void **state)
{
	struct bench *bench = bench_of(state);
	bool done = false;

	add_pattern(bench, CHIP_FLASH_AT, 4 * PAGE, 1);
	assert_int_equal(make_job(bench, NULL, 0), CAUSE_NONE);
	for (int i = 0; i < 10; i++)
		assert_int_equal(job_step(bench->job, &done, &bench->why), CAUSE_NONE);
	bench->chip.fake->has_no_target = true;
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_GONE);
}

static void
lose_target_in(struct bench *bench, const char *stage, char words[REASON_SPACE])
{
	bool done = false;

	add_pattern(bench, CHIP_FLASH_AT, 4 * PAGE, 1);
	assert_int_equal(make_job(bench, NULL, 0), CAUSE_NONE);
	while (strcmp(staged_job_at(staged_job_of(bench->job)), stage) != 0)
		assert_int_equal(job_step(bench->job, &done, &bench->why), CAUSE_NONE);
	assert_int_equal(job_step(bench->job, &done, &bench->why), CAUSE_NONE);
	bench->chip.fake->has_no_target = true;
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_GONE);
	reason_text(&bench->why, words, REASON_SPACE);
}

static void
a_target_that_goes_in_an_erase_leaves_a_sector_that_is_named(void **state)
{
	char words[REASON_SPACE];

	lose_target_in(bench_of(state), "erase", words);
	assert_non_null(strstr(
		words, "the erase of the sector of 2048 bytes at 0x08000000 (number 0 of "
		       "bank 1) was begun, and its end was not seen: the contents of that "
		       "are undefined until the next load\n"));
}

static void
a_target_that_goes_while_pages_are_programmed_leaves_flash_incomplete(void **state)
{
	char words[REASON_SPACE];

	lose_target_in(bench_of(state), "program", words);
	assert_non_null(strstr(words, "bytes at 0x08000000 was begun, and its end was not "
				      "seen: flash is incomplete from there on until the "
				      "next load\n"));
	assert_null(strstr(words, "erase"));
}

static void
every_interface_has_a_driver(void **state)
{
	(void)state;
	for (unsigned i = FLASH_DRIVER_NONE + 1; i < FLASH_DRIVER_EXTERNAL; i++) {
		const struct flash_driver *driver =
			flash_driver_of((enum flash_driver_kind)i);

		assert_non_null(driver);
		assert_true(driver->algorithm->code_size > 0);
		assert_true(driver->algorithm->erase_ms > 0);
		assert_true(driver->algorithm->erase_bank_ms > 0); /* what is waited for */
		assert_true(driver->algorithm->program_ms > 0);
		assert_true(driver->algorithm->page_size % 8 == 0);
	}
	assert_null(flash_driver_of(FLASH_DRIVER_NONE));
}

/* RM0090 Rev 19, 3.6.2: FLASH_CR.PSIZE, and what one store then programs. */
static void
the_supply_decides_how_much_a_store_programs(void **state)
{
	static const struct {
		unsigned supply_mv;
		uint32_t granule, psize;
	} wanted[] = { { 3300, 4, 2 }, { 2700, 4, 2 }, { 2690, 2, 1 }, { 2100, 2, 1 },
		       { 1800, 1, 0 }, { 1500, 1, 0 }, { 0, 2, 1 } };
	const struct memory_entry bank = { .interface = &flash_interface_f4,
					   .registers = 0x40023c00,
					   .number = 1 };

	(void)state;
	for (size_t i = 0; i < array_len(wanted); i++) {
		struct flash_surroundings around = { .supply_mv = wanted[i].supply_mv };
		struct parameters parameters =
			flash_driver_parameters(&flash_driver_f4, &bank, &around);

		assert_int_equal(parameters.granule, wanted[i].granule);
		assert_int_equal(parameters.program, 1 | wanted[i].psize << 8);
		assert_int_equal(parameters.erase, 2 | wanted[i].psize << 8);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(an_image_is_erased_programmed_and_verified),
		BENCH(one_page_travels_while_the_other_is_programmed),
		BENCH(what_the_flash_holds_already_is_left_alone),
		BENCH(what_is_unchanged_is_examined_in_ranges_and_what_differs_by_sectors),
		BENCH(of_sectors_that_are_blank_those_that_shall_be_are_unchanged),
		BENCH(a_full_load_does_all_of_it_whatever_the_flash_holds),
		BENCH(a_sector_that_is_blank_is_not_erased),
		BENCH(a_bank_is_erased_at_once_where_that_is_faster_and_loses_nothing),
		BENCH(a_bank_of_which_another_core_has_a_part_is_erased_by_sectors),
		BENCH(a_bank_that_cannot_be_examined_is_erased_by_sectors),
		BENCH(a_bank_that_holds_something_else_is_erased_by_sectors),
		BENCH(a_bank_erase_that_is_refused_is_done_by_sectors),
		BENCH(one_buffer_is_enough_where_ram_is_scarce),
		BENCH(too_little_ram_is_reported_before_anything_is_written),
		BENCH(ranges_are_erased_each_sector_once),
		BENCH(all_sectors_are_erased_though_all_calls_have_ended_when_the_chip_is_asked),
		BENCH(nothing_to_do_is_done_without_touching_the_core),
		BENCH(what_is_not_in_flash_is_named_with_what_is_there),
		BENCH(a_protected_sector_is_named_before_anything_is_erased),
		BENCH(an_erase_of_a_protected_sector_is_refused_before_the_others_are_erased),
		BENCH(a_protected_sector_that_is_as_it_shall_be_hinders_nothing),
		BENCH(read_protection_is_named_before_anything_is_touched),
		BENCH(an_operation_that_is_refused_is_reported_with_the_registers_that_protect),
		cmocka_unit_test(each_register_protects_the_sectors_that_its_manual_says),
		cmocka_unit_test(bits_above_the_number_of_the_last_page_protect_nothing),
		BENCH(on_an_f1_the_words_are_those_of_wrpr_and_obr),
		BENCH(on_an_f1_registers_that_protect_nothing_are_not_mentioned),
		BENCH(each_error_of_the_controller_has_its_finding),
		BENCH(an_error_while_programming_names_the_page),
		BENCH(what_the_algorithm_says_of_itself_is_reported_in_words),
		cmocka_unit_test(
			no_status_of_an_algorithm_is_an_error_flag_of_a_controller),
		BENCH(results_that_were_written_over_are_not_used),
		BENCH(a_byte_that_did_not_arrive_is_found_by_the_verification),
		BENCH(what_a_fast_clock_has_damaged_unseen_is_sent_again_and_nothing_else),
		BENCH(a_target_that_is_gone_ends_the_load),
		BENCH(a_target_that_goes_while_pages_are_programmed_leaves_flash_incomplete),
		BENCH(a_target_that_goes_in_an_erase_leaves_a_sector_that_is_named),
		cmocka_unit_test(every_interface_has_a_driver),
		cmocka_unit_test(the_supply_decides_how_much_a_store_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
