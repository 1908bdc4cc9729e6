/* SPDX-License-Identifier: MIT */
/*
 * stm32.c - the option bytes of the STM32s whose flash is programmed. Fields, bits and values: the
 * manuals that each set names, chapter "Option bytes", beside ST's CMSIS device headers
 * (modm-io/cmsis-header-stm32 2a7fde8). What locks you out: the same chapters, and what users
 * reported to ST's community, openocd and SEGGER.
 */
#include "flash/options/sets.h"

#define NONE_AT_ALL \
	{           \
		0   \
	}
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

/* Rules that several families have. */
#define HARDWARE_WATCHDOG(name)                                                           \
	{                                                                                 \
		name, OPTION_EQUALS, 0, NULL, 0, OPTION_ASKS,                             \
			name "=0: the watchdog starts at power-on: a program that does "  \
			     "not feed it within "                                        \
			     "half a second is reset for ever, and so is an empty chip. " \
			     "Way back: connect under "                                   \
			     "reset"                                                      \
	}
#define RESETS_ASLEEP(name)                                                      \
	{                                                                        \
		name, OPTION_EQUALS, 0, NULL, 0, OPTION_WARNS,                   \
			name "=0: a program that sleeps resets the chip instead" \
	}
#define PARITY(name)                                                                    \
	{                                                                               \
		name, OPTION_EQUALS, 0, NULL, 0, OPTION_WARNS,                          \
			name                                                            \
			"=0: reads of RAM that nobody wrote fault, also for a debugger" \
	}

enum { KEY_1 = 0x45670123, OPTION_KEY_1 = 0x08192a3b, OPTION_KEY_2 = 0x4c5d6e7f };
#define KEY_2 0xcdef89abu

/* --- STM32F1, F0, F3: PM0075 Rev 2, 2.2 and 3; RM0091 Rev 10, RM0364 Rev 4, chapters 3 and 4 ------ */

enum {
	CELL_RDP,
	CELL_USER,
	CELL_DATA0,
	CELL_DATA1,
	CELL_WRP0,
	CELL_WRP1,
	CELL_WRP2,
	CELL_WRP3
};
#define CELL(name, at)                    \
	{                                 \
		name, at, at, NONE_AT_ALL \
	}
static const struct option_register cells[] = {
	CELL("RDP", 0),   CELL("USER", 2),  CELL("Data0", 4),
	CELL("Data1", 6), CELL("WRP0", 8),  CELL("WRP1", 10),
	CELL("WRP2", 12), CELL("WRP3", 14), { 0 },
};

#define CELL_CONTROL(launch_)                                                      \
	{                                                                          \
		.keyr = 0x04, .optkeyr = 0x08, .keys = { KEY_1, KEY_2 },           \
		.option_keys = { KEY_1, KEY_2 }, .cr = 0x10, .lock = 1u << 9,      \
		.lock_value = 0, .launch = (launch_), .sr = 0x0c, .busy = 1u << 0, \
		.error_at = 0x0c, .errors = 1u << 2 | 1u << 4, .clear = 0x0c,      \
		.has_cells = true, .cells_at = 0x1ffff800, .clock_at = 0x40021000  \
	}
static const struct option_control f1_control = CELL_CONTROL(0);
static const struct option_control f3_control = CELL_CONTROL(1u << 13);

#define CELL_FIELDS                                                              \
	RDP(CELL_RDP, 0), WATCHDOG("WDG_SW", CELL_USER, 0, "watchdog (IWDG)"),   \
		NRST("nRST_STOP", CELL_USER, 1, "Stop"),                         \
		NRST("nRST_STDBY", CELL_USER, 2, "Standby"),                     \
		NUMBER("Data0", CELL_DATA0, 0, 8, "a byte of the user's"),       \
		NUMBER("Data1", CELL_DATA1, 0, 8, "a byte of the user's"),       \
		NWRP("WRP0", CELL_WRP0, 0, 8, "a bit that is 0 protects 4 KiB"), \
		NWRP("WRP1", CELL_WRP1, 0, 8, "a bit that is 0 protects 4 KiB"), \
		NWRP("WRP2", CELL_WRP2, 0, 8, "a bit that is 0 protects 4 KiB"), \
		NWRP("WRP3", CELL_WRP3, 0, 8, "bit 7 that is 0 protects all the rest")

