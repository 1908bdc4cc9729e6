/* SPDX-License-Identifier: MIT */
/*
 * caller.c - runs on the chip between the calls of an algorithm: makes those that
 * are posted in RAM, one after the other.
 *
 * So a call costs the server one write, and the next begins when one has ended; a core
 * that is halted between calls would have to be given its registers one by one, and
 * the flash would wait for them.
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
	if (vectors->forget_also_at != 0)
		*(volatile uint32_t *)vectors->forget_also_at = vectors->forget_value;
}

/* The fifth lies on the stack, where a function that takes four does not look. */
typedef uint32_t
called(uint32_t, uint32_t, uint32_t, uint32_t, volatile struct mailbox_second *);

static void
make_call(volatile struct mailbox *box, volatile struct mailbox_call *call)
{
	called *function = (called *)call->function;
	uint32_t status = function(call->r0, call->r1, call->r2, call->r3, &call->second) ^
			  call->success;

	if (status != 0) {
		box->result = status;
		return;
	}
	call->function = MAILBOX_NONE;
	box->done++;
}

/* After MAILBOX_STOP was written, `is_calling` that reads 0 means that no call will be made. */
_Noreturn void
Caller(volatile struct mailbox *box)
{
	for (;;) {
		volatile struct mailbox_call *call =
			&box->calls[box->done & (MAILBOX_CALLS - 1)];

		for (uint32_t spins = 0; box->result != 0 || (call->function & 1) == 0;
		     spins++)
			if (spins % SPINS_PER_FEED == 0 && box->watchdog != 0)
				*(volatile uint32_t *)box->watchdog = WATCHDOG_RELOAD;
		box->is_calling = 1;
		if (box->result == 0)
			make_call(box, call);
		box->is_calling = 0;
	}
}
