/* SPDX-License-Identifier: MIT */
/*
 * run.c - the packets that let the core run, stop looking at it, or restart.
 */
#include "server/rsp/clients.h"
#include "server/rsp/commands.h"
#include "server/rsp/report.h"
#include "targets/reset/reset.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <string.h>

enum cause
command_attach(struct client *client, struct reason *why)
{
	enum cause cause = view_attach(&client->view, client->view.general, why);

	if (cause == CAUSE_NONE)
		client->phase = CLIENT_ATTACHED;
	return cause;
}

/* Sends what was held back before the core runs; from here on the client takes console
 * text. False: the board is lost, and the client knows. */
static bool
begin_run(struct client *client)
{
	client_wait(client, WAIT_STOP);
	if (debugger_is_lost(client_debugger(client))) {
		client_drop_failures(client); /* these failures repeat the loss */
		report_loss(client);
		return false;
	}
	client_send_notes(client);
	client_allow_repeats(client);
	return true;
}

/* The stop, the failure or the loss comes from the view. */
static enum cause
go(struct client *client, unsigned core, const struct view_motion *motion,
   struct reason *why)
{
	enum cause cause;

	if (client_take_interrupt(client) && view_is_halted(&client->view, core)) {
		report_interrupt(client, core);
		return CAUSE_NONE;
	}
	cause = view_go(&client->view, core, motion, why);
	client->view.control = core;
	if (cause == CAUSE_NONE)
		client->phase = CLIENT_ATTACHED;
	return cause;
}

static enum cause
set_pc(struct client *client, unsigned core, uint64_t pc, struct reason *why)
{
	unsigned general = client->view.general;
	enum cause cause;

	client->view.general = core;
	cause = view_register_write(&client->view, REGISTER_PC, pc, why);
	client->view.general = general;
	return cause;
}

/* c, C, s, S: the address is the argument with that index. */
static enum cause
run_legacy(struct client *client, const struct request *request, unsigned address,
	   enum view_motion_kind kind, struct reason *why)
{
	const struct view_motion motion = { .kind = kind };
	unsigned core = client->view.control;
	enum cause cause = CAUSE_NONE;

	if (!begin_run(client))
		return CAUSE_NONE;
	if (request->len > address)
		cause = set_pc(client, core, request->at[address].number, why);
	return cause == CAUSE_NONE ? go(client, core, &motion, why) : cause;
}

static enum cause
command_c(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(client, request, 0, VIEW_CONTINUE, why);
}

static enum cause
command_C(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(client, request, 1, VIEW_CONTINUE, why);
}

static enum cause
command_s(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(client, request, 0, VIEW_STEP, why);
}

static enum cause
command_S(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(client, request, 1, VIEW_STEP, why);
}

/* One action of vCont: a letter, its arguments, and the core it is for. */
struct action {
	char letter;
	unsigned core;
	struct request arguments;
};

static const struct {
	char letter;
	const char *schema; /* of what follows the letter; threads are the last argument */
	unsigned thread;    /* which argument that is */
} actions[] = {
	{ 'c', "?:t", 0 },  { 'C', "n?:t", 1 },   { 's', "?:t", 0 },
	{ 'S', "n?:t", 1 }, { 'r', "a,a?:t", 2 }, { 't', "?:t", 0 },
};

/* An action without a thread is for all of them: for the core that is selected. */
static bool
find_core(const struct client *client, struct action *action, unsigned thread)
{
	const struct argument *id = &action->arguments.at[thread];

	action->core = client->view.general;
	if (action->arguments.len <= thread ||
	    (id->process <= 0 && id->thread == REQUEST_ALL))
		return true;
	return view_find_core(&client->view, id->process, id->thread, &action->core);
}

