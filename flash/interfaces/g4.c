/* SPDX-License-Identifier: MIT */
/*
 * g4.c - STM32G4: RM0440 Rev 8, chapter 3; times from DS12288 Rev 6, "Flash
 * memory characteristics".
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/g4_algorithm.h"

/* 3.7.5 Flash status register. */
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

/* 3.7.11: WRP1A_STRT, WRP1A_END. */
enum { WRP_PAGES = 0x7f };
#define WRP(name_, offset_, bank_)                                        \
	{                                                                 \
		.name = (name_), .offset = (offset_), .pages = WRP_PAGES, \
		.scope = SCOPE_PAGES, .bank = (bank_)                     \
	}

/* 3.7.7. ECCD is an NMI; a double word that a reset cut short has it whenever it is read. */
#define ECCR_ECCC (1u << 30)
#define ECCR_ECCD (1u << 31)

/* 3.7.8 FLASH_OPTR. */
enum { OPTR_RDP = 0xff, RDP_LEVEL_0 = 0xaa };

static const struct algorithm algorithm = {
	.name = "STM32G4",
	.code = g4_code,
	.code_size = sizeof(g4_code),
	.init = G4_Init,
	.uninit = G4_UnInit,
	.erase_sector = G4_EraseSector,
	.erase_bank = G4_EraseBank,
	.program_page = G4_ProgramPage,
	.page_size = 2048,
	.stack_size = 256,
	.erase_ms = 25,   /* t_ERASE, at most 24.47 ms */
	.program_ms = 24, /* 256 times t_prog, at most 90.8 us */
	.erase_bank_ms = 100,
	.erase_cost = { 22000, 0 },
	.erase_bank_cost = { 22100, 0 },
	.program_cost = { 0, 10500 },
};

const struct flash_driver flash_driver_g4 = {
	.algorithm = &algorithm,
	.status_fields = flash_sr,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDERR),
	.ecc_offset = 0x18, /* 3.7.7: FLASH_ECCR */
	.ecc_forget = ECCR_ECCC | ECCR_ECCD,
	/* 3.7.11, 3.7.12, 3.7.15, 3.7.16 */
	.protections = { WRP("FLASH_WRP1AR", 0x2c, 1),
			 WRP("FLASH_WRP1BR", 0x30, 1),
			 WRP("FLASH_WRP2AR", 0x4c, 2),
			 WRP("FLASH_WRP2BR", 0x50, 2),
			 { .name = "FLASH_OPTR",
			   .offset = 0x20,
			   .mask = OPTR_RDP,
			   .none = RDP_LEVEL_0,
			   .note = "RDP: read protection, which keeps a debugger from "
				   "writing too; lifting it erases the flash",
			   .scope = SCOPE_ALL } },
};
