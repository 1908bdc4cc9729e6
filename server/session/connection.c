/* SPDX-License-Identifier: MIT */
#include "server/session/connection.h"

#include "server/session/peer.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_JUNK = 64 * 1024,
	MAX_BAD_CHECKSUMS = 64,
	/* A client that does not read gets no more replies beyond the first, and is ended
	 * beyond the second, which only console text comes to. */
	ENOUGH_UNSENT = 256 * 1024,
	MAX_UNSENT = 4 * 1024 * 1024,
	KEEPALIVE_S = 10,
	PULSE_MS = 1000,
	NOTIFICATION_MAX = 2048,
	DRAIN_STRANGER_MS = 1000
};

struct outgoing {
	uv_write_t request;
	size_t size;
	uint8_t bytes[];
};

static void take_turn(struct turn *turn);
static void drain(struct connection *connection);
static void offer_space(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer);
static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);

bool
connection_is_over(const struct connection *connection)
{
	return connection->phase >= CONNECTION_DRAINING;
}

uint64_t
connection_age_us(const struct connection *connection)
{
	return clock_now_us(connection->turns->clock) - connection->chronicle.begun_us;
}

static struct tape *
tape_of(const struct connection *connection)
{
	return connection->turns->tape;
}

static bool
is_played(const struct connection *connection)
{
	return tape_is_played(tape_of(connection));
}

static void
note_asked(struct connection *connection)
{
	connection->asked_us = clock_now_us(connection->turns->clock);
}

uint64_t
connection_asked_us(const struct connection *connection)
{
	return connection->asked_us;
}

bool
connection_is_hung_up(const struct connection *connection)
{
	return connection->is_closed_there ||
	       tape_number(tape_of(connection), "hung_up",
			   !is_played(connection) && peer_has_closed(&connection->tcp)) !=
		       0;
}

void
connection_end(struct connection *connection, enum ender ender)
{
	if (connection_is_over(connection))
		return;
	/* First, since what hears of the end may end all others, and this one again. */
	connection->phase = CONNECTION_DRAINING;
	connection->ops->ended(connection, ender);
	drain(connection);
}

static void
on_closed(uv_handle_t *handle)
{
	struct connection *connection = handle->data;

	if (--connection->handles > 0)
		return;
	if (connection->is_begun)
		tape_do(tape_of(connection), "freed", connection->id, "");
	connection->ops->freed(connection);
}

void
connection_abandon(struct connection *connection)
{
	connection_end(connection, ENDED_BY_SERVER);
	if (connection->phase == CONNECTION_CLOSING)
		return;
	connection->phase = CONNECTION_CLOSING;
	turn_withdraw(&connection->turn);
	uv_close((uv_handle_t *)&connection->tcp, on_closed);
	uv_close((uv_handle_t *)&connection->timer, on_closed);
}

static enum ender
ender_of(const struct connection *connection, ssize_t status)
{
	if (connection->is_closed_there || status == UV_EOF)
		return ENDED_BY_CLOSE;
	return status == UV_ETIMEDOUT ? ENDED_BY_TIMEOUT : ENDED_BY_RESET;
}

static void
end_drain(struct connection *connection)
{
	tape_do(tape_of(connection), "drained", connection->id, "");
	connection_abandon(connection);
}

static void
on_shutdown(uv_shutdown_t *request, int status)
{
	struct connection *connection = request->handle->data;

	free(request);
	if (status != 0 || connection->is_closed_there)
		end_drain(connection);
}

static void
drain_timed_out(uv_timer_t *timer)
{
	end_drain(timer->data);
}

/* False: the client is gone already, or there is no memory to wait for it. */
static bool
send_fin(struct connection *connection)
{
	uv_shutdown_t *request;

	if (is_played(connection))
		return true;
	request = malloc(sizeof(*request));
	if (request != NULL &&
	    uv_shutdown(request, (uv_stream_t *)&connection->tcp, on_shutdown) == 0)
		return true;
	free(request);
	return false;
}

static void
drain(struct connection *connection)
{
	uv_stream_t *stream = (uv_stream_t *)&connection->tcp;

	connection->input.at = connection->input.len = 0;
	turn_withdraw(&connection->turn);
	uv_timer_stop(&connection->timer);
	if (!connection->is_reading && !connection->is_closed_there)
		uv_read_start(stream, offer_space, on_read);
	/* gdb 16 hangs when it is idle and its connection goes: it is waited for. */
	if (connection->chronicle.packets_in == 0)
		uv_timer_start(&connection->timer, drain_timed_out, DRAIN_STRANGER_MS, 0);
	if (tape_number(tape_of(connection), "fin", send_fin(connection)) == 0)
		connection_abandon(connection);
}