static enum cause
parse_action(const struct client *client, const char *bytes, size_t len,
	     struct action *action, bool *is_ours, struct reason *why)
{
	for (size_t i = 0; len > 0 && i < array_len(actions); i++) {
		enum cause cause;

		if (bytes[0] != actions[i].letter)
			continue;
		action->letter = bytes[0];
		action->arguments.name = "vCont";
		cause = request_parse(actions[i].schema, bytes + 1, len - 1,
				      &action->arguments, why);
		*is_ours =
			cause == CAUSE_NONE && find_core(client, action, actions[i].thread);
		return cause;
	}
	return reason_begin(why, CAUSE_REQUEST, "vCont has an action that is not known: %c",
			    len > 0 && bytes[0] > ' ' ? bytes[0] : '?');
}

/* The leftmost action that concerns a thread is the one that counts. */
static enum cause
find_action(const struct client *client, const struct argument *list, struct action *action,
	    struct reason *why)
{
	const char *at = list->bytes, *end = list->bytes + list->len;

	while (at < end) {
		const char *semicolon = memchr(at, ';', (size_t)(end - at));
		const char *stop = semicolon == NULL ? end : semicolon;
		bool is_ours = false;
		enum cause cause = parse_action(client, at, (size_t)(stop - at), action,
						&is_ours, why);

		if (cause != CAUSE_NONE || is_ours)
			return cause;
		at = semicolon == NULL ? end : stop + 1;
	}
	return reason_begin(why, CAUSE_REQUEST, "vCont names no existing thread");
}

static enum cause
take_action(struct client *client, const struct action *action, struct reason *why)
{
	const struct argument *arguments = action->arguments.at;
	struct view_motion motion = { .kind = VIEW_STEP };

	switch (action->letter) {
	case 't':
		return view_halt(&client->view, action->core, why);
	case 'c':
	case 'C':
		motion.kind = VIEW_CONTINUE;
		break;
	case 'r':
		motion = (struct view_motion){ .kind = VIEW_STEP_RANGE,
					       .from = (uint32_t)arguments[0].number,
					       .to = (uint32_t)arguments[1].number };
		break;
	default:
		break;
	}
	return go(client, action->core, &motion, why);
}

static enum cause
command_vCont(struct client *client, const struct request *request, struct text *reply,
	      struct reason *why)
{
	struct action action = { .letter = '?' };
	enum cause cause = find_action(client, &request->at[0], &action, why);

	(void)reply;
	if (cause != CAUSE_NONE || !begin_run(client))
		return cause;
	return take_action(client, &action, why);
}

static enum cause
command_vCont_query(struct client *client, const struct request *request,
		    struct text *reply, struct reason *why)
{
	(void)client;
	(void)request;
	(void)why;
	text_add(reply, "vCont;c;C;s;S;t;r");
	return CAUSE_NONE;
}

/* An error would be taken for silence here: gdb would wait for ever. */
static enum cause
command_why_stopped(struct client *client, const struct request *request,
		    struct text *reply, struct reason *why)
{
	char line[REASON_SPACE];
	enum cause cause = CAUSE_GONE;

	(void)request;
	if (client_has_no_program(client)) {
		text_add(reply, "W00");
		return CAUSE_NONE;
	}
	if (debugger_is_lost(client_debugger(client)))
		*why = *debugger_lost_why(client_debugger(client));
	else
		cause = command_attach(client, why);
	if (cause == CAUSE_NONE) {
		report_add_stop(client, reply);
		return CAUSE_NONE;
	}
	reason_line(why, line, sizeof(line));
	log_warning("session", "%s: %s", client->connection.peer, line);
	client_keep(client, why);
	text_add(reply, "X09");
	return CAUSE_NONE;
}

static enum cause
command_D(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)request;
	(void)why;
	client_part(client, ENDED_BY_DETACH);
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
command_vKill(struct client *client, const struct request *request, struct text *reply,
	      struct reason *why)
{
	(void)request;
	(void)why;
	client_part(client, ENDED_BY_KILL);
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
command_k(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)request;
	(void)reply;
	(void)why;
	client_part(client, ENDED_BY_KILL);
	if (!client->agreed.is_extended)
		client_end(client, ENDED_BY_KILL);
	return CAUSE_NONE;
}

