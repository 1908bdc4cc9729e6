/* SPDX-License-Identifier: MIT */
/*
 * load.c - vFlashErase, vFlashWrite, vFlashDone: the first two collect a request (flash/load),
 * the last programs, all at once. gdb says nothing of why a load failed: the reason goes with
 * the next packet that can carry words.
 */
#include "server/rsp/commands.h"

static enum cause
collected(enum cause cause, struct text *reply, struct reason *why)
{
	if (cause != CAUSE_NONE)
		return reason_while(why, "the last load failed");
	text_add(reply, "OK");
	return CAUSE_NONE;
}

static enum cause
command_erase(struct session *session, const struct request *request, struct text *reply,
	      struct reason *why)
{
	return collected(load_request_erase(&session->load, session->server->board,
					    (uint32_t)request->at[0].number,
					    request->at[1].number, why),
			 reply, why);
}

static enum cause
command_write(struct session *session, const struct request *request, struct text *reply,
	      struct reason *why)
{
	const struct argument *rest = &request->at[1];

	return collected(load_request_write(&session->load, session->server->board,
					    (uint32_t)request->at[0].number, rest->bytes,
					    (uint32_t)rest->len, why),
			 reply, why);
}

static void
loaded(struct server *server, struct session *session, enum cause cause,
       const struct reason *why)
{
	struct reason story = *why, looking = REASON_INIT;

	server_judge(server, cause, why);
	/* Flash is done well though the core cannot be seen: the next packet tells that. */
	server_judge(server, server_look_after_reset(server, &looking), &looking);
	if (cause == CAUSE_NONE) {
		server_outdate_notes(server);
		notes_drop(&session->notes, NOTE_LOAD);
		session_reply(session, "OK", 2);
		return;
	}
	reason_while(&story, "the last load failed");
	session_fail(session, DELIVER_LOAD, &story);
}

static enum cause
command_done(struct session *session, const struct request *request, struct text *reply,
	     struct reason *why)
{
	struct server *server = session->server;
	struct job *job = NULL;
	enum cause cause;

	(void)request;
	if (load_request_is_empty(&session->load)) {
		text_add(reply, "OK");
		return CAUSE_NONE;
	}
	for (unsigned i = 0; i < server->debuggees_len; i++)
		debuggee_remember(&server->debuggees[i]);
	cause = load_begin(debuggee_core(session->debuggee), server->board, &session->load,
			   &job, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "the last load failed");
	session_wait(session, WAIT_WORK);
	work_begin(&server->work, job, session, loaded);
	return CAUSE_NONE;
}

const struct command load_commands[] = {
	{ "vFlashErase", ":a,n", NEEDS_TARGET | IS_LOAD_PART, DELIVER_LOAD, command_erase },
	{ "vFlashWrite", ":a:b", NEEDS_TARGET | IS_LOAD_PART, DELIVER_LOAD, command_write },
	{ "vFlashDone", "", IS_EXACT | NEEDS_TARGET | NEEDS_QUIET | ENDS_LOAD, DELIVER_LOAD,
	  command_done },
	{ 0 },
};
