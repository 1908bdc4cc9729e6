/* SPDX-License-Identifier: MIT */
/*
 * geometry.h - where a board's flash is and how it is cut into sectors: the flash
 * among the memories of its chip (targets/chip/chip.h).
 */
#ifndef FLASH_LOAD_GEOMETRY_H
#define FLASH_LOAD_GEOMETRY_H

#include "targets/board/board.h"

enum { GEOMETRY_MAX_BANKS = 4 };

struct flash_bank {
	const struct memory_entry *entry;
	uint32_t base, size;
	bool is_cut; /* the controller counts more to it, which is another core's */
};

struct geometry {
	unsigned banks_len;
	struct flash_bank banks[GEOMETRY_MAX_BANKS]; /* in ascending order */
};

struct sector {
	uint32_t at, size;
	uint32_t index; /* as the controller counts those of its bank */
	const struct flash_bank *bank;
};

/* The programming interface of the banks, of which all have the same. */
static inline const struct flash_interface *
geometry_interface(const struct geometry *geometry)
{
	return geometry->banks[0].entry->interface;
}

/* All flash of the board: that of the chip first, then what loaders from files program.
 * CAUSE_UNSUPPORTED or CAUSE_FAULT: the layout is not known, for the reason that identifying
 * the chip found (board_flash_why), or there is no flash. Asks the
 * board alone, touches no target. */
enum cause
geometry_read(struct board *board, struct geometry *geometry, struct reason *why);
/* The sector that holds `at`. False outside flash. */
bool
geometry_sector_at(const struct geometry *geometry, uint32_t at, struct sector *sector);
/* The one that is number `wanted` of its bank, counted from 0 as people and openocd do. False: there is
 * none. */
bool geometry_sector_of(const struct geometry *geometry, const struct flash_bank *bank,
			uint32_t wanted, struct sector *sector);
/* The first address from `at` on that is not flash: `at` itself, or the end of its bank and
 * of those that touch it. */
uint64_t geometry_first_outside(const struct geometry *geometry, uint32_t at);
/* Is all of [at, at + size) flash (banks that touch count as one)? */
bool geometry_contains(const struct geometry *geometry, uint32_t at, uint64_t size);
/* CAUSE_REQUEST when it is not: names the first address outside flash, what `board` has there,
 * and what to do about it. */
enum cause geometry_check(const struct geometry *geometry, const struct board *board,
			  uint32_t at, uint64_t size, struct reason *why);

/* The OTP memory that holds all of [at, at + size) and has a driver; NULL: none. Larger than
 * OTP_MAX_BYTES it has none. */
enum { OTP_MAX_BYTES = 4096 };
const struct memory_entry *
geometry_otp_at(const struct board *board, uint32_t at, uint64_t size);

/* Of `geometry` the banks that one loader programs: those whose interface the bank of that index has. */
void geometry_part(const struct geometry *geometry, unsigned bank, struct geometry *part);

#endif /* FLASH_LOAD_GEOMETRY_H */
