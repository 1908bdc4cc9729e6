/* SPDX-License-Identifier: MIT */
/* loader_test.c - loaders from files, and files that are none: flash/interfaces/loader.h. */
#include "flash/interfaces/elf.h"
#include "flash/interfaces/loader.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FLM   "test/firmware/loaders/mx25lm_flm.elf"
#define STLDR "test/firmware/loaders/mx25lm_stldr.elf"

enum { FILE_MAX = 16 * 1024 };

/* A file, its parts found by elf.h, to be spoiled. */
struct bench {
	uint8_t bytes[FILE_MAX];
	size_t size;
	struct reason why;
};

static void
bench_read(struct bench *bench, const char *path)
{
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	bench->size = fread(bench->bytes, 1, sizeof(bench->bytes), file);
	fclose(file);
	assert_in_range(bench->size, 1000, FILE_MAX - 1);
	bench->why = (struct reason)REASON_INIT;
}

/* The bytes that the file has for a symbol. */
static uint8_t *
bench_symbol(struct bench *bench, const char *name)
{
	struct elf elf;
	uint32_t at;

	assert_int_equal(elf_read(&elf, bench->bytes, bench->size, &bench->why),
			 CAUSE_NONE);
	assert_true(elf_symbol(&elf, name, &at));
	return bench->bytes + (elf_bytes_at(&elf, at, 4) - bench->bytes);
}

/* Where the file has that name. */
static uint8_t *
bench_find(struct bench *bench, const char *name)
{
	size_t len = strlen(name) + 1, at = 0;

	while (at + len < bench->size && memcmp(bench->bytes + at, name, len) != 0)
		at++;
	assert_true(at + len < bench->size);
	return bench->bytes + at;
}

static enum cause
bench_parse(struct bench *bench, struct loader **loader)
{
	/* A copy of the exact size, so that a read behind it is found. */
	uint8_t *bytes = malloc(bench->size != 0 ? bench->size : 1);
	enum cause cause;

	memcpy(bytes, bench->bytes, bench->size);
	bench->why = (struct reason)REASON_INIT;
	cause = loader_parse("loader.flm", bytes, bench->size, loader, &bench->why);
	free(bytes);
	return cause;
}