static const struct option_field f1_fields[] = {
	CELL_FIELDS,
	{ .name = "BFB2",
	  .at = CELL_USER,
	  .lsb = 3,
	  .width = 1,
	  .what = "starts from",
	  .values = YES_NO("bank 2, if it has a program", "bank 1"),
	  .only = { 0x430 } },
	{ 0 },
};
static const struct option_field f3_fields[] = {
	CELL_FIELDS,
	BIT_OF("nBOOT1", CELL_USER, 4, "with BOOT0 high starts from",
	       YES_NO("RAM", "the ROM loader")),
	BIT_OF("VDDA_MONITOR", CELL_USER, 5, "supervision of VDDA", YES_NO("off", "on")),
	{ .name = "SRAM_PE",
	  .at = CELL_USER,
	  .lsb = 6,
	  .width = 1,
	  .what = "parity of RAM",
	  .values = YES_NO("checked", "not checked"),
	  .only = { 0x422, 0x432, 0x438, 0x446 } },
	{ .name = "RAM_PARITY_CHECK",
	  .at = CELL_USER,
	  .lsb = 6,
	  .width = 1,
	  .what = "parity of RAM",
	  .values = YES_NO("checked", "not checked"),
	  .only = { 0x440, 0x442, 0x444, 0x445, 0x448 } },
	{ .name = "nBOOT0",
	  .at = CELL_USER,
	  .lsb = 3,
	  .width = 1,
	  .what = "BOOT0 inverted, while BOOT_SEL is 0",
	  .only = { 0x442, 0x445 } },
	{ .name = "BOOT_SEL",
	  .at = CELL_USER,
	  .lsb = 7,
	  .width = 1,
	  .what = "BOOT0 comes from",
	  .values = YES_NO("nBOOT0", "the pin"),
	  .only = { 0x442, 0x445 } },
	{ .name = "SDADC12_VDD_MONITOR",
	  .at = CELL_USER,
	  .lsb = 7,
	  .width = 1,
	  .what = "supervision of the supply of SDADC",
	  .values = YES_NO("off", "on"),
	  .only = { 0x432 } },
	{ 0 },
};
static const struct option_rule f1_rules[] = {
	HARDWARE_WATCHDOG("WDG_SW"),
	RESETS_ASLEEP("nRST_STOP"),
	RESETS_ASLEEP("nRST_STDBY"),
	{ 0 },
};
static const struct option_rule f3_rules[] = {
	HARDWARE_WATCHDOG("WDG_SW"),
	RESETS_ASLEEP("nRST_STOP"),
	RESETS_ASLEEP("nRST_STDBY"),
	PARITY("SRAM_PE"),
	PARITY("RAM_PARITY_CHECK"),
	{ "VDDA_MONITOR", OPTION_EQUALS, 1, NULL, 0, OPTION_ASKS,
	  "VDDA_MONITOR=1: without VDDA on the board the chip stays in reset" },
	{ "SDADC12_VDD_MONITOR", OPTION_EQUALS, 1, NULL, 0, OPTION_ASKS,
	  "SDADC12_VDD_MONITOR=1: without the supply of SDADC the chip stays in reset" },
	{ 0 },
};
static const uint16_t f1_ids[] = { 0x410, 0x412, 0x414, 0x418, 0x420, 0x428, 0x430, 0 };
static const uint16_t f3_ids[] = { 0x422, 0x432, 0x438, 0x439, 0x446, 0 };
static const uint16_t f0_ids[] = { 0x440, 0x442, 0x444, 0x445, 0x448, 0 };
static const struct option_set f1 = {
	.name = "STM32F1",
	.source = "PM0075 Rev 2",
	.dev_ids = f1_ids,
	.base = 0x40022000,
	.control = &f1_control,
	.registers = cells,
	.fields = f1_fields,
	.rules = f1_rules,
	.rdp = &read_protection_f1,
	.erases = "all of the flash",
};
static const struct option_set f3 = {
	.name = "STM32F3",
	.source = "RM0364 Rev 4",
	.dev_ids = f3_ids,
	.base = 0x40022000,
	.control = &f3_control,
	.registers = cells,
	.fields = f3_fields,
	.rules = f3_rules,
	.rdp = &read_protection_f3,
	.erases = "all of the flash and the backup registers",
};
static const struct option_set f0 = {
	.name = "STM32F0",
	.source = "RM0091 Rev 10",
	.dev_ids = f0_ids,
	.base = 0x40022000,
	.control = &f3_control,
	.registers = cells,
	.fields = f3_fields,
	.rules = f3_rules,
	.rdp = &read_protection_f3,
	.erases = "all of the flash",
};

/* --- STM32F2, F4: PM0059 Rev 5, chapter 2; RM0090 Rev 19, 3.9.10 and 3.9.11 -------------------------- */

enum { OPTCR1, OPTCR };
static const struct option_register f4_registers[] = {
	{ "OPTCR1", 0x18, 0x18, { 0x419, 0x434 } },
	{ "OPTCR", 0x14, 0x14, NONE_AT_ALL },
	{ 0 },
};
static const struct option_control f4_control = {
	.optkeyr = 0x08,
	.option_keys = { OPTION_KEY_1, OPTION_KEY_2 },
	.cr = 0x14,
	.lock = 1u << 0,
	.lock_value = 1u << 0,
	.start = 1u << 1,
	.sr = 0x0c,
	.busy = 1u << 16,
	.error_at = 0x0c,
	.errors = 1u << 4 | 1u << 1,
	.clear = 0x0c,
};
#define F4_WRP(bits, ...)                                                                 \
	{                                                                                 \
		.name = "nWRP", .at = OPTCR, .lsb = 16, .width = (bits),                  \
		.kind = OPTION_WRP, .none = (1u << (bits)) - 1,                           \
		.what = "a bit that is 0 protects a sector (while SPRMOD is 1: one that " \
			"is 1)",                                                          \
		.only = {                                                                 \
			__VA_ARGS__                                                       \
		}                                                                         \
	}
#define F4_FIELDS                                                \
	RDP(OPTCR, RDP_LSB_F4), BOR(OPTCR, 2, 2),                \
		WATCHDOG("WDG_SW", OPTCR, 5, "watchdog (IWDG)"), \
		NRST("nRST_STOP", OPTCR, 6, "Stop"),             \
		NRST("nRST_STDBY", OPTCR, 7, "Standby")
static const struct option_field f4_fields[] = {
	F4_FIELDS,
	F4_WRP(12, 0x413, 0x419, 0x434, 0x441, 0x411),
	F4_WRP(8, 0x421, 0x433, 0x431),
	F4_WRP(6, 0x423),
	F4_WRP(5, 0x458),
	F4_WRP(15, 0x463),
	{ .name = "OPTCR1.nWRP",
	  .at = OPTCR1,
	  .lsb = 16,
	  .width = 12,
	  .kind = OPTION_WRP,
	  .none = 0xfff,
	  .what = "the same of bank 2",
	  .only = { 0x419, 0x434 } },
	{ .name = "BFB2",
	  .at = OPTCR,
	  .lsb = 4,
	  .width = 1,
	  .what = "starts from",
	  .values = YES_NO("as the boot pins say", "the ROM, which chooses the bank"),
	  .only = { 0x419, 0x434 } },
	{ .name = "DB1M",
	  .at = OPTCR,
	  .lsb = 30,
	  .width = 1,
	  .what = "banks of 1 MiB of flash",
	  .values = YES_NO("one", "two"),
	  .only = { 0x419, 0x434 } },
	/* Of all but F2 and F405/407/415/417. */
	{ .name = "SPRMOD",
	  .at = OPTCR,
	  .lsb = 31,
	  .width = 1,
	  .what = "what nWRP protects from",
	  .values = YES_NO("being written", "being read, too (PCROP)"),
	  .only = { 0x419, 0x434, 0x421, 0x423, 0x433 } },
	{ .name = "SPRMOD",
	  .at = OPTCR,
	  .lsb = 31,
	  .width = 1,
	  .what = "what nWRP protects from",
	  .values = YES_NO("being written", "being read, too (PCROP)"),
	  .only = { 0x431, 0x441, 0x458, 0x463 } },
	{ 0 },
};
/* RM0090, 3.7.5: SPRMOD turns the sense of nWRP round. */
static const struct option_rule f4_rules[] = {
	HARDWARE_WATCHDOG("WDG_SW"),
	RESETS_ASLEEP("nRST_STOP"),
	RESETS_ASLEEP("nRST_STDBY"),
	{ "SPRMOD", OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,
	  "SPRMOD=1: each sector whose bit in nWRP is 1, which is how a new chip has them "
	  "all, can "
	  "then neither be read nor erased; with sector 0 among them the chip cannot "
	  "start. You could "
	  "come back only by RDP from level 1 to 0, SPRMOD=0 and all of nWRP in one write, "
	  "which "
	  "erases the chip" },
	{ "DB1M", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "DB1M: the sectors are numbered anew, and the program in flash is of no use: "
	  "erase and load "
	  "again" },
	{ "BFB2", OPTION_EQUALS, 1, "DB1M", 0, OPTION_WARNS,
	  "BFB2=1: the chip starts in its ROM, which chooses a bank" },
	{ 0 },
};
static const uint16_t f4_ids[] = { 0x413, 0x419, 0x421, 0x423, 0x431, 0x433,
				   0x434, 0x441, 0x458, 0x463, 0 };
