/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/cells.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "test/emulator/soc/soc_internal.h"

enum { BLANK = 0xFF, BITS = 8 };

unsigned
cells_progress(uint64_t began_ns, uint64_t due_ns, uint64_t now_ns)
{
	unsigned done;

	if (now_ns >= due_ns)
		return CELLS_WHOLE;
	if (now_ns <= began_ns)
		return 0;
	done = (unsigned)((now_ns - began_ns) * CELLS_WHOLE / (due_ns - began_ns));
	return done >= CELLS_LAST + CELLS_MARGIN ? CELLS_WHOLE : done;
}

/* The offset in the main flash; its size when it is other memory (OTP). */
static uint32_t
offset_of(const struct soc *soc, const uint8_t *cells)
{
	uint8_t memory = soc->chip->flash_memory;
	uint32_t size = soc->chip->memories[memory].size;
	uintptr_t offset = (uintptr_t)cells - (uintptr_t)soc->memories[memory];

	return offset < size ? (uint32_t)offset : size;
}

static bool
is_main(const struct soc *soc, const uint8_t *cells)
{
	return offset_of(soc, cells) < soc->chip->memories[soc->chip->flash_memory].size;
}

/* A byte for each of the main flash, made when it is first needed. */
static uint8_t *
bytes_of(const struct soc *soc, uint8_t **bits)
{
	if (!*bits)
		*bits = calloc(soc->chip->memories[soc->chip->flash_memory].size, 1);
	if (!*bits)
		abort();
	return *bits;
}

/* --- cutting ------------------------------------------------------------------------- */

/* The moment of a cell: any number, but always the same (the finalizer of MurmurHash3). */
static unsigned
moment_of(const struct soc *soc, uint32_t cell)
{
	uint64_t x = soc->seed * UINT64_C(0x9E3779B97F4A7C15) + cell;

	x = (x ^ x >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
	x = (x ^ x >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
	return CELLS_FIRST + (unsigned)((x ^ x >> 33) % (CELLS_LAST - CELLS_FIRST));
}

static void
weak_note(struct soc *soc, uint32_t offset, uint8_t mask)
{
	if (mask || soc->weak_cells)
		bytes_of(soc, &soc->weak_cells)[offset] = mask;
}

static uint8_t
byte_after(struct soc *soc, uint32_t offset, uint8_t old, uint8_t wanted, unsigned done)
{
	uint8_t turned = 0, weak = 0;

	for (unsigned bit = 0; bit < BITS; bit++) {
		unsigned moment = moment_of(soc, offset * BITS + bit);

		if (!((old ^ wanted) >> bit & 1))
			continue;
		if (done >= moment)
			turned |= (uint8_t)(1u << bit);
		if (done + CELLS_MARGIN > moment && done < moment + CELLS_MARGIN)
			weak |= (uint8_t)(1u << bit);
	}
	weak_note(soc, offset, weak);
	return old ^ turned;
}

/* Bytes that `done` thousandths of an operation make of those at `cells`. */
static bool
turn_partly(struct soc *soc, uint8_t *cells, const uint8_t *wanted, uint32_t size,
	    unsigned done)
{
	bool is_old = true, is_new = true;

	for (uint32_t i = 0; i < size; i++) {
		uint8_t old = cells[i], all = wanted ? old & wanted[i] : BLANK;
		uint32_t offset = offset_of(soc, cells + i);

		cells[i] = byte_after(soc, offset, old, all, done);
		is_old &= cells[i] == old;
		is_new &= cells[i] == all;
		if (soc->weak_cells && soc->weak_cells[offset])
			is_old = is_new = false;
	}
	return !is_old && !is_new;
}

static void
weak_forget(struct soc *soc, const uint8_t *cells, uint32_t size)
{
	if (soc->weak_cells && is_main(soc, cells))
		memset(soc->weak_cells + offset_of(soc, cells), 0, size);
}

/* The word whose cells are worn out, when it is among `size` bytes at `cells`. */
static uint8_t *
worn_word(const struct soc *soc, uint8_t *cells, uint32_t size)
{
	uint32_t offset = offset_of(soc, cells);
	uint32_t worn = soc->lies.worn_at & ~UINT32_C(3);

	if (!soc->lies.has_worn || !is_main(soc, cells) || worn < offset ||
	    worn - offset >= size)
		return NULL;
	return cells + (worn - offset);
}

/* Cells that are worn out keep the charge that they have. */
static void
discharge(struct soc *soc, uint8_t *cells, uint32_t size)
{
	uint8_t *worn = worn_word(soc, cells, size);
	uint32_t kept = 0;

	assert(cells);
	if (worn)
		memcpy(&kept, worn, sizeof(kept));
	memset(cells, BLANK, size);
	if (worn)
		memcpy(worn, &kept, sizeof(kept));
}

bool
cells_erase_granule(struct soc *soc, uint8_t *cells, uint32_t size, unsigned done)
{
	bool is_between = false;

	if (done < CELLS_WHOLE) {
		is_between = turn_partly(soc, cells, NULL, size, done);
	} else {
		discharge(soc, cells, size);
		weak_forget(soc, cells, size);
	}
	if (soc->programmed_cells && is_main(soc, cells))
		memset(soc->programmed_cells + offset_of(soc, cells), 0, size);
	return is_between;
}

bool
cells_erase(struct soc *soc, uint8_t *cells, uint32_t size, unsigned done)
{
	bool is_between = cells_erase_granule(soc, cells, size, done);

	windows_changed(soc, cells, size);
	return is_between;
}

bool
cells_program(struct soc *soc, uint8_t *cells, const uint8_t *wanted, uint32_t size,
	      unsigned done)
{
	bool is_between = false;

	if (done < CELLS_WHOLE && is_main(soc, cells)) {
		is_between = turn_partly(soc, cells, wanted, size, done);
	} else {
		for (uint32_t i = 0; i < size; i++)
			cells[i] &= wanted[i];
		weak_forget(soc, cells, size);
	}
	windows_changed(soc, cells, size);
	return is_between;
}

/* --- counting --------------------------------------------------------------------------- */

static bool
is_blank(const uint8_t *cells, uint32_t size)
{
	return cells[0] == BLANK && memcmp(cells, cells + 1, size - 1) == 0;
}

void
cells_count_mass_erase(struct soc *soc, unsigned bank, uint32_t at, uint32_t size)
{
	if (stats_erased(soc->stats, at, size) > 1)
		soc->stats->flash_repeated_erases[bank]++;
}

void
cells_count_erase(struct soc *soc, unsigned bank, uint32_t at, const uint8_t *cells,
		  uint32_t size)
{
	if (is_blank(cells, size))
		soc->stats->flash_blank_erases[bank]++;
	cells_count_mass_erase(soc, bank, at, size);
}

void
cells_count_program(struct soc *soc, unsigned bank, const uint8_t *cells, uint32_t size)
{
	uint8_t *programmed;
	bool again = false;

	if (!is_main(soc, cells))
		return;
	programmed = bytes_of(soc, &soc->programmed_cells) + offset_of(soc, cells);
	for (uint32_t i = 0; i < size; i++) {
		again |= programmed[i];
		programmed[i] = 1;
	}
	if (again)
		soc->stats->flash_repeated_programs[bank]++;
}
