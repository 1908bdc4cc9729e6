/* SPDX-License-Identifier: MIT */
/*
 * mailbox.h - the words in the chip's RAM by which server and caller.c talk.
 *
 * The server writes r0 to function in one block, in that order: once `function`
 * is seen the rest is there. The caller clears it when `result` is there.
 */
#ifndef FLASH_ALGORITHMS_MAILBOX_H
#define FLASH_ALGORITHMS_MAILBOX_H

#include <stdint.h>

struct mailbox {
	uint32_t feed_at, feed_value; /* written while there is nothing to do; 0: nothing */
	uint32_t r0, r1, r2;
	uint32_t function; /* address with bit 0 set (Thumb); 0: no call */
	uint32_t result;
};

#endif /* FLASH_ALGORITHMS_MAILBOX_H */
