/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"
#include "targets/reset/reset.h"
#include "test/unit/fake_board.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MS = 1000, S = 1000000 };

static struct fake_board fake;
static struct reason why;
static char heard[8192]; /* a word for each event */
static char last_reason[REASON_SPACE];

/* A job that does nothing until it is let. */
struct idle_job {
	struct job job;
	bool is_over, is_cancelled, is_freed;
	uint64_t wait_us;
	enum cause cause;
	unsigned steps;
};

static struct idle_job jobs[3];
static unsigned jobs_len;

static void
hear(const struct board_event *event, void *context)
{
	static const char *const names[] = {
		[EVENT_HALTED] = "halted", [EVENT_RUNNING] = "running",
		[EVENT_RESET] = "reset",   [EVENT_FLASHED] = "flashed",
		[EVENT_HELD] = "held",     [EVENT_FAILED] = "failed",
		[EVENT_BLIND] = "blind",   [EVENT_LOST] = "lost",
		[EVENT_SEEN] = "seen",     [EVENT_BACK] = "back",
		[EVENT_REMARK] = "remark",
	};
	static const char *const sources[] = { "chip", "client", "server", "sharer" };
	size_t used = strlen(heard);

	(void)context;
	snprintf(heard + used, sizeof(heard) - used, "%s by %s%s\n", names[event->kind],
		 sources[event->source], event->by == &why ? " A" : "");
	if (event->why != NULL)
		reason_text(event->why, last_reason, sizeof(last_reason));
}

static int
set_up(void **state)
{
	(void)state;
	heard[0] = last_reason[0] = '\0';
	jobs_len = 0;
	memset(&why, 0, sizeof(why));
	fake_board_new(&fake);
	fake_board_connect(&fake, CONNECT_ATTACH);
	assert_true(board_listen(fake.board, hear, NULL));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	fake_board_free(&fake);
	return 0;
}

/* Turns until `us` have gone by, as a loop would; returns the turns. */
static unsigned
turn_for(uint64_t us)
{
	uint64_t end = fake.probe->now_us + us;
	unsigned turns = 0;

	while (fake.probe->now_us < end) {
		uint64_t wait_us = 0;

		board_turn(fake.board, &wait_us);
		turns++;
		fake.probe->now_us += wait_us == 0 ? 1 : wait_us;
	}
	return turns;
}

static void
halt_as_client(void)
{
	assert_int_equal(board_halt(fake.board, 0, &why, &why), CAUSE_NONE);
	board_expect(fake.board, 0, true, false);
	turn_for(MS);
	heard[0] = '\0';
}

static void
a_stop_is_seen_within_five_ms_while_a_client_waits(void **state)
{
	uint64_t wait_us = 0;

	(void)state;
	assert_int_equal(core_breakpoint_insert(fake.cm4, 0x08000400, true, &why),
			 CAUSE_NONE);
	turn_for(S);
	board_turn(fake.board, &wait_us);
	assert_true(wait_us > 5 * MS);
	board_expect(fake.board, 0, true, true);
	fake_core_arrives(fake.core, 0x08000400);
	heard[0] = '\0';
	turn_for(6 * MS);
	assert_string_equal(heard, "halted by chip\n");
	assert_int_equal(board_stop(fake.board, 0)->halt.reason, HALT_BREAKPOINT);
}

static void
who_only_looks_changes_nothing_of_how_often_a_core_is_looked_at(void **state)
{
	(void)state;
	board_expect(fake.board, 0, true, true);
	turn_for(S);
	board_expect(fake.board, 0, true, true); /* a second one attaches */
	assert_true(turn_for(100 * MS) >= 20);
	board_expect(fake.board, 0, true, false);
	turn_for(10 * MS);
	assert_true(turn_for(S) <= 4);
}

static void
events_of_a_call_come_with_the_next_turn(void **state)
{
	(void)state;
	turn_for(MS);
	heard[0] = '\0';
	assert_int_equal(board_halt(fake.board, 0, &why, &why), CAUSE_NONE);
	assert_true(board_is_halted(fake.board, 0));
	assert_string_equal(heard, "");
	turn_for(1);
	assert_string_equal(heard, "halted by client A\n");
	heard[0] = '\0';
	assert_int_equal(board_resume(fake.board, 0, &why, &why), CAUSE_NONE);
	turn_for(1);
	assert_string_equal(heard, "running by client A\n");
}

