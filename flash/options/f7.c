/* SPDX-License-Identifier: MIT */
/*
 * f7.c - the option bytes of STM32F7. ST's stm32f746xx.h, stm32f767xx.h, stm32f722xx.h and HAL
 * (stm32f7xx_hal_flash_ex); the sequence as RM0090 Rev 19, 3.7.
 */
#include "flash/options/fields.h"

/* OPTCR is the last: OPTSTRT is in it. */
enum { OPTCR2, OPTCR1, OPTCR };
static const struct option_register f7_registers[] = {
	SAME_PLACE("OPTCR2", 0x1c, 0x452),
	SAME_PLACE("OPTCR1", 0x18, 0),
	SAME_PLACE("OPTCR", 0x14, 0),
	{ 0 },
};
static const struct option_control f7_control = CONTROL_OF_F4;
#define F7_WRP(bits, what_, ...)                                                           \
	{                                                                                  \
		.name = "nWRP", .at = OPTCR, .lsb = 16, .width = (bits),                   \
		.kind = OPTION_WRP, .none = (1u << (bits)) - 1, .what = (what_), .only = { \
			__VA_ARGS__                                                        \
		}                                                                          \
	}
/* In units of 16 KiB. */
#define BOOT_ADDRESS(name_, lsb_, what_)                                       \
	{                                                                      \
		.name = (name_), .at = OPTCR1, .lsb = (lsb_), .width = 16,     \
		.what = (what_),                                               \
		.values = "0=ITCM RAM (0x00000000);0x40=the ROM (0x00100000);" \
			  "0x80=the flash by ITCM (0x00200000);"               \
			  "0x2000=the flash (0x08000000);"                     \
			  "0x8000=DTCM RAM (0x20000000)"                       \
	}
static const struct option_field f7_fields[] = {
	RDP(OPTCR, RDP_LSB_F4),
	BOR(OPTCR, 2, 2),
	WATCHDOG("WWDG_SW", OPTCR, 4, "window watchdog"),
	WATCHDOG("IWDG_SW", OPTCR, 5, "watchdog (IWDG)"),
	NRST("nRST_STOP", OPTCR, 6, "Stop"),
	NRST("nRST_STDBY", OPTCR, 7, "Standby"),
	COUNTS("IWDG_STDBY", OPTCR, 30, "Standby"),
	COUNTS("IWDG_STOP", OPTCR, 31, "Stop"),
	F7_WRP(8, "a bit that is 0 protects a sector", 0x449, 0x452),
	F7_WRP(12, "a bit that is 0 protects a sector, or with nDBANK=0 two", 0x451),
	BOOT_ADDRESS("BOOT_ADD0", 0, "with the pin BOOT low starts from"),
	BOOT_ADDRESS("BOOT_ADD1", 16, "with the pin BOOT high starts from"),
	{ .name = "nDBANK",
	  .at = OPTCR,
	  .lsb = 29,
	  .width = 1,
	  .what = "banks",
	  .values = YES_NO("two", "one"),
	  .only = { 0x451 } },
	{ .name = "nDBOOT",
	  .at = OPTCR,
	  .lsb = 28,
	  .width = 1,
	  .what = "with two banks starts from",
	  .values = YES_NO("the ROM, which chooses the bank", "the boot address"),
	  .only = { 0x451 } },
	{ .name = "PCROP",
	  .at = OPTCR2,
	  .lsb = 0,
	  .width = 8,
	  .what = "a bit that is 1 makes a sector execute only",
	  .only = { 0x452 } },
	{ .name = "PCROP_RDP",
	  .at = OPTCR2,
	  .lsb = 31,
	  .width = 1,
	  .what = "RDP from level 1 to 0",
	  .values = YES_NO("keeps the PCROP sectors", "erases the PCROP sectors, too"),
	  .only = { 0x452 } },
	{ 0 },
};
#define STARTS_FROM(name, value, level)                                                 \
	{                                                                               \
		name, OPTION_DIFFERS, value, NULL, 0, OPTION_ASKS,                      \
			name ": with the pin BOOT " level " the core takes its first "  \
			     "instructions from there (in units of 16 KiB): without a " \
			     "program at that address it starts none"                   \
	}
static const struct option_rule f7_rules[] = {
	HARDWARE_WATCHDOG("IWDG_SW"),
	WINDOW_WATCHDOG("WWDG_SW"),
	RESETS_ASLEEP("nRST_STOP"),
	RESETS_ASLEEP("nRST_STDBY"),
	RESETS_SLEEPER("IWDG_STOP"),
	RESETS_SLEEPER("IWDG_STDBY"),
	STARTS_FROM("BOOT_ADD0", 0x80, "low"),
	STARTS_FROM("BOOT_ADD1", 0x40, "high"),
	{ "nDBANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "nDBANK: the sectors are others then, and what the flash holds is of no use: "
	  "erase all and load again" },
	{ "nDBOOT", OPTION_EQUALS, 0, "nDBANK", 0, OPTION_WARNS,
	  "nDBOOT=0: the chip starts in its ROM, which chooses a bank" },
	{ "PCROP", OPTION_DIFFERS, 0, NULL, 0, OPTION_ASKS,
	  "PCROP: these sectors can no longer be read or changed. With the vectors in one "
	  "of them the chip cannot start. Way back: RDP to level 1 and back to 0 with "
	  "PCROP_RDP=1, which erases the chip" },
	{ "PCROP_RDP", OPTION_EQUALS, 0, NULL, 0, OPTION_REFUSES,
	  "PCROP_RDP=0: it can be set and not cleared" },
	{ 0 },
};
const struct option_set option_set_f7 = {
	.name = "STM32F7",
	.source = "ST's stm32f767xx.h and HAL",
	.base = 0x40023c00,
	.control = &f7_control,
	.registers = f7_registers,
	.fields = f7_fields,
	.rules = f7_rules,
	.bor_mv = { 2700, 2400, 2100, 1800 },
	.rdp = &read_protection_f4,
	.erases = "all of the flash and the backup RAM",
	.rdp_needs = "PCROP_RDP",
	.areas = { { .first = "PCROP" } },
};
