/* SPDX-License-Identifier: MIT */
/*
 * bad_clock.c - a clock tree as people get it wrong. On the G473 the system clock becomes
 * a PLL whose output was never enabled (RM0440 7.4.4, PLLREN), so that nothing runs any
 * more; on the F103 the HSI is switched off to save current, without which the flash can
 * be read and not be programmed (PM0075, chapter 2).
 */
#include "test/firmware/modes/board.h"

enum { GOOD_MS = 50 };

static void
clock_spoil(void)
{
#if defined(BOARD_G473)
	RCC_PLLCFGR = 85u << 8 | 3u << 4 | 2u; /* HSI16 / 4 * 85, no outputs */
	RCC_CR |= RCC_CR_PLLON;
	while (!(RCC_CR & RCC_CR_PLLRDY)) {
	}
	RCC_CFGR |= RCC_CFGR_SW_PLL;
#else
	RCC_CR |= RCC_CR_HSEON;
	while (!(RCC_CR & RCC_CR_HSERDY)) {
	}
	RCC_CFGR = RCC_CFGR_SW_HSE;
	while ((RCC_CFGR & RCC_CFGR_SWS) != RCC_CFGR_SWS_HSE) {
	}
	RCC_CR &= ~RCC_CR_HSION;
#endif
}

int
main(void)
{
	wait_ms(GOOD_MS);
	clock_spoil();
	for (;;) {
	}
}
