/* SPDX-License-Identifier: MIT */
/*
 * device.h - what one line of STM32 parts looks like. Data only.
 *
 * A new STM32 is one entry: a file or a few lines in targets/stm32/, listed in
 * device_table.c. Everything that depends on the part is read from here: how it
 * is identified, the memory map that gdb gets, which loader programs its flash.
 * What differs in behaviour is an enum that one other room switches on.
 */
#ifndef TARGETS_CHIP_DEVICE_H
#define TARGETS_CHIP_DEVICE_H

#include "transport/base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The programming interfaces ST has built; flash/ has one driver for each. */
enum flash_interface {
	FLASH_INTERFACE_NONE,
	FLASH_INTERFACE_F1,
	FLASH_INTERFACE_G4,
	FLASH_INTERFACES
};

enum {
	DEVICE_MAX_CORES = 2,
	DEVICE_MAX_RAMS = 8,
	DEVICE_MAX_LAYOUTS = 3,
	DEVICE_MAX_BANKS = 2,
	DEVICE_MAX_FREEZES = 4,
	BANK_MAX_RUNS = 4
};

struct core_entry {
	const char *name; /* "cm4": for --core and for people; NULL ends the list */
	uint8_t ap;
};

struct ram_entry {
	const char *name; /* NULL ends the list */
	uint32_t base, size;
	bool is_loader_ram; /* flash algorithms may run here; the first such one is taken */
};

struct sector_run {
	uint32_t count, size; /* bytes; {0} ends the list */
};

struct bank_entry {
	uint32_t base;
	uint32_t registers; /* base of the controller that programs it */
	uint8_t number;     /* as the controller counts: 1, 2 */
	uint8_t share;      /* the size word divided by this is in this bank; 0: no bank */
	struct sector_run runs[BANK_MAX_RUNS];
};

/* How flash is cut when (word at option_at & option_mask) == option_value. */
struct flash_layout {
	uint32_t option_mask, option_value; /* mask 0: always */
	struct bank_entry banks[DEVICE_MAX_BANKS];
};

/* A register write that keeps the chip debuggable: DBGMCU's freeze and low-power bits. */
struct register_bits {
	uint32_t at, bits; /* at 0 ends the list */
	const char *meaning;
};

struct device {
	const char *name;   /* "STM32G471/473/474/483/484": as ST writes it */
	const char *source; /* manual and revision the numbers are from: required */
	uint16_t dev_id;    /* DBGMCU_IDCODE.DEV_ID */
	uint32_t idcode_at;
	uint32_t flash_size_at; /* 16-bit word, KiB */
	uint32_t unique_id_at;  /* 96 bits */
	uint32_t max_flash_kib;
	struct core_entry cores[DEVICE_MAX_CORES];
	struct ram_entry rams[DEVICE_MAX_RAMS];

	enum flash_interface flash_interface;
	/* Word that selects a layout, the first that fits; 0 when there is one only. An
	 * option register, or the size word where larger parts are cut otherwise. */
	uint32_t option_at;
	struct flash_layout layouts[DEVICE_MAX_LAYOUTS];
	uint8_t erased_value;   /* 0xff; 0x00 on L0 and L1 */
	uint16_t program_align; /* bytes that are programmed at once */

	struct register_bits debug_bits[DEVICE_MAX_FREEZES];
};

extern const struct device *const device_table[];
extern const size_t device_table_len;

/* By DBGMCU_IDCODE.DEV_ID read at `idcode_at`; NULL when unknown. */
const struct device *device_by_id(uint32_t idcode_at, uint16_t dev_id);
/* By name as typed: "STM32G473VBT6", "stm32g47x"; NULL when unknown or several fit. */
const struct device *device_by_name(const char *name);

/* Bytes of the bank on a chip whose size word says `flash_kib`: its share of that, but not
 * more than its runs have. */
uint32_t device_bank_size(const struct bank_entry *bank, uint32_t flash_kib);

#endif /* TARGETS_CHIP_DEVICE_H */