static void
resets_within_a_second_are_reported_once(void **state)
{
	(void)state;
	board_expect(fake.board, 0, false, true);
	turn_for(2 * S); /* the one before the connection does not count */
	heard[0] = '\0';
	fake_core_reset(fake.core);
	turn_for(900 * MS);
	fake_core_reset(fake.core);
	turn_for(900 * MS);
	fake_core_reset(fake.core);
	turn_for(1100 * MS);
	assert_string_equal(heard, "reset by chip\n");
	fake_core_reset(fake.core);
	turn_for(100 * MS);
	assert_string_equal(heard, "reset by chip\nreset by chip\n");
}

static void
a_reset_before_the_connection_is_nobodys_news(void **state)
{
	(void)state;
	fake.core->was_reset = true;
	turn_for(S / 2);
	assert_null(strstr(heard, "reset"));
	fake_core_reset(fake.core);
	turn_for(S);
	assert_null(strstr(heard, "reset")); /* an echo of the first */
}

static void
a_halted_core_that_is_reset_is_halted_again_and_where_it_is_now(void **state)
{
	(void)state;
	turn_for(2 * S);
	halt_as_client();
	fake.core->vector = 0x08000300;
	fake_core_reset(fake.core);
	turn_for(S);
	assert_string_equal(heard, "reset by chip\nhalted by server\n");
	assert_true(fake.core->is_halted);
	assert_int_equal(board_stop(fake.board, 0)->halt.pc, 0x08000300);
}

/* As when another debugger lets the core go, whose program cannot run. */
static void
a_core_that_locks_up_again_is_halted_again(void **state)
{
	(void)state;
	board_expect(fake.board, 0, true, false);
	fake.core->is_locked_up = true;
	turn_for(S);
	assert_true(fake.core->is_halted);
	assert_true(board_stop(fake.board, 0)->is_locked_up);
	fake.core->is_halted = false;
	turn_for(S);
	assert_true(fake.core->is_halted);
	assert_string_equal(heard, "halted by chip\nhalted by chip\n");
}

/* Its watchdog may bring it back, which stands still while it is halted. */
static void
a_core_that_locks_up_with_nobody_attached_is_left_alone(void **state)
{
	(void)state;
	fake.core->is_locked_up = true;
	turn_for(S);
	assert_false(fake.core->is_halted);
	assert_int_equal(board_core_state(fake.board, 0), CORE_LOCKED_UP);
	assert_string_equal(heard, "");
	halt_as_client();
	assert_true(board_stop(fake.board, 0)->is_locked_up);
}

static void
one_that_nobody_is_attached_to_runs_on(void **state)
{
	(void)state;
	turn_for(2 * S);
	halt_as_client();
	board_expect(fake.board, 0, false, false);
	fake_core_reset(fake.core);
	turn_for(S);
	assert_string_equal(heard, "reset by chip\nrunning by chip\n");
	assert_false(fake.core->is_halted);
}

static void
registers_of_the_last_halt_are_kept_and_those_of_an_older_one_are_not(void **state)
{
	uint64_t value = 0;

	(void)state;
	fake.core->r[0] = 0x1111;
	halt_as_client();
	assert_int_equal(board_resume(fake.board, 0, &why, &why), CAUSE_NONE);
	assert_int_equal(board_register_read(fake.board, 0, 0, &value, &why), CAUSE_NONE);
	fake.core->r[0] = 0x2222;
	halt_as_client();
	assert_int_equal(board_resume(fake.board, 0, &why, &why), CAUSE_NONE);
	assert_int_equal(board_register_read(fake.board, 0, 0, &value, &why), CAUSE_NONE);
	assert_int_equal(value, 0x2222);
	halt_as_client();
	assert_int_equal(board_register_write(fake.board, 0, 0, 0x3333, &why), CAUSE_NONE);
	assert_int_equal(board_resume(fake.board, 0, &why, &why), CAUSE_NONE);
	assert_int_equal(board_register_read(fake.board, 0, 0, &value, &why), CAUSE_NONE);
	assert_int_equal(value, 0x3333);
}

