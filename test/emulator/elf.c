/* SPDX-License-Identifier: MIT */
#include "test/emulator/elf.h"

#include <string.h>

#include "test/emulator/probe/bytes.h"

/* gABI, figures 4-3 and 5-1. */
enum {
	EI_CLASS = 4,
	EI_DATA = 5,
	E_MACHINE = 18,
	E_PHOFF = 28,
	E_PHENTSIZE = 42,
	E_PHNUM = 44,
	HEADER_SIZE = 52
};
enum { P_TYPE = 0, P_OFFSET = 4, P_PADDR = 12, P_FILESZ = 16, PROGRAM_HEADER_SIZE = 32 };
enum { ELFCLASS32 = 1, ELFDATA2LSB = 1, EM_ARM = 40, PT_LOAD = 1 };
static const uint8_t magic[4] = { 0x7f, 'E', 'L', 'F' };

bool
elf_is_elf(const uint8_t *file, size_t size)
{
	return size >= sizeof(magic) && memcmp(file, magic, sizeof(magic)) == 0;
}

static bool
is_inside(size_t size, uint32_t at, uint32_t len)
{
	return at <= size && len <= size - at;
}

const char *
elf_check(const uint8_t *file, size_t size)
{
	if (!elf_is_elf(file, size) || size < HEADER_SIZE)
		return "it is no ELF file, or cut short";
	if (file[EI_CLASS] != ELFCLASS32 || file[EI_DATA] != ELFDATA2LSB ||
	    le16_get(file + E_MACHINE) != EM_ARM)
		return "it is an ELF file, but not for a 32-bit Arm";
	if (le16_get(file + E_PHENTSIZE) < PROGRAM_HEADER_SIZE ||
	    !is_inside(size, le32_get(file + E_PHOFF),
		       (uint32_t)le16_get(file + E_PHENTSIZE) * le16_get(file + E_PHNUM)))
		return "its program headers lie outside the file";
	return NULL;
}

bool
elf_next_segment(const uint8_t *file, size_t size, unsigned *position,
		 struct elf_segment *segment, const char **error)
{
	const uint8_t *headers = file + le32_get(file + E_PHOFF);
	*error = NULL;
	while (*position < le16_get(file + E_PHNUM)) {
		const uint8_t *header =
			headers + (size_t)(*position)++ * le16_get(file + E_PHENTSIZE);
		uint32_t offset = le32_get(header + P_OFFSET);
		uint32_t len = le32_get(header + P_FILESZ);
		if (le32_get(header + P_TYPE) != PT_LOAD || len == 0)
			continue;
		if (!is_inside(size, offset, len)) {
			*error = "a segment lies outside the file";
			return false;
		}
		*segment = (struct elf_segment){ le32_get(header + P_PADDR), file + offset,
						 len };
		return true;
	}
	return false;
}
