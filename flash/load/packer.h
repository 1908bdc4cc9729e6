/* SPDX-License-Identifier: MIT */
/*
 * packer.h - pages of an image made smaller for the wire: algorithms/unpack.h says how.
 */
#ifndef FLASH_LOAD_PACKER_H
#define FLASH_LOAD_PACKER_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stdint.h>

enum { PACKER_MAX_PAGE = 4096 };

struct packer;

struct packed_page {
	uint32_t size;                  /* 0: it does not shrink, and travels as it is */
	bool resets;                    /* the model begins anew with it */
	uint8_t bytes[PACKER_MAX_PAGE]; /* zeros behind it to the end of a word */
};

/* For runs of up to so many bytes. NULL: no memory. */
struct packer *packer_new(uint64_t run_size);
void packer_free(struct packer *packer); /* takes NULL */
/* What follows is a run of its own. CAUSE_HOST: no memory. */
enum cause packer_begin(struct packer *packer, struct reason *why);
/* The next page of the run, of 1 to PACKER_MAX_PAGE bytes, which will be at `at`, an even address; no page
 * but the last ends where none of those that are whole does. Milliseconds. */
enum cause packer_add(struct packer *packer, uint32_t at, const uint8_t *bytes,
		      uint32_t size, struct packed_page *page, struct reason *why);

#endif /* FLASH_LOAD_PACKER_H */
