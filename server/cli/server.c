/* SPDX-License-Identifier: MIT */
#include "server/cli/server.h"

#include "server/cli/algorithms.h"
#include "server/cli/ending_signals.h"
#include "server/cli/persona.h"
#include "server/cli/ports.h"
#include "server/cli/record.h"
#include "server/live/live.h"
#include "server/monitor/monitor.h"
#include "server/rsp/accept.h"
#include "server/share/share.h"
#include "targets/reset/reset.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/patience.h"
#include "transport/base/text.h"
#include "transport/probe/probe_shared.h"

#include <stdlib.h>
#include <string.h>

/* Of the 500 ms in which a signal is served: for clients to close, and for the target to be let
 * go after them. */
enum { CLIENTS_MS = 200, TARGET_MS = 100 };

struct server {
	const struct options *options;
	uv_loop_t loop;
	struct ending_signals signals;
	uv_timer_t patience; /* for clients that do not close, when ending */
	struct debugger_options debugging;
	struct algorithms algorithms;
	struct debugger *debugger;
	struct live live;
	struct rtt_control rtt; /* of it, for the monitor */
	struct clients clients;
	struct ports ports;
	struct share share;    /* with --share */
	struct tape *tape;     /* NULL: nothing is recorded, or played */
	struct served *served; /* of one that is played */
	struct reel *reel;
	struct recording recording;
	bool is_ending;
	bool is_debugger_ending;
	bool is_debugger_ended;
	enum cause cause; /* why it ends, when it could not serve */
	struct reason *why;
};

static enum cause
share_probe(struct server *server, struct reason *why)
{
	const struct options *options = server->options;
	enum cause cause;

	if (server->debugging.hands_over) {
		share_begin_local(&server->share, &server->loop, &server->clients);
		return CAUSE_NONE;
	}
	if (!options->is_shared)
		return CAUSE_NONE;
	cause = share_begin(&server->share, &server->loop, &server->clients, options->bind,
			    options->share_port, why);
	if (cause == CAUSE_NONE)
		log_print("Sharing the probe on port %u, %s", server->share.listener.port,
			  share_like(&server->share));
	return cause;
}

/* An IDE that starts another server has asked for SWO among many things: it gets the others. */
static enum cause
offer_trace(struct server *server, struct reason *why)
{
	const struct options *options = server->options;
	struct swo *swo = &server->live.swo;
	enum cause cause = swo_begin(swo, &options->swo, &server->loop, server->debugger,
				     options->bind, why);
	char line[REASON_LINE_MAX];

	/* That of the first port: of the only one, when a core was chosen. */
	swo_choose_core(swo, ports_first_core(&server->ports));
	if (cause == CAUSE_NONE && options->swo.has_port && options->persona == NULL)
		log_print("SWO on port %u", swo->outlet.listener.port);
	if (cause == CAUSE_NONE || options->persona == NULL)
		return cause;
	reason_line(why, line, sizeof(line));
	log_warning("server", "no SWO: %s", line);
	*why = (struct reason)REASON_INIT;
	return CAUSE_NONE;
}

static enum cause
start_rtt(void *context, uint32_t from, uint32_t size, struct reason *why)
{
	return rtt_start(context, from, size, why);
}

static void
stop_rtt(void *context)
{
	rtt_stop(context);
}

static enum cause
serve_rtt(void *context, unsigned channel, unsigned port, struct reason *why)
{
	return rtt_serve(context, channel, port, why);
}

static void
describe_rtt(void *context, struct text *lines)
{
	rtt_describe(context, lines);
}

/* Of the core of the first port, as trace. */
static enum cause
offer_rtt(struct server *server, struct reason *why)
{
	struct rtt *rtt = &server->live.rtt;
	enum cause cause;

	cause = rtt_begin(rtt, &server->options->rtt, &server->loop, server->debugger,
			  server->options->bind, why);
	rtt_choose_core(rtt, ports_first_core(&server->ports));
	server->rtt =
		(struct rtt_control){ start_rtt, stop_rtt, serve_rtt, describe_rtt, rtt };
	server->clients.rtt = &server->rtt;
	return cause;
}

static void
take_debugger_end(void *context)
{
	struct server *server = context;

	server->is_debugger_ended = true;
}

/* Clients are gone or have had their time. */
static void
end_debugger(struct server *server)
{
	if (server->is_debugger_ending)
		return;
	server->is_debugger_ending = true;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (server->clients.each[i] != NULL)
			client_end(server->clients.each[i], ENDED_BY_SERVER);
	share_end(&server->share);
	swo_end(&server->live.swo);
	rtt_end(&server->live.rtt);
	debugger_end(server->debugger, take_debugger_end, server);
}

static void
clients_timed_out(uv_timer_t *timer)
{
	struct server *server = timer->data;

	end_debugger(server);
	rsp_abandon(&server->clients);
}

static uint32_t
clients_ms(void)
{
	uint32_t left_ms = patience_ending_left_ms();

	if (left_ms < TARGET_MS)
		return 0;
	return left_ms - TARGET_MS < CLIENTS_MS ? left_ms - TARGET_MS : CLIENTS_MS;
}

