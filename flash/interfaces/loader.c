/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/loader.h"

#include "flash/interfaces/elf.h"
#include "transport/base/bytes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FILE_MAX_BYTES = 4 * 1024 * 1024,
	CODE_MAX_BYTES = 512 * 1024, /* more than the largest RAM that is in one piece */
	PAGE_MIN_BYTES = 8,
	SECTORS_MAX = 1 << 17,      /* 512 MiB in sectors of 4 KiB */
	PAGE_MAX_BYTES = 16 * 1024, /* of what is programmed by one call */
	STACK_SIZE = 2048 /* UM2237 names none; HAL's drivers take some hundreds */
};

/* --- the two tables --------------------------------------------------------------------- */

/* Where a table has what is wanted: offsets of its members. */
struct table {
	const char *symbol;
	uint32_t size; /* up to the list of sectors */
	uint32_t name, name_len, base, bytes, page, erased;
	uint32_t program_ms, erase_ms; /* 0: it does not say */
	uint32_t sectors_max;
};

/* CMSIS-Pack, "Flash Device Description": struct FlashDevice. */
static const struct table flash_device = {
	.symbol = "FlashDevice",
	.size = 160,
	.name = 2,
	.name_len = 128,
	.base = 132,
	.bytes = 136,
	.page = 140,
	.erased = 148,
	.program_ms = 152,
	.erase_ms = 156,
	.sectors_max = 512,
};
/* UM2237 Rev 26, "Developing customized loaders": struct StorageInfo. */
static const struct table storage_info = {
	.symbol = "StorageInfo",
	.size = 120,
	.name = 0,
	.name_len = 100,
	.base = 104,
	.bytes = 108,
	.page = 112,
	.erased = 116,
	.sectors_max = 10,
};
enum { SECTOR_ENTRY = 8 };

/* What the functions are called, and how. */
struct convention {
	const struct table *table;
	const char *init, *uninit, *erase_sector, *program_page, *verify;
	uint32_t success;
	bool is_fixed, takes_end;
};

static const struct convention conventions[] = {
	{ .table = &flash_device,
	  .init = "Init",
	  .uninit = "UnInit",
	  .erase_sector = "EraseSector",
	  .program_page = "ProgramPage",
	  .verify = "Verify",
	  .success = 0 },
	/* Its Verify returns a checksum, which is not used. */
	{ .table = &storage_info,
	  .init = "Init",
	  .erase_sector = "SectorErase",
	  .program_page = "Write",
	  .success = 1,
	  .is_fixed = true,
	  .takes_end = true },
};

/* A file that is being read. */
struct source {
	struct elf elf;
	const struct convention *convention;
	uint32_t table_at;
	const uint8_t *table;
	uint32_t low, high; /* of the code */
};

static enum cause
find_table(struct source *source, struct reason *why)
{
	for (size_t i = 0; i < array_len(conventions); i++) {
		const struct table *table = conventions[i].table;

		if (!elf_symbol(&source->elf, table->symbol, &source->table_at))
			continue;
		source->convention = &conventions[i];
		source->table = elf_bytes_at(&source->elf, source->table_at, table->size);
		if (source->table != NULL)
			return CAUSE_NONE;
		return reason_begin(why, CAUSE_REQUEST,
				    "its table %s at 0x%08x does not lie in a segment of "
				    "the file",
				    table->symbol, (unsigned)source->table_at);
	}
	return reason_begin(why, CAUSE_REQUEST,
			    "it is no flash loader: it has neither the symbol FlashDevice "
			    "of a CMSIS .FLM nor StorageInfo of an .stldr");
}

/* --- the memory --------------------------------------------------------------------------- */

