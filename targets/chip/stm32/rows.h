/* SPDX-License-Identifier: MIT */
/*
 * rows.h - short forms for the rows of the families beside it: one line for each
 * memory, as in the table "memory map" of a reference manual. Sizes in KiB unless a
 * name says otherwise.
 *
 * Where a row names a header of ST's, its addresses were compared with
 * that header of ST's CMSIS device package, and test/unit/targets/device_facts.tsv
 * repeats the comparison.
 */
#ifndef TARGETS_CHIP_STM32_ROWS_H
#define TARGETS_CHIP_STM32_ROWS_H

#include "targets/chip/nor_controller.h"
#include "targets/chip/stm32/families.h"
#include "targets/chip/trace_unit.h"
#include "targets/chip/vitals.h"

/* RAM that all cores reach. */
#define RAM(name_, base_, kib_, flags_)                                                  \
	{                                                                                \
		.name = (name_), .kind = MEMORY_RAM, .base = (base_), .size = KIB(kib_), \
		.flags = (flags_)                                                        \
	}
/* RAM that the cores of a mask reach (bit n: core n of the row). */
#define RAM_OF(cores_, name_, base_, kib_, flags_)                                       \
	{                                                                                \
		.name = (name_), .kind = MEMORY_RAM, .base = (base_), .size = KIB(kib_), \
		.flags = (flags_), .cores = (cores_)                                     \
	}
/* The same RAM at another address. */
#define RAM_AGAIN(name_, of_, base_, kib_, flags_)                                       \
	{                                                                                \
		.name = (name_), .kind = MEMORY_RAM, .base = (base_), .size = KIB(kib_), \
		.flags = (flags_), .alias_of = (of_)                                     \
	}
/* RAM of a chip with TrustZone: secure accesses see it 0x10000000 higher. */
#define RAM_TZ(name_, base_, kib_, flags_)                                      \
	RAM(name_, base_, kib_, flags_),                                        \
		RAM_AGAIN(name_ " (secure)", name_, (base_) + 0x10000000, kib_, \
			  MEMORY_SECURE)

/* Flash; the runs follow. */
#define BANK(name_, interface_, number_, base_, registers_, share_, ...)                   \
	{                                                                                  \
		.name = (name_), .kind = MEMORY_FLASH, .base = (base_),                    \
		.interface = (interface_), .registers = (registers_), .number = (number_), \
		.share = (share_), .runs = {                                               \
			__VA_ARGS__                                                        \
		}                                                                          \
	}
/* Flash of which FLASH_SFR gives the pages from SFSA on to the second core, unless FSD is set. */
#define FLASH_BEFORE_SFSA(interface_, registers_, count_, kib_, sfsa_, fsd_)            \
	{                                                                               \
		.name = "flash", .kind = MEMORY_FLASH, .base = 0x08000000,              \
		.interface = (interface_), .registers = (registers_), .number = 1,      \
		.share = 1, .runs = { { (count_), KIB(kib_) } }, .rest = {              \
			(registers_) + 0x80,                                            \
			(sfsa_),                                                        \
			(fsd_),                                                         \
			"the secure part of the flash (from FLASH_SFR.SFSA on), which " \
			"only the Cortex-M0+ reads and changes"                         \
		}                                                                       \
	}
/* Bank 2 of a controller that goes on counting its sectors, from `first_`. */
#define BANK_FROM(first_, interface_, base_, registers_, ...)                      \
	{                                                                          \
		.name = "flash bank 2", .kind = MEMORY_FLASH, .base = (base_),     \
		.interface = (interface_), .registers = (registers_), .number = 2, \
		.first_sector = (first_), .runs = {                                \
			__VA_ARGS__                                                \
		}                                                                  \
	}
/* All of the flash, as secure accesses see it. */
#define FLASH_SECURE(of_, interface_, count_, kib_)                                     \
	{                                                                               \
		.name = "flash (secure)", .kind = MEMORY_FLASH, .flags = MEMORY_SECURE, \
		.alias_of = (of_), .base = 0x0c000000, .interface = (interface_),       \
		.share = 1, .runs = {                                                   \
			{ (count_), KIB(kib_) }                                         \
		}                                                                       \
	}

/* What is programmed as well, and is not flash for programs; `size_` in bytes. */
#define OTP(base_, size_, interface_, registers_)                                     \
	{                                                                             \
		.name = "OTP memory", .kind = MEMORY_OTP, .base = (base_),            \
		.size = (size_), .interface = (interface_), .registers = (registers_) \
	}
