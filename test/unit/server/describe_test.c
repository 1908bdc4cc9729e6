/* SPDX-License-Identifier: MIT */
#include "server/rsp/describe.h"

#include <setjmp.h>
#include <stdarg.h>
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

static void
a_core_is_described_with_exactly_its_registers(void **state)
{
	static const uint8_t kinds[] = { FEATURE_ALWAYS, FEATURE_MAINLINE,
					 FEATURE_MAINLINE | FEATURE_FPU };

	(void)state;
	for (size_t i = 0; i < array_len(kinds); i++) {
		struct core_identity core = { .features = kinds[i] };
		struct text xml = empty_document();

		describe_target(&core, &xml);
		assert_int_equal(count("<reg "), core_register_count(kinds[i]));
		assert_int_equal(count("\"basepri\""), (kinds[i] & FEATURE_MAINLINE) != 0);
		assert_int_equal(count("\"d15\""), (kinds[i] & FEATURE_FPU) != 0);
		assert_int_equal(count("<feature "), count("</feature>"));
		assert_false(xml.is_cut);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_core_is_described_with_exactly_its_registers),
		cmocka_unit_test(the_memory_map_covers_every_address_once),
		cmocka_unit_test(without_known_flash_all_is_memory),
		cmocka_unit_test(a_threads_words_may_hold_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
