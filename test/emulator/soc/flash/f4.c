/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/f4.h"

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

enum { ACR = 0x00, KEYR = 0x04, OPTKEYR = 0x08, SR = 0x0C, CR = 0x10, OPTCR = 0x14 };

#define ACR_WRITABLE UINT32_C(0x1F0F)
/* Bits of FLASH_CR that hold what is written; the others start something or lock. */
#define CR_PLAIN                                                                     \
	(FLASH_CR_PG | FLASH_CR_SER | FLASH_CR_MER | FLASH_CR_SNB | FLASH_CR_PSIZE | \
	 FLASH_CR_EOPIE | FLASH_CR_ERRIE)

/* 3.6.2 */
static const uint32_t option_keys[2] = { 0x08192A3B, 0x4C5D6E7F };

/* The cells exist before the peripherals; the first reset makes the chip as it leaves
 * the factory. */
static void
cells_find(struct flash_f4 *flash)
{
	const struct soc *soc = flash->base.soc;

	if (flash->cells)
		return;
	flash->cells = soc->memories[soc->chip->flash_memory];
	flash->size = soc->chip->memories[soc->chip->flash_memory].size;
	flash_f4_factory(flash);
}

/* 3.6.1: the options are loaded with every reset. That those written since take effect no
 * sooner is what OpenOCD's stm32f2x.c tells its users. */
static void
flash_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct flash_f4 *flash = flash_f4_of(peripheral);

	cells_find(flash);
	flash->acr = flash->sr = 0;
	flash->cr = FLASH_CR_LOCK;
	flash->lock = flash->option_lock = LOCK_CLOSED;
	(void)depth;
	flash_f4_options_load(peripheral);
	windows_show(flash->base.soc, FLASH_MAIN_AT, flash->size, flash->cells, CPU_FLASH);
}

/* --- operations ---------------------------------------------------------------------- */

/* 3.5.6: the end, and an error, raise an interrupt. */
static void
interrupt_line(struct flash_f4 *flash)
{
	bool active = flash->sr & (FLASH_SR_EOP | FLASH_SR_OPERR);

	soc_irq(flash->base.soc, flash->base.place->irq, active);
}

/* 3.8.4, OPERR: only where ERRIE is set. The flags stay until 1 is written to them; that
 * they do not stop the next operation: assumption, the manual does not say that they do. */
void
flash_f4_error(struct flash_f4 *flash, uint32_t flag)
{
	flash->sr |= flag;
	if (flash->cr & FLASH_CR_ERRIE)
		flash->sr |= FLASH_SR_OPERR;
	interrupt_line(flash);
}

void
flash_f4_start(struct flash_f4 *flash, enum flash_f4_operation operation, uint64_t ns)
{
	flash->operation = operation;
	flash->sr |= FLASH_SR_BSY;
	flash->began_ns = soc_time(flash->base.soc);
	flash->base.due_ns = flash->began_ns + ns;
	soc_wake(flash->base.soc);
}

static void
flash_over(struct flash_f4 *flash)
{
	flash->operation = OPERATION_NONE;
	flash->sr &= ~FLASH_SR_BSY;
	flash->cr &= ~FLASH_CR_STRT;
	flash->optcr &= ~FLASH_OPTCR_OPTSTRT;
	flash->base.due_ns = NEVER;
}

/* 3.8.4, EOP: only where EOPIE is set. */
static void
flash_due(struct peripheral *peripheral)
{
	struct flash_f4 *flash = flash_f4_of(peripheral);

	if (flash->operation == OPERATION_OPTIONS)
		flash_f4_options_finish(flash);
	else
		flash_f4_array_finish(flash, CELLS_WHOLE);
	flash_over(flash);
	if (flash->cr & FLASH_CR_EOPIE)
		flash->sr |= FLASH_SR_EOP;
	interrupt_line(flash);
}

static void
flash_interrupt(struct peripheral *peripheral)
{
	struct flash_f4 *flash = flash_f4_of(peripheral);

	if (flash->operation == OPERATION_OPTIONS)
		flash_f4_options_cut(flash);
	else if (flash->operation != OPERATION_NONE)
		flash_f4_array_finish(flash,
				      cells_progress(flash->began_ns, peripheral->due_ns,
						     soc_time(peripheral->soc)));
	flash_over(flash);
}

/* --- registers ------------------------------------------------------------------------- */

/* Keys for an open lock do no harm: ST's own loaders for this family send them at each start
 * without a look at LOCK. Only a wrong one locks (RM0090 Rev 21, 3.6.1). */
static enum bus_result
control_key(struct flash_f4 *flash, uint32_t value)
{
	enum bus_result result;

	if (flash->lock == LOCK_OPEN)
		return BUS_OK;
	result = flash_key_take(&flash->lock, flash_control_keys, value);
	if (flash->lock == LOCK_OPEN)
		flash->cr &= ~FLASH_CR_LOCK;
	return result;
}

