/* SPDX-License-Identifier: MIT */
/*
 * unpack_code.h - decodes one page (unpack.h). For the chip by unpack_mainline.c; for its test on this
 * computer as well.
 */
#ifndef FLASH_ALGORITHMS_UNPACK_CODE_H
#define FLASH_ALGORITHMS_UNPACK_CODE_H

#include "flash/algorithms/parameters.h"
#include "flash/algorithms/status.h"
#include "flash/algorithms/unpack.h"

#include <stdbool.h>
#include <stdint.h>

/* The range decoder. In registers throughout: each bit of the stream uses all of it, and a call that
 * loads and stores it takes half as long again. */
#ifdef __arm__
register uint32_t rc_range __asm__("r8");
register uint32_t rc_code __asm__("r9");
register const uint8_t *rc_in __asm__("r10");
register const uint8_t *rc_end __asm__("r11");
#else
static uint32_t rc_range, rc_code;
static const uint8_t *rc_in, *rc_end;
#endif

enum { RANGE_TOP = 1 << 24, PROBABILITY_BITS = 11, PROBABILITY_SHIFT = 5 };

/* Of a page the part that is unpacked next, to be at `at`, where `flash` shows: of what is before it
 * `window` bytes can be copied from. */
struct unpacked_page {
	struct unpacking *model;
	uint32_t at;
	const uint8_t *flash;
	uint32_t window;
	uint8_t *bytes;
	uint32_t size, done; /* of the part; */
	uint32_t left;       /* of the page, behind it */
	const struct parameters *chip;
	uint32_t status; /* not 0: it ends here */
};

/* Of who includes this. */
static uint32_t program_part(const struct unpacked_page *page);
static void feed(const struct unpacked_page *page);

/* Behind the end of the stream come zeros: what they make of it is not what was packed, and is noticed
 * at the end. */
static inline void
normalize(void)
{
	if (rc_range >= RANGE_TOP)
		return;
	rc_range <<= 8;
	rc_code <<= 8;
	if (rc_in < rc_end)
		rc_code |= *rc_in;
	rc_in++;
}

static inline __attribute__((always_inline)) uint32_t
decode_bit_here(uint16_t *probability)
{
	uint32_t p = *probability, bound;

	normalize();
	bound = (rc_range >> PROBABILITY_BITS) * p;
	if (rc_code < bound) {
		rc_range = bound;
		*probability = (uint16_t)(p + (((1u << PROBABILITY_BITS) - p) >>
					       PROBABILITY_SHIFT));
		return 0;
	}
	rc_range -= bound;
	rc_code -= bound;
	*probability = (uint16_t)(p - (p >> PROBABILITY_SHIFT));
	return 1;
}

static __attribute__((noinline)) uint32_t
decode_bit(uint16_t *probability)
{
	return decode_bit_here(probability);
}

static __attribute__((noinline)) uint32_t
decode_tree(uint16_t *probabilities, uint32_t limit)
{
	uint32_t symbol = 1;

	do
		symbol = symbol << 1 | decode_bit_here(probabilities + symbol);
	while (symbol < limit);
	return symbol - limit;
}

static __attribute__((noinline)) uint32_t
decode_reverse(uint16_t *probabilities, uint32_t bits)
{
	uint32_t symbol = 1, value = 0;

	for (uint32_t i = 0; i < bits; i++) {
		uint32_t bit = decode_bit(probabilities + symbol);

		symbol = symbol << 1 | bit;
		value |= bit << i;
	}
	return value;
}

static inline uint32_t
decode_direct(uint32_t bits)
{
	uint32_t value = 0;

	while (bits-- > 0) {
		normalize();
		rc_range >>= 1;
		value <<= 1;
		if (rc_code >= rc_range) {
			rc_code -= rc_range;
			value |= 1;
		}
	}
	return value;
}

static inline uint32_t
half_at(const uint8_t *at)
{
	return *(const uint16_t *)(const void *)at;
}

