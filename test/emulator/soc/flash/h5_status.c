/* SPDX-License-Identifier: MIT */
/*
 * What every part of the STM32H5's flash controller does to its status: flags, the interrupt line,
 * the begin of an operation (RM0481, FLASH_NSSR and FLASH_NSCR).
 */
#include "test/emulator/soc/flash/h5_internal.h"

#include "test/emulator/soc/soc_internal.h"

/* Each flag has its enable bit at the same place of FLASH_NSCR. */
void
flash_h5_interrupt_line(struct flash_h5 *flash)
{
	soc_irq(flash->base.soc, flash->base.place->irq,
		(flash->sr & flash->cr & FLASH_SR_FLAGS) != 0);
}

void
flash_h5_flag(struct flash_h5 *flash, uint32_t flag)
{
	flash->sr |= flag;
	flash_h5_interrupt_line(flash);
}

/* A store that stalled comes when the engine runs it, which is before the end that it waited for;
 * what it starts begins at that end. */
void
flash_h5_start(struct flash_h5 *flash, enum flash_h5_operation operation, unsigned banks,
	       uint64_t ns)
{
	uint64_t now = soc_time(flash->base.soc);

	flash->operation = operation;
	flash->busy_banks = banks;
	flash->began_ns = flash->free_ns > now ? flash->free_ns : now;
	flash->base.due_ns = flash->began_ns + ns;
	soc_wake(flash->base.soc);
}
