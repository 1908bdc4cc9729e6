/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "test/emulator/cpu/cpu_internal.h"

#define SCS_BASE         0xe000e000u
#define SCS_STIR         0xe000ef00u
#define ITM_BASE         0xe0000000u
#define ITM_PORTS_END    0xe0000080u
#define CCR_USERSETMPEND (1u << 1)

static const struct ppb_table *const tables[] = { &scs_registers,  &systick_registers,
						  &nvic_registers, &debug_registers,
						  &dwt_registers,  &fpb_registers,
						  &itm_registers,  &v8m_registers,
						  &cache_registers };

bool
cpu_owns(uint32_t at)
{
	return (at >= ITM_BASE && at < 0xe0003000u) ||
	       (at >= SCS_BASE && at < SCS_BASE + 0x1000);
}

static bool
row_holds(const struct ppb_register *row, uint32_t at, unsigned *index)
{
	uint32_t stride = row->stride ? row->stride : 4;

	if (at < row->at || (at - row->at) % stride != 0)
		return false;
	*index = (at - row->at) / stride;
	return *index < row->words;
}

static const struct ppb_register *
find(const struct cpu *cpu, uint32_t at, unsigned *index)
{
	if (v6m_lacks(cpu, at))
		return NULL;
	for (unsigned t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (unsigned i = 0; i < tables[t]->len; i++)
			if (row_holds(&tables[t]->row[i], at, index))
				return &tables[t]->row[i];
	return NULL;
}

/* A register without functions is the uint32_t at `store` in struct cpu. */
static uint32_t *
stored(struct cpu *cpu, const struct ppb_register *row)
{
	return (uint32_t *)(void *)((char *)cpu + row->store);
}

static uint32_t
read_word(struct cpu *cpu, uint32_t at, enum ppb_view view)
{
	unsigned index;
	const struct ppb_register *row = find(cpu, at, &index);

	if (!row)
		return coresight_id(cpu, at);
	if (row->read)
		return row->read(cpu, index, view);
	return row->store ? *stored(cpu, row) : 0;
}

static void
write_word(struct cpu *cpu, const struct ppb_register *row, unsigned index, uint32_t value,
	   enum ppb_view view)
{
	if (row->write)
		row->write(cpu, index, value, view);
	else if (row->store)
		*stored(cpu, row) =
			(*stored(cpu, row) & ~row->writable) | (value & row->writable);
}

/* B3.1.1: unprivileged accesses fault, but for STIR and the ITM's ports if allowed. */
static bool
is_allowed(struct cpu *cpu, uint32_t at, enum ppb_view view)
{
	if (view == VIEW_DEBUGGER || register_is_privileged(cpu))
		return true;
	if (at < ITM_PORTS_END)
		return !(cpu->itm.tpr >> (at / 32 & 3) & 1);
	return at == SCS_STIR && cpu->scs.ccr & CCR_USERSETMPEND;
}

static uint32_t
lane_mask(unsigned size)
{
	return size == 4 ? UINT32_MAX : (1u << (8 * size)) - 1;
}

bool
ppb_read(struct cpu *cpu, uint32_t at, unsigned size, uint32_t *value, enum ppb_view view)
{
	*value = 0;
	if (!is_allowed(cpu, at, view))
		return false;
	*value = read_word(cpu, at & ~3u, view) >> (8 * (at & 3)) & lane_mask(size);
	return true;
}

bool
ppb_write(struct cpu *cpu, uint32_t at, unsigned size, uint32_t value, enum ppb_view view)
{
	unsigned index, shift = 8 * (at & 3);
	const struct ppb_register *row = find(cpu, at & ~3u, &index);

	if (!is_allowed(cpu, at, view))
		return false;
	if (at >=
	    SCS_BASE) /* priorities, masks, vectors: look again at the next boundary */
		cpu->stop = true;
	if (!row)
		return true;
	value = (value & lane_mask(size)) << shift;
	if (row->merge && size < 4)
		value |= read_word(cpu, at & ~3u, VIEW_DEBUGGER) &
			 ~(lane_mask(size) << shift);
	cpu->access_size = size;
	write_word(cpu, row, index, value, view);
	return true;
}

bool
cpu_debug_read(struct cpu *cpu, uint32_t at, uint32_t *value)
{
	*value = 0;
	return cpu_owns(at) && ppb_read(cpu, at, 4, value, VIEW_DEBUGGER);
}

bool
cpu_debug_write(struct cpu *cpu, uint32_t at, uint32_t value)
{
	return cpu_owns(at) && ppb_write(cpu, at, 4, value, VIEW_DEBUGGER);
}
