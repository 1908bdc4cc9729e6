/* SPDX-License-Identifier: MIT */
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
numbers_are_little_endian(void **state)
{
	const uint8_t bytes[] = { 0x78, 0x56, 0x34, 0xf2 };
	uint8_t out[4] = { 0 };

	(void)state;
	assert_int_equal(le16_get(bytes), 0x5678);
	assert_int_equal(le32_get(bytes), 0xf2345678);
	le16_put(out, 0xabcd);
	assert_memory_equal(out, "\xcd\xab\0\0", 4);
	le32_put(out, 0xf2345678);
	assert_memory_equal(out, bytes, 4);
}

static void
aligning_down_keeps_what_is_aligned(void **state)
{
	(void)state;
	assert_int_equal(align_down(0x1003, 4), 0x1000);
	assert_int_equal(align_down(0x1000, 4), 0x1000);
	assert_int_equal(align_down(0xffffffff, 0x80000000), 0x80000000);
	assert_int_equal(align_down(7, 1), 7);
}

static void
ranges_contain_what_lies_in_them(void **state)
{
	(void)state;
	assert_true(range_contains(0x20000000, 0x100, 0x20000000, 0x100));
	assert_true(range_contains(0x20000000, 0x100, 0x200000ff, 1));
	assert_false(range_contains(0x20000000, 0x100, 0x200000ff, 2));
	assert_false(range_contains(0x20000000, 0x100, 0x1fffffff, 1));
	assert_true(range_contains(0x20000000, 0x100, 0x20000100, 0));
}

static void
ranges_may_end_at_the_end_of_all_addresses(void **state)
{
	(void)state;
	assert_true(range_contains(0xffffff00, 0x100, 0xfffffffc, 4));
	assert_false(range_contains(0xffffff00, 0x100, 0xfffffffc, 5));
	assert_true(range_contains(0, UINT64_C(0x100000000), 0xffffffff, 1));
	assert_false(range_contains(0, 0x100, 0x10, UINT64_C(0x100000000)));
}

static void
hex_digits_are_known_in_both_cases(void **state)
{
	(void)state;
	assert_int_equal(hex_digit('0'), 0);
	assert_int_equal(hex_digit('9'), 9);
	assert_int_equal(hex_digit('a'), 10);
	assert_int_equal(hex_digit('F'), 15);
	assert_int_equal(hex_digit('g'), -1);
	assert_int_equal(hex_digit('/'), -1);
	assert_int_equal(hex_digit(':'), -1);
	assert_int_equal(hex_digit('\0'), -1);
	assert_int_equal(hex_digit((char)0xb0), -1);
}

static void
hex_goes_both_ways(void **state)
{
	uint8_t bytes[3] = { 0 };
	char digits[7];

	(void)state;
	hex_encode(digits, (const uint8_t *)"\x00\x9f\xff", 3);
	assert_string_equal(digits, "009fff");
	assert_true(hex_decode(bytes, "009FfF", 3));
	assert_memory_equal(bytes, "\x00\x9f\xff", 3);
	hex_encode(digits, bytes, 0);
	assert_string_equal(digits, "");
}

static void
hex_that_is_none_or_too_short_is_refused(void **state)
{
	uint8_t bytes[2];

	(void)state;
	assert_false(hex_decode(bytes, "0x", 1));
	assert_false(hex_decode(bytes, "1", 1));
	assert_false(hex_decode(bytes, "12 3", 2));
	assert_false(hex_decode(bytes, "", 1));
	assert_true(hex_decode(bytes, "", 0));
}

static void
a_structure_is_found_by_its_member(void **state)
{
	struct outer {
		int first;
		char member;
	} outer;

	(void)state;
	assert_ptr_equal(container_of(&outer.member, struct outer, member), &outer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_little_endian),
		cmocka_unit_test(aligning_down_keeps_what_is_aligned),
		cmocka_unit_test(ranges_contain_what_lies_in_them),
		cmocka_unit_test(ranges_may_end_at_the_end_of_all_addresses),
		cmocka_unit_test(hex_digits_are_known_in_both_cases),
		cmocka_unit_test(hex_goes_both_ways),
		cmocka_unit_test(hex_that_is_none_or_too_short_is_refused),
		cmocka_unit_test(a_structure_is_found_by_its_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
