/* SPDX-License-Identifier: MIT */
/*
 * load.c - vFlashErase, vFlashWrite, vFlashDone: the first two collect a request (flash/load),
 * the last programs, all at once. gdb says nothing of why a load failed: the reason goes with
 * the next packet that can carry words.
 *
 * What was programmed is not what the core was doing: it may be locked up, in a handler, or
 * deep in the program of before. So a load ends with a reset, the core halted at its vector,
 * before gdb hears of the end.
 */
#include "server/rsp/commands.h"
#include "targets/reset/reset.h"
#include "transport/base/log.h"

#include <stdlib.h>

static enum cause
collected(enum cause cause, struct text *reply, struct reason *why)
{
	if (cause != CAUSE_NONE)
		return reason_while(why, "the last load failed");
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
command_erase(struct client *client, const struct request *request, struct text *reply,
	      struct reason *why)
{
	return collected(load_request_erase(&client->load, client_board(client),
					    (uint32_t)request->at[0].number,
					    request->at[1].number, why),
			 reply, why);
}

static enum cause
command_write(struct client *client, const struct request *request, struct text *reply,
	      struct reason *why)
{
	const struct argument *rest = &request->at[1];

	return collected(load_request_write(&client->load, client_board(client),
					    (uint32_t)request->at[0].number, rest->bytes,
					    (uint32_t)rest->len, why),
			 reply, why);
}

/* The flash is programmed, whatever became of the reset. */
static void
end_reset(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);
	char line[REASON_SPACE];

	if (cause != CAUSE_NONE) {
		client_keep(client, why);
		reason_line(why, line, sizeof(line));
		client_note(client, NOTE_EVENT,
			    "note: the load is complete, but the core is where it was: %s",
			    line);
	}
	client_reply(client, "OK", 2);
}

/* Another client's core goes on undisturbed. */
static enum cause
begin_core_reset(struct client *client, struct reason *why)
{
	struct view *view = &client->view;
	enum cause cause =
		view_begin(view, board_reset_core(client_board(client), view->general),
			   CORE, end_reset, why);

	if (cause == CAUSE_NONE)
		client_note(
			client, NOTE_EVENT,
			"note: %s alone was put into its reset state after the load, "
			"its peripherals were not: a reset of the chip, as by \"monitor "
			"reset\", would disturb the other core, which %s",
			view_core_name(view, view->general),
			view_is_other_attached(view, view->general)
				? "is being debugged"
				: "another tether serves");
	return cause;
}

static void
begin_reset(struct client *client)
{
	struct view *view = &client->view;
	struct reason why = REASON_INIT;
	enum cause cause;

	client_forget_interrupt(client);
	if (view_is_chip_shared(view, view->general))
		cause = begin_core_reset(client, &why);
	else
		cause = view_begin(view, board_reset(client_board(client), true, view),
				   CLAIM_EVERYTHING, end_reset, &why);
	if (cause != CAUSE_NONE)
		end_reset(view, cause, &why);
}

static void
remember_vectors(struct client *client)
{
	client->initial_sp = 0;
	client->has_vectors = load_initial_sp(client_board(client), &client->load.image,
					      &client->initial_sp);
}

/* A stack that is not in RAM locks the core up at its first exception. Stacks grow down: the
 * word below is the one that is used first. */
static void
warn_of_stack(struct client *client)
{
	uint32_t sp = client->initial_sp;

	if (!client->has_vectors || board_is_ram(client_board(client), sp - 4))
		return;
	log_warning(
		"session",
		"%s: the program's initial stack pointer is 0x%08x, which is not in this "
		"chip's RAM",
		client->connection.peer, (unsigned)sp);
	client_note(
		client, NOTE_EVENT,
		"note: the program's initial stack pointer is 0x%08x, which is not in this "
		"chip's RAM: check the size of RAM in the linker script",
		(unsigned)sp);
}

/* A core that waits to be started runs no loader: the main one does, whose program goes on
 * afterwards. */
static struct core *
borrow_loader(struct client *client)
{
	struct board *board = client_board(client);
	struct core *own = board_core(board, client->view.general);
	bool is_held = core_is_held(own);

	client->borrows_main = is_held && !board_is_halted(board, board_main_index(board));
	return is_held ? board_main_core(board) : own;
}

static void
return_loader(struct client *client)
{
	struct board *board = client_board(client);
	struct reason why = REASON_INIT;

	if (!client->borrows_main)
		return;
	client->borrows_main = false;
	if (board_resume(board, board_main_index(board), &client->view, &why) != CAUSE_NONE)
		log_warning("session", "%s does not run on after the load: %s",
			    core_name(board_main_core(board)), reason_outermost(&why));
}