static void
a_register_that_is_written_after_they_were_kept_is_kept_anew(void **state)
{
	uint64_t value = 0;

	(void)state;
	fake.core->r[0] = 0x1111;
	halt_as_client();
	assert_int_equal(board_step_range(fake.board, 0, 0, UINT32_MAX, &why, &why),
			 CAUSE_NONE);
	assert_int_equal(board_halt(fake.board, 0, &why, &why), CAUSE_NONE);
	assert_int_equal(board_register_write(fake.board, 0, 0, 0x2222, &why), CAUSE_NONE);
	assert_int_equal(board_resume(fake.board, 0, &why, &why), CAUSE_NONE);
	assert_int_equal(board_register_read(fake.board, 0, 0, &value, &why), CAUSE_NONE);
	assert_int_equal(value, 0x2222);
}

static enum cause
idle_step(struct job *job, bool *done, struct reason *reason)
{
	struct idle_job *idle = container_of(job, struct idle_job, job);

	idle->steps++;
	job->wait_us = idle->wait_us;
	*done = idle->is_over;
	if (idle->is_over && idle->cause != CAUSE_NONE)
		return reason_begin(reason, idle->cause, "it went wrong");
	return CAUSE_NONE;
}

static enum cause
idle_cancel(struct job *job, struct reason *reason)
{
	(void)reason;
	container_of(job, struct idle_job, job)->is_cancelled = true;
	return CAUSE_NONE;
}

static void
idle_free(struct job *job)
{
	container_of(job, struct idle_job, job)->is_freed = true;
}

static struct idle_job *
idle_job(const char *name)
{
	static const struct job_ops ops = { .step = idle_step,
					    .cancel = idle_cancel,
					    .free = idle_free };

	jobs[jobs_len] =
		(struct idle_job){ .job = { .ops = &ops, .name = name }, .wait_us = MS };
	return &jobs[jobs_len++];
}

struct ended {
	unsigned times;
	enum cause cause;
	char root[REASON_LINE_MAX];
};

static void
take_end(void *context, enum cause cause, const struct reason *reason)
{
	struct ended *ended = context;

	ended->times++;
	ended->cause = cause;
	snprintf(ended->root, sizeof(ended->root), "%s",
		 cause == CAUSE_NONE ? "" : reason_root(reason));
}

static enum cause
begin(struct idle_job *idle, unsigned claims, struct ended *ended)
{
	return board_begin(fake.board, &idle->job, claims, idle, take_end, ended, &why);
}

static void
registers_that_were_kept_are_not_written_over_by_a_write_that_a_job_refuses(void **state)
{
	struct idle_job *load = idle_job("programming flash");
	struct ended ended = { 0 };
	uint64_t value = 0;

	(void)state;
	fake.core->r[0] = 0x1111;
	halt_as_client();
	assert_int_equal(begin(load, CLAIM_FLASH | CLAIM_CORE, &ended), CAUSE_NONE);
	fake.core->r[0] = 0xbad;
	assert_int_equal(board_register_write(fake.board, 0, 0, 5, &why), CAUSE_REQUEST);
	assert_string_equal(reason_root(&why), "programming flash is under way (0 % done)");
	assert_int_equal(board_register_read(fake.board, 0, 0, &value, &why), CAUSE_NONE);
	assert_int_equal(value, 0x1111);
	assert_int_equal(board_resume(fake.board, 0, NULL, &why), CAUSE_REQUEST);
	assert_int_equal(board_step(fake.board, 0, NULL, &why), CAUSE_REQUEST);
	assert_int_equal(board_halt(fake.board, 0, NULL, &why), CAUSE_REQUEST);
}

static void
jobs_with_other_claims_run_beside_each_other(void **state)
{
	struct idle_job *load = idle_job("programming flash"), *other = idle_job("another"),
			*third = idle_job("a third");
	struct ended ended = { 0 }, other_ended = { 0 };

	(void)state;
	assert_int_equal(begin(load, CLAIM_FLASH, &ended), CAUSE_NONE);
	assert_int_equal(begin(other, CLAIM_POWER, &other_ended), CAUSE_NONE);
	assert_int_equal(begin(third, CLAIM_POWER | CLAIM_CORE, &ended), CAUSE_REQUEST);
	assert_true(third->is_freed);
	turn_for(10 * MS);
	assert_true(load->steps >= 9 && other->steps >= 9);
	other->is_over = true;
	other->cause = CAUSE_FAULT;
	turn_for(2 * MS);
	assert_int_equal(other_ended.times, 1);
	assert_int_equal(other_ended.cause, CAUSE_FAULT);
	assert_string_equal(other_ended.root, "it went wrong");
	assert_true(other->is_freed);
	assert_int_equal(ended.times, 0);
	assert_ptr_equal(board_job_of(fake.board, load), &load->job);
	load->is_over = true;
	turn_for(2 * MS);
	assert_int_equal(ended.times, 1);
	assert_non_null(strstr(heard, "flashed by client"));
}

