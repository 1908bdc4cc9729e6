/* SPDX-License-Identifier: MIT */
/*
 * Unicorn 2.0.1 loses PC and ITSTATE when it is stopped inside an IT block. So a
 * single step goes through a block by hand: IT itself and instructions whose
 * condition is false are done here, the others run as if they were the last of
 * a block with the condition "always".
 */
#include "test/emulator/cpu/cpu_internal.h"

/* ITSTATE of a block with one instruction left, condition AL (A7.3.3). */
enum { IT_LAST_ALWAYS = 0xe8 };

/* ConditionHolds(), A7.3.1. */
static bool
condition_holds(unsigned condition, uint32_t xpsr)
{
	bool n = xpsr >> 31 & 1, z = xpsr >> 30 & 1, c = xpsr >> 29 & 1, v = xpsr >> 28 & 1;
	const bool holds[] = { z, c, n, v, c && !z, n == v, n == v && !z, true };
	bool result = holds[condition >> 1];

	return condition & 1 && condition != 15 ? !result : result;
}

static void
set_it(struct cpu *cpu, uint8_t state)
{
	uint32_t xpsr = register_xpsr(cpu);

	engine_set(cpu, UC_ARM_REG_XPSR_NZCVQG, it_into_xpsr(xpsr, state));
}

static void
step_over(struct cpu *cpu, uint32_t pc, uint16_t opcode, uint8_t it_state)
{
	engine_set(cpu, UC_ARM_REG_PC, (pc + opcode_size(opcode)) | 1);
	set_it(cpu, it_state);
	cpu->now++;
	log_instruction(cpu, pc);
	cpu->last_pc = pc;
	cpu->event.kind = EVENT_NONE;
	cpu->hint = 0;
}

static void
step_in_block(struct cpu *cpu, uint32_t pc, uint16_t opcode, uint8_t state)
{
	if (!condition_holds(state >> 4, register_xpsr(cpu))) {
		step_over(cpu, pc, opcode, it_next(state));
		return;
	}
	set_it(cpu, IT_LAST_ALWAYS);
	engine_go(cpu, 1, state);
	if (cpu->event.kind == EVENT_NONE)
		set_it(cpu, it_next(state));
}

void
step_one(struct cpu *cpu)
{
	uint32_t pc = engine_get(cpu, UC_ARM_REG_PC);
	uint8_t state = it_from_xpsr(register_xpsr(cpu));
	uint16_t opcode = memory_opcode(cpu, pc);
	bool is_it = (opcode & 0xff00) == 0xbf00 && (opcode & 15);

	if (state)
		step_in_block(cpu, pc, opcode, state);
	else if (is_it)
		step_over(cpu, pc, opcode, (uint8_t)opcode);
	else
		engine_go(cpu, 1, 0);
}
