/* SPDX-License-Identifier: MIT */
#include "flash/runner/kept_ram.h"

#include <stdlib.h>

enum cause
kept_ram_keep(struct kept_ram *ram, struct core *core, uint32_t size, struct reason *why)
{
	enum cause cause;

	if (size <= ram->kept)
		return CAUSE_NONE;
	if (ram->bytes == NULL)
		ram->bytes = malloc(ram->size);
	if (ram->bytes == NULL)
		return reason_begin(why, CAUSE_HOST,
				    "this computer has no memory for %u bytes",
				    (unsigned)ram->size);
	cause = mem_read(core_memory(core), ram->at + ram->kept, ram->bytes + ram->kept,
			 size - ram->kept, why);
	if (cause == CAUSE_NONE)
		ram->kept = size;
	return cause;
}

enum cause
kept_ram_put_back(const struct kept_ram *ram, struct core *core, struct reason *why)
{
	if (ram->kept == 0)
		return CAUSE_NONE;
	return mem_write(core_memory(core), ram->at, ram->bytes, ram->kept, why);
}

void
kept_ram_free(struct kept_ram *ram)
{
	free(ram->bytes);
	*ram = (struct kept_ram){ 0 };
}
