/* SPDX-License-Identifier: MIT */
#include "server/debug/stop.h"

#include "transport/base/bytes.h"

/* ARMv7-M ARM DDI 0403E, B1.5.2: exception numbers; SecureFault is ARMv8-M's (DDI 0553B). */
enum {
	EXCEPTION_HARD_FAULT = 3,
	EXCEPTION_MEM_MANAGE,
	EXCEPTION_BUS,
	EXCEPTION_USAGE,
	EXCEPTION_SECURE
};

static const struct {
	uint8_t exception;
	enum stop_signal signal;
	const char *name;
} faults[] = {
	{ EXCEPTION_HARD_FAULT, STOP_SEGV, "HardFault" },
	{ EXCEPTION_MEM_MANAGE, STOP_SEGV, "MemManage fault" },
	{ EXCEPTION_BUS, STOP_BUS, "BusFault" },
	{ EXCEPTION_USAGE, STOP_ILL, "UsageFault" },
	{ EXCEPTION_SECURE, STOP_SEGV, "SecureFault" },
};

static const char *const watch_words[] = {
	[WATCH_WRITE] = "watch",
	[WATCH_READ] = "rwatch",
	[WATCH_ACCESS] = "awatch",
};

static const char *const reasons[] = {
	[HALT_REQUESTED] = "halted on request",
	[HALT_STEPPED] = "halted after a step",
	[HALT_BREAKPOINT] = "halted at a breakpoint",
	[HALT_BKPT] = "halted by a BKPT instruction of the program",
	[HALT_WATCHPOINT] = "halted by a watchpoint",
	[HALT_VECTOR_CATCH] = "halted by vector catch",
	[HALT_EXTERNAL] = "halted by a signal from outside the core",
};

enum stop_signal
stop_signal(const struct stop *stop)
{
	if (stop->is_locked_up)
		return STOP_SEGV;
	/* In the middle of "next" gdb would take a trap for the end of its own step. */
	if (stop->is_led)
		return STOP_INT;
	if (stop->halt.reason != HALT_VECTOR_CATCH)
		return STOP_TRAP;
	for (size_t i = 0; i < array_len(faults); i++)
		if (faults[i].exception == stop->halt.exception)
			return faults[i].signal;
	return STOP_TRAP; /* the reset vector, an interrupt's entry */
}

const char *
stop_fault_name(const struct stop *stop)
{
	for (size_t i = 0; i < array_len(faults); i++)
		if (faults[i].exception == stop->halt.exception)
			return faults[i].name;
	return NULL;
}

bool
stop_is_request(const struct stop *stop)
{
	return stop->halt.reason == HALT_REQUESTED && stop_signal(stop) == STOP_TRAP;
}

void
stop_add_reason(const char *words, struct text *reply)
{
	text_add(reply, "reason:exception;description:");
	for (; *words != '\0'; words++)
		text_add(reply, "%02x", (unsigned char)*words);
	text_add(reply, ";");
}

/* On a breakpoint or a step it would hide the reason that lldb finds by itself. */
static void
add_reason(const struct stop *stop, struct text *reply)
{
	char buffer[128];
	struct text words;

	if (stop_signal(stop) == STOP_TRAP)
		return;
	text_init(&words, buffer, sizeof(buffer));
	stop_describe(stop, &words);
	stop_add_reason(buffer, reply);
}

void
stop_reply(const struct stop *stop, enum stop_signal on_request,
	   const struct stop_dialect *dialect, const char *thread, struct text *reply)
{
	const struct halt *halt = &stop->halt;
	enum stop_signal signal = stop_is_request(stop) ? on_request : stop_signal(stop);

	text_add(reply, "T%02x", signal);
	if (halt->reason == HALT_WATCHPOINT)
		text_add(reply, "%s:%x;", watch_words[halt->watch_kind],
			 (unsigned)halt->watch_at);
	else if (halt->reason == HALT_BREAKPOINT && halt->is_software && dialect->swbreak)
		text_add(reply, "swbreak:;");
	else if (halt->reason == HALT_BREAKPOINT && !halt->is_software && dialect->hwbreak)
		text_add(reply, "hwbreak:;");
	text_add(reply, "thread:%s;", thread);
	if (dialect->lists_threads)
		text_add(reply, "threads:%s;", thread);
	if (dialect->takes_reasons)
		add_reason(stop, reply);
}

void
stop_add_register(unsigned number, uint32_t value, struct text *reply)
{
	uint8_t bytes[4];
	char digits[2 * sizeof(bytes) + 1];

	le32_put(bytes, value);
	hex_encode(digits, bytes, sizeof(bytes));
	text_add(reply, "%02x:%s;", number, digits);
}

void
stop_describe(const struct stop *stop, struct text *words)
{
	const struct halt *halt = &stop->halt;

	if (stop->is_locked_up) {
		text_add(words, "locked up");
		return;
	}
	text_add(words, "%s",
		 stop->is_led ? "halted with the other core" : reasons[halt->reason]);
	if (halt->reason == HALT_WATCHPOINT)
		text_add(words, " at 0x%08x", (unsigned)halt->watch_at);
	if (halt->reason == HALT_VECTOR_CATCH && stop_fault_name(stop) != NULL)
		text_add(words, ": %s", stop_fault_name(stop));
}
