/* SPDX-License-Identifier: MIT */
/* Walks every device entry: what would be a wrong number fails here, not on a board. */
#include "targets/chip/device.h"
#include "targets/chip/vitals.h"

#include "test/unit/targets/device_check.h"
#include "test/unit/targets/device_fixtures.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
every_entry_is_sound(void **state)
{
	const struct device *device;

	(void)state;
	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		device_check(device);
	assert_true(device_at(&device_table, 0) != NULL);
}

static void
the_shape_fits_chips_that_are_quite_different(void **state)
{
	const struct device *device;

	(void)state;
	for (size_t i = 0; (device = device_at(&fixture_table, i)) != NULL; i++)
		device_check(device);
}

static void
every_interface_is_sound_and_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; flash_interfaces[i] != NULL; i++) {
		interface_check(flash_interfaces[i]);
		for (size_t other = 0; other < i; other++)
			assert_string_not_equal(flash_interfaces[i]->name,
						flash_interfaces[other]->name);
	}
}

static void
check_id(const struct device_table *table, const struct device *device, enum id_place place)
{
	const struct device *found = device_by_id(table, place, device->dev_id);

	if (found != device)
		fail_msg("%s and %s have the same DEV_ID 0x%03x", found->name, device->name,
			 device->dev_id);
}

static void
check_ids(const struct device_table *table)
{
	const struct device *device;

	for (size_t i = 0; (device = device_at(table, i)) != NULL; i++)
		for (size_t p = 0; p < DEVICE_MAX_ID_PLACES && device->ids[p] != ID_NOWHERE;
		     p++)
			check_id(table, device, device->ids[p]);
}

static void
ids_are_unique_at_each_place(void **state)
{
	(void)state;
	check_ids(&device_table);
	check_ids(&fixture_table);
	assert_null(device_by_id(&device_table, ID_AP0_E0042000, 0x000));
	assert_null(device_by_id(&device_table, ID_AP0_40015800, 0x469));
}

static void
every_place_of_an_id_says_where_and_suits_some_core(void **state)
{
	(void)state;
	for (enum id_place place = ID_NOWHERE + 1; place < ID_PLACES; place++) {
		const struct id_place_entry *entry = id_place_entry(place);

		assert_non_null(entry->source);
		assert_true((entry->kind == ID_IN_DBGMCU) == (entry->at != 0));
		assert_true(entry->cores[0] == 0 || id_place_suits(place, entry->cores[0]));
		assert_true(entry->cores[0] == 0 || !id_place_suits(place, 0));
	}
}

static void
the_same_place_on_two_lines_of_chips_is_for_different_cores(void **state)
{
	(void)state;
	assert_true(id_place_suits(ID_AP0_E0042000, CORTEX_M4));
	assert_false(id_place_suits(ID_AP0_E0042000, CORTEX_M33));
	assert_true(id_place_suits(ID_TARGETID, CORTEX_M55));
}

/* Bits 15:12 of the IDCODE read as 6 on most parts; TPARTNO is DEV_ID times 16. */
static void
a_dev_id_has_twelve_bits(void **state)
{
	(void)state;
	assert_int_equal(id_place_dev_id(ID_AP0_E0042000, 0x20036469), 0x469);
	assert_int_equal(id_place_dev_id(ID_TARGETID, 0x04500041), 0x450);
	assert_int_equal(id_place_dev_id(ID_TARGETID, 0x14850041), 0x485);
	assert_int_equal(id_place_dev_id(ID_TARGETID, 0x00472041), 0x472);
	assert_int_equal(id_place_dev_id(ID_TARGETID, 0x0bc11477), 0);
	assert_int_equal(id_place_dev_id(ID_TARGETID, 0xf0000040), 0);
}

/* One entry for each word found in a source file. Tests run in the root of the tree. */
static size_t
count_in(const char *path, const char *word, char *last, size_t last_size)
{
	static char text[256 * 1024];
	FILE *file = fopen(path, "r");
	size_t count = 0;

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
		size_t len = strcspn(at + strlen(word), "\"");

		count++;
		assert_true(len < last_size);
		memcpy(last, at + strlen(word), len);
		last[len] = '\0';
	}
	return count;
}

static const struct device_family *
family_named(const char *name)
{
	for (size_t i = 0; i < device_table.len; i++)
		if (strcmp(device_table.families[i]->name, name) == 0)
			return device_table.families[i];
	return NULL;
}

