/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/f1.h"

#include <string.h>

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

enum {
	ACR = 0x00,
	KEYR = 0x04,
	OPTKEYR = 0x08,
	SR = 0x0C,
	CR = 0x10,
	AR = 0x14,
	OBR = 0x1C,
	WRPR = 0x20
};

#define MAIN_AT           UINT32_C(0x08000000)
#define ACR_RESET         UINT32_C(0x30) /* 3.1: the prefetch buffer is on */
#define SR_WRITE_1_CLEARS (FLASH_SR_PGERR | FLASH_SR_WRPRTERR | FLASH_SR_EOP)
/* Bits that hold what is written; the others start something or are locks. */
#define CR_PLAIN                                                                       \
	(FLASH_CR_PG | FLASH_CR_PER | FLASH_CR_MER | FLASH_CR_OPTPG | FLASH_CR_OPTER | \
	 FLASH_CR_ERRIE | FLASH_CR_EOPIE)

/* Of a bit in FLASH_WRPR: four pages of the F1 (2.4.2, medium density), two of the F3. */
#define WRP_SIZE KIB(4)
enum { HALFWORD = 2 };

/* DS9118, "Flash memory characteristics" of the STM32F303xB/C; RM0316 4.2 and 4.5. Its
 * boot loader has 8 KiB (3.5). */
const struct flash_f1_kind flash_f1 = {
	.information_at = 0x1FFFF000,
	.flash_size_at = 0x1FFFF7E0,
	.uid_at = 0x1FFFF7E8,
	.page_size = KIB(1),
	.acr_writable = 0x1F,
	.program_ns = F1_FLASH_PROGRAM_NS,
	.page_ns = F1_FLASH_ERASE_PAGE_NS,
	.mass_ns = F1_FLASH_ERASE_MASS_NS,
	.user_shift = 2,
	.data_shift = 10,
	.levels = 2,
	.rdp = { [LEVEL_0] = 0xA5, [LEVEL_1] = 0x00 },
	.rdprt = { [LEVEL_0] = 0, [LEVEL_1] = 1 },
	.mass_erases_protected = true,
	.intruder_flag = FLASH_SR_WRPRTERR, /* 2.4.1: "write-protected" */
	.first_protected = KIB(4),
	.loads_at_reset = true,
};
const struct flash_f1_kind flash_f3 = {
	.information_at = 0x1FFFD800,
	.flash_size_at = 0x1FFFF7CC,
	.uid_at = 0x1FFFF7AC,
	.page_size = KIB(2),
	.acr_writable = 0x1F,
	.program_ns = F3_FLASH_PROGRAM_NS,
	.page_ns = F3_FLASH_ERASE_PAGE_NS,
	.mass_ns = F3_FLASH_ERASE_MASS_NS,
	.user_shift = 8,
	.data_shift = 16,
	.levels = 3,
	.rdp = { [LEVEL_0] = 0xAA, [LEVEL_1] = 0x55, [LEVEL_2] = 0xCC },
	.rdprt = { [LEVEL_0] = 0, [LEVEL_1] = 1, [LEVEL_2] = 3 },
	.mass_erases_protected = false,
	.intruder_flag = FLASH_SR_PGERR, /* RM0364 Rev 4, 3.3.1; RM0316 4.3.1 */
	.loads_at_reset = false,
};

static struct flash_f1 *
flash_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct flash_f1, base);
}

static const struct flash_f1 *
const_flash_of(const struct peripheral *peripheral)
{
	return CONST_CONTAINER_OF(peripheral, struct flash_f1, base);
}

/* The cells exist before the peripherals; the first reset makes the chip as it leaves
 * the factory. */
static void
cells_find(struct flash_f1 *flash)
{
	const struct soc *soc = flash->base.soc;

	if (flash->cells)
		return;
	flash->cells = soc->memories[soc->chip->flash_memory];
	flash->size = soc->chip->memories[soc->chip->flash_memory].size;
	flash_f1_factory(flash);
}

