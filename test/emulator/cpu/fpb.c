/* SPDX-License-Identifier: MIT */
/* Breakpoint unit: DDI 0403E C1.11 (FPB, version 1 and 2), DDI 0419 C1.7 (BPU). */
#include "test/emulator/cpu/cpu_internal.h"

#define CTRL_ENABLE   (1u << 0)
#define CTRL_KEY      (1u << 1)
#define REMAP_RMPSPT  (1u << 29)
#define COMP_ENABLE   (1u << 0)
#define COMP_V1_ADDR  0x1ffffffcu
#define COMP_V1_LOWER 1u /* REPLACE, bits 31:30 */
#define COMP_V1_UPPER 2u
#define COMP_V1_MASK  0xdffffffdu
#define COMP_V2_ADDR  0xfffffffeu

void
fpb_reset(struct cpu *cpu)
{
	cpu->fpb.ctrl = 0;
	cpu->fpb.remap = 0;
	for (unsigned i = 0; i < FPB_MAX; i++)
		cpu->fpb.comp[i] = 0;
	cpu->fpb.stale = true;
}

bool
fpb_matches(const struct cpu *cpu, uint32_t pc)
{
	for (unsigned i = 0; i < cpu->fpb.len; i++)
		if (cpu->fpb.at[i] == pc)
			return true;
	return false;
}

static unsigned
expand_v1(uint32_t comp, uint32_t *at)
{
	uint32_t replace = comp >> 30;
	unsigned len = 0;

	if (replace & COMP_V1_LOWER)
		at[len++] = comp & COMP_V1_ADDR;
	if (replace & COMP_V1_UPPER)
		at[len++] = (comp & COMP_V1_ADDR) + 2;
	return len;
}

/* The addresses that the comparators name now. Literal comparators only ever remap. */
static unsigned
expand(const struct cpu *cpu, uint32_t *at)
{
	unsigned len = 0;

	if (!(cpu->fpb.ctrl & CTRL_ENABLE))
		return 0;
	for (unsigned i = 0; i < cpu->model.fpb_code; i++) {
		uint32_t comp = cpu->fpb.comp[i];

		if (!(comp & COMP_ENABLE))
			continue;
		if (cpu->model.fpb_revision == 2)
			at[len++] = comp & COMP_V2_ADDR;
		else
			len += expand_v1(comp, at + len);
	}
	return len;
}

/* Exits are only seen when code is translated, so both old and new places are anew. */
void
fpb_settle(struct cpu *cpu)
{
	struct fpb *fpb = &cpu->fpb;
	uint32_t old[2 * FPB_MAX];
	unsigned old_len = fpb->len;

	if (!fpb->stale)
		return;
	fpb->stale = false;
	for (unsigned i = 0; i < old_len; i++)
		old[i] = fpb->at[i];
	fpb->len = expand(cpu, fpb->at);
	for (unsigned i = 0; i < old_len; i++)
		if (!fpb_matches(cpu, old[i]))
			memory_forget(cpu, old[i], 4);
	for (unsigned i = 0; i < fpb->len; i++)
		memory_forget(cpu, fpb->at[i], 4);
	engine_set_exits(cpu, fpb->at, fpb->len);
}

/* REV, NUM_LIT, NUM_CODE in two parts, ENABLE. */
static uint32_t
read_ctrl(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	uint32_t code = cpu->model.fpb_code;

	(void)index;
	(void)view;
	return (uint32_t)(cpu->model.fpb_revision - 1) << 28 | (code >> 4 & 7) << 12 |
	       (uint32_t)cpu->model.fpb_literal << 8 | (code & 15) << 4 |
	       (cpu->fpb.ctrl & CTRL_ENABLE);
}

static void
changed(struct cpu *cpu)
{
	cpu->fpb.stale = true;
	cpu->stop = true;
}

static void
write_ctrl(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)index;
	(void)view;
	if (!(value & CTRL_KEY))
		return;
	cpu->fpb.ctrl = value & CTRL_ENABLE;
	changed(cpu);
}

static uint32_t
read_remap(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)index;
	(void)view;
	return cpu->model.fpb_literal ? REMAP_RMPSPT | cpu->fpb.remap : 0;
}

static uint32_t
read_comp(struct cpu *cpu, unsigned index, enum ppb_view view)
{
	(void)view;
	return cpu->fpb.comp[index];
}

static void
write_comp(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view)
{
	(void)view;
	if (index >= (unsigned)cpu->model.fpb_code + cpu->model.fpb_literal)
		return;
	if (cpu->model.fpb_revision == 1)
		value &= COMP_V1_MASK;
	cpu->fpb.comp[index] = value;
	changed(cpu);
}

static const struct ppb_register registers[] = {
	{ .at = 0xe0002000, .words = 1, .read = read_ctrl, .write = write_ctrl },
	{ .at = 0xe0002004,
	  .words = 1,
	  .read = read_remap,
	  .store = PPB_STORE(fpb.remap),
	  .writable = 0x1fffffe0 },
	{ .at = 0xe0002008, .words = FPB_MAX, .read = read_comp, .write = write_comp },
};
const struct ppb_table fpb_registers = PPB_TABLE(registers);
