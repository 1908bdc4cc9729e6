/* SPDX-License-Identifier: MIT */
/*
 * cells.h - what every controller does to the cells of the main flash: erasing and programming,
 * in whole or as far as an operation came that was cut short, and what is counted of it.
 *
 * A cut leaves what depends on when it came. Each cell has its own moment in the course of an
 * operation, between CELLS_FIRST and CELLS_LAST thousandths of it, at which it turns; those
 * that were just about to are weak: each reading brings them as they like. Manuals say that
 * the contents are then not guaranteed; the figures and the even spread are assumptions.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_CELLS_H
#define TEST_EMULATOR_SOC_FLASH_CELLS_H

#include <stdbool.h>
#include <stdint.h>

struct soc;

enum { CELLS_FIRST = 200, CELLS_LAST = 900, CELLS_MARGIN = 20, CELLS_WHOLE = 1000 };

/* How far an operation had come, in thousandths. */
unsigned cells_progress(uint64_t began_ns, uint64_t due_ns, uint64_t now_ns);

/* Erases, or programs zeros of `wanted` into, `size` bytes as far as `done` thousandths. True:
 * in the end they are neither as they were nor as they should be. */
bool cells_erase(struct soc *soc, uint8_t *cells, uint32_t size, unsigned done);
/* The same, of one of many granules: the caller tells windows_changed() of all. */
bool cells_erase_granule(struct soc *soc, uint8_t *cells, uint32_t size, unsigned done);
bool cells_program(struct soc *soc, uint8_t *cells, const uint8_t *wanted, uint32_t size,
		   unsigned done);

/* Counts the erase of a sector that shows at `at`, before it is done: by its own command, or
 * with others by one for all. `bank` is 0 or 1. */
void cells_count_erase(struct soc *soc, unsigned bank, uint32_t at, const uint8_t *cells,
		       uint32_t size);
void cells_count_mass_erase(struct soc *soc, unsigned bank, uint32_t at, uint32_t size);
/* Counts the programming of a granule, before it is done. */
void
cells_count_program(struct soc *soc, unsigned bank, const uint8_t *cells, uint32_t size);

#endif /* TEST_EMULATOR_SOC_FLASH_CELLS_H */
