/* SPDX-License-Identifier: MIT */
/*
 * The flash array of the STM32H7: programming by flash words of 32 bytes through the write
 * buffer, erasing sectors and banks, and what a read meets (RM0433 Rev 8, 4.3 and 4.7).
 *
 * ECC. A flash word that is programmed twice keeps the zeros of both, and its check bits
 * those of both as well: they fit only when nothing was changed. That all zeros over
 * anything is well is what users of the STM32H723 found (ST's community, "flash writing
 * issue", 59967). That the rest is always a double error: assumption.
 */
#include <string.h>

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/h7_internal.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define WHOLE_WORD UINT32_MAX /* all bytes of the write buffer */

static const uint32_t shown_at[FLASH_H7_BANKS] = { FLASH_H7_BANK_1_AT, FLASH_H7_BANK_2_AT };

/* --- where things are ------------------------------------------------------------------ */

struct flash_h7_bank *
flash_h7_bank_at(struct flash_h7 *flash, uint32_t at, uint32_t *offset)
{
	for (unsigned i = 0; i < flash_h7_banks(flash); i++) {
		*offset = at - shown_at[i];
		if (*offset < flash->layout->bank_size)
			return flash_h7_bank_shown(flash, i);
	}
	return NULL;
}

static unsigned
bank_index(const struct flash_h7 *flash, const struct flash_h7_bank *bank)
{
	return (unsigned)(bank - flash->banks);
}

/* The address at which a bank's cell shows now. */
static uint32_t
address_of(const struct flash_h7 *flash, const struct flash_h7_bank *bank, uint32_t offset)
{
	unsigned index = bank_index(flash, bank);

	return shown_at[flash->is_swapped ? !index : index] + offset;
}

/* A window under the feet of a core that runs would be pulled away: it waits till that one
 * does not. */
void
flash_h7_show(struct flash_h7 *flash)
{
	struct soc *soc = flash->base.soc;

	flash->show_is_due = soc->running != NULL;
	if (flash->show_is_due)
		return;
	for (unsigned i = 0; i < flash_h7_banks(flash); i++)
		windows_show(soc, shown_at[i], flash->layout->bank_size,
			     flash_h7_bank_shown(flash, i)->cells, CPU_FLASH);
	intrusion_settle(soc);
}

/* --- ECC --------------------------------------------------------------------------------- */

static uint32_t
word_number(const struct flash_h7 *flash, const struct flash_h7_bank *bank, uint32_t offset)
{
	return (bank_index(flash, bank) * flash->layout->bank_size + offset) /
	       FLASH_H7_WORD;
}

static bool
ecc_fits(const struct flash_h7 *flash, const struct flash_h7_bank *bank, uint32_t offset)
{
	uint32_t number = word_number(flash, bank, offset);

	return flash_h7_ecc_bits(flash)[number / 8] >> number % 8 & 1;
}

static void
ecc_break(struct flash_h7 *flash, const struct flash_h7_bank *bank, uint32_t offset)
{
	uint32_t number = word_number(flash, bank, offset);

	flash_h7_ecc_bits(flash)[number / 8] &= (uint8_t) ~(1u << number % 8);
}

/* Of whole sectors, so of whole bytes. */
static void
ecc_erase(struct flash_h7 *flash, const struct flash_h7_bank *bank, uint32_t offset,
	  uint32_t size)
{
	memset(flash_h7_ecc_bits(flash) + word_number(flash, bank, offset) / 8,
	       FLASH_H7_ERASED, size / FLASH_H7_WORD / 8);
}

/* --- protection ---------------------------------------------------------------------------- */

static bool
area_touches(uint32_t area, uint32_t offset, uint32_t size)
{
	uint32_t first = area & FLASH_AREA_MASK;
	uint32_t last = area >> FLASH_AREA_END_SHIFT & FLASH_AREA_MASK;

	if (first >= last)
		return first == last;
	return first * FLASH_AREA_UNIT < offset + size &&
	       offset < (last + 1) * FLASH_AREA_UNIT;
}

/* 4.5.2 (a cleared bit of FLASH_WPSN protects its sector), 4.5.4 and 4.5.5: areas that
 * nobody reads can neither be erased nor programmed. */
