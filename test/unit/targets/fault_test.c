/* SPDX-License-Identifier: MIT */
/* The words of fault status registers, bit by bit: also of those that no program of the lab sets,
 * whose Cortex-M33 has no Secure state. */
#include "targets/core/fault.h"

#include "targets/core/core_internal.h"
#include "test/unit/fake_board.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct fake_board fake;
static struct reason why;

static int
set_up(void **state)
{
	(void)state;
	fake_board_new(&fake);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	fake_board_free(&fake);
	return 0;
}

static void
connect_m33(void)
{
	fake.core->cpuid = 0x410fd214;
	fake.core->fp_ctrl = 0x10000060;
	fake_board_connect(&fake, CONNECT_HALT);
}

static const char *
secure_words(uint32_t sfsr)
{
	static char words[512];
	const struct core_fault fault = { .sfsr = sfsr, .sfar = 0x0c001000 };
	struct text text;

	text_init(&text, words, sizeof(words));
	core_fault_add_sfsr(&fault, &text);
	return words;
}

static void
an_m33_reads_why_and_where_a_secure_fault_came(void **state)
{
	struct core_fault fault;

	(void)state;
	connect_m33();
	fake.core->faults[0] = 0x00100000;
	fake.core->faults[1] = 0x40000000;
	fake.core->secure_faults[0] = 0x48;
	fake.core->secure_faults[1] = 0x0c001000;
	assert_int_equal(core_fault_read(fake.cm4, &fault, &why), CAUSE_NONE);
	assert_int_equal(fault.cfsr, 0x00100000);
	assert_int_equal(fault.hfsr, 0x40000000);
	assert_int_equal(fault.sfsr, 0x48);
	assert_int_equal(fault.sfar, 0x0c001000);
}

/* DDI 0403E.e B3.2.2: what lies there on ARMv7-M is reserved. */
static void
an_m4_is_not_asked_for_it(void **state)
{
	struct core_fault fault;

	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	fake.core->secure_faults[0] = 0x48;
	assert_int_equal(core_fault_read(fake.cm4, &fault, &why), CAUSE_NONE);
	assert_int_equal(fault.sfsr, 0);
	assert_int_equal(fake.core->secure_fault_reads, 0);
}

static void
each_bit_of_sfsr_is_explained_and_sfar_shown_while_it_is_valid(void **state)
{
	static const char *const names[] = { "INVEP:",   "INVIS:",  "INVER:", "AUVIOL:",
					     "INVTRAN:", "LSPERR:", NULL,     "LSERR:" };

	(void)state;
	for (unsigned bit = 0; bit < array_len(names); bit++) {
		const char *words = secure_words(UINT32_C(1) << bit);

		if (names[bit] == NULL)
			continue;
		assert_int_equal(strncmp(words, names[bit], strlen(names[bit])), 0);
		assert_null(strstr(words, "SFAR is"));
	}
	assert_string_equal(
		secure_words(0x48),
		"AUVIOL: non-secure code accessed what the SAU or IDAU has as Secure, at "
		"SFAR; SFAR is 0x0c001000");
}

static void
a_stack_that_reached_its_limit_is_named(void **state)
{
	const struct core_fault fault = { .cfsr = 0x00100000 };
	char words[256];
	struct text text;

	(void)state;
	text_init(&text, words, sizeof(words));
	core_fault_add_cfsr(&fault, &text);
	assert_string_equal(words,
			    "STKOF: the stack went below its limit (MSPLIM, PSPLIM)");
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FAULT_TEST(an_m33_reads_why_and_where_a_secure_fault_came),
		FAULT_TEST(an_m4_is_not_asked_for_it),
		cmocka_unit_test(
			each_bit_of_sfsr_is_explained_and_sfar_shown_while_it_is_valid),
		cmocka_unit_test(a_stack_that_reached_its_limit_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
