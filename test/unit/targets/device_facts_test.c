/* SPDX-License-Identifier: MIT */
/* Rows of the device table against facts that were gathered apart from it: a typo in one of the
 * two shows. Tests run in the root of the tree. */
#include "targets/chip/chip.h"
#include "targets/chip/nor_controller.h"
#include "transport/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_FACTS = 128 };

struct device_facts {
	unsigned dev_id, flash_kib, size_word, ram_base, ram_kib;
	char cores[32], serial[32];
};

static struct device_facts facts[MAX_FACTS];
static size_t facts_len;

static int
read_facts(void **state)
{
	FILE *file = fopen("test/unit/targets/device_facts.tsv", "r");
	char line[256];

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		struct device_facts *row = &facts[facts_len];

		if (line[0] == '#')
			continue;
		assert_true(facts_len < MAX_FACTS);
		assert_int_equal(sscanf(line, "%x\t%31s\t%u\t%x\t%x\t%u\t%31s",
					&row->dev_id, row->cores, &row->flash_kib,
					&row->size_word, &row->ram_base, &row->ram_kib,
					row->serial),
				 7);
		facts_len++;
	}
	fclose(file);
	return 0;
}

static const struct device *
device_of(unsigned dev_id)
{
	const struct device *device;

	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		if (device->dev_id == dev_id)
			return device;
	return NULL;
}

static unsigned
lines_of(uint16_t dev_id)
{
	unsigned lines = 0;

	for (size_t i = 0; i < facts_len; i++)
		lines += facts[i].dev_id == dev_id;
	return lines;
}

static void
every_row_has_facts_and_every_fact_a_row(void **state)
{
	const struct device *device;

	(void)state;
	for (size_t i = 0; i < facts_len; i++)
		if (device_of(facts[i].dev_id) == NULL)
			fail_msg("no row has DEV_ID 0x%03x", facts[i].dev_id);
	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		if (lines_of(device->dev_id) != 1)
			fail_msg("%s: device_facts.tsv has %u lines of DEV_ID 0x%03x",
				 device->name, lines_of(device->dev_id), device->dev_id);
}

static void
check_cores(const struct device *device, const char *names)
{
	size_t commas = 0, cores = 0;

	for (const char *at = names; (at = strchr(at, ',')) != NULL; at++)
		commas++;
	for (; cores < DEVICE_MAX_CORES && device->cores[cores].name != NULL; cores++) {
		const char *name = device->cores[cores].name;
		const char *at = strstr(names, name);

		if (at == NULL || (at[strlen(name)] != ',' && at[strlen(name)] != '\0'))
			fail_msg("%s: %s is not among %s", device->name, name, names);
	}
	assert_int_equal(cores, commas + 1);
}

static void
cores_are_those_of_the_headers(void **state)
{
	(void)state;
	for (size_t i = 0; i < facts_len; i++)
		check_cores(device_of(facts[i].dev_id), facts[i].cores);
}

static void
flash_is_as_large_and_the_size_word_where_the_headers_have_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < facts_len; i++) {
		const struct device *device = device_of(facts[i].dev_id);

		if (device->max_flash_kib != facts[i].flash_kib ||
		    device->size_word.at != facts[i].size_word)
			fail_msg("%s: %u KiB of flash, size word at 0x%08x", device->name,
				 (unsigned)device->max_flash_kib,
				 (unsigned)device->size_word.at);
	}
}

static enum cause
read_nothing(void *context, uint32_t at, uint32_t *value, struct reason *why)
{
	(void)context;
	(void)value;
	return reason_begin(why, CAUSE_FAULT, "0x%08x was refused", (unsigned)at);
}

/* RAM in one piece from `at` on, of the largest part. */
static unsigned
ram_kib_from(const struct chip *chip, uint32_t at)
{
	uint32_t end = at;

	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];

		if (memory->entry->kind == MEMORY_RAM && memory->base == end) {
			end += memory->size_max;
			i = (size_t)-1;
		}
	}
	return (end - at) / 1024;
}

static void
ram_is_as_large_as_that_of_the_largest_part(void **state)
{
	(void)state;
	for (size_t i = 0; i < facts_len; i++) {
		const struct device *device = device_of(facts[i].dev_id);
		struct reason why = REASON_INIT;
		struct chip chip = { 0 };
		unsigned kib;

		assert_int_equal(chip_resolve(&chip, device, device->max_flash_kib, NULL,
					      read_nothing, NULL, &why),
				 CAUSE_NONE);
		kib = ram_kib_from(&chip, facts[i].ram_base);
		if (kib != facts[i].ram_kib)
			fail_msg("%s: %u KiB of RAM at 0x%08x", device->name, kib,
				 facts[i].ram_base);
	}
}

/* "OCTOSPI1,OCTOSPI2"; "-": none. */
static void
list_controllers(const struct device *device, struct text *names)
{
	for (const struct nor_controller *one = device->nor_controllers;
	     one != NULL && one->name != NULL; one++)
		text_add(names, "%s%s", names->used > 0 ? "," : "", one->name);
	if (names->used == 0)
		text_add(names, "-");
}

static void
serial_flash_is_behind_the_controllers_whose_pins_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < facts_len; i++) {
		const struct device *device = device_of(facts[i].dev_id);
		char buffer[64];
		struct text names;

		text_init(&names, buffer, sizeof(buffer));
		list_controllers(device, &names);
		if (strcmp(buffer, facts[i].serial) != 0)
			fail_msg("%s: the row has the pins of %s, the facts of %s",
				 device->name, buffer, facts[i].serial);
	}
}

static bool
has_window(const struct device *device, const struct nor_controller *controller)
{
	for (const struct memory_entry *memory = device->memories; memory->name != NULL;
	     memory++)
		if (memory->kind == MEMORY_EXTERNAL &&
		    memory->base == controller->window_at &&
		    strstr(memory->name, controller->name) != NULL)
			return true;
	return false;
}

static void
each_of_these_shows_it_in_a_window_of_the_memory_map(void **state)
{
	const struct device *device;

	(void)state;
	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		for (const struct nor_controller *one = device->nor_controllers;
		     one != NULL && one->name != NULL; one++)
			if (!has_window(device, one))
				fail_msg("%s: %s at 0x%08x", device->name, one->name,
					 (unsigned)one->window_at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_facts_and_every_fact_a_row),
		cmocka_unit_test(cores_are_those_of_the_headers),
		cmocka_unit_test(
			flash_is_as_large_and_the_size_word_where_the_headers_have_it),
		cmocka_unit_test(ram_is_as_large_as_that_of_the_largest_part),
		cmocka_unit_test(
			serial_flash_is_behind_the_controllers_whose_pins_are_known),
		cmocka_unit_test(each_of_these_shows_it_in_a_window_of_the_memory_map),
	};

	return cmocka_run_group_tests(tests, read_facts, NULL);
}
