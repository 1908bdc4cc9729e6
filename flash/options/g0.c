/* SPDX-License-Identifier: MIT */
/*
 * g0.c - the option bytes of STM32G0, C0 and U0. RM0444 Rev 5, 3.4 and 3.7; RM0490 Rev 5, 4.4 and 4.7;
 * ST's stm32u083xx.h.
 *
 * A G0x0 reads as the G0x1 of the same die and has fewer options: their words say so. Where BORR_LEV
 * and BORF_LEV are is disputed; RM0490 and ST's headers agree on this.
 */
#include "flash/options/fields.h"

enum {
	G0_OPTR,
	G0_PCROP1ASR,
	G0_PCROP1AER,
	G0_WRP1AR,
	G0_WRP1BR,
	G0_PCROP1BSR,
	G0_PCROP1BER,
	G0_SECR,
	G0_PCROP2ASR,
	G0_PCROP2AER,
	G0_WRP2AR,
	G0_WRP2BR,
	G0_PCROP2BSR,
	G0_PCROP2BER
};
static const struct option_register g0_registers[] = {
	SAME_PLACE("OPTR", 0x20, 0),
	SAME_PLACE("PCROP1ASR", 0x24, 0),
	SAME_PLACE("PCROP1AER", 0x28, 0),
	SAME_PLACE("WRP1AR", 0x2c, 0),
	SAME_PLACE("WRP1BR", 0x30, 0),
	SAME_PLACE("PCROP1BSR", 0x34, 0),
	SAME_PLACE("PCROP1BER", 0x38, 0),
	SAME_PLACE("SECR", 0x80, 0),
	SAME_PLACE("PCROP2ASR", 0x44, 0x467),
	SAME_PLACE("PCROP2AER", 0x48, 0x467),
	SAME_PLACE("WRP2AR", 0x4c, 0x467),
	SAME_PLACE("WRP2BR", 0x50, 0x467),
	SAME_PLACE("PCROP2BSR", 0x54, 0x467),
	SAME_PLACE("PCROP2BER", 0x58, 0x467),
	{ 0 },
};
/* SR: OPERR, PROGERR to FASTERR, RDERR. BSY1, BSY2, CFGBSY. */
static const struct option_control g0_control = CONTROL_OF_L4(7u << 16, 0x43fa);
#define BOR_OF(x1)                                                                 \
	BIT_OF("BOR_EN", G0_OPTR, 8, x1 "brown-out reset",                         \
	       YES_NO("by the power-on level alone", "by BORR_LEV and BORF_LEV")), \
		{ .name = "BORR_LEV",                                              \
		  .at = G0_OPTR,                                                   \
		  .lsb = 9,                                                        \
		  .width = 2,                                                      \
		  .kind = OPTION_BOR,                                              \
		  .what = x1 "while BOR_EN is 1, a rising supply" },               \
	{                                                                          \
		.name = "BORF_LEV", .at = G0_OPTR, .lsb = 11, .width = 2,          \
		.what = x1 "while BOR_EN is 1, a falling supply resets below",     \
		.values = "0=2.0 V;1=2.2 V;2=2.5 V;3=2.8 V"                        \
	}