static const uint16_t f2_ids[] = { 0x411, 0 };
#define F4_SET(name_, source_, ids)                                                    \
	{                                                                              \
		.name = (name_), .source = (source_), .dev_ids = (ids),                \
		.base = 0x40023c00, .control = &f4_control, .registers = f4_registers, \
		.fields = f4_fields, .rules = f4_rules,                                \
		.bor_mv = { 2700, 2400, 2100, 1800 }, .rdp = &read_protection_f4,      \
		.erases = "all of the flash and the backup RAM"                        \
	}
static const struct option_set f4 = F4_SET("STM32F4", "RM0090 Rev 19", f4_ids);
static const struct option_set f2 = F4_SET("STM32F2", "PM0059 Rev 5", f2_ids);

/* --- STM32L4, G4: RM0351 Rev 9, RM0440 Rev 8, 3.4 and 3.7 --------------------------------------------- */

enum {
	G4_OPTR,
	G4_PCROP1SR,
	G4_PCROP1ER,
	G4_WRP1AR,
	G4_WRP1BR,
	G4_PCROP2SR,
	G4_PCROP2ER,
	G4_WRP2AR,
	G4_WRP2BR,
	G4_SEC1R,
	G4_SEC2R
};
#define TWO_BANKS                                 \
	{                                         \
		0x415, 0x461, 0x469, 0x470, 0x471 \
	}
static const struct option_register g4_registers[] = {
	{ "OPTR", 0x20, 0x20, NONE_AT_ALL },
	{ "PCROP1SR", 0x24, 0x24, NONE_AT_ALL },
	{ "PCROP1ER", 0x28, 0x28, NONE_AT_ALL },
	{ "WRP1AR", 0x2c, 0x2c, NONE_AT_ALL },
	{ "WRP1BR", 0x30, 0x30, NONE_AT_ALL },
	{ "PCROP2SR", 0x44, 0x44, TWO_BANKS },
	{ "PCROP2ER", 0x48, 0x48, TWO_BANKS },
	{ "WRP2AR", 0x4c, 0x4c, TWO_BANKS },
	{ "WRP2BR", 0x50, 0x50, TWO_BANKS },
	{ "SEC1R", 0x70, 0x70, { 0x468, 0x469, 0x479 } },
	{ "SEC2R", 0x74, 0x74, { 0x469 } },
	{ 0 },
};
/* SR: OPERR, PROGERR to FASTERR, RDERR. OPTVERR stays from the reset before. */
static const struct option_control g4_control = {
	.keyr = 0x08,
	.optkeyr = 0x0c,
	.keys = { KEY_1, KEY_2 },
	.option_keys = { OPTION_KEY_1, OPTION_KEY_2 },
	.cr = 0x14,
	.lock = 1u << 30,
	.lock_value = 1u << 30,
	.start = 1u << 17,
	.launch = 1u << 27,
	.sr = 0x10,
	.busy = 1u << 16,
	.error_at = 0x10,
	.errors = 0x43fa,
	.clear = 0x10,
};
#define G4_COMMON                                                                    \
	RDP(G4_OPTR, 0), BOR(G4_OPTR, 8, 3), NRST("nRST_STOP", G4_OPTR, 12, "Stop"), \
		NRST("nRST_STDBY", G4_OPTR, 13, "Standby"),                          \
		NRST("nRST_SHDW", G4_OPTR, 14, "Shutdown"),                          \
		WATCHDOG("IWDG_SW", G4_OPTR, 16, "watchdog (IWDG)"),                 \
		COUNTS("IWDG_STOP", G4_OPTR, 17, "Stop"),                            \
		COUNTS("IWDG_STDBY", G4_OPTR, 18, "Standby"),                        \
		WATCHDOG("WWDG_SW", G4_OPTR, 19, "window watchdog"),                 \
		BIT_OF("nBOOT1", G4_OPTR, 23, "with BOOT0 high starts from",         \
		       YES_NO("RAM", "the ROM loader"))
#define BOOT_BITS(...)                                                                \
	{ .name = "nSWBOOT0",                                                         \
	  .at = G4_OPTR,                                                              \
	  .lsb = 26,                                                                  \
	  .width = 1,                                                                 \
	  .what = "BOOT0 comes from",                                                 \
	  .values = YES_NO("nBOOT0", "the pin"),                                      \
	  .only = { __VA_ARGS__ } },                                                  \
	{                                                                             \
		.name = "nBOOT0", .at = G4_OPTR, .lsb = 27, .width = 1,               \
		.what = "BOOT0 inverted, while nSWBOOT0 is 0",                        \
		.values = YES_NO("starts the ROM loader or RAM", "starts the flash"), \
		.only = {                                                             \
			__VA_ARGS__                                                   \
		}                                                                     \
	}
