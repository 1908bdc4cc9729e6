/* SPDX-License-Identifier: MIT */
#include "server/session/session.h"

#include "server/debug/run.h"
#include "server/rsp/commands.h"
#include "server/session/server.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OBITUARY_MAX = 2048, LINES_MAX = NOTES_SPACE, CONSOLE_MAX = 2 * NOTES_SPACE + 2 };

static struct session *
session_of(struct connection *connection)
{
	return container_of(connection, struct session, connection);
}

bool
session_is_over(const struct session *session)
{
	return connection_is_over(&session->connection);
}

bool
session_is_attached(const struct session *session)
{
	return session->phase == SESSION_ATTACHED || session->phase == SESSION_LEAVING;
}

bool
session_is_hung_up(const struct session *session)
{
	return connection_is_hung_up(&session->connection);
}

void
session_abandon(struct session *session)
{
	connection_abandon(&session->connection);
}

void
session_end(struct session *session, enum ender ender)
{
	connection_end(&session->connection, ender);
}

void
session_reset_load(struct session *session)
{
	load_request_clear(&session->load);
}

static void
forget_wait(struct session *session)
{
	session->waits_for = WAIT_NOTHING;
	session->was_interrupted = false;
}

void
session_wait_over(struct session *session)
{
	forget_wait(session);
	connection_release(&session->connection);
}

void
session_reply(struct session *session, const char *bytes, size_t len)
{
	if (session_is_over(session))
		return;
	forget_wait(session);
	session->has_replied = true;
	connection_send(&session->connection, bytes, len);
	connection_release(&session->connection);
}

void
session_wait(struct session *session, enum session_wait what)
{
	session->waits_for = what;
	/* gdb waits for a stop as long as it takes. */
	connection_hold(&session->connection, what != WAIT_STOP);
}

void
session_keep(struct session *session, const struct reason *why)
{
	session->why = *why;
}

/* gdb reads on at other places where it must not, and everything fails on a lost probe:
 * one such note at a time is enough. Of a locked-up core, whose PC and SP are nowhere, gdb
 * reads around both without being asked: that it is locked up has been said. */
static bool
is_echo(const struct session *session, const struct reason *why)
{
	return (why->cause == CAUSE_FAULT &&
		(session->has_fault_note || session->debuggee->stop.is_locked_up)) ||
	       strcmp(session->noted_root, reason_root(why)) == 0;
}

static void
remember_failure(struct session *session, const struct reason *why)
{
	snprintf(session->noted_root, sizeof(session->noted_root), "%s", reason_root(why));
	session->has_fault_note = session->has_fault_note || why->cause == CAUSE_FAULT;
}

static void
log_failure(const struct session *session, const struct reason *why)
{
	char line[REASON_SPACE];

	reason_line(why, line, sizeof(line));
	/* gdb tries what it can read: that is no failure of anything. */
	if (why->cause == CAUSE_FAULT)
		log_debug("session", "%s: %s", session->connection.peer, line);
	else
		log_warning("session", "%s: %s", session->connection.peer, line);
}

/* qRcmd tells all ahead of its reply; what a code cannot say goes into the notes; what the
 * reply says is only kept. */
void
session_fail(struct session *session, enum delivery how, const struct reason *why)
{
	char lines[REASON_SPACE + REASON_LINE_MAX];
	char buffer[REASON_SPACE + REASON_LINE_MAX];
	bool has_words, is_new = !is_echo(session, why);
	struct text reply;

	session_keep(session, why);
	if (is_new)
		log_failure(session, why);
	text_init(&reply, buffer, sizeof(buffer));
	if (how == DELIVER_CONSOLE) {
		reason_text(why, lines, sizeof(lines));
		session_print_lines(session, lines);
	}
	has_words = deliver_failure(how, session->takes_words, why, &reply);
	if (is_new)
		remember_failure(session, why);
	if (is_new && !has_words && how != DELIVER_CONSOLE) {
		reason_line(why, lines, sizeof(lines));
		session_note(session, how == DELIVER_LOAD ? NOTE_LOAD : NOTE_FAILURE,
			     "note: %s", lines);
	}
	session_reply(session, reply.chars, reply.used);
}

/* Only a client that waits for a stop or for a monitor command takes console text; before
 * any other reply it counts as that reply. */
static bool
takes_console(const struct session *session)
{
	return session->waits_for == WAIT_STOP || session->waits_for == WAIT_MONITOR;
}

void
session_print_lines(struct session *session, const char *lines)
{
	char buffer[CONSOLE_MAX];
	struct text packet;

	if (lines[0] == '\0' || !takes_console(session) || session_is_over(session))
		return;
	text_init(&packet, buffer, sizeof(buffer));
	deliver_console(lines, &packet);
	connection_send(&session->connection, packet.chars, packet.used);
}

static void
print_line(char *lines, size_t size, const char *fmt, va_list args)
{
	struct text text;

	text_init(&text, lines, size - 1);
	text_vadd(&text, fmt, args);
	lines[text.used] = '\n';
	lines[text.used + 1] = '\0';
}