static void
assert_refused(struct bench *bench, const char *words)
{
	struct loader *loader;
	char line[REASON_SPACE];

	assert_int_equal(bench_parse(bench, &loader), CAUSE_REQUEST);
	assert_null(loader);
	reason_line(&bench->why, line, sizeof(line));
	if (strstr(line, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", line, words);
	assert_non_null(strstr(line, "loader.flm cannot be used as a loader"));
}

static void
a_cmsis_flash_algorithm_is_read(void **state)
{
	struct loader *loader;
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(loader_read(FLM, &loader, &why), CAUSE_NONE);
	assert_string_equal(loader->name, "MX25LM51245G of STM32H735G-DK");
	assert_int_equal(loader->entry.base, 0x90000000);
	assert_int_equal(loader->entry.size, 64 << 20);
	assert_int_equal(loader->entry.runs[0].size, 4096);
	assert_int_equal(loader->entry.runs[0].count, 16384);
	assert_int_equal(loader->entry.runs[1].count, 0);
	assert_int_equal(loader->algorithm.page_size, 4096);
	assert_int_equal(loader->algorithm.success, 0);
	assert_int_equal(loader->algorithm.erase_ms, 6000);
	assert_false(loader->algorithm.is_fixed);
	assert_true(loader->algorithm.verify != ALGORITHM_NONE);
	/* Its only variable is at the end, and the table stays on this computer. */
	assert_int_equal(loader->algorithm.data_offset + 4, loader->algorithm.code_size);
	assert_ptr_equal(loader_of(&loader->interface), loader);
	loader_free(loader);
}

static void
an_external_loader_of_st_is_read(void **state)
{
	struct loader *loader;
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(loader_read(STLDR, &loader, &why), CAUSE_NONE);
	assert_int_equal(loader->entry.size, 64 << 20);
	assert_int_equal(loader->entry.runs[0].count, 16384);
	assert_int_equal(loader->algorithm.page_size, 256);
	assert_int_equal(loader->algorithm.success, 1);
	assert_true(loader->algorithm.is_fixed && loader->algorithm.takes_end);
	assert_int_equal(loader->algorithm.fixed_at, 0x24000004);
	assert_int_equal(loader->algorithm.uninit, ALGORITHM_NONE);
	loader_free(loader);
}

static void
a_file_that_does_not_exist_is_named(void **state)
{
	struct loader *loader;
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(loader_read("no/such.flm", &loader, &why), CAUSE_HOST);
	assert_non_null(strstr(reason_root(&why), "no/such.flm cannot be opened"));
}

static void
a_program_that_is_no_loader_is_refused(void **state)
{
	struct bench bench;
	uint8_t *name;

	(void)state;
	bench_read(&bench, FLM);
	memcpy(bench.bytes, "MZ", 2);
	assert_refused(&bench, "it is no ELF file");
	bench_read(&bench, FLM);
	bench.bytes[18] = 62;
	assert_refused(&bench, "no ELF file for Arm of 32 bits");
	bench_read(&bench, FLM);
	name = bench_find(&bench, "FlashDevice");
	*name = 'f';
	assert_refused(&bench, "neither the symbol FlashDevice of a CMSIS .FLM nor");
}

static void
a_missing_function_is_named(void **state)
{
	struct bench bench;
	uint8_t *name;

	(void)state;
	bench_read(&bench, FLM);
	name = bench_find(&bench, "ProgramPage");
	*name = 'p';
	assert_refused(&bench, "it has no function ProgramPage");
}

/* Offsets in struct FlashDevice: CMSIS-Pack, "Flash Device Description". */
static void
a_table_with_impossible_sizes_is_refused(void **state)
{
	static const struct {
		unsigned offset;
		uint32_t value;
		const char *words;
	} cases[] = {
		{ 2, 0x01010101, "is no text" },
		{ 132, 0x90000010, "begins within a page of 4096 bytes" },
		{ 136, 0, "it is for 0 bytes at 0x90000000, which is no memory" },
		{ 136, 0xf0000000, "which is no memory" },
		{ 136, 0x04000001, "do not fill the memory" },
		{ 140, 0, "its pages of 0 bytes" },
		{ 160, 0, "sectors of 0 bytes do not fill the memory" },
		{ 160, 24, "do not fill the memory" },
		{ 160, 64, "are not whole pages of 4096" },
		{ 164, 4096, "has no beginning" },
		{ 168, 4096, "do not fill the memory" },
	};

	(void)state;
	for (size_t i = 0; i < array_len(cases); i++) {
		struct bench bench;

		bench_read(&bench, FLM);
		le32_put(bench_symbol(&bench, "FlashDevice") + cases[i].offset,
			 cases[i].value);
		assert_refused(&bench, cases[i].words);
	}
}

static void
an_external_loader_whose_sectors_do_not_add_up_is_refused(void **state)
{
	struct bench bench;

	(void)state;
	bench_read(&bench, STLDR);
	le32_put(bench_symbol(&bench, "StorageInfo") + 120, 16383);
	assert_refused(&bench, "its sectors add up to 67104768 bytes, the memory has "
			       "67108864");
	le32_put(bench_symbol(&bench, "StorageInfo") + 120, UINT32_MAX);
	assert_refused(&bench, "do not fit into its 67108864 bytes");
}

/* The first program header is at 52: offset in the file, address, bytes there, bytes in memory. */
static void
segments_that_overlap_or_lie_outside_the_file_are_refused(void **state)
{
	static const struct {
		unsigned offset;
		uint32_t value;
		const char *words;
	} cases[] = {
		{ 52 + 4, 0x7fffffff, "beyond the end of the file" },
		{ 52 + 16, 0xffffffff, "beyond the end of the file" },
		{ 52 + 20, 0, "" },
		{ 52 + 20, 16, "has an impossible size" },
		{ 52 + 8, 0xfffffff0, "has an impossible size" },
		{ 52 + 20, 0x00010000, "overlap" },
		{ 52 + 32 + 8, 0x00000010, "overlap" },
		{ 52 + 8, 0x10000000, "" },
		{ 28, 0xfffffff0, "program headers at byte 4294967280 do not lie" },
		{ 32, 0xfffffff0, "section headers at byte 4294967280 do not lie" },
	};

	(void)state;
	for (size_t i = 0; i < array_len(cases); i++) {
		struct bench bench;

		bench_read(&bench, FLM);
		le32_put(bench.bytes + cases[i].offset, cases[i].value);
		assert_refused(&bench, cases[i].words);
	}
}

static void
code_larger_than_any_ram_is_refused(void **state)
{
	struct bench bench;

	(void)state;
	bench_read(&bench, FLM);
	/* The table's segment far behind, so that the code's has room to grow. */
	le32_put(bench.bytes + 52 + 20, 0x00200000);
	le32_put(bench.bytes + 52 + 32 + 8, 0x00300000);
	assert_refused(&bench, "");
}

static void
a_file_that_was_cut_short_anywhere_is_refused(void **state)
{
	struct bench whole, bench;

	(void)state;
	bench_read(&whole, FLM);
	for (size_t size = 0; size < whole.size - 40; size += 7) {
		struct loader *loader;

		bench = whole;
		bench.size = size;
		assert_int_equal(bench_parse(&bench, &loader), CAUSE_REQUEST);
		assert_null(loader);
	}
}

/* What is refused and what is taken does not matter here, but that nothing beyond the file is
 * touched: the sanitizers watch. LOADER_FUZZ: how many rounds, make fuzz-loaders. */
static void
a_spoiled_file_does_no_harm(void **state)
{
	static const char *const paths[] = { FLM, STLDR };
	const char *rounds = getenv("LOADER_FUZZ");
	uint32_t seed = 1;
	struct bench whole, bench;

	(void)state;
	for (long i = rounds != NULL ? atol(rounds) : 4000; i > 0; i--) {
		struct loader *loader;

		if (i % 1000 == 0 || seed == 1)
			bench_read(&whole, paths[i / 1000 % 2]);
		bench = whole;
		for (unsigned n = 0; n < 1 + seed % 5; n++) {
			static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };

			seed = seed * 1664525u + 1013904223u;
			bench.bytes[(seed >> 8) % bench.size] =
				(seed & 0x80) != 0 ? (uint8_t)(seed >> 24)
						   : values[(seed >> 28) % 5];
		}
		if (bench_parse(&bench, &loader) == CAUSE_NONE) {
			assert_true(loader->algorithm.init < loader->algorithm.code_size);
			assert_true(loader->entry.runs[0].count > 0);
		}
		loader_free(loader);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cmsis_flash_algorithm_is_read),
		cmocka_unit_test(an_external_loader_of_st_is_read),
		cmocka_unit_test(a_file_that_does_not_exist_is_named),
		cmocka_unit_test(a_program_that_is_no_loader_is_refused),
		cmocka_unit_test(a_missing_function_is_named),
		cmocka_unit_test(a_table_with_impossible_sizes_is_refused),
		cmocka_unit_test(an_external_loader_whose_sectors_do_not_add_up_is_refused),
		cmocka_unit_test(segments_that_overlap_or_lie_outside_the_file_are_refused),
		cmocka_unit_test(code_larger_than_any_ram_is_refused),
		cmocka_unit_test(a_file_that_was_cut_short_anywhere_is_refused),
		cmocka_unit_test(a_spoiled_file_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
