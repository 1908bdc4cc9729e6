/* SPDX-License-Identifier: MIT */
#include "flash/load/file.h"

#include "flash/load/uf2.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct image image;
static struct reason why;

static enum cause
parse(const void *bytes, size_t size)
{
	struct file_place none = { 0 };
	/* In a block of its own, so that a sanitizer sees what is read behind it. */
	uint8_t *copy = malloc(size == 0 ? 1 : size);
	enum cause cause;

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	image_clear(&image);
	why = (struct reason)REASON_INIT;
	cause = file_parse("it", copy, size, &none, &image, &why);
	free(copy);
	return cause;
}

static int
tear_down(void **state)
{
	(void)state;
	image_clear(&image);
	return 0;
}

static void
assert_holds(uint32_t at, const char *bytes, uint32_t size)
{
	uint8_t found[64];

	assert_true(size <= sizeof(found));
	assert_int_equal(image_overlay(&image, at, found, size), size);
	assert_memory_equal(found, bytes, size);
}

#define HEX_HIGH ":020000040800F2\r\n"
#define HEX_DATA ":04010000DEADBEEFC3\r\n"
#define HEX_END  ":00000001FF\r\n"

static void
records_of_intel_hex_are_read(void **state)
{
	static const char text[] = HEX_HIGH HEX_DATA HEX_END;

	(void)state;
	assert_int_equal(parse(text, strlen(text)), CAUSE_NONE);
	assert_int_equal(image.bytes_total, 4);
	assert_holds(0x08000100, "\xde\xad\xbe\xef", 4);
}

static void
records_of_motorola_are_read(void **state)
{
	static const char text[] =
		"S00600004844521B\nS30908000100DEADBEEFB5\nS70508000000F2\n";

	(void)state;
	assert_int_equal(parse(text, strlen(text)), CAUSE_NONE);
	assert_holds(0x08000100, "\xde\xad\xbe\xef", 4);
}

static void
make_elf(uint8_t *elf, uint32_t size, uint32_t offset, uint32_t len)
{
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	static const uint8_t data[] = { 'd', 'a', 't', 'a' };

	memset(elf, 0, size);
	memcpy(elf, head, sizeof(head));
	elf[18] = 40; /* EM_ARM */
	elf[28] = 52;
	elf[42] = 32;
	elf[44] = 1;
	le32_put(elf + 52, 1); /* PT_LOAD */
	le32_put(elf + 56, offset);
	le32_put(elf + 60, 0x20000000); /* p_vaddr */
	le32_put(elf + 64, 0x08000200); /* p_paddr */
	le32_put(elf + 68, len);
	memcpy(elf + 84, data, sizeof(data));
}

static void
segments_of_elf_are_read_at_their_load_address(void **state)
{
	uint8_t elf[88];

	(void)state;
	make_elf(elf, sizeof(elf), 84, 4);
	assert_int_equal(parse(elf, sizeof(elf)), CAUSE_NONE);
	assert_holds(0x08000200, "data", 4);
}

static void
a_program_for_another_processor_is_named_and_not_loaded(void **state)
{
	uint8_t elf[88];

	(void)state;
	make_elf(elf, sizeof(elf), 84, 4);
	elf[18] = 243;
	assert_int_equal(parse(elf, sizeof(elf)), CAUSE_REQUEST);
	assert_non_null(strstr(reason_root(&why),
			       "it is a program for RISC-V (32 bits, little-endian)"));
	elf[4] = 2;
	elf[18] = 62;
	assert_int_equal(parse(elf, sizeof(elf)), CAUSE_REQUEST);
	assert_non_null(strstr(reason_root(&why), "for x86-64 (64 bits, little-endian)"));
	assert_non_null(strstr(reason_remedy(&why), "arm-none-eabi-gcc"));
	elf[4] = 1;
	elf[5] = 2;
	elf[18] = 0;
	elf[19] = 8;
	assert_int_equal(parse(elf, sizeof(elf)), CAUSE_REQUEST);
	assert_non_null(strstr(reason_root(&why), "for MIPS (32 bits, big-endian)"));
}

