/* SPDX-License-Identifier: MIT */
/*
 * u5.c - the option bytes of STM32U5. RM0456 Rev 6, 7.4 and 7.9.13 to 7.9.24.
 */
#include "flash/options/fields.h"

enum {
	U5_OPTR,
	U5_NSBOOT0,
	U5_NSBOOT1,
	U5_SECBOOT0,
	U5_SECWM1R1,
	U5_SECWM1R2,
	U5_WRP1AR,
	U5_WRP1BR,
	U5_SECWM2R1,
	U5_SECWM2R2,
	U5_WRP2AR,
	U5_WRP2BR
};
#define SAME(name, at)                    \
	{                                 \
		name, at, at, NONE_AT_ALL \
	}
static const struct option_register u5_registers[] = {
	SAME("OPTR", 0x40),
	SAME("NSBOOTADD0R", 0x44),
	SAME("NSBOOTADD1R", 0x48),
	SAME("SECBOOTADD0R", 0x4c),
	SAME("SECWM1R1", 0x50),
	SAME("SECWM1R2", 0x54),
	SAME("WRP1AR", 0x58),
	SAME("WRP1BR", 0x5c),
	SAME("SECWM2R1", 0x60),
	SAME("SECWM2R2", 0x64),
	SAME("WRP2AR", 0x68),
	SAME("WRP2BR", 0x6c),
	{ 0 },
};
/* NSSR: OPERR, PROGERR to PGSERR, OPTWERR. */
static const struct option_control u5_control = {
	.keyr = 0x08,
	.optkeyr = 0x10,
	.keys = { KEY_1, KEY_2 },
	.option_keys = { OPTION_KEY_1, OPTION_KEY_2 },
	.cr = 0x28,
	.lock = 1u << 30,
	.lock_value = 1u << 30,
	.start = 1u << 17,
	.launch = 1u << 27,
	.sr = 0x20,
	.busy = 3u << 16,
	.error_at = 0x20,
	.errors = 0x20fa,
	.clear = 0x20,
};
#define U5_WRP(area, at_, bits, ...)                                                     \
	PAGES("WRP" area "_PSTRT", at_, 0, bits, (1u << (bits)) - 1,                     \
	      "first write-protected page", __VA_ARGS__),                                \
		PAGES("WRP" area "_PEND", at_, 16, bits, 0, "last write-protected page", \
		      __VA_ARGS__)
#define U5_UNLOCK(area, at_)                              \
	BIT_OF("WRP" area "_UNLOCK", at_, 31, "the area", \
	       YES_NO("is locked", "can be changed"))
#define U5_PAGES(bits, ...)                                                             \
	UNITS("SECWM1_PSTRT", U5_SECWM1R1, bits, "first secure page of bank 1",         \
	      __VA_ARGS__),                                                             \
		UNITS("SECWM2_PSTRT", U5_SECWM2R1, bits, "first secure page of bank 2", \
		      __VA_ARGS__),                                                     \
		U5_WRP("1A", U5_WRP1AR, bits, __VA_ARGS__),                             \
		U5_WRP("1B", U5_WRP1BR, bits, __VA_ARGS__),                             \
		U5_WRP("2A", U5_WRP2AR, bits, __VA_ARGS__),                             \
		U5_WRP("2B", U5_WRP2BR, bits, __VA_ARGS__)
#define U5_LAST(name_, at_, bits, what_, ...)                                              \
	{                                                                                  \
		.name = (name_), .at = (at_), .lsb = 16, .width = (bits), .what = (what_), \
		.only = {                                                                  \
			__VA_ARGS__                                                        \
		}                                                                          \
	}
#define U5_LASTS(bits, ...)                                                             \
	U5_LAST("SECWM1_PEND", U5_SECWM1R1, bits, "last secure page of bank 1",         \
		__VA_ARGS__),                                                           \
		U5_LAST("SECWM2_PEND", U5_SECWM2R1, bits, "last secure page of bank 2", \
			__VA_ARGS__),                                                   \
		U5_LAST("HDP1_PEND", U5_SECWM1R2, bits,                                 \
			"last page of bank 1 to be hidden", __VA_ARGS__),               \
		U5_LAST("HDP2_PEND", U5_SECWM2R2, bits,                                 \
			"last page of bank 2 to be hidden", __VA_ARGS__)