static void
ask_turn(struct connection *connection)
{
	if (!connection_is_over(connection))
		turn_ask(connection->turns, &connection->turn);
}

static void
take_written(struct connection *connection, size_t size, int status)
{
	char words[TAPE_WORDS_MAX];

	snprintf(words, sizeof(words), "%zu %d", size, -status);
	tape_do(tape_of(connection), "written", connection->id, words);
	connection->unsent -= size;
	if (status < 0 && status != UV_ECANCELED)
		connection_end(connection, ender_of(connection, status));
	else
		ask_turn(connection);
}

static void
on_written(uv_write_t *request, int status)
{
	struct outgoing *outgoing = container_of(request, struct outgoing, request);
	struct connection *connection = request->handle->data;
	size_t size = outgoing->size;

	free(outgoing);
	take_written(connection, size, status);
}

static void
write_out(struct connection *connection, struct outgoing *outgoing)
{
	uv_buf_t buffer = uv_buf_init((char *)outgoing->bytes, (unsigned)outgoing->size);

	if (uv_write(&outgoing->request, (uv_stream_t *)&connection->tcp, &buffer, 1,
		     on_written) == 0)
		connection->unsent += outgoing->size;
	else
		free(outgoing);
}

static void
send_bytes(struct connection *connection, const uint8_t *bytes, size_t size)
{
	struct outgoing *outgoing;

	if (connection_is_over(connection))
		return;
	if (connection->unsent > MAX_UNSENT) {
		connection_end(connection, ENDED_BY_SLOW_READING);
		connection_abandon(connection);
		return;
	}
	if (is_played(connection)) {
		connection->unsent += size;
		return;
	}
	outgoing = malloc(sizeof(*outgoing) + size);
	if (outgoing == NULL) {
		log_error("session", "no memory for a reply to %s", connection->peer);
		connection_end(connection, ENDED_BY_SERVER);
		return;
	}
	outgoing->size = size;
	memcpy(outgoing->bytes, bytes, size);
	write_out(connection, outgoing);
}

void
connection_send(struct connection *connection, const char *packet, size_t len)
{
	size_t size = packet_write(connection->wire, sizeof(connection->wire), packet, len);

	log_wire("rsp", "%s < %.*s", connection->peer, (int)len, packet);
	note_asked(connection);
	tape_say(tape_of(connection), connection->id, packet, len);
	chronicle_packet(&connection->chronicle, '<', packet, len);
	connection->unacked = connection->no_ack ? 0 : size;
	send_bytes(connection, connection->wire, size);
}

static void
send_notification(struct connection *connection, const char *words, size_t len)
{
	uint8_t wire[2 * NOTIFICATION_MAX + 4];
	size_t size = packet_write_notification(wire, sizeof(wire), words, len);

	assert(size > 0);
	send_bytes(connection, wire, size);
}

void
connection_notify(struct connection *connection, const char *words, size_t len)
{
	log_wire("rsp", "%s < %%%.*s", connection->peer, (int)len, words);
	tape_say(tape_of(connection), connection->id, words, len);
	chronicle_packet(&connection->chronicle, '<', words, len);
	send_notification(connection, words, len);
}

void
connection_send_keepalive(struct connection *connection)
{
	static const char word[] = "keepalive";

	send_notification(connection, word, sizeof(word) - 1);
}

static void
send_ack(struct connection *connection, char ack)
{
	if (!connection->no_ack)
		send_bytes(connection, (const uint8_t *)&ack, 1);
}

/* A packet that cannot be read; one that waits for its reply already gets none instead. */
static void
refuse_packet(struct connection *connection, const char *what)
{
	struct reason why = REASON_INIT;

	if (connection->is_held)
		return;
	reason_begin(&why, CAUSE_REQUEST, "%s", what);
	connection->ops->refused(connection, &why);
}

static void
take_bad_checksum(struct connection *connection)
{
	const struct packet_reader *reader = &connection->reader;
	char what[96];

	connection->chronicle.bad_checksums++;
	log_debug("session", "%s: checksum %02x, should be %02x", connection->peer,
		  reader->received, reader->computed);
	if (connection->chronicle.bad_checksums > MAX_BAD_CHECKSUMS) {
		connection_end(connection, ENDED_BY_GARBAGE);
		return;
	}
	send_ack(connection, '-');
	snprintf(what, sizeof(what), "a packet came with the checksum %02x instead of %02x",
		 reader->received, reader->computed);
	/* Without acknowledges the client does not send it again, and silence would count
	 * as success. */
	if (connection->no_ack)
		refuse_packet(connection, what);
}

