/* SPDX-License-Identifier: MIT */
/*
 * Cross trigger interfaces (DDI 0480 CoreSight SoC-400, 3.10 and 4.9) and the matrix
 * between them, of four channels. A core's own: trigger input 0 tells that it halted,
 * output 0 asks it to halt and stays until acknowledged, output 7 lets it go on
 * (DDI 0489F Cortex-M7, 10.2, tables 10.1 and 10.2; DDI 0439 Cortex-M4: "Cross Trigger
 * Interface"; RM0399 63.5.4).
 *
 * A trigger input is a pulse (DDI 0489F, table 10.1): a debugger acknowledges a request while
 * the core that caused it is still halted, as OpenOCD's stm32h7x.cfg does.
 */
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/trace/types.h"

#include <assert.h>

enum {
	CONTROL = 0x000,
	INTACK = 0x010,
	APPSET = 0x014,
	APPCLEAR = 0x018,
	APPPULSE = 0x01C,
	INEN0 = 0x020,
	OUTEN0 = 0x0A0,
	TRIGOUTSTATUS = 0x134,
	CHOUTSTATUS = 0x13C,
	GATE = 0x140,
	DEVID = 0xFC8,
	TRIGGERS = 8
};
#define CONTROL_GLBEN UINT32_C(1)
#define CHANNELS      UINT32_C(0xF)

enum { TRIGIN_HALTED = 0, TRIGOUT_HALT = 0, TRIGOUT_RESTART = 7 };

struct cti {
	struct peripheral base;
	uint32_t control, appset, gate;
	uint32_t inen[TRIGGERS], outen[TRIGGERS];
	uint32_t requested; /* trigger outputs that wait for an acknowledge */
	uint32_t pulses;    /* channels to signal when the core's store is over */
	bool passes_halts;  /* counted in soc->triggers_len */
};

static struct cti *
cti_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct cti, base);
}

static const struct cti_kind *
kind_of(const struct cti *cti)
{
	return cti->base.place->parameters;
}

static struct cpu *
core_of(const struct cti *cti)
{
	uint8_t core = kind_of(cti)->core;

	return core == NO_CORE ? NULL : cti->base.soc->cores[core].cpu;
}

/* --- channels ------------------------------------------------------------------ */

static void
outputs_signal(struct cti *cti, uint32_t channels)
{
	struct cpu *cpu = core_of(cti);

	if (!(cti->control & CONTROL_GLBEN) || !cpu)
		return;
	if (cti->outen[TRIGOUT_HALT] & channels) {
		cti->requested |= 1u << TRIGOUT_HALT;
		cpu_debug_request(cpu, true);
	}
	if (cti->outen[TRIGOUT_RESTART] & channels)
		cpu_debug_restart(cpu);
}

/* From one interface to its own outputs, and by the matrix to all others; CTIGATE stands
 * between an interface and the matrix, both ways. */
static void
channels_signal(struct cti *from, uint32_t channels)
{
	struct soc *soc = from->base.soc;
	uint32_t outside = channels & from->gate;

	if (!(from->control & CONTROL_GLBEN) || !channels)
		return;
	outputs_signal(from, channels);
	for (unsigned i = 0; i < soc->peripherals_len; i++) {
		struct peripheral *other = soc->peripherals[i];

		if (other->type == &cti_type && other != &from->base)
			outputs_signal(cti_of(other), outside & cti_of(other)->gate);
	}
}

static void
cti_core_halted(struct peripheral *peripheral, unsigned core)
{
	struct cti *cti = cti_of(peripheral);

	if (kind_of(cti)->core == core)
		channels_signal(cti, cti->inen[TRIGIN_HALTED]);
}

static void
cti_due(struct peripheral *peripheral)
{
	struct cti *cti = cti_of(peripheral);
	uint32_t pulses = cti->pulses;

	peripheral->due_ns = NEVER;
	cti->pulses = 0;
	channels_signal(cti, pulses);
}

/* A core that executes its own store cannot be halted in the middle of it. */
static void
channels_signal_soon(struct cti *cti, uint32_t channels)
{
	struct soc *soc = cti->base.soc;

	if (!soc->running) {
		channels_signal(cti, channels);
		return;
	}
	cti->pulses |= channels;
	cti->base.due_ns = soc_time(soc);
	soc_wake(soc);
}

/* --- registers ----------------------------------------------------------------- */

static uint32_t *
matrix_register(struct cti *cti, uint32_t at)
{
	if (at >= INEN0 && at < INEN0 + 4 * TRIGGERS)
		return &cti->inen[(at - INEN0) / 4];
	if (at >= OUTEN0 && at < OUTEN0 + 4 * TRIGGERS)
		return &cti->outen[(at - OUTEN0) / 4];
	return NULL;
}

static enum bus_result
cti_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	struct cti *cti = cti_of(peripheral);
	const uint32_t *matrix = matrix_register(cti, at);

	*value = 0;
	if (matrix)
		*value = *matrix;
	else if (at >= DEVID)
		*value = coresight_ids_read(&kind_of(cti)->ids, at);
	else if (at == CONTROL)
		*value = cti->control;
	else if (at == APPSET || at == CHOUTSTATUS)
		*value = cti->appset;
	else if (at == TRIGOUTSTATUS)
		*value = cti->requested;
	else if (at == GATE)
		*value = cti->gate;
	return BUS_OK;
}

static void
acknowledge(struct cti *cti, uint32_t outputs)
{
	struct cpu *cpu = core_of(cti);

	if (cpu && cti->requested & outputs & 1u << TRIGOUT_HALT)
		cpu_debug_request(cpu, false);
	cti->requested &= ~outputs;
}

static void
count_passing(struct cti *cti)
{
	bool passes = cti->control & CONTROL_GLBEN && cti->inen[TRIGIN_HALTED];

	if (passes && !cti->passes_halts)
		cti->base.soc->triggers_len++;
	if (!passes && cti->passes_halts)
		cti->base.soc->triggers_len--;
	cti->passes_halts = passes;
}

static enum bus_result
cti_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct cti *cti = cti_of(peripheral);
	uint32_t *matrix = matrix_register(cti, at);

	assert(cti);
	value &= lanes;
	if (matrix)
		*matrix = value & CHANNELS;
	else if (at == CONTROL)
		cti->control = value & CONTROL_GLBEN;
	else if (at == INTACK)
		acknowledge(cti, value);
	else if (at == APPSET)
		cti->appset |= value & CHANNELS;
	else if (at == APPCLEAR)
		cti->appset &= ~value;
	else if (at == GATE)
		cti->gate = value & CHANNELS;
	if (at == APPSET || at == APPPULSE)
		channels_signal_soon(cti, value & CHANNELS);
	count_passing(cti);
	return BUS_OK;
}

/* Debug logic: only the power takes it back. */
static void
cti_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct cti *cti = cti_of(peripheral);

	if (depth != RESET_ALL)
		return;
	acknowledge(cti, UINT32_MAX);
	cti->control = 0;
	count_passing(cti);
	*cti = (struct cti){ .base = cti->base, .gate = CHANNELS };
	cti->base.due_ns = NEVER;
}

static const struct trigger_role cti_role = { cti_core_halted };

const struct peripheral_type cti_type = {
	.name = "CTI",
	.size = sizeof(struct cti),
	.read = cti_read,
	.write = cti_write,
	.reset = cti_reset,
	.due = cti_due,
	.trigger = &cti_role,
};
