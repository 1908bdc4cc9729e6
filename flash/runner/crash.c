/* SPDX-License-Identifier: MIT */
#include "flash/runner/crash.h"

#include "flash/runner/context.h"
#include "targets/core/cortex_m.h"
#include "transport/base/bytes.h"

enum { WORDS_MAX = 320 };

/* DDI 0403E.e B3.2.15 to B3.2.18 */
#define CFSR_AT  0xe000ed28u
#define HFSR_AT  0xe000ed2cu
#define MMFAR_AT 0xe000ed34u
#define BFAR_AT  0xe000ed38u

#define CFSR(F)                                                               \
	F(CFSR, IACCVIOL, 0, 1, "the MPU forbids to execute there")           \
	F(CFSR, DACCVIOL, 1, 1, "the MPU forbids the access to MMFAR")        \
	F(CFSR, MUNSTKERR, 3, 1, "MPU fault on exception return")             \
	F(CFSR, MSTKERR, 4, 1, "MPU fault on exception entry")                \
	F(CFSR, IBUSERR, 8, 1, "an instruction could not be fetched")         \
	F(CFSR, PRECISERR, 9, 1, "an access to the address in BFAR failed")   \
	F(CFSR, IMPRECISERR, 10, 1, "an earlier write failed")                \
	F(CFSR, UNSTKERR, 11, 1, "bus fault on exception return")             \
	F(CFSR, STKERR, 12, 1, "bus fault on exception entry")                \
	F(CFSR, UNDEFINSTR, 16, 1, "an undefined instruction")                \
	F(CFSR, INVSTATE, 17, 1, "an instruction outside Thumb state")        \
	F(CFSR, INVPC, 18, 1, "a wrong exception return")                     \
	F(CFSR, NOCP, 19, 1, "a coprocessor instruction, and the FPU is off") \
	F(CFSR, UNALIGNED, 24, 1, "an unaligned access")                      \
	F(CFSR, DIVBYZERO, 25, 1, "a division by zero")
REG_CONSTANTS(CFSR);
static const struct reg_field cfsr_fields[] = REG_FIELDS(CFSR);

/* CFSR and its companions do not exist on an ARMv6-M core and read 0 there. */
static void
add_faults(struct core *core, struct text *words)
{
	struct mem_word reads[] = { { .at = CFSR_AT },
				    { .at = HFSR_AT },
				    { .at = BFAR_AT } };
	struct reason unread = REASON_INIT;

	/* The story is told without them when they cannot be read. */
	if (mem_batch(core_memory(core), reads, array_len(reads), &unread) != CAUSE_NONE)
		return;
	text_add(words, "; HFSR 0x%08x, CFSR 0x%08x", (unsigned)reads[1].value,
		 (unsigned)reads[0].value);
	if (reads[0].value == 0)
		return;
	text_add(words, " (");
	reg_explain(cfsr_fields, reads[0].value, words);
	text_add(words, ")");
	if (REG_GET(reads[0].value, CFSR_PRECISERR) != 0)
		text_add(words, ", BFAR 0x%08x", (unsigned)reads[2].value);
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

	/* Without the frame the handler's own address is told. */
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

	/* That it cannot be halted or read is part of the story, not its end. */
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
tell_reset(const struct crash *crash, struct reason *why)
{
	reason_begin(why, CAUSE_TIMEOUT, "the chip was reset while the loader %s ran",
		     crash->name);
	reason_hint(why, "a watchdog that the option bytes start, a supply that drops when "
			 "flash is programmed, or something that drives NRST");
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

	/* Not knowing why is told as such. */
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
crash_tell(const struct crash *crash, struct reason *why)
{
	bool ran = crash->state == CORE_RUNNING || crash->state == CORE_SLEEPING;
	const char *what;
	char buffer[WORDS_MAX];
	struct text words;

	if (crash->was_reset || crash->state == CORE_IN_RESET)
		return tell_reset(crash, why);
	what = state_words(crash);
	text_init(&words, buffer, sizeof(buffer));
	add_place(crash, &words);
	if (ran)
		return reason_begin(why, CAUSE_TIMEOUT, "the loader %s %s after %u ms: %s",
				    crash->name, what, (unsigned)crash->waited_ms, buffer);
	return reason_begin(why, CAUSE_FAULT, "the loader %s %s: %s", crash->name, what,
			    buffer);
}
