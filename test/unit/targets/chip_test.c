/* SPDX-License-Identifier: MIT */
/* From a row of the device table to the memories of one chip. */
#include "targets/chip/chip.h"

#include "test/unit/targets/device_fixtures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* What one register reads; every other refuses. */
struct registers {
	uint32_t at, value;
	unsigned reads;
	enum cause cause; /* of the others */
};

static struct chip chip;
static struct reason why;

static enum cause
read_register(void *context, uint32_t at, uint32_t *value, struct reason *unread)
{
	struct registers *registers = context;

	if (at != registers->at)
		return reason_begin(unread, registers->cause, "0x%08x was refused",
				    (unsigned)at);
	registers->reads++;
	*value = registers->value;
	return CAUSE_NONE;
}

static enum cause
try_to_resolve(const struct device *device, uint32_t kib, const char *part,
	       struct registers *registers)
{
	if (registers->cause == CAUSE_NONE)
		registers->cause = CAUSE_FAULT;
	return chip_resolve(&chip, device, kib, part, read_register, registers, &why);
}

static void
resolve(const struct device *device, uint32_t kib, uint32_t at, uint32_t value)
{
	struct registers registers = { .at = at, .value = value };

	assert_int_equal(try_to_resolve(device, kib, NULL, &registers), CAUSE_NONE);
	assert_true(chip.is_flash_known);
}

static const struct memory *
memory_named(const char *name)
{
	for (size_t i = 0; i < chip.memories_len; i++)
		if (strcmp(chip.memories[i].entry->name, name) == 0)
			return &chip.memories[i];
	return NULL;
}

static void
assert_memory(const char *name, uint32_t base, uint32_t kib)
{
	const struct memory *memory = memory_named(name);

	if (memory == NULL) {
		fail_msg("there is no %s", name);
		return;
	}
	assert_int_equal(memory->base, base);
	assert_int_equal(memory->size, KIB(kib));
}

static const struct device *
product(const char *name)
{
	const struct device *device = device_by_name(&device_table, name);

	assert_non_null(device);
	return device;
}

static void
a_g473_has_two_banks_or_one_by_its_option_bytes(void **state)
{
	const struct device *g4 = product("STM32G473");

	(void)state;
	resolve(g4, 512, 0x40022020, 1 << 22);
	assert_string_equal(chip.layout->name, "DBANK=1");
	assert_memory("flash bank 1", 0x08000000, 256);
	assert_memory("flash bank 2", 0x08040000, 256);
	assert_memory("CCM SRAM", 0x10000000, 32);
	resolve(g4, 128, 0x40022020, 1 << 22);
	assert_memory("flash bank 1", 0x08000000, 128);
	assert_memory("flash bank 2", 0x08040000, 64);
	resolve(g4, 128, 0x40022020, 0);
	assert_memory("flash", 0x08000000, 128);
	assert_null(memory_named("flash bank 2"));
}

static void
erased_flash_reads_as_its_interface_says(void **state)
{
	(void)state;
	resolve(device_by_name(&device_table, "STM32L053R8"), 64, 0, 0);
	assert_int_equal(chip_erased_word(&chip), 0);
	resolve(device_by_name(&device_table, "STM32G071RB"), 128, 0, 0);
	assert_int_equal(chip_erased_word(&chip), 0xffffffff);
	assert_int_equal(chip_erased_word(NULL), 0xffffffff);
}

static void
a_hole_between_banks_is_not_flash(void **state)
{
	(void)state;
	resolve(&fixture_g473_with_hole, 128, 0, 0);
	assert_memory("flash bank 1", 0x08000000, 64);
	assert_memory("flash bank 2", 0x08040000, 64);
	assert_true(chip_is_flash(&chip, 0x0800ffff));
	assert_false(chip_is_flash(&chip, 0x08010000));
	assert_true(chip_is_flash(&chip, 0x0804ffff));
	assert_string_equal(chip_region_name(&chip, 0x08010000),
			    "beyond this chip's flash");
}

/* Size word and option bit, and only where they count. */
static void
an_f429_has_its_layout_by_size_and_option_bit(void **state)
{
	struct registers unread = { .at = 0 };

	(void)state;
	assert_int_equal(try_to_resolve(&fixture_f429, 2048, NULL, &unread), CAUSE_NONE);
	assert_true(chip.is_flash_known);
	assert_memory("flash bank 2", 0x08100000, 1024);
	assert_int_equal(memory_named("flash bank 2")->entry->first_sector, 16);
	resolve(&fixture_f429, 1024, FIXTURE_OPTCR, 1u << 30);
	assert_memory("flash bank 1", 0x08000000, 512);
	assert_memory("flash bank 2", 0x08080000, 512);
	resolve(&fixture_f429, 1024, FIXTURE_OPTCR, 0);
	assert_memory("flash", 0x08000000, 1024);
}

