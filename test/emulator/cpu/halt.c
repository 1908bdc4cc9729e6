/* SPDX-License-Identifier: MIT */
/* Debug state: who may enter it and how, DDI 0403E C1.4. Its registers are in debug.c. */
#include "test/emulator/cpu/cpu_internal.h"

bool
debug_is_enabled(const struct cpu *cpu)
{
	return cpu->debug.control & DHCSR_C_DEBUGEN;
}

bool
debug_masks_interrupts(const struct cpu *cpu)
{
	return debug_is_enabled(cpu) && cpu->debug.control & DHCSR_C_MASKINTS;
}

void
debug_halt(struct cpu *cpu, uint32_t dfsr)
{
	if (!cpu->halted)
		cpu->debug.halts++;
	cpu->halted = true;
	cpu->sleeping = false;
	cpu->debug.control |= DHCSR_C_HALT;
	cpu->debug.dfsr |= dfsr;
}

void
cpu_debug_request(struct cpu *cpu, bool level)
{
	cpu->debug.requested = level;
	if (level && debug_is_enabled(cpu) && !cpu->held && !cpu->halted)
		debug_halt(cpu, DFSR_EXTERNAL);
}

void
cpu_debug_restart(struct cpu *cpu)
{
	cpu->debug.control &= ~DHCSR_C_HALT;
	cpu->halted = false;
}

unsigned
cpu_halts(const struct cpu *cpu)
{
	return cpu->debug.halts;
}

void
debug_vector_catch(struct cpu *cpu, uint32_t vc_bits)
{
	if (debug_is_enabled(cpu) && cpu->debug.demcr & vc_bits)
		debug_halt(cpu, DFSR_VCATCH);
}
