/* SPDX-License-Identifier: MIT */
/*
 * h5_internal.h - what the files of the STM32H5's flash controller share. The manual is RM0481,
 * chapter 7. It was not at hand itself: rules of registers are from the descriptions that ST's SVD
 * file of the STM32H563 quotes from it, sequences from the driver of ST's OpenOCD (stm32h5x.c);
 * section numbers other than those that the SVD file names are from memory.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_H5_INTERNAL_H
#define TEST_EMULATOR_SOC_FLASH_H5_INTERNAL_H

#include "test/emulator/soc/flash/banks.h"
#include "test/emulator/soc/flash/granules.h"
#include "test/emulator/soc/flash/h5.h"

/* FLASH_ACR */
#define FLASH_ACR_LATENCY UINT32_C(0xF)

/* FLASH_NSSR; FLASH_NSCCR clears the flags at the same places, FLASH_NSCR enables their interrupts
 * there. */
#define FLASH_SR_BSY          BIT(0)
#define FLASH_SR_WBNE         BIT(1)
#define FLASH_SR_EOP          BIT(16)
#define FLASH_SR_WRPERR       BIT(17)
#define FLASH_SR_PGSERR       BIT(18)
#define FLASH_SR_STRBERR      BIT(19)
#define FLASH_SR_INCERR       BIT(20)
#define FLASH_SR_OPTCHANGEERR BIT(23)
#define FLASH_SR_FLAGS        UINT32_C(0x00FF0000)

/* FLASH_NSCR */
#define FLASH_CR_LOCK      BIT(0)
#define FLASH_CR_PG        BIT(1)
#define FLASH_CR_SER       BIT(2)
#define FLASH_CR_BER       BIT(3)
#define FLASH_CR_FW        BIT(4)
#define FLASH_CR_STRT      BIT(5)
#define FLASH_CR_SNB_SHIFT 6
#define FLASH_CR_SNB_MASK  UINT32_C(0x7F)
#define FLASH_CR_MER       BIT(15)
#define FLASH_CR_BKSEL     BIT(31)

/* FLASH_OPTCR */
#define FLASH_OPTCR_OPTLOCK   BIT(0)
#define FLASH_OPTCR_OPTSTRT   BIT(1)
#define FLASH_OPTCR_SWAP_BANK BIT(31)

/* FLASH_ECCDETR: ADDR_ECC counts quad-words of a bank (its 16 bits cannot tell more: assumption), and
 * words of OTP; FLASH_OPSR has the bank elsewhere than the U5. */
#define FLASH_ECC_ADDR UINT32_C(0x0000FFFF)
#define FLASH_ECC_BK   BIT(22)
#define FLASH_ECC_OTP  BIT(24)
#define FLASH_ECC_ECCD BIT(31)
#define FLASH_OPSR_BK  BIT(22)

/* FLASH_OPTSR and FLASH_OPTSR2 */
#define FLASH_OPTSR_IWDG_SW     BIT(3)
#define FLASH_OPTSR_STATE_SHIFT 8
#define FLASH_OPTSR_STATE       UINT32_C(0x0000FF00)
#define FLASH_OPTSR_SWAP_BANK   BIT(31)

enum flash_h5_option {
	H5_OPTSR,
	H5_NSEPOCHR,
	H5_SECEPOCHR,
	H5_OPTSR2,
	H5_NSBOOTR,
	H5_SECBOOTR,
	H5_OTPBLR,
	H5_SECWM1R,
	H5_WRP1R,
	H5_EDATA1R,
	H5_HDP1R,
	H5_SECWM2R,
	H5_WRP2R,
	H5_EDATA2R,
	H5_HDP2R,
	H5_OPTIONS
};

/* FLASH_OPSR.CODE_OP; the values as those of the U5 (RM0456, 7.9.12): assumption. */
enum flash_h5_operation {
	H5_IDLE = 0,
	H5_PROGRAM = 1,
	H5_PROGRAM_OTP = 2,
	H5_ERASE_SECTOR = 3,
	H5_ERASE_BANK = 4,
	H5_ERASE_BOTH = 5,
	H5_CHANGE_OPTIONS = 6
};