static bool
is_protected(const struct flash_h7 *flash, const struct flash_h7_bank *bank,
	     uint32_t offset, uint32_t size)
{
	unsigned index = bank_index(flash, bank);

	if (soc_is_intruded(flash->base.soc))
		return true; /* 4.5.3, table 23, note 6 */
	for (uint32_t at = offset; at < offset + size; at += FLASH_H7_SECTOR)
		if (!(flash->loaded[H7_WPSN1 + index] >> at / FLASH_H7_SECTOR & 1))
			return true;
	return area_touches(flash->loaded[H7_PRAR1 + index], offset, size) ||
	       area_touches(flash->loaded[H7_SCAR1 + index], offset, size);
}

/* --- reading --------------------------------------------------------------------------------- */

/* RM0399 Rev 4, 4.5.4 and 4.7.9: reads of PCROP and secure areas "return a zero" with a flag
 * and no bus error. */
void
flash_h7_was_read(struct peripheral *peripheral, uint32_t at, uint32_t *word)
{
	struct flash_h7 *flash = CONTAINER_OF(peripheral, struct flash_h7, base);
	uint32_t offset;
	struct flash_h7_bank *bank = flash_h7_bank_at(flash, at, &offset);
	bool is_pcrop, is_secure;

	if (!bank)
		return;
	is_pcrop =
		area_touches(flash->loaded[H7_PRAR1 + bank_index(flash, bank)], offset, 1);
	is_secure =
		area_touches(flash->loaded[H7_SCAR1 + bank_index(flash, bank)], offset, 1);
	if (!is_pcrop && !is_secure)
		return;
	*word = 0;
	flash_h7_flag(flash, bank, is_pcrop ? FLASH_SR_RDPERR : FLASH_SR_RDSERR);
}

/* RM0399 Rev 4, table 23, note 6: level 1 under a debugger is RDPERR and a bus error; 4.7.7: so is a
 * double error; 4.9.23: FLASH_ECC_FA tells the first flash word that
 * had one until the flag is cleared. */
enum bus_result
flash_h7_load(struct peripheral *peripheral, uint32_t at)
{
	struct flash_h7 *flash = CONTAINER_OF(peripheral, struct flash_h7, base);
	uint32_t offset, error;
	struct flash_h7_bank *bank = flash_h7_bank_at(flash, at, &offset);

	if (!bank)
		return BUS_OK;
	error = soc_is_intruded(flash->base.soc) ? FLASH_SR_RDPERR : 0;
	if (!error && !ecc_fits(flash, bank, offset)) {
		error = FLASH_SR_DBECCERR;
		if (!(bank->sr & FLASH_SR_DBECCERR))
			bank->ecc_fa = offset / FLASH_H7_WORD;
	}
	if (!error)
		return BUS_OK;
	flash_h7_flag(flash, bank, error);
	return BUS_FAULT;
}

/* --- programming ------------------------------------------------------------------------------ */

static unsigned
parallelism(const struct flash_h7_bank *bank)
{
	return bank->cr >> FLASH_CR_PSIZE_SHIFT & FLASH_CR_PSIZE_MASK;
}

/* A store that stalled comes when the engine runs it, which is before the end that it
 * waited for; what it starts begins at that end. */
static void
operation_start(struct flash_h7 *flash, struct flash_h7_bank *bank,
		enum flash_h7_operation operation, uint32_t offset, uint64_t ns)
{
	uint64_t now = soc_time(flash->base.soc);

	bank->operation = operation;
	bank->operation_at = offset;
	bank->began_ns = bank->free_ns > now ? bank->free_ns : now;
	bank->due_ns = bank->began_ns + ns;
	flash_h7_due_set(flash);
}

void
flash_h7_buffer_drop(struct flash_h7_bank *bank)
{
	memset(bank->buffer, FLASH_H7_ERASED, sizeof(bank->buffer));
	bank->buffer_bytes = 0;
}

static void
program_start(struct flash_h7 *flash, struct flash_h7_bank *bank)
{
	memcpy(bank->word, bank->buffer, sizeof(bank->word));
	flash_h7_buffer_drop(bank);
	operation_start(flash, bank, H7_PROGRAM, bank->buffer_at,
			flash->layout->times->program_ns[parallelism(bank)]);
}

/* 4.9.4, FW1: "effective only if the write buffer is not empty"; all-ones are programmed like
 * anything else. */
