/* SPDX-License-Identifier: MIT */
#include "transport/base/text.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

void
text_init(struct text *text, char *buffer, size_t size)
{
	assert(size > 0);
	buffer[0] = '\0';
	*text = (struct text){ .chars = buffer, .size = size };
}

void
text_vadd(struct text *text, const char *fmt, va_list args)
{
	size_t space = text->size - text->used;
	int len = vsnprintf(text->chars + text->used, space, fmt, args);

	assert(len >= 0);
	if ((size_t)len < space) {
		text->used += (size_t)len;
	} else {
		text->used = text->size - 1;
		text->is_cut = true;
	}
}

void
text_add(struct text *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_vadd(text, fmt, args);
	va_end(args);
}

void
text_copy(char *buffer, size_t size, const char *string)
{
	struct text text;

	text_init(&text, buffer, size);
	text_add(&text, "%s", string);
}

bool
text_begins(const char *string, const char *beginning)
{
	return strncmp(string, beginning, strlen(beginning)) == 0;
}

/* How many characters they begin with that are the same but for capitals. */
static size_t
likeness(const char *a, const char *b)
{
	size_t len = 0;

	while (a[len] != '\0' &&
	       tolower((unsigned char)a[len]) == tolower((unsigned char)b[len]))
		len++;
	return len;
}

bool
text_is_like(const char *a, const char *b)
{
	size_t len = likeness(a, b);

	return a[len] == '\0' && b[len] == '\0';
}

bool
text_begins_like(const char *string, const char *beginning)
{
	return beginning[likeness(string, beginning)] == '\0';
}