#define COMMON_OF(x1)                                                                   \
	RDP(G0_OPTR, 0), BOR_OF(x1), NRST("nRST_STOP", G0_OPTR, 13, "Stop"),            \
		NRST("nRST_STDBY", G0_OPTR, 14, "Standby"),                             \
		BIT_OF("nRST_SHDW", G0_OPTR, 15, x1 "on entering Shutdown",             \
		       YES_NO("the chip is reset instead", "no reset")),                \
		WATCHDOG("IWDG_SW", G0_OPTR, 16, "watchdog (IWDG)"),                    \
		COUNTS("IWDG_STOP", G0_OPTR, 17, "Stop"),                               \
		COUNTS("IWDG_STDBY", G0_OPTR, 18, "Standby"),                           \
		WATCHDOG("WWDG_SW", G0_OPTR, 19, "window watchdog"),                    \
		BIT_OF("RAM_PARITY_CHECK", G0_OPTR, 22, "parity of SRAM",               \
		       YES_NO("checked", "not checked")),                               \
		BIT_OF("nBOOT_SEL", G0_OPTR, 24, "BOOT0 comes from",                    \
		       YES_NO("the pin", "nBOOT0")),                                    \
		BIT_OF("nBOOT1", G0_OPTR, 25, "with BOOT0 high starts from",            \
		       YES_NO("RAM", "the ROM loader")),                                \
		BIT_OF("nBOOT0", G0_OPTR, 26, "BOOT0 inverted, while nBOOT_SEL is 1",   \
		       YES_NO("starts the ROM loader or RAM", "starts the flash")),     \
		{ .name = "NRST_MODE",                                                  \
		  .at = G0_OPTR,                                                        \
		  .lsb = 27,                                                            \
		  .width = 2,                                                           \
		  .what = x1 "the pin NRST",                                            \
		  .values = "1=input alone;2=a GPIO, no reset;3=input and output" },    \
		BIT_OF("IRHEN", G0_OPTR, 29, x1 "internal reset holder",                \
		       YES_NO("off", "on")),                                            \
		BIT_OF("PCROP_RDP", G0_PCROP1AER, 31, x1 "RDP from level 1 to 0",       \
		       YES_NO("keeps the PCROP areas", "erases the PCROP areas, too")), \
		BIT_OF("BOOT_LOCK", G0_SECR, 16, x1 "starts from",                      \
		       YES_NO("as the other options say", "the flash alone"))
#define WRP_PAGES(area, at_, bits, ...)                                                 \
	PAGES("WRP" area "_STRT", at_, 0, bits, (1u << (bits)) - 1,                     \
	      "first write-protected page", __VA_ARGS__),                               \
		PAGES("WRP" area "_END", at_, 16, bits, 0, "last write-protected page", \
		      __VA_ARGS__)
#define PCROP_UNITS(x1, area, start, end, bits, ...)                                     \
	UNITS("PCROP" area "_STRT", start, bits, x1 "first unit that only executes",     \
	      __VA_ARGS__),                                                              \
		UNITS("PCROP" area "_END", end, bits, x1 "last unit that only executes", \
		      __VA_ARGS__)
/* Bits of a page's number, and of a unit's of 512 bytes, which are two more. */
#define AREAS(x1, bits, ...)                                                          \
	WRP_PAGES("1A", G0_WRP1AR, bits, __VA_ARGS__),                                \
		WRP_PAGES("1B", G0_WRP1BR, bits, __VA_ARGS__),                        \
		PCROP_UNITS(x1, "1A", G0_PCROP1ASR, G0_PCROP1AER, (bits) + 2,         \
			    __VA_ARGS__),                                             \
		PCROP_UNITS(x1, "1B", G0_PCROP1BSR, G0_PCROP1BER, (bits) + 2,         \
			    __VA_ARGS__),                                             \
		UNITS("SEC_SIZE", G0_SECR, (bits) + 1, x1 "pages that can be hidden", \
		      __VA_ARGS__)

#define X1 "G0x1: "
static const struct option_field g0_fields[] = {
	COMMON_OF(X1),
	{ .name = "nSWAP_BANK",
	  .at = G0_OPTR,
	  .lsb = 20,
	  .width = 1,
	  .what = "banks",
	  .values = YES_NO("swapped", "as they are"),
	  .only = { 0x467 } },
	{ .name = "DUAL_BANK",
	  .at = G0_OPTR,
	  .lsb = 21,
	  .width = 1,
	  .what = "banks of a part with less flash",
	  .values = YES_NO("one", "two"),
	  .only = { 0x467 } },
	AREAS(X1, 5, 0x466, 0x456),
	AREAS(X1, 6, 0x460),
	AREAS(X1, 7, 0x467),
	WRP_PAGES("2A", G0_WRP2AR, 7, 0x467),
	WRP_PAGES("2B", G0_WRP2BR, 7, 0x467),
	PCROP_UNITS(X1, "2A", G0_PCROP2ASR, G0_PCROP2AER, 9, 0x467),
	PCROP_UNITS(X1, "2B", G0_PCROP2BSR, G0_PCROP2BER, 9, 0x467),
	{ .name = "SEC_SIZE2",
	  .at = G0_SECR,
	  .lsb = 20,
	  .width = 8,
	  .what = X1 "pages of bank 2 that can be hidden",
	  .only = { 0x467 } },
	{ 0 },
};

