/* SPDX-License-Identifier: MIT */
/*
 * itm.c - a program that writes to the ITM's stimulus ports as soon as a debugger has switched
 * it on: text, a byte each, to port 0; to port 1 a word with the number of the line; to port 2
 * a half-word. DDI 0403E C1.7.3: a port reads 1 when its FIFO has room.
 */
#include <stdint.h>

#include "test/firmware/m4.h"

#define ITM_PORT8(n)   (*(volatile uint8_t *)(0xe0000000 + 4 * (n)))
#define ITM_PORT16(n)  (*(volatile uint16_t *)(0xe0000000 + 4 * (n)))
#define ITM_PORT32(n)  REGISTER(0xe0000000 + 4 * (n))
#define ITM_TER        REGISTER(0xe0000e00)
#define ITM_TCR        REGISTER(0xe0000e80)
#define ITM_TCR_ITMENA (1u << 0)

enum { LINE_CYCLES = 160000 }; /* 10 ms at 16 MHz: a slow pin can follow */

volatile uint32_t lines;

int main(void);

static int
is_on(unsigned port)
{
	return ITM_TCR & ITM_TCR_ITMENA && ITM_TER >> port & 1;
}

static void
put_text(const char *text)
{
	for (; *text; text++) {
		while (!ITM_PORT32(0)) {
		}
		ITM_PORT8(0) = (uint8_t)*text;
	}
}

static void
put_line(uint32_t number)
{
	char text[] = "tick 0000\n";
	for (int i = 8; i > 4; i--) {
		text[i] = (char)('0' + number % 10);
		number /= 10;
	}
	put_text(text);
}

int
main(void)
{
	for (;;) {
		if (is_on(0)) {
			put_line(++lines);
		}
		if (is_on(1)) {
			ITM_PORT32(1) = lines;
		}
		if (is_on(2)) {
			ITM_PORT16(2) = (uint16_t)~lines;
		}
		for (volatile int i = 0; i < LINE_CYCLES / 8; i++) {
		}
	}
}
