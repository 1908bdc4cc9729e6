/* SPDX-License-Identifier: MIT */
/*
 * elf.h - what flash loaders in ELF files are looked at for: where their symbols, sections and
 * segments are. System V ABI, chapters 4 and 5; 32 bits, little-endian.
 *
 * Nothing of the file is trusted: each offset and size is checked against the file before it is used.
 */
#ifndef FLASH_INTERFACES_ELF_H
#define FLASH_INTERFACES_ELF_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ELF_MAX_SEGMENTS = 16 };

struct elf_segment {
	uint32_t at, size;        /* in memory */
	uint32_t offset, in_file; /* of its bytes in the file; the rest is zeros */
};

struct elf_table {
	uint32_t at, entry, len; /* offset in the file; bytes of an entry; entries */
};

struct elf {
	const uint8_t *bytes; /* not copied */
	size_t size;
	unsigned segments_len;
	struct elf_segment segments[ELF_MAX_SEGMENTS]; /* what is loaded */
	struct elf_table sections;
	uint32_t section_names; /* index of the section that has them */
};

/* CAUSE_REQUEST: what of the file is malformed. */
enum cause elf_read(struct elf *elf, const uint8_t *bytes, size_t size, struct reason *why);
/* False: there is no such symbol, or the table of symbols is malformed. */
bool elf_symbol(const struct elf *elf, const char *name, uint32_t *value);
bool elf_section(const struct elf *elf, const char *name, uint32_t *at, uint32_t *size);
/* The segment that holds all of [at, at + size); NULL: none. */
const struct elf_segment *elf_segment_at(const struct elf *elf, uint32_t at, uint32_t size);
/* Where the bytes of [at, at + size) are in the file; NULL: not all of them are in one segment. */
const uint8_t *elf_bytes_at(const struct elf *elf, uint32_t at, uint32_t size);

#endif /* FLASH_INTERFACES_ELF_H */
