/* SPDX-License-Identifier: MIT */
/*
 * device.h - what one line of STM32 parts is like. Data only.
 *
 * A new STM32 is one more row in the array of its family (targets/chip/stm32/).
 * Everything that depends on the part is read from its row: how it is identified,
 * its cores, every memory it has, what programs its flash, the list of "tether
 * targets" and of README.md. chip.h narrows a row to the one chip that is
 * connected. What differs in behaviour is an enum that one other room switches on.
 */
#ifndef TARGETS_CHIP_DEVICE_H
#define TARGETS_CHIP_DEVICE_H

#include "targets/chip/flash_interface.h"
#include "targets/chip/id_place.h"
#include "transport/base/bytes.h"

enum {
	DEVICE_MAX_ID_PLACES = 4,
	DEVICE_MAX_CORES = 2,
	DEVICE_MAX_DEBUG_BITS = 6,
	SELECTOR_MAX_TESTS = 2,
	MEMORY_MAX_RUNS = 4
};

/* True when (word at `at` & mask) == value. Mask 0 ends a list. */
struct register_test {
	uint32_t at, mask, value;
};

/* Bits of a register that are set. Mask 0 ends a list. */
struct register_bits {
	uint32_t ap; /* port that reaches it */
	uint32_t at, bits;
	const char *meaning;
};

/* Fits when all of it does; one of zeros always fits. */
struct selector {
	uint16_t kib_min, kib_max; /* what the size word says; 0: any */
	struct register_test tests[SELECTOR_MAX_TESTS];
};

/* The rest of a flash, from the sector on whose number bits of a register hold, which another core has
 * for itself. Mask 0: there is none. */
struct flash_rest {
	uint32_t at, mask;
	uint32_t none;      /* bit of the register: there is none on this chip */
	const char *region; /* what it is, for messages */
};

enum memory_kind {
	MEMORY_FLASH,
	MEMORY_RAM,
	MEMORY_EEPROM, /* data EEPROM, or flash that the chip treats as such */
	MEMORY_OTP,
	MEMORY_OPTION_BYTES,
	MEMORY_SYSTEM_ROM,
	MEMORY_EXTERNAL /* a window, behind which the board may have something */
};

enum memory_flag {
	MEMORY_FOR_LOADERS = 1 << 0, /* flash algorithms may run here */
	MEMORY_LOST_BY_RESET = 1
			       << 1, /* a reset may clear it, by an option bit or always */
	MEMORY_NEEDS_SETUP = 1 << 2, /* answers once the program has turned a clock on or
					* set a controller up */
	MEMORY_WRITE_FIRST =
		1 << 3,        /* parity or ECC: a word that was never written faults */
	MEMORY_SECURE = 1 << 4 /* answers secure accesses alone (TrustZone) */
};

struct sector_run {
	uint32_t count, size; /* bytes; {0} ends the list */
};

struct memory_entry {
	const char *name;   /* "SRAM1", "flash bank 2"; NULL ends the list */
	const char *region; /* what to call it in messages; NULL: its name */
	enum memory_kind kind;
	uint8_t flags;        /* enum memory_flag */
	uint8_t cores;        /* bit n: core n of the device reaches it; 0: all do */
	const char *alias_of; /* name of the memory that is also seen here; NULL: none */
	uint32_t base;
	uint32_t size; /* bytes; 0: as the runs add up */

	/* Of what is erased by sectors. */
	const struct flash_interface *interface;
	uint32_t registers;   /* base of the controller's registers that program it */
	uint8_t number;       /* of the bank, as the controller counts: 1, 2 */
	uint8_t first_sector; /* number of its first sector, as the controller counts */
	uint8_t share;        /* this part of the size word is in it, at most what the runs
				* have; 0: all that the runs have */
	/* OTP ends with a byte for each block of so many bytes, which locks that once it is 0; 0:
	 * it has none of these. */
	uint8_t lock_block;
	struct sector_run runs[MEMORY_MAX_RUNS];
	struct flash_rest rest; /* is neither read nor programmed */
};

