/* SPDX-License-Identifier: MIT */
/* What a call is given beyond its time: cycles of the core, by a counter that a fake core has. */
#include "flash/runner/extension.h"

#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { CALL_MS = 1000, CYCLES_OF_CALL = CALL_MS * 32000, NOCYCCNT = 1 << 25 };

static const struct device part = { .name = "part", .max_flash_kib = 128 };

struct counter {
	uint32_t ctrl, cyccnt;
	uint32_t runs; /* between two looks, while it counts */
};

static struct fake_chip chip;
static struct counter counter;
static struct extension extension;

static enum swd_ack
on_dwt(void *context, struct fake_access *access)
{
	struct counter *of = context;
	bool is_ctrl = access->at % 8 == 0;

	if (access->is_write) {
		*(is_ctrl ? &of->ctrl : &of->cyccnt) = access->value;
		return ACK_OK;
	}
	of->cyccnt += is_ctrl || (of->ctrl & 1) == 0 ? 0 : of->runs;
	access->value = is_ctrl ? of->ctrl : of->cyccnt;
	return ACK_OK;
}

static int
set_up(void **state)
{
	(void)state;
	chip_open(&chip, &part, 128);
	counter = (struct counter){ .cyccnt = 0xfffff000 };
	extension = (struct extension){ 0 };
	fake_probe_hook(chip.fake, 0xe0001000, 8, on_dwt, &counter);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	chip_close(&chip);
	return 0;
}

static bool
is_over(void)
{
	return extension_is_over(&extension, &chip.core, &chip.fake->clock, CALL_MS);
}

/* Looks until it is over; how many that took. */
static unsigned
looks(unsigned most)
{
	unsigned count = 1;

	while (!is_over() && count < most)
		count++;
	return count;
}

static void
a_core_gets_the_cycles_that_its_call_takes(void **state)
{
	(void)state;
	counter.runs = CYCLES_OF_CALL / 100;
	assert_in_range(looks(1000), 99, 101);
	extension_forget(&extension); /* another call begins anew */
	assert_in_range(looks(1000), 99, 101);
}

static void
a_core_whose_cycles_are_not_counted_gets_none(void **state)
{
	(void)state;
	counter.runs = 0;
	assert_true(is_over());
	extension = (struct extension){ 0 };
	counter.ctrl = NOCYCCNT;
	counter.runs = CYCLES_OF_CALL / 100;
	assert_true(is_over());
	assert_int_equal(counter.ctrl, NOCYCCNT);
}

static void
it_ends_by_the_computers_clock_however_slow_the_core_is(void **state)
{
	uint64_t before = clock_now_us(&chip.fake->clock);
	unsigned passed = 0;

	(void)state;
	counter.runs = 1;
	for (; !is_over() && passed < 1000; passed++)
		clock_sleep_us(&chip.fake->clock, 100 * 1000);
	assert_in_range(clock_now_us(&chip.fake->clock) - before, 10 * CALL_MS * 1000,
			11 * CALL_MS * 1000);
}

static void
the_counter_is_left_as_it_was(void **state)
{
	struct reason why = REASON_INIT;

	(void)state;
	counter.runs = 1000;
	counter.ctrl = 0x40000000;
	assert_false(is_over());
	assert_int_equal(counter.ctrl, 0x40000001);
	assert_int_equal(extension_end(&extension, &chip.core, &why), CAUSE_NONE);
	assert_int_equal(counter.ctrl, 0x40000000);
	counter.ctrl = 0x40000001; /* the program counts */
	assert_false(is_over());
	assert_int_equal(extension_end(&extension, &chip.core, &why), CAUSE_NONE);
	assert_int_equal(counter.ctrl, 0x40000001);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_core_gets_the_cycles_that_its_call_takes),
		TEST(a_core_whose_cycles_are_not_counted_gets_none),
		TEST(it_ends_by_the_computers_clock_however_slow_the_core_is),
		TEST(the_counter_is_left_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