/* Of the window, so many bytes before the page, as it was packed: of a call the target. */
static __attribute__((noinline)) uint8_t
byte_of_window(const struct unpacked_page *page, uint32_t distance)
{
	uint32_t at = (page->at - distance) & ~1u, last = UNPACK_PART - 2;
	const uint8_t *byte = page->flash - distance, *half = byte - (distance & 1);
	uint32_t first = half_at(half), second = first, call;

	if (first < 0xf000)
		return *byte;
	if (first < 0xf800) {
		if ((at & last) == last)
			return *byte;
		second = half_at(half + 2);
	} else {
		if ((at & last) == 0 || page->at - at == page->window)
			return *byte;
		half -= 2;
		at -= 2;
		first = half_at(half);
	}
	if (!unpack_is_call(first, second))
		return *byte;
	call = unpack_moved_call(second << 16 | first, at >> 1);
	return (uint8_t)(call >> 8 * (uint32_t)(byte - half));
}

/* Targets become calls. */
static inline void
put_calls_back(const struct unpacked_page *page)
{
	for (uint32_t i = 0; i + 4 <= page->size; i += 2) {
		uint16_t *half = (uint16_t *)(void *)(page->bytes + i);
		uint32_t call;

		if (!unpack_is_call(half[0], half[1]))
			continue;
		call = unpack_moved_call((uint32_t)half[1] << 16 | half[0],
					 0 - ((page->at + i) >> 1));
		half[0] = (uint16_t)call;
		half[1] = (uint16_t)(call >> 16);
	}
}

static inline void
part_begin(struct unpacked_page *page)
{
	uint32_t size = UNPACK_PART - (page->at & (UNPACK_PART - 1));

	page->size = size < page->left ? size : page->left;
	page->left -= page->size;
	page->done = 0;
}

static __attribute__((noinline)) void
part_end(struct unpacked_page *page)
{
	uint32_t size = page->size;

	put_calls_back(page);
	page->status = program_part(page);
	page->at += size;
	page->flash += size;
	page->window += size;
	part_begin(page);
}

/* A part that is whole is programmed when the next begins. */
static __attribute__((noinline)) void
put_byte(struct unpacked_page *page, uint32_t byte)
{
	if (page->done == page->size)
		part_end(page);
	page->bytes[page->done++] = (uint8_t)byte;
}

/* So many bytes back, which the window is known to hold. */
static inline uint8_t
byte_before(const struct unpacked_page *page, uint32_t distance)
{
	if (distance > page->done)
		return byte_of_window(page, distance - page->done);
	return page->bytes[page->done - distance];
}

static inline bool
is_in_window(const struct unpacked_page *page, uint32_t distance)
{
	return distance != 0 && distance <= page->done + page->window;
}

static inline void
decode_literal(struct unpacked_page *page, uint16_t *probabilities)
{
	struct unpacking *model = page->model;
	uint32_t symbol = 1;

	if (model->state < 7) {
		symbol = decode_tree(probabilities, 0x100);
	} else {
		uint32_t offset = 0x100, match;

		if (!is_in_window(page, model->rep[0] + 1)) {
			page->status = ALGORITHM_DAMAGED;
			return;
		}
		match = byte_before(page, model->rep[0] + 1);
		do {
			uint32_t match_bit = (match <<= 1) & offset;
			uint32_t bit = decode_bit_here(probabilities + offset + match_bit +
						       symbol);

			symbol = symbol << 1 | bit;
			offset &= bit ? match_bit : ~match_bit;
		} while (symbol < 0x100);
	}
	put_byte(page, symbol);
	if (model->state < 4)
		model->state = 0;
	else
		model->state -= model->state < 10 ? 3 : 6;
}

static __attribute__((noinline)) uint32_t
decode_length(uint16_t *probabilities, uint32_t position)
{
	if (!decode_bit(probabilities))
		return decode_tree(probabilities + UNPACK_LEN_LOW + position * 8, 8);
	if (!decode_bit(probabilities + 1))
		return 8 + decode_tree(probabilities + UNPACK_LEN_MIDDLE + position * 8, 8);
	return 16 + decode_tree(probabilities + UNPACK_LEN_HIGH, 256);
}

static inline uint32_t
decode_distance(uint16_t *probabilities, uint32_t length)
{
	uint32_t slots = length < 3 ? length : 3, bits, distance;
	uint32_t slot = decode_tree(probabilities + UNPACK_SLOTS + slots * 64, 64);

	if (slot < 4)
		return slot;
	bits = (slot >> 1) - 1;
	distance = (2 | (slot & 1)) << bits;
	if (slot < 14)
		return distance +
		       decode_reverse(probabilities + UNPACK_DISTANCES + distance - slot,
				      bits);
	distance += decode_direct(bits - 4) << 4;
	return distance + decode_reverse(probabilities + UNPACK_ALIGN, 4);
}

