/* SPDX-License-Identifier: MIT */
/*
 * mailbox.h - the words in the chip's RAM by which the server and caller.c exchange calls.
 *
 * The server writes r0 to function in one block, in that order: once `function`
 * is seen the rest is there. The caller makes it MAILBOX_DONE when `result` is there.
 */
#ifndef FLASH_ALGORITHMS_MAILBOX_H
#define FLASH_ALGORITHMS_MAILBOX_H

#include <stdint.h>

/* Even, so no function; and neither 0 nor ~0, as RAM of a chip in reset may read. */
enum { MAILBOX_DONE = 0xa6 };

struct mailbox {
	uint32_t watchdog; /* IWDG_KR, fed while there is nothing to do; 0: none */
	uint32_t r0, r1, r2, r3;
	uint32_t function; /* address with bit 0 set (Thumb); MAILBOX_DONE: no call */
	uint32_t result;
};

/* DDI 0403E.e B1.5.2, B3.2.5: the first vectors, at VTOR. Configurable faults escalate to HardFault
 * while PRIMASK is set, so what lies where their vectors would be is free. */
enum { VTOR_AT_HIGH = 0xe000, VTOR_AT_LOW = 0xed08 };
#define VTOR_AT ((uint32_t)VTOR_AT_HIGH << 16 | VTOR_AT_LOW)
struct vectors {
	uint32_t sp, reset, nmi, hard_fault;
	uint32_t forget_at,
		forget_value; /* what an NMI's handler writes, and where; 0: nowhere */
};

#endif /* FLASH_ALGORITHMS_MAILBOX_H */
