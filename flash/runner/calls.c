/* SPDX-License-Identifier: MIT */
#include "flash/runner/calls.h"

#include "flash/algorithms/unpack.h"
#include "flash/runner/crash.h"
#include "flash/runner/runner_internal.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <assert.h>
#include <stddef.h>

enum {
	/* A call may take this much longer than the data sheet has it: the program may have
	 * left a slow clock, and a busy computer may look late. */
	PATIENCE_MS = 5000,
	/* So often the core is looked at while a call runs: a crash is as rare as it is patient. */
	LOOK_US = 20000
};

unsigned
runner_calls(const struct runner *runner)
{
	return runner->calls.posted - runner->calls.done;
}

bool
runner_has_room(const struct runner *runner)
{
	return runner_calls(runner) < MAILBOX_CALLS;
}

static struct call_times *
times_of(struct runner *runner, uint32_t call)
{
	return &runner->calls.times[call % MAILBOX_CALLS];
}

/* Of all calls the oldest runs, from when the one before it has ended. */
static void
oldest_begins(struct runner *runner)
{
	runner->calls.began_us = runner->calls.looked_us = clock_now_us(runner->clock);
	extension_forget(&runner->extension);
	runner->calls.deadline = deadline_in_ms(
		runner->clock, times_of(runner, runner->calls.done)->timeout_ms);
}

uint32_t
runner_wait_us(struct runner *runner)
{
	uint64_t typical_us = times_of(runner, runner->calls.done)->typical_us;
	uint64_t us = clock_now_us(runner->clock) - runner->calls.began_us;

	return us < typical_us ? (uint32_t)(typical_us - us) : 0;
}

static uint32_t
entry_of(const struct runner *runner, const struct runner_call *call)
{
	if (call->is_examine)
		return (runner->map.examine_at + runner->examine->entry) | 1;
	if (call->is_unpack)
		return unpacker_entry(&runner->unpacker);
	return (runner->map.code_at + call->entry) | 1;
}

static uint32_t
parameters_at(const struct runner *runner, unsigned bank)
{
	return runner->map.parameters_at + bank * (uint32_t)sizeof(struct parameters);
}

static uint32_t
call_at(const struct runner *runner, uint32_t call)
{
	return runner->map.mailbox_at + (uint32_t)offsetof(struct mailbox, calls) +
	       call % MAILBOX_CALLS * (uint32_t)sizeof(struct mailbox_call);
}

static struct mailbox_second
second_of(const struct runner *runner, const struct runner_call *call)
{
	const struct runner_second *second = &call->second;

	assert(second->bank < runner->banks->len);
	if (call->is_unpack)
		return (struct mailbox_second){
			.r0 = call->packed.size | (call->packed.resets ? UNPACK_RESET : 0),
			.r1 = unpacker_model_at(&runner->unpacker),
			.r2 = call->packed.window,
		};
	return (struct mailbox_second){ .r0 = second->r0,
					.r1 = second->r1,
					.r2 = second->r2,
					.r3 = parameters_at(runner, second->bank) };
}

static enum cause
read_words(struct runner *runner, size_t offset, uint32_t *words, uint32_t len,
	   struct reason *why)
{
	uint8_t bytes[sizeof(struct mailbox)];
	enum cause cause = mem_read(core_memory(runner->core),
				    runner->map.mailbox_at + (uint32_t)offset, bytes,
				    len * (uint32_t)sizeof(*words), why);

	for (uint32_t i = 0; cause == CAUSE_NONE && i < len; i++)
		words[i] = le32_get(bytes + i * sizeof(*words));
	return cause;
}

/* A call whose writing met a clock that was too fast was written twice: by the second time it may
 * have been made, and would be made again when its place has its turn. */
static enum cause
withdraw_second(struct runner *runner, struct reason *why)
{
	uint32_t call = runner->calls.posted - 1, done = 0;
	enum cause cause =
		read_words(runner, offsetof(struct mailbox, done), &done, 1, why);

	if (cause != CAUSE_NONE || done - runner->calls.done <= call - runner->calls.done)
		return cause;
	return mem_write32(core_memory(runner->core),
			   call_at(runner, call) +
				   (uint32_t)offsetof(struct mailbox_call, function),
			   MAILBOX_NONE, why);
}

