/* SPDX-License-Identifier: MIT */
/*
 * The flash array of the STM32U5: where the banks are, programming by quad-words and bursts
 * of eight of them, erasing pages and banks (RM0456 Rev 4, 7.3).
 *
 * SWAP_BANK exchanges the banks' addresses; BKER, MER1, MER2 and the write-protected areas
 * go on naming the cells: assumption.
 */
#include <string.h>

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/u5_internal.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define OTP_AT UINT32_C(0x0BFA0000)
enum { OTP_SIZE = 512, BOTH_BANKS = 3 };

/* --- where things are ------------------------------------------------------------------- */

static bool
is_otp(uint32_t at)
{
	return at - OTP_AT < OTP_SIZE;
}

/* --- protection --------------------------------------------------------------------------- */

static bool
is_in_area(uint32_t area, uint32_t page)
{
	return page >= (area & FLASH_WRP_PAGE) &&
	       page <= (area >> FLASH_WRP_END_SHIFT & FLASH_WRP_PAGE);
}

static bool
is_protected(const struct flash_u5 *flash, uint32_t cell)
{
	static const enum flash_u5_option areas[FLASH_BANKS][2] = {
		{ U5_WRP1A, U5_WRP1B },
		{ U5_WRP2A, U5_WRP2B },
	};
	unsigned bank = banks_bank_of(flash_u5_banks(flash), cell);
	uint32_t page = cell % banks_bank_size(flash_u5_banks(flash)) / FLASH_PAGE;

	return is_in_area(flash->loaded[areas[bank][0]], page) ||
	       is_in_area(flash->loaded[areas[bank][1]], page);
}

static bool
is_any_protected(const struct flash_u5 *flash, unsigned banks)
{
	for (uint32_t cell = 0; cell < flash->size; cell += FLASH_PAGE)
		if (banks >> banks_bank_of(flash_u5_banks(flash), cell) & 1 &&
		    is_protected(flash, cell))
			return true;
	return false;
}

/* --- programming ----------------------------------------------------------------------------- */

/* The host's bytes of a place that can be programmed. */
static uint8_t *
bytes_at(const struct flash_u5 *flash, uint32_t at)
{
	uint32_t cell = 0;

	if (is_otp(at))
		return flash_u5_information_at(flash, at);
	banks_cell_at(flash_u5_banks(flash), at, &cell);
	return flash->cells + cell;
}

static bool
is_all(const uint8_t *bytes, uint8_t value, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

/* 7.9.7, PROGERR: each quad-word must be erased, or the value all zeros. */
static bool
can_program(const struct flash_u5 *flash)
{
	const uint8_t *old = bytes_at(flash, flash->words_at);

	for (uint32_t i = 0; i < flash->words_size; i += FLASH_QUAD_WORD)
		if (!is_all(old + i, FLASH_ERASED, FLASH_QUAD_WORD) &&
		    (is_otp(flash->words_at) ||
		     !is_all(flash->words + i, 0, FLASH_QUAD_WORD)))
			return false;
	return true;
}

static void
program_start(struct flash_u5 *flash)
{
	bool burst = flash->words_size == FLASH_BURST;
	uint32_t cell = 0;

	if (!can_program(flash)) {
		flash->words_size = 0;
		flash_u5_error(flash, FLASH_NSSR_PROGERR);
		return;
	}
	banks_cell_at(flash_u5_banks(flash), flash->words_at, &cell);
	flash->operation_at = cell;
	flash_u5_start(flash, burst ? U5_BURST : U5_PROGRAM,
		       1U << banks_bank_of(flash_u5_banks(flash), cell),
		       burst ? U5_FLASH_PROGRAM_BURST_NS : U5_FLASH_PROGRAM_NS);
}

static uint32_t
unit(const struct flash_u5 *flash)
{
	return flash->cr & FLASH_NSCR_BWR ? FLASH_BURST : FLASH_QUAD_WORD;
}

/* Which flag a store deserves (7.3.10). */
static uint32_t
store_error(const struct flash_u5 *flash, uint32_t at, unsigned size)
{
	uint32_t expected = flash->words_size ? flash->words_at + flash->words_size
					      : at / unit(flash) * unit(flash);
	uint32_t cell;

	if (!(flash->cr & FLASH_NSCR_PG) ||
	    flash->cr & (FLASH_NSCR_PER | FLASH_NSCR_MER1 | FLASH_NSCR_MER2) ||
	    flash->sr & FLASH_NSSR_PROGRAM_ERRORS)
		return FLASH_NSSR_PGSERR;
	if (size != sizeof(uint32_t))
		return FLASH_NSSR_SIZERR;
	if (banks_cell_at(flash_u5_banks(flash), at, &cell) && is_protected(flash, cell))
		return FLASH_NSSR_WRPERR;
	return at == expected ? 0 : FLASH_NSSR_PGAERR;
}

enum bus_result
flash_u5_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value)
{
	struct flash_u5 *flash = CONTAINER_OF(peripheral, struct flash_u5, base);
	uint32_t cell, error;

	if (!is_otp(at) && !banks_cell_at(flash_u5_banks(flash), at, &cell))
		return BUS_FAULT; /* system memory, ids */
	if (soc_is_intruded(peripheral->soc))
		return BUS_FAULT; /* RM0456 Rev 6: "any read or write access" */
	if (flash->operation != U5_IDLE)
		return BUS_WAIT;
	error = store_error(flash, at, size);
	if (error) {
		flash->words_size = 0;
		flash_u5_error(flash, error);
		return BUS_OK;
	}
	if (!flash->words_size)
		flash->words_at = at;
	memcpy(flash->words + flash->words_size, &value, sizeof(value));
	flash->words_size += sizeof(value);
	if (flash->words_size == unit(flash))
		program_start(flash);
	return BUS_OK;
}