static void
an_elf_file_that_points_outside_itself_is_refused(void **state)
{
	static const struct {
		uint32_t offset, len;
	} wrong[] = { { 84, 5 }, { 88, 1 }, { UINT32_MAX, 4 }, { 4, UINT32_MAX } };
	uint8_t elf[88];

	(void)state;
	for (size_t i = 0; i < array_len(wrong); i++) {
		make_elf(elf, sizeof(elf), wrong[i].offset, wrong[i].len);
		assert_int_equal(parse(elf, sizeof(elf)), CAUSE_REQUEST);
		assert_int_equal(image.len, 0);
	}
	make_elf(elf, sizeof(elf), 84, 4);
	le32_put(elf + 28, 80); /* e_phoff */
	assert_int_equal(parse(elf, sizeof(elf)), CAUSE_REQUEST);
	for (size_t size = 4; size < 84; size++) {
		make_elf(elf, sizeof(elf), 84, 4);
		assert_int_equal(parse(elf, size), CAUSE_REQUEST);
	}
}

static void
assert_refused(const char *text, const char *words)
{
	assert_int_equal(parse(text, strlen(text)), CAUSE_REQUEST);
	assert_non_null(strstr(reason_root(&why), words));
}

static void
what_is_malformed_is_refused_with_its_line(void **state)
{
	(void)state;
	assert_refused(HEX_HIGH ":04010000DEADBEEFC4\r\n" HEX_END,
		       "its checksum is 0xc4, and that of its bytes 0xc3");
	assert_string_equal(reason_line_at(&why, 1), "line 2");
	assert_refused(HEX_HIGH ":04010000DEADBEC3\r\n" HEX_END,
		       "line 2 is no record of Intel");
	assert_refused(HEX_HIGH ":0401000\r\n" HEX_END, "line 2 is no record of Intel");
	assert_refused(HEX_HIGH "04010000DEADBEEFC3\r\n", "line 2 is no record of Intel");
	assert_refused(HEX_HIGH HEX_DATA, "it ends without a record that ends it");
	assert_refused(HEX_END, "there is nothing in it to load");
	assert_refused("S30908000100DEADBEEFB6\nS70508000000F2\n",
		       "its checksum is 0xb6, and that of its bytes 0xb5");
	assert_refused("S3", "line 1 is no record of S-records");
	assert_refused("", "the file is empty");
	assert_refused("anything", "so it has no addresses: --at ADDRESS gives it one");
}

static void
parts_that_overlap_are_refused_unless_they_agree(void **state)
{
	static const struct file_place place = { .is_given = true, .at = 0x08000102 };
	static const uint8_t same[] = { 0xbe, 0xef, 1 }, other[] = { 0xbe, 0xee };

	(void)state;
	assert_refused(HEX_HIGH HEX_DATA ":02010200BE003D\r\n" HEX_END,
		       "two parts overlap: 0x08000103 is to be 0xef, and 0x00");
	assert_int_equal(
		parse(HEX_HIGH HEX_DATA HEX_END, strlen(HEX_HIGH HEX_DATA HEX_END)),
		CAUSE_NONE);
	assert_int_equal(file_parse("b", same, sizeof(same), &place, &image, &why),
			 CAUSE_NONE);
	assert_holds(0x08000100, "\xde\xad\xbe\xef\x01", 5);
	assert_int_equal(file_parse("b", other, sizeof(other), &place, &image, &why),
			 CAUSE_REQUEST);
	assert_string_equal(reason_outermost(&why), "reading b");
}

/* With an address a line that is no record is data; one that is makes the rest of the file records. */
static void
a_raw_file_may_begin_like_records_where_it_was_given_an_address(void **state)
{
	static const struct file_place place = { .is_given = true, .at = 0x08000000 };
	static const char *const raw[] = { ":-) bytes", "S19 bytes", ":", ":0\n", "S0\n" };
	static const char cut[] = HEX_HIGH HEX_DATA;

	(void)state;
	for (size_t i = 0; i < sizeof(raw) / sizeof(raw[0]); i++) {
		image_clear(&image);
		assert_int_equal(file_parse("b", (const uint8_t *)raw[i], strlen(raw[i]),
					    &place, &image, &why),
				 CAUSE_NONE);
		assert_holds(0x08000000, raw[i], (uint32_t)strlen(raw[i]));
	}
	image_clear(&image);
	assert_int_equal(
		file_parse("b", (const uint8_t *)cut, strlen(cut), &place, &image, &why),
		CAUSE_REQUEST);
	assert_string_equal(reason_root(&why), "it ends without a record that ends it");
	assert_refused(":-) bytes", "line 1 is no record of Intel HEX");
}

/* --- UF2 --------------------------------------------------------------------------------- */

enum { UF2_BLOCKS = 3, UF2_SIZE = UF2_BLOCKS * 512 };
#define G4_FAMILY 0x4c71240au

