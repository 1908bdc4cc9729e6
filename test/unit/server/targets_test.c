/* SPDX-License-Identifier: MIT */
#include "server/cli/targets.h"

#include "server/cli/json.h"
#include "targets/chip/tested.h"
#include "test/unit/targets/device_fixtures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char printed[256 * 1024];

static void
take(FILE *file)
{
	size_t len;

	rewind(file);
	len = fread(printed, 1, sizeof(printed) - 1, file);
	printed[len] = '\0';
	fclose(file);
}

static void
print(void (*print_table)(FILE *, const struct device_table *,
			  const struct targets_wanted *),
      const struct device_table *table)
{
	static const struct targets_wanted all = { NULL, 0 };
	FILE *file = tmpfile();

	assert_non_null(file);
	print_table(file, table, &all);
	take(file);
}

static void
assert_printed(const char *words)
{
	if (strstr(printed, words) == NULL)
		fail_msg("lacks: %s", words);
}

static void
every_device_has_a_line(void **state)
{
	const struct device *device;
	size_t devices = 0, lines = 0;

	(void)state;
	print(targets_print_text, &device_table);
	for (; (device = device_at(&device_table, devices)) != NULL; devices++)
		assert_printed(device->name);
	for (const char *at = printed; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, devices + 1);
}

static void
names_choose_the_rows(void **state)
{
	static const char *const words[] = { "f407vg", "STM32G47" }, *const none[] = {
		"f9"
	};
	const struct targets_wanted wanted = { words, 2 }, nothing = { none, 1 };
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	targets_print_text(file, &device_table, &wanted);
	take(file);
	assert_printed("STM32F405/407/415/417");
	assert_printed("STM32G471/473/474/483/484");
	assert_null(strstr(printed, "STM32F411"));
	assert_int_equal(targets_count(&device_table, &wanted), 2);
	assert_int_equal(targets_count(&device_table, &nothing), 0);
}

static void
two_cores_and_flash_without_a_driver_are_said(void **state)
{
	(void)state;
	print(targets_print_text, &fixture_table);
	assert_printed("  0x450   cm7,cm4   2048 KiB (not programmed)  nucleo-h743zi2, ");
	assert_printed("  0x469   cm4       128 KiB                    g473-custom, ");
	assert_printed("  0x447   cm0p      192 KiB (not programmed)   -\n");
	assert_printed("  0x486   cm55      none                       -\n");
}

/* Tests run in the root of the tree. */
static void
boards_that_parts_were_tested_on_are_of_the_lab(void **state)
{
	static char lab[128 * 1024];
	FILE *file = fopen("test/emulator/board.c", "r");
	const struct device *device;
	size_t boards = 0;

	(void)state;
	assert_non_null(file);
	lab[fread(lab, 1, sizeof(lab) - 1, file)] = '\0';
	fclose(file);
	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		for (const char *const *b = device_tested_on(device); *b != NULL; b++) {
			char quoted[64];

			snprintf(quoted, sizeof(quoted), "\"%s\"", *b);
			if (strstr(lab, quoted) == NULL)
				fail_msg("the lab has no board %s", quoted);
			boards++;
		}
	assert_true(boards > 0);
}

/* Brackets and quotes close, which is not all of JSON, but where mistakes are made. */
static void
assert_balanced(void)
{
	int depth = 0;
	bool is_quoted = false;

	for (const char *at = printed; *at != '\0'; at++) {
		if (*at == '\\' && is_quoted)
			at++;
		else if (*at == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted)
			depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
		assert_true(depth >= 0);
	}
	assert_false(is_quoted);
	assert_int_equal(depth, 0);
}

static void
json_has_what_the_table_has(void **state)
{
	(void)state;
	print(targets_print_json, &fixture_table);
	assert_balanced();
	assert_printed(
		"{\"name\": \"STM32L071/072/073/081/082/083\", \"family\": \"STM32L0\"");
	assert_printed("\"dev_id\": 1095, \"flash_kib\": 192, \"flash_interface\": \"L0\", "
		       "\"programmable\": false");
	assert_printed("{\"name\": \"cm4\", \"port\": 3}");
	assert_printed("\"kind\": \"eeprom\", \"base\": 134742016, \"size\": 6144");
	assert_printed("\"alias_of\": \"SRAM1\"");
	assert_printed("\"of\": \"1 MiB, DB1M=1\"");
	assert_printed("\"tested_on\": [\"g473-custom\", \"g473-custom-512k\"]");
	assert_printed("\"flash_interface\": null");
	print(targets_print_json, &device_table);
	assert_balanced();
	assert_printed("\"programmable\": true");
}

static void
a_string_is_escaped(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	json_print_string(file, "a \"b\" \\ \n");
	take(file);
	assert_string_equal(printed, "\"a \\\"b\\\" \\\\ \\u000a\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_device_has_a_line),
		cmocka_unit_test(names_choose_the_rows),
		cmocka_unit_test(two_cores_and_flash_without_a_driver_are_said),
		cmocka_unit_test(boards_that_parts_were_tested_on_are_of_the_lab),
		cmocka_unit_test(json_has_what_the_table_has),
		cmocka_unit_test(a_string_is_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
