/* SPDX-License-Identifier: MIT */
/*
 * standstill.h - all cores of a board halted for some milliseconds, and those that ran let go on.
 */
#ifndef FLASH_INTERFACES_STANDSTILL_H
#define FLASH_INTERFACES_STANDSTILL_H

#include "targets/board/board.h"

struct standstill {
	unsigned halted, halted_free; /* cores, a bit each: by us; halting debug was off */
};

/* What a lost target kept from going on since the last time still counts as halted. A core that
 * does not answer is not started, and cannot disturb. */
enum cause
standstill_begin(struct standstill *still, struct board *board, struct reason *why);
/* Goes on after a failure and reports the first. */
enum cause
standstill_end(struct standstill *still, struct board *board, struct reason *why);

#endif /* FLASH_INTERFACES_STANDSTILL_H */