static void
no_family_and_no_row_is_forgotten(void **state)
{
	DIR *folder = opendir("targets/chip/stm32");
	const struct dirent *entry;
	size_t files = 0;

	(void)state;
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		const struct device_family *family;
		char path[512], name[4096], unused[64 * 1024];
		size_t len = strlen(entry->d_name);

		if (len < 2 || strcmp(entry->d_name + len - 2, ".c") != 0)
			continue;
		snprintf(path, sizeof(path), "targets/chip/stm32/%s", entry->d_name);
		files++;
		assert_int_equal(count_in(path, "_family = { \"", name, sizeof(name)), 1);
		family = family_named(name);
		if (family == NULL) {
			fail_msg("device_table.c does not list the family of %s", path);
			break;
		}
		assert_int_equal(count_in(path, ".dev_id = ", unused, sizeof(unused)),
				 family->len);
	}
	closedir(folder);
	assert_int_equal(files, device_table.len);
}

static void
parts_are_found_by_the_name_on_the_chip(void **state)
{
	static const struct {
		const char *typed;
		uint16_t dev_id;
	} names[] = {
		{ "STM32G473VBT6", 0x469 },  { "stm32g47x", 0x469 },
		{ "STM32G484", 0x469 },      { "STM32F103C8T6", 0x410 },
		{ "stm32f103rbt6", 0x410 },  { "STM32F103ZET6", 0x414 },
		{ "STM32F103x6", 0x412 },    { "STM32F103RGT6", 0x430 },
		{ "STM32F107VCT6", 0x418 },  { "STM32F100RBT6", 0x420 },
		{ "STM32F100ZE", 0x428 },    { "STM32L476RGT6", 0x415 },
		{ "STM32F303CBT6", 0x422 },  { "STM32F401RET6", 0x433 },
		{ "STM32F030C8T6", 0x440 },  { "STM32L010RBT6", 0x447 },
		{ "STM32H745ZI", 0x450 },    { "STM32H7B3LI", 0x480 },
		{ "STM32G0B1RE", 0x467 },    { "STM32WLE5JC", 0x497 },
		{ "STM32WB35CE", 0x495 },    { "STM32WBA55CG", 0x492 },
		{ "STM32L151CBT6A", 0x429 }, { "STM32MP157CAC", 0x500 },
	};
	const struct device *device;

	(void)state;
	for (size_t i = 0; i < array_len(names); i++) {
		device = device_by_name(&device_table, names[i].typed);
		assert_non_null(device);
		assert_int_equal(device->dev_id, names[i].dev_id);
	}
	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		assert_ptr_equal(device_by_name(&device_table, device->name), device);
}

/* Each piece of a name is a part, whatever its length and whatever else the others are. */
static void
every_part_of_a_row_is_found_by_its_name(void **state)
{
	const struct device *device;

	(void)state;
	assert_true(device_name_fits("STM32WL54/55/E4/E5", "STM32WLE5JC"));
	assert_true(device_name_fits("STM32L071/072/010xB", "STM32L010RB"));
	assert_false(device_name_fits("STM32L071/072/010xB", "STM32L073RZ"));
	assert_false(device_name_fits("STM32L071/072", "STM32L0"));
	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		for (const struct variant *v = device->variants;
		     v != NULL && v->name != NULL; v++)
			assert_true(device_name_fits(device->name, v->name));
}

static void
names_that_fit_none_or_several_find_none(void **state)
{
	static const char *const names[] = { "",          "STM32",       "STM32F4",
					     "STM32F103", "STM32F10xxB", "xxxxxxxxxxx",
					     "STM32L47" };

	(void)state;
	for (size_t i = 0; i < array_len(names); i++)
		assert_null(device_by_name(&device_table, names[i]));
}

/* Tests run in the root of the tree. */
static void
the_readme_names_every_part(void **state)
{
	static char readme[64 * 1024];
	FILE *file = fopen("README.md", "r");
	const struct device *device;

	(void)state;
	assert_non_null(file);
	readme[fread(readme, 1, sizeof(readme) - 1, file)] = '\0';
	fclose(file);
	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		if (strstr(readme, device->name) == NULL)
			fail_msg("README.md does not name %s", device->name);
}

