/* SPDX-License-Identifier: MIT */
/*
 * The flash array of the STM32H5: where the banks are, programming quad-words through the write
 * buffer, erasing sectors and banks (RM0481, 7.3; FLASH_NSCR).
 *
 * SWAP_BANK exchanges the banks' addresses; BKSEL "selects physical bank, SWAP_BANK setting is
 * ignored" (FLASH_NSCR), and so do the registers of each bank.
 */
#include <string.h>

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/h5_internal.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

enum { ALL_FILLED = 0xFFFF, HALF_WORD = 2, WORD = 4, BOTH_BANKS = 3 };

/* --- protection ----------------------------------------------------------------------------- */

/* FLASH_WRP1R: a bit per group of four sectors, 0: protected. */
static bool
is_protected(const struct flash_h5 *flash, uint32_t cell)
{
	static const enum flash_h5_option groups[FLASH_BANKS] = { H5_WRP1R, H5_WRP2R };
	unsigned bank = banks_bank_of(flash_h5_banks(flash), cell);
	uint32_t group = cell % banks_bank_size(flash_h5_banks(flash)) / FLASH_GROUP;

	return !(flash->current[groups[bank]] >> group & 1);
}

static bool
is_any_protected(const struct flash_h5 *flash, unsigned banks)
{
	for (uint32_t cell = 0; cell < flash->size; cell += FLASH_GROUP)
		if (banks >> banks_bank_of(flash_h5_banks(flash), cell) & 1 &&
		    is_protected(flash, cell))
			return true;
	return false;
}

/* FLASH_OTPBLR: block n is the half-words 32 n to 32 n + 31. */
static bool
is_locked_otp(const struct flash_h5 *flash, uint32_t at)
{
	enum { BLOCK = 32 * HALF_WORD };

	return flash->current[H5_OTPBLR] >> (at - FLASH_H5_OTP_AT) / BLOCK & 1;
}

/* --- programming ---------------------------------------------------------------------------- */

static void
buffer_drop(struct flash_h5 *flash)
{
	flash->words_filled = 0;
}

static void
buffer_program(struct flash_h5 *flash)
{
	uint32_t cell = 0;

	banks_cell_at(flash_h5_banks(flash), flash->words_at, &cell);
	flash->operation_at = cell;
	flash->words_filled = 0;
	flash_h5_start(flash, H5_PROGRAM, 1U << banks_bank_of(flash_h5_banks(flash), cell),
		       H5_FLASH_PROGRAM_NS);
}

void
flash_h5_force_write(struct flash_h5 *flash)
{
	if (!flash->words_filled)
		return;
	for (unsigned i = 0; i < FLASH_QUAD_WORD; i++)
		if (!(flash->words_filled >> i & 1))
			flash->words[i] = FLASH_ERASED;
	buffer_program(flash);
}

/* Which flag a store to the main flash deserves (FLASH_NSSR). That one which finds the flag of an
 * earlier error is PGSERR: as on the STM32H7 (RM0399 Rev 4, 4.7.3), an assumption here. */
static uint32_t
store_error(const struct flash_h5 *flash, uint32_t at, uint32_t filled)
{
	uint32_t cell = 0;

	if (!(flash->cr & FLASH_CR_PG) || flash->cr & FLASH_CR_LOCK ||
	    flash->sr & (FLASH_SR_PGSERR | FLASH_SR_INCERR | FLASH_SR_STRBERR))
		return FLASH_SR_PGSERR;
	banks_cell_at(flash_h5_banks(flash), at, &cell);
	if (is_protected(flash, cell))
		return FLASH_SR_WRPERR;
	if (!flash->words_filled)
		return 0;
	if (at / FLASH_QUAD_WORD != flash->words_at / FLASH_QUAD_WORD)
		return FLASH_SR_INCERR;
	return flash->words_filled & filled ? FLASH_SR_STRBERR : 0;
}

