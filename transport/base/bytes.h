/* SPDX-License-Identifier: MIT */
/*
 * bytes.h - numbers in byte streams, hexadecimal digits, small arithmetic.
 */
#ifndef TRANSPORT_BASE_BYTES_H
#define TRANSPORT_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t
le16_get(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t
le32_get(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static inline void
le16_put(uint8_t *bytes, uint16_t value)
{
	bytes[0] = (uint8_t)value;
	bytes[1] = (uint8_t)(value >> 8);
}

static inline void
le32_put(uint8_t *bytes, uint32_t value)
{
	bytes[0] = (uint8_t)value;
	bytes[1] = (uint8_t)(value >> 8);
	bytes[2] = (uint8_t)(value >> 16);
	bytes[3] = (uint8_t)(value >> 24);
}

/* The words of a structure that has nothing else in it; `size` is its size in bytes. */
void le32_put_words(uint8_t *bytes, const void *words, size_t size);

/* With how many zeros they begin; `size`: there is nothing else. */
static inline uint32_t
zeros_before(const uint8_t *bytes, uint32_t size)
{
	uint32_t zeros = 0;

	while (zeros < size && bytes[zeros] == 0)
		zeros++;
	return zeros;
}

static inline bool
is_all_zero(const uint8_t *bytes, uint32_t size)
{
	return zeros_before(bytes, size) == size;
}

/* `alignment` is a power of two. */
static inline uint32_t
align_down(uint32_t value, uint32_t alignment)
{
	return value & ~(alignment - 1);
}

/* Is [at, at + size) inside [base, base + length)? Right for ranges that end at 2^32, and
 * for sizes that would wrap. */
static inline bool
range_contains(uint32_t base, uint64_t length, uint32_t at, uint64_t size)
{
	return at >= base && (uint64_t)at + size <= (uint64_t)base + length;
}

/* 0 to 15, or -1 when `c` is no hexadecimal digit. */
int hex_digit(char c);
/* Writes 2 * size digits and a terminator; lower case. */
void hex_encode(char *out, const uint8_t *bytes, size_t size);
/* Reads 2 * size digits. False when one of them is no digit. */
bool hex_decode(uint8_t *out, const char *digits, size_t size);

/* The structure that has `member` at `pointer`. */
#define container_of(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#define array_len(array) (sizeof(array) / sizeof((array)[0]))
#define KIB(n)           ((uint32_t)(n)*1024u)

#endif /* TRANSPORT_BASE_BYTES_H */
