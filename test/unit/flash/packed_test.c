/* SPDX-License-Identifier: MIT */
/* Loads whose pages travel compressed: when they do, and that the flash holds what it shall. */
#include "flash/load/load.h"

#include "flash/algorithms/unpack_code.h"
#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flash/algorithms/g4_algorithm.h"
#include "flash/algorithms/unpack_mainline_algorithm.h"

#define BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

enum {
	PAGE = 2048,
	CORE_MHZ = 16,
	SLOW_US = 140, /* for a word: CMSIS-DAP v1 */
	IMAGE_AT = CHIP_FLASH_AT + 0x10,
	IMAGE_SIZE = 40000
};

#define DWT_AT 0xe0001000u

static const struct device small_g4 = {
	.name = "G4",
	.cores = { { .name = "cm4", .kind = CORTEX_M4, .watchdog_at = 0x40003000 } },
	.memories = MEMORIES({ .name = "SRAM",
			       .kind = MEMORY_RAM,
			       .flags = MEMORY_FOR_LOADERS,
			       .base = CHIP_RAM_AT,
			       .size = CHIP_RAM_SIZE },
			     { .name = "flash",
			       .kind = MEMORY_FLASH,
			       .base = CHIP_FLASH_AT,
			       .interface = &flash_interface_g4,
			       .registers = CHIP_CONTROLLER_AT,
			       .number = 1,
			       .share = 1,
			       .runs = { { 64, PAGE } } }),
};

/* What was asked of the chip, and what it shall find. */
static struct {
	struct fake_chip *chip;
	unsigned unpacked, plain, erased; /* calls */
	uint32_t received;                /* bytes of those that were unpacked */
	unsigned damaged; /* the call that finds it so, from 1 on; 0: none */
	uint32_t dwt_ctrl;
} seen;

static void
program(uint32_t at, uint32_t size, const uint8_t *bytes)
{
	uint8_t *to = seen.chip->flash + (at - CHIP_FLASH_AT);

	assert_int_equal((at | size) % 8, 0);
	for (uint32_t i = 0; i < size; i++)
		assert_int_equal(to[i], 0xff);
	memcpy(to, bytes, size);
}

static uint32_t
program_part(const struct unpacked_page *page)
{
	program(page->at, page->size, page->bytes);
	return 0;
}

static void
feed(const struct unpacked_page *page)
{
	assert_true(page->at >= CHIP_FLASH_AT);
}

static uint8_t *
ram_at(uint32_t at)
{
	assert_in_range(at, CHIP_RAM_AT, CHIP_RAM_AT + CHIP_RAM_SIZE - 1);
	return seen.chip->ram + (at - CHIP_RAM_AT);
}

/* What Unpack of algorithms/unpack_mainline.c does, with the RAM that it uses. */
static uint32_t
unpack(const uint32_t *r)
{
	const struct mailbox_second *second = (const struct mailbox_second *)r - 1;
	struct unpacking *model = (struct unpacking *)(void *)ram_at(second->r1);
	uint32_t size = second->r0 & (UNPACK_RESET - 1);
	struct unpacked_page page = { .model = model,
				      .at = r[0],
				      .flash = seen.chip->flash + (r[0] - CHIP_FLASH_AT),
				      .window = r[0] - second->r2,
				      .bytes = ram_at(model->part),
				      .left = r[1] };

	seen.received += size;
	if (second->r0 & UNPACK_RESET)
		unpack_reset(model);
	if (++seen.unpacked == seen.damaged)
		ram_at(r[2])[size / 2] ^= 0x18;
	return unpack_page(&page, ram_at(r[2]), size);
}

static uint32_t
call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	uint32_t code_at = chip_code_at(chip, g4_code, sizeof(g4_code));
	uint32_t unpacker =
		chip_code_at(chip, unpack_mainline_code, sizeof(unpack_mainline_code));

	if (unpacker != 0 && function - 1 == unpacker + UNPACK_MAINLINE_Unpack)
		return unpack(r);
	switch (function - 1 - code_at) {
	case G4_Init:
	case G4_UnInit:
		return 0;
	case G4_EraseSector:
		seen.erased++;
		memset(chip->flash + (r[0] - CHIP_FLASH_AT), 0xff, r[1]);
		return 0;
	case G4_EraseBank:
		seen.erased++;
		memset(chip->flash, 0xff, CHIP_FLASH_SIZE);
		return 0;
	case G4_ProgramPage:
		seen.plain++;
		program(r[0], r[1], ram_at(r[2]));
		return 0;
	default:
		fail_msg("no function begins there");
		return 0;
	}
}

/* DWT_CTRL and DWT_CYCCNT (DDI 0403E.e C1.8.7, C1.8.8). */
static enum swd_ack
dwt_hook(void *context, struct fake_access *access)
{
	struct fake_probe *fake = context;
	bool is_ctrl = (access->at & 0xf) == 0;

	if (!access->is_write)
		access->value = is_ctrl ? seen.dwt_ctrl : (uint32_t)fake->now_us * CORE_MHZ;
	else if (is_ctrl)
		seen.dwt_ctrl = access->value;
	return ACK_OK;
}

struct bench {
	struct fake_chip chip;
	struct load_request request;
	struct image image;
	struct job *job;
	struct reason why;
	uint8_t ram[CHIP_RAM_SIZE];
};

