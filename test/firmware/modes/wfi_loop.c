/* SPDX-License-Identifier: MIT */
/* wfi_loop.c - asleep, but for a millisecond in every second, or as often in it as WAKES_PER_S says. */
#define HAS_SYSTICK_HANDLER
#include "test/firmware/modes/board.h"

#ifndef WAKES_PER_S
#define WAKES_PER_S 1
#endif

enum { CYCLES_AWAKE = CORE_HZ / 1000, CYCLES_PER_TURN = 4 };

volatile uint32_t seconds;

void
systick_handler(void)
{
	seconds++;
}

static void
work(void)
{
	for (volatile uint32_t turns = CYCLES_AWAKE / CYCLES_PER_TURN; turns; turns--) {
	}
}

int
main(void)
{
	SYST_RVR = CORE_HZ / WAKES_PER_S - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE;
	for (;;) {
		sleep();
		work();
	}
}
