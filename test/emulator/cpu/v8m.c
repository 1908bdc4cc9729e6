/* SPDX-License-Identifier: MIT */
/*
 * What Armv8-M has in the system control space and Armv7-M has not (DDI 0553B.l, D1.2),
 * for a core whose Security Extension is disabled: STM32 with TZEN = 0 hold the
 * Cortex-M33's CFGSECEXT low (100230, "Security Extension"). Then DSCSR, the SAU and all
 * else that is of the Secure state reads 0 and ignores writes, as what is not listed does.
 */
#include "test/emulator/cpu/cpu_internal.h"

/* D1.2.40 DAUTHSTATUS: each pair of bits says implemented and enabled. */
#define DAUTHSTATUS_NSID  (3u << 0)
#define DAUTHSTATUS_NSNID (3u << 2)

static bool
is_v8m(const struct cpu *cpu)
{
	return cpu->model.kind == CPU_CORTEX_M33;
}

static uint32_t
read_dauthstatus(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	(void)view;
	return is_v8m(cpu) ? DAUTHSTATUS_NSID | DAUTHSTATUS_NSNID : 0;
}

/* D1.2.168 and D1.2.169, MPU_MAIR0 and MPU_MAIR1; kept, not enforced: no MPU here. */
static uint32_t
read_mair(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)view;
	return cpu->v8m.mpu_mair[index];
}

static void
write_mair(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)view;
	if (is_v8m(cpu))
		cpu->v8m.mpu_mair[index] = value;
}

void
v8m_reset(struct cpu *cpu)
{
	cpu->v8m = (struct v8m){ 0 };
}

static const struct ppb_register registers[] = {
	{ .at = 0xe000edc0, .words = 2, .read = read_mair, .write = write_mair },
	{ .at = 0xe000efb8, .words = 1, .read = read_dauthstatus },
};
const struct ppb_table v8m_registers = PPB_TABLE(registers);