/* The region of external memory behind this controller. */
#define WINDOW_OF(controller)                                                         \
	"the window of the " controller ", which answers only after the program has " \
	"set up the " controller

/* The elements of a list of memories in an entry; `const struct memory_entry *`. */
#define MEMORIES(...)                   \
	((const struct memory_entry[]){ \
		__VA_ARGS__,            \
		{ .name = 0 },          \
	})

/* How flash is cut, or what else hangs on option bytes: the first of a device that fits. */
struct layout {
	const char *name; /* "DBANK=1"; NULL ends the list */
	struct selector when;
	const struct memory_entry *memories;
};
#define LAYOUTS(...)              \
	((const struct layout[]){ \
		__VA_ARGS__,      \
		{ .name = 0 },    \
	})

/* Parts of one DEV_ID that differ in what they have beside the flash that the size word counts.
 * All that fit count: chip.h says how. */
struct variant {
	const char *name; /* "STM32F103x8"; NULL ends the list */
	struct selector when;
	const struct memory_entry *memories;
};
#define VARIANTS(...)              \
	((const struct variant[]){ \
		__VA_ARGS__,       \
		{ .name = 0 },     \
	})

/* Whether a core may be debugged. */
struct core_gate {
	const char *name; /* "RCC_GCR.BOOT_C2"; NULL: none, it always can */
	struct register_test opened_by[3]; /* any of them */
	struct register_bits opens;        /* what would open it; mask 0: nothing can */
	/* Its low half has the upper half of the address of the core's vector table; 0: where the core
	 * begins is not known, and it is not shown before it has begun. */
	uint32_t boot_at;
	/* Where software may change that address before the core starts, in the upper half of a
	 * register that has a clock with enable_at's bit, and the upper half of an address at which
	 * there is nothing: a core that begins there locks up before its first instruction. */
	struct {
		uint32_t at, enable_at, enable;
		uint16_t nowhere;
	} moved_by;
	/* What the core is, which it cannot be asked before it has begun. */
	struct {
		uint32_t cpuid; /* its variant and revision count for nothing */
		uint8_t breakpoints, watchpoints;
		bool has_fpu, has_double, has_fpb_v2;
	} core;
};

struct core_entry {
	const char *name; /* "cm4": for --core and for people; NULL ends the list */
	enum core_kind kind;
	uint32_t ap;
	uint32_t watchdog_at; /* IWDG_KR of the watchdog that watches this core */
	/* Its cross trigger interface, of one core among several; 0: not known. */
	uint32_t cti_at;
	/* The register with HPRE in bits 3 to 0, by which its clock is divided from the first
	 * core's; 0: it is not. */
	uint32_t divider_at;
	uint32_t
		reset_flags; /* of those of RCC: of its own reset requests and watchdogs; 0: not known */
	struct register_test absent_if; /* parts without it say so; mask 0: all have it */
	struct core_gate gate;
};

enum size_word_kind {
	SIZE_FIXED,    /* max_flash_kib it is */
	SIZE_IN_KIB,   /* 16 bits wide */
	SIZE_IN_CODES, /* an index into `codes` (L1) */
	SIZE_LAST_WORD /* the number of the last word of four bytes (WB0) */
};

enum { SIZE_MAX_CODES = 2 };

struct size_word {
	enum size_word_kind kind;
	uint32_t at;
	uint32_t mask;                  /* of the bits that count; 0: all */
	uint16_t codes[SIZE_MAX_CODES]; /* KiB */
};

