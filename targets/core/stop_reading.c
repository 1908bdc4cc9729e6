/* SPDX-License-Identifier: MIT */
#include "targets/core/stop_reading.h"

/* DCRSR must not be written while it runs (C1.6.3), and DFSR says why it halted once it has;
 * reading DHCSR clears S_RESET_ST, so a reset since the reading before it keeps the gate shut
 * as well. */
static void
add_halt_gate(struct stop_reading *reading, size_t before)
{
	reading->gates.at[reading->gates.len++] = (struct mem_gate){
		.before = before,
		.at = DHCSR_AT,
		.mask = REG_MASK(DHCSR_S_HALT) | REG_MASK(DHCSR_S_RESET_ST),
		.value = REG_MASK(DHCSR_S_HALT),
	};
}

void
stop_reading_add(const struct core *core, struct batch *batch, struct stop_reading *reading)
{
	bool has_gates = mem_has_gates(&core->mem);

	reading->status = batch_read(batch, DHCSR_AT);
	reading->registers = batch->len;
	if (has_gates) {
		add_halt_gate(reading, batch->len);
		core_registers_batch(core, reading->reads, batch);
	}
	reading->evidence = halt_evidence_batch(core, batch);
	reading->glances = batch->len;
	if (has_gates && reading->reads != STOP_READS_NOTHING)
		glances_batch(core, batch);
}

/* Nobody has asked yet for what was refused last. */
static enum cause
forgive_glance(struct core *core, const struct stop_reading *reading, enum cause cause,
	       struct reason *why)
{
	if (cause == CAUSE_NONE || cause == CAUSE_GONE ||
	    reading->reached < reading->glances || core->glances_len == 0)
		return cause;
	core->glances_len = 0;
	*why = (struct reason)REASON_INIT;
	return CAUSE_NONE;
}

enum cause
stop_reading_run(struct core *core, struct batch *batch, struct stop_reading *reading,
		 struct reason *why)
{
	enum cause cause;

	if (reading->gates.len > 0) {
		cause = batch_run_gated(batch, &core->mem, &reading->gates,
					&reading->reached, why);
		return forgive_glance(core, reading, cause, why);
	}
	cause = batch_run(batch, &core->mem, why);
	reading->reached = cause == CAUSE_NONE ? batch->len : 0;
	return cause;
}

/* It had halted, and the gate was shut all the same: it was reset in between, which the gate
 * saw and cleared. */
static void
lose_halt_by_reset(struct core *core)
{
	core_left_halt(core);
	core->was_reset = true;
}

void
stop_reading_take(struct core *core, const struct batch *batch,
		  const struct stop_reading *reading)
{
	core_dhcsr_seen(core, batch_value(batch, reading->status));
	if (reading->reached >= reading->glances) {
		core_registers_take(core, batch, reading->registers, reading->evidence);
		halt_evidence_take(core, batch, reading->evidence);
		if (reading->glances < reading->reached && reading->reached == batch->len)
			glances_take(core, batch, reading->glances);
	} else if (core->is_halted) {
		lose_halt_by_reset(core);
	}
}
