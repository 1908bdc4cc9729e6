/* SPDX-License-Identifier: MIT */
/*
 * dma_ram.c - readings that go on coming while nobody runs: every 20 us TIM6 has DMA1 put
 * GPIOA_IDR into the next word of a ring, and neither is stopped for a debugger
 * (DBGMCU_APB1FZR1.DBG_TIM6_STOP is 0 after reset). The ring lies where programmers put the
 * data for their flash loader.
 */
#include "test/firmware/modes/board.h"

enum { GOOD_MS = 50, READING_US = 20 };

/* From behind 1 KiB to the end of the 16 KiB that openocd takes for itself. */
#define RING_AT   0x20000400u
#define RING_ENDS 0x20004000u

int
main(void)
{
	wait_ms(GOOD_MS);
	RCC_AHB2ENR |= RCC_AHB2ENR_GPIOAEN;
	RCC_AHB1ENR |= RCC_AHB1ENR_DMA1EN | RCC_AHB1ENR_DMAMUX1EN;
	RCC_APB1ENR1 |= RCC_APB1ENR1_TIM6EN;
	DMAMUX1_C0CR = DMAMUX1_LINE_TIM6_UP;
	DMA1_CPAR1 = GPIOA_IDR_AT;
	DMA1_CMAR1 = RING_AT;
	DMA1_CNDTR1 = (RING_ENDS - RING_AT) / 4;
	DMA1_CCR1 = DMA_CCR_MSIZE_32 | DMA_CCR_PSIZE_32 | DMA_CCR_MINC | DMA_CCR_CIRC |
		    DMA_CCR_EN;
	TIM6_ARR = CORE_HZ / 1000000 * READING_US - 1;
	TIM6_DIER = TIM6_DIER_UDE;
	TIM6_CR1 = TIM6_CR1_CEN;
	for (;;) {
	}
}
