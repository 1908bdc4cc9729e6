/* SPDX-License-Identifier: MIT */
/*
 * parameters.h - what an algorithm of this folder knows of the chip it runs on: the fourth
 * parameter of each of its functions, in the chip's RAM. One for each bank of the flash.
 *
 * It is made from the rows of flash/interfaces and from the device entry, so that an address
 * or a bit stands in one place. Words only: the server writes them one by one.
 */
#ifndef FLASH_ALGORITHMS_PARAMETERS_H
#define FLASH_ALGORITHMS_PARAMETERS_H

#include <stdint.h>

struct parameters {
	/* Addresses. */
	uint32_t registers; /* the controller's first, of those that program this bank */
	uint32_t keyr, sr, cr;
	uint32_t clock;    /* what switches on the clock the controller needs; 0: nothing */
	uint32_t watchdog; /* IWDG_KR; 0: there is none to be fed */

	/* Bits of FLASH_SR. */
	uint32_t busy;
	uint32_t errors; /* an operation that ends with one of these has failed */
	uint32_t clear;  /* written before an operation: forgets what earlier ones left */

	/* Values of FLASH_CR. */
	uint32_t lock; /* the bit that refuses commands until the keys are given */
	uint32_t program;

	uint32_t bank;    /* its number, as the controller counts: 1, 2 */
	uint32_t granule; /* bytes that are programmed at once, a power of two */
	uint32_t erased;  /* how a word of erased flash reads */
};

#endif /* FLASH_ALGORITHMS_PARAMETERS_H */
