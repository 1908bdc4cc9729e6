/* SPDX-License-Identifier: MIT */
/*
 * stream.c - a session's bytes: reading, acknowledging, sending, and an end that
 * loses nothing.
 */
#include "server/session/session.h"

#include "server/debug/run.h"
#include "server/rsp/commands.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	PACKET_BREAK_BYTE = 0x03,
	MAX_JUNK = 64 * 1024,
	MAX_BAD_CHECKSUMS = 64,
	KEEPALIVE_S = 10
};

struct outgoing {
	uv_write_t request;
	uint8_t bytes[];
};

static void
on_written(uv_write_t *request, int status)
{
	(void)status; /* what broke the connection is seen by the reader as well */
	free(container_of(request, struct outgoing, request));
}

static void
send_bytes(struct session *session, const uint8_t *bytes, size_t size)
{
	uv_stream_t *stream = (uv_stream_t *)&session->tcp;
	struct outgoing *outgoing;
	uv_buf_t buffer;

	if (session->is_over)
		return;
	if (uv_stream_get_write_queue_size(stream) > SESSION_MAX_UNSENT) {
		session_end(session, ENDED_BY_DEAFNESS);
		session_abandon(session);
		return;
	}
	outgoing = malloc(sizeof(*outgoing) + size);
	if (outgoing == NULL) {
		log_error("session", "no memory to answer %s", session->client);
		session_end(session, ENDED_BY_SERVER);
		return;
	}
	memcpy(outgoing->bytes, bytes, size);
	buffer = uv_buf_init((char *)outgoing->bytes, (unsigned)size);
	if (uv_write(&outgoing->request, stream, &buffer, 1, on_written) != 0)
		free(outgoing);
}

void
session_send_packet(struct session *session, const char *bytes, size_t len)
{
	size_t size = packet_write(session->wire, sizeof(session->wire), bytes, len);

	log_wire("rsp", "%s < %.*s", session->client, (int)len, bytes);
	chronicle_packet(&session->chronicle, '<', bytes, len);
	session->unacked = session->no_ack ? 0 : size;
	send_bytes(session, session->wire, size);
}

void
session_send_keepalive(struct session *session)
{
	static const char word[] = "keepalive";
	uint8_t wire[2 * sizeof(word) + 4];
	size_t size = packet_write_notification(wire, sizeof(wire), word, sizeof(word) - 1);

	send_bytes(session, wire, size);
}

static void
send_ack(struct session *session, char ack)
{
	if (!session->no_ack)
		send_bytes(session, (const uint8_t *)&ack, 1);
}

static void
refuse_packet(struct session *session, const char *what)
{
	struct reason why = REASON_INIT;

	if (session->waits_for != WAIT_NOTHING)
		return;
	reason_begin(&why, CAUSE_REQUEST, "%s", what);
	session_fail(session, DELIVER_CODE, &why);
}

static void
take_bad_checksum(struct session *session)
{
	const struct packet_reader *reader = &session->reader;
	char what[96];

	session->chronicle.bad_checksums++;
	log_debug("session", "%s: checksum %02x, should be %02x", session->client,
		  reader->received, reader->computed);
	if (session->chronicle.bad_checksums > MAX_BAD_CHECKSUMS) {
		session_end(session, ENDED_BY_GARBAGE);
		return;
	}
	send_ack(session, '-');
	snprintf(what, sizeof(what), "a packet came with the checksum %02x instead of %02x",
		 reader->received, reader->computed);
	/* Without acknowledges nobody sends it again, and silence would count as success.
	 */
	if (session->no_ack)
		refuse_packet(session, what);
}

static void
take_packet(struct session *session)
{
	const struct packet_reader *reader = &session->reader;

	log_wire("rsp", "%s > %.*s", session->client, (int)reader->len, reader->data);
	chronicle_packet(&session->chronicle, '>', reader->data, reader->len);
	send_ack(session, '+');
	session->has_packet = true;
}

/* gdb sends `-` after a timeout even in no-ack mode; an older reply sent again would be
 * read as the answer to its next packet. */
static void
take_nak(struct session *session)
{
	if (!session->no_ack && session->unacked > 0)
		send_bytes(session, session->wire, session->unacked);
}

static void
take_junk(struct session *session, const uint8_t *bytes, size_t len)
{
	struct chronicle *chronicle = &session->chronicle;

	chronicle_junk(chronicle, bytes, len);
	if (chronicle->junk > MAX_JUNK ||
	    (chronicle->packets_in == 0 && chronicle_is_stranger(chronicle)))
		session_end(session, ENDED_BY_GARBAGE);
}

