/* SPDX-License-Identifier: MIT */
/* glance.c - memory that is looked at stop after stop, read along with the next one. */
#include "targets/core/core_internal.h"

#include <string.h>

static uint32_t
words_of(const struct glance *glance)
{
	return (align_down(glance->at + glance->size + 3, 4) - align_down(glance->at, 4)) /
	       4;
}

void
glances_age(struct core *core)
{
	size_t kept = 0;

	for (size_t i = 0; i < core->glances_len; i++) {
		if (!core->glances[i].is_used)
			continue;
		core->glances[kept] = core->glances[i];
		core->glances[kept++].is_used = false;
	}
	core->glances_len = kept;
	core->has_glances = false;
}

void
glances_batch(const struct core *core, struct batch *batch)
{
	for (size_t i = 0; i < core->glances_len; i++)
		for (uint32_t word = 0; word < words_of(&core->glances[i]); word++)
			batch_read(batch, align_down(core->glances[i].at, 4) + 4 * word);
}

void
glances_take(struct core *core, const struct batch *batch, size_t first)
{
	for (size_t i = 0; i < core->glances_len; i++)
		for (uint32_t word = 0; word < words_of(&core->glances[i]); word++)
			le32_put(core->glances[i].bytes + 4 * word,
				 batch_value(batch, first++));
	core->has_glances = true;
}

static struct glance *
find(struct core *core, uint32_t at, uint32_t size)
{
	for (size_t i = 0; i < core->glances_len; i++)
		if (core->glances[i].at == at && core->glances[i].size == size)
			return &core->glances[i];
	return NULL;
}

/* Reading RAM changes nothing and is never refused, so it may be read unasked. */
static void
note(struct core *core, uint32_t at, uint32_t size)
{
	if (size == 0 || size > GLANCE_SIZE || core->glances_len == CORE_MAX_GLANCES ||
	    !core_is_ram(core, at) || !core_is_ram(core, at + size - 1))
		return;
	core->glances[core->glances_len++] =
		(struct glance){ .at = at, .size = size, .is_used = true };
	core->has_glances = false;
}

enum cause
core_memory_glance(struct core *core, uint32_t at, void *bytes, uint32_t size,
		   struct reason *why)
{
	struct glance *glance = find(core, at, size);
	enum cause cause;

	if (glance != NULL)
		glance->is_used = true;
	if (glance != NULL && core->has_glances) {
		memcpy(bytes, glance->bytes + at % 4, size);
		planted_hide(core, at, bytes, size);
		return CAUSE_NONE;
	}
	cause = core_memory_read(core, at, bytes, size, why);
	if (cause == CAUSE_NONE && glance == NULL)
		note(core, at, size);
	return cause;
}
