/* SPDX-License-Identifier: MIT */
/*
 * f3.c - STM32F0 and F3: RM0364 Rev 4, RM0091 Rev 10, chapter 3; the controller and the algorithm
 * of F1. Times from DS9866 Rev 8 (STM32F303), "Flash memory characteristics".
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/f1_algorithm.h"

/* RM0364 3.5.4 */
#define FLASH_SR(F)                                                     \
	F(FLASH_SR, BSY, 0, 1, "an operation is still running")         \
	F(FLASH_SR, PGERR, 2, 1, "the place to program was not erased") \
	F(FLASH_SR, WRPRTERR, 4, 1, "the sector is write-protected")    \
	F(FLASH_SR, EOP, 5, 1, "an operation was finished")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* RM0364 3.5.7: FLASH_OBR.RDPRT, two bits. */
enum { OBR_RDPRT = 3 << 1 };

static const struct algorithm algorithm = {
	.name = "STM32F0/F3",
	.code = f1_code,
	.code_size = sizeof(f1_code),
	.init = F1_Init,
	.uninit = F1_UnInit,
	.erase_sector = F1_EraseSector,
	.erase_bank = F1_EraseBank,
	.program_page = F1_ProgramPage,
	.page_size = 1024,
	.stack_size = 256,
	.erase_ms = 40,   /* t_ERASE */
	.program_ms = 31, /* 512 times t_prog, at most 60 us */
	.erase_bank_ms = 100,
	.erase_cost = { 30000, 0 },
	.erase_bank_cost = { 30000, 0 },
	.program_cost = { 0, 27400 },
};

const struct flash_driver flash_driver_f3 = {
	.algorithm = &algorithm,
	.clock_at = 0x40021000, /* RM0364 7.4.1, RM0091 6.4.1: RCC_CR */
	.status_fields = flash_sr,
	.protection_errors = REG_MASK(FLASH_SR_WRPRTERR),
	/* 3.5.8, 3.3.2; 3.5.7, 3.3.1 */
	.protections = { { .name = "FLASH_WRPR",
			   .offset = 0x20,
			   .mask = UINT32_MAX,
			   .none = UINT32_MAX,
			   .note = "a bit that is 0 protects 4 KiB, bit 31 all the rest",
			   .scope = SCOPE_BLOCKS },
			 { .name = "FLASH_OBR",
			   .offset = 0x1c,
			   .mask = OBR_RDPRT,
			   .note = "RDPRT: read protection, which keeps a debugger from "
				   "writing too; lifting it erases the flash",
			   .scope = SCOPE_ALL } },
};
