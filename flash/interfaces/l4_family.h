/* SPDX-License-Identifier: MIT */
/*
 * l4_family.h - what the drivers of L4, G4, G0, C0, U0, WB and WL have alike: the bits of FLASH_SR and
 * FLASH_ECCR that they share, and the algorithm of G4, whose registers they have. The sections are
 * each driver's.
 */
#ifndef FLASH_INTERFACES_L4_FAMILY_H
#define FLASH_INTERFACES_L4_FAMILY_H

#include "flash/interfaces/driver.h"

#include "flash/algorithms/g4_algorithm.h"

/* Of FLASH_SR. */
#define ERRORS_OF_L4(F, wrperr)                                                            \
	F(FLASH_SR, EOP, 0, 1, "an operation was finished")                                \
	F(FLASH_SR, OPERR, 1, 1, "an operation was not finished")                          \
	F(FLASH_SR, PROGERR, 3, 1, "the place to program was not erased")                  \
	F(FLASH_SR, WRPERR, 4, 1, wrperr)                                                  \
	F(FLASH_SR, PGAERR, 5, 1, "the data do not begin at a double word")                \
	F(FLASH_SR, SIZERR, 6, 1, "an access was not of 32 bits")                          \
	F(FLASH_SR, PGSERR, 7, 1, "wrong sequence, or an error of before was not cleared") \
	F(FLASH_SR, MISERR, 8, 1, "fast programming: data came too late")                  \
	F(FLASH_SR, FASTERR, 9, 1, "fast programming was broken off")
#define RDERR_OF_L4(F) F(FLASH_SR, RDERR, 14, 1, "a place that PCROP protects was read")
#define OPTVERR_OF_L4(F) \
	F(FLASH_SR, OPTVERR, 15, 1, "the option bytes did not load rightly at the reset")
#define CFGBSY_OF_G0(F) \
	F(FLASH_SR, CFGBSY, 18, 1, "a double word is half written, or an operation runs")
#define PAGE_OR_PCROP "the page is write-protected, or PCROP protects it"

/* FLASH_ECCR. ECCD is an NMI; a double word that a reset cut short has it whenever it is read. */
#define ECCR_ECCC (1u << 30)
#define ECCR_ECCD (1u << 31)
#define ECC_OF_L4 .ecc_offset = 0x18, .ecc_forget = ECCR_ECCC | ECCR_ECCD

/* First and last page in bits 15:0 and 31:16, of which `pages_` count. */
#define WRP_OF_L4(name_, offset_, bank_, pages_)                         \
	{                                                                \
		.name = (name_), .offset = (offset_), .pages = (pages_), \
		.scope = SCOPE_PAGES, .bank = (bank_)                    \
	}

/* Of struct algorithm: the code; times are each family's. */
#define CODE_OF_G4                                                                       \
	.code = g4_code, .code_size = sizeof(g4_code), .init = G4_Init,                  \
	.uninit = G4_UnInit, .erase_sector = G4_EraseSector, .erase_bank = G4_EraseBank, \
	.program_page = G4_ProgramPage, .stack_size = 256

#endif /* FLASH_INTERFACES_L4_FAMILY_H */
