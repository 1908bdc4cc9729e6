/* SPDX-License-Identifier: MIT */
/*
 * wb.c - STM32WB: RM0434 Rev 10, chapter 3; STM32WL: RM0453 Rev 5, chapter 4; by the algorithm of G4,
 * whose registers they have, from the side of the Cortex-M4. Times from DS11929 (STM32WB55) and
 * DS13105 (STM32WLE5), "Flash memory characteristics". Sections below: RM0453.
 */
#include "flash/interfaces/l4_family.h"

/* 4.10.5 */
#define FLASH_SR(F)                                                                        \
	ERRORS_OF_L4(F, PAGE_OR_PCROP)                                                     \
	F(FLASH_SR, OPTNV, 13, 1, "the option bytes are those of a chip from the factory") \
	RDERR_OF_L4(F)                                                                     \
	OPTVERR_OF_L4(F)                                                                   \
	F(FLASH_SR, BSY, 16, 1, "an operation is still running")                           \
	CFGBSY_OF_G0(F)                                                                    \
	F(FLASH_SR, PESD, 19, 1, "a core holds erasing and programming back (PES)")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* FLASH_WRP1AR: WRP1A_STRT, WRP1A_END; fewer bits on parts with fewer pages. */
enum { WRP_PAGES = 0xff };
#define WRP(name_, offset_) WRP_OF_L4(name_, offset_, 1, WRP_PAGES)

/* t_ERASE is at most 24.5 ms, t_prog 90.8 us. */
static const struct algorithm algorithm = {
	.name = "STM32WB/WL",
	CODE_OF_G4,
	.page_size = 2048,
	.erase_ms = 25,
	.erase_bank_ms = 100,
	.program_ms = 24, /* 256 times t_prog */
	.erase_cost = { 22000, 0 },
	.erase_bank_cost = { 22100, 0 },
	.program_cost = { 0, 10500 },
};

const struct flash_driver flash_driver_wb = {
	.algorithm = &algorithm,
	.status_fields = flash_sr,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDERR),
	ECC_OF_L4,
	.programs_once = true,
	.protections = { WRP("FLASH_WRP1AR", 0x2c), WRP("FLASH_WRP1BR", 0x30) },
	.readout = &read_protection_wb,
};
