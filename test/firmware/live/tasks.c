/* SPDX-License-Identifier: MIT */
#include "test/firmware/live/tasks.h"

enum { BLINK_TICKS = 5 };

volatile uint32_t blinks, means, sines, mixed_up;

void
blink_task(void)
{
	for (;;) {
		blinks++;
		delay(BLINK_TICKS);
	}
}

/* S16 holds this task's number while others run. */
static void
check_own(float own, volatile uint32_t *rounds)
{
	float found;
	__asm__ volatile("vmov s16, %1\n"
			 "mov r0, #200\n"
			 "1: subs r0, #1\n"
			 "bne 1b\n"
			 "vmov %0, s16\n"
			 : "=t"(found)
			 : "t"(own)
			 : "s16", "r0", "cc");
	if (found != own) {
		mixed_up++;
	}
	(*rounds)++;
}

void
mean_task(void)
{
	for (;;) {
		check_own(1.5f, &means);
	}
}

void
sine_task(void)
{
	for (;;) {
		check_own(-2.25f, &sines);
	}
}

void
idle_task(void)
{
	for (;;) {
		__asm__ volatile("wfi");
	}
}
