/* SPDX-License-Identifier: MIT */
#include "targets/core/core_internal.h"

size_t
halt_evidence_batch(const struct core *core, struct batch *batch)
{
	size_t first = batch_read(batch, DFSR_AT);

	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		if (core->watches[i].is_used)
			batch_read(batch, DWT_FUNCTION_AT(i));
	return first;
}

void
halt_evidence_take(struct core *core, const struct batch *batch, size_t first)
{
	struct halt_evidence *evidence = &core->evidence;
	size_t function = first + 1;

	evidence->is_read = core->is_halted;
	evidence->dfsr = batch_value(batch, first);
	core->is_dfsr_clean =
		core->is_halted && (evidence->dfsr & ~REG_MASK(DFSR_HALTED)) == 0;
	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		if (core->watches[i].is_used &&
		    REG_GET(batch_value(batch, function++), DWT_FUNCTION_MATCHED) != 0)
			evidence->matched |= 1u << i;
}

/* It halted by itself. What DFSR says is cleared here, or when it runs again. */
static enum cause
read_debug_registers(struct core *core, struct reason *why)
{
	struct batch batch = { 0 };
	size_t first = halt_evidence_batch(core, &batch);
	enum cause cause;

	batch_write(&batch, DFSR_AT, DFSR_ALL);
	cause = batch_run(&batch, &core->mem, why);
	if (cause != CAUSE_NONE)
		return cause;
	halt_evidence_take(core, &batch, first);
	core->is_dfsr_clean = core->is_halted;
	return CAUSE_NONE;
}

static enum cause
read_evidence(struct core *core, uint32_t *pc, uint64_t *xpsr, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (!core->evidence.is_read)
		cause = read_debug_registers(core, why);
	if (cause == CAUSE_NONE)
		cause = core_pc_read(core, pc, why);
	if (cause == CAUSE_NONE)
		cause = core_register_read(core, &core_register_table[REGISTER_XPSR], xpsr,
					   why);
	return cause;
}

/* The most specific of the bits that are set; several may be at once. Without any, as when
 * a BKPT of the program's own was passed, it is what was last asked for. */
static enum halt_reason
reason_by_dfsr(const struct core *core, uint32_t dfsr)
{
	static const struct {
		uint32_t mask;
		enum halt_reason reason;
	} reasons[] = {
		{ REG_MASK(DFSR_VCATCH), HALT_VECTOR_CATCH },
		{ REG_MASK(DFSR_BKPT), HALT_BREAKPOINT },
		{ REG_MASK(DFSR_DWTTRAP), HALT_WATCHPOINT },
		{ REG_MASK(DFSR_EXTERNAL), HALT_EXTERNAL },
	};

	for (size_t i = 0; i < array_len(reasons); i++)
		if ((dfsr & reasons[i].mask) != 0)
			return reasons[i].reason;
	return core->is_stepped ? HALT_STEPPED : HALT_REQUESTED;
}

static void
find_breakpoint(struct core *core, struct halt *halt)
{
	enum breakpoint_means means = breakpoint_at(core, halt->pc);
	struct reason unread = REASON_INIT;
	uint8_t opcode[BKPT_SIZE];

	/* Under a comparator there may be one as well. */
	core->may_be_at_bkpt = true;
	halt->is_software = means == BREAKPOINT_PLANTED;
	if (means != BREAKPOINT_NOT_HERE) {
		breakpoint_note_hit(core, halt->pc);
		return;
	}
	halt->reason = HALT_BKPT;
	/* That it cannot be read does not change why the core halted. */
	if (core_memory_read(core, halt->pc, opcode, sizeof(opcode), &unread) != CAUSE_NONE)
		return;
	halt->opcode = le16_get(opcode);
	/* One that was removed in the moment in which it was hit. */
	if ((halt->opcode & BKPT_MASK) != BKPT_OPCODE)
		halt->reason = HALT_BREAKPOINT;
}

static void
find_watchpoint(const struct core *core, struct halt *halt)
{
	for (unsigned i = 0; i < core->identity.watchpoints; i++) {
		const struct watch *watch = &core->watches[i];

		if (!watch->is_used || (core->evidence.matched >> i & 1) == 0)
			continue;
		halt->watch_at = watch->asked_at;
		halt->watch_kind = watch->kind;
		return;
	}
}

static enum cause
read_caught(struct core *core, struct halt *halt, struct reason *why)
{
	uint32_t demcr = 0;
	enum cause cause = mem_read32(&core->mem, DEMCR_AT, &demcr, why);

	halt->caught_vectors = demcr & DEMCR_VC_ALL;
	return cause;
}

enum cause
core_halt_why(struct core *core, struct halt *halt, struct reason *why)
{
	struct halt_evidence *seen = &core->evidence;
	uint64_t xpsr = 0;
	uint32_t pc = 0;
	enum cause cause;

	if (core_is_held(core))
		*seen = (struct halt_evidence){ .is_read = true };
	cause = read_evidence(core, &pc, &xpsr, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "asking %s why it halted", core->name);
	*halt = (struct halt){
		.reason = reason_by_dfsr(core, seen->dfsr),
		.pc = pc,
		.exception = (uint16_t)(xpsr & XPSR_EXCEPTION),
		.events = (uint8_t)(seen->dfsr & DFSR_ALL),
	};
	if (halt->reason == HALT_BREAKPOINT)
		find_breakpoint(core, halt);
	if (halt->reason == HALT_WATCHPOINT)
		find_watchpoint(core, halt);
	if (halt->reason == HALT_VECTOR_CATCH)
		cause = read_caught(core, halt, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "asking %s what it caught", core->name);
	seen->dfsr = 0; /* reported */
	return CAUSE_NONE;
}
