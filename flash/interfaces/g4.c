/* SPDX-License-Identifier: MIT */
/*
 * g4.c - STM32G4: RM0440 Rev 8, chapter 3; STM32L4 and L4+: RM0351 Rev 9, chapter 3, which differ in
 * nothing but how many bits a page's number has. Times from DS12288 Rev 6 and DS10198, "Flash memory
 * characteristics". Sections below: RM0440; RM0351.
 */
#include "flash/interfaces/l4_family.h"

/* 3.7.5; 3.7.5 */
#define FLASH_SR(F)                                      \
	ERRORS_OF_L4(F, "the sector is write-protected") \
	RDERR_OF_L4(F)                                   \
	OPTVERR_OF_L4(F)                                 \
	F(FLASH_SR, BSY, 16, 1, "an operation is still running")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* 3.7.11; 3.7.12: WRP1A_STRT, WRP1A_END. */
enum { G4_WRP_PAGES = 0x7f, L4_WRP_PAGES = 0xff };

/* t_ERASE is at most 24.47 ms, t_prog 90.8 us. */
#define ALGORITHM(name_)                                                                   \
	{                                                                                  \
		CODE_OF_G4, .name = (name_), .erase_cost = { 22000, 0 },                   \
			    .erase_bank_cost = { 22100, 0 }, .program_cost = { 0, 10500 }, \
			    .erase_ms = 25, .erase_bank_ms = 100,                          \
			    .program_ms = 24 /* 256 times t_prog */, .page_size = 2048     \
	}
static const struct algorithm g4 = ALGORITHM("STM32G4"), l4 = ALGORITHM("STM32L4");

/* 3.7.7: FLASH_ECCR; 3.7.11, 3.7.12, 3.7.15, 3.7.16; 3.7.12 to 3.7.17 */
#define DRIVER(algorithm_, pages_)                                                           \
	{                                                                                    \
		.algorithm = (algorithm_), .status_fields = flash_sr,                      \
		.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDERR), \
		.programs_once = true, ECC_OF_L4,                   \
		.protections = {                                                           \
			WRP_OF_L4("FLASH_WRP1AR", 0x2c, 1, pages_),                              \
			WRP_OF_L4("FLASH_WRP1BR", 0x30, 1, pages_),                              \
			WRP_OF_L4("FLASH_WRP2AR", 0x4c, 2, pages_),                              \
			WRP_OF_L4("FLASH_WRP2BR", 0x50, 2, pages_),                              \
		},                                                                         \
		.readout = &read_protection_g4, \
	}
const struct flash_driver flash_driver_g4 = DRIVER(&g4, G4_WRP_PAGES);
const struct flash_driver flash_driver_l4 = DRIVER(&l4, L4_WRP_PAGES);