static void
end(struct server *server)
{
	if (server->is_ending) {
		clients_timed_out(&server->patience);
		if (!server->is_debugger_ended)
			debugger_end(server->debugger, take_debugger_end, server);
		return;
	}
	server->is_ending = true;
	tape_end(server->tape);
	if (ports_first(&server->ports) != 0)
		persona_ending(server->options);
	patience_end();
	ports_end(&server->ports);
	uv_timer_start(&server->patience, clients_timed_out, clients_ms(), 0);
	uv_unref((uv_handle_t *)&server->patience);
	rsp_end(&server->clients);
	if (clients_served(&server->clients) == 0)
		end_debugger(server);
}

static void
take_client_end(void *context)
{
	struct server *server = context;

	if (clients_served(&server->clients) > 0)
		return;
	if (server->is_ending)
		end_debugger(server);
	else if (server->options->once &&
		 !(server->options->extended_stays && server->clients.was_extended))
		end(server);
}

static void
take_client(void *context)
{
	const struct server *server = context;

	persona_connected(server->options);
}

static void
end_as_asked(void *context)
{
	end(context);
}

static void
take_signal(void *context, int number)
{
	struct server *server = context;

	if (!server->is_ending)
		log_info("server", "ending on signal %d", number);
	end(server);
}

static void
fail(struct server *server, enum cause cause)
{
	server->cause = cause;
	end(server);
}

/* A client that connects now gets the reason, and is served as soon as the board is there. The
 * ready line comes all the same: an IDE connects when it sees that. */
static void
take_missing(void *context, const struct reason *why)
{
	struct server *server = context;
	char words[REASON_SPACE + REASON_LINE_MAX];
	enum cause cause;

	if (ending_signals_caught())
		return;
	reason_text(why, words, sizeof(words));
	words[strlen(words) - 1] = '\0'; /* the last newline */
	log_warning("server", "%s", words);
	cause = ports_open_early(&server->ports, server->why);
	if (cause != CAUSE_NONE)
		fail(server, cause);
}

/* From here on clients may come. */
static void
open_ports(struct server *server)
{
	enum cause cause = ports_open(&server->ports, server->why);

	if (cause == CAUSE_NONE)
		cause = share_probe(server, server->why);
	if (cause == CAUSE_NONE)
		cause = offer_trace(server, server->why);
	if (cause == CAUSE_NONE)
		cause = offer_rtt(server, server->why);
	if (cause != CAUSE_NONE)
		fail(server, cause);
	else
		persona_listening(server->options, ports_first(&server->ports));
}

static void
was_reset(void *context, enum cause cause, const struct reason *why)
{
	struct server *server = context;

	if (server->is_ending)
		return;
	if (cause == CAUSE_NONE) {
		log_info("server", "the target was reset, as %s does when it starts",
			 server->options->persona->name);
		open_ports(server);
		return;
	}
	*server->why = *why;
	fail(server, cause);
}

static enum cause
reset_first(struct server *server, struct reason *why)
{
	struct board *board = debugger_board(server->debugger);
	enum cause cause = board_begin(board, board_reset(board, true, NULL),
				       CLAIM_EVERYTHING, server, was_reset, server, why);

	debugger_wake(server->debugger);
	return cause;
}

/* A start that a signal has cut short has not failed. */
static void
take_board(void *context, enum cause cause, const struct reason *why)
{
	struct server *server = context;

	if (cause != CAUSE_NONE && ending_signals_caught()) {
		ending_signals_serve(&server->signals);
		return;
	}
	if (cause != CAUSE_NONE)
		*server->why = *why;
	else if (server->options->resets)
		cause = reset_first(server, server->why);
	else
		open_ports(server);
	if (cause != CAUSE_NONE)
		fail(server, cause);
}

/* Others have the chip's other cores. */
static void
join_others(struct debugger_options *debugging, const struct options *options)
{
	debugging->hands_over = probe_is_shared_spec(options->probe);
	if (!debugging->hands_over)
		return;
	debugging->board.only_core = options->core;
	debugging->board.has_only_port = options->has_core_port;
	debugging->board.only_port = options->core_port;
}

static void
hear_loss(const struct board_event *event, void *context)
{
	struct server *server = context;

	if (event->kind == EVENT_LOST)
		recording_keep(&server->recording);
}

static struct clock *
clock_of(const struct server *server)
{
	return server->tape != NULL ? tape_clock(server->tape) : clock_host();
}

