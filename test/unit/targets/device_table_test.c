/* SPDX-License-Identifier: MIT */
/* Walks every device entry: what would be a wrong number fails here, not on a board. */
#include "targets/chip/device.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
ids_are_unique_at_each_idcode_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < device_table_len; i++)
		assert_ptr_equal(
			device_by_id(device_table[i]->idcode_at, device_table[i]->dev_id),
			device_table[i]);
	assert_null(device_by_id(0xe0042000, 0x000));
	assert_null(device_by_id(0x40015800, 0x469));
}

static void
every_source_is_a_manual_and_its_revision(void **state)
{
	(void)state;
	for (size_t i = 0; i < device_table_len; i++) {
		const char *source = device_table[i]->source;

		assert_non_null(source);
		assert_memory_equal(source, "RM", 2);
		assert_non_null(strstr(source, " Rev "));
	}
}

static void
every_core_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < device_table_len; i++) {
		const struct core_entry *cores = device_table[i]->cores;

		assert_non_null(cores[0].name);
		if (cores[1].name != NULL) {
			assert_string_not_equal(cores[0].name, cores[1].name);
			assert_int_not_equal(cores[0].ap, cores[1].ap);
		}
	}
}

/* The size that a layout is for: its own when the size word selects it. */
static uint32_t
kib_of(const struct device *device, const struct flash_layout *layout)
{
	if (layout->option_mask != 0 && device->option_at == device->flash_size_at)
		return layout->option_value;
	return device->max_flash_kib;
}

static uint32_t
banks_size(const struct flash_layout *layout, uint32_t flash_kib)
{
	uint32_t size = 0;

	for (size_t b = 0; b < DEVICE_MAX_BANKS; b++)
		size += device_bank_size(&layout->banks[b], flash_kib);
	return size;
}

static void
the_banks_of_each_layout_add_up_to_the_flash(void **state)
{
	(void)state;
	for (size_t i = 0; i < device_table_len; i++)
		for (size_t l = 0; l < DEVICE_MAX_LAYOUTS; l++) {
			const struct flash_layout *layout = &device_table[i]->layouts[l];
			uint32_t kib = kib_of(device_table[i], layout);

			if (layout->banks[0].share != 0)
				assert_int_equal(banks_size(layout, kib), KIB(kib));
		}
}

static void
the_last_layout_is_for_every_value_that_is_left(void **state)
{
	(void)state;
	for (size_t i = 0; i < device_table_len; i++) {
		const struct flash_layout *layouts = device_table[i]->layouts;
		size_t last = DEVICE_MAX_LAYOUTS - 1;

		while (last > 0 && layouts[last].banks[0].share == 0)
			last--;
		assert_int_not_equal(layouts[last].banks[0].share, 0);
		assert_int_equal(layouts[last].option_mask, 0);
		assert_true(last == 0 || device_table[i]->option_at != 0);
	}
}

static void
banks_are_numbered_and_do_not_overlap(void **state)
{
	(void)state;
	for (size_t i = 0; i < device_table_len; i++)
		for (size_t l = 0; l < DEVICE_MAX_LAYOUTS; l++) {
			const struct flash_layout *layout = &device_table[i]->layouts[l];
			const struct bank_entry *banks = layout->banks;
			uint32_t kib = device_table[i]->max_flash_kib;

			if (banks[0].share == 0)
				continue;
			assert_int_equal(banks[0].number, 1);
			assert_int_not_equal(banks[0].registers, 0);
			if (banks[1].share == 0)
				continue;
			assert_int_equal(banks[1].number, 2);
			assert_true(banks[0].base + device_bank_size(&banks[0], kib) <=
				    banks[1].base);
		}
}

static bool
overlap(const struct ram_entry *a, const struct ram_entry *b)
{
	return a->base < b->base + b->size && b->base < a->base + a->size;
}

static void
rams_do_not_overlap_and_one_is_for_loaders(void **state)
{
	(void)state;
	for (size_t i = 0; i < device_table_len; i++) {
		const struct ram_entry *rams = device_table[i]->rams;
		unsigned loaders = 0;

		for (size_t a = 0; a < DEVICE_MAX_RAMS && rams[a].name != NULL; a++) {
			loaders += rams[a].is_loader_ram;
			assert_int_not_equal(rams[a].size, 0);
			for (size_t b = 0; b < a; b++)
				assert_false(overlap(&rams[a], &rams[b]));
		}
		assert_int_equal(loaders, 1);
	}
}

