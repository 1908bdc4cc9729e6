/* SPDX-License-Identifier: MIT */
#include "test/unit/server/server_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
a_breakpoint_stops_with_its_reason(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "Z1,08000400,2"), "OK");
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	assert_false(bench->fake.core->is_halted);
	fake_core_arrives(bench->fake.core, 0x08000400);
	assert_has(bench_await(bench, 0), "T05hwbreak:;thread:1;");
}

static void
a_watchpoint_stops_with_its_address(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "Z2,20000100,4"), "OK");
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	fake_core_touches(bench->fake.core, 0x20000100, true);
	assert_has(bench_await(bench, 0), "T05watch:20000100;");
}

static void
the_seventh_breakpoint_is_refused_in_words(void **state)
{
	struct bench *bench = *state;
	char packet[] = "Z1,08000100,2";

	bench_greet(bench, 0);
	for (int digit = '0'; digit < '6'; digit++) {
		packet[6] = (char)digit;
		assert_string_equal(bench_ask(bench, 0, packet), "OK");
	}
	packet[6] = '6';
	assert_int_equal(strncmp(bench_ask(bench, 0, packet), "E..", 3), 0);
	assert_has(bench->clients[0].reply, "0x08000100");
}

static void
ctrl_c_stops_at_once(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	bench_send_raw(bench, 0, "\x03", 1);
	assert_has(bench_await(bench, 0), "T02thread:1;");
}

/* For what the client's packets and Ctrl-C are measured by. */
static void
let_pass(struct bench *bench, uint64_t us)
{
	struct client *client = bench_client(bench);

	client->interrupt_us -= us;
	client->spoke_us -= us;
	client->talked_us -= us;
}

static void
a_ctrl_c_while_halted_stops_the_next_resume_once(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send_raw(bench, 0, "\x03\x03", 2);
	bench_turn(bench);
	assert_has(bench_ask(bench, 0, "vCont;c"), "T02thread:1;");
	assert_true(bench->fake.core->is_halted);
	assert_has(bench_ask(bench, 0, "vCont;s:1"), "T05thread:1;");
}

static void
an_old_ctrl_c_is_forgotten(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send_raw(bench, 0, "\x03", 1);
	bench_turn(bench);
	let_pass(bench, 250001);
	assert_has(bench_ask(bench, 0, "vCont;s:1"), "T05thread:1;");
}

/* The client has been silent, or its last stop was the answer to a Ctrl-C: what comes later is another
 * wish. An IDE interrupts a target that has stopped, too. */
static void
a_ctrl_c_at_a_prompt_is_forgotten_sooner(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	let_pass(bench, 250001);
	bench_send_raw(bench, 0, "\x03", 1);
	bench_turn(bench);
	let_pass(bench, 250001);
	assert_has(bench_ask(bench, 0, "vCont;s:1"), "T05thread:1;");
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	bench_send_raw(bench, 0, "\x03", 1);
	assert_has(bench_await(bench, 0), "T02thread:1;");
	bench_send_raw(bench, 0, "\x03", 1);
	bench_turn(bench);
	let_pass(bench, 250001);
	assert_has(bench_ask(bench, 0, "vCont;s:1"), "T05thread:1;");
}

/* As gdb's between a stop whose condition is false and the next resume, on a busy computer. */
static void
a_ctrl_c_is_kept_while_packet_follows_packet(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send_raw(bench, 0, "\x03", 1);
	bench_turn(bench);
	for (unsigned i = 0; i < 4; i++) {
		let_pass(bench, 200000);
		bench_ask(bench, 0, "m20000000,4");
	}
	assert_has(bench_ask(bench, 0, "vCont;c"), "T02thread:1;");
}

/* An IDE's, and what its user does later. */
static void
packets_do_not_renew_a_ctrl_c(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	for (unsigned silence_us = 200000; silence_us <= 300000; silence_us += 100000) {
		let_pass(bench, silence_us);
		bench_send_raw(bench, 0, "\x03", 1);
		bench_turn(bench);
		for (unsigned i = 0; i < 6; i++) {
			let_pass(bench, 200000);
			bench_ask(bench, 0, "m20000000,4");
		}
		assert_has(bench_ask(bench, 0, "vCont;s:1"), "T05thread:1;");
	}
}

static void
a_ctrl_c_that_loses_against_a_breakpoint_is_kept_and_the_stop_is_true(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "Z1,08000206,2");
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	fake_core_arrives(bench->fake.core, 0x08000206);
	bench_send_raw(bench, 0, "\x03", 1);
	assert_has(bench_await(bench, 0), "T05hwbreak:;");
	for (unsigned i = 0; i < 8; i++) {
		let_pass(bench, 300000);
		bench_ask(bench, 0, "m20000000,4");
	}
	assert_has(bench_ask(bench, 0, "vCont;c"), "T02thread:1;");
}

/* 0 as a condition: const8 0, end. */
static void
a_false_condition_whose_core_cannot_run_on_is_a_stop_with_its_reason(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "Z1,08000206,2;X3,220027"), "OK");
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	fake_core_arrives(bench->fake.core, 0x08000206);
	bench->fake.core->refuses_run = true;
	assert_has(bench_await(bench, 0), "T05hwbreak:;");
	assert_has(bench->clients[0].console,
		   "note: the breakpoint's condition is false, and cm4 was to run on: ");
	assert_has(bench->clients[0].console, "the target answered FAULT");
	bench->fake.core->refuses_run = false;
}

