/* SPDX-License-Identifier: MIT */
/*
 * h7_internal.h - what the files of the STM32H7's flash controller share. The
 * manual is RM0433 Rev 8, chapter 4, when nothing else is said. Of RM0399 Rev 4, whose chapter 4
 * is the same but for the second core, 4.3.10, 4.3.13, 4.4.3 to 4.5.5 and 4.7 were read; the
 * rules of registers are from the descriptions that ST's SVD files quote (of the STM32H7B0
 * where that of the STM32H743 is silent), and their section numbers from memory.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_H7_INTERNAL_H
#define TEST_EMULATOR_SOC_FLASH_H7_INTERNAL_H

#include "test/emulator/soc/flash/h7.h"

/* 4.9.4 FLASH_CR1 */
#define FLASH_CR_LOCK        BIT(0)
#define FLASH_CR_PG          BIT(1)
#define FLASH_CR_SER         BIT(2)
#define FLASH_CR_BER         BIT(3)
#define FLASH_CR_PSIZE_SHIFT 4
#define FLASH_CR_PSIZE_MASK  UINT32_C(3)
#define FLASH_CR_FW          BIT(6)
#define FLASH_CR_START       BIT(7)
#define FLASH_CR_SNB_SHIFT   8
#define FLASH_CR_SNB_MASK    UINT32_C(7)
#define FLASH_CR_CRC_EN      BIT(15)

/* 4.9.5 FLASH_SR1; the interrupt enables of FLASH_CR1 are at the places of the flags */
#define FLASH_SR_BSY      BIT(0)
#define FLASH_SR_WBNE     BIT(1)
#define FLASH_SR_QW       BIT(2)
#define FLASH_SR_CRC_BUSY BIT(3)
#define FLASH_SR_EOP      BIT(16)
#define FLASH_SR_WRPERR   BIT(17)
#define FLASH_SR_PGSERR   BIT(18)
#define FLASH_SR_STRBERR  BIT(19)
#define FLASH_SR_INCERR   BIT(21)
#define FLASH_SR_OPERR    BIT(22)
#define FLASH_SR_RDPERR   BIT(23)
#define FLASH_SR_RDSERR   BIT(24)
#define FLASH_SR_SNECCERR BIT(25)
#define FLASH_SR_DBECCERR BIT(26)
#define FLASH_SR_CRCEND   BIT(27)
#define FLASH_SR_CRCRDERR BIT(28)
#define FLASH_SR_FLAGS                                                          \
	(FLASH_SR_EOP | FLASH_SR_WRPERR | FLASH_SR_PGSERR | FLASH_SR_STRBERR |  \
	 FLASH_SR_INCERR | FLASH_SR_OPERR | FLASH_SR_RDPERR | FLASH_SR_RDSERR | \
	 FLASH_SR_SNECCERR | FLASH_SR_DBECCERR | FLASH_SR_CRCEND | FLASH_SR_CRCRDERR)

/* 4.9.7 FLASH_OPTCR */
#define FLASH_OPTCR_OPTLOCK        BIT(0)
#define FLASH_OPTCR_OPTSTART       BIT(1)
#define FLASH_OPTCR_MER            BIT(4)
#define FLASH_OPTCR_OPTCHANGEERRIE BIT(30)
#define FLASH_OPTCR_SWAP_BANK      BIT(31)

/* 4.9.11 FLASH_PRAR_CUR1 and 4.9.13 FLASH_SCAR_CUR1: an area in units of 256 bytes, none
 * when it starts behind its end, the whole bank when it starts at its end. */
#define FLASH_AREA_UNIT      UINT32_C(256)
#define FLASH_AREA_MASK      UINT32_C(0xFFF)
#define FLASH_AREA_END_SHIFT 16
#define FLASH_PRAR_DMEP      BIT(31)

#define FLASH_H7_SECTOR KIB(128)
#define FLASH_H7_ERASED 0xFF

/* 4.5.3, table of RDP values; all others are level 1. */
enum { RDP_LEVEL_0 = 0xAA, RDP_LEVEL_1 = 0xBB, RDP_LEVEL_2 = 0xCC };

/* The option registers; those of a bank are two neighbours. */
enum flash_h7_option {
	H7_OPTSR,
	H7_BOOT7,
	H7_BOOT4,
	H7_OPTSR2,
	H7_PRAR1,
	H7_PRAR2,
	H7_SCAR1,
	H7_SCAR2,
	H7_WPSN1,
	H7_WPSN2,
	H7_OPTIONS
};

enum flash_h7_operation { H7_IDLE, H7_PROGRAM, H7_ERASE_SECTOR, H7_ERASE_BANK };

/* A bank of cells with its registers. */
struct flash_h7_bank {
	uint8_t *cells;
	uint32_t cr, sr; /* SR without the bits that follow from the fields below */
	uint32_t ecc_fa;
	enum flash_lock lock;
	/* The write buffer: which bytes of which flash word it holds. */
	uint8_t buffer[FLASH_H7_WORD];
	uint32_t buffer_bytes; /* mask */
	uint32_t buffer_at;    /* offset in the bank */
	/* What is going on. */
	enum flash_h7_operation operation;
	uint8_t word[FLASH_H7_WORD];
	uint32_t operation_at; /* offset in the bank */
	uint64_t began_ns, due_ns;
	bool removes_protection; /* a bank erase with its areas (4.3.10) */
	bool stalls;             /* an access waits for the operation's end */
	uint64_t free_ns;        /* when it can begin the next */
};

