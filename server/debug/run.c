/* SPDX-License-Identifier: MIT */
#include "server/debug/run.h"

#include "server/debug/fault.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <string.h>

/* With a stop reply, so that gdb need not ask for them. */
static const unsigned expedited[] = { REGISTER_SP, REGISTER_LR, REGISTER_PC,
				      REGISTER_XPSR };

static void
reply_text(struct session *session, const char *text)
{
	session_reply(session, text, strlen(text));
}

void
run_add_stop(struct session *session, struct text *reply)
{
	struct debuggee *debuggee = session->debuggee;

	stop_reply(&debuggee->stop, session->was_interrupted, &session->dialect, reply);
	for (size_t i = 0; i < array_len(expedited); i++) {
		/* gdb asks for what is not there, and is told why then. */
		struct reason why = REASON_INIT;
		uint64_t value;

		if (debuggee_register(debuggee, expedited[i], &value, &why) == CAUSE_NONE)
			stop_add_register(expedited[i], (uint32_t)value, reply);
	}
}

static void
tell_stop_to(struct session *session)
{
	const struct stop *stop = &session->debuggee->stop;
	char buffer[256];
	struct text reply;

	if (stop->halt.reason == HALT_REQUESTED && !session->was_interrupted &&
	    !stop->is_locked_up)
		session_note(session, NOTE_EVENT,
			     "note: the core was halted by another client or a reset");
	text_init(&reply, buffer, sizeof(buffer));
	run_add_stop(session, &reply);
	session_reply(session, reply.chars, reply.used);
}

void
run_tell_stop(struct debuggee *debuggee)
{
	struct server *server = debuggee->server;

	debuggee_poll_seldom(debuggee);
	if (fault_is_worth_words(&debuggee->stop)) {
		char words[FAULT_WORDS_MAX];

		fault_describe(server->board, debuggee->index, &debuggee->stop, words,
			       sizeof(words));
		server_say(server, debuggee, NULL, "%s", words);
	}
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++) {
		struct session *session = server->sessions[i];

		if (session != NULL && session->debuggee == debuggee &&
		    session->waits_for == WAIT_STOP)
			tell_stop_to(session);
	}
}

/* A client that was killed and has come back may be here before its old connection's end
 * has been read; it would be taken for a second one. */
static void
bury_the_dead(struct server *server, const struct session *except)
{
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++) {
		struct session *session = server->sessions[i];

		if (session == NULL || session == except || !session_is_hung_up(session))
			continue;
		session_end(session, ENDED_BY_CLOSE);
	}
}

enum cause
run_attach(struct session *session, struct reason *why)
{
	struct debuggee *debuggee = session->debuggee;
	struct server *server = session->server;
	enum cause cause;

	if (session_is_attached(session))
		return CAUSE_NONE;
	bury_the_dead(server, session);
	cause = debuggee_look(debuggee, why);
	/* Whoever is there already has let it run. */
	if (cause == CAUSE_NONE && !debuggee->is_halted && !work_is_busy(&server->work) &&
	    server_sessions_of(server, debuggee, session) == 0)
		cause = debuggee_halt(debuggee, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "attaching to %s", debuggee->name);
	session->phase = SESSION_ATTACHED;
	debuggee_poll_seldom(debuggee);
	if (debuggee->is_halted && fault_is_worth_words(&debuggee->stop)) {
		char words[FAULT_WORDS_MAX];

		fault_describe(server->board, debuggee->index, &debuggee->stop, words,
			       sizeof(words));
		session_note(session, NOTE_STATE, "note: %s", words);
	}
	return CAUSE_NONE;
}

static enum cause
leave_running(struct debuggee *debuggee, struct reason *why)
{
	struct core *core = debuggee_core(debuggee);
	enum cause cause = core_breakpoints_clear(core, why);

	breakpoints_forget(&debuggee->breakpoints);
	debuggee->steps_range = false;
	if (cause == CAUSE_NONE)
		cause = debuggee_look(debuggee, why);
	if (cause == CAUSE_NONE && debuggee->is_halted)
		cause = debuggee_resume(debuggee, why);
	return cause;
}

