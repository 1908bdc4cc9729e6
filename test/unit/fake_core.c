/* SPDX-License-Identifier: MIT */
#include "test/unit/fake_core.h"

#include <assert.h>
#include <stdlib.h>

/* DDI 0403E.e C1.6, C1.8, C1.11, B3.2; written apart from targets/ on purpose. */
enum {
	C_DEBUGEN = 1 << 0,
	C_HALT = 1 << 1,
	C_STEP = 1 << 2,
	C_MASKINTS = 1 << 3,
	S_REGRDY = 1 << 16,
	S_HALT = 1 << 17,
	S_SLEEP = 1 << 18,
	S_LOCKUP = 1 << 19,
	S_RESET_ST = 1 << 25,
	DFSR_HALTED = 1,
	DFSR_BKPT = 2,
	DFSR_DWTTRAP = 4,
	DFSR_VCATCH = 8,
	VC_CORERESET = 1,
	MATCHED = 1 << 24,
	PC = 15,
	XPSR = 16
};

static bool
is_in_reset(const struct fake_core *core)
{
	return core->is_nrst_low || core->probe->now_us < core->nrst_high_at_us;
}

static void
halt(struct fake_core *core, uint32_t dfsr)
{
	core->is_halted = true;
	core->is_asleep = false;
	core->dfsr |= dfsr;
}

void
fake_core_reset(struct fake_core *core)
{
	core->resets++;
	core->demcr_at_reset = core->demcr;
	core->was_reset = true;
	core->is_halted = core->is_asleep = core->is_locked_up = false;
	core->control &= ~(uint32_t)(C_HALT | C_STEP);
	core->r[PC] = core->vector;
	core->r[XPSR] = 0x01000000;
	if ((core->control & C_DEBUGEN) != 0 && (core->demcr & VC_CORERESET) != 0)
		halt(core, DFSR_VCATCH);
}

/* NRST takes effect when it is let go and has risen, as far as a test can tell. */
static void
on_nrst(void *context, bool low)
{
	struct fake_core *core = context;

	if (core->is_nrst_open || low == core->is_nrst_low)
		return;
	core->is_nrst_low = low;
	core->was_reset = true;
	if (low)
		return;
	core->nrst_high_at_us = core->probe->now_us + core->nrst_rise_us;
	fake_core_reset(core);
}

static bool
has_bkpt_in_memory(const struct fake_core *core, uint32_t pc)
{
	for (size_t i = 0; i < core->probe->regions_len; i++) {
		const struct fake_region *region = &core->probe->regions[i];

		if (pc >= region->at && pc - region->at + 2 <= region->size)
			return region->bytes[pc - region->at + 1] == 0xbe;
	}
	return false;
}

static bool
has_breakpoint(const struct fake_core *core, uint32_t pc)
{
	uint32_t half = (pc & 2) != 0 ? 2 : 1;

	for (unsigned i = 0; i < FAKE_CORE_COMPARATORS; i++) {
		uint32_t comp = core->fp_comp[i];

		if ((core->fp_ctrl & 1) != 0 && (comp & 1) != 0 &&
		    (comp & 0x1ffffffc) == (pc & ~3u) && ((comp >> 30) & half) != 0)
			return true;
	}
	return has_bkpt_in_memory(core, pc);
}

void
fake_core_arrives(struct fake_core *core, uint32_t pc)
{
	assert(!core->is_halted);
	core->r[PC] = pc;
	if ((core->control & C_DEBUGEN) != 0 && has_breakpoint(core, pc))
		halt(core, DFSR_BKPT);
}

/* C1.8.17, table C1-14: bit 0 of 5, 6, 7 is reading, bit 1 writing. */
void
fake_core_touches(struct fake_core *core, uint32_t at, bool is_write)
{
	assert(!core->is_halted);
	for (unsigned i = 0; i < FAKE_CORE_WATCHES; i++) {
		uint32_t function = core->dwt_function[i] & 0xf;

		if (function < 5 || (function & (is_write ? 2 : 1)) == 0 ||
		    at >> core->dwt_mask[i] != core->dwt_comp[i] >> core->dwt_mask[i])
			continue;
		core->dwt_function[i] |= MATCHED;
		halt(core, DFSR_DWTTRAP);
	}
}

