/* SPDX-License-Identifier: MIT */
/*
 * chip.h - the one chip that is connected: its row of the device table, narrowed by
 * its size word and its option bytes to the memories it has.
 *
 * Parts of one DEV_ID may differ in what no register says. Of those that fit, each
 * memory has what all of them have for certain (`size`), and at most what the
 * largest has (`size_max`): a loader uses the one, the name of an address the
 * other. A layout that could not be read is never guessed: then the
 * chip has no flash that may be programmed, and flash_why says why. Flash that another core has for
 * itself is in size_max alone.
 */
#ifndef TARGETS_CHIP_CHIP_H
#define TARGETS_CHIP_CHIP_H

#include "targets/chip/device.h"
#include "transport/base/reason.h"

enum { CHIP_MAX_MEMORIES = 32 };

struct memory {
	const struct memory_entry *entry;
	uint32_t base;
	uint32_t size, size_max; /* bytes */
};

struct chip {
	const struct device *device;   /* NULL: not in the table */
	const struct variant *variant; /* NULL: there are none, or several fit */
	const struct layout *layout;   /* NULL: there are none, or it is not known */
	uint32_t idcode;               /* as it was read; 0: not at all */
	uint16_t dev_id;
	uint32_t flash_kib;
	size_t memories_len;
	struct memory memories[CHIP_MAX_MEMORIES]; /* in the order of the entry */

	bool is_flash_known;
	struct reason flash_why; /* unless is_flash_known */
};

/* Reads a word of the chip for a test of a selector. */
typedef enum cause
chip_read(void *context, uint32_t at, uint32_t *value, struct reason *why);

/* Fills `chip` for `device`, of which the size word says `flash_kib`; idcode and dev_id stay.
 * `part`: a name that selects among parts which read the same; may be NULL. A register that
 * refuses to be read (CAUSE_FAULT) leaves flash_why; other causes are the caller's. */
enum cause chip_resolve(struct chip *chip, const struct device *device, uint32_t flash_kib,
			const char *part, chip_read *read, void *context,
			struct reason *why);
/* Adds what a loader from a file programs, behind all that the chip has. CAUSE_REQUEST: the chip has
 * something of its own there, named in the reason. The entry must outlive the chip. */
enum cause
chip_add_external(struct chip *chip, const struct memory_entry *entry, struct reason *why);
/* A chip that is in no table: idcode and dev_id are all that is known. */
void chip_is_unknown(struct chip *chip);

/* Of a copy of an STM32 (clone.h): the chip itself says how much RAM it has at 0x20000000; it may
 * not be programmed as the STM32, for that reason. */
void chip_set_ram(struct chip *chip, uint32_t kib);
void chip_flash_differs(struct chip *chip, const char *name, const char *how);
/* Of a chip that is in no table: so many bytes at 0x20000000 answer. */
void chip_add_ram_found(struct chip *chip, uint32_t size);

/* The first RAM that flash algorithms may run in on the core of that name (NULL: the first
 * core); NULL: none. */
const struct memory *chip_loader_ram(const struct chip *chip, const char *core);

/* Is it flash of the chip, by its own address? */
bool memory_is_own_flash(const struct memory *memory);
/* The first of it; NULL: there is none. */
const struct memory *chip_flash(const struct chip *chip);
/* Of a NULL chip nothing is known. */
bool chip_is_flash(const struct chip *chip, uint32_t at);
/* How a word of erased flash reads; of a chip that is not known, or has none, all ones. */
uint32_t chip_erased_word(const struct chip *chip);
bool chip_is_ram(const struct chip *chip, uint32_t at);
/* Does what is there answer only when the program has turned its clock on? */
bool chip_needs_clock(const struct chip *chip, uint32_t at);
/* Are these option bytes, whose fields are known by name? */
bool chip_is_option(const struct chip *chip, uint32_t at);
/* The one core that reaches what lies there; NULL: more do, or it is that of this name. */
const char *chip_owner(const struct chip *chip, const char *core, uint32_t at);
/* May flash that is not known lie there? */
bool chip_may_be_flash(const struct chip *chip, uint32_t at);
/* What lies there: "flash bank 1", "SRAM2", "beyond this chip's RAM"; for messages, after "this
 * is". */
const char *chip_region_name(const struct chip *chip, uint32_t at);

#endif /* TARGETS_CHIP_CHIP_H */
