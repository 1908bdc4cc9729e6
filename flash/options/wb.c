/* SPDX-License-Identifier: MIT */
/*
 * wb.c - the option bytes of STM32WB and WL. RM0434 Rev 10, 3.4 and 3.10; RM0453 Rev 5, 4.4 and 4.10.
 *
 * SFR and SRRVR say what is the Cortex-M0+'s, and where it starts. ST's installer of radio firmware
 * (FUS) writes them; the Cortex-M4 may not, once the secure part is on. NRST_MODE and IRHEN of WB10
 * and WB15 are left out: sources disagree on their bits.
 */
#include "flash/options/fields.h"

enum {
	WB_OPTR,
	WB_PCROP1ASR,
	WB_PCROP1AER,
	WB_WRP1AR,
	WB_WRP1BR,
	WB_PCROP1BSR,
	WB_PCROP1BER,
	WB_IPCCBR,
	WB_SFR,
	WB_SRRVR
};
static const struct option_register wb_registers[] = {
	SAME_PLACE("OPTR", 0x20, 0),
	SAME_PLACE("PCROP1ASR", 0x24, 0),
	SAME_PLACE("PCROP1AER", 0x28, 0),
	SAME_PLACE("WRP1AR", 0x2c, 0),
	SAME_PLACE("WRP1BR", 0x30, 0),
	SAME_PLACE("PCROP1BSR", 0x34, 0),
	SAME_PLACE("PCROP1BER", 0x38, 0),
	SAME_PLACE("IPCCBR", 0x3c, 0),
	SAME_PLACE("SFR", 0x80, 0),
	SAME_PLACE("SRRVR", 0x84, 0),
	{ 0 },
};
/* SR: OPERR, PROGERR to FASTERR, RDERR. BSY, CFGBSY, PESD. */
static const struct option_control wb_control = CONTROL_OF_L4(0xdu << 16, 0x43fa);
#define COMMON(ram_parity, ram_reset)                                                   \
	RDP(WB_OPTR, 0),                                                                \
		BIT_OF("ESE", WB_OPTR, 8, "secure part of the Cortex-M0+",              \
		       YES_NO("off", "on")),                                            \
		BOR(WB_OPTR, 9, 3), NRST("nRST_STOP", WB_OPTR, 12, "Stop"),             \
		NRST("nRST_STDBY", WB_OPTR, 13, "Standby"),                             \
		NRST("nRST_SHDW", WB_OPTR, 14, "Shutdown"),                             \
		WATCHDOG("IWDG_SW", WB_OPTR, 16, "watchdog (IWDG)"),                    \
		COUNTS("IWDG_STOP", WB_OPTR, 17, "Stop"),                               \
		COUNTS("IWDG_STDBY", WB_OPTR, 18, "Standby"),                           \
		WATCHDOG("WWDG_SW", WB_OPTR, 19, "window watchdog"),                    \
		BIT_OF("nBOOT1", WB_OPTR, 23, "with BOOT0 high starts from",            \
		       YES_NO("RAM", "the ROM loader")),                                \
		BIT_OF(ram_parity, WB_OPTR, 24, "parity of SRAM2",                      \
		       YES_NO("checked", "not checked")),                               \
		BIT_OF(ram_reset, WB_OPTR, 25, "RAM at a reset",                        \
		       YES_NO("erased", "kept")),                                       \
		BIT_OF("nSWBOOT0", WB_OPTR, 26, "BOOT0 comes from",                     \
		       YES_NO("nBOOT0", "the pin")),                                    \
		BIT_OF("nBOOT0", WB_OPTR, 27, "BOOT0 inverted, while nSWBOOT0 is 0",    \
		       YES_NO("starts the ROM loader or RAM", "starts the flash")),     \
		BIT_OF("PCROP_RDP", WB_PCROP1AER, 31, "RDP from level 1 to 0",          \
		       YES_NO("keeps the PCROP areas", "erases the PCROP areas, too")), \
		NUMBER("IPCCDBA", WB_IPCCBR, 0, 14,                                     \
		       "where in SRAM2 the cores exchange messages, in double words"),  \
		BIT_OF("DDS", WB_SFR, 12, "debugging the Cortex-M0+",                   \
		       YES_NO("allowed", "not allowed")),                               \
		BIT_OF("C2OPT", WB_SRRVR, 31, "the Cortex-M0+ starts from",             \
		       YES_NO("SRAM2", "the flash"))
/* Units of PCROP: bits of their number. */
#define AREAS(wrp_bits, pcrop_bits)                                                \
	WRP_AREA("WRP1A_STRT", "WRP1A_END", WB_WRP1AR, wrp_bits),                  \
		WRP_AREA("WRP1B_STRT", "WRP1B_END", WB_WRP1BR, wrp_bits),          \
		AREA("PCROP1A_STRT", "PCROP1A_END", WB_PCROP1ASR, WB_PCROP1AER, 0, \
		     pcrop_bits, "area A that only executes"),                     \
		AREA("PCROP1B_STRT", "PCROP1B_END", WB_PCROP1BSR, WB_PCROP1BER, 0, \
		     pcrop_bits, "area B that only executes")
