/* SPDX-License-Identifier: MIT */
#include "targets/diagnosis/verdict.h"
#include "targets/diagnosis/wording.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct known {
	enum fact fact;
	uint32_t value;
};

static const struct known silent[] = {
	{ FACT_FIRST_ANSWER, ANSWER_NONE },
	{ FACT_ATTACHED, 0 },
	{ FACT_ANSWERS_IN_RESET, 0 },
};
static const struct known rescued[] = {
	{ FACT_TARGET_VOLTAGE, 3300 },
	{ FACT_ATTACHED, 0 },
	{ FACT_ANSWERS_IN_RESET, 1 },
	{ FACT_CAUGHT_AT_RESET, 1 },
};

static struct facts facts;
static struct verdict verdicts[VERDICTS_MAX];

static void
know(const struct known *known, size_t len)
{
	for (size_t i = 0; i < len; i++)
		facts_know(&facts, known[i].fact, known[i].value);
}

static int
set_up(void **state)
{
	(void)state;
	memset(&facts, 0, sizeof(facts));
	return 0;
}

static void
is(enum finding finding, enum certainty certainty)
{
	size_t len = verdicts_of(&facts, verdicts);

	assert_true(len > 0);
	assert_string_equal(finding_row(verdicts[0].finding)->id, finding_row(finding)->id);
	assert_int_equal(verdicts[0].certainty, certainty);
}

static bool
is_named(enum finding finding)
{
	size_t len = verdicts_of(&facts, verdicts);

	for (size_t i = 0; i < len; i++)
		if (verdicts[i].finding == finding)
			return true;
	return false;
}

static void
a_bench_of_which_nothing_is_known_has_no_finding(void **state)
{
	(void)state;
	assert_int_equal(verdicts_of(&facts, verdicts), 0);
}

static void
a_clock_without_any_answer_may_be_too_fast_for_an_isolator_or_for_the_wires(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_SLOW_CLOCK_HELPS, 1 },
				     { FACT_TARGET_VOLTAGE, 3300 } },
	     2);
	is(FINDING_B10, CERTAIN);
	know((const struct known[]){ { FACT_CLOCK_UNANSWERED, 1 } }, 1);
	is(FINDING_B17, LIKELY);
	assert_true(is_named(FINDING_B10));
}

/* A supply that dips spoils the reads at one clock and spares those at the next. */
static void
one_failure_at_the_clock_wanted_is_no_proof_of_wires(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_SLOW_CLOCK_HELPS, 1 },
				     { FACT_LINK_FAILURES, 1 },
				     { FACT_TARGET_VOLTAGE, 3300 } },
	     3);
	is(FINDING_B10, LIKELY);
	assert_true(is_named(FINDING_B2));
	facts_know(&facts, FACT_LINK_FAILURES, 3);
	is(FINDING_B10, CERTAIN);
	assert_false(is_named(FINDING_B2));
}

/* For want of time: it may have spoken against the proof. */
static void
what_was_not_looked_for_leaves_a_proof_likely(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_SLOW_CLOCK_HELPS, 1 },
				     { FACT_LINK_FAILURES, 3 },
				     { FACT_TARGET_VOLTAGE, 3300 } },
	     3);
	is(FINDING_B10, CERTAIN);
	facts_skip(&facts, FACT_LINK_FAILURES);
	is(FINDING_B10, CERTAIN);
	facts_skip(&facts, FACT_CLOCK_UNANSWERED);
	is(FINDING_B10, LIKELY);
	facts_know(&facts, FACT_CLOCK_UNANSWERED, 0);
	is(FINDING_B10, CERTAIN);
}

static void
what_is_lost_in_reset_is_lost_by_wires_or_supply(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_FIRST_ANSWER, ANSWER_NONE },
				     { FACT_ATTACHED, 0 },
				     { FACT_ANSWERS_IN_RESET, 1 },
				     { FACT_LOST_IN_RESET, 1 },
				     { FACT_TARGET_VOLTAGE, 3300 } },
	     5);
	is(FINDING_B10, LIKELY);
	assert_true(is_named(FINDING_B2));
	assert_true(is_named(FINDING_C1));
}

