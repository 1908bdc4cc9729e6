/* SPDX-License-Identifier: MIT */
/*
 * text.h - text put together piece by piece in a fixed buffer.
 *
 * The buffer is always terminated and never overrun; what does not fit is cut,
 * and `is_cut` says so. Nothing here can fail otherwise.
 */
#ifndef TRANSPORT_BASE_TEXT_H
#define TRANSPORT_BASE_TEXT_H

#include "transport/base/format.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For the plural: "s" but of one. */
static inline const char *
text_s(uint64_t count)
{
	return count == 1 ? "" : "s";
}

struct text {
	char *chars; /* belongs to the caller */
	size_t size; /* of the buffer, at least 1 */
	size_t used; /* without the terminator */
	bool is_cut;
};

/* An empty text in `buffer`. */
void text_init(struct text *text, char *buffer, size_t size);
void text_add(struct text *text, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* Fills `buffer` with one string, cut if need be. */
void text_copy(char *buffer, size_t size, const char *string);
void text_vadd(struct text *text, const char *fmt, va_list args) FORMAT_PRINTF(2, 0);

/* Does it begin with that? */
bool text_begins(const char *string, const char *beginning);
/* The same but for capitals? Letters are those of ASCII. */
bool text_is_like(const char *a, const char *b);
/* Does it begin with what is the same but for capitals? */
bool text_begins_like(const char *string, const char *beginning);

#endif /* TRANSPORT_BASE_TEXT_H */
