/* SPDX-License-Identifier: MIT */
/*
 * readback.h - reads a part of the target's memory, whatever lies there, as a job.
 */
#ifndef FLASH_LOAD_READBACK_H
#define FLASH_LOAD_READBACK_H

#include "targets/board/board.h"

/* Reads [at, at + size) into `bytes`, which outlives the job; the core need not be halted. The job
 * fails as core_memory_read(). NULL: this computer has no memory. */
struct job *readback_begin(struct core *core, uint32_t at, uint32_t size, uint8_t *bytes);

#endif /* FLASH_LOAD_READBACK_H */
