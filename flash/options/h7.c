/* SPDX-License-Identifier: MIT */
/*
 * h7.c - the option bytes of STM32H7. RM0433 Rev 8, RM0399 Rev 4, RM0468 Rev 3, 4.4 and 4.9.
 */
#include "flash/options/fields.h"

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
	  "again after this bit alone" },
	{ "BCM7", OPTION_EQUALS, 0, "BCM4", 1, OPTION_ASKS,
	  "BCM7=0: the Cortex-M7 waits for the Cortex-M4 to start it; other tools find the "
	  "chip only when they are set to the Cortex-M4's access port, 3" },
	{ "BCM4", OPTION_EQUALS, 0, NULL, 0, OPTION_WARNS,
	  "BCM4=0: the Cortex-M4 waits for the Cortex-M7 to start it" },
	{ "SWAP_BANK_OPT", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "SWAP_BANK_OPT: after the reset 0x08000000 shows the other bank: if that holds "
	  "no program, the chip starts none" },
	{ "BOOT_ADD0", OPTION_DIFFERS, 0x0800, NULL, 0, OPTION_ASKS,
	  "BOOT_ADD0: the chip no longer starts at 0x08000000: if no program is where it "
	  "starts, the core locks up, and you get in under reset" },
	{ "BOOT_ADD1", OPTION_DIFFERS, 0x1ff0, NULL, 0, OPTION_ASKS,
	  "BOOT_ADD1: the pin BOOT no longer starts the ROM loader; keep it at 0x1ff0" },
	{ "TCM_AXI_SHARED", OPTION_DIFFERS, 4, NULL, 0, OPTION_ASKS,
	  "TCM_AXI_SHARED: the sizes of ITCM and AXI SRAM change: the program must be "
	  "linked for that" },
	{ 0 },
};
const struct option_set option_set_h7 = {
	.name = "STM32H7",
	.source = "RM0399 Rev 4, RM0433 Rev 8, RM0468 Rev 3",
	.base = 0x52002000,
	.control = &h7_control,
	.registers = h7_registers,
	.fields = h7_fields,
	.rules = h7_rules,
	.bor_mv = { 1700, 2100, 2400, 2700 },
	.rdp = &read_protection_h7,
	.erases = "all of the flash, the backup RAM and the backup registers",
	.areas = { { "PROT_AREA_START1", "PROT_AREA_END1", NULL, "DMEP1" },
		   { "PROT_AREA_START2", "PROT_AREA_END2", NULL, "DMEP2" } },
};
