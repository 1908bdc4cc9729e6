/* SPDX-License-Identifier: MIT */
/*
 * f4.c - the option bytes of STM32F2 and F4. PM0059 Rev 5, chapter 2; RM0090 Rev 19, 3.9.10 and
 * 3.9.11.
 */
#include "flash/options/fields.h"

enum { OPTCR1, OPTCR };
static const struct option_register f4_registers[] = {
	SAME_PLACE("OPTCR1", 0x18, 0x419, 0x434),
	SAME_PLACE("OPTCR", 0x14, 0),
	{ 0 },
};
static const struct option_control f4_control = CONTROL_OF_F4;
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
	  "all, can then neither be read nor erased; with sector 0 among them the chip "
	  "cannot start. You could come back only by RDP from level 1 to 0, SPRMOD=0 and "
	  "all of nWRP in one write, which erases the chip" },
	{ "DB1M", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "DB1M: the sectors are numbered anew, and the program in flash is of no use: "
	  "erase and load again" },
	{ "BFB2", OPTION_EQUALS, 1, "DB1M", 0, OPTION_WARNS,
	  "BFB2=1: the chip starts in its ROM, which chooses a bank" },
	{ 0 },
};
#define F4_SET(name_, source_)                                                          \
	{                                                                               \
		.name = (name_), .source = (source_), .base = 0x40023c00,               \
		.control = &f4_control, .registers = f4_registers, .fields = f4_fields, \
		.rules = f4_rules, .bor_mv = { 2700, 2400, 2100, 1800 },                \
		.rdp = &read_protection_f4,                                             \
		.erases = "all of the flash and the backup RAM", .areas = {             \
			{ .first = "nWRP", .mode = "SPRMOD" }                           \
		}                                                                       \
	}
const struct option_set option_set_f4 = F4_SET("STM32F4", "RM0090 Rev 19");
const struct option_set option_set_f2 = F4_SET("STM32F2", "PM0059 Rev 5");
