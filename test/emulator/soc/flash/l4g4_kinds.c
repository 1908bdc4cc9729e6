/* SPDX-License-Identifier: MIT */
/*
 * What STM32L4, STM32G4 and STM32G0 have each in its own way: RM0351 Rev 9, 3.7 (STM32L47x and
 * L48x); RM0440 Rev 8, 3.7 (category 3); RM0444 Rev 5, 3.7 (STM32G07x). Bits and offsets:
 * stm32l476xx.h, stm32g473xx.h and stm32g071xx.h, ST's CMSIS device headers.
 */
#include "test/emulator/soc/flash/l4g4.h"
#include "test/emulator/soc/timing.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* OPTR fields; an area of WRP has both its ends in one register, one of PCROP in two. */
#define FIELD(name, shift, mask)                                   \
	{                                                          \
		name, OPTION_OPTR, shift, OPTION_OPTR, shift, mask \
	}
#define WRP(name, option, mask)                   \
	{                                         \
		name, option, 0, option, 16, mask \
	}
#define PCROP(name, first, last, mask)        \
	{                                     \
		name, first, 0, last, 0, mask \
	}

/* RM0351 3.4.1, 3.7.8 to 3.7.16. */
static const struct flash_option_name l47_names[] = {
	FIELD("BOR_LEV", 8, 7),
	FIELD("nRST_STOP", 12, 1),
	FIELD("nRST_STDBY", 13, 1),
	FIELD("nRST_SHDW", 14, 1),
	FIELD("IWDG_SW", 16, 1),
	FIELD("IWDG_STOP", 17, 1),
	FIELD("IWDG_STDBY", 18, 1),
	FIELD("WWDG_SW", 19, 1),
	FIELD("BFB2", 20, 1),
	FIELD("DUALBANK", 21, 1),
	FIELD("nBOOT1", 23, 1),
	FIELD("SRAM2_PE", 24, 1),
	FIELD("SRAM2_RST", 25, 1),
	WRP("WRP1A", OPTION_WRP1AR, 0xFF),
	WRP("WRP1B", OPTION_WRP1BR, 0xFF),
	WRP("WRP2A", OPTION_WRP2AR, 0xFF),
	WRP("WRP2B", OPTION_WRP2BR, 0xFF),
	PCROP("PCROP1", OPTION_PCROP1SR, OPTION_PCROP1ER, 0xFFFF),
	PCROP("PCROP2", OPTION_PCROP2SR, OPTION_PCROP2ER, 0xFFFF),
	{ "PCROP_RDP", OPTION_PCROP1ER, 31, OPTION_PCROP1ER, 31, 1 },
};

/* RM0440 3.4.1, 3.7.8 to 3.7.18. */
static const struct flash_option_name g47_names[] = {
	FIELD("BOR_LEV", 8, 7),
	FIELD("nRST_STOP", 12, 1),
	FIELD("nRST_STDBY", 13, 1),
	FIELD("nRST_SHDW", 14, 1),
	FIELD("IWDG_SW", 16, 1),
	FIELD("IWDG_STOP", 17, 1),
	FIELD("IWDG_STDBY", 18, 1),
	FIELD("WWDG_SW", 19, 1),
	FIELD("BFB2", 20, 1),
	FIELD("DBANK", 22, 1),
	FIELD("nBOOT1", 23, 1),
	FIELD("SRAM_PE", 24, 1),
	FIELD("CCMSRAM_RST", 25, 1),
	FIELD("nSWBOOT0", 26, 1),
	FIELD("nBOOT0", 27, 1),
	FIELD("NRST_MODE", 28, 3),
	FIELD("IRHEN", 30, 1),
	WRP("WRP1A", OPTION_WRP1AR, 0x7F),
	WRP("WRP1B", OPTION_WRP1BR, 0x7F),
	WRP("WRP2A", OPTION_WRP2AR, 0x7F),
	WRP("WRP2B", OPTION_WRP2BR, 0x7F),
	PCROP("PCROP1", OPTION_PCROP1SR, OPTION_PCROP1ER, 0x7FFF),
	PCROP("PCROP2", OPTION_PCROP2SR, OPTION_PCROP2ER, 0x7FFF),
	{ "PCROP_RDP", OPTION_PCROP1ER, 31, OPTION_PCROP1ER, 31, 1 },
};

#define BOR_LEV (UINT32_C(7) << 8)

