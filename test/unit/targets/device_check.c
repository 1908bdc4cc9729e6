/* SPDX-License-Identifier: MIT */
#include "test/unit/targets/device_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_TOGETHER = 40 };

/* Memories that one chip has at once. */
struct together {
	size_t len;
	const struct memory_entry *memories[MAX_TOGETHER];
};

static bool
is_power_of_two(uint32_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

void
interface_check(const struct flash_interface *interface)
{
	assert_non_null(interface->name);
	assert_non_null(interface->source);
	assert_true((unsigned)interface->driver < FLASH_DRIVERS);
	assert_true(is_power_of_two(interface->granule));
	assert_true(interface->erased_value == 0xff || interface->erased_value == 0);
	if (interface->driver == FLASH_DRIVER_NONE)
		return;
	assert_non_null(strstr(interface->source, " Rev "));
	assert_int_not_equal(interface->registers.busy, 0);
	assert_int_not_equal(interface->registers.errors, 0);
	assert_int_not_equal(interface->registers.keys[0].first, 0);
	assert_int_not_equal(interface->registers.cr, interface->registers.sr);
}

static void
check_sectors(const struct memory_entry *memory)
{
	uint32_t size = 0;

	for (size_t i = 0; i < MEMORY_MAX_RUNS; i++) {
		assert_true((memory->runs[i].count == 0) == (memory->runs[i].size == 0));
		assert_true(i == 0 || memory->runs[i].count == 0 ||
			    memory->runs[i - 1].count != 0);
		size += memory->runs[i].count * memory->runs[i].size;
	}
	if (memory->kind != MEMORY_FLASH)
		return;
	assert_int_not_equal(size, 0);
	assert_true(memory->size == 0 || memory->size == size);
	assert_non_null(memory->interface);
	interface_check(memory->interface);
	assert_int_equal(memory->runs[0].size % memory->interface->granule, 0);
	if (memory->alias_of == NULL) {
		assert_int_not_equal(memory->number, 0);
		assert_int_not_equal(memory->registers, 0);
	}
}

static void
check_list(const struct memory_entry *memories)
{
	for (; memories != NULL && memories->name != NULL; memories++) {
		assert_int_not_equal(memory_entry_size(memories), 0);
		assert_true((uint64_t)memories->base + memory_entry_size(memories) <=
			    UINT64_C(1) << 32);
		assert_true((memories->region != NULL) ==
			    (memories->kind == MEMORY_EXTERNAL));
		check_sectors(memories);
	}
}

static void
add_list(struct together *together, const struct memory_entry *memories)
{
	for (; memories != NULL && memories->name != NULL; memories++) {
		assert_true(together->len < MAX_TOGETHER);
		together->memories[together->len++] = memories;
	}
}

static bool
overlap(const struct memory_entry *a, const struct memory_entry *b)
{
	return a->base < (uint64_t)b->base + memory_entry_size(b) &&
	       b->base < (uint64_t)a->base + memory_entry_size(a) &&
	       (a->cores == 0 || b->cores == 0 || (a->cores & b->cores) != 0);
}

static bool
has_memory(const struct together *together, const char *name)
{
	for (size_t i = 0; i < together->len; i++)
		if (strcmp(together->memories[i]->name, name) == 0)
			return true;
	return false;
}

static void
check_together(const struct device *device, const struct together *together)
{
	unsigned loaders = 0;

	for (size_t i = 0; i < together->len; i++) {
		const struct memory_entry *memory = together->memories[i];

		for (size_t other = 0; other < i; other++)
			if (overlap(memory, together->memories[other]))
				fail_msg("%s: %s and %s overlap", device->name,
					 memory->name, together->memories[other]->name);
		if (memory->alias_of != NULL)
			assert_true(has_memory(together, memory->alias_of));
		loaders += (memory->flags & MEMORY_FOR_LOADERS) != 0;
	}
	assert_true(loaders > 0);
}

/* Numbered from 1, in ascending order, and as much as the size word says. */
static void
check_banks(const struct device *device, const struct memory_entry *memories,
	    uint32_t flash_kib)
{
	const struct memory_entry *last = NULL;
	uint32_t size = 0;

	for (; memories != NULL && memories->name != NULL; memories++) {
		if (memories->kind != MEMORY_FLASH || memories->alias_of != NULL)
			continue;
		assert_int_equal(memories->number, last == NULL ? 1 : last->number + 1);
		if (last != NULL) {
			assert_true(last->base < memories->base);
			assert_ptr_equal(last->interface, memories->interface);
		}
		size += memory_entry_size_at(memories, flash_kib);
		last = memories;
	}
	if (last != NULL && size != KIB(flash_kib))
		fail_msg("%s: %u KiB in banks where %u KiB are", device->name,
			 (unsigned)size / 1024, (unsigned)flash_kib);
}

static uint32_t
kib_of(const struct device *device, const struct selector *when)
{
	return when->kib_max != 0 ? when->kib_max : device->max_flash_kib;
}

static bool
is_for_all(const struct selector *when)
{
	return when->kib_min == 0 && when->kib_max == 0 && when->tests[0].mask == 0;
}

static void
check_layouts(const struct device *device)
{
	const struct layout *layout = device->layouts;

	for (; layout != NULL && layout->name != NULL; layout++) {
		check_list(layout->memories);
		check_banks(device, layout->memories, kib_of(device, &layout->when));
		assert_int_equal(layout[1].name == NULL, is_for_all(&layout->when));
	}
}

static void
check_variants(const struct device *device)
{
	const struct variant *variant = device->variants;

	for (; variant != NULL && variant->name != NULL; variant++) {
		check_list(variant->memories);
		if (!device_name_fits(device->name, variant->name))
			fail_msg("%s is no name of %s", variant->name, device->name);
		assert_true(variant->when.kib_min <= kib_of(device, &variant->when));
		assert_true(variant->when.kib_max <= device->max_flash_kib);
	}
}

/* Every variant with every layout. */
static void
check_combinations(const struct device *device)
{
	static const struct variant only_variant[2] = { { .name = "" } };
	static const struct layout only_layout[2] = { { .name = "" } };
	const struct variant *variant =
		device->variants != NULL ? device->variants : only_variant;

	for (; variant->name != NULL; variant++) {
		const struct layout *layout =
			device->layouts != NULL ? device->layouts : only_layout;

		for (; layout->name != NULL; layout++) {
			struct together together = { 0 };

			add_list(&together, device->memories);
			add_list(&together, variant->memories);
			add_list(&together, layout->memories);
			check_together(device, &together);
		}
	}
}

static void
check_cores(const struct device *device)
{
	const struct core_entry *cores = device->cores;

	assert_non_null(cores[0].name);
	for (size_t i = 0; i < DEVICE_MAX_CORES && cores[i].name != NULL; i++) {
		assert_int_not_equal(cores[i].kind, 0);
		for (size_t other = 0; other < i; other++) {
			assert_string_not_equal(cores[i].name, cores[other].name);
			assert_int_not_equal(cores[i].ap, cores[other].ap);
		}
		if (cores[i].gate.name != NULL)
			assert_int_not_equal(cores[i].gate.opened_by[0].mask, 0);
	}
}

/* A manual of that revision, or what the row was compared with: a header of ST's, or what is
 * made from its headers. */
static bool
is_source(const char *source)
{
	return (strncmp(source, "RM", 2) == 0 && strstr(source, " Rev ") != NULL) ||
	       strncmp(source, "ST's stm32", 10) == 0 ||
	       strncmp(source, "stm32-data", 10) == 0;
}

static void
check_identity(const struct device *device)
{
	assert_non_null(device->name);
	assert_memory_equal(device->name, "STM32", 5);
	assert_non_null(device->source);
	assert_true(is_source(device->source));
	assert_int_not_equal(device->dev_id, 0);
	assert_true(device->dev_id <= 0xfff);
	assert_int_not_equal(device->ids[0], ID_NOWHERE);
	assert_true(device->size_word.kind == SIZE_FIXED || device->size_word.at != 0);
}

static void
check_debug_bits(const struct device *device)
{
	for (size_t i = 0; i < DEVICE_MAX_DEBUG_BITS; i++) {
		const struct register_bits *bits = &device->debug_bits[i];

		assert_true(i > 0 || bits->bits != 0);
		if (i == 0)
			assert_true((strstr(bits->meaning, "clock") != NULL) ==
				    device->has_debug_clock);
		assert_true(bits->bits == 0 || (bits->at != 0 && bits->meaning != NULL));
	}
}

void
device_check(const struct device *device)
{
	check_identity(device);
	check_cores(device);
	check_debug_bits(device);
	check_list(device->memories);
	check_banks(device, device->memories, device->max_flash_kib);
	check_layouts(device);
	check_variants(device);
	check_combinations(device);
}
