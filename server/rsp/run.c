/* SPDX-License-Identifier: MIT */
/*
 * run.c - the packets that let the core run, stop looking at it, or begin anew.
 */
#include "server/debug/run.h"
#include "server/rsp/commands.h"
#include "targets/reset/reset.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <string.h>

/* Tells what was held back before the core runs; from here on the client takes console
 * text. */
static enum cause
begin_run(struct session *session, struct reason *why)
{
	enum cause cause;

	session_wait(session, WAIT_STOP);
	if (board_is_lost(session->server->board)) {
		session_drop_failures(session); /* echoes of the loss */
		run_tell_lost(session);
		return CAUSE_NONE;
	}
	session_tell_notes(session);
	cause = work_check_free(&session->server->work, why);
	return cause == CAUSE_NONE ? run_attach(session, why) : cause;
}

static enum cause
run_on(struct session *session, struct reason *why)
{
	struct debuggee *debuggee = session->debuggee;
	/* When it runs already this client joins those who wait. */
	enum cause cause =
		debuggee->is_halted ? debuggee_resume(debuggee, why) : CAUSE_NONE;

	if (cause == CAUSE_NONE)
		debuggee_poll_soon(debuggee);
	return cause;
}

static enum cause
run_step(struct session *session, struct reason *why)
{
	struct debuggee *debuggee = session->debuggee;
	enum cause cause;

	if (!debuggee->is_halted && server_is_run_by_others(session->server, session)) {
		reason_begin(why, CAUSE_REQUEST,
			     "%s is run by another client and cannot be stepped",
			     debuggee->name);
		reason_suspect(why, FINDING_REQUEST_CORE_RUNS);
		return why->cause;
	}
	cause = debuggee->is_halted ? debuggee_step(debuggee, why)
				    : debuggee_halt(debuggee, why);
	if (cause == CAUSE_NONE && debuggee->is_halted)
		run_tell_stop(debuggee);
	else if (cause == CAUSE_NONE)
		debuggee_poll_soon(debuggee);
	return cause;
}

static enum cause
run_step_range(struct session *session, uint32_t from, uint32_t to, struct reason *why)
{
	if (!session->debuggee->is_halted)
		return run_step(session, why);
	debuggee_step_range(session->debuggee, from, to);
	return CAUSE_NONE;
}

static enum cause
set_pc(struct session *session, const struct request *request, unsigned index,
       struct reason *why)
{
	const struct debuggee *debuggee = session->debuggee;

	if (request->len <= index)
		return CAUSE_NONE;
	return core_register_write(
		debuggee_core(debuggee),
		core_register_at(core_identity(debuggee_core(debuggee))->features,
				 REGISTER_PC),
		request->at[index].number, why);
}

/* c, C, s, S: the address is the argument with that index. */
static enum cause
run_legacy(struct session *session, const struct request *request, unsigned address,
	   bool is_step, struct reason *why)
{
	enum cause cause = begin_run(session, why);

	if (cause != CAUSE_NONE || session->waits_for != WAIT_STOP)
		return cause;
	cause = set_pc(session, request, address, why);
	if (cause != CAUSE_NONE)
		return cause;
	return is_step ? run_step(session, why) : run_on(session, why);
}

static enum cause
command_c(struct session *session, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(session, request, 0, false, why);
}

static enum cause
command_C(struct session *session, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(session, request, 1, false, why);
}

static enum cause
command_s(struct session *session, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(session, request, 0, true, why);
}

static enum cause
command_S(struct session *session, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(session, request, 1, true, why);
}

