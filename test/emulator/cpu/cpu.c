/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "test/emulator/cpu/cpu_internal.h"

/* ---- new, free, reset ---- */

static void
leave_reset(struct cpu *cpu)
{
	uint32_t sp = 0, pc = 0;

	cpu->scs.vtor = cpu->reset_vtor;
	if (memory_load(cpu, cpu->reset_vtor, 4, &sp) &&
	    memory_load(cpu, cpu->reset_vtor + 4, 4, &pc)) {
		engine_set(cpu, UC_ARM_REG_SP, sp & ~3u);
		engine_set(cpu, UC_ARM_REG_PC, pc | 1);
		cpu->not_thumb = !(pc & 1);
	} else {
		cpu->scs.hfsr |= HFSR_VECTTBL;
		exception_lockup(cpu);
	}
	debug_vector_catch(cpu, DEMCR_VC_CORERESET);
	if (!cpu->halted && cpu->debug.control & DHCSR_C_HALT)
		debug_halt(cpu, DFSR_HALTED);
}

static void
reset(struct cpu *cpu, bool power_on)
{
	cpu->sleeping = cpu->deep = cpu->locked_up = cpu->event_register = false;
	cpu->write_failed = false;
	cpu->is_stalled = false;
	debug_reset(cpu, power_on);
	if (power_on) {
		fpb_reset(cpu);
		dwt_reset(cpu);
		itm_reset(cpu);
	}
	nvic_reset(cpu);
	systick_reset(cpu);
	scs_reset(cpu);
	v8m_reset(cpu);
	registers_reset(cpu);
}

void
cpu_reset(struct cpu *cpu, bool power_on, uint32_t vtor)
{
	cpu->reset_vtor = vtor;
	reset(cpu, power_on);
	if (!cpu->held)
		leave_reset(cpu);
}

void
cpu_hold(struct cpu *cpu, bool held)
{
	if (held == cpu->held)
		return;
	cpu->held = held;
	if (held)
		reset(cpu, false);
	else
		leave_reset(cpu);
}

void
cpu_stall(struct cpu *cpu)
{
	cpu->is_stalled = true;
	cpu_break(cpu);
}

struct cpu *
cpu_new(const struct cpu_model *model, const struct cpu_bus *bus)
{
	struct cpu *cpu = calloc(1, sizeof(*cpu));

	if (!cpu)
		abort();
	cpu->model = *model;
	cpu->bus = *bus;
	cpu->held = true;
	cpu->windows_stale = true;
	engine_open(cpu);
	reset(cpu, true);
	return cpu;
}

void
cpu_free(struct cpu *cpu)
{
	if (!cpu)
		return;
	engine_close(cpu);
	memory_free(cpu);
	free(cpu);
}

/* ---- set from outside, looked at from outside ---- */

void
cpu_break(struct cpu *cpu)
{
	cpu->broken = true;
	cpu->stop = true;
}

void
cpu_event(struct cpu *cpu)
{
	cpu->event_register = true;
}

bool
cpu_sent_event(struct cpu *cpu)
{
	bool sent = cpu->event_sent;

	cpu->event_sent = false;
	return sent;
}

enum cpu_state
cpu_state(const struct cpu *cpu)
{
	if (cpu->held)
		return CPU_IN_RESET;
	if (cpu->halted)
		return CPU_HALTED;
	if (cpu->locked_up)
		return CPU_LOCKED_UP;
	return cpu->sleeping ? CPU_SLEEPING : CPU_RUNNING;
}

uint64_t
cpu_instructions(const struct cpu *cpu)
{
	return cpu->now - cpu->slept;
}

uint32_t
cpu_pc(const struct cpu *cpu)
{
	return cpu->locked_up ? register_lockup_pc(cpu) : engine_get(cpu, UC_ARM_REG_PC);
}

uint64_t
cpu_next_event(const struct cpu *cpu)
{
	return systick_due(cpu);
}

bool
cpu_is_deep_asleep(const struct cpu *cpu)
{
	return cpu->sleeping && cpu->deep;
}
