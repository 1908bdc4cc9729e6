/* SPDX-License-Identifier: MIT */
/*
 * power_cycle.h - connecting through a power cycle: E19 of the failure modes.
 *
 * An STM32H7 whose program chose a core supply that is not the board's has no core supply any
 * more, and NRST does not undo that choice: PWR_CR3 is written once for each power-up (RM0399
 * Rev 4, 6.4.1). So NRST is held low while the power goes and comes back: the chip starts with
 * the supply of its reset state, and the program does not get to run.
 */
#ifndef TARGETS_CONNECT_POWER_CYCLE_H
#define TARGETS_CONNECT_POWER_CYCLE_H

#include "targets/board/board.h"

/* Did the last attempt to connect meet silence even under reset, with a supply that is there as far
 * as the probe can tell? */
bool board_may_need_power_cycle(struct board *board);

/* Says what the user is to do, and what was seen: lines without an end. */
typedef void power_cycle_say(void *context, const char *line);

/* A job that holds NRST low, waits for the power to go and to come back (a probe that cannot
 * measure it: until the debug port answers), and connects under reset, as board_connect()
 * does. CAUSE_TIMEOUT: within `patience_ms` there was no power cycle; NRST is released then.
 * Never NULL. */
struct job *board_connect_through_power_cycle(struct board *board, uint32_t patience_ms,
					      power_cycle_say *say, void *context);

#endif /* TARGETS_CONNECT_POWER_CYCLE_H */