static void
step(struct fake_core *core)
{
	core->steps++;
	core->stepped_masked = (core->control & C_MASKINTS) != 0;
	if (has_breakpoint(core, core->r[PC])) {
		halt(core, DFSR_BKPT);
		return;
	}
	core->r[PC] += 2;
	core->is_halted = false;
	core->is_asleep = core->steps_into_sleep;
	if (!core->is_asleep)
		halt(core, DFSR_HALTED | core->step_dfsr);
}

static void
start(struct fake_core *core)
{
	void (*when_started)(void *) = core->when_started;

	core->is_halted = false;
	core->when_started = NULL;
	if (when_started != NULL)
		when_started(core);
}

static void
write_dhcsr(struct fake_core *core, uint32_t value)
{
	uint32_t changed = core->control ^ value;

	assert(value >> 16 == 0xa05f);
	/* C1.6.2: only while halted, and not together with leaving the halt. */
	if ((changed & C_MASKINTS) != 0 && (!core->is_halted || (value & C_HALT) == 0))
		core->unmasked_wrongly++;
	core->control = value & 0xf;
	if ((value & C_DEBUGEN) == 0 || (value & (C_HALT | C_STEP)) == 0)
		start(core);
	else if (core->is_halted && (value & C_HALT) == 0)
		step(core);
	else if (!core->is_halted && !core->refuses_halt && !is_in_reset(core))
		halt(core, DFSR_HALTED);
}

/* A slow transfer to DCRDR is done, and has its value, after some readings. */
static bool
is_transfer_done(struct fake_core *core)
{
	if (core->slow_readings == 0)
		return true;
	if (--core->slow_readings == 0 && core->is_slow_write)
		core->r[core->selected] = core->dcrdr;
	else if (core->slow_readings == 0)
		core->dcrdr = core->r[core->selected];
	return false;
}

static uint32_t
read_dhcsr(struct fake_core *core)
{
	uint32_t value = core->control;

	value |= is_transfer_done(core) ? S_REGRDY : 0;
	value |= core->is_halted ? S_HALT : 0;
	value |= core->is_asleep ? S_SLEEP : 0;
	value |= core->is_locked_up ? S_LOCKUP : 0;
	value |= core->was_reset || is_in_reset(core) ? S_RESET_ST : 0;
	core->was_reset = false;
	return value;
}

static void
write_dcrsr(struct fake_core *core, uint32_t value)
{
	uint32_t selector = value & 0x7f;

	assert(core->is_halted && selector < FAKE_CORE_SELECTORS);
	core->selected = selector;
	core->is_slow_write = (value & 1 << 16) != 0;
	if (core->has_slow_registers) {
		core->slow_readings = 2;
		if (!core->is_slow_write)
			core->dcrdr = 0xdeadbeef;
	} else if (core->is_slow_write) {
		core->r[selector] = core->dcrdr;
	} else {
		core->dcrdr = core->r[selector];
	}
}

static void
write_aircr(struct fake_core *core, uint32_t value)
{
	assert(value >> 16 == 0x05fa);
	if ((value & 4) != 0 && !core->ignores_sysreset)
		fake_core_reset(core);
}

static enum swd_ack
on_system(void *context, struct fake_access *access)
{
	struct fake_core *core = context;
	bool w = access->is_write;

	switch (access->at) {
	case 0xe000ed00:
		access->value = core->cpuid;
		break;
	case 0xe000ed0c:
		if (w)
			write_aircr(core, access->value);
		break;
	case 0xe000ed28:
	case 0xe000ed2c:
	case 0xe000ed34:
	case 0xe000ed38:
		access->value = core->faults[(access->at - 0xe000ed28) / 4];
		break;
	case 0xe000ede4:
	case 0xe000ede8:
		access->value = core->secure_faults[(access->at - 0xe000ede4) / 4];
		core->secure_fault_reads++;
		break;
	case 0xe000ed30:
		if (core->refuses_dfsr && !w)
			return ACK_FAULT;
		if (w)
			core->dfsr &= ~access->value;
		else
			access->value = core->dfsr;
		break;
	case 0xe000edf0:
		if (w && core->refuses_run && (access->value & C_HALT) == 0)
			return ACK_FAULT;
		if (w)
			write_dhcsr(core, access->value);
		else
			access->value = read_dhcsr(core);
		break;
	case 0xe000edf4:
		write_dcrsr(core, access->value);
		break;
	case 0xe000edf8:
		if (w)
			core->dcrdr = access->value;
		else
			access->value = core->dcrdr;
		break;
	case 0xe000edfc:
		if (w)
			core->demcr = access->value;
		else
			access->value = core->demcr;
		break;
	case 0xe000ef40:
		access->value = core->mvfr0;
		break;
	case 0xe000ef44:
		access->value = core->mvfr1;
		break;
	case 0xe000efb8:
		access->value = core->dauthstatus;
		break;
	case 0xe000ef50:
		core->icache_flushes++;
		break;
	default:
		return ACK_FAULT;
	}
	return ACK_OK;
}

