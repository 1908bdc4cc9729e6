/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"
#include "targets/reset/nrst.h"
#include "targets/reset/reset.h"
#include "test/unit/targets/board_fixture.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
connecting_under_reset_stops_at_the_vector(void **state)
{
	(void)state;
	fake.core->nrst_rise_us = 30000;
	fake_board_connect(&fake, CONNECT_UNDER_RESET);
	assert_int_equal(fake.core->resets, 1);
	assert_true(fake.core->is_halted);
	assert_int_equal(fake.core->r[PC], fake.core->vector);
	assert_int_equal(fake.core->demcr, 1 << 24);
	assert_int_equal(fake.core->dfsr, 0);
	assert_false(fake.probe->is_nrst_low);
	assert_true(fake.probe->now_us >= 20000 + 30000);
}

static void
an_nrst_that_is_not_wired_is_reported_and_sysresetreq_serves(void **state)
{
	(void)state;
	fake.core->is_nrst_open = true;
	fake_board_connect(&fake, CONNECT_UNDER_RESET);
	assert_int_equal(fake.core->resets, 1);
	assert_int_equal(fake.core->r[PC], fake.core->vector);
	assert_true(fake.core->is_halted);
	assert_non_null(strstr(logged, "pulling NRST low did not reset the chip"));
	assert_null(strstr(logged, "either"));
}

static void
a_chip_that_nothing_resets_is_connected_and_reported_as_that(void **state)
{
	(void)state;
	fake.core->is_nrst_open = true;
	fake.core->ignores_sysreset = true;
	fake_board_connect(&fake, CONNECT_UNDER_RESET);
	assert_true(fake.core->is_halted);
	assert_non_null(strstr(logged, "AIRCR.SYSRESETREQ did not reset the chip either; "
				       "cm4 is halted where it was"));
}

static void
an_nrst_that_stays_low_is_named(void **state)
{
	(void)state;
	fake.core->nrst_rise_us = 60000000;
	assert_int_equal(try_to_connect(CONNECT_UNDER_RESET), CAUSE_TIMEOUT);
	assert_string_equal(reason_root(&why),
			    "the chip is held in reset: DHCSR.S_RESET_ST stays set "
			    "although the probe lets NRST go");
	assert_int_equal(reason_finding(&why), FINDING_B12);
	assert_string_equal(
		reason_outermost(&why),
		"cannot connect under reset to the target through fake probe (a "
		"test)");
}

/* The firmware has turned SWD off: only in reset does anything answer. */
static void
deaf_until_nrst(void *context, bool low)
{
	struct fake_core *core = context;

	if (low)
		core->probe->has_no_target = false;
	core->is_nrst_low = low;
	core->was_reset = true;
	if (!low)
		fake_core_reset(core);
}

static void
a_target_that_is_silent_is_connected_under_reset_by_itself(void **state)
{
	(void)state;
	fake.probe->has_no_target = true;
	fake.probe->on_nrst = deaf_until_nrst;
	assert_int_equal(try_to_connect(CONNECT_AUTO), CAUSE_NONE);
	assert_true(fake.core->is_halted);
	assert_int_equal(fake.core->r[PC], fake.core->vector);
}

static void
attach_alone_does_not_touch_nrst(void **state)
{
	(void)state;
	fake.probe->has_no_target = true;
	assert_int_equal(try_to_connect(CONNECT_ATTACH), CAUSE_GONE);
	assert_int_equal(fake.core->resets, 0);
	assert_non_null(strstr(reason_remedy(&why), "--connect under-reset"));
	fake.probe->has_no_target = false;
}

static void
a_slower_clock_is_no_remedy_when_the_slowest_was_tried(void **state)
{
	(void)state;
	fake_probe_answer(fake.probe, 1, FAKE_FOREVER, ACK_PARITY);
	assert_int_equal(try_to_connect(CONNECT_ATTACH), CAUSE_GONE);
	assert_int_equal(fake.probe->hz, 25000);
	assert_null(strstr(reason_remedy(&why), "--speed"));
	assert_non_null(strstr(reason_remedy(&why), "shorten the wires"));
	fake.probe->scripts_len = 0;
}

