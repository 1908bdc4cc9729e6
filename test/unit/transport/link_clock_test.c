/* SPDX-License-Identifier: MIT */
#include "transport/adi/link_clock.h"

#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { RAM = 0x20000000, RAM_SIZE = 4096, MHZ = 1000000 };

static struct fake_probe *fake;
static struct dap dap;
static struct mem_ap mem;
static struct reason why;
static uint8_t *ram, known[1024];
static struct link_sample sample = { RAM, sizeof(known), known };

static int
set_up(enum fake_flavour flavour)
{
	uint32_t hz = 2 * MHZ;

	fake = fake_probe_new(flavour);
	ram = fake_probe_memory(fake, RAM, RAM_SIZE);
	for (size_t i = 0; i < sizeof(known); i++)
		ram[i] = known[i] = (uint8_t)(i * 7 + i / 256);
	why = (struct reason)REASON_INIT;
	dap_init(&dap, &fake->probe);
	return probe_set_clock(&fake->probe, &hz, &why) != CAUSE_NONE ||
	       dap_connect(&dap, &why) != CAUSE_NONE ||
	       mem_ap_open(&mem, &dap, 0, &why) != CAUSE_NONE;
}

static int
set_up_with_memory(void **state)
{
	(void)state;
	return set_up(FAKE_WITH_MEMORY);
}

static int
set_up_transfers_only(void **state)
{
	(void)state;
	return set_up(FAKE_TRANSFERS_ONLY);
}

static int
tear_down(void **state)
{
	(void)state;
	fake_probe_free(fake);
	return 0;
}

static void
raise_to(uint32_t hz)
{
	assert_int_equal(link_clock_raise(&mem, &sample, &why), CAUSE_NONE);
	assert_int_equal(fake->hz, hz);
	assert_string_equal(reason_root(&why), "");
	assert_false(dap_is_lost(&dap));
}

static void
a_link_that_carries_every_clock_gets_the_fastest_and_its_own_again(void **state)
{
	(void)state;
	raise_to(24 * MHZ);
	assert_true(link_clock_is_raised(&dap));
	assert_int_equal(link_clock_lower(&dap, &why), CAUSE_NONE);
	assert_int_equal(fake->hz, 2 * MHZ);
	assert_false(link_clock_is_raised(&dap));
}

static void
a_clock_with_parity_errors_is_left_and_not_tried_again(void **state)
{
	unsigned enters = fake->enters;

	(void)state;
	fake->clean_hz = 9 * MHZ;
	raise_to(8 * MHZ);
	assert_int_equal(fake->enters, enters + 1);
	assert_int_equal(link_clock_lower(&dap, &why), CAUSE_NONE);
	assert_int_equal(fake->hz, 2 * MHZ);
	raise_to(2 * MHZ);
	link_clock_forget(&dap);
	raise_to(8 * MHZ);
}

static void
a_link_that_carries_no_faster_clock_keeps_its_own(void **state)
{
	(void)state;
	fake->clean_hz = 3 * MHZ;
	raise_to(2 * MHZ);
	assert_false(link_clock_is_raised(&dap));
}

/* As a wire does of which two bits are lost. */
static enum swd_ack
damage(void *context, struct fake_access *access)
{
	uint32_t *limit_hz = context;

	if (!access->is_write)
		access->value = le32_get(known + (access->at - RAM)) ^
				(fake->hz > *limit_hz ? 0x11 : 0);
	return ACK_OK;
}

static void
a_clock_at_which_memory_reads_otherwise_is_left(void **state)
{
	uint32_t limit_hz = 4 * MHZ;

	(void)state;
	fake_probe_hook(fake, RAM + 512, sizeof(uint32_t), damage, &limit_hz);
	raise_to(4 * MHZ);
}

static void
an_error_later_takes_the_step_below_and_what_was_damaged_is_done_anew(void **state)
{
	uint8_t bytes[64];

	(void)state;
	raise_to(24 * MHZ);
	fake->clean_hz = 10 * MHZ;
	memset(bytes, 0x5a, sizeof(bytes));
	assert_int_equal(mem_write(&mem, RAM + 100, bytes, sizeof(bytes), &why),
			 CAUSE_NONE);
	assert_memory_equal(ram + 100, bytes, sizeof(bytes));
	assert_false(dap_is_lost(&dap));
	assert_int_equal(fake->hz, 10 * MHZ);
	assert_true(link_clock_is_raised(&dap));
	fake->clean_hz = 3 * MHZ;
	assert_int_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_NONE);
	assert_memory_equal(bytes, known, sizeof(bytes));
	assert_false(link_clock_is_raised(&dap));
	assert_int_equal(fake->hz, 2 * MHZ);
}

/* Then it is not the clock. */
static void
at_its_own_clock_an_error_is_one(void **state)
{
	uint8_t bytes[64];

	(void)state;
	raise_to(24 * MHZ);
	fake->has_no_target = true;
	assert_int_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_GONE);
	assert_string_equal(reason_root(&why), "the target did not answer");
	assert_true(dap_is_lost(&dap));
}

static void
a_clock_that_nobody_chose_gives_way_to_slower_ones(void **state)
{
	uint8_t bytes[64];

	(void)state;
	link_clock_allow_slower(&dap);
	fake->clean_hz = 300000;
	assert_int_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_NONE);
	assert_memory_equal(bytes, known, sizeof(bytes));
	assert_false(dap_is_lost(&dap));
	assert_int_equal(fake->hz, 240000);
	assert_true(link_clock_has_given_way(&dap));
	raise_to(240000);
}

static void
a_clock_that_was_chosen_stays(void **state)
{
	uint8_t bytes[64];

	(void)state;
	fake->clean_hz = 1 * MHZ;
	assert_int_not_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_NONE);
	assert_int_equal(fake->hz, 2 * MHZ);
}

static void
silence_alone_is_not_the_wires(void **state)
{
	uint8_t bytes[64];

	(void)state;
	link_clock_allow_slower(&dap);
	fake->has_no_target = true;
	assert_int_equal(mem_read(&mem, RAM, bytes, sizeof(bytes), &why), CAUSE_GONE);
	assert_int_equal(fake->hz, 2 * MHZ);
	assert_true(dap_is_lost(&dap));
}

#define BOTH_WAYS(test)                                                       \
	cmocka_unit_test_setup_teardown(test, set_up_with_memory, tear_down), \
		cmocka_unit_test_setup_teardown(test, set_up_transfers_only, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(
			a_link_that_carries_every_clock_gets_the_fastest_and_its_own_again),
		BOTH_WAYS(a_clock_with_parity_errors_is_left_and_not_tried_again),
		BOTH_WAYS(a_link_that_carries_no_faster_clock_keeps_its_own),
		BOTH_WAYS(a_clock_at_which_memory_reads_otherwise_is_left),
		BOTH_WAYS(
			an_error_later_takes_the_step_below_and_what_was_damaged_is_done_anew),
		BOTH_WAYS(at_its_own_clock_an_error_is_one),
		BOTH_WAYS(a_clock_that_nobody_chose_gives_way_to_slower_ones),
		BOTH_WAYS(a_clock_that_was_chosen_stays),
		BOTH_WAYS(silence_alone_is_not_the_wires),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