/* RM0434 Rev 10, FLASH_SFR: SFSA 7:0, FSD 8, pages of 4 KiB; RM0453 Rev 5: SFSA 6:0, FSD 7, of 2 KiB. */
static void
flash_from_sfsa_on_is_the_second_cores(void **state)
{
	static const char secure[] =
		"the secure part of the flash (from FLASH_SFR.SFSA on), "
		"which only the Cortex-M0+ reads and changes";
	const struct device *wb = product("STM32WB55"), *wl = product("STM32WL55");

	(void)state;
	resolve(wb, 1024, 0x58004080, 0x000010cb);
	assert_memory("flash", 0x08000000, 812);
	assert_string_equal(chip_region_name(&chip, 0x080cafff), "flash");
	assert_string_equal(chip_region_name(&chip, 0x080cb000), secure);
	assert_string_equal(chip_region_name(&chip, 0x08100000),
			    "beyond this chip's flash");
	resolve(wb, 1024, 0x58004080, 0x000001cb);
	assert_memory("flash", 0x08000000, 1024);
	resolve(wl, 256, 0x58004080, 0x00000040);
	assert_memory("flash", 0x08000000, 128);
	resolve(wl, 256, 0x58004080, 0x000000c0);
	assert_memory("flash", 0x08000000, 256);
}

static void
flash_is_not_programmed_while_it_is_not_known_whose_it_is(void **state)
{
	struct registers unread = { .at = 0 };

	(void)state;
	assert_int_equal(try_to_resolve(product("STM32WB55"), 1024, NULL, &unread),
			 CAUSE_NONE);
	assert_false(chip.is_flash_known);
	assert_string_equal(reason_root(&chip.flash_why), "0x58004080 was refused");
}

static void
a_u575_has_aliases_that_only_secure_accesses_reach(void **state)
{
	const struct memory *alias;

	(void)state;
	resolve(&fixture_u575, 2048, 0, 0);
	alias = memory_named("flash (secure)");
	assert_string_equal(alias->entry->alias_of, "flash bank 1");
	assert_int_equal(alias->entry->flags, MEMORY_SECURE);
	resolve(&fixture_u575, 1024, FIXTURE_OPTR, 1 << 21);
	assert_memory("flash bank 2", 0x08080000, 512);
	resolve(&fixture_u575, 1024, FIXTURE_OPTR, 0);
	assert_memory("flash", 0x08000000, 1024);
}

static void
an_l073_is_erased_to_zero_and_has_data_eeprom(void **state)
{
	(void)state;
	resolve(&fixture_l073, 192, 0, 0);
	assert_memory("flash bank 2", 0x08018000, 96);
	assert_memory("data EEPROM", 0x08080000, 6);
	assert_int_equal(memory_named("flash bank 1")->entry->interface->erased_value, 0);
	assert_false(chip_is_flash(&chip, 0x08080000));
	assert_string_equal(chip_region_name(&chip, 0x08080000), "data EEPROM");
}

static void
banks_of_an_h745_have_controllers_of_their_own(void **state)
{
	(void)state;
	resolve(&fixture_h745, 2048, FIXTURE_LINE_ID, 0x48373435);
	assert_string_equal(chip.variant->name, "STM32H745");
	assert_int_equal(memory_named("flash bank 1")->entry->registers, 0x52002000);
	assert_int_equal(memory_named("flash bank 2")->entry->registers, 0x52002100);
	assert_int_equal(memory_named("DTCM")->entry->cores, 1);
	resolve(&fixture_h745, 128, FIXTURE_LINE_ID, 0x48373530);
	assert_memory("flash", 0x08000000, 128);
}

static void
chips_without_size_word_or_without_flash_are_known_too(void **state)
{
	(void)state;
	resolve(&fixture_h7rs, 64, 0, 0);
	assert_memory("flash", 0x08000000, 64);
	resolve(&fixture_n657, 0, 0, 0);
	assert_false(chip_is_flash(&chip, 0x08000000));
	assert_false(chip_may_be_flash(&chip, 0x08000000));
}