static void
a_chip_that_is_held_in_reset_runs_no_program_that_turns_swd_off(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_FIRST_ANSWER, ANSWER_NONE },
				     { FACT_ATTACHED, 0 },
				     { FACT_ANSWERS_IN_RESET, 1 },
				     { FACT_NRST_STUCK, 1 },
				     { FACT_NRST_WAS_PULLED, 1 } },
	     5);
	is(FINDING_B12, LIKELY);
	assert_false(is_named(FINDING_C1));
}

static void
a_chip_that_is_held_in_reset_is_not_thought_to_sleep(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 0);
	is(FINDING_TARGET_SILENT, LIKELY);
	facts_know(&facts, FACT_NRST_STUCK, 1);
	assert_false(is_named(FINDING_TARGET_SILENT));
	is(FINDING_B12, LIKELY);
}

static void
an_id_of_zero_that_came_over_damaged_wires_is_no_finding_of_the_chip(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_IS_IN_TABLE, 0 },
				     { FACT_DEV_ID, 0 },
				     { FACT_RESETS_SEEN, 0 } },
	     3);
	is(FINDING_D11, CERTAIN);
	facts_know(&facts, FACT_DATA_DAMAGED, 1);
	assert_false(is_named(FINDING_D11));
}

/* In reset the register reads as 0. */
static void
an_id_of_zero_while_the_chip_resets_itself_is_none_either(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_IS_IN_TABLE, 0 }, { FACT_DEV_ID, 0 } }, 2);
	is(FINDING_D11, LIKELY);
	facts_know(&facts, FACT_RESETS_SEEN, 2);
	assert_false(is_named(FINDING_D11));
}

/* An STM32H5 keeps its debug port in Sleep, and has no bit that would: what is lost there is Stop. */
static void
a_core_that_sleeps_with_sleepdeep_is_in_stop(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_FIRST_ANSWER, ANSWER_WAIT },
				     { FACT_ATTACHED, 0 },
				     { FACT_RUN_END, RUN_SLEEPS },
				     { FACT_SLEEPS_DEEPLY, 0 } },
	     4);
	is(FINDING_C2, CERTAIN);
	facts_know(&facts, FACT_SLEEPS_DEEPLY, 1);
	is(FINDING_C3, CERTAIN);
	assert_false(is_named(FINDING_C2));
}

static void
a_boot_loader_that_runs_for_want_of_a_program_is_no_matter_of_boot0(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_IN_BOOT_LOADER, 1 },
				     { FACT_EMPTY_FLAG, 1 },
				     { FACT_FLASH_EMPTY, 1 } },
	     3);
	assert_int_equal(verdicts_of(&facts, verdicts), 0);
	facts_know(&facts, FACT_FLASH_EMPTY, 0);
	is(FINDING_TARGET_WAS_EMPTY, CERTAIN);
	facts_know(&facts, FACT_EMPTY_FLAG, 0);
	is(FINDING_C9, CERTAIN);
	facts_know(&facts, FACT_STARTS_NO_PROGRAM, 1);
	is(FINDING_TARGET_STARTS_NOTHING, CERTAIN);
	assert_false(is_named(FINDING_C9));
}

static void
a_healthy_board_has_no_finding(void **state)
{
	(void)state;
	know((const struct known[]){ { FACT_TARGET_VOLTAGE, 3290 },
				     { FACT_ATTACHED, 1 },
				     { FACT_NRST_RISE, 4000 },
				     { FACT_RESETS_SEEN, 0 },
				     { FACT_RDP_LEVEL, 0 },
				     { FACT_POWER_FLAG, 1 },
				     { FACT_LOCKED_UP, 0 } },
	     7);
	assert_int_equal(verdicts_of(&facts, verdicts), 0);
}

static void
silence_without_voltage_is_no_power_and_not_the_wires(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 0);
	is(FINDING_B1, LIKELY);
	assert_false(is_named(FINDING_B6));
}

static void
silence_with_power_is_the_wires_and_what_else_fits_is_named(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	is(FINDING_B6, LIKELY);
	assert_non_null(verdicts[0].apart);
	assert_true(is_named(FINDING_B8));
	assert_true(is_named(FINDING_C5));
	assert_true(is_named(FINDING_D3));
	assert_true(is_named(FINDING_C3));
	assert_false(is_named(FINDING_B1));
	facts_know(&facts, FACT_PROBE_IS_CLONE, 1); /* which measured its own supply */
	assert_true(is_named(FINDING_B1));
	assert_true(is_named(FINDING_D3));
}

