/* SPDX-License-Identifier: MIT */
/*
 * h7.c - programs the flash of STM32H7, a bank or both at once: each has its
 * controller, and they work in parallel (RM0433 Rev 8, chapter 4; RM0399 Rev 4, 4.3.8, 4.3.10).
 */
#include "flash/algorithms/controller.h"
#include "flash/algorithms/core_caches.h"
#include "flash/algorithms/pair.h"

/* Operations need no clock but that of the bus. */
static void
controller_prepare(const struct parameters *chip)
{
	(void)chip;
}

static void
controller_leave(const struct parameters *chip, uint32_t at, uint32_t size)
{
	(void)chip;
	core_caches_forget(at, size);
}