#define PAGES(name_, at_, lsb_, bits, none_, what_, ...)                        \
	{                                                                       \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = (bits),   \
		.kind = OPTION_WRP, .none = (none_), .what = (what_), .only = { \
			__VA_ARGS__                                             \
		}                                                               \
	}
#define WRP_PAGES(area, at_, bits, ...)                                                 \
	PAGES("WRP" area "_STRT", at_, 0, bits, (1u << (bits)) - 1,                     \
	      "first write-protected page", __VA_ARGS__),                               \
		PAGES("WRP" area "_END", at_, 16, bits, 0, "last write-protected page", \
		      __VA_ARGS__)
#define UNITS(name_, at_, bits, what_, ...)                                               \
	{                                                                                 \
		.name = (name_), .at = (at_), .lsb = 0, .width = (bits), .what = (what_), \
		.only = {                                                                 \
			__VA_ARGS__                                                       \
		}                                                                         \
	}
#define PCROP_UNITS(bank, start, end, bits, ...)                                      \
	UNITS("PCROP" bank "_STRT", start, bits, "first unit that only executes",     \
	      __VA_ARGS__),                                                           \
		UNITS("PCROP" bank "_END", end, bits, "last unit that only executes", \
		      __VA_ARGS__)
#define PCROP_RDP                                                     \
	BIT_OF("PCROP_RDP", G4_PCROP1ER, 31, "RDP from level 1 to 0", \
	       YES_NO("keeps the PCROP areas", "erases the PCROP areas, too"))

static const struct option_field l4_fields[] = {
	G4_COMMON,
	{ .name = "BFB2",
	  .at = G4_OPTR,
	  .lsb = 20,
	  .width = 1,
	  .what = "starts from",
	  .values = YES_NO("bank 1", "bank 2, by the ROM"),
	  .only = { 0x415, 0x461, 0x470, 0x471 } },
	{ .name = "DUALBANK",
	  .at = G4_OPTR,
	  .lsb = 21,
	  .width = 1,
	  .what = "banks",
	  .values = YES_NO("one", "two"),
	  .only = { 0x415, 0x461 } },
	{ .name = "DB1M",
	  .at = G4_OPTR,
	  .lsb = 21,
	  .width = 1,
	  .what = "banks of the half-size part",
	  .values = YES_NO("one", "two"),
	  .only = { 0x470, 0x471 } },
	{ .name = "DBANK",
	  .at = G4_OPTR,
	  .lsb = 22,
	  .width = 1,
	  .what = "banks",
	  .values = YES_NO("one", "two"),
	  .only = { 0x470, 0x471 } },
	BIT_OF("SRAM2_PE", G4_OPTR, 24, "parity of SRAM2",
	       YES_NO("checked", "not checked")),
	BIT_OF("SRAM2_RST", G4_OPTR, 25, "SRAM2 at a reset", YES_NO("erased", "kept")),
	BOOT_BITS(0x461, 0x435, 0x462, 0x464, 0x470),
	BOOT_BITS(0x471),
	PCROP_UNITS("1", G4_PCROP1SR, G4_PCROP1ER, 16, 0x415, 0x461, 0x462, 0x471),
	PCROP_UNITS("1", G4_PCROP1SR, G4_PCROP1ER, 15, 0x435),
	PCROP_UNITS("1", G4_PCROP1SR, G4_PCROP1ER, 14, 0x464),
	PCROP_UNITS("1", G4_PCROP1SR, G4_PCROP1ER, 17, 0x470),
	PCROP_RDP,
	PCROP_UNITS("2", G4_PCROP2SR, G4_PCROP2ER, 16, 0x415, 0x461, 0x471),
	PCROP_UNITS("2", G4_PCROP2SR, G4_PCROP2ER, 17, 0x470),
	WRP_PAGES("1A", G4_WRP1AR, 8, 0x415, 0x461, 0x462, 0x470),
	WRP_PAGES("1A", G4_WRP1AR, 7, 0x435, 0x471),
	WRP_PAGES("1A", G4_WRP1AR, 6, 0x464),
	WRP_PAGES("1B", G4_WRP1BR, 8, 0x415, 0x461, 0x462, 0x470),
	WRP_PAGES("1B", G4_WRP1BR, 7, 0x435, 0x471),
	WRP_PAGES("1B", G4_WRP1BR, 6, 0x464),
	WRP_PAGES("2A", G4_WRP2AR, 8, 0x415, 0x461, 0x470),
	WRP_PAGES("2A", G4_WRP2AR, 7, 0x471),
	WRP_PAGES("2B", G4_WRP2BR, 8, 0x415, 0x461, 0x470),
	WRP_PAGES("2B", G4_WRP2BR, 7, 0x471),
	{ 0 },
};
static const struct option_field g4_fields[] = {
	G4_COMMON,
	{ .name = "BFB2",
	  .at = G4_OPTR,
	  .lsb = 20,
	  .width = 1,
	  .what = "starts from",
	  .values = YES_NO("bank 1", "bank 2, by the ROM"),
	  .only = { 0x469 } },
	{ .name = "DBANK",
	  .at = G4_OPTR,
	  .lsb = 22,
	  .width = 1,
	  .what = "banks",
	  .values = YES_NO("one", "two"),
	  .only = { 0x469 } },
	{ .name = "PB4_PUPEN",
	  .at = G4_OPTR,
	  .lsb = 22,
	  .width = 1,
	  .what = "pull-up of PB4",
	  .values = YES_NO("off", "on"),
	  .only = { 0x479 } },
	BIT_OF("SRAM_PE", G4_OPTR, 24, "parity of SRAM", YES_NO("checked", "not checked")),
	BIT_OF("CCMSRAM_RST", G4_OPTR, 25, "CCM RAM at a reset", YES_NO("erased", "kept")),
	BOOT_BITS(0x468, 0x469, 0x479),
	{ .name = "NRST_MODE",
	  .at = G4_OPTR,
	  .lsb = 28,
	  .width = 2,
	  .what = "the pin NRST",
	  .values = "0=input and output;1=input alone;2=a GPIO, no reset;3=input and "
		    "output" },
	BIT_OF("IRHEN", G4_OPTR, 30, "internal reset holder", YES_NO("off", "on")),
	PCROP_UNITS("1", G4_PCROP1SR, G4_PCROP1ER, 14, 0x468),
	PCROP_UNITS("1", G4_PCROP1SR, G4_PCROP1ER, 15, 0x469, 0x479),
	PCROP_RDP,
	PCROP_UNITS("2", G4_PCROP2SR, G4_PCROP2ER, 15, 0x469),
	WRP_PAGES("1A", G4_WRP1AR, 6, 0x468),
	WRP_PAGES("1A", G4_WRP1AR, 7, 0x469, 0x479),
	WRP_PAGES("1B", G4_WRP1BR, 6, 0x468),
	WRP_PAGES("1B", G4_WRP1BR, 7, 0x469, 0x479),
	WRP_PAGES("2A", G4_WRP2AR, 7, 0x469),
	WRP_PAGES("2B", G4_WRP2BR, 7, 0x469),
	UNITS("SEC_SIZE1", G4_SEC1R, 7, "pages of bank 1 that can be hidden", 0x468),
	UNITS("SEC_SIZE1", G4_SEC1R, 8, "pages of bank 1 that can be hidden", 0x469, 0x479),
	UNITS("SEC_SIZE2", G4_SEC2R, 8, "pages of bank 2 that can be hidden", 0x469),
	BIT_OF("BOOT_LOCK", G4_SEC1R, 16, "starts from",
	       YES_NO("as the other options say", "the flash alone")),
	{ 0 },
};