static void
a_slower_clock_is_no_remedy_when_the_slowest_is_in_use(void **state)
{
	(void)state;
	fake.probe->clean_hz = 25000;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_int_equal(fake.probe->hz, 25000);
	assert_non_null(strstr(logged, "connected at 25 kHz only"));
	assert_null(strstr(logged, "--speed"));
	assert_non_null(strstr(logged, "shorten the wires"));
}

static void
a_target_that_never_answers_is_reported_with_both_attempts_and_the_voltage(void **state)
{
	char lines[REASON_SPACE];

	(void)state;
	fake.probe->has_no_target = true;
	fake.probe->millivolts = 3290;
	assert_int_equal(try_to_connect(CONNECT_AUTO), CAUSE_GONE);
	reason_text(&why, lines, sizeof(lines));
	assert_non_null(strstr(lines, "cannot connect under reset to the target through"));
	assert_non_null(strstr(lines, "  seen: target voltage 3.29 V, "));
	assert_non_null(strstr(lines, "  probably SWDIO, SWCLK or GND is not connected"));
	assert_false(fake.probe->is_nrst_low);
	fake.probe->has_no_target = false;
}

static void
a_target_without_power_is_reported_as_that(void **state)
{
	(void)state;
	fake.probe->has_no_target = true;
	fake.probe->millivolts = 20;
	assert_int_equal(try_to_connect(CONNECT_AUTO), CAUSE_GONE);
	assert_int_equal(reason_finding(&why), FINDING_B1);
	assert_non_null(strstr(reason_remedy(&why), "give the board power"));
	fake.probe->has_no_target = false;
}

static void
a_port_without_a_cortex_m_says_what_cpuid_read(void **state)
{
	(void)state;
	fake.core->cpuid = 0;
	assert_int_equal(try_to_connect(CONNECT_ATTACH), CAUSE_UNSUPPORTED);
	assert_string_equal(
		reason_root(&why),
		"access port 0 has no Cortex-M: CPUID at 0xe000ed00 reads 0x00000000");
}

static void
a_cancelled_connection_lets_nrst_go(void **state)
{
	struct board_options options = { .connect = CONNECT_UNDER_RESET };
	struct job *job;
	bool done = false;

	(void)state;
	fake_board_open(&fake, &options);
	job = board_connect(fake.board);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(job_step(job, &done, &why), CAUSE_NONE);
	assert_true(fake.probe->is_nrst_low);
	assert_int_equal(job_cancel(job, &why), CAUSE_NONE);
	assert_false(fake.probe->is_nrst_low);
	job_free(job);
}

struct heard {
	unsigned resets, losses, returns;
	const void *by;
	char root[REASON_LINE_MAX];
};

static void
hear(const struct board_event *event, void *context)
{
	struct heard *heard = context;

	heard->resets += event->kind == EVENT_RESET;
	heard->losses += event->kind == EVENT_LOST;
	heard->returns += event->kind == EVENT_BACK;
	heard->by = event->by;
	if (event->kind == EVENT_LOST)
		snprintf(heard->root, sizeof(heard->root), "%s", reason_root(event->why));
}

static enum cause
reset(bool halted, const void *by)
{
	return fake_board_run(&fake, board_reset(fake.board, halted, by), &why);
}

static void
a_reset_that_halts_stops_at_the_vector_and_is_reported(void **state)
{
	struct heard heard = { 0 };
	struct halt halt = { 0 };
	enum core_state core_state;
	bool was_reset = true;

	(void)state;
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_true(board_listen(fake.board, hear, &heard));
	assert_int_equal(reset(true, &fake), CAUSE_NONE);
	assert_int_equal(heard.resets, 1);
	assert_ptr_equal(heard.by, &fake);
	assert_true(fake.core->is_halted);
	assert_int_equal(fake.core->r[PC], fake.core->vector);
	assert_int_equal(fake.core->demcr, 1 << 24);
	assert_int_equal(core_poll(fake.cm4, &core_state, &was_reset, &why), CAUSE_NONE);
	assert_int_equal(core_state, CORE_HALTED);
	assert_false(was_reset);
	assert_int_equal(core_halt_why(fake.cm4, &halt, &why), CAUSE_NONE);
	assert_int_equal(halt.reason, HALT_REQUESTED);
	board_unlisten(fake.board, hear, &heard);
	assert_int_equal(reset(true, NULL), CAUSE_NONE);
	assert_int_equal(heard.resets, 1);
}

