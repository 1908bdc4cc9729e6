/* SPDX-License-Identifier: MIT */
/*
 * l4g4.h - the flash controller that STM32L4 (RM0351 Rev 9, chapter 3), STM32G4, category 3
 * (RM0440 Rev 8, chapter 3) and STM32G0 with one bank (RM0444 Rev 5, chapter 3) share: registers
 * and locks (flash/l4g4.c), the array (flash/l4g4_array.c), who may do what to it
 * (flash/l4g4_protection.c), option bytes (flash/l4g4_options.c). What they do not
 * share is data: struct flash_l4g4_kind, one for each in flash/l4g4_kinds.c. Sections
 * are RM0440's where no manual is named.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_L4G4_H
#define TEST_EMULATOR_SOC_FLASH_L4G4_H

#include "test/emulator/soc/flash/granules.h"
#include "test/emulator/soc/flash/lock.h"
#include "test/emulator/soc/peripheral.h"

/* 3.7.1 FLASH_ACR; an L4 has no bit 3 */
#define FLASH_ACR_LATENCY UINT32_C(0xF)

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
#define FLASH_SR_CFGBSY  BIT(18) /* RM0444 3.7.4 */
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
#define FLASH_CR_PNB_MASK   UINT32_C(0xFF)
#define FLASH_CR_BKER       BIT(11)
#define FLASH_CR_MER2       BIT(15)
#define FLASH_CR_STRT       BIT(16)
#define FLASH_CR_OPTSTRT    BIT(17)
#define FLASH_CR_FSTPG      BIT(18)
#define FLASH_CR_EOPIE      BIT(24)
#define FLASH_CR_ERRIE      BIT(25)
#define FLASH_CR_RDERRIE    BIT(26)
#define FLASH_CR_OBL_LAUNCH BIT(27)
#define FLASH_CR_OPTLOCK    BIT(30)
#define FLASH_CR_LOCK       BIT(31)

/* 3.7.7 FLASH_ECCR; its other bits lie differently, see the kind. */
#define FLASH_ECCR_ADDR  UINT32_C(0x0007FFFF)
#define FLASH_ECCR_ECCIE BIT(24)
#define FLASH_ECCR_ECCC  BIT(30)
#define FLASH_ECCR_ECCD  BIT(31)

/* 3.7.8 FLASH_OPTR; nSWBOOT0 and nBOOT0 not in STM32L47x (RM0351 3.7.8). */
#define FLASH_OPTR_RDP      UINT32_C(0xFF)
#define FLASH_OPTR_IWDG_SW  BIT(16)
#define FLASH_OPTR_BFB2     BIT(20)
#define FLASH_OPTR_DBANK    BIT(22)
#define FLASH_OPTR_nBOOT1   BIT(23)
#define FLASH_OPTR_nSWBOOT0 BIT(26)
#define FLASH_OPTR_nBOOT0   BIT(27)
#define FLASH_OPTR_IRHEN    BIT(30)
/* RM0444 3.7.8 */
#define FLASH_OPTR_G0_nBOOT_SEL BIT(24)
#define FLASH_OPTR_G0_nBOOT1    BIT(25)
#define FLASH_OPTR_G0_nBOOT0    BIT(26)
#define FLASH_OPTR_G0_IRHEN     BIT(29)

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
	OPTION_SEC1R, /* an STM32G0's SECR */
	OPTION_SEC2R,
	OPTION_PCROP1BSR, /* a second area of bank 1: STM32G0 */
	OPTION_PCROP1BER,
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

/* 3.7.10 FLASH_PCROP1ER: with it set, going back to level 0 erases PCROP areas too. */
#define FLASH_PCROP1ER_PCROP_RDP BIT(31)

/* RM0440 Rev 8, 3.7.17 FLASH_SEC1R */
#define FLASH_SEC1R_BOOT_LOCK BIT(16)

enum {
	FLASH_ROW_WORDS = 64,
	FLASH_BANKS = 2,
	FLASH_DOUBLE_WORD = 8,
	FLASH_ERASED = 0xFF,
	FLASH_BANK_1 = 1, /* of a mask of banks */
	FLASH_BANK_2 = 2,
	FLASH_BOTH_BANKS = FLASH_BANK_1 | FLASH_BANK_2
};
#define FLASH_MAIN_AT        UINT32_C(0x08000000)
#define FLASH_INFORMATION_AT UINT32_C(0x1FFF0000)

