/* SPDX-License-Identifier: MIT */
/*
 * stop.h - why a core stopped, in gdb's words: signals, stop replies, and the sentence
 * for people where gdb has no word for it.
 */
#ifndef SERVER_DEBUG_STOP_H
#define SERVER_DEBUG_STOP_H

#include "targets/board/board.h"
#include "transport/base/text.h"

/* gdb's own numbers, not this computer's (GDB manual, "Stop Reply Packets"; signals.def).
 */
enum stop_signal {
	STOP_INT = 2,
	STOP_ILL = 4,
	STOP_TRAP = 5,
	STOP_KILL = 9,
	STOP_BUS = 10,
	STOP_SEGV = 11
};

/* What the client said it understands in qSupported. */
struct stop_dialect {
	bool swbreak, hwbreak;
	bool lists_threads; /* lldb's QListThreadsInStopReply */
	bool takes_reasons; /* lldb: "reason" and "description" for what is no breakpoint */
};

enum stop_signal stop_signal(const struct stop *stop);
/* "BusFault": the fault whose handler has begun; NULL: none has. */
const char *stop_fault_name(const struct stop *stop);
/* Does stop_reply() say SIGINT? */
bool stop_is_interrupt(const struct stop *stop, bool was_interrupted);
/* "T05hwbreak:;thread:1;": without the registers, which the caller appends. `thread`: as the
 * client names it. A client that sent Ctrl-C gets SIGINT for a halt that was requested. */
void stop_reply(const struct stop *stop, bool was_interrupted,
		const struct stop_dialect *dialect, const char *thread, struct text *reply);
/* lldb's "reason:exception;description:" and the words in hexadecimal. */
void stop_add_reason(const char *words, struct text *reply);
/* "0d:00500020;" */
void stop_add_register(unsigned number, uint32_t value, struct text *reply);
/* A few words for people: "halted at a breakpoint". */
void stop_describe(const struct stop *stop, struct text *words);

#endif /* SERVER_DEBUG_STOP_H */
