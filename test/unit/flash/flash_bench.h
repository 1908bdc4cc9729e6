/* SPDX-License-Identifier: MIT */
/*
 * flash_bench.h - a load on a fake chip with a G4's controller: what was asked of the chip, and what it
 * shall do wrong. One file of a program includes this.
 */
#ifndef TEST_UNIT_FLASH_FLASH_BENCH_H
#define TEST_UNIT_FLASH_FLASH_BENCH_H

#include "flash/load/load.h"

#include "flash/algorithms/status.h"
#include "flash/interfaces/driver.h"
#include "flash/runner/runner.h"
#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "flash/algorithms/caller_algorithm.h"
#include "flash/algorithms/g4_algorithm.h"

#define BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

enum { PAGE = 2048, WRPERR = 0x10, PROGERR = 0x08, BSY = 0x10000 };

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

/* What the chip of a test was asked to do, and what it shall do wrong. */
static struct {
	unsigned erased[64];
	unsigned pages, banks;
	uint32_t bank_status;
	uint32_t buffers[2]; /* the last two */
	uint32_t fails_at, status;
	uint32_t corrupts_at;
	bool corrupts_fast;        /* only while the SWD clock is raised */
	const struct image *image; /* to be looked for in the other buffer */
	unsigned early;            /* pages that were there before their turn */
	bool is_open;
} seen;

static inline uint32_t
code_at(const struct fake_chip *chip)
{
	for (uint32_t i = 0; i + sizeof(g4_code) <= CHIP_RAM_SIZE; i += 4)
		if (memcmp(chip->ram + i, g4_code, sizeof(g4_code)) == 0)
			return CHIP_RAM_AT + i;
	fail_msg("the algorithm is not in RAM");
	return 0;
}

static inline uint32_t
erase_sector(struct fake_chip *chip, uint32_t at, uint32_t size, uint32_t number)
{
	assert_int_equal(size, PAGE);
	assert_int_equal(number, (at - CHIP_FLASH_AT) / PAGE);
	if (at == seen.fails_at)
		return seen.status;
	memset(chip->flash + (at - CHIP_FLASH_AT), 0xff, size);
	seen.erased[(at - CHIP_FLASH_AT) / PAGE]++;
	return 0;
}

/* Is what comes after this page in another buffer? */
static inline bool
is_next_page_there(struct fake_chip *chip, uint32_t at, uint32_t from)
{
	uint8_t wanted[PAGE];

	if (image_overlay(seen.image, at + PAGE, wanted, PAGE) != PAGE)
		return false;
	for (uint32_t i = (from - CHIP_RAM_AT) % PAGE; i + PAGE <= CHIP_RAM_SIZE; i += PAGE)
		if (memcmp(chip->ram + i, wanted, PAGE) == 0)
			return true;
	return false;
}

static inline uint32_t
program_page(struct fake_chip *chip, uint32_t at, uint32_t size, uint32_t from)
{
	uint8_t *to = chip->flash + (at - CHIP_FLASH_AT);

	assert_int_equal(at % 8, 0);
	assert_int_equal(size % 8, 0);
	assert_true(size <= PAGE && at / PAGE == (at + size - 1) / PAGE);
	if (at == seen.fails_at)
		return seen.status;
	for (uint32_t i = 0; i < size; i++)
		assert_int_equal(to[i], 0xff);
	memcpy(to, chip->ram + (from - CHIP_RAM_AT), size);
	if (seen.corrupts_at >= at && seen.corrupts_at < at + size &&
	    (chip->board.is_fast || !seen.corrupts_fast))
		chip->flash[seen.corrupts_at - CHIP_FLASH_AT] ^= 0x40;
	seen.early += seen.image != NULL && is_next_page_there(chip, at, from);
	seen.buffers[seen.pages++ % 2] = from;
	return 0;
}

/* For others to keep off: from the stack to the last buffer. */
static inline void
assert_ram_is_named(const struct job *job, unsigned buffers)
{
	assert_int_equal(job->ram_at, CHIP_RAM_AT);
	assert_in_range(job->ram_size, buffers * PAGE + sizeof(g4_code) + CHIP_STACK,
			buffers * PAGE + 1680);
}

