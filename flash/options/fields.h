/* SPDX-License-Identifier: MIT */
/*
 * fields.h - what the sets of several families have in common: fields of one name and meaning, the
 * rules that go with them, and the keys.
 *
 * Fields, bits and values: the manuals that each set names, chapter "Option bytes", beside ST's
 * CMSIS device headers (modm-io/cmsis-header-stm32 2a7fde8). What locks you out: the same
 * chapters, and what users reported to ST's community, openocd and SEGGER.
 */
#ifndef FLASH_OPTIONS_FIELDS_H
#define FLASH_OPTIONS_FIELDS_H

#include "flash/options/sets.h"

#define YES_NO(zero, one) "0=" zero ";1=" one

/* Names of bits that several families have, with the same meaning. */
#define NRST(name_, at_, lsb_, mode)                                      \
	{                                                                 \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = 1,  \
		.what = "on entering " mode,                              \
		.values = YES_NO("the chip is reset instead", "no reset") \
	}
#define WATCHDOG(name_, at_, lsb_, what_)                                                 \
	{                                                                                 \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = 1, .what = (what_), \
		.values = YES_NO("runs from power-on", "started by software")             \
	}
#define COUNTS(name_, at_, lsb_, mode)                                                     \
	{                                                                                  \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = 1,                   \
		.what = "watchdog in " mode, .values = YES_NO("stands still", "counts on") \
	}
#define BIT_OF(name_, at_, lsb_, what_, values_)                                          \
	{                                                                                 \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = 1, .what = (what_), \
		.values = (values_)                                                       \
	}
#define NUMBER(name_, at_, lsb_, width_, what_)                                 \
	{                                                                       \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = (width_), \
		.what = (what_)                                                 \
	}
#define RDP(at_, lsb_)                                                                     \
	{                                                                                  \
		.name = "RDP", .at = (at_), .lsb = (lsb_), .width = 8, .kind = OPTION_RDP, \
		.what = "read protection"                                                  \
	}
#define BOR(at_, lsb_, width_)                                                    \
	{                                                                         \
		.name = "BOR_LEV", .at = (at_), .lsb = (lsb_), .width = (width_), \
		.kind = OPTION_BOR, .what = "brown-out reset"                     \
	}
/* A bit that is 0 protects. */
#define NWRP(name_, at_, lsb_, width_, what_)                                          \
	{                                                                              \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = (width_),        \
		.kind = OPTION_WRP, .none = (uint32_t)((UINT64_C(1) << (width_)) - 1), \
		.what = (what_)                                                        \
	}
/* From the first page to the last; none when the first is behind the last. */
#define WRP_AREA(first, last, at_, bits)                                           \
	{ .name = (first),                                                         \
	  .at = (at_),                                                             \
	  .lsb = 0,                                                                \
	  .width = (bits),                                                         \
	  .kind = OPTION_WRP,                                                      \
	  .none = (1u << (bits)) - 1,                                              \
	  .what = "first write-protected page" },                                  \
	{                                                                          \
		.name = (last), .at = (at_), .lsb = 16, .width = (bits),           \
		.kind = OPTION_WRP, .none = 0, .what = "last write-protected page" \
	}
#define AREA(first, last, at_, last_at, last_lsb, bits, what_)                       \
	{ .name = (first),                                                           \
	  .at = (at_),                                                               \
	  .lsb = 0,                                                                  \
	  .width = (bits),                                                           \
	  .what = "first unit of " what_ },                                          \
	{                                                                            \
		.name = (last), .at = (last_at), .lsb = (last_lsb), .width = (bits), \
		.what = "last unit of " what_                                        \
	}
#define PAGES(name_, at_, lsb_, bits, none_, what_, ...)                        \
	{                                                                       \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = (bits),   \
		.kind = OPTION_WRP, .none = (none_), .what = (what_), .only = { \
			__VA_ARGS__                                             \
		}                                                               \
	}
#define UNITS(name_, at_, bits, what_, ...)                                               \
	{                                                                                 \
		.name = (name_), .at = (at_), .lsb = 0, .width = (bits), .what = (what_), \
		.only = {                                                                 \
			__VA_ARGS__                                                       \
		}                                                                         \
	}

/* Rules that several families have. */
#define HARDWARE_WATCHDOG(name)                                                            \
	{                                                                                  \
		name, OPTION_EQUALS, 0, NULL, 0, OPTION_ASKS,                              \
			name "=0: the watchdog starts at power-on: a program that does "   \
			     "not feed it within half a second is reset for ever, and so " \
			     "is an empty chip. Way back: connect under reset"             \
	}
#define RESETS_ASLEEP(name)                                                      \
	{                                                                        \
		name, OPTION_EQUALS, 0, NULL, 0, OPTION_WARNS,                   \
			name "=0: a program that sleeps resets the chip instead" \
	}
#define RESETS_SLEEPER(name)                                              \
	{                                                                 \
		name, OPTION_EQUALS, 1, "IWDG_SW", 0, OPTION_WARNS,       \
			name "=1: the watchdog resets a chip that sleeps" \
	}
#define WINDOW_WATCHDOG(name)                                                          \
	{                                                                              \
		name, OPTION_EQUALS, 0, NULL, 0, OPTION_ASKS,                          \
			name                                                           \
			"=0: the window watchdog starts at a reset: a program that "   \
			"does not feed it within some 16 to 65 ms is reset for ever. " \
			"Way back: connect under reset"                                \
	}
