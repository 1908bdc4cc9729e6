/* SPDX-License-Identifier: MIT */
/*
 * h7.c - STM32H7 with one and two banks, each with a controller of its own: RM0433 Rev 8, chapter
 * 4; RM0455 (H7A3). Times from DS12110 Rev 10, "Flash memory programming".
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/h7_algorithm.h"

/* 4.9.5; OPERR: not on H7A3. */
#define FLASH_SR(F)                                                                    \
	F(FLASH_SR, BSY, 0, 1, "an operation is still running")                        \
	F(FLASH_SR, WBNE, 1, 1, "a flash word is half written")                        \
	F(FLASH_SR, QW, 2, 1, "an operation waits")                                    \
	F(FLASH_SR, EOP, 16, 1, "an operation was finished")                           \
	F(FLASH_SR, WRPERR, 17, 1, "the sector is write-protected")                    \
	F(FLASH_SR, PGSERR, 18, 1, "wrong sequence, or an error of before")            \
	F(FLASH_SR, STRBERR, 19, 1, "a byte was written twice")                        \
	F(FLASH_SR, INCERR, 21, 1, "another flash word was begun before one was full") \
	F(FLASH_SR, OPERR, 22, 1, "an operation was not finished")                     \
	F(FLASH_SR, RDPERR, 23, 1, "a place that PCROP or RDP protects was read")      \
	F(FLASH_SR, RDSERR, 24, 1, "a place of a secure area was read")                \
	F(FLASH_SR, SNECCERR, 25, 1, "one wrong bit was read, and corrected")          \
	F(FLASH_SR, DBECCERR, 26, 1, "two wrong bits were read: a write was cut short?")
REG_CONSTANTS(FLASH_SR);
static const struct reg_field flash_sr[] = REG_FIELDS(FLASH_SR);

/* 4.9.14: FLASH_WPSN_CUR. */
enum { WPSN = 0xff };
#define WPSN_OF(name_, offset_, bank_)                                             \
	{                                                                          \
		.name = (name_), .offset = (offset_), .mask = WPSN, .none = WPSN,  \
		.note = "a bit that is 0 protects a sector of the bank, sector 0 " \
			"first",                                                   \
		.scope = SCOPE_NUMBERS, .bank = (bank_), .only = {                 \
			&flash_interface_h7                                        \
		}                                                                  \
	}

static const struct algorithm algorithm = {
	.name = "STM32H7",
	.code = h7_code,
	.code_size = sizeof(h7_code),
	.init = H7_Init,
	.uninit = H7_UnInit,
	.erase_sector = H7_EraseSector,
	.erase_bank = H7_EraseBank,
	.program_page = H7_ProgramPage,
	.has_pairs = true,
	.erase_pair = H7_ErasePair,
	.program_pair = H7_ProgramPair,
	.page_size = 4096,
	.stack_size = 256,
	.erase_ms = 4000, /* 128 KiB, at most, at any parallelism */
	.program_ms = 52, /* 256 times t_prog of H7A3's 16 bytes, at most 200 us */
	.erase_bank_ms = 26000,
	.erase_cost = { 1000000, 0 },
	.erase_bank_cost = { 0, 5000 },
	.program_cost = { 0, 3200 },
};

const struct flash_driver flash_driver_h7 = {
	.algorithm = &algorithm,
	.status_fields = flash_sr,
	.protection_errors = REG_MASK(FLASH_SR_WRPERR) | REG_MASK(FLASH_SR_RDPERR) |
			     REG_MASK(FLASH_SR_RDSERR),
	.protections = { WPSN_OF("FLASH_WPSN_CUR1R", 0x38, 1),
			 WPSN_OF("FLASH_WPSN_CUR2R", 0x138, 2) },
	.readout = &read_protection_h7,
};
