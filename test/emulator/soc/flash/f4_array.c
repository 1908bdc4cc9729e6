/* SPDX-License-Identifier: MIT */
/*
 * Programming and erasing of the STM32F410 (RM0401 Rev 3, 3.5).
 */
#include <string.h>

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/f4.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

enum { ROW_SIZE = 16, SMALL_SECTORS = 4 };
#define SMALL_SECTOR_SIZE KIB(16)
#define LARGE_SECTOR_SIZE KIB(64)
#define OTP_AT            UINT32_C(0x1FFF7800)
#define OTP_SIZE          UINT32_C(512)
#define OTP_LOCKS_AT      (OTP_AT + OTP_SIZE) /* a byte for each block */
enum { OTP_BLOCKS = 16, OTP_BLOCK_SIZE = 32 };

/* By PSIZE: the width of an access, the supply from which on it works (3.5.2, table 7),
 * how long it takes (timing.h). x64 wants VPP, which no board of ours has. */
static const struct {
	unsigned width;
	double volts;
	uint64_t small_ns, large_ns, mass_ns;
} parallelisms[FLASH_PSIZES] = {
	{ 1, 1.7, F4_ERASE_16K_X8_NS, F4_ERASE_64K_X8_NS, F4_ERASE_MASS_X8_NS },
	{ 2, 2.1, F4_ERASE_16K_X16_NS, F4_ERASE_64K_X16_NS, F4_ERASE_MASS_X16_NS },
	{ 4, 2.7, F4_ERASE_16K_X32_NS, F4_ERASE_64K_X32_NS, F4_ERASE_MASS_X32_NS },
	{ 8, 99, F4_ERASE_16K_X32_NS, F4_ERASE_64K_X32_NS, F4_ERASE_MASS_X32_NS },
};

static unsigned
psize(const struct flash_f4 *flash)
{
	return (flash->cr & FLASH_CR_PSIZE) >> FLASH_CR_PSIZE_SHIFT;
}

bool
flash_f4_is_otp(uint32_t at)
{
	return at - OTP_AT < OTP_SIZE + OTP_BLOCKS;
}

static uint8_t *
cells_at(struct flash_f4 *flash, uint32_t at)
{
	const struct soc *soc = flash->base.soc;

	if (at - FLASH_MAIN_AT < flash->size)
		return flash->cells + (at - FLASH_MAIN_AT);
	return soc->memories[soc->chip->information_memory] + (at - FLASH_INFORMATION_AT);
}

/* 3.3, table "Flash module organization". */
unsigned
flash_f4_sector(uint32_t offset)
{
	uint32_t small = SMALL_SECTORS * SMALL_SECTOR_SIZE;

	if (offset < small)
		return offset / SMALL_SECTOR_SIZE;
	return SMALL_SECTORS + (offset - small) / LARGE_SECTOR_SIZE;
}

static uint32_t
sector_at(unsigned sector)
{
	if (sector < SMALL_SECTORS)
		return FLASH_MAIN_AT + sector * SMALL_SECTOR_SIZE;
	return FLASH_MAIN_AT + SMALL_SECTORS * SMALL_SECTOR_SIZE +
	       (sector - SMALL_SECTORS) * LARGE_SECTOR_SIZE;
}

static uint32_t
sector_size(unsigned sector)
{
	return sector < SMALL_SECTORS ? SMALL_SECTOR_SIZE : LARGE_SECTOR_SIZE;
}

static unsigned
sectors(const struct flash_f4 *flash)
{
	return flash_f4_sector(flash->size - 1) + 1;
}

/* Notes the supply, too: an operation that has less than PSIZE wants "may lead to
 * unpredicted results" (3.5.2). */
static void
array_start(struct flash_f4 *flash, enum flash_f4_operation operation, uint64_t ns)
{
	flash->is_weak = soc_volts(flash->base.soc) < parallelisms[psize(flash)].volts;
	flash_f4_start(flash, operation, ns);
}

/* RM0090 Rev 21, 3.8: a block can be programmed until its lock byte is 0x00. */
static bool
is_otp_locked(struct flash_f4 *flash, uint32_t at)
{
	uint32_t block = (at - OTP_AT) / OTP_BLOCK_SIZE;

	return block < OTP_BLOCKS && *cells_at(flash, OTP_LOCKS_AT + block) == 0;
}

/* RM0090 Rev 21, 3.7.4, WRPERR: "readout protected and an intrusion is detected". */
static bool
may_write(struct flash_f4 *flash, uint32_t at)
{
	if (soc_is_intruded(flash->base.soc))
		return false;
	if (flash_f4_is_otp(at))
		return !is_otp_locked(flash, at);
	return !flash_f4_is_write_protected(flash, flash_f4_sector(at - FLASH_MAIN_AT));
}

/* --- programming ----------------------------------------------------------------------- */

/* Which flag a store deserves (3.5.4, "Programming errors"). */
static uint32_t
store_error(struct flash_f4 *flash, uint32_t at, unsigned size)
{
	if (!(flash->cr & FLASH_CR_PG) || flash->cr & FLASH_CR_LOCK)
		return FLASH_SR_PGSERR;
	if (at % ROW_SIZE + size > ROW_SIZE)
		return FLASH_SR_PGAERR;
	if (size != parallelisms[psize(flash)].width)
		return FLASH_SR_PGPERR;
	return may_write(flash, at) ? 0 : FLASH_SR_WRPERR;
}