static enum cause
take_name(struct loader *loader, const struct source *source, struct reason *why)
{
	const struct table *table = source->convention->table;
	const char *name = (const char *)source->table + table->name;
	size_t len = 0;

	while (len < table->name_len && name[len] != '\0') {
		if (name[len] < ' ' || name[len] > '~')
			return reason_begin(why, CAUSE_REQUEST,
					    "the memory's name in %s is no text",
					    table->symbol);
		len++;
	}
	memcpy(loader->name, name, len);
	if (len == 0)
		snprintf(loader->name, sizeof(loader->name), "external flash");
	return CAUSE_NONE;
}

static enum cause
add_run(struct loader *loader, uint32_t count, uint32_t size, struct reason *why)
{
	struct sector_run *run = loader->entry.runs;
	unsigned i = 0;

	while (i < MEMORY_MAX_RUNS && run[i].count != 0)
		i++;
	if (i > 0 && run[i - 1].size == size) {
		run[i - 1].count += count;
		return CAUSE_NONE;
	}
	if (i == MEMORY_MAX_RUNS)
		return reason_begin(why, CAUSE_REQUEST,
				    "its sectors change their size more than %d times",
				    MEMORY_MAX_RUNS - 1);
	run[i] = (struct sector_run){ .count = count, .size = size };
	return CAUSE_NONE;
}

/* `count` sectors of `size` bytes from `offset` on. */
static enum cause
take_sectors(struct loader *loader, uint64_t offset, uint64_t count, uint32_t size,
	     struct reason *why)
{
	uint64_t bytes = loader->entry.size;

	if (size < loader->algorithm.page_size || size % loader->algorithm.page_size != 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "its sectors of %u bytes are not whole pages of %u",
				    (unsigned)size, (unsigned)loader->algorithm.page_size);
	if (count == 0 || count > SECTORS_MAX || count * size > bytes - offset)
		return reason_begin(why, CAUSE_REQUEST,
				    "%llu sectors of %u bytes from offset 0x%x on do not "
				    "fit into its %u bytes",
				    (unsigned long long)count, (unsigned)size,
				    (unsigned)offset, (unsigned)bytes);
	return add_run(loader, (uint32_t)count, size, why);
}

/* NULL: the list ends without its mark. */
static const uint8_t *
sector_entry(const struct source *source, uint32_t index)
{
	const struct table *table = source->convention->table;

	if (index >= table->sectors_max)
		return NULL;
	return elf_bytes_at(&source->elf,
			    source->table_at + table->size + index * SECTOR_ENTRY,
			    SECTOR_ENTRY);
}

/* A size, and from where on it is; { ~0, ~0 } ends the list. */
static enum cause
take_flm_sectors(struct loader *loader, const struct source *source, struct reason *why)
{
	uint32_t size = 0, from = 0, bytes = loader->entry.size;

	for (uint32_t i = 0;; i++) {
		const uint8_t *entry = sector_entry(source, i);
		uint32_t next_size = entry != NULL ? le32_get(entry) : 0;
		uint32_t next = entry != NULL ? le32_get(entry + 4) : 0;
		bool is_end = next_size == UINT32_MAX && next == UINT32_MAX;
		enum cause cause = CAUSE_NONE;

		if (entry == NULL || (i == 0 && (is_end || next != 0)))
			return reason_begin(why, CAUSE_REQUEST,
					    "the list of sectors in FlashDevice has no %s",
					    entry == NULL ? "end" : "beginning");
		if (is_end)
			next = bytes;
		if (i > 0 && (next <= from || size == 0 || (next - from) % size != 0))
			return reason_begin(why, CAUSE_REQUEST,
					    "sectors of %u bytes do not fill the memory "
					    "from offset 0x%x to 0x%x",
					    (unsigned)size, (unsigned)from, (unsigned)next);
		if (i > 0)
			cause = take_sectors(loader, from, (next - from) / size, size, why);
		if (cause != CAUSE_NONE || is_end)
			return cause;
		size = next_size;
		from = next;
	}
}

