/* SPDX-License-Identifier: MIT */
/*
 * h745_pair.c - the same small program for both cores of an STM32H745, each with its own
 * flash and RAM: a round every millisecond. Neither needs the other, so that each may stand still
 * as long as a debugger likes; and neither sleeps, so that a debugger reaches both at any time. Made with
 * STARTS_CM7 that of the Cortex-M4 starts the other core, which option BCM7 = 0 has wait for that.
 *
 * Made with RESETS_MS that of the Cortex-M7 resets the chip so many milliseconds after each reset, and
 * with BITES_MS it starts a watchdog and does not feed it.
 */
#include "test/firmware/h745.h"

enum { TICK = 64000 }; /* of HSI at 64 MHz, undivided after reset (RM0399, 9.5) */

#ifndef RESETS_MS
#define RESETS_MS 0
#endif
#ifndef BITES_MS
#define BITES_MS 0
#endif
/* Of LSI, divided by 4 as after reset. */
enum { LSI_TICKS_PER_MS = 8 };

volatile uint32_t ticks, rounds, last;

void systick_handler(void);
uint32_t work(uint32_t round);

void
systick_handler(void)
{
	ticks++;
}

uint32_t
work(uint32_t round)
{
	uint32_t twice = 2 * round;
	last = twice;
	return twice;
}

int
main(void)
{
#ifdef STARTS_CM7
	RCC_GCR |= RCC_GCR_BOOT_C1;
#endif
	SYST_RVR = TICK - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_ENABLE | SYST_CSR_TICKINT | SYST_CSR_CLKSOURCE;
	if (BITES_MS != 0) {
		IWDG1_KR = IWDG1_KR_START;
		IWDG1_KR = IWDG1_KR_ACCESS;
		IWDG1_RLR = BITES_MS * LSI_TICKS_PER_MS;
		while (IWDG1_SR & IWDG1_SR_RVU) {
		}
		IWDG1_KR = IWDG1_KR_RELOAD;
	}
	for (;;) {
		if (RESETS_MS != 0 && rounds == RESETS_MS)
			SCB_AIRCR = SCB_AIRCR_SYSRESETREQ;
		work(rounds);
		rounds++;
		for (uint32_t now = ticks; now == ticks;) {
		}
	}
}