static void
silence_of_an_h7_with_power_is_its_supply_first(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	facts_know(&facts, FACT_IS_H7, 1);
	is(FINDING_C5, LIKELY);
	assert_non_null(strstr(verdicts[0].apart, "power cycle"));
}

static void
a_core_that_is_locked_up_for_want_of_a_program_is_no_finding(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 1);
	facts_know(&facts, FACT_LOCKED_UP, 1);
	is(FINDING_C7, LIKELY);
	facts_know(&facts, FACT_FLASH_EMPTY, 0);
	is(FINDING_C7, CERTAIN);
	facts_know(&facts, FACT_FLASH_EMPTY, 1);
	assert_int_equal(verdicts_of(&facts, verdicts), 0);
}

/* Without supply all of its pins are low. */
static void
swdio_is_held_only_where_no_debug_port_ever_answered(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_SWDIO, 0);
	is(FINDING_B8, LIKELY);
	assert_true(is_named(FINDING_B1));
	facts_know(&facts, FACT_NRST_LEVEL, 1);
	is(FINDING_B8, CERTAIN);
	facts_know(&facts, FACT_DPIDR, 0x2ba01477);
	assert_false(is_named(FINDING_B8));
}

/* Some families need 2.0 or 2.4 V; and a wire to nothing reads as a supply of 1.5 V does. */
static void
silence_at_a_voltage_that_not_every_chip_runs_at_may_be_the_supply(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 1800);
	assert_true(is_named(FINDING_B2));
	assert_true(is_named(FINDING_B6));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 2500);
	assert_false(is_named(FINDING_B2));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 1500);
	facts_know(&facts, FACT_VAPP_FLOATS, 1);
	is(FINDING_B3, LIKELY);
	assert_true(is_named(FINDING_B2));
}

/* Swapped wires beside a reset button that is soldered the wrong way, by a CMSIS-DAP probe. */
static void
nrst_that_is_measured_low_is_named_beside_wires_that_are_silent(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 0);
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NONE);
	facts_know(&facts, FACT_ANSWERS_IN_RESET, 0);
	facts_know(&facts, FACT_NRST_LEVEL, 1);
	assert_false(is_named(FINDING_B12));
	facts_know(&facts, FACT_NRST_LEVEL, 0);
	is(FINDING_B6, LIKELY);
	assert_true(is_named(FINDING_B12));
}

static void
a_pin_that_floats_is_named_though_a_damaged_answer_came_in_reset(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 0);
	facts_know(&facts, FACT_ANSWERS_IN_RESET, 1);
	facts_know(&facts, FACT_DATA_DAMAGED, 1);
	facts_know(&facts, FACT_TARGET_VOLTAGE, 1530);
	facts_know(&facts, FACT_VAPP_FLOATS, 1);
	assert_true(is_named(FINDING_B3));
}

static void
damage_beside_a_supply_that_nobody_measures_may_be_its_dips(void **state)
{
	(void)state;
	facts_know(&facts, FACT_SLOW_CLOCK_HELPS, 1);
	is(FINDING_B10, LIKELY);
	assert_true(is_named(FINDING_B2));
}

static void
damage_at_a_low_voltage_may_be_the_probes_levels(void **state)
{
	(void)state;
	facts_know(&facts, FACT_SLOW_CLOCK_HELPS, 1);
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	is(FINDING_B10, CERTAIN);
	facts_know(&facts, FACT_TARGET_VOLTAGE, 2000);
	is(FINDING_B10, LIKELY);
	assert_true(is_named(FINDING_B5));
}

static void
damage_at_every_clock_may_be_the_ground_and_no_slower_clock_is_advised(void **state)
{
	(void)state;
	facts_know(&facts, FACT_LINK_DAMAGED, 3);
	facts_know(&facts, FACT_CLOCK, 480000);
	is(FINDING_B10, LIKELY);
	facts_know(&facts, FACT_SLOW_CLOCK_HELPS, 0);
	is(FINDING_LINK_NO_CLOCK_HELPS, LIKELY);
	assert_true(is_named(FINDING_B9));
	assert_false(is_named(FINDING_B10));
}

