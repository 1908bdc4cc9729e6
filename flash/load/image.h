/* SPDX-License-Identifier: MIT */
/*
 * image.h - bytes with addresses, collected in any order: what is to be in flash.
 *
 * Kept as sorted runs that do not touch; a byte given twice keeps the later
 * value. Bounded: at most IMAGE_MAX_BYTES in IMAGE_MAX_RUNS runs.
 */
#ifndef FLASH_LOAD_IMAGE_H
#define FLASH_LOAD_IMAGE_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IMAGE_MAX_BYTES = 16 * 1024 * 1024, IMAGE_MAX_RUNS = 1024 };

struct image_run {
	uint32_t at, size;
	uint8_t *bytes;
};

struct image {
	struct image_run *runs;
	size_t len, capacity;
	uint64_t bytes_total;
	/* Of the chips that a UF2 file says it is for; 0: it does not. */
	uint32_t uf2_family;
	bool is_placed; /* a file of it has no addresses of its own */
};

void image_init(struct image *image);
void image_clear(struct image *image); /* frees; the image is empty again */
/* CAUSE_HOST: no memory; CAUSE_REQUEST: over a bound, or past 2^32. */
enum cause image_add(struct image *image, uint32_t at, const uint8_t *bytes, uint32_t size,
		     struct reason *why);
/* The same of bytes that must not be given twice. CAUSE_REQUEST: one that the image has already has
 * another value there. */
enum cause image_add_new(struct image *image, uint32_t at, const uint8_t *bytes,
			 uint32_t size, struct reason *why);
/* Copies what the image holds of [at, at + size) over `bytes`; returns how many bytes. */
uint32_t
image_overlay(const struct image *image, uint32_t at, uint8_t *bytes, uint32_t size);
bool image_touches(const struct image *image, uint32_t at, uint32_t size);

/* A range that begins and ends at multiples of a programming unit. */
struct image_piece {
	uint32_t at, size;
};
/* The first piece at or behind `from` that the image has bytes in, whole units of `align`
 * bytes without a gap of a unit or more, ending at the next multiple of `max` at the
 * latest. Both are powers of two. False when there is none. */
bool image_next_piece(const struct image *image, uint64_t from, uint32_t align,
		      uint32_t max, struct image_piece *piece);

#endif /* FLASH_LOAD_IMAGE_H */
