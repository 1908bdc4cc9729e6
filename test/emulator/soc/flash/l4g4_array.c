/* SPDX-License-Identifier: MIT */
/*
 * The flash array: where the banks are, programming by double words and rows,
 * erasing pages and banks (RM0440 Rev 8, 3.3; RM0351 Rev 9, 3.3; RM0444 Rev 5, 3.3).
 *
 * Small parts of the G4. All category 3 parts are the die with two banks of 256 KiB. With
 * DBANK = 1 bank 2 is at 0x08040000 whatever the size (RM0440 table 7; ST's
 * answer in the community thread "Flash layout of STM32G4xx Cat. 3 with less
 * than 512 kByte": the gap is there). Owners of 128 KiB parts found that bank 1
 * answers and erases beyond its nominal 64 KiB: pages 32-63 with BKER = 0 are
 * 0x08010000-0x0801FFFF, and erasing "their" pages in bank 2 leaves them be
 * (community t5 827900, 812382, 192202). bank_reach_size of the chip says so.
 */
#include <string.h>

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/l4g4.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define OTP_AT UINT32_C(0x1FFF7000)

enum {
	PAGE_SIZE = 2048,
	PAGE_SIZE_INTERLEAVED = 4096,
	ROW_SIZE = FLASH_ROW_WORDS * 4,
	OTP_SIZE = 1024
};

/* --- where things are -------------------------------------------------------- */

bool
flash_l4g4_is_dual(const struct flash_l4g4 *flash)
{
	const struct flash_l4g4_kind *kind = flash_l4g4_kind(flash);

	return !kind->has_one_bank &&
	       (!kind->dual_bank || flash->loaded[OPTION_OPTR] & kind->dual_bank);
}

bool
flash_l4g4_is_interleaved(const struct flash_l4g4 *flash)
{
	return !flash_l4g4_is_dual(flash) && !flash_l4g4_kind(flash)->has_one_bank;
}

uint32_t
flash_l4g4_page_size(const struct flash_l4g4 *flash)
{
	return flash_l4g4_is_interleaved(flash) ? PAGE_SIZE_INTERLEAVED : PAGE_SIZE;
}

/* FB_MODE counts with two banks only (RM0440 Rev 8, 10.2.1). */
uint32_t
flash_l4g4_swapped(const struct flash_l4g4 *flash, uint32_t offset)
{
	if (!flash->is_swapped || !flash_l4g4_is_dual(flash))
		return offset;
	return offset ^ flash->size / FLASH_BANKS;
}

unsigned
flash_l4g4_banks_of(const struct flash_l4g4 *flash, uint32_t cell)
{
	if (flash_l4g4_kind(flash)->has_one_bank)
		return FLASH_BANK_1;
	if (!flash_l4g4_is_dual(flash))
		return FLASH_BOTH_BANKS;
	return cell < flash->size / FLASH_BANKS ? FLASH_BANK_1 : FLASH_BANK_2;
}

/* The banks an address of the main memory is in; 0 when it is not in it. */
unsigned
flash_l4g4_banks_at(const struct flash_l4g4 *flash, uint32_t at)
{
	uint32_t offset = at - FLASH_MAIN_AT;

	if (offset >= flash->size)
		return 0;
	return flash_l4g4_banks_of(flash, flash_l4g4_swapped(flash, offset));
}

void
flash_l4g4_show(struct flash_l4g4 *flash)
{
	struct soc *soc = flash->base.soc;
	const struct chip *chip = soc->chip;
	uint32_t bank_size = flash->size / FLASH_BANKS;

	if (!flash_l4g4_is_dual(flash)) {
		windows_hide(soc, FLASH_MAIN_AT + bank_size);
		windows_show(soc, FLASH_MAIN_AT, KIB(chip->flash_kib), flash->cells,
			     CPU_FLASH);
		return;
	}
	for (unsigned bank = 0; bank < FLASH_BANKS; bank++) {
		uint32_t cell = bank * bank_size;

		windows_show(soc, FLASH_MAIN_AT + flash_l4g4_swapped(flash, cell),
			     chip->bank_reach_size[bank], flash->cells + cell, CPU_FLASH);
	}
}

