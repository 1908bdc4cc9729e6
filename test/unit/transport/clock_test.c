/* SPDX-License-Identifier: MIT */
#include "test/unit/fake_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
a_deadline_is_over_when_its_time_has_come_and_not_before(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct deadline deadline = deadline_in_ms(&fake->clock, 20);

	(void)state;
	fake->now_us += 19999;
	assert_false(deadline_is_over(&deadline));
	fake->now_us += 1;
	assert_true(deadline_is_over(&deadline));
	fake_probe_free(fake);
}

static void
the_time_left_is_rounded_up(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct deadline deadline = deadline_in_ms(&fake->clock, 20);

	(void)state;
	assert_int_equal(deadline_left_ms(&deadline), 20);
	fake->now_us += 1;
	assert_int_equal(deadline_left_ms(&deadline), 20);
	fake->now_us += 19998;
	assert_int_equal(deadline_left_ms(&deadline), 1);
	fake->now_us += 1;
	assert_int_equal(deadline_left_ms(&deadline), 0);
	fake->now_us += 1000000;
	assert_int_equal(deadline_left_ms(&deadline), 0);
	fake_probe_free(fake);
}

static void
a_deadline_may_be_far_away(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct deadline deadline = deadline_in_ms(&fake->clock, UINT32_MAX);

	(void)state;
	assert_false(deadline_is_over(&deadline));
	assert_int_equal(deadline_left_ms(&deadline), UINT32_MAX);
	fake_probe_free(fake);
}

static void
the_computers_clock_goes_on_by_what_was_slept(void **state)
{
	uint64_t before = clock_now_us(clock_host());

	(void)state;
	clock_sleep_us(clock_host(), 2000);
	assert_true(clock_now_us(clock_host()) >= before + 2000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deadline_is_over_when_its_time_has_come_and_not_before),
		cmocka_unit_test(the_time_left_is_rounded_up),
		cmocka_unit_test(a_deadline_may_be_far_away),
		cmocka_unit_test(the_computers_clock_goes_on_by_what_was_slept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
