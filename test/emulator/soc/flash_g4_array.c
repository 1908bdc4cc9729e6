/* SPDX-License-Identifier: MIT */
/*
 * The flash array: where the banks are, programming by double words and rows,
 * erasing pages and banks (RM0440 Rev 8, 3.3).
 *
 * Small parts. All category 3 parts are the die with two banks of 256 KiB. With
 * DBANK = 1 bank 2 is at 0x08040000 whatever the size (RM0440 table 7; ST's
 * answer in the community thread "Flash layout of STM32G4xx Cat. 3 with less
 * than 512 kByte": the gap is there). Owners of 128 KiB parts found that bank 1
 * answers and erases beyond its nominal 64 KiB: pages 32-63 with BKER = 0 are
 * 0x08010000-0x0801FFFF, and erasing "their" pages in bank 2 leaves them be
 * (community t5 827900, 812382, 192202). bank_reach_size of the chip says so.
 */
#include <string.h>

#include "test/emulator/soc/flash_g4.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define MAIN_AT UINT32_C(0x08000000)
#define OTP_AT  UINT32_C(0x1FFF7000)

enum {
	DOUBLE_WORD = 8,
	PAGE_SIZE_DUAL = 2048,
	PAGE_SIZE_SINGLE = 4096,
	ROW_SIZE = FLASH_ROW_WORDS * 4,
	OTP_SIZE = 1024,
	ERASED = 0xFF,
	BANK_1 = 1,
	BANK_2 = 2,
	BOTH_BANKS = BANK_1 | BANK_2
};

/* --- where things are -------------------------------------------------------- */

bool
flash_g4_is_dual(const struct flash_g4 *flash)
{
	return flash->loaded[OPTION_OPTR] & FLASH_OPTR_DBANK;
}

static uint32_t
page_size(const struct flash_g4 *flash)
{
	return flash_g4_is_dual(flash) ? PAGE_SIZE_DUAL : PAGE_SIZE_SINGLE;
}

/* The banks an address of the main memory is in; 0 when it is not in it. */
unsigned
flash_g4_banks_at(const struct flash_g4 *flash, uint32_t at)
{
	uint32_t offset = at - MAIN_AT;

	if (offset >= flash->size)
		return 0;
	if (!flash_g4_is_dual(flash))
		return BOTH_BANKS;
	return offset < flash->size / FLASH_BANKS ? BANK_1 : BANK_2;
}

void
flash_g4_show(struct flash_g4 *flash)
{
	struct soc *soc = flash->base.soc;
	const struct chip *chip = soc->chip;
	uint32_t bank_size = flash->size / FLASH_BANKS;

	windows_hide(soc, MAIN_AT);
	windows_hide(soc, MAIN_AT + bank_size);
	if (!flash_g4_is_dual(flash)) {
		windows_show(soc, MAIN_AT, KIB(chip->flash_kib), flash->cells, CPU_FLASH);
		return;
	}
	windows_show(soc, MAIN_AT, chip->bank_reach_size[0], flash->cells, CPU_FLASH);
	windows_show(soc, MAIN_AT + bank_size, chip->bank_reach_size[1],
		     flash->cells + bank_size, CPU_FLASH);
}

static bool
is_otp(uint32_t at)
{
	return at - OTP_AT < OTP_SIZE;
}

static uint8_t *
cells_at(const struct flash_g4 *flash, uint32_t at)
{
	const struct soc *soc = flash->base.soc;

	if (is_otp(at))
		return windows_find(soc, at)->host + (at - windows_find(soc, at)->at);
	return flash->cells + (at - MAIN_AT);
}

/* --- protection -------------------------------------------------------------- */

static bool
is_between(uint32_t page, uint32_t wrp)
{
	uint32_t first = wrp & FLASH_CR_PNB_MASK, last = wrp >> 16 & FLASH_CR_PNB_MASK;

	return page >= first && page <= last;
}

/* 3.5.3: with two banks each has its own two areas, with one all four cover it. */
static bool
is_write_protected(const struct flash_g4 *flash, uint32_t offset)
{
	const uint32_t *loaded = flash->loaded;
	uint32_t bank_size = flash->size / FLASH_BANKS;
	bool is_behind = flash_g4_is_dual(flash) && offset >= bank_size;
	uint32_t in_bank = is_behind ? offset - bank_size : offset;
	uint32_t page = in_bank / page_size(flash);
	unsigned banks = flash_g4_banks_at(flash, MAIN_AT + offset);
	bool first = is_between(page, loaded[OPTION_WRP1AR]) ||
		     is_between(page, loaded[OPTION_WRP1BR]);
	bool second = is_between(page, loaded[OPTION_WRP2AR]) ||
		      is_between(page, loaded[OPTION_WRP2BR]);

	return (banks & BANK_1 && first) || (banks & BANK_2 && second);
}

