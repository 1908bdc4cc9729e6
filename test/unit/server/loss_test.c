/* SPDX-License-Identifier: MIT */
#include "test/unit/server/server_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
a_reset_by_the_chip_itself_is_reported(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	fake_core_reset(bench->fake.core);
	assert_true(bench_logs(bench, "cm4: the target was reset, and not by this server"));
	bench_send_raw(bench, 0, "\x03", 1);
	bench_await(bench, 0);
	assert_has(bench->clients[0].console,
		   "note: the target was reset, and not by this server");
}

static void
a_halted_core_that_is_reset_is_halted_again(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	fake_core_reset(bench->fake.core);
	assert_true(bench_logs(bench, "cm4: the target was reset, and not by this server"));
	assert_true(bench->fake.core->is_halted);
	bench_monitor(bench, 0, "halt");
	assert_has(bench->clients[0].console,
		   "note: cm4 had been halted and began to run by itself; it was halted "
		   "again");
}

static void
in_extended_mode_a_loss_leaves_the_connection(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "!");
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	bench->fake.probe->has_no_target = true;
	assert_string_equal(bench_await(bench, 0), "X09");
	assert_string_equal(bench_ask(bench, 0, "?"), "W00");
	bench_close(bench, 0);
	assert_true(bench_logs(bench, "the target is gone"));
}

static void
a_target_lost_while_it_runs_ends_the_program_with_its_reason(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench->clients[0].console[0] = '\0';
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	bench->fake.probe->has_no_target = true;
	assert_string_equal(bench_await(bench, 0), "X09");
	assert_has(bench->clients[0].console,
		   "the target is lost; the probe is there\n  because ");
	assert_has(bench->clients[0].console, "  seen: target voltage 3.30 V\n");
	assert_string_equal(bench_await(bench, 0), "(closed)");
	assert_has(bench->log, "the target is gone");
}

static void
a_target_lost_with_its_supply_is_reported_with_its_voltage(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench->clients[0].console[0] = '\0';
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	bench->fake.probe->has_no_target = true;
	bench->fake.probe->millivolts = 0;
	assert_string_equal(bench_await(bench, 0), "X09");
	assert_has(bench->clients[0].console,
		   "  seen: target voltage 0.00 V\n"
		   "  probably the target lost its supply during the "
		   "session");
	assert_has(bench->clients[0].console, "try: give the board power");
}

static void
a_lost_target_answers_in_words_and_refuses_new_clients(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench->fake.probe->has_no_target = true;
	assert_int_equal(bench_ask(bench, 0, "m20000000,4")[0], 'E');
	assert_int_equal(strncmp(bench_ask(bench, 0, "g"), "E.", 2), 0);
	bench_connect(bench, 1);
	bench_ask(bench, 1, "qSupported:error-message+");
	assert_int_equal(strncmp(bench_ask(bench, 1, "vMustReplyEmpty"), "E.", 2), 0);
	assert_has(bench->clients[1].reply, "reconnecting to the target, which was lost: ");
	assert_string_equal(bench_ask(bench, 0, "vCont;c"), "X09");
}

static void
a_target_that_is_back_takes_new_clients(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench->fake.probe->has_no_target = true;
	bench_ask(bench, 0, "m20000000,4");
	bench->fake.probe->has_no_target = false;
	assert_has(bench_greet(bench, 1), "T05thread:1;");
	assert_has(bench->log, "the target is back");
}

/* A comparator of version 1: enabled, for the lower halfword (DDI 0403E C1.11.5). */
static bool
has_breakpoint(const struct fake_core *core, uint32_t at)
{
	enum { LOWER_HALFWORD = 1, REPLACE = 30, ENABLE = 1 };

	for (size_t i = 0; i < FAKE_CORE_COMPARATORS; i++)
		if (core->fp_comp[i] == (at | LOWER_HALFWORD << REPLACE | ENABLE))
			return true;
	return false;
}

/* As after its power was off. */
static void
begin_anew(struct fake_core *core)
{
	core->is_halted = false;
	core->control = core->demcr = 0;
	memset(core->fp_comp, 0, sizeof(core->fp_comp));
}

static void
count_nrst(void *context, bool low)
{
	unsigned *pulls = context;

	*pulls += low;
}

/* The client takes the core for halted and its breakpoint for inserted: so it is. */
static void
a_lost_target_is_taken_up_by_itself_with_its_breakpoints_and_without_a_reset(void **state)
{
	struct bench *bench = *state;
	unsigned pulls = 0;

	bench->fake.probe->on_nrst = count_nrst;
	bench->fake.probe->nrst_context = &pulls;
	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "Z1,8000300,2"), "OK");
	bench->fake.probe->has_no_target = true;
	bench_ask(bench, 0, "m20000000,4");
	assert_true(bench_logs(bench, "waiting for the target to come back"));
	assert_true(bench_logs(bench, "not yet: "));
	begin_anew(bench->fake.core);
	bench->fake.probe->has_no_target = false;
	assert_true(bench_logs(bench, "the target is back"));
	bench_turn(bench);
	assert_int_equal(pulls, 0);
	assert_true(bench->fake.core->is_halted);
	assert_true(has_breakpoint(bench->fake.core, 0x08000300));
	assert_has(bench_monitor(bench, 0, "version"), "OK");
	assert_has(bench->clients[0].console, "note: the target is back");
	assert_has(bench->clients[0].console, "cm4 was halted");
}

/* Its gdb has forgotten what it had inserted. */
static void
breakpoints_of_a_program_that_a_loss_has_ended_do_not_come_back(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "!"), "OK");
	assert_string_equal(bench_ask(bench, 0, "Z1,8000300,2"), "OK");
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	bench->fake.probe->has_no_target = true;
	assert_string_equal(bench_await(bench, 0), "X09");
	bench->fake.probe->has_no_target = false;
	assert_true(bench_logs(bench, "the target is back"));
	bench_turn(bench);
	assert_false(has_breakpoint(bench->fake.core, 0x08000300));
}

static const struct CMUnitTest tests[] = {
	BENCH_TEST(a_reset_by_the_chip_itself_is_reported),
	BENCH_TEST(a_halted_core_that_is_reset_is_halted_again),
	BENCH_TEST(in_extended_mode_a_loss_leaves_the_connection),
	BENCH_TEST(a_target_lost_while_it_runs_ends_the_program_with_its_reason),
	BENCH_TEST(a_target_lost_with_its_supply_is_reported_with_its_voltage),
	BENCH_TEST(a_lost_target_answers_in_words_and_refuses_new_clients),
	BENCH_TEST(a_target_that_is_back_takes_new_clients),
	BENCH_TEST(
		a_lost_target_is_taken_up_by_itself_with_its_breakpoints_and_without_a_reset),
	BENCH_TEST(breakpoints_of_a_program_that_a_loss_has_ended_do_not_come_back),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