static void
take_packet(struct connection *connection)
{
	const struct packet_reader *reader = &connection->reader;

	log_wire("rsp", "%s > %.*s", connection->peer, (int)reader->len, reader->data);
	chronicle_packet(&connection->chronicle, '>', reader->data, reader->len);
	send_ack(connection, '+');
	connection->has_packet = true;
	if (connection->phase != CONNECTION_SILENT)
		return;
	connection->phase = CONNECTION_OPEN;
	uv_timer_stop(&connection->timer);
	connection->ops->opened(connection);
}

/* Failure mode F6: without acknowledges gdb sends `-` for one thing alone, that its
 * remotetimeout is over (gdb 13.1 and 16.3, getpkt). Once for each packet. */
static void
note_impatience(struct connection *connection)
{
	const char *request = chronicle_last_request(&connection->chronicle);
	const struct finding_row *row = finding_row(FINDING_F6);

	if (connection->impatient_at == connection->chronicle.packets_in)
		return;
	connection->impatient_at = connection->chronicle.packets_in;
	connection->chronicle.impatience++;
	log_warning(
		"session",
		"%s: %s: the reply to \"%s\" took longer than its remotetimeout; try: %s",
		connection->peer, row->sentence, request, row->remedy);
}

/* An older reply sent again would be read as the answer to gdb's next packet. */
static void
take_nak(struct connection *connection)
{
	if (connection->no_ack)
		note_impatience(connection);
	else if (connection->unacked > 0)
		send_bytes(connection, connection->wire, connection->unacked);
}

static void
take_junk(struct connection *connection, const uint8_t *bytes, size_t len)
{
	struct chronicle *chronicle = &connection->chronicle;

	if (connection->phase == CONNECTION_SILENT) {
		/* Its first bytes show what it is, whatever they are here. */
		chronicle_junk(chronicle, bytes,
			       (size_t)(input_end(&connection->input) - bytes));
		connection_end(connection, ENDED_BY_STRANGER);
		return;
	}
	chronicle_junk(chronicle, bytes, len);
	if (chronicle->junk > MAX_JUNK)
		connection_end(connection, ENDED_BY_GARBAGE);
}

static bool
has_line_end(const struct packet_reader *reader)
{
	return memchr(reader->data, '\r', reader->len) != NULL ||
	       memchr(reader->data, '\n', reader->len) != NULL;
}

/* What has come behind a packet, up to the end of a line: gdb sends another packet, an
 * acknowledge or Ctrl-C, and a person at a terminal ends the line. */
static bool
has_foreign_byte_next(const struct connection *connection)
{
	return input_has_bytes(&connection->input) &&
	       strchr("$+-\x03\r\n", *input_next(&connection->input)) == NULL;
}

/* Before the first packet only acknowledges may come. A browser can be made to send "+",
 * "-" or "$" as the method of an HTTP request: then junk follows, or the packet that seems
 * to begin there has the ends of lines in it, or another `$`. */
static bool
is_stranger(const struct connection *connection, enum packet_event event)
{
	const struct packet_reader *reader = &connection->reader;

	if (connection->phase != CONNECTION_SILENT)
		return false;
	switch (event) {
	case PACKET_COMPLETE:
		if (has_foreign_byte_next(connection))
			return true;
		/* fall through */
	case PACKET_BAD_CHECKSUM:
	case PACKET_TOO_LONG:
	case PACKET_CUT_ESCAPE:
	case PACKET_NOTHING:
		return has_line_end(reader) || reader->junk > 0;
	default:
		return false;
	}
}

static void
take_event(struct connection *connection, enum packet_event event, const uint8_t *bytes,
	   size_t len)
{
	if (is_stranger(connection, event)) {
		take_junk(connection, bytes, len);
		return;
	}
	switch (event) {
	case PACKET_NOTHING:
		break;
	case PACKET_COMPLETE:
		take_packet(connection);
		break;
	case PACKET_ACK:
		connection->unacked = 0;
		break;
	case PACKET_NAK:
		take_nak(connection);
		break;
	case PACKET_BREAK:
		connection->ops->interrupt(connection);
		break;
	case PACKET_BAD_CHECKSUM:
		take_bad_checksum(connection);
		break;
	case PACKET_TOO_LONG:
		send_ack(connection, '+');
		refuse_packet(connection, "the packet is longer than the PacketSize that "
					  "this server announces");
		break;
	case PACKET_CUT_ESCAPE:
		send_ack(connection, '+');
		refuse_packet(connection, "the packet ends in an escape character (}) "
					  "without the byte that it escapes");
		break;
	case PACKET_JUNK:
		take_junk(connection, bytes, len);
		break;
	}
}

