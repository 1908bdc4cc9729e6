/* SPDX-License-Identifier: MIT */
/*
 * f4.c - STM32F2 and F4: RM0090 Rev 19, chapter 3; RM0401 Rev 3 (F410). The caches and the
 * algorithm are those of G4. Times from DS8626 Rev 12 and DS11144, "Flash memory programming".
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/g4_algorithm.h"
#include "flash/interfaces/f4_family.h"

#define FLASH_SR(F) FLASH_SR_OF_F4(F, PGSERR)
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* 3.9.7: FLASH_OPTCR.nWRP; SPRMOD: the bits of nWRP mean PCROP, not on every part. */
enum { OPTCR_NWRP = 0x0fff << 16 };
#define OPTCR_SPRMOD (1u << 31)

static const struct algorithm algorithm = {
	.name = "STM32F2/F4",
	.code = g4_code,
	.code_size = sizeof(g4_code),
	.init = G4_Init,
	.uninit = G4_UnInit,
	.erase_sector = G4_EraseSector,
	.erase_bank = G4_EraseBank,
	.program_page = G4_ProgramPage,
	.page_size = 4096,
	.stack_size = 256,
	.erase_ms = 4000,  /* 128 KiB at a parallelism of 8 bits */
	.program_ms = 410, /* 4096 times t_prog, at most 100 us */
	.erase_bank_ms = 33000,
	.erase_cost = { 150000, 6250 },
	.erase_bank_cost = { 0, 7800 },
	.program_cost = { 0, 4100 },
};

const struct flash_driver flash_driver_f4 = {
	.algorithm = &algorithm,
	.status_fields = flash_sr,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDERR),
	/* 3.7.3, 3.7.4 */
	.protections = { { .name = "FLASH_OPTCR",
			   .offset = 0x14,
			   .mask = OPTCR_NWRP,
			   .none = OPTCR_NWRP,
			   .note = "nWRP: a bit from 16 on that is 0 protects a sector, "
				   "sector 0 first",
			   .scope = SCOPE_NUMBERS,
			   .bank = 1,
			   .lsb = 16,
			   .unless = OPTCR_SPRMOD } },
	.readout = &read_protection_f4,
};
