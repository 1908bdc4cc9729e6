/* SPDX-License-Identifier: MIT */
#include "transport/base/stream.h"

#include "transport/base/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An open file of our own, with flags of our own. Linux opens a pipe or a terminal anew by
 * its name in /proc; a socket has none to be opened by, and poll() does. A file on a disk
 * never waits for a reader and keeps its place. */
static void
stream_open(struct stream *stream)
{
	char path[sizeof("/proc/self/fd/2")] = "/proc/self/fd/";
	size_t len = strlen(path);
	struct stat file;
	int own;

	stream->is_open = true;
	stream->fd = stream->number;
	if (fstat(stream->number, &file) != 0 || S_ISREG(file.st_mode))
		return;
	path[len] = (char)('0' + stream->number);
	own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	stream->is_polled = own < 0;
	if (own >= 0)
		stream->fd = own;
}

static bool
has_room(const struct stream *stream, int wait_ms)
{
	struct pollfd wanted = { .fd = stream->fd, .events = POLLOUT };

	return poll(&wanted, 1, wait_ms) > 0 && (wanted.revents & POLLOUT) != 0;
}

/* As much as goes at once; how much that was. */
static size_t
put(struct stream *stream, const char *bytes, size_t size, int wait_ms)
{
	size_t done = 0;

	while (done < size) {
		size_t piece = size - done < PIPE_BUF ? size - done : PIPE_BUF;
		ssize_t written = -1;

		errno = EAGAIN;
		if (!stream->is_polled || has_room(stream, 0))
			written = write(stream->fd, bytes + done, piece);
		if (written > 0)
			done += (size_t)written;
		else if (errno == EAGAIN && wait_ms > 0 && has_room(stream, wait_ms))
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
	const char *name = stream->number == STDERR_FILENO ? "stderr" : "stdout";

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
		stream_open(stream);
	if (put_rest(stream, wait_ms) && put_line(stream, line, size, wait_ms))
		return true;
	stream->dropped++;
	return false;
}