static void
control_write(struct flash_f4 *flash, uint32_t value, uint32_t lanes)
{
	if (flash->cr & FLASH_CR_LOCK)
		return;
	flash->cr = reg_merge(flash->cr, value, lanes & CR_PLAIN);
	if (lanes & value & FLASH_CR_STRT)
		flash_f4_erase_start(flash);
	if (lanes & value & FLASH_CR_LOCK) {
		flash->cr |= FLASH_CR_LOCK;
		flash->lock = LOCK_CLOSED;
	}
}

/* 3.5, note: writes to FLASH_CR stall the bus while BSY is set. That FLASH_OPTCR does the
 * same: assumption. */
static enum bus_result
flash_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct flash_f4 *flash = flash_f4_of(peripheral);

	if (at == KEYR)
		return control_key(flash, value);
	if (at == OPTKEYR && flash->option_lock == LOCK_OPEN)
		return BUS_OK;
	if (at == OPTKEYR)
		return flash_key_take(&flash->option_lock, option_keys, value);
	if ((at == CR || at == OPTCR) && flash->sr & FLASH_SR_BSY)
		return BUS_WAIT;
	if (at == ACR)
		flash->acr = reg_merge(flash->acr, value, lanes & ACR_WRITABLE);
	else if (at == SR)
		flash->sr &= ~(value & lanes &
			       (FLASH_SR_ERRORS | FLASH_SR_OPERR | FLASH_SR_EOP));
	else if (at == CR)
		control_write(flash, value, lanes);
	else if (at == OPTCR)
		flash_f4_optcr_write(flash, value, lanes);
	interrupt_line(flash);
	return BUS_OK;
}

static enum bus_result
flash_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct flash_f4 *flash = flash_f4_of(peripheral);

	*value = at == ACR     ? flash->acr
		 : at == SR    ? flash->sr
		 : at == CR    ? flash->cr
		 : at == OPTCR ? flash_f4_optcr_read(flash)
			       : 0;
	return BUS_OK;
}

/* --- roles ------------------------------------------------------------------------------- */

/* 3.5: a read while an operation goes on stalls the bus. */
static uint64_t
flash_held_until(const struct peripheral *peripheral, uint32_t at)
{
	(void)at; /* one bank, and the information block belongs to it */
	return const_flash_f4_of(peripheral)->operation == OPERATION_NONE
		       ? 0
		       : peripheral->due_ns;
}

/* RM0090 Rev 21, table 18: OTP is closed with the main memory. */
static bool
flash_is_readable(const struct peripheral *peripheral, uint32_t at)
{
	return !soc_is_intruded(peripheral->soc) || !flash_f4_is_otp(at);
}

/* 3.6.5: what is protected by PCROP gives RDERR to reads over the D-bus; that zeros are
 * read: assumption. The core's own reads are left out. */
static void
flash_was_read(struct peripheral *peripheral, uint32_t at, uint32_t *word)
{
	struct flash_f4 *flash = flash_f4_of(peripheral);
	uint32_t offset = at - FLASH_MAIN_AT;

	if (offset >= flash->size ||
	    !flash_f4_is_read_protected(flash, flash_f4_sector(offset)))
		return;
	*word = 0;
	flash_f4_error(flash, FLASH_SR_RDERR);
}

/* RM0090 Rev 21, 3.7.3. */
static bool
flash_is_level_1(const struct peripheral *peripheral)
{
	return flash_f4_level(const_flash_f4_of(peripheral)) == LEVEL_1;
}

static bool
flash_debug_is_closed(const struct peripheral *peripheral)
{
	return flash_f4_level(const_flash_f4_of(peripheral)) == LEVEL_2;
}

static bool
flash_starts_watchdog(const struct peripheral *peripheral)
{
	return !(const_flash_f4_of(peripheral)->in_force & FLASH_OPTCR_WDG_SW);
}

static const struct flash_role flash_role = {
	.store = flash_f4_store,
	.held_until = flash_held_until,
	.is_readable = flash_is_readable,
	.was_read = flash_was_read,
	.is_level_1 = flash_is_level_1,
	.load_options = flash_f4_options_load,
	.interrupt = flash_interrupt,
	.debug_is_closed = flash_debug_is_closed,
	.starts_watchdog = flash_starts_watchdog,
	.preset = flash_f4_preset,
};

const struct peripheral_type flash_f4_type = {
	.name = "FLASH (F4)",
	.size = sizeof(struct flash_f4),
	.read = flash_read,
	.write = flash_write,
	.is_steady = true,
	.reset = flash_reset,
	.due = flash_due,
	.flash = &flash_role,
};