/* RM0490 Rev 5, table 22. */
#define GROWS_ONLY(area)                                                          \
	{ "PCROP" area "_STRT",                                                   \
	  OPTION_IS_ONE_UNIT,                                                     \
	  0,                                                                      \
	  "PCROP" area "_END",                                                    \
	  0,                                                                      \
	  OPTION_REFUSES,                                                         \
	  "PCROP" area "_STRT = PCROP" area                                       \
	  "_END: all of the flash can no longer be read "                         \
	  "or changed, and the chip cannot start. No area: the first behind the " \
	  "last" },                                                               \
		PCROP_AREA("PCROP" area "_STRT", "PCROP" area "_END")
#define SHARED_RULES                                                                       \
	SLEEP_RULES_OF_L4, PARITY("RAM_PARITY_CHECK"), BOOT0_BY_OPTION("nBOOT_SEL", 1),    \
		{ "BOOT_LOCK",                                                             \
		  OPTION_EQUALS,                                                           \
		  1,                                                                       \
		  "RDP",                                                                   \
		  1,                                                                       \
		  OPTION_REFUSES,                                                          \
		  "BOOT_LOCK=1 with RDP at level 1: the debug port stays shut unless the " \
		  "program opens it (FLASH_ACR.DBG_SWEN), and there is no other way "      \
		  "back" },                                                                \
		{ "BOOT_LOCK",                                                             \
		  OPTION_EQUALS,                                                           \
		  1,                                                                       \
		  "RDP",                                                                   \
		  0,                                                                       \
		  OPTION_ASKS,                                                             \
		  "BOOT_LOCK=1: the ROM loader can no longer be reached" },                \
		{ "NRST_MODE",                                                             \
		  OPTION_EQUALS,                                                           \
		  2,                                                                       \
		  "nBOOT_SEL",                                                             \
		  1,                                                                       \
		  OPTION_REFUSES,                                                          \
		  "NRST_MODE=2 with nBOOT_SEL=1: there is neither a reset pin nor a way "  \
		  "to the ROM loader: if the program also switches SWD off, you could "    \
		  "never come back" },                                                     \
		{ "NRST_MODE",                                                             \
		  OPTION_EQUALS,                                                           \
		  2,                                                                       \
		  "BOOT_LOCK",                                                             \
		  1,                                                                       \
		  OPTION_REFUSES,                                                          \
		  "NRST_MODE=2 with BOOT_LOCK=1: there is neither a reset pin nor a way "  \
		  "to the ROM loader: if the program also switches SWD off, you could "    \
		  "never come back" },                                                     \
		{ "NRST_MODE",                                                             \
		  OPTION_EQUALS,                                                           \
		  2,                                                                       \
		  NULL,                                                                    \
		  0,                                                                       \
		  OPTION_ASKS,                                                             \
		  "NRST_MODE=2: the reset pin no longer works, and neither does "          \
		  "connecting under reset" },                                              \
	{                                                                                  \
		"NRST_MODE", OPTION_EQUALS, 0, NULL, 0, OPTION_REFUSES,                    \
			"NRST_MODE=0 is reserved: the manual does not say what the reset " \
			"pin "                                                             \
			"does then"                                                        \
	}
#define STARTS_ABOVE(levels)                                                     \
	{                                                                        \
		"BOR_EN", OPTION_EQUALS, 1, NULL, 0, OPTION_ASKS,                \
			"BOR_EN=1: the chip starts above a level of the supply " \
			"alone, " levels                                         \
			" V by the option beside: with less it stays in reset"   \
	}