static void
a_ctrl_c_is_forgotten_by_a_reset(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send_raw(bench, 0, "\x03", 1);
	bench_turn(bench);
	assert_string_equal(bench_monitor(bench, 0, "reset halt"), "OK");
	assert_has(bench_ask(bench, 0, "vCont;s:1"), "T05thread:1;");
}

static void
a_step_steps_once(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_has(bench_ask(bench, 0, "vCont;s:1;c"), "0f:02020008;");
	assert_int_equal(bench->fake.core->steps, 1);
	assert_true(bench->fake.core->stepped_masked);
}

static void
a_range_is_stepped_until_it_is_left(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_has(bench_ask(bench, 0, "vCont;r8000200,8000210:1"), "0f:10020008;");
	assert_int_equal(bench->fake.core->steps, 8);
}

static void
a_breakpoint_in_a_range_is_heard_of(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_ask(bench, 0, "Z1,08000206,2");
	assert_has(bench_ask(bench, 0, "vCont;r8000200,8000210:1"), "T05hwbreak:;");
	assert_has(bench->clients[0].reply, "0f:06020008;");
}

/* A stop or an error: that the target is lost would be wrong, and nothing would be a hang. */
static void
assert_is_stop_or_error(const char *reply)
{
	if (reply[0] != 'T' && reply[0] != 'E')
		fail_msg("\"%s\" is neither a stop nor an error", reply);
}

static void
a_range_at_the_end_of_memory_ends(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "Pf=feffffff"), "OK");
	assert_is_stop_or_error(bench_ask(bench, 0, "vCont;rfffffff0,ffffffff"));
	assert_string_equal(bench_ask(bench, 0, "m20000000,1"), "cd");
}

/* "reset run" of a client that is gone when it is carried out. */
static void
a_range_behind_a_reset_by_a_client_that_died_ends(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_greet(bench, 1);
	bench_send(bench, 1, "qRcmd,72657365742072756e");
	bench_close(bench, 1);
	assert_is_stop_or_error(bench_ask(bench, 0, "vCont;r8000200,8000210:1"));
	assert_string_equal(bench_ask(bench, 0, "m20000000,1"), "cd");
}

static void
a_step_that_does_not_end_can_be_interrupted(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench->fake.core->steps_into_sleep = true;
	bench_send(bench, 0, "vCont;s:1");
	bench_turn(bench);
	bench_send_raw(bench, 0, "\x03", 1);
	assert_has(bench_await(bench, 0), "thread:1;");
}

/* Masked steps alone would never let the interrupt come that a loop waits for. */
static void
a_long_range_lets_interrupts_through_between_slices(void **state)
{
	struct bench *bench = *state;
	struct fake_core *core = bench->fake.core;

	memset(bench->fake.flash, 0x20, 0x10000); /* movs r0, #32 */
	bench_greet(bench, 0);
	bench_send(bench, 0, "vCont;r8000200,800fff0:1");
	for (unsigned turns = 0; core->is_halted && turns < 10000; turns++)
		bench_turn(bench);
	assert_false(core->is_halted);
	assert_int_equal(core->fp_comp[0] & 1, 1);
	fake_core_arrives(core, core->fp_comp[0] & 0x1ffffffc);
	bench_turn(bench);
	bench_send_raw(bench, 0, "\x03", 1);
	assert_has(bench_await(bench, 0), "T02thread:1;");
	assert_int_equal(bench->fake.core->fp_comp[0] & 1, 0);
}

static const struct CMUnitTest tests[] = {
	BENCH_TEST(a_breakpoint_stops_with_its_reason),
	BENCH_TEST(a_watchpoint_stops_with_its_address),
	BENCH_TEST(the_seventh_breakpoint_is_refused_in_words),
	BENCH_TEST(ctrl_c_stops_at_once),
	BENCH_TEST(a_ctrl_c_is_kept_while_packet_follows_packet),
	BENCH_TEST(a_ctrl_c_while_halted_stops_the_next_resume_once),
	BENCH_TEST(an_old_ctrl_c_is_forgotten),
	BENCH_TEST(a_ctrl_c_at_a_prompt_is_forgotten_sooner),
	BENCH_TEST(packets_do_not_renew_a_ctrl_c),
	BENCH_TEST(a_ctrl_c_that_loses_against_a_breakpoint_is_kept_and_the_stop_is_true),
	BENCH_TEST(a_false_condition_whose_core_cannot_run_on_is_a_stop_with_its_reason),
	BENCH_TEST(a_ctrl_c_is_forgotten_by_a_reset),
	BENCH_TEST(a_step_steps_once),
	BENCH_TEST(a_range_is_stepped_until_it_is_left),
	BENCH_TEST(a_breakpoint_in_a_range_is_heard_of),
	BENCH_TEST(a_range_at_the_end_of_memory_ends),
	BENCH_TEST(a_range_behind_a_reset_by_a_client_that_died_ends),
	BENCH_TEST(a_step_that_does_not_end_can_be_interrupted),
	BENCH_TEST(a_long_range_lets_interrupts_through_between_slices),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