/* How many, and their size; { 0, 0 } ends the list, if it is not full. */
static enum cause
take_stldr_sectors(struct loader *loader, const struct source *source, struct reason *why)
{
	uint64_t offset = 0, bytes = loader->entry.size;
	enum cause cause = CAUSE_NONE;
	const uint8_t *entry;

	for (uint32_t i = 0; cause == CAUSE_NONE && offset < bytes &&
			     (entry = sector_entry(source, i)) != NULL;
	     i++) {
		uint32_t count = le32_get(entry), size = le32_get(entry + 4);

		if (count == 0)
			break;
		cause = take_sectors(loader, offset, count, size, why);
		offset += (uint64_t)count * size;
	}
	if (cause == CAUSE_NONE && offset != bytes)
		return reason_begin(why, CAUSE_REQUEST,
				    "its sectors add up to %llu bytes, the memory has %llu",
				    (unsigned long long)offset, (unsigned long long)bytes);
	return cause;
}

/* The largest power of two that is not more. */
static uint32_t
power_of_two(uint32_t value)
{
	uint32_t power = PAGE_MIN_BYTES;

	while (power * 2 <= value && power < PAGE_MAX_BYTES)
		power *= 2;
	return power;
}

static enum cause
take_memory(struct loader *loader, const struct source *source, struct reason *why)
{
	const struct table *table = source->convention->table;
	uint32_t page = le32_get(source->table + table->page);
	struct memory_entry *entry = &loader->entry;
	enum cause cause = take_name(loader, source, why);

	if (cause != CAUSE_NONE)
		return cause;
	*entry = (struct memory_entry){ .name = loader->name,
					.kind = MEMORY_FLASH,
					.base = le32_get(source->table + table->base),
					.size = le32_get(source->table + table->bytes),
					.interface = &loader->interface,
					.number = 1 };
	if (entry->size == 0 || (uint64_t)entry->base + entry->size > (uint64_t)1 << 32)
		return reason_begin(why, CAUSE_REQUEST,
				    "it is for %u bytes at 0x%08x, which is no memory",
				    (unsigned)entry->size, (unsigned)entry->base);
	if (page < PAGE_MIN_BYTES)
		return reason_begin(why, CAUSE_REQUEST,
				    "its pages of %u bytes are less than the %d that are "
				    "programmed at least",
				    (unsigned)page, PAGE_MIN_BYTES);
	loader->algorithm.page_size = power_of_two(page);
	if (entry->base % loader->algorithm.page_size != 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "it is for memory at 0x%08x, which begins within a "
				    "page of %u bytes",
				    (unsigned)entry->base, (unsigned)page);
	return source->convention->is_fixed ? take_stldr_sectors(loader, source, why)
					    : take_flm_sectors(loader, source, why);
}

/* --- the code ----------------------------------------------------------------------------- */

static enum cause
find_function(const struct source *source, const char *name, uint32_t *at,
	      struct reason *why)
{
	if (!elf_symbol(&source->elf, name, at))
		return reason_begin(why, CAUSE_REQUEST, "it has no function %s", name);
	*at &= ~(uint32_t)1; /* Thumb */
	if (elf_bytes_at(&source->elf, *at, 2) == NULL)
		return reason_begin(why, CAUSE_REQUEST,
				    "its function %s at 0x%08x does not lie in a segment "
				    "of the file",
				    name, (unsigned)*at);
	return CAUSE_NONE;
}

/* A segment that has the table and no code stays on this computer. */
static bool
is_loaded(const struct source *source, const struct elf_segment *segment, uint32_t init_at)
{
	return range_contains(segment->at, segment->size, init_at, 1) ||
	       !range_contains(segment->at, segment->size, source->table_at, 1);
}

