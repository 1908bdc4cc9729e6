/* SPDX-License-Identifier: MIT */
/*
 * The Cortex-M7's cache registers (DDI 0403E B2.2.7 and B4.8; DDI 0489). There are
 * no caches behind them: what is stored is seen at once by all. So invalidating
 * loses nothing, and programs that enable caches run as if they had none.
 */
#include "test/emulator/cpu/cpu_internal.h"

/* 16 KiB each, lines of 32 bytes: two ways for instructions, four for data, as the STM32H7
 * has them (RM0433 Rev 8, 2.1). */
#define CLIDR_M7              0x09000003u
#define CTR_M7                0x8303c003u
#define CCSIDR_DATA           0xf00fe019u
#define CCSIDR_INSTRUCTION    0xf01fe009u
#define CSSELR_INSTRUCTION    (1u << 0)
#define CSSELR_WRITABLE       0xfu
#define FIRST_MAINTENANCE     0xe000ef50u /* ICIALLU; to BPIALL */
#define MAINTENANCE_REGISTERS 11

static bool
has_caches(const struct cpu *cpu)
{
	return cpu->model.kind == CPU_CORTEX_M7;
}

/* CLIDR and CTR. */
static uint32_t
read_types(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	static const uint32_t types[2] = { CLIDR_M7, CTR_M7 };

	(void)view;
	return has_caches(cpu) ? types[index] : 0;
}

static uint32_t
read_ccsidr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	(void)view;
	if (!has_caches(cpu))
		return 0;
	return cpu->scs.csselr & CSSELR_INSTRUCTION ? CCSIDR_INSTRUCTION : CCSIDR_DATA;
}

static void
write_csselr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	cpu->scs.csselr = has_caches(cpu) ? value & CSSELR_WRITABLE : 0;
}

/* ICIALLU, the first of them: what was stored is to be seen as code. The others have
 * nothing to do here. */
static void
write_maintenance(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)value;
	(void)view;
	if (index == 0)
		cpu_code_changed(cpu, 0, UINT32_MAX);
}

static const struct ppb_register registers[] = {
	{ .at = 0xe000ed78, .words = 2, .read = read_types },
	{ .at = 0xe000ed80, .words = 1, .read = read_ccsidr },
	{ .at = 0xe000ed84,
	  .words = 1,
	  .store = PPB_STORE(scs.csselr),
	  .write = write_csselr },
	{ .at = FIRST_MAINTENANCE,
	  .words = MAINTENANCE_REGISTERS,
	  .write = write_maintenance },
};
const struct ppb_table cache_registers = PPB_TABLE(registers);
