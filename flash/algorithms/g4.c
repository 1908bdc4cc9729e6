/* SPDX-License-Identifier: MIT */
/*
 * g4.c - programs the flash of STM32G4: RM0440 Rev 8, chapter 3; and of L4, G0, F2 and F4, which
 * have its caches or one of them, with their bits where G4 has them: RM0351 Rev 9, 3.7.1;
 * RM0444 Rev 5, 3.7.1; RM0090 Rev 19, 3.9.1.
 */
#include "flash/algorithms/controller.h"

/* 3.7.1 */
#define FLASH_ACR(chip) word_at((chip)->registers)
/* From ICEN to ICRST, from DCEN to DCRST. */
#define RESETS(caches) ((caches) << 2)

/* The HSI that an operation needs is switched on by the controller itself (3.3.6, 3.3.7). */
static void
controller_prepare(const struct parameters *chip)
{
	(void)chip;
}

/* The caches hold what was there before. They can be reset only while they are disabled
 * (3.3.4, 3.7.1). */
static void
controller_leave(const struct parameters *chip, uint32_t at, uint32_t size)
{
	volatile uint32_t *flash_acr = FLASH_ACR(chip);
	uint32_t acr = *flash_acr, caches = chip->caches;

	(void)at, (void)size;
	*flash_acr = acr & ~caches;
	*flash_acr |= RESETS(caches);
	*flash_acr &= ~RESETS(caches);
	*flash_acr = acr;
}