#define G0_RULES                                                                     \
	SHARED_RULES, STARTS_ABOVE("2.1, 2.3, 2.6 or 2.9"), HIDES_PAGES("SEC_SIZE"), \
		GROWS_ONLY("1A"), GROWS_ONLY("1B")
static const struct option_rule g0_rules[] = {
	G0_RULES,
	GROWS_ONLY("2A"),
	GROWS_ONLY("2B"),
	HIDES_PAGES("SEC_SIZE2"),
	{ "nSWAP_BANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "nSWAP_BANK: after the reset 0x08000000 shows the other bank: if that holds no "
	  "program, the chip starts none" },
	{ "DUAL_BANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "DUAL_BANK: the banks are others then, and the program in flash may be of no "
	  "use: erase all and load again" },
	{ 0 },
};

static const struct option_field c0_fields[] = {
	COMMON_OF(""),
	{ .name = "HSE_NOT_REMAPPED",
	  .at = G0_OPTR,
	  .lsb = 21,
	  .width = 1,
	  .what = "pins of HSE",
	  .values = YES_NO("PC14 and PC15", "PF0 and PF1"),
	  .only = { 0x453, 0x44c, 0x493, 0x44d } },
	BIT_OF("SECURE_MUXING_EN", G0_OPTR, 23, "pins that share a contact",
	       YES_NO("are all active", "are inputs but for one")),
	{ .name = "FDCAN_BL_CK",
	  .at = G0_OPTR,
	  .lsb = 30,
	  .width = 2,
	  .what = "C092: clock of the ROM loader's FDCAN",
	  .values = "0=HSI48;1=HSE, 12 MHz;2=HSE, 24 MHz;3=HSE, 48 MHz",
	  .only = { 0x44d } },
	AREAS("", 4, 0x443, 0x453),
	AREAS("", 5, 0x44c),
	AREAS("", 6, 0x493),
	WRP_PAGES("1A", G0_WRP1AR, 7, 0x44d),
	WRP_PAGES("1B", G0_WRP1BR, 7, 0x44d),
	PCROP_UNITS("", "1A", G0_PCROP1ASR, G0_PCROP1AER, 9, 0x44d),
	PCROP_UNITS("", "1B", G0_PCROP1BSR, G0_PCROP1BER, 9, 0x44d),
	UNITS("SEC_SIZE", G0_SECR, 7, "pages that can be hidden", 0x44d),
	{ 0 },
};
static const struct option_rule c0_rules[] = {
	G0_RULES,
	{ 0 },
};

#define AREA_OF(area)                                                      \
	{                                                                  \
		.first = "PCROP" area "_STRT", .last = "PCROP" area "_END" \
	}
#define G0_SET(name_, source_, fields_, rules_)                                         \
	{                                                                               \
		.name = (name_), .source = (source_), .base = 0x40022000,               \
		.control = &g0_control, .registers = g0_registers, .fields = (fields_), \
		.rules = (rules_), .bor_mv = { 2100, 2300, 2600, 2900 },                \
		.rdp = &read_protection_g4,                                             \
		.erases = "all of the flash and the backup registers",                  \
		.rdp_needs = "PCROP_RDP", .areas = {                                    \
			AREA_OF("1A"),                                                  \
			AREA_OF("1B"),                                                  \
			AREA_OF("2A"),                                                  \
			AREA_OF("2B")                                                   \
		}                                                                       \
	}
const struct option_set option_set_g0 =
	G0_SET("STM32G0", "RM0444 Rev 5", g0_fields, g0_rules);
const struct option_set option_set_c0 =
	G0_SET("STM32C0", "RM0490 Rev 5", c0_fields, c0_rules);

/* --- U0 ----------------------------------------------------------------------------------- */

/* The keys that hold a way back from RDP (OEM1KEY, OEM2KEY) are not offered. Manuals and code disagree
 * on which value of IRHEN is on. */
