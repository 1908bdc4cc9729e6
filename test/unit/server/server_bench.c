/* SPDX-License-Identifier: MIT */
#include "test/unit/server/server_bench.h"

#include "server/monitor/monitor.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 3000, TURNS = 20 };

static void
keep_log(enum log_level level, const char *room, const char *text, void *context)
{
	struct bench *bench = context;
	size_t used = strlen(bench->log);

	(void)level;
	snprintf(bench->log + used, sizeof(bench->log) - used, "%s: %s\n", room, text);
}

/* The board goes by its probe's clock, which the test turns with this computer's. */
static void
turn_loop(struct bench *bench)
{
	uint64_t now_us = clock_now_us(clock_host());

	bench->fake.probe->now_us += now_us - bench->seen_us;
	bench->seen_us = now_us;
	uv_run(&bench->loop, UV_RUN_NOWAIT);
}

static void
take_client(struct listener *listener, uv_stream_t *stream)
{
	struct bench *bench = listener->context;

	rsp_accept(&bench->server, 0, stream);
}

static void
count_end(void *context)
{
	struct bench *bench = context;

	bench->ended++;
}

static void
note_debugger_end(void *context)
{
	struct bench *bench = context;

	bench->is_debugger_ended = true;
}

int
bench_set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct reason why = REASON_INIT;
	enum cause cause;

	assert(bench != NULL);
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < BENCH_CLIENTS; i++)
		bench->clients[i].fd = -1;
	log_set_sink(keep_log, bench);
	fake_board_new(&bench->fake);
	fake_board_connect(&bench->fake, CONNECT_ATTACH);
	log_set("info"); /* a fake board is for quiet tests */
	bench->seen_us = clock_now_us(clock_host());
	uv_loop_init(&bench->loop);
	cause = debugger_new(&bench->loop, &bench->options, clock_host(), &bench->debugger,
			     &why);
	assert(cause == CAUSE_NONE);
	debugger_adopt(bench->debugger, bench->fake.board);
	rsp_init(&bench->server, &bench->loop, clock_host(), bench->debugger);
	bench->server.monitor = monitor_commands;
	bench->server.ended = count_end;
	bench->server.context = bench;
	bench->listener = (struct listener){ .option = "--port",
					     .take = take_client,
					     .context = bench };
	cause = listener_begin(&bench->listener, &bench->loop, "127.0.0.1", 0, &why);
	if (cause != CAUSE_NONE)
		fprintf(stderr, "%s\n", reason_outermost(&why));
	assert(cause == CAUSE_NONE);
	*state = bench;
	return 0;
}

int
bench_tear_down(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < BENCH_CLIENTS; i++)
		bench_close(bench, i);
	listener_end(&bench->listener);
	rsp_abandon(&bench->server);
	debugger_end(bench->debugger, note_debugger_end, bench);
	while (!bench->is_debugger_ended)
		turn_loop(bench);
	debugger_free(bench->debugger);
	rsp_close(&bench->server);
	uv_run(&bench->loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&bench->loop) != 0)
		assert(!"all handles are closed");
	fake_core_free(bench->fake.core); /* the rest went with the debugger */
	log_set_sink(NULL, NULL);
	free(bench);
	return 0;
}

void
bench_connect(struct bench *bench, unsigned index)
{
	struct bench_client *client = &bench->clients[index];
	struct sockaddr_in where = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)bench->listener.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	memset(client, 0, sizeof(*client));
	packet_reader_init(&client->reader);
	client->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert(client->fd >= 0);
	if (connect(client->fd, (struct sockaddr *)&where, sizeof(where)) != 0)
		assert(!"the server listens");
	fcntl(client->fd, F_SETFL, O_NONBLOCK);
	bench_turn(bench);
}

const char *
bench_greet(struct bench *bench, unsigned client)
{
	bench_connect(bench, client);
	bench_ask(bench, client, "qSupported:multiprocess+;swbreak+;hwbreak+");
	bench_ask(bench, client, "vMustReplyEmpty");
	bench_ask(bench, client, "QStartNoAckMode");
	bench->clients[client].is_no_ack = true;
	return bench_ask(bench, client, "?");
}

void
bench_send_raw(struct bench *bench, unsigned client, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t sent = send(bench->clients[client].fd, bytes, size, MSG_NOSIGNAL);

		if (sent < 0 && errno != EAGAIN)
			return; /* closed: the reader will say so */
		if (sent > 0) {
			bytes += sent;
			size -= (size_t)sent;
		} else {
			bench_turn(bench);
		}
	}
}

