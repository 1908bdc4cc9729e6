/* SPDX-License-Identifier: MIT */
#include "server/session/server.h"

#include "server/debug/recover.h"
#include "server/debug/run.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/vtarget.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 300, PORT_STRIDE = 2 };

unsigned
server_sessions_of(const struct server *server, const struct debuggee *debuggee,
		   const struct session *except)
{
	unsigned count = 0;

	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++) {
		const struct session *session = server->sessions[i];

		if (session != NULL && session != except && session_is_attached(session) &&
		    session->debuggee == debuggee)
			count++;
	}
	return count;
}

bool
server_is_run_by_others(const struct server *server, const struct session *session)
{
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++) {
		const struct session *other = server->sessions[i];

		if (other != NULL && other != session &&
		    other->debuggee == session->debuggee && other->waits_for == WAIT_STOP)
			return true;
	}
	return false;
}

void
server_say(struct server *server, const struct debuggee *debuggee,
	   const struct session *except, const char *fmt, ...)
{
	char line[NOTES_SPACE / 2];
	struct text text;
	va_list args;

	text_init(&text, line, sizeof(line));
	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++) {
		struct session *session = server->sessions[i];

		if (session != NULL && session != except && session_is_attached(session) &&
		    (debuggee == NULL || session->debuggee == debuggee))
			session_note(session, NOTE_EVENT, "%s", line);
	}
}

void
server_outdate_notes(struct server *server)
{
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (server->sessions[i] != NULL)
			session_outdate_notes(server->sessions[i]);
}

static void
expect_reset(struct server *server)
{
	for (unsigned i = 0; i < server->debuggees_len; i++)
		server->debuggees[i].expects_reset = true;
}

void
server_tell_reset(struct server *server, const char *whom)
{
	expect_reset(server);
	log_info("server", "the target was reset by %s", whom);
	server_outdate_notes(server);
	server_say(server, NULL, NULL, "note: the target was reset by %s", whom);
}

static void
tell_reset(struct server *server, const struct session *by)
{
	expect_reset(server);
	server_outdate_notes(server);
	if (by != NULL)
		log_info("server", "%s has reset the target", by->connection.peer);
	if (by != NULL)
		server_say(server, NULL, by,
			   "note: the target was reset by another client");
}

static void
on_board_event(const struct board_event *event, void *context)
{
	struct server *server = context;

	switch (event->kind) {
	case EVENT_LOST:
		recover_lost(server, event->why);
		break;
	case EVENT_BACK:
		recover_back(server);
		break;
	case EVENT_RESET:
		tell_reset(server, event->by);
		break;
	default:
		break;
	}
}

static bool
somebody_waits(const struct server *server, const struct debuggee *debuggee)
{
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++) {
		const struct session *session = server->sessions[i];

		if (session != NULL && session->debuggee == debuggee &&
		    session->waits_for == WAIT_STOP)
			return true;
	}
	return false;
}

enum cause
server_look_after_reset(struct server *server, struct reason *why)
{
	for (unsigned i = 0; i < server->debuggees_len; i++) {
		struct debuggee *debuggee = &server->debuggees[i];
		enum cause cause;

		if (board_is_lost(server->board))
			return CAUSE_NONE;
		debuggee->is_halted = debuggee->has_registers = false;
		debuggee->steps_range = false;
		cause = debuggee_look(debuggee, why);
		if (cause != CAUSE_NONE)
			return cause;
		if (debuggee->is_halted)
			run_tell_stop(debuggee);
		else if (somebody_waits(server, debuggee))
			debuggee_poll_soon(debuggee);
	}
	return CAUSE_NONE;
}

static void
on_signal(uv_signal_t *handle, int number)
{
	struct server *server = handle->data;

	if (!server->is_ending)
		log_info("server", "ending on signal %d", number);
	server_end(server);
}

static void
watch_signals(struct server *server)
{
	for (size_t i = 0; i < SERVER_SIGNALS; i++) {
		uv_signal_init(&server->loop, &server->signals[i]);
		server->signals[i].data = server;
		uv_signal_start(&server->signals[i], on_signal, start_ending_signals[i]);
		uv_unref((uv_handle_t *)&server->signals[i]);
	}
}