/* Two blocks of 256 bytes, and one that is not for flash. */
static void
make_uf2(uint8_t *file)
{
	memset(file, 0, UF2_SIZE);
	for (uint32_t i = 0; i < UF2_BLOCKS; i++) {
		uint8_t *block = file + i * 512;

		le32_put(block, 0x0a324655);
		le32_put(block + 4, 0x9e5d5157);
		le32_put(block + 8, i < 2 ? 0x2000 : 0x2001);
		le32_put(block + 12, 0x08002000 + 256 * i);
		le32_put(block + 16, 256);
		le32_put(block + 20, i);
		le32_put(block + 24, UF2_BLOCKS);
		le32_put(block + 28, G4_FAMILY);
		memset(block + 32, (int)(i + 1), 256);
		le32_put(block + 508, 0x0ab16f30);
	}
}

static enum cause
check_family(const char *part)
{
	return uf2_check_device(&image, &device_table, device_by_name(&device_table, part),
				&why);
}

static void
blocks_of_uf2_are_read_and_those_that_are_not_for_flash_left_out(void **state)
{
	uint8_t file[UF2_SIZE];

	(void)state;
	make_uf2(file);
	assert_int_equal(parse(file, sizeof(file)), CAUSE_NONE);
	assert_int_equal(image.bytes_total, 512);
	assert_holds(0x080020ff, "\1\2", 2);
}

static void
a_uf2_file_for_another_family_is_refused(void **state)
{
	uint8_t file[UF2_SIZE];

	(void)state;
	make_uf2(file);
	assert_int_equal(parse(file, sizeof(file)), CAUSE_NONE);
	assert_int_equal(check_family("STM32G473VE"), CAUSE_NONE);
	assert_int_equal(check_family("STM32F103C8"), CAUSE_REQUEST);
	assert_string_equal(reason_root(&why),
			    "the file is for an STM32G4 (UF2 family 0x4c71240a), and this "
			    "is an STM32F1");
	for (unsigned i = 0; i < UF2_BLOCKS; i++)
		le32_put(file + i * 512 + 28, 0xe48bff56);
	assert_int_equal(parse(file, sizeof(file)), CAUSE_NONE);
	assert_int_equal(check_family("STM32G473VE"), CAUSE_REQUEST);
	assert_non_null(strstr(reason_root(&why), "0xe48bff56, none of ST's"));
}

static void
a_malformed_uf2_file_is_refused_with_its_block(void **state)
{
	static const struct {
		unsigned at;
		uint32_t value;
		const char *words;
	} wrong[] = {
		{ 512 + 4, 0, "its magic numbers are wrong" },
		{ 512 + 508, 0, "its magic numbers are wrong" },
		{ 512 + 16, 477, "it has 477 bytes, and room for 476" },
		{ 512 + 20, 3, "it is number 3 of 3, in a file of 3" },
		{ 512 + 24, 4, "it is number 1 of 4, in a file of 3" },
		{ 512 + 28, 1, "for two families of chips, 0x4c71240a and 0x00000001" },
		{ 512 + 12, 0x08002080, "two parts overlap: 0x08002080 is to be 0x01" },
		{ 512 + 12, 0xffffff01, "past the end of the address space" },
	};
	uint8_t file[UF2_SIZE];

	(void)state;
	for (size_t i = 0; i < array_len(wrong); i++) {
		make_uf2(file);
		le32_put(file + wrong[i].at, wrong[i].value);
		assert_int_equal(parse(file, sizeof(file)), CAUSE_REQUEST);
		if (strstr(reason_root(&why), wrong[i].words) == NULL)
			fail_msg("%s", reason_root(&why));
	}
	assert_int_equal(parse(file, sizeof(file) - 1), CAUSE_REQUEST);
	assert_string_equal(reason_root(&why),
			    "it is cut short: 1535 bytes are no blocks of 512");
}

/* --- all of them ------------------------------------------------------------------------- */

/* Nothing beyond the file is touched, as the sanitizers watch, and what is refused has a reason.
 * FILE_FUZZ: how many rounds, make fuzz-images. */
