/* SPDX-License-Identifier: MIT */
/*
 * f1.c - STM32F1: PM0075 Rev 2 (XL density: PM0068 Rev 2); STM32F0 and F3, which have its controller:
 * RM0364 Rev 4, RM0091 Rev 10, chapter 3. Times from DS5319 Rev 18 and DS9866 Rev 8 (STM32F303),
 * "Flash memory characteristics".
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/f1_algorithm.h"

/* PM0075 3.4; RM0364 3.5.4 */
#define FLASH_SR(F)                                                     \
	F(FLASH_SR, BSY, 0, 1, "an operation is still running")         \
	F(FLASH_SR, PGERR, 2, 1, "the place to program was not erased") \
	F(FLASH_SR, WRPRTERR, 4, 1, "the sector is write-protected")    \
	F(FLASH_SR, EOP, 5, 1, "an operation was finished")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* t_ERASE is 40 ms at most; t_prog 70 us, F0 and F3 60 us. */
#define ALGORITHM(name_, program_ms_, program_us_per_kib)                                 \
	{                                                                                 \
		.erase_cost = { 30000, 0 }, .erase_bank_cost = { 30000, 0 },              \
		.program_cost = { 0, program_us_per_kib }, .erase_ms = 40,                \
		.erase_bank_ms = 100, .program_ms = (program_ms_) /* 512 times t_prog */, \
		.page_size = 1024, .stack_size = 256, .name = (name_), .code = f1_code,   \
		.code_size = sizeof(f1_code), .init = F1_Init, .uninit = F1_UnInit,       \
		.erase_sector = F1_EraseSector, .erase_bank = F1_EraseBank,               \
		.program_page = F1_ProgramPage                                            \
	}
static const struct algorithm f1 = ALGORITHM("STM32F1", 36, 26900);
static const struct algorithm f3 = ALGORITHM("STM32F0/F3", 31, 27400);

/*
 * RCC_CR: RM0008 Rev 21, 7.3.1; RM0364 7.4.1, RM0091 6.4.1. Protection: PM0075 3.8, 2.4.2;
 * RM0364 3.5.8, 3.3.2. One register of each for both banks, among the first's.
 */
#define DRIVER(algorithm_, readout_)                                                       \
	{                                                                                  \
		.algorithm = (algorithm_), .clock_at = 0x40021000,                       \
		.status_fields = flash_sr,                                               \
		.protection_errors = REG_MASK(FLASH_SR_WRPRTERR),                        \
		.protections = {                                                         \
			{ .name = "FLASH_WRPR",                                          \
			  .offset = 0x20,                                                \
			  .mask = UINT32_MAX,                                            \
			  .none = UINT32_MAX,                                            \
			  .note = "a bit that is 0 protects 4 KiB, bit 31 all the rest", \
			  .scope = SCOPE_BLOCKS },                                       \
		},                                                                       \
		.readout = (readout_), \
	}
const struct flash_driver flash_driver_f1 = DRIVER(&f1, &read_protection_f1);
const struct flash_driver flash_driver_f3 = DRIVER(&f3, &read_protection_f3);
