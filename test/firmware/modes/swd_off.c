/* SPDX-License-Identifier: MIT */
/* swd_off.c - 50 ms after reset the pins of the debug port are something else. */
#include "test/firmware/modes/board.h"

enum { SWD_LASTS_MS = 50 };

static void
pins_take(void)
{
#if defined(BOARD_G473) || defined(BOARD_H563)
	/* PA13 and PA14 as outputs: RM0440 9.4.1, and the same on the H5. */
	RCC_AHB2ENR |= RCC_AHB2ENR_GPIOAEN;
	GPIOA_MODER = (GPIOA_MODER & ~(0xfu << 26)) | 0x5u << 26;
#elif defined(BOARD_G071)
	/* RM0444 6.4.1: the same pins. */
	RCC_IOPENR |= RCC_IOPENR_GPIOAEN;
	GPIOA_MODER = (GPIOA_MODER & ~(0xfu << 26)) | 0x5u << 26;
#else
	RCC_APB2ENR |= RCC_APB2ENR_AFIOEN;
	AFIO_MAPR = AFIO_MAPR_SWJ_CFG_OFF;
#endif
}

int
main(void)
{
	wait_ms(SWD_LASTS_MS);
	pins_take();
	for (;;) {
	}
}
