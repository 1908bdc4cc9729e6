/* SPDX-License-Identifier: MIT */
/* IT blocks: DDI 0403E A7.3.3 (ITSTATE) and B1.4.2 (where xPSR has it). */
#include "test/emulator/cpu/cpu_internal.h"

/* The parts of ITSTATE in xPSR: [1:0] in bits 26:25, [7:2] in bits 15:10 (B1.4.2). */
uint8_t
it_from_xpsr(uint32_t xpsr)
{
	return (uint8_t)((xpsr >> 25 & 3) | (xpsr >> 8 & 0xfc));
}

uint32_t
it_into_xpsr(uint32_t xpsr, uint8_t state)
{
	return (xpsr & ~XPSR_IT) | (state & 3u) << 25 | (state & 0xfcu) << 8;
}

/* ITAdvance(), A7.3.3. */
uint8_t
it_next(uint8_t state)
{
	unsigned now = state, shifted = (now & 0xe0) | (now << 1 & 0x1f);

	return state & 7 ? (uint8_t)shifted : 0;
}

/* A5.1: a first halfword of 0b11101 and above begins a 32-bit instruction. */
unsigned
opcode_size(uint16_t opcode)
{
	return opcode >> 11 >= 0x1d ? 4 : 2;
}

unsigned
it_track(struct cpu *cpu, uint32_t at, uint8_t state)
{
	uint32_t end = at;
	unsigned instructions = 0;

	cpu->it.state = state;
	for (; state; state = it_next(state), instructions++)
		end += opcode_size(memory_opcode(cpu, end));
	cpu->it.at = at;
	cpu->it.size = end - at;
	return instructions;
}

uint8_t
it_state_at(struct cpu *cpu, uint32_t at)
{
	uint32_t here = cpu->it.at;
	uint8_t state = cpu->it.state;

	if (!cpu->it.size || at - here > cpu->it.size)
		return 0;
	for (; state && here != at; state = it_next(state))
		here += opcode_size(memory_opcode(cpu, here));
	return state;
}

unsigned
it_left_at(struct cpu *cpu, uint32_t at)
{
	unsigned left = 0;

	if (at - cpu->it.at >= cpu->it.size)
		return 0;
	for (; at - cpu->it.at < cpu->it.size; left++)
		at += opcode_size(memory_opcode(cpu, at));
	return left;
}

uint64_t
engine_now(struct cpu *cpu)
{
	unsigned left = cpu->in_engine ? it_left_at(cpu, cpu->last_pc) : 0;

	return left ? cpu->now - (left - 1) : cpu->now;
}