#define GROWS_ONLY(first, last)                                                          \
	{ first,                                                                         \
	  OPTION_IS_ONE_UNIT,                                                            \
	  0,                                                                             \
	  last,                                                                          \
	  0,                                                                             \
	  OPTION_REFUSES,                                                                \
	  first " = " last                                                               \
		": the manual does not say what that protects, and users were stuck "    \
		"with it. No area: the first behind the last" },                         \
	{                                                                                \
		first, OPTION_IS_AREA, 0, last, 0, OPTION_ASKS,                          \
			"PCROP: this area can no longer be read or changed, and only "   \
			"grow. With the "                                                \
			"vectors in it the chip cannot start. Way back: RDP to level 1 " \
			"and back to 0 "                                                 \
			"with PCROP_RDP=1, which erases the chip"                        \
	}
#define G4_RULES                                                                           \
	HARDWARE_WATCHDOG("IWDG_SW"), RESETS_ASLEEP("nRST_STOP"),                          \
		RESETS_ASLEEP("nRST_STDBY"), RESETS_ASLEEP("nRST_SHDW"),                   \
		{ "WWDG_SW",                                                               \
		  OPTION_EQUALS,                                                           \
		  0,                                                                       \
		  NULL,                                                                    \
		  0,                                                                       \
		  OPTION_ASKS,                                                             \
		  "WWDG_SW=0: the window watchdog starts at a reset: a program that does " \
		  "not feed it "                                                           \
		  "within some 16 to 65 ms is reset for ever. Way back: connect under "    \
		  "reset" },                                                               \
		{ "IWDG_STOP",                                                             \
		  OPTION_EQUALS,                                                           \
		  1,                                                                       \
		  "IWDG_SW",                                                               \
		  0,                                                                       \
		  OPTION_WARNS,                                                            \
		  "IWDG_STOP=1: the watchdog resets a chip that sleeps" },                 \
		{ "IWDG_STDBY",                                                            \
		  OPTION_EQUALS,                                                           \
		  1,                                                                       \
		  "IWDG_SW",                                                               \
		  0,                                                                       \
		  OPTION_WARNS,                                                            \
		  "IWDG_STDBY=1: the watchdog resets a chip that sleeps" },                \
		{ "nBOOT0",                                                                \
		  OPTION_EQUALS,                                                           \
		  0,                                                                       \
		  "nSWBOOT0",                                                              \
		  0,                                                                       \
		  OPTION_ASKS,                                                             \
		  "nSWBOOT0=0 and nBOOT0=0: the chip starts its ROM loader or RAM, never " \
		  "your program" },                                                        \
		{ "nSWBOOT0",                                                              \
		  OPTION_EQUALS,                                                           \
		  0,                                                                       \
		  NULL,                                                                    \
		  0,                                                                       \
		  OPTION_WARNS,                                                            \
		  "nSWBOOT0=0: the pin BOOT0 no longer chooses the ROM loader" },          \
		{ "DBANK",                                                                 \
		  OPTION_DIFFERS,                                                          \
		  2,                                                                       \
		  NULL,                                                                    \
		  0,                                                                       \
		  OPTION_ASKS,                                                             \
		  "DBANK: pages and banks are others then, and the program in flash is "   \
		  "of no use: "                                                            \
		  "erase all and load again" },                                            \
		{ "BFB2",                                                                  \
		  OPTION_EQUALS,                                                           \
		  1,                                                                       \
		  NULL,                                                                    \
		  0,                                                                       \
		  OPTION_ASKS,                                                             \
		  "BFB2=1: the chip starts from bank 2 if it holds a program" },           \
		GROWS_ONLY("PCROP1_STRT", "PCROP1_END"),                                   \
		GROWS_ONLY("PCROP2_STRT", "PCROP2_END")