static void
add_failed_fate(const struct reason *why, struct text *fate)
{
	text_add(fate, "the core could not be left running: %s", reason_outermost(why));
}

void
run_release(struct session *session, struct text *fate)
{
	struct server *server = session->server;
	struct debuggee *debuggee = session->debuggee;
	bool was_attached = session_is_attached(session);
	struct reason why = REASON_INIT;
	enum cause cause;

	session->phase = SESSION_PARTED;
	if (board_is_lost(server->board)) {
		breakpoints_disown(&debuggee->breakpoints, session->place);
		text_add(fate, "the target is lost");
		return;
	}
	if (was_attached && server_sessions_of(server, debuggee, session) > 0) {
		cause = breakpoints_drop(&debuggee->breakpoints, debuggee_core(debuggee),
					 session->place, &why);
		text_add(fate, "other clients stay: the core was left as it was");
	} else if (!was_attached) {
		cause = breakpoints_drop(&debuggee->breakpoints, debuggee_core(debuggee),
					 session->place, &why);
	} else {
		cause = leave_running(debuggee, &why);
		if (cause == CAUSE_NONE)
			text_add(fate, "breakpoints removed, the core runs");
	}
	if (cause != CAUSE_NONE)
		add_failed_fate(&why, fate);
	server_judge(server, cause, &why);
}

static void
interrupt_core(struct session *session)
{
	struct debuggee *debuggee = session->debuggee;
	struct reason why = REASON_INIT;
	enum cause cause;

	session->was_interrupted = true;
	if (debuggee->is_halted) { /* between the steps of a range */
		debuggee->steps_range = false;
		debuggee->stop.halt.reason = HALT_REQUESTED;
	}
	cause = debuggee_halt(debuggee, &why);
	if (cause == CAUSE_NONE) {
		run_tell_stop(debuggee);
		return;
	}
	if (cause == CAUSE_GONE)
		server_judge(session->server, cause, &why);
	else
		session_fail(session, DELIVER_WORDS, &why);
}

static void
interrupt_work(struct session *session)
{
	struct reason why = REASON_INIT, looking = REASON_INIT;

	reason_begin(&why, CAUSE_REQUEST, "%s was interrupted by Ctrl-C",
		     session->server->work.job->name);
	work_cancel(&session->server->work);
	session_reset_load(session);
	/* What cannot be seen now is told with the next packet that needs it. */
	server_judge(session->server, server_look_after_reset(session->server, &looking),
		     &looking);
	session_fail(session,
		     session->waits_for == WAIT_MONITOR ? DELIVER_CONSOLE : DELIVER_CODE,
		     &why);
}

void
run_interrupt(struct session *session)
{
	struct server *server = session->server;

	log_wire("rsp", "%s > (interrupt)", session->connection.peer);
	if (session->waits_for == WAIT_STOP && work_is_busy(&server->work))
		session_note(session, NOTE_EVENT,
			     "note: %s is under way; the core halts afterwards",
			     server->work.job->name);
	else if (session->waits_for == WAIT_STOP)
		interrupt_core(session);
	else if (server->work.owner == session)
		interrupt_work(session);
}

void
run_tell_lost(struct session *session)
{
	const struct server *server = session->server;
	char story[REASON_SPACE + REASON_LINE_MAX];

	session_keep(session, board_lost_why(server->board));
	reason_text(board_lost_why(server->board), story, sizeof(story));
	session_print_lines(session, story);
	/* Only an exit makes an IDE notice; "X09;process" without multiprocess would be an
	 * internal error of gdb. */
	reply_text(session, "X09");
	session->farewell = server_lost_ender(server);
	session->phase = SESSION_PARTED;
	/* In extended mode gdb stays connected after an exit, and drops the exit when the
	 * connection closes on it. */
	if (!session->is_extended)
		session_end(session, session->farewell);
}
