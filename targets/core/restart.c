/* SPDX-License-Identifier: MIT */
/* restart.c - a core as a reset leaves it, without one. */
#include "targets/core/core_internal.h"

/* DDI 0403E.e: B3.2.2, B3.3.1, B3.4.1. ARMv6-M (DDI 0419E, B3.2.2 and B3.4.1) has the first
 * register of each of the NVIC's and neither SHCSR nor the fault status. */
#define SYST_CSR_AT     0xe000e010u
#define NVIC_ICER_AT(n) (0xe000e180u + 4u * (uint32_t)(n))
#define NVIC_ICPR_AT(n) (0xe000e280u + 4u * (uint32_t)(n))
#define ICSR_AT         0xe000ed04u
#define VTOR_AT         0xe000ed08u
#define SHCSR_AT        0xe000ed24u
#define CFSR_AT         0xe000ed28u
#define HFSR_AT         0xe000ed2cu

/* DDI 0403E.e B3.2.6: only in debug state. It clears IPSR, too. */
enum { AIRCR_VECTCLRACTIVE = 1 << 1 };
/* DDI 0403E.e B3.2.4 */
enum { ICSR_PENDSTCLR = 1 << 25, ICSR_PENDSVCLR = 1 << 27 };
#define ALL_ONES 0xffffffffu

enum { NVIC_WORDS = 8, VECTOR_WORDS = 2 };

static void
batch_exceptions(const struct core *core, struct batch *batch)
{
	bool is_mainline = (core->identity.features & FEATURE_MAINLINE) != 0;

	batch_write(batch, SYST_CSR_AT, 0);
	for (unsigned i = 0; i < (is_mainline ? NVIC_WORDS : 1); i++) {
		batch_write(batch, NVIC_ICER_AT(i), ALL_ONES);
		batch_write(batch, NVIC_ICPR_AT(i), ALL_ONES);
	}
	batch_write(batch, ICSR_AT, ICSR_PENDSTCLR | ICSR_PENDSVCLR);
	batch_write(batch, AIRCR_AT,
		    REG_PUT(AIRCR_KEY, AIRCR_VECTKEY) | AIRCR_VECTCLRACTIVE);
	batch_write(batch, DFSR_AT, DFSR_ALL);
	if (!is_mainline)
		return;
	batch_write(batch, SHCSR_AT, 0);
	batch_write(batch, CFSR_AT, ALL_ONES);
	batch_write(batch, HFSR_AT, ALL_ONES);
}

/* CONTROL first: it says which stack pointer SP is. */
static enum cause
write_registers(struct core *core, const uint32_t *vectors, struct reason *why)
{
	const struct {
		uint8_t selector;
		uint8_t needs;
		uint32_t value;
	} registers[] = {
		{ SELECTOR_SPECIAL, FEATURE_ALWAYS, 0 },
		{ SELECTOR_MSPLIM, FEATURE_STACK_LIMITS, 0 },
		{ SELECTOR_PSPLIM, FEATURE_STACK_LIMITS, 0 },
		{ SELECTOR_MSPLIM_S, FEATURE_SECURITY, 0 },
		{ SELECTOR_PSPLIM_S, FEATURE_SECURITY, 0 },
		{ SELECTOR_MSPLIM, FEATURE_SECURITY | FEATURE_MAINLINE, 0 },
		{ SELECTOR_PSPLIM, FEATURE_SECURITY | FEATURE_MAINLINE, 0 },
		{ SELECTOR_PSP, FEATURE_ALWAYS, 0 },
		{ SELECTOR_MSP, FEATURE_ALWAYS, align_down(vectors[0], 4) },
		{ SELECTOR_LR, FEATURE_ALWAYS, LR_RESET },
		{ SELECTOR_XPSR, FEATURE_ALWAYS, XPSR_RESET },
	};
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; i < array_len(registers) && cause == CAUSE_NONE; i++)
		if ((registers[i].needs & ~core->identity.features) == 0)
			cause = core_selector_write(core, registers[i].selector,
						    registers[i].value, why);
	return cause == CAUSE_NONE ? core_pc_write(core, vectors[1], why) : cause;
}

static enum cause
read_vectors(struct core *core, uint32_t *vectors, uint32_t *table, struct reason *why)
{
	uint8_t bytes[4 * VECTOR_WORDS];
	enum cause cause = mem_read32(&core->mem, VTOR_AT, table, why);

	if (cause == CAUSE_NONE)
		cause = mem_read(&core->mem, *table, bytes, sizeof(bytes), why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "reading the vector table");
	for (unsigned i = 0; i < VECTOR_WORDS; i++)
		vectors[i] = le32_get(bytes + 4 * i);
	return CAUSE_NONE;
}

enum cause
core_restart(struct core *core, uint32_t *table, struct reason *why)
{
	uint32_t vectors[VECTOR_WORDS] = { 0 };
	struct batch batch = { 0 };
	enum cause cause = CAUSE_NONE;

	*table = 0;
	if (core_is_held(core))
		return core_halt(core, why);
	if (!core->is_halted)
		cause = core_halt(core, why);
	if (cause == CAUSE_NONE)
		cause = read_vectors(core, vectors, table, why);
	batch_exceptions(core, &batch);
	if (cause == CAUSE_NONE)
		cause = batch_run(&batch, &core->mem, why);
	core_cache_drop(core);
	if (cause == CAUSE_NONE)
		cause = write_registers(core, vectors, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "putting %s into its reset state", core->name);
}

enum cause
core_restart_at(struct core *core, uint32_t table, struct reason *why)
{
	enum cause cause = core->is_halted ? CAUSE_NONE : core_halt(core, why);

	if (cause == CAUSE_NONE)
		cause = mem_write32(&core->mem, VTOR_AT, table, why);
	return cause == CAUSE_NONE ? core_restart(core, &table, why) : cause;
}
