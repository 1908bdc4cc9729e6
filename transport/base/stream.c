/* SPDX-License-Identifier: MIT */
#include "transport/base/stream.h"

#include "transport/base/text.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* As much as goes at once; how much that was. */
static size_t
put(struct stream *stream, const char *bytes, size_t size, int wait_ms)
{
	size_t done = 0;

	while (done < size) {
		long written =
			host_output_write(&stream->output, bytes + done, size - done);

		if (written > 0)
			done += (size_t)written;
		else if (errno == EAGAIN && wait_ms > 0 &&
			 host_output_wait(&stream->output, wait_ms))
			wait_ms = 0;
		else if (errno != EINTR)
			break;
	}
	if (done < size)
		stream->error = errno;
	return done;
}

/* What could not be written of a line of which the beginning was. */
static bool
put_rest(struct stream *stream, int wait_ms)
{
	size_t done = put(stream, stream->rest, stream->rest_size, wait_ms);

	stream->rest_size -= done;
	memmove(stream->rest, stream->rest + done, stream->rest_size);
	return stream->rest_size == 0;
}

static void
add_count(const struct stream *stream, struct text *text)
{
	const char *name = stream->number == HOST_STDERR ? "stderr" : "stdout";

	if (stream->dropped == 0)
		return;
	text_add(text, "%" PRIu64 " line%s dropped because ", stream->dropped,
		 stream->dropped == 1 ? " was" : "s were");
	if (stream->error == EAGAIN)
		text_add(text, "nobody reads %s\n", name);
	else
		text_add(text, "%s could not be written: %s\n", name,
			 strerror(stream->error));
}

/* The count goes with the line, so that a pipe is not filled with counts. */
static bool
put_line(struct stream *stream, const char *line, size_t size, int wait_ms)
{
	char buffer[sizeof(stream->rest)];
	struct text text;
	size_t done;

	text_init(&text, buffer, sizeof(buffer));
	add_count(stream, &text);
	memcpy(buffer + text.used, line, size);
	size += text.used;
	done = put(stream, buffer, size, wait_ms);
	if (done == 0)
		return false;
	stream->rest_size = size - done;
	memcpy(stream->rest, buffer + done, stream->rest_size);
	stream->dropped = 0;
	return true;
}

bool
stream_write(struct stream *stream, const char *line, size_t size, int wait_ms)
{
	assert(size > 0 && size <= STREAM_LINE_MAX);
	if (!stream->is_open)
		host_output_open(&stream->output, stream->number);
	stream->is_open = true;
	if (put_rest(stream, wait_ms) && put_line(stream, line, size, wait_ms))
		return true;
	stream->dropped++;
	return false;
}
