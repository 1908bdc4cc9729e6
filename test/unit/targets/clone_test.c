/* SPDX-License-Identifier: MIT */
/* Chips that are not ST's, by what is published of them: the values are not those of the rows' file
 * but of logs that people posted, which clone.c names. */
#include "targets/chip/clone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { BY_ST = 0x020, BY_ARM = 0x23b, BY_GIGADEVICE = 0x3d1 };

static const struct device *
named(const char *part)
{
	return part != NULL ? device_by_name(&device_table, part) : NULL;
}

/* The log of one chip, and how its name begins; NULL: it is ST's. */
static const struct {
	uint32_t dpidr, cpuid, idcode;
	uint16_t designer, part;
	const char *says, *is;
} logs[] = {
	{ 0x1ba01477, 0x411fc231, 0x20036410, BY_ST, 0x410, "STM32F103CB", NULL },
	{ 0x2ba01477, 0x410fc241, 0x20036469, BY_ST, 0x469, "STM32G473VB", NULL },
	{ 0x0bc11477, 0x410cc601, 0x10006457, BY_ARM, 0x4c0, "STM32L011K4", NULL },
	{ 0x0bb11477, 0x410cc200, 0x20006440, BY_ST, 0x440, "STM32F030R8", NULL },
	{ 0x1ba01477, 0x412fc231, 0x13030410, BY_GIGADEVICE, 0x76f, "STM32F103CB",
	  "GD32F103 (GigaDevice)" },
	{ 0x1ba01477, 0x410fc241, 0x17040414, BY_GIGADEVICE, 0x76f, "STM32F103RE",
	  "GD32F30x (GigaDevice)" },
	{ 0x2ba01477, 0x410fc241, 0x16080419, BY_GIGADEVICE, 0x2b3, "STM32F429ZI",
	  "GD32F450" },
	{ 0x0be12477, 0x410fd213, 0x20000444, BY_GIGADEVICE, 0x000, NULL, "GD32E50x" },
	{ 0x0bf11477, 0x411cd200, 0x19090410, BY_ARM, 0x4cb, NULL, "GD32E23x" },
	{ 0x2ba01477, 0x412fc231, 0x20036410, BY_ARM, 0x4c3, "STM32F103CB",
	  "copy of an STM32F1 (APM32F103, CKS32F103 or CS32F103)" },
	{ 0x2ba01477, 0x412fc231, 0x20000410, BY_ARM, 0x4c3, "STM32F103CB",
	  "CH32F103 (WCH)" },
	{ 0x1ba01477, 0x412fc231, 0x20036410, 0x055, 0x000, "STM32F103CB",
	  "copy of an STM32F1 (HK32F103" },
	{ 0x2ba01477, 0x412fc231, 0x20036410, 0, 0, "STM32F103CB",
	  "copy of an STM32F1 (its core is not ST's" },
	{ 0x1ba01477, 0x410fc241, 0x70050242, BY_ARM, 0x4c4, NULL, "AT32F403A" },
	{ 0x1ba01477, 0x410fc241, 0x70084598, BY_ARM, 0x4c4, NULL, "AT32F435" },
	{ 0x0bc11477, 0x410cc601, 0x60001000, BY_ARM, 0x4c0, NULL, "PY32F0" },
	{ 0x0bc11477, 0x410cc601, 0x20006440, BY_ARM, 0x4c0, "STM32F030R8",
	  "copy of an STM32F0" },
	{ 0x2ba01477, 0x412fc231, 0xcc9aa0e7, 0x575, 0x000, NULL, "MM32" },
	{ 0x2ba01477, 0x410fc241, 0x10016433, 0x123, 0x456, "STM32F401CE",
	  "chip of another maker" },
};

static void
each_is_named_by_what_was_read_of_it_and_an_stm32_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_len(logs); i++) {
		const struct clone_evidence seen = { logs[i].dpidr,  logs[i].cpuid,
						     logs[i].idcode, logs[i].designer,
						     logs[i].part,   named(logs[i].says) };
		const struct clone *clone = clone_find(&seen);

		assert_true(logs[i].says == NULL || seen.device != NULL);
		if ((clone == NULL) != (logs[i].is == NULL) ||
		    (clone != NULL &&
		     strncmp(clone->name, logs[i].is, strlen(logs[i].is)) != 0))
			fail_msg("log %zu is taken for %s", i,
				 clone != NULL ? clone->name : "an STM32");
	}
}

static unsigned
tests_of(const struct clone *clone)
{
	const bool tests[] = { clone->dpidr.mask != 0, clone->cpuid.mask != 0,
			       clone->idcode.mask != 0, clone->part != 0,
			       clone->copies != NULL };
	unsigned count = 0;

	for (size_t i = 0; i < array_len(tests); i++)
		count += tests[i];
	return count;
}

/* A designer's JEP106 code says it by itself, Arm's but with other things. */
static void
each_row_has_its_source_and_needs_two_things_at_least(void **state)
{
	(void)state;
	for (const struct clone *clone = clones; clone->name != NULL; clone++) {
		assert_non_null(clone->source);
		assert_int_equal(clone->dpidr.value & ~clone->dpidr.mask, 0);
		assert_int_equal(clone->cpuid.value & ~clone->cpuid.mask, 0);
		assert_int_equal(clone->idcode.value & ~clone->idcode.mask, 0);
		if (clone->designer == 0 || clone->designer == BY_ARM)
			assert_true(tests_of(clone) >= 2);
	}
}

static void
an_artery_part_has_its_size_and_an_idcode_of_two_series_has_both(void **state)
{
	const struct artery_part *part = artery_part_find(0x700502cf, NULL);

	(void)state;
	assert_string_equal(part->name, "AT32F403ACET7");
	assert_int_equal(part->flash_kib, 512);
	assert_int_equal(part->page_size, 2048);
	assert_null(artery_part_find(0x700502cf, part));
	part = artery_part_find(0x70030240, NULL);
	assert_string_equal(part->name, "AT32F413RCT7");
	part = artery_part_find(0x70030240, part);
	assert_string_equal(part->name, "AT32F415RCT7");
	assert_null(artery_part_find(0x70030240, part));
	assert_null(artery_part_find(0x20036410, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_named_by_what_was_read_of_it_and_an_stm32_is_none),
		cmocka_unit_test(each_row_has_its_source_and_needs_two_things_at_least),
		cmocka_unit_test(
			an_artery_part_has_its_size_and_an_idcode_of_two_series_has_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