static void
ram_that_a_job_uses_is_refused_to_all_others(void **state)
{
	struct idle_job *load = idle_job("programming flash"), *other = idle_job("another");
	struct ended ended = { 0 };

	(void)state;
	load->job.ram_at = 0x20000000;
	load->job.ram_size = 0x1000;
	assert_int_equal(begin(other, CLAIM_POWER, &ended), CAUSE_NONE);
	assert_int_equal(begin(load, CLAIM_FLASH, &ended), CAUSE_NONE);
	assert_int_equal(board_check_ram(fake.board, 0x1ffffffe, 2, &why), CAUSE_NONE);
	assert_int_equal(board_check_ram(fake.board, 0x20001000, 4, &why), CAUSE_NONE);
	assert_int_equal(board_check_ram(fake.board, 0x1fffffff, 2, &why), CAUSE_REQUEST);
	assert_int_equal(board_check_ram(fake.board, 0x20000fff, 2, &why), CAUSE_REQUEST);
	assert_string_equal(reason_outermost(&why),
			    "programming flash uses the RAM at 0x20000fff");
	load->job.ram_size = 0; /* it has put the RAM back */
	assert_int_equal(board_check_ram(fake.board, 0x1fffffff, 2, &why), CAUSE_NONE);
}

static void
a_core_that_nobody_claims_is_looked_at_while_a_job_runs(void **state)
{
	struct idle_job *load = idle_job("programming flash");
	struct ended ended = { 0 };

	(void)state;
	board_expect(fake.board, 0, true, true);
	assert_int_equal(core_breakpoint_insert(fake.cm4, 0x08000400, true, &why),
			 CAUSE_NONE);
	assert_int_equal(begin(load, CLAIM_FLASH | board_core_claim(1), &ended),
			 CAUSE_NONE);
	turn_for(10 * MS);
	fake_core_arrives(fake.core, 0x08000400);
	turn_for(10 * MS);
	assert_non_null(strstr(heard, "halted by chip\n"));
}

static void
a_core_that_was_claimed_is_looked_at_when_the_job_has_ended(void **state)
{
	struct idle_job *load = idle_job("programming flash");
	struct ended ended = { 0 };

	(void)state;
	halt_as_client();
	assert_int_equal(begin(load, CLAIM_FLASH | CLAIM_CORE, &ended), CAUSE_NONE);
	assert_int_equal(core_register_write(fake.cm4, fake_register(fake.cm4, "pc"),
					     0x08000666, &why),
			 CAUSE_NONE);
	turn_for(S);
	assert_string_equal(heard, "");
	load->is_over = true;
	turn_for(2 * MS);
	assert_string_equal(heard, "flashed by client\nhalted by chip\n");
	assert_int_equal(board_stop(fake.board, 0)->halt.pc, 0x08000666);
}

static void
a_cancelled_job_is_not_answered_and_an_interrupted_one_is(void **state)
{
	struct idle_job *job = idle_job("programming flash"), *second = idle_job("erasing");
	struct ended ended = { 0 };

	(void)state;
	assert_int_equal(begin(job, CLAIM_FLASH, &ended), CAUSE_NONE);
	turn_for(2 * MS);
	board_cancel(fake.board, job);
	assert_true(job->is_cancelled && job->is_freed);
	turn_for(2 * MS);
	assert_int_equal(ended.times, 0);
	assert_null(board_claimant(fake.board, CLAIM_EVERYTHING));
	assert_int_equal(begin(second, CLAIM_FLASH, &ended), CAUSE_NONE);
	assert_true(board_interrupt(fake.board, second));
	turn_for(2 * MS);
	assert_true(second->is_cancelled && second->is_freed);
	assert_int_equal(ended.cause, CAUSE_REQUEST);
	assert_string_equal(ended.root, "erasing was interrupted by Ctrl-C");
	assert_false(board_interrupt(fake.board, second));
}

