/* SPDX-License-Identifier: MIT */
/*
 * crc.h - gdb's checksum of a range of the target's memory (qCRC, "compare-sections"), as a job.
 */
#ifndef FLASH_LOAD_CRC_H
#define FLASH_LOAD_CRC_H

#include "targets/board/board.h"

/* Of bytes on this computer; begins with 0xffffffff. */
uint32_t crc_add(uint32_t crc, const uint8_t *bytes, uint32_t size);

/*
 * Computes the checksum of [at, at + size) into *crc, which outlives the job. What lies in flash is
 * computed by code on the chip when `core` is halted, its RAM and registers are put back, and only
 * what is left over is read; anything else is read. To be begun with CLAIM_FLASH and the claim of
 * the core. It fails as core_memory_read(). NULL: this computer has no memory.
 */
struct job *crc_begin(struct core *core, struct board *board, uint32_t at, uint32_t size,
		      bool is_halted, uint32_t *crc);

#endif /* FLASH_LOAD_CRC_H */
