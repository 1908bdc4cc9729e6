/* SPDX-License-Identifier: MIT */
/*
 * g4.c - STM32G4: RM0440 Rev 8, chapter 3; STM32L4 and L4+: RM0351 Rev 9, chapter 3, which differ in
 * nothing but how many bits a page's number has. Times from DS12288 Rev 6 and DS10198, "Flash memory
 * characteristics". Sections below: RM0440; RM0351.
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/g4_algorithm.h"

/* 3.7.5; 3.7.5 */
#define FLASH_SR(F)                                                                        \
	F(FLASH_SR, EOP, 0, 1, "an operation was finished")                                \
	F(FLASH_SR, OPERR, 1, 1, "an operation was not finished")                          \
	F(FLASH_SR, PROGERR, 3, 1, "the place to program was not erased")                  \
	F(FLASH_SR, WRPERR, 4, 1, "the sector is write-protected")                         \
	F(FLASH_SR, PGAERR, 5, 1, "the data do not begin at a double word")                \
	F(FLASH_SR, SIZERR, 6, 1, "an access was not of 32 bits")                          \
	F(FLASH_SR, PGSERR, 7, 1, "wrong sequence, or an error of before was not cleared") \
	F(FLASH_SR, MISERR, 8, 1, "fast programming: data came too late")                  \
	F(FLASH_SR, FASTERR, 9, 1, "fast programming was broken off")                      \
	F(FLASH_SR, RDERR, 14, 1, "a place that PCROP protects was read")                  \
	F(FLASH_SR, OPTVERR, 15, 1, "the option bytes did not load rightly at the reset")  \
	F(FLASH_SR, BSY, 16, 1, "an operation is still running")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* 3.7.11; 3.7.12: WRP1A_STRT, WRP1A_END. */
enum { G4_WRP_PAGES = 0x7f, L4_WRP_PAGES = 0xff };
#define WRP(name_, offset_, bank_, pages_)                               \
	{                                                                \
		.name = (name_), .offset = (offset_), .pages = (pages_), \
		.scope = SCOPE_PAGES, .bank = (bank_)                    \
	}

/* 3.7.7; 3.7.7. ECCD is an NMI; a double word that a reset cut short has it whenever it is read. */
#define ECCR_ECCC (1u << 30)
#define ECCR_ECCD (1u << 31)

/* t_ERASE is at most 24.47 ms, t_prog 90.8 us. */
#define ALGORITHM(name_)                                                            \
	{                                                                           \
		.erase_cost = { 22000, 0 }, .erase_bank_cost = { 22100, 0 },        \
		.program_cost = { 0, 10500 }, .erase_ms = 25, .erase_bank_ms = 100, \
		.program_ms = 24 /* 256 times t_prog */, .page_size = 2048,         \
		.stack_size = 256, .name = (name_), .code = g4_code,                \
		.code_size = sizeof(g4_code), .init = G4_Init, .uninit = G4_UnInit, \
		.erase_sector = G4_EraseSector, .erase_bank = G4_EraseBank,         \
		.program_page = G4_ProgramPage                                      \
	}
static const struct algorithm g4 = ALGORITHM("STM32G4"), l4 = ALGORITHM("STM32L4");

/* 3.7.7: FLASH_ECCR; 3.7.11, 3.7.12, 3.7.15, 3.7.16; 3.7.12 to 3.7.17 */
#define DRIVER(algorithm_, pages_)                                                           \
	{                                                                                    \
		.algorithm = (algorithm_), .status_fields = flash_sr,                      \
		.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDERR), \
		.programs_once = true, .ecc_offset = 0x18, .ecc_forget = ECCR_ECCC | ECCR_ECCD,                   \
		.protections = {                                                           \
			WRP("FLASH_WRP1AR", 0x2c, 1, pages_),                              \
			WRP("FLASH_WRP1BR", 0x30, 1, pages_),                              \
			WRP("FLASH_WRP2AR", 0x4c, 2, pages_),                              \
			WRP("FLASH_WRP2BR", 0x50, 2, pages_),                              \
		},                                                                         \
		.readout = &read_protection_g4, \
	}
const struct flash_driver flash_driver_g4 = DRIVER(&g4, G4_WRP_PAGES);
const struct flash_driver flash_driver_l4 = DRIVER(&l4, L4_WRP_PAGES);
