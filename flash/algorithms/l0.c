/* SPDX-License-Identifier: MIT */
/*
 * l0.c - programs the flash of STM32L0 and L1: ST's HAL (stm32l0xx_hal_flash_ramfunc,
 * stm32l1xx_hal_flash_ramfunc); RM0377 and RM0367, 3.3.
 *
 * FLASH_CR is FLASH_PECR: a store to flash programs a word, or with FPRG (`burst_bits`) the half page
 * of which it is the first. While half a page is programmed nothing may read flash: this runs in RAM,
 * with interrupts off.
 */
#define CONTROLLER_IS_OF_L0
#include "flash/algorithms/controller.h"

static void
controller_prepare(const struct parameters *chip)
{
	(void)chip;
}

/* There are no caches. */
static void
controller_leave(const struct parameters *chip, uint32_t at, uint32_t size)
{
	(void)chip, (void)at, (void)size;
}

/* PELOCK hides PRGLOCK. Keys for what is open already lock it until the next reset. */
static void
controller_give_keys(const struct parameters *chip)
{
	if (*word_at(chip->cr) & chip->lock & ~chip->second_lock) {
		*word_at(chip->keyr) = chip->keys[0];
		*word_at(chip->keyr) = chip->keys[1];
	}
	if (*word_at(chip->cr) & chip->second_lock) {
		*word_at(chip->second_keyr) = chip->second_keys[0];
		*word_at(chip->second_keyr) = chip->second_keys[1];
	}
}

/* A store to FLASH_PECR while it is locked is a bus error. */
static inline void
controller_shut(const struct parameters *chip)
{
	if ((*word_at(chip->cr) & chip->lock & ~chip->second_lock) == 0)
		*word_at(chip->cr) = chip->lock;
}

/* A store of 0 to the first word of a page erases it. */
static inline void
controller_start_erase(const struct parameters *chip, uint32_t at, uint32_t number)
{
	(void)number;
	*word_at(chip->cr) = chip->erase;
	*word_at(at) = 0;
	__sync_synchronize();
}
