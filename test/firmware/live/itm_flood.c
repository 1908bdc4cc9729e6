/* SPDX-License-Identifier: MIT */
/*
 * itm_flood.c - a program that writes numbers to port 1 of the ITM as fast as the pin takes them,
 * each one more than the one before: what is missing shows. DDI 0403E C1.7.3: a port reads 1
 * when its FIFO has room.
 */
#include <stdint.h>

#include "test/firmware/m4.h"

#define ITM_PORT32(n)  REGISTER(0xe0000000 + 4 * (n))
#define ITM_TER        REGISTER(0xe0000e00)
#define ITM_TCR        REGISTER(0xe0000e80)
#define ITM_TCR_ITMENA (1u << 0)

enum { PORT = 1 };

volatile uint32_t sent;

int main(void);

int
main(void)
{
	for (;;) {
		if ((ITM_TCR & ITM_TCR_ITMENA) != 0 && (ITM_TER >> PORT & 1) != 0 &&
		    ITM_PORT32(PORT) != 0) {
			ITM_PORT32(PORT) = ++sent;
		}
	}
}
