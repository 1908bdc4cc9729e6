/* SPDX-License-Identifier: MIT */
/*
 * status.h - what flash algorithms of this folder and the server tell each other
 * beyond the calls of CMSIS-Pack.
 *
 * A function returns 0, or the error bits of the controller's FLASH_SR, or one
 * of the bits below, which no FLASH_SR has. EraseSector gets more than an
 * address: how large the sector is, and which one it is by the controller's
 * own counting, so that the layout of a part is known in one place, its device
 * entry. An algorithm from elsewhere looks at the address alone.
 */
#ifndef FLASH_ALGORITHMS_STATUS_H
#define FLASH_ALGORITHMS_STATUS_H

enum {
	ALGORITHM_STAYS_LOCKED = 1 << 28, /* FLASH_CR.LOCK is set after the keys */
	ALGORITHM_NOT_BLANK = 1 << 29,    /* erased without an error, and not blank */
	ALGORITHM_MISALIGNED = 1 << 30    /* address or size: the server's mistake */
};

/* EraseSector(at, size, number | bank << ALGORITHM_BANK_LSB) */
enum { ALGORITHM_BANK_LSB = 16, ALGORITHM_NUMBER_MASK = 0xffff };

/* Loops that wait feed the watchdog once in so many rounds: some tens of microseconds. */
enum { SPINS_PER_FEED = 64 };

#endif /* FLASH_ALGORITHMS_STATUS_H */
