/* SPDX-License-Identifier: MIT */
/*
 * caller.c - runs on the chip between the calls of an algorithm: waits until a
 * call is posted in RAM, makes it, posts the result.
 *
 * So a call costs the server one write and a few reads; a core that is halted
 * between calls would have to be given its registers one by one, and the flash
 * would wait for them.
 */
#include "flash/algorithms/mailbox.h"
#include "flash/algorithms/status.h"

#include <stdint.h>

_Noreturn void Caller(volatile struct mailbox *box);
void Ignore(void);

/* The handler of an exception that cannot be masked: an NMI, by an ECC error of the flash for
 * one, which stays until the error is forgotten. It returns to what it interrupted. The words
 * behind its vectors say where and how (mailbox.h). */
void
Ignore(void)
{
	const volatile struct vectors *vectors = *(struct vectors *volatile *)VTOR_AT;

	if (vectors->forget_at != 0)
		*(volatile uint32_t *)vectors->forget_at = vectors->forget_value;
}

_Noreturn void
Caller(volatile struct mailbox *box)
{
	for (;;) {
		uint32_t (*function)(uint32_t, uint32_t, uint32_t, uint32_t);

		for (uint32_t spins = 0; (box->function & 1) == 0; spins++)
			if (spins % SPINS_PER_FEED == 0 && box->watchdog != 0)
				*(volatile uint32_t *)box->watchdog = WATCHDOG_RELOAD;
		function =
			(uint32_t(*)(uint32_t, uint32_t, uint32_t, uint32_t))box->function;
		box->result = function(box->r0, box->r1, box->r2, box->r3);
		box->function = MAILBOX_DONE;
	}
}
