/* SPDX-License-Identifier: MIT */
/*
 * kept_ram.h - a piece of the chip's RAM that is written over, and what was there, to be put back.
 *
 * Raw memory accesses: a breakpoint that a client has in this RAM must neither get into our code
 * nor be lost.
 */
#ifndef FLASH_RUNNER_KEPT_RAM_H
#define FLASH_RUNNER_KEPT_RAM_H

#include "targets/core/core.h"

struct kept_ram {
	uint32_t at, size;
	uint32_t kept;  /* so many bytes of it, from its beginning */
	uint8_t *bytes; /* NULL: none as yet */
};

/* Reads the first `size` bytes, but for those that were kept before. CAUSE_HOST: no memory. */
enum cause
kept_ram_keep(struct kept_ram *ram, struct core *core, uint32_t size, struct reason *why);
/* Writes what was kept. */
enum cause
kept_ram_put_back(const struct kept_ram *ram, struct core *core, struct reason *why);
void kept_ram_free(struct kept_ram *ram);

#endif /* FLASH_RUNNER_KEPT_RAM_H */
