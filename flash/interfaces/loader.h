/* SPDX-License-Identifier: MIT */
/*
 * loader.h - a loader from a file, for memory that this program has no code for: a flash algorithm
 * of CMSIS-Pack (.FLM: "Flash Programming", "Flash Device Description"), or an external loader
 * for ST's tools (.stldr: UM2237, "External loader for SPI flash").
 *
 * Both are ELF files. A .FLM describes the memory in FlashDevice, runs wherever it is loaded, and
 * returns 0 for success; an .stldr has StorageInfo, is linked for one address, and returns 1.
 * Nothing of the file is trusted: what does not fit is refused, with what is wrong.
 */
#ifndef FLASH_INTERFACES_LOADER_H
#define FLASH_INTERFACES_LOADER_H

#include "flash/interfaces/driver.h"

#include <stddef.h>

enum { LOADER_NAME_MAX = 128 };

struct loader {
	char name[LOADER_NAME_MAX + 1]; /* as its table has it */
	struct memory_entry entry;      /* the memory, for board_options.external */
	struct flash_interface interface;
	struct flash_driver driver;
	struct algorithm algorithm;
	uint8_t *code;
};

/* CAUSE_HOST: the file cannot be read, or there is no memory; CAUSE_REQUEST: it is no loader, or is
 * malformed. May block for as long as the disk takes. */
enum cause loader_read(const char *path, struct loader **loader, struct reason *why);
/* The file's bytes alone, which are the caller's to free. CAUSE_HOST. */
enum cause loader_load(const char *path, uint8_t **bytes, size_t *size, struct reason *why);
/* The same of bytes in memory; `path` is for the reason. */
enum cause loader_parse(const char *path, const uint8_t *bytes, size_t size,
			struct loader **loader, struct reason *why);
void loader_free(struct loader *loader); /* takes NULL */

/* The loader whose interface this is: of FLASH_DRIVER_EXTERNAL. */
static inline const struct loader *
loader_of(const struct flash_interface *interface)
{
	return (const struct loader *)(const void *)((const char *)interface -
						     offsetof(struct loader, interface));
}

#endif /* FLASH_INTERFACES_LOADER_H */
