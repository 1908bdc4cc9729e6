/* SPDX-License-Identifier: MIT */
#include "server/cli/probes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct probe_listed free_one = {
	.candidate = { .kind = "ST-LINK/V2-1",
		       .serial = "0671FF",
		       .where = "USB 1-4.2",
		       .vendor = 0x0483,
		       .product = 0x374b,
		       .path = "1-4.2" },
	.firmware = "V2J37M26",
	.board = "ST's number 0835",
	.has_vtarget = true,
	.millivolts = 3298,
};
static const struct probe_listed held_one = {
	.candidate = { .kind = "A \"probe\"\\\n",
		       .where = "/dev/hidraw3",
		       .vendor = 0x0d28,
		       .product = 0x0204 },
	.held_by = "openocd (pid 4711)",
	.trouble = "it is in use",
	.remedy = "end that program's session",
};

static char printed[4096];

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
a_free_probe_is_described_in_lines(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	probes_print_text(file, &free_one);
	take(file);
	assert_string_equal(printed, "ST-LINK/V2-1 0671FF\n"
				     "  at         USB 1-4.2, 0483:374b\n"
				     "  firmware   V2J37M26\n"
				     "  target     3.29 V\n"
				     "  board      ST's number 0835\n");
}

static void
a_held_probe_names_its_holder(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	probes_print_text(file, &held_one);
	take(file);
	assert_non_null(strstr(printed, "of unknown serial\n"));
	assert_non_null(strstr(printed, "  held by    openocd (pid 4711)\n"
					"  unusable   it is in use\n"
					"  try        end that program's session\n"));
}

static void
in_json_what_is_not_known_is_null_and_words_are_escaped(void **state)
{
	const struct probe_listed both[] = { free_one, held_one };
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	probes_print_json(file, both, 2);
	take(file);
	assert_string_equal(
		printed,
		"{\"probes\": [\n"
		"  {\"kind\": \"ST-LINK/V2-1\", \"serial\": \"0671FF\", \"id\": "
		"\"0483:374b\", "
		"\"where\": \"USB 1-4.2\", \"path\": \"1-4.2\", \"firmware\": "
		"\"V2J37M26\", "
		"\"target_millivolts\": 3298, \"board\": \"ST's number 0835\", "
		"\"held_by\": null, \"may_open\": true, \"usable\": true, "
		"\"trouble\": null, \"remedy\": null},\n"
		"  {\"kind\": \"A \\\"probe\\\"\\\\\\u000a\", \"serial\": null, "
		"\"id\": \"0d28:0204\", \"where\": \"/dev/hidraw3\", \"path\": null, "
		"\"firmware\": null, \"target_millivolts\": null, \"board\": null, "
		"\"held_by\": \"openocd (pid 4711)\", \"may_open\": true, "
		"\"usable\": false, \"trouble\": \"it is in use\", "
		"\"remedy\": \"end that program's session\"}\n"
		"]}\n");
}

static void
no_probes_are_an_empty_list(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	probes_print_json(file, NULL, 0);
	take(file);
	assert_string_equal(printed, "{\"probes\": []}\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_free_probe_is_described_in_lines),
		cmocka_unit_test(a_held_probe_names_its_holder),
		cmocka_unit_test(in_json_what_is_not_known_is_null_and_words_are_escaped),
		cmocka_unit_test(no_probes_are_an_empty_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
