/* SPDX-License-Identifier: MIT */
#include "server/rsp/accept.h"

#include "server/debug/run_control.h"
#include "server/rsp/commands.h"
#include "server/rsp/report.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <stdlib.h>
#include <string.h>

enum { PROGRESS_MAX = 128 };

static struct client *
of_view(struct view *view)
{
	return container_of(view, struct client, view);
}

static struct client *
of_connection(struct connection *connection)
{
	return container_of(connection, struct client, connection);
}

static void interrupt_core(struct client *client);

static void
take_words(struct view *view, const char *lines)
{
	client_note(of_view(view), NOTE_EVENT, "%s", lines);
}

static void
take_state(struct view *view, const char *lines)
{
	client_note(of_view(view), NOTE_STATE, "%s", lines);
}

static void
take_text(struct view *view, const char *text)
{
	client_print_lines(of_view(view), text);
}

static void
take_blindness(struct view *view, unsigned core, const char *line)
{
	struct client *client = of_view(view);

	client->blind |= 1u << core;
	client_note(client, NOTE_BLIND, "note: the core's state cannot be read: %s", line);
}

/* What was not said yet need not be said. */
static void
take_sight(struct view *view, unsigned core)
{
	struct client *client = of_view(view);
	bool was_blind = (client->blind & 1u << core) != 0;

	client->blind &= ~(1u << core);
	if (!was_blind || client->blind != 0)
		return;
	notes_allow_repeat(&client->notes);
	if (!notes_drop(&client->notes, NOTE_BLIND))
		client_note(client, NOTE_EVENT, "note: the core's state can be read again");
}

static void
take_stop(struct view *view, unsigned core)
{
	report_stop(of_view(view), core);
}

static void
take_failure(struct view *view, unsigned core, const struct reason *why)
{
	struct client *client = of_view(view);

	if (client->non_stop.is_on)
		non_stop_failed(client, core, why);
	if (client->waits_for != WAIT_STOP)
		return;
	client->processes.kept |= view_halt_rest(view);
	client_fail(client, DELIVER_WORDS, why);
}

static void
take_loss(struct view *view, bool did_wait)
{
	struct client *client = of_view(view);

	if (client->waits_for == WAIT_STOP || (client->non_stop.is_on && did_wait))
		report_loss(client);
}

static void
take_recovery(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = of_view(view);
	struct reason attaching = REASON_INIT;

	if (client->waits_for != WAIT_TARGET)
		return;
	if (cause == CAUSE_NONE) {
		cause = command_attach(client, &attaching);
		why = &attaching;
	}
	if (cause == CAUSE_NONE)
		client_reply(client, "", 0);
	else
		client_fail(client, DELIVER_WORDS, why);
}

/* A Ctrl-C that came meanwhile has halted nothing. */
static void
take_settlement(struct view *view)
{
	struct client *client = of_view(view);

	command_unpark(client);
	if (client->waits_for == WAIT_STOP && client->was_interrupted)
		interrupt_core(client);
}

static void
outdate(struct view *view)
{
	client_outdate_notes(of_view(view));
}

static void
check_hung_up(struct view *view)
{
	if (connection_is_hung_up(&of_view(view)->connection))
		client_end(of_view(view), ENDED_BY_CLOSE);
}

static const struct view_ops view_ops = {
	.say = take_words,
	.say_state = take_state,
	.print = take_text,
	.blind = take_blindness,
	.seen = take_sight,
	.stopped = take_stop,
	.failed = take_failure,
	.lost = take_loss,
	.recovered = take_recovery,
	.settled = take_settlement,
	.outdated = outdate,
	.check_hung_up = check_hung_up,
};

static enum cause
open_view(struct client *client, struct reason *why)
{
	enum cause cause = view_open(&client->view, &view_ops, client_debugger(client),
				     client->home, why);

	if (cause != CAUSE_REQUEST || !clients_end_idle(client->clients))
		return cause;
	return view_open(&client->view, &view_ops, client_debugger(client), client->home,
			 why);
}