enum { U0_OPTR, U0_WRP1AR, U0_WRP1BR, U0_SECR };
static const struct option_register u0_registers[] = {
	SAME_PLACE("OPTR", 0x20, 0),
	SAME_PLACE("WRP1AR", 0x2c, 0),
	SAME_PLACE("WRP1BR", 0x30, 0),
	SAME_PLACE("SECR", 0x80, 0),
	{ 0 },
};
/* SR: OPERR, PROGERR to FASTERR, HDPOPTWERR, OEMOPTWERR. BSY1, CFGBSY. */
static const struct option_control u0_control = CONTROL_OF_L4(5u << 16, 0x1bfa);
static const struct option_field u0_fields[] = {
	RDP(U0_OPTR, 0),
	BIT_OF("BOR_EN", U0_OPTR, 8, "brown-out reset",
	       YES_NO("by the power-on level alone", "by BOR_LEV")),
	BOR(U0_OPTR, 9, 2),
	NRST("nRST_STOP", U0_OPTR, 13, "Stop"),
	NRST("nRST_STDBY", U0_OPTR, 14, "Standby"),
	NRST("nRST_SHDW", U0_OPTR, 15, "Shutdown"),
	WATCHDOG("IWDG_SW", U0_OPTR, 16, "watchdog (IWDG)"),
	COUNTS("IWDG_STOP", U0_OPTR, 17, "Stop"),
	COUNTS("IWDG_STDBY", U0_OPTR, 18, "Standby"),
	WATCHDOG("WWDG_SW", U0_OPTR, 19, "window watchdog"),
	BIT_OF("BDRST", U0_OPTR, 21, "reset of the backup domain with a brown-out", NULL),
	BIT_OF("RAM_PARITY_CHECK", U0_OPTR, 22, "parity of SRAM2",
	       YES_NO("checked", "not checked")),
	BIT_OF("BKPSRAM_HW_ERASE", U0_OPTR, 23, "erasing of SRAM2 by a tamper event", NULL),
	BIT_OF("nBOOT_SEL", U0_OPTR, 24, "BOOT0 comes from", YES_NO("the pin", "nBOOT0")),
	BIT_OF("nBOOT1", U0_OPTR, 25, "with BOOT0 high starts from",
	       YES_NO("RAM", "the ROM loader")),
	BIT_OF("nBOOT0", U0_OPTR, 26, "BOOT0 inverted, while nBOOT_SEL is 1",
	       YES_NO("starts the ROM loader or RAM", "starts the flash")),
	{ .name = "NRST_MODE",
	  .at = U0_OPTR,
	  .lsb = 27,
	  .width = 2,
	  .what = "the pin NRST",
	  .values = "1=input alone;2=a GPIO, no reset;3=input and output" },
	BIT_OF("IRHEN", U0_OPTR, 29, "internal reset holder", NULL),
	WRP_AREA("WRP1A_STRT", "WRP1A_END", U0_WRP1AR, 7),
	WRP_AREA("WRP1B_STRT", "WRP1B_END", U0_WRP1BR, 7),
	NUMBER("HDP1_PEND", U0_SECR, 0, 6, "last page that can be hidden"),
	BIT_OF("BOOT_LOCK", U0_SECR, 16, "starts from",
	       YES_NO("as the other options say", "the flash alone")),
	HIDING("HDP1EN", U0_SECR, "hiding pages", 0),
	{ 0 },
};
static const struct option_rule u0_rules[] = {
	SHARED_RULES,
	STARTS_ABOVE("2.0, 2.2, 2.5 or 2.8"),
	HIDES_BY_CODE("HDP1EN"),
	{ 0 },
};
const struct option_set option_set_u0 = {
	.name = "STM32U0",
	.source = "ST's stm32u083xx.h; RM0490 Rev 5",
	.base = 0x40022000,
	.control = &u0_control,
	.registers = u0_registers,
	.fields = u0_fields,
	.rules = u0_rules,
	.bor_mv = { 2000, 2200, 2500, 2800 },
	.rdp = &read_protection_g4,
	.erases = "all of the flash, SRAM2 and the backup registers",
};
