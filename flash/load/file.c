/* SPDX-License-Identifier: MIT */
#include "flash/load/file.h"

#include "flash/load/uf2.h"
#include "transport/base/bytes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 64 * 1024 * 1024, RECORD_MAX_BYTES = 260 };

/* --- ELF ------------------------------------------------------------------------------ */

enum {
	ELF_HEADER = 52,
	ELF_CLASS = 4,
	ELF_CLASS_32 = 1,
	ELF_DATA = 5,
	ELF_DATA_LITTLE = 1,
	ELF_MACHINE = 18,
	ELF_MACHINE_ARM = 40,
	ELF_PHOFF = 28,
	ELF_PHENTSIZE = 42,
	ELF_PHNUM = 44,
	SEGMENT = 32,
	SEGMENT_TYPE = 0,
	SEGMENT_LOAD = 1,
	SEGMENT_OFFSET = 4,
	SEGMENT_PHYSICAL = 12,
	SEGMENT_IN_FILE = 16
};

static bool
is_elf(const uint8_t *bytes, size_t size)
{
	static const uint8_t magic[] = { 0x7f, 'E', 'L', 'F' };

	return size >= sizeof(magic) && memcmp(bytes, magic, sizeof(magic)) == 0;
}

/* Who has forgotten the cross compiler has a program for his computer. The numbers: System V ABI,
 * chapter 4, e_machine. */
static const char *
machine_name(unsigned machine)
{
	static const struct {
		unsigned machine;
		const char *name;
	} machines[] = {
		{ 3, "x86" },       { 8, "MIPS" },     { 20, "PowerPC" }, { 40, "Arm" },
		{ 62, "x86-64" },   { 83, "AVR" },     { 94, "Xtensa" },  { 105, "MSP430" },
		{ 183, "AArch64" }, { 243, "RISC-V" },
	};

	for (size_t i = 0; i < array_len(machines); i++)
		if (machines[i].machine == machine)
			return machines[i].name;
	return "another processor";
}

static enum cause
check_elf_kind(const uint8_t *bytes, size_t size, struct reason *why)
{
	bool is_little, is_32;
	unsigned machine;

	if (size < ELF_HEADER)
		return reason_begin(why, CAUSE_REQUEST,
				    "it is an ELF file that is cut short: its header has "
				    "%d bytes, and the file %zu",
				    ELF_HEADER, size);
	is_little = bytes[ELF_DATA] == ELF_DATA_LITTLE;
	is_32 = bytes[ELF_CLASS] == ELF_CLASS_32;
	machine = bytes[ELF_MACHINE + !is_little] | (unsigned)bytes[ELF_MACHINE + is_little]
							    << 8;
	if (is_32 && is_little && machine == ELF_MACHINE_ARM)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST,
		     "it is a program for %s (%d bits, %s-endian), and an STM32 runs those "
		     "for Arm (32 bits, little-endian)",
		     machine_name(machine), is_32 ? 32 : 64, is_little ? "little" : "big");
	reason_suspect(why, FINDING_REQUEST_FOREIGN_PROGRAM);
	return why->cause;
}

static enum cause
take_segment(const uint8_t *bytes, size_t size, const uint8_t *segment, struct image *image,
	     struct reason *why)
{
	uint32_t offset = le32_get(segment + SEGMENT_OFFSET);
	uint32_t len = le32_get(segment + SEGMENT_IN_FILE);

	if (le32_get(segment + SEGMENT_TYPE) != SEGMENT_LOAD || len == 0)
		return CAUSE_NONE;
	if ((uint64_t)offset + len > size)
		return reason_begin(why, CAUSE_REQUEST,
				    "a segment ends at byte %llu of a file of %zu",
				    (unsigned long long)offset + len, size);
	return image_add_new(image, le32_get(segment + SEGMENT_PHYSICAL), bytes + offset,
			     len, why);
}

static enum cause
parse_elf(const uint8_t *bytes, size_t size, struct image *image, struct reason *why)
{
	uint32_t at, count, entry;
	enum cause cause = check_elf_kind(bytes, size, why);

	if (cause != CAUSE_NONE)
		return cause;
	at = le32_get(bytes + ELF_PHOFF);
	entry = le16_get(bytes + ELF_PHENTSIZE);
	count = le16_get(bytes + ELF_PHNUM);
	if (count > 0 && (entry < SEGMENT || (uint64_t)at + (uint64_t)count * entry > size))
		return reason_begin(
			why, CAUSE_REQUEST,
			"its %u program headers at byte %u do not lie in the file",
			(unsigned)count, (unsigned)at);
	for (uint32_t i = 0; cause == CAUSE_NONE && i < count; i++)
		cause = take_segment(bytes, size, bytes + at + (size_t)i * entry, image,
				     why);
	return cause;
}