static const struct option_rule l4_rules[] = {
	G4_RULES,
	{ "DUALBANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "DUALBANK: the banks are others then, and the program in flash may be of no use: "
	  "erase all "
	  "and load again" },
	{ "DB1M", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "DB1M: the banks are others then, and the program in flash may be of no use: "
	  "erase all and "
	  "load again" },
	PARITY("SRAM2_PE"),
	{ 0 },
};
static const struct option_rule g4_rules[] = {
	G4_RULES,
	PARITY("SRAM_PE"),
	{ "BOOT_LOCK", OPTION_EQUALS, 1, "RDP", 1, OPTION_REFUSES,
	  "BOOT_LOCK=1 with RDP at level 1: the chip starts the flash alone, the debug "
	  "port may stay "
	  "shut unless the program opens it (FLASH_ACR.DBG_SWEN), and you could never come "
	  "back" },
	{ "BOOT_LOCK", OPTION_EQUALS, 1, "RDP", 0, OPTION_ASKS,
	  "BOOT_LOCK=1: the ROM loader can no longer be reached" },
	{ "NRST_MODE", OPTION_EQUALS, 2, "nSWBOOT0", 0, OPTION_REFUSES,
	  "NRST_MODE=2 with nSWBOOT0=0: there is neither a reset pin nor a way to the ROM "
	  "loader: if "
	  "the program also switches SWD off, you could never come back" },
	{ "NRST_MODE", OPTION_EQUALS, 2, "BOOT_LOCK", 1, OPTION_REFUSES,
	  "NRST_MODE=2 with BOOT_LOCK=1: there is neither a reset pin nor a way to the ROM "
	  "loader: if "
	  "the program also switches SWD off, you could never come back" },
	{ "NRST_MODE", OPTION_EQUALS, 2, NULL, 0, OPTION_ASKS,
	  "NRST_MODE=2: the reset pin no longer works, and neither does connecting under "
	  "reset" },
	{ "SEC_SIZE1", OPTION_DIFFERS, 0, NULL, 0, OPTION_ASKS,
	  "SEC_SIZE1: once the program locks these pages, neither it nor a debugger sees "
	  "them until a "
	  "reset" },
	{ "SEC_SIZE2", OPTION_DIFFERS, 0, NULL, 0, OPTION_ASKS,
	  "SEC_SIZE2: once the program locks these pages, neither it nor a debugger sees "
	  "them until a "
	  "reset" },
	{ 0 },
};
static const uint16_t l4_ids[] = { 0x415, 0x435, 0x461, 0x462, 0x464, 0x470, 0x471, 0 };
static const uint16_t g4_ids[] = { 0x468, 0x469, 0x479, 0 };
/* PCROP_RDP must be 1 when RDP changes and no PCROP area is wanted: RM0440, 3.5.2. */
#define G4_SET(name_, source_, ids, fields_, rules_, erases_)                           \
	{                                                                               \
		.name = (name_), .source = (source_), .dev_ids = (ids),                 \
		.base = 0x40022000, .control = &g4_control, .registers = g4_registers,  \
		.fields = (fields_), .rules = (rules_),                                 \
		.bor_mv = { 1700, 2000, 2200, 2500, 2800 }, .rdp = &read_protection_g4, \
		.erases = (erases_), .rdp_needs = "PCROP_RDP"                           \
	}
static const struct option_set l4 =
	G4_SET("STM32L4", "RM0351 Rev 9", l4_ids, l4_fields, l4_rules,
	       "all of the flash, SRAM2 and the backup registers");
static const struct option_set g4 =
	G4_SET("STM32G4", "RM0440 Rev 8", g4_ids, g4_fields, g4_rules,
	       "all of the flash, CCM RAM and the backup registers");

/* --- STM32U5: RM0456 Rev 6, 7.4 and 7.9.13 to 7.9.24 --------------------------------------------------- */

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
#define DESTROYS_PINS(name, volts)                                                     \
	{                                                                              \
		name, OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,                       \
			name "=1: a supply above " volts                               \
			     " V then destroys the pins, and nothing on the chip can " \
			     "take that back"                                          \
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
	  "it within "
	  "some 65 ms is reset for ever. Way back: connect under reset" },
	PARITY("SRAM2_ECC"),
	PARITY("SRAM3_ECC"),
	PARITY("BKPRAM_ECC"),
	{ "SWAP_BANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "SWAP_BANK: after the reset 0x08000000 shows the other bank: if that holds no "
	  "program, the "
	  "chip starts none" },
	{ "DUALBANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "DUALBANK: the banks are others then: erase all and load again" },
	{ "TZEN", OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,
	  "TZEN=1: all of the flash becomes secure and the program in it no longer starts. "
	  "You could "
	  "come back only by RDP to level 1, a power cycle, and RDP=0 with TZEN=0 in one "
	  "write, which "
	  "erases the chip; with nSWBOOT0=0 not even so" },
	{ "BOOT_LOCK", OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,
	  "BOOT_LOCK=1: the secure boot address becomes final; if no program is there and "
	  "RDP is "
	  "raised, the chip never starts and you could never come back" },
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
	  "that does not "
	  "work locks you out for ever" },
	{ "nBOOT0", OPTION_EQUALS, 0, "nSWBOOT0", 0, OPTION_ASKS,
	  "nSWBOOT0=0 and nBOOT0=0: the chip starts at NSBOOTADD1, which as a rule is the "
	  "ROM loader" },
	{ "NSBOOTADD0", OPTION_DIFFERS, 0x100000, NULL, 0, OPTION_ASKS,
	  "NSBOOTADD0: the chip no longer starts at 0x08000000: if no program is where it "
	  "starts, the "
	  "core locks up, and you get in under reset" },
	{ "NSBOOTADD1", OPTION_DIFFERS, 0x17f200, NULL, 0, OPTION_ASKS,
	  "NSBOOTADD1: the pin BOOT0 no longer starts the ROM loader" },
	{ 0 },
};
static const uint16_t u5_ids[] = { 0x455, 0x476, 0x481, 0x482, 0 };
static const struct option_set u5 = {
	.name = "STM32U5",
	.source = "RM0456 Rev 6",
	.dev_ids = u5_ids,
	.base = 0x40022000,
	.control = &u5_control,
	.registers = u5_registers,
	.fields = u5_fields,
	.rules = u5_rules,
	.bor_mv = { 1700, 2000, 2200, 2500, 2800 },
	.rdp = &read_protection_u5,
	.erases = "all of the flash, all RAM and the backup registers",
};

/* --- STM32H7: RM0433 Rev 8, RM0399 Rev 4, RM0468 Rev 3, 4.4 and 4.9 ------------------------------------ */

