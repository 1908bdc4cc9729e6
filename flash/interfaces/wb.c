/* SPDX-License-Identifier: MIT */
/*
 * wb.c - STM32WB: RM0434 Rev 10, chapter 3; STM32WL: RM0453 Rev 5, chapter 4; by the algorithm of G4,
 * whose registers they have, from the side of the Cortex-M4. Times from DS11929 (STM32WB55) and
 * DS13105 (STM32WLE5), "Flash memory characteristics". Sections below: RM0453.
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/g4_algorithm.h"

/* 4.10.5 */
#define FLASH_SR(F)                                                                        \
	F(FLASH_SR, EOP, 0, 1, "an operation was finished")                                \
	F(FLASH_SR, OPERR, 1, 1, "an operation was not finished")                          \
	F(FLASH_SR, PROGERR, 3, 1, "the place to program was not erased")                  \
	F(FLASH_SR, WRPERR, 4, 1, "the page is write-protected, or PCROP protects it")     \
	F(FLASH_SR, PGAERR, 5, 1, "the data do not begin at a double word")                \
	F(FLASH_SR, SIZERR, 6, 1, "an access was not of 32 bits")                          \
	F(FLASH_SR, PGSERR, 7, 1, "wrong sequence, or an error of before was not cleared") \
	F(FLASH_SR, MISERR, 8, 1, "fast programming: data came too late")                  \
	F(FLASH_SR, FASTERR, 9, 1, "fast programming was broken off")                      \
	F(FLASH_SR, OPTNV, 13, 1, "the option bytes are those of a chip from the factory") \
	F(FLASH_SR, RDERR, 14, 1, "a place that PCROP protects was read")                  \
	F(FLASH_SR, OPTVERR, 15, 1, "the option bytes did not load rightly at the reset")  \
	F(FLASH_SR, BSY, 16, 1, "an operation is still running")                           \
	F(FLASH_SR, CFGBSY, 18, 1, "a double word is half written, or an operation runs")  \
	F(FLASH_SR, PESD, 19, 1, "a core holds erasing and programming back (PES)")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* FLASH_WRP1AR: WRP1A_STRT, WRP1A_END; fewer bits on parts with fewer pages. */
enum { WRP_PAGES = 0xff };
#define WRP(name_, offset_)                                               \
	{                                                                 \
		.name = (name_), .offset = (offset_), .pages = WRP_PAGES, \
		.scope = SCOPE_PAGES, .bank = 1                           \
	}

/* FLASH_ECCR. ECCD is an NMI. */
#define ECCR_ECCC (1u << 30)
#define ECCR_ECCD (1u << 31)

/* t_ERASE is at most 24.5 ms, t_prog 90.8 us. */
static const struct algorithm algorithm = {
	.name = "STM32WB/WL",
	.code = g4_code,
	.code_size = sizeof(g4_code),
	.init = G4_Init,
	.uninit = G4_UnInit,
	.erase_sector = G4_EraseSector,
	.erase_bank = G4_EraseBank,
	.program_page = G4_ProgramPage,
	.page_size = 2048,
	.stack_size = 256,
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
	.ecc_offset = 0x18,
	.ecc_forget = ECCR_ECCC | ECCR_ECCD,
	.programs_once = true,
	.protections = { WRP("FLASH_WRP1AR", 0x2c), WRP("FLASH_WRP1BR", 0x30) },
	.readout = &read_protection_wb,
};
