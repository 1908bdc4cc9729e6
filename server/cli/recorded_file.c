/* SPDX-License-Identifier: MIT */
#include "server/cli/recorded_file.h"

#include "transport/base/host.h"

#include <errno.h>
#include <string.h>

/* A packet is the longest thing in it (log.c, LOG_LINE_MAX); a block is what is read at once. */
enum { LINE_MAX_BYTES = 64 * 1024, BLOCK = 64 * 1024 };

static enum cause
refuse_kind(const char *path, int error, struct reason *why)
{
	if (error == EISDIR)
		return reason_begin(why, CAUSE_REQUEST, "%s is a folder, and no recording",
				    path);
	if (error == ENODEV)
		return reason_begin(why, CAUSE_REQUEST,
				    "%s is a device, a FIFO or a socket: a recording is "
				    "read more than once, and has to be a file",
				    path);
	return reason_begin(why, CAUSE_HOST, "%s cannot be read: %s", path,
			    strerror(error));
}

static enum cause
refuse_line(const char *path, unsigned long line, struct reason *why)
{
	if (line == 1)
		return reason_begin(why, CAUSE_REQUEST,
				    "%s is no recording: its first line has more than %d "
				    "characters",
				    path, LINE_MAX_BYTES);
	return reason_begin(why, CAUSE_REQUEST,
			    "line %lu of %s has more than %d characters, and no line of a "
			    "recording has: head -n %lu gives what stands before it",
			    line, path, LINE_MAX_BYTES, line - 1);
}

/* The number of the first line that is too long; 0: there is none. */
static unsigned long
find_long_line(FILE *file)
{
	char block[BLOCK];
	unsigned long line = 1;
	size_t size, len = 0;

	while ((size = fread(block, 1, sizeof(block), file)) > 0) {
		const char *at = block, *end = block + size, *newline;

		while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
			if (len + (size_t)(newline - at) > LINE_MAX_BYTES)
				return line;
			line++;
			len = 0;
			at = newline + 1;
		}
		len += (size_t)(end - at);
		if (len > LINE_MAX_BYTES)
			return line;
	}
	return 0;
}

static enum cause
check(FILE *file, const char *path, struct reason *why)
{
	unsigned long line;

	errno = 0;
	line = find_long_line(file);
	if (ferror(file) != 0)
		return refuse_kind(path, errno, why);
	rewind(file);
	return line == 0 ? CAUSE_NONE : refuse_line(path, line, why);
}

enum cause
recorded_file_open(FILE **file, const char *path, struct reason *why)
{
	enum cause cause;

	*file = host_file_look(path);
	if (*file == NULL)
		return refuse_kind(path, errno, why);
	cause = check(*file, path, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	fclose(*file);
	*file = NULL;
	return cause;
}
