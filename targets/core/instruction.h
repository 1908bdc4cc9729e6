/* SPDX-License-Identifier: MIT */
/*
 * instruction.h - what is known of Thumb instructions.
 */
#ifndef TARGETS_CORE_INSTRUCTION_H
#define TARGETS_CORE_INSTRUCTION_H

#include <stdbool.h>
#include <stdint.h>

/* A 16-bit instruction that goes on to the next one, whatever happens: no branch, no IT, no
 * hint, no write to PC (DDI 0403E, A5.2). */
bool instruction_goes_straight_on(uint16_t instruction);

#endif /* TARGETS_CORE_INSTRUCTION_H */