#define BOOT_ADDRESS(name_, at_, what_) NUMBER(name_, at_, 7, 25, what_ ", divided by 128")
static const struct option_field u5_fields[] = {
	RDP(U5_OPTR, 0),
	BOR(U5_OPTR, 8, 3),
	NRST("nRST_STOP", U5_OPTR, 12, "Stop"),
	NRST("nRST_STDBY", U5_OPTR, 13, "Standby"),
	NRST("nRST_SHDW", U5_OPTR, 14, "Shutdown"),
	BIT_OF("SRAM_RST", U5_OPTR, 15, "other RAM at a reset", YES_NO("erased", "kept")),
	WATCHDOG("IWDG_SW", U5_OPTR, 16, "watchdog (IWDG)"),
	COUNTS("IWDG_STOP", U5_OPTR, 17, "Stop"),
	COUNTS("IWDG_STDBY", U5_OPTR, 18, "Standby"),
	WATCHDOG("WWDG_SW", U5_OPTR, 19, "window watchdog"),
	BIT_OF("SWAP_BANK", U5_OPTR, 20, "banks", YES_NO("as they are", "swapped")),
	BIT_OF("DUALBANK", U5_OPTR, 21, "banks of a part with less flash",
	       YES_NO("one", "two")),
	BIT_OF("BKPRAM_ECC", U5_OPTR, 22, "ECC of the backup RAM", YES_NO("on", "off")),
	{ .name = "SRAM3_ECC",
	  .at = U5_OPTR,
	  .lsb = 23,
	  .width = 1,
	  .what = "ECC of SRAM3",
	  .values = YES_NO("on", "off"),
	  .only = { 0x482, 0x481, 0x476 } },
	BIT_OF("SRAM2_ECC", U5_OPTR, 24, "ECC of SRAM2", YES_NO("on", "off")),
	BIT_OF("SRAM2_RST", U5_OPTR, 25, "SRAM2 at a reset", YES_NO("erased", "kept")),
	BIT_OF("nSWBOOT0", U5_OPTR, 26, "BOOT0 comes from", YES_NO("nBOOT0", "the pin")),
	BIT_OF("nBOOT0", U5_OPTR, 27, "BOOT0 inverted, while nSWBOOT0 is 0", NULL),
	BIT_OF("PA15_PUPEN", U5_OPTR, 28, "pull-up of PA15", YES_NO("off", "on")),
	BIT_OF("IO_VDD_HSLV", U5_OPTR, 29, "fast pins for VDD below 2.7 V",
	       YES_NO("off", "on")),
	BIT_OF("IO_VDDIO2_HSLV", U5_OPTR, 30, "fast pins for VDDIO2 below 2.7 V",
	       YES_NO("off", "on")),
	BIT_OF("TZEN", U5_OPTR, 31, "TrustZone", YES_NO("off", "on")),
	BOOT_ADDRESS("NSBOOTADD0", U5_NSBOOT0, "where it starts, BOOT0 low"),
	BOOT_ADDRESS("NSBOOTADD1", U5_NSBOOT1, "where it starts, BOOT0 high"),
	BIT_OF("BOOT_LOCK", U5_SECBOOT0, 0, "with TrustZone starts from",
	       YES_NO("as the other options say", "SECBOOTADD0 alone")),
	BOOT_ADDRESS("SECBOOTADD0", U5_SECBOOT0, "where secure code starts"),
	U5_PAGES(5, 0x455),
	U5_PAGES(7, 0x482),
	U5_PAGES(8, 0x481, 0x476),
	U5_LASTS(5, 0x455),
	U5_LASTS(7, 0x482),
	U5_LASTS(8, 0x481, 0x476),
	BIT_OF("HDP1EN", U5_SECWM1R2, 31, "hiding pages of bank 1", YES_NO("off", "on")),
	BIT_OF("HDP2EN", U5_SECWM2R2, 31, "hiding pages of bank 2", YES_NO("off", "on")),
	U5_UNLOCK("1A", U5_WRP1AR),
	U5_UNLOCK("1B", U5_WRP1BR),
	U5_UNLOCK("2A", U5_WRP2AR),
	U5_UNLOCK("2B", U5_WRP2BR),
	{ 0 },
};
#define LOCKS_AREA(name)                                                                \
	{                                                                               \
		name, OPTION_EQUALS, 0, NULL, 0, OPTION_REFUSES,                        \
			name "=0: the area can never be changed again. You could come " \
			     "back only by RDP to level 1 "                             \
			     "and back to 0 with this bit in the same write, which "    \
			     "erases the chip"                                          \
	}