enum {
	H7_OPTSR,
	H7_PRAR1,
	H7_SCAR1,
	H7_WPSN1,
	H7_BOOT,
	H7_BOOT4,
	H7_PRAR2,
	H7_SCAR2,
	H7_WPSN2,
	H7_OPTSR2
};
#define CURRENT(name, at, ...)      \
	{                           \
		name, at, (at) + 4, \
		{                   \
			__VA_ARGS__ \
		}                   \
	}
static const struct option_register h7_registers[] = {
	CURRENT("OPTSR", 0x1c, 0),
	CURRENT("PRAR1", 0x28, 0),
	CURRENT("SCAR1", 0x30, 0),
	CURRENT("WPSN1", 0x38, 0),
	CURRENT("BOOT", 0x40, 0),
	CURRENT("BOOT4", 0x48, 0x450),
	CURRENT("PRAR2", 0x128, 0x450),
	CURRENT("SCAR2", 0x130, 0x450),
	CURRENT("WPSN2", 0x138, 0x450),
	CURRENT("OPTSR2", 0x70, 0x483),
	{ 0 },
};
/* OPTSR_CUR: OPT_BUSY, OPTCHANGEERR, which OPTCCR clears. A request that was refused stays in the
 * registers *_PRG and spoils the next: RM0399, 4.4.3. */
static const struct option_control h7_control = {
	.optkeyr = 0x08,
	.option_keys = { OPTION_KEY_1, OPTION_KEY_2 },
	.cr = 0x18,
	.lock = 1u << 0,
	.lock_value = 1u << 0,
	.start = 1u << 1,
	.sr = 0x1c,
	.busy = 1u << 0,
	.error_at = 0x1c,
	.errors = 1u << 30,
	.clear = 0x24,
	.writes_all = true,
};
#define H7_BANK(n, prar, scar, wpsn, ...)                                                  \
	{ .name = "PROT_AREA_START" n,                                                     \
	  .at = (prar),                                                                    \
	  .lsb = 0,                                                                        \
	  .width = 12,                                                                     \
	  .what = "first 256 bytes that only execute",                                     \
	  .only = { __VA_ARGS__ } },                                                       \
		{ .name = "PROT_AREA_END" n,                                               \
		  .at = (prar),                                                            \
		  .lsb = 16,                                                               \
		  .width = 12,                                                             \
		  .what = "last 256 bytes that only execute",                              \
		  .only = { __VA_ARGS__ } },                                               \
		{ .name = "DMEP" n,                                                        \
		  .at = (prar),                                                            \
		  .lsb = 31,                                                               \
		  .width = 1,                                                              \
		  .what = "RDP from level 1 to 0",                                         \
		  .values = YES_NO("keeps that area", "erases that area"),                 \
		  .only = { __VA_ARGS__ } },                                               \
		{ .name = "SEC_AREA_START" n,                                              \
		  .at = (scar),                                                            \
		  .lsb = 0,                                                                \
		  .width = 12,                                                             \
		  .what = "first 256 bytes that are secure",                               \
		  .only = { __VA_ARGS__ } },                                               \
		{ .name = "SEC_AREA_END" n,                                                \
		  .at = (scar),                                                            \
		  .lsb = 16,                                                               \
		  .width = 12,                                                             \
		  .what = "last 256 bytes that are secure",                                \
		  .only = { __VA_ARGS__ } },                                               \
		{ .name = "DMES" n,                                                        \
		  .at = (scar),                                                            \
		  .lsb = 31,                                                               \
		  .width = 1,                                                              \
		  .what = "RDP from level 1 to 0",                                         \
		  .values = YES_NO("keeps that area", "erases that area"),                 \
		  .only = { __VA_ARGS__ } },                                               \
	{                                                                                  \
		.name = "WRPSN" n, .at = (wpsn), .lsb = 0, .width = 8, .kind = OPTION_WRP, \
		.none = 0xff, .what = "a bit that is 0 protects a sector", .only = {       \
			__VA_ARGS__                                                        \
		}                                                                          \
	}
#define OF_TWO_CORES(name_, at_, lsb_, width_, what_, values_)                  \
	{                                                                       \
		.name = (name_), .at = (at_), .lsb = (lsb_), .width = (width_), \
		.what = (what_), .values = (values_), .only = {                 \
			0x450                                                   \
		}                                                               \
	}
