/* SPDX-License-Identifier: MIT */
/*
 * file.h - images in files: ELF (32 bits, little-endian: what its segments load), Intel HEX,
 * Motorola S-records, UF2 (uf2.h), and anything else as bytes that begin at an address.
 *
 * Formats: System V ABI, chapters 4 and 5; Intel, "Hexadecimal Object File Format Specification",
 * Rev A; srec_motorola(5).
 */
#ifndef FLASH_LOAD_FILE_H
#define FLASH_LOAD_FILE_H

#include "flash/load/image.h"

struct file_place {
	bool is_given; /* where a file that names no addresses begins */
	uint32_t at;
};

/* Adds what the file holds. What it or the image gives twice must be the same. CAUSE_HOST: it
 * cannot be read, or there is no memory; CAUSE_REQUEST: it is malformed (the line, or what of the
 * header), has nothing to load, or names no addresses and no place is given; or as
 * image_add_new(). May block for as long as the disk takes. */
enum cause file_read(const char *path, const struct file_place *place, struct image *image,
		     struct reason *why);
/* The same of bytes in memory; `path` is for the reason. */
enum cause file_parse(const char *path, const uint8_t *bytes, size_t size,
		      const struct file_place *place, struct image *image,
		      struct reason *why);

/* Writes `size` bytes of the memory at `at`. What the name ends with says how: .hex or .ihex;
 * .srec, .s19, .s28, .s37 or .mot; .uf2, for any chip; else the bytes alone. CAUSE_HOST: the file
 * cannot be written. May block for as long as the disk takes. */
enum cause file_write(const char *path, uint32_t at, const uint8_t *bytes, uint32_t size,
		      struct reason *why);

#endif /* FLASH_LOAD_FILE_H */