static enum cause
measure_code(struct source *source, uint32_t init_at, struct reason *why)
{
	source->low = UINT32_MAX;
	source->high = 0;
	for (unsigned i = 0; i < source->elf.segments_len; i++) {
		const struct elf_segment *segment = &source->elf.segments[i];

		if (!is_loaded(source, segment, init_at))
			continue;
		if (segment->at < source->low)
			source->low = segment->at;
		if (segment->at + segment->size > source->high)
			source->high = segment->at + segment->size;
	}
	if (source->high - source->low <= CODE_MAX_BYTES)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_REQUEST,
			    "its code reaches from 0x%08x to 0x%08x, which is more than "
			    "the RAM of any chip",
			    (unsigned)source->low, (unsigned)source->high);
}

static enum cause
copy_code(struct loader *loader, const struct source *source, uint32_t init_at,
	  struct reason *why)
{
	uint32_t size = (source->high - source->low + 3) & ~(uint32_t)3;

	loader->code = calloc(1, size);
	if (loader->code == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	for (unsigned i = 0; i < source->elf.segments_len; i++) {
		const struct elf_segment *segment = &source->elf.segments[i];

		if (is_loaded(source, segment, init_at))
			memcpy(loader->code + (segment->at - source->low),
			       source->elf.bytes + segment->offset, segment->in_file);
	}
	loader->algorithm.code = loader->code;
	loader->algorithm.code_size = size;
	return CAUSE_NONE;
}

/* CMSIS-Pack: what the code has as variables is in PrgData, which r9 points to. */
static uint32_t
data_offset(const struct source *source)
{
	uint32_t at = 0, size = 0;

	if (elf_section(&source->elf, "PrgData", &at, &size) && at >= source->low &&
	    at <= source->high)
		return at - source->low;
	return source->high - source->low;
}

/* Where the code has functions, as offsets. */
static enum cause
find_functions(struct algorithm *algorithm, const struct source *source, struct reason *why)
{
	const struct convention *convention = source->convention;
	struct {
		const char *name;
		uint32_t *offset;
		bool is_optional;
	} wanted[] = { { convention->init, &algorithm->init, false },
		       { convention->erase_sector, &algorithm->erase_sector, false },
		       { convention->program_page, &algorithm->program_page, false },
		       { convention->uninit, &algorithm->uninit, true },
		       { convention->verify, &algorithm->verify, true } };

	for (size_t i = 0; i < array_len(wanted); i++) {
		struct reason missing = REASON_INIT;
		uint32_t at = 0;
		enum cause cause = CAUSE_REQUEST;

		*wanted[i].offset = ALGORITHM_NONE;
		if (wanted[i].name != NULL)
			cause = find_function(source, wanted[i].name, &at, &missing);
		if (cause == CAUSE_NONE)
			*wanted[i].offset = at - source->low;
		else if (!wanted[i].is_optional) {
			*why = missing;
			return cause;
		}
	}
	return CAUSE_NONE;
}

static enum cause
take_code(struct loader *loader, struct source *source, struct reason *why)
{
	struct algorithm *algorithm = &loader->algorithm;
	uint32_t init_at = 0;
	enum cause cause = find_function(source, source->convention->init, &init_at, why);

	if (cause == CAUSE_NONE)
		cause = measure_code(source, init_at, why);
	if (cause == CAUSE_NONE)
		cause = copy_code(loader, source, init_at, why);
	if (cause == CAUSE_NONE)
		cause = find_functions(algorithm, source, why);
	algorithm->data_offset = data_offset(source);
	algorithm->fixed_at = source->low;
	return cause;
}

/* --- all of it ------------------------------------------------------------------------------ */

/* A limit that the file gives, in milliseconds, within bounds; without one, what NOR flash takes. */
static uint32_t
limit_ms(const struct source *source, uint32_t offset, uint32_t fallback)
{
	enum { MIN_MS = 100, MAX_MS = 300000 };
	uint32_t ms = offset != 0 ? le32_get(source->table + offset) : fallback;

	if (ms < MIN_MS)
		return MIN_MS;
	return ms > MAX_MS ? MAX_MS : ms;
}

static void
complete(struct loader *loader, const struct source *source)
{
	enum { PROGRAM_MS = 2000, ERASE_MS = 20000 };
	const struct convention *convention = source->convention;
	const struct table *table = convention->table;
	struct algorithm *algorithm = &loader->algorithm;

	algorithm->name = loader->name;
	algorithm->is_foreign = true;
	algorithm->is_fixed = convention->is_fixed;
	algorithm->takes_end = convention->takes_end;
	algorithm->success = convention->success;
	algorithm->erase_bank = ALGORITHM_NONE;
	algorithm->stack_size = STACK_SIZE;
	algorithm->program_ms = limit_ms(source, table->program_ms, PROGRAM_MS);
	algorithm->erase_ms = limit_ms(source, table->erase_ms, ERASE_MS);
	/* For the progress alone: each erase and each page is looked after at once. */
	algorithm->program_cost.us_per_kib = 1000;
	algorithm->erase_cost.us_per_kib = 1000;
	loader->driver.algorithm = algorithm;
	loader->interface =
		(struct flash_interface){ .name = "loader",
					  .source = "the loader's table",
					  .driver = FLASH_DRIVER_EXTERNAL,
					  .erased_value = source->table[table->erased],
					  .granule = (uint16_t)algorithm->page_size };
}

static enum cause
parse(struct loader *loader, const uint8_t *bytes, size_t size, struct reason *why)
{
	struct source source = { 0 };
	enum cause cause = elf_read(&source.elf, bytes, size, why);

	if (cause == CAUSE_NONE)
		cause = find_table(&source, why);
	if (cause == CAUSE_NONE)
		cause = take_memory(loader, &source, why);
	if (cause == CAUSE_NONE)
		cause = take_code(loader, &source, why);
	if (cause == CAUSE_NONE)
		complete(loader, &source);
	return cause;
}

enum cause
loader_parse(const char *path, const uint8_t *bytes, size_t size, struct loader **out,
	     struct reason *why)
{
	struct loader *loader = calloc(1, sizeof(*loader));
	enum cause cause;