void
flash_h7_buffer_force(struct flash_h7 *flash, struct flash_h7_bank *bank)
{
	if (bank->buffer_bytes)
		program_start(flash, bank);
}

/* Which flag a store deserves (4.7.2 WRPERR; 4.7.3 PGSERR: PG is not set, or INCERR or PGSERR
 * was left; 4.7.5 INCERR: another flash word than the one that is begun). */
static uint32_t
store_error(const struct flash_h7 *flash, const struct flash_h7_bank *bank, uint32_t offset)
{
	if (!(bank->cr & FLASH_CR_PG) || bank->sr & (FLASH_SR_INCERR | FLASH_SR_PGSERR))
		return FLASH_SR_PGSERR;
	if (is_protected(flash, bank, offset, 1))
		return FLASH_SR_WRPERR;
	if (bank->buffer_bytes && bank->buffer_at != offset / FLASH_H7_WORD * FLASH_H7_WORD)
		return FLASH_SR_INCERR;
	return 0;
}

/* 4.7.4: a byte that is written twice is STRBERR, "and new byte data replace the old ones". */
static void
buffer_fill(struct flash_h7 *flash, struct flash_h7_bank *bank, uint32_t offset,
	    unsigned size, uint32_t value)
{
	unsigned first = offset % FLASH_H7_WORD;

	bank->buffer_at = offset - first;
	for (unsigned i = 0; i < size; i++) {
		uint32_t byte = BIT(first + i);

		if (bank->buffer_bytes & byte)
			flash_h7_flag(flash, bank, FLASH_SR_STRBERR);
		bank->buffer[first + i] = (uint8_t)(value >> 8 * i);
		bank->buffer_bytes |= byte;
	}
}

/* 4.3.8: the buffer fills while an operation runs; when it is full it has to wait for the
 * operation's end, and the bus with it. That an INCERR empties the buffer: assumption. */
enum bus_result
flash_h7_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value)
{
	struct flash_h7 *flash = CONTAINER_OF(peripheral, struct flash_h7, base);
	uint32_t offset, error, bytes;
	struct flash_h7_bank *bank = flash_h7_bank_at(flash, at, &offset);

	if (!bank)
		return BUS_FAULT; /* system memory, ids */
	error = store_error(flash, bank, offset);
	if (error) {
		flash_h7_buffer_drop(bank);
		flash_h7_flag(flash, bank, error);
		return BUS_OK;
	}
	bytes = (BIT(size) - 1) << offset % FLASH_H7_WORD;
	if (bank->operation != H7_IDLE && (bank->buffer_bytes | bytes) == WHOLE_WORD) {
		bank->stalls = true;
		return BUS_WAIT;
	}
	buffer_fill(flash, bank, offset, size, value);
	if (bank->buffer_bytes == WHOLE_WORD)
		program_start(flash, bank);
	return BUS_OK;
}

