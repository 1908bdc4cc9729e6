/* SPDX-License-Identifier: MIT */
/*
 * stop.c - 50 ms after reset in deep sleep, and nothing will wake it: stop mode, or with
 * STANDBY defined standby (built as standby).
 */
#include "test/firmware/modes/board.h"

enum { AWAKE_MS = 50 };

#if defined(STANDBY)
static void
standby_choose(void)
{
#if defined(BOARD_G473)
	RCC_APB1ENR1 |= RCC_APB1ENR1_PWREN;
	PWR_CR1 = (PWR_CR1 & ~PWR_CR1_LPMS) | PWR_CR1_LPMS_STANDBY;
#elif defined(BOARD_H563)
	PWR_PMCR |= PWR_PMCR_LPMS;
#elif defined(BOARD_G071)
	RCC_APBENR1 |= RCC_APBENR1_PWREN;
	PWR_CR1 = (PWR_CR1 & ~PWR_CR1_LPMS) | PWR_CR1_LPMS_STANDBY;
#else
	RCC_APB1ENR |= RCC_APB1ENR_PWREN;
	PWR_CR |= PWR_CR_PDDS;
#endif
}
#endif

int
main(void)
{
	wait_ms(AWAKE_MS);
#if defined(STANDBY)
	standby_choose();
#endif
	SCB_SCR |= SCR_SLEEPDEEP;
	for (;;) {
		sleep();
	}
}