enum cause
server_init(struct server *server, const struct options *options, struct clock *clock,
	    struct board *board, struct reason *why)
{
	int status;

	memset(server, 0, sizeof(*server));
	server->options = options;
	server->clock = clock;
	server->board = board;
	status = uv_loop_init(&server->loop);
	if (status != 0)
		return reason_begin(why, CAUSE_HOST, "no event loop: %s",
				    uv_strerror(status));
	server->silence_ms = SERVER_SILENCE_MS;
	turns_init(&server->turns, &server->loop, clock);
	work_init(&server->work, server);
	uv_timer_init(&server->loop, &server->work.timer);
	uv_timer_init(&server->loop, &server->patience);
	server->patience.data = server;
	recover_init(server);
	server->debuggees_len = board_cores(board);
	for (unsigned i = 0; i < server->debuggees_len; i++)
		debuggee_init(&server->debuggees[i], server, i);
	watch_signals(server);
	board_listen(board, on_board_event, server);
	return CAUSE_NONE;
}

static void
announce_board(struct server *server)
{
	struct vtarget vtarget;
	char words[256];
	struct text text;
	/* Some probes cannot measure it. */
	struct reason why = REASON_INIT;

	text_init(&text, words, sizeof(words));
	if (vtarget_measure(board_probe(server->board), &vtarget, &why) == CAUSE_NONE) {
		text_add(&text, ", ");
		vtarget_add_words(&vtarget, &text);
	}
	printf("%s%s\n", board_describe(server->board), words);
}

static void
announce_port(const struct server *server, unsigned index)
{
	const struct device *device = board_device(server->board);
	const struct probe_identity *probe = &board_probe(server->board)->identity;

	printf("Listening on port %u for gdb: %s of %s, probe %s %s\n",
	       server->listeners[index].port, server->debuggees[index].name,
	       device == NULL ? "an unknown chip" : device->name, probe->kind,
	       probe->serial);
}

static void
accept_client(struct listener *listener, uv_stream_t *stream)
{
	struct debuggee *debuggee = listener->context;

	session_accept(debuggee->server, debuggee, stream);
}

void
server_take_at(struct server *server, unsigned index)
{
	server->listeners[index] =
		(struct listener){ .option = "--port",
				   .take = accept_client,
				   .context = &server->debuggees[index] };
}

static void
warn_of_exposure(const struct options *options)
{
	if (listener_is_exposed(options->bind))
		log_warning("server",
			    "--bind %s: other computers can reach this server and read, "
			    "write and erase the target; no password is asked for",
			    options->bind);
}

static bool
is_wanted(const struct server *server, unsigned index)
{
	const char *wanted = server->options->core;

	return wanted == NULL || strcmp(wanted, server->debuggees[index].name) == 0;
}

static enum cause
complain_of_core(const struct server *server, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST, "this chip has no core \"%s\"",
		     server->options->core);
	reason_suspect_with(why, FINDING_REQUEST_NO_SUCH_CORE, "%s",
			    server->debuggees[0].name);
	return why->cause;
}

enum cause
server_listen(struct server *server, struct reason *why)
{
	const struct options *options = server->options;
	unsigned port = options->port;
	bool is_any = false;

	for (unsigned i = 0; i < server->debuggees_len; i++) {
		enum cause cause;

		if (!is_wanted(server, i))
			continue;
		server_take_at(server, i);
		cause = listener_begin(&server->listeners[i], &server->loop, options->bind,
				       port, why);
		if (cause != CAUSE_NONE)
			return cause;
		debuggee_poll_seldom(&server->debuggees[i]);
		if (!is_any) {
			warn_of_exposure(options);
			announce_board(server);
		}
		announce_port(server, i);
		is_any = true;
		/* The port between is SWO's. */
		port += port == 0 ? 0 : PORT_STRIDE;
	}
	if (is_any && options->is_shared) {
		enum cause cause = share_begin(&server->share, server, options->bind,
					       options->share_port, why);

		if (cause != CAUSE_NONE)
			return cause;
		printf("Sharing the probe on port %u, as ST's stlink-server does\n",
		       server->share.listener.port);
	}
	fflush(stdout);
	return is_any ? CAUSE_NONE : complain_of_core(server, why);
}

