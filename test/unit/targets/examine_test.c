/* SPDX-License-Identifier: MIT */
/* Experiments, and the ways to connect that follow from what was met. */
#include "targets/board/board_internal.h"
#include "targets/diagnosis/examine.h"
#include "targets/diagnosis/verdict.h"
#include "test/unit/fake_board.h"
#include "transport/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { WANTED_HZ = 4000000 };

static struct fake_board fake;
static struct reason why;
static struct verdict verdicts[VERDICTS_MAX];
static char logged[4096];

static void
keep_log(enum log_level level, const char *room, const char *text, void *context)
{
	size_t used = strlen(logged);

	(void)level, (void)room, (void)context;
	snprintf(logged + used, sizeof(logged) - used, "%s\n", text);
}

static int
set_up(void **state)
{
	(void)state;
	logged[0] = '\0';
	log_set_sink(keep_log, NULL);
	memset(&why, 0, sizeof(why));
	fake_board_new(&fake);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	fake_board_free(&fake);
	log_set_sink(NULL, NULL);
	return 0;
}

static enum cause
try_to_connect(enum connect_mode mode)
{
	struct board_options options = { .connect = mode, .speed_hz = WANTED_HZ };

	fake_board_open(&fake, &options);
	return fake_board_run(&fake, board_connect(fake.board), &why);
}

static void
examine(void)
{
	assert_int_equal(
		fake_board_run(&fake, board_examine(fake.board, SIDE_CLOCK, false), &why),
		CAUSE_NONE);
}

static size_t
conclude(void)
{
	return verdicts_of(board_facts(fake.board), verdicts);
}

static bool
is_fact(enum fact fact, uint32_t value)
{
	return facts_is(board_facts(fake.board), fact, value);
}

static bool
is_certain(enum finding finding)
{
	size_t len = conclude();

	for (size_t i = 0; i < len; i++)
		if (verdicts[i].finding == finding)
			return verdicts[i].certainty == CERTAIN;
	return false;
}

static void
wires_that_fail_again_and_again_at_the_clock_wanted_are_certain(void **state)
{
	(void)state;
	fake.probe->clean_hz = 1000000;
	(void)try_to_connect(CONNECT_ATTACH);
	examine();
	assert_true(is_fact(FACT_SLOW_CLOCK_HELPS, 1));
	assert_true(is_fact(FACT_CLEAN_CLOCK, 1000000));
	assert_true(is_certain(FINDING_B10));
}

/* Whatever moment the dips come at: a dip that meets the reads at one clock and spares those at the
 * next is no proof of wires. */
static void
a_supply_that_dips_is_not_taken_for_wires_for_certain(void **state)
{
	unsigned helped = 0;

	(void)state;
	for (unsigned phase_us = 0; phase_us < 40000; phase_us += 150) {
		fake_board_free(&fake);
		fake_board_new(&fake);
		assert_int_equal(try_to_connect(CONNECT_ATTACH), CAUSE_NONE);
		fake.probe->now_us = phase_us;
		fake.probe->dip_every_us = 40000;
		fake.probe->dip_us = 200;
		examine();
		assert_false(is_certain(FINDING_B10));
		helped += is_fact(FACT_SLOW_CLOCK_HELPS, 1);
	}
	assert_true(helped > 0);
}

/* The wires carry the first accesses after NRST was pulled, and no more at a fast clock. */
static void
deaf_at_a_fast_clock(void *context, bool low)
{
	struct fake_core *core = context;
	struct fake_probe *probe = core->probe;

	probe->has_no_target = !low && !core->is_nrst_low;
	probe->scripts_len = 0;
	if (low && probe->hz > 240000)
		fake_probe_answer(probe, 10, FAKE_FOREVER, ACK_NONE);
	core->is_nrst_low = low;
	core->was_reset = true;
	if (!low)
		fake_core_reset(core);
}

static void
what_breaks_off_in_reset_is_tried_under_reset_at_slower_clocks(void **state)
{
	const struct board_try *tries;

	(void)state;
	fake.probe->has_no_target = true;
	fake.probe->on_nrst = deaf_at_a_fast_clock;
	assert_int_equal(try_to_connect(CONNECT_AUTO), CAUSE_NONE);
	assert_int_equal(fake.probe->hz, 240000);
	assert_int_equal(board_tries(fake.board, &tries), 4);
	assert_string_equal(tries[3].name, "connect under reset at a slower clock");
	assert_non_null(strstr(logged, "connected under reset and at 240 kHz only, not at "
				       "4000 kHz"));
	assert_non_null(strstr(logged, "probably the SWD link loses bits"));
}

/* Wherever in the connection it was asleep. */
static void
a_core_that_was_caught_awake_hangs_on_no_bus(void **state)
{
	unsigned caught = 0;

	(void)state;
	for (unsigned nth = 1; nth < 80; nth++) {
		fake_board_free(&fake);
		fake_board_new(&fake);
		logged[0] = '\0';
		fake_probe_answer(fake.probe, nth, 21000, ACK_WAIT);
		assert_int_equal(try_to_connect(CONNECT_AUTO), CAUSE_NONE);
		if (strstr(logged, "by catching the core awake") == NULL)
			continue;
		assert_null(strstr(logged, finding_row(FINDING_C10)->sentence));
		assert_non_null(strstr(logged, finding_row(FINDING_C2)->sentence));
		caught++;
	}
	assert_true(caught > 0);
}

static void
deaf_at_every_clock(void *context, bool low)
{
	struct fake_core *core = context;

	core->probe->scripts_len = 0;
	core->probe->has_no_target = !low;
	if (low)
		fake_probe_answer(core->probe, 10, FAKE_FOREVER, ACK_NONE);
}