/* The chip's information_memory: first what the bus shows at 0x1FFF0000 (system memory,
 * OTP, ids, option bytes), then a bit for each double word of the cells, which is 0 when
 * its ECC does not fit because the programming of it was cut short. */
#define FLASH_ECC_BITS_AT           KIB(64)
#define FLASH_INFORMATION_SIZE(kib) (FLASH_ECC_BITS_AT + KIB(kib) / FLASH_DOUBLE_WORD / 8)

/* An option register: where it is, where its bytes are (the word, then its complement),
 * what of it can be written, and the value from the factory. */
struct flash_option_place {
	uint16_t offset; /* 0: not in this kind */
	uint32_t at, writable, factory;
};

/* An option by the name that the manual gives it. One of two places (an area) has its
 * start in the first and its end in the second. */
struct flash_option_name {
	const char *name;
	uint8_t option, shift, end_option, end_shift;
	uint32_t mask; /* of the value, before it is shifted */
};

/* What one family has in its own way: the parameters of a place of flash_l4g4_type. */
struct flash_l4g4_kind {
	uint32_t acr_reset, acr_writable;
	uint32_t acr_debug; /* without it the debugger is shut out; 0: no such bit */
	uint32_t
		acr_empty; /* the flash was blank when options were loaded; 0: no such bit */
	uint32_t
		cr_secure; /* SEC_PROT of each bank in CR, which stays until a reset; 0: none */
	uint32_t cr_absent; /* ... that it has not */
	bool has_cfgbsy;    /* SR.CFGBSY */
	bool locks_debug;   /* BOOT_LOCK and read protection take ACR's debug bit away */
	uint8_t eccr_bank_bit;
	uint8_t eccr_shift;             /* from an offset in bytes to ADDR_ECC */
	uint32_t page_mask, pcrop_mask; /* of PNB and WRP, of PCROP */
	bool has_one_bank;              /* always, and not of two that alternate */
	uint32_t dual_bank;  /* the bit of OPTR without which there is one bank; 0: none */
	uint32_t pcrop_unit; /* in bytes, 0: a double word of each bank */
	bool has_nswboot0;
	uint32_t reset_holder; /* FLASH_OPTR.IRHEN; 0: none */
	uint32_t forced_zero;  /* bits of OPTR that are 0 when it is forced */
	uint32_t package;      /* the package data register */
	struct flash_option_place options[OPTIONS];
	const struct flash_option_name *names;
	unsigned names_len;
	uint64_t program_ns, program_row_ns, erase_page_ns, erase_mass_ns, options_ns;
};

extern const struct flash_l4g4_kind flash_l4g4_l47, flash_l4g4_g47, flash_l4g4_g07;

struct flash_l4g4 {
	struct peripheral base;
	uint8_t *cells; /* bank 1, then bank 2 at half of the size; when DBANK is 0 the
			 * double words of both alternate (3.3.1) */
	uint32_t size;
	uint32_t acr, sr, cr, eccr;
	struct flash_locks locks;
	enum flash_lock power_down_lock;
	uint32_t option[OPTIONS]; /* the registers */
	uint32_t loaded[OPTIONS]; /* what is in force */
	bool options_mismatch;    /* when they were loaded: FLASH_SR.OPTVERR */
	/* What came of a double word, or of a row. */
	uint32_t words[FLASH_ROW_WORDS], words_at;
	unsigned words_len;
	unsigned stray; /* bytes that came of a double word which is refused */
	bool was_mass_erased[FLASH_BANKS]; /* nothing else done to it since */
	bool is_swapped;                   /* FB_MODE: bank 2 is the first */
	/* What is going on. */
	enum flash_operation operation;
	unsigned busy_banks; /* mask */
	uint32_t operation_at;
	uint64_t began_ns;
};

/* --- flash/l4g4.c --------------------------------------------------------------- */

/* The option register that is in force. */
uint32_t flash_l4g4_optr(const struct peripheral *flash);
/* SYSCFG_MEMRMP.FB_MODE: which bank stands first in the main memory. */
void flash_l4g4_swap(struct peripheral *flash, bool second_is_first);
/* The boot loader's look at a bank: does it begin with a stack in RAM? (AN2606) */
bool flash_l4g4_bank_is_bootable(const struct peripheral *flash, unsigned bank);
/* RM0444 2.5: is the empty flash the boot loader's, and must the main flash be booted? */
bool flash_l4g4_is_empty(const struct peripheral *flash);
bool flash_l4g4_locks_boot(const struct peripheral *flash);
/* Is there an OPTR.nSWBOOT0 that takes the BOOT0 pin's place? */
bool flash_l4g4_has_nswboot0(const struct peripheral *flash);

