/* SPDX-License-Identifier: MIT */
/*
 * What every part of the STM32H7's flash controller does to its status: the bank that a set
 * of registers shows, flags, the interrupt line, the time of the next event (RM0433 Rev 8,
 * 4.3.13 and 4.9.5).
 */
#include "test/emulator/soc/flash/h7_internal.h"

#include "test/emulator/soc/soc_internal.h"

/* 4.3.13: swapping exchanges the sets of registers together with the banks. */
struct flash_h7_bank *
flash_h7_bank_shown(struct flash_h7 *flash, unsigned place)
{
	if (place >= flash->layout->banks)
		return NULL;
	return &flash->banks[flash->is_swapped ? !place : place];
}

void
flash_h7_interrupt_line(struct flash_h7 *flash)
{
	bool level =
		flash->option_change_failed && flash->optcr & FLASH_OPTCR_OPTCHANGEERRIE;

	for (unsigned i = 0; i < flash_h7_banks(flash); i++)
		level |= (flash->banks[i].sr & flash->banks[i].cr & FLASH_SR_FLAGS) != 0;
	soc_irq(flash->base.soc, flash->base.place->irq, level);
}

void
flash_h7_flag(struct flash_h7 *flash, struct flash_h7_bank *bank, uint32_t flag)
{
	bank->sr |= flag;
	flash_h7_interrupt_line(flash);
}

void
flash_h7_due_set(struct flash_h7 *flash)
{
	uint64_t due = flash->show_is_due ? 0 : flash->options_due_ns;

	for (unsigned i = 0; i < flash_h7_banks(flash); i++)
		if (flash->banks[i].due_ns < due)
			due = flash->banks[i].due_ns;
	flash->base.due_ns = due;
	soc_wake(flash->base.soc);
}

unsigned
flash_h7_rdp(const struct flash_h7 *flash)
{
	enum { RDP_SHIFT = 8 };

	return (flash->loaded[H7_OPTSR] & FLASH_OPTSR_RDP) >> RDP_SHIFT;
}
