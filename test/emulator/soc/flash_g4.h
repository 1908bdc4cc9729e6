/* SPDX-License-Identifier: MIT */
/*
 * flash_g4.h - the flash controller of the STM32G4, category 3 (RM0440 Rev 8,
 * chapter 3), in three files: registers and locks (flash_g4.c), the array
 * (flash_g4_array.c), option bytes (flash_g4_options.c).
 */
#ifndef TEST_EMULATOR_SOC_FLASH_G4_H
#define TEST_EMULATOR_SOC_FLASH_G4_H

#include "test/emulator/soc/flash_lock.h"
#include "test/emulator/soc/peripheral.h"

#define BIT(n) (UINT32_C(1) << (n))

/* 3.7.5 FLASH_SR */
#define FLASH_SR_EOP     BIT(0)
#define FLASH_SR_OPERR   BIT(1)
#define FLASH_SR_PROGERR BIT(3)
#define FLASH_SR_WRPERR  BIT(4)
#define FLASH_SR_PGAERR  BIT(5)
#define FLASH_SR_SIZERR  BIT(6)
#define FLASH_SR_PGSERR  BIT(7)
#define FLASH_SR_MISERR  BIT(8)
#define FLASH_SR_FASTERR BIT(9)
#define FLASH_SR_RDERR   BIT(14)
#define FLASH_SR_OPTVERR BIT(15)
#define FLASH_SR_BSY     BIT(16)
/* Any of these left from before makes the next operation a PGSERR (3.3.7). */
#define FLASH_SR_PROGRAM_ERRORS                                                   \
	(FLASH_SR_PROGERR | FLASH_SR_WRPERR | FLASH_SR_PGAERR | FLASH_SR_SIZERR | \
	 FLASH_SR_PGSERR | FLASH_SR_MISERR | FLASH_SR_FASTERR)
#define FLASH_SR_WRITE_1_CLEARS                                                     \
	(FLASH_SR_PROGRAM_ERRORS | FLASH_SR_EOP | FLASH_SR_OPERR | FLASH_SR_RDERR | \
	 FLASH_SR_OPTVERR)

/* 3.7.6 FLASH_CR */
#define FLASH_CR_PG         BIT(0)
#define FLASH_CR_PER        BIT(1)
#define FLASH_CR_MER1       BIT(2)
#define FLASH_CR_PNB_SHIFT  3
#define FLASH_CR_PNB_MASK   UINT32_C(0x7F)
#define FLASH_CR_BKER       BIT(11)
#define FLASH_CR_MER2       BIT(15)
#define FLASH_CR_STRT       BIT(16)
#define FLASH_CR_OPTSTRT    BIT(17)
#define FLASH_CR_FSTPG      BIT(18)
#define FLASH_CR_EOPIE      BIT(24)
#define FLASH_CR_ERRIE      BIT(25)
#define FLASH_CR_OBL_LAUNCH BIT(27)
#define FLASH_CR_OPTLOCK    BIT(30)
#define FLASH_CR_LOCK       BIT(31)

/* 3.7.8 FLASH_OPTR */
#define FLASH_OPTR_RDP      UINT32_C(0xFF)
#define FLASH_OPTR_IWDG_SW  BIT(16)
#define FLASH_OPTR_DBANK    BIT(22)
#define FLASH_OPTR_nBOOT1   BIT(23)
#define FLASH_OPTR_nSWBOOT0 BIT(26)
#define FLASH_OPTR_nBOOT0   BIT(27)

/* 3.5.1: levels of read protection as the RDP byte says them. */
enum { RDP_LEVEL_0 = 0xAA, RDP_LEVEL_2 = 0xCC };

/* The option registers, in the order of their addresses. */
enum flash_option {
	OPTION_OPTR,
	OPTION_PCROP1SR,
	OPTION_PCROP1ER,
	OPTION_WRP1AR,
	OPTION_WRP1BR,
	OPTION_PCROP2SR,
	OPTION_PCROP2ER,
	OPTION_WRP2AR,
	OPTION_WRP2BR,
	OPTION_SEC1R,
	OPTION_SEC2R,
	OPTIONS
};

enum flash_operation {
	OPERATION_NONE,
	OPERATION_PROGRAM,
	OPERATION_ROW,
	OPERATION_PAGE,
	OPERATION_MASS,
	OPERATION_OPTIONS
};

enum { FLASH_ROW_WORDS = 64, FLASH_BANKS = 2 };

struct flash_g4 {
	struct peripheral base;
	uint8_t *cells; /* bank 1, then bank 2 at half of the size; when DBANK is 0 the
			 * double words of both alternate (3.3.1) */
	uint32_t size;
	uint32_t acr, sr, cr, eccr;
	enum flash_lock lock, option_lock, power_down_lock;
	uint32_t option[OPTIONS]; /* the registers */
	uint32_t loaded[OPTIONS]; /* what is in force */
	/* What came of a double word, or of a row. */
	uint32_t words[FLASH_ROW_WORDS], words_at;
	unsigned words_len;
	bool was_mass_erased[FLASH_BANKS]; /* nothing else done to it since */
	/* What is going on. */
	enum flash_operation operation;
	unsigned busy_banks; /* mask */
	uint32_t operation_at;
};

/* --- flash_g4.c --------------------------------------------------------------- */

/* The option register that is in force. */
uint32_t flash_g4_optr(const struct peripheral *flash);
void flash_g4_error(struct flash_g4 *flash, uint32_t flag);
void flash_g4_start(struct flash_g4 *flash, enum flash_operation operation, unsigned banks,
		    uint64_t ns);
/* Sets PGSERR and says false when error flags are left from before. */
bool flash_g4_is_clean(struct flash_g4 *flash);

/* --- flash_g4_array.c ---------------------------------------------------------- */

bool flash_g4_is_dual(const struct flash_g4 *flash);
unsigned flash_g4_banks_at(const struct flash_g4 *flash, uint32_t at);
enum bus_result
flash_g4_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value);
void flash_g4_erase_start(struct flash_g4 *flash);
void flash_g4_array_finish(struct flash_g4 *flash, bool interrupted);
void flash_g4_erase_all(struct flash_g4 *flash);
/* Shows the banks where DBANK puts them. */
void flash_g4_show(struct flash_g4 *flash);

/* --- flash_g4_options.c --------------------------------------------------------- */

/* The option at a register's offset, or OPTIONS. */
enum flash_option flash_g4_option_of(uint32_t offset);
void flash_g4_options_start(struct flash_g4 *flash);
void flash_g4_options_finish(struct flash_g4 *flash);
void flash_g4_options_load(struct peripheral *peripheral);
/* Fresh from the factory: option bytes, ids, OTP. */
void flash_g4_factory(struct flash_g4 *flash);
uint32_t flash_g4_options_writable(enum flash_option option);

#endif /* TEST_EMULATOR_SOC_FLASH_G4_H */
