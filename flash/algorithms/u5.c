/* SPDX-License-Identifier: MIT */
/*
 * u5.c - programs the flash of STM32U5 by its registers for non-secure accesses: RM0456 Rev 6,
 * chapter 7.
 */
#include "flash/algorithms/controller.h"

/* Chapter 9. It holds what the core reads of flash, data as well. */
#define ICACHE_CR          word_at(0x40030400u)
#define ICACHE_CR_EN       (1u << 0)
#define ICACHE_CR_CACHEINV (1u << 1)
#define ICACHE_SR_AT       0x40030404u
#define ICACHE_SR_BUSYF    (1u << 0)

static void
controller_prepare(const struct parameters *chip)
{
	(void)chip;
}

static void
controller_leave(const struct parameters *chip, uint32_t at, uint32_t size)
{
	(void)at, (void)size;
	if ((*ICACHE_CR & ICACHE_CR_EN) == 0)
		return;
	*ICACHE_CR |= ICACHE_CR_CACHEINV;
	wait_until(chip, ICACHE_SR_AT, ICACHE_SR_BUSYF, 0);
}