/* From SFSA on the flash is the Cortex-M0+'s, unless FSD is 1; SBRV: where that starts. */
#define SECURE_PART(sfsa_bits, sbrv_bits)                                         \
	NUMBER("SFSA", WB_SFR, 0, sfsa_bits, "first page of the Cortex-M0+"),     \
		BIT_OF("FSD", WB_SFR, sfsa_bits, "pages of the Cortex-M0+ alone", \
		       YES_NO("from SFSA on", "none")),                           \
		NUMBER("SBRV", WB_SRRVR, 0, sbrv_bits,                            \
		       "where the Cortex-M0+ starts, in words")

static const struct option_field wb_fields[] = {
	COMMON("SRAM2PE", "SRAM2RST"),
	NUMBER("AGC_TRIM", WB_OPTR, 29, 3, "trim of the radio"),
	AREAS(8, 9),
	SECURE_PART(8, 17),
	{ 0 },
};
static const struct option_field wl_fields[] = {
	COMMON("SRAM2_PE", "SRAM_RST"),
	BIT_OF("BOOT_LOCK", WB_OPTR, 30, "the Cortex-M4 starts from",
	       YES_NO("as the other options say", "the flash alone")),
	BIT_OF("C2BOOT_LOCK", WB_OPTR, 31, "WL5x: the Cortex-M0+ starts from",
	       YES_NO("as the other options say", "SBRV alone")),
	AREAS(7, 8),
	SECURE_PART(7, 16),
	NUMBER("HDPSA", WB_SFR, 16, 7, "WL5x: first hidden page of the Cortex-M0+"),
	BIT_OF("HDPAD", WB_SFR, 23, "WL5x: hidden pages of the Cortex-M0+",
	       YES_NO("from HDPSA on", "none")),
	BIT_OF("SUBGHZSPISD", WB_SFR, 31, "WL5x: the radio is",
	       YES_NO("the Cortex-M0+'s alone", "open to both cores")),
	{ 0 },
};

/* `other`: a value that it cannot have. */
#define OF_THE_RADIO(name, other)                                                         \
	{                                                                                 \
		name, OPTION_DIFFERS, other, NULL, 0, OPTION_REFUSES,                     \
			name " belongs to the firmware of the Cortex-M0+: the installer " \
			     "of that (FUS) writes it, and with a wrong one the radio "   \
			     "does not start, which may be final"                         \
	}
#define ONE_UNIT(first, last)                                                         \
	{                                                                             \
		first, OPTION_IS_ONE_UNIT, 0, last, 0, OPTION_REFUSES,                \
			first " = " last                                              \
			      ": on relatives of this chip that protects all of the " \
			      "flash. No area: the first behind the last"             \
	}
#define COMMON_RULES                                                               \
	SLEEP_RULES_OF_L4, BOOT0_BY_OPTION("nSWBOOT0", 0),                         \
		ONE_UNIT("PCROP1A_STRT", "PCROP1A_END"),                           \
		PCROP_AREA("PCROP1A_STRT", "PCROP1A_END"),                         \
		ONE_UNIT("PCROP1B_STRT", "PCROP1B_END"),                           \
		PCROP_AREA("PCROP1B_STRT", "PCROP1B_END"), OF_THE_RADIO("ESE", 2), \
		OF_THE_RADIO("IPCCDBA", 1u << 14), OF_THE_RADIO("SFSA", 1u << 8),  \
		OF_THE_RADIO("FSD", 2), OF_THE_RADIO("DDS", 2),                    \
		OF_THE_RADIO("SBRV", 1u << 17), OF_THE_RADIO("C2OPT", 2)
static const struct option_rule wb_rules[] = {
	COMMON_RULES,
	PARITY("SRAM2PE"),
	OF_THE_RADIO("AGC_TRIM", 8),
	{ 0 },
};
static const struct option_rule wl_rules[] = {
	COMMON_RULES,
	PARITY("SRAM2_PE"),
	{ "BOOT_LOCK", OPTION_EQUALS, 1, "RDP", 1, OPTION_REFUSES,
	  "BOOT_LOCK=1 with RDP at level 1: the chip starts the flash alone, and if the "
	  "program in it closes the debug port you could never come back" },
	{ "BOOT_LOCK", OPTION_EQUALS, 1, "RDP", 0, OPTION_ASKS,
	  "BOOT_LOCK=1: the ROM loader can no longer be reached" },
	OF_THE_RADIO("C2BOOT_LOCK", 2),
	OF_THE_RADIO("HDPSA", 1u << 7),
	OF_THE_RADIO("HDPAD", 2),
	OF_THE_RADIO("SUBGHZSPISD", 2),
	{ 0 },
};

#define WB_SET(name_, source_, fields_, rules_)                                         \
	{                                                                               \
		.name = (name_), .source = (source_), .base = 0x58004000,               \
		.control = &wb_control, .registers = wb_registers, .fields = (fields_), \
		.rules = (rules_), .bor_mv = { 1700, 2000, 2200, 2500, 2800 },          \
		.rdp = &read_protection_wb,                                             \
		.erases = "all of the flash but what is the Cortex-M0+'s alone, SRAM2 " \
			  "and the backup registers",                                   \
		.rdp_needs = "PCROP_RDP", .areas = {                                    \
			{ .first = "PCROP1A_STRT", .last = "PCROP1A_END" },             \
			{ .first = "PCROP1B_STRT", .last = "PCROP1B_END" }              \
		}                                                                       \
	}
const struct option_set option_set_wb =
	WB_SET("STM32WB", "RM0434 Rev 10", wb_fields, wb_rules);
const struct option_set option_set_wl =
	WB_SET("STM32WL", "RM0453 Rev 5", wl_fields, wl_rules);