static void
a_cancelled_reset_leaves_no_vector_catch_and_nothing_stale(void **state)
{
	uint64_t wait_us = 0;

	(void)state;
	turn_for(2 * S);
	halt_as_client();
	assert_int_equal(core_vector_catch_set(fake.cm4, 1 << 10, &why), CAUSE_NONE);
	assert_int_equal(board_begin(fake.board, board_reset(fake.board, false, &fake),
				     CLAIM_EVERYTHING, &fake, NULL, NULL, &why),
			 CAUSE_NONE);
	for (unsigned i = 0; i < 10 && fake.core->resets == 0; i++)
		board_turn(fake.board, &wait_us);
	assert_int_equal(fake.core->resets, 1);
	board_cancel(fake.board, &fake);
	assert_int_equal(fake.core->demcr, 1 << 24 | 1 << 10);
	assert_non_null(strstr(heard, "reset by client\n"));
	assert_false(fake.core->is_halted);
	assert_false(board_is_halted(fake.board, 0));
	assert_int_equal(board_step_range(fake.board, 0, 0, UINT32_MAX, &why, &why),
			 CAUSE_REQUEST);
	turn_for(3 * S);
	assert_null(strstr(heard, "lost"));
}

/* Else the next reset by a button would halt the core for nobody. */
static void
a_cancelled_reset_to_halt_takes_its_vector_catch_back(void **state)
{
	uint64_t wait_us = 0;

	(void)state;
	assert_int_equal(board_begin(fake.board, board_reset(fake.board, true, &fake),
				     CLAIM_EVERYTHING, &fake, NULL, NULL, &why),
			 CAUSE_NONE);
	board_turn(fake.board, &wait_us);
	assert_int_equal(fake.core->resets, 0);
	assert_int_equal(fake.core->demcr & 1, 1);
	board_cancel(fake.board, &fake);
	assert_int_equal(fake.core->demcr, 1 << 24);
}

static void
after_a_detach_nothing_is_lost(void **state)
{
	uint32_t word = 0;

	(void)state;
	assert_int_equal(board_detach(fake.board, &why), CAUSE_NONE);
	fake.probe->has_no_target = true;
	assert_int_equal(core_memory_read(fake.cm4, 0x20000000, &word, 4, &why),
			 CAUSE_GONE);
	turn_for(S);
	assert_false(board_is_lost(fake.board));
	assert_null(strstr(heard, "lost"));
}

static void
a_reset_that_halts_is_vouched_for_by_the_state_when_its_event_comes(void **state)
{
	struct ended ended = { 0 };

	(void)state;
	turn_for(2 * S);
	fake.core->vector = 0x08000300;
	assert_int_equal(board_begin(fake.board, board_reset(fake.board, true, &why),
				     CLAIM_EVERYTHING, &why, take_end, &ended, &why),
			 CAUSE_NONE);
	turn_for(S);
	assert_int_equal(ended.times, 1);
	assert_int_equal(ended.cause, CAUSE_NONE);
	assert_true(board_is_halted(fake.board, 0));
	assert_int_equal(board_stop(fake.board, 0)->halt.pc, 0x08000300);
	assert_int_equal(board_stop(fake.board, 0)->halt.reason, HALT_REQUESTED);
	assert_non_null(strstr(heard, "reset by client A\n"));
	assert_null(strstr(heard, "reset by chip"));
}

static void
a_range_is_stepped_until_it_is_left(void **state)
{
	(void)state;
	halt_as_client();
	assert_int_equal(
		board_step_range(fake.board, 0, 0x08000200, 0x08000210, &why, &why),
		CAUSE_NONE);
	turn_for(S);
	assert_string_equal(heard, "halted by client A\n");
	assert_int_equal(fake.core->steps, 8);
	assert_int_equal(board_stop(fake.board, 0)->halt.reason, HALT_STEPPED);
}