static void
a_reset_that_runs_keeps_breakpoints_and_catches(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	assert_int_equal(core_breakpoint_insert(fake.cm4, 0x08000300, true, &why),
			 CAUSE_NONE);
	assert_int_equal(core_vector_catch_set(fake.cm4, 1 << 10, &why), CAUSE_NONE);
	assert_int_equal(reset(false, NULL), CAUSE_NONE);
	assert_false(fake.core->is_halted);
	assert_int_equal(fake.core->fp_comp[0], 0x48000301);
	assert_int_equal(fake.core->demcr, 1 << 24 | 1 << 10);
	assert_int_equal(le32_get(fake.dbgmcu + DBGMCU_CR), 7);
}

static void
a_reset_that_halts_keeps_the_other_catches(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	assert_int_equal(core_vector_catch_set(fake.cm4, 1 << 10, &why), CAUSE_NONE);
	assert_int_equal(reset(true, NULL), CAUSE_NONE);
	assert_int_equal(fake.core->demcr_at_reset, 1 << 24 | 1 << 10 | 1);
}

static void
accesses_that_a_chip_in_reset_refuses_are_waited_over(void **state)
{
	struct job *job;
	bool done = false;

	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	job = board_reset(fake.board, true, NULL);
	assert_int_equal(job_step(job, &done, &why), CAUSE_NONE);
	assert_int_equal(job_step(job, &done, &why), CAUSE_NONE);
	fake_probe_answer(fake.probe, 1, 3, ACK_FAULT);
	assert_int_equal(fake_board_run(&fake, job, &why), CAUSE_NONE);
	assert_int_equal(fake.core->resets, 1);
	assert_true(fake.core->is_halted);
}

static void
nrst_serves_where_sysresetreq_does_not(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	fake.core->ignores_sysreset = true;
	fake.core->nrst_rise_us = 300000;
	assert_int_equal(reset(true, NULL), CAUSE_NONE);
	assert_int_equal(fake.core->resets, 1);
	assert_int_equal(fake.core->r[PC], fake.core->vector);
	assert_true(fake.core->is_halted);
	assert_false(fake.probe->is_nrst_low);
}

static void
a_reset_that_cannot_be_says_what_was_tried(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	fake.core->ignores_sysreset = true;
	fake.core->is_nrst_open = true;
	assert_int_equal(reset(true, NULL), CAUSE_TIMEOUT);
	assert_string_equal(reason_root(&why),
			    "neither AIRCR.SYSRESETREQ nor NRST held low for 120 ms resets "
			    "the chip: DHCSR.S_RESET_ST was never set");
	assert_string_equal(reason_outermost(&why),
			    "resetting the chip to halt at its reset vector");
	assert_false(fake.probe->is_nrst_low);
}

/* As of a core without a clock: NRST gives it one again. */
static void
open_by_nrst(void *context, bool low)
{
	struct fake_core *core = context;

	core->probe->scripts_len = 0;
	core->is_nrst_low = low;
	core->was_reset = true;
	if (!low)
		fake_core_reset(core);
}

static void
is_reset_by_nrst_from(enum swd_ack ack)
{
	struct heard heard = { 0 };

	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_true(board_listen(fake.board, hear, &heard));
	fake.probe->on_nrst = open_by_nrst;
	fake_probe_answer(fake.probe, 1, FAKE_FOREVER, ack);
	assert_int_equal(reset(true, NULL), CAUSE_NONE);
	assert_int_equal(fake.core->resets, 1);
	assert_int_equal(fake.core->demcr_at_reset, 1 << 24 | 1);
	assert_int_equal(fake.core->r[PC], fake.core->vector);
	assert_true(fake.core->is_halted);
	assert_int_equal(fake.core->demcr, 1 << 24);
	assert_false(fake.probe->is_nrst_low);
	assert_int_equal(heard.resets, 1);
	assert_non_null(strstr(logged, "a reset cannot be prepared: "));
	assert_non_null(strstr(logged, "; pulling NRST instead"));
}

static void
nrst_serves_where_a_core_lets_accesses_wait(void **state)
{
	(void)state;
	is_reset_by_nrst_from(ACK_WAIT);
}

static void
nrst_serves_where_a_core_refuses_accesses(void **state)
{
	(void)state;
	is_reset_by_nrst_from(ACK_FAULT);
}