static int
set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	memset(&seen, 0, sizeof(seen));
	seen.chip = &bench->chip;
	chip_open(&bench->chip, &small_g4, 128);
	bench->chip.call = call;
	bench->chip.fake->access_us = SLOW_US;
	fake_probe_hook(bench->chip.fake, DWT_AT, 8, dwt_hook, bench->chip.fake);
	for (uint32_t i = 0; i < CHIP_RAM_SIZE; i++)
		bench->chip.ram[i] = (uint8_t)(i * 7);
	memcpy(bench->ram, bench->chip.ram, sizeof(bench->ram));
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
add(struct bench *bench, uint32_t at, const uint8_t *bytes, uint32_t size)
{
	assert_int_equal(image_add(&bench->image, at, bytes, size, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(image_add(&bench->request.image, at, bytes, size, &bench->why),
			 CAUSE_NONE);
}

/* With repetitions, and calls of a few functions; `random`: without. */
static void
add_program(struct bench *bench, uint32_t at, uint32_t size, bool random)
{
	uint8_t *bytes = malloc(size);
	uint32_t state = at;

	assert_non_null(bytes);
	for (uint32_t i = 0; i < size; i++) {
		state = state * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(state >> 24);
		if (!random && i >= 600 && state >> 28 != 0)
			bytes[i] = bytes[i - 600 + i / 64 % 3];
	}
	for (uint32_t i = 64; !random && i + 4 <= size; i += 60)
		le32_put(bytes + i,
			 unpack_moved_call(0xf800f000u, (i % 7 * 1000 - (at + i)) / 2));
	add(bench, at, bytes, size);
	free(bytes);
}

static void
load(struct bench *bench)
{
	assert_int_equal(load_begin(&bench->chip.core, &bench->chip.board, &bench->request,
				    &bench->job, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(job_run(bench->job, bench->chip.fake->probe.clock, &bench->why),
			 CAUSE_NONE);
}

static void
assert_loaded(struct bench *bench)
{
	uint8_t wanted[CHIP_FLASH_SIZE], *flash = bench->chip.flash;

	memcpy(wanted, flash, sizeof(wanted));
	image_overlay(&bench->image, CHIP_FLASH_AT, wanted, sizeof(wanted));
	assert_memory_equal(flash, wanted, sizeof(wanted));
	assert_memory_equal(bench->chip.ram, bench->ram, sizeof(bench->ram));
	assert_int_equal(seen.dwt_ctrl, 0);
	assert_int_equal(bench->job->done_permille, 1000);
}

static void
a_program_travels_compressed_over_a_slow_link(void **state)
{
	struct bench *bench = *state;

	add_program(bench, IMAGE_AT, IMAGE_SIZE, false);
	load(bench);
	assert_loaded(bench);
	assert_int_equal(load_result(bench->job)->bytes_programmed, IMAGE_SIZE);
	assert_int_equal(seen.plain, 0);
	assert_int_equal(seen.unpacked, (IMAGE_SIZE + 0x10 + PAGE - 1) / PAGE);
	assert_in_range(seen.received, 1, IMAGE_SIZE * 3 / 4);
}

static void
over_a_link_that_is_faster_than_the_flash_it_does_not(void **state)
{
	struct bench *bench = *state;

	bench->chip.fake->access_us = FAKE_ACCESS_US;
	add_program(bench, IMAGE_AT, IMAGE_SIZE, false);
	load(bench);
	assert_loaded(bench);
	assert_int_equal(seen.unpacked, 0);
}

static void
random_bytes_do_not(void **state)
{
	struct bench *bench = *state;

	add_program(bench, IMAGE_AT, IMAGE_SIZE, true);
	load(bench);
	assert_loaded(bench);
	assert_int_equal(seen.unpacked, 0);
}

static void
with_no_compression_it_does_not(void **state)
{
	struct bench *bench = *state;

	bench->request.is_plain = true;
	add_program(bench, IMAGE_AT, IMAGE_SIZE, false);
	load(bench);
	assert_loaded(bench);
	assert_int_equal(seen.unpacked, 0);
}

/* Neither is there a window across a gap, nor across what the flash holds already. */
static void
pieces_with_gaps_and_pages_that_are_there_arrive_as_they_are(void **state)
{
	struct bench *bench = *state;
	uint8_t there[PAGE];

	add_program(bench, CHIP_FLASH_AT, IMAGE_SIZE, false);
	add_program(bench, CHIP_FLASH_AT + 0xb008, 100, false);
	add_program(bench, CHIP_FLASH_AT + 0xc000, 3 * PAGE, true);
	add_program(bench, CHIP_FLASH_AT + 0xd808, 9000, false);
	image_overlay(&bench->image, CHIP_FLASH_AT + 4 * PAGE, there, PAGE);
	memcpy(bench->chip.flash + 4 * PAGE, there, PAGE);
	load(bench);
	assert_loaded(bench);
	assert_int_equal(load_result(bench->job)->sectors_unchanged, 1);
	assert_true(seen.unpacked > 20);
	assert_in_range(seen.plain, 3, 5);
}

static void
what_has_arrived_damaged_is_sent_once_more_as_it_is(void **state)
{
	struct bench *bench = *state;

	seen.damaged = 5;
	add_program(bench, IMAGE_AT, IMAGE_SIZE, false);
	load(bench);
	assert_loaded(bench);
	assert_in_range(seen.unpacked, seen.damaged, seen.damaged + MAILBOX_CALLS);
	/* The four before it are there already. */
	assert_int_equal(seen.plain, (IMAGE_SIZE + 0x10 + PAGE - 1) / PAGE - 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(a_program_travels_compressed_over_a_slow_link),
		BENCH(over_a_link_that_is_faster_than_the_flash_it_does_not),
		BENCH(random_bytes_do_not),
		BENCH(with_no_compression_it_does_not),
		BENCH(pieces_with_gaps_and_pages_that_are_there_arrive_as_they_are),
		BENCH(what_has_arrived_damaged_is_sent_once_more_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
