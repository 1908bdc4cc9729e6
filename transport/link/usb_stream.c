/* SPDX-License-Identifier: MIT */
#include "transport/base/bytes.h"
#include "transport/link/usb_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_DEPTH_MAX = 16, OUT_MS = 1000 };

/* One half of an exchange, as libusb knows it. */
struct half {
	struct libusb_transfer *transfer;
	int is_over; /* int: libusb waits for it */
	bool is_submitted;
};

struct exchange {
	struct half out, in;
	uint8_t *out_bytes, *in_bytes;
};

struct usb_stream {
	struct usb_device *device;
	struct usb_bulk bulk;
	size_t size;
	unsigned depth, first, len; /* a ring */
	struct exchange exchanges[STREAM_DEPTH_MAX];
};

static void LIBUSB_CALL
end_half(struct libusb_transfer *transfer)
{
	struct half *half = transfer->user_data;

	half->is_over = 1;
}

static void
free_exchange(struct exchange *exchange)
{
	libusb_free_transfer(exchange->out.transfer);
	libusb_free_transfer(exchange->in.transfer);
	free(exchange->out_bytes);
	free(exchange->in_bytes);
}

static bool
make_exchange(struct exchange *exchange, size_t size)
{
	exchange->out.transfer = libusb_alloc_transfer(0);
	exchange->in.transfer = libusb_alloc_transfer(0);
	exchange->out_bytes = malloc(size);
	exchange->in_bytes = malloc(size);
	return exchange->out.transfer != NULL && exchange->in.transfer != NULL &&
	       exchange->out_bytes != NULL && exchange->in_bytes != NULL;
}

enum cause
usb_stream_open(struct usb_device *device, const struct usb_bulk *bulk, unsigned depth,
		size_t size, struct usb_stream **stream, struct reason *why)
{
	struct usb_stream *opened = calloc(1, sizeof(*opened));
	bool is_made = opened != NULL;

	assert(depth > 0 && depth <= STREAM_DEPTH_MAX);
	for (unsigned i = 0; is_made && i < depth; i++)
		is_made = make_exchange(&opened->exchanges[i], size);
	if (!is_made) {
		for (unsigned i = 0; opened != NULL && i < depth; i++)
			free_exchange(&opened->exchanges[i]);
		free(opened);
		return reason_begin(why, CAUSE_HOST, "no memory for USB transfers");
	}
	opened->device = device;
	opened->bulk = *bulk;
	opened->size = size;
	opened->depth = depth;
	*stream = opened;
	return CAUSE_NONE;
}

/* LIBUSB_SUCCESS when it is over, however it ended. */
static int
await_half(struct usb_stream *stream, struct half *half, const struct patience *patience)
{
	static const int codes[] = { [PATIENCE_LEFT] = LIBUSB_SUCCESS,
				     [PATIENCE_TIMED_OUT] = LIBUSB_ERROR_TIMEOUT,
				     [PATIENCE_CUT] = USB_CUT };

	return !half->is_submitted ? LIBUSB_SUCCESS
				   : codes[usb_await(stream->device->context,
						     &half->is_over, patience)];
}

/* The memory of a transfer is the kernel's until the transfer is over, cancelled or not: so
 * this waits for as long as that takes, which is the next pass of libusb's loop. */
static void
end_now(struct usb_stream *stream, struct half *half)
{
	if (half->is_submitted && !half->is_over)
		usb_cancel(stream->device->context, half->transfer, &half->is_over);
	half->is_submitted = false;
}

static void
drop_first(struct usb_stream *stream)
{
	end_now(stream, &stream->exchanges[stream->first].out);
	end_now(stream, &stream->exchanges[stream->first].in);
	stream->first = (stream->first + 1) % stream->depth;
	stream->len--;
}

void
usb_stream_forget(struct usb_stream *stream)
{
	while (stream->len > 0)
		drop_first(stream);
}

