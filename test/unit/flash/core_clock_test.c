/* SPDX-License-Identifier: MIT */
/* The clock of a U5's core, by registers of RCC, PWR and FLASH that are made up here. */
#include "flash/runner/core_clock.h"
#include "test/unit/fake_board.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { CFGR1, CFGR2, AHB3ENR, VOSR, ACR, ICSCR1, REGISTERS };
static uint32_t at_of[REGISTERS] = { 0x46020c1c, 0x46020c20, 0x46020c94,
				     0x4602080c, 0x40022000, 0x46020c08 };

#define PWREN      (1u << 2)
#define VOSRDY     (1u << 15)
#define VOS_RANGE3 (1u << 16)
#define VOS_RANGE1 (3u << 16)
#define MSIS_4MHZ  0x44000000u
#define MSIS_48MHZ 0x04800000u

/* As after a reset. */
struct chip_now {
	uint32_t values[REGISTERS];
	unsigned looks_until_ready; /* at VOSR, once it is written */
	unsigned order[2 * REGISTERS], written;
	bool was_too_early; /* the clock, for the voltage or the wait states */
};
static struct chip_now chip;

static void
write_register(unsigned which, uint32_t value)
{
	chip.order[chip.written++] = which;
	if (which == ICSCR1 && value == MSIS_48MHZ)
		chip.was_too_early = chip.looks_until_ready > 0 || chip.values[ACR] < 2;
	if (which == VOSR && (chip.values[AHB3ENR] & PWREN) == 0)
		return;
	chip.values[which] = which == VOSR ? value & ~VOSRDY : value;
}

static uint32_t
read_register(unsigned which)
{
	if (which != VOSR)
		return chip.values[which];
	if ((chip.values[AHB3ENR] & PWREN) == 0)
		return 0;
	if (chip.values[VOSR] != 0 && chip.looks_until_ready > 0) {
		chip.looks_until_ready--;
		return chip.values[VOSR];
	}
	return chip.values[VOSR] | VOSRDY;
}

static enum swd_ack
access_register(void *context, struct fake_access *access)
{
	unsigned which = (unsigned)((const uint32_t *)context - at_of);

	if (access->is_write)
		write_register(which, access->value);
	else
		access->value = read_register(which);
	return ACK_OK;
}

static void
begin(struct fake_board *fake)
{
	chip = (struct chip_now){ .values = {
					  [AHB3ENR] = 0x80000000, [ICSCR1] = MSIS_4MHZ } };
	fake_board_new(fake);
	for (unsigned i = 0; i < REGISTERS; i++)
		fake_probe_hook(fake->probe, at_of[i], 4, access_register, &at_of[i]);
	fake_board_connect(fake, CONNECT_HALT);
}

static void
raise(struct fake_board *fake, struct core_clock *clock)
{
	struct reason why = REASON_INIT;

	*clock = (struct core_clock){ 0 };
	assert_int_equal(core_clock_raise(clock, fake->cm4,
					  device_by_name(&device_table, "STM32U575/585"),
					  &why),
			 CAUSE_NONE);
}

static void
lower(struct fake_board *fake, struct core_clock *clock)
{
	struct reason why = REASON_INIT;

	assert_int_equal(core_clock_lower(clock, fake->cm4,
					  device_by_name(&device_table, "STM32U575/585"),
					  &why),
			 CAUSE_NONE);
}

static void
the_voltage_and_the_wait_states_are_there_before_the_clock_is_fast(void **state)
{
	static const unsigned order[] = { AHB3ENR, VOSR, ACR,  ICSCR1,
					  ICSCR1,  ACR,  VOSR, AHB3ENR };
	struct fake_board fake;
	struct core_clock clock;

	(void)state;
	begin(&fake);
	chip.looks_until_ready = 5;
	raise(&fake, &clock);
	assert_int_equal(chip.values[ICSCR1], MSIS_48MHZ);
	assert_int_equal(chip.values[ACR], 2);
	assert_int_equal(chip.values[VOSR], VOS_RANGE3);
	assert_false(chip.was_too_early);
	lower(&fake, &clock);
	assert_int_equal(chip.written, array_len(order));
	assert_memory_equal(chip.order, order, sizeof(order));
	assert_int_equal(chip.values[ICSCR1], MSIS_4MHZ);
	assert_int_equal(chip.values[ACR], 0);
	assert_int_equal(chip.values[VOSR], 0);
	assert_int_equal(chip.values[AHB3ENR], 0x80000000);
	fake_board_free(&fake);
}

static void
a_clock_stays_where_the_voltage_does_not_come(void **state)
{
	struct fake_board fake;
	struct core_clock clock;

	(void)state;
	begin(&fake);
	chip.looks_until_ready = UINT32_MAX;
	raise(&fake, &clock);
	assert_int_equal(chip.values[ICSCR1], MSIS_4MHZ);
	lower(&fake, &clock);
	assert_int_equal(chip.values[VOSR], 0);
	assert_int_equal(chip.values[AHB3ENR], 0x80000000);
	fake_board_free(&fake);
}

/* PWR shows it only while it has a clock. */
static void
a_voltage_that_the_program_chose_stays(void **state)
{
	struct fake_board fake;
	struct core_clock clock;

	(void)state;
	begin(&fake);
	chip.values[VOSR] = VOS_RANGE1;
	raise(&fake, &clock);
	assert_int_equal(chip.values[VOSR], VOS_RANGE1);
	assert_int_equal(chip.values[ICSCR1], MSIS_4MHZ);
	lower(&fake, &clock);
	assert_int_equal(chip.values[VOSR], VOS_RANGE1);
	assert_int_equal(chip.values[AHB3ENR], 0x80000000);
	fake_board_free(&fake);
}

/* As after a load that was cut off. */
static void
what_is_as_it_is_to_be_already_is_no_hindrance(void **state)
{
	struct fake_board fake;
	struct core_clock clock;

	(void)state;
	begin(&fake);
	chip.values[AHB3ENR] |= PWREN;
	chip.values[ACR] = 2;
	raise(&fake, &clock);
	assert_int_equal(chip.values[ICSCR1], MSIS_48MHZ);
	lower(&fake, &clock);
	assert_int_equal(chip.values[AHB3ENR], 0x80000000 | PWREN);
	assert_int_equal(chip.values[ACR], 2);
	fake_board_free(&fake);
}

static void
a_clock_that_the_program_chose_stays(void **state)
{
	struct fake_board fake;
	struct core_clock clock;

	(void)state;
	begin(&fake);
	chip.values[ICSCR1] = 0x34c00000; /* 12 MHz */
	raise(&fake, &clock);
	assert_int_equal(chip.written, 0);
	lower(&fake, &clock);
	assert_int_equal(chip.values[ICSCR1], 0x34c00000);
	fake_board_free(&fake);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_voltage_and_the_wait_states_are_there_before_the_clock_is_fast),
		cmocka_unit_test(a_clock_stays_where_the_voltage_does_not_come),
		cmocka_unit_test(a_voltage_that_the_program_chose_stays),
		cmocka_unit_test(what_is_as_it_is_to_be_already_is_no_hindrance),
		cmocka_unit_test(a_clock_that_the_program_chose_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