/* Which of the last four distances it is, which becomes the first of them. */
static inline void
decode_rep(struct unpacking *model)
{
	uint16_t *probabilities = model->probabilities + model->state;
	uint32_t which = 1, distance;

	if (decode_bit(probabilities + UNPACK_IS_REP_G1))
		which = 2 + decode_bit(probabilities + UNPACK_IS_REP_G2);
	distance = model->rep[which];
	for (; which > 0; which--)
		model->rep[which] = model->rep[which - 1];
	model->rep[0] = distance;
}

/* Of a match the length; its distance is rep[0] afterwards. */
static inline uint32_t
decode_match(struct unpacking *model, uint32_t position)
{
	uint16_t *probabilities = model->probabilities;
	uint32_t state = model->state, length;

	if (!decode_bit(probabilities + UNPACK_IS_REP + state)) {
		for (uint32_t i = 3; i > 0; i--)
			model->rep[i] = model->rep[i - 1];
		model->state = state < 7 ? 7 : 10;
		length = decode_length(probabilities + UNPACK_MATCH_LEN, position);
		model->rep[0] = decode_distance(probabilities, length);
		return length + 2;
	}
	if (decode_bit(probabilities + UNPACK_IS_REP_G0 + state)) {
		decode_rep(model);
	} else if (!decode_bit(probabilities + UNPACK_IS_REP0_LONG +
			       state * UNPACK_POSITIONS + position)) {
		model->state = state < 7 ? 9 : 11;
		return 1;
	}
	model->state = state < 7 ? 8 : 11;
	return decode_length(probabilities + UNPACK_REP_LEN, position) + 2;
}

static inline void
copy_match(struct unpacked_page *page, uint32_t length)
{
	uint32_t distance = page->model->rep[0] + 1;

	if (!is_in_window(page, distance) || length > page->size - page->done + page->left)
		page->status = ALGORITHM_DAMAGED;
	for (; length > 0 && page->status == 0; length--)
		put_byte(page, byte_before(page, distance));
}

static inline void
decode_symbol(struct unpacked_page *page)
{
	struct unpacking *model = page->model;
	uint16_t *probabilities = model->probabilities;
	uint32_t at = page->window + page->done;
	uint32_t position = at & (UNPACK_POSITIONS - 1);

	if (decode_bit(probabilities + UNPACK_IS_MATCH + model->state * UNPACK_POSITIONS +
		       position))
		copy_match(page, decode_match(model, position));
	else
		decode_literal(page, probabilities + UNPACK_LITERAL +
					     (at & (UNPACK_LITERALS - 1)) * 0x300);
}

static inline void
unpack_reset(struct unpacking *model)
{
	model->state = 0;
	for (uint32_t i = 0; i < 4; i++)
		model->rep[i] = 0;
	for (uint32_t i = 0; i < UNPACK_PROBABILITIES; i++)
		model->probabilities[i] = 1 << (PROBABILITY_BITS - 1);
}

/* All of the page, of which all is left, from all of what was sent; else that is
 * not what was packed, and the last part is not programmed. */
static inline uint32_t
unpack_page(struct unpacked_page *page, const uint8_t *from, uint32_t from_size)
{
	rc_in = from;
	rc_end = from + from_size;
	rc_range = UINT32_MAX;
	rc_code = 0;
	for (uint32_t i = 0; i < 5; i++)
		rc_code = rc_code << 8 | *rc_in++;
	page->status = 0;
	part_begin(page);
	while (page->status == 0 && (page->done < page->size || page->left > 0)) {
		feed(page);
		decode_symbol(page);
	}
	normalize();
	/* Zeros fill the last word. */
	if (page->status == 0 &&
	    (rc_code != 0 || rc_in > rc_end || rc_end - rc_in >= (int)sizeof(uint32_t)))
		page->status = ALGORITHM_DAMAGED;
	if (page->status == 0)
		part_end(page);
	return page->status;
}

#endif /* FLASH_ALGORITHMS_UNPACK_CODE_H */