/* The share of a quad-word of a burst, which are programmed one after the other. */
static unsigned
done_of(const struct flash_u5 *flash, uint32_t at, unsigned done)
{
	uint32_t len = flash->words_size / FLASH_QUAD_WORD;
	uint32_t progress = done * len, begin = at / FLASH_QUAD_WORD * CELLS_WHOLE;

	if (progress <= begin)
		return 0;
	return progress - begin < CELLS_WHOLE ? progress - begin : CELLS_WHOLE;
}

/* Cut short, a quad-word has some of its cells, and an ECC that fits nothing. */
static void
program_finish(struct flash_u5 *flash, unsigned done)
{
	struct soc *soc = flash->base.soc;
	uint8_t *bytes = bytes_at(flash, flash->words_at);
	uint32_t size = flash->words_size;

	for (uint32_t at = 0; at < size; at += FLASH_QUAD_WORD) {
		bool is_broken;

		cells_count_program(soc, flash->busy_banks >> 1, bytes + at,
				    FLASH_QUAD_WORD);
		is_broken = cells_program(soc, bytes + at, flash->words + at,
					  FLASH_QUAD_WORD, done_of(flash, at, done));
		if (!is_otp(flash->words_at))
			granules_break(flash_u5_granules(flash), flash->operation_at + at,
				       is_broken);
	}
	soc->stats->flash_programs++;
	soc->stats->flash_words_programmed += size / sizeof(uint32_t);
	flash->words_size = 0;
}

/* --- erasing ----------------------------------------------------------------------------------- */

static void
page_erase_start(struct flash_u5 *flash)
{
	uint32_t page = flash->cr >> FLASH_NSCR_PNB_SHIFT & FLASH_NSCR_PNB_MASK;
	uint32_t cell = page * FLASH_PAGE;

	if (flash->cr & FLASH_NSCR_BKER)
		cell += banks_bank_size(flash_u5_banks(flash));
	/* That level 1 under a debugger is this flag for an erase: assumption. */
	if (soc_is_intruded(flash->base.soc) || is_protected(flash, cell)) {
		flash_u5_error(flash, FLASH_NSSR_WRPERR);
		return;
	}
	flash->operation_at = cell;
	flash_u5_start(flash, U5_ERASE_PAGE,
		       1U << banks_bank_of(flash_u5_banks(flash), cell),
		       U5_FLASH_ERASE_PAGE_NS);
}

static void
mass_erase_start(struct flash_u5 *flash)
{
	unsigned banks = (flash->cr & FLASH_NSCR_MER1 ? 1U : 0) |
			 (flash->cr & FLASH_NSCR_MER2 ? 2U : 0);
	bool both = banks == BOTH_BANKS;

	if (soc_is_intruded(flash->base.soc) || is_any_protected(flash, banks)) {
		flash_u5_error(flash, FLASH_NSSR_WRPERR);
		return;
	}
	flash_u5_start(flash, both ? U5_ERASE_BOTH : U5_ERASE_BANK, banks,
		       both ? U5_FLASH_ERASE_BOTH_NS : U5_FLASH_ERASE_BANK_NS);
}

/* 7.9.9, STRT: with nothing chosen it is PGSERR; so is a mixture (7.3.10). */
void
flash_u5_erase_start(struct flash_u5 *flash)
{
	bool page = flash->cr & FLASH_NSCR_PER;
	bool mass = flash->cr & (FLASH_NSCR_MER1 | FLASH_NSCR_MER2);

	if (page == mass || flash->cr & FLASH_NSCR_PG) {
		flash_u5_error(flash, FLASH_NSSR_PGSERR);
		return;
	}
	if (!flash_u5_is_clean(flash))
		return;
	flash->cr |= FLASH_NSCR_STRT;
	if (page)
		page_erase_start(flash);
	else
		mass_erase_start(flash);
	if (flash->operation == U5_IDLE)
		flash->cr &= ~FLASH_NSCR_STRT;
}

static void
bank_erase_finish(struct flash_u5 *flash, unsigned bank, unsigned done)
{
	struct banks banks = flash_u5_banks(flash);
	uint32_t first = bank * banks_bank_size(banks);

	for (uint32_t cell = first; cell < first + banks_bank_size(banks);
	     cell += FLASH_PAGE)
		cells_count_mass_erase(flash->base.soc, bank, banks_address_of(banks, cell),
				       FLASH_PAGE);
	granules_erase(flash_u5_granules(flash), first, banks_bank_size(banks), done);
}

static void
page_erase_finish(struct flash_u5 *flash, unsigned done)
{
	struct banks banks = flash_u5_banks(flash);
	uint32_t cell = flash->operation_at;

	cells_count_erase(flash->base.soc, banks_bank_of(banks, cell),
			  banks_address_of(banks, cell), flash->cells + cell, FLASH_PAGE);
	granules_erase(flash_u5_granules(flash), cell, FLASH_PAGE, done);
}

void
flash_u5_erase_all(struct flash_u5 *flash)
{
	for (unsigned bank = 0; bank < FLASH_BANKS; bank++)
		bank_erase_finish(flash, bank, CELLS_WHOLE);
}

void
flash_u5_array_finish(struct flash_u5 *flash, unsigned done)
{
	if (flash->operation == U5_PROGRAM || flash->operation == U5_BURST) {
		program_finish(flash, done);
		return;
	}
	if (flash->operation == U5_ERASE_PAGE) {
		page_erase_finish(flash, done);
		return;
	}
	for (unsigned bank = 0; bank < FLASH_BANKS; bank++)
		if (flash->busy_banks >> bank & 1)
			bank_erase_finish(flash, bank, done);
}