static uint32_t
page_size(const struct flash_f1 *flash)
{
	return flash_f1_kind(flash)->page_size;
}

static void
flash_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct flash_f1 *flash = flash_of(peripheral);

	cells_find(flash);
	flash->acr = ACR_RESET;
	flash->cr = FLASH_CR_LOCK;
	flash->sr = flash->ar = 0;
	flash->lock = flash->option_lock = LOCK_CLOSED;
	if (depth == RESET_ALL || flash_f1_kind(flash)->loads_at_reset)
		flash_f1_options_load(peripheral);
}

/* --- operations -------------------------------------------------------------------- */

static void
interrupt_line(struct flash_f1 *flash)
{
	bool ended = flash->sr & FLASH_SR_EOP && flash->cr & FLASH_CR_EOPIE;
	bool failed = flash->sr & (FLASH_SR_PGERR | FLASH_SR_WRPRTERR) &&
		      flash->cr & FLASH_CR_ERRIE;

	soc_irq(flash->base.soc, flash->base.place->irq, ended || failed);
}

void
flash_f1_error(struct flash_f1 *flash, uint32_t flag)
{
	flash->sr |= flag;
	interrupt_line(flash);
}

void
flash_f1_start(struct flash_f1 *flash, enum flash_f1_operation operation, uint64_t ns)
{
	flash->operation = operation;
	flash->operation_ns = ns;
	flash->sr |= FLASH_SR_BSY;
	flash->began_ns = soc_time(flash->base.soc);
	flash->base.due_ns = flash->began_ns + ns;
	soc_wake(flash->base.soc);
}

static void
mass_erase_finish(struct flash_f1 *flash, unsigned done)
{
	struct soc *soc = flash->base.soc;

	for (uint32_t at = 0; at < flash->size; at += page_size(flash))
		cells_count_mass_erase(soc, 0, MAIN_AT + at, page_size(flash));
	cells_erase(soc, flash->cells, flash->size, done);
}

void
flash_f1_erase_all(struct flash_f1 *flash)
{
	mass_erase_finish(flash, CELLS_WHOLE);
}

static void
page_erase_finish(struct flash_f1 *flash, unsigned done)
{
	struct soc *soc = flash->base.soc;
	uint8_t *cells = flash->cells + (flash->operation_at - MAIN_AT);

	cells_count_erase(soc, 0, flash->operation_at, cells, page_size(flash));
	cells_erase(soc, cells, page_size(flash), done);
}

static void
program_finish(struct flash_f1 *flash, unsigned done)
{
	struct soc *soc = flash->base.soc;
	struct stats *stats = soc->stats;
	uint8_t *cells = flash->cells + (flash->operation_at - MAIN_AT);
	uint8_t wanted[HALFWORD];

	memcpy(wanted, &flash->halfword, sizeof(wanted));
	cells_count_program(soc, 0, cells, HALFWORD);
	cells_program(soc, cells, wanted, HALFWORD, done);
	stats->flash_programs++;
	if (flash->operation_at % sizeof(uint32_t)) /* two of them make a word */
		stats->flash_words_programmed++;
}

static void
operation_finish(struct flash_f1 *flash, unsigned done)
{
	switch (flash->operation) {
	case OPERATION_PROGRAM:
		program_finish(flash, done);
		break;
	case OPERATION_PAGE:
		page_erase_finish(flash, done);
		break;
	case OPERATION_MASS:
		mass_erase_finish(flash, done);
		break;
	case OPERATION_OPTION_PROGRAM:
	case OPERATION_OPTION_ERASE:
		if (done == CELLS_WHOLE)
			flash_f1_options_finish(flash);
		break;
	case OPERATION_NONE:
		break;
	}
}

static void
flash_over(struct flash_f1 *flash)
{
	flash->operation = OPERATION_NONE;
	flash->sr &= ~FLASH_SR_BSY;
	flash->cr &= ~FLASH_CR_STRT;
	flash->base.due_ns = NEVER;
}

