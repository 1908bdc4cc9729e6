/* SPDX-License-Identifier: MIT */
/*
 * l0.c - the option bytes of STM32L0 and L1. RM0367 Rev 8, 3.3; ST's stm32l073xx.h, stm32l152xe.h and HAL
 * (stm32l0xx_hal_flash_ex, stm32l1xx_hal_flash_ex).
 *
 * RDP is the last to be programmed: what was closed before is erased by it.
 */
#include "flash/options/fields.h"

enum { WORD_USER, WORD_WRP01, WORD_WRP23, WORD_WRP45, WORD_RDP };
#define WORD(name_, half_, at_, ...)                                            \
	{                                                                       \
		.name = (name_), .loaded = (half_), .program = (at_), .only = { \
			__VA_ARGS__                                             \
		}                                                               \
	}
static const struct option_register l0_words[] = {
	WORD("USER", 0x1e, 0x04, 0),      WORD("WRP01", 0x20, 0x08, 0),
	WORD("WRP23", 0x22, 0x0c, 0x447), WORD("WRP45", 0x80, 0x10, 0x447),
	WORD("RDP", 0x1c, 0x00, 0),       { 0 },
};
/* PELOCK, OPTLOCK, OBL_LAUNCH. */
#define CONTROL(errors_)                                                                \
	{                                                                               \
		.keyr = 0x0c, .optkeyr = 0x14, .keys = { 0x89abcdef, 0x02030405 },      \
		.option_keys = { 0xfbead9c8, 0x24252627 }, .keyr_lock = 1u << 0,        \
		.cr = 0x04, .lock = 1u << 2, .lock_value = 1u << 2, .launch = 1u << 18, \
		.sr = 0x18, .busy = 1u << 0, .error_at = 0x18, .errors = (errors_),     \
		.clear = 0x18, .words_at = 0x1ff80000                                   \
	}
/* SR: WRPERR to SIZERR, and FWWERR of L0. */
static const struct option_control l0_control = CONTROL(7u << 8 | 1u << 17);
/* A bit that is 1 protects, while WPRMOD is 0. */
#define WRP(name_, at_, width_, what_, ...)                                         \
	{                                                                           \
		.name = (name_), .at = (at_), .lsb = 0, .width = (width_),          \
		.kind = OPTION_WRP, .what = "a bit that is 1 protects 4 KiB" what_, \
		.only = {                                                           \
			__VA_ARGS__                                                 \
		}                                                                   \
	}
static const struct option_field l0_fields[] = {
	RDP(WORD_RDP, 0),
	BIT_OF("WPRMOD", WORD_RDP, 8, "what WRP protects from",
	       YES_NO("being written", "being read, too (PCROP)")),
	BOR(WORD_USER, 0, 4),
	WATCHDOG("WDG_SW", WORD_USER, 4, "watchdog (IWDG)"),
	NRST("nRST_STOP", WORD_USER, 5, "Stop"),
	NRST("nRST_STDBY", WORD_USER, 6, "Standby"),
	{ .name = "BFB2",
	  .at = WORD_USER,
	  .lsb = 7,
	  .width = 1,
	  .what = "starts from",
	  .values = YES_NO("bank 1", "bank 2, if it has a program"),
	  .only = { 0x447 } },
	BIT_OF("nBOOT1", WORD_USER, 15, "with BOOT0 high starts from",
	       YES_NO("RAM", "the ROM loader")),
	WRP("WRP01", WORD_WRP01, 4, ", from 0x08000000 on", 0x457),
	WRP("WRP01", WORD_WRP01, 8, ", from 0x08000000 on", 0x425),
	WRP("WRP01", WORD_WRP01, 16, ", from 0x08000000 on", 0x417, 0x447),
	WRP("WRP23", WORD_WRP23, 16, ", from 0x08010000 on", 0x447),
	WRP("WRP45", WORD_WRP45, 16, ", from 0x08020000 on", 0x447),
	{ 0 },
};
static const struct option_rule l0_rules[] = {
	HARDWARE_WATCHDOG("WDG_SW"),
	RESETS_ASLEEP("nRST_STOP"),
	RESETS_ASLEEP("nRST_STDBY"),
	{ "WPRMOD", OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,
	  "WPRMOD=1: the bits of WRP are PCROP's then, and with the vectors in a sector "
	  "that cannot be read the chip cannot start. You could come back only by RDP from "
	  "level 1 to 0, which erases the chip" },
	{ "WPRMOD", OPTION_EQUALS, 0, "RDP", 0, OPTION_ASKS,
	  "WPRMOD=0: PCROP is taken back only together with RDP from level 1 to 0, which "
	  "erases the chip" },
	{ "BFB2", OPTION_EQUALS, 1, NULL, 0, OPTION_ASKS,
	  "BFB2=1: the chip starts in its ROM, which starts bank 2 if that has a program" },
	{ 0 },
};
/* What a supply falls below; when it rises a chip starts some 0.1 V above. From 0 to 7 it is off. */
#define BOR_MV                                                                          \
	{                                                                               \
		1500, 1500, 1500, 1500, 1500, 1500, 1500, 1500, 1700, 1900, 2300, 2550, \
			2800                                                            \
	}
