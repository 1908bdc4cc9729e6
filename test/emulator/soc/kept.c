/* SPDX-License-Identifier: MIT */
/*
 * What a chip has in it before power comes: option bytes by name, and the memories that
 * keep their contents, in whole.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "test/emulator/soc/soc_internal.h"

enum { MAX_NAME = 32 };

static bool
number_parse(const char **text, uint32_t *number)
{
	char *end;
	unsigned long long value;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	value = strtoull(*text, &end, 0);
	if (errno || value > UINT32_MAX)
		return false;
	*text = end;
	*number = (uint32_t)value;
	return true;
}

/* "FIRST" or "FIRST-LAST". */
static bool
range_parse(const char *text, uint32_t *first, uint32_t *last)
{
	if (!number_parse(&text, first))
		return false;
	*last = *first;
	if (*text != '-')
		return !*text;
	text++;
	return number_parse(&text, last) && !*text && *last >= *first;
}

const char *
soc_preset_option(struct soc *soc, const char *option)
{
	const struct flash_role *flash = soc->flash ? soc->flash->type->flash : NULL;
	size_t len = strcspn(option, "=");
	char name[MAX_NAME];
	uint32_t first, last;

	if (!len || len >= sizeof(name) || !option[len])
		return "NAME=VALUE is wanted";
	memcpy(name, option, len);
	name[len] = '\0';
	if (!range_parse(option + len + 1, &first, &last))
		return "the value is a number, or a range as 0-3";
	if (!flash || !flash->preset)
		return "the options of this chip cannot be set";
	if (!flash->preset(soc->flash, name, first, last))
		return "this chip has no such option, or the option no such value";
	return NULL;
}

/* The `index`th that keeps its contents, the main flash after all others. */
static int
memory_of(const struct soc *soc, unsigned index)
{
	const struct chip *chip = soc->chip;

	for (unsigned i = 0; i < chip->memories_len; i++)
		if (chip->memories[i].keeps_contents && i != chip->flash_memory &&
		    index-- == 0)
			return (int)i;
	return index == 0 ? chip->flash_memory : -1;
}

bool
soc_kept(struct soc *soc, unsigned index, struct soc_kept *kept)
{
	int memory = memory_of(soc, index);

	if (memory < 0)
		return false;
	kept->name = soc->chip->memories[memory].name;
	kept->bytes = soc->memories[memory];
	kept->size = soc->chip->memories[memory].size;
	return true;
}

/* Option bytes are loaded at once: when DBANK is among them the controller puts the cells
 * of the main flash into another order (flash/l4g4_options.c), and the contents saved are in
 * that order already. */
void
soc_kept_restored(struct soc *soc, unsigned index)
{
	int memory = memory_of(soc, index);

	if (memory < 0)
		return;
	windows_changed(soc, soc->memories[memory], soc->chip->memories[memory].size);
	if (soc->flash && memory != soc->chip->flash_memory)
		soc->flash->type->flash->load_options(soc->flash);
}

static struct peripheral *
store_of(const struct soc *soc)
{
	for (unsigned i = 0; i < soc->peripherals_len; i++) {
		struct peripheral *peripheral = soc->peripherals[i];
		const struct store_role *role = peripheral->type->store;

		if (role && role->is_there(peripheral))
			return peripheral;
	}
	return NULL;
}

const char *
soc_wire_beside(struct soc *soc, const char *text)
{
	const char *wrong = "this chip has no controller for a serial flash";

	for (unsigned i = 0; i < soc->peripherals_len; i++) {
		struct peripheral *peripheral = soc->peripherals[i];
		const struct store_role *role = peripheral->type->store;

		if (role)
			wrong = role->wire(peripheral, text);
		if (role && !wrong)
			return NULL;
	}
	return wrong;
}

bool
soc_beside_used(struct soc *soc, unsigned index, struct soc_kept *kept, uint32_t *at)
{
	struct peripheral *store = store_of(soc);

	return store && store->type->store->used(store, index, kept, at);
}

bool
soc_beside_block(struct soc *soc, uint32_t at, struct soc_kept *kept)
{
	struct peripheral *store = store_of(soc);

	return store && store->type->store->block(store, at, kept);
}

/*
 * System memory is the beginning of the information block on all our chips. ST's boot loader
 * is not ours to have; in its place stands one that waits for a host that never comes: a
 * stack, a reset vector and a branch to itself. Assumption; a family that brings its own
 * keeps it.
 */
void
rom_create(struct soc *soc)
{
	enum { STACK_AT = 0x20000400, CODE_OFFSET = 8, THUMB = 1 };
	static const uint32_t branch_to_itself = 0xE7FEE7FE; /* B . in each half */
	const struct chip *chip = soc->chip;
	uint8_t *cells = soc->memories[chip->information_memory];

	for (unsigned i = 0; i < chip->windows_len; i++) {
		const struct chip_window *window = &chip->windows[i];
		uint32_t program[] = { STACK_AT, window->at + (CODE_OFFSET | THUMB),
				       branch_to_itself };
		uint32_t first;

		if (window->memory != chip->information_memory || window->offset != 0)
			continue;
		memcpy(&first, cells, sizeof(first));
		if (first != UINT32_MAX)
			return;
		memcpy(cells, program, sizeof(program));
		windows_changed(soc, cells, sizeof(program));
		return;
	}
}

void
soc_seed(struct soc *soc, uint64_t seed)
{
	soc->seed = seed;
}