static bool
is_bank_protected(const struct flash_g4 *flash, unsigned banks)
{
	for (uint32_t at = 0; at < flash->size; at += page_size(flash))
		if (flash_g4_banks_at(flash, MAIN_AT + at) & banks &&
		    is_write_protected(flash, at))
			return true;
	return false;
}

/* --- programming ------------------------------------------------------------- */

static bool
is_blank(const uint8_t *cells, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		if (cells[i] != ERASED)
			return false;
	return true;
}

/* 3.3.7: the place must be erased, or the value all zeros (in OTP not even that). */
static bool
can_program(const struct flash_g4 *flash)
{
	const uint8_t *cells = cells_at(flash, flash->words_at);

	if (is_blank(cells, flash->words_len * 4))
		return true;
	return flash->words_len == 2 && !flash->words[0] && !flash->words[1] &&
	       !is_otp(flash->words_at);
}

static void
program_start(struct flash_g4 *flash)
{
	bool row = flash->words_len == FLASH_ROW_WORDS;
	unsigned banks = is_otp(flash->words_at)
				 ? BANK_1
				 : flash_g4_banks_at(flash, flash->words_at);

	if (!can_program(flash)) {
		flash->words_len = 0;
		flash_g4_error(flash, FLASH_SR_PROGERR);
		return;
	}
	flash->operation_at = flash->words_at;
	flash_g4_start(flash, row ? OPERATION_ROW : OPERATION_PROGRAM, banks,
		       row ? G4_FLASH_PROGRAM_ROW_NS : G4_FLASH_PROGRAM_NS);
}

static bool
word_follows(const struct flash_g4 *flash, uint32_t at, unsigned unit)
{
	if (!flash->words_len)
		return at % unit == 0;
	return at == flash->words_at + flash->words_len * 4;
}

/* Gathers a word; with the last one the operation begins. */
static void
word_take(struct flash_g4 *flash, uint32_t at, uint32_t value, unsigned unit)
{
	bool row = unit == ROW_SIZE;

	if (!word_follows(flash, at, unit)) {
		flash->words_len = 0;
		flash_g4_error(flash, FLASH_SR_PGAERR | (row ? FLASH_SR_FASTERR : 0));
		return;
	}
	if (!flash->words_len)
		flash->words_at = at;
	flash->words[flash->words_len++] = value;
	if (flash->words_len * 4 == unit)
		program_start(flash);
}

/* Which flag a store deserves before its place and order are looked at. */
static uint32_t
store_error(const struct flash_g4 *flash, uint32_t at, unsigned size)
{
	uint32_t mode = flash->cr & (FLASH_CR_PG | FLASH_CR_FSTPG);
	unsigned bank = flash_g4_banks_at(flash, at) == BANK_2;

	if (!mode || mode == (FLASH_CR_PG | FLASH_CR_FSTPG))
		return FLASH_SR_PGSERR;
	if (flash->cr & (FLASH_CR_PER | FLASH_CR_MER1 | FLASH_CR_MER2))
		return FLASH_SR_PGSERR;
	if (flash->sr & FLASH_SR_PROGRAM_ERRORS)
		return FLASH_SR_PGSERR;
	if (size != 4)
		return FLASH_SR_SIZERR;
	if (mode == FLASH_CR_FSTPG && !flash->was_mass_erased[bank])
		return FLASH_SR_PGSERR;
	if (!is_otp(at) && is_write_protected(flash, at - MAIN_AT))
		return FLASH_SR_WRPERR;
	return 0;
}

enum bus_result
flash_g4_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value)
{
	struct flash_g4 *flash = CONTAINER_OF(peripheral, struct flash_g4, base);
	uint32_t error;

	if (!is_otp(at) && !flash_g4_banks_at(flash, at))
		return BUS_FAULT; /* system memory, ids, option bytes: not by stores */
	if (flash->sr & FLASH_SR_BSY)
		return BUS_WAIT;
	error = store_error(flash, at, size);
	if (error) {
		flash->words_len = 0;
		flash_g4_error(flash, error);
		return BUS_OK;
	}
	word_take(flash, at, value, flash->cr & FLASH_CR_FSTPG ? ROW_SIZE : DOUBLE_WORD);
	return BUS_OK;
}

static void
program_finish(struct flash_g4 *flash, bool interrupted)
{
	uint8_t *cells = cells_at(flash, flash->operation_at);
	unsigned words = interrupted ? flash->words_len / 2 : flash->words_len;

	memcpy(cells, flash->words, words * 4);
	windows_changed(flash->base.soc, cells, flash->words_len * 4);
	flash->base.soc->stats->flash_programs++;
	flash->base.soc->stats->flash_words_programmed += flash->words_len;
	flash->words_len = 0;
	if (flash->operation == OPERATION_PROGRAM)
		flash->was_mass_erased[0] = flash->was_mass_erased[1] = false;
}

/* --- erasing ----------------------------------------------------------------- */

