/* SPDX-License-Identifier: MIT */
#include "flash/load/geometry.h"

#include "test/unit/flash/fake_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* RM0440 Rev 8, 3.3.1: two banks of 2 KiB pages, or one of 4 KiB pages. */
static const struct device g4 = {
	.name = "G4",
	.layouts = {
		{ .banks = { { 0x08000000, 0x40022000, 1, 2, { { 128, KIB(2) } } },
			     { 0x08040000, 0x40022000, 2, 2, { { 128, KIB(2) } } } } },
		{ .banks = { { 0x08000000, 0x40022000, 1, 1, { { 128, KIB(4) } } } } },
	},
};

/* PM0075 Rev 2, 2.1. */
static const struct device f1_medium = {
	.name = "F1",
	.layouts = { { .banks = { { 0x08000000,
				    0x40022000,
				    1,
				    1,
				    { { 128, KIB(1) } } } } } },
};

/* RM0090 Rev 19, 3.4: sectors of several sizes. */
static const struct device f4 = {
	.name = "F4",
	.layouts = { { .banks = { { 0x08000000,
				    0x40023c00,
				    1,
				    1,
				    { { 4, KIB(16) },
				      { 1, KIB(64) },
				      { 7, KIB(128) } } } } } },
};

static void
read_geometry(const struct device *device, unsigned layout, uint32_t kib,
	      struct geometry *geometry)
{
	struct board board = { .device = *device, .flash_kib = kib, .layout = layout };
	struct reason why = REASON_INIT;

	assert_int_equal(geometry_read(&board, geometry, &why), CAUSE_NONE);
	/* The board of this function goes; banks point into the device they are of. */
	geometry->device = device;
	for (unsigned i = 0; i < geometry->banks_len; i++)
		geometry->banks[i].entry = &device->layouts[layout].banks[i];
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
a_chip_that_is_not_known_has_no_geometry_and_says_so(void **state)
{
	struct board board = { .device = { .dev_id = 0x123 } };
	struct reason why = REASON_INIT;
	struct geometry geometry;

	(void)state;
	assert_int_equal(geometry_read(&board, &geometry, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(
		reason_root(&why),
		"the chip is not in the device table (IDCODE 0x00000123), so the "
		"layout of its flash is not known");
	assert_non_null(strstr(reason_remedy(&why), "--target"));
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
		cmocka_unit_test(a_chip_that_is_not_known_has_no_geometry_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
