/* SPDX-License-Identifier: MIT */
#include "targets/chip/chip.h"

#include <assert.h>
#include <string.h>

enum { MAX_READINGS = 8 };

/* Where all STM32s, and what resembles them, have their first RAM (DDI 0403E.e B3.1). */
#define RAM_BASE   0x20000000u
#define RAM_REGION 0x20000000u

/* Each register is read once, whatever number of selectors asks for it. */
struct readings {
	chip_read *read;
	void *context;
	size_t len;
	struct {
		uint32_t at, value;
	} words[MAX_READINGS];
};

static enum cause
reading(struct readings *readings, uint32_t at, uint32_t *value, struct reason *why)
{
	enum cause cause;

	for (size_t i = 0; i < readings->len; i++)
		if (readings->words[i].at == at) {
			*value = readings->words[i].value;
			return CAUSE_NONE;
		}
	cause = readings->read(readings->context, at, value, why);
	if (cause != CAUSE_NONE)
		return cause;
	assert(readings->len < MAX_READINGS);
	readings->words[readings->len].at = at;
	readings->words[readings->len++].value = *value;
	return CAUSE_NONE;
}

static enum cause
selector_fits(const struct selector *when, uint32_t flash_kib, struct readings *readings,
	      bool *fits, struct reason *why)
{
	*fits = (when->kib_min == 0 || flash_kib >= when->kib_min) &&
		(when->kib_max == 0 || flash_kib <= when->kib_max);
	for (size_t i = 0; *fits && i < SELECTOR_MAX_TESTS; i++) {
		const struct register_test *test = &when->tests[i];
		uint32_t value = 0;
		enum cause cause;

		if (test->mask == 0)
			break;
		cause = reading(readings, test->at, &value, why);
		if (cause != CAUSE_NONE)
			return cause;
		*fits = (value & test->mask) == test->value;
	}
	return CAUSE_NONE;
}

static void
add_memory(struct chip *chip, const struct memory_entry *entry)
{
	uint32_t size = memory_entry_size_at(entry, chip->flash_kib);

	assert(chip->memories_len < CHIP_MAX_MEMORIES);
	chip->memories[chip->memories_len++] = (struct memory){
		.entry = entry, .base = entry->base, .size = size, .size_max = size
	};
}

static void
add_memories(struct chip *chip, const struct memory_entry *entries)
{
	for (; entries != NULL && entries->name != NULL; entries++)
		add_memory(chip, entries);
}

static struct memory *
find_memory(struct chip *chip, const struct memory_entry *entry)
{
	for (size_t i = 0; i < chip->memories_len; i++)
		if (chip->memories[i].base == entry->base &&
		    strcmp(chip->memories[i].entry->name, entry->name) == 0)
			return &chip->memories[i];
	return NULL;
}

static bool
variant_has(const struct variant *variant, const struct memory_entry *entry)
{
	for (const struct memory_entry *own = variant->memories; own->name != NULL; own++)
		if (own->base == entry->base && strcmp(own->name, entry->name) == 0)
			return true;
	return false;
}

/* One of several variants that fit: what it has less than those before is not certain. */
static void
merge_variant(struct chip *chip, size_t from, const struct variant *variant, bool is_first)
{
	const struct memory_entry *entry;

	for (size_t i = from; i < chip->memories_len; i++)
		if (!variant_has(variant, chip->memories[i].entry))
			chip->memories[i].size = 0;
	for (entry = variant->memories; entry->name != NULL; entry++) {
		uint32_t size = memory_entry_size_at(entry, chip->flash_kib);
		struct memory *memory = find_memory(chip, entry);

		if (memory == NULL) {
			add_memory(chip, entry);
			memory = &chip->memories[chip->memories_len - 1];
			memory->size = is_first ? size : 0;
		}
		if (size < memory->size)
			memory->size = size;
		if (size > memory->size_max)
			memory->size_max = size;
	}
}

static bool
is_named(const struct variant *variants, const char *part)
{
	for (; part != NULL && variants->name != NULL; variants++)
		if (device_name_fits(variants->name, part))
			return true;
	return false;
}

