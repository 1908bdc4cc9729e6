/* SPDX-License-Identifier: MIT */
/* The NVIC: DDI 0403E B3.4; priorities: B1.5.4. */
#include <string.h>

#include "test/emulator/cpu/cpu_internal.h"

enum { PRIORITY_THREAD = 256, PRIORITY_HARDFAULT = -1, PRIORITY_NMI = -2 };

/* SHCSR (B3.2.13): the enable bits of MemManage, BusFault and UsageFault. */
enum { SHCSR_ENABLE_SHIFT = 16 - EXC_MEMMANAGE };

static bool
bit(const uint32_t *bits, int irq)
{
	return bits[irq / 32] >> (irq % 32) & 1;
}

static void
set_bit(uint32_t *bits, int irq, bool value)
{
	uint32_t mask = 1u << (irq % 32);

	bits[irq / 32] = value ? bits[irq / 32] | mask : bits[irq / 32] & ~mask;
}

void
nvic_reset(struct cpu *cpu)
{
	uint32_t level[8];

	memcpy(level, cpu->nvic.level, sizeof(level));
	memset(&cpu->nvic, 0, sizeof(cpu->nvic));
	memcpy(cpu->nvic.level, level, sizeof(level));
	memcpy(cpu->nvic.pending, level,
	       sizeof(level)); /* a level that stands pends again */
}

void
nvic_pend(struct cpu *cpu, int exception, bool pending)
{
	struct nvic *nvic = &cpu->nvic;
	uint32_t mask = 1u << (exception & 15);

	if (exception >= EXC_IRQ0)
		set_bit(nvic->pending, exception - EXC_IRQ0, pending);
	else
		nvic->system_pending = pending ? nvic->system_pending | mask
					       : nvic->system_pending & ~mask;
	cpu->stop = true;
	if (pending && cpu->scs.scr & SCR_SEVONPEND)
		cpu->event_register = true;
}

bool
nvic_is_active(struct cpu *cpu, int exception)
{
	if (exception >= EXC_IRQ0)
		return bit(cpu->nvic.active, exception - EXC_IRQ0);
	return cpu->nvic.system_active >> exception & 1;
}

void
nvic_activate(struct cpu *cpu, int exception)
{
	nvic_pend(cpu, exception, false);
	if (exception >= EXC_IRQ0)
		set_bit(cpu->nvic.active, exception - EXC_IRQ0, true);
	else
		cpu->nvic.system_active |= 1u << exception;
}

/* A line that is still high pends again when its handler ends (B3.4.1). */
void
nvic_deactivate(struct cpu *cpu, int exception)
{
	if (exception < EXC_IRQ0) {
		cpu->nvic.system_active &= ~(1u << exception);
		return;
	}
	set_bit(cpu->nvic.active, exception - EXC_IRQ0, false);
	if (bit(cpu->nvic.level, exception - EXC_IRQ0))
		nvic_pend(cpu, exception, true);
}

unsigned
nvic_active_count(struct cpu *cpu)
{
	unsigned count = 0;

	for (int exception = EXC_NMI; exception < EXC_IRQ0 + CPU_MAX_IRQS; exception++)
		count += nvic_is_active(cpu, exception);
	return count;
}

bool
nvic_is_enabled(struct cpu *cpu, int exception)
{
	if (exception >= EXC_IRQ0)
		return bit(cpu->nvic.enabled, exception - EXC_IRQ0);
	if (exception >= EXC_MEMMANAGE && exception <= EXC_USAGEFAULT)
		return cpu->scs.shcsr >> (exception + SHCSR_ENABLE_SHIFT) & 1;
	return true;
}

static int
raw_priority(struct cpu *cpu, int exception)
{
	if (exception >= EXC_IRQ0)
		return cpu->nvic.priority[exception - EXC_IRQ0];
	if (exception == EXC_HARDFAULT)
		return PRIORITY_HARDFAULT;
	if (exception == EXC_NMI)
		return PRIORITY_NMI;
	return cpu->nvic.system_priority[exception];
}

/* AIRCR.PRIGROUP splits off the subpriority (B1.5.4). */
static int
group(struct cpu *cpu, int priority)
{
	return priority < 0 ? priority : priority & ~((2 << cpu->scs.prigroup) - 1);
}

int
nvic_priority(struct cpu *cpu, int exception)
{
	return group(cpu, raw_priority(cpu, exception));
}

