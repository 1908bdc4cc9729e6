/* SPDX-License-Identifier: MIT */
/*
 * line.h - a program's text as it comes, a few bytes at a time, until a line of it is whole.
 */
#ifndef SERVER_LIVE_LINE_H
#define SERVER_LIVE_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { LIVE_LINE_MAX = 255 };

struct live_line {
	size_t len;
	char chars[LIVE_LINE_MAX + 1]; /* terminated while it is whole */
};

/* True: the line is whole - it has ended, or has no more room - and the next byte begins another.
 * What ends it, carriage returns and zeros are left out. */
static inline bool
live_line_add(struct live_line *line, char c)
{
	if (c != '\n' && c != '\r' && c != '\0')
		line->chars[line->len++] = c;
	if (c != '\n' && line->len < LIVE_LINE_MAX)
		return false;
	line->chars[line->len] = '\0';
	line->len = 0;
	return true;
}

#endif /* SERVER_LIVE_LINE_H */