static enum cause
post(struct runner *runner, uint32_t at, const uint8_t *bytes, uint32_t size,
     struct reason *why)
{
	const struct probe *probe = board_probe(runner->board);
	uint32_t hz = probe->clock_hz;
	enum cause cause = mem_write(core_memory(runner->core), at, bytes, size, why);

	return cause == CAUSE_NONE && probe->clock_hz != hz ? withdraw_second(runner, why)
							    : cause;
}

enum cause
runner_start(struct runner *runner, const struct runner_call *call, struct reason *why)
{
	struct mailbox_call posted = { .r0 = call->r0,
				       .r1 = call->r1,
				       .r2 = call->r2,
				       .r3 = parameters_at(runner, call->bank),
				       .success = call->success,
				       .function = entry_of(runner, call) };
	uint32_t at = call_at(runner, runner->calls.posted);
	uint8_t bytes[sizeof(posted)];
	bool has_second = call->is_pair || call->is_unpack;
	size_t begin = has_second ? 0 : offsetof(struct mailbox_call, r0);

	_Static_assert(offsetof(struct mailbox_call, function) ==
			       sizeof(posted) - sizeof(uint32_t),
		       "it is written in one block, the function last");
	assert(runner_has_room(runner) && call->bank < runner->banks->len);
	assert(call->is_examine || runner->is_equipped);
	if (call->is_examine)
		posted.r2 = runner->banks->parameters[0].watchdog;
	if (has_second)
		posted.second = second_of(runner, call);
	le32_put_words(bytes, &posted, sizeof(posted));
	*times_of(runner, runner->calls.posted) =
		(struct call_times){ .timeout_ms = call->timeout_ms + PATIENCE_MS,
				     .typical_us = call->typical_us };
	if (runner->calls.posted++ == runner->calls.done)
		oldest_begins(runner);
	return post(runner, at + (uint32_t)begin, bytes + begin,
		    (uint32_t)(sizeof(bytes) - begin), why);
}

static enum cause
explain_crash(struct runner *runner, enum core_state state, bool was_reset,
	      struct reason *why)
{
	struct crash crash = { .core = runner->core,
			       .name = runner->algorithm->name,
			       .code_at = runner->map.code_at,
			       .code_size = runner->algorithm->code_size,
			       .waited_ms =
				       times_of(runner, runner->calls.done)->timeout_ms,
			       .state = state,
			       .was_reset = was_reset };
	enum cause cause = crash_explain(&crash, why);

	reason_suspect(why, FINDING_E10);
	if (!was_reset)
		runner_suspect_written_over(runner, why);
	return cause;
}

/* By the computer's clock, and then by cycles of the core. */
static bool
is_time_up(struct runner *runner)
{
	uint32_t ms = times_of(runner, runner->calls.done)->timeout_ms - PATIENCE_MS;

	return deadline_is_over(&runner->calls.deadline) &&
	       extension_is_over(&runner->extension, runner->core, runner->clock, ms);
}

/* Only a core that still runs will ever end a call. */
static enum cause
check_progress(struct runner *runner, struct reason *why)
{
	enum core_state state = CORE_RUNNING;
	bool was_reset = false;
	enum cause cause = core_poll(runner->core, &state, &was_reset, why);

	runner->calls.looked_us = clock_now_us(runner->clock);
	if (cause != CAUSE_NONE)
		return cause;
	if (state == CORE_RUNNING && !was_reset && !is_time_up(runner))
		return CAUSE_NONE;
	return explain_crash(runner, state, was_reset, why);
}

static enum cause
check_now_and_then(struct runner *runner, struct reason *why)
{
	if (clock_now_us(runner->clock) - runner->calls.looked_us < LOOK_US)
		return CAUSE_NONE;
	return check_progress(runner, why);
}

