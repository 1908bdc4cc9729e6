/* SPDX-License-Identifier: MIT */
#include "transport/adi/rom_table.h"

#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TABLE 0xe00ff000u

enum { ST_DEBUG = 0x469, ARM = 0x23b, ST = 0x020 };

static struct fake_probe *fake;
static struct dap dap;
static struct mem_ap mem;
static struct reason why;
static struct rom_table table;

static int
set_up(void **state)
{
	(void)state;
	fake = fake_probe_new(FAKE_WITH_MEMORY);
	why = (struct reason)REASON_INIT;
	dap_init(&dap, &fake->probe);
	return dap_connect(&dap, &why) != CAUSE_NONE ||
	       mem_ap_open(&mem, &dap, 0, &why) != CAUSE_NONE;
}

static int
tear_down(void **state)
{
	(void)state;
	fake_probe_free(fake);
	return 0;
}

/* A component's 4 KiB with its identification; its entries are all 0. */
static uint8_t *
place(uint32_t at, unsigned component_class, unsigned designer, unsigned part)
{
	uint8_t *bytes = fake_probe_memory(fake, at, 4096);

	memset(bytes, 0, 4096);
	bytes[0xfd0] = (uint8_t)(designer >> 7);
	bytes[0xfe0] = (uint8_t)part;
	bytes[0xfe4] = (uint8_t)(part >> 8 | (designer & 0xf) << 4);
	bytes[0xfe8] = (uint8_t)(8 | (designer >> 4 & 7));
	bytes[0xff0] = 0x0d;
	bytes[0xff4] = (uint8_t)(component_class << 4);
	bytes[0xff8] = 0x05;
	bytes[0xffc] = 0xb1;
	return bytes;
}

static void
a_table_tells_the_chips_designer_and_its_components(void **state)
{
	uint8_t *entries = place(TABLE, 1, ST, ST_DEBUG);

	(void)state;
	place(0xe000e000, 14, ARM, 0x00c);
	place(0xe0001000, 14, ARM, 0x002);
	le32_put(entries, 0xfff0f003);
	le32_put(entries + 4, 0xfff02003);
	le32_put(entries + 8, 0xfff42002); /* not present */
	assert_int_equal(rom_table_read(&mem, &table, &why), CAUSE_NONE);
	assert_int_equal(table.designer, JEP106_ST);
	assert_int_equal(table.part, ST_DEBUG);
	assert_int_equal(table.len, 2);
	assert_int_equal(table.components[0].at, 0xe000e000);
	assert_int_equal(table.components[0].designer, JEP106_ARM);
	assert_int_equal(table.components[0].component_class, 14);
	assert_int_equal(table.components[0].depth, 1);
	assert_ptr_equal(rom_table_find(&table, JEP106_ARM, 0x002), &table.components[1]);
	assert_null(rom_table_find(&table, JEP106_ST, 0x002));
}

static void
tables_in_tables_are_read_too(void **state)
{
	uint8_t *outer = place(TABLE, 1, ST, ST_DEBUG);
	uint8_t *inner = place(0xe00fe000, 9, ARM, 0x4e0);

	(void)state;
	le32_put(inner + 0xfbc, 0x47700af7); /* DEVARCH of a class 9 table */
	place(0xe000e000, 9, ARM, 0xd21);
	le32_put(outer, 0xfffff003);
	le32_put(inner, 0xfff10003);
	le32_put(inner + 4, 0xfff11001); /* class 9: present is 3 */
	assert_int_equal(rom_table_read(&mem, &table, &why), CAUSE_NONE);
	assert_int_equal(table.len, 2);
	assert_int_equal(table.components[0].archid, 0x0af7);
	assert_int_equal(table.components[1].at, 0xe000e000);
	assert_int_equal(table.components[1].depth, 2);
}

static void
a_component_that_cannot_be_read_is_left_out(void **state)
{
	uint8_t *entries = place(TABLE, 1, ST, ST_DEBUG);

	(void)state;
	place(0xe0001000, 14, ARM, 0x002);
	le32_put(entries, 0xfff42003); /* nothing there: FAULT */
	le32_put(entries + 4, 0xfff02003);
	assert_int_equal(rom_table_read(&mem, &table, &why), CAUSE_NONE);
	assert_int_equal(table.len, 1);
	assert_int_equal(table.components[0].part, 0x002);
}

static void
a_table_that_points_at_itself_comes_to_an_end(void **state)
{
	uint8_t *entries = place(TABLE, 1, ST, ST_DEBUG);

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		le32_put(entries + 4 * i, 0x00000003);
	assert_int_equal(rom_table_read(&mem, &table, &why), CAUSE_NONE);
	assert_int_equal(table.len, ROM_MAX_COMPONENTS);
}

static void
a_table_full_of_entries_fills_the_list_and_no_more(void **state)
{
	uint8_t *entries = place(TABLE, 1, ST, ST_DEBUG);

	(void)state;
	place(0xe0001000, 14, ARM, 0x002);
	for (unsigned i = 0; i < 960; i++)
		le32_put(entries + 4 * i, 0xfff02003);
	assert_int_equal(rom_table_read(&mem, &table, &why), CAUSE_NONE);
	assert_int_equal(table.len, ROM_MAX_COMPONENTS);
}

static void
no_table_is_unsupported(void **state)
{
	static const uint32_t bases[] = { 0xffffffff, 0x00000002, 0 };

	(void)state;
	for (size_t i = 0; i < array_len(bases); i++) {
		mem.base = bases[i];
		assert_int_equal(rom_table_read(&mem, &table, &why), CAUSE_UNSUPPORTED);
		assert_non_null(strstr(reason_root(&why), "has no ROM table"));
		assert_int_equal(table.len, 0);
	}
}

static void
something_else_in_its_place_is_unsupported(void **state)
{
	(void)state;
	fake_probe_memory(fake, TABLE, 4096);
	assert_int_equal(rom_table_read(&mem, &table, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why), "there is no debug component at 0xe00ff000: "
					       "CIDR reads 0xcdcdcdcd");
}

static void
a_table_that_cannot_be_read_is_a_fault(void **state)
{
	(void)state;
	assert_int_equal(rom_table_read(&mem, &table, &why), CAUSE_FAULT);
	assert_string_equal(reason_outermost(&why), "reading the ROM table at 0xe00ff000");
}

#define ROM_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROM_TEST(a_table_tells_the_chips_designer_and_its_components),
		ROM_TEST(tables_in_tables_are_read_too),
		ROM_TEST(a_component_that_cannot_be_read_is_left_out),
		ROM_TEST(a_table_that_points_at_itself_comes_to_an_end),
		ROM_TEST(a_table_full_of_entries_fills_the_list_and_no_more),
		ROM_TEST(no_table_is_unsupported),
		ROM_TEST(something_else_in_its_place_is_unsupported),
		ROM_TEST(a_table_that_cannot_be_read_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
