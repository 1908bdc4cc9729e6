/* SPDX-License-Identifier: MIT */
/*
 * fault.h - a stop in a fault, told in the words of the fault status registers.
 */
#ifndef SERVER_DEBUG_FAULT_H
#define SERVER_DEBUG_FAULT_H

#include "server/debug/debuggee.h"

enum { FAULT_WORDS_MAX = 1024 };

/* Is it one that gdb's own message does not explain? */
bool fault_is_worth_words(const struct stop *stop);
/* "cm4 is halted at a caught exception: HardFault", and lines with the fault registers in
 * words. What cannot be read is said to be so. */
void fault_explain(struct debuggee *debuggee, char *words, size_t size);

#endif /* SERVER_DEBUG_FAULT_H */
