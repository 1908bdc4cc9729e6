/* SPDX-License-Identifier: MIT */
/* Two banks, each with a controller of its own: one call works in both. */
#include "flash/load/load.h"

#include "flash/algorithms/status.h"
#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flash/algorithms/h7_algorithm.h"

#define BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

enum {
	SECTOR = 0x4000,
	BANK_SIZE = CHIP_FLASH_SIZE / 2,
	BANK_2_AT = CHIP_FLASH_AT + BANK_SIZE,
	REGISTERS_2 = CHIP_CONTROLLER_AT + 0x100,
	PAGE = 4096,
	WRPERR = 1 << 17
};

static const struct device small_h7 = {
	.name = "H7",
	.cores = { { .name = "cm7", .kind = CORTEX_M7 } },
	.memories = MEMORIES({ .name = "AXI SRAM",
			       .kind = MEMORY_RAM,
			       .flags = MEMORY_FOR_LOADERS,
			       .base = CHIP_RAM_AT,
			       .size = CHIP_RAM_SIZE },
			     { .name = "flash",
			       .kind = MEMORY_FLASH,
			       .base = CHIP_FLASH_AT,
			       .interface = &flash_interface_h7,
			       .registers = CHIP_CONTROLLER_AT,
			       .number = 1,
			       .share = 2,
			       .runs = { { 4, SECTOR } } },
			     { .name = "flash",
			       .kind = MEMORY_FLASH,
			       .base = BANK_2_AT,
			       .interface = &flash_interface_h7,
			       .registers = REGISTERS_2,
			       .number = 2,
			       .share = 2,
			       .runs = { { 4, SECTOR } } }),
};

/* What was asked of the chip, and what it shall refuse. */
static struct {
	unsigned erases, programs;                     /* calls for one bank */
	unsigned erase_pairs, program_pairs, by_banks; /* for both */
	uint32_t fails_at, status;
} seen;

struct bench {
	struct fake_chip chip;
	struct load_request request;
	struct image image;
	struct job *job;
	struct reason why;
};

static uint32_t
code_at(const struct fake_chip *chip)
{
	for (uint32_t i = 0; i + sizeof(h7_code) <= CHIP_RAM_SIZE; i += 4)
		if (memcmp(chip->ram + i, h7_code, sizeof(h7_code)) == 0)
			return CHIP_RAM_AT + i;
	fail_msg("the algorithm is not in RAM");
	return 0;
}

/* The parameters that a work comes with are those of the bank that it is for. */
static void
assert_bank(const struct fake_chip *chip, const uint32_t *r)
{
	assert_int_equal(le32_get(chip->ram + (r[3] - CHIP_RAM_AT)),
			 r[0] < BANK_2_AT ? CHIP_CONTROLLER_AT : REGISTERS_2);
}

static uint32_t
erase(struct fake_chip *chip, const uint32_t *r)
{
	assert_bank(chip, r);
	if (r[0] == seen.fails_at)
		return seen.status;
	if (r[2] == ALGORITHM_ALL) {
		assert_int_equal(r[1], BANK_SIZE);
		seen.by_banks++;
	} else {
		assert_int_equal(r[1], SECTOR);
		assert_int_equal(r[2], r[0] % BANK_SIZE / SECTOR);
	}
	memset(chip->flash + (r[0] - CHIP_FLASH_AT), 0xff, r[1]);
	return 0;
}

static uint32_t
program(struct fake_chip *chip, const uint32_t *r)
{
	assert_bank(chip, r);
	if (r[0] == seen.fails_at)
		return seen.status;
	for (uint32_t i = 0; i < r[1]; i++)
		assert_int_equal(chip->flash[r[0] - CHIP_FLASH_AT + i], 0xff);
	memcpy(chip->flash + (r[0] - CHIP_FLASH_AT), chip->ram + (r[2] - CHIP_RAM_AT),
	       r[1]);
	return 0;
}

typedef uint32_t work_function(struct fake_chip *chip, const uint32_t *r);

