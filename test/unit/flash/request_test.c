/* SPDX-License-Identifier: MIT */
#include "flash/load/request.h"

#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

enum { PAGE = 2048, RAM = 0x20000000, END = CHIP_FLASH_AT + CHIP_FLASH_SIZE };

static const struct device device = {
	.name = "G4",
	.memories = MEMORIES({ .name = "flash",
			       .kind = MEMORY_FLASH,
			       .base = CHIP_FLASH_AT,
			       .interface = &flash_interface_g4,
			       .registers = CHIP_CONTROLLER_AT,
			       .number = 1,
			       .share = 1,
			       .runs = { { 64, PAGE } } }),
};

struct bench {
	struct board board;
	struct load_request request, taken;
	struct reason why;
};

static int
set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	assert_int_equal(chip_resolve(&bench->board.chip, &device, 128, NULL,
				      chip_read_nothing, NULL, &bench->why),
			 CAUSE_NONE);
	load_request_init(&bench->request);
	*state = bench;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *bench = *state;

	load_request_clear(&bench->request);
	load_request_clear(&bench->taken);
	free(bench);
	return 0;
}

static enum cause
erase(struct bench *bench, uint32_t at, uint64_t size)
{
	return load_request_erase(&bench->request, &bench->board, at, size, &bench->why);
}

static enum cause
write(struct bench *bench, uint32_t at, uint32_t size)
{
	uint8_t bytes[PAGE];

	memset(bytes, 0x5a, sizeof(bytes));
	assert_true(size <= sizeof(bytes));
	return load_request_write(&bench->request, &bench->board, at, bytes, size,
				  &bench->why);
}

static enum cause
take(struct bench *bench)
{
	load_request_clear(&bench->taken);
	return load_request_take(&bench->request, &bench->taken, &bench->why);
}

static void
assert_reason(struct bench *bench, const char *wanted)
{
	char text[4096];

	reason_text(&bench->why, text, sizeof(text));
	assert_string_equal(text, wanted);
}

static void
what_was_collected_is_taken_and_leaves_it_empty(void **state)
{
	struct bench *bench = *state;

	assert_true(load_request_is_empty(&bench->request));
	assert_int_equal(erase(bench, CHIP_FLASH_AT, PAGE), CAUSE_NONE);
	assert_false(load_request_is_empty(&bench->request));
	assert_int_equal(write(bench, CHIP_FLASH_AT + 8, 16), CAUSE_NONE);
	assert_int_equal(take(bench), CAUSE_NONE);
	assert_true(load_request_is_empty(&bench->request));
	assert_int_equal(bench->taken.ranges_len, 1);
	assert_int_equal(bench->taken.image.bytes_total, 16);
}

static void
ranges_that_touch_are_one(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(erase(bench, CHIP_FLASH_AT, PAGE), CAUSE_NONE);
	assert_int_equal(erase(bench, CHIP_FLASH_AT + PAGE, 2 * PAGE), CAUSE_NONE);
	assert_int_equal(erase(bench, CHIP_FLASH_AT + 4 * PAGE, PAGE), CAUSE_NONE);
	assert_int_equal(bench->request.ranges_len, 2);
	assert_int_equal(bench->request.ranges[0].size, 3 * PAGE);
	assert_int_equal(bench->request.ranges[1].at, CHIP_FLASH_AT + 4 * PAGE);
}

static void
more_ranges_than_there_is_room_for_are_refused(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < LOAD_MAX_RANGES; i++)
		assert_int_equal(erase(bench, CHIP_FLASH_AT + 16 * i, 8), CAUSE_NONE);
	assert_int_equal(erase(bench, CHIP_FLASH_AT + 16 * LOAD_MAX_RANGES, 8),
			 CAUSE_REQUEST);
	assert_reason(bench, "more than 64 separate ranges are to be erased\n");
}

static void
all_of_the_flash_may_be_erased_and_not_a_byte_more(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(erase(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE), CAUSE_NONE);
	assert_int_equal(erase(bench, CHIP_FLASH_AT, CHIP_FLASH_SIZE + 1), CAUSE_REQUEST);
	assert_int_equal(erase(bench, CHIP_FLASH_AT, UINT64_C(0x100000000)), CAUSE_REQUEST);
	assert_int_equal(write(bench, END - 4, 4), CAUSE_NONE);
	assert_int_equal(write(bench, END - 4, 5), CAUSE_REQUEST);
}

static void
data_for_ram_say_what_is_there_and_what_to_do(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(write(bench, RAM, 8), CAUSE_REQUEST);
	assert_reason(bench,
		      "programming 8 bytes at 0x20000000\n"
		      "  because 0x20000000 is not in flash: it is SRAM\n"
		      "try: in the linker script, give the section a load address in "
		      "flash (> RAM AT> FLASH), or mark it NOLOAD\n");
}

static void
data_for_external_memory_say_that_it_needs_another_loader(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(write(bench, 0x90000000, 8), CAUSE_REQUEST);
	assert_non_null(strstr(reason_remedy(&bench->why),
			       "external memory needs a loader made for the board"));
	assert_int_equal(write(bench, 0x08100000, 8), CAUSE_REQUEST);
	assert_non_null(strstr(reason_remedy(&bench->why),
			       "check that the program is linked for this chip"));
}

