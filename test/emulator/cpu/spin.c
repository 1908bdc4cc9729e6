/* SPDX-License-Identifier: MIT */
/*
 * Time without effects: a core that waits in a loop for something that is not its own doing.
 *
 * Where a branch goes back to the same place twice with the same registers, and in between
 * nothing was stored but what was there already and nothing read that changes by itself, the
 * core goes round in just this way until an event from outside. Those come between two runs
 * of the engine, so of the rounds up to the limit all but the last part are counted and not
 * executed: time, instructions and what follows are the same.
 */
#include <string.h>

#include "test/emulator/cpu/cpu_internal.h"

/* In cycles: a round is no longer than the first; who was no loop is looked at again after a
 * while, from the second figure on twice as long each time up to the third. */
enum { LONGEST_ROUND = 4096, PATIENCE_LEAST = 16, PATIENCE_MOST = 65536 };

static const int state_registers[SPIN_REGISTERS] = {
	UC_ARM_REG_R0,      UC_ARM_REG_R1,        UC_ARM_REG_R2,      UC_ARM_REG_R3,
	UC_ARM_REG_R4,      UC_ARM_REG_R5,        UC_ARM_REG_R6,      UC_ARM_REG_R7,
	UC_ARM_REG_R8,      UC_ARM_REG_R9,        UC_ARM_REG_R10,     UC_ARM_REG_R11,
	UC_ARM_REG_R12,     UC_ARM_REG_SP,        UC_ARM_REG_LR,      UC_ARM_REG_XPSR,
	UC_ARM_REG_MSP,     UC_ARM_REG_PSP,       UC_ARM_REG_CONTROL, UC_ARM_REG_PRIMASK,
	UC_ARM_REG_BASEPRI, UC_ARM_REG_FAULTMASK,
};

static const int float_registers[SPIN_FLOATS] = {
	UC_ARM_REG_D0,  UC_ARM_REG_D1,  UC_ARM_REG_D2,  UC_ARM_REG_D3,
	UC_ARM_REG_D4,  UC_ARM_REG_D5,  UC_ARM_REG_D6,  UC_ARM_REG_D7,
	UC_ARM_REG_D8,  UC_ARM_REG_D9,  UC_ARM_REG_D10, UC_ARM_REG_D11,
	UC_ARM_REG_D12, UC_ARM_REG_D13, UC_ARM_REG_D14, UC_ARM_REG_D15,
};

static void
state_read(struct cpu *cpu, struct spin_state *state)
{
	memset(state, 0, sizeof(*state));
	for (unsigned i = 0; i < SPIN_REGISTERS; i++)
		state->core[i] = engine_get(cpu, state_registers[i]);
	if (cpu->model.fpu == CPU_FPU_NONE)
		return;
	for (unsigned i = 0; i < SPIN_FLOATS; i++)
		uc_reg_read(cpu->uc, float_registers[i], &state->floats[i]);
	uc_reg_read(cpu->uc, UC_ARM_REG_FPSCR, &state->fpscr);
}

/* The first two tell most loops that count from those that wait. */
static bool
is_same_at_first_sight(struct cpu *cpu, const struct spin_state *state)
{
	for (unsigned i = 0; i < 4; i++)
		if (engine_get(cpu, state_registers[i]) != state->core[i])
			return false;
	return true;
}

static bool
is_same(struct cpu *cpu, const struct spin_state *state)
{
	struct spin_state now;

	if (!is_same_at_first_sight(cpu, state))
		return false;
	state_read(cpu, &now);
	return memcmp(now.core, state->core, sizeof(now.core)) == 0 &&
	       memcmp(now.floats, state->floats, sizeof(now.floats)) == 0 &&
	       now.fpscr == state->fpscr;
}

static void
give_up(struct cpu *cpu)
{
	struct spin *spin = &cpu->spin;

	spin->is_armed = false;
	spin->next_try = cpu->now + spin->patience;
	if (spin->patience < PATIENCE_MOST)
		spin->patience *= 2;
}

static void
arm(struct cpu *cpu, uint32_t at)
{
	struct spin *spin = &cpu->spin;

	spin->is_armed = spin->is_steady = true;
	spin->anchor = at;
	spin->since = cpu->now;
	state_read(cpu, &spin->state);
}

static void
skip(struct cpu *cpu)
{
	struct spin *spin = &cpu->spin;
	uint64_t round = cpu->now - spin->since;

	cpu->now += (cpu->limit - cpu->now) / round * round;
	spin->is_armed = false;
	spin->is_found = true;
	spin->patience = PATIENCE_LEAST;
	spin->next_try = cpu->limit;
}

/* Instruction addresses that are watched or logged must be seen each time. */
static bool
may_skip(const struct cpu *cpu)
{
	return !cpu->log.take && !cpu->dwt.rules && !(cpu->watch & WATCH_PC);
}

void
spin_look(struct cpu *cpu, uint32_t at)
{
	struct spin *spin = &cpu->spin;

	if (!spin->is_armed) {
		if (may_skip(cpu))
			arm(cpu, at);
	} else if (at != spin->anchor) {
		if (cpu->now - spin->since > LONGEST_ROUND)
			give_up(cpu);
	} else if (spin->is_steady && is_same(cpu, &spin->state)) {
		skip(cpu);
	} else {
		give_up(cpu);
	}
}

void
spin_begin(struct cpu *cpu)
{
	cpu->spin.is_armed = cpu->spin.is_found = false;
	if (cpu->spin.patience < PATIENCE_LEAST)
		cpu->spin.patience = PATIENCE_LEAST;
}

void
spin_note_store(struct cpu *cpu, uint32_t at, unsigned size, uint64_t value)
{
	struct region *region;

	if (!cpu->spin.is_armed || !cpu->spin.is_steady)
		return;
	for (region = cpu->memories; region; region = region->next_memory)
		if (at >= region->at && at - region->at < region->size)
			break;
	cpu->spin.is_steady = region && region->memory == CPU_RAM &&
			      at - region->at <= region->size - size &&
			      memcmp(region->host + (at - region->at), &value, size) == 0;
}

bool
cpu_is_spinning(const struct cpu *cpu)
{
	return cpu->spin.is_found;
}

void
cpu_note_unsteady(struct cpu *cpu)
{
	cpu->spin.is_steady = false;
}
