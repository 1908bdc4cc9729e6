/* SPDX-License-Identifier: MIT */
/*
 * status.h - what flash algorithms of this folder and the server agree on beyond the calls of
 * CMSIS-Pack.
 *
 * A function returns 0, or the error bits of the controller's FLASH_SR, or one of the bits
 * below, which are no error bits of any FLASH_SR. EraseSector gets more than an address: how
 * large the sector is, and its number in its bank by the controller's own counting, so that the
 * layout of a part is known in one place, its device entry. Every function gets the parameters of the bank
 * (parameters.h) as its fourth. An algorithm from elsewhere looks at neither.
 */
#ifndef FLASH_ALGORITHMS_STATUS_H
#define FLASH_ALGORITHMS_STATUS_H

enum {
	/* Of Unpack (unpack.h): what it was given is not what was packed. */
	ALGORITHM_DAMAGED = 1 << 0,
	/* Of a function that works in two banks: the rest is about the second. */
	ALGORITHM_SECOND = 1 << 27,
	ALGORITHM_STAYS_LOCKED = 1 << 28, /* FLASH_CR.LOCK is set after the keys */
	ALGORITHM_NOT_BLANK = 1 << 29,    /* erased without an error, and not blank */
	ALGORITHM_MISALIGNED = 1 << 30    /* address or size: the server's mistake */
};

/* A serial flash: WREN had no effect. Bit 31 is no enumerator of ISO C11. */
#define ALGORITHM_NOT_ENABLED (UINT32_C(1) << 31)

/* In place of a sector's number, of ErasePair (pair.h): all of the bank. */
#define ALGORITHM_ALL UINT32_MAX

/* Loops that wait feed the watchdog once in so many rounds: some tens of microseconds. */
enum { SPINS_PER_FEED = 64 };
/* Of memory that is read; a power of two. */
enum { BYTES_PER_FEED = 1024 };
/* Of an empty loop, between two looks at an erase: microseconds at any clock. */
enum { ROUNDS_PER_LOOK = 256 };
/* RM0440 Rev 8 and RM0008 Rev 21, IWDG_KR: the key that reloads, the same in every STM32. */
enum { WATCHDOG_RELOAD = 0xaaaa };

#endif /* FLASH_ALGORITHMS_STATUS_H */