/* A test that cannot be read rules nothing out. */
static enum cause
variant_fits(const struct variant *variant, const struct chip *chip,
	     struct readings *readings, bool *fits, struct reason *why)
{
	enum cause cause =
		selector_fits(&variant->when, chip->flash_kib, readings, fits, why);

	if (cause != CAUSE_FAULT)
		return cause;
	*fits = true;
	return CAUSE_NONE;
}

/* A name settles it where registers do not; when no row fits at all any may be the one. */
static enum cause
add_variants(struct chip *chip, const char *part, struct readings *readings,
	     struct reason *why)
{
	const struct variant *variants = chip->device->variants;
	bool has_name = is_named(variants, part);
	size_t from = chip->memories_len;
	unsigned fitting = 0;

	for (unsigned round = 0; round < 2 && fitting == 0; round++)
		for (const struct variant *v = variants; v->name != NULL; v++) {
			bool fits = true;
			enum cause cause = CAUSE_NONE;

			if (has_name && !device_name_fits(v->name, part))
				continue;
			if (round == 0)
				cause = variant_fits(v, chip, readings, &fits, why);
			if (cause != CAUSE_NONE)
				return cause;
			if (!fits)
				continue;
			merge_variant(chip, from, v, fitting == 0);
			chip->variant = fitting == 0 && round == 0 ? v : NULL;
			fitting++;
		}
	return CAUSE_NONE;
}

static enum cause
unread_layout(struct chip *chip, struct reason *why)
{
	reason_while(why,
		     "the layout of the flash of %s cannot be read, so it cannot be "
		     "programmed",
		     chip->device->name);
	chip->flash_why = *why;
	return CAUSE_NONE;
}

static enum cause
add_layout(struct chip *chip, struct readings *readings, struct reason *why)
{
	const struct layout *layout = chip->device->layouts;
	enum cause cause = CAUSE_NONE;
	bool fits = false;

	for (; layout->name != NULL && !fits; layout++) {
		cause = selector_fits(&layout->when, chip->flash_kib, readings, &fits, why);
		if (cause == CAUSE_FAULT)
			return unread_layout(chip, why);
		if (cause != CAUSE_NONE)
			return reason_while(why, "reading the layout of the flash");
	}
	assert(fits && "the last layout of a device is for all that is left");
	chip->layout = layout - 1;
	add_memories(chip, chip->layout->memories);
	chip->is_flash_known = true;
	return CAUSE_NONE;
}

/* Of what the option bytes give to another core nothing is this memory's. */
static void
cut_rest(struct memory *memory, uint32_t value)
{
	const struct flash_rest *rest = &memory->entry->rest;
	uint64_t from = (uint64_t)(value & rest->mask) * memory->entry->runs[0].size;

	if ((value & rest->none) == 0 && from < memory->size)
		memory->size = (uint32_t)from;
}

static enum cause
cut_rests(struct chip *chip, struct readings *readings, struct reason *why)
{
	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct flash_rest *rest = &chip->memories[i].entry->rest;
		uint32_t value = 0;
		enum cause cause;

		if (rest->mask == 0)
			continue;
		cause = reading(readings, rest->at, &value, why);
		if (cause == CAUSE_FAULT) {
			chip->is_flash_known = false;
			return unread_layout(chip, why);
		}
		if (cause != CAUSE_NONE)
			return reason_while(why, "reading how much of the flash is another "
						 "core's");
		cut_rest(&chip->memories[i], value);
	}
	return CAUSE_NONE;
}

static void
forget(struct chip *chip)
{
	*chip = (struct chip){ .idcode = chip->idcode, .dev_id = chip->dev_id };
}