/* As of a supply that dips, seen by a probe that does not measure it. */
static void
a_target_that_comes_and_goes_whole_may_have_a_supply_that_dips(void **state)
{
	(void)state;
	know(rescued, array_len(rescued));
	facts.of[FACT_TARGET_VOLTAGE].is_known = false;
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NONE);
	assert_false(is_named(FINDING_B2));
	facts_know(&facts, FACT_LINK_BREAKS, 1);
	assert_true(is_named(FINDING_B2));
	assert_true(is_named(FINDING_B6));
	facts_know(&facts, FACT_TARGET_VOLTAGE,
		   3300); /* which was measured, and did not dip */
	assert_false(is_named(FINDING_B2));
}

static void
a_supply_that_dips_dominates_a_link_that_fails(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_VOLTAGE_DIPS, 1);
	facts_know(&facts, FACT_SLOW_CLOCK_HELPS, 1);
	is(FINDING_B2, CERTAIN);
}

static void
pins_that_are_lost_when_the_program_runs_are_proof(void **state)
{
	(void)state;
	know(rescued, array_len(rescued));
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NONE);
	is(FINDING_C1, LIKELY);
	facts_know(&facts, FACT_RUN_END, RUN_SILENT);
	facts_know(&facts, FACT_STANDBY_FLAG, 0);
	is(FINDING_C1, LIKELY);
	assert_true(is_named(FINDING_B2));
	facts_know(&facts, FACT_SUPPLY_SAGS, 0);
	is(FINDING_C1, CERTAIN);
	assert_null(verdicts[0].apart);
}

/* As with noise on SWD: the first contact got nothing, the one under reset damaged data. */
static void
where_data_arrived_damaged_the_wires_come_before_the_program(void **state)
{
	(void)state;
	know(rescued, array_len(rescued));
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NONE);
	facts_know(&facts, FACT_STANDBY_FLAG, 0);
	facts_know(&facts, FACT_SUPPLY_SAGS, 0);
	facts_know(&facts, FACT_RUN_END, RUN_SILENT);
	is(FINDING_C1, CERTAIN);
	facts_know(&facts, FACT_DATA_DAMAGED, 1);
	facts_know(&facts, FACT_CLOCK, 4000000);
	is(FINDING_B10, LIKELY);
	assert_true(is_named(FINDING_C1));
	facts_know(&facts, FACT_CLOCK, 25000);
	is(FINDING_LINK_NO_CLOCK_HELPS, LIKELY);
	assert_false(is_named(FINDING_B10));
	facts_know(&facts, FACT_LINK_DAMAGED, 3);
	assert_false(is_named(FINDING_B10));
}

static void
a_supply_that_falls_when_the_program_runs_is_not_the_programs_pins(void **state)
{
	(void)state;
	know(rescued, array_len(rescued));
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NONE);
	facts_know(&facts, FACT_RUN_END, RUN_SILENT);
	facts_know(&facts, FACT_STANDBY_FLAG, 0);
	facts_know(&facts, FACT_SUPPLY_SAGS, 1);
	is(FINDING_B2, CERTAIN);
	assert_false(is_named(FINDING_C1));
}

static void
without_the_standby_flag_silence_may_be_standby(void **state)
{
	(void)state;
	know(rescued, array_len(rescued));
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NONE);
	facts_know(&facts, FACT_RUN_END, RUN_SILENT);
	facts_know(&facts, FACT_SUPPLY_SAGS, 0);
	is(FINDING_C1, LIKELY);
	assert_true(is_named(FINDING_C3));
}

static void
what_fits_is_named_beside_what_is_proven_only_where_it_would_dominate(void **state)
{
	(void)state;
	facts_know(&facts, FACT_RDP_LEVEL, 1);
	facts_know(&facts, FACT_WAS_HALTED, 1);
	is(FINDING_D1, CERTAIN);
	assert_int_equal(verdicts_of(&facts, verdicts), 1);
	facts_know(&facts, FACT_SLOW_CLOCK_HELPS, 1);
	facts_know(&facts, FACT_CLOCK_UNANSWERED, 1);
	is(FINDING_D1, CERTAIN);
	assert_true(is_named(FINDING_B10));
	assert_int_equal(verdicts[1].certainty, LIKELY);
}

static void
a_lock_up_under_read_protection_is_the_protections(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 1);
	facts_know(&facts, FACT_LOCKED_UP, 1);
	facts_know(&facts, FACT_RDP_LEVEL, 1);
	is(FINDING_D1, CERTAIN);
	assert_false(is_named(FINDING_C7));
}

