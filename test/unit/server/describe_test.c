/* SPDX-License-Identifier: MIT */
#include "server/rsp/describe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char document[DESCRIBE_MAX];

static struct text
empty_document(void)
{
	struct text xml;

	text_init(&xml, document, sizeof(document));
	return xml;
}

static unsigned
count(const char *needle)
{
	unsigned n = 0;

	for (const char *at = document; (at = strstr(at, needle)) != NULL; at++)
		n++;
	return n;
}

/* The kinds of Cortex-M, by what their registers differ in. */
static const struct kind {
	const char *name;
	uint8_t features;
} kinds[] = {
	{ "m0", FEATURE_ALWAYS },
	{ "m3", FEATURE_MAINLINE },
	{ "m4f", FEATURE_MAINLINE | FEATURE_FPU },
	{ "m7", FEATURE_MAINLINE | FEATURE_FPU | FEATURE_FPU_DOUBLE },
	{ "m23-secure", FEATURE_SECURITY },
	{ "m33", FEATURE_MAINLINE | FEATURE_FPU | FEATURE_STACK_LIMITS },
	{ "m33-secure", FEATURE_MAINLINE | FEATURE_FPU | FEATURE_SECURITY },
	{ "m55", FEATURE_MAINLINE | FEATURE_FPU | FEATURE_FPU_DOUBLE |
			 FEATURE_STACK_LIMITS | FEATURE_MVE },
	{ "m55-secure", FEATURE_MAINLINE | FEATURE_FPU | FEATURE_FPU_DOUBLE |
				FEATURE_SECURITY | FEATURE_MVE },
};

static void
describe_kind(const struct kind *kind)
{
	struct core_identity core = { .features = kind->features };
	struct text xml = empty_document();

	describe_target(&core, &xml);
	assert_false(xml.is_cut);
}

static bool
has(const struct kind *kind, unsigned features)
{
	return (features & ~kind->features) == 0;
}

static void
a_core_is_described_with_exactly_its_registers(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_len(kinds); i++) {
		const struct kind *kind = &kinds[i];

		describe_kind(kind);
		assert_int_equal(count("<reg "), core_register_count(kind->features));
		assert_int_equal(count("\"basepri\""), has(kind, FEATURE_MAINLINE));
		assert_int_equal(count("\"d15\""), has(kind, FEATURE_FPU));
		assert_int_equal(count("\"msplim\""), has(kind, FEATURE_STACK_LIMITS));
		assert_int_equal(count("arm.secext\""), has(kind, FEATURE_SECURITY));
		assert_int_equal(count("\"psp_ns\""), has(kind, FEATURE_SECURITY));
		assert_int_equal(count("\"msplim_s\""), has(kind, FEATURE_SECURITY));
		assert_int_equal(count("\"msplim_ns\""),
				 has(kind, FEATURE_SECURITY | FEATURE_MAINLINE));
		assert_int_equal(count("\"basepri_s\""),
				 has(kind, FEATURE_SECURITY | FEATURE_MAINLINE));
		assert_int_equal(count("\"vpr\""), has(kind, FEATURE_MVE));
		assert_int_equal(count("arm.m-profile-mve\""), has(kind, FEATURE_MVE));
	}
}

static void
the_bits_of_a_register_have_the_names_that_the_core_gives_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_len(kinds); i++) {
		const struct kind *kind = &kinds[i];

		describe_kind(kind);
		assert_int_equal(count("name=\"SPSEL\" start=\"1\" end=\"1\"/>"), 1);
		assert_int_equal(count("name=\"FPCA\""), has(kind, FEATURE_FPU));
		assert_int_equal(count("name=\"SFPA\""),
				 has(kind, FEATURE_FPU | FEATURE_SECURITY));
		assert_int_equal(count("name=\"Q\" start=\"27\" end=\"27\"/>"),
				 has(kind, FEATURE_MAINLINE));
		assert_int_equal(count("name=\"ISR\" start=\"0\" end=\"8\" "
				       "type=\"exception\"/>"),
				 1);
		assert_int_equal(count("<evalue name=\"HardFault\" value=\"3\"/>"), 1);
		assert_int_equal(count("<enum id=\"rounding\""), has(kind, FEATURE_FPU));
		assert_int_equal(count("name=\"LTPSIZE\""), has(kind, FEATURE_MVE));
		assert_int_equal(count("name=\"P0\" start=\"0\" end=\"15\"/>"),
				 has(kind, FEATURE_MVE));
	}
}

