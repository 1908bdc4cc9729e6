/* SPDX-License-Identifier: MIT */
/*
 * Cells that an operation of the flash was about to turn when it was cut short: each look of a
 * debugger brings what they like, and so does each power-up for the core, which reads its
 * mapped memory past this file.
 */
#include <stdlib.h>
#include <string.h>

#include "test/emulator/base/chance.h"
#include "test/emulator/soc/soc_internal.h"

static void
word_look(struct soc *soc, uint32_t offset)
{
	uint8_t *cells = soc->memories[soc->chip->flash_memory] + offset;
	uint32_t mask, word;

	memcpy(&mask, soc->weak_cells + offset, sizeof(mask));
	if (!mask)
		return;
	memcpy(&word, cells, sizeof(word));
	word = reg_merge(word, (uint32_t)chance_next(&soc->weak_chance), mask);
	memcpy(cells, &word, sizeof(word));
	windows_changed(soc, cells, sizeof(word));
}

void
weak_look(struct soc *soc, const uint8_t *host)
{
	uint32_t size = soc->chip->memories[soc->chip->flash_memory].size;
	uintptr_t offset =
		(uintptr_t)host - (uintptr_t)soc->memories[soc->chip->flash_memory];

	if (soc->weak_cells && offset < size)
		word_look(soc, (uint32_t)offset & ~UINT32_C(3));
}

void
weak_look_at_all(struct soc *soc)
{
	uint32_t size = soc->chip->memories[soc->chip->flash_memory].size;

	if (!soc->weak_chance.state)
		chance_seed(&soc->weak_chance, soc->seed, "weak cells");
	for (uint32_t offset = 0; soc->weak_cells && offset < size; offset += 4)
		word_look(soc, offset);
}

bool
soc_weak(struct soc *soc, bool make, struct soc_kept *kept)
{
	uint32_t size = soc->chip->memories[soc->chip->flash_memory].size;

	if (!soc->weak_cells && make)
		soc->weak_cells = calloc(size, 1);
	*kept = (struct soc_kept){ "weak cells", soc->weak_cells, size };
	return soc->weak_cells;
}
