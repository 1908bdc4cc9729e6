/* SPDX-License-Identifier: MIT */
/*
 * h5.c - STM32H5: RM0481 Rev 3, chapter 7; RM0492 Rev 2 (H503). Times from DS14258, "Flash memory
 * characteristics". Its algorithm is that of U5: what differs is where registers and bits are.
 */
#include "flash/interfaces/driver.h"

#include "flash/algorithms/u5_algorithm.h"

/* 7.11.9 FLASH_NSSR. */
#define FLASH_NSSR(F)                                                                     \
	F(FLASH_NSSR, BSY, 0, 1, "an operation is still running")                         \
	F(FLASH_NSSR, WBNE, 1, 1, "a quad word is half written")                          \
	F(FLASH_NSSR, DBNE, 3, 1, "the buffer of half-words with ECC is not empty")       \
	F(FLASH_NSSR, EOP, 16, 1, "an operation was finished")                            \
	F(FLASH_NSSR, WRPERR, 17, 1,                                                      \
	  "the sector is write-protected, secure or hidden, or the OTP memory is locked") \
	F(FLASH_NSSR, PGSERR, 18, 1, "wrong sequence, or an error of before")             \
	F(FLASH_NSSR, STRBERR, 19, 1, "a byte was written twice")                         \
	F(FLASH_NSSR, INCERR, 20, 1, "another quad word was begun before one was full")   \
	F(FLASH_NSSR, OBKERR, 21, 1, "an access to the option byte keys failed")          \
	F(FLASH_NSSR, OBKWERR, 22, 1, "an option byte key was written twice")             \
	F(FLASH_NSSR, OPTCHANGEERR, 23, 1, "the option bytes were not changed")
REG_CONSTANTS(FLASH_NSSR);
static const struct reg_field flash_nssr[] = REG_FIELDS(FLASH_NSSR);

/* 7.11.7 FLASH_OPSR.CODE_OP. */
static const char *const operations[8] = {
	"nothing was cut short",
	"a reset cut a write short",
	"a reset cut the erase of the option byte keys short",
	"a reset cut the erase of a sector short",
	"a reset cut the erase of a bank short",
	"a reset cut the erase of all of the flash short",
	"a reset cut a change of the option bytes short",
	"a reset cut a swap of the option byte keys short",
};

/* 7.11.42 FLASH_ECCDETR. ECCD is an NMI. */
enum { ECCDETR = 0x104 };
#define ECCDETR_ECCD (1u << 31)

/* 7.11.26 FLASH_OPTSR2_CUR: any value but TZEN off counts as on. */
enum { OPTSR2 = 0x70 };
#define TZEN     0xff000000u
#define TZEN_OFF 0xc3000000u
#define TZEN_ON  0xb4000000u
/* 7.11.19 FLASH_OPTSR_CUR. */
enum { OPTSR = 0x50, PRODUCT_STATE = 0xff00, PRODUCT_STATE_OPEN = 0xed00 };

/* 7.11.35 FLASH_WRP1R_CUR; RM0492. */
#define WRP(name_, offset_, bank_, first_, per_bit_, note_, ...)                \
	{                                                                       \
		.name = (name_), .offset = (offset_), .mask = ~0u, .none = ~0u, \
		.note = (note_), .scope = SCOPE_NUMBERS, .bank = (bank_),       \
		.first = (first_), .per_bit = (per_bit_), .only = {             \
			__VA_ARGS__                                             \
		}                                                               \
	}
#define WRP_BY_FOUR(name_, offset_, bank_, first_, only_)                             \
	WRP(name_, offset_, bank_, first_, 4,                                         \
	    "a bit that is 0 protects four sectors of the bank, from " #first_ " on", \
	    only_)
#define WRP_BY_ONE(name_, offset_, bank_, only_)                                          \
	WRP(name_, offset_, bank_, 0, 1, "a bit that is 0 protects a sector of the bank", \
	    only_)
/* 7.11.37 FLASH_EDATA1R_CUR; 7.3.10. */
#define EDATA_LAST(n_, offset_, bank_)                                                   \
	{                                                                                \
		.name = "FLASH_EDATA" n_ "R_CUR", .offset = (offset_), .mask = 1u << 15, \
		.none = 0,                                                               \
		.note = "EDATA" n_ "_EN: the last sectors of bank " n_                   \
			" hold high-cycle data, at 0x09000000, which tether does "       \
			"not program",                                                   \
		.scope = SCOPE_LAST, .bank = (bank_), .last = 0xf,                       \
		.what = "set aside for high-cycle data",                                 \
		.finding = FINDING_REQUEST_DATA_SECTORS, .only = {                       \
			&flash_interface_h5,                                             \
			&flash_interface_h5e                                             \
		}                                                                        \
	}
