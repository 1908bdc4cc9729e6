/* SPDX-License-Identifier: MIT */
/*
 * u5_internal.h - what the files of the STM32U5's flash controller share. The manual
 * is RM0456 Rev 4, chapter 7. It was not at hand itself: rules of registers are from the
 * descriptions that ST's SVD file quotes from it; section numbers are from memory.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_U5_INTERNAL_H
#define TEST_EMULATOR_SOC_FLASH_U5_INTERNAL_H

#include "test/emulator/soc/flash/banks.h"
#include "test/emulator/soc/flash/granules.h"
#include "test/emulator/soc/flash/u5.h"

/* 7.9.1 FLASH_ACR */
#define FLASH_ACR_LATENCY UINT32_C(0xF)
#define FLASH_ACR_PDREQ1  BIT(12)
#define FLASH_ACR_PDREQ2  BIT(13)

/* 7.9.7 FLASH_NSSR */
#define FLASH_NSSR_EOP     BIT(0)
#define FLASH_NSSR_OPERR   BIT(1)
#define FLASH_NSSR_PROGERR BIT(3)
#define FLASH_NSSR_WRPERR  BIT(4)
#define FLASH_NSSR_PGAERR  BIT(5)
#define FLASH_NSSR_SIZERR  BIT(6)
#define FLASH_NSSR_PGSERR  BIT(7)
#define FLASH_NSSR_OPTWERR BIT(13)
#define FLASH_NSSR_BSY     BIT(16)
#define FLASH_NSSR_WDW     BIT(17)
#define FLASH_NSSR_PD1     BIT(20)
/* Any of these left from before makes the next operation a PGSERR (7.3.10). */
#define FLASH_NSSR_PROGRAM_ERRORS                                                         \
	(FLASH_NSSR_PROGERR | FLASH_NSSR_WRPERR | FLASH_NSSR_PGAERR | FLASH_NSSR_SIZERR | \
	 FLASH_NSSR_PGSERR)
#define FLASH_NSSR_WRITE_1_CLEARS \
	(FLASH_NSSR_PROGRAM_ERRORS | FLASH_NSSR_EOP | FLASH_NSSR_OPERR | FLASH_NSSR_OPTWERR)

/* 7.9.9 FLASH_NSCR */
#define FLASH_NSCR_PG         BIT(0)
#define FLASH_NSCR_PER        BIT(1)
#define FLASH_NSCR_MER1       BIT(2)
#define FLASH_NSCR_PNB_SHIFT  3
#define FLASH_NSCR_PNB_MASK   UINT32_C(0x7F)
#define FLASH_NSCR_BKER       BIT(11)
#define FLASH_NSCR_BWR        BIT(14)
#define FLASH_NSCR_MER2       BIT(15)
#define FLASH_NSCR_STRT       BIT(16)
#define FLASH_NSCR_OPTSTRT    BIT(17)
#define FLASH_NSCR_EOPIE      BIT(24)
#define FLASH_NSCR_ERRIE      BIT(25)
#define FLASH_NSCR_OBL_LAUNCH BIT(27)
#define FLASH_NSCR_OPTLOCK    BIT(30)
#define FLASH_NSCR_LOCK       BIT(31)

/* 7.9.11 FLASH_ECCR; the bank is at the same place in FLASH_OPSR. */
#define FLASH_ECCR_ADDR  UINT32_C(0x000FFFFF)
#define FLASH_ECCR_BK    BIT(21)
#define FLASH_ECCR_ECCIE BIT(24)
#define FLASH_ECCR_ECCC  BIT(30)
#define FLASH_ECCR_ECCD  BIT(31)

/* 7.9.13 FLASH_OPTR */
#define FLASH_OPTR_RDP       UINT32_C(0xFF)
#define FLASH_OPTR_SWAP_BANK BIT(20)
#define FLASH_OPTR_TZEN      BIT(31)

/* 7.9.19 FLASH_WRP1AR: pages from a first to a last; without UNLOCK they stay so. */
#define FLASH_WRP_PAGE      UINT32_C(0x7F)
#define FLASH_WRP_END_SHIFT 16
#define FLASH_WRP_UNLOCK    BIT(31)

/* 7.6.2: levels of read protection as the RDP byte says them; all others are level 1. */
enum { RDP_LEVEL_0 = 0xAA, RDP_LEVEL_0_5 = 0x55, RDP_LEVEL_1 = 0xBB, RDP_LEVEL_2 = 0xCC };