/* An STM32F101x8, F102x8 and F103x8 say the same of themselves. */
static void
ram_of_parts_that_read_the_same_is_what_all_of_them_have(void **state)
{
	const struct memory *ram;

	(void)state;
	resolve(product("STM32F103x8"), 64, 0, 0);
	assert_null(chip.variant);
	ram = chip_loader_ram(&chip, NULL);
	assert_int_equal(ram->size, KIB(10));
	assert_int_equal(ram->size_max, KIB(20));
	assert_true(chip_is_ram(&chip, 0x20004fff));
	assert_false(chip_is_ram(&chip, 0x20005000));
	resolve(product("STM32F100xB"), 128, 0, 0);
	assert_string_equal(chip.variant->name, "STM32F100xB");
	assert_int_equal(chip_loader_ram(&chip, NULL)->size, KIB(8));
}

/* RM0399 Rev 4, 2.3: DTCM is the Cortex-M7's alone; SRAM4 is everybody's. */
static void
loaders_run_in_ram_that_their_core_reaches(void **state)
{
	(void)state;
	resolve(product("STM32H745ZI"), 2048, 0, 0);
	assert_string_equal(chip_loader_ram(&chip, "cm7")->entry->name, "DTCM RAM");
	assert_string_equal(chip_loader_ram(&chip, NULL)->entry->name, "DTCM RAM");
	assert_string_equal(chip_loader_ram(&chip, "cm4")->entry->name, "SRAM4");
}

/* The text of the line, "H742". */
static void
a_line_that_says_its_name_has_the_ram_of_that_line(void **state)
{
	(void)state;
	resolve(product("STM32H745ZI"), 2048, 0x1ff1e8c0, 0x48373432);
	assert_string_equal(chip.variant->name, "STM32H742");
	assert_int_equal(memory_named("AXI SRAM")->size, KIB(384));
	resolve(product("STM32H745ZI"), 2048, 0x1ff1e8c0, 0x48373435);
	assert_string_equal(chip.variant->name, "STM32H745");
	assert_int_equal(memory_named("AXI SRAM")->size, KIB(512));
}

static void
a_name_selects_the_part_where_registers_do_not(void **state)
{
	struct registers none = { .at = 0 };

	(void)state;
	assert_int_equal(try_to_resolve(product("STM32F103x8"), 64, "STM32F103C8T6", &none),
			 CAUSE_NONE);
	assert_string_equal(chip.variant->name, "STM32F103x8");
	assert_int_equal(chip_loader_ram(&chip, NULL)->size, KIB(20));
}

static void
a_size_that_no_part_has_may_be_any_of_them(void **state)
{
	(void)state;
	resolve(product("STM32F103xC"), 300, 0, 0);
	assert_null(chip.variant);
	assert_int_equal(chip_loader_ram(&chip, NULL)->size, KIB(32));
	assert_int_equal(chip_loader_ram(&chip, NULL)->size_max, KIB(64));
}

static const struct device two = {
	.name = "two",
	.variants = VARIANTS({ .name = "a",
			       .memories = MEMORIES({ .name = "RAM",
						      .kind = MEMORY_RAM,
						      .flags = MEMORY_FOR_LOADERS,
						      .base = 0x20000000,
						      .size = KIB(8) }) },
			     { .name = "b",
			       .memories = MEMORIES({ .name = "other",
						      .kind = MEMORY_RAM,
						      .flags = MEMORY_FOR_LOADERS,
						      .base = 0x10000000,
						      .size = KIB(4) }) }),
};

/* The H745 too: without the text of its line either may be the one. */
static void
a_memory_that_one_of_the_parts_lacks_is_not_certain(void **state)
{
	struct registers none = { .at = 0 };

	(void)state;
	resolve(&two, 0, 0, 0);
	assert_int_equal(memory_named("RAM")->size, 0);
	assert_int_equal(memory_named("RAM")->size_max, KIB(8));
	assert_int_equal(memory_named("other")->size, 0);
	assert_null(chip_loader_ram(&chip, NULL));
	assert_int_equal(try_to_resolve(&fixture_h745, 2048, NULL, &none), CAUSE_NONE);
	assert_int_equal(memory_named("AXI SRAM")->size, KIB(384));
	assert_int_equal(memory_named("AXI SRAM")->size_max, KIB(512));
}

static void
each_register_is_read_once(void **state)
{
	struct registers registers = { .at = FIXTURE_LINE_ID, .value = 0x48373432 };

	(void)state;
	assert_int_equal(try_to_resolve(&fixture_h745, 2048, NULL, &registers), CAUSE_NONE);
	assert_string_equal(chip.variant->name, "STM32H742");
	assert_int_equal(registers.reads, 1);
}