/* Whose option bytes a chip's are alike, by register and field. */
enum option_layout {
	OPTION_LAYOUT_UNKNOWN, /* nobody has described them here */
	OPTION_LAYOUT_C0,
	OPTION_LAYOUT_F0,
	OPTION_LAYOUT_F1,
	OPTION_LAYOUT_F2,
	OPTION_LAYOUT_F3,
	OPTION_LAYOUT_F4,
	OPTION_LAYOUT_F7,
	OPTION_LAYOUT_G0,
	OPTION_LAYOUT_G4,
	OPTION_LAYOUT_H5,
	OPTION_LAYOUT_H7,
	OPTION_LAYOUT_L0,
	OPTION_LAYOUT_L1,
	OPTION_LAYOUT_L4,
	OPTION_LAYOUT_L5,
	OPTION_LAYOUT_U0,
	OPTION_LAYOUT_U3,
	OPTION_LAYOUT_U5,
	OPTION_LAYOUT_WB,
	OPTION_LAYOUT_WBA,
	OPTION_LAYOUT_WL,
	OPTION_LAYOUTS
};

struct nor_controller;

struct device {
	const char *name;   /* "STM32G471/473/474/483/484": as ST writes it */
	const char *source; /* manual and revision the numbers are from: required */
	uint16_t dev_id;    /* 12 bits */
	enum id_place ids[DEVICE_MAX_ID_PLACES]; /* where it says so, the best first */
	struct size_word size_word;
	uint32_t max_flash_kib; /* 0: there is none inside */
	uint32_t unique_id_at;  /* 96 bits */
	uint32_t package_at;    /* 0: there is none */
	struct core_entry cores[DEVICE_MAX_CORES];

	const struct memory_entry *memories; /* those of every part; NULL: none */
	const struct variant *variants;      /* NULL: the parts do not differ */
	const struct layout *layouts;        /* NULL: nothing hangs on option bytes */
	enum option_layout option_layout;
	/* For serial flash, whose pins are known; NULL: none. */
	const struct nor_controller *nor_controllers;

	/* Keep the chip debuggable: freeze and low-power bits of DBGMCU. */
	struct register_bits debug_bits[DEVICE_MAX_DEBUG_BITS];
	bool has_debug_clock; /* the first of them clocks DBGMCU: given back last */
};

struct vitals;
struct trace_unit;

struct device_family {
	const char *name; /* "STM32G4" */
	const struct device *devices;
	size_t len;
	const struct vitals *vitals;    /* vitals.h; NULL: not known */
	const struct trace_unit *trace; /* trace_unit.h; NULL: none, or not known */
};

struct device_table {
	const struct device_family *const *families;
	size_t len;
};

/* Every family there is; for iteration device_at(), which gives NULL behind the last. */
extern const struct device_table device_table;
const struct device *device_at(const struct device_table *table, size_t index);

/* The family of one of its devices; NULL: of none (a chip that is in no table). */
const struct device_family *
device_family_of(const struct device_table *table, const struct device *device);

/* By DEV_ID as read at `place`; NULL when unknown. */
const struct device *
device_by_id(const struct device_table *table, enum id_place place, uint16_t dev_id);
/* By name as typed: "STM32G473VBT6", "stm32g47x"; NULL when unknown or several fit. */
const struct device *device_by_name(const struct device_table *table, const char *name);
/* Does `name` as typed begin like one of `names` ("STM32F103x8", "STM32G471/473")? */
bool device_name_fits(const char *names, const char *name);
/* The same, also of a name that ends before theirs, "STM32F4", or leaves out STM32, "f407vg". */
bool device_name_begins(const char *names, const char *name);

/* "STM32G4"; NULL: it is in no family, or is NULL. */
const char *
device_family_name(const struct device_table *table, const struct device *device);

/* Bytes: `size`, or what the runs add up to. */
uint32_t memory_entry_size(const struct memory_entry *memory);
/* Bytes on a chip whose size word says `flash_kib`. */
uint32_t memory_entry_size_at(const struct memory_entry *memory, uint32_t flash_kib);
/* KiB by what the size word reads; 0 when no part has as much. */
uint32_t device_flash_kib(const struct device *device, uint32_t size_word);
/* Does ST make parts of that line with so much flash? Of a clone, or of a part that says it is
 * another, that may not be so. */
bool device_has_flash_kib(const struct device *device, uint32_t kib);

#endif /* TARGETS_CHIP_DEVICE_H */