static void
main_store(struct flash_h5 *flash, uint32_t at, unsigned size, uint32_t value)
{
	uint32_t offset = at % FLASH_QUAD_WORD;
	uint32_t filled = (BIT(size) - 1) << offset;
	uint32_t error = store_error(flash, at, filled);

	if (error) {
		buffer_drop(flash);
		flash_h5_flag(flash, error);
		return;
	}
	flash->words_at = at - offset;
	memcpy(flash->words + offset, &value, size);
	flash->words_filled |= filled;
	if (flash->words_filled == ALL_FILLED)
		buffer_program(flash);
}

/* OTP takes half-words and words, each half-word once (FLASH_OTPBLR); that a second time is PGSERR:
 * assumption. */
static enum bus_result
otp_store(struct flash_h5 *flash, uint32_t at, unsigned size, uint32_t value)
{
	uint32_t offset = at - FLASH_H5_OTP_AT, error = 0;

	if (size == 1)
		return BUS_FAULT;
	if (!(flash->cr & FLASH_CR_PG) || flash->cr & FLASH_CR_LOCK)
		error = FLASH_SR_PGSERR;
	else if (is_locked_otp(flash, at))
		error = FLASH_SR_WRPERR;
	for (uint32_t i = 0; i < size; i += HALF_WORD)
		if (!error && !flash_h5_is_virgin(flash, offset + i))
			error = FLASH_SR_PGSERR;
	if (error) {
		flash_h5_flag(flash, error);
		return BUS_OK;
	}
	memcpy(flash->words, &value, sizeof(value));
	flash->words_at = size;
	flash->operation_at = offset;
	flash_h5_start(flash, H5_PROGRAM_OTP, 0, H5_FLASH_PROGRAM_NS);
	return BUS_OK;
}

enum bus_result
flash_h5_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value)
{
	struct flash_h5 *flash = CONTAINER_OF(peripheral, struct flash_h5, base);
	uint32_t cell;

	if (!flash_h5_is_otp(at) && !banks_cell_at(flash_h5_banks(flash), at, &cell))
		return BUS_FAULT; /* system memory, what ST wrote */
	if (flash->operation != H5_IDLE)
		return BUS_WAIT;
	if (flash_h5_is_otp(at))
		return otp_store(flash, at, size, value);
	main_store(flash, at, size, value);
	return BUS_OK;
}

/* A quad-word that was written before has an ECC of its own already: the new one fits no more than
 * the contents do, unless they are the same. So has one that was cut short. */
static void
program_finish(struct flash_h5 *flash, unsigned done)
{
	struct soc *soc = flash->base.soc;
	uint8_t *bytes = flash->cells + flash->operation_at;
	bool is_between, was_blank = true, is_same;

	for (unsigned i = 0; i < FLASH_QUAD_WORD; i++)
		was_blank = was_blank && bytes[i] == FLASH_ERASED;
	is_same = !memcmp(bytes, flash->words, FLASH_QUAD_WORD);
	cells_count_program(soc, flash->busy_banks >> 1, bytes, FLASH_QUAD_WORD);
	is_between = cells_program(soc, bytes, flash->words, FLASH_QUAD_WORD, done);
	granules_break(
		flash_h5_granules(flash), flash->operation_at,
		is_between ||
			granules_is_broken(flash_h5_granules(flash), flash->operation_at) ||
			(!was_blank && !is_same));
	soc->stats->flash_programs++;
	soc->stats->flash_words_programmed += FLASH_QUAD_WORD / WORD;
}

static void
otp_finish(struct flash_h5 *flash, unsigned done)
{
	uint8_t *bytes = flash->information + FLASH_H5_OTP_PLACE + flash->operation_at;

	cells_program(flash->base.soc, bytes, flash->words, flash->words_at, done);
	for (uint32_t i = 0; i < flash->words_at; i += HALF_WORD)
		flash_h5_use(flash, flash->operation_at + i);
}

/* --- erasing -------------------------------------------------------------------------------- */

