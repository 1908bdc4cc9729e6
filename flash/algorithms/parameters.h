/* SPDX-License-Identifier: MIT */
/*
 * parameters.h - what an algorithm of this folder knows of the chip it runs on: the fourth
 * parameter of each of its functions, in the chip's RAM. One for each bank of the flash.
 *
 * It is made from the interface and the device entry (targets/chip), so that an address or a
 * bit stands in one place. Words only: the server writes them one by one.
 */
#ifndef FLASH_ALGORITHMS_PARAMETERS_H
#define FLASH_ALGORITHMS_PARAMETERS_H

#include <stdint.h>

/* Of a serial flash beside the chip (nor.c). A command: what CCR and IR take. */
struct nor_command {
	uint32_t ccr, ir;
};
struct nor_parameters {
	/* Addresses. */
	uint32_t window;       /* where the controller shows the flash */
	uint32_t sr;           /* FCR follows */
	uint32_t dlr, ccr, ar; /* DR is the second behind AR */
	uint32_t ir;           /* 0: the instruction is in CCR */

	/* CR, to write, to read, to show the flash in the window. */
	uint32_t write, read, map;

	struct nor_command enable;        /* without address and data */
	struct nor_command status;        /* with data, without address */
	struct nor_command erase;         /* with an address */
	struct nor_command program, show; /* with both */

	uint32_t page; /* bytes that are programmed at once, a power of two */
};

struct parameters {
	uint32_t registers; /* the controller's first, of those that program this bank */
	uint32_t watchdog;  /* IWDG_KR; 0: there is none to be fed */
	uint32_t erased;    /* how a word of erased flash reads */

	union {
		struct {
			/* Addresses. */
			uint32_t keyr, sr, cr;
			uint32_t
				clear; /* where error bits are cleared: FLASH_SR as a rule */
			uint32_t
				ar; /* takes the address of the sector to erase; 0: it goes by
				      * number */
			uint32_t
				clock; /* what switches on the clock the controller needs; 0:
					 * nothing */

			/* Bits of FLASH_SR. */
			uint32_t busy;
			uint32_t
				errors; /* an operation that ends with one of these has failed */

			uint32_t keys[2]; /* for FLASH_KEYR, one after the other */

			/* Bits of FLASH_CR. */
			uint32_t lock; /* refuses commands until the keys are given */
			uint32_t program;
			uint32_t erase; /* of a sector of this bank, without its number */
			uint32_t erase_bank; /* of all of this bank */
			uint32_t start;
			uint32_t number_lsb;

			uint32_t
				granule; /* bytes that are programmed at once, a power of two */
			uint32_t
				burst; /* so many at once is faster, a power of two; 0: there is
					 * none */
			uint32_t burst_bits; /* of FLASH_CR, beside `program` */

			/* Bits of FLASH_ACR that enable caches; what empties each is two bits
			 * above. */
			uint32_t caches;

			/* A second lock, behind the first: where its keys are given, these, and
			 * its bit of FLASH_CR, which is in `lock` as well; 0: there is none. */
			uint32_t second_keyr, second_keys[2], second_lock;
		};
		struct nor_parameters nor;
	};
};

#endif /* FLASH_ALGORITHMS_PARAMETERS_H */
