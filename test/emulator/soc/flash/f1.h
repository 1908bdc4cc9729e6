/* SPDX-License-Identifier: MIT */
/*
 * f1.h - the flash controller (FPEC) of the STM32F103 of medium density
 * (PM0075 Rev 2) and of the STM32F303xB/C (RM0316 Rev 8, chapter 4), in two files:
 * registers and the array (flash/f1.c), option bytes (flash/f1_options.c). Sections are
 * PM0075's where nothing is said. What differs is in struct flash_f1_kind.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_F1_H
#define TEST_EMULATOR_SOC_FLASH_F1_H

#include "test/emulator/soc/flash/lock.h"
#include "test/emulator/soc/peripheral.h"

/* 3.4 FLASH_SR */
#define FLASH_SR_BSY      BIT(0)
#define FLASH_SR_PGERR    BIT(2)
#define FLASH_SR_WRPRTERR BIT(4)
#define FLASH_SR_EOP      BIT(5)

/* 3.5 FLASH_CR */
#define FLASH_CR_PG         BIT(0)
#define FLASH_CR_PER        BIT(1)
#define FLASH_CR_MER        BIT(2)
#define FLASH_CR_OPTPG      BIT(4)
#define FLASH_CR_OPTER      BIT(5)
#define FLASH_CR_STRT       BIT(6)
#define FLASH_CR_LOCK       BIT(7)
#define FLASH_CR_OPTWRE     BIT(9)
#define FLASH_CR_ERRIE      BIT(10)
#define FLASH_CR_EOPIE      BIT(12)
#define FLASH_CR_OBL_LAUNCH BIT(13) /* F3 */

/* 3.7 FLASH_OBR; above these: the level of protection, the user option byte's bits, the two
 * data bytes. */
#define FLASH_OBR_OPTERR BIT(0)
enum { FLASH_OBR_RDPRT_SHIFT = 1 };

#define USER_WDG_SW BIT(0) /* of the user option byte */

/* In both families. */
#define OPTIONS_AT UINT32_C(0x1FFFF800)
enum { FLASH_ERASED = 0xFF, FLASH_BLANK = 0xFFFF }; /* a byte, a halfword */

enum flash_f1_operation {
	OPERATION_NONE,
	OPERATION_PROGRAM,
	OPERATION_PAGE,
	OPERATION_MASS,
	OPERATION_OPTION_PROGRAM,
	OPERATION_OPTION_ERASE
};

enum flash_level { LEVEL_0, LEVEL_1, LEVEL_2 };
enum { FLASH_LEVELS = 3 };

/* What the families do not share. */
struct flash_f1_kind {
	/* The information block: system memory, ids, and from OPTIONS_AT on the option
	 * bytes. */
	uint32_t information_at, flash_size_at, uid_at;
	uint32_t page_size, acr_writable;
	uint64_t program_ns, page_ns, mass_ns;
	uint8_t user_shift, data_shift; /* in FLASH_OBR */
	unsigned levels;                /* of read protection */
	uint8_t rdp[FLASH_LEVELS];   /* a value of RDP for each; all others are level 1 */
	uint8_t rdprt[FLASH_LEVELS]; /* what FLASH_OBR says then */
	bool mass_erases_protected;  /* MER works under level 1 */
	/* Under level 1: what a debugger gets for programming and erasing, and how much at the
	 * beginning is protected from everybody. */
	uint32_t intruder_flag, first_protected;
	bool loads_at_reset; /* at every one; else by power and OBL_LAUNCH */
};
extern const struct flash_f1_kind flash_f1, flash_f3;

struct flash_f1 {
	struct peripheral base;
	uint8_t *cells;
	uint32_t size;
	uint32_t acr, sr, cr, ar;
	uint32_t obr, wrpr; /* what is in force */
	enum flash_level level;
	uint8_t user;
	enum flash_lock lock, option_lock;
	/* What is going on. */
	enum flash_f1_operation operation;
	uint64_t operation_ns, began_ns;
	uint32_t operation_at;
	uint16_t halfword;
};

static inline const struct flash_f1_kind *
flash_f1_kind(const struct flash_f1 *flash)
{
	return flash->base.place->parameters;
}

/* --- flash/f1.c ------------------------------------------------------------------ */

void flash_f1_start(struct flash_f1 *flash, enum flash_f1_operation operation, uint64_t ns);
void flash_f1_error(struct flash_f1 *flash, uint32_t flag);
void flash_f1_erase_all(struct flash_f1 *flash);

/* --- flash/f1_options.c ------------------------------------------------------------ */

bool flash_f1_is_option(uint32_t at);
enum bus_result
flash_f1_option_store(struct flash_f1 *flash, uint32_t at, uint16_t halfword);
void flash_f1_option_erase_start(struct flash_f1 *flash);
void flash_f1_options_finish(struct flash_f1 *flash);
void flash_f1_options_load(struct peripheral *peripheral);
bool flash_f1_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		     uint32_t last);
/* Fresh from the factory: option bytes and ids. */
void flash_f1_factory(struct flash_f1 *flash);

#endif /* TEST_EMULATOR_SOC_FLASH_F1_H */
