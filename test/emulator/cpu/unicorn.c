/* SPDX-License-Identifier: MIT */
/* Registers and exits of the engine, as everything above uses them. */
#include "test/emulator/cpu/cpu_internal.h"

/* With exits enabled there must be one; nothing is ever executed here. */
#define EXIT_NEVER 0xfffffffcu

uint32_t
engine_get(const struct cpu *cpu, int reg)
{
	uint32_t value = 0;

	uc_reg_read(cpu->uc, reg, &value);
	return value;
}

void
engine_set(struct cpu *cpu, int reg, uint32_t value)
{
	uc_reg_write(cpu->uc, reg, &value);
}

void
engine_set_exits(struct cpu *cpu, const uint32_t *at, unsigned len)
{
	uint64_t exits[2 * FPB_MAX + 1] = { EXIT_NEVER };

	for (unsigned i = 0; i < len; i++)
		exits[i + 1] = at[i];
	uc_ctl_set_exits(cpu->uc, exits, (size_t)len + 1);
}