static void
begin_long_range(void)
{
	memset(fake.flash, 0x20, 0x10000); /* movs r0, #32 */
	halt_as_client();
	assert_int_equal(
		board_step_range(fake.board, 0, 0x08000200, 0x0800fff0, &why, &why),
		CAUSE_NONE);
}

/* Masked steps alone would never let the interrupt come that a loop waits for. */
static void
a_long_range_lets_interrupts_through_between_slices(void **state)
{
	uint64_t wait_us = 0;

	(void)state;
	begin_long_range();
	board_turn(fake.board, &wait_us);
	assert_false(fake.core->is_halted);
	assert_int_equal(fake.core->fp_comp[0] & 1, 1);
	assert_true(board_is_stepping(fake.board, 0));
	assert_string_equal(heard, "");
	fake_core_arrives(fake.core, fake.core->r[15] + 2);
	fake.probe->now_us += wait_us;
	board_turn(fake.board, &wait_us);
	assert_true(board_is_stepping(fake.board, 0));
	assert_int_equal(board_halt(fake.board, 0, &why, &why), CAUSE_NONE);
	assert_int_equal(fake.core->fp_comp[0] & 1, 0);
	board_turn(fake.board, &wait_us);
	assert_non_null(strstr(heard, "halted by client A\n"));
	assert_int_equal(board_stop(fake.board, 0)->halt.reason, HALT_REQUESTED);
	assert_ptr_equal(board_stop(fake.board, 0)->by, &why);
}

/* The core has come to the end of a detour, which nobody has seen yet. */
static void
a_halt_at_the_end_of_a_detour_is_one_that_was_asked_for(void **state)
{
	uint64_t wait_us = 0;

	(void)state;
	begin_long_range();
	board_turn(fake.board, &wait_us);
	assert_false(fake.core->is_halted);
	fake_core_arrives(fake.core, fake.core->r[15] + 2);
	assert_true(fake.core->is_halted);
	assert_int_equal(board_halt(fake.board, 0, &why, &why), CAUSE_NONE);
	turn_for(1);
	assert_string_equal(heard, "halted by client A\n");
	assert_int_equal(board_stop(fake.board, 0)->halt.reason, HALT_REQUESTED);
	assert_ptr_equal(board_stop(fake.board, 0)->by, &why);
	assert_int_equal(fake.core->fp_comp[0] & 1, 0);
}

static void
a_range_step_where_nothing_can_be_read_ends(void **state)
{
	(void)state;
	halt_as_client();
	assert_int_equal(board_register_write(fake.board, 0, REGISTER_PC, 0xfffffffe, &why),
			 CAUSE_NONE);
	assert_int_equal(
		board_step_range(fake.board, 0, 0xfffffff0, 0xffffffff, &why, &why),
		CAUSE_NONE);
	turn_for(5 * S);
	assert_non_null(strstr(heard, "halted by client A\n"));
	assert_null(strstr(heard, "lost"));
}

static void
a_range_step_that_is_refused_is_reported_and_not_tried_again(void **state)
{
	(void)state;
	halt_as_client();
	assert_int_equal(board_step_range(fake.board, 0, 0, UINT32_MAX, &why, &why),
			 CAUSE_NONE);
	fake_probe_answer(fake.probe, 1, 1, ACK_FAULT);
	turn_for(S);
	assert_string_equal(heard, "failed by client A\n");
	assert_false(board_is_stepping(fake.board, 0));
}

static void
what_cannot_be_seen_for_long_is_reported_once_and_is_no_loss(void **state)
{
	(void)state;
	turn_for(S);
	heard[0] = '\0';
	fake_probe_answer(fake.probe, 1, FAKE_FOREVER, ACK_FAULT);
	turn_for(10 * S);
	assert_string_equal(heard, "blind by chip\n");
	fake.probe->scripts_len = 0;
	turn_for(S);
	fake_probe_answer(fake.probe, 1, FAKE_FOREVER, ACK_FAULT);
	turn_for(2 * S);
	assert_string_equal(heard, "blind by chip\nseen by chip\nblind by chip\n");
}