/* RM0444 3.4.1, 3.7.8 to 3.7.15. */
static const struct flash_option_name g07_names[] = {
	FIELD("BOR_EN", 8, 1),
	FIELD("BORR_LEV", 9, 3),
	FIELD("BORF_LEV", 11, 3),
	FIELD("nRST_STOP", 13, 1),
	FIELD("nRST_STDBY", 14, 1),
	FIELD("nRST_SHDW", 15, 1),
	FIELD("IWDG_SW", 16, 1),
	FIELD("IWDG_STOP", 17, 1),
	FIELD("IWDG_STDBY", 18, 1),
	FIELD("WWDG_SW", 19, 1),
	FIELD("RAM_PARITY_CHECK", 22, 1),
	FIELD("nBOOT_SEL", 24, 1),
	FIELD("nBOOT1", 25, 1),
	FIELD("nBOOT0", 26, 1),
	FIELD("NRST_MODE", 27, 3),
	FIELD("IRHEN", 29, 1),
	WRP("WRP1A", OPTION_WRP1AR, 0x3F),
	WRP("WRP1B", OPTION_WRP1BR, 0x3F),
	PCROP("PCROP1A", OPTION_PCROP1SR, OPTION_PCROP1ER, 0xFF),
	PCROP("PCROP1B", OPTION_PCROP1BSR, OPTION_PCROP1BER, 0xFF),
	{ "PCROP_RDP", OPTION_PCROP1ER, 31, OPTION_PCROP1ER, 31, 1 },
	{ "SEC_SIZE", OPTION_SEC1R, 0, OPTION_SEC1R, 0, 0x7F },
	{ "BOOT_LOCK", OPTION_SEC1R, 16, OPTION_SEC1R, 16, 1 },
};

/* Areas from the factory start behind their end, so that they cover nothing. */
const struct flash_l4g4_kind flash_l4g4_l47 = {
	.acr_reset = 0x00000600, /* 3.7.1 */
	.acr_writable = 0x00007F07,
	.eccr_bank_bit = 19, /* 3.7.7 */
	.page_mask = 0xFF,
	.pcrop_mask = 0xFFFF,
	.forced_zero = BOR_LEV,
	.package = 0, /* LQFP64 (48.3): the part is an RG */
	.options = {
		[OPTION_OPTR] = { 0x20, 0x1FFF7800, 0x03BF77FF, 0xFFEFF8AA },
		[OPTION_PCROP1SR] = { 0x24, 0x1FFF7808, 0x0000FFFF, 0xFFFFFFFF },
		[OPTION_PCROP1ER] = { 0x28, 0x1FFF7810, 0x8000FFFF, 0x00FF0000 },
		[OPTION_WRP1AR] = { 0x2C, 0x1FFF7818, 0x00FF00FF, 0xFF00FFFF },
		[OPTION_WRP1BR] = { 0x30, 0x1FFF7820, 0x00FF00FF, 0xFF00FFFF },
		[OPTION_PCROP2SR] = { 0x44, 0x1FFFF808, 0x0000FFFF, 0xFFFFFFFF },
		[OPTION_PCROP2ER] = { 0x48, 0x1FFFF810, 0x0000FFFF, 0x00FF0000 },
		[OPTION_WRP2AR] = { 0x4C, 0x1FFFF818, 0x00FF00FF, 0xFF00FFFF },
		[OPTION_WRP2BR] = { 0x50, 0x1FFFF820, 0x00FF00FF, 0xFF00FFFF },
	},
	.names = l47_names,
	.names_len = LEN(l47_names),
	.program_ns = L4_FLASH_PROGRAM_NS,
	.program_row_ns = L4_FLASH_PROGRAM_ROW_NS,
	.erase_page_ns = L4_FLASH_ERASE_PAGE_NS,
	.erase_mass_ns = L4_FLASH_ERASE_MASS_NS,
	.options_ns = L4_FLASH_OPTIONS_NS,
};