static uint32_t
pair(struct fake_chip *chip, work_function *work, const uint32_t *r)
{
	const struct mailbox_second *second = (const struct mailbox_second *)r - 1;
	uint32_t first_status, status;

	assert_true(r[0] < BANK_2_AT && second->r0 >= BANK_2_AT);
	first_status = work(chip, r);
	status = work(chip, &second->r0);
	if (first_status != 0 || status == 0)
		return first_status;
	return status | ALGORITHM_SECOND;
}

static uint32_t
h7_call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	switch (function - 1 - code_at(chip)) {
	case H7_Init:
	case H7_UnInit:
		return 0;
	case H7_EraseSector:
	case H7_EraseBank:
		seen.erases++;
		return erase(chip, r);
	case H7_ProgramPage:
		seen.programs++;
		return program(chip, r);
	case H7_ErasePair:
		seen.erase_pairs++;
		return pair(chip, erase, r);
	case H7_ProgramPair:
		seen.program_pairs++;
		return pair(chip, program, r);
	default:
		fail_msg("no function begins there");
		return 0;
	}
}

static int
set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	memset(&seen, 0, sizeof(seen));
	chip_open(&bench->chip, &small_h7, CHIP_FLASH_SIZE / 1024);
	/* RM0433 Rev 8, 4.9.10: FLASH_PRAR_CUR1R and 2R, as they leave the factory. */
	le32_put(bench->chip.controller + 0x28, 0xff);
	le32_put(bench->chip.controller + 0x128, 0xff);
	bench->chip.call = h7_call;
	/* RM0433 Rev 8, 4.9.8, 4.9.14: FLASH_OPTSR_CUR and FLASH_WPSN_CUR protect nothing. */
	le32_put(bench->chip.controller + 0x1c, 0xaa << 8);
	le32_put(bench->chip.controller + 0x38, 0xff);
	le32_put(bench->chip.controller + (REGISTERS_2 - CHIP_CONTROLLER_AT) + 0x38, 0xff);
	image_init(&bench->image);
	*state = bench;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *bench = *state;

	job_free(bench->job);
	image_clear(&bench->image);
	load_request_clear(&bench->request);
	chip_close(&bench->chip);
	free(bench);
	return 0;
}