static void
trustzone_is_a_finding_where_it_closes_the_secure_state(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 1);
	facts_know(&facts, FACT_TRUSTZONE, 1);
	assert_int_equal(verdicts_of(&facts, verdicts), 0);
	facts_know(&facts, FACT_SECURE_DEBUG, 0);
	is(FINDING_D6, CERTAIN);
	facts_know(&facts, FACT_SECURE_DEBUG, 1);
	facts_know(&facts, FACT_RDP, 0x55);
	is(FINDING_D6, CERTAIN);
}

/* The probe's NRST may not be wired, and then the chip was never in reset. */
static void
silence_with_power_may_be_the_programs_where_reset_had_no_effect(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	is(FINDING_B6, LIKELY);
	assert_true(is_named(FINDING_C1));
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NONE_OR_ASLEEP);
	is(FINDING_B6, LIKELY);
	assert_true(is_named(FINDING_C2));
}

static void
silence_at_a_low_voltage_may_be_the_probes_levels(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 1800);
	is(FINDING_B5, LIKELY);
	assert_true(is_named(FINDING_B6));
}

static void
flash_that_cannot_be_read_and_is_not_protected_has_an_error_or_an_area(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 1);
	facts_know(&facts, FACT_RDP_LEVEL, 0);
	facts_know(&facts, FACT_FLASH_READS, 0);
	is(FINDING_E5, LIKELY);
	assert_true(is_named(FINDING_D5));
	facts_know(&facts, FACT_EXECUTE_ONLY, 1);
	is(FINDING_D5, CERTAIN);
}

static void
a_core_that_sleeps_is_distinguished_from_a_chip_in_stop_by_its_first_answer(void **state)
{
	(void)state;
	know(rescued, array_len(rescued));
	facts_know(&facts, FACT_RUN_END, RUN_SLEEPS);
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_WAIT);
	is(FINDING_C2, CERTAIN);
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NO_POWER_UP);
	is(FINDING_C3, CERTAIN);
}

static void
a_port_that_does_not_power_up_may_be_stop_or_a_clock(void **state)
{
	(void)state;
	know(rescued, array_len(rescued));
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NO_POWER_UP);
	is(FINDING_C3, LIKELY);
	assert_true(is_named(FINDING_C4));
	facts_know(&facts, FACT_RUN_END, RUN_STALLS);
	is(FINDING_C4, CERTAIN);
	assert_false(is_named(FINDING_C3));
}

static void
a_standby_flag_is_proof(void **state)
{
	(void)state;
	know(rescued, array_len(rescued));
	facts_know(&facts, FACT_FIRST_ANSWER, ANSWER_NONE);
	facts_know(&facts, FACT_STANDBY_FLAG, 1);
	is(FINDING_C3, CERTAIN);
}

static void
a_pulled_nrst_without_effect_is_not_wired_or_driven_high(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 1);
	facts_know(&facts, FACT_NRST_RESETS, 0);
	facts_know(&facts, FACT_SOFT_RESET, 1);
	facts_know(&facts, FACT_SOFT_RESET_ENDS, 1);
	is(FINDING_B13, LIKELY);
	assert_true(is_named(FINDING_B15));
	facts_know(&facts, FACT_NRST_LEVEL_PULLED, 0);
	is(FINDING_B13, CERTAIN);
	facts_know(&facts, FACT_SOFT_RESET_ENDS, 0);
	is(FINDING_B15, CERTAIN);
}

/* A capacitor of 31 uF, whose rise the host did not live to see. */
static void
an_nrst_that_stays_low_after_the_probe_pulled_it_is_not_held_for_certain(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 1);
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	facts_know(&facts, FACT_NRST_LEVEL, 0);
	facts_know(&facts, FACT_NRST_STUCK, 1);
	facts_know(&facts, FACT_NRST_WAS_PULLED, 1);
	is(FINDING_B14, LIKELY);
	assert_true(is_named(FINDING_B12));
	facts_know(&facts, FACT_ATTACHED, 0);
	is(FINDING_B12, LIKELY);
	assert_true(is_named(FINDING_B14));
	facts_know(&facts, FACT_NRST_WAS_PULLED, 0);
	is(FINDING_B12, CERTAIN);
}

