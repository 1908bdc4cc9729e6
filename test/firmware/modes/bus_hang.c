/* SPDX-License-Identifier: MIT */
/*
 * bus_hang.c - a read that never ends: the memory controller is set to wait for NWAIT,
 * and there is neither a memory nor a pin that would ever release it (RM0440 Rev 8, 19.5.4,
 * ASYNCWAIT: "the access is extended" as long as NWAIT is active).
 */
#include "test/firmware/modes/board.h"

enum { GOOD_MS = 50 };

volatile uint32_t word;

int
main(void)
{
	wait_ms(GOOD_MS);
	RCC_AHB3ENR |= RCC_AHB3ENR_FMCEN;
	FMC_BCR1 |= FMC_BCR1_MBKEN | FMC_BCR1_WAITEN | FMC_BCR1_ASYNCWAIT;
	word = FMC_BANK1;
	for (;;) {
	}
}
