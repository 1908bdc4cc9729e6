/* SPDX-License-Identifier: MIT */
/*
 * f1.c - the option bytes of STM32F0, F1 and F3. PM0075 Rev 2, 2.2 and 3; RM0091 Rev 10 and RM0364
 * Rev 4, chapters 3 and 4.
 */
#include "flash/options/fields.h"

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
static const struct option_register cells[] = {
	SAME_PLACE("RDP", 0, 0),   SAME_PLACE("USER", 2, 0),  SAME_PLACE("Data0", 4, 0),
	SAME_PLACE("Data1", 6, 0), SAME_PLACE("WRP0", 8, 0),  SAME_PLACE("WRP1", 10, 0),
	SAME_PLACE("WRP2", 12, 0), SAME_PLACE("WRP3", 14, 0), { 0 },
};

#define CELL_CONTROL(launch_)                                                          \
	{                                                                              \
		.keyr = 0x04, .keyr_lock = 1u << 7, .optkeyr = 0x08,                   \
		.keys = { KEY_1, KEY_2 }, .option_keys = { KEY_1, KEY_2 }, .cr = 0x10, \
		.lock = 1u << 9, .lock_value = 0, .launch = (launch_), .sr = 0x0c,     \
		.busy = 1u << 0, .error_at = 0x0c, .errors = 1u << 2 | 1u << 4,        \
		.clear = 0x0c, .has_cells = true, .cells_at = 0x1ffff800,              \
		.clock_at = 0x40021000                                                 \
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
const struct option_set option_set_f1 = {
	.name = "STM32F1",
	.source = "PM0075 Rev 2",
	.base = 0x40022000,
	.control = &f1_control,
	.registers = cells,
	.fields = f1_fields,
	.rules = f1_rules,
	.rdp = &read_protection_f1,
	.erases = "all of the flash",
};
const struct option_set option_set_f3 = {
	.name = "STM32F3",
	.source = "RM0364 Rev 4",
	.base = 0x40022000,
	.control = &f3_control,
	.registers = cells,
	.fields = f3_fields,
	.rules = f3_rules,
	.rdp = &read_protection_f3,
	.erases = "all of the flash and the backup registers",
};
const struct option_set option_set_f0 = {
	.name = "STM32F0",
	.source = "RM0091 Rev 10",
	.base = 0x40022000,
	.control = &f3_control,
	.registers = cells,
	.fields = f3_fields,
	.rules = f3_rules,
	.rdp = &read_protection_f3,
	.erases = "all of the flash",
};