/* What the algorithm goes by, as it lies in the chip's RAM: RM0440 Rev 8, 3.7. */
static inline void
assert_parameters(const struct fake_chip *chip, uint32_t at)
{
	static const uint32_t wanted[] = {
		CHIP_CONTROLLER_AT,
		0x40003000, /* IWDG_KR */
		0xffffffff,
		CHIP_CONTROLLER_AT + 0x08, /* FLASH_KEYR, FLASH_SR, FLASH_CR */
		CHIP_CONTROLLER_AT + 0x10,
		CHIP_CONTROLLER_AT + 0x14,
		CHIP_CONTROLLER_AT + 0x10, /* where errors are cleared */
		0,                         /* no FLASH_AR */
		0,
		BSY,
		0x0000c3fa, /* OPERR to FASTERR, RDERR, OPTVERR */
		0x45670123,
		0xcdef89ab,
		0x80000000, /* LOCK */
		0x00000001, /* PG */
		0x00000002, /* PER */
		0x00000004, /* MER1 */
		0x00010000, /* STRT */
		3,          /* PNB */
		8,
		0, /* no bursts */
		0,
		0x00000600, /* ICEN, DCEN */
	};

	for (size_t i = 0; i < array_len(wanted); i++)
		assert_int_equal(le32_get(chip->ram + (at - CHIP_RAM_AT) + 4 * i),
				 wanted[i]);
}

/* The program's vectors may be erased, and an NMI cannot be masked: DDI 0403E.e B1.5.2, B3.2.5.
 * That of HardFault is caught before its handler runs. */
static inline void
assert_nmi_is_harmless(const struct fake_chip *chip)
{
	uint32_t vectors = le32_get(chip->ppb + 0x08);
	uint32_t nmi;

	assert_int_equal(vectors, CHIP_VECTORS_AT);
	assert_int_equal(vectors % 128, 0);
	nmi = le32_get(chip->ram + (vectors - CHIP_RAM_AT) + 4 * 2);
	assert_int_equal(nmi & 1, 1);
	assert_memory_equal(chip->ram + (nmi - 1 - CHIP_RAM_AT),
			    caller_code + CALLER_Ignore,
			    sizeof(caller_code) - CALLER_Ignore);
	/* It forgets the error: FLASH_ECCR. */
	assert_int_equal(le32_get(chip->ram + (vectors - CHIP_RAM_AT) + 4 * 4),
			 CHIP_CONTROLLER_AT + 0x18);
	assert_int_equal(le32_get(chip->ram + (vectors - CHIP_RAM_AT) + 4 * 5), 0xc0000000);
	assert_int_equal(le32_get(chip->ppb + 0xfc) & 1 << 10, 1 << 10);
	/* FLASH_ECCR: what has been noted is forgotten. */
	assert_int_equal(le32_get(chip->controller + 0x18), 0xc0000000);
}

/* The algorithm, as far as the server can tell. */
static inline uint32_t
g4_call(struct fake_chip *chip, uint32_t function, const uint32_t *r)
{
	assert_int_equal(function & 1, 1);
	assert_parameters(chip, r[3]);
	assert_nmi_is_harmless(chip);
	switch (function - 1 - code_at(chip)) {
	case G4_Init:
		assert_false(seen.is_open);
		seen.is_open = true;
		return 0;
	case G4_UnInit:
		assert_true(seen.is_open);
		seen.is_open = false;
		return 0;
	case G4_EraseSector:
		return erase_sector(chip, r[0], r[1], r[2]);
	case G4_EraseBank:
		memset(chip->flash, 0xff, CHIP_FLASH_SIZE);
		seen.banks++;
		return seen.bank_status;
	case G4_ProgramPage:
		return program_page(chip, r[0], r[1], r[2]);
	default:
		fail_msg("no function begins there");
		return 0;
	}
}

/* Whose registers say more of an operation that was refused. */
static const struct memory_entry first_bank = { .registers = CHIP_CONTROLLER_AT,
						.interface = &flash_interface_g4 };

