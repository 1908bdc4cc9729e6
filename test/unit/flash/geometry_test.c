/* SPDX-License-Identifier: MIT */
#include "flash/load/geometry.h"

#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define BANK(base_, number_, share_, ...)                                                 \
	{                                                                                 \
		.name = "flash", .kind = MEMORY_FLASH, .base = (base_),                   \
		.interface = &flash_interface_g4, .number = (number_), .share = (share_), \
		.runs = {                                                                 \
			__VA_ARGS__                                                       \
		}                                                                         \
	}

enum { OPTIONS_AT = 0x40022020, DUAL = 1 };

/* RM0440 Rev 8, 3.3.1: two banks of 2 KiB pages, or one of 4 KiB pages. */
static const struct device g4 = {
	.name = "G4",
	.layouts =
		LAYOUTS({ .name = "dual",
			  .when = { 0, 0, { { OPTIONS_AT, DUAL, DUAL } } },
			  .memories = MEMORIES(BANK(0x08000000, 1, 2, { 128, KIB(2) }),
					       BANK(0x08040000, 2, 2, { 128, KIB(2) })) },
			{ .name = "single",
			  .memories = MEMORIES(BANK(0x08000000, 1, 1, { 128, KIB(4) })) }),
};

/* PM0075 Rev 2, 2.1. */
static const struct device f1_medium = {
	.name = "F1",
	.memories = MEMORIES(BANK(0x08000000, 1, 1, { 128, KIB(1) })),
};

/* RM0090 Rev 19, 3.4: sectors of several sizes. */
static const struct device f4 = {
	.name = "F4",
	.memories = MEMORIES(
		BANK(0x08000000, 1, 1, { 4, KIB(16) }, { 1, KIB(64) }, { 7, KIB(128) })),
};

/* Bank 2 is seen at a second address; its sectors count on from 16 (RM0090 Rev 19, 3.9.8). */
static const struct device with_alias = {
	.name = "F4",
	.memories = MEMORIES({ .name = "secure alias",
			       .kind = MEMORY_FLASH,
			       .alias_of = "flash",
			       .base = 0x0c000000,
			       .interface = &flash_interface_g4,
			       .runs = { { 4, KIB(16) } } },
			     { .name = "flash",
			       .kind = MEMORY_FLASH,
			       .base = 0x08100000,
			       .interface = &flash_interface_g4,
			       .number = 2,
			       .first_sector = 16,
			       .runs = { { 4, KIB(16) } } }),
};

static const struct device without_flash = { .name = "N6" };

static uint32_t options;

static enum cause
read_options(void *context, uint32_t at, uint32_t *value, struct reason *why)
{
	(void)context, (void)why;
	assert_int_equal(at, OPTIONS_AT);
	*value = options;
	return CAUSE_NONE;
}

static enum cause
try_to_read(const struct device *device, uint32_t kib, struct geometry *geometry,
	    struct reason *why)
{
	static struct board board;

	assert_int_equal(
		chip_resolve(&board.chip, device, kib, NULL, read_options, NULL, why),
		CAUSE_NONE);
	return geometry_read(&board, geometry, why);
}

static void
read_geometry(const struct device *device, unsigned layout, uint32_t kib,
	      struct geometry *geometry)
{
	struct reason why = REASON_INIT;

	options = layout == 0 ? DUAL : 0;
	assert_int_equal(try_to_read(device, kib, geometry, &why), CAUSE_NONE);
}

static void
assert_sector(const struct geometry *geometry, uint32_t at, uint32_t sector_at,
	      uint32_t size, unsigned bank, uint32_t index)
{
	struct sector sector = { 0 };

	assert_true(geometry_sector_at(geometry, at, &sector));
	assert_int_equal(sector.at, sector_at);
	assert_int_equal(sector.size, size);
	assert_int_equal(sector.bank->entry->number, bank);
	assert_int_equal(sector.index, index);
}

static void
assert_no_sector(const struct geometry *geometry, uint32_t at)
{
	struct sector sector;

	assert_false(geometry_sector_at(geometry, at, &sector));
	assert_false(geometry_contains(geometry, at, 1));
	assert_int_equal(geometry_first_outside(geometry, at), at);
}

static void
a_g4_of_512_kib_has_two_banks_that_touch(void **state)
{
	struct geometry geometry;

	(void)state;
	read_geometry(&g4, 0, 512, &geometry);
	assert_int_equal(geometry.banks_len, 2);
	assert_sector(&geometry, 0x08000000, 0x08000000, KIB(2), 1, 0);
	assert_sector(&geometry, 0x0803ffff, 0x0803f800, KIB(2), 1, 127);
	assert_sector(&geometry, 0x08040000, 0x08040000, KIB(2), 2, 0);
	assert_sector(&geometry, 0x0807ffff, 0x0807f800, KIB(2), 2, 127);
	assert_no_sector(&geometry, 0x08080000);
	assert_no_sector(&geometry, 0x07ffffff);
	assert_true(geometry_contains(&geometry, 0x08000000, KIB(512)));
	assert_true(geometry_contains(&geometry, 0x0803fffc, 8));
	assert_false(geometry_contains(&geometry, 0x08000000, KIB(512) + 1));
	assert_int_equal(geometry_first_outside(&geometry, 0x08001234), 0x08080000);
}

static void
a_g4_in_single_bank_mode_has_larger_pages(void **state)
{
	struct geometry geometry;

	(void)state;
	read_geometry(&g4, 1, 512, &geometry);
	assert_int_equal(geometry.banks_len, 1);
	assert_sector(&geometry, 0x0807ffff, 0x0807f000, KIB(4), 1, 127);
	assert_true(geometry_contains(&geometry, 0x08000000, KIB(512)));
}

