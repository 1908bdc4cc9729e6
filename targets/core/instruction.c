/* SPDX-License-Identifier: MIT */
#include "targets/core/instruction.h"

/* DDI 0403E.e A5.2, the top bits: shift, add, subtract, move, compare and data processing lie
 * below 0x4400, special data and branches follow; loads, stores and address generation are
 * 0x4800 to 0xafff. */
enum { SPECIAL_DATA = 0x4400, LOAD_LITERAL = 0x4800, MISCELLANEOUS = 0xb000 };

bool
instruction_goes_straight_on(uint16_t instruction)
{
	return instruction < SPECIAL_DATA ||
	       (instruction >= LOAD_LITERAL && instruction < MISCELLANEOUS);
}
