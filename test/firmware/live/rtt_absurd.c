/* SPDX-License-Identifier: MIT */
/*
 * rtt_absurd.c - a program whose RTT control block is found by its id like any other (rtt.c) and
 * whose numbers are absurd: counts of channels beyond all memory, names and rings at the end of
 * the address space, in the core's own registers, in flash, in the block itself, in those of RCC
 * where a byte sent down would stop the chip's clocks; sizes of 0 and of 4 GiB, offsets past the
 * ring. It counts in `rounds` and sees to it that nobody wrote where it does not belong.
 */
#include <stdint.h>

struct ring {
	uint32_t name, bytes, size;
	uint32_t write, read, flags;
};

struct control_block {
	char id[16];
	int32_t ups, downs;
	struct ring up[4], down[1];
};

#define RCC_AT UINT32_C(0x40021000) /* RM0440 Rev 8, 2.2.2; RCC_CR comes first */
#define RCC_CR (*(volatile uint32_t *)RCC_AT)

volatile struct control_block _SEGGER_RTT;
volatile uint32_t rounds, harm;

int main(void);

static void
rtt_start(void)
{
	static const char reversed[] = "TTR REGGES";
	volatile struct control_block *block = &_SEGGER_RTT;
	uint32_t itself = (uint32_t)block;
	block->ups = INT32_MAX;
	block->downs = -1;
	block->up[0] =
		(struct ring){ 0xfffffffc, 0xe000e000, UINT32_MAX, 0x80000000, 0, ~0u };
	block->up[1] = (struct ring){ itself, itself, 0, 0, 1, 0 };
	block->up[2] = (struct ring){ 0, 0x08000000, 64, 1000, 2000, 2 };
	block->up[3] = (struct ring){ 0x90000000, 0xfffffff0, 64, 8, 0, 1 };
	block->down[0] = (struct ring){ 1, RCC_AT, 16, 0, 0, 0 };
	for (unsigned i = 0; i < sizeof(reversed) - 1; i++) {
		block->id[i] = reversed[sizeof(reversed) - 2 - i];
	}
}

int
main(void)
{
	uint32_t cr = RCC_CR;
	rtt_start();
	for (;;) {
		rounds++;
		if (RCC_CR != cr) {
			harm++;
		}
	}
}
