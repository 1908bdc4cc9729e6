/* SPDX-License-Identifier: MIT */
/*
 * reset.h - resetting the chip, with every core in order afterwards.
 */
#ifndef TARGETS_RESET_RESET_H
#define TARGETS_RESET_RESET_H

#include "targets/board/board.h"

/* Resets the chip. Halted: each core stops at its reset vector before an instruction is
 * executed (DEMCR.VC_CORERESET). SYSRESETREQ first, NRST where that has no effect; the
 * reason says what was tried. Debug state and breakpoints are put back. Ends with
 * EVENT_RESET, whose `by` this is; so does cancelling it once a reset was asked for. Without
 * memory the job says so at its first step: never NULL. */
struct job *board_reset(struct board *board, bool halted, const void *by);

/* Puts that core alone into its reset state (core_restart()), halted: neither the other cores
 * nor the peripherals notice. To be begun with the claim of the core. Never NULL. */
struct job *board_reset_core(struct board *board, unsigned core);

#endif /* TARGETS_RESET_RESET_H */