void
usb_stream_close(struct usb_stream *stream)
{
	if (stream == NULL)
		return;
	usb_stream_forget(stream);
	for (unsigned i = 0; i < stream->depth; i++)
		free_exchange(&stream->exchanges[i]);
	free(stream);
}

static int
submit(struct usb_stream *stream, struct half *half, uint8_t endpoint, uint8_t *bytes,
       size_t size, unsigned timeout_ms)
{
	int code;

	libusb_fill_bulk_transfer(half->transfer, stream->device->handle, endpoint, bytes,
				  (int)size, end_half, half, timeout_ms);
	half->is_over = 0;
	code = libusb_submit_transfer(half->transfer);
	half->is_submitted = code == LIBUSB_SUCCESS;
	return code;
}

static struct exchange *
add_exchange(struct usb_stream *stream)
{
	struct exchange *next;

	assert(stream->depth > 0);
	if (stream->len == stream->depth)
		drop_first(stream);
	next = &stream->exchanges[(stream->first + stream->len) % stream->depth];
	stream->len++;
	return next;
}

static int
start_reading(struct usb_stream *stream, struct exchange *exchange)
{
	return submit(stream, &exchange->in, stream->bulk.endpoint_in, exchange->in_bytes,
		      stream->size, 0);
}

enum cause
usb_stream_send(struct usb_stream *stream, const uint8_t *bytes, size_t size,
		struct reason *why)
{
	struct exchange *next;
	int code;

	assert(size <= stream->size);
	if (patience_is_spent())
		return usb_explain(USB_CUT, stream->device->name, "sending to it", why);
	next = add_exchange(stream);
	memcpy(next->out_bytes, bytes, size);
	code = submit(stream, &next->out, stream->bulk.endpoint_out, next->out_bytes, size,
		      OUT_MS);
	if (code == LIBUSB_SUCCESS)
		code = start_reading(stream, next);
	if (code == LIBUSB_SUCCESS)
		return CAUSE_NONE;
	usb_stream_forget(stream);
	return usb_explain(code, stream->device->name, "sending to it", why);
}

/* Whether the request went out. */
static enum cause
await_sent(struct usb_stream *stream, struct half *out, const struct patience *patience,
	   struct reason *why)
{
	int code = await_half(stream, out, patience);

	if (code == LIBUSB_SUCCESS && out->is_submitted)
		code = usb_code_of(out->transfer->status);
	if (code == LIBUSB_SUCCESS)
		return CAUSE_NONE;
	if (code != LIBUSB_ERROR_TIMEOUT)
		usb_stream_forget(stream);
	return usb_explain(code, stream->device->name, "sending to it", why);
}

enum cause
usb_stream_receive(struct usb_stream *stream, uint8_t *bytes, size_t max, size_t *size,
		   uint32_t timeout_ms, struct reason *why)
{
	struct patience patience = patience_for_ms(timeout_ms);
	struct exchange *oldest;
	const char *name = stream->device->name;
	enum cause cause;
	int code = LIBUSB_SUCCESS;

	*size = 0;
	/* What was asked for before this program ran may come as well. */
	if (stream->len == 0)
		code = start_reading(stream, add_exchange(stream));
	oldest = &stream->exchanges[stream->first];
	if (code != LIBUSB_SUCCESS)
		return usb_explain(code, name, "receiving from it", why);
	cause = await_sent(stream, &oldest->out, &patience, why);
	if (cause != CAUSE_NONE)
		return cause;
	code = await_half(stream, &oldest->in, &patience);
	if (code != LIBUSB_SUCCESS)
		return usb_explain(code, name, "receiving from it", why);
	code = usb_code_of(oldest->in.transfer->status);
	*size = (size_t)oldest->in.transfer->actual_length;
	if (*size > max)
		*size = max;
	memcpy(bytes, oldest->in_bytes, *size);
	drop_first(stream);
	return code == LIBUSB_SUCCESS ? CAUSE_NONE
				      : usb_explain(code, name, "receiving from it", why);
}