static void
a_loss_that_a_caller_dropped_is_noticed_by_the_next_turn(void **state)
{
	uint32_t word = 0;

	(void)state;
	turn_for(S);
	heard[0] = '\0';
	fake.probe->has_no_target = true;
	assert_int_equal(core_memory_read(fake.cm4, 0x20000000, &word, 4, &why),
			 CAUSE_GONE);
	turn_for(1);
	assert_string_equal(heard, "lost by chip\n");
	assert_true(board_is_lost(fake.board));
	assert_false(board_has_lost_probe(fake.board));
	assert_non_null(strstr(last_reason, "the target is lost; the probe is there\n"));
	assert_non_null(strstr(last_reason, "  seen: target voltage 3.30 V\n"));
	turn_for(S);
	assert_string_equal(heard, "lost by chip\n");
	fake.probe->has_no_target = false;
	assert_int_equal(fake_board_run(&fake, board_reconnect(fake.board), &why),
			 CAUSE_NONE);
	assert_string_equal(heard, "lost by chip\nback by chip\n");
}

static void
lose_an_answer(void)
{
	uint32_t word = 0;

	turn_for(S);
	fake.probe->has_no_target = true;
	assert_int_equal(core_memory_read(fake.cm4, 0x20000000, &word, 4, &why),
			 CAUSE_GONE);
	turn_for(1);
	assert_true(board_is_lost(fake.board));
	fake.probe->has_no_target = false;
}

static void
an_answer_that_the_wires_lost_is_recognised_at_the_first_attempt(void **state)
{
	const struct reason *rescue;

	(void)state;
	lose_an_answer();
	assert_int_equal(fake_board_run(&fake, board_reconnect(fake.board), &why),
			 CAUSE_NONE);
	assert_int_equal(fake.probe->hz, 1000000);
	rescue = board_rescue(fake.board);
	assert_non_null(rescue);
	assert_string_equal(
		reason_outermost(rescue),
		"connected at 1000 kHz: the target was there all the time, so an "
		"answer was lost on the wires at 4000 kHz");
	assert_int_equal(reason_finding(rescue), FINDING_B10);
	assert_false(rescue->is_certain);
	/* And once more, at a clock below that. */
	lose_an_answer();
	assert_int_equal(fake_board_run(&fake, board_reconnect(fake.board), &why),
			 CAUSE_NONE);
	assert_int_equal(fake.probe->hz, 240000);
}

static void
a_target_that_was_reset_or_switched_off_was_away(void **state)
{
	(void)state;
	lose_an_answer();
	fake.core->was_reset = true;
	assert_int_equal(fake_board_run(&fake, board_reconnect(fake.board), &why),
			 CAUSE_NONE);
	assert_null(board_rescue(fake.board));
	assert_int_equal(fake.probe->hz, 4000000);
	lose_an_answer();
	fake.core->control = 0;
	assert_int_equal(fake_board_run(&fake, board_reconnect(fake.board), &why),
			 CAUSE_NONE);
	assert_null(board_rescue(fake.board));
	assert_int_equal(fake.probe->hz, 4000000);
}

/* Who was away for longer was not there all the time. */
static void
a_second_attempt_is_made_at_the_clock_that_is_wanted(void **state)
{
	(void)state;
	lose_an_answer();
	fake.probe->has_no_target = true;
	assert_int_equal(fake_board_run(&fake, board_reconnect(fake.board), &why),
			 CAUSE_GONE);
	fake.probe->has_no_target = false;
	assert_int_equal(fake_board_run(&fake, board_reconnect(fake.board), &why),
			 CAUSE_NONE);
	assert_null(board_rescue(fake.board));
	assert_int_equal(fake.probe->hz, 4000000);
}

static void
a_target_lost_with_its_supply_has_a_remedy(void **state)
{
	uint32_t word = 0;

	(void)state;
	fake.probe->has_no_target = true;
	fake.probe->millivolts = 0;
	core_memory_read(fake.cm4, 0x20000000, &word, 4, &why);
	turn_for(1);
	assert_non_null(strstr(last_reason, "0.00 V"));
	assert_non_null(strstr(last_reason, "try: give the board power"));
}

static void
a_core_held_in_reset_is_reported_as_that_and_the_reset_when_it_is_over(void **state)
{
	(void)state;
	turn_for(S);
	heard[0] = '\0';
	fake.core->is_nrst_low = true;
	turn_for(2 * S);
	assert_string_equal(heard, "held by chip\n");
	heard[0] = '\0';
	fake.core->is_nrst_low = false;
	fake_core_reset(fake.core);
	turn_for(2 * S);
	assert_int_equal(strncmp(heard, "reset by chip\n", strlen("reset by chip\n")), 0);
}