static void
what_breaks_off_at_every_clock_in_reset_ends_in_seconds(void **state)
{
	uint64_t begun_us = fake.probe->now_us;

	(void)state;
	fake.probe->has_no_target = true;
	fake.probe->on_nrst = deaf_at_every_clock;
	assert_int_equal(try_to_connect(CONNECT_AUTO), CAUSE_GONE);
	assert_true(fake.probe->now_us - begun_us < 5000000);
	assert_int_equal(fake.probe->hz, 25000);
	fake.probe->scripts_len = 0;
	fake.probe->on_nrst = NULL;
}

/* By a connection that failed for another reason, such as bits that the wires lost. */
static void
look_again_whether_it_is_held(bool is_held)
{
	fake.core->nrst_high_at_us = UINT64_MAX;
	assert_int_equal(try_to_connect(CONNECT_ATTACH), CAUSE_TIMEOUT);
	board_facts(fake.board)->of[FACT_NRST_STUCK].is_known = false;
	fake.core->nrst_high_at_us = is_held ? UINT64_MAX : 0;
	examine();
}

static void
a_chip_that_stays_in_reset_is_found_in_it_after_a_failed_connection(void **state)
{
	(void)state;
	look_again_whether_it_is_held(true);
	assert_true(is_fact(FACT_NRST_STUCK, 1));
}

static void
a_chip_that_has_left_reset_is_not_found_in_it(void **state)
{
	(void)state;
	look_again_whether_it_is_held(false);
	assert_false(board_facts(fake.board)->of[FACT_NRST_STUCK].is_known);
}

static bool
was_short(const char *name)
{
	for (size_t i = 0; experiment_at(i) != NULL; i++)
		if (strcmp(experiment_at(i)->name, name) == 0)
			return experiment_was_short(fake.board, i);
	return false;
}

/* Of a chip that is held in reset, by wires that lose an access every so often. */
static uint64_t
time_of_verdict_us(uint32_t access_us, uint32_t dip_us)
{
	uint64_t begun_us;

	fake_board_free(&fake);
	fake_board_new(&fake);
	begun_us = fake.probe->now_us;
	fake.core->nrst_high_at_us = UINT64_MAX;
	fake.core->nrst_rise_us = UINT32_MAX;
	fake.probe->access_us = access_us;
	fake.probe->dip_every_us = dip_us == 0 ? 0 : 37000;
	fake.probe->dip_us = dip_us;
	assert_int_not_equal(try_to_connect(CONNECT_AUTO), CAUSE_NONE);
	examine();
	fake.probe->access_us = fake.probe->dip_every_us = 0;
	return fake.probe->now_us - begun_us;
}

static void
a_board_that_stays_in_reset_has_its_verdict_in_five_seconds(void **state)
{
	(void)state;
	for (uint32_t access_us = 100; access_us < 10000; access_us *= 3)
		for (uint32_t dip_us = 0; dip_us < 36000; dip_us += 3000)
			assert_in_range(time_of_verdict_us(access_us, dip_us), 0, 5000000);
}

/* As through a slow hub, with a target that is there and with none. */
static void
a_probe_that_answers_slowly_is_named_and_asked_for_seconds_only(void **state)
{
	(void)state;
	for (int is_there = 0; is_there < 2; is_there++) {
		struct board_options options = { .speed_hz = WANTED_HZ };
		uint64_t begun_us;

		fake_board_free(&fake);
		fake_board_new(&fake);
		fake.probe->access_us = 300000;
		fake.probe->has_no_target = is_there == 0;
		fake_board_open(&fake, &options);
		begun_us = fake.probe->now_us;
		probe_limit(board_probe(fake.board), VERDICT_MS);
		assert_int_not_equal(fake_board_run(&fake, board_connect(fake.board), &why),
				     CAUSE_NONE);
		probe_lift_limit(board_probe(fake.board));
		examine();
		assert_in_range(fake.probe->now_us - begun_us, 0, 8000000);
		assert_true(is_certain(FINDING_PROBE_SLOW));
		fake.probe->access_us = 0;
	}
	assert_non_null(strstr(logged, "each answer of the probe takes 300 ms"));
}

static void
an_experiment_that_does_not_fit_is_not_made_and_proves_nothing(void **state)
{
	(void)state;
	fake.probe->clean_hz = 1000000;
	(void)try_to_connect(CONNECT_ATTACH);
	fake.probe->access_us = 40000;
	examine();
	fake.probe->access_us = 0;
	assert_true(was_short("link"));
	assert_true(was_short("memory"));
	assert_false(is_certain(FINDING_B10));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(wires_that_fail_again_and_again_at_the_clock_wanted_are_certain),
		TEST(a_supply_that_dips_is_not_taken_for_wires_for_certain),
		TEST(what_breaks_off_in_reset_is_tried_under_reset_at_slower_clocks),
		TEST(a_core_that_was_caught_awake_hangs_on_no_bus),
		TEST(what_breaks_off_at_every_clock_in_reset_ends_in_seconds),
		TEST(a_chip_that_stays_in_reset_is_found_in_it_after_a_failed_connection),
		TEST(a_chip_that_has_left_reset_is_not_found_in_it),
		TEST(a_board_that_stays_in_reset_has_its_verdict_in_five_seconds),
		TEST(a_probe_that_answers_slowly_is_named_and_asked_for_seconds_only),
		TEST(an_experiment_that_does_not_fit_is_not_made_and_proves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
