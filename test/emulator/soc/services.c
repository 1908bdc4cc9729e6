/* SPDX-License-Identifier: MIT */
/*
 * What peripherals and others ask the chip for: the time, the supply, a core's state.
 */
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

uint32_t
soc_core_hz(const struct soc *soc, unsigned core)
{
	return soc->clock ? soc->clock->type->clock->core_hz(soc->clock, core)
			  : G4_HSI16_HZ;
}

uint64_t
soc_cycles_to_ns(const struct soc_core *core, uint64_t cycles)
{
	uint64_t hz = soc_core_hz(core->soc, (unsigned)(core - core->soc->cores));

	return (cycles * NS_PER_S + hz - 1) / hz;
}

uint64_t
soc_now_ns(const struct soc *soc)
{
	return soc_time(soc);
}

uint64_t
soc_time(const struct soc *soc)
{
	if (!soc->running)
		return soc->now_ns;
	return soc->now_ns +
	       soc_cycles_to_ns(soc->running,
				cpu_instructions(soc->running->cpu) - soc->running_since);
}

void
soc_wake(struct soc *soc)
{
	if (soc->running)
		cpu_break(soc->running->cpu);
}

bool
soc_core_is_halted(const struct soc *soc)
{
	return soc_core_halted(soc, 0);
}

bool
soc_core_halted(const struct soc *soc, unsigned core)
{
	return cpu_state(soc->cores[core].cpu) == CPU_HALTED;
}

const struct chip *
soc_chip(const struct soc *soc)
{
	return soc->chip;
}

bool
soc_is_powered(const struct soc *soc)
{
	return soc->powered;
}

double
soc_lowest_volts(const struct soc *soc)
{
	return soc->chip->lowest_volts;
}

void
soc_set_volts(struct soc *soc, double volts)
{
	soc->volts = volts;
}

double
soc_volts(const struct soc *soc)
{
	return soc->volts;
}

bool
soc_drives_nrst_low(const struct soc *soc)
{
	return soc->powered && soc->drives_nrst;
}

struct cpu *
soc_core(struct soc *soc, unsigned index)
{
	return soc->cores[index].cpu;
}

void
soc_irq(struct soc *soc, int irq, bool level)
{
	if (irq < 0)
		return;
	for (unsigned i = 0; i < soc->chip->cores_len; i++)
		cpu_irq(soc->cores[i].cpu, (unsigned)irq, level);
}

bool
core_waits(const struct soc *soc, unsigned core)
{
	const struct boot_role *role = soc->boot ? soc->boot->type->boot : NULL;

	return role && role->is_held && role->is_held(soc->boot, core);
}

bool
core_is_gated(const struct soc *soc, unsigned core)
{
	return core_waits(soc, core) && cpu_state(soc->cores[core].cpu) == CPU_IN_RESET;
}
