/* SPDX-License-Identifier: MIT */
#include "flash/load/file.h"

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
		       "line 2 is no record of Intel");
	assert_refused(HEX_HIGH ":04010000DEADBEC3\r\n" HEX_END,
		       "line 2 is no record of Intel");
	assert_refused(HEX_HIGH ":0401000\r\n" HEX_END, "line 2 is no record of Intel");
	assert_refused(HEX_HIGH "04010000DEADBEEFC3\r\n", "line 2 is no record of Intel");
	assert_refused(HEX_HIGH HEX_DATA, "it ends without a record that ends it");
	assert_refused(HEX_END, "there is nothing in it to load");
	assert_refused("S30908000100DEADBEEFB6\nS70508000000F2\n",
		       "line 1 is no record of S-records");
	assert_refused("anything", "so it has no addresses: --at ADDRESS gives it one");
}

/* What one direction writes the other reads, across a boundary of 64 KiB and with an odd end. */
static void
what_is_written_is_read_again(void **state)
{
	static const char *const ends[] = {
		".hex", ".IHEX", ".srec", ".s19", ".mot", ".bin"
	};
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
		cmocka_unit_test_teardown(segments_of_elf_are_read_at_their_load_address,
					  tear_down),
		cmocka_unit_test_teardown(an_elf_file_that_points_outside_itself_is_refused,
					  tear_down),
		cmocka_unit_test_teardown(what_is_malformed_is_refused_with_its_line,
					  tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
