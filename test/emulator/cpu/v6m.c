/* SPDX-License-Identifier: MIT */
/*
 * Which registers Armv6-M has of those that Armv7-M has in the same places: DDI 0419E B3.2
 * (system control block, SysTick, NVIC, MPU of PMSAv6), C1.6 (debug), C1.8 (DWT), C1.9 (BPU). There
 * is no ITM, no cycle counter, no status of faults but DFSR, no register of what is active.
 */
#include "test/emulator/cpu/cpu_internal.h"

static const struct {
	uint32_t first, last;
} present[] = {
	{ 0xe0001000, 0xe0001000 }, /* DWT_CTRL */
	{ 0xe000101c, 0xe00010ff }, /* DWT_PCSR, comparators */
	{ 0xe0002000, 0xe0002000 }, /* BP_CTRL; there is no remapping */
	{ 0xe0002008, 0xe00020ff }, /* BP_COMP0 and on */
	{ 0xe000e008, 0xe000e01f }, /* ACTLR, SysTick */
	{ 0xe000e100, 0xe000e103 }, /* NVIC: 32 lines */
	{ 0xe000e180, 0xe000e183 }, { 0xe000e200, 0xe000e203 }, { 0xe000e280, 0xe000e283 },
	{ 0xe000e400, 0xe000e41f }, { 0xe000ed00, 0xe000ed17 }, /* CPUID to CCR */
	{ 0xe000ed1c, 0xe000ed27 },                             /* SHPR2, SHPR3, SHCSR */
	{ 0xe000ed30, 0xe000ed33 },                             /* DFSR */
	{ 0xe000ed90, 0xe000eda3 },                             /* MPU_TYPE to MPU_RASR */
	{ 0xe000edf0, 0xe000edff },                             /* DHCSR to DEMCR */
};

bool
is_v6m(const struct cpu *cpu)
{
	return cpu->model.kind == CPU_CORTEX_M0PLUS;
}

bool
v6m_lacks(const struct cpu *cpu, uint32_t at)
{
	if (!is_v6m(cpu))
		return false;
	for (unsigned i = 0; i < sizeof(present) / sizeof(present[0]); i++)
		if (at >= present[i].first && at <= present[i].last)
			return false;
	return true;
}