struct bench {
	struct fake_chip chip;
	struct load_request request;
	struct image image; /* a copy of what was asked for */
	struct load_result result;
	struct job *job;
	struct reason why;
	uint8_t ram[CHIP_RAM_SIZE];
	uint64_t registers[CHIP_REGISTERS];
};

static inline struct bench *
bench_of(void **state)
{
	return *state;
}

static inline int
set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	memset(&seen, 0, sizeof(seen));
	chip_open(&bench->chip, &small_g4, 128);
	bench->chip.call = g4_call;
	image_init(&bench->image);
	for (uint32_t i = 0; i < CHIP_RAM_SIZE; i++)
		bench->chip.ram[i] = (uint8_t)(i * 7);
	memcpy(bench->ram, bench->chip.ram, sizeof(bench->ram));
	bench->chip.core.registers[REGISTER_XPSR] =
		0x69000200; /* Z, C, T, and a part of IT */
	memcpy(bench->registers, bench->chip.core.registers, sizeof(bench->registers));
	*state = bench;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct bench *bench = bench_of(state);

	job_free(bench->job);
	image_clear(&bench->image);
	load_request_clear(&bench->request);
	chip_close(&bench->chip);
	free(bench);
	return 0;
}

static inline void
add_pattern(struct bench *bench, uint32_t at, uint32_t size, uint8_t seed)
{
	uint8_t *bytes = malloc(size);

	assert_non_null(bytes);
	for (uint32_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(seed + i * 31 + i / 256);
	assert_int_equal(image_add(&bench->image, at, bytes, size, &bench->why),
			 CAUSE_NONE);
	free(bytes);
}

static inline enum cause
make_job(struct bench *bench, const struct load_range *erase, size_t erase_len)
{
	for (size_t i = 0; i < bench->image.len; i++)
		assert_int_equal(image_add(&bench->request.image, bench->image.runs[i].at,
					   bench->image.runs[i].bytes,
					   bench->image.runs[i].size, &bench->why),
				 CAUSE_NONE);
	for (size_t i = 0; i < erase_len; i++)
		bench->request.ranges[bench->request.ranges_len++] = erase[i];
	return load_begin(&bench->chip.core, &bench->chip.board, &bench->request,
			  &bench->job, &bench->why);
}

static inline enum cause
run(struct bench *bench)
{
	enum cause cause = job_run(bench->job, bench->chip.fake->probe.clock, &bench->why);

	bench->result = *load_result(bench->job);
	return cause;
}

static inline enum cause
load(struct bench *bench)
{
	enum cause cause = make_job(bench, NULL, 0);

	return cause != CAUSE_NONE ? cause : run(bench);
}

/* All of the sectors that the image touches: its bytes, and 0xff. */
static inline void
assert_flash_holds_image(struct bench *bench, uint32_t at, uint32_t size)
{
	uint8_t *wanted = malloc(size);

	assert_non_null(wanted);
	memset(wanted, 0xff, size);
	image_overlay(&bench->image, at, wanted, size);
	assert_memory_equal(bench->chip.flash + (at - CHIP_FLASH_AT), wanted, size);
	free(wanted);
}

/* The mailbox is a hook of the fake: memory below it is as it was, and it itself holds
 * what was written last. */
static inline void
assert_all_put_back(struct bench *bench)
{
	assert_false(bench->chip.core.is_running);
	assert_memory_equal(bench->chip.ram, bench->ram, sizeof(bench->ram));
	assert_memory_equal(bench->chip.core.registers, bench->registers,
			    sizeof(bench->registers));
	assert_int_equal(le32_get(bench->chip.ppb + 0xfc), 0);
	assert_int_equal(le32_get(bench->chip.ppb + 0x08), CHIP_VTOR);
	assert_int_equal(le32_get(bench->chip.ppb + 0x94), 0);
}

static inline void
assert_reason(struct bench *bench, const char *wanted)
{
	char text[4096];

	reason_text(&bench->why, text, sizeof(text));
	assert_string_equal(text, wanted);
}

#endif /* TEST_UNIT_FLASH_FLASH_BENCH_H */