/* Does each element of the document end, and in its parent (XML 1.0, 2.1)? */
static bool
is_nested(const char *at)
{
	const char *open[8];
	unsigned depth = 0;

	while ((at = strchr(at, '<')) != NULL) {
		const char *name = at + 1, *end = strchr(at, '>');

		at++;
		if (end == NULL)
			return false;
		if (*name == '?' || *name == '!' || end[-1] == '/')
			continue;
		if (*name != '/' && depth == array_len(open))
			return false;
		if (*name != '/')
			open[depth++] = name;
		else if (depth == 0 ||
			 strncmp(open[--depth], name + 1, (size_t)(end - name) - 1) != 0)
			return false;
	}
	return depth == 0;
}

/* A type is known from its place on, in its feature (GDB manual, "Target Description Format"). */
static void
each_type_stands_before_its_registers_and_once_in_their_feature(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_len(kinds); i++) {
		describe_kind(&kinds[i]);
		assert_true(is_nested(document));
		assert_int_equal(count("<flags id=\"xpsr_bits\" size=\"4\">"), 1);
		assert_int_equal(count("<flags id=\"control_bits\" size=\"4\">"), 1);
		assert_true(strstr(document, "<enum id=\"exception\"") <
			    strstr(document, "<flags id=\"xpsr_bits\""));
		assert_true(strstr(document, "<flags id=\"control_bits\"") <
			    strstr(document, "<reg name=\"control\""));
		assert_true(strstr(document, "arm.m-system") <
			    strstr(document, "<flags id=\"control_bits\""));
	}
}

/* gdb refuses a map that leaves gaps: it would not let the user look at what is in them. */
static void
the_memory_map_covers_every_address_once(void **state)
{
	static const struct memory_entry first = { .runs = { { 64, KIB(2) } } };
	static const struct memory_entry second = { .runs = { { 32, KIB(2) } } };
	static const struct geometry geometry = {
		.banks_len = 2,
		.banks = { { &first, 0x08000000, KIB(64) },
			   { &second, 0x08040000, KIB(64) } },
	};
	static const char expected[] =
		"  <memory type=\"ram\" start=\"0x00000000\" length=\"0x8000000\"/>\n"
		"  <memory type=\"flash\" start=\"0x08000000\" length=\"0x10000\">\n"
		"    <property name=\"blocksize\">0x800</property>\n"
		"  </memory>\n"
		"  <memory type=\"ram\" start=\"0x08010000\" length=\"0x30000\"/>\n"
		"  <memory type=\"flash\" start=\"0x08040000\" length=\"0x10000\">\n"
		"    <property name=\"blocksize\">0x800</property>\n"
		"  </memory>\n"
		"  <memory type=\"ram\" start=\"0x08050000\" length=\"0xf7fb0000\"/>\n"
		"</memory-map>\n";
	struct text xml = empty_document();

	(void)state;
	describe_memory_map(&geometry, &xml);
	assert_non_null(strstr(document, expected));
}

static void
without_known_flash_all_is_memory(void **state)
{
	struct text xml = empty_document();

	(void)state;
	describe_memory_map(NULL, &xml);
	assert_non_null(strstr(document,
			       "type=\"ram\" start=\"0x00000000\" length=\"0x100000000\""));
	assert_null(strstr(document, "flash\""));
}

static void
a_threads_words_may_hold_anything(void **state)
{
	struct text xml = empty_document();

	(void)state;
	describe_threads_begin(&xml);
	describe_thread("1", "cm4", "halted: \"<&'>\"", &xml);
	describe_threads_end(&xml);
	assert_non_null(strstr(document, "<thread id=\"1\" name=\"cm4\">halted: "
					 "&quot;&lt;&amp;&apos;&gt;&quot;</thread>"));
}

/* For the tests with a gdb: each kind's description as a file. */
static int
write_kinds(const char *folder)
{
	for (size_t i = 0; i < array_len(kinds); i++) {
		char path[256];
		FILE *file;

		describe_kind(&kinds[i]);
		snprintf(path, sizeof(path), "%s/%s.xml", folder, kinds[i].name);
		file = fopen(path, "w");
		if (file == NULL || fputs(document, file) < 0 || fclose(file) != 0)
			return 1;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_core_is_described_with_exactly_its_registers),
		cmocka_unit_test(
			the_bits_of_a_register_have_the_names_that_the_core_gives_them),
		cmocka_unit_test(
			each_type_stands_before_its_registers_and_once_in_their_feature),
		cmocka_unit_test(the_memory_map_covers_every_address_once),
		cmocka_unit_test(without_known_flash_all_is_memory),
		cmocka_unit_test(a_threads_words_may_hold_anything),
	};

	if (argc == 2)
		return write_kinds(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
