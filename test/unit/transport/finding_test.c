/* SPDX-License-Identifier: MIT */
#include "transport/base/finding.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct finding_row *
row(int finding)
{
	return finding_row((enum finding)finding);
}

/* "A1" to "F11". */
static bool
is_failure_mode(const char *id)
{
	return id[0] >= 'A' && id[0] <= 'F' && isdigit((unsigned char)id[1]);
}

static bool
is_of_an_area(const char *id)
{
	static const char *const areas[] = { "REQUEST_", "HOST_", "PROBE_", "LINK_",
					     "TARGET_" };

	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		if (strncmp(id, areas[i], strlen(areas[i])) == 0)
			return true;
	return false;
}

static void
every_finding_has_an_id_of_a_failure_mode_or_an_area(void **state)
{
	(void)state;
	for (int i = FINDING_NONE + 1; i < FINDINGS_END; i++)
		if (!is_failure_mode(row(i)->id) && !is_of_an_area(row(i)->id))
			fail_msg("%s is of no area", row(i)->id);
	assert_string_equal(finding_row(FINDING_C1)->id, "C1");
	assert_string_equal(finding_row(FINDING_C1)->name, "firmware-disabled-swd");
}

static void
every_failure_mode_of_the_catalogue_has_a_row(void **state)
{
	static const int modes[] = { 10, 18, 13, 12, 11, 11 };
	int found[6] = { 0 };

	(void)state;
	for (int i = FINDING_NONE + 1; i < FINDINGS_END; i++)
		if (is_failure_mode(row(i)->id))
			found[row(i)->id[0] - 'A']++;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		assert_int_equal(found[i], modes[i]);
}

static void
no_two_findings_have_the_same_name(void **state)
{
	(void)state;
	for (int i = FINDING_NONE + 1; i < FINDINGS_END; i++)
		for (int k = FINDING_NONE + 1; k < i; k++)
			assert_string_not_equal(row(i)->name, row(k)->name);
}

/* So that they can stand in a line of a reason, alone, and in JSON. */
static void
names_are_words_with_hyphens_and_sentences_are_clauses(void **state)
{
	(void)state;
	for (int i = FINDING_NONE + 1; i < FINDINGS_END; i++) {
		const struct finding_row *r = row(i);

		assert_int_equal(strspn(r->name, "abcdefghijklmnopqrstuvwxyz0123456789-"),
				 strlen(r->name));
		assert_true(strlen(r->sentence) > 0 && strlen(r->remedy) > 0);
		assert_true(r->sentence[strlen(r->sentence) - 1] != '.');
		assert_true(r->remedy[strlen(r->remedy) - 1] != '.');
		assert_false(isupper((unsigned char)r->remedy[0]) &&
			     islower((unsigned char)r->remedy[1]));
		assert_null(strstr(r->sentence, "{}"));
	}
}

static void
a_remedy_has_one_place_for_a_value_at_most(void **state)
{
	(void)state;
	for (int i = FINDING_NONE + 1; i < FINDINGS_END; i++) {
		const char *hole = strstr(row(i)->remedy, "{}");

		assert_true(hole == NULL || strstr(hole + 2, "{}") == NULL);
	}
}

static void
the_value_takes_the_place_of_the_braces(void **state)
{
	char buffer[256];
	struct text words;

	(void)state;
	text_init(&words, buffer, sizeof(buffer));
	finding_add_remedy(FINDING_REQUEST_SWO_RATE, "2000000", &words);
	assert_string_equal(buffer, "have the target send at 2000000 baud or less");
	text_init(&words, buffer, sizeof(buffer));
	finding_add_remedy(FINDING_A7, "nobody asked", &words);
	assert_string_equal(buffer, "re-plug the probe");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_finding_has_an_id_of_a_failure_mode_or_an_area),
		cmocka_unit_test(every_failure_mode_of_the_catalogue_has_a_row),
		cmocka_unit_test(no_two_findings_have_the_same_name),
		cmocka_unit_test(names_are_words_with_hyphens_and_sentences_are_clauses),
		cmocka_unit_test(a_remedy_has_one_place_for_a_value_at_most),
		cmocka_unit_test(the_value_takes_the_place_of_the_braces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
