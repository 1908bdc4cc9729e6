/* SPDX-License-Identifier: MIT */
#include "flash/runner/crash.h"

#include "flash/runner/context.h"
#include "targets/core/cortex_m.h"
#include "targets/core/fault.h"
#include "transport/base/bytes.h"

enum { WORDS_MAX = 320 };

/* The reason is complete without them when they cannot be read. */
static void
add_faults(struct core *core, struct text *words)
{
	struct reason unread = REASON_INIT;
	struct core_fault fault;

	if (!core_has_fault_registers(core) ||
	    core_fault_read(core, &fault, &unread) != CAUSE_NONE)
		return;
	text_add(words, "; HFSR 0x%08x, CFSR 0x%08x", (unsigned)fault.hfsr,
		 (unsigned)fault.cfsr);
	if (fault.cfsr == 0)
		return;
	text_add(words, " (");
	core_fault_add_cfsr(&fault, words);
	core_fault_add_addresses(&fault, words);
	text_add(words, ")");
}

static void
add_pc(const struct crash *crash, uint32_t pc, struct text *words)
{
	text_add(words, "PC was 0x%08x", (unsigned)pc);
	if (range_contains(crash->code_at, crash->code_size, pc, 1))
		text_add(words, " (offset 0x%x of the loader)",
			 (unsigned)(pc - crash->code_at));
}

/* DDI 0403E.e B1.5.6 to B1.5.8: an exception handler is entered with EXC_RETURN in LR and
 * the interrupted code's registers on the stack, LR and PC among them. */
#define EXC_RETURN_MIN 0xffffff00u
enum { FRAME_LR = 5, FRAME_PC = 6, FRAME_WORDS = 8 };

/* Goes back from the handler to where the exception was taken. */
static void
unwind(struct core *core, uint32_t *pc, uint32_t *lr)
{
	uint8_t frame[FRAME_WORDS * sizeof(uint32_t)];
	struct reason unread = REASON_INIT;
	uint32_t sp = 0;

	/* Without the frame the handler's own address is reported. */
	if (*lr < EXC_RETURN_MIN ||
	    context_register(core, "msp", &sp, &unread) != CAUSE_NONE ||
	    mem_read(core_memory(core), sp, frame, sizeof(frame), &unread) != CAUSE_NONE)
		return;
	*lr = le32_get(frame + FRAME_LR * sizeof(uint32_t));
	*pc = le32_get(frame + FRAME_PC * sizeof(uint32_t));
}

/* "PC was 0x20000084 (...), LR 0x..., xPSR 0x...; CFSR ..." */
static void
add_place(const struct crash *crash, struct text *words)
{
	struct reason unread = REASON_INIT;
	uint32_t pc = 0, lr = 0, xpsr = 0;

	/* A core that cannot be halted or read is reported as such. */
	if (core_halt(crash->core, &unread) != CAUSE_NONE ||
	    context_register(crash->core, "pc", &pc, &unread) != CAUSE_NONE ||
	    context_register(crash->core, "lr", &lr, &unread) != CAUSE_NONE ||
	    context_register(crash->core, "xpsr", &xpsr, &unread) != CAUSE_NONE) {
		text_add(words, "where it is cannot be read (%s)", reason_root(&unread));
		return;
	}
	if ((xpsr & XPSR_EXCEPTION) != 0)
		unwind(crash->core, &pc, &lr);
	add_pc(crash, pc, words);
	text_add(words, ", LR 0x%08x, xPSR 0x%08x (exception %u)", (unsigned)lr,
		 (unsigned)xpsr, (unsigned)(xpsr & XPSR_EXCEPTION));
	add_faults(crash->core, words);
}

static enum cause
explain_reset(const struct crash *crash, struct reason *why)
{
	reason_begin(why, CAUSE_TIMEOUT, "the chip was reset while the loader %s ran",
		     crash->name);
	reason_suspect(why, FINDING_C8);
	return CAUSE_TIMEOUT;
}

static const char *
halt_words(struct core *core)
{
	static const char *const words[] = {
		[HALT_REQUESTED] = "was halted by another debugger",
		[HALT_STEPPED] = "was halted by another debugger",
		[HALT_BREAKPOINT] = "ran into a breakpoint",
		[HALT_BKPT] = "ran into a BKPT instruction",
		[HALT_WATCHPOINT] = "ran into a watchpoint",
		[HALT_VECTOR_CATCH] = "crashed with a HardFault",
		[HALT_EXTERNAL] = "was halted from outside",
	};
	struct reason unread = REASON_INIT;
	struct halt halt = { 0 };

	/* Without its cause the halt is still a fact. */
	if (core_halt_why(core, &halt, &unread) != CAUSE_NONE)
		return "was halted";
	return words[halt.reason];
}

static const char *
state_words(const struct crash *crash)
{
	switch (crash->state) {
	case CORE_HALTED:
		return halt_words(crash->core);
	case CORE_LOCKED_UP:
		return "crashed and locked the core up";
	case CORE_SLEEPING:
		return "put the core to sleep";
	case CORE_IN_RESET:
		return "is held in reset";
	case CORE_RUNNING:
		break;
	}
	return "still runs";
}

enum cause
crash_explain(const struct crash *crash, struct reason *why)
{
	bool ran = crash->state == CORE_RUNNING || crash->state == CORE_SLEEPING;
	const char *what;
	char buffer[WORDS_MAX];
	struct text words;

	if (crash->was_reset || crash->state == CORE_IN_RESET)
		return explain_reset(crash, why);
	what = state_words(crash);
	text_init(&words, buffer, sizeof(buffer));
	add_place(crash, &words);
	if (ran)
		return reason_begin(why, CAUSE_TIMEOUT, "the loader %s %s after %u ms: %s",
				    crash->name, what, (unsigned)crash->waited_ms, buffer);
	return reason_begin(why, CAUSE_FAULT, "the loader %s %s: %s", crash->name, what,
			    buffer);
}
