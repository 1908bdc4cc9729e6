/* SPDX-License-Identifier: MIT */
/*
 * clone.h - chips that others make in the likeness of an STM32, or that pass for one: what tells
 * them apart, and what they have otherwise. Data, and a search.
 *
 * No single word proves it: some copy the IDCODE of an STM32, some have the ROM table of the core as
 * it comes from Arm. So a row names several of the things that were read, and all must fit.
 */
#ifndef TARGETS_CHIP_CLONE_H
#define TARGETS_CHIP_CLONE_H

#include "targets/chip/device.h"

/* True when (word & mask) == value; mask 0: whatever the word. */
struct word_test {
	uint32_t mask, value;
};

struct clone {
	const char *name;   /* "GD32F103 (GigaDevice)" */
	const char *source; /* of what the row says: required */
	/* What must fit, all of it. */
	struct word_test dpidr, cpuid, idcode;
	uint16_t designer; /* of the ROM table, JEP106 as in rom_table.h; 0: any */
	uint16_t part;     /* of the ROM table; 0: any */
	/* The name of the device that it passes for begins so; NULL: any. */
	const char *copies;
	/* What is not as on the STM32 that it passes for. */
	bool has_ram_kib;         /* the halfword behind the flash size: KiB of SRAM */
	uint16_t pages_until_kib; /* of more flash the pages are others; 0: never */
	/* Why that STM32's way to program does not fit; NULL: it does. */
	const char *flash_differs;
};

struct clone_evidence {
	uint32_t dpidr, cpuid, idcode;
	uint16_t designer, part;     /* of the ROM table; 0: not read */
	const struct device *device; /* that it says it is; NULL: none in the table */
};

extern const struct clone clones[]; /* a name of NULL ends it */

/* NULL: nothing says that the chip is not ST's. */
const struct clone *clone_find(const struct clone_evidence *seen);

/* An Artery part, by its whole IDCODE. */
struct artery_part {
	uint32_t idcode;
	const char *name;
	uint16_t flash_kib, page_size; /* page: bytes */
};

/* The next of that IDCODE behind `after` (NULL: the first); NULL: none. Two series share some. */
const struct artery_part *
artery_part_find(uint32_t idcode, const struct artery_part *after);

#endif /* TARGETS_CHIP_CLONE_H */