/* RCC_CSR of a G4 (RM0440 7.4.30): bits 26 NRST, 27 BOR, 28 software, 29 IWDG. What is new is the
 * source; what was set before may have come again, but for the supply. */
static void
the_source_of_a_reset_is_what_is_new_in_the_flags(void **state)
{
	static const struct {
		uint32_t before, now;
		const char *says;
	} cases[] = {
		{ 0x0c000000, 0x2c000000, "by a watchdog (" },
		{ 0x0c000000, 0x1c000000, "by software (SYSRESETREQ) (" },
		{ 0x04000000, 0x0c000000, "by its supply (" },
		{ 0x0c000000, 0x0c000000, "by its reset pin (" },
		{ 0x2c000000, 0x2c000000,
		  "by its reset pin, or again by a watchdog, whose flag was set before (" },
		{ 0x0c000000, 0x00000000,
		  "by what is not known: its program has cleared the flags (" },
	};
	uint8_t *csr = fake_probe_memory(fake.probe, 0x40021094, 4);

	(void)state;
	for (size_t i = 0; i < array_len(cases); i++) {
		le32_put(csr, cases[i].before);
		board_keep_flags(fake.board);
		le32_put(csr, cases[i].now);
		fake.board->source_us = 0;
		assert_int_equal(strncmp(board_reset_source(fake.board), cases[i].says,
					 strlen(cases[i].says)),
				 0);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_stop_is_seen_within_five_ms_while_a_client_waits),
		TEST(who_only_looks_changes_nothing_of_how_often_a_core_is_looked_at),
		TEST(events_of_a_call_come_with_the_next_turn),
		TEST(resets_within_a_second_are_reported_once),
		TEST(a_reset_before_the_connection_is_nobodys_news),
		TEST(a_halted_core_that_is_reset_is_halted_again_and_where_it_is_now),
		TEST(a_core_that_locks_up_again_is_halted_again),
		TEST(a_core_that_locks_up_with_nobody_attached_is_left_alone),
		TEST(one_that_nobody_is_attached_to_runs_on),
		TEST(registers_of_the_last_halt_are_kept_and_those_of_an_older_one_are_not),
		TEST(registers_that_were_kept_are_not_written_over_by_a_write_that_a_job_refuses),
		TEST(jobs_with_other_claims_run_beside_each_other),
		TEST(ram_that_a_job_uses_is_refused_to_all_others),
		TEST(a_core_that_nobody_claims_is_looked_at_while_a_job_runs),
		TEST(a_core_that_was_claimed_is_looked_at_when_the_job_has_ended),
		TEST(a_cancelled_job_is_not_answered_and_an_interrupted_one_is),
		TEST(a_cancelled_reset_leaves_no_vector_catch_and_nothing_stale),
		TEST(a_cancelled_reset_to_halt_takes_its_vector_catch_back),
		TEST(after_a_detach_nothing_is_lost),
		TEST(a_register_that_is_written_after_they_were_kept_is_kept_anew),
		TEST(a_reset_that_halts_is_vouched_for_by_the_state_when_its_event_comes),
		TEST(a_range_is_stepped_until_it_is_left),
		TEST(a_long_range_lets_interrupts_through_between_slices),
		TEST(a_halt_at_the_end_of_a_detour_is_one_that_was_asked_for),
		TEST(a_range_step_where_nothing_can_be_read_ends),
		TEST(a_range_step_that_is_refused_is_reported_and_not_tried_again),
		TEST(what_cannot_be_seen_for_long_is_reported_once_and_is_no_loss),
		TEST(a_loss_that_a_caller_dropped_is_noticed_by_the_next_turn),
		TEST(an_answer_that_the_wires_lost_is_recognised_at_the_first_attempt),
		TEST(a_target_that_was_reset_or_switched_off_was_away),
		TEST(a_second_attempt_is_made_at_the_clock_that_is_wanted),
		TEST(a_target_lost_with_its_supply_has_a_remedy),
		TEST(a_core_held_in_reset_is_reported_as_that_and_the_reset_when_it_is_over),
		TEST(the_source_of_a_reset_is_what_is_new_in_the_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