bool
flash_l4g4_is_otp(uint32_t at)
{
	return at - OTP_AT < OTP_SIZE;
}

static uint8_t *
cells_at(const struct flash_l4g4 *flash, uint32_t at)
{
	const struct soc *soc = flash->base.soc;

	if (flash_l4g4_is_otp(at))
		return windows_find(soc, at)->host + (at - windows_find(soc, at)->at);
	return flash->cells + flash_l4g4_swapped(flash, at - FLASH_MAIN_AT);
}

/* --- programming ------------------------------------------------------------- */

static bool
is_blank(const uint8_t *cells, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		if (cells[i] != FLASH_ERASED)
			return false;
	return true;
}

/* 3.3.7: the place must be erased, or the value all zeros (in OTP not even that). */
static bool
can_program(const struct flash_l4g4 *flash)
{
	const uint8_t *cells = cells_at(flash, flash->words_at);
	bool is_broken = !flash_l4g4_is_otp(flash->words_at) &&
			 granules_is_broken(flash_l4g4_granules(flash),
					    (uint32_t)(cells - flash->cells));

	if (!is_broken && is_blank(cells, flash->words_len * 4))
		return true;
	return flash->words_len == 2 && !flash->words[0] && !flash->words[1] &&
	       !flash_l4g4_is_otp(flash->words_at);
}

static void
program_start(struct flash_l4g4 *flash)
{
	const struct flash_l4g4_kind *kind = flash_l4g4_kind(flash);
	bool row = flash->words_len == FLASH_ROW_WORDS;
	unsigned banks = flash_l4g4_is_otp(flash->words_at)
				 ? FLASH_BANK_1
				 : flash_l4g4_banks_at(flash, flash->words_at);

	if (!can_program(flash)) {
		flash->words_len = 0;
		flash_l4g4_error(flash, FLASH_SR_PROGERR);
		return;
	}
	flash->operation_at = flash->words_at;
	flash_l4g4_start(flash, row ? OPERATION_ROW : OPERATION_PROGRAM, banks,
			 row ? kind->program_row_ns : kind->program_ns);
}

static bool
word_follows(const struct flash_l4g4 *flash, uint32_t at, unsigned unit)
{
	if (!flash->words_len)
		return at % unit == 0;
	return at == flash->words_at + flash->words_len * 4;
}

/* What is refused; the second half of a double word may still be to come. */
static void
stray_take(struct flash_l4g4 *flash, unsigned size)
{
	flash->words_len = 0;
	flash->stray = (flash->stray + size) % FLASH_DOUBLE_WORD;
}

