/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/elf.h"

#include "transport/base/bytes.h"

#include <string.h>

/* Offsets of fields, and their values. */
enum {
	HEADER = 52,
	HEADER_CLASS = 4,
	CLASS_32 = 1,
	HEADER_DATA = 5,
	DATA_LITTLE = 1,
	HEADER_MACHINE = 18,
	MACHINE_ARM = 40,
	HEADER_PHOFF = 28,
	HEADER_SHOFF = 32,
	HEADER_PHENTSIZE = 42,
	HEADER_PHNUM = 44,
	HEADER_SHENTSIZE = 46,
	HEADER_SHNUM = 48,
	HEADER_SHSTRNDX = 50,

	SEGMENT = 32,
	SEGMENT_TYPE = 0,
	SEGMENT_LOAD = 1,
	SEGMENT_OFFSET = 4,
	SEGMENT_VIRTUAL = 8,
	SEGMENT_IN_FILE = 16,
	SEGMENT_IN_MEMORY = 20,

	SECTION = 40,
	SECTION_NAME = 0,
	SECTION_TYPE = 4,
	SECTION_SYMBOLS = 2,
	SECTION_ADDRESS = 12,
	SECTION_OFFSET = 16,
	SECTION_SIZE = 20,
	SECTION_LINK = 24,

	SYMBOL = 16,
	SYMBOL_NAME = 0,
	SYMBOL_VALUE = 4,
	SYMBOL_SECTION = 14
};

static bool
is_in_file(const struct elf *elf, uint64_t offset, uint64_t size)
{
	return offset <= elf->size && size <= elf->size - offset;
}

static enum cause
check_header(const struct elf *elf, struct reason *why)
{
	static const uint8_t magic[] = { 0x7f, 'E', 'L', 'F' };
	const uint8_t *bytes = elf->bytes;

	if (elf->size < HEADER || memcmp(bytes, magic, sizeof(magic)) != 0)
		return reason_begin(why, CAUSE_REQUEST, "it is no ELF file");
	if (bytes[HEADER_CLASS] != CLASS_32 || bytes[HEADER_DATA] != DATA_LITTLE ||
	    le16_get(bytes + HEADER_MACHINE) != MACHINE_ARM)
		return reason_begin(why, CAUSE_REQUEST,
				    "it is no ELF file for Arm of 32 bits, little-endian");
	return CAUSE_NONE;
}

static enum cause
check_table(const struct elf *elf, const struct elf_table *table, uint32_t entry_min,
	    const char *what, struct reason *why)
{
	if (table->len == 0 ||
	    (table->entry >= entry_min &&
	     is_in_file(elf, table->at, (uint64_t)table->len * table->entry)))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_REQUEST,
			    "its %u %s at byte %u do not lie in the file of %zu bytes",
			    (unsigned)table->len, what, (unsigned)table->at, elf->size);
}

static bool
segments_overlap(const struct elf_segment *a, const struct elf_segment *b)
{
	return a->at < (uint64_t)b->at + b->size && b->at < (uint64_t)a->at + a->size;
}

static enum cause
check_segment(const struct elf *elf, const struct elf_segment *segment, struct reason *why)
{
	if (!is_in_file(elf, segment->offset, segment->in_file))
		return reason_begin(
			why, CAUSE_REQUEST,
			"the segment for 0x%08x has %u bytes at byte %u, beyond the end of "
			"the file of %zu bytes",
			(unsigned)segment->at, (unsigned)segment->in_file,
			(unsigned)segment->offset, elf->size);
	if (segment->in_file > segment->size ||
	    (uint64_t)segment->at + segment->size > UINT32_MAX)
		return reason_begin(
			why, CAUSE_REQUEST,
			"the segment for 0x%08x has an impossible size: %u bytes, %u of "
			"them in the file",
			(unsigned)segment->at, (unsigned)segment->size,
			(unsigned)segment->in_file);
	for (unsigned i = 0; i < elf->segments_len; i++)
		if (segments_overlap(segment, &elf->segments[i]))
			return reason_begin(why, CAUSE_REQUEST,
					    "the segments for 0x%08x and 0x%08x overlap",
					    (unsigned)elf->segments[i].at,
					    (unsigned)segment->at);
	return CAUSE_NONE;
}

static enum cause
add_segment(struct elf *elf, const uint8_t *header, struct reason *why)
{
	struct elf_segment segment = { .at = le32_get(header + SEGMENT_VIRTUAL),
				       .size = le32_get(header + SEGMENT_IN_MEMORY),
				       .offset = le32_get(header + SEGMENT_OFFSET),
				       .in_file = le32_get(header + SEGMENT_IN_FILE) };
	enum cause cause;

	if (le32_get(header + SEGMENT_TYPE) != SEGMENT_LOAD || segment.size == 0)
		return CAUSE_NONE;
	if (elf->segments_len == ELF_MAX_SEGMENTS)
		return reason_begin(why, CAUSE_REQUEST, "it has more than %d segments",
				    ELF_MAX_SEGMENTS);
	cause = check_segment(elf, &segment, why);
	if (cause == CAUSE_NONE)
		elf->segments[elf->segments_len++] = segment;
	return cause;
}