/* Chapter 2: "the internal RC oscillator (HSI) must be ON" to program and erase. What
 * happens without it the manual does not say; here nothing goes on until it runs. */
static bool
has_its_clock(const struct flash_f1 *flash)
{
	const struct peripheral *clock = flash->base.soc->clock;

	return !clock || clock->type->clock->hsi_is_ready(clock);
}

static void
flash_due(struct peripheral *peripheral)
{
	struct flash_f1 *flash = flash_of(peripheral);

	if (!has_its_clock(flash)) {
		peripheral->due_ns = soc_time(peripheral->soc) + flash->operation_ns;
		return;
	}
	operation_finish(flash, CELLS_WHOLE);
	flash_over(flash);
	flash->sr |= FLASH_SR_EOP;
	interrupt_line(flash);
}

/* A reset in the middle: the manual warns and does not say what is left; see cells.h. Options
 * stay as they were: assumption. */
static void
flash_interrupt(struct peripheral *peripheral)
{
	struct flash_f1 *flash = flash_of(peripheral);

	if (flash->operation != OPERATION_NONE)
		operation_finish(flash, cells_progress(flash->began_ns, peripheral->due_ns,
						       soc_time(peripheral->soc)));
	flash_over(flash);
}

/* --- protection ---------------------------------------------------------------------- */

/* Which flag programming or erasing there deserves, 0: none. 2.4.1: under RDP all is
 * protected from a debugger, and the F1's first pages from everybody. */
static uint32_t
protection_error(const struct flash_f1 *flash, uint32_t offset)
{
	const struct flash_f1_kind *kind = flash_f1_kind(flash);

	if (soc_is_intruded(flash->base.soc))
		return kind->intruder_flag;
	if (flash->level == LEVEL_1 && offset < kind->first_protected)
		return FLASH_SR_WRPRTERR;
	return flash->wrpr >> (offset / WRP_SIZE) & 1 ? 0 : FLASH_SR_WRPRTERR;
}

/* --- programming and erasing ----------------------------------------------------------- */

/* 2.3.3: a halfword that is not erased is left, but for being set to 0. */
static void
program_start(struct flash_f1 *flash, uint32_t at, uint16_t value)
{
	uint32_t error = protection_error(flash, at - MAIN_AT);
	uint16_t old;

	memcpy(&old, flash->cells + (at - MAIN_AT), sizeof(old));
	if (error) {
		flash_f1_error(flash, error);
		return;
	}
	if (old != FLASH_BLANK && value) {
		flash_f1_error(flash, FLASH_SR_PGERR);
		return;
	}
	flash->operation_at = at;
	flash->halfword = value;
	flash_f1_start(flash, OPERATION_PROGRAM, flash_f1_kind(flash)->program_ns);
}

/* 2.3.3: what is not a halfword is a bus error. That a store without PG is lost without a
 * flag: assumption. */
static enum bus_result
flash_store(struct peripheral *peripheral, uint32_t at, unsigned size, uint32_t value)
{
	struct flash_f1 *flash = flash_of(peripheral);
	bool is_main = at - MAIN_AT < flash->size;

	if (!is_main && !flash_f1_is_option(at))
		return BUS_FAULT; /* system memory, ids */
	if (flash->sr & FLASH_SR_BSY)
		return BUS_WAIT;
	if (size != HALFWORD)
		return BUS_FAULT;
	if (!is_main)
		return flash_f1_option_store(flash, at, (uint16_t)value);
	if (flash->cr & FLASH_CR_PG && !(flash->cr & FLASH_CR_LOCK))
		program_start(flash, at, (uint16_t)value);
	return BUS_OK;
}

/* 2.3.4, page erase: FLASH_AR is any address of the page. An address outside of the flash
 * erases nothing: assumption. */