void
bench_send(struct bench *bench, unsigned client, const char *packet)
{
	uint8_t wire[2 * BENCH_TEXT];
	size_t size = packet_write(wire, sizeof(wire), packet, strlen(packet));

	bench_send_raw(bench, client, (const char *)wire, size);
}

static bool
is_console(const struct packet_reader *reader)
{
	return reader->len > 1 && reader->len % 2 == 1 && reader->data[0] == 'O' &&
	       hex_digit(reader->data[1]) >= 0;
}

static void
add_console(struct bench_client *client)
{
	size_t used = strlen(client->console);
	size_t len = client->reader.len / 2;

	assert(used + len < sizeof(client->console));
	hex_decode((uint8_t *)client->console + used, client->reader.data + 1, len);
	client->console[used + len] = '\0';
}

/* True when the reply is there. */
static bool
take_event(struct bench *bench, unsigned index, enum packet_event event)
{
	struct bench_client *client = &bench->clients[index];

	client->naks += event == PACKET_NAK;
	if (event == PACKET_JUNK)
		client->keepalives++;
	if (event != PACKET_COMPLETE)
		return false;
	if (!client->is_no_ack)
		bench_send_raw(bench, index, "+", 1);
	if (is_console(&client->reader)) {
		add_console(client);
		return false;
	}
	memcpy(client->reply, client->reader.data, client->reader.len + 1);
	client->reply_len = client->reader.len;
	return true;
}

static void
receive(struct bench_client *client)
{
	ssize_t len;

	if (client->at < client->len)
		return;
	len = recv(client->fd, client->bytes, sizeof(client->bytes), 0);
	client->at = client->len = 0;
	if (len > 0)
		client->len = (size_t)len;
	client->is_closed = client->is_closed || len == 0;
	client->is_reset = client->is_reset || (len < 0 && errno != EAGAIN);
}

static bool
take_reply(struct bench *bench, unsigned index)
{
	struct bench_client *client = &bench->clients[index];

	receive(client);
	while (client->at < client->len) {
		size_t taken = 0;
		enum packet_event event =
			packet_read(&client->reader, client->bytes + client->at,
				    client->len - client->at, &taken);

		client->at += taken;
		if (take_event(bench, index, event))
			return true;
	}
	return false;
}

const char *
bench_await(struct bench *bench, unsigned index)
{
	struct bench_client *client = &bench->clients[index];
	struct deadline patience = deadline_in_ms(clock_host(), PATIENCE_MS);

	while (!deadline_is_over(&patience)) {
		turn_loop(bench);
		if (take_reply(bench, index))
			return client->reply;
		if (client->is_reset)
			return "(reset)";
		if (client->is_closed)
			return "(closed)";
	}
	return "(silence)";
}

const char *
bench_ask(struct bench *bench, unsigned client, const char *packet)
{
	bench->clients[client].console[0] = '\0';
	bench_send(bench, client, packet);
	return bench_await(bench, client);
}

const char *
bench_monitor(struct bench *bench, unsigned client, const char *words)
{
	char packet[1024] = "qRcmd,";

	assert(2 * strlen(words) + 7 < sizeof(packet));
	hex_encode(packet + strlen(packet), (const uint8_t *)words, strlen(words));
	return bench_ask(bench, client, packet);
}

void
bench_close(struct bench *bench, unsigned client)
{
	if (bench->clients[client].fd >= 0)
		close(bench->clients[client].fd);
	bench->clients[client].fd = -1;
}

void
bench_turn(struct bench *bench)
{
	for (unsigned i = 0; i < TURNS; i++)
		turn_loop(bench);
}

bool
bench_logs(struct bench *bench, const char *words)
{
	struct deadline patience = deadline_in_ms(clock_host(), PATIENCE_MS);

	while (strstr(bench->log, words) == NULL && !deadline_is_over(&patience))
		turn_loop(bench);
	if (strstr(bench->log, words) == NULL)
		fprintf(stderr, "the log has no \"%s\":\n%s", words, bench->log);
	return strstr(bench->log, words) != NULL;
}

struct client *
bench_client(struct bench *bench)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (bench->server.each[i] != NULL && client_has_view(bench->server.each[i]))
			return bench->server.each[i];
	return NULL;
}
