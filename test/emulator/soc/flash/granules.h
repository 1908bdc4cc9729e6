/* SPDX-License-Identifier: MIT */
/*
 * granules.h - main flash whose granules - double or quad words - have an ECC each: which of them fit
 * theirs, and what an erase does to that. It is kept in the information memory, a bit a granule,
 * and is 1 as that memory is when it is blank.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_GRANULES_H
#define TEST_EMULATOR_SOC_FLASH_GRANULES_H

#include <stdbool.h>
#include <stdint.h>

struct soc;

struct granules {
	struct soc *soc;
	uint8_t *cells; /* of the main flash */
	uint8_t *fits;  /* bit n: that of granule n */
	uint32_t size;  /* bytes of a granule */
};

/* `cell`: the offset of its granule, or of a byte in it. */
bool granules_is_broken(struct granules granules, uint32_t cell);
void granules_break(struct granules granules, uint32_t cell, bool is_broken);
/* Erases `size` bytes, whole granules, as far as `done` thousandths (cells.h). */
void granules_erase(struct granules granules, uint32_t cell, uint32_t size, unsigned done);

#endif /* TEST_EMULATOR_SOC_FLASH_GRANULES_H */