/* One action of vCont: a letter, its arguments, and the thread it is for. */
struct action {
	char letter;
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

static bool
concerns_us(const struct request *arguments, unsigned thread)
{
	uint64_t number;

	if (arguments->len <= thread)
		return true;
	number = arguments->at[thread].number;
	return number == UINT64_MAX || number <= 1;
}

static enum cause
parse_action(const char *bytes, size_t len, struct action *action, bool *is_ours,
	     struct reason *why)
{
	for (size_t i = 0; len > 0 && i < array_len(actions); i++) {
		enum cause cause;

		if (bytes[0] != actions[i].letter)
			continue;
		action->letter = bytes[0];
		action->arguments.name = "vCont";
		cause = request_parse(actions[i].schema, bytes + 1, len - 1,
				      &action->arguments, why);
		*is_ours = cause == CAUSE_NONE &&
			   concerns_us(&action->arguments, actions[i].thread);
		return cause;
	}
	return reason_begin(why, CAUSE_REQUEST, "vCont has an action that is not known: %c",
			    len > 0 && bytes[0] > ' ' ? bytes[0] : '?');
}

/* The leftmost action that concerns the thread is the one that counts. */
static enum cause
find_action(const struct argument *list, struct action *action, struct reason *why)
{
	const char *at = list->bytes, *end = list->bytes + list->len;

	while (at < end) {
		const char *semicolon = memchr(at, ';', (size_t)(end - at));
		const char *stop = semicolon == NULL ? end : semicolon;
		bool is_ours = false;
		enum cause cause =
			parse_action(at, (size_t)(stop - at), action, &is_ours, why);

		if (cause != CAUSE_NONE || is_ours)
			return cause;
		at = semicolon == NULL ? end : stop + 1;
	}
	return reason_begin(why, CAUSE_REQUEST, "vCont names no thread that is here");
}

static enum cause
take_action(struct session *session, const struct action *action, struct reason *why)
{
	const struct argument *arguments = action->arguments.at;

	switch (action->letter) {
	case 'c':
	case 'C':
		return run_on(session, why);
	case 'r':
		return run_step_range(session, (uint32_t)arguments[0].number,
				      (uint32_t)arguments[1].number, why);
	case 't':
		run_interrupt(session);
		return CAUSE_NONE;
	default:
		return run_step(session, why);
	}
}

static enum cause
command_vCont(struct session *session, const struct request *request, struct text *reply,
	      struct reason *why)
{
	struct action action = { .letter = '?' };
	enum cause cause = find_action(&request->at[0], &action, why);

	(void)reply;
	if (cause == CAUSE_NONE)
		cause = begin_run(session, why);
	if (cause != CAUSE_NONE || session->waits_for != WAIT_STOP)
		return cause;
	return take_action(session, &action, why);
}

static enum cause
command_vCont_query(struct session *session, const struct request *request,
		    struct text *reply, struct reason *why)
{
	(void)session;
	(void)request;
	(void)why;
	text_add(reply, "vCont;c;C;s;S;t;r");
	return CAUSE_NONE;
}

/* An error would be taken for silence here: gdb would wait for ever. */
static enum cause
command_why_stopped(struct session *session, const struct request *request,
		    struct text *reply, struct reason *why)
{
	char line[REASON_SPACE];
	enum cause cause = CAUSE_GONE;

	(void)request;
	if (session->phase == SESSION_PARTED || session->phase == SESSION_LEAVING) {
		text_add(reply, "W00");
		return CAUSE_NONE;
	}
	if (board_is_lost(session->server->board))
		*why = *board_lost_why(session->server->board);
	else
		cause = run_attach(session, why);
	if (cause == CAUSE_NONE) {
		run_add_stop(session, reply);
		return CAUSE_NONE;
	}
	reason_line(why, line, sizeof(line));
	log_warning("session", "%s: %s", session->connection.peer, line);
	session_keep(session, why);
	server_judge(session->server, cause, why);
	text_add(reply, "X09");
	return CAUSE_NONE;
}

static void
part(struct session *session, enum ender farewell)
{
	struct text fate;

	session->farewell = farewell;
	if (session->phase == SESSION_PARTED)
		return;
	text_init(&fate, session->fate, sizeof(session->fate));
	run_release(session, &fate);
}

static enum cause
command_D(struct session *session, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)request;
	(void)why;
	part(session, ENDED_BY_DETACH);
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
command_vKill(struct session *session, const struct request *request, struct text *reply,
	      struct reason *why)
{
	(void)request;
	(void)why;
	part(session, ENDED_BY_KILL);
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
command_k(struct session *session, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)request;
	(void)reply;
	(void)why;
	part(session, ENDED_BY_KILL);
	if (!session->is_extended)
		session_end(session, ENDED_BY_KILL);
	return CAUSE_NONE;
}

static enum cause
command_extended(struct session *session, const struct request *request, struct text *reply,
		 struct reason *why)
{
	(void)request;
	(void)why;
	session->is_extended = true;
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
command_vAttach(struct session *session, const struct request *request, struct text *reply,
		struct reason *why)
{
	enum cause cause = run_attach(session, why);