/* --- records of hexadecimal digits -------------------------------------------------------- */

struct record {
	uint8_t bytes[RECORD_MAX_BYTES];
	unsigned len;
	uint8_t sum; /* of all bytes */
};

static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The digits of a line, which end with it. */
static bool
read_record(const uint8_t *line, size_t len, struct record *record)
{
	*record = (struct record){ 0 };
	if (len % 2 != 0 || len / 2 > RECORD_MAX_BYTES)
		return false;
	for (size_t i = 0; i < len; i += 2) {
		int high = digit(line[i]), low = digit(line[i + 1]);

		if (high < 0 || low < 0)
			return false;
		record->bytes[record->len] = (uint8_t)(high << 4 | low);
		record->sum = (uint8_t)(record->sum + record->bytes[record->len]);
		record->len++;
	}
	return true;
}

static uint32_t
big_endian(const uint8_t *bytes, unsigned len)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < len; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* What is known between the lines of a file. */
struct records {
	struct image *image;
	uint32_t base; /* of Intel HEX: what the last address record said */
	bool is_over;
};

/* Takes a line without its end. False: it is malformed, unless *why says more. */
typedef bool
take_line(struct records *records, const uint8_t *line, size_t len, struct reason *why);

/* The last byte makes the sum of all what it should be. */
static bool
refuse_sum(const struct record *record, uint8_t wanted, struct reason *why)
{
	uint8_t is = record->bytes[record->len - 1];

	reason_begin(why, CAUSE_REQUEST,
		     "its checksum is 0x%02x, and that of its bytes 0x%02x: the file was "
		     "damaged",
		     is, (uint8_t)(is + wanted - record->sum));
	return false;
}

enum { HEX_COUNT = 0, HEX_ADDRESS = 1, HEX_TYPE = 3, HEX_DATA = 4, HEX_OVERHEAD = 5 };
enum { HEX_IS_DATA = 0, HEX_IS_END = 1, HEX_IS_SEGMENT = 2, HEX_IS_HIGH = 4 };

static bool
take_hex(struct records *records, const uint8_t *line, size_t len, struct reason *why)
{
	struct record record;
	const uint8_t *data = record.bytes + HEX_DATA;
	unsigned count;

	if (line[0] != ':' || !read_record(line + 1, len - 1, &record) ||
	    record.len < HEX_OVERHEAD)
		return false;
	count = record.bytes[HEX_COUNT];
	if (record.len != count + HEX_OVERHEAD)
		return false;
	if (record.sum != 0)
		return refuse_sum(&record, 0, why);
	switch (record.bytes[HEX_TYPE]) {
	case HEX_IS_DATA:
		return count == 0 ||
		       image_add_new(records->image,
				     records->base +
					     big_endian(record.bytes + HEX_ADDRESS, 2),
				     data, count, why) == CAUSE_NONE;
	case HEX_IS_END:
		records->is_over = true;
		return true;
	case HEX_IS_SEGMENT:
		records->base = big_endian(data, 2) << 4;
		return count == 2;
	case HEX_IS_HIGH:
		records->base = big_endian(data, 2) << 16;
		return count == 2;
	default: /* where to begin */
		return true;
	}
}

enum { SREC_SUM = 0xff, SREC_DATA_MIN = '1', SREC_DATA_MAX = '3' };

static bool
take_srec(struct records *records, const uint8_t *line, size_t len, struct reason *why)
{
	struct record record;
	unsigned address;

	if (len < 4 || line[0] != 'S' || !read_record(line + 2, len - 2, &record) ||
	    record.bytes[0] != record.len - 1)
		return false;
	if (record.sum != SREC_SUM)
		return refuse_sum(&record, SREC_SUM, why);
	if (line[1] >= '7')
		records->is_over = true;
	if (line[1] < SREC_DATA_MIN || line[1] > SREC_DATA_MAX)
		return true;
	address = (unsigned)(line[1] - '0') + 1;
	if (record.len < 1 + address + 1)
		return false;
	return record.len == 1 + address + 1 ||
	       image_add_new(records->image, big_endian(record.bytes + 1, address),
			     record.bytes + 1 + address, record.len - 2 - address,
			     why) == CAUSE_NONE;
}

static size_t
line_len(const uint8_t *line, size_t size)
{
	const uint8_t *end = memchr(line, '\n', size);
	size_t len = end != NULL ? (size_t)(end - line) : size;

	while (len > 0 && line[len - 1] == '\r')
		len--;
	return len;
}

/* A raw file, too, may begin with ':', or with 'S' and a digit; its line is no record then. Where an
 * address was given that decides, else it is a damaged file of records. */