static enum cause
read_segments(struct elf *elf, struct reason *why)
{
	const uint8_t *bytes = elf->bytes;
	struct elf_table table = { .at = le32_get(bytes + HEADER_PHOFF),
				   .entry = le16_get(bytes + HEADER_PHENTSIZE),
				   .len = le16_get(bytes + HEADER_PHNUM) };
	enum cause cause = check_table(elf, &table, SEGMENT, "program headers", why);

	for (uint32_t i = 0; cause == CAUSE_NONE && i < table.len; i++)
		cause = add_segment(elf, bytes + table.at + (size_t)i * table.entry, why);
	return cause;
}

enum cause
elf_read(struct elf *elf, const uint8_t *bytes, size_t size, struct reason *why)
{
	enum cause cause;

	*elf = (struct elf){ .bytes = bytes, .size = size };
	cause = check_header(elf, why);
	if (cause != CAUSE_NONE)
		return cause;
	elf->section_names = le16_get(bytes + HEADER_SHSTRNDX);
	elf->sections = (struct elf_table){ .at = le32_get(bytes + HEADER_SHOFF),
					    .entry = le16_get(bytes + HEADER_SHENTSIZE),
					    .len = le16_get(bytes + HEADER_SHNUM) };
	cause = check_table(elf, &elf->sections, SECTION, "section headers", why);
	return cause == CAUSE_NONE ? read_segments(elf, why) : cause;
}

/* NULL: there is none. */
static const uint8_t *
section_header(const struct elf *elf, uint32_t index)
{
	if (index >= elf->sections.len)
		return NULL;
	return elf->bytes + elf->sections.at + (size_t)index * elf->sections.entry;
}

/* Of a section that lies in the file; NULL: it does not. */
static const uint8_t *
section_bytes(const struct elf *elf, const uint8_t *header, uint32_t *size)
{
	uint32_t offset;

	if (header == NULL)
		return NULL;
	offset = le32_get(header + SECTION_OFFSET);
	*size = le32_get(header + SECTION_SIZE);
	return is_in_file(elf, offset, *size) ? elf->bytes + offset : NULL;
}

/* Does the section of strings `names` have this one there? */
static bool
is_named(const struct elf *elf, const uint8_t *names, uint32_t at, const char *name)
{
	uint32_t size = 0, len = (uint32_t)strlen(name) + 1;
	const uint8_t *strings = section_bytes(elf, names, &size);

	return strings != NULL && at < size && len <= size - at &&
	       memcmp(strings + at, name, len) == 0;
}

bool
elf_section(const struct elf *elf, const char *name, uint32_t *at, uint32_t *size)
{
	const uint8_t *names = section_header(elf, elf->section_names);

	for (uint32_t i = 0; i < elf->sections.len; i++) {
		const uint8_t *header = section_header(elf, i);

		if (!is_named(elf, names, le32_get(header + SECTION_NAME), name))
			continue;
		*at = le32_get(header + SECTION_ADDRESS);
		*size = le32_get(header + SECTION_SIZE);
		return true;
	}
	return false;
}

static bool
symbol_in(const struct elf *elf, const uint8_t *table, const char *name, uint32_t *value)
{
	const uint8_t *names = section_header(elf, le32_get(table + SECTION_LINK));
	uint32_t size = 0;
	const uint8_t *symbols = section_bytes(elf, table, &size);

	for (uint32_t i = 0; symbols != NULL && i < size / SYMBOL; i++) {
		const uint8_t *symbol = symbols + (size_t)i * SYMBOL;

		if (le16_get(symbol + SYMBOL_SECTION) == 0 ||
		    !is_named(elf, names, le32_get(symbol + SYMBOL_NAME), name))
			continue;
		*value = le32_get(symbol + SYMBOL_VALUE);
		return true;
	}
	return false;
}

bool
elf_symbol(const struct elf *elf, const char *name, uint32_t *value)
{
	for (uint32_t i = 0; i < elf->sections.len; i++) {
		const uint8_t *header = section_header(elf, i);

		if (le32_get(header + SECTION_TYPE) == SECTION_SYMBOLS &&
		    symbol_in(elf, header, name, value))
			return true;
	}
	return false;
}

const struct elf_segment *
elf_segment_at(const struct elf *elf, uint32_t at, uint32_t size)
{
	for (unsigned i = 0; i < elf->segments_len; i++)
		if (range_contains(elf->segments[i].at, elf->segments[i].size, at, size))
			return &elf->segments[i];
	return NULL;
}

const uint8_t *
elf_bytes_at(const struct elf *elf, uint32_t at, uint32_t size)
{
	const struct elf_segment *segment = elf_segment_at(elf, at, size);

	if (segment == NULL || !range_contains(segment->at, segment->in_file, at, size))
		return NULL;
	return elf->bytes + segment->offset + (at - segment->at);
}