enum {
	FLASH_QUAD_WORD = 16,
	FLASH_SECTOR = 8192,
	FLASH_GROUP = 4 * FLASH_SECTOR, /* a bit of FLASH_WRP1R */
	FLASH_OTP_SIZE = 2048,
	FLASH_ERASED = 0xFF
};

struct flash_h5 {
	struct peripheral base;
	uint8_t *cells; /* bank 1, then bank 2 */
	uint32_t size;
	uint8_t *information;
	uint32_t acr, sr, cr, optcr, eccdetr, eccdr, opsr;
	enum flash_lock lock, option_lock;
	uint32_t wanted[H5_OPTIONS]; /* the _PRG registers */
	uint32_t current[H5_OPTIONS];
	/* What only a reset takes over from there. */
	uint32_t optsr, nsbootr;
	/* The write buffer: a bit per byte that came. */
	uint8_t words[FLASH_QUAD_WORD];
	uint32_t words_at, words_filled;
	/* What is going on. */
	enum flash_h5_operation operation;
	unsigned busy_banks;   /* mask */
	uint32_t operation_at; /* cell, or offset in OTP */
	uint64_t free_ns;      /* when the next can begin */
	uint64_t began_ns;
};

/* Where SWAP_BANK puts the banks. */
static inline struct banks
flash_h5_banks(const struct flash_h5 *flash)
{
	return (struct banks){ flash->base.soc, flash->cells, flash->size, FLASH_H5_MAIN_AT,
			       flash->optsr & FLASH_OPTSR_SWAP_BANK };
}

/* --- the information memory, see flash/h5.h ------------------------------------------------ */

#define FLASH_H5_OPTIONS_PLACE UINT32_C(0x11000)
#define FLASH_H5_ECC_PLACE     UINT32_C(0x11400)
#define FLASH_H5_VIRGIN_PLACE  UINT32_C(0x15400)

static inline struct granules
flash_h5_granules(const struct flash_h5 *flash)
{
	return (struct granules){ flash->base.soc, flash->cells,
				  flash->information + FLASH_H5_ECC_PLACE,
				  FLASH_QUAD_WORD };
}

/* --- flash/h5_status.c ---------------------------------------------------------------------- */

void flash_h5_interrupt_line(struct flash_h5 *flash);
void flash_h5_flag(struct flash_h5 *flash, uint32_t flag);
/* Begins an operation on a mask of banks. */
void flash_h5_start(struct flash_h5 *flash, enum flash_h5_operation operation,
		    unsigned banks, uint64_t ns);

/* --- flash/h5_array.c ----------------------------------------------------------------------- */

enum bus_result
flash_h5_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value);
void flash_h5_erase_start(struct flash_h5 *flash);
/* FLASH_NSCR.FW: what of a quad-word has not come is ones. */
void flash_h5_force_write(struct flash_h5 *flash);
/* It is over, or was cut off after `done` thousandths. */
void flash_h5_array_finish(struct flash_h5 *flash, unsigned done);

/* --- flash/h5_reading.c --------------------------------------------------------------------- */

bool flash_h5_is_otp(uint32_t at);
/* A half-word of OTP, by its offset there. */
bool flash_h5_is_virgin(const struct flash_h5 *flash, uint32_t offset);
void flash_h5_use(struct flash_h5 *flash, uint32_t offset);
void flash_h5_was_read(struct peripheral *peripheral, uint32_t at, uint32_t *word);

/* --- flash/h5_options.c --------------------------------------------------------------------- */

/* The option whose _CUR register is there, or H5_OPTIONS; its _PRG register follows. */
enum flash_h5_option flash_h5_option_of(uint32_t offset);
uint32_t flash_h5_option_writable(enum flash_h5_option option);
void flash_h5_options_start(struct flash_h5 *flash);
void flash_h5_options_finish(struct flash_h5 *flash);
void flash_h5_options_load(struct peripheral *peripheral);
/* What a reset takes over: product state, bank swap, boot address. */
void flash_h5_options_take(struct flash_h5 *flash);
/* Fresh from the factory: what ST wrote behind OTP. */
void flash_h5_factory(struct flash_h5 *flash);
bool flash_h5_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		     uint32_t last);

#endif /* TEST_EMULATOR_SOC_FLASH_H5_INTERNAL_H */
