/* SPDX-License-Identifier: MIT */
/*
 * g4.c - the option bytes of STM32L4 and G4. RM0351 Rev 9, RM0440 Rev 8, 3.4 and 3.7.
 */
#include "flash/options/fields.h"

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
#define TWO_BANKS 0x415, 0x461, 0x469, 0x470, 0x471
static const struct option_register g4_registers[] = {
	SAME_PLACE("OPTR", 0x20, 0),
	SAME_PLACE("PCROP1SR", 0x24, 0),
	SAME_PLACE("PCROP1ER", 0x28, 0),
	SAME_PLACE("WRP1AR", 0x2c, 0),
	SAME_PLACE("WRP1BR", 0x30, 0),
	SAME_PLACE("PCROP2SR", 0x44, TWO_BANKS),
	SAME_PLACE("PCROP2ER", 0x48, TWO_BANKS),
	SAME_PLACE("WRP2AR", 0x4c, TWO_BANKS),
	SAME_PLACE("WRP2BR", 0x50, TWO_BANKS),
	SAME_PLACE("SEC1R", 0x70, 0x468, 0x469, 0x479),
	SAME_PLACE("SEC2R", 0x74, 0x469),
	{ 0 },
};
/* SR: OPERR, PROGERR to FASTERR, RDERR. BSY. */
static const struct option_control g4_control = CONTROL_OF_L4(1u << 16, 0x43fa);
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
#define WRP_PAGES(area, at_, bits, ...)                                                 \
	PAGES("WRP" area "_STRT", at_, 0, bits, (1u << (bits)) - 1,                     \
	      "first write-protected page", __VA_ARGS__),                               \
		PAGES("WRP" area "_END", at_, 16, bits, 0, "last write-protected page", \
		      __VA_ARGS__)
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

#define GROWS_ONLY(first, last)                                                       \
	{ first,                                                                      \
	  OPTION_IS_ONE_UNIT,                                                         \
	  0,                                                                          \
	  last,                                                                       \
	  0,                                                                          \
	  OPTION_REFUSES,                                                             \
	  first " = " last                                                            \
		": the manual does not say what that protects, and users were stuck " \
		"with it. No area: the first behind the last" },                      \
		PCROP_AREA(first, last)
#define G4_RULES                                                                         \
	SLEEP_RULES_OF_L4, BOOT0_BY_OPTION("nSWBOOT0", 0),                               \
		{ "DBANK",                                                               \
		  OPTION_DIFFERS,                                                        \
		  2,                                                                     \
		  NULL,                                                                  \
		  0,                                                                     \
		  OPTION_ASKS,                                                           \
		  "DBANK: pages and banks are others then, and the program in flash is " \
		  "of no use: erase all and load again" },                               \
		{ "BFB2",                                                                \
		  OPTION_EQUALS,                                                         \
		  1,                                                                     \
		  NULL,                                                                  \
		  0,                                                                     \
		  OPTION_ASKS,                                                           \
		  "BFB2=1: the chip starts from bank 2 if it holds a program" },         \
		GROWS_ONLY("PCROP1_STRT", "PCROP1_END"),                                 \
		GROWS_ONLY("PCROP2_STRT", "PCROP2_END")
static const struct option_rule l4_rules[] = {
	G4_RULES,
	{ "DUALBANK", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "DUALBANK: the banks are others then, and the program in flash may be of no use: "
	  "erase all and load again" },
	{ "DB1M", OPTION_DIFFERS, 2, NULL, 0, OPTION_ASKS,
	  "DB1M: the banks are others then, and the program in flash may be of no use: "
	  "erase all and load again" },
	PARITY("SRAM2_PE"),
	{ 0 },
};
static const struct option_rule g4_rules[] = {
	G4_RULES,
	PARITY("SRAM_PE"),
	{ "BOOT_LOCK", OPTION_EQUALS, 1, "RDP", 1, OPTION_REFUSES,
	  "BOOT_LOCK=1 with RDP at level 1: the chip starts the flash alone, the debug "
	  "port may stay shut unless the program opens it (FLASH_ACR.DBG_SWEN), and you "
	  "could never come back" },
	{ "BOOT_LOCK", OPTION_EQUALS, 1, "RDP", 0, OPTION_ASKS,
	  "BOOT_LOCK=1: the ROM loader can no longer be reached" },
	{ "NRST_MODE", OPTION_EQUALS, 2, "nSWBOOT0", 0, OPTION_REFUSES,
	  "NRST_MODE=2 with nSWBOOT0=0: there is neither a reset pin nor a way to the ROM "
	  "loader: if the program also switches SWD off, you could never come back" },
	{ "NRST_MODE", OPTION_EQUALS, 2, "BOOT_LOCK", 1, OPTION_REFUSES,
	  "NRST_MODE=2 with BOOT_LOCK=1: there is neither a reset pin nor a way to the ROM "
	  "loader: if the program also switches SWD off, you could never come back" },
	{ "NRST_MODE", OPTION_EQUALS, 2, NULL, 0, OPTION_ASKS,
	  "NRST_MODE=2: the reset pin no longer works, and neither does connecting under "
	  "reset" },
	HIDES_PAGES("SEC_SIZE1"),
	HIDES_PAGES("SEC_SIZE2"),
	{ 0 },
};
/* PCROP_RDP must be 1 when RDP changes and no PCROP area is wanted: RM0440, 3.5.2. */
#define G4_SET(name_, source_, fields_, rules_, erases_)                                   \
	{                                                                                  \
		.name = (name_), .source = (source_), .base = 0x40022000,                  \
		.control = &g4_control, .registers = g4_registers, .fields = (fields_),    \
		.rules = (rules_), .bor_mv = { 1700, 2000, 2200, 2500, 2800 },             \
		.rdp = &read_protection_g4, .erases = (erases_), .rdp_needs = "PCROP_RDP", \
		.areas = {                                                                 \
			{ .first = "PCROP1_STRT", .last = "PCROP1_END" },                  \
			{ .first = "PCROP2_STRT", .last = "PCROP2_END" }                   \
		}                                                                          \
	}
const struct option_set option_set_l4 =
	G4_SET("STM32L4", "RM0351 Rev 9", l4_fields, l4_rules,
	       "all of the flash, SRAM2 and the backup registers");
const struct option_set option_set_g4 =
	G4_SET("STM32G4", "RM0440 Rev 8", g4_fields, g4_rules,
	       "all of the flash, CCM RAM and the backup registers");