struct flash_h7 {
	struct peripheral base;
	const struct flash_h7_layout *layout;
	uint8_t *information;
	struct flash_h7_bank banks[FLASH_H7_BANKS]; /* as the cells are, not as they show */
	uint32_t acr, optcr;
	enum flash_lock option_lock;
	bool is_swapped;
	uint32_t program[H7_OPTIONS]; /* the _PRG registers */
	uint32_t loaded[H7_OPTIONS];  /* what is in force: the _CUR registers */
	bool option_change_failed;    /* FLASH_OPTSR_CUR.OPTCHANGEERR */
	uint64_t options_due_ns;      /* NEVER: no option change is going on */
	bool options_stall;           /* an access waits for its end */
	bool show_is_due;
	bool is_mass_erase; /* MER began what is going on */
};

/* The places of the information memory, see flash/h7.h. */
#define FLASH_H7_OPTIONS_PLACE UINT32_C(0x40000)
#define FLASH_H7_ECC_PLACE     UINT32_C(0x40400)

/* The ECC bits, one per flash word from bank 1 on. */
static inline uint8_t *
flash_h7_ecc_bits(const struct flash_h7 *flash)
{
	return flash->information + FLASH_H7_ECC_PLACE;
}

/* --- flash/h7_status.c --------------------------------------------------------------------- */

/* The bank that shows behind an address or a set of registers; NULL: there is none. */
struct flash_h7_bank *flash_h7_bank_shown(struct flash_h7 *flash, unsigned place);
void flash_h7_flag(struct flash_h7 *flash, struct flash_h7_bank *bank, uint32_t flag);
void flash_h7_interrupt_line(struct flash_h7 *flash);
/* An operation began or ended: when the next one is due. */
void flash_h7_due_set(struct flash_h7 *flash);
unsigned flash_h7_rdp(const struct flash_h7 *flash);

/* --- flash/h7_array.c ------------------------------------------------------------------ */

/* The bank of an address and the offset in it; NULL: not of the main memory. */
struct flash_h7_bank *
flash_h7_bank_at(struct flash_h7 *flash, uint32_t at, uint32_t *offset);
/* Shows the banks where swapping puts them; when a core runs, as soon as it does not. */
void flash_h7_show(struct flash_h7 *flash);
enum bus_result
flash_h7_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value);
enum bus_result flash_h7_load(struct peripheral *peripheral, uint32_t at);
void flash_h7_was_read(struct peripheral *peripheral, uint32_t at, uint32_t *word);
void flash_h7_buffer_drop(struct flash_h7_bank *bank);
/* FW: what the buffer holds is programmed, the rest of it as ones. */
void flash_h7_buffer_force(struct flash_h7 *flash, struct flash_h7_bank *bank);
void flash_h7_erase_start(struct flash_h7 *flash, struct flash_h7_bank *bank);
/* It is over, or was cut off after `done` thousandths. */
void flash_h7_operation_finish(struct flash_h7 *flash, struct flash_h7_bank *bank,
			       unsigned done);
/* What going back from RDP level 1 costs: all but the areas that DMEP spares. */
void flash_h7_erase_all(struct flash_h7 *flash);

/* --- flash/h7_removal.c --------------------------------------------------------------- */

/* Does what is asked for in the _PRG registers make an erase of the bank, or of both, one "with
 * automatic protection removal"? */
bool
flash_h7_removes_protection(const struct flash_h7 *flash, const struct flash_h7_bank *bank);

/* --- flash/h7_options.c -------------------------------------------------------------- */

/* The option of a register's offset in its set; H7_OPTIONS: none, or not on this part. */
enum flash_h7_option
flash_h7_option_of(const struct flash_h7 *flash, uint32_t offset, unsigned bank);
bool flash_h7_has_option(const struct flash_h7 *flash, unsigned option);
/* Is that offset the _PRG register of its option? */
bool flash_h7_option_is_program(uint32_t offset);
uint32_t
flash_h7_option_writable(const struct flash_h7 *flash, enum flash_h7_option option);
void flash_h7_options_start(struct flash_h7 *flash);
void flash_h7_options_finish(struct flash_h7 *flash);
void flash_h7_options_load(struct peripheral *peripheral);
/* What is asked for comes into force. */
void flash_h7_options_take(struct flash_h7 *flash);
/* Programs an option's cells at once. */
void
flash_h7_option_store(struct flash_h7 *flash, enum flash_h7_option option, uint32_t value);
uint32_t flash_h7_option_fetch(const struct flash_h7 *flash, enum flash_h7_option option);
/* Fresh from the factory: ids, a stand-in for the boot loader. */
void flash_h7_factory(struct flash_h7 *flash);

/* --- flash/h7_preset.c ------------------------------------------------------------------ */

bool flash_h7_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		     uint32_t last);

/* How many banks this part has. */
static inline unsigned
flash_h7_banks(const struct flash_h7 *flash)
{
	return flash->layout->banks < FLASH_H7_BANKS ? flash->layout->banks
						     : FLASH_H7_BANKS;
}

#endif /* TEST_EMULATOR_SOC_FLASH_H7_INTERNAL_H */
