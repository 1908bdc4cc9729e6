/* SPDX-License-Identifier: MIT */
/*
 * frame.h - what an exception has stacked: where the program was when it came.
 */
#ifndef TARGETS_CORE_FRAME_H
#define TARGETS_CORE_FRAME_H

#include "targets/core/core.h"

struct core_frame {
	uint32_t at; /* of the frame in memory */
	uint32_t lr, pc, xpsr;
};

/* DDI 0403E.e B1.5.8, DDI 0553B: what LR holds in a handler, EXC_RETURN, is no address of code;
 * nor is FNC_RETURN of ARMv8-M. What gdb computes from them while it unwinds is above this as
 * well. Nor is the PC of a core that is locked up: 0xfffffffe, of ARMv8-M 0xeffffffe (DDI 0553B
 * B3.33); gdb looks at the instruction before it, too. */
static inline bool
core_is_no_code(uint32_t at)
{
	return at >= 0xfe000000u || (at >= 0xeffffff0u && at <= 0xefffffffu);
}

/* The PC of a core that is locked up, also while it is halted: a step leaves it where it is. */
static inline bool
core_is_lockup(uint32_t pc)
{
	return (pc & ~1u) == 0xfffffffeu || (pc & ~1u) == 0xeffffffeu;
}

/* Finds the frame of the exception that a halted core handles, by EXC_RETURN in LR or on the
 * main stack. False: it handles none, or the frame is not where a handler leaves it. Reads
 * 256 bytes of the main stack at most; a stack that cannot be read has no frame. */
bool core_frame_find(struct core *core, struct core_frame *frame);

#endif /* TARGETS_CORE_FRAME_H */
