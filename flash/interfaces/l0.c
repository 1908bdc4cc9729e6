/* SPDX-License-Identifier: MIT */
/*
 * l0.c - STM32L0: RM0367 Rev 8, 3.3; ST's stm32l073xx.h and HAL. Erased flash reads 0, a page has 128
 * bytes. Programming a word or half a page takes 3.28 ms, and at most 3.94, as erasing a page does
 * (Zephyr's device trees have 4).
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/l0_algorithm.h"

/* FWWERR: HAL, "Write or Erase operation aborted". */
#define FLASH_SR(F)                                                                    \
	F(FLASH_SR, BSY, 0, 1, "an operation is still running")                        \
	F(FLASH_SR, EOP, 1, 1, "an operation was finished")                            \
	F(FLASH_SR, HVOFF, 2, 1, "the high voltage is off")                            \
	F(FLASH_SR, READY, 3, 1, "the flash is ready")                                 \
	F(FLASH_SR, WRPERR, 8, 1, "the sector is write-protected")                     \
	F(FLASH_SR, PGAERR, 9, 1, "the data are not those of one half page")           \
	F(FLASH_SR, SIZERR, 10, 1, "a store was not as wide as the flash takes it")    \
	F(FLASH_SR, OPTVERR, 11, 1, "option bytes and their complements do not match") \
	F(FLASH_SR, RDERR, 13, 1, "a place that PCROP protects was read")              \
	F(FLASH_SR, NOTZEROERR, 16, 1, "the place to program was not erased")          \
	F(FLASH_SR, FWWERR, 17, 1, "a fetch from flash broke the operation off")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

static const struct algorithm algorithm = {
	.name = "STM32L0",
	.code = l0_code,
	.code_size = sizeof(l0_code),
	.init = L0_Init,
	.uninit = L0_UnInit,
	.erase_sector = L0_EraseSector,
	.erase_bank = ALGORITHM_NONE, /* only RDP erases all of it */
	.program_page = L0_ProgramPage,
	.page_size = 128,
	.stack_size = 256,
	.erase_ms = 4,
	.program_ms = 128, /* 32 words */
	.erase_cost = { 3280, 0 },
	.program_cost = { 0, 52500 },
};

/* FLASH_OPTR.WPRMOD: the bits of WRPR are PCROP's; which value protects then ST's HAL and other code
 * see differently. */
enum { OPTR = 0x1c, WPRMOD = 1 << 8 };
#define WRPR(name_, offset_, block_, at_, mask_)                                      \
	{ .name = (name_),                                                            \
	  .offset = (offset_),                                                        \
	  .mask = (mask_),                                                            \
	  .note = "a bit that is 1 protects 4 KiB, from " at_ " on",                  \
	  .scope = SCOPE_PARTS,                                                       \
	  .first = (block_),                                                          \
	  .when = { OPTR, WPRMOD, 0 } },                                              \
	{                                                                             \
		.name = (name_), .offset = (offset_), .mask = (mask_),                \
		.note = "PCROP, while FLASH_OPTR.WPRMOD is 1: a bit for each 4 KiB, " \
			"from " at_ " on",                                            \
		.when = {                                                             \
			OPTR,                                                         \
			WPRMOD,                                                       \
			WPRMOD                                                        \
		}                                                                     \
	}
const struct flash_driver flash_driver_l0 = {
	.algorithm = &algorithm,
	.status_fields = flash_sr,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDERR),
	.protections = { WRPR("FLASH_WRPR", 0x20, 0, "0x08000000", UINT32_MAX),
			 WRPR("FLASH_WRPR2", 0x80, 32, "0x08020000", 0xffff) },
	.readout = &read_protection_l0,
};
