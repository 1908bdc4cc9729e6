/* SPDX-License-Identifier: MIT */
#include "targets/core/batch.h"

#include <assert.h>

static void
add_word(struct batch *batch, struct mem_word word)
{
	assert(batch->len < BATCH_MAX);
	batch->words[batch->len++] = word;
}

void
batch_write(struct batch *batch, uint32_t at, uint32_t value)
{
	add_word(batch, (struct mem_word){ at, value, true });
}

size_t
batch_read(struct batch *batch, uint32_t at)
{
	add_word(batch, (struct mem_word){ at, 0, false });
	return batch->len - 1;
}

uint32_t
batch_value(const struct batch *batch, size_t index)
{
	assert(index < batch->len);
	return batch->words[index].value;
}

enum cause
batch_run(struct batch *batch, struct mem_ap *mem, struct reason *why)
{
	return mem_batch(mem, batch->words, batch->len, why);
}

enum cause
batch_run_gated(struct batch *batch, struct mem_ap *mem, const struct mem_gates *gates,
		size_t *reached, struct reason *why)
{
	return mem_batch_gated(mem, batch->words, batch->len, gates, reached, why);
}
