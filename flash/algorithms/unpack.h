/* SPDX-License-Identifier: MIT */
/*
 * unpack.h - what unpack_mainline.c and the server agree on: how data travel that are smaller on the
 * wire than in flash.
 *
 * A page is one chunk of LZMA2 without its header: an LZMA stream whose range coder begins anew with
 * each page, and whose model and window do not (Igor Pavlov, LZMA specification, public domain; The
 * .xz File Format for what LZMA2 adds). The window is what has been programmed of the same run, read where
 * it lies in flash, and so takes no RAM.
 */
#ifndef FLASH_ALGORITHMS_UNPACK_H
#define FLASH_ALGORITHMS_UNPACK_H

#include <stdint.h>

/* The smallest model: RAM that it takes crosses the wire twice. Of a program of 120 KiB with newlib
 * lp = pb = 1 save 1.4 KiB and take 1.6 KiB more of RAM; lc = 3 takes ten and saves nothing. */
enum { UNPACK_LC = 0, UNPACK_LP = 0, UNPACK_PB = 0 };

enum { UNPACK_POSITIONS = 1 << UNPACK_PB, UNPACK_LITERALS = 1 << (UNPACK_LC + UNPACK_LP) };

/* Probabilities, by their places among all. */
enum {
	UNPACK_STATES = 12,
	UNPACK_LEN_LOW = 2, /* after two that choose */
	UNPACK_LEN_MIDDLE = UNPACK_LEN_LOW + UNPACK_POSITIONS * 8,
	UNPACK_LEN_HIGH = UNPACK_LEN_MIDDLE + UNPACK_POSITIONS * 8,
	UNPACK_LEN_SIZE = UNPACK_LEN_HIGH + 256,

	UNPACK_IS_MATCH = 0,
	UNPACK_IS_REP = UNPACK_IS_MATCH + UNPACK_STATES * UNPACK_POSITIONS,
	UNPACK_IS_REP_G0 = UNPACK_IS_REP + UNPACK_STATES,
	UNPACK_IS_REP_G1 = UNPACK_IS_REP_G0 + UNPACK_STATES,
	UNPACK_IS_REP_G2 = UNPACK_IS_REP_G1 + UNPACK_STATES,
	UNPACK_IS_REP0_LONG = UNPACK_IS_REP_G2 + UNPACK_STATES,
	UNPACK_SLOTS = UNPACK_IS_REP0_LONG + UNPACK_STATES * UNPACK_POSITIONS,
	UNPACK_DISTANCES = UNPACK_SLOTS + 4 * 64,
	UNPACK_ALIGN = UNPACK_DISTANCES + 1 + 128 - 14,
	UNPACK_MATCH_LEN = UNPACK_ALIGN + 16,
	UNPACK_REP_LEN = UNPACK_MATCH_LEN + UNPACK_LEN_SIZE,
	UNPACK_LITERAL = UNPACK_REP_LEN + UNPACK_LEN_SIZE,
	UNPACK_PROBABILITIES = UNPACK_LITERAL + UNPACK_LITERALS * 0x300
};

/* In the chip's RAM, from page to page. */
struct unpacking {
	/* The server writes two: */
	uint32_t program; /* address of ProgramPage */
	uint32_t part;    /* where a part of a page is unpacked, before it is programmed */
	uint32_t state, rep[4];
	uint16_t probabilities[UNPACK_PROBABILITIES];
};
enum { UNPACK_WRITTEN = 2 * sizeof(uint32_t) }; /* of it, by the server */
/* Parts end at multiples of this. */
enum { UNPACK_PART = 512 };

/* Of mailbox_second, which Unpack gets beside address and size of a page and where the packed one
 * is: r0 is the size of that and the flag, r1 the address of struct unpacking, r2 where the
 * window begins. */
enum { UNPACK_RESET = 1 << 16 }; /* the model begins anew */

/*
 * Calls of one function differ by where they are, so a page has their targets instead: as of xz's
 * filter for Thumb code, for BL (DDI 0403E.e A7.7.18, T1) of up to 4 MiB. Both halfwords lie in the
 * same part; a second never looks like a first, so a pair is known as one from either.
 */
static inline uint32_t
unpack_is_call(uint32_t first, uint32_t second)
{
	return (first & 0xf800) == 0xf000 && (second & 0xf800) == 0xf800;
}

/* The second halfword in the upper half, as it lies in memory; `by` is added to the offset. */
static inline uint32_t
unpack_moved_call(uint32_t call, uint32_t by)
{
	uint32_t offset = ((call & 0x7ff) << 11 | (call >> 16 & 0x7ff)) + by;

	return 0xf800f000u | (offset >> 11 & 0x7ff) | (offset & 0x7ff) << 16;
}

#endif /* FLASH_ALGORITHMS_UNPACK_H */
