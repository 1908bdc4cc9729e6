/* SPDX-License-Identifier: MIT */
/* condition_test.c - agent expressions: what gdb sends, and what nobody should. */
#include "server/debug/condition.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Memory at 0x20000000 reads 80 81 82 ...; register n is 1000 + n. */
enum { RAM = 0x20000000, R7 = 7 };

static enum cause
fake_memory(void *context, uint32_t at, void *bytes, uint32_t size, struct reason *why)
{
	(void)context;
	if (at < RAM)
		return reason_begin(why, CAUSE_FAULT, "nothing is at 0x%08x", (unsigned)at);
	for (uint32_t i = 0; i < size; i++)
		((uint8_t *)bytes)[i] = (uint8_t)(0x80 + (at - RAM) + i);
	return CAUSE_NONE;
}

static enum cause
fake_register(void *context, unsigned number, uint64_t *value, struct reason *why)
{
	(void)context;
	(void)why;
	*value = 1000 + number;
	return CAUSE_NONE;
}

static const struct condition_source source = { NULL, fake_memory, fake_register };

static enum cause
evaluate(const char *digits, uint64_t *value, struct reason *why)
{
	uint8_t code[CONDITION_LEN_MAX];
	size_t len = strlen(digits) / 2;

	assert_true(hex_decode(code, digits, len));
	*why = (struct reason)REASON_INIT;
	return condition_evaluate(code, len, &source, value, why);
}

/* Byte codes, and the value that they leave. */
static const struct {
	const char *digits;
	int64_t value;
} computed[] = {
	{ "2205220302"
	  "27",
	  8 }, /* 5 + 3 */
	{ "2203220503"
	  "27",
	  -2 }, /* 3 - 5 */
	{ "2205220304"
	  "27",
	  15 }, /* 5 * 3 */
	{ "22f91608220205"
	  "27",
	  -3 }, /* -7 / 2 */
	{ "22f91608220207"
	  "27",
	  -1 }, /* -7 % 2 */
	{ "2207220206"
	  "27",
	  3 }, /* 7u / 2u */
	{ "2207220208"
	  "27",
	  1 }, /* 7u % 2u */
	{ "2201221f09"
	  "27",
	  INT64_C(1) << 31 }, /* 1 << 31 */
	{ "220122ff09"
	  "27",
	  0 }, /* 1 << 255 */
	{ "22f0160822040a"
	  "27",
	  -1 }, /* -16 >> 4 */
	{ "22f022040b"
	  "27",
	  15 }, /* 0xf0u >> 4 */
	{ "22000e"
	  "27",
	  1 }, /* !0 */
	{ "2205220c0f"
	  "27",
	  4 }, /* 5 & 12 */
	{ "2205220c10"
	  "27",
	  13 }, /* 5 | 12 */
	{ "2205220c11"
	  "27",
	  9 }, /* 5 ^ 12 */
	{ "220012"
	  "27",
	  -1 }, /* ~0 */
	{ "2205220513"
	  "27",
	  1 }, /* 5 == 5 */
	{ "22ff1608220014"
	  "27",
	  1 }, /* -1 < 0 */
	{ "22ff1608220015"
	  "27",
	  0 }, /* -1u < 0u */
	{ "23fffe1610"
	  "27",
	  -2 }, /* (short)0xfffe */
	{ "24ffffffff2a10"
	  "27",
	  0xffff }, /* (unsigned short) */
	{ "2420000001"
	  "17"
	  "27",
	  0x81 }, /* a byte of memory */
	{ "2420000000"
	  "18"
	  "27",
	  0x8180 }, /* little-endian, all */
	{ "2420000000"
	  "19"
	  "27",
	  0x83828180 },
	{ "2420000000"
	  "1a"
	  "1640"
	  "27",
	  (int64_t)UINT64_C(0x8786858483828180) },
	{ "260007"
	  "27",
	  1007 }, /* r7 */
	{ "25000000010000000027", INT64_C(1) << 32 },
	{ "22012100072209"
	  "2202"
	  "27",
	  2 }, /* goto over a constant */
	{ "2201"
	  "200008"
	  "2203"
	  "27"
	  "2204"
	  "27",
	  4 },
	{ "2200"
	  "200008"
	  "2203"
	  "27"
	  "2204"
	  "27",
	  3 },
	{ "22022804"
	  "27",
	  4 }, /* dup, mul */
	{ "2201220229"
	  "27",
	  1 }, /* pop */
	{ "220122022b03"
	  "27",
	  1 }, /* swap: 2 - 1 */
	{ "220122023201"
	  "27",
	  1 }, /* pick 1 */
	{ "2201220222033303"
	  "27",
	  -1 }, /* rot: 3 1 2; 1 - 2 */
	{ "25800000000000000022ff160805"
	  "27",
	  INT64_MIN },
};

static void
each_operation_computes_as_the_manual_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_len(computed); i++) {
		struct reason why = REASON_INIT;
		uint64_t value = 0;

		assert_int_equal(evaluate(computed[i].digits, &value, &why), CAUSE_NONE);
		assert_int_equal((int64_t)value, computed[i].value);
	}
}

static void
what_is_wrong_is_refused_with_words(void **state)
{
	static const struct {
		const char *digits, *words;
	} rows[] = {
		{ "", "no end" },
		{ "2201", "no end" },
		{ "27", "no value" },
		{ "02", "add takes what is not there" },
		{ "2201320527", "pick takes what is not there" },
		{ "2201220005"
		  "27",
		  "divides by 0" },
		{ "01", "byte 0 of the expression, 0x01, is no operation" },
		{ "2401", "byte 0 of the expression, 0x24, is no operation" },
		{ "210000", "no value after 1000 operations" },
		{ "2101ff", "no end" },
		{ "2201"
		  "28"
		  "210002",
		  "more than 32 values" },
		{ "2210"
		  "19"
		  "27",
		  "nothing is at 0x00000010" },
	};

	(void)state;
	for (size_t i = 0; i < array_len(rows); i++) {
		struct reason why = REASON_INIT;
		uint64_t value = 0;

		assert_int_not_equal(evaluate(rows[i].digits, &value, &why), CAUSE_NONE);
		assert_non_null(strstr(reason_root(&why), rows[i].words));
	}
}

/* One of several is enough; one that fails counts as true, so that gdb says why. */
static void
a_breakpoint_stops_when_one_of_its_conditions_holds_or_fails(void **state)
{
	const struct conditions none = { 0 };
	const struct conditions neither = { 8, { 3, 0x22, 0, 0x27, 3, 0x22, 0, 0x27 } };
	const struct conditions second = { 8, { 3, 0x22, 0, 0x27, 3, 0x22, 1, 0x27 } };
	const struct conditions wrong = { 2, { 1, 0x02 } };

	(void)state;
	assert_true(conditions_hold(&none, &source));
	assert_false(conditions_hold(&neither, &source));
	assert_true(conditions_hold(&second, &source));
	assert_true(conditions_hold(&wrong, &source));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_operation_computes_as_the_manual_says),
		cmocka_unit_test(what_is_wrong_is_refused_with_words),
		cmocka_unit_test(
			a_breakpoint_stops_when_one_of_its_conditions_holds_or_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
