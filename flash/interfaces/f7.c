/* SPDX-License-Identifier: MIT */
/*
 * f7.c - STM32F7: ST's stm32f746xx.h, stm32f767xx.h, stm32f722xx.h and HAL (stm32f7xx_hal_flash_ex),
 * which name what differs from F4; the rest as RM0090 Rev 19, chapter 3. Times as F4's data sheets have
 * them for sectors of the same size, those of 256 KiB from Zephyr's device tree.
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/f7_algorithm.h"
#include "flash/interfaces/f4_family.h"

#define FLASH_SR(F) FLASH_SR_OF_F4(F, ERSERR)
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

static const struct algorithm algorithm = {
	.name = "STM32F7",
	.code = f7_code,
	.code_size = sizeof(f7_code),
	.init = F7_Init,
	.uninit = F7_UnInit,
	.erase_sector = F7_EraseSector,
	.erase_bank = F7_EraseBank,
	.program_page = F7_ProgramPage,
	.page_size = 4096,
	.stack_size = 256,
	.erase_ms = 4000,  /* 256 KiB at a parallelism of 8 bits */
	.program_ms = 410, /* 4096 times t_prog, at most 100 us */
	.erase_bank_ms = 33000,
	.erase_cost = { 100000, 3500 },
	.erase_bank_cost = { 0, 7800 },
	.program_cost = { 0, 4100 },
};

/* FLASH_OPTCR.nWRP, one bit for each sector, or with two banks for each two of 24, of which bank 2 has
 * those from 12 on (HAL: OB_WRP_SECTOR_*, OB_WRP_DB_SECTOR_*). */
#define NWRP(lsb_, bits_, what_, ...)                                      \
	{                                                                  \
		.name = "FLASH_OPTCR", .offset = 0x14,                     \
		.mask = ((1u << (bits_)) - 1) << (lsb_),                   \
		.none = ((1u << (bits_)) - 1) << (lsb_),                   \
		.note = "nWRP: a bit from 16 on that is 0 protects " what_ \
			", sector 0 first",                                \
		.scope = SCOPE_NUMBERS, .lsb = (lsb_), __VA_ARGS__         \
	}
const struct flash_driver flash_driver_f7 = {
	.algorithm = &algorithm,
	.status_fields = flash_sr,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDERR),
	.protections = {
		NWRP(16, 8, "a sector", .bank = 1,
		     .only = { &flash_interface_f7, &flash_interface_f72 }),
		NWRP(16, 12, "a sector", .bank = 1, .only = { &flash_interface_f76 }),
		NWRP(16, 6, "two sectors of bank 1", .bank = 1, .per_bit = 2,
		     .only = { &flash_interface_f76_dual }),
		NWRP(22, 6, "two sectors; those of bank 2 from bit 22 on", .bank = 2,
		     .first = 16, .per_bit = 2, .only = { &flash_interface_f76_dual }),
	},
	.readout = &read_protection_f4,
};
