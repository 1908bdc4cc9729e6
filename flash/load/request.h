/* SPDX-License-Identifier: MIT */
/*
 * request.h - what a client wants in flash, collected part by part until it asks for it to be
 * done: vFlashErase and vFlashWrite of gdb, a file of "tether flash".
 *
 * A part that fails is remembered. From then on the request stays failed, whatever is added
 * to it: load_begin() (load.h) reports the first failure instead of programming the rest, and
 * only then, or by load_request_clear(), is the request empty and good again. So no front end
 * can answer OK for a load of which a part was refused. (GDB manual, "Packets": vFlashDone.)
 *
 * gdb gives a load up at the first failure, without vFlashDone, and begins the next by the
 * same erases. So erasing what a failed request has asked to erase before starts it anew.
 */
#ifndef FLASH_LOAD_REQUEST_H
#define FLASH_LOAD_REQUEST_H

#include "flash/load/image.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct board;

struct load_range {
	uint32_t at, size; /* bytes */
};

enum { LOAD_MAX_RANGES = 64 };

/* Members are for this room; zero it, or use load_request_init(). */
struct load_request {
	struct image image;
	size_t ranges_len;
	/* To be erased, also where no image is. */
	struct load_range ranges[LOAD_MAX_RANGES];
	bool preserves; /* keep what shares a sector with the image */
	bool is_full;   /* erase and program also what the flash holds already */
	bool is_plain;  /* nothing travels compressed */
	bool is_quiet;  /* who asked prints the result: the log has it at debug */
	struct load_range refused; /* the erase that failed; size 0: none */
	struct reason failure;     /* CAUSE_NONE: no part has failed */
};

void load_request_init(struct load_request *request);
void load_request_clear(struct load_request *request); /* frees; it is empty again */
/* Has nothing been asked for, and has nothing failed? */
bool load_request_is_empty(const struct load_request *request);

/* Adds a range to be erased, with all of each sector it touches. It must lie in the flash of
 * `board`: CAUSE_REQUEST names the first address that does not and what is there, or says
 * that there are more than LOAD_MAX_RANGES ranges that do not touch; CAUSE_UNSUPPORTED: the
 * flash of this chip is not known. Touches no target. */
enum cause load_request_erase(struct load_request *request, struct board *board,
			      uint32_t at, uint64_t size, struct reason *why);
/* Adds bytes to be programmed, which are copied; a byte given twice keeps the later value.
 * Fails as load_request_erase(), and as image_add(). Touches no target. */
enum cause load_request_write(struct load_request *request, struct board *board,
			      uint32_t at, const void *bytes, uint32_t size,
			      struct reason *why);
/* For a part that never came so far: a packet that could not be read, a target that was lost
 * when it came. The first failure stays. */
void load_request_fail(struct load_request *request, const struct reason *why);

/* Moves what was collected to `taken`, which the caller clears, and leaves the request empty.
 * Fails with the first failure of a part, and empties the request too. */
enum cause load_request_take(struct load_request *request, struct load_request *taken,
			     struct reason *why);

/* The initial stack pointer of a program that is to be loaded, the first word of the vector table with
 * which the flash begins (DDI 0403E.e B1.5.3). False: the image has no vector table there. */
bool load_initial_sp(struct board *board, const struct image *image, uint32_t *sp);

#endif /* FLASH_LOAD_REQUEST_H */