/* Reads up to the next event. */
static void
take_bytes(struct connection *connection)
{
	const uint8_t *from = input_next(&connection->input);
	size_t taken = 0;
	enum packet_event event = packet_read(&connection->reader, from,
					      input_size(&connection->input), &taken);

	connection->input.at += taken;
	take_event(connection, event, from, taken);
}

static bool
may_answer(const struct connection *connection)
{
	return !connection->is_held && connection->unsent < ENOUGH_UNSENT;
}

/* Takes input up to a packet, and that one unless it must wait. */
static void
take_next(struct connection *connection)
{
	while (!connection->has_packet && input_has_bytes(&connection->input) &&
	       !connection_is_over(connection))
		take_bytes(connection);
	if (connection_is_over(connection) || !connection->has_packet ||
	    !may_answer(connection))
		return;
	connection->has_packet = false;
	connection->ops->packet(connection, connection->reader.data,
				connection->reader.len);
}

static void
offer_space(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct connection *connection = handle->data;

	(void)suggested;
	buffer->base = (char *)input_end(&connection->input);
	buffer->len = input_space(&connection->input);
}

/* While packets are answered a client that sends faster is read no further than the buffer
 * goes. Behind a packet that waits for something, the end of the connection and Ctrl-C must
 * be seen: there a client that has filled the buffer is ended. */
static void
read_on(struct connection *connection)
{
	uv_stream_t *stream = (uv_stream_t *)&connection->tcp;
	bool has_space;

	input_compact(&connection->input);
	has_space = input_space(&connection->input) > 0;
	if (!has_space && connection->is_held) {
		connection_end(connection, ENDED_BY_WRITE_AHEAD);
		return;
	}
	if (connection->is_closed_there)
		return;
	if (has_space && !connection->is_reading)
		uv_read_start(stream, offer_space, on_read);
	else if (!has_space && connection->is_reading)
		uv_read_stop(stream);
	connection->is_reading = has_space;
}

/* What is to be done about the input as it is now. */
static void
handle_input(struct connection *connection)
{
	bool has_turn;

	if (connection->has_packet && connection->is_held &&
	    input_take_breaks(&connection->input))
		connection->ops->interrupt(connection);
	if (connection_is_over(connection))
		return;
	has_turn = connection->has_packet ? may_answer(connection)
					  : input_has_bytes(&connection->input);
	if (has_turn)
		ask_turn(connection);
	else if (connection->is_closed_there)
		connection_end(connection, ENDED_BY_CLOSE);
	if (!connection_is_over(connection))
		read_on(connection);
}

static void
take_turn(struct turn *turn)
{
	struct connection *connection = container_of(turn, struct connection, turn);

	if (connection_is_over(connection))
		return;
	take_next(connection);
	if (!connection_is_over(connection))
		handle_input(connection);
}

/* What came before the end is still answered, unless it waits for something: a client that
 * has gone would wait for ever. */
static void
take_end(struct connection *connection, ssize_t status)
{
	char words[TAPE_WORDS_MAX];

	snprintf(words, sizeof(words), "%d", -(int)status);
	tape_do(tape_of(connection), "end", connection->id, words);
	connection->is_closed_there = connection->is_closed_there || status == UV_EOF;
	uv_read_stop((uv_stream_t *)&connection->tcp);
	connection->is_reading = false;
	if (connection_is_over(connection))
		connection_abandon(connection);
	else if (status != UV_EOF || connection->is_held)
		connection_end(connection, ender_of(connection, status));
	else
		handle_input(connection);
}

static void
on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
	struct connection *connection = stream->data;

	(void)buffer;
	if (size == UV_EOF && peer_has_reset(&connection->tcp))
		size = UV_ECONNRESET;
	if (size < 0) {
		take_end(connection, size);
		return;
	}
	if (connection_is_over(connection))
		return;
	peer_acknowledge(&connection->tcp);
	tape_do_bytes(tape_of(connection), "read", connection->id,
		      input_end(&connection->input), (size_t)size);
	connection->input.len += (size_t)size;
	note_asked(connection);
	handle_input(connection);
}

static void
on_pulse(uv_timer_t *timer)
{
	struct connection *connection = timer->data;

	tape_do(tape_of(connection), "pulse", connection->id, "");
	connection->ops->pulse(connection);
}

void
connection_hold(struct connection *connection, bool is_slow)
{
	if (connection_is_over(connection))
		return;
	connection->is_held = true;
	if (is_slow)
		uv_timer_start(&connection->timer, on_pulse, PULSE_MS, PULSE_MS);
}

