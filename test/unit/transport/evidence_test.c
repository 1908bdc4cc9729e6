/* SPDX-License-Identifier: MIT */
#include "transport/base/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *
words_of(const struct evidence *evidence)
{
	static char buffer[256];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	evidence_add_words(evidence, &words);
	return buffer;
}

static void
the_target_voltage_comes_first_whenever_it_was_seen(void **state)
{
	struct evidence evidence = { 0 };

	(void)state;
	assert_string_equal(words_of(&evidence), "");
	evidence_add(&evidence, FACT_CLOCK, 4000000, true);
	evidence_add(&evidence, FACT_TARGET_VOLTAGE, 3290, true);
	assert_string_equal(words_of(&evidence),
			    "target voltage 3.29 V, SWD clock 4000 kHz");
}

static void
a_fact_seen_again_has_the_new_value(void **state)
{
	struct evidence evidence = { 0 };

	(void)state;
	evidence_add(&evidence, FACT_TARGET_VOLTAGE, 3300, true);
	evidence_add(&evidence, FACT_TARGET_VOLTAGE, 0, true);
	assert_int_equal(evidence.len, 1);
	assert_string_equal(words_of(&evidence), "target voltage 0.00 V");
}

static void
what_could_not_be_had_is_said_to_be_not_known(void **state)
{
	struct evidence evidence = { 0 };

	(void)state;
	evidence_add(&evidence, FACT_TARGET_VOLTAGE, 0, false);
	assert_string_equal(words_of(&evidence), "target voltage not known");
	assert_false(evidence_find(&evidence, FACT_TARGET_VOLTAGE)->is_known);
	assert_null(evidence_find(&evidence, FACT_CLOCK));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_target_voltage_comes_first_whenever_it_was_seen),
		cmocka_unit_test(a_fact_seen_again_has_the_new_value),
		cmocka_unit_test(what_could_not_be_had_is_said_to_be_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