void
session_print(struct session *session, const char *fmt, ...)
{
	char lines[LINES_MAX];
	va_list args;

	va_start(args, fmt);
	print_line(lines, sizeof(lines), fmt, args);
	va_end(args);
	session_print_lines(session, lines);
}

void
session_note(struct session *session, enum note_topic topic, const char *fmt, ...)
{
	char lines[LINES_MAX];
	va_list args;

	va_start(args, fmt);
	print_line(lines, sizeof(lines), fmt, args);
	va_end(args);
	if (session_is_over(session))
		return;
	if (!takes_console(session))
		notes_keep(&session->notes, topic, lines);
	else if (notes_pass(&session->notes, lines))
		session_print_lines(session, lines);
}

void
session_drop_failures(struct session *session)
{
	notes_drop(&session->notes, NOTE_FAILURE | NOTE_LOAD);
	session->noted_root[0] = '\0';
	session->has_fault_note = false;
}

void
session_outdate_notes(struct session *session)
{
	notes_drop(&session->notes, NOTE_FAILURE | NOTE_STATE);
	session->noted_root[0] = '\0';
	session->has_fault_note = false;
	notes_allow_repeat(&session->notes);
}

void
session_tell_notes(struct session *session)
{
	char lines[NOTES_SPACE];

	notes_take(&session->notes, lines, sizeof(lines));
	session_print_lines(session, lines);
	session_drop_failures(session);
}

static void
take_pulse(struct connection *connection)
{
	struct session *session = session_of(connection);
	const struct job *job = session->server->work.job;

	if (session->waits_for == WAIT_MONITOR && job != NULL && job->done_permille > 0)
		session_print(session, "%s: %u %%", job->name, job->done_permille / 10);
	else
		connection_send_keepalive(connection);
}

/* gdb for another architecture rejects the target description, asks for the registers all
 * the same, and closes over their number. */
static bool
seems_not_for_arm(const struct session *session, enum ender ender)
{
	const char *last = chronicle_last_request(&session->connection.chronicle);

	return ender == ENDED_BY_CLOSE && session->phase == SESSION_ATTACHED &&
	       (strcmp(last, "g") == 0 || last[0] == 'p');
}

static void
write_obituary(const struct session *session, enum ender ender, const char *remedy)
{
	char buffer[OBITUARY_MAX];
	struct text text;
	bool is_quiet = ender_is_orderly(ender) || ender == ENDED_BY_CLOSE ||
			ender == ENDED_BY_SILENCE;
	struct obituary obituary = {
		.ender = ender,
		.client = session->connection.peer,
		.core = session->debuggee->name,
		.fate = session->fate,
		.remedy = remedy,
		.now_us = clock_now_us(session->server->clock),
	};

	text_init(&text, buffer, sizeof(buffer));
	obituary_write(&session->connection.chronicle, &obituary, &text);
	if (is_quiet)
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
	if (session->phase == SESSION_PARTED || session->place >= SERVER_MAX_SESSIONS)
		return;
	text_init(&fate, session->fate, sizeof(session->fate));
	run_release(session, &fate);
}

static void
take_end(struct connection *connection, enum ender ender)
{
	struct session *session = session_of(connection);
	bool was_gdb = connection->chronicle.packets_in > 0;
	const char *remedy = seems_not_for_arm(session, ender)
				     ? "if gdb spoke of the 'g' packet or of the "
				       "architecture: use a gdb and a program for Arm "
				       "(arm-none-eabi-gdb, gdb-multiarch)"
				     : "";

	let_go(session);
	if (session->farewell != ENDED_BY_NOBODY)
		ender = session->farewell;
	write_obituary(session, ender, remedy);
	server_move_aside(session->server, session);
	if (was_gdb)
		server_session_ended(session->server);
}

static void
take_opening(struct connection *connection)
{
	struct session *session = session_of(connection);

	log_info("session", "%s connects to %s", connection->peer, session->debuggee->name);
	session->is_refused = !server_give_place(session->server, session);
	if (session->is_refused)
		session->farewell = ENDED_BY_CROWD;
}

static void
take_packet(struct connection *connection, const char *bytes, size_t len)
{
	command_dispatch(session_of(connection), bytes, len);
}

static void
refuse_packet(struct connection *connection, const struct reason *why)
{
	session_fail(session_of(connection), DELIVER_CODE, why);
}

static void
take_interrupt(struct connection *connection)
{
	run_interrupt(session_of(connection));
}

static void
take_freedom(struct connection *connection)
{
	struct session *session = session_of(connection);

	server_forget(session->server, session);
	session_reset_load(session);
	free(session);
}

static const struct connection_ops ops = {
	.opened = take_opening,
	.packet = take_packet,
	.refused = refuse_packet,
	.interrupt = take_interrupt,
	.pulse = take_pulse,
	.ended = take_end,
	.freed = take_freedom,
};

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
	session->place = SERVER_MAX_SESSIONS;
	load_request_init(&session->load);
	if (connection_accept(&session->connection, &ops, &server->turns, listener,
			      server->silence_ms))
		server_move_aside(server, session);
}
