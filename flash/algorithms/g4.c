/* SPDX-License-Identifier: MIT */
/*
 * g4.c - programs the flash of STM32G4: RM0440 Rev 8, chapter 3.
 */
#include "flash/algorithms/controller.h"

/* 3.7.1 */
#define FLASH_ACR(chip) word_at((chip)->registers)
#define FLASH_ACR_ICEN  (1u << 9)
#define FLASH_ACR_DCEN  (1u << 10)
#define FLASH_ACR_ICRST (1u << 11)
#define FLASH_ACR_DCRST (1u << 12)

/* 3.7.6 */
#define FLASH_CR_PER     (1u << 1)
#define FLASH_CR_PNB_LSB 3
#define FLASH_CR_BKER    (1u << 11)
#define FLASH_CR_STRT    (1u << 16)

/* The HSI16 that an operation needs is switched on by the controller itself (3.3.6, 3.3.7). */
static void
controller_prepare(const struct parameters *chip)
{
	(void)chip;
}

/* 3.3.6: page erase. The pages of each bank count from 0. */
static void
controller_start_erase(const struct parameters *chip, uint32_t at, uint32_t number)
{
	uint32_t bank = chip->bank == 2 ? FLASH_CR_BKER : 0;
	uint32_t what = FLASH_CR_PER | number << FLASH_CR_PNB_LSB | bank;

	(void)at;
	*word_at(chip->cr) = what;
	*word_at(chip->cr) = what | FLASH_CR_STRT;
}

/* The caches hold what was there before. They can be reset only while they are disabled
 * (3.3.4, 3.7.1). */
static void
controller_leave(const struct parameters *chip)
{
	volatile uint32_t *flash_acr = FLASH_ACR(chip);
	uint32_t acr = *flash_acr;

	*flash_acr = acr & ~(FLASH_ACR_ICEN | FLASH_ACR_DCEN);
	*flash_acr |= FLASH_ACR_ICRST | FLASH_ACR_DCRST;
	*flash_acr &= ~(FLASH_ACR_ICRST | FLASH_ACR_DCRST);
	*flash_acr = acr;
}
