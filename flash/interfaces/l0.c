/* SPDX-License-Identifier: MIT */
/*
 * l0.c - STM32L0 and L1: RM0367 Rev 8, 3.3; ST's stm32l073xx.h, stm32l152xe.h and HAL. Erased flash
 * reads 0; a page has 128 bytes, of L1 256. Programming a word or half a page takes 3.28 ms and at most
 * 3.94, as erasing a page does (Zephyr's device trees have 4).
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/l0_algorithm.h"

/* Bit 2 is HVOFF on L0 and ENDHV on L1. */
#define FLASH_SR_OF_BOTH(F, reg, voltage)                                         \
	F(reg, BSY, 0, 1, "an operation is still running")                        \
	F(reg, EOP, 1, 1, "an operation was finished")                            \
	F(reg, voltage, 2, 1, "the high voltage is off")                          \
	F(reg, READY, 3, 1, "the flash is ready")                                 \
	F(reg, WRPERR, 8, 1, "the sector is write-protected")                     \
	F(reg, PGAERR, 9, 1, "the data are not those of one half page")           \
	F(reg, SIZERR, 10, 1, "a store was not as wide as the flash takes it")    \
	F(reg, OPTVERR, 11, 1, "option bytes and their complements do not match") \
	F(reg, RDERR, 13, 1, "a place that PCROP protects was read")
/* FWWERR: HAL, "Write or Erase operation aborted". */
#define FLASH_SR(F)                                                           \
	FLASH_SR_OF_BOTH(F, FLASH_SR, HVOFF)                                  \
	F(FLASH_SR, NOTZEROERR, 16, 1, "the place to program was not erased") \
	F(FLASH_SR, FWWERR, 17, 1, "a fetch from flash broke the operation off")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* OPTVERRUSR, RDERR: not on every part. */
#define FLASH_SR_L1(F)                          \
	FLASH_SR_OF_BOTH(F, FLASH_SR_L1, ENDHV) \
	F(FLASH_SR_L1, OPTVERRUSR, 12, 1, "those of the user do not match")
REG_CONSTANTS(FLASH_SR_L1);
static const struct reg_field flash_sr_l1[] = REG_FIELDS(FLASH_SR_L1);

/* Only RDP erases all of the flash: erase_bank_ms is how long what the program has begun may take, which
 * is a word of the data EEPROM, erased and programmed. A page is at most so many words, and two halves as
 * a rule. */
#define ALGORITHM(name_, page_, words_ms_, us_per_kib_)                                   \
	{                                                                                 \
		.name = (name_), .code = l0_code, .code_size = sizeof(l0_code),           \
		.init = L0_Init, .uninit = L0_UnInit, .erase_sector = L0_EraseSector,     \
		.erase_bank = ALGORITHM_NONE, .program_page = L0_ProgramPage,             \
		.page_size = (page_), .stack_size = 256, .erase_ms = 4,                   \
		.erase_bank_ms = 8, .program_ms = (words_ms_), .erase_cost = { 3280, 0 }, \
		.program_cost = {                                                         \
			0,                                                                \
			us_per_kib_                                                       \
		}                                                                         \
	}
static const struct algorithm l0 = ALGORITHM("STM32L0", 128, 128, 52500);
static const struct algorithm l1 = ALGORITHM("STM32L1", 256, 256, 26250);

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
	.algorithm = &l0,
	.status_fields = flash_sr,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDERR),
	.protections = { WRPR("FLASH_WRPR", 0x20, 0, "0x08000000", UINT32_MAX),
			 WRPR("FLASH_WRPR2", 0x80, 32, "0x08020000", 0xffff) },
	.readout = &read_protection_l0,
};

/* Not with FLASH_OBR.SPRMOD, which some parts have: targets/chip/hidden.c. A part with less flash reads the
 * other registers as 0. */
#define WRPR_L1(name_, offset_, block_, at_)                               \
	{                                                                  \
		.name = (name_), .offset = (offset_), .mask = UINT32_MAX,  \
		.note = "a bit that is 1 protects 4 KiB, from " at_ " on", \
		.scope = SCOPE_PARTS, .first = (block_), .when = {         \
			OPTR,                                              \
			WPRMOD,                                            \
			0                                                  \
		}                                                          \
	}
const struct flash_driver flash_driver_l1 = {
	.algorithm = &l1,
	.status_fields = flash_sr_l1,
	.protection_errors = REG_MASK(FLASH_SR_L1_WRPERR) | REG_MASK(FLASH_SR_L1_RDERR),
	.protections = { WRPR_L1("FLASH_WRPR1", 0x20, 0, "0x08000000"),
			 WRPR_L1("FLASH_WRPR2", 0x80, 32, "0x08020000"),
			 WRPR_L1("FLASH_WRPR3", 0x84, 64, "0x08040000"),
			 WRPR_L1("FLASH_WRPR4", 0x88, 96, "0x08060000") },
	.readout = &read_protection_l1,
};