static bool
begins_with_record(const uint8_t *bytes, size_t size, size_t mark, uint8_t sum)
{
	struct record record;
	size_t len = line_len(bytes, size);

	return len > mark && read_record(bytes + mark, len - mark, &record) &&
	       record.len > 0 && record.sum == sum;
}

static enum cause
parse_records(const uint8_t *bytes, size_t size, take_line *take, const char *format,
	      struct image *image, struct reason *why)
{
	struct records records = { .image = image };
	unsigned number = 0;

	for (size_t at = 0; at < size && !records.is_over;) {
		const uint8_t *end = memchr(bytes + at, '\n', size - at);
		size_t next = end != NULL ? (size_t)(end - bytes) + 1 : size;
		size_t len = next - at;

		number++;
		while (len > 0 &&
		       (bytes[at + len - 1] == '\n' || bytes[at + len - 1] == '\r'))
			len--;
		if (len > 0 && !take(&records, bytes + at, len, why)) {
			if (why->cause == CAUSE_NONE)
				return reason_begin(why, CAUSE_REQUEST,
						    "line %u is no record of %s", number,
						    format);
			return reason_while(why, "line %u", number);
		}
		at = next;
	}
	if (records.is_over)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_REQUEST, "it ends without a record that ends it");
}

/* --- all of them --------------------------------------------------------------------------- */

static bool
is_hex(const uint8_t *bytes, size_t size, const struct file_place *place)
{
	return size > 1 && bytes[0] == ':' &&
	       (!place->is_given || begins_with_record(bytes, size, 1, 0));
}

static bool
is_srec(const uint8_t *bytes, size_t size, const struct file_place *place)
{
	return size > 1 && bytes[0] == 'S' && digit(bytes[1]) >= 0 &&
	       (!place->is_given || begins_with_record(bytes, size, 2, SREC_SUM));
}

static enum cause
parse_bytes(const uint8_t *bytes, size_t size, const struct file_place *place,
	    struct image *image, struct reason *why)
{
	if (size == 0)
		return reason_begin(why, CAUSE_REQUEST, "the file is empty");
	if (is_elf(bytes, size))
		return parse_elf(bytes, size, image, why);
	if (uf2_is_it(bytes, size))
		return uf2_parse(bytes, size, image, why);
	if (is_hex(bytes, size, place))
		return parse_records(bytes, size, take_hex, "Intel HEX", image, why);
	if (is_srec(bytes, size, place))
		return parse_records(bytes, size, take_srec, "S-records", image, why);
	if (!place->is_given)
		return reason_begin(
			why, CAUSE_REQUEST,
			"it is neither ELF, Intel HEX, S-records nor UF2, so it has "
			"no addresses: --at ADDRESS gives it one, and so does "
			"FILE@ADDRESS");
	image->is_placed = true;
	return image_add_new(image, place->at, bytes, (uint32_t)size, why);
}

enum cause
file_parse(const char *path, const uint8_t *bytes, size_t size,
	   const struct file_place *place, struct image *image, struct reason *why)
{
	enum cause cause = parse_bytes(bytes, size, place, image, why);

	if (cause == CAUSE_NONE && image->len == 0)
		cause = reason_begin(why, CAUSE_REQUEST, "there is nothing in it to load");
	return cause == CAUSE_NONE ? cause : reason_while(why, "reading %s", path);
}

static enum cause
slurp(FILE *file, uint8_t **bytes, size_t *size, struct reason *why)
{
	size_t capacity = 0;

	while (!feof(file)) {
		if (*size == capacity) {
			uint8_t *more = realloc(*bytes, capacity = capacity * 2 + 65536);

			if (more == NULL)
				return reason_begin(why, CAUSE_HOST,
						    "this computer has no memory left");
			*bytes = more;
		}
		*size += fread(*bytes + *size, 1, capacity - *size, file);
		if (ferror(file))
			return reason_begin(why, CAUSE_HOST, "it cannot be read: %s",
					    strerror(errno));
		if (*size > FILE_MAX_BYTES)
			return reason_begin(why, CAUSE_REQUEST,
					    "it is larger than %d MiB, which no flash is",
					    FILE_MAX_BYTES / 1024 / 1024);
	}
	return CAUSE_NONE;
}

enum cause
file_read(const char *path, const struct file_place *place, struct image *image,
	  struct reason *why)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = NULL;
	size_t size = 0;
	enum cause cause;

	if (file == NULL)
		return reason_begin(why, CAUSE_HOST, "%s cannot be opened: %s", path,
				    strerror(errno));
	cause = slurp(file, &bytes, &size, why);
	fclose(file);
	if (cause != CAUSE_NONE)
		reason_while(why, "reading %s", path);
	else
		cause = file_parse(path, bytes, size, place, image, why);
	free(bytes);
	return cause;
}