enum flash_u5_option {
	U5_OPTR,
	U5_NSBOOTADD0,
	U5_NSBOOTADD1,
	U5_SECBOOTADD0,
	U5_SECWM1R1,
	U5_SECWM1R2,
	U5_WRP1A,
	U5_WRP1B,
	U5_SECWM2R1,
	U5_SECWM2R2,
	U5_WRP2A,
	U5_WRP2B,
	U5_OPTIONS
};

/* The values are FLASH_OPSR.CODE_OP's (7.9.12). */
enum flash_u5_operation {
	U5_IDLE = 0,
	U5_PROGRAM = 1,
	U5_BURST = 2,
	U5_ERASE_PAGE = 3,
	U5_ERASE_BANK = 4,
	U5_ERASE_BOTH = 5,
	U5_CHANGE_OPTIONS = 6
};

enum {
	FLASH_QUAD_WORD = 16,
	FLASH_BURST = 8 * FLASH_QUAD_WORD,
	FLASH_PAGE = 8192,
	FLASH_ERASED = 0xFF
};

struct flash_u5 {
	struct peripheral base;
	uint8_t *cells; /* bank 1, then bank 2 */
	uint32_t size;
	uint8_t *information;
	uint32_t acr, sr, cr, eccr, opsr;
	struct flash_locks locks;
	enum flash_lock power_down_locks[FLASH_BANKS];
	bool is_down[FLASH_BANKS];     /* in power-down mode */
	uint32_t option[U5_OPTIONS];   /* the registers */
	uint32_t loaded[U5_OPTIONS];   /* what is in force */
	uint8_t words[FLASH_BURST];    /* what came of a quad-word, or of a burst */
	uint32_t words_at, words_size; /* of these, in cells and bytes */
	/* What is going on. */
	enum flash_u5_operation operation;
	unsigned busy_banks;   /* mask */
	uint32_t operation_at; /* cell */
	uint64_t free_ns;      /* when the next can begin */
	uint64_t began_ns;
};

/* Where SWAP_BANK puts the banks. */
static inline struct banks
flash_u5_banks(const struct flash_u5 *flash)
{
	return (struct banks){ flash->base.soc, flash->cells, flash->size, FLASH_U5_MAIN_AT,
			       flash->loaded[U5_OPTR] & FLASH_OPTR_SWAP_BANK };
}

/* --- the information memory ------------------------------------------------------------- */

/* Its places, see flash/u5.h. */
#define FLASH_U5_OPTIONS_PLACE UINT32_C(0x11000)
#define FLASH_U5_ECC_PLACE     UINT32_C(0x11400)

static inline uint8_t *
flash_u5_information_at(const struct flash_u5 *flash, uint32_t at)
{
	return flash->information + (at - FLASH_U5_INFORMATION_AT);
}

static inline struct granules
flash_u5_granules(const struct flash_u5 *flash)
{
	return (struct granules){ flash->base.soc, flash->cells,
				  flash->information + FLASH_U5_ECC_PLACE,
				  FLASH_QUAD_WORD };
}

/* --- flash/u5_status.c ------------------------------------------------------------------ */

/* The interrupt line follows the flags and their enable bits. */
void flash_u5_interrupt_line(struct flash_u5 *flash);
void flash_u5_error(struct flash_u5 *flash, uint32_t flag);
/* Begins an operation on a mask of banks. */
void flash_u5_start(struct flash_u5 *flash, enum flash_u5_operation operation,
		    unsigned banks, uint64_t ns);
/* Sets PGSERR and says false when error flags are left from before. */
bool flash_u5_is_clean(struct flash_u5 *flash);

/* --- flash/u5_array.c ------------------------------------------------------------------- */

enum bus_result
flash_u5_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value);
void flash_u5_erase_start(struct flash_u5 *flash);
/* It is over, or was cut off after `done` thousandths. */
void flash_u5_array_finish(struct flash_u5 *flash, unsigned done);
void flash_u5_erase_all(struct flash_u5 *flash);

/* --- flash/u5_reading.c ------------------------------------------------------------------ */

void flash_u5_was_read(struct peripheral *peripheral, uint32_t at, uint32_t *word);

/* --- flash/u5_options.c ------------------------------------------------------------------- */

/* The option at a register's offset, or U5_OPTIONS. */
enum flash_u5_option flash_u5_option_of(uint32_t offset);
uint32_t flash_u5_option_writable(enum flash_u5_option option);
void flash_u5_options_start(struct flash_u5 *flash);
void flash_u5_options_finish(struct flash_u5 *flash);
void flash_u5_options_load(struct peripheral *peripheral);
/* Fresh from the factory: a stand-in for the boot loader. */
void flash_u5_factory(struct flash_u5 *flash);
bool flash_u5_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		     uint32_t last);

#endif /* TEST_EMULATOR_SOC_FLASH_U5_INTERNAL_H */
