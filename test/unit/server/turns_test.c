/* SPDX-License-Identifier: MIT */
#include "server/session/turns.h"

#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A worker asks again as long as it has work; each piece takes its time by the clock. */
struct worker {
	struct turn turn;
	unsigned left;
	uint64_t takes_us;
};

static uint64_t now_us;
static uv_loop_t loop;
static struct turns turns;
static struct worker workers[8];
static unsigned order[512], order_len;

static uint64_t
read_now(struct clock *clock)
{
	(void)clock;
	return now_us;
}

static struct clock hand_clock = { .now_us = read_now };

static void
take(struct turn *turn)
{
	struct worker *worker = container_of(turn, struct worker, turn);

	order[order_len++] = (unsigned)(worker - workers);
	now_us += worker->takes_us;
	if (--worker->left > 0)
		turn_ask(&turns, turn);
}

static void
ask(unsigned index, unsigned pieces, uint64_t takes_us)
{
	workers[index] = (struct worker){ .turn.take = take,
					  .turn.aged_us = now_us,
					  .left = pieces,
					  .takes_us = takes_us };
	turn_ask(&turns, &workers[index].turn);
}

static int
set_up(void **state)
{
	(void)state;
	memset(workers, 0, sizeof(workers));
	order_len = 0;
	uv_loop_init(&loop);
	turns_init(&turns, &loop, &hand_clock);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_len(workers); i++)
		turn_withdraw(&workers[i].turn);
	turns_close(&turns);
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

static unsigned
times_before_first(unsigned worker, unsigned other)
{
	unsigned times = 0;

	for (unsigned i = 0; i < order_len && order[i] != other; i++)
		times += order[i] == worker;
	return times;
}

static void
one_that_asks_once_goes_before_those_that_have_used_much(void **state)
{
	(void)state;
	ask(0, 100, 3000);
	ask(1, 100, 3000);
	uv_run(&loop, UV_RUN_NOWAIT);
	uv_run(&loop, UV_RUN_NOWAIT);
	order_len = 0;
	ask(2, 1, 100);
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(order[0], 2);
}

static void
those_that_come_anew_do_not_all_go_before_one_that_stays(void **state)
{
	(void)state;
	ask(0, 1, 2000);
	uv_run(&loop, UV_RUN_NOWAIT);
	for (unsigned i = 1; i < array_len(workers); i++) {
		workers[i] =
			(struct worker){ .turn.take = take, .left = 1, .takes_us = 20000 };
		turn_ask(&turns, &workers[i].turn);
	}
	workers[0].left = 1;
	turn_ask(&turns, &workers[0].turn);
	order_len = 0;
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(order[0], 0);
}

static void
an_iteration_ends_when_its_time_is_used(void **state)
{
	(void)state;
	ask(0, 100, 1500);
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(order_len, 3);
	ask(1, 1, 20000);
	order_len = 0;
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(order_len, 1);
}

static void
those_that_use_the_same_take_turns(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++)
		ask(i, 50, 1000);
	for (unsigned i = 0; i < 20; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	for (unsigned i = 0; i < 4; i++)
		assert_true(times_before_first(0, i) <= 1);
}

static void
what_was_used_long_ago_counts_no_more(void **state)
{
	(void)state;
	ask(0, 20, 3000);
	for (unsigned i = 0; i < 10; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	now_us += 10 * 1000 * 1000;
	workers[0].left = 1;
	turn_ask(&turns, &workers[0].turn);
	ask(1, 1, 100);
	order_len = 0;
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(order[0], 0);
}

static void
one_that_is_withdrawn_gets_no_turn(void **state)
{
	(void)state;
	ask(0, 1, 100);
	ask(1, 1, 100);
	turn_withdraw(&workers[0].turn);
	turn_withdraw(&workers[0].turn);
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(order_len, 1);
	assert_int_equal(order[0], 1);
}

static void
they_are_shared_while_two_are_served_and_for_a_second_after(void **state)
{
	(void)state;
	ask(0, 3, 100);
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_false(turns_are_shared(&turns));
	ask(1, 1, 100);
	assert_true(turns_are_shared(&turns));
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_true(turns_are_shared(&turns));
	now_us += 900 * 1000;
	ask(1, 1, 100);
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_true(turns_are_shared(&turns));
	now_us += 200 * 1000;
	assert_false(turns_are_shared(&turns));
}

#define TURNS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TURNS_TEST(one_that_asks_once_goes_before_those_that_have_used_much),
		TURNS_TEST(those_that_come_anew_do_not_all_go_before_one_that_stays),
		TURNS_TEST(an_iteration_ends_when_its_time_is_used),
		TURNS_TEST(those_that_use_the_same_take_turns),
		TURNS_TEST(what_was_used_long_ago_counts_no_more),
		TURNS_TEST(one_that_is_withdrawn_gets_no_turn),
		TURNS_TEST(they_are_shared_while_two_are_served_and_for_a_second_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
