/* SPDX-License-Identifier: MIT */
/*
 * f1.c - programs the flash of STM32F1: PM0075 Rev 2 (XL density: PM0068 Rev 2).
 */
#include "flash/algorithms/controller.h"

/* PM0075 3: registers. Those of an XL-density part's second bank follow in the same order
 * (PM0068 3). */
#define FLASH_AR(chip) word_at((chip)->registers + 0x14)

/* 3.5 */
#define FLASH_CR_PER  (1u << 1)
#define FLASH_CR_STRT (1u << 6)

/* RM0008 Rev 21, 7.3.1: RCC_CR, which is `clock`. */
#define RCC_CR_HSION  (1u << 0)
#define RCC_CR_HSIRDY (1u << 1)

/* The controller is clocked by the HSI, which the program may have switched off
 * (PM0075 Rev 2, chapter 2). */
static void
controller_prepare(const struct parameters *chip)
{
	*word_at(chip->clock) |= RCC_CR_HSION;
	wait_until(chip, chip->clock, RCC_CR_HSIRDY, RCC_CR_HSIRDY);
}

/* 2.3.4 */
static void
controller_start_erase(const struct parameters *chip, uint32_t at, uint32_t number)
{
	(void)number;
	*word_at(chip->cr) = FLASH_CR_PER;
	*FLASH_AR(chip) = at;
	*word_at(chip->cr) = FLASH_CR_PER | FLASH_CR_STRT;
	/* BSY is set a cycle after STRT, as embassy-stm32 found (flash/f1f3.rs). */
	(void)*word_at(chip->cr);
}

static void
controller_leave(const struct parameters *chip)
{
	(void)chip;
}
