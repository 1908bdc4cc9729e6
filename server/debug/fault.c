/* SPDX-License-Identifier: MIT */
#include "server/debug/fault.h"

#include "transport/base/reg.h"

/* ARMv7-M ARM DDI 0403E, B3.2.2: the System Control Block. */
static const uint32_t cfsr_at = UINT32_C(0xe000ed28);
enum { FAULT_WORDS = 5 };

/* DDI 0403E, B3.2.15 */
#define CFSR(F)                                                                           \
	F(CFSR, IACCVIOL, 0, 1, "an instruction was fetched where none may be executed")  \
	F(CFSR, DACCVIOL, 1, 1, "an access the MPU forbids, at MMFAR")                    \
	F(CFSR, MUNSTKERR, 3, 1, "the MPU forbade unstacking")                            \
	F(CFSR, MSTKERR, 4, 1, "the MPU forbade stacking: is the stack used up?")         \
	F(CFSR, MLSPERR, 5, 1, "the MPU forbade saving the FPU's state")                  \
	F(CFSR, MMARVALID, 7, 1, "MMFAR holds the address")                               \
	F(CFSR, IBUSERR, 8, 1, "nothing could be fetched at PC")                          \
	F(CFSR, PRECISERR, 9, 1, "an access to an address that does not answer, at BFAR") \
	F(CFSR, IMPRECISERR, 10, 1, "a buffered write some instructions ago failed")      \
	F(CFSR, UNSTKERR, 11, 1, "unstacking failed: is SP right?")                       \
	F(CFSR, STKERR, 12, 1, "stacking failed: is SP right, is the stack used up?")     \
	F(CFSR, LSPERR, 13, 1, "saving the FPU's state failed")                           \
	F(CFSR, BFARVALID, 15, 1, "BFAR holds the address")                               \
	F(CFSR, UNDEFINSTR, 16, 1, "an instruction this core does not have")              \
	F(CFSR, INVSTATE, 17, 1,                                                          \
	  "a jump to an even address, or a program for another core")                     \
	F(CFSR, INVPC, 18, 1, "a wrong EXC_RETURN: was the stack overwritten?")           \
	F(CFSR, NOCP, 19, 1, "an FPU instruction while the FPU is off, or not there")     \
	F(CFSR, UNALIGNED, 24, 1, "an access that is not aligned")                        \
	F(CFSR, DIVBYZERO, 25, 1, "a division by zero")
REG_CONSTANTS(CFSR);
static const struct reg_field cfsr_fields[] = REG_FIELDS(CFSR);

/* DDI 0403E, B3.2.16 */
#define HFSR(F)                                                                       \
	F(HFSR, VECTTBL, 1, 1, "the vector table could not be read")                  \
	F(HFSR, FORCED, 30, 1, "another fault whose handler is off or could not run") \
	F(HFSR, DEBUGEVT, 31, 1, "a BKPT without a debugger")
REG_CONSTANTS(HFSR);
static const struct reg_field hfsr_fields[] = REG_FIELDS(HFSR);

bool
fault_is_worth_words(const struct stop *stop)
{
	return stop->is_locked_up ||
	       (stop->halt.reason == HALT_VECTOR_CATCH && stop_signal(stop) != STOP_TRAP);
}

/* CFSR, HFSR, DFSR, MMFAR and BFAR lie side by side. DFSR is left out: targets/ has
 * cleared it already. */
static enum cause
read_fault_registers(struct debuggee *debuggee, uint32_t *registers, struct reason *why)
{
	struct mem_word words[FAULT_WORDS];
	enum cause cause;

	for (uint32_t i = 0; i < FAULT_WORDS; i++)
		words[i] = (struct mem_word){ .at = cfsr_at + 4 * i };
	cause = mem_batch(core_memory(debuggee_core(debuggee)), words, FAULT_WORDS, why);
	for (uint32_t i = 0; i < FAULT_WORDS; i++)
		registers[i] = words[i].value;
	return cause;
}

static void
add_registers(const uint32_t *registers, struct text *words)
{
	uint32_t cfsr = registers[0], hfsr = registers[1];

	text_add(words, "\n  because CFSR is 0x%08x: ", (unsigned)cfsr);
	reg_explain(cfsr_fields, cfsr, words);
	text_add(words, "\n  because HFSR is 0x%08x: ", (unsigned)hfsr);
	reg_explain(hfsr_fields, hfsr, words);
	if (REG_GET(cfsr, CFSR_MMARVALID))
		text_add(words, "; MMFAR is 0x%08x", (unsigned)registers[3]);
	if (REG_GET(cfsr, CFSR_BFARVALID))
		text_add(words, "; BFAR is 0x%08x", (unsigned)registers[4]);
}

void
fault_explain(struct debuggee *debuggee, char *words, size_t size)
{
	uint32_t registers[FAULT_WORDS];
	struct reason why = REASON_INIT;
	struct text text;

	text_init(&text, words, size);
	text_add(&text, "%s is ", debuggee->name);
	stop_describe(&debuggee->stop, &text);
	/* ARMv6-M has a HardFault and no word on why (DDI 0419C, B3.2.2). */
	if ((core_identity(debuggee_core(debuggee))->features & FEATURE_MAINLINE) == 0)
		return;
	if (read_fault_registers(debuggee, registers, &why) == CAUSE_NONE)
		add_registers(registers, &text);
	else
		text_add(&text, "\n  the fault registers could not be read: %s",
			 reason_root(&why));
	if (debuggee->stop.is_locked_up)
		text_add(&text,
			 "\ntry: load a program and monitor reset halt; a core whose "
			 "flash is empty locks up as well");
}
