/* SPDX-License-Identifier: MIT */
/* How a debugger begins and ends, on a loop of its own and this computer's clock. */
#include "server/debug/debugger.h"
#include "transport/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { LIMIT_MS = 5000 };

/* Nothing listens there: ports below 1024 belong to root, and this one to nobody. */
static const char nowhere[] = "stlink-tcp:127.0.0.1:1";

static uv_loop_t loop;
static struct debugger *debugger;
static struct debugger_options options;
static bool is_ready, is_ended;
static unsigned missed;
static enum cause ready_cause;
static char logged[4096];

static void
keep_log(enum log_level level, const char *room, const char *text, void *context)
{
	size_t used = strlen(logged);

	(void)level, (void)room, (void)context;
	snprintf(logged + used, sizeof(logged) - used, "%s\n", text);
}

static void
take_ready(void *context, enum cause cause, const struct reason *why)
{
	(void)context, (void)why;
	is_ready = true;
	ready_cause = cause;
}

static void
take_missing(void *context, const struct reason *why)
{
	(void)context;
	assert_int_equal(why->cause, CAUSE_HOST);
	missed++;
}

static void
take_ended(void *context)
{
	(void)context;
	is_ended = true;
}

static int
set_up(void **state)
{
	struct reason why = REASON_INIT;

	(void)state;
	is_ready = is_ended = false;
	missed = 0;
	logged[0] = '\0';
	options = (struct debugger_options){ .probe = nowhere };
	log_set("info");
	log_set_sink(keep_log, NULL);
	uv_loop_init(&loop);
	assert_int_equal(debugger_new(&loop, &options, clock_host(), &debugger, &why),
			 CAUSE_NONE);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	debugger_free(debugger);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	log_set_sink(NULL, NULL);
	return 0;
}

/* Returns how long it took. */
static uint32_t
run_until(const bool *flag, uint32_t limit_ms)
{
	struct deadline limit = deadline_in_ms(clock_host(), limit_ms);

	while (!*flag && !deadline_is_over(&limit))
		uv_run(&loop, UV_RUN_NOWAIT);
	return limit_ms - deadline_left_ms(&limit);
}

static void
a_probe_that_is_not_there_is_reported_once(void **state)
{
	(void)state;
	debugger_begin(debugger, take_ready, NULL);
	assert_false(is_ready); /* never from inside a call */
	run_until(&is_ready, LIMIT_MS);
	assert_true(is_ready);
	assert_int_not_equal(ready_cause, CAUSE_NONE);
	is_ready = false;
	run_until(&is_ready, 700);
	assert_false(is_ready);
}

static void
one_that_is_waited_for_is_looked_for_until_the_end(void **state)
{
	(void)state;
	options.waits = true;
	debugger_begin(debugger, take_ready, NULL);
	run_until(&is_ready, 1500);
	assert_false(is_ready);
	assert_non_null(strstr(logged, "; waiting for a probe\n"));
	assert_null(strstr(strstr(logged, "waiting for") + 1, "waiting for"));
	debugger_end(debugger, take_ended, NULL);
	assert_true(run_until(&is_ended, LIMIT_MS) < 500);
	assert_true(is_ended);
	assert_false(is_ready);
}

static void
one_that_is_missing_counts_as_lost_and_is_looked_for(void **state)
{
	(void)state;
	debugger_on_missing(debugger, take_missing);
	debugger_begin(debugger, take_ready, NULL);
	run_until(&is_ready, 2500); /* patience of 1 s, and more than one attempt */
	assert_false(is_ready);
	assert_int_equal(missed, 1);
	assert_true(debugger_is_lost(debugger));
	assert_true(debugger_has_lost_probe(debugger));
	assert_non_null(strstr(reason_root(debugger_lost_why(debugger)), "127.0.0.1:1"));
	assert_null(strstr(logged, "not yet")); /* it is no news */
	debugger_end(debugger, take_ended, NULL);
	assert_true(run_until(&is_ended, LIMIT_MS) < 500);
}

static void
one_that_has_not_begun_ends_at_once(void **state)
{
	(void)state;
	debugger_end(debugger, take_ended, NULL);
	assert_false(is_ended);
	assert_true(run_until(&is_ended, LIMIT_MS) < 500);
	assert_int_equal(board_cores(debugger_board(debugger)), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_probe_that_is_not_there_is_reported_once),
		TEST(one_that_is_waited_for_is_looked_for_until_the_end),
		TEST(one_that_is_missing_counts_as_lost_and_is_looked_for),
		TEST(one_that_has_not_begun_ends_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
