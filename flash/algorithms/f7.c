/* SPDX-License-Identifier: MIT */
/*
 * f7.c - programs the flash of STM32F7 by its address on the AXI bus: the controller of F4 (RM0090
 * Rev 19, 3.9), with the ART accelerator in place of its caches, and a Cortex-M7 before it.
 *
 * Each store is one operation of the width that PSIZE says. Flash is normal memory, and the core would
 * put stores to it together: granule_write() has a barrier behind each.
 */
#include "flash/algorithms/controller.h"
#include "flash/algorithms/core_caches.h"

/* ST's stm32f767xx.h: from ARTEN (9) to ARTRST (11). It can be reset only while it is disabled. */
#define FLASH_ACR(chip) word_at((chip)->registers)
#define RESETS(caches)  ((caches) << 2)

static void
controller_prepare(const struct parameters *chip)
{
	(void)chip;
}

static void
controller_leave(const struct parameters *chip, uint32_t at, uint32_t size)
{
	uint32_t acr = *FLASH_ACR(chip), off = acr & ~chip->caches;

	*FLASH_ACR(chip) = off;
	*FLASH_ACR(chip) = off | RESETS(chip->caches);
	*FLASH_ACR(chip) = off;
	*FLASH_ACR(chip) = acr;
	core_caches_forget(at, size);
}