#define OTP_WITH_LOCKS(base_, size_, block_, interface_, registers_)                \
	{                                                                           \
		.name = "OTP memory", .kind = MEMORY_OTP, .base = (base_),          \
		.size = (size_), .lock_block = (block_), .interface = (interface_), \
		.registers = (registers_)                                           \
	}
#define OPTION_BYTES(name_, number_, base_, size_, interface_, registers_)             \
	{                                                                              \
		.name = (name_), .kind = MEMORY_OPTION_BYTES, .base = (base_),         \
		.size = (size_), .interface = (interface_), .registers = (registers_), \
		.number = (number_)                                                    \
	}
#define EEPROM(name_, base_, size_, interface_, registers_)                               \
	{                                                                                 \
		.name = (name_), .kind = MEMORY_EEPROM, .base = (base_), .size = (size_), \
		.interface = (interface_), .registers = (registers_)                      \
	}
#define SYSTEM_MEMORY(base_, kib_)                                                \
	{                                                                         \
		.name = "system memory (boot loader)", .kind = MEMORY_SYSTEM_ROM, \
		.base = (base_), .size = KIB(kib_)                                \
	}
#define EXTERNAL(what_, base_, mib_)                                                   \
	{                                                                              \
		.name = "external memory (" what_ ")", .region = WINDOW_OF(what_),     \
		.kind = MEMORY_EXTERNAL, .flags = MEMORY_NEEDS_SETUP, .base = (base_), \
		.size = KIB((mib_)*1024)                                               \
	}

/* A part whose size word reads that many KiB, and the memories that set it apart. */
#define PART_OF(name_, kib_, ...)                                       \
	{                                                               \
		.name = (name_), .when = { (kib_), (kib_), { { 0 } } }, \
		.memories = MEMORIES(__VA_ARGS__)                       \
	}

/* Of a part that has nothing beside what all have. */
#define NO_MEMORIES MEMORIES({ .name = 0 })

/* A layout for chips of that size, for those with an option bit as well, and for the rest. */
#define LAYOUT_OF(name_, kib_, ...)                                     \
	{                                                               \
		.name = (name_), .when = { (kib_), (kib_), { { 0 } } }, \
		.memories = MEMORIES(__VA_ARGS__)                       \
	}
#define LAYOUT_BY(name_, kib_, at_, bit_, value_, ...)                       \
	{                                                                    \
		.name = (name_),                                             \
		.when = { (kib_), (kib_), { { (at_), (bit_), (value_) } } }, \
		.memories = MEMORIES(__VA_ARGS__)                            \
	}
#define LAYOUT_ELSE(name_, ...)                                    \
	{                                                          \
		.name = (name_), .memories = MEMORIES(__VA_ARGS__) \
	}

/* The one core of a row, behind port `ap_`. */
#define ONE_CORE(name_, kind_, ap_, watchdog_)                         \
	{                                                              \
		{                                                      \
			.name = (name_), .kind = (kind_), .ap = (ap_), \
			.watchdog_at = (watchdog_)                     \
		}                                                      \
	}

/* DBGMCU of F2, F3, F4, F7, L1, L4, G4: CR and APB1_FZ of the same bits. */
#define DEBUG_BITS_E0042000                                                        \
	{                                                                          \
		{ 0, 0xe0042004, 0x00000007, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" }, \
		{                                                                  \
			0, 0xe0042008, 0x00001800, "DBG_WWDG_STOP, DBG_IWDG_STOP"  \
		}                                                                  \
	}
/* DBGMCU of a Cortex-M0 or M0+, which has a clock of its own to be turned on first. */
#define DEBUG_BITS_40015800(rcc_, enable_, cr_, meaning_)                         \
	{                                                                         \
		{ 0, (rcc_), (enable_), "the clock of DBGMCU" },                  \
			{ 0, 0x40015804, (cr_), meaning_ },                       \
		{                                                                 \
			0, 0x40015808, 0x00001800, "DBG_WWDG_STOP, DBG_IWDG_STOP" \
		}                                                                 \
	}
/* DBGMCU of L5, U3, U5, H5 and WBA, behind port `ap_`. There is no DBG_SLEEP: a core that
 * sleeps keeps its debug clock. */
#define DEBUG_BITS_E0044000(ap_)                                                      \
	{                                                                             \
		{ (ap_), 0xe0044004, 0x00000006, "DBG_STOP, DBG_STANDBY" },           \
		{                                                                     \
			(ap_), 0xe0044008, 0x00001800, "DBG_WWDG_STOP, DBG_IWDG_STOP" \
		}                                                                     \
	}

#endif /* TARGETS_CHIP_STM32_ROWS_H */