static void
write_fp_ctrl(struct fake_core *core, uint32_t value)
{
	if ((value & 2) != 0)
		core->fp_ctrl = (core->fp_ctrl & ~1u) | (value & 1);
}

static enum swd_ack
on_fpb(void *context, struct fake_access *access)
{
	struct fake_core *core = context;
	uint32_t index = (access->at - 0xe0002008) / 4;

	if (access->at == 0xe0002000) {
		if (access->is_write)
			write_fp_ctrl(core, access->value);
		else
			access->value = core->fp_ctrl;
	} else if (index < FAKE_CORE_COMPARATORS) {
		if (access->is_write)
			core->fp_comp[index] = access->value;
		else
			access->value = core->fp_comp[index];
	}
	return ACK_OK;
}

/* Masks of up to 15 bits, as a Cortex-M4 has. */
static enum swd_ack
on_dwt(void *context, struct fake_access *access)
{
	struct fake_core *core = context;
	uint32_t index = (access->at - 0xe0001020) / 16;
	uint32_t *const registers[] = { core->dwt_comp, core->dwt_mask,
					core->dwt_function };
	uint32_t which = access->at % 16 / 4;

	if (access->at == 0xe0001000 && (core->demcr & 1 << 24) != 0)
		access->value = core->dwt_ctrl;
	if ((core->demcr & 1 << 24) == 0 || access->at < 0xe0001020 ||
	    index >= FAKE_CORE_WATCHES || which > 2)
		return ACK_OK;
	if (access->is_write) {
		registers[which][index] = which == 1 ? access->value & 0xf : access->value;
	} else {
		access->value = registers[which][index];
		if (which == 2)
			core->dwt_function[index] &= ~(uint32_t)MATCHED;
	}
	return ACK_OK;
}

/* The ITM is off: ITM_TCR (C1.7.6) and the rest read as zero. */
static enum swd_ack
on_itm(void *context, struct fake_access *access)
{
	const struct fake_core *core = context;

	if (!access->is_write)
		access->value = 0;
	return core->refuses_itm ? ACK_FAULT : ACK_OK;
}

struct fake_core *
fake_core_new(struct fake_probe *probe)
{
	struct fake_core *core = calloc(1, sizeof(*core));

	assert(core != NULL);
	core->probe = probe;
	core->cpuid = 0x410fc241;
	core->mvfr0 = 0x10110021;
	core->fp_ctrl = 0x260;
	core->dwt_ctrl = 0x40000000;
	core->vector = 0x08000100;
	for (uint32_t i = 0; i < FAKE_CORE_SELECTORS; i++)
		core->r[i] = 0x11110000 + i;
	core->r[PC] = 0x08000200;
	core->r[XPSR] = 0x01000000;
	fake_probe_hook(probe, 0xe000e000, 0x1000, on_system, core);
	fake_probe_hook(probe, 0xe0000000, 0x1000, on_itm, core);
	fake_probe_hook(probe, 0xe0002000, 0x1000, on_fpb, core);
	fake_probe_hook(probe, 0xe0001000, 0x1000, on_dwt, core);
	probe->on_nrst = on_nrst;
	probe->nrst_context = core;
	return core;
}

void
fake_core_free(struct fake_core *core)
{
	free(core);
}
