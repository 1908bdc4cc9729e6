/* SPDX-License-Identifier: MIT */
/*
 * g0.c - STM32G0: RM0444 Rev 5, chapter 3; C0: RM0490 Rev 5, chapter 4; U0; by the algorithm of G4, whose
 * registers they have. Times from DS12232 (STM32G071) and DS13866 (STM32C031), "Flash memory
 * characteristics". Sections below: RM0444.
 */
#include "flash/interfaces/l4_family.h"

/* 3.7.4. BSY2: of parts with two banks; RDERR: not of U0; HDPOPTWERR, OEMOPTWERR: of U0. */
#define COMMON_SR(F)                                              \
	ERRORS_OF_L4(F, PAGE_OR_PCROP)                            \
	OPTVERR_OF_L4(F)                                          \
	F(FLASH_SR, BSY1, 16, 1, "an operation is still running") \
	CFGBSY_OF_G0(F)
#define FLASH_SR(F)    \
	COMMON_SR(F)   \
	RDERR_OF_L4(F) \
	F(FLASH_SR, BSY2, 17, 1, "an operation is still running in bank 2")
#define FLASH_SR_U0(F)                                                        \
	COMMON_SR(F)                                                          \
	F(FLASH_SR, HDPOPTWERR, 11, 1, "the hide protection was not changed") \
	F(FLASH_SR, OEMOPTWERR, 12, 1, "the option bytes were not changed, for the keys")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);
static const struct reg_field flash_sr_u0[] = REG_FIELDS(FLASH_SR_U0);

/* 3.7.10: WRP1A_STRT, WRP1A_END; fewer bits on parts with fewer pages. */
enum { WRP_PAGES = 0x7f };
#define WRP(name_, offset_, bank_) WRP_OF_L4(name_, offset_, bank_, WRP_PAGES)

/* t_ERASE is at most 40 ms, t_prog 125 us. */
#define ALGORITHM(name_)                                                                   \
	{                                                                                  \
		CODE_OF_G4, .name = (name_), .page_size = 2048, .erase_ms = 40,            \
			    .erase_bank_ms = 100, .program_ms = 32 /* 256 times t_prog */, \
			    .erase_cost = { 22000, 0 }, .erase_bank_cost = { 22100, 0 },   \
			    .program_cost = {                                              \
				    0,                                                     \
				    10900                                                  \
			    }                                                              \
	}
static const struct algorithm g0 = ALGORITHM("STM32G0"), c0 = ALGORITHM("STM32C0"),
			      u0 = ALGORITHM("STM32U0");

/* ECC: 3.7.6 FLASH_ECCR, 3.7.7 FLASH_ECC2R. Protection: 3.7.10, 3.7.11, 3.7.16, 3.7.17. */
#define BANK_1 WRP("FLASH_WRP1AR", 0x2c, 1), WRP("FLASH_WRP1BR", 0x30, 1)
#define BANK_2 WRP("FLASH_WRP2AR", 0x4c, 2), WRP("FLASH_WRP2BR", 0x50, 2)
#define COMMON                                                                     \
	.status_fields = flash_sr,                                                 \
	.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDERR), \
	.readout = &read_protection_g4, .programs_once = true
const struct flash_driver flash_driver_g0 = {
	.algorithm = &g0, .protections = { BANK_1 }, ECC_OF_L4, COMMON
};
const struct flash_driver flash_driver_g0b = { .algorithm = &g0,
					       .protections = { BANK_1, BANK_2 },
					       ECC_OF_L4,
					       .ecc_2_offset = 0x1c,
					       COMMON };
const struct flash_driver flash_driver_c0 = { .algorithm = &c0,
					      .protections = { BANK_1 },
					      COMMON };
const struct flash_driver flash_driver_u0 = { .algorithm = &u0,
					      .protections = { BANK_1 },
					      ECC_OF_L4,
					      .status_fields = flash_sr_u0,
					      .protection_errors =
						      REG_MASK(FLASH_SR_WRPERR),
					      .readout = &read_protection_g4,
					      .programs_once = true };