static const struct option_field h7_fields[] = {
	RDP(H7_OPTSR, RDP_LSB_H7),
	BOR(H7_OPTSR, 2, 2),
	WATCHDOG("IWDG1_SW", H7_OPTSR, 4, "watchdog (IWDG1)"),
	OF_TWO_CORES("IWDG2_SW", H7_OPTSR, 5, 1,
		     "watchdog (IWDG2) of a part with two cores",
		     YES_NO("runs from power-on", "started by software")),
	NRST("NRST_STOP_D1", H7_OPTSR, 6, "Stop of domain 1"),
	NRST("NRST_STBY_D1", H7_OPTSR, 7, "Standby of domain 1"),
	COUNTS("FZ_IWDG_STOP", H7_OPTSR, 17, "Stop"),
	COUNTS("FZ_IWDG_SDBY", H7_OPTSR, 18, "Standby"),
	{ .name = "ST_RAM_SIZE",
	  .at = H7_OPTSR,
	  .lsb = 19,
	  .width = 2,
	  .what = "DTCM for ST's code",
	  .values = "0=2 KiB;1=4 KiB;2=8 KiB;3=16 KiB" },
	BIT_OF("SECURITY", H7_OPTSR, 21, "secure access mode", YES_NO("off", "on")),
	OF_TWO_CORES("BCM4", H7_OPTSR, 22, 1, "of two cores the Cortex-M4 at a reset",
		     YES_NO("waits", "starts")),
	OF_TWO_CORES("BCM7", H7_OPTSR, 23, 1, "of two cores the Cortex-M7 at a reset",
		     YES_NO("waits", "starts")),
	NRST("NRST_STOP_D2", H7_OPTSR, 24, "Stop of domain 2"),
	NRST("NRST_STBY_D2", H7_OPTSR, 25, "Standby of domain 2"),
	BIT_OF("IO_HSLV", H7_OPTSR, 29, "fast pins for VDD below 2.5 V",
	       YES_NO("off", "on")),
	OF_TWO_CORES("SWAP_BANK_OPT", H7_OPTSR, 31, 1, "banks",
		     YES_NO("as they are", "swapped")),
	NUMBER("BOOT_ADD0", H7_BOOT, 0, 16, "where it starts, BOOT low, divided by 65536"),
	NUMBER("BOOT_ADD1", H7_BOOT, 16, 16,
	       "where it starts, BOOT high, divided by 65536"),
	OF_TWO_CORES("BCM4_ADD0", H7_BOOT4, 0, 16, "the same of the Cortex-M4, BOOT low",
		     NULL),
	OF_TWO_CORES("BCM4_ADD1", H7_BOOT4, 16, 16, "the same of the Cortex-M4, BOOT high",
		     NULL),
	H7_BANK("1", H7_PRAR1, H7_SCAR1, H7_WPSN1, 0),
	H7_BANK("2", H7_PRAR2, H7_SCAR2, H7_WPSN2, 0x450),
	{ .name = "TCM_AXI_SHARED",
	  .at = H7_OPTSR2,
	  .lsb = 0,
	  .width = 2,
	  .what = "ITCM",
	  .values = "0=64 KiB;1=128 KiB;2=192 KiB;3=256 KiB",
	  .only = { 0x483 } },
	{ .name = "CPUFREQ_BOOST",
	  .at = H7_OPTSR2,
	  .lsb = 2,
	  .width = 1,
	  .what = "highest clock",
	  .values = YES_NO("off", "on, without ECC of TCM and caches"),
	  .only = { 0x483 } },
	{ 0 },
};
#define WHOLE_BANK(first, last)                                                           \
	{                                                                                 \
		first, OPTION_IS_ONE_UNIT, 0, last, 0, OPTION_REFUSES,                    \
			first " = " last ": that protects the whole bank, not one unit. " \
			      "No area: the first behind "                                \
			      "the last"                                                  \
	}
#define EXECUTES_ONLY(first, last)                                                     \
	{                                                                              \
		first, OPTION_IS_AREA, 0, last, 0, OPTION_ASKS,                        \
			"PCROP: this area can no longer be read or changed, and only " \
			"grow. Way back: RDP to level 1 "                              \
			"and back to 0 with DMEP=1, which erases the chip"             \
	}
#define SECURE_AREA(first, last)                                                         \
	{                                                                                \
		first, OPTION_IS_AREA, 0, last, 0, OPTION_REFUSES,                       \
			"a secure area hides its code, and while that runs no debugger " \
			"gets in: if it does not leave "                                 \
			"the area, you could never come back"                            \
	}
static const struct option_rule h7_rules[] = {
	HARDWARE_WATCHDOG("IWDG1_SW"),
	HARDWARE_WATCHDOG("IWDG2_SW"),
	RESETS_ASLEEP("NRST_STOP_D1"),
	RESETS_ASLEEP("NRST_STBY_D1"),
	RESETS_ASLEEP("NRST_STOP_D2"),
	RESETS_ASLEEP("NRST_STBY_D2"),
	WHOLE_BANK("PROT_AREA_START1", "PROT_AREA_END1"),
	WHOLE_BANK("PROT_AREA_START2", "PROT_AREA_END2"),
	EXECUTES_ONLY("PROT_AREA_START1", "PROT_AREA_END1"),
	EXECUTES_ONLY("PROT_AREA_START2", "PROT_AREA_END2"),
	SECURE_AREA("SEC_AREA_START1", "SEC_AREA_END1"),
	SECURE_AREA("SEC_AREA_START2", "SEC_AREA_END2"),
	DESTROYS_PINS("IO_HSLV", "2.5"),
	{ "SECURITY", OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,
	  "SECURITY=1: the chip starts in ST's secure ROM, and users could never connect "
	  "again after "
	  "this bit alone" },
	{ "BCM7", OPTION_EQUALS, 0, "BCM4", 1, OPTION_ASKS,
	  "BCM7=0: the Cortex-M7 does not start, and a probe gets in only by the Cortex-M4 "
	  "(AP3) under "
	  "reset" },
	{ "BCM4", OPTION_EQUALS, 0, NULL, 0, OPTION_WARNS,
	  "BCM4=0: the Cortex-M4 waits for the Cortex-M7 to start it" },
	{ "SWAP_BANK_OPT", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "SWAP_BANK_OPT: after the reset 0x08000000 shows the other bank: if that holds "
	  "no program, "
	  "the chip starts none" },
	{ "BOOT_ADD0", OPTION_DIFFERS, 0x0800, NULL, 0, OPTION_ASKS,
	  "BOOT_ADD0: the chip no longer starts at 0x08000000: if no program is where it "
	  "starts, the "
	  "core locks up, and you get in under reset" },
	{ "BOOT_ADD1", OPTION_DIFFERS, 0x1ff0, NULL, 0, OPTION_ASKS,
	  "BOOT_ADD1: the pin BOOT no longer starts the ROM loader; keep it at 0x1ff0" },
	{ "TCM_AXI_SHARED", OPTION_DIFFERS, 4, NULL, 0, OPTION_ASKS,
	  "TCM_AXI_SHARED: the sizes of ITCM and AXI SRAM change: the program must be "
	  "linked for that" },
	{ 0 },
};
static const uint16_t h7_ids[] = { 0x450, 0x483, 0 };
static const struct option_set h7 = {
	.name = "STM32H7",
	.source = "RM0399 Rev 4, RM0433 Rev 8, RM0468 Rev 3",
	.dev_ids = h7_ids,
	.base = 0x52002000,
	.control = &h7_control,
	.registers = h7_registers,
	.fields = h7_fields,
	.rules = h7_rules,
	.bor_mv = { 1700, 2100, 2400, 2700 },
	.rdp = &read_protection_h7,
	.erases = "all of the flash, the backup RAM and the backup registers",
};

const struct option_set *const option_sets[] = { &f0, &f1, &f2, &f3, &f4,
						 &g4, &h7, &l4, &u5, NULL };