static void
sector_erase_start(struct flash_h5 *flash)
{
	uint32_t sector = flash->cr >> FLASH_CR_SNB_SHIFT & FLASH_CR_SNB_MASK;
	uint32_t cell = sector * FLASH_SECTOR;

	if (flash->cr & FLASH_CR_BKSEL)
		cell += banks_bank_size(flash_h5_banks(flash));
	if (is_protected(flash, cell)) {
		flash_h5_flag(flash, FLASH_SR_WRPERR);
		return;
	}
	flash->operation_at = cell;
	flash_h5_start(flash, H5_ERASE_SECTOR,
		       1U << banks_bank_of(flash_h5_banks(flash), cell),
		       H5_FLASH_ERASE_SECTOR_NS);
}

/* FLASH_NSCR, BER and MER: an error "when some sectors are protected". */
static void
banks_erase_start(struct flash_h5 *flash, unsigned banks)
{
	bool both = banks == BOTH_BANKS;

	if (is_any_protected(flash, banks)) {
		flash_h5_flag(flash, FLASH_SR_WRPERR);
		return;
	}
	flash_h5_start(flash, both ? H5_ERASE_BOTH : H5_ERASE_BANK, banks,
		       both ? H5_FLASH_ERASE_BOTH_NS : H5_FLASH_ERASE_BANK_NS);
}

/* FLASH_NSCR: two of SER, BER and MER at once are PGSERR; that none of them is one, too:
 * assumption. */
void
flash_h5_erase_start(struct flash_h5 *flash)
{
	uint32_t what = flash->cr & (FLASH_CR_SER | FLASH_CR_BER | FLASH_CR_MER);

	if (flash->words_filled || flash->sr & FLASH_SR_PGSERR)
		what = 0;
	flash->cr |= FLASH_CR_STRT;
	switch (what) {
	case FLASH_CR_SER:
		sector_erase_start(flash);
		break;
	case FLASH_CR_BER:
		banks_erase_start(flash, flash->cr & FLASH_CR_BKSEL ? 2 : 1);
		break;
	case FLASH_CR_MER:
		banks_erase_start(flash, BOTH_BANKS);
		break;
	default:
		flash_h5_flag(flash, FLASH_SR_PGSERR);
	}
	if (flash->operation == H5_IDLE)
		flash->cr &= ~FLASH_CR_STRT;
}

static void
bank_erase_finish(struct flash_h5 *flash, unsigned bank, unsigned done)
{
	struct banks banks = flash_h5_banks(flash);
	uint32_t first = bank * banks_bank_size(banks);

	for (uint32_t cell = first; cell < first + banks_bank_size(banks);
	     cell += FLASH_SECTOR)
		cells_count_mass_erase(flash->base.soc, bank, banks_address_of(banks, cell),
				       FLASH_SECTOR);
	granules_erase(flash_h5_granules(flash), first, banks_bank_size(banks), done);
}

static void
sector_erase_finish(struct flash_h5 *flash, unsigned done)
{
	struct banks banks = flash_h5_banks(flash);
	uint32_t cell = flash->operation_at;

	cells_count_erase(flash->base.soc, banks_bank_of(banks, cell),
			  banks_address_of(banks, cell), flash->cells + cell, FLASH_SECTOR);
	granules_erase(flash_h5_granules(flash), cell, FLASH_SECTOR, done);
}

void
flash_h5_array_finish(struct flash_h5 *flash, unsigned done)
{
	switch (flash->operation) {
	case H5_PROGRAM:
		program_finish(flash, done);
		return;
	case H5_PROGRAM_OTP:
		otp_finish(flash, done);
		return;
	case H5_ERASE_SECTOR:
		sector_erase_finish(flash, done);
		return;
	default:
		break;
	}
	for (unsigned bank = 0; bank < FLASH_BANKS; bank++)
		if (flash->busy_banks >> bank & 1)
			bank_erase_finish(flash, bank, done);
}