static bool
is_debug_masked(struct cpu *cpu, int exception)
{
	return exception >= EXC_PENDSV && debug_masks_interrupts(cpu);
}

static void
consider(struct cpu *cpu, int exception, int *best)
{
	if (!nvic_is_enabled(cpu, exception) || is_debug_masked(cpu, exception))
		return;
	if (!*best || raw_priority(cpu, exception) < raw_priority(cpu, *best))
		*best = exception;
}

int
nvic_best(struct cpu *cpu)
{
	struct nvic *nvic = &cpu->nvic;
	int best = EXC_NONE;

	for (int exception = EXC_NMI; nvic->system_pending && exception < EXC_IRQ0;
	     exception++)
		if (nvic->system_pending >> exception & 1)
			consider(cpu, exception, &best);
	for (int irq = 0; irq < CPU_MAX_IRQS; irq++)
		if ((nvic->pending[irq / 32] & nvic->enabled[irq / 32]) == 0)
			irq |= 31; /* none among these 32 */
		else if (bit(nvic->pending, irq))
			consider(cpu, EXC_IRQ0 + irq, &best);
	return best;
}

static int
active_priority(struct cpu *cpu)
{
	struct nvic *nvic = &cpu->nvic;
	int priority = PRIORITY_THREAD;

	for (int exception = EXC_NMI; exception < EXC_IRQ0; exception++)
		if (nvic->system_active >> exception & 1 &&
		    nvic_priority(cpu, exception) < priority)
			priority = nvic_priority(cpu, exception);
	for (int irq = 0; irq < CPU_MAX_IRQS; irq++)
		if (nvic->active[irq / 32] == 0)
			irq |= 31;
		else if (bit(nvic->active, irq) &&
			 nvic_priority(cpu, EXC_IRQ0 + irq) < priority)
			priority = nvic_priority(cpu, EXC_IRQ0 + irq);
	return priority;
}

/* ExecutionPriority(), B1.5.4. */
int
nvic_execution_priority(struct cpu *cpu, int masks)
{
	int priority = active_priority(cpu);
	uint32_t special = masks ? register_special(cpu) : 0;
	int basepri = (int)(special >> 8 & 0xff);

	if (!(masks & MASK_OTHERS))
		special &= 1;
	if (!(masks & MASK_PRIMASK))
		special &= ~1u;
	if (masks & MASK_OTHERS && basepri && group(cpu, basepri) < priority)
		priority = group(cpu, basepri);
	if (special & 1 && priority > 0)
		priority = 0;
	if (special >> 16 & 1 && priority > PRIORITY_HARDFAULT)
		priority = PRIORITY_HARDFAULT;
	return priority;
}

void
cpu_irq(struct cpu *cpu, unsigned irq, bool level)
{
	if (irq >= cpu->model.irqs)
		return;
	if (level && !bit(cpu->nvic.level, (int)irq))
		nvic_pend(cpu, EXC_IRQ0 + (int)irq, true);
	set_bit(cpu->nvic.level, (int)irq, level);
}

void
cpu_nmi(struct cpu *cpu)
{
	nvic_pend(cpu, EXC_NMI, true);
}

/* ---- registers ---- */

static uint32_t
implemented(const struct cpu *cpu, unsigned word)
{
	unsigned first = 32 * word;

	if (cpu->model.irqs <= first)
		return 0;
	return cpu->model.irqs - first >= 32 ? UINT32_MAX
					     : (1u << (cpu->model.irqs - first)) - 1;
}

static uint32_t
read_enabled(struct cpu *cpu, unsigned word, enum ppb_view view)
{
	(void)view;
	return cpu->nvic.enabled[word];
}

static void
write_iser(struct cpu *cpu, unsigned word, uint32_t value, enum ppb_view view)
{
	(void)view;
	cpu->nvic.enabled[word] |= value & implemented(cpu, word);
}

static void
write_icer(struct cpu *cpu, unsigned word, uint32_t value, enum ppb_view view)
{
	(void)view;
	cpu->nvic.enabled[word] &= ~value;
}

static uint32_t
read_pending(struct cpu *cpu, unsigned word, enum ppb_view view)
{
	(void)view;
	return cpu->nvic.pending[word];
}