static void
a_layout_that_cannot_be_read_is_not_guessed(void **state)
{
	struct registers none = { .at = 0 };

	(void)state;
	assert_int_equal(try_to_resolve(product("STM32G473"), 512, NULL, &none),
			 CAUSE_NONE);
	assert_false(chip.is_flash_known);
	assert_int_equal(chip.flash_why.cause, CAUSE_FAULT);
	assert_non_null(strstr(reason_outermost(&chip.flash_why), "cannot be read"));
	assert_null(memory_named("flash"));
	assert_memory("SRAM1", 0x20000000, 80);
	assert_true(chip_may_be_flash(&chip, 0x08000000));
}

static void
a_probe_that_fails_is_not_about_the_chip(void **state)
{
	struct registers gone = { .at = 0, .cause = CAUSE_GONE };

	(void)state;
	assert_int_equal(try_to_resolve(product("STM32G473"), 512, NULL, &gone),
			 CAUSE_GONE);
	assert_int_equal(try_to_resolve(&fixture_h745, 2048, NULL, &gone), CAUSE_GONE);
}

static void
an_unknown_chip_has_a_reason_with_its_id(void **state)
{
	(void)state;
	chip.dev_id = 0x458;
	chip_is_unknown(&chip);
	assert_null(chip.device);
	assert_string_equal(reason_root(&chip.flash_why),
			    "STM32 with DEV_ID 0x458 is not in the device table, so its "
			    "flash cannot be programmed");
	assert_non_null(strstr(reason_remedy(&chip.flash_why), "tether targets"));
	assert_true(chip_may_be_flash(&chip, 0x08000000));
	assert_string_equal(chip_region_name(&chip, 0x08000000),
			    "flash, of which nothing more is known");
	assert_false(chip_may_be_flash(&chip, 0x20000000));
	chip.dev_id = 0;
	chip_is_unknown(&chip);
	assert_non_null(strstr(reason_root(&chip.flash_why), "does not say which STM32"));
}

/* An STM32F101xB reads the same as an F103xB and has 16 KiB: of a GD32 20 KiB are certain. */
static void
a_copy_that_says_how_much_ram_it_has_is_believed(void **state)
{
	(void)state;
	resolve(product("STM32F103CB"), 128, 0, 0);
	assert_memory("SRAM", 0x20000000, 16);
	chip_set_ram(&chip, 0);
	assert_memory("SRAM", 0x20000000, 16);
	chip_set_ram(&chip, 0xffffffff);
	assert_memory("SRAM", 0x20000000, 16);
	chip_set_ram(&chip, 20);
	assert_memory("SRAM", 0x20000000, 20);
}

static void
the_flash_of_a_copy_that_differs_is_not_programmed(void **state)
{
	(void)state;
	resolve(product("STM32F103CB"), 128, 0, 0);
	chip_flash_differs(&chip, "GD32F103", "its pages have 4 KiB");
	assert_false(chip.is_flash_known);
	assert_string_equal(reason_root(&chip.flash_why),
			    "GD32F103 is not programmed as an STM32: its pages have 4 KiB");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_g473_has_two_banks_or_one_by_its_option_bytes),
		cmocka_unit_test(erased_flash_reads_as_its_interface_says),
		cmocka_unit_test(a_hole_between_banks_is_not_flash),
		cmocka_unit_test(an_f429_has_its_layout_by_size_and_option_bit),
		cmocka_unit_test(flash_from_sfsa_on_is_the_second_cores),
		cmocka_unit_test(flash_is_not_programmed_while_it_is_not_known_whose_it_is),
		cmocka_unit_test(a_u575_has_aliases_that_only_secure_accesses_reach),
		cmocka_unit_test(an_l073_is_erased_to_zero_and_has_data_eeprom),
		cmocka_unit_test(banks_of_an_h745_have_controllers_of_their_own),
		cmocka_unit_test(chips_without_size_word_or_without_flash_are_known_too),
		cmocka_unit_test(ram_of_parts_that_read_the_same_is_what_all_of_them_have),
		cmocka_unit_test(loaders_run_in_ram_that_their_core_reaches),
		cmocka_unit_test(a_line_that_says_its_name_has_the_ram_of_that_line),
		cmocka_unit_test(a_name_selects_the_part_where_registers_do_not),
		cmocka_unit_test(a_size_that_no_part_has_may_be_any_of_them),
		cmocka_unit_test(a_memory_that_one_of_the_parts_lacks_is_not_certain),
		cmocka_unit_test(each_register_is_read_once),
		cmocka_unit_test(a_layout_that_cannot_be_read_is_not_guessed),
		cmocka_unit_test(a_probe_that_fails_is_not_about_the_chip),
		cmocka_unit_test(an_unknown_chip_has_a_reason_with_its_id),
		cmocka_unit_test(a_copy_that_says_how_much_ram_it_has_is_believed),
		cmocka_unit_test(the_flash_of_a_copy_that_differs_is_not_programmed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