	(void)request;
	if (cause != CAUSE_NONE)
		return cause;
	session->farewell = ENDED_BY_NOBODY;
	run_add_stop(session, reply);
	return CAUSE_NONE;
}

/* Has no reply in the protocol: the stop is asked for next, with `?`. */
static void
end_silent_restart(struct session *session, enum cause cause, const struct reason *why)
{
	char line[REASON_SPACE];

	if (cause != CAUSE_NONE) {
		session_keep(session, why);
		reason_line(why, line, sizeof(line));
		session_note(session, NOTE_FAILURE, "note: %s", line);
	}
	session_wait_over(session);
}

static void
end_restart(struct session *session, enum cause cause, const struct reason *why)
{
	char buffer[256];
	struct text reply;

	if (cause != CAUSE_NONE) {
		session_fail(session, DELIVER_IF_ASKED, why);
		return;
	}
	text_init(&reply, buffer, sizeof(buffer));
	run_add_stop(session, &reply);
	session_reply(session, reply.chars, reply.used);
}

/* vRun and R: the program begins anew, at its reset vector. */
static void
restarted(struct server *server, struct session *session, enum cause cause,
	  const struct reason *why)
{
	struct reason looking = REASON_INIT;

	server_judge(server, cause, why);
	if (cause == CAUSE_NONE) {
		cause = server_look_after_reset(server, &looking);
		why = &looking;
	}
	if (session->waits_for == WAIT_SILENTLY)
		end_silent_restart(session, cause, why);
	else
		end_restart(session, cause, why);
}

static enum cause
begin_restart(struct session *session, struct reason *why)
{
	struct server *server = session->server;
	struct job *job;

	session->phase = SESSION_ATTACHED;
	session->farewell = ENDED_BY_NOBODY;
	job = board_reset(server->board, true, session);
	if (job == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a reset");
	work_begin(&server->work, job, session, restarted);
	return CAUSE_NONE;
}

static enum cause
command_vRun(struct session *session, const struct request *request, struct text *reply,
	     struct reason *why)
{
	enum cause cause = begin_restart(session, why);

	(void)request;
	(void)reply;
	if (cause == CAUSE_NONE)
		session_wait(session, WAIT_WORK);
	return cause;
}

static enum cause
command_R(struct session *session, const struct request *request, struct text *reply,
	  struct reason *why)
{
	enum cause cause = begin_restart(session, why);

	(void)request;
	(void)reply;
	if (cause == CAUSE_NONE)
		session_wait(session, WAIT_SILENTLY);
	return cause;
}

const struct command run_commands[] = {
	{ "vCont?", "", IS_EXACT, DELIVER_CODE, command_vCont_query },
	{ "vCont;", "b", 0, DELIVER_WORDS, command_vCont },
	{ "c", "?a", 0, DELIVER_WORDS, command_c },
	{ "C", "n?;a", 0, DELIVER_WORDS, command_C },
	{ "s", "?a", 0, DELIVER_WORDS, command_s },
	{ "S", "n?;a", 0, DELIVER_WORDS, command_S },
	{ "?", "", IS_EXACT, DELIVER_CODE, command_why_stopped },
	{ "!", "", IS_EXACT, DELIVER_CODE, command_extended },
	{ "D", "?;n", 0, DELIVER_IF_ASKED, command_D },
	{ "k", "?b", IS_SILENT, DELIVER_CODE, command_k },
	{ "vKill", "?;n", 0, DELIVER_CODE, command_vKill },
	{ "vAttach", ";n", NEEDS_TARGET | NEEDS_QUIET, DELIVER_IF_ASKED, command_vAttach },
	{ "vRun", "?;b", NEEDS_TARGET | NEEDS_QUIET, DELIVER_IF_ASKED, command_vRun },
	{ "R", "?n", IS_SILENT | NEEDS_TARGET | NEEDS_QUIET, DELIVER_CODE, command_R },
	{ 0 },
};