static void
end_load(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);
	struct reason failure = *why;

	return_loader(client);
	if (cause == CAUSE_NONE) {
		client->load_why.cause = CAUSE_NONE;
		notes_drop(&client->notes, NOTE_LOAD);
		warn_of_stack(client);
		begin_reset(client);
		return;
	}
	reason_while(&failure, "the last load failed");
	client_fail(client, DELIVER_LOAD, &failure);
}

/* --- one load after the other ------------------------------------------------------------- */

/* IDEs start a session for each core at once, and both load. */
enum { LOAD_CLAIMS = CLAIM_FLASH | CORES, LOOK_US = 20000 };

static const char load_name[] = "programming flash"; /* as the job's */

struct queueing {
	struct job job;
	struct client *client;
};

static enum cause
step_queueing(struct job *job, bool *done, struct reason *why)
{
	struct client *client = container_of(job, struct queueing, job)->client;
	struct debugger *debugger = client_debugger(client);
	bool is_lost = debugger_is_lost(debugger);
	struct reason busy = REASON_INIT; /* as it was */

	if (is_lost && !debugger_is_handing_over(debugger)) {
		*why = *debugger_lost_why(debugger);
		return why->cause;
	}
	*done = !is_lost &&
		view_reserve(&client->view, LOAD_CLAIMS, load_name, &busy) == CAUSE_NONE;
	job->wait_us = *done ? 0 : LOOK_US;
	return CAUSE_NONE;
}

/* It has done nothing yet. */
static enum cause
cancel_queueing(struct job *job, struct reason *why)
{
	(void)job;
	(void)why;
	return CAUSE_NONE;
}

static void
free_queueing(struct job *job)
{
	free(container_of(job, struct queueing, job));
}

static view_done end_queueing;

static enum cause
begin_queueing(struct client *client, struct reason *why)
{
	static const struct job_ops ops = { .step = step_queueing,
					    .cancel = cancel_queueing,
					    .free = free_queueing };
	struct queueing *queueing = calloc(1, sizeof(*queueing));

	if (queueing == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	queueing->job = (struct job){ .ops = &ops, .name = "waiting for the flash" };
	queueing->client = client;
	return view_begin(&client->view, &queueing->job, 0, end_queueing, why);
}

static enum cause
begin_load(struct client *client, struct reason *why)
{
	struct board *board = client_board(client);
	struct view *view = &client->view;
	struct job *job = NULL;
	enum cause cause;

	remember_vectors(client);
	cause = load_begin(borrow_loader(client), board, &client->load, &job, why);
	if (cause == CAUSE_NONE)
		cause = view_begin(view, job, LOAD_CLAIMS, end_load, why);
	load_request_clear(&client->load);
	return cause;
}

/* Or waits, while another client's work has the flash or a core. */
static enum cause
begin_in_turn(struct client *client, struct reason *why)
{
	struct reason busy = REASON_INIT;
	enum cause cause;

	if (view_reserve(&client->view, LOAD_CLAIMS, load_name, &busy) != CAUSE_NONE) {
		log_info("session", "%s: the load waits: %s", client->connection.peer,
			 reason_root(&busy));
		cause = begin_queueing(client, why);
	} else {
		cause = begin_load(client, why);
	}
	return cause == CAUSE_NONE ? cause : reason_while(why, "the last load failed");
}

static void
end_queueing(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);
	struct reason failure = *why;

	if (cause == CAUSE_NONE)
		cause = begin_in_turn(client, &failure);
	else
		reason_while(&failure, "the last load failed");
	if (cause == CAUSE_NONE)
		return;
	load_request_clear(&client->load);
	client_fail(client, DELIVER_LOAD, &failure);
}

static enum cause
command_done(struct client *client, const struct request *request, struct text *reply,
	     struct reason *why)
{
	enum cause cause;

	(void)request;
	if (load_request_is_empty(&client->load)) {
		text_add(reply, "OK");
		return CAUSE_NONE;
	}
	cause = begin_in_turn(client, why);
	if (cause == CAUSE_NONE)
		client_wait(client, WAIT_WORK);
	return cause;
}

const struct command load_commands[] = {
	{ "vFlashErase", ":a,n", 0, NEEDS_TARGET | IS_WORK | IS_LOAD_PART, DELIVER_LOAD,
	  command_erase },
	{ "vFlashWrite", ":a:b", 0, NEEDS_TARGET | IS_WORK | IS_LOAD_PART, DELIVER_LOAD,
	  command_write },
	{ "vFlashDone", "", 0, IS_EXACT | NEEDS_TARGET | ENDS_LOAD, DELIVER_LOAD,
	  command_done },
	{ 0 },
};