/* 7.11.33 FLASH_SECWM1R_CUR: they count while TrustZone is on. */
#define SECWM(name_, offset_, bank_)                                                     \
	{                                                                                \
		.name = (name_), .offset = (offset_), .pages = 0xff,                     \
		.note = "secure sectors", .scope = SCOPE_PAGES, .bank = (bank_),         \
		.when = { OPTSR2, TZEN, TZEN_ON },                                       \
		.what = "secure, which this loader cannot write", .finding = FINDING_D6, \
		.only = {                                                                \
			&flash_interface_h5,                                             \
			&flash_interface_h5e                                             \
		}                                                                        \
	}
/* 7.11.39 FLASH_HDP1R_CUR: hidden once the program has raised HDPL. */
#define HDP(name_, offset_, bank_)                                           \
	{                                                                    \
		.name = (name_), .offset = (offset_), .pages = 0xff,         \
		.note = "sectors that the program may hide", .bank = (bank_) \
	}

static const struct algorithm algorithm = {
	.name = "STM32H5",
	.code = u5_code,
	.code_size = sizeof(u5_code),
	.init = U5_Init,
	.uninit = U5_UnInit,
	.erase_sector = U5_EraseSector,
	.erase_bank = U5_EraseBank,
	.program_page = U5_ProgramPage,
	.page_size = 4096,
	.stack_size = 256,
	.erase_ms = 10,    /* twice t_ERASE of a sector, as ST's own loaders wait */
	.program_ms = 256, /* 256 times t_prog, at most 1 ms */
	.erase_bank_ms = 1500,
	.erase_cost = { 2000, 0 },
	.erase_bank_cost = { 0, 250 },
	.program_cost = { 0, 6300 },
};

const struct flash_driver flash_driver_h5 = {
	.algorithm = &algorithm,
	.status_fields = flash_nssr,
	.protection_errors = REG_MASK(FLASH_NSSR_WRPERR),
	.programs_once = true,
	.ecc_offset = ECCDETR,
	.ecc_forget = ECCDETR_ECCD,
	.operation_offset = 0x18,
	.operations = operations,
	.protections = {
		WRP_BY_FOUR("FLASH_WRP1R_CUR", 0xe8, 1, 0, &flash_interface_h5),
		WRP_BY_FOUR("FLASH_WRP2R_CUR", 0x1e8, 2, 0, &flash_interface_h5),
		WRP_BY_ONE("FLASH_WRP1R_CUR", 0xe8, 1, &flash_interface_h503),
		WRP_BY_ONE("FLASH_WRP2R_CUR", 0x1e8, 2, &flash_interface_h503),
		WRP_BY_FOUR("FLASH_WRP11R_CUR", 0xe8, 1, 0, &flash_interface_h5e),
		WRP_BY_FOUR("FLASH_WRP12R_CUR", 0x98, 1, 128, &flash_interface_h5e),
		WRP_BY_FOUR("FLASH_WRP21R_CUR", 0x1e8, 2, 0, &flash_interface_h5e),
		WRP_BY_FOUR("FLASH_WRP22R_CUR", 0x198, 2, 128, &flash_interface_h5e),
		EDATA_LAST("1", 0xf0, 1),
		EDATA_LAST("2", 0x1f0, 2),
		SECWM("FLASH_SECWM1R_CUR", 0xe0, 1),
		SECWM("FLASH_SECWM2R_CUR", 0x1e0, 2),
		HDP("FLASH_HDP1R_CUR", 0xf8, 1),
		HDP("FLASH_HDP2R_CUR", 0x1f8, 2),
		{ .name = "FLASH_OPTSR2_CUR",
		  .offset = OPTSR2,
		  .mask = TZEN,
		  .none = TZEN_OFF,
		  .note = "TZEN: sectors may be secure, which this loader cannot write",
		  .only = { &flash_interface_h5, &flash_interface_h5e } },
		{ .name = "FLASH_OPTSR_CUR",
		  .offset = OPTSR,
		  .mask = PRODUCT_STATE,
		  .none = PRODUCT_STATE_OPEN,
		  .note = "PRODUCT_STATE is not Open" },
		{ .name = "FLASH_OTPBLR_CUR",
		  .offset = 0x90,
		  .mask = ~0u,
		  .note = "a bit that is 1 locks 64 bytes of OTP memory for good",
		  .only = { &flash_interface_h5_otp } },
	},
};
