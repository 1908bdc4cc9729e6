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
	STOP_NONE = 0,
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
/* Was it requested, with nothing else to report? */
bool stop_is_request(const struct stop *stop);
/* "T05hwbreak:;thread:1;": without the registers, which the caller appends. `thread`: as the
 * client names it. `on_request`: what a halt that was requested is for this client - SIGINT when it
 * sent Ctrl-C. */
void stop_reply(const struct stop *stop, enum stop_signal on_request,
		const struct stop_dialect *dialect, const char *thread, struct text *reply);
/* lldb's "reason:exception;description:" and the words in hexadecimal. */
void stop_add_reason(const char *words, struct text *reply);
/* "0d:00500020;" */
void stop_add_register(unsigned number, uint32_t value, struct text *reply);
/* A few words for people: "halted at a breakpoint". */
void stop_describe(const struct stop *stop, struct text *words);

#endif /* SERVER_DEBUG_STOP_H */