const struct option_set option_set_l0 = {
	.name = "STM32L0",
	.source = "RM0367 Rev 8; ST's stm32l073xx.h and HAL",
	.base = 0x40022000,
	.control = &l0_control,
	.registers = l0_words,
	.fields = l0_fields,
	.rules = l0_rules,
	.bor_mv = BOR_MV,
	.rdp = &read_protection_l0,
	.erases = "all of the flash and the data EEPROM",
};

/* --- L1 ----------------------------------------------------------------------------------- */

enum {
	L1_USER,
	L1_WRP01,
	L1_WRP23,
	L1_WRP45,
	L1_WRP67,
	L1_WRP89,
	L1_WRP1011,
	L1_WRP1213,
	L1_WRP1415,
	L1_RDP
};
static const struct option_register l1_words[] = {
	WORD("USER", 0x1e, 0x04, 0),
	WORD("WRP01", 0x20, 0x08, 0),
	WORD("WRP23", 0x22, 0x0c, 0),
	WORD("WRP45", 0x80, 0x10, 0x427, 0x436, 0x437),
	WORD("WRP67", 0x82, 0x14, 0x427, 0x436, 0x437),
	WORD("WRP89", 0x84, 0x18, 0x436, 0x437),
	WORD("WRP1011", 0x86, 0x1c, 0x436, 0x437),
	WORD("WRP1213", 0x88, 0x80, 0x437),
	WORD("WRP1415", 0x8a, 0x84, 0x437),
	WORD("RDP", 0x1c, 0x00, 0),
	{ 0 },
};
static const struct option_control l1_control = CONTROL(7u << 8);
static const struct option_field l1_fields[] = {
	RDP(L1_RDP, 0),
	{ .name = "SPRMOD",
	  .at = L1_RDP,
	  .lsb = 8,
	  .width = 1,
	  .what = "what WRP protects from",
	  .values = YES_NO("being written", "being read, too (PCROP)"),
	  .only = { 0x427, 0x429 } },
	BOR(L1_USER, 0, 4),
	WATCHDOG("IWDG_SW", L1_USER, 4, "watchdog (IWDG)"),
	NRST("nRST_STOP", L1_USER, 5, "Stop"),
	NRST("nRST_STDBY", L1_USER, 6, "Standby"),
	{ .name = "nBFB2",
	  .at = L1_USER,
	  .lsb = 7,
	  .width = 1,
	  .what = "starts from",
	  .values = YES_NO("bank 2, if it has a program", "bank 1"),
	  .only = { 0x436, 0x437 } },
	WRP("WRP01", L1_WRP01, 16, ", from 0x08000000 on", 0),
	WRP("WRP23", L1_WRP23, 16, ", from 0x08010000 on", 0),
	WRP("WRP45", L1_WRP45, 16, ", from 0x08020000 on", 0x427, 0x436, 0x437),
	WRP("WRP67", L1_WRP67, 16, ", from 0x08030000 on", 0x427, 0x436, 0x437),
	WRP("WRP89", L1_WRP89, 16, ", from 0x08040000 on", 0x436, 0x437),
	WRP("WRP1011", L1_WRP1011, 16, ", from 0x08050000 on", 0x436, 0x437),
	WRP("WRP1213", L1_WRP1213, 16, ", from 0x08060000 on", 0x437),
	WRP("WRP1415", L1_WRP1415, 16, ", from 0x08070000 on", 0x437),
	{ 0 },
};
/* A word of RDP that has level 0 and is written with it again is an erratum's: see write.c. */
static const struct option_rule l1_rules[] = {
	HARDWARE_WATCHDOG("IWDG_SW"),
	RESETS_ASLEEP("nRST_STOP"),
	RESETS_ASLEEP("nRST_STDBY"),
	{ "SPRMOD", OPTION_EQUALS, 1, NULL, 0, OPTION_REFUSES,
	  "SPRMOD=1: each 4 KiB whose bit in WRP is 0, which is how a new chip has them "
	  "all, can then neither be read nor erased, and the chip cannot start. You could "
	  "come "
	  "back only by RDP from level 1 to 0, which erases the chip" },
	{ "SPRMOD", OPTION_EQUALS, 0, "RDP", 0, OPTION_ASKS,
	  "SPRMOD=0: PCROP is taken back only together with RDP from level 1 to 0, which "
	  "erases the chip" },
	{ "nBFB2", OPTION_EQUALS, 0, NULL, 0, OPTION_ASKS,
	  "nBFB2=0: the chip starts in its ROM, which starts bank 2 if that has a "
	  "program" },
	{ 0 },
};
const struct option_set option_set_l1 = {
	.name = "STM32L1",
	.source = "ST's stm32l152xe.h and HAL",
	.base = 0x40023c00,
	.control = &l1_control,
	.registers = l1_words,
	.fields = l1_fields,
	.rules = l1_rules,
	.bor_mv = BOR_MV,
	.rdp = &read_protection_l1,
	.erases =
		"all of the flash, the data EEPROM and the other option bytes, which then "
		"count as a new chip's",
};
