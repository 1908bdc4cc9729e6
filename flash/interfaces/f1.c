/* SPDX-License-Identifier: MIT */
/*
 * f1.c - STM32F1: PM0075 Rev 2 (XL density: PM0068 Rev 2); times from DS5319
 * Rev 18, "Flash memory characteristics".
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/f1_algorithm.h"

/* PM0075 3.4 Flash status register. */
#define FLASH_SR(F)                                                     \
	F(FLASH_SR, BSY, 0, 1, "an operation is still running")         \
	F(FLASH_SR, PGERR, 2, 1, "the place to program was not erased") \
	F(FLASH_SR, WRPRTERR, 4, 1, "the sector is write-protected")    \
	F(FLASH_SR, EOP, 5, 1, "an operation was finished")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* PM0075 3.7: FLASH_OBR.RDPRT. */
enum { OBR_RDPRT = 1 << 1 };

static const struct algorithm algorithm = {
	.name = "STM32F1",
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
	.program_ms = 36, /* 512 times t_prog, at most 70 us */
	.erase_bank_ms = 100,
	.erase_cost = { 30000, 0 },
	.erase_bank_cost = { 30000, 0 },
	.program_cost = { 0, 26900 },
};

const struct flash_driver flash_driver_f1 = {
	.algorithm = &algorithm,
	.clock_at = 0x40021000, /* RM0008 Rev 21, 7.3.1: RCC_CR */
	.status_fields = flash_sr,
	.protection_errors = REG_MASK(FLASH_SR_WRPRTERR),
	/* 3.8, 2.4.2; 3.7, 2.4.1: read protection keeps a debugger from writing as well. One
	 * of each for both banks, among the first's. */
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
