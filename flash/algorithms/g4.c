/* SPDX-License-Identifier: MIT */
/*
 * g4.c - programs the flash of STM32G4: RM0440 Rev 8, chapter 3; and of L4, F2 and F4, which have
 * its caches, with their bits where G4 has them: RM0351 Rev 9, 3.7.1; RM0090 Rev 19, 3.9.1.
 */
#include "flash/algorithms/controller.h"

/* 3.7.1 */
#define FLASH_ACR(chip) word_at((chip)->registers)
#define FLASH_ACR_ICEN  (1u << 9)
#define FLASH_ACR_DCEN  (1u << 10)
#define FLASH_ACR_ICRST (1u << 11)
#define FLASH_ACR_DCRST (1u << 12)

/* The HSI16 that an operation needs on G4 and L4 is switched on by the controller itself (3.3.6,
 * 3.3.7). */
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
	uint32_t acr = *flash_acr;

	(void)at, (void)size;
	*flash_acr = acr & ~(FLASH_ACR_ICEN | FLASH_ACR_DCEN);
	*flash_acr |= FLASH_ACR_ICRST | FLASH_ACR_DCRST;
	*flash_acr &= ~(FLASH_ACR_ICRST | FLASH_ACR_DCRST);
	*flash_acr = acr;
}