#define HIDES(name)                                                                      \
	{                                                                                \
		name, OPTION_EQUALS, 1, NULL, 0, OPTION_ASKS,                            \
			name "=1: once the program hides these pages, neither it nor a " \
			     "debugger sees them until a "                               \
			     "reset"                                                     \
	}
static const struct option_rule u5_rules[] = {
	HARDWARE_WATCHDOG("IWDG_SW"),
	RESETS_ASLEEP("nRST_STOP"),
	RESETS_ASLEEP("nRST_STDBY"),
	RESETS_ASLEEP("nRST_SHDW"),
	{ "WWDG_SW", OPTION_EQUALS, 0, NULL, 0, OPTION_ASKS,
	  "WWDG_SW=0: the window watchdog starts at a reset: a program that does not feed "
	  "it within some 65 ms is reset for ever. Way back: connect under reset" },
	PARITY("SRAM2_ECC"),
	PARITY("SRAM3_ECC"),
	PARITY("BKPRAM_ECC"),
	{ "SWAP_BANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "SWAP_BANK: after the reset 0x08000000 shows the other bank: if that holds no "
	  "program, the chip starts none" },
	{ "DUALBANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "DUALBANK: the banks are others then: erase all and load again" },
	{ "TZEN", OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,
	  "TZEN=1: all of the flash becomes secure and the program in it no longer starts. "
	  "You could come back only by RDP to level 1, a power cycle, and RDP=0 with "
	  "TZEN=0 in one write, which erases the chip; with nSWBOOT0=0 not even so" },
	{ "BOOT_LOCK", OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,
	  "BOOT_LOCK=1: the secure boot address becomes final; if no program is there and "
	  "RDP is raised, the chip never starts and you could never come back" },
	LOCKS_AREA("WRP1A_UNLOCK"),
	LOCKS_AREA("WRP1B_UNLOCK"),
	LOCKS_AREA("WRP2A_UNLOCK"),
	LOCKS_AREA("WRP2B_UNLOCK"),
	DESTROYS_PINS("IO_VDD_HSLV", "2.7"),
	DESTROYS_PINS("IO_VDDIO2_HSLV", "2.7"),
	HIDES("HDP1EN"),
	HIDES("HDP2EN"),
	{ "nSWBOOT0", OPTION_EQUALS, 0, "TZEN", 1, OPTION_REFUSES,
	  "nSWBOOT0=0 with TrustZone on: the ROM cannot be reached, and a secure program "
	  "that does not work locks you out for ever" },
	{ "nBOOT0", OPTION_EQUALS, 0, "nSWBOOT0", 0, OPTION_ASKS,
	  "nSWBOOT0=0 and nBOOT0=0: the chip starts at NSBOOTADD1, which as a rule is the "
	  "ROM loader" },
	{ "NSBOOTADD0", OPTION_DIFFERS, 0x100000, NULL, 0, OPTION_ASKS,
	  "NSBOOTADD0: the chip no longer starts at 0x08000000: if no program is where it "
	  "starts, the core locks up, and you get in under reset" },
	{ "NSBOOTADD1", OPTION_DIFFERS, 0x17f200, NULL, 0, OPTION_ASKS,
	  "NSBOOTADD1: the pin BOOT0 no longer starts the ROM loader" },
	{ 0 },
};
const struct option_set option_set_u5 = {
	.name = "STM32U5",
	.source = "RM0456 Rev 6",
	.base = 0x40022000,
	.control = &u5_control,
	.registers = u5_registers,
	.fields = u5_fields,
	.rules = u5_rules,
	.bor_mv = { 1700, 2000, 2200, 2500, 2800 },
	.rdp = &read_protection_u5,
	.erases = "all of the flash, all RAM and the backup registers",
};