enum bus_result
flash_f4_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value)
{
	struct flash_f4 *flash = flash_f4_of(peripheral);
	uint32_t error;

	if (!flash_f4_is_otp(at) && at - FLASH_MAIN_AT >= flash->size)
		return BUS_FAULT; /* system memory, ids, option bytes: not by stores */
	if (flash->sr & FLASH_SR_BSY)
		return BUS_WAIT;
	error = store_error(flash, at, size);
	if (error) {
		flash_f4_error(flash, error);
		return BUS_OK;
	}
	flash->operation_at = at;
	flash->operation_size = size;
	flash->value = value;
	array_start(flash, OPERATION_PROGRAM, F4_FLASH_PROGRAM_NS);
	return BUS_OK;
}

/* 3.5.4, note: bits go from 1 to 0 wherever they were, and nobody checks. */
static void
program_finish(struct flash_f4 *flash, unsigned done)
{
	struct soc *soc = flash->base.soc;
	uint8_t *cells = cells_at(flash, flash->operation_at), wanted[sizeof(flash->value)];

	memcpy(wanted, &flash->value, sizeof(wanted));
	cells_count_program(soc, 0, cells, flash->operation_size);
	cells_program(soc, cells, wanted, flash->operation_size, done);
	soc->stats->flash_programs++;
	if ((flash->operation_at + flash->operation_size) % sizeof(uint32_t) == 0)
		soc->stats->flash_words_programmed++;
}

/* --- erasing ------------------------------------------------------------------------------- */

static void
sector_erase_finish(struct flash_f4 *flash, unsigned done)
{
	struct soc *soc = flash->base.soc;
	uint32_t at = flash->operation_at;
	uint32_t size = sector_size(flash_f4_sector(at - FLASH_MAIN_AT));

	cells_count_erase(soc, 0, at, cells_at(flash, at), size);
	cells_erase(soc, cells_at(flash, at), size, done);
}

static void
mass_erase_finish(struct flash_f4 *flash, unsigned done)
{
	struct soc *soc = flash->base.soc;

	for (unsigned sector = 0; sector < sectors(flash); sector++)
		cells_count_mass_erase(soc, 0, sector_at(sector), sector_size(sector));
	cells_erase(soc, flash->cells, flash->size, done);
}

void
flash_f4_erase_all(struct flash_f4 *flash)
{
	mass_erase_finish(flash, CELLS_WHOLE);
}

/* RM0090 Rev 21, 3.7.4: WRPERR when "the Sector Number SNB field is not valid". */
static void
sector_erase_start(struct flash_f4 *flash)
{
	unsigned sector = (flash->cr & FLASH_CR_SNB) >> FLASH_CR_SNB_SHIFT;
	unsigned choice = psize(flash);

	flash->operation_at = sector_at(sector);
	if (sector >= sectors(flash) || !may_write(flash, flash->operation_at)) {
		flash_f4_error(flash, FLASH_SR_WRPERR);
		return;
	}
	array_start(flash, OPERATION_SECTOR,
		    sector < SMALL_SECTORS ? parallelisms[choice].small_ns
					   : parallelisms[choice].large_ns);
}

/* 3.6.4: one protected sector is enough to refuse. */
static void
mass_erase_start(struct flash_f4 *flash)
{
	for (unsigned sector = 0; sector < sectors(flash); sector++) {
		if (may_write(flash, sector_at(sector)))
			continue;
		flash_f4_error(flash, FLASH_SR_WRPERR);
		return;
	}
	array_start(flash, OPERATION_MASS, parallelisms[psize(flash)].mass_ns);
}

/* RM0090 Rev 21: with both SER and MER "mass erase is performed" (3.6.3, note), and "the
 * WRPERR bit is set" (3.7.4): both, then. With neither "an unpredictable behavior may occur";
 * here nothing does. */
void
flash_f4_erase_start(struct flash_f4 *flash)
{
	uint32_t kind = flash->cr & (FLASH_CR_SER | FLASH_CR_MER);

	if (kind == FLASH_CR_SER)
		sector_erase_start(flash);
	else if (kind & FLASH_CR_MER)
		mass_erase_start(flash);
	if (kind == (FLASH_CR_SER | FLASH_CR_MER))
		flash_f4_error(flash, FLASH_SR_WRPERR);
	if (flash->sr & FLASH_SR_BSY)
		flash->cr |= FLASH_CR_STRT;
}

/* Too little supply for PSIZE does half of it (3.5.2: "unpredicted results"): assumption. */
void
flash_f4_array_finish(struct flash_f4 *flash, unsigned done)
{
	if (flash->is_weak)
		done /= 2;
	switch (flash->operation) {
	case OPERATION_PROGRAM:
		program_finish(flash, done);
		break;
	case OPERATION_SECTOR:
		sector_erase_finish(flash, done);
		break;
	case OPERATION_MASS:
		mass_erase_finish(flash, done);
		break;
	case OPERATION_NONE:
	case OPERATION_OPTIONS:
		break;
	}
}
