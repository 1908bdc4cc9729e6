/* SPDX-License-Identifier: MIT */
/*
 * mailbox.h - the words in the chip's RAM by which the server and caller.c exchange calls.
 *
 * The calls are a ring: call number n, counted from 0, is calls[n % MAILBOX_CALLS]. So the next is
 * there when one ends, and the flash does not wait for the server. The server writes r0 to
 * function, or second to function, in one block, in that order: once `function` is seen the rest
 * is there.
 *
 * A call that returns `success` becomes MAILBOX_NONE, and `done` is incremented; one that returns
 * something else leaves the difference, by exclusive or, in `result`. While `result` is not 0 no call is begun: the server has
 * read `done` since then, and empties the ring before it makes `result` 0. It writes
 * MAILBOX_STOP there itself to keep the caller from beginning another.
 */
#ifndef FLASH_ALGORITHMS_MAILBOX_H
#define FLASH_ALGORITHMS_MAILBOX_H

#include <stdint.h>

enum {
	MAILBOX_CALLS = 4, /* a power of two */
	/* Even, so no function. */
	MAILBOX_NONE = 0xa6,
	/* `done` begins here: RAM of a chip in reset may read as 0 or ~0. */
	MAILBOX_FIRST = 0xa6 << 16,
	/* No status (status.h). */
	MAILBOX_STOP = (int)0x80000000
};

/* What a function that works in two banks at once is to do in the second. */
struct mailbox_second {
	uint32_t r0, r1, r2, r3;
};

struct mailbox_call {
	struct mailbox_second second; /* only such a function gets it, as its fifth */
	uint32_t r0, r1, r2, r3;
	uint32_t success;  /* what the function returns when all went well */
	uint32_t function; /* address with bit 0 set (Thumb); MAILBOX_NONE: no call */
};

struct mailbox {
	uint32_t watchdog; /* IWDG_KR, fed while there is nothing to do; 0: none */
	uint32_t done;     /* calls that returned 0, from MAILBOX_FIRST on */
	uint32_t result;   /* of a call that failed */
	uint32_t is_calling;
	struct mailbox_call calls[MAILBOX_CALLS];
};

/* DDI 0403E.e B1.5.2, B3.2.5: the first vectors, at VTOR. Configurable faults escalate to HardFault
 * while PRIMASK is set, so what lies where their vectors would be is free. */
enum { VTOR_AT_HIGH = 0xe000, VTOR_AT_LOW = 0xed08 };
#define VTOR_AT ((uint32_t)VTOR_AT_HIGH << 16 | VTOR_AT_LOW)
struct vectors {
	uint32_t sp, reset, nmi, hard_fault;
	uint32_t forget_at,
		forget_value;    /* what an NMI's handler writes, and where; 0: nowhere */
	uint32_t forget_also_at; /* the same there; 0: nowhere */
};

#endif /* FLASH_ALGORITHMS_MAILBOX_H */