static void
a_size_word_is_read_in_several_ways(void **state)
{
	static const struct device l1 = {
		.size_word = { SIZE_IN_CODES, 0x1ff800cc, 0, { 384, 256 } },
		.max_flash_kib = 384,
	};
	static const struct device wb0 = {
		.size_word = { SIZE_LAST_WORD, 0x40001014, 0x1ffff, { 0 } },
		.max_flash_kib = 512,
	};

	(void)state;
	assert_int_equal(device_flash_kib(&fixture_f429, 1024), 1024);
	assert_int_equal(device_flash_kib(&fixture_f429, 4096), 0);
	assert_int_equal(device_flash_kib(&fixture_h7rs, 0), 64);
	assert_int_equal(device_flash_kib(&fixture_n657, 0), 0);
	assert_int_equal(device_flash_kib(&l1, 0), 384);
	assert_int_equal(device_flash_kib(&l1, 1), 256);
	assert_int_equal(device_flash_kib(&l1, 2), 0);
	assert_int_equal(device_flash_kib(&wb0, 0xabc0ffff), 256);
	assert_int_equal(device_flash_kib(&wb0, 0x1ffff), 512);
}

static void
vitals_are_sound(const struct vitals *vitals)
{
	assert_non_null(strstr(vitals->source, "stm32"));
	assert_true(vitals->flags_at >= 0x40000000 && vitals->flags_at % 4 == 0);
	assert_true(vitals->watchdog != 0 && vitals->software != 0 && vitals->power != 0);
	assert_int_equal(vitals->watchdog & vitals->software, 0);
	assert_int_equal((vitals->watchdog | vitals->software) & vitals->power, 0);
	assert_int_equal((vitals->watchdog | vitals->software | vitals->power) &
				 vitals->low_power,
			 0);
	assert_true(vitals->rdp == NULL || vitals->rdp->source != NULL);
	assert_int_equal(vitals->standby.value & ~vitals->standby.mask, 0);
	assert_int_equal(vitals->trustzone.value & ~vitals->trustzone.mask, 0);
	for (unsigned i = 0; i < CLOCK_MAX_WRITES && vitals->fast_clock[i].at != 0; i++) {
		const struct clock_write *write = &vitals->fast_clock[i];

		assert_int_equal(write->at % 4, 0);
		assert_int_equal((write->reset | write->fast) & ~write->mask, 0);
	}
	assert_true((vitals->rdp != NULL && vitals->rdp->half != 0) <=
		    (vitals->trustzone.mask != 0));
}

/* Those without: STM32C5, MP1, N6, WB0 and WL3, which have other registers, or no header of ST's
 * that could be compared. */
static void
the_vitals_of_each_family_are_sound(void **state)
{
	enum { FAMILIES_WITHOUT = 5 };
	size_t without = 0;

	(void)state;
	for (size_t i = 0; i < device_table.len; i++)
		if (device_table.families[i]->vitals != NULL)
			vitals_are_sound(device_table.families[i]->vitals);
		else
			without++;
	assert_int_equal(without, FAMILIES_WITHOUT);
}

static void
a_size_that_no_part_of_the_line_has_is_odd(void **state)
{
	const struct device *f103 = device_by_name(&device_table, "STM32F103C8");
	const struct device *g473 = device_by_name(&device_table, "STM32G473VE");

	(void)state;
	assert_true(device_has_flash_kib(f103, 64) && device_has_flash_kib(f103, 128));
	assert_false(device_has_flash_kib(f103, 32) || device_has_flash_kib(f103, 256));
	assert_true(device_has_flash_kib(g473, 512));
	assert_false(device_has_flash_kib(g473, 80) || device_has_flash_kib(g473, 1024));
	assert_false(device_has_flash_kib(g473, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_is_sound),
		cmocka_unit_test(the_shape_fits_chips_that_are_quite_different),
		cmocka_unit_test(every_interface_is_sound_and_has_a_name_of_its_own),
		cmocka_unit_test(ids_are_unique_at_each_place),
		cmocka_unit_test(every_place_of_an_id_says_where_and_suits_some_core),
		cmocka_unit_test(
			the_same_place_on_two_lines_of_chips_is_for_different_cores),
		cmocka_unit_test(a_dev_id_has_twelve_bits),
		cmocka_unit_test(no_family_and_no_row_is_forgotten),
		cmocka_unit_test(parts_are_found_by_the_name_on_the_chip),
		cmocka_unit_test(names_that_fit_none_or_several_find_none),
		cmocka_unit_test(every_part_of_a_row_is_found_by_its_name),
		cmocka_unit_test(the_readme_names_every_part),
		cmocka_unit_test(a_size_word_is_read_in_several_ways),
		cmocka_unit_test(the_vitals_of_each_family_are_sound),
		cmocka_unit_test(a_size_that_no_part_of_the_line_has_is_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
