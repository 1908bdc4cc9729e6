/* SPDX-License-Identifier: MIT */
/*
 * What every part of the STM32U5's flash controller does to its status: flags, the interrupt
 * line, the begin of an operation (RM0456 Rev 4, 7.3 and 7.9.7).
 */
#include "test/emulator/soc/flash/u5_internal.h"

#include "test/emulator/soc/soc_internal.h"

void
flash_u5_interrupt_line(struct flash_u5 *flash)
{
	bool level = (flash->sr & FLASH_NSSR_EOP && flash->cr & FLASH_NSCR_EOPIE) ||
		     (flash->sr & FLASH_NSSR_OPERR && flash->cr & FLASH_NSCR_ERRIE);

	soc_irq(flash->base.soc, flash->base.place->irq, level);
}

/* 7.9.7: OPERR joins a flag only when the error interrupt is enabled. */
void
flash_u5_error(struct flash_u5 *flash, uint32_t flag)
{
	flash->sr |= flag;
	if (flash->cr & FLASH_NSCR_ERRIE)
		flash->sr |= FLASH_NSSR_OPERR;
	flash_u5_interrupt_line(flash);
}

bool
flash_u5_is_clean(struct flash_u5 *flash)
{
	if (!(flash->sr & FLASH_NSSR_PROGRAM_ERRORS))
		return true;
	flash_u5_error(flash, FLASH_NSSR_PGSERR);
	return false;
}

/* A store that stalled comes when the engine runs it, which is before the end that it
 * waited for; what it starts begins at that end. A bank that is used wakes up. */
void
flash_u5_start(struct flash_u5 *flash, enum flash_u5_operation operation, unsigned banks,
	       uint64_t ns)
{
	uint64_t now = soc_time(flash->base.soc);

	for (unsigned i = 0; i < FLASH_BANKS; i++)
		if (banks >> i & 1)
			flash->is_down[i] = false;
	flash->operation = operation;
	flash->busy_banks = banks;
	flash->began_ns = flash->free_ns > now ? flash->free_ns : now;
	flash->base.due_ns = flash->began_ns + ns;
	soc_wake(flash->base.soc);
}