static bool
is_all(const uint8_t *bytes, uint8_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

/* Of a word whose programming was cut short the check bits match nothing. */
static void
program_finish(struct flash_h7 *flash, struct flash_h7_bank *bank, unsigned done)
{
	uint8_t *cells = bank->cells + bank->operation_at;
	struct soc *soc = flash->base.soc;
	bool fits = is_all(cells, FLASH_H7_ERASED, FLASH_H7_WORD) ||
		    is_all(bank->word, 0, FLASH_H7_WORD) ||
		    !memcmp(cells, bank->word, FLASH_H7_WORD);

	cells_count_program(soc, bank_index(flash, bank), cells, FLASH_H7_WORD);
	if (cells_program(soc, cells, bank->word, FLASH_H7_WORD, done) ||
	    (!fits && done >= CELLS_FIRST))
		ecc_break(flash, bank, bank->operation_at);
	soc->stats->flash_programs++;
	soc->stats->flash_words_programmed += FLASH_H7_WORD / sizeof(uint32_t);
}

/* --- erasing ------------------------------------------------------------------------------------ */

/* The ECC of a flash word fits when it is blank, or as it was. */
static void
words_erase(struct flash_h7 *flash, struct flash_h7_bank *bank, uint32_t offset,
	    uint32_t size, unsigned done)
{
	struct soc *soc = flash->base.soc;

	for (uint32_t at = offset; at < offset + size; at += FLASH_H7_WORD)
		if (cells_erase_granule(soc, bank->cells + at, FLASH_H7_WORD, done))
			ecc_break(flash, bank, at);
	windows_changed(soc, bank->cells + offset, size);
}

static void
area_erase(struct flash_h7 *flash, struct flash_h7_bank *bank, uint32_t offset,
	   uint32_t size, unsigned done)
{
	if (done < CELLS_WHOLE) {
		words_erase(flash, bank, offset, size, done);
		return;
	}
	cells_erase(flash->base.soc, bank->cells + offset, size, done);
	ecc_erase(flash, bank, offset, size);
}

static void
sector_erase(struct flash_h7 *flash, struct flash_h7_bank *bank, uint32_t offset)
{
	cells_count_mass_erase(flash->base.soc, bank_index(flash, bank),
			       address_of(flash, bank, offset), FLASH_H7_SECTOR);
	area_erase(flash, bank, offset, FLASH_H7_SECTOR, CELLS_WHOLE);
}

/* 4.9.4: BER wins over SER. START with neither does nothing, nor does a sector that the
 * bank has not: assumption. */
void
flash_h7_erase_start(struct flash_h7 *flash, struct flash_h7_bank *bank)
{
	const struct flash_h7_times *times = flash->layout->times;
	bool whole = bank->cr & FLASH_CR_BER;
	uint32_t sector = bank->cr >> FLASH_CR_SNB_SHIFT & FLASH_CR_SNB_MASK;
	uint32_t offset = whole ? 0 : sector * FLASH_H7_SECTOR;
	uint32_t size = whole ? flash->layout->bank_size : FLASH_H7_SECTOR;

	if (!(bank->cr & (FLASH_CR_BER | FLASH_CR_SER)) ||
	    offset >= flash->layout->bank_size)
		return;
	bank->removes_protection = whole && !soc_is_intruded(flash->base.soc) &&
				   flash_h7_removes_protection(flash, bank);
	if (!bank->removes_protection && is_protected(flash, bank, offset, size)) {
		flash_h7_flag(flash, bank, FLASH_SR_WRPERR);
		return;
	}
	operation_start(
		flash, bank, whole ? H7_ERASE_BANK : H7_ERASE_SECTOR, offset,
		(whole ? times->erase_mass_ns : times->erase_sector_ns)[parallelism(bank)]);
}

static void
erase_finish(struct flash_h7 *flash, struct flash_h7_bank *bank, unsigned done)
{
	struct soc *soc = flash->base.soc;
	unsigned index = bank_index(flash, bank);
	uint32_t at = bank->operation_at;

	if (bank->operation == H7_ERASE_SECTOR) {
		cells_count_erase(soc, index, address_of(flash, bank, at), bank->cells + at,
				  FLASH_H7_SECTOR);
		area_erase(flash, bank, at, FLASH_H7_SECTOR, done);
		return;
	}
	for (at = 0; at < flash->layout->bank_size; at += FLASH_H7_SECTOR)
		cells_count_mass_erase(soc, index, address_of(flash, bank, at),
				       FLASH_H7_SECTOR);
	area_erase(flash, bank, 0, flash->layout->bank_size, done);
}

void
flash_h7_operation_finish(struct flash_h7 *flash, struct flash_h7_bank *bank, unsigned done)
{
	if (bank->operation == H7_PROGRAM)
		program_finish(flash, bank, done);
	else
		erase_finish(flash, bank, done);
}

/* RM0399 Rev 4, 4.5.3: the sectors of an area survive unless its DMEP or DMES is set, in force or
 * asked for. */
static bool
survives(const struct flash_h7 *flash, enum flash_h7_option area, uint32_t at)
{
	return area_touches(flash->loaded[area], at, FLASH_H7_SECTOR) &&
	       !((flash->loaded[area] | flash->program[area]) & FLASH_PRAR_DMEP);
}

void
flash_h7_erase_all(struct flash_h7 *flash)
{
	for (unsigned i = 0; i < flash_h7_banks(flash); i++)
		for (uint32_t at = 0; at < flash->layout->bank_size; at += FLASH_H7_SECTOR)
			if (!survives(flash, H7_PRAR1 + i, at) &&
			    !survives(flash, H7_SCAR1 + i, at))
				sector_erase(flash, &flash->banks[i], at);
}
