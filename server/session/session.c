/* SPDX-License-Identifier: MIT */
#include "server/session/session.h"

#include "server/debug/run.h"
#include "server/session/server.h"
#include "transport/base/log.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PULSE_MS = 1000, OBITUARY_MAX = 2048, CONSOLE_MAX = 2 * SESSION_NOTES + 2 };

static void
on_closed(uv_handle_t *handle)
{
	struct session *session = handle->data;

	if (--session->handles > 0)
		return;
	session_reset_load(session);
	free(session);
}

static void
forget_drained(struct session *session)
{
	struct session **drained = session->server->drained;

	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (drained[i] == session)
			drained[i] = NULL;
}

void
session_abandon(struct session *session)
{
	if (uv_is_closing((uv_handle_t *)&session->tcp))
		return;
	session->is_over = true;
	forget_drained(session);
	uv_close((uv_handle_t *)&session->tcp, on_closed);
	uv_close((uv_handle_t *)&session->pulse, on_closed);
}

void
session_reset_load(struct session *session)
{
	load_request_clear(&session->load);
}

static bool
find_place(struct server *server, struct session *session)
{
	for (unsigned i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (server->sessions[i] == NULL) {
			server->sessions[i] = session;
			session->place = i;
			return true;
		}
	session->place = SERVER_MAX_SESSIONS;
	return false;
}

void
session_accept(struct server *server, struct debuggee *debuggee, uv_stream_t *listener)
{
	struct session *session = calloc(1, sizeof(*session));

	if (session == NULL) {
		log_error("server", "no memory for another client");
		return;
	}
	session->server = server;
	session->debuggee = debuggee;
	session->handles = 2;
	load_request_init(&session->load);
	uv_tcp_init(&server->loop, &session->tcp);
	uv_timer_init(&server->loop, &session->pulse);
	session->tcp.data = session->pulse.data = session;
	session->chronicle.begun_us = clock_now_us(server->clock);
	if (uv_accept(listener, (uv_stream_t *)&session->tcp) != 0) {
		session_abandon(session);
		return;
	}
	listener_name_peer(&session->tcp, session->client, sizeof(session->client));
	log_debug("session", "%s connects to %s", session->client, debuggee->name);
	if (!find_place(server, session))
		session_end(session, ENDED_BY_CROWD);
	else
		session_stream_begin(session);
}

static void
forget_wait(struct session *session)
{
	session->waits_for = WAIT_NOTHING;
	session->was_interrupted = false;
	uv_timer_stop(&session->pulse);
}

void
session_wait_over(struct session *session)
{
	if (session->is_over)
		return;
	forget_wait(session);
	session_pump(session);
}

void
session_reply(struct session *session, const char *bytes, size_t len)
{
	bool did_wait = session->waits_for != WAIT_NOTHING;

	if (session->is_over)
		return;
	forget_wait(session);
	session->has_replied = true;
	session_send_packet(session, bytes, len);
	if (did_wait)
		session_pump(session);
}

void
session_keep(struct session *session, const struct reason *why)
{
	session->why = *why;
}

static void
notes_add(struct notes *notes, const char *lines)
{
	size_t len = strlen(lines);

	if (notes->used + len >= sizeof(notes->lines))
		notes->used = 0; /* the newest matter most */
	memcpy(notes->lines + notes->used, lines, len + 1);
	notes->used += len;
}

static void
notes_drop(struct notes *notes)
{
	notes->lines[0] = '\0';
	notes->used = 0;
}

/* gdb reads on at other places where it must not, and everything fails on a lost probe:
 * one such note at a time is enough. Of a locked-up core, whose PC and SP are nowhere, gdb
 * reads around both without being asked: that it is locked up has been told. */
static void
note_failure(struct session *session, const struct reason *why)
{
	char story[SESSION_NOTES];
	struct text note;

	if ((why->cause == CAUSE_FAULT &&
	     (session->has_fault_note || session->debuggee->stop.is_locked_up)) ||
	    strcmp(session->noted_root, reason_root(why)) == 0)
		return;
	snprintf(session->noted_root, sizeof(session->noted_root), "%s", reason_root(why));
	session->has_fault_note = session->has_fault_note || why->cause == CAUSE_FAULT;
	text_init(&note, story, sizeof(story) - 1); /* room for the newline */
	text_add(&note, "note: ");
	note.used += reason_line(why, note.chars + note.used, note.size - note.used);
	memcpy(note.chars + note.used, "\n", 2);
	notes_add(&session->failures, story);
}

/* qRcmd tells the whole story ahead of its reply; what a code cannot say goes into the
 * notes; what the reply says is only kept. */
void
session_fail(struct session *session, enum delivery how, const struct reason *why)
{
	char story[REASON_SPACE + REASON_LINE_MAX];
	char buffer[REASON_SPACE + REASON_LINE_MAX];
	struct text reply;

	session_keep(session, why);
	text_init(&reply, buffer, sizeof(buffer));
	if (how == DELIVER_CONSOLE) {
		reason_text(why, story, sizeof(story));
		session_say_lines(session, story);
	}
	if (!deliver_failure(how, session->takes_words, why, &reply) &&
	    how != DELIVER_CONSOLE)
		note_failure(session, why);
	session_reply(session, reply.chars, reply.used);
}

/* Only a client that waits for a stop or for a monitor command takes console text; before
 * any other reply it counts as that reply. */
static bool
takes_console(const struct session *session)
{
	return session->waits_for == WAIT_STOP || session->waits_for == WAIT_MONITOR;
}

static void
send_console(struct session *session, const char *lines)
{
	char buffer[CONSOLE_MAX];
	struct text packet;

	if (lines[0] == '\0')
		return;
	text_init(&packet, buffer, sizeof(buffer));
	deliver_console(lines, &packet);
	session_send_packet(session, packet.chars, packet.used);
}

/* The same note twice in a row would be noise: gdb asks for the same bad address again and
 * again. */
static void
keep_note(struct session *session, const char *lines)
{
	if (strcmp(lines, session->last_note) == 0)
		return;
	snprintf(session->last_note, sizeof(session->last_note), "%s", lines);
	notes_add(&session->news, lines);
}

void
session_say_lines(struct session *session, const char *lines)
{
	if (session->is_over)
		return;
	if (takes_console(session))
		send_console(session, lines);
	else
		keep_note(session, lines);
}

void
session_say(struct session *session, const char *fmt, ...)
{
	char lines[SESSION_NOTES - 1];
	struct text text;
	va_list args;

	text_init(&text, lines, sizeof(lines) - 1);
	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	lines[text.used] = '\n';
	lines[text.used + 1] = '\0';
	session_say_lines(session, lines);
}

void
session_drop_failures(struct session *session)
{
	notes_drop(&session->failures);
	session->noted_root[0] = '\0';
	session->has_fault_note = false;
}

void
session_drop_notes(struct session *session)
{
	notes_drop(&session->news);
	session_drop_failures(session);
}

void
session_tell_notes(struct session *session)
{
	send_console(session, session->news.lines);
	send_console(session, session->failures.lines);
	session_drop_notes(session);
}

static void
give_sign_of_life(uv_timer_t *timer)
{
	struct session *session = timer->data;
	const struct job *job = session->server->work.job;

	if (session->waits_for == WAIT_MONITOR && job != NULL && job->done_permille > 0)
		session_say(session, "%s: %u %%", job->name, job->done_permille / 10);
	else
		session_send_keepalive(session);
}

void
session_wait(struct session *session, enum session_wait what)
{
	session->waits_for = what;
	/* gdb waits for a stop as long as it takes. */
	if (what != WAIT_STOP)
		uv_timer_start(&session->pulse, give_sign_of_life, PULSE_MS, PULSE_MS);
}

static void
write_obituary(struct session *session, enum ender ender)
{
	char buffer[OBITUARY_MAX];
	struct text text;
	bool is_orderly = ender == ENDED_BY_DETACH || ender == ENDED_BY_KILL ||
			  ender == ENDED_BY_CLOSE || ender == ENDED_BY_SERVER;

	text_init(&text, buffer, sizeof(buffer));
	obituary_write(&session->chronicle, ender, session->client, session->debuggee->name,
		       session->fate[0] == '\0' ? NULL : session->fate,
		       clock_now_us(session->server->clock), &text);
	if (is_orderly)
		log_info("session", "%s", buffer);
	else
		log_warning("session", "%s", buffer);
}

static void
let_go(struct session *session)
{
	struct server *server = session->server;
	struct text fate;

	if (server->work.owner == session)
		work_cancel(&server->work);
	if (!session->is_attached)
		return;
	text_init(&fate, session->fate, sizeof(session->fate));
	run_release(session, &fate);
}

/* Keeps it where it is found until the client has closed as well. */
static void
drain(struct session *session)
{
	struct session **drained = session->server->drained;

	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (drained[i] == NULL) {
			drained[i] = session;
			session_stream_end(session);
			return;
		}
	session_abandon(session);
}

void
session_end(struct session *session, enum ender ender)
{
	struct server *server = session->server;

	if (session->is_over)
		return;
	let_go(session);
	session->is_over = true;
	uv_timer_stop(&session->pulse);
	write_obituary(session, ender);
	if (session->place < SERVER_MAX_SESSIONS)
		server->sessions[session->place] = NULL;
	drain(session);
	if (session->chronicle.packets_in > 0)
		server_session_ended(server);
}
