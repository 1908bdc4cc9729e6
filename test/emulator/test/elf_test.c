/* SPDX-License-Identifier: MIT */
/* ELF files that are right, and some that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/emulator/elf.h"
#include "test/emulator/probe/bytes.h"

enum { HEADERS_AT = 52, DATA_AT = 52 + 3 * 32, FILE_SIZE = DATA_AT + 16 };

static uint8_t file[FILE_SIZE];

static void
put_program_header(unsigned index, uint32_t type, uint32_t offset, uint32_t at,
		   uint32_t size)
{
	uint8_t *header = file + HEADERS_AT + 32 * index;
	le32_put(header, type);
	le32_put(header + 4, offset);
	le32_put(header + 8, 0x20000000); /* virtual: where it runs */
	le32_put(header + 12, at);
	le32_put(header + 16, size);
}

/* Two loadable segments, one of them without bytes, and a note. */
static int
make_file(void **state)
{
	static const uint8_t ident[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	(void)state;
	memset(file, 0, sizeof(file));
	memcpy(file, ident, sizeof(ident));
	le16_put(file + 18, 40);
	le32_put(file + 28, HEADERS_AT);
	le16_put(file + 42, 32);
	le16_put(file + 44, 3);
	put_program_header(0, 4, 0, 0, 99);
	put_program_header(1, 1, 0, 0x20001000, 0);
	put_program_header(2, 1, DATA_AT, 0x08000100, 16);
	memset(file + DATA_AT, 0x5a, 16);
	return 0;
}

static void
segments_lie_at_their_physical_address(void **state)
{
	struct elf_segment segment;
	const char *error;
	unsigned position = 0;
	(void)state;
	assert_null(elf_check(file, sizeof(file)));
	assert_true(elf_next_segment(file, sizeof(file), &position, &segment, &error));
	assert_int_equal(segment.at, 0x08000100);
	assert_int_equal(segment.size, 16);
	assert_int_equal(segment.bytes[15], 0x5a);
	assert_false(elf_next_segment(file, sizeof(file), &position, &segment, &error));
	assert_null(error);
}

static void
a_file_for_another_machine_is_refused(void **state)
{
	(void)state;
	file[18] = 62;
	assert_string_equal(elf_check(file, sizeof(file)),
			    "it is an ELF file, but not for a 32-bit Arm");
	file[18] = 40;
	file[4] = 2;
	assert_non_null(elf_check(file, sizeof(file)));
}

static void
a_file_that_was_cut_short_is_refused(void **state)
{
	(void)state;
	for (size_t size = 0; size < DATA_AT; size++)
		assert_non_null(elf_check(file, size));
}

static void
a_segment_outside_the_file_is_reported(void **state)
{
	struct elf_segment segment;
	const char *error;
	unsigned position = 0;
	(void)state;
	put_program_header(2, 1, DATA_AT, 0x08000100, 0xfffffff0);
	assert_false(elf_next_segment(file, sizeof(file), &position, &segment, &error));
	assert_string_equal(error, "a segment lies outside the file");
}

static void
headers_outside_the_file_are_refused(void **state)
{
	(void)state;
	le32_put(file + 28, 0xffffffe0);
	assert_string_equal(elf_check(file, sizeof(file)),
			    "its program headers lie outside the file");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(segments_lie_at_their_physical_address, make_file),
		cmocka_unit_test_setup(a_file_for_another_machine_is_refused, make_file),
		cmocka_unit_test_setup(a_file_that_was_cut_short_is_refused, make_file),
		cmocka_unit_test_setup(a_segment_outside_the_file_is_reported, make_file),
		cmocka_unit_test_setup(headers_outside_the_file_are_refused, make_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
