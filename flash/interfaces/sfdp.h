/* SPDX-License-Identifier: MIT */
/*
 * sfdp.h - what a serial flash says of itself: Serial Flash Discoverable Parameters, JESD216B.
 *
 * The caller reads what `at` and `size` ask for from the flash and gives it to sfdp_take(), until that
 * is done: at most SFDP_PIECE_MAX bytes at a time, four times in all. Nothing that is read is
 * trusted: what does not fit is refused, with what is wrong.
 */
#ifndef FLASH_INTERFACES_SFDP_H
#define FLASH_INTERFACES_SFDP_H

#include "transport/base/reason.h"

#include <stdint.h>

enum { SFDP_PIECE_MAX = 64, SFDP_ERASES = 4, SFDP_CODE = 0x5a };

/* One of the ways to erase. */
struct sfdp_erase {
	uint32_t size; /* 0: there is no such way */
	uint8_t code;
	uint32_t typical_ms, max_ms; /* 0: not said */
};

struct sfdp {
	uint32_t at, size; /* what is wanted next */

	/* When it is done. */
	uint32_t bytes;        /* that can be reached; */
	uint64_t bytes_inside; /* that there are */
	uint32_t page_size;
	uint8_t address_bytes, read_code, program_code; /* as one line takes them */
	struct sfdp_erase erase;                        /* that is to be used */
	uint32_t program_typical_us, program_max_us;    /* of a page; 0: not said */

	/* Of sfdp.c. */
	enum { SFDP_HEADER, SFDP_TABLES, SFDP_BASIC, SFDP_4_BYTE } stage;
	uint32_t long_at; /* the table of commands with addresses of four bytes; 0: none */
	struct sfdp_erase erases[SFDP_ERASES];
	bool has_only_long;
};

void sfdp_begin(struct sfdp *sfdp);
/* `bytes`: sfdp->size of them, from sfdp->at on. CAUSE_MISMATCH: that is no SFDP;
 * CAUSE_UNSUPPORTED: it is, of a flash that cannot be used. */
enum cause
sfdp_take(struct sfdp *sfdp, const uint8_t *bytes, bool *done, struct reason *why);

#endif /* FLASH_INTERFACES_SFDP_H */
