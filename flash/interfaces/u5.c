/* SPDX-License-Identifier: MIT */
/*
 * u5.c - STM32U5, and WBA with quad words: RM0456 Rev 6, chapter 7; with double words U3 (RM0487 Rev 2,
 * chapter 7), WBA2 and L5 (RM0438 Rev 7, chapter 6). Times from DS13737 and, of L5, DS12737, "Flash
 * memory characteristics". Sections below: RM0456.
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/u5_algorithm.h"

/* 7.9.7 FLASH_NSSR. L5 has neither WDW nor power-down. */
#define STATUS_OF(F, register, unit)                                                       \
	F(register, EOP, 0, 1, "an operation was finished")                                \
	F(register, OPERR, 1, 1, "an operation was not finished")                          \
	F(register, PROGERR, 3, 1, "the place to program was not erased")                  \
	F(register, WRPERR, 4, 1, "the page is write-protected, or secure")                \
	F(register, PGAERR, 5, 1, "the data do not begin at a " unit " or burst")          \
	F(register, SIZERR, 6, 1, "an access was not of 32 bits")                          \
	F(register, PGSERR, 7, 1, "wrong sequence, or an error of before was not cleared") \
	F(register, OPTWERR, 13, 1, "the option bytes were not changed")                   \
	F(register, BSY, 16, 1, "an operation is still running")                           \
	F(register, WDW, 17, 1, "a " unit " is half written")                              \
	F(register, PD1, 20, 1, "bank 1 is in power-down")                                 \
	F(register, PD2, 21, 1, "bank 2 is in power-down")
#define FLASH_NSSR(F) STATUS_OF(F, FLASH_NSSR, "quad word")
#define FLASH_SR(F)   STATUS_OF(F, FLASH_SR, "double word")
REG_CONSTANTS(FLASH_NSSR);
REG_CONSTANTS(FLASH_SR);
static const struct reg_field of_quad_words[] = REG_FIELDS(FLASH_NSSR);
static const struct reg_field of_double_words[] = REG_FIELDS(FLASH_SR);

/* 7.9.12 FLASH_OPSR.CODE_OP. */
static const char *const operations[8] = {
	"nothing was cut short",
	"a reset cut a write short",
	"a reset cut a burst short",
	"a reset cut the erase of a page short",
	"a reset cut the erase of a bank short",
	"a reset cut the erase of all of the flash short",
	"a reset cut a change of the option bytes short",
	"a reset cut something short",
};

/* 7.9.19: WRP1A_PSTRT, WRP1A_PEND. */
#define WRP(name_, offset_, bank_)                                                         \
	{                                                                                  \
		.name = (name_), .offset = (offset_), .pages = 0xff, .scope = SCOPE_PAGES, \
		.bank = (bank_)                                                            \
	}
/* 7.9.13 FLASH_OPTR. */
#define OPTR_TZEN (1u << 31)
#define TRUSTZONE                                                              \
	{                                                                      \
		.name = "FLASH_OPTR", .offset = 0x40, .mask = OPTR_TZEN,       \
		.note = "TZEN: pages may be secure, which this loader cannot " \
			"write"                                                \
	}
/* 7.9.19, 7.9.20, 7.9.23, 7.9.24 */
#define PROTECTIONS_OF_TWO_BANKS                                                    \
	{                                                                           \
		WRP("FLASH_WRP1AR", 0x58, 1), WRP("FLASH_WRP1BR", 0x5c, 1),         \
			WRP("FLASH_WRP2AR", 0x68, 2), WRP("FLASH_WRP2BR", 0x6c, 2), \
			TRUSTZONE                                                   \
	}

/* 7.9.11 FLASH_ECCR. ECCD is an NMI. */
#define ECCR_ECCC (1u << 30)
#define ECCR_ECCD (1u << 31)

#define U5_CODE(name_)                                                                   \
	.name = (name_), .code = u5_code, .code_size = sizeof(u5_code), .init = U5_Init, \
	.uninit = U5_UnInit, .erase_sector = U5_EraseSector, .erase_bank = U5_EraseBank, \
	.program_page = U5_ProgramPage, .page_size = 4096, .stack_size = 256
/* t_ERASE of a page; so many times t_prog, at most 200 us. */
#define AS_U5(units_)                                                         \
	.erase_ms = 5, .program_ms = (units_) / 5 + 1, .erase_bank_ms = 1500, \
	.erase_cost = { 1500, 0 }, .erase_bank_cost = { 0, 190 }
static const struct algorithm u5 = { U5_CODE("STM32U5"), AS_U5(256),
				     .program_cost = { 0, 3100 } };
static const struct algorithm u3 = { U5_CODE("STM32U3"), AS_U5(512),
				     .program_cost = { 0, 6200 } };
static const struct algorithm wba2 = { U5_CODE("STM32WBA2"), AS_U5(512),
				       .program_cost = { 0, 6200 } };
/* As L4's: t_ERASE is at most 24.5 ms, t_prog 90.8 us. */
static const struct algorithm l5 = {
	U5_CODE("STM32L5"),
	.erase_ms = 25,
	.program_ms = 48,
	.erase_bank_ms = 100,
	.erase_cost = { 22000, 0 },
	.erase_bank_cost = { 22100, 0 },
	.program_cost = { 0, 10500 },
};

const struct flash_driver flash_driver_u5 = {
	.algorithm = &u5,
	.status_fields = of_quad_words,
	.protection_errors = REG_MASK(FLASH_NSSR_WRPERR),
	.programs_once = true,
	.ecc_offset = 0x30,
	.ecc_forget = ECCR_ECCC | ECCR_ECCD,
	.operation_offset = 0x34,
	.operations = operations,
	.protections = PROTECTIONS_OF_TWO_BANKS,
	.readout = &read_protection_u5,
};

/* FLASH_ECCDETR alone is an NMI. */
const struct flash_driver flash_driver_u3 = {
	.algorithm = &u3,
	.status_fields = of_double_words,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR),
	.programs_once = true,
	.ecc_offset = 0x34,
	.ecc_forget = ECCR_ECCD,
	.operation_offset = 0x38,
	.operations = operations,
	.protections = PROTECTIONS_OF_TWO_BANKS,
	.readout = &read_protection_u5,
};

const struct flash_driver flash_driver_wba2 = {
	.algorithm = &wba2,
	.status_fields = of_double_words,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR),
	.programs_once = true,
	.ecc_offset = 0x30,
	.ecc_forget = ECCR_ECCC | ECCR_ECCD,
	.operation_offset = 0x34,
	.operations = operations,
	.protections = { WRP("FLASH_WRPAR", 0x58, 1), WRP("FLASH_WRPBR", 0x5c, 1),
			 TRUSTZONE },
	.readout = &read_protection_u5,
};

const struct flash_driver flash_driver_l5 = {
	.algorithm = &l5,
	.status_fields = of_double_words,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR),
	.programs_once = true,
	.ecc_offset = 0x30,
	.ecc_forget = ECCR_ECCC | ECCR_ECCD,
	.protections = PROTECTIONS_OF_TWO_BANKS,
	.readout = &read_protection_u5,
};