static void
a_spoiled_file_does_no_harm(void **state)
{
	static const char hex[] = HEX_HIGH HEX_DATA ":020000021000EC\r\n" HEX_DATA HEX_END;
	static const char srec[] =
		"S00600004844521B\nS30908000100DEADBEEFB5\nS1070200DEADBEEFBE\n"
		"S70508000000F2\n";
	const char *rounds = getenv("FILE_FUZZ");
	uint8_t whole[4][UF2_SIZE], spoiled[UF2_SIZE];
	size_t sizes[4] = { 88, UF2_SIZE, sizeof(hex) - 1, sizeof(srec) - 1 };
	uint32_t seed = 1;

	(void)state;
	make_elf(whole[0], (uint32_t)sizes[0], 84, 4);
	make_uf2(whole[1]);
	memcpy(whole[2], hex, sizeof(hex));
	memcpy(whole[3], srec, sizeof(srec));
	for (long i = rounds != NULL ? atol(rounds) : 8000; i > 0; i--) {
		size_t size = sizes[i % 4];
		enum cause cause;

		memcpy(spoiled, whole[i % 4], size);
		for (unsigned n = 0; n < 1 + seed % 4; n++) {
			static const char values[] = "0:S\n\xff\x7f\x80";

			seed = seed * 1664525u + 1013904223u;
			spoiled[(seed >> 8) % size] =
				(seed & 0x80) != 0 ? (uint8_t)(seed >> 24)
						   : (uint8_t)values[(seed >> 28) % 8];
		}
		cause = parse(spoiled, (seed & 0x40) != 0 ? size : seed % size);
		assert_true(cause == CAUSE_NONE || cause == CAUSE_REQUEST);
		assert_true((cause == CAUSE_NONE) == (reason_root(&why)[0] == '\0'));
	}
}

/* What one direction writes the other reads, across a boundary of 64 KiB and with an odd end. */
static void
what_is_written_is_read_again(void **state)
{
	static const char *const ends[] = { ".hex", ".IHEX", ".srec", ".s19",
					    ".mot", ".uf2",  ".bin" };
	enum { AT = 0x0800ffe1, SIZE = 77 };
	struct file_place place = { .is_given = true, .at = AT };
	uint8_t bytes[SIZE];

	(void)state;
	for (unsigned i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(i * 37);
	for (size_t i = 0; i < array_len(ends); i++) {
		char path[64];

		snprintf(path, sizeof(path), "/tmp/tether-file-test.%ld%s", (long)getpid(),
			 ends[i]);
		image_clear(&image);
		why = (struct reason)REASON_INIT;
		assert_int_equal(file_write(path, AT, bytes, SIZE, &why), CAUSE_NONE);
		assert_int_equal(file_read(path, &place, &image, &why), CAUSE_NONE);
		unlink(path);
		assert_int_equal(image.len, 1);
		assert_int_equal(image.runs[0].at, AT);
		assert_int_equal(image.runs[0].size, SIZE);
		assert_memory_equal(image.runs[0].bytes, bytes, SIZE);
	}
}

static void
a_file_that_cannot_be_written_says_why(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	assert_int_equal(file_write("/nowhere/x.bin", 0, (const uint8_t *)"", 1, &why),
			 CAUSE_HOST);
	assert_string_equal(reason_root(&why),
			    "/nowhere/x.bin cannot be written: No such file or directory");
	why = (struct reason)REASON_INIT;
	assert_int_equal(file_write("/dev/full", 0, (const uint8_t *)"", 1, &why),
			 CAUSE_HOST);
	assert_string_equal(reason_root(&why),
			    "/dev/full is not whole: No space left on device");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(what_is_written_is_read_again, tear_down),
		cmocka_unit_test(a_file_that_cannot_be_written_says_why),
		cmocka_unit_test_teardown(records_of_intel_hex_are_read, tear_down),
		cmocka_unit_test_teardown(records_of_motorola_are_read, tear_down),
		cmocka_unit_test_teardown(
			a_raw_file_may_begin_like_records_where_it_was_given_an_address,
			tear_down),
		cmocka_unit_test_teardown(segments_of_elf_are_read_at_their_load_address,
					  tear_down),
		cmocka_unit_test_teardown(
			a_program_for_another_processor_is_named_and_not_loaded, tear_down),
		cmocka_unit_test_teardown(an_elf_file_that_points_outside_itself_is_refused,
					  tear_down),
		cmocka_unit_test_teardown(what_is_malformed_is_refused_with_its_line,
					  tear_down),
		cmocka_unit_test_teardown(parts_that_overlap_are_refused_unless_they_agree,
					  tear_down),
		cmocka_unit_test_teardown(
			blocks_of_uf2_are_read_and_those_that_are_not_for_flash_left_out,
			tear_down),
		cmocka_unit_test_teardown(a_uf2_file_for_another_family_is_refused,
					  tear_down),
		cmocka_unit_test_teardown(a_malformed_uf2_file_is_refused_with_its_block,
					  tear_down),
		cmocka_unit_test_teardown(a_spoiled_file_does_no_harm, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
