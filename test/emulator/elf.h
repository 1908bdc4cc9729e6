/* SPDX-License-Identifier: MIT */
/*
 * elf.h - the loadable segments of a 32-bit little-endian ELF file, for --flash.
 * The gABI, chapters 4 and 5. The file is not trusted.
 */
#ifndef TEST_EMULATOR_ELF_H
#define TEST_EMULATOR_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_segment {
	uint32_t at; /* physical address: where it lies in flash */
	const uint8_t *bytes;
	uint32_t size;
};

bool elf_is_elf(const uint8_t *file, size_t size);

/* Is this an ELF for Arm that can be read at all? NULL, or what is wrong. */
const char *elf_check(const uint8_t *file, size_t size);

/* Finds the next segment with bytes; *position starts at 0. False at the end, and for
 * a segment that lies outside the file (*error then says so). */
bool elf_next_segment(const uint8_t *file, size_t size, unsigned *position,
		      struct elf_segment *segment, const char **error);

#endif /* TEST_EMULATOR_ELF_H */