static void
page_erase_start(struct flash_f1 *flash)
{
	uint32_t offset = (flash->ar - MAIN_AT) / page_size(flash) * page_size(flash);

	if (offset >= flash->size)
		return;
	if (protection_error(flash, offset)) {
		flash_f1_error(flash, protection_error(flash, offset));
		return;
	}
	flash->operation_at = MAIN_AT + offset;
	flash_f1_start(flash, OPERATION_PAGE, flash_f1_kind(flash)->page_ns);
}

/* 2.4.1: read protection lets a mass erase through. That one page of WRPR is enough to
 * refuse it: assumption, after what 2.4.2 says of erase operations. */
static void
mass_erase_start(struct flash_f1 *flash)
{
	const struct flash_f1_kind *kind = flash_f1_kind(flash);
	bool is_intruded = soc_is_intruded(flash->base.soc) && !kind->mass_erases_protected;

	if (is_intruded)
		flash_f1_error(flash, kind->intruder_flag);
	else if (flash->wrpr != UINT32_MAX)
		flash_f1_error(flash, FLASH_SR_WRPRTERR);
	else
		flash_f1_start(flash, OPERATION_MASS, kind->mass_ns);
}

/* STRT with none or several of its kinds does nothing: assumption. */
static void
erase_start(struct flash_f1 *flash)
{
	switch (flash->cr & (FLASH_CR_PER | FLASH_CR_MER | FLASH_CR_OPTER)) {
	case FLASH_CR_PER:
		page_erase_start(flash);
		break;
	case FLASH_CR_MER:
		mass_erase_start(flash);
		break;
	case FLASH_CR_OPTER:
		flash_f1_option_erase_start(flash);
		break;
	default:
		break;
	}
	if (flash->sr & FLASH_SR_BSY)
		flash->cr |= FLASH_CR_STRT;
}

/* --- registers ------------------------------------------------------------------------- */

/* Keys sent to an open lock do no harm: OpenOCD's stm32f1x.c sends them once for erasing
 * the option bytes and again for programming them, and works on real parts. */
static enum bus_result
control_key(struct flash_f1 *flash, uint32_t value)
{
	enum bus_result result;

	if (flash->lock == LOCK_OPEN)
		return BUS_OK;
	result = flash_key_take(&flash->lock, flash_control_keys, value);
	if (flash->lock == LOCK_OPEN)
		flash->cr &= ~FLASH_CR_LOCK;
	return result;
}

/* 2.3.5: the same keys, after the controller itself was unlocked. Before that they are
 * lost: assumption. */
static enum bus_result
option_key(struct flash_f1 *flash, uint32_t value)
{
	enum bus_result result;

	if (flash->cr & (FLASH_CR_LOCK | FLASH_CR_OPTWRE))
		return BUS_OK;
	result = flash_key_take(&flash->option_lock, flash_control_keys, value);
	if (flash->option_lock == LOCK_OPEN)
		flash->cr |= FLASH_CR_OPTWRE;
	return result;
}

/* 3.5: OPTWRE can only be cleared, LOCK only be set. */
static void
control_write(struct flash_f1 *flash, uint32_t value, uint32_t lanes)
{
	if (flash->cr & FLASH_CR_LOCK)
		return;
	flash->cr = reg_merge(flash->cr, value, lanes & CR_PLAIN);
	if (lanes & ~value & FLASH_CR_OPTWRE) {
		flash->cr &= ~FLASH_CR_OPTWRE;
		flash->option_lock = LOCK_CLOSED;
	}
	if (lanes & value & FLASH_CR_STRT)
		erase_start(flash);
	if (lanes & value & FLASH_CR_OBL_LAUNCH && !flash_f1_kind(flash)->loads_at_reset)
		soc_ask_reset(flash->base.soc, RESET_BY_OPTION_BYTES);
	if (lanes & value & FLASH_CR_LOCK) {
		flash->cr |= FLASH_CR_LOCK;
		flash->lock = LOCK_CLOSED;
	}
	interrupt_line(flash);
}