/* --- flash/l4g4_status.c --------------------------------------------------------- */

const struct flash_l4g4_kind *flash_l4g4_kind(const struct flash_l4g4 *flash);
void flash_l4g4_error(struct flash_l4g4 *flash, uint32_t flag);
void flash_l4g4_start(struct flash_l4g4 *flash, enum flash_operation operation,
		      unsigned banks, uint64_t ns);
/* The interrupt line follows the flags and their enable bits. */
void flash_l4g4_interrupt(struct flash_l4g4 *flash);
/* CFGBSY follows what came of a double word and what goes on. */
void flash_l4g4_settle(struct flash_l4g4 *flash);
/* Sets PGSERR and says false when error flags are left from before. */
bool flash_l4g4_is_clean(struct flash_l4g4 *flash);

/* --- flash/l4g4_array.c ---------------------------------------------------------- */

bool flash_l4g4_is_dual(const struct flash_l4g4 *flash);
/* One bank, whose double words are the two banks' in turn. */
bool flash_l4g4_is_interleaved(const struct flash_l4g4 *flash);
uint32_t flash_l4g4_page_size(const struct flash_l4g4 *flash);
/* Of the one-time programmable bytes? */
bool flash_l4g4_is_otp(uint32_t at);
/* From a place in the main memory to the same in the cells, and back. */
uint32_t flash_l4g4_swapped(const struct flash_l4g4 *flash, uint32_t offset);
unsigned flash_l4g4_banks_at(const struct flash_l4g4 *flash, uint32_t at);
/* The first and second half of the cells are the banks, or every other double word. */
unsigned flash_l4g4_banks_of(const struct flash_l4g4 *flash, uint32_t cell);
enum bus_result
flash_l4g4_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value);
void flash_l4g4_erase_start(struct flash_l4g4 *flash);
/* It is over, or was cut off after `done` thousandths. */
void flash_l4g4_array_finish(struct flash_l4g4 *flash, unsigned done);
/* All but the PCROP areas, or these too. */
void flash_l4g4_erase_all(struct flash_l4g4 *flash, bool with_pcrop);
/* Shows the banks where DBANK puts them. */
void flash_l4g4_show(struct flash_l4g4 *flash);

/* --- flash/l4g4_protection.c ----------------------------------------------------- */

/* Is the page that holds this cell write-protected? And the double word, by PCROP? */
bool flash_l4g4_is_write_protected(const struct flash_l4g4 *flash, uint32_t cell);
bool flash_l4g4_is_code_only(const struct flash_l4g4 *flash, uint32_t cell);
/* Has the program locked the securable area that holds this cell? */
bool flash_l4g4_is_secured(const struct flash_l4g4 *flash, uint32_t cell);
/* Is there anything in [cell, cell + size) of these banks that may not be erased? */
bool flash_l4g4_is_kept(const struct flash_l4g4 *flash, uint32_t cell, uint32_t size,
			unsigned banks);
bool
flash_l4g4_holds_code_only(const struct flash_l4g4 *flash, uint32_t cell, uint32_t size);
/* With their ECC. */
struct granules flash_l4g4_granules(const struct flash_l4g4 *flash);
/* What a data read of `at` brings and sets off besides (flash_role.was_read). */
void flash_l4g4_was_read(struct peripheral *peripheral, uint32_t at, uint32_t *word);

/* --- flash/l4g4_options.c --------------------------------------------------------- */

/* The option at a register's offset, or OPTIONS. */
enum flash_option flash_l4g4_option_of(const struct flash_l4g4 *flash, uint32_t offset);
bool flash_l4g4_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		       uint32_t last);
void flash_l4g4_options_start(struct flash_l4g4 *flash);
void flash_l4g4_options_finish(struct flash_l4g4 *flash);
void flash_l4g4_options_load(struct peripheral *peripheral);
/* A change was cut short: the pages are erased and not yet programmed. */
void flash_l4g4_options_cut(struct flash_l4g4 *flash);
/* Fresh from the factory: option bytes, ids, OTP. */
void flash_l4g4_factory(struct flash_l4g4 *flash);
uint32_t
flash_l4g4_options_writable(const struct flash_l4g4 *flash, enum flash_option option);

#endif /* TEST_EMULATOR_SOC_FLASH_L4G4_H */