static void
take_opening(struct connection *connection)
{
	struct client *client = of_connection(connection);
	struct reason why = REASON_INIT;

	log_info("session", "%s connects to %s", connection->peer,
		 client_core_name(client));
	if (open_view(client, &why) == CAUSE_NONE) {
		client->phase = CLIENT_NEW;
		client->view.name = connection->peer;
		if (client->clients->opened != NULL)
			client->clients->opened(client->clients->context);
		return;
	}
	client_keep(client, &why);
	client->phase = CLIENT_REFUSED;
	client->ended_by = ENDED_BY_CROWD;
}

static void
take_packet(struct connection *connection, const char *bytes, size_t len)
{
	client_age_interrupt(of_connection(connection));
	command_dispatch(of_connection(connection), bytes, len);
}

/* A load that lacks a part of it is not to succeed. */
static void
refuse_packet(struct connection *connection, const struct reason *why)
{
	static const char part[] = "vFlashWrite:";
	struct client *client = of_connection(connection);

	if (strncmp(connection->reader.data, part, sizeof(part) - 1) == 0)
		load_request_fail(&client->load, why);
	client_fail(client, DELIVER_CODE, why);
}

/* gdb names no process with Ctrl-C: the one that it has dealt with last, if that runs. Answered
 * with the other one gdb 13.1 and 16.3 show no prompt when inferior 1 was never resumed from
 * its own prompt. */
static unsigned
core_to_interrupt(const struct view *view)
{
	unsigned core = 0;

	if (view->waits == 0 || (view->waits & 1u << view->control) != 0)
		return view->control;
	while ((view->waits & 1u << core) == 0)
		core++;
	return core;
}

/* Another job may have the core: Ctrl-C is not kept until that is finished. */
static void
interrupt_core(struct client *client)
{
	struct view *view = &client->view;
	struct reason why = REASON_INIT;
	enum cause cause;

	client->was_interrupted = true;
	cause = view_halt(view, core_to_interrupt(view), &why);
	if (cause == CAUSE_REQUEST) {
		client->was_interrupted = false;
		client_note(client, NOTE_STATE, "note: Ctrl-C has no effect now: %s",
			    reason_root(&why));
	} else if (cause != CAUSE_NONE && cause != CAUSE_GONE) {
		view_stop_waiting(view, ~0u);
		client_fail(client, DELIVER_WORDS, &why);
	}
}

/* gdb sends vCtrlC in non-stop mode; a person may send the byte. */
static void
interrupt_apart(struct client *client)
{
	struct reason why = REASON_INIT;

	if (non_stop_interrupt(client, &why) != CAUSE_NONE)
		client_note(client, NOTE_STATE, "note: Ctrl-C has no effect now: %s",
			    reason_root(&why));
}

static void
take_interrupt(struct connection *connection)
{
	struct client *client = of_connection(connection);

	log_wire("rsp", "%s > (interrupt)", connection->peer);
	if (client->non_stop.is_on && client->waits_for == WAIT_NOTHING)
		interrupt_apart(client);
	else if (client->waits_for == WAIT_STOP)
		interrupt_core(client);
	else if (client->waits_for == WAIT_WORK || client->waits_for == WAIT_MONITOR)
		view_interrupt_job(&client->view);
	else if ((client->waits_for == WAIT_NOTHING ||
		  client->waits_for == WAIT_HANDOVER) &&
		 client->phase == CLIENT_ATTACHED)
		client_keep_interrupt(client, client_interrupt_while_halted(client));
}

/* A load (WAIT_WORK) cannot have a word on gdb's console before its reply, which gdb would take it
 * for: its progress goes to the log. */
static void
show_progress(struct client *client, const struct job *job)
{
	char buffer[PROGRESS_MAX];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	progress_add_words(job, &words);
	if (client->waits_for == WAIT_MONITOR)
		client_print(client, "%s", buffer);
	else
		log_info("session", "%s: %s", client->connection.peer, buffer);
}

static void
take_pulse(struct connection *connection)
{
	struct client *client = of_connection(connection);
	const struct job *job = client_has_view(client) ? view_job(&client->view) : NULL;

	if (job != NULL && progress_is_due(&client->progress, job,
					   clock_now_us(client->clients->turns.clock)))
		show_progress(client, job);
	connection_send_keepalive(connection);
}

static void
take_end(struct connection *connection, enum ender ender)
{
	struct client *client = of_connection(connection);
	struct clients *clients = client->clients;
	bool was_served = client_has_view(client);

	client_close(client, ender);
	if (was_served && clients->ended != NULL)
		clients->ended(clients->context);
}

