/* SPDX-License-Identifier: MIT */
/*
 * What every part of the controller of STM32L4, G4 and G0 does to its status: flags, the
 * interrupt line, the begin of an operation (RM0440 Rev 8, 3.3 and 3.7.5).
 */
#include "test/emulator/soc/flash/l4g4.h"

#include "test/emulator/soc/soc_internal.h"

const struct flash_l4g4_kind *
flash_l4g4_kind(const struct flash_l4g4 *flash)
{
	return flash->base.place->parameters;
}

/*
 * RM0444 3.7.4, CFGBSY: from the first word of a double word until the second came and the
 * operation is over, also when the flash is locked or refuses for another reason. That what is
 * refused counts by its bytes, wherever they were to go, is an assumption.
 */
void
flash_l4g4_settle(struct flash_l4g4 *flash)
{
	bool is_busy = flash->words_len || flash->stray || flash->sr & FLASH_SR_BSY;

	flash->sr &= ~FLASH_SR_CFGBSY;
	if (is_busy && flash_l4g4_kind(flash)->has_cfgbsy)
		flash->sr |= FLASH_SR_CFGBSY;
}

void
flash_l4g4_interrupt(struct flash_l4g4 *flash)
{
	bool level = (flash->sr & FLASH_SR_EOP && flash->cr & FLASH_CR_EOPIE) ||
		     (flash->sr & FLASH_SR_OPERR && flash->cr & FLASH_CR_ERRIE) ||
		     (flash->sr & FLASH_SR_RDERR && flash->cr & FLASH_CR_RDERRIE);

	soc_irq(flash->base.soc, flash->base.place->irq, level);
}

/* 3.7.5: OPERR joins a flag only when the error interrupt is enabled. */
void
flash_l4g4_error(struct flash_l4g4 *flash, uint32_t flag)
{
	flash->sr |= flag;
	if (flash->cr & FLASH_CR_ERRIE)
		flash->sr |= FLASH_SR_OPERR;
	flash_l4g4_interrupt(flash);
}

bool
flash_l4g4_is_clean(struct flash_l4g4 *flash)
{
	if (!(flash->sr & FLASH_SR_PROGRAM_ERRORS))
		return true;
	flash_l4g4_error(flash, FLASH_SR_PGSERR);
	return false;
}

void
flash_l4g4_start(struct flash_l4g4 *flash, enum flash_operation operation, unsigned banks,
		 uint64_t ns)
{
	flash->operation = operation;
	flash->busy_banks = banks;
	flash->sr |= FLASH_SR_BSY;
	flash_l4g4_settle(flash);
	flash->began_ns = soc_time(flash->base.soc);
	flash->base.due_ns = flash->began_ns + ns;
	soc_wake(flash->base.soc);
}