/* ACR: DBG_SWEN is set after reset. CR: SEC_PROT1 and SEC_PROT2. Option bytes: table 14. */
const struct flash_l4g4_kind flash_l4g4_g47 = {
	.acr_reset = 0x00040600,
	.acr_writable = 0x00047F0F,
	.acr_debug = BIT(18),
	.cr_secure = BIT(28) | BIT(29),
	.eccr_bank_bit = 21,
	.page_mask = 0x7F,
	.pcrop_mask = 0x7FFF,
	.dual_bank = FLASH_OPTR_DBANK,
	.has_nswboot0 = true,
	.reset_holder = FLASH_OPTR_IRHEN,
	.forced_zero = BOR_LEV,
	.package = 0, /* LQFP100 (RM0440 Rev 8, 48.3) */
	.options = {
		[OPTION_OPTR] = { 0x20, 0x1FFF7800, 0x7FDF77FF, 0xFFEFF8AA },
		[OPTION_PCROP1SR] = { 0x24, 0x1FFF7808, 0x00007FFF, 0xFFFFFFFF },
		[OPTION_PCROP1ER] = { 0x28, 0x1FFF7810, 0x80007FFF, 0x00FF0000 },
		[OPTION_WRP1AR] = { 0x2C, 0x1FFF7818, 0x007F007F, 0xFF00FFFF },
		[OPTION_WRP1BR] = { 0x30, 0x1FFF7820, 0x007F007F, 0xFF00FFFF },
		[OPTION_SEC1R] = { 0x70, 0x1FFF7828, 0x000100FF, 0xFF00FF00 },
		[OPTION_PCROP2SR] = { 0x44, 0x1FFFF808, 0x00007FFF, 0xFFFFFFFF },
		[OPTION_PCROP2ER] = { 0x48, 0x1FFFF810, 0x00007FFF, 0x00FF0000 },
		[OPTION_WRP2AR] = { 0x4C, 0x1FFFF818, 0x007F007F, 0xFF00FFFF },
		[OPTION_WRP2BR] = { 0x50, 0x1FFFF820, 0x007F007F, 0xFF00FFFF },
		[OPTION_SEC2R] = { 0x74, 0x1FFFF828, 0x000000FF, 0xFF00FF00 },
	},
	.names = g47_names,
	.names_len = LEN(g47_names),
	.program_ns = G4_FLASH_PROGRAM_NS,
	.program_row_ns = G4_FLASH_PROGRAM_ROW_NS,
	.erase_page_ns = G4_FLASH_ERASE_PAGE_NS,
	.erase_mass_ns = G4_FLASH_ERASE_MASS_NS,
	.options_ns = G4_FLASH_OPTIONS_NS,
};

/* CR: SEC_PROT; PNB has six bits. OPTR of new parts: as Black Magic Probe's stm32g0.c writes it
 * back. Where the option bytes lie and what else the factory wrote: from memory of table 18. */
const struct flash_l4g4_kind flash_l4g4_g07 = {
	.acr_reset = 0x00040600,
	.acr_writable = 0x00050B07,
	.acr_debug = BIT(18),
	.acr_empty = BIT(16),
	.cr_secure = BIT(28),
	.cr_absent = BIT(9) | BIT(10) | FLASH_CR_BKER | FLASH_CR_MER2,
	.has_cfgbsy = true,
	.locks_debug = true,
	.eccr_shift = 3,
	.page_mask = 0x3F,
	.pcrop_mask = 0xFF,
	.pcrop_unit = 512,
	.has_one_bank = true,
	.reset_holder = FLASH_OPTR_G0_IRHEN,
	.forced_zero = BIT(8), /* BOR_EN: assumption, as BOR_LEV of the others */
	.package = 12,         /* LQFP64 (RM0454 30.2) */
	.options = {
		[OPTION_OPTR] = { 0x20, 0x1FFF7800, 0x3F4FFFFF, 0xFFFFFEAA },
		[OPTION_PCROP1SR] = { 0x24, 0x1FFF7808, 0x000000FF, 0xFFFFFFFF },
		[OPTION_PCROP1ER] = { 0x28, 0x1FFF7810, 0x800000FF, 0x00000000 },
		[OPTION_WRP1AR] = { 0x2C, 0x1FFF7818, 0x003F003F, 0x000000FF },
		[OPTION_WRP1BR] = { 0x30, 0x1FFF7820, 0x003F003F, 0x000000FF },
		[OPTION_PCROP1BSR] = { 0x34, 0x1FFF7828, 0x000000FF, 0xFFFFFFFF },
		[OPTION_PCROP1BER] = { 0x38, 0x1FFF7830, 0x000000FF, 0x00000000 },
		[OPTION_SEC1R] = { 0x80, 0x1FFF7870, 0x0001007F, 0x00000000 },
	},
	.names = g07_names,
	.names_len = LEN(g07_names),
	.program_ns = G0_FLASH_PROGRAM_NS,
	.program_row_ns = G0_FLASH_PROGRAM_ROW_NS,
	.erase_page_ns = G0_FLASH_ERASE_PAGE_NS,
	.erase_mass_ns = G0_FLASH_ERASE_MASS_NS,
	.options_ns = G0_FLASH_OPTIONS_NS,
};