static void
free_client(struct connection *connection)
{
	struct client *client = of_connection(connection);

	clients_remove(client->clients, client);
	load_request_clear(&client->load);
	free(client->parked);
	free(client);
}

static const struct connection_ops connection_ops = {
	.opened = take_opening,
	.packet = take_packet,
	.refused = refuse_packet,
	.interrupt = take_interrupt,
	.pulse = take_pulse,
	.ended = take_end,
	.freed = free_client,
};

static struct client *
new_client(struct clients *clients, unsigned core)
{
	struct client *client = calloc(1, sizeof(*client));

	if (client == NULL) {
		log_error("server", "no memory for another client");
		return NULL;
	}
	client->clients = clients;
	client->home = client->connection.core = core;
	client->connection.id = clients->accepted;
	load_request_init(&client->load);
	return client;
}

void
rsp_accept(struct clients *clients, unsigned core, uv_stream_t *listener)
{
	struct client *client = new_client(clients, core);

	if (client == NULL)
		return;
	if (!connection_accept(&client->connection, &connection_ops, &clients->turns,
			       listener, clients->silence_ms))
		return;
	clients->accepted++;
	clients_add(clients, client);
}

/* --- played ----------------------------------------------------------------------------- */

static bool
play_accept(struct clients *clients, uv_loop_t *loop, const struct tape_event *event)
{
	struct client *client;

	if (event->who > 0 && event->who >= board_cores(debugger_board(clients->debugger)))
		return false;
	client = new_client(clients, event->who);
	if (client == NULL)
		return false;
	clients->accepted++;
	connection_accept_played(&client->connection, &connection_ops, &clients->turns,
				 loop, event->words);
	clients_add(clients, client);
	return true;
}

static struct client *
find_client(const struct clients *clients, uint32_t id)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (clients->each[i] != NULL && clients->each[i]->connection.id == id)
			return clients->each[i];
	return NULL;
}

/* Its memory is the loop's until that has closed its handles. */
static bool
play_freed(struct clients *clients, const struct client *client)
{
	if (client->connection.phase != CONNECTION_CLOSING)
		return false;
	clients_remove(clients, client);
	return true;
}

bool
rsp_play(struct clients *clients, uv_loop_t *loop, const struct tape_event *event)
{
	struct client *client;

	if (strcmp(event->name, "accept") == 0)
		return play_accept(clients, loop, event);
	if (strcmp(event->name, "turns") == 0) {
		turns_hand_out(&clients->turns);
		return true;
	}
	client = find_client(clients, event->who);
	if (client == NULL)
		return false;
	if (strcmp(event->name, "freed") == 0)
		return play_freed(clients, client);
	return connection_play(&client->connection, event);
}

void
rsp_set_home(struct clients *clients, unsigned core)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = clients->each[i];

		if (client == NULL)
			continue;
		client->home = client->selected = core;
		client->view.home = client->view.general = client->view.control = core;
	}
}

void
rsp_init(struct clients *clients, uv_loop_t *loop, struct clock *clock,
	 struct debugger *debugger)
{
	*clients =
		(struct clients){ .debugger = debugger, .silence_ms = CLIENTS_SILENCE_MS };
	turns_init(&clients->turns, loop, clock);
}

void
rsp_close(struct clients *clients)
{
	turns_close(&clients->turns);
}

/* In extended mode gdb asks for threads after an exit; on a closed connection it never tells
 * the IDE of the exit, so the connection stays open until gdb has asked for threads. */
static void
announce_end(struct client *client)
{
	bool was_running = client->waits_for == WAIT_STOP;
	bool runs_apart = client->non_stop.running != 0;

	client_note(client, NOTE_EVENT, "note: tether is shutting down");
	if (runs_apart)
		non_stop_lost(client);
	else if (was_running)
		report_exit(client);
	if (runs_apart || (was_running && client->agreed.is_extended))
		client->phase = CLIENT_LEAVING;
	else
		client_end(client, ENDED_BY_SERVER);
}

void
rsp_end(struct clients *clients)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (clients->each[i] != NULL && !client_is_over(clients->each[i]))
			announce_end(clients->each[i]);
}

void
rsp_abandon(struct clients *clients)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (clients->each[i] != NULL)
			connection_abandon(&clients->each[i]->connection);
}
