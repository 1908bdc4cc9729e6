/* SPDX-License-Identifier: MIT */
/*
 * h7.c - programs the flash of STM32H7, a bank or both at once: each has its
 * controller, and they work in parallel (RM0433 Rev 8, chapter 4; RM0399 Rev 4, 4.3.8, 4.3.10).
 */
#include "flash/algorithms/controller.h"
#include "flash/algorithms/pair.h"

/* DDI 0403E.e B4.8.2, B2.2.7: of a Cortex-M7; a Cortex-M4 reads CTR as 0 and has no caches. */
#define CTR                word_at(0xe000ed7cu)
#define CTR_DMINLINE_SHIFT 16
#define CTR_DMINLINE_MASK  0xfu
#define ICIALLU            word_at(0xe000ef50u)
#define DCIMVAC            word_at(0xe000ef5cu)

/* Operations need no clock but that of the bus. */
static void
controller_prepare(const struct parameters *chip)
{
	(void)chip;
}

/* Lines of flash hold nothing that memory has not, so they are thrown away. A debugger reads by the
 * core's data cache as well. */
static void
controller_leave(const struct parameters *chip, uint32_t at, uint32_t size)
{
	uint32_t ctr = *CTR;
	uint32_t line = sizeof(uint32_t) << (ctr >> CTR_DMINLINE_SHIFT & CTR_DMINLINE_MASK);

	(void)chip;
	if (ctr == 0)
		return;
	__sync_synchronize();
	for (uint32_t i = 0; i < size; i += line)
		*DCIMVAC = at + i;
	*ICIALLU = 0;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}
