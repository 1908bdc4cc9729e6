/* SPDX-License-Identifier: MIT */
/*
 * u5.c - STM32U5, and WBA with quad words: RM0456 Rev 6, chapter 7. Times from DS13737, "Flash
 * memory characteristics".
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/u5_algorithm.h"

/* 7.9.7 FLASH_NSSR. */
#define FLASH_NSSR(F)                                                                \
	F(FLASH_NSSR, EOP, 0, 1, "an operation was finished")                        \
	F(FLASH_NSSR, OPERR, 1, 1, "an operation was not finished")                  \
	F(FLASH_NSSR, PROGERR, 3, 1, "the place to program was not erased")          \
	F(FLASH_NSSR, WRPERR, 4, 1, "the page is write-protected, or secure")        \
	F(FLASH_NSSR, PGAERR, 5, 1, "the data do not begin at a quad word or burst") \
	F(FLASH_NSSR, SIZERR, 6, 1, "an access was not of 32 bits")                  \
	F(FLASH_NSSR, PGSERR, 7, 1,                                                  \
	  "wrong sequence, or an error of before was not cleared")                   \
	F(FLASH_NSSR, OPTWERR, 13, 1, "the option bytes were not changed")           \
	F(FLASH_NSSR, BSY, 16, 1, "an operation is still running")                   \
	F(FLASH_NSSR, WDW, 17, 1, "a quad word is half written")                     \
	F(FLASH_NSSR, PD1, 20, 1, "bank 1 is in power-down")                         \
	F(FLASH_NSSR, PD2, 21, 1, "bank 2 is in power-down")
REG_CONSTANTS(FLASH_NSSR);
static const struct reg_field flash_nssr[] = REG_FIELDS(FLASH_NSSR);

/* 7.9.19: WRP1A_PSTRT, WRP1A_PEND. */
enum { WRP_PAGES = 0xff };
#define WRP(name_, offset_, bank_)                                        \
	{                                                                 \
		.name = (name_), .offset = (offset_), .pages = WRP_PAGES, \
		.scope = SCOPE_PAGES, .bank = (bank_)                     \
	}
/* 7.9.13 FLASH_OPTR. */
#define OPTR_TZEN (1u << 31)

/* 7.9.11 FLASH_ECCR. ECCD is an NMI. */
#define ECCR_ECCC (1u << 30)
#define ECCR_ECCD (1u << 31)

static const struct algorithm algorithm = {
	.name = "STM32U5",
	.code = u5_code,
	.code_size = sizeof(u5_code),
	.init = U5_Init,
	.uninit = U5_UnInit,
	.erase_sector = U5_EraseSector,
	.erase_bank = U5_EraseBank,
	.program_page = U5_ProgramPage,
	.page_size = 4096,
	.stack_size = 256,
	.erase_ms = 5,    /* t_ERASE of a page */
	.program_ms = 52, /* 256 times t_prog, at most 200 us */
	.erase_bank_ms = 1500,
	.erase_cost = { 1500, 0 },
	.erase_bank_cost = { 0, 190 },
	.program_cost = { 0, 3100 },
};

const struct flash_driver flash_driver_u5 = {
	.algorithm = &algorithm,
	.status_fields = flash_nssr,
	.protection_errors = REG_MASK(FLASH_NSSR_WRPERR),
	.programs_once = true,
	.ecc_offset = 0x30,
	.ecc_forget = ECCR_ECCC | ECCR_ECCD,
	/* 7.9.19, 7.9.20, 7.9.23, 7.9.24 */
	.protections = { WRP("FLASH_WRP1AR", 0x58, 1),
			 WRP("FLASH_WRP1BR", 0x5c, 1),
			 WRP("FLASH_WRP2AR", 0x68, 2),
			 WRP("FLASH_WRP2BR", 0x6c, 2),
			 { .name = "FLASH_OPTR",
			   .offset = 0x40,
			   .mask = OPTR_TZEN,
			   .note = "TZEN: pages may be secure, which this loader cannot "
				   "write" } },
	.readout = &read_protection_u5,
};
