/* SPDX-License-Identifier: MIT */
/* SysTick, DDI 0403E B3.3: one tick per cycle, brought up to date when looked at. */
#include "test/emulator/cpu/cpu_internal.h"

#define CSR_ENABLE    (1u << 0)
#define CSR_TICKINT   (1u << 1)
#define CSR_CLKSOURCE (1u << 2)
#define CSR_COUNTFLAG (1u << 16)
#define COUNT_MASK    0x00ffffffu

void
systick_reset(struct cpu *cpu)
{
	cpu->systick = (struct systick){ .synced = cpu->now };
}

static bool
counts(const struct systick *systick)
{
	return systick->csr & CSR_ENABLE && (systick->rvr || systick->cvr);
}

/* Ticks until the counter goes from 1 to 0. A zero counter is reloaded first. */
static uint64_t
until_zero(const struct systick *systick)
{
	return systick->cvr ? systick->cvr : (uint64_t)systick->rvr + 1;
}

void
systick_sync(struct cpu *cpu)
{
	struct systick *systick = &cpu->systick;
	uint64_t now = engine_now(cpu), gone = now - systick->synced;
	uint64_t period = (uint64_t)systick->rvr + 1, left;

	systick->synced = now;
	if (!counts(systick) || !gone)
		return;
	left = until_zero(systick);
	if (gone < left) {
		systick->cvr = (uint32_t)(left - gone);
		return;
	}
	systick->cvr = (uint32_t)((period - (gone - left) % period) % period);
	systick->csr |= CSR_COUNTFLAG;
	if (systick->csr & CSR_TICKINT)
		nvic_pend(cpu, EXC_SYSTICK, true);
}

uint64_t
systick_due(const struct cpu *cpu)
{
	const struct systick *systick = &cpu->systick;
	uint64_t at;

	if (!counts(systick) || !(systick->csr & CSR_TICKINT))
		return UINT64_MAX;
	at = systick->synced + until_zero(systick);
	return at > cpu->now ? at - cpu->now : 0;
}

static uint32_t
read_csr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	uint32_t value;

	(void)index;
	systick_sync(cpu);
	value = cpu->systick.csr;
	if (view == VIEW_CODE) /* "a debugger's read does not clear it": B3.3.3 */
		cpu->systick.csr &= ~CSR_COUNTFLAG;
	return value;
}

static void
write_csr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	const uint32_t writable = CSR_ENABLE | CSR_TICKINT | CSR_CLKSOURCE;

	(void)index;
	(void)view;
	systick_sync(cpu);
	cpu->systick.csr = (cpu->systick.csr & ~writable) | (value & writable);
}

static void
write_rvr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	systick_sync(cpu);
	cpu->systick.rvr = value & COUNT_MASK;
}

static uint32_t
read_cvr(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	(void)view;
	systick_sync(cpu);
	return cpu->systick.cvr;
}

/* Any write clears the counter and COUNTFLAG. */
static void
write_cvr(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)value;
	(void)view;
	systick_sync(cpu);
	cpu->systick.cvr = 0;
	cpu->systick.csr &= ~CSR_COUNTFLAG;
}

static const struct ppb_register registers[] = {
	{ .at = 0xe000e010,
	  .words = 1,
	  .merge = true,
	  .read = read_csr,
	  .write = write_csr },
	{ .at = 0xe000e014,
	  .words = 1,
	  .merge = true,
	  .store = PPB_STORE(systick.rvr),
	  .write = write_rvr },
	{ .at = 0xe000e018, .words = 1, .read = read_cvr, .write = write_cvr },
	{ .at = 0xe000e01c, .words = 1 }, /* CALIB: no calibration value, external clock */
};
const struct ppb_table systick_registers = PPB_TABLE(registers);