/* 2.3.3, note: while BSY is set the registers cannot be written. */
static enum bus_result
flash_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct flash_f1 *flash = flash_of(peripheral);

	if (flash->sr & FLASH_SR_BSY)
		return BUS_OK;
	if (at == KEYR)
		return control_key(flash, value);
	if (at == OPTKEYR)
		return option_key(flash, value);
	if (at == ACR)
		flash->acr = reg_merge(flash->acr, value,
				       lanes & flash_f1_kind(flash)->acr_writable);
	else if (at == SR)
		flash->sr &= ~(value & lanes & SR_WRITE_1_CLEARS);
	else if (at == CR)
		control_write(flash, value, lanes);
	else if (at == AR)
		flash->ar = reg_merge(flash->ar, value, lanes);
	interrupt_line(flash);
	return BUS_OK;
}

/* Key registers and FLASH_AR are write-only (3.2, 3.3, 3.6). */
static enum bus_result
flash_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct flash_f1 *flash = flash_of(peripheral);

	*value = at == ACR    ? flash->acr
		 : at == SR   ? flash->sr
		 : at == CR   ? flash->cr
		 : at == OBR  ? flash->obr
		 : at == WRPR ? flash->wrpr
			      : 0;
	return BUS_OK;
}

/* --- roles ------------------------------------------------------------------------------- */

/* 2.3.3: while BSY is set a read of the flash stalls the bus. */
static uint64_t
flash_held_until(const struct peripheral *peripheral, uint32_t at)
{
	const struct flash_f1 *flash = const_flash_of(peripheral);

	(void)at; /* one bank, and the information block belongs to it */
	return flash->operation == OPERATION_NONE ? 0 : peripheral->due_ns;
}

/* PM0075 2.4.1: no read access "except for the user code, with the debug mode not active".
 * That an F1's fetches go on meanwhile, and only its data reads fail (M. Schink,
 * J. Obermaier, "Exception(al) Failure", 2020), is left out. */
static bool
flash_is_level_1(const struct peripheral *peripheral)
{
	const struct flash_f1 *flash = const_flash_of(peripheral);

	return flash->level == LEVEL_1;
}

static bool
flash_debug_is_closed(const struct peripheral *peripheral)
{
	return const_flash_of(peripheral)->level == LEVEL_2; /* the F3 has it */
}

static bool
flash_starts_watchdog(const struct peripheral *peripheral)
{
	return !(const_flash_of(peripheral)->user & USER_WDG_SW);
}

static const struct flash_role flash_role = {
	.store = flash_store,
	.held_until = flash_held_until,
	.is_level_1 = flash_is_level_1,
	.load_options = flash_f1_options_load,
	.interrupt = flash_interrupt,
	.debug_is_closed = flash_debug_is_closed,
	.starts_watchdog = flash_starts_watchdog,
	.preset = flash_f1_preset,
};

/* RM0008 Rev 21, 3.4. The BOOT1 pin is low: assumption. In the F3 SYSCFG does this. */
static void
flash_boot(struct peripheral *peripheral)
{
	uint32_t system_at = flash_f1_kind(flash_of(peripheral))->information_at;

	windows_show_at_zero(peripheral->soc,
			     peripheral->soc->boot0_is_high ? system_at : MAIN_AT);
}

static const struct boot_role boot_role = { .boot = flash_boot };

const struct peripheral_type flash_f1_type = {
	.name = "FLASH (F1)",
	.size = sizeof(struct flash_f1),
	.read = flash_read,
	.write = flash_write,
	.is_steady = true,
	.reset = flash_reset,
	.due = flash_due,
	.flash = &flash_role,
	.boot = &boot_role,
};

const struct peripheral_type flash_f3_type = {
	.name = "FLASH (F3)",
	.size = sizeof(struct flash_f1),
	.read = flash_read,
	.write = flash_write,
	.is_steady = true,
	.reset = flash_reset,
	.due = flash_due,
	.flash = &flash_role,
};