/* RAM of a chip that is held in reset may read as zeros; something may write over it. */
static enum cause
check_mailbox(struct runner *runner, uint32_t at, uint32_t done, struct reason *why)
{
	enum cause cause = check_progress(runner, why);

	if (cause != CAUSE_NONE)
		return cause;
	reason_begin(why, CAUSE_FAULT,
		     "RAM that the loader %s uses has been written over: 0x%08x holds "
		     "0x%08x, which is no count of its calls",
		     runner->algorithm->name, (unsigned)at, (unsigned)done);
	reason_suspect(why, FINDING_C11);
	return CAUSE_FAULT;
}

/* Reading was not answered in time, which says nothing about the loader: the answer was late, or
 * the probe is lost, as the next reading shows. */
static enum cause
ask_again(const struct runner *runner, struct reason *why)
{
	if (deadline_is_over(&runner->calls.deadline))
		return reason_becomes(why, CAUSE_GONE);
	log_warning("flash", "the loader %s is asked again: %s", runner->algorithm->name,
		    reason_root(why));
	*why = (struct reason)REASON_INIT;
	return CAUSE_NONE;
}

/* Takes back what was posted behind a call that failed, and lets the caller go on. */
static enum cause
empty_queue(struct runner *runner, struct reason *why)
{
	uint32_t result_at =
		runner->map.mailbox_at + (uint32_t)offsetof(struct mailbox, result);
	enum cause cause = CAUSE_NONE;

	for (uint32_t call = runner->calls.done;
	     cause == CAUSE_NONE && call != runner->calls.posted; call++)
		cause = mem_write32(
			core_memory(runner->core),
			call_at(runner, call) +
				(uint32_t)offsetof(struct mailbox_call, function),
			MAILBOX_NONE, why);
	if (cause == CAUSE_NONE)
		cause = mem_write32(core_memory(runner->core), result_at, 0, why);
	if (cause == CAUSE_NONE)
		runner->calls.posted = runner->calls.done;
	return cause;
}

/* Counts the calls that ended since it was asked before. */
static enum cause
take_done(struct runner *runner, uint32_t done, unsigned *finished, struct reason *why)
{
	*finished = done - runner->calls.done;
	if (*finished > runner_calls(runner)) {
		*finished = 0;
		return check_mailbox(runner,
				     runner->map.mailbox_at +
					     (uint32_t)offsetof(struct mailbox, done),
				     done, why);
	}
	runner->calls.done = done;
	if (*finished > 0 && runner_calls(runner) > 0)
		oldest_begins(runner);
	return CAUSE_NONE;
}

enum cause
runner_poll(struct runner *runner, unsigned *finished, uint32_t *status, struct reason *why)
{
	size_t done_at = offsetof(struct mailbox, done);
	uint32_t words[2] = { 0 };
	enum cause cause = read_words(runner, done_at, words, 2, why);

	_Static_assert(offsetof(struct mailbox, result) ==
			       offsetof(struct mailbox, done) + sizeof(uint32_t),
		       "both are read in one block");
	assert(runner_calls(runner) > 0);
	*finished = 0;
	*status = 0;
	/* No more calls are made, so now it is certain which of them has failed. */
	if (cause == CAUSE_NONE && words[1] != 0)
		cause = read_words(runner, done_at, words, 1, why);
	if (cause == CAUSE_TIMEOUT)
		return ask_again(runner, why);
	if (cause == CAUSE_NONE)
		cause = take_done(runner, words[0], finished, why);
	if (cause != CAUSE_NONE)
		return cause;
	*status = words[1];
	if (*status != 0)
		return empty_queue(runner, why);
	return *finished == 0 ? check_now_and_then(runner, why) : CAUSE_NONE;
}

enum cause
runner_stop(struct runner *runner, struct reason *why)
{
	return mem_write32(core_memory(runner->core),
			   runner->map.mailbox_at +
				   (uint32_t)offsetof(struct mailbox, result),
			   (uint32_t)MAILBOX_STOP, why);
}

enum cause
runner_is_idle(struct runner *runner, bool *is_idle, struct reason *why)
{
	uint32_t is_calling = 1;
	enum cause cause = read_words(runner, offsetof(struct mailbox, is_calling),
				      &is_calling, 1, why);

	*is_idle = cause == CAUSE_NONE && is_calling == 0;
	return cause;
}