static uint32_t
page_offset(const struct flash_g4 *flash)
{
	uint32_t page = flash->cr >> FLASH_CR_PNB_SHIFT & FLASH_CR_PNB_MASK;
	uint32_t offset = page * page_size(flash);

	if (flash_g4_is_dual(flash) && flash->cr & FLASH_CR_BKER)
		offset += flash->size / FLASH_BANKS;
	return offset;
}

static void
page_erase_start(struct flash_g4 *flash)
{
	uint32_t offset = page_offset(flash);

	if (is_write_protected(flash, offset)) {
		flash_g4_error(flash, FLASH_SR_WRPERR);
		return;
	}
	flash->operation_at = MAIN_AT + offset;
	flash_g4_start(flash, OPERATION_PAGE, flash_g4_banks_at(flash, MAIN_AT + offset),
		       G4_FLASH_ERASE_PAGE_NS);
}

static void
mass_erase_start(struct flash_g4 *flash)
{
	unsigned banks = (flash->cr & FLASH_CR_MER1 ? BANK_1 : 0) |
			 (flash->cr & FLASH_CR_MER2 ? BANK_2 : 0);

	if (is_bank_protected(flash, banks)) {
		flash_g4_error(flash, FLASH_SR_WRPERR);
		return;
	}
	flash_g4_start(flash, OPERATION_MASS, banks, G4_FLASH_ERASE_MASS_NS);
}

/* 3.7.5, PGSERR: only one kind of operation may be chosen. STRT with none is called
 * forbidden (3.7.6); nothing happens then. */
void
flash_g4_erase_start(struct flash_g4 *flash)
{
	bool page = flash->cr & FLASH_CR_PER;
	bool mass = flash->cr & (FLASH_CR_MER1 | FLASH_CR_MER2);
	bool program = flash->cr & (FLASH_CR_PG | FLASH_CR_FSTPG);

	if (!page && !mass)
		return;
	if (program || (page && mass)) {
		flash_g4_error(flash, FLASH_SR_PGSERR);
		return;
	}
	if (!flash_g4_is_clean(flash))
		return;
	flash->cr |= FLASH_CR_STRT;
	if (page)
		page_erase_start(flash);
	else
		mass_erase_start(flash);
	if (!(flash->sr & FLASH_SR_BSY))
		flash->cr &= ~FLASH_CR_STRT;
}

static void
page_erase_finish(struct flash_g4 *flash, bool interrupted)
{
	uint32_t size = page_size(flash);
	uint8_t *cells = cells_at(flash, flash->operation_at);

	memset(cells, ERASED, interrupted ? size / 2 : size);
	windows_changed(flash->base.soc, cells, size);
	stats_erased(flash->base.soc->stats, flash->operation_at, size);
}

/* With one bank the double words of both banks alternate, and MER1 or MER2 alone
 * takes only every other one. */
static void
bank_erase(struct flash_g4 *flash, unsigned bank)
{
	uint32_t bank_size = flash->size / FLASH_BANKS;

	if (flash_g4_is_dual(flash)) {
		memset(flash->cells + bank * bank_size, ERASED, bank_size);
		return;
	}
	for (uint32_t at = bank * DOUBLE_WORD; at < flash->size;
	     at += FLASH_BANKS * DOUBLE_WORD)
		memset(flash->cells + at, ERASED, DOUBLE_WORD);
}

static void
erased_count(const struct flash_g4 *flash, unsigned banks)
{
	uint32_t size = page_size(flash);

	for (uint32_t at = 0; at < flash->size; at += size)
		if (flash_g4_banks_at(flash, MAIN_AT + at) & banks &&
		    windows_find(flash->base.soc, MAIN_AT + at))
			stats_erased(flash->base.soc->stats, MAIN_AT + at, size);
}

static void
mass_erase_finish(struct flash_g4 *flash, bool interrupted)
{
	for (unsigned bank = 0; bank < FLASH_BANKS; bank++) {
		if (!(flash->busy_banks >> bank & 1))
			continue;
		bank_erase(flash, bank);
		flash->was_mass_erased[bank] = !interrupted;
	}
	windows_changed(flash->base.soc, flash->cells, flash->size);
	erased_count(flash, flash->busy_banks);
}

void
flash_g4_erase_all(struct flash_g4 *flash)
{
	memset(flash->cells, ERASED, flash->size);
	windows_changed(flash->base.soc, flash->cells, flash->size);
	erased_count(flash, BOTH_BANKS);
}

void
flash_g4_array_finish(struct flash_g4 *flash, bool interrupted)
{
	switch (flash->operation) {
	case OPERATION_PROGRAM:
	case OPERATION_ROW:
		program_finish(flash, interrupted);
		break;
	case OPERATION_PAGE:
		page_erase_finish(flash, interrupted);
		break;
	case OPERATION_MASS:
		mass_erase_finish(flash, interrupted);
		break;
	case OPERATION_NONE:
	case OPERATION_OPTIONS:
		break;
	}
}