void
connection_release(struct connection *connection)
{
	if (connection_is_over(connection) || !connection->is_held)
		return;
	connection->is_held = false;
	uv_timer_stop(&connection->timer);
	ask_turn(connection);
}

static void
end_silence(uv_timer_t *timer)
{
	struct connection *connection = timer->data;

	tape_do(tape_of(connection), "silence", connection->id, "");
	connection_end(connection, ENDED_BY_SILENCE);
}

static void
begin(struct connection *connection, unsigned silence_ms)
{
	connection->is_begun = true;
	tape_do(tape_of(connection), "accept", connection->core, connection->peer);
	connection->chronicle.begun_us = clock_now_us(connection->turns->clock);
	uv_tcp_nodelay(&connection->tcp, 1);
	uv_tcp_keepalive(&connection->tcp, 1, KEEPALIVE_S);
	packet_reader_init(&connection->reader);
	connection->is_reading = true;
	uv_timer_start(&connection->timer, end_silence, silence_ms, 0);
	uv_read_start((uv_stream_t *)&connection->tcp, offer_space, on_read);
}

static void
set_up(struct connection *connection, const struct connection_ops *ops, struct turns *turns,
       uv_loop_t *loop)
{
	connection->ops = ops;
	connection->turns = turns;
	connection->turn.take = take_turn;
	connection->handles = 2;
	uv_tcp_init(loop, &connection->tcp);
	uv_timer_init(loop, &connection->timer);
	connection->tcp.data = connection->timer.data = connection;
}

bool
connection_accept(struct connection *connection, const struct connection_ops *ops,
		  struct turns *turns, uv_stream_t *listener, unsigned silence_ms)
{
	set_up(connection, ops, turns, listener->loop);
	/* A client that reset the connection before has no name, and nothing to say. */
	if (uv_accept(listener, (uv_stream_t *)&connection->tcp) != 0 ||
	    !peer_name(&connection->tcp, connection->peer, sizeof(connection->peer))) {
		log_debug("session",
			  "a client reset its connection before it was accepted");
		connection->phase = CONNECTION_DRAINING;
		connection_abandon(connection);
		return false;
	}
	begin(connection, silence_ms);
	return true;
}

/* --- played ----------------------------------------------------------------------------- */

void
connection_accept_played(struct connection *connection, const struct connection_ops *ops,
			 struct turns *turns, uv_loop_t *loop, const char *peer)
{
	set_up(connection, ops, turns, loop);
	text_copy(connection->peer, sizeof(connection->peer), peer);
	begin(connection, 0);
}

static bool
play_read(struct connection *connection, const struct tape_event *event)
{
	if (connection_is_over(connection) || event->len > input_space(&connection->input))
		return false;
	memcpy(input_end(&connection->input), event->bytes, event->len);
	connection->input.len += event->len;
	note_asked(connection);
	handle_input(connection);
	return true;
}

/* Errors of libuv are negative. */
static bool
play_end(struct connection *connection, const struct tape_event *event)
{
	unsigned long error = strtoul(event->words, NULL, 10);

	if (error == 0 || error > INT_MAX)
		return false;
	take_end(connection, -(ssize_t)error);
	return true;
}

static bool
play_written(struct connection *connection, const struct tape_event *event)
{
	char *end;
	unsigned long size = strtoul(event->words, &end, 10),
		      error = strtoul(end, NULL, 10);

	if (size > connection->unsent || error > INT_MAX)
		return false;
	take_written(connection, size, -(int)error);
	return true;
}

static bool
play_pulse(struct connection *connection, const struct tape_event *event)
{
	(void)event;
	if (!connection->is_held || connection_is_over(connection))
		return false;
	on_pulse(&connection->timer);
	return true;
}

static bool
play_silence(struct connection *connection, const struct tape_event *event)
{
	(void)event;
	end_silence(&connection->timer);
	return true;
}

static bool
play_drained(struct connection *connection, const struct tape_event *event)
{
	(void)event;
	if (!connection_is_over(connection))
		return false;
	end_drain(connection);
	return true;
}

bool
connection_play(struct connection *connection, const struct tape_event *event)
{
	static const struct {
		const char *name;
		bool (*play)(struct connection *connection, const struct tape_event *event);
	} rows[] = {
		{ "read", play_read },       { "end", play_end },
		{ "written", play_written }, { "pulse", play_pulse },
		{ "silence", play_silence }, { "drained", play_drained },
	};

	for (size_t i = 0; i < array_len(rows); i++)
		if (strcmp(event->name, rows[i].name) == 0)
			return rows[i].play(connection, event);
	return false;
}
