/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/kept_registers.h"

#include <assert.h>

void
kept_registers_add(struct kept_registers *registers, struct kept_register kept)
{
	assert(registers->len < KEPT_REGISTERS_MAX);
	registers->each[registers->len++] = kept;
}

enum cause
kept_registers_change(struct kept_registers *registers, struct core *core,
		      const struct register_change *change, struct reason *why)
{
	uint32_t old = 0, new;
	enum cause cause = mem_read32(core_memory(core), change->at, &old, why);

	if (cause != CAUSE_NONE || (old & change->mask) == change->value)
		return cause;
	new = (old & ~change->mask) | change->value;
	kept_registers_add(registers, (struct kept_register){ change->at, old, new, true });
	return mem_write32(core_memory(core), change->at, new, why);
}

uint32_t
kept_registers_value(const struct kept_registers *registers, uint32_t at)
{
	for (size_t i = 0; i < registers->len; i++)
		if (registers->each[i].at == at)
			return registers->each[i].value;
	return 0;
}

static bool
is_written_later(const struct kept_registers *registers, size_t index)
{
	for (size_t i = index + 1; i < registers->len; i++)
		if (registers->each[i].at == registers->each[index].at)
			return true;
	return false;
}

enum cause
kept_registers_check(const struct kept_registers *registers, struct core *core,
		     bool *is_as_set, struct reason *why)
{
	struct mem_word words[KEPT_REGISTERS_MAX];
	enum cause cause;

	for (size_t i = 0; i < registers->len; i++)
		words[i] = (struct mem_word){ .at = registers->each[i].at };
	cause = mem_batch(core_memory(core), words, registers->len, why);
	*is_as_set = cause == CAUSE_NONE;
	for (size_t i = 0; i < registers->len; i++)
		if (registers->each[i].is_set && !is_written_later(registers, i) &&
		    words[i].value != registers->each[i].set)
			*is_as_set = false;
	return cause;
}
