/* SPDX-License-Identifier: MIT */
#include "test/emulator/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/emulator/elf.h"

enum { MAX_PATH_LEN = 4096, MAX_FILE_SIZE = 64 << 20 };

struct image {
	char path[MAX_PATH_LEN];
	bool has_address;
	uint32_t address;
	uint8_t *bytes;
	size_t size;
};

static bool
complain(const char *path, const char *why)
{
	fprintf(stderr, "emulator: cannot put %s into flash: %s\n", path, why);
	return false;
}

/* "@" in the name of a file is no address unless a number follows. */
static bool
parse_spec(struct image *image, const char *spec)
{
	if (strlen(spec) >= sizeof(image->path))
		return complain(spec, "the name is too long");
	strcpy(image->path, spec);
	char *mark = strrchr(image->path, '@'), *end;
	if (!mark)
		return true;
	errno = 0;
	unsigned long address = strtoul(mark + 1, &end, 0);
	if (errno || end == mark + 1 || *end || address > UINT32_MAX)
		return complain(spec, "after @ an address must follow");
	*mark = '\0';
	image->address = (uint32_t)address;
	image->has_address = true;
	return true;
}

static bool
read_all(struct image *image, FILE *file)
{
	image->bytes = malloc(MAX_FILE_SIZE);
	if (!image->bytes)
		abort();
	image->size = fread(image->bytes, 1, MAX_FILE_SIZE, file);
	if (ferror(file))
		return complain(image->path, strerror(errno));
	return image->size < MAX_FILE_SIZE || complain(image->path, "it is too large");
}

static bool
read_file(struct image *image)
{
	FILE *file = fopen(image->path, "rb");
	if (!file)
		return complain(image->path, strerror(errno));
	bool is_read = read_all(image, file);
	fclose(file);
	return is_read;
}

static bool
preload_part(struct soc *soc, const struct image *image, const struct elf_segment *part)
{
	char why[96];
	if (soc_preload(soc, part->at, part->bytes, part->size))
		return true;
	snprintf(why, sizeof(why), "the chip has no flash for %u bytes at 0x%08x",
		 (unsigned)part->size, (unsigned)part->at);
	return complain(image->path, why);
}

static bool
preload_elf(struct soc *soc, const struct image *image)
{
	struct elf_segment segment;
	unsigned position = 0;
	const char *error = elf_check(image->bytes, image->size);
	if (error)
		return complain(image->path, error);
	while (elf_next_segment(image->bytes, image->size, &position, &segment, &error))
		if (!preload_part(soc, image, &segment))
			return false;
	return error ? complain(image->path, error) : true;
}

static bool
preload_raw(struct soc *soc, const struct image *image)
{
	const struct elf_segment whole = { image->address, image->bytes,
					   (uint32_t)image->size };
	if (!image->has_address)
		return complain(image->path, "a raw image needs an address: FILE@ADDR");
	return preload_part(soc, image, &whole);
}

static bool
preload(struct soc *soc, struct image *image)
{
	if (!read_file(image))
		return false;
	if (!image->has_address && elf_is_elf(image->bytes, image->size))
		return preload_elf(soc, image);
	return preload_raw(soc, image);
}

bool
image_preload(struct soc *soc, const char *spec)
{
	struct image image = { .bytes = NULL };
	bool is_done = parse_spec(&image, spec) && preload(soc, &image);
	free(image.bytes);
	return is_done;
}