void
server_run(struct server *server)
{
	uv_run(&server->loop, UV_RUN_DEFAULT);
}

static void
abandon_others(struct server *server)
{
	for (size_t i = 0; i < SERVER_MAX_OTHERS; i++)
		if (server->others[i] != NULL)
			session_abandon(server->others[i]);
}

static void
lose_patience(uv_timer_t *timer)
{
	struct server *server = timer->data;

	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (server->sessions[i] != NULL)
			session_end(server->sessions[i], ENDED_BY_SERVER);
	abandon_others(server);
}

/* In extended mode gdb looks for threads after an exit, and when it finds the connection
 * closed instead an IDE never hears of the exit: so it may ask first. */
static void
say_farewell(struct session *session)
{
	bool was_running = session->waits_for == WAIT_STOP;

	session_note(session, NOTE_EVENT, "note: this server ends");
	if (was_running)
		session_reply(session, "X09", 3);
	if (was_running && session->is_extended)
		session->phase = SESSION_LEAVING;
	else
		session_end(session, ENDED_BY_SERVER);
}

void
server_end(struct server *server)
{
	if (server->is_ending) {
		abandon_others(server);
		return;
	}
	server->is_ending = true;
	for (size_t i = 0; i < SERVER_MAX_OTHERS; i++)
		if (server->others[i] != NULL)
			session_end(server->others[i], ENDED_BY_SERVER);
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (server->sessions[i] != NULL)
			say_farewell(server->sessions[i]);
	for (unsigned i = 0; i < server->debuggees_len; i++) {
		listener_end(&server->listeners[i]);
		debuggee_close(&server->debuggees[i]);
	}
	share_end(&server->share);
	work_close(&server->work);
	recover_close(server);
	uv_timer_start(&server->patience, lose_patience, PATIENCE_MS, 0);
	uv_unref((uv_handle_t *)&server->patience);
}

bool
server_give_place(struct server *server, struct session *session)
{
	server_forget(server, session);
	for (unsigned i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (server->sessions[i] == NULL) {
			server->sessions[i] = session;
			session->place = i;
			return true;
		}
	server_move_aside(server, session);
	return false;
}

/* A free place among the others; that of the oldest when there is none. */
static struct session **
make_room(struct server *server)
{
	struct session **oldest = &server->others[0];

	for (size_t i = 0; i < SERVER_MAX_OTHERS; i++) {
		if (server->others[i] == NULL)
			return &server->others[i];
		if (connection_age_us(&server->others[i]->connection) >
		    connection_age_us(&(*oldest)->connection))
			oldest = &server->others[i];
	}
	(*oldest)->farewell = ENDED_BY_CROWD;
	session_abandon(*oldest);
	return oldest;
}

void
server_move_aside(struct server *server, struct session *session)
{
	server_forget(server, session);
	*make_room(server) = session;
}

void
server_forget(struct server *server, struct session *session)
{
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (server->sessions[i] == session)
			server->sessions[i] = NULL;
	for (size_t i = 0; i < SERVER_MAX_OTHERS; i++)
		if (server->others[i] == session)
			server->others[i] = NULL;
}

void
server_session_ended(struct server *server)
{
	if (!server->options->once || server->is_ending)
		return;
	for (size_t i = 0; i < SERVER_MAX_SESSIONS; i++)
		if (server->sessions[i] != NULL)
			return;
	server_end(server);
}

void
server_free(struct server *server)
{
	int status;

	server_end(server);
	board_unlisten(server->board, on_board_event, server);
	for (size_t i = 0; i < SERVER_SIGNALS; i++)
		uv_close((uv_handle_t *)&server->signals[i], NULL);
	uv_close((uv_handle_t *)&server->patience, NULL);
	turns_close(&server->turns);
	abandon_others(server);
	uv_run(&server->loop, UV_RUN_DEFAULT);
	status = uv_loop_close(&server->loop);
	if (status != 0)
		log_debug("server", "closing the event loop: %s", uv_strerror(status));
}
