/* SPDX-License-Identifier: MIT */
/*
 * chip.h - what every algorithm of this folder does on the chip in the same way.
 */
#ifndef FLASH_ALGORITHMS_CHIP_H
#define FLASH_ALGORITHMS_CHIP_H

#include "flash/algorithms/status.h"

#include <stdbool.h>
#include <stdint.h>

/* RM0440 Rev 8, 3.3.5; PM0075 Rev 2, 2.3.1: the keys are the same everywhere. */
#define FLASH_KEY1 0x45670123u
#define FLASH_KEY2 0xcdef89abu

/* RM0440 Rev 8 and RM0008 Rev 21, IWDG_KR. Reloading a watchdog that was never
 * started does nothing; one that the option bytes started would reset the chip. */
#define IWDG_KR        0x40003000u
#define IWDG_KR_RELOAD 0xaaaau

static inline volatile uint32_t *
word_at(uint32_t at)
{
	return (volatile uint32_t *)at;
}

static inline void
watchdog_feed(void)
{
	*word_at(IWDG_KR) = IWDG_KR_RELOAD;
}

/* The server's time limit ends a wait that never ends. */
static inline void
wait_while(volatile uint32_t *reg, uint32_t bits)
{
	for (uint32_t spins = 0; *reg & bits; spins++)
		if (spins % SPINS_PER_FEED == 0)
			watchdog_feed();
}

static inline bool
is_blank(uint32_t at, uint32_t size)
{
	for (uint32_t end = at + size; at != end; at += sizeof(uint32_t))
		if (*word_at(at) != UINT32_MAX)
			return false;
	return true;
}

/* What was written to flash has arrived there before the controller is asked about it. */
static inline void
write_barrier(void)
{
	__sync_synchronize();
}

#endif /* FLASH_ALGORITHMS_CHIP_H */