/* From the first to the last unit, which are in two fields. */
#define PCROP_AREA(first, last)                                                            \
	{                                                                                  \
		first, OPTION_IS_AREA, 0, last, 0, OPTION_ASKS,                            \
			"PCROP: this area can no longer be read or changed, and only "     \
			"grow. With the vectors in it the chip cannot start. Way back: "   \
			"RDP to level 1 and back to 0 with PCROP_RDP=1, which erases the " \
			"chip"                                                             \
	}
/* That the program can hide until a reset: so many pages, or as many as an option says. */
#define HIDES_PAGES(name)                                                              \
	{                                                                              \
		name, OPTION_DIFFERS, 0, NULL, 0, OPTION_ASKS,                         \
			name ": once the program locks these pages, neither it nor a " \
			     "debugger sees them until a reset"                        \
	}
/* FLASH_SECR.HDP1EN of U0, those of FLASH_SECWM1R2 of U3 and WBA2: 0xb4 alone hides nothing. ST's
 * scripts for a NUCLEO-U083RC take it back by HDP1EN=0xB4 and set it by HDP1EN=1 (ROT_Provisioning);
 * that WBA2's is alike: assumption. */
#define HIDING(name_, at_, what_, ...)                                                 \
	{                                                                              \
		.name = (name_), .at = (at_), .lsb = 24, .width = 8,                   \
		.what = what_ ", unless this is 0xb4", .values = "0xb4=off", .only = { \
			__VA_ARGS__                                                    \
		}                                                                      \
	}
#define HIDES_BY_CODE(name)                                                       \
	{                                                                         \
		name, OPTION_DIFFERS, 0xb4, NULL, 0, OPTION_ASKS,                 \
			name " is not 0xb4: once the program locks these pages, " \
			     "neither it nor a debugger sees them until a reset"  \
	}
#define PARITY(name)                                                                    \
	{                                                                               \
		name, OPTION_EQUALS, 0, NULL, 0, OPTION_WARNS,                          \
			name                                                            \
			"=0: reads of RAM that nobody wrote fault, also for a debugger" \
	}
#define DESTROYS_PINS(name, volts)                                                     \
	{                                                                              \
		name, OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,                       \
			name "=1: a supply above " volts                               \
			     " V then destroys the pins, and nothing on the chip can " \
			     "take that back"                                          \
	}

/* A register that is read where it is written. */
#define SAME_PLACE(name, at, ...)   \
	{                           \
		name, at, at,       \
		{                   \
			__VA_ARGS__ \
		}                   \
	}

/* One that is written in the word behind it: _CUR and _PRG. */
#define CURRENT(name, at, ...)      \
	{                           \
		name, at, (at) + 4, \
		{                   \
			__VA_ARGS__ \
		}                   \
	}

enum { KEY_1 = 0x45670123, OPTION_KEY_1 = 0x08192a3b, OPTION_KEY_2 = 0x4c5d6e7f };
#define KEY_2 0xcdef89abu

/* The controller of STM32L4 and its kin. OPTVERR in SR stays from the reset before. */
#define CONTROL_OF_L4(busy_, errors_)                                                    \
	{                                                                                \
		.keyr = 0x08, .keyr_lock = 1u << 31, .optkeyr = 0x0c,                    \
		.keys = { KEY_1, KEY_2 }, .option_keys = { OPTION_KEY_1, OPTION_KEY_2 }, \
		.cr = 0x14, .lock = 1u << 30, .lock_value = 1u << 30, .start = 1u << 17, \
		.launch = 1u << 27, .sr = 0x10, .busy = (busy_), .error_at = 0x10,       \
		.errors = (errors_), .clear = 0x10                                       \
	}

/* Of the family of L4. */
#define SLEEP_RULES_OF_L4                                                \
	HARDWARE_WATCHDOG("IWDG_SW"), RESETS_ASLEEP("nRST_STOP"),        \
		RESETS_ASLEEP("nRST_STDBY"), RESETS_ASLEEP("nRST_SHDW"), \
		WINDOW_WATCHDOG("WWDG_SW"), RESETS_SLEEPER("IWDG_STOP"), \
		RESETS_SLEEPER("IWDG_STDBY")
/* nBOOT0 counts in place of the pin while `chooser` is `value`. */
#define BOOT0_BY_OPTION(chooser, value)                                                 \
	{ "nBOOT0",                                                                     \
	  OPTION_EQUALS,                                                                \
	  0,                                                                            \
	  chooser,                                                                      \
	  value,                                                                        \
	  OPTION_ASKS,                                                                  \
	  chooser                                                                       \
	  "=" #value                                                                    \
	  " and nBOOT0=0: the chip starts its ROM loader or RAM, never your program" }, \
	{                                                                               \
		chooser, OPTION_EQUALS, value, NULL, 0, OPTION_WARNS,                   \
			chooser "=" #value                                              \
				": the pin BOOT0 no longer chooses the ROM loader"      \
	}

/* FLASH_OPTCR of F2, F4 and F7, in which are OPTLOCK and OPTSTRT; SR: WRPERR, OPERR (RM0090 Rev 19, 3.9). */
#define CONTROL_OF_F4                                                                 \
	{                                                                             \
		.optkeyr = 0x08, .option_keys = { OPTION_KEY_1, OPTION_KEY_2 },       \
		.cr = 0x14, .lock = 1u << 0, .lock_value = 1u << 0, .start = 1u << 1, \
		.sr = 0x0c, .busy = 1u << 16, .error_at = 0x0c,                       \
		.errors = 1u << 4 | 1u << 1, .clear = 0x0c,                           \
	}

#endif /* FLASH_OPTIONS_FIELDS_H */
