/* SPDX-License-Identifier: MIT */
/*
 * u5.c - the option bytes of STM32U5: RM0456 Rev 6, 7.4 and 7.9.13 to 7.9.24; and of those whose
 * registers lie where U5 has them: L5 (RM0438 Rev 7, 6.9), U3 (RM0487 Rev 2, 7.9), WBA (RM0493 Rev 3,
 * RM0515 and ST's stm32wba25xx.h).
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
static const struct option_register u5_registers[] = {
	SAME_PLACE("OPTR", 0x40, 0),
	SAME_PLACE("NSBOOTADD0R", 0x44, 0),
	SAME_PLACE("NSBOOTADD1R", 0x48, 0),
	SAME_PLACE("SECBOOTADD0R", 0x4c, 0),
	SAME_PLACE("SECWM1R1", 0x50, 0),
	SAME_PLACE("SECWM1R2", 0x54, 0),
	SAME_PLACE("WRP1AR", 0x58, 0),
	SAME_PLACE("WRP1BR", 0x5c, 0),
	SAME_PLACE("SECWM2R1", 0x60, 0),
	SAME_PLACE("SECWM2R2", 0x64, 0),
	SAME_PLACE("WRP2AR", 0x68, 0),
	SAME_PLACE("WRP2BR", 0x6c, 0),
	{ 0 },
};
/* NSSR: OPERR, PROGERR to PGSERR, OPTWERR. */
static const struct option_control u5_control = {
	.keyr = 0x08,
	.keyr_lock = 1u << 31,
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
#define RESETS_BY_WINDOW                                                               \
	{                                                                              \
		"WWDG_SW", OPTION_EQUALS, 0, NULL, 0, OPTION_ASKS,                     \
			"WWDG_SW=0: the window watchdog starts at a reset: a program " \
			"that does not feed it within some 65 ms is reset for ever. "  \
			"Way back: connect under reset"                                \
	}
#define SWAPS_BANKS                                                                    \
	{                                                                              \
		"SWAP_BANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,                  \
			"SWAP_BANK: after the reset 0x08000000 shows the other bank: " \
			"if that holds no program, the chip starts none"               \
	}
#define MOVES_BANKS(name)                                                            \
	{                                                                            \
		name, OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,                       \
			name ": the banks are others then: erase all and load again" \
	}
#define SECURES                                                                           \
	{ "TZEN",                                                                         \
	  OPTION_EQUALS,                                                                  \
	  1,                                                                              \
	  NULL,                                                                           \
	  0,                                                                              \
	  OPTION_REFUSES,                                                                 \
	  "TZEN=1: all of the flash becomes secure and the program in it no longer "      \
	  "starts. You could come back only by RDP to level 1, a power cycle, and RDP=0 " \
	  "with TZEN=0 in one write, which erases the chip; with nSWBOOT0=0 not even "    \
	  "so" },                                                                         \
		{ "BOOT_LOCK",                                                            \
		  OPTION_EQUALS,                                                          \
		  1,                                                                      \
		  NULL,                                                                   \
		  0,                                                                      \
		  OPTION_REFUSES,                                                         \
		  "BOOT_LOCK=1: the secure boot address becomes final; if no program is " \
		  "there and RDP is raised, the chip never starts and you could never "   \
		  "come back" },                                                          \
	{                                                                                 \
		"nSWBOOT0", OPTION_EQUALS, 0, "TZEN", 1, OPTION_REFUSES,                  \
			"nSWBOOT0=0 with TrustZone on: the ROM cannot be reached, and a " \
			"secure "                                                         \
			"program that does not work locks you out for ever"               \
	}
#define STARTS_ELSEWHERE(first, second)                                                   \
	{ "nBOOT0",                                                                       \
	  OPTION_EQUALS,                                                                  \
	  0,                                                                              \
	  "nSWBOOT0",                                                                     \
	  0,                                                                              \
	  OPTION_ASKS,                                                                    \
	  "nSWBOOT0=0 and nBOOT0=0: the chip starts at " second                           \
	  ", which as a rule is the ROM loader" },                                        \
	{                                                                                 \
		first, OPTION_DIFFERS, 0x100000, NULL, 0, OPTION_ASKS,                    \
			first ": the chip no longer starts at 0x08000000: if no program " \
			      "is where it starts, the core locks up, and you get in "    \
			      "under reset"                                               \
	}
static const struct option_rule u5_rules[] = {
	HARDWARE_WATCHDOG("IWDG_SW"),
	RESETS_ASLEEP("nRST_STOP"),
	RESETS_ASLEEP("nRST_STDBY"),
	RESETS_ASLEEP("nRST_SHDW"),
	RESETS_BY_WINDOW,
	PARITY("SRAM2_ECC"),
	PARITY("SRAM3_ECC"),
	PARITY("BKPRAM_ECC"),
	SWAPS_BANKS,
	MOVES_BANKS("DUALBANK"),
	SECURES,
	LOCKS_AREA("WRP1A_UNLOCK"),
	LOCKS_AREA("WRP1B_UNLOCK"),
	LOCKS_AREA("WRP2A_UNLOCK"),
	LOCKS_AREA("WRP2B_UNLOCK"),
	DESTROYS_PINS("IO_VDD_HSLV", "2.7"),
	DESTROYS_PINS("IO_VDDIO2_HSLV", "2.7"),
	HIDES("HDP1EN"),
	HIDES("HDP2EN"),
	STARTS_ELSEWHERE("NSBOOTADD0", "NSBOOTADD1"),
	{ "NSBOOTADD1", OPTION_DIFFERS, 0x17f200, NULL, 0, OPTION_ASKS,
	  "NSBOOTADD1: the pin BOOT0 no longer starts the ROM loader" },
	{ 0 },
};
#define U5_SET(name_, source_, registers_, fields_, rules_)                             \
	{                                                                               \
		.name = (name_), .source = (source_), .base = 0x40022000,               \
		.control = &u5_control, .registers = (registers_), .fields = (fields_), \
		.rules = (rules_), .bor_mv = { 1700, 2000, 2200, 2500, 2800 },          \
		.rdp = &read_protection_u5,                                             \
		.erases = "all of the flash, all RAM and the backup registers"          \
	}
const struct option_set option_set_u5 =
	U5_SET("STM32U5", "RM0456 Rev 6", u5_registers, u5_fields, u5_rules);

/* --- those that are alike ------------------------------------------------------------------- */

#define LOW_POWER_OF_ALL                                                             \
	RDP(U5_OPTR, 0), BOR(U5_OPTR, 8, 3), NRST("nRST_STOP", U5_OPTR, 12, "Stop"), \
		NRST("nRST_STDBY", U5_OPTR, 13, "Standby"),                          \
		WATCHDOG("IWDG_SW", U5_OPTR, 16, "watchdog (IWDG)"),                 \
		COUNTS("IWDG_STOP", U5_OPTR, 17, "Stop"),                            \
		COUNTS("IWDG_STDBY", U5_OPTR, 18, "Standby"),                        \
		BIT_OF("SRAM2_PE", U5_OPTR, 24, "parity of SRAM2",                   \
		       YES_NO("checked", "not checked")),                            \
		BIT_OF("SRAM2_RST", U5_OPTR, 25, "SRAM2 at a reset",                 \
		       YES_NO("erased", "kept")),                                    \
		BIT_OF("nSWBOOT0", U5_OPTR, 26, "BOOT0 comes from",                  \
		       YES_NO("nBOOT0", "the pin")),                                 \
		BIT_OF("nBOOT0", U5_OPTR, 27, "BOOT0 inverted, while nSWBOOT0 is 0", NULL)
#define WINDOW_OF_OPTR WATCHDOG("WWDG_SW", U5_OPTR, 19, "window watchdog")
#define SWAP_OF_OPTR \
	BIT_OF("SWAP_BANK", U5_OPTR, 20, "banks", YES_NO("as they are", "swapped"))
#define FAST_PINS                                                                         \
	BIT_OF("IO_VDD_HSLV", U5_OPTR, 29, "fast pins for VDD below 2.5 V",               \
	       YES_NO("off", "on")),                                                      \
		BIT_OF("IO_VDDIO2_HSLV", U5_OPTR, 30, "fast pins for VDDIO2 below 2.5 V", \
		       YES_NO("off", "on"))
#define BOOTS(first, second, secure)                                                    \
	BOOT_ADDRESS(first, U5_NSBOOT0, "where it starts, BOOT0 low"),                  \
		BOOT_ADDRESS(second, U5_NSBOOT1, "where it starts, BOOT0 high"),        \
		BIT_OF("TZEN", U5_OPTR, 31, "TrustZone", YES_NO("off", "on")),          \
		BIT_OF("BOOT_LOCK", U5_SECBOOT0, 0, "with TrustZone starts from",       \
		       YES_NO("as the other options say", "the secure address alone")), \
		BOOT_ADDRESS(secure, U5_SECBOOT0, "where secure code starts")
#define RULES_OF_ALL                                                               \
	HARDWARE_WATCHDOG("IWDG_SW"), RESETS_ASLEEP("nRST_STOP"),                  \
		RESETS_ASLEEP("nRST_STDBY"), RESETS_BY_WINDOW, PARITY("SRAM2_PE"), \
		SWAPS_BANKS, SECURES

static const struct option_field l5_fields[] = {
	LOW_POWER_OF_ALL,
	NRST("nRST_SHDW", U5_OPTR, 14, "Shutdown"),
	WINDOW_OF_OPTR,
	SWAP_OF_OPTR,
	BIT_OF("DB256K", U5_OPTR, 21, "banks of a part with 256 KiB", YES_NO("one", "two")),
	BIT_OF("DBANK", U5_OPTR, 22, "banks of a part with 512 KiB", YES_NO("one", "two")),
	BIT_OF("PA15_PUPEN", U5_OPTR, 28, "pull-up of PA15", YES_NO("off", "on")),
	BOOTS("NSBOOTADD0", "NSBOOTADD1", "SECBOOTADD0"),
	U5_PAGES(7, 0x472),
	U5_LASTS(7, 0x472),
	BIT_OF("HDP1EN", U5_SECWM1R2, 31, "hiding pages of bank 1", YES_NO("off", "on")),
	BIT_OF("HDP2EN", U5_SECWM2R2, 31, "hiding pages of bank 2", YES_NO("off", "on")),
	{ 0 },
};
static const struct option_rule l5_rules[] = {
	RULES_OF_ALL,
	RESETS_ASLEEP("nRST_SHDW"),
	MOVES_BANKS("DBANK"),
	MOVES_BANKS("DB256K"),
	HIDES("HDP1EN"),
	HIDES("HDP2EN"),
	STARTS_ELSEWHERE("NSBOOTADD0", "NSBOOTADD1"),
	{ 0 },
};
const struct option_set option_set_l5 =
	U5_SET("STM32L5", "RM0438 Rev 7", u5_registers, l5_fields, l5_rules);

static const struct option_register u3_registers[] = {
	SAME_PLACE("OPTR", 0x40, 0),
	SAME_PLACE("BOOT0R", 0x44, 0),
	SAME_PLACE("BOOT1R", 0x48, 0),
	SAME_PLACE("SBOOT0R", 0x4c, 0),
	SAME_PLACE("SECWM1R1", 0x50, 0),
	SAME_PLACE("SECWM1R2", 0x54, 0),
	SAME_PLACE("WRP1AR", 0x58, 0),
	SAME_PLACE("WRP1BR", 0x5c, 0),
	SAME_PLACE("SECWM2R1", 0x60, 0),
	SAME_PLACE("SECWM2R2", 0x64, 0),
	SAME_PLACE("WRP2AR", 0x68, 0),
	SAME_PLACE("WRP2BR", 0x6c, 0),
	{ 0 },
};
#define UNLOCKS_OF_TWO                                          \
	U5_UNLOCK("1A", U5_WRP1AR), U5_UNLOCK("1B", U5_WRP1BR), \
		U5_UNLOCK("2A", U5_WRP2AR), U5_UNLOCK("2B", U5_WRP2BR)
static const struct option_field u3_fields[] = {
	LOW_POWER_OF_ALL,
	BIT_OF("BDRST_POR", U5_OPTR, 11, "a reset by the supply",
	       YES_NO("keeps the backup domain", "resets it as well")),
	NRST("nRST_SHDW", U5_OPTR, 14, "Shutdown"),
	BIT_OF("SRAM1_RST", U5_OPTR, 15, "SRAM1 at a reset", YES_NO("erased", "kept")),
	WINDOW_OF_OPTR,
	SWAP_OF_OPTR,
	BIT_OF("DUALBANK", U5_OPTR, 21, "banks of a part with less flash",
	       YES_NO("one", "two")),
	BIT_OF("SRAM3_PE", U5_OPTR, 23, "parity of SRAM3",
	       YES_NO("checked", "not checked")),
	FAST_PINS,
	BOOTS("BOOTADD0", "BOOTADD1", "SBOOTADD0"),
	U5_PAGES(7, 0x454),
	U5_PAGES(8, 0x42a),
	U5_LASTS(7, 0x454),
	U5_LASTS(8, 0x42a),
	HIDING("HDP1EN", U5_SECWM1R2, "hiding pages of bank 1", 0),
	HIDING("HDP2EN", U5_SECWM2R2, "hiding pages of bank 2", 0),
	UNLOCKS_OF_TWO,
	{ 0 },
};
static const struct option_rule u3_rules[] = {
	RULES_OF_ALL,
	RESETS_ASLEEP("nRST_SHDW"),
	PARITY("SRAM3_PE"),
	MOVES_BANKS("DUALBANK"),
	LOCKS_AREA("WRP1A_UNLOCK"),
	LOCKS_AREA("WRP1B_UNLOCK"),
	LOCKS_AREA("WRP2A_UNLOCK"),
	LOCKS_AREA("WRP2B_UNLOCK"),
	DESTROYS_PINS("IO_VDD_HSLV", "2.5"),
	DESTROYS_PINS("IO_VDDIO2_HSLV", "2.5"),
	HIDES_BY_CODE("HDP1EN"),
	HIDES_BY_CODE("HDP2EN"),
	STARTS_ELSEWHERE("BOOTADD0", "BOOTADD1"),
	{ 0 },
};
const struct option_set option_set_u3 =
	U5_SET("STM32U3", "RM0487 Rev 2", u3_registers, u3_fields, u3_rules);

/* WBA6 has two banks, and the names of U5 for what they have. */
#define OF_WBA6(name, at)     \
	{                     \
		name, at, at, \
		{             \
			0x4b0 \
		}             \
	}
static const struct option_register wba_registers[] = {
	SAME_PLACE("OPTR", 0x40, 0),
	SAME_PLACE("NSBOOTADD0R", 0x44, 0),
	SAME_PLACE("NSBOOTADD1R", 0x48, 0),
	SAME_PLACE("SECBOOTADD0R", 0x4c, 0),
	SAME_PLACE("SECWMR1", 0x50, 0),
	SAME_PLACE("SECWMR2", 0x54, 0),
	SAME_PLACE("WRPAR", 0x58, 0),
	SAME_PLACE("WRPBR", 0x5c, 0),
	OF_WBA6("SECWM2R1", 0x60),
	OF_WBA6("SECWM2R2", 0x64),
	OF_WBA6("WRP2AR", 0x68),
	OF_WBA6("WRP2BR", 0x6c),
	{ 0 },
};
#define ONE_BIT_OF(name_, at_, lsb_, what_, values_, ...)                                 \
	{                                                                                 \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = 1, .what = (what_), \
		.values = (values_), .only = {                                            \
			__VA_ARGS__                                                       \
		}                                                                         \
	}
#define UNLOCK_OF(name_, at_, ...)                                                    \
	ONE_BIT_OF(name_, at_, 31, "the area", YES_NO("is locked", "can be changed"), \
		   __VA_ARGS__)
#define WBA_ONE_BANK 0x492, 0x4b2
static const struct option_field wba_fields[] = {
	LOW_POWER_OF_ALL,
	BIT_OF("SRAM1_RST", U5_OPTR, 15, "SRAM1 at a reset", YES_NO("erased", "kept")),
	ONE_BIT_OF("WWDG_SW", U5_OPTR, 19, "window watchdog",
		   YES_NO("runs from power-on", "started by software"), 0x492, 0x4b0),
	ONE_BIT_OF("SWAP_BANK", U5_OPTR, 20, "banks", YES_NO("as they are", "swapped"),
		   0x4b0),
	ONE_BIT_OF("DUAL_BANK", U5_OPTR, 21, "banks", YES_NO("one", "two"), 0x4b0),
	ONE_BIT_OF("IO_VDD_HSLV", U5_OPTR, 29, "fast pins for VDD below 2.5 V",
		   YES_NO("off", "on"), 0x4b0),
	ONE_BIT_OF("IO_VDDIO2_HSLV", U5_OPTR, 30, "fast pins for VDDIO2 below 2.5 V",
		   YES_NO("off", "on"), 0x4b0),
	BOOTS("NSBOOTADD0", "NSBOOTADD1", "SECBOOTADD0"),
	UNITS("SECWM_PSTRT", U5_SECWM1R1, 7, "first secure page", WBA_ONE_BANK),
	U5_LAST("SECWM_PEND", U5_SECWM1R1, 7, "last secure page", WBA_ONE_BANK),
	U5_LAST("HDP_PEND", U5_SECWM1R2, 7, "last page to be hidden", WBA_ONE_BANK),
	ONE_BIT_OF("HDPEN", U5_SECWM1R2, 31, "hiding pages", YES_NO("off", "on"), 0x492),
	HIDING("HDPEN", U5_SECWM1R2, "hiding pages", 0x4b2),
	U5_WRP("A", U5_WRP1AR, 7, WBA_ONE_BANK),
	U5_WRP("B", U5_WRP1BR, 7, WBA_ONE_BANK),
	UNLOCK_OF("WRPA_UNLOCK", U5_WRP1AR, WBA_ONE_BANK),
	UNLOCK_OF("WRPB_UNLOCK", U5_WRP1BR, WBA_ONE_BANK),
	U5_PAGES(7, 0x4b0),
	U5_LASTS(7, 0x4b0),
	ONE_BIT_OF("HDP1EN", U5_SECWM1R2, 31, "hiding pages of bank 1", YES_NO("off", "on"),
		   0x4b0),
	ONE_BIT_OF("HDP2EN", U5_SECWM2R2, 31, "hiding pages of bank 2", YES_NO("off", "on"),
		   0x4b0),
	UNLOCK_OF("WRP1A_UNLOCK", U5_WRP1AR, 0x4b0),
	UNLOCK_OF("WRP1B_UNLOCK", U5_WRP1BR, 0x4b0),
	UNLOCK_OF("WRP2A_UNLOCK", U5_WRP2AR, 0x4b0),
	UNLOCK_OF("WRP2B_UNLOCK", U5_WRP2BR, 0x4b0),
	{ 0 },
};
static const struct option_rule wba_rules[] = {
	RULES_OF_ALL,
	MOVES_BANKS("DUAL_BANK"),
	LOCKS_AREA("WRPA_UNLOCK"),
	LOCKS_AREA("WRPB_UNLOCK"),
	LOCKS_AREA("WRP1A_UNLOCK"),
	LOCKS_AREA("WRP1B_UNLOCK"),
	LOCKS_AREA("WRP2A_UNLOCK"),
	LOCKS_AREA("WRP2B_UNLOCK"),
	DESTROYS_PINS("IO_VDD_HSLV", "2.5"),
	DESTROYS_PINS("IO_VDDIO2_HSLV", "2.5"),
	/* A bit, on WBA2 a code. */
	{ "HDPEN", OPTION_DIFFERS, 0, NULL, 0, OPTION_ASKS,
	  "HDPEN: once the program hides these pages, neither it nor a debugger sees them "
	  "until a reset" },
	HIDES("HDP1EN"),
	HIDES("HDP2EN"),
	STARTS_ELSEWHERE("NSBOOTADD0", "NSBOOTADD1"),
	{ 0 },
};
const struct option_set option_set_wba =
	U5_SET("STM32WBA", "RM0493 Rev 3, RM0515", wba_registers, wba_fields, wba_rules);
