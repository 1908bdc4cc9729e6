/* SPDX-License-Identifier: MIT */
#include "transport/base/reg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PAINT(F)                                 \
	F(PAINT, WET, 0, 1, "the paint is wet")  \
	F(PAINT, LAYERS, 4, 3, "so many layers") \
	F(PAINT, SEALED, 31, 1, "it is sealed")
REG_CONSTANTS(PAINT);
static const struct reg_field paint[] = REG_FIELDS(PAINT);

#define WHOLE(F) F(WHOLE, ALL, 0, 32, "everything")
REG_CONSTANTS(WHOLE);
static const struct reg_field whole[] = REG_FIELDS(WHOLE);

static void
explain(const struct reg_field *fields, uint32_t value, char *out, size_t size)
{
	struct text words;

	text_init(&words, out, size);
	reg_explain(fields, value, &words);
}

static void
masks_get_and_put_agree(void **state)
{
	(void)state;
	assert_int_equal(REG_MASK(PAINT_WET), 1);
	assert_int_equal(REG_MASK(PAINT_LAYERS), 0x70);
	assert_int_equal(REG_MASK(PAINT_SEALED), 0x80000000);
	assert_int_equal(REG_MASK(WHOLE_ALL), 0xffffffff);
	assert_int_equal(REG_GET(0xa5, PAINT_LAYERS), 2);
	assert_int_equal(REG_PUT(5, PAINT_LAYERS), 0x50);
	assert_int_equal(REG_PUT(1, PAINT_SEALED), 0x80000000);
}

static void
put_keeps_to_its_field(void **state)
{
	(void)state;
	assert_int_equal(REG_PUT(0xff, PAINT_LAYERS), 0x70);
	assert_int_equal(REG_PUT(2, PAINT_WET), 0);
}

static void
set_fields_are_listed_in_order_with_their_meaning(void **state)
{
	char words[128];

	(void)state;
	explain(paint, 0x80000021, words, sizeof(words));
	assert_string_equal(words, "WET: the paint is wet, LAYERS=2: so many layers, "
				   "SEALED: it is sealed");
}

static void
a_value_without_known_bits_says_so(void **state)
{
	char words[32];

	(void)state;
	explain(paint, 0x00000f0e & ~0x70u, words, sizeof(words));
	assert_string_equal(words, "no bit set");
}

static void
a_field_may_be_the_whole_register(void **state)
{
	char words[64];

	(void)state;
	explain(whole, 0xffffffff, words, sizeof(words));
	assert_string_equal(words, "ALL=4294967295: everything");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_get_and_put_agree),
		cmocka_unit_test(put_keeps_to_its_field),
		cmocka_unit_test(set_fields_are_listed_in_order_with_their_meaning),
		cmocka_unit_test(a_value_without_known_bits_says_so),
		cmocka_unit_test(a_field_may_be_the_whole_register),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
