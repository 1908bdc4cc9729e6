/* SPDX-License-Identifier: MIT */
#include "targets/core_internal.h"

/* What was read to find out why. */
struct halt_evidence {
	uint32_t dfsr, demcr;
	uint32_t functions[CORE_MAX_WATCHPOINTS]; /* DWT_FUNCTION of each comparator */
	uint32_t pc, xpsr;
};

static enum cause
read_debug_registers(struct core *core, struct halt_evidence *seen, struct reason *why)
{
	struct batch batch = { 0 };
	size_t dfsr = batch_read(&batch, DFSR_AT);
	size_t demcr = batch_read(&batch, DEMCR_AT);
	size_t functions = batch.len;
	enum cause cause;

	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		batch_read(&batch, DWT_FUNCTION_AT(i));
	batch_write(&batch, DFSR_AT, DFSR_ALL);
	cause = batch_run(&batch, &core->mem, why);
	if (cause != CAUSE_NONE)
		return cause;
	seen->dfsr = batch_value(&batch, dfsr);
	seen->demcr = batch_value(&batch, demcr);
	for (unsigned i = 0; i < core->identity.watchpoints; i++)
		seen->functions[i] = batch_value(&batch, functions + i);
	return CAUSE_NONE;
}

static enum cause
read_evidence(struct core *core, struct halt_evidence *seen, struct reason *why)
{
	uint64_t xpsr = 0;
	enum cause cause = read_debug_registers(core, seen, why);

	if (cause == CAUSE_NONE)
		cause = core_pc_read(core, &seen->pc, why);
	if (cause == CAUSE_NONE)
		cause = core_register_read(core, &core_register_table[REGISTER_XPSR], &xpsr,
					   why);
	seen->xpsr = (uint32_t)xpsr;
	return cause;
}

/* The most telling of the bits that are set; several may be at once. Without any, as when
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
tell_breakpoint(struct core *core, struct halt *halt)
{
	enum breakpoint_kind kind = breakpoint_at(core, halt->pc);

	halt->is_software = kind == BREAKPOINT_SOFTWARE;
	if (kind != BREAKPOINT_NONE)
		return;
	halt->reason = HALT_BKPT;
	core->is_at_own_bkpt = true;
	core->own_bkpt_at = halt->pc;
}

static void
tell_watchpoint(const struct core *core, const struct halt_evidence *seen,
		struct halt *halt)
{
	for (unsigned i = 0; i < core->identity.watchpoints; i++) {
		const struct watch *watch = &core->watches[i];

		if (!watch->is_used ||
		    REG_GET(seen->functions[i], DWT_FUNCTION_MATCHED) == 0)
			continue;
		halt->watch_at = watch->at;
		halt->watch_kind = watch->kind;
		return;
	}
}

enum cause
core_halt_why(struct core *core, struct halt *halt, struct reason *why)
{
	struct halt_evidence seen = { 0 };
	enum cause cause = read_evidence(core, &seen, why);

	if (cause != CAUSE_NONE)
		return reason_while(why, "asking %s why it halted", core->name);
	*halt = (struct halt){
		.reason = reason_by_dfsr(core, seen.dfsr),
		.pc = seen.pc,
		.exception = (uint16_t)(seen.xpsr & XPSR_EXCEPTION),
	};
	if (halt->reason == HALT_BREAKPOINT)
		tell_breakpoint(core, halt);
	if (halt->reason == HALT_WATCHPOINT)
		tell_watchpoint(core, &seen, halt);
	if (halt->reason == HALT_VECTOR_CATCH)
		halt->caught_vectors = seen.demcr & DEMCR_VC_ALL;
	return CAUSE_NONE;
}
