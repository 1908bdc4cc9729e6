/* SPDX-License-Identifier: MIT */
/* self_reset.c - resets itself 50 ms after every reset. */
#include "test/firmware/modes/board.h"

enum { LIFE_MS = 50 };

int
main(void)
{
	wait_ms(LIFE_MS);
	SCB_AIRCR = AIRCR_SYSRESETREQ;
	for (;;) {
	}
}