	*out = NULL;
	if (loader == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	cause = parse(loader, bytes, size, why);
	if (cause == CAUSE_NONE) {
		*out = loader;
		return CAUSE_NONE;
	}
	loader_free(loader);
	return reason_while(why, "%s cannot be used as a loader", path);
}

static enum cause
read_all(FILE *file, const char *path, uint8_t *bytes, size_t *size, struct reason *why)
{
	*size = fread(bytes, 1, FILE_MAX_BYTES + 1, file);
	if (ferror(file))
		return reason_begin(why, CAUSE_HOST, "%s cannot be read: %s", path,
				    strerror(errno));
	if (*size > FILE_MAX_BYTES)
		return reason_begin(why, CAUSE_REQUEST,
				    "%s has more than %d bytes, so it is no loader", path,
				    FILE_MAX_BYTES);
	return CAUSE_NONE;
}

enum cause
loader_load(const char *path, uint8_t **bytes, size_t *size, struct reason *why)
{
	FILE *file = fopen(path, "rb");
	enum cause cause;

	*bytes = malloc(FILE_MAX_BYTES + 1);
	*size = 0;
	if (file == NULL)
		cause = reason_begin(why, CAUSE_HOST, "%s cannot be opened: %s", path,
				     strerror(errno));
	else if (*bytes == NULL)
		cause = reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	else
		cause = read_all(file, path, *bytes, size, why);
	if (file != NULL)
		fclose(file);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	free(*bytes);
	*bytes = NULL;
	return cause;
}

enum cause
loader_read(const char *path, struct loader **loader, struct reason *why)
{
	uint8_t *bytes;
	size_t size;
	enum cause cause = loader_load(path, &bytes, &size, why);

	*loader = NULL;
	if (cause == CAUSE_NONE)
		cause = loader_parse(path, bytes, size, loader, why);
	free(bytes);
	return cause;
}

void
loader_free(struct loader *loader)
{
	if (loader == NULL)
		return;
	free(loader->code);
	free(loader);
}
