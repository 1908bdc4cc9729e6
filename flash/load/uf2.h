/* SPDX-License-Identifier: MIT */
/*
 * uf2.h - files of blocks of 512 bytes, each with its address and with the family of chips that it
 * is for (microsoft/uf2, README.md).
 */
#ifndef FLASH_LOAD_UF2_H
#define FLASH_LOAD_UF2_H

#include "flash/load/image.h"
#include "targets/chip/device.h"

enum { UF2_BLOCK = 512 };

/* By the two magic words that begin its first block. */
bool uf2_is_it(const uint8_t *bytes, size_t size);
/* As file_parse(), and with the family in image->uf2_family. CAUSE_REQUEST: a block is malformed or
 * missing, or they are for several families. */
enum cause
uf2_parse(const uint8_t *bytes, size_t size, struct image *image, struct reason *why);
/* CAUSE_REQUEST: the image is for chips of another family than that of `device`, or for none of
 * ST's. NULL is of no family that is known, and takes all. */
enum cause uf2_check_device(const struct image *image, const struct device_table *table,
			    const struct device *device, struct reason *why);

/* How many blocks `size` bytes take, and one of them, for any chip. */
uint32_t uf2_blocks(uint32_t size);
void uf2_make_block(uint8_t block[UF2_BLOCK], uint32_t number, uint32_t at,
		    const uint8_t *bytes, uint32_t size);

#endif /* FLASH_LOAD_UF2_H */