enum cause
chip_resolve(struct chip *chip, const struct device *device, uint32_t flash_kib,
	     const char *part, chip_read *read, void *context, struct reason *why)
{
	struct readings readings = { .read = read, .context = context };
	enum cause cause = CAUSE_NONE;

	forget(chip);
	chip->device = device;
	chip->flash_kib = flash_kib;
	add_memories(chip, device->memories);
	if (device->variants != NULL)
		cause = add_variants(chip, part, &readings, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "finding out which part it is");
	if (device->layouts != NULL)
		return add_layout(chip, &readings, why);
	chip->is_flash_known = true;
	return cut_rests(chip, &readings, why);
}

enum cause
chip_add_external(struct chip *chip, const struct memory_entry *entry, struct reason *why)
{
	uint32_t size = memory_entry_size_at(entry, chip->flash_kib);

	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];

		if (memory->entry->kind == MEMORY_EXTERNAL ||
		    memory->base >= (uint64_t)entry->base + size ||
		    entry->base >= (uint64_t)memory->base + memory->size_max)
			continue;
		return reason_begin(
			why, CAUSE_REQUEST,
			"the loader for %s at 0x%08x is not used: this chip has "
			"%s there",
			entry->name, (unsigned)entry->base, memory->entry->name);
	}
	if (chip->memories_len == CHIP_MAX_MEMORIES)
		return reason_begin(why, CAUSE_REQUEST,
				    "the loader for %s is not used: no room for more than "
				    "%d memories",
				    entry->name, CHIP_MAX_MEMORIES);
	add_memory(chip, entry);
	return CAUSE_NONE;
}

void
chip_is_unknown(struct chip *chip)
{
	forget(chip);
	if (chip->dev_id != 0)
		reason_begin(&chip->flash_why, CAUSE_UNSUPPORTED,
			     "STM32 with DEV_ID 0x%03x is not in the device table, so its "
			     "flash cannot be programmed",
			     chip->dev_id);
	else
		reason_begin(&chip->flash_why, CAUSE_UNSUPPORTED,
			     "the chip does not say which STM32 it is, so its flash cannot "
			     "be programmed");
	reason_suspect(&chip->flash_why, FINDING_TARGET_NOT_IN_TABLE);
}

void
chip_set_ram(struct chip *chip, uint32_t kib)
{
	for (size_t i = 0; i < chip->memories_len; i++) {
		struct memory *memory = &chip->memories[i];

		if (memory->entry->kind != MEMORY_RAM || memory->base != RAM_BASE ||
		    kib == 0 || KIB(kib) > RAM_REGION)
			continue;
		memory->size = memory->size_max = KIB(kib);
		return;
	}
}

void
chip_add_ram_found(struct chip *chip, uint32_t size)
{
	static const struct memory_entry found = {
		.name = "RAM (its size found by reading)",
		.kind = MEMORY_RAM,
		.flags = MEMORY_FOR_LOADERS,
		.base = RAM_BASE
	};

	add_memory(chip, &found);
	chip->memories[chip->memories_len - 1].size = size;
	chip->memories[chip->memories_len - 1].size_max = size;
}

void
chip_flash_differs(struct chip *chip, const char *name, const char *how)
{
	chip->is_flash_known = false;
	reason_begin(&chip->flash_why, CAUSE_UNSUPPORTED,
		     "%s is not programmed as an STM32: %s", name, how);
	reason_suspect(&chip->flash_why, FINDING_TARGET_NOT_IN_TABLE);
}

/* The bit of a memory's mask of cores. */
static unsigned
core_bit(const struct device *device, const char *core)
{
	for (unsigned i = 0; core != NULL && device != NULL && i < DEVICE_MAX_CORES; i++)
		if (device->cores[i].name != NULL &&
		    strcmp(device->cores[i].name, core) == 0)
			return 1u << i;
	return 1u << 0;
}

const struct memory *
chip_loader_ram(const struct chip *chip, const char *core)
{
	unsigned bit = core_bit(chip->device, core);

	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];

		if ((memory->entry->flags & MEMORY_FOR_LOADERS) != 0 && memory->size > 0 &&
		    (memory->entry->cores == 0 || (memory->entry->cores & bit) != 0))
			return memory;
	}
	return NULL;
}
