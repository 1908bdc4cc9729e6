/* SPDX-License-Identifier: MIT */
/*
 * f1.c - programs the flash of STM32F1: PM0075 Rev 2 (XL density: PM0068 Rev 2); and of F0 and F3,
 * which have its registers, and RCC_CR where F1 has it: RM0364 Rev 4, 3.5 and 7.4.1.
 */
#include "flash/algorithms/controller.h"

/* RM0008 Rev 21, 7.3.1: RCC_CR, which is `clock`. */
#define RCC_CR_HSION  (1u << 0)
#define RCC_CR_HSIRDY (1u << 1)

/* The controller is clocked by the HSI, which the program may have switched off
 * (PM0075 Rev 2, chapter 2; RM0364 Rev 4, 3.2.3). */
static void
controller_prepare(const struct parameters *chip)
{
	*word_at(chip->clock) |= RCC_CR_HSION;
	wait_until(chip, chip->clock, RCC_CR_HSIRDY, RCC_CR_HSIRDY);
}

static void
controller_leave(const struct parameters *chip, uint32_t at, uint32_t size)
{
	(void)chip, (void)at, (void)size;
}