static void
flash_is_programmable_and_the_watchdogs_can_be_frozen(void **state)
{
	(void)state;
	for (size_t i = 0; i < device_table_len; i++) {
		const struct device *device = device_table[i];

		assert_int_not_equal(device->flash_interface, FLASH_INTERFACE_NONE);
		assert_true(device->program_align > 0);
		assert_int_equal(device->program_align & (device->program_align - 1), 0);
		assert_int_not_equal(device->debug_bits[0].bits, 0);
		assert_non_null(device->debug_bits[0].meaning);
	}
}

static void
parts_are_found_by_the_name_on_the_chip(void **state)
{
	static const struct {
		const char *typed;
		uint16_t dev_id;
	} names[] = {
		{ "STM32G473VBT6", 0x469 }, { "stm32g47x", 0x469 },
		{ "STM32G484", 0x469 },     { "STM32F103C8T6", 0x410 },
		{ "stm32f103rbt6", 0x410 }, { "STM32F103ZET6", 0x414 },
		{ "STM32F103x6", 0x412 },   { "STM32F103RGT6", 0x430 },
		{ "STM32F107VCT6", 0x418 }, { "STM32F100RBT6", 0x420 },
		{ "STM32F100ZE", 0x428 },
	};

	(void)state;
	for (size_t i = 0; i < array_len(names); i++) {
		const struct device *device = device_by_name(names[i].typed);

		assert_non_null(device);
		assert_int_equal(device->dev_id, names[i].dev_id);
	}
	for (size_t i = 0; i < device_table_len; i++)
		assert_ptr_equal(device_by_name(device_table[i]->name), device_table[i]);
}

static void
names_that_fit_none_or_several_find_none(void **state)
{
	static const char *const names[] = { "",          "STM32",       "STM32F4",
					     "STM32F103", "STM32F10xxB", "xxxxxxxxxxx" };

	(void)state;
	for (size_t i = 0; i < array_len(names); i++)
		assert_null(device_by_name(names[i]));
}

/* Tests run in the root of the tree. */
static void
the_readme_names_every_part(void **state)
{
	static char readme[64 * 1024];
	FILE *file = fopen("README.md", "r");

	(void)state;
	assert_non_null(file);
	readme[fread(readme, 1, sizeof(readme) - 1, file)] = '\0';
	fclose(file);
	for (size_t i = 0; i < device_table_len; i++)
		if (strstr(readme, device_table[i]->name) == NULL)
			fail_msg("README.md does not name %s", device_table[i]->name);
}

static void
a_bank_has_its_share_of_the_size_word_up_to_its_last_sector(void **state)
{
	const struct device *g4 = device_by_name("STM32G473");
	const struct device *xl = device_by_name("STM32F103RG");

	(void)state;
	assert_int_equal(device_bank_size(&g4->layouts[0].banks[0], 128), KIB(128));
	assert_int_equal(device_bank_size(&g4->layouts[0].banks[0], 512), KIB(256));
	assert_int_equal(device_bank_size(&g4->layouts[0].banks[1], 128), KIB(64));
	assert_int_equal(g4->layouts[0].banks[1].base, 0x08040000);
	assert_int_equal(device_bank_size(&g4->layouts[1].banks[0], 128), KIB(128));
	assert_int_equal(device_bank_size(&xl->layouts[0].banks[0], 768), KIB(512));
	assert_int_equal(device_bank_size(&xl->layouts[0].banks[1], 768), KIB(256));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_unique_at_each_idcode_address),
		cmocka_unit_test(every_source_is_a_manual_and_its_revision),
		cmocka_unit_test(every_core_has_a_name_of_its_own),
		cmocka_unit_test(the_banks_of_each_layout_add_up_to_the_flash),
		cmocka_unit_test(the_last_layout_is_for_every_value_that_is_left),
		cmocka_unit_test(banks_are_numbered_and_do_not_overlap),
		cmocka_unit_test(rams_do_not_overlap_and_one_is_for_loaders),
		cmocka_unit_test(flash_is_programmable_and_the_watchdogs_can_be_frozen),
		cmocka_unit_test(parts_are_found_by_the_name_on_the_chip),
		cmocka_unit_test(the_readme_names_every_part),
		cmocka_unit_test(names_that_fit_none_or_several_find_none),
		cmocka_unit_test(
			a_bank_has_its_share_of_the_size_word_up_to_its_last_sector),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
