/* SPDX-License-Identifier: MIT */
/*
 * fault.h - a stop in a fault, in the words of the fault status registers.
 */
#ifndef SERVER_DEBUG_FAULT_H
#define SERVER_DEBUG_FAULT_H

#include "server/debug/stop.h"

enum { FAULT_WORDS_MAX = 1536 };

/* Is it one that gdb's own message does not explain: in the handler of a fault, or locked up?
 * Not the end of a step there, which was explained before. */
bool fault_is_worth_words(const struct stop *stop);
/* "cm4 is halted at a caught exception: HardFault", and lines with the fault registers in
 * words; of a lock-up where SP is, of a fault the frame it has stacked. A register that cannot be read is reported as an error,
 * never as zero. */
void fault_describe(struct board *board, unsigned core, const struct stop *stop,
		    char *words, size_t size);
/* The same whenever it is asked for: of a core that runs the registers alone. */
void fault_describe_now(struct board *board, unsigned core, char *words, size_t size);

#endif /* SERVER_DEBUG_FAULT_H */
