/* SPDX-License-Identifier: MIT */
/*
 * h745_cm4.c - the Cortex-M4's half: sleeps in STOP until the Cortex-M7 has set the system
 * up and frees semaphore 0, then answers each of its events.
 */
#include "test/firmware/h745.h"

void systick_handler(void);

void
systick_handler(void)
{
}

static void
wait_for_event(void)
{
	__asm__ volatile("wfe" ::: "memory");
}

static void
sleep_until_woken(void)
{
	RCC_AHB4ENR |= RCC_AHB4ENR_HSEM;
	(void)RCC_AHB4ENR;
	HSEM_C2IER = HSEM_0;
	__asm__ volatile("sev" ::: "memory"); /* clears what may be pending: */
	wait_for_event();
	SCB_SCR |= SCB_SCR_SLEEPDEEP;
	while (!(HSEM_C2ISR & HSEM_0)) {
		wait_for_event();
	}
	SCB_SCR &= ~SCB_SCR_SLEEPDEEP;
	HSEM_C2ICR = HSEM_0;
}

int
main(void)
{
	MAILBOX->cm4_rounds = 0;
	MAILBOX->heard = 0;
	sleep_until_woken();
	for (;;) {
		wait_for_event();
		MAILBOX->heard = MAILBOX->cm7_rounds;
		MAILBOX->cm4_rounds++;
	}
}