/* With IRHEN a reset of the chip's own lasts until NRST is low, which something prevents. */
static void
a_chip_in_reset_whose_nrst_nobody_has_measured_may_have_it_driven_high(void **state)
{
	(void)state;
	facts_know(&facts, FACT_ATTACHED, 0);
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	facts_know(&facts, FACT_NRST_STUCK, 1);
	facts_know(&facts, FACT_NRST_WAS_PULLED, 0);
	is(FINDING_B12, LIKELY);
	assert_true(is_named(FINDING_B15));
	facts_know(&facts, FACT_RESET_REQUESTED, 1);
	is(FINDING_B15, LIKELY);
	assert_true(is_named(FINDING_B12));
	facts_know(&facts, FACT_NRST_LEVEL, 1);
	is(FINDING_B15, LIKELY);
	facts_know(&facts, FACT_NRST_LEVEL, 0);
	is(FINDING_B12, CERTAIN);
}

static void
swapped_wires_are_named_beside_open_ones(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	is(FINDING_B6, LIKELY);
	assert_true(is_named(FINDING_B7));
	assert_non_null(strstr(verdicts[1].apart, "exchange SWDIO and SWCLK"));
}

static void
a_boot_loader_on_a_chip_whose_boot0_is_swclk_may_be_the_probes_doing(void **state)
{
	struct reason why = REASON_INIT;
	char words[REASON_SPACE];

	(void)state;
	facts_know(&facts, FACT_ATTACHED, 1);
	facts_know(&facts, FACT_IN_BOOT_LOADER, 1);
	facts_know(&facts, FACT_BOOT0_IS_SWCLK, 0);
	is(FINDING_C9, CERTAIN);
	assert_false(is_named(FINDING_B18));
	facts_know(&facts, FACT_BOOT0_IS_SWCLK, 1);
	is(FINDING_C9, CERTAIN);
	assert_true(is_named(FINDING_B18));
	assert_int_equal(verdicts[1].certainty, LIKELY);
	assert_non_null(strstr(verdicts[1].apart, "unplug the probe"));
	reason_begin(&why, CAUSE_GONE, "no breakpoint is hit");
	verdict_conclude(&facts, &why);
	reason_text(&why, words, sizeof(words));
	assert_null(strstr(words, "SWCLK is BOOT0"));
}

static void
a_conclusion_is_worded_with_its_evidence_and_what_else_fits(void **state)
{
	struct reason why = REASON_INIT;
	char words[REASON_SPACE];

	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	reason_begin(&why, CAUSE_GONE, "nothing answers");
	reason_suspect(&why, FINDING_LINK_SILENT);
	verdict_conclude(&facts, &why);
	reason_text(&why, words, sizeof(words));
	assert_non_null(strstr(words, "  probably SWDIO, SWCLK or GND is not connected"));
	assert_non_null(strstr(
		words,
		"  or perhaps SWDIO and SWCLK are swapped; something else drives SWDIO; "));
	assert_non_null(strstr(words, "; the chip is read-protected and its option bytes "
				      "(BOOT_LOCK, nSWBOOT0) or "
				      "its firmware close the debug port\n"));
	assert_non_null(strstr(words, "target voltage 3.30 V"));
	reason_suspect(&why, FINDING_A1);
	assert_int_equal(reason_finding(&why), FINDING_B6);
}

static void
a_core_caught_as_it_started_refutes_what_was_thought_of_its_wires(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	is(FINDING_B6, LIKELY);
	facts_know(&facts, FACT_CAUGHT_AT_START, 1);
	facts_know(&facts, FACT_ANSWERS_IN_RESET, 1);
	is(FINDING_C1, LIKELY);
	assert_true(is_named(FINDING_C3));
	assert_false(is_named(FINDING_B6));
	assert_false(is_named(FINDING_B8));
	assert_false(is_named(FINDING_D3));
	assert_false(is_named(FINDING_TARGET_WAS_OFF));
	facts_know(&facts, FACT_STANDBY_FLAG, 0);
	assert_false(is_named(FINDING_C3));
	facts_know(&facts, FACT_SUPPLY_RETURNED, 1);
	is(FINDING_TARGET_WAS_OFF, CERTAIN);
	assert_false(is_named(FINDING_C1));
}

/* A probe that does not measure the supply does not tell the two. */
static void
what_was_caught_by_a_probe_that_measures_nothing_may_have_been_off(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_CAUGHT_AT_START, 1);
	facts_know(&facts, FACT_ANSWERS_IN_RESET, 1);
	is(FINDING_C1, LIKELY);
	assert_true(is_named(FINDING_TARGET_WAS_OFF));
	assert_false(is_named(FINDING_B1));
}

