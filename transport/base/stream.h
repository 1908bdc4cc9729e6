/* SPDX-License-Identifier: MIT */
/*
 * stream.h - lines for stdout or stderr, which never wait for who reads them.
 *
 * A pipe that an IDE does not drain, or a terminal that is held, must not stop the
 * server: a line that cannot be written at once is dropped and counted, and the count
 * is written when there is room again. A line is written whole or not at all, except
 * at the end of the process.
 *
 * The file itself stays as it is for other processes that have it open: O_NONBLOCK
 * would be theirs as well. A pipe or terminal is opened anew; where that is not
 * possible, each write is asked about before, and is small.
 */
#ifndef TRANSPORT_BASE_STREAM_H
#define TRANSPORT_BASE_STREAM_H

#include "transport/base/host.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STREAM_LINE_MAX = 12800, STREAM_COUNT_MAX = 160 };

struct stream {
	int number;   /* HOST_STDOUT or HOST_STDERR */
	bool is_open; /* `output` is known */
	struct host_output output;
	uint64_t dropped; /* lines, since the last count was written */
	int error;        /* why the last of them was dropped; EAGAIN: nobody reads */
	size_t rest_size; /* of a line that was written in part */
	char rest[STREAM_COUNT_MAX + STREAM_LINE_MAX];
};

/* Writes a line of at most STREAM_LINE_MAX bytes, its newline among them, or drops it. Waits
 * at most wait_ms; 0 inside a loop, more for last words. False when it was dropped. */
bool stream_write(struct stream *stream, const char *line, size_t size, int wait_ms);

#endif /* TRANSPORT_BASE_STREAM_H */