static void
take_event(struct session *session, enum packet_event event, const uint8_t *bytes,
	   size_t len)
{
	switch (event) {
	case PACKET_NOTHING:
		break;
	case PACKET_COMPLETE:
		take_packet(session);
		break;
	case PACKET_ACK:
		session->unacked = 0;
		break;
	case PACKET_NAK:
		take_nak(session);
		break;
	case PACKET_BREAK:
		run_interrupt(session);
		break;
	case PACKET_BAD_CHECKSUM:
		take_bad_checksum(session);
		break;
	case PACKET_TOO_LONG:
		send_ack(session, '+');
		refuse_packet(session, "the packet is longer than the PacketSize that was "
				       "agreed upon");
		break;
	case PACKET_JUNK:
		take_junk(session, bytes, len);
		break;
	}
}

/* Reads up to the next event. */
static void
take_bytes(struct session *session)
{
	const uint8_t *from = session->input + session->input_at;
	size_t taken = 0;
	enum packet_event event = packet_read(
		&session->reader, from, session->input_len - session->input_at, &taken);

	session->input_at += taken;
	take_event(session, event, from, taken);
}

/* One packet or event. False when nothing is left that may be taken now. */
static bool
take_next(struct session *session)
{
	bool has_bytes = session->input_at < session->input_len;

	if (session->is_over)
		return false;
	if (session->has_packet && session->waits_for == WAIT_NOTHING) {
		session->has_packet = false;
		command_dispatch(session, session->reader.data, session->reader.len);
		return true;
	}
	if (!has_bytes)
		return false;
	if (!session->has_packet) {
		take_bytes(session);
		return true;
	}
	/* Behind a packet that is held only Ctrl-C is heard. */
	if (session->input[session->input_at] != PACKET_BREAK_BYTE)
		return false;
	session->input_at++;
	run_interrupt(session);
	return true;
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);

static void
offer_space(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct session *session = handle->data;

	(void)suggested;
	buffer->base = (char *)session->input + session->input_len;
	buffer->len = sizeof(session->input) - session->input_len;
}

/* A client that sends ahead while it waits is read no further than the buffer goes. */
static void
read_on(struct session *session)
{
	uv_stream_t *stream = (uv_stream_t *)&session->tcp;
	size_t left = session->input_len - session->input_at;
	bool has_space = left < sizeof(session->input);

	memmove(session->input, session->input + session->input_at, left);
	session->input_at = 0;
	session->input_len = left;
	if (has_space && !session->is_reading)
		uv_read_start(stream, offer_space, on_read);
	else if (!has_space && session->is_reading)
		uv_read_stop(stream);
	session->is_reading = has_space;
}

void
session_pump(struct session *session)
{
	if (session->is_pumping || session->is_over)
		return;
	session->is_pumping = true;
	while (take_next(session))
		;
	session->is_pumping = false;
	if (session->is_over)
		session->input_at = session->input_len = 0;
	else
		read_on(session);
}

static enum ender
ender_of(const struct session *session, ssize_t status)
{
	if (session->has_farewell)
		return session->farewell;
	return status == UV_EOF         ? ENDED_BY_CLOSE
	       : status == UV_ETIMEDOUT ? ENDED_BY_SILENCE
					: ENDED_BY_RESET;
}

static void
on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
	struct session *session = stream->data;

	(void)buffer;
	if (size < 0) {
		bool was_over = session->is_over;

		session->is_closed_there = true;
		uv_read_stop(stream);
		session->is_reading = false;
		if (!was_over)
			session_end(session, ender_of(session, size));
		else
			session_abandon(session);
		return;
	}
	if (session->is_over)
		return;
	session->input_len += (size_t)size;
	session_pump(session);
}

void
session_stream_begin(struct session *session)
{
	uv_tcp_nodelay(&session->tcp, 1);
	uv_tcp_keepalive(&session->tcp, 1, KEEPALIVE_S);
	packet_reader_init(&session->reader);
	session->is_reading = true;
	uv_read_start((uv_stream_t *)&session->tcp, offer_space, on_read);
}

static void
on_shutdown(uv_shutdown_t *request, int status)
{
	struct session *session = request->handle->data;

	free(request);
	if (status != 0 || session->is_closed_there)
		session_abandon(session);
}

void
session_stream_end(struct session *session)
{
	uv_stream_t *stream = (uv_stream_t *)&session->tcp;
	uv_shutdown_t *request = malloc(sizeof(*request));

	session->input_at = session->input_len = 0;
	if (!session->is_reading && !session->is_closed_there)
		uv_read_start(stream, offer_space, on_read);
	session->is_reading = true;
	if (request == NULL || uv_shutdown(request, stream, on_shutdown) != 0) {
		free(request);
		session_abandon(session);
	}
}

bool
session_is_hung_up(const struct session *session)
{
	uv_os_fd_t fd;
	uint8_t byte;
	ssize_t size;

	/* libuv's sockets do not block. */
	if (uv_fileno((const uv_handle_t *)&session->tcp, &fd) != 0)
		return true;
	size = recv(fd, &byte, sizeof(byte), MSG_PEEK);
	return size == 0 || (size < 0 && errno == ECONNRESET);
}