static void
the_size_word_cuts_each_bank_and_leaves_a_gap(void **state)
{
	struct geometry geometry;

	(void)state;
	read_geometry(&g4, 0, 128, &geometry);
	assert_sector(&geometry, 0x0800ffff, 0x0800f800, KIB(2), 1, 31);
	assert_no_sector(&geometry, 0x08010000);
	assert_sector(&geometry, 0x08040000, 0x08040000, KIB(2), 2, 0);
	assert_no_sector(&geometry, 0x08050000);
	assert_false(geometry_contains(&geometry, 0x0800ff00, 0x200));
	read_geometry(&g4, 1, 128, &geometry);
	assert_sector(&geometry, 0x0801ffff, 0x0801f000, KIB(4), 1, 31);
	assert_no_sector(&geometry, 0x08020000);
}

static void
an_f103_has_as_many_pages_as_its_size_word_says(void **state)
{
	struct geometry geometry;

	(void)state;
	read_geometry(&f1_medium, 0, 64, &geometry);
	assert_sector(&geometry, 0x0800fc01, 0x0800fc00, KIB(1), 1, 63);
	assert_no_sector(&geometry, 0x08010000);
	read_geometry(&f1_medium, 0, 0xffff, &geometry);
	assert_no_sector(&geometry, 0x08020000);
}

static void
sectors_of_several_sizes_count_on(void **state)
{
	struct geometry geometry;

	(void)state;
	read_geometry(&f4, 0, 1024, &geometry);
	assert_sector(&geometry, 0x0800ffff, 0x0800c000, KIB(16), 1, 3);
	assert_sector(&geometry, 0x08010000, 0x08010000, KIB(64), 1, 4);
	assert_sector(&geometry, 0x08020000, 0x08020000, KIB(128), 1, 5);
	assert_sector(&geometry, 0x080fffff, 0x080e0000, KIB(128), 1, 11);
	assert_no_sector(&geometry, 0x08100000);
}

static void
an_alias_is_no_bank_and_sectors_count_as_the_controller_does(void **state)
{
	struct geometry geometry;

	(void)state;
	read_geometry(&with_alias, 0, 2048, &geometry);
	assert_int_equal(geometry.banks_len, 1);
	assert_ptr_equal(geometry_interface(&geometry), &flash_interface_g4);
	assert_sector(&geometry, 0x08104001, 0x08104000, KIB(16), 2, 17);
	assert_no_sector(&geometry, 0x0c000000);
}

static void
a_chip_that_is_not_known_has_no_geometry_and_says_so(void **state)
{
	static struct board board;
	struct reason why = REASON_INIT;
	struct geometry geometry;

	(void)state;
	board.chip.dev_id = 0x450;
	chip_is_unknown(&board.chip);
	assert_int_equal(geometry_read(&board, &geometry, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "STM32 with DEV_ID 0x450 is not in the device table, so its "
			    "flash cannot be programmed");
	assert_non_null(strstr(reason_remedy(&why), "tether targets"));
}

/* A loader from a file says itself what it programs. */
static void
of_a_chip_that_is_not_known_there_is_what_a_loader_programs(void **state)
{
	static const struct flash_interface interface = { .name = "FLM",
							  .driver = FLASH_DRIVER_EXTERNAL };
	static const struct memory_entry loader[] = { { .name = "AT32F4.FLM",
							.kind = MEMORY_FLASH,
							.base = 0x08000000,
							.interface = &interface,
							.runs = { { 128, KIB(2) } } } };
	static struct board board;
	struct reason why = REASON_INIT;
	struct geometry geometry;

	(void)state;
	chip_is_unknown(&board.chip);
	assert_int_equal(chip_add_external(&board.chip, loader, &why), CAUSE_NONE);
	assert_int_equal(geometry_read(&board, &geometry, &why), CAUSE_NONE);
	assert_int_equal(geometry.banks_len, 1);
	assert_int_equal(geometry.banks[0].size, KIB(256));
}

/* Another reason than an unknown chip's, and not worded anew. */
static void
a_layout_that_could_not_be_read_is_reported_as_that(void **state)
{
	static struct board board;
	struct reason why = REASON_INIT;
	struct geometry geometry;

	(void)state;
	board.chip.device = &g4;
	reason_begin(&board.chip.flash_why, CAUSE_FAULT, "the access was refused");
	assert_int_equal(geometry_read(&board, &geometry, &why), CAUSE_FAULT);
	assert_string_equal(reason_outermost(&why), "the access was refused");
}

static void
a_chip_without_flash_says_so(void **state)
{
	struct reason why = REASON_INIT;
	struct geometry geometry;

	(void)state;
	assert_int_equal(try_to_read(&without_flash, 0, &geometry, &why),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why), "N6 has no flash inside");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_g4_of_512_kib_has_two_banks_that_touch),
		cmocka_unit_test(a_g4_in_single_bank_mode_has_larger_pages),
		cmocka_unit_test(the_size_word_cuts_each_bank_and_leaves_a_gap),
		cmocka_unit_test(an_f103_has_as_many_pages_as_its_size_word_says),
		cmocka_unit_test(sectors_of_several_sizes_count_on),
		cmocka_unit_test(
			an_alias_is_no_bank_and_sectors_count_as_the_controller_does),
		cmocka_unit_test(a_chip_that_is_not_known_has_no_geometry_and_says_so),
		cmocka_unit_test(
			of_a_chip_that_is_not_known_there_is_what_a_loader_programs),
		cmocka_unit_test(a_layout_that_could_not_be_read_is_reported_as_that),
		cmocka_unit_test(a_chip_without_flash_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
