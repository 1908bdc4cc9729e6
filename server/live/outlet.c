/* SPDX-License-Identifier: MIT */
#include "server/live/outlet.h"

#include "server/session/peer.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <stdlib.h>
#include <string.h>

enum { UNSENT_MAX = 1024 * 1024 };

struct outlet_reader {
	struct outlet *outlet;
	uv_tcp_t tcp;
	char name[64];
	char piece[OUTLET_PIECE];
};

struct sent {
	uv_write_t write;
	char bytes[];
};

static void
free_reader(uv_handle_t *handle)
{
	free(handle->data);
}

static void
end_reader(struct outlet_reader *reader, const char *how)
{
	struct outlet *outlet = reader->outlet;

	for (size_t i = 0; i < OUTLET_READERS; i++)
		if (outlet->readers[i] == reader)
			outlet->readers[i] = NULL;
	if (uv_is_closing((uv_handle_t *)&reader->tcp))
		return;
	log_info("reader", "%s %s, and reads %s no longer", reader->name, how,
		 outlet->what);
	uv_close((uv_handle_t *)&reader->tcp, free_reader);
}

static void
offer_space(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct outlet_reader *reader = handle->data;

	(void)suggested;
	*buffer = uv_buf_init(reader->piece, sizeof(reader->piece));
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);

/* Nothing more is read of any: there is one place for what all of them send. */
static void
hold(struct outlet *outlet, bool is_held)
{
	outlet->is_held = is_held;
	for (size_t i = 0; i < OUTLET_READERS; i++) {
		struct outlet_reader *reader = outlet->readers[i];

		if (reader != NULL && is_held)
			uv_read_stop((uv_stream_t *)&reader->tcp);
		else if (reader != NULL)
			uv_read_start((uv_stream_t *)&reader->tcp, offer_space, on_read);
	}
}

static bool
has_place(const struct outlet *outlet)
{
	return OUTLET_WAITING - outlet->waiting_len >= OUTLET_PIECE;
}

/* In the order in which it came. */
static void
hear(struct outlet *outlet, const uint8_t *bytes, size_t len)
{
	if (!outlet->is_full) {
		outlet->is_full = !outlet->heard(outlet->context, bytes, len);
		return;
	}
	memcpy(outlet->waiting + outlet->waiting_len, bytes, len);
	outlet->waiting_len += len;
	if (!has_place(outlet))
		hold(outlet, true);
}

static void
on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
	struct outlet_reader *reader = stream->data;
	struct outlet *outlet = reader->outlet;

	if (size < 0) {
		end_reader(reader, "has closed its connection");
		return;
	}
	if (size > 0 && outlet->heard != NULL)
		hear(outlet, (const uint8_t *)buffer->base, (size_t)size);
}

void
outlet_go_on(struct outlet *outlet)
{
	outlet->is_full = false;
	while (!outlet->is_full && outlet->waiting_len > 0) {
		size_t len = outlet->waiting_len < OUTLET_PIECE ? outlet->waiting_len
								: OUTLET_PIECE;

		outlet->is_full = !outlet->heard(outlet->context, outlet->waiting, len);
		outlet->waiting_len -= len;
		memmove(outlet->waiting, outlet->waiting + len, outlet->waiting_len);
	}
	if (outlet->is_held && has_place(outlet))
		hold(outlet, false);
}

static void
on_written(uv_write_t *write, int status)
{
	struct outlet_reader *reader = write->handle->data;

	if (status < 0 && status != UV_ECANCELED)
		end_reader(reader, uv_strerror(status));
	free(container_of(write, struct sent, write));
}

/* One that does not read as fast as it comes has no use for what is older. */
static void
send_to(struct outlet_reader *reader, const uint8_t *bytes, size_t len)
{
	uv_stream_t *stream = (uv_stream_t *)&reader->tcp;
	struct sent *sent;
	uv_buf_t buffer;

	if (uv_stream_get_write_queue_size(stream) > UNSENT_MAX) {
		end_reader(reader, "does not read what it is sent");
		return;
	}
	sent = malloc(sizeof(*sent) + len);
	if (sent == NULL) {
		end_reader(reader, "cannot be sent more: this computer has no memory left");
		return;
	}
	memcpy(sent->bytes, bytes, len);
	buffer = uv_buf_init(sent->bytes, (unsigned)len);
	if (uv_write(&sent->write, stream, &buffer, 1, on_written) == 0)
		return;
	free(sent);
	end_reader(reader, "cannot be sent more");
}

void
outlet_send(struct outlet *outlet, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < OUTLET_READERS; i++)
		if (outlet->readers[i] != NULL)
			send_to(outlet->readers[i], bytes, len);
}

static void
accept_reader(struct listener *listener, uv_stream_t *stream)
{
	struct outlet *outlet = listener->context;
	struct outlet_reader *reader = calloc(1, sizeof(*reader));
	size_t place = 0;

	if (reader == NULL)
		return;
	reader->outlet = outlet;
	uv_tcp_init(outlet->loop, &reader->tcp);
	reader->tcp.data = reader;
	while (place < OUTLET_READERS && outlet->readers[place] != NULL)
		place++;
	if (uv_accept(stream, (uv_stream_t *)&reader->tcp) != 0) {
		uv_close((uv_handle_t *)&reader->tcp, free_reader);
		return;
	}
	peer_name(&reader->tcp, reader->name, sizeof(reader->name));
	if (place == OUTLET_READERS) {
		log_warning("reader", "%s is refused: %d programs read %s already",
			    reader->name, OUTLET_READERS, outlet->what);
		uv_close((uv_handle_t *)&reader->tcp, free_reader);
		return;
	}
	outlet->readers[place] = reader;
	log_info("reader", "%s reads %s", reader->name, outlet->what);
	hold(outlet, outlet->is_held);
}

enum cause
outlet_begin(struct outlet *outlet, uv_loop_t *loop, const char *option,
	     const char *address, unsigned port, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	outlet->loop = loop;
	outlet->listener = (struct listener){ .option = option,
					      .take = accept_reader,
					      .context = outlet };
	if (!tape_is_played(outlet->tape))
		cause = listener_begin(&outlet->listener, loop, address, port, why);
	outlet->listener.port = tape_number(
		outlet->tape, "outlet", cause == CAUSE_NONE ? outlet->listener.port : 0);
	if (cause == CAUSE_NONE && outlet->listener.port == 0)
		return reason_begin(why, CAUSE_HOST, "there was no port for %s",
				    outlet->what);
	return cause;
}

void
outlet_end(struct outlet *outlet)
{
	listener_end(&outlet->listener);
	for (size_t i = 0; i < OUTLET_READERS; i++)
		if (outlet->readers[i] != NULL)
			end_reader(outlet->readers[i],
				   "is closed: tether is shutting down");
}
