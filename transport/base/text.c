/* SPDX-License-Identifier: MIT */
#include "transport/base/text.h"

#include <assert.h>
#include <stdio.h>

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