static void
a_write_that_was_refused_fails_the_load_until_that_was_said(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(erase(bench, CHIP_FLASH_AT, PAGE), CAUSE_NONE);
	assert_int_equal(write(bench, CHIP_FLASH_AT, 8), CAUSE_NONE);
	assert_int_equal(write(bench, RAM, 8), CAUSE_REQUEST);
	assert_int_equal(write(bench, CHIP_FLASH_AT + 8, 8), CAUSE_NONE);
	assert_false(load_request_is_empty(&bench->request));
	assert_int_equal(take(bench), CAUSE_REQUEST);
	assert_true(load_request_is_empty(&bench->taken));
	assert_reason(bench,
		      "an earlier part of this load was refused\n"
		      "  because programming 8 bytes at 0x20000000\n"
		      "  because 0x20000000 is not in flash: it is SRAM\n"
		      "try: in the linker script, give the section a load address in "
		      "flash (> RAM AT> FLASH), or mark it NOLOAD\n");
	assert_true(load_request_is_empty(&bench->request));
	assert_int_equal(write(bench, CHIP_FLASH_AT, 8), CAUSE_NONE);
	assert_int_equal(take(bench), CAUSE_NONE);
}

static void
an_erase_that_was_refused_fails_the_load_too(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(erase(bench, RAM, PAGE), CAUSE_REQUEST);
	assert_int_equal(erase(bench, CHIP_FLASH_AT, PAGE), CAUSE_NONE);
	assert_int_equal(write(bench, CHIP_FLASH_AT, 8), CAUSE_NONE);
	assert_int_equal(take(bench), CAUSE_REQUEST);
}

static void
of_several_failures_the_first_is_reported(void **state)
{
	struct bench *bench = *state;
	struct reason lost = REASON_INIT;

	assert_int_equal(erase(bench, CHIP_FLASH_AT, PAGE), CAUSE_NONE);
	reason_begin(&lost, CAUSE_GONE, "the probe is gone");
	load_request_fail(&bench->request, &lost);
	assert_int_equal(write(bench, RAM, 8), CAUSE_REQUEST);
	assert_int_equal(take(bench), CAUSE_GONE);
	assert_reason(bench, "an earlier part of this load was refused\n"
			     "  because the probe is gone\n");
}

/* gdb says nothing when it gives a load up; the next one begins as that did. */
static void
a_load_that_was_given_up_is_forgotten_when_the_next_begins(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(erase(bench, CHIP_FLASH_AT, 2 * PAGE), CAUSE_NONE);
	assert_int_equal(write(bench, CHIP_FLASH_AT, 8), CAUSE_NONE);
	assert_int_equal(write(bench, RAM, 8), CAUSE_REQUEST);
	assert_int_equal(erase(bench, CHIP_FLASH_AT, PAGE), CAUSE_NONE);
	assert_int_equal(write(bench, CHIP_FLASH_AT + 16, 8), CAUSE_NONE);
	assert_int_equal(take(bench), CAUSE_NONE);
	assert_int_equal(bench->taken.image.bytes_total, 8);
	assert_int_equal(bench->taken.ranges[0].size, PAGE);
}

static void
so_is_one_whose_first_erase_was_refused(void **state)
{
	struct bench *bench = *state;

	struct chip known = bench->board.chip;

	chip_is_unknown(&bench->board.chip);
	assert_int_equal(erase(bench, CHIP_FLASH_AT, PAGE), CAUSE_UNSUPPORTED);
	bench->board.chip = known;
	assert_int_equal(erase(bench, CHIP_FLASH_AT, PAGE), CAUSE_NONE);
	assert_int_equal(take(bench), CAUSE_NONE);
}

/* A client that erases in any order loses nothing of a load that goes well. */
static void
erasing_twice_forgets_nothing_of_a_load_that_goes_well(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(erase(bench, CHIP_FLASH_AT + 8 * PAGE, PAGE), CAUSE_NONE);
	assert_int_equal(write(bench, CHIP_FLASH_AT + 8 * PAGE, 8), CAUSE_NONE);
	assert_int_equal(erase(bench, CHIP_FLASH_AT + 8 * PAGE, PAGE), CAUSE_NONE);
	assert_int_equal(erase(bench, CHIP_FLASH_AT, PAGE), CAUSE_NONE);
	assert_int_equal(take(bench), CAUSE_NONE);
	assert_int_equal(bench->taken.ranges_len, 3);
	assert_int_equal(bench->taken.image.bytes_total, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(what_was_collected_is_taken_and_leaves_it_empty),
		BENCH(ranges_that_touch_are_one),
		BENCH(more_ranges_than_there_is_room_for_are_refused),
		BENCH(all_of_the_flash_may_be_erased_and_not_a_byte_more),
		BENCH(data_for_ram_say_what_is_there_and_what_to_do),
		BENCH(data_for_external_memory_say_that_it_needs_another_loader),
		BENCH(a_write_that_was_refused_fails_the_load_until_that_was_said),
		BENCH(an_erase_that_was_refused_fails_the_load_too),
		BENCH(of_several_failures_the_first_is_reported),
		BENCH(a_load_that_was_given_up_is_forgotten_when_the_next_begins),
		BENCH(so_is_one_whose_first_erase_was_refused),
		BENCH(erasing_twice_forgets_nothing_of_a_load_that_goes_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