/* Gathers a word; with the last one the operation begins. */
static void
word_take(struct flash_l4g4 *flash, uint32_t at, uint32_t value, unsigned unit)
{
	bool row = unit == ROW_SIZE;

	if (!word_follows(flash, at, unit)) {
		stray_take(flash, 4);
		flash_l4g4_error(flash, FLASH_SR_PGAERR | (row ? FLASH_SR_FASTERR : 0));
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
store_error(const struct flash_l4g4 *flash, uint32_t at, unsigned size)
{
	uint32_t mode = flash->cr & (FLASH_CR_PG | FLASH_CR_FSTPG);
	unsigned bank = flash_l4g4_banks_at(flash, at) == FLASH_BANK_2;
	uint32_t cell = flash_l4g4_swapped(flash, at - FLASH_MAIN_AT);

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
	if (!flash_l4g4_is_otp(at) &&
	    (flash_l4g4_is_write_protected(flash, cell) ||
	     flash_l4g4_is_code_only(flash, cell) || flash_l4g4_is_secured(flash, cell)))
		return FLASH_SR_WRPERR;
	return 0;
}

enum bus_result
flash_l4g4_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value)
{
	struct flash_l4g4 *flash = CONTAINER_OF(peripheral, struct flash_l4g4, base);
	uint32_t error;

	if (!flash_l4g4_is_otp(at) && !flash_l4g4_banks_at(flash, at))
		return BUS_FAULT; /* system memory, ids, option bytes: not by stores */
	if (soc_is_intruded(peripheral->soc))
		return BUS_FAULT; /* 3.5.1: "a read or write access ... a bus error" */
	if (flash->sr & FLASH_SR_BSY)
		return BUS_WAIT;
	error = store_error(flash, at, size);
	if (error) {
		stray_take(flash, size);
		flash_l4g4_error(flash, error);
	} else {
		word_take(flash, at, value,
			  flash->cr & FLASH_CR_FSTPG ? ROW_SIZE : FLASH_DOUBLE_WORD);
	}
	flash_l4g4_settle(flash);
	return BUS_OK;
}

/* The share of a double word of a row, which are programmed one after the other. */
static unsigned
done_of(const struct flash_l4g4 *flash, uint32_t double_word, unsigned done)
{
	uint32_t len = flash->words_len * 4 / FLASH_DOUBLE_WORD;
	uint32_t progress = done * len, begin = double_word * CELLS_WHOLE;

	if (progress <= begin)
		return 0;
	return progress - begin < CELLS_WHOLE ? progress - begin : CELLS_WHOLE;
}

/* Cut short, a double word has some of its cells and an ECC that does not fit. */
static void
program_finish(struct flash_l4g4 *flash, unsigned done)
{
	struct soc *soc = flash->base.soc;
	uint8_t *cells = cells_at(flash, flash->operation_at);
	const uint8_t *wanted = (const uint8_t *)flash->words;
	uint32_t cell = (uint32_t)(cells - flash->cells);
	unsigned bank = flash->busy_banks == FLASH_BANK_2;

	for (uint32_t i = 0; i < flash->words_len * 4 / FLASH_DOUBLE_WORD; i++) {
		uint32_t at = i * FLASH_DOUBLE_WORD;
		bool is_broken;

		cells_count_program(soc, bank, cells + at, FLASH_DOUBLE_WORD);
		is_broken = cells_program(soc, cells + at, wanted + at, FLASH_DOUBLE_WORD,
					  done_of(flash, i, done));
		if (!flash_l4g4_is_otp(flash->operation_at))
			granules_break(flash_l4g4_granules(flash), cell + at, is_broken);
	}
	soc->stats->flash_programs++;
	soc->stats->flash_words_programmed += flash->words_len;
	flash->words_len = 0;
	if (flash->operation == OPERATION_PROGRAM)
		flash->was_mass_erased[0] = flash->was_mass_erased[1] = false;
}

/* --- erasing ----------------------------------------------------------------- */

/* PNB and BKER name a page of a bank, wherever FB_MODE shows it. */
static uint32_t
page_cell(const struct flash_l4g4 *flash)
{
	uint32_t mask = flash_l4g4_kind(flash)->page_mask;
	uint32_t page = flash->cr >> FLASH_CR_PNB_SHIFT & mask;
	uint32_t cell = page * flash_l4g4_page_size(flash);

	if (flash_l4g4_is_dual(flash) && flash->cr & FLASH_CR_BKER)
		cell += flash->size / FLASH_BANKS;
	return cell;
}

static void
page_erase_start(struct flash_l4g4 *flash)
{
	uint32_t cell = page_cell(flash);
	unsigned banks = flash_l4g4_banks_of(flash, cell);

	/* 3.5.3, note, of level 1 under a debugger; that it is this flag: assumption. */
	if (soc_is_intruded(flash->base.soc) ||
	    flash_l4g4_is_kept(flash, cell, flash_l4g4_page_size(flash), banks)) {
		flash_l4g4_error(flash, FLASH_SR_WRPERR);
		return;
	}
	flash->operation_at = FLASH_MAIN_AT + flash_l4g4_swapped(flash, cell);
	flash_l4g4_start(flash, OPERATION_PAGE, banks,
			 flash_l4g4_kind(flash)->erase_page_ns);
}

static void
mass_erase_start(struct flash_l4g4 *flash)
{
	unsigned banks = (flash->cr & FLASH_CR_MER1 ? FLASH_BANK_1 : 0) |
			 (flash->cr & FLASH_CR_MER2 ? FLASH_BANK_2 : 0);

	if (soc_is_intruded(flash->base.soc) ||
	    flash_l4g4_is_kept(flash, 0, flash->size, banks)) {
		flash_l4g4_error(flash, FLASH_SR_WRPERR);
		return;
	}
	flash_l4g4_start(flash, OPERATION_MASS, banks,
			 flash_l4g4_kind(flash)->erase_mass_ns);
}

/* 3.7.5, PGSERR: only one kind of operation may be chosen. STRT with none is called
 * forbidden (3.7.6); nothing happens then. */
void
flash_l4g4_erase_start(struct flash_l4g4 *flash)
{
	bool page = flash->cr & FLASH_CR_PER;
	bool mass = flash->cr & (FLASH_CR_MER1 | FLASH_CR_MER2);
	bool program = flash->cr & (FLASH_CR_PG | FLASH_CR_FSTPG);

	if (!page && !mass)
		return;
	if (program || (page && mass)) {
		flash_l4g4_error(flash, FLASH_SR_PGSERR);
		return;
	}
	if (!flash_l4g4_is_clean(flash))
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
page_erase_finish(struct flash_l4g4 *flash, unsigned done)
{
	uint32_t size = flash_l4g4_page_size(flash);
	uint8_t *cells = cells_at(flash, flash->operation_at);

	cells_count_erase(flash->base.soc, flash->busy_banks == FLASH_BANK_2,
			  flash->operation_at, cells, size);
	granules_erase(flash_l4g4_granules(flash), (uint32_t)(cells - flash->cells), size,
		       done);
}

/* With one bank the double words of both banks alternate, and MER1 or MER2 alone
 * takes only every other one. */
static void
bank_erase(struct flash_l4g4 *flash, unsigned bank, unsigned done)
{
	uint32_t bank_size = flash->size / FLASH_BANKS;

	if (flash_l4g4_kind(flash)->has_one_bank) {
		granules_erase(flash_l4g4_granules(flash), 0, flash->size, done);
		return;
	}
	if (flash_l4g4_is_dual(flash)) {
		granules_erase(flash_l4g4_granules(flash), bank * bank_size, bank_size,
			       done);
		return;
	}
	for (uint32_t cell = bank * FLASH_DOUBLE_WORD; cell < flash->size;
	     cell += FLASH_BANKS * FLASH_DOUBLE_WORD)
		granules_erase(flash_l4g4_granules(flash), cell, FLASH_DOUBLE_WORD, done);
}

static void
erased_count(const struct flash_l4g4 *flash, unsigned banks)
{
	struct soc *soc = flash->base.soc;
	uint32_t size = flash_l4g4_page_size(flash);

	for (uint32_t at = FLASH_MAIN_AT; at < FLASH_MAIN_AT + flash->size; at += size)
		if (flash_l4g4_banks_at(flash, at) & banks && windows_find(soc, at))
			cells_count_mass_erase(
				soc, flash_l4g4_banks_at(flash, at) == FLASH_BANK_2, at,
				size);
}

static void
mass_erase_finish(struct flash_l4g4 *flash, unsigned done)
{
	for (unsigned bank = 0; bank < FLASH_BANKS; bank++) {
		if (!(flash->busy_banks >> bank & 1))
			continue;
		bank_erase(flash, bank, done);
		flash->was_mass_erased[bank] = done == CELLS_WHOLE;
	}
	erased_count(flash, flash->busy_banks);
}

void
flash_l4g4_erase_all(struct flash_l4g4 *flash, bool with_pcrop)
{
	uint32_t size = flash_l4g4_page_size(flash);

	for (uint32_t cell = 0; cell < flash->size; cell += size)
		if (with_pcrop || !flash_l4g4_holds_code_only(flash, cell, size))
			granules_erase(flash_l4g4_granules(flash), cell, size, CELLS_WHOLE);
	erased_count(flash, FLASH_BOTH_BANKS);
}

void
flash_l4g4_array_finish(struct flash_l4g4 *flash, unsigned done)
{
	switch (flash->operation) {
	case OPERATION_PROGRAM:
	case OPERATION_ROW:
		program_finish(flash, done);
		break;
	case OPERATION_PAGE:
		page_erase_finish(flash, done);
		break;
	case OPERATION_MASS:
		mass_erase_finish(flash, done);
		break;
	case OPERATION_NONE:
	case OPERATION_OPTIONS:
		break;
	}
}