static void
a_core_that_waits_even_in_reset_is_reported_with_both(void **state)
{
	(void)state;
	fake_board_connect(&fake, CONNECT_ATTACH);
	fake_probe_answer(fake.probe, 1, FAKE_FOREVER, ACK_WAIT);
	assert_int_equal(reset(true, NULL), CAUSE_TIMEOUT);
	assert_string_equal(reason_outermost(&why),
			    "resetting the chip to halt at its reset vector");
	assert_non_null(strstr(logged, "; pulling NRST instead"));
	assert_false(fake.probe->is_nrst_low);
	fake.probe->scripts_len = 0;
}

static void
a_step_of_a_job_never_sleeps(void **state)
{
	struct job *job;
	bool done = false;

	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	fake.core->nrst_rise_us = 50000;
	fake.core->ignores_sysreset = true;
	job = board_reset(fake.board, true, NULL);
	while (!done) {
		uint64_t before = fake.probe->now_us;

		assert_int_equal(job_step(job, &done, &why), CAUSE_NONE);
		assert_true(fake.probe->now_us - before < 2000);
		fake.probe->now_us += job->wait_us;
	}
	job_free(job);
}

static void
a_loss_is_reported_once_and_so_is_the_return(void **state)
{
	struct heard heard = { 0 };
	struct reason loss = REASON_INIT;

	(void)state;
	fake_board_connect(&fake, CONNECT_HALT);
	assert_true(board_listen(fake.board, hear, &heard));
	assert_int_equal(core_breakpoint_insert(fake.cm4, 0x08000300, true, &why),
			 CAUSE_NONE);
	reason_begin(&loss, CAUSE_GONE, "the target did not answer");
	board_give_up(fake.board, &loss);
	board_give_up(fake.board, &loss);
	assert_int_equal(heard.losses, 1);
	assert_string_equal(heard.root, "the target did not answer");
	assert_true(board_is_lost(fake.board));
	assert_string_equal(reason_root(board_lost_why(fake.board)),
			    "the target did not answer");
	fake.core->fp_comp[0] = 0;
	assert_int_equal(fake_board_run(&fake, board_connect(fake.board), &why),
			 CAUSE_NONE);
	assert_int_equal(heard.returns, 1);
	assert_false(board_is_lost(fake.board));
	assert_ptr_equal(board_core(fake.board, 0), fake.cm4);
	assert_int_equal(fake.core->fp_comp[0], 0x48000301);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOARD_TEST(a_slower_clock_is_no_remedy_when_the_slowest_was_tried),
		BOARD_TEST(a_slower_clock_is_no_remedy_when_the_slowest_is_in_use),
		BOARD_TEST(connecting_under_reset_stops_at_the_vector),
		BOARD_TEST(an_nrst_that_is_not_wired_is_reported_and_sysresetreq_serves),
		BOARD_TEST(a_chip_that_nothing_resets_is_connected_and_reported_as_that),
		BOARD_TEST(an_nrst_that_stays_low_is_named),
		BOARD_TEST(a_target_that_is_silent_is_connected_under_reset_by_itself),
		BOARD_TEST(attach_alone_does_not_touch_nrst),
		BOARD_TEST(
			a_target_that_never_answers_is_reported_with_both_attempts_and_the_voltage),
		BOARD_TEST(a_target_without_power_is_reported_as_that),
		BOARD_TEST(a_port_without_a_cortex_m_says_what_cpuid_read),
		BOARD_TEST(a_cancelled_connection_lets_nrst_go),
		BOARD_TEST(a_reset_that_halts_stops_at_the_vector_and_is_reported),
		BOARD_TEST(a_reset_that_runs_keeps_breakpoints_and_catches),
		BOARD_TEST(a_reset_that_halts_keeps_the_other_catches),
		BOARD_TEST(accesses_that_a_chip_in_reset_refuses_are_waited_over),
		BOARD_TEST(nrst_serves_where_sysresetreq_does_not),
		BOARD_TEST(nrst_serves_where_a_core_lets_accesses_wait),
		BOARD_TEST(nrst_serves_where_a_core_refuses_accesses),
		BOARD_TEST(a_core_that_waits_even_in_reset_is_reported_with_both),
		BOARD_TEST(a_reset_that_cannot_be_says_what_was_tried),
		BOARD_TEST(a_step_of_a_job_never_sleeps),
		BOARD_TEST(a_loss_is_reported_once_and_so_is_the_return),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
