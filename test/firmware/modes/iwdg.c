/* SPDX-License-Identifier: MIT */
/* iwdg.c - starts the watchdog, feeds it for a second, and then has forgotten it. */
#include "test/firmware/modes/board.h"

enum { FED_MS = 1000, FEED_EVERY_MS = 10, PRESCALER_16 = 2, RELOAD = 500 };

int
main(void)
{
	IWDG_KR = IWDG_KR_START;
	IWDG_KR = IWDG_KR_ACCESS;
	IWDG_PR = PRESCALER_16;
	IWDG_RLR = RELOAD; /* about a quarter of a second */
	IWDG_KR = IWDG_KR_RELOAD;
	for (uint32_t fed = 0; fed < FED_MS; fed += FEED_EVERY_MS) {
		wait_ms(FEED_EVERY_MS);
		IWDG_KR = IWDG_KR_RELOAD;
	}
	for (;;) {
	}
}
