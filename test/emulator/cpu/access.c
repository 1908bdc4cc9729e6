/* SPDX-License-Identifier: MIT */
/* Loads and stores as the core makes them: memory, the PPB, or the bus. */
#include <string.h>

#include "test/emulator/cpu/cpu_internal.h"

bool
window_read(struct cpu *cpu, uint32_t at, unsigned size, uint32_t *value)
{
	if (cpu_owns(at)) {
		cpu_note_unsteady(cpu);
		return ppb_read(cpu, at, size, value, VIEW_CODE);
	}
	return cpu->bus.read(cpu->bus.context, at, size, value);
}

bool
window_write(struct cpu *cpu, uint32_t at, unsigned size, uint32_t value)
{
	if (cpu_owns(at))
		return ppb_write(cpu, at, size, value, VIEW_CODE);
	return cpu->bus.write(cpu->bus.context, at, size, value);
}

bool
memory_load(struct cpu *cpu, uint32_t at, unsigned size, uint32_t *value)
{
	struct region *region = memory_find(cpu, at);

	*value = 0;
	if (!region)
		return window_read(cpu, at, size, value);
	memcpy(value, region->host + (at - region->at), size);
	return true;
}

bool
memory_store(struct cpu *cpu, uint32_t at, unsigned size, uint32_t value)
{
	struct region *region = memory_find(cpu, at);

	if (!region)
		return window_write(cpu, at, size, value);
	if (region->memory == CPU_FLASH)
		return cpu->bus.flash_write(cpu->bus.context, at, size, value);
	memcpy(region->host + (at - region->at), &value, size);
	return true;
}
