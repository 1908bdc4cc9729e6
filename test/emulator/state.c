/* SPDX-License-Identifier: MIT */
#include "test/emulator/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE = 128, MAX_PATH_LEN = 4096 };

static bool
complain(const char *path, const char *why)
{
	fprintf(stderr, "emulator: the state of the chip in %s: %s\n", path, why);
	return false;
}

static void
chip_line(const struct soc *soc, char line[MAX_LINE])
{
	snprintf(line, MAX_LINE, "tether lab state 1: %s\n", chip_name(soc_chip(soc)));
}

static void
memory_line(const struct soc_kept *kept, char line[MAX_LINE])
{
	snprintf(line, MAX_LINE, "%s: %" PRIu32 " bytes\n", kept->name, kept->size);
}

/* Is the next line of the file this one? */
static bool
line_is(FILE *file, const char *wanted)
{
	char line[MAX_LINE];
	return fgets(line, sizeof(line), file) && strcmp(line, wanted) == 0;
}

static void
block_line(const struct soc_kept *kept, uint32_t at, char line[MAX_LINE])
{
	snprintf(line, MAX_LINE, "%s: %" PRIu32 " bytes at 0x%08" PRIx32 "\n", kept->name,
		 kept->size, at);
}

/* Is it the line of a block of the flash beside the chip? */
static bool
is_block(struct soc *soc, const char *line, struct soc_kept *kept)
{
	const char *number = strstr(line, " at 0x");
	char wanted[MAX_LINE];
	uint32_t at;
	if (!number)
		return false;
	at = (uint32_t)strtoul(number + strlen(" at "), NULL, 16);
	if (!soc_beside_block(soc, at, kept))
		return false;
	block_line(kept, at, wanted);
	return strcmp(line, wanted) == 0;
}

static bool
is_weak_cells(struct soc *soc, const char *line, struct soc_kept *kept)
{
	char wanted[MAX_LINE];
	soc_weak(soc, true, kept);
	memory_line(kept, wanted);
	return strcmp(line, wanted) == 0;
}

/* What comes after the memories, when there is any: blocks of the flash beside the chip, then
 * weak cells. */
static bool
load_rest(struct soc *soc, FILE *file, const char *path)
{
	struct soc_kept kept;
	char line[MAX_LINE];
	while (fgets(line, sizeof(line), file)) {
		if (!is_block(soc, line, &kept) && !is_weak_cells(soc, line, &kept))
			return complain(path, "it is longer than it should be");
		if (fread(kept.bytes, 1, kept.size, file) != kept.size)
			return complain(path, "it is cut short");
	}
	return true;
}

static bool
load_memories(struct soc *soc, FILE *file, const char *path)
{
	struct soc_kept kept;
	char line[MAX_LINE];
	for (unsigned i = 0; soc_kept(soc, i, &kept); i++) {
		memory_line(&kept, line);
		if (!line_is(file, line))
			return complain(path, "its memories are not those of this chip");
		if (fread(kept.bytes, 1, kept.size, file) != kept.size)
			return complain(path, "it is cut short");
		soc_kept_restored(soc, i);
	}
	return load_rest(soc, file, path);
}

bool
state_load(struct soc *soc, const char *path)
{
	char line[MAX_LINE];
	FILE *file = fopen(path, "rb");
	if (!file)
		return errno == ENOENT || complain(path, strerror(errno));
	chip_line(soc, line);
	bool is_loaded = line_is(file, line) ? load_memories(soc, file, path)
					     : complain(path, "it is not of this chip");
	fclose(file);
	return is_loaded;
}

static bool
save_memories(struct soc *soc, FILE *file)
{
	struct soc_kept kept;
	char line[MAX_LINE];
	uint32_t at;
	chip_line(soc, line);
	fputs(line, file);
	for (unsigned i = 0; soc_kept(soc, i, &kept); i++) {
		memory_line(&kept, line);
		fputs(line, file);
		fwrite(kept.bytes, 1, kept.size, file);
	}
	for (unsigned i = 0; soc_beside_used(soc, i, &kept, &at); i++) {
		block_line(&kept, at, line);
		fputs(line, file);
		fwrite(kept.bytes, 1, kept.size, file);
	}
	if (soc_weak(soc, false, &kept)) {
		memory_line(&kept, line);
		fputs(line, file);
		fwrite(kept.bytes, 1, kept.size, file);
	}
	return !ferror(file);
}

bool
state_save(struct soc *soc, const char *path)
{
	char draft[MAX_PATH_LEN];
	int len = snprintf(draft, sizeof(draft), "%s.new", path);
	FILE *file = len < (int)sizeof(draft) ? fopen(draft, "wb") : NULL;
	if (!file) {
		fprintf(stderr,
			"emulator: the state of the chip in %s: it cannot be written: "
			"%s\n",
			path, strerror(errno));
		return false;
	}
	bool is_written = save_memories(soc, file);
	is_written = fclose(file) == 0 && is_written;
	if (is_written && rename(draft, path) == 0)
		return true;
	complain(path, strerror(errno));
	remove(draft);
	return false;
}