static enum cause
make_debugger(struct server *server, struct reason *why)
{
	const struct options *options = server->options;
	enum cause cause;

	server->debugging = (struct debugger_options){ .probe = options->probe,
						       .waits = options->wait,
						       .any_client = options->any_client,
						       .board = options->board,
						       .tape = server->tape };
	join_others(&server->debugging, options);
	cause = algorithms_read(&server->algorithms, options, &server->debugging.board,
				why);
	if (cause == CAUSE_NONE)
		cause = live_begin(&server->live, clock_of(server), server->tape,
				   options->folder, why);
	if (cause == CAUSE_NONE && server->reel != NULL &&
	    !recording_begin(&server->recording, &server->loop, server->reel))
		cause = reason_begin(why, CAUSE_HOST, "no memory for a recording");
	if (cause == CAUSE_NONE)
		cause = debugger_new(&server->loop, &server->debugging, clock_of(server),
				     &server->debugger, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	recording_close(&server->recording);
	uv_run(&server->loop, UV_RUN_DEFAULT);
	return cause;
}

static void
make_clients(struct server *server)
{
	rsp_init(&server->clients, &server->loop, clock_of(server), server->debugger);
	server->clients.turns.tape = server->tape;
	server->clients.recording = &server->recording;
	server->clients.monitor = monitor_commands;
	server->clients.opened = take_client;
	server->clients.ended = take_client_end;
	server->clients.end = end_as_asked;
	server->clients.context = server;
}

static void
make_ports(struct server *server)
{
	server->ports = (struct ports){ .options = server->options,
					.loop = &server->loop,
					.board = debugger_board(server->debugger),
					.clients = &server->clients,
					.tape = server->tape };
}

/* Of a session that is played the signals are the player's, and nothing of it is kept. */
static void
watch(struct server *server)
{
	if (tape_is_played(server->tape))
		return;
	server->signals =
		(struct ending_signals){ .asked = take_signal, .context = server };
	ending_signals_watch(&server->signals, &server->loop);
	if (!board_listen(debugger_board(server->debugger), hear_loss, server))
		log_error("server", "the board has too many listeners");
}

static enum cause
begin(struct server *server, struct reason *why)
{
	const struct options *options = server->options;
	enum cause cause = make_debugger(server, why);

	if (cause != CAUSE_NONE)
		return cause;
	live_serve(&server->live, server->debugger);
	make_clients(server);
	make_ports(server);
	uv_timer_init(&server->loop, &server->patience);
	server->patience.data = server;
	watch(server);
	if (!options->once && !options->wait && options->persona == NULL)
		debugger_on_missing(server->debugger, take_missing);
	debugger_begin(server->debugger, take_board, server);
	return CAUSE_NONE;
}

/* All is ended but what watches. */
static void
close_handles(struct server *server)
{
	ending_signals_end(&server->signals);
	uv_close((uv_handle_t *)&server->patience, NULL);
	recording_close(&server->recording);
	rsp_abandon(&server->clients);
	rsp_close(&server->clients);
	debugger_free(server->debugger);
	uv_run(&server->loop, UV_RUN_DEFAULT);
}

static bool
play_event(struct server *server, const struct tape_event *event)
{
	if (strcmp(event->name, "swo") == 0)
		return swo_play(&server->live.swo);
	if (text_begins(event->name, "rtt"))
		return rtt_play(&server->live.rtt, event);
	if (strcmp(event->name, "turn") != 0)
		return rsp_play(&server->clients, &server->loop, event);
	debugger_take_turn(server->debugger);
	return true;
}

/* In the place of the loop, which only closes handles in the end. */
static void
play(struct server *server)
{
	struct tape_event *event = malloc(sizeof(*event));

	if (event == NULL)
		log_error("server", "no memory for a replay");
	while (event != NULL && tape_next(server->tape, event)) {
		server->served->events++;
		if (server->is_ending || !play_event(server, event))
			tape_refuse(server->tape, event);
	}
	free(event);
	server->served->clients = server->clients.accepted;
	/* A session that was cut off has not ended them; their handles are in the loop. */
	swo_end(&server->live.swo);
	rtt_end(&server->live.rtt);
}

static enum cause
run(struct server *server, struct reason *why)
{
	int status = uv_loop_init(&server->loop);
	enum cause cause;

	if (status != 0)
		return reason_begin(why, CAUSE_HOST, "no event loop: %s",
				    uv_strerror(status));
	cause = begin(server, why);
	if (cause == CAUSE_NONE) {
		if (tape_is_played(server->tape))
			play(server);
		else
			uv_run(&server->loop, UV_RUN_DEFAULT);
		close_handles(server);
		cause = server->cause;
	}
	status = uv_loop_close(&server->loop);
	if (status != 0)
		log_debug("server", "closing the event loop: %s", uv_strerror(status));
	return cause;
}

enum cause
server_run(const struct options *options, const struct serving *serving, struct reason *why)
{
	struct server *server = calloc(1, sizeof(*server));
	enum cause cause;

	if (server == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for the server");
	server->options = options;
	server->why = why;
	server->tape = serving->tape;
	server->served = serving->served;
	server->reel = serving->reel;
	server->recording = (struct recording){ .tape = serving->tape,
						.heads = serving->heads,
						.keep = options->keep,
						.is_by_option = options->record != NULL };
	cause = run(server, why);
	live_end(&server->live);
	algorithms_free(&server->algorithms);
	free(server);
	return cause;
}