static void
add(struct bench *bench, uint32_t at, uint32_t size)
{
	uint8_t *bytes = malloc(size);

	assert_non_null(bytes);
	for (uint32_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(at / SECTOR + i * 31 + i / 256);
	assert_int_equal(image_add(&bench->image, at, bytes, size, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(image_add(&bench->request.image, at, bytes, size, &bench->why),
			 CAUSE_NONE);
	free(bytes);
}

static enum cause
load(struct bench *bench)
{
	assert_int_equal(load_begin(&bench->chip.core, &bench->chip.board, &bench->request,
				    &bench->job, &bench->why),
			 CAUSE_NONE);
	return job_run(bench->job, bench->chip.fake->probe.clock, &bench->why);
}

/* Both banks, and nothing but the image in what it touches. */
static void
assert_flash_is_as_wanted(const struct bench *bench)
{
	uint8_t wanted[CHIP_FLASH_SIZE];

	memcpy(wanted, bench->chip.flash, sizeof(wanted));
	for (uint32_t at = 0; at < sizeof(wanted); at += SECTOR)
		if (image_touches(&bench->image, CHIP_FLASH_AT + at, SECTOR))
			memset(wanted + at, 0xff, SECTOR);
	image_overlay(&bench->image, CHIP_FLASH_AT, wanted, sizeof(wanted));
	assert_memory_equal(bench->chip.flash, wanted, sizeof(wanted));
}

static void
two_banks_are_erased_and_programmed_side_by_side(void **state)
{
	struct bench *bench = *state;

	add(bench, CHIP_FLASH_AT, SECTOR);
	add(bench, BANK_2_AT, SECTOR);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_flash_is_as_wanted(bench);
	assert_int_equal(seen.erases + seen.programs, 0);
	assert_int_equal(seen.erase_pairs, 1);
	assert_int_equal(seen.program_pairs, SECTOR / PAGE);
	assert_int_equal(load_result(bench->job)->sectors_erased, 2);
	assert_int_equal(load_result(bench->job)->bytes_programmed, 2 * SECTOR);
}

static void
what_one_bank_has_more_of_is_done_by_itself(void **state)
{
	struct bench *bench = *state;

	add(bench, CHIP_FLASH_AT, PAGE);
	add(bench, BANK_2_AT + SECTOR, 2 * SECTOR - 5);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_flash_is_as_wanted(bench);
	assert_int_equal(seen.erase_pairs, 1);
	assert_int_equal(seen.erases, 1);
	assert_int_equal(seen.program_pairs, 1);
	assert_int_equal(seen.programs, 2 * SECTOR / PAGE - 1);
}

static void
one_bank_alone_needs_no_pairs(void **state)
{
	struct bench *bench = *state;

	add(bench, BANK_2_AT, SECTOR);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_flash_is_as_wanted(bench);
	assert_int_equal(seen.erase_pairs + seen.program_pairs, 0);
}

static void
with_room_for_one_page_the_banks_take_turns(void **state)
{
	struct bench *bench = *state;

	bench->chip.board.chip.memories[0].size = 0x2000;
	add(bench, CHIP_FLASH_AT, SECTOR);
	add(bench, BANK_2_AT, SECTOR);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_flash_is_as_wanted(bench);
	assert_int_equal(seen.program_pairs, 0);
	assert_int_equal(seen.programs, 2 * SECTOR / PAGE);
}

static void
assert_why(struct bench *bench, const char *first)
{
	char text[4096];

	reason_text(&bench->why, text, sizeof(text));
	assert_int_equal(strncmp(text, first, strlen(first)), 0);
}

static void
of_a_pair_the_page_that_failed_is_named(void **state)
{
	struct bench *bench = *state;

	seen.fails_at = BANK_2_AT;
	seen.status = WRPERR;
	memset(bench->chip.flash, 0xff, CHIP_FLASH_SIZE);
	add(bench, CHIP_FLASH_AT, SECTOR);
	add(bench, BANK_2_AT, SECTOR);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	assert_why(bench, "programming 4096 bytes at 0x08010000\n");
}

static void
of_a_pair_the_sector_that_failed_is_named(void **state)
{
	struct bench *bench = *state;

	seen.fails_at = BANK_2_AT + SECTOR;
	seen.status = ALGORITHM_NOT_BLANK;
	add(bench, CHIP_FLASH_AT, 2 * SECTOR);
	add(bench, BANK_2_AT, 2 * SECTOR);
	assert_int_equal(load(bench), CAUSE_MISMATCH);
	assert_why(bench, "erasing the sector of 16384 bytes at 0x08014000 (number 1 of "
			  "bank 2)\n");
	assert_int_equal(load_result(bench->job)->sectors_erased, 3);
}

static void
two_banks_are_erased_as_a_whole_at_once(void **state)
{
	struct bench *bench = *state;

	add(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_flash_is_as_wanted(bench);
	assert_int_equal(seen.erase_pairs, 1);
	assert_int_equal(seen.by_banks, 2);
	assert_int_equal(load_result(bench->job)->sectors_erased, 8);
}

/* That of the first bank goes on by sectors, and what was done in the other is not done again. */
static void
a_bank_that_cannot_be_erased_as_a_whole_is_erased_by_sectors(void **state)
{
	struct bench *bench = *state;

	seen.fails_at = BANK_2_AT;
	seen.status = WRPERR;
	add(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	assert_why(bench, "erasing the sector of 16384 bytes at 0x08010000 (number 0 of "
			  "bank 2)\n");
	assert_int_equal(seen.by_banks, 1);
	assert_int_equal(seen.erase_pairs, 1);
	assert_int_equal(load_result(bench->job)->sectors_erased, 4);
}

/* A Cortex-M4 beside, which runs. */
static void
add_core(struct fake_chip *chip, bool is_debugged)
{
	chip->has_other = true;
	chip->other.mem = chip->core.mem;
	chip->other.is_running = true;
	chip->other.state = CORE_RUNNING;
	/* DDI 0403E.e C1.6.2: DHCSR.C_DEBUGEN. */
	le32_put(chip->ppb + 0xf0, is_debugged);
}

static uint32_t
call_beside_parked(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	assert_false(chip->other.is_running);
	return h7_call(chip, function, r);
}

static void
the_other_core_stands_still_while_the_loader_works(void **state)
{
	struct bench *bench = *state;

	add_core(&bench->chip, true);
	bench->chip.call = call_beside_parked;
	add(bench, CHIP_FLASH_AT, PAGE);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_true(seen.programs > 0);
	assert_true(bench->chip.other.is_running);
	assert_false(bench->chip.other.is_released);
}

static void
a_core_that_nobody_debugs_runs_on_as_before_after_a_failure_too(void **state)
{
	struct bench *bench = *state;

	add_core(&bench->chip, false);
	bench->chip.call = call_beside_parked;
	seen.fails_at = CHIP_FLASH_AT;
	seen.status = WRPERR;
	add(bench, CHIP_FLASH_AT, PAGE);
	assert_int_equal(load(bench), CAUSE_PROTECTED);
	assert_true(bench->chip.other.is_running);
	assert_true(bench->chip.other.is_released);
}

static void
a_core_that_is_halted_stays_so(void **state)
{
	struct bench *bench = *state;

	add_core(&bench->chip, true);
	bench->chip.other.is_running = false;
	add(bench, CHIP_FLASH_AT, PAGE);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_false(bench->chip.other.is_running);
}

/* RM0433 Rev 8, 4.9.5: QW1. A loader that nobody ended has begun an erase, which ends at the third
 * look. */
static unsigned looks;

static enum swd_ack
status_hook(void *context, struct fake_access *access)
{
	(void)context;
	if (!access->is_write)
		access->value = looks++ < 2 ? 1 << 2 : 0;
	return ACK_OK;
}

static void
what_the_flash_is_doing_is_waited_for_before_it_is_read(void **state)
{
	struct bench *bench = *state;

	looks = 0;
	fake_probe_hook(bench->chip.fake, CHIP_CONTROLLER_AT + 0x10, 4, status_hook, NULL);
	add(bench, CHIP_FLASH_AT, PAGE);
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_true(looks >= 3);
	assert_flash_is_as_wanted(bench);
}

static enum swd_ack
refuse_reads(void *context, struct fake_access *access)
{
	(void)context, (void)access;
	return ACK_FAULT;
}

/* RM0433 Rev 8, 4.7.7: a flash word with two wrong bits is a bus error. */
static void
of_what_shares_a_sector_only_what_cannot_be_read_is_lost(void **state)
{
	enum { BAD = 0x220, WORD = 32 };
	struct bench *bench = *state;
	uint8_t wanted[SECTOR];

	for (uint32_t i = 0; i < SECTOR; i++)
		wanted[i] = bench->chip.flash[i] = (uint8_t)(i * 13);
	memset(wanted + BAD, 0xff, WORD);
	fake_probe_hook(bench->chip.fake, CHIP_FLASH_AT + BAD, WORD, refuse_reads, NULL);
	add(bench, CHIP_FLASH_AT + PAGE, PAGE);
	image_overlay(&bench->image, CHIP_FLASH_AT, wanted, SECTOR);
	bench->request.preserves = true;
	assert_int_equal(load(bench), CAUSE_NONE);
	assert_memory_equal(bench->chip.flash, wanted, SECTOR);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		BENCH(two_banks_are_erased_and_programmed_side_by_side),
		BENCH(what_one_bank_has_more_of_is_done_by_itself),
		BENCH(one_bank_alone_needs_no_pairs),
		BENCH(with_room_for_one_page_the_banks_take_turns),
		BENCH(of_a_pair_the_page_that_failed_is_named),
		BENCH(of_a_pair_the_sector_that_failed_is_named),
		BENCH(two_banks_are_erased_as_a_whole_at_once),
		BENCH(a_bank_that_cannot_be_erased_as_a_whole_is_erased_by_sectors),
		BENCH(the_other_core_stands_still_while_the_loader_works),
		BENCH(a_core_that_nobody_debugs_runs_on_as_before_after_a_failure_too),
		BENCH(a_core_that_is_halted_stays_so),
		BENCH(of_what_shares_a_sector_only_what_cannot_be_read_is_lost),
		BENCH(what_the_flash_is_doing_is_waited_for_before_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
