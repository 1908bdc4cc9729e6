/* SPDX-License-Identifier: MIT */
#include "targets/core/fault.h"

#include "transport/base/reg.h"

/* ARMv7-M ARM DDI 0403E, B3.2.2: CFSR, HFSR, DFSR, MMFAR and BFAR lie side by side. */
#define CFSR_AT 0xe000ed28u
enum { CFSR_WORD, HFSR_WORD, DFSR_WORD, MMFAR_WORD, BFAR_WORD, FAULT_WORDS };

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
core_has_fault_registers(const struct core *core)
{
	return (core_identity(core)->features & FEATURE_MAINLINE) != 0;
}

enum cause
core_fault_read(struct core *core, struct core_fault *fault, struct reason *why)
{
	struct mem_word words[FAULT_WORDS];
	enum cause cause;

	for (uint32_t i = 0; i < FAULT_WORDS; i++)
		words[i] = (struct mem_word){ .at = CFSR_AT + 4 * i };
	cause = mem_batch(core_memory(core), words, FAULT_WORDS, why);
	*fault = (struct core_fault){ .cfsr = words[CFSR_WORD].value,
				      .hfsr = words[HFSR_WORD].value,
				      .mmfar = words[MMFAR_WORD].value,
				      .bfar = words[BFAR_WORD].value };
	return cause;
}

void
core_fault_add_cfsr(const struct core_fault *fault, struct text *words)
{
	const uint32_t valid = REG_MASK(CFSR_MMARVALID) | REG_MASK(CFSR_BFARVALID);

	reg_explain(cfsr_fields, fault->cfsr & ~valid, words);
}

void
core_fault_add_hfsr(const struct core_fault *fault, struct text *words)
{
	reg_explain(hfsr_fields, fault->hfsr, words);
}

void
core_fault_add_addresses(const struct core_fault *fault, struct text *words)
{
	if (REG_GET(fault->cfsr, CFSR_MMARVALID) != 0)
		text_add(words, "; MMFAR is 0x%08x", (unsigned)fault->mmfar);
	if (REG_GET(fault->cfsr, CFSR_BFARVALID) != 0)
		text_add(words, "; BFAR is 0x%08x", (unsigned)fault->bfar);
}
