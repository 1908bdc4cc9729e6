/* SPDX-License-Identifier: MIT */
#include "targets/core/fault.h"

#include "targets/core/core_internal.h"
#include "transport/base/reg.h"

/* ARMv7-M ARM DDI 0403E, B3.2.2: CFSR, HFSR, DFSR, MMFAR and BFAR lie side by side. */
#define CFSR_AT 0xe000ed28u
enum { CFSR_WORD, HFSR_WORD, DFSR_WORD, MMFAR_WORD, BFAR_WORD, FAULT_WORDS };
/* DDI 0553B.l D1.2.203 SFSR and D1.2.202 SFAR: of ARMv8-M with the Security Extension; they read 0
 * where it is off, and to a debugger that may not see the Secure state. */
#define SFSR_AT 0xe000ede4u
enum { SFSR_WORD, SFAR_WORD, SECURE_WORDS };

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
	F(CFSR, STKOF, 20, 1, "the stack went below its limit (MSPLIM, PSPLIM)")          \
	F(CFSR, UNALIGNED, 24, 1, "an access that is not aligned")                        \
	F(CFSR, DIVBYZERO, 25, 1, "a division by zero")
REG_CONSTANTS(CFSR);
static const struct reg_field cfsr_fields[] = REG_FIELDS(CFSR);

/* DDI 0553B.l D1.2.203 */
#define SFSR(F)                                                                         \
	F(SFSR, INVEP, 0, 1,                                                            \
	  "the Secure state was entered elsewhere than at an SG "                       \
	  "instruction")                                                                \
	F(SFSR, INVIS, 1, 1,                                                            \
	  "the frame of an exception has no integrity signature: was "                  \
	  "the stack overwritten?")                                                     \
	F(SFSR, INVER, 2, 1, "a wrong EXC_RETURN: was the stack overwritten?")          \
	F(SFSR, AUVIOL, 3, 1,                                                           \
	  "non-secure code accessed what the SAU or IDAU has as Secure, at SFAR")       \
	F(SFSR, INVTRAN, 4, 1,                                                          \
	  "secure code went to non-secure code otherwise than by BXNS or BLXNS")        \
	F(SFSR, LSPERR, 5, 1, "saving the FPU's state broke the border of SAU or IDAU") \
	F(SFSR, SFARVALID, 6, 1, "SFAR holds the address")                              \
	F(SFSR, LSERR, 7, 1, "the lazy saving of the FPU's state went wrong")
REG_CONSTANTS(SFSR);
static const struct reg_field sfsr_fields[] = REG_FIELDS(SFSR);

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
	struct mem_word words[FAULT_WORDS + SECURE_WORDS];
	const struct mem_word *secure = &words[FAULT_WORDS];
	size_t len = core->is_v8m ? FAULT_WORDS + SECURE_WORDS : FAULT_WORDS;
	enum cause cause;

	for (uint32_t i = 0; i < FAULT_WORDS; i++)
		words[i] = (struct mem_word){ .at = CFSR_AT + 4 * i };
	for (uint32_t i = 0; i < SECURE_WORDS; i++)
		words[FAULT_WORDS + i] = (struct mem_word){ .at = SFSR_AT + 4 * i };
	cause = mem_batch(core_memory(core), words, len, why);
	*fault = (struct core_fault){ .cfsr = words[CFSR_WORD].value,
				      .hfsr = words[HFSR_WORD].value,
				      .mmfar = words[MMFAR_WORD].value,
				      .bfar = words[BFAR_WORD].value,
				      .sfsr = secure[SFSR_WORD].value,
				      .sfar = secure[SFAR_WORD].value };
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
core_fault_add_sfsr(const struct core_fault *fault, struct text *words)
{
	reg_explain(sfsr_fields, fault->sfsr & ~REG_MASK(SFSR_SFARVALID), words);
	if (REG_GET(fault->sfsr, SFSR_SFARVALID) != 0)
		text_add(words, "; SFAR is 0x%08x", (unsigned)fault->sfar);
}

void
core_fault_add_addresses(const struct core_fault *fault, struct text *words)
{
	if (REG_GET(fault->cfsr, CFSR_MMARVALID) != 0)
		text_add(words, "; MMFAR is 0x%08x", (unsigned)fault->mmfar);
	if (REG_GET(fault->cfsr, CFSR_BFARVALID) != 0)
		text_add(words, "; BFAR is 0x%08x", (unsigned)fault->bfar);
}