/* Of what is known by now. */
static const char *
remedy_of(enum finding finding)
{
	static char buffer[REASON_LINE_MAX];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	wording_add_remedy(&facts, finding, "", &words);
	assert_true(words.used + 1 < sizeof(buffer));
	return buffer;
}

static void
a_way_that_was_tried_and_failed_is_no_remedy(void **state)
{
	static const enum finding of_firmware[] = { FINDING_C1, FINDING_C2, FINDING_C3,
						    FINDING_C4, FINDING_C6, FINDING_C8 };
	static const char catching[] = "start tether serve, connect gdb, press the "
				       "reset button or switch the board off and on";

	(void)state;
	for (size_t i = 0; i < array_len(of_firmware); i++) {
		set_up(state);
		know(rescued, array_len(rescued));
		assert_true(text_begins(remedy_of(of_firmware[i]), "connect under reset"));
		know(silent, array_len(silent));
		assert_true(text_begins(remedy_of(of_firmware[i]), catching));
		assert_null(strstr(remedy_of(of_firmware[i]), "under-reset"));
	}
	assert_non_null(strstr(remedy_of(FINDING_C1), "leaves PA13 and PA14 alone"));
	assert_true(wording_is_remedy(FINDING_C1, remedy_of(FINDING_C1)));
	assert_false(wording_is_remedy(FINDING_C2, remedy_of(FINDING_C1)));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	assert_true(text_begins(remedy_of(FINDING_B6), "check SWDIO"));
	assert_non_null(strstr(remedy_of(FINDING_B6), catching));
}

static void
a_pin_without_effect_is_no_remedy_for_what_does_not_answer(void **state)
{
	(void)state;
	facts_know(&facts, FACT_NRST_RESETS, 0);
	facts_know(&facts, FACT_ATTACHED, 0);
	assert_true(text_begins(remedy_of(FINDING_C1), "start tether serve"));
	facts_know(&facts, FACT_ATTACHED, 1);
	assert_true(text_begins(remedy_of(FINDING_C1), "connect under reset"));
}

static void
a_watchdog_of_the_option_bytes_is_stopped_there(void **state)
{
	(void)state;
	assert_non_null(strstr(remedy_of(FINDING_C6), "feeds the watchdog"));
	assert_non_null(strstr(remedy_of(FINDING_C6), "__HAL_DBGMCU_FREEZE_IWDG"));
	facts_know(&facts, FACT_WDG_SW_IS_0, 1);
	assert_true(text_begins(remedy_of(FINDING_C6), "tether options set WDG_SW=1"));
	assert_non_null(strstr(wording_sentence(&facts, FINDING_C6), "WDG_SW=0"));
}

static void
resets_are_said_to_be_what_their_flags_say(void **state)
{
	struct reason why = REASON_INIT;
	char words[REASON_SPACE];

	(void)state;
	facts_know(&facts, FACT_RESETS_SEEN, 5);
	assert_non_null(strstr(wording_sentence(&facts, FINDING_C8), "a watchdog that"));
	facts_know(&facts, FACT_SOFTWARE_FLAG, 1);
	reason_begin(&why, CAUSE_GONE, "it is gone");
	verdict_conclude(&facts, &why);
	reason_line(&why, words, sizeof(words));
	assert_non_null(strstr(words, "the reason: software resets the chip"));
	assert_null(strstr(words, "NRST"));
	facts_know(&facts, FACT_SOFTWARE_FLAG, 0);
	facts_know(&facts, FACT_WATCHDOG_FLAG, 0);
	facts_know(&facts, FACT_POWER_FLAG, 1);
	assert_true(
		text_begins(wording_sentence(&facts, FINDING_C8), "a supply that drops"));
}