static void
write_ispr(struct cpu *cpu, unsigned word, uint32_t value, enum ppb_view view)
{
	(void)view;
	cpu->nvic.pending[word] |= value & implemented(cpu, word);
	if (value && cpu->scs.scr & SCR_SEVONPEND)
		cpu->event_register = true;
}

static void
write_icpr(struct cpu *cpu, unsigned word, uint32_t value, enum ppb_view view)
{
	(void)view;
	cpu->nvic.pending[word] &= ~value | cpu->nvic.level[word];
}

static uint32_t
read_active(struct cpu *cpu, unsigned word, enum ppb_view view)
{
	(void)view;
	return cpu->nvic.active[word];
}

static void
ignore_write(struct cpu *cpu, unsigned word, uint32_t value, enum ppb_view view)
{
	(void)cpu;
	(void)word;
	(void)value;
	(void)view;
}

static uint8_t
priority_mask(const struct cpu *cpu)
{
	return (uint8_t)(0xffu & ~(0xffu >> cpu->model.priority_bits));
}

static uint32_t
read_bytes(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* Armv6-M has those of SVCall, PendSV and SysTick alone (DDI 0419E B3.2.10 and 11). */
static uint32_t
shpr_lanes(const struct cpu *cpu, unsigned word)
{
	static const uint32_t v6m[3] = { 0, 0xff000000u, 0xffff0000u };

	return is_v6m(cpu) ? v6m[word] : UINT32_MAX;
}

static void
write_bytes(uint8_t *bytes, uint32_t value, uint8_t mask)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> (8 * i)) & mask;
}

static uint32_t
read_ipr(struct cpu *cpu, unsigned word, enum ppb_view view)
{
	(void)view;
	return read_bytes(&cpu->nvic.priority[(size_t)word * 4]);
}

static void
write_ipr(struct cpu *cpu, unsigned word, uint32_t value, enum ppb_view view)
{
	(void)view;
	if (word * 4 < cpu->model.irqs)
		write_bytes(&cpu->nvic.priority[(size_t)word * 4], value,
			    priority_mask(cpu));
}

/* SHPR1-3 (B3.2.10) begin with exception 4. */
static uint32_t
read_shpr(struct cpu *cpu, unsigned word, enum ppb_view view)
{
	(void)view;
	return read_bytes(&cpu->nvic.system_priority[(size_t)word * 4 + EXC_MEMMANAGE]);
}

static void
write_shpr(struct cpu *cpu, unsigned word, uint32_t value, enum ppb_view view)
{
	(void)view;
	write_bytes(&cpu->nvic.system_priority[(size_t)word * 4 + EXC_MEMMANAGE],
		    value & shpr_lanes(cpu, word), priority_mask(cpu));
}

/* ICTR (B3.2.4): lines in units of 32, less one. */
static uint32_t
read_ictr(struct cpu *cpu, unsigned word, enum ppb_view view)
{
	(void)word;
	(void)view;
	return cpu->model.irqs ? (cpu->model.irqs - 1u) / 32 : 0;
}

/* STIR (B3.2.26). */
static void
write_stir(struct cpu *cpu, unsigned word, uint32_t value, enum ppb_view view)
{
	(void)word;
	(void)view;
	if ((value & 0x1ff) < cpu->model.irqs)
		nvic_pend(cpu, EXC_IRQ0 + (int)(value & 0x1ff), true);
}

static const struct ppb_register registers[] = {
	{ .at = 0xe000e004, .words = 1, .read = read_ictr, .write = ignore_write },
	{ .at = 0xe000e100, .words = 8, .read = read_enabled, .write = write_iser },
	{ .at = 0xe000e180, .words = 8, .read = read_enabled, .write = write_icer },
	{ .at = 0xe000e200, .words = 8, .read = read_pending, .write = write_ispr },
	{ .at = 0xe000e280, .words = 8, .read = read_pending, .write = write_icpr },
	{ .at = 0xe000e300, .words = 8, .read = read_active, .write = ignore_write },
	{ .at = 0xe000e400,
	  .words = CPU_MAX_IRQS / 4,
	  .merge = true,
	  .read = read_ipr,
	  .write = write_ipr },
	{ .at = 0xe000ed18,
	  .words = 3,
	  .merge = true,
	  .read = read_shpr,
	  .write = write_shpr },
	{ .at = 0xe000ef00, .words = 1, .write = write_stir },
};
const struct ppb_table nvic_registers = PPB_TABLE(registers);