static enum cause
command_extended(struct client *client, const struct request *request, struct text *reply,
		 struct reason *why)
{
	(void)request;
	(void)why;
	client->agreed.is_extended = true;
	client->clients->was_extended = true;
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
command_vAttach(struct client *client, const struct request *request, struct text *reply,
		struct reason *why)
{
	enum cause cause = command_attach(client, why);

	(void)request;
	if (cause != CAUSE_NONE)
		return cause;
	client->ended_by = ENDED_BY_NOBODY;
	report_add_stop(client, reply);
	return CAUSE_NONE;
}

/* Has no reply in the protocol: the stop is asked for next, with `?`. */
static void
end_silent_restart(struct client *client, enum cause cause, const struct reason *why)
{
	char line[REASON_SPACE];

	if (cause != CAUSE_NONE) {
		client_keep(client, why);
		reason_line(why, line, sizeof(line));
		client_note(client, NOTE_FAILURE, "note: %s", line);
	}
	client_wait_over(client);
}

static void
end_restart(struct client *client, enum cause cause, const struct reason *why)
{
	char buffer[256];
	struct text reply;

	if (cause != CAUSE_NONE) {
		client_fail(client, DELIVER_IF_ASKED, why);
		return;
	}
	text_init(&reply, buffer, sizeof(buffer));
	report_add_stop(client, &reply);
	client_reply(client, reply.chars, reply.used);
}

/* vRun and R: the program restarts at its reset vector. */
static void
restarted(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);

	if (client->waits_for == WAIT_SILENTLY)
		end_silent_restart(client, cause, why);
	else
		end_restart(client, cause, why);
}

static enum cause
begin_restart(struct client *client, enum client_wait wait, struct reason *why)
{
	struct view *view = &client->view;
	enum cause cause = view_begin(view, board_reset(client_board(client), true, view),
				      CLAIM_EVERYTHING, restarted, why);

	if (cause != CAUSE_NONE)
		return cause;
	client_forget_interrupt(client);
	view_attach_to_restart(view, view->general);
	client->phase = CLIENT_ATTACHED;
	client->ended_by = ENDED_BY_NOBODY;
	client_wait(client, wait);
	return CAUSE_NONE;
}

static enum cause
command_vRun(struct client *client, const struct request *request, struct text *reply,
	     struct reason *why)
{
	(void)request;
	(void)reply;
	return begin_restart(client, WAIT_WORK, why);
}

static enum cause
command_R(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)request;
	(void)reply;
	return begin_restart(client, WAIT_SILENTLY, why);
}

const struct command run_commands[] = {
	{ "vCont?", "", 0, IS_EXACT, DELIVER_CODE, command_vCont_query },
	{ "vCont;", "b", 0, IS_WORK, DELIVER_WORDS, command_vCont },
	{ "c", "?a", 0, IS_WORK, DELIVER_WORDS, command_c },
	{ "C", "n?;a", 0, IS_WORK, DELIVER_WORDS, command_C },
	{ "s", "?a", 0, IS_WORK, DELIVER_WORDS, command_s },
	{ "S", "n?;a", 0, IS_WORK, DELIVER_WORDS, command_S },
	{ "?", "", 0, IS_EXACT, DELIVER_CODE, command_why_stopped },
	{ "!", "", 0, IS_EXACT, DELIVER_CODE, command_extended },
	{ "D", "?;n", 0, 0, DELIVER_IF_ASKED, command_D },
	{ "k", "?b", 0, IS_SILENT, DELIVER_CODE, command_k },
	{ "vKill", "?;n", 0, 0, DELIVER_CODE, command_vKill },
	{ "vAttach", ";n", CORE, NEEDS_TARGET, DELIVER_IF_ASKED, command_vAttach },
	{ "vRun", "?;b", ALL, NEEDS_TARGET | IS_WORK, DELIVER_IF_ASKED, command_vRun },
	{ "R", "?n", ALL, IS_SILENT | NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_R },
	{ 0 },
};