static void
who_has_a_probe_that_reads_its_pins_needs_no_other(void **state)
{
	(void)state;
	know(silent, array_len(silent));
	facts_know(&facts, FACT_TARGET_VOLTAGE, 3300);
	is(FINDING_B6, LIKELY);
	assert_non_null(strstr(verdicts[0].apart, "a CMSIS-DAP probe"));
	facts_know(&facts, FACT_PROBE_SEES_PINS, 1);
	is(FINDING_B6, LIKELY);
	assert_null(strstr(verdicts[0].apart, "CMSIS-DAP"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
	const struct CMUnitTest tests[] = {
		TEST(a_core_caught_as_it_started_refutes_what_was_thought_of_its_wires),
		TEST(what_was_caught_by_a_probe_that_measures_nothing_may_have_been_off),
		TEST(a_way_that_was_tried_and_failed_is_no_remedy),
		TEST(a_pin_without_effect_is_no_remedy_for_what_does_not_answer),
		TEST(a_watchdog_of_the_option_bytes_is_stopped_there),
		TEST(resets_are_said_to_be_what_their_flags_say),
		TEST(who_has_a_probe_that_reads_its_pins_needs_no_other),
		TEST(a_bench_of_which_nothing_is_known_has_no_finding),
		TEST(a_clock_without_any_answer_may_be_too_fast_for_an_isolator_or_for_the_wires),
		TEST(an_id_of_zero_that_came_over_damaged_wires_is_no_finding_of_the_chip),
		TEST(an_id_of_zero_while_the_chip_resets_itself_is_none_either),
		TEST(a_chip_that_is_held_in_reset_runs_no_program_that_turns_swd_off),
		TEST(a_chip_that_is_held_in_reset_is_not_thought_to_sleep),
		TEST(what_was_not_looked_for_leaves_a_proof_likely),
		TEST(what_is_lost_in_reset_is_lost_by_wires_or_supply),
		TEST(one_failure_at_the_clock_wanted_is_no_proof_of_wires),
		TEST(a_core_that_sleeps_with_sleepdeep_is_in_stop),
		TEST(a_boot_loader_that_runs_for_want_of_a_program_is_no_matter_of_boot0),
		TEST(a_healthy_board_has_no_finding),
		TEST(a_chip_in_reset_whose_nrst_nobody_has_measured_may_have_it_driven_high),
		TEST(swapped_wires_are_named_beside_open_ones),
		TEST(a_boot_loader_on_a_chip_whose_boot0_is_swclk_may_be_the_probes_doing),
		TEST(silence_without_voltage_is_no_power_and_not_the_wires),
		TEST(silence_with_power_is_the_wires_and_what_else_fits_is_named),
		TEST(silence_of_an_h7_with_power_is_its_supply_first),
		TEST(a_core_that_is_locked_up_for_want_of_a_program_is_no_finding),
		TEST(swdio_is_held_only_where_no_debug_port_ever_answered),
		TEST(silence_at_a_voltage_that_not_every_chip_runs_at_may_be_the_supply),
		TEST(nrst_that_is_measured_low_is_named_beside_wires_that_are_silent),
		TEST(a_pin_that_floats_is_named_though_a_damaged_answer_came_in_reset),
		TEST(damage_beside_a_supply_that_nobody_measures_may_be_its_dips),
		TEST(damage_at_a_low_voltage_may_be_the_probes_levels),
		TEST(damage_at_every_clock_may_be_the_ground_and_no_slower_clock_is_advised),
		TEST(a_target_that_comes_and_goes_whole_may_have_a_supply_that_dips),
		TEST(a_supply_that_dips_dominates_a_link_that_fails),
		TEST(pins_that_are_lost_when_the_program_runs_are_proof),
		TEST(a_core_that_sleeps_is_distinguished_from_a_chip_in_stop_by_its_first_answer),
		TEST(a_port_that_does_not_power_up_may_be_stop_or_a_clock),
		TEST(where_data_arrived_damaged_the_wires_come_before_the_program),
		TEST(a_supply_that_falls_when_the_program_runs_is_not_the_programs_pins),
		TEST(without_the_standby_flag_silence_may_be_standby),
		TEST(what_fits_is_named_beside_what_is_proven_only_where_it_would_dominate),
		TEST(a_lock_up_under_read_protection_is_the_protections),
		TEST(trustzone_is_a_finding_where_it_closes_the_secure_state),
		TEST(silence_with_power_may_be_the_programs_where_reset_had_no_effect),
		TEST(silence_at_a_low_voltage_may_be_the_probes_levels),
		TEST(flash_that_cannot_be_read_and_is_not_protected_has_an_error_or_an_area),
		TEST(a_standby_flag_is_proof),
		TEST(a_pulled_nrst_without_effect_is_not_wired_or_driven_high),
		TEST(an_nrst_that_stays_low_after_the_probe_pulled_it_is_not_held_for_certain),
		TEST(a_conclusion_is_worded_with_its_evidence_and_what_else_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
