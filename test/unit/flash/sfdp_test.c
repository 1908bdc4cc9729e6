/* SPDX-License-Identifier: MIT */
/* sfdp_test.c - what serial flashes say of themselves, and what none would: flash/interfaces/sfdp.h;
 * and the pins of their controllers: flash/interfaces/nor_pins.h. */
#include "flash/interfaces/nor.h"
#include "flash/interfaces/sfdp.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SPACE = 512, BASIC_AT = 0x30, LONG_AT = 0xc0 };

/* The SFDP space of a flash, of which all behind SPACE reads as erased. */
struct bench {
	uint8_t space[SPACE];
	struct sfdp sfdp;
	unsigned pieces;
	struct reason why;
};

static void
put(struct bench *bench, uint32_t at, const uint8_t *bytes, size_t size)
{
	memcpy(bench->space + at, bytes, size);
}

/* An SK25LP128, as it was read on a PinePhone Pro (linux-mtd). */
static void
bench_fill(struct bench *bench)
{
	static const uint8_t headers[] = { 'S',  'F',  'D',  'P',  0x06, 0x01, 0x01, 0xff,
					   0x00, 0x06, 0x01, 0x10, 0x30, 0x00, 0x00, 0xff,
					   0x9d, 0x05, 0x01, 0x03, 0x80, 0x00, 0x00, 0x02 };
	static const uint8_t basic[] = { 0xe5, 0x20, 0xf9, 0xff, 0xff, 0xff, 0xff, 0x07,
					 0x44, 0xeb, 0x08, 0x6b, 0x08, 0x3b, 0x80, 0xbb,
					 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0xff,
					 0xff, 0xff, 0x44, 0xeb, 0x0c, 0x20, 0x0f, 0x52,
					 0x10, 0xd8, 0x00, 0xff, 0x23, 0x4a, 0xc9, 0x00,
					 0x82, 0xd8, 0x11, 0xc7, 0xcc, 0xcd, 0x68, 0x46,
					 0x7a, 0x75, 0x7a, 0x75, 0xf7, 0xa2, 0xd5, 0x5c,
					 0x4a, 0x42, 0x2c, 0xff, 0xf0, 0x30, 0xc0, 0x80 };

	memset(bench, 0, sizeof(*bench));
	memset(bench->space, 0xff, sizeof(bench->space));
	put(bench, 0, headers, sizeof(headers));
	put(bench, BASIC_AT, basic, sizeof(basic));
}

/* 64 MiB, with the table of commands for long addresses, as an MX25LM51245G has it. */
static void
make_long(struct bench *bench)
{
	static const uint8_t header[] = {
		0x84, 0x00, 0x01, 0x02, LONG_AT, 0x00, 0x00, 0xff
	};
	static const uint8_t commands[] = {
		0x7f, 0xef, 0xff, 0xff, 0x21, 0x5c, 0xdc, 0x14
	};

	put(bench, 16, header, sizeof(header));
	put(bench, LONG_AT, commands, sizeof(commands));
	le32_put(bench->space + BASIC_AT + 4, 0x1fffffff);
}

static enum cause
bench_read(struct bench *bench)
{
	bool done = false;
	enum cause cause = CAUSE_NONE;

	bench->why = (struct reason)REASON_INIT;
	bench->pieces = 0;
	sfdp_begin(&bench->sfdp);
	while (cause == CAUSE_NONE && !done) {
		uint8_t bytes[SFDP_PIECE_MAX];

		assert_in_range(bench->sfdp.size, 4, SFDP_PIECE_MAX);
		assert_int_equal(bench->sfdp.size % 4, 0);
		assert_true(++bench->pieces <= 4);
		for (uint32_t i = 0; i < bench->sfdp.size; i++)
			bytes[i] = bench->sfdp.at + i < SPACE
					   ? bench->space[bench->sfdp.at + i]
					   : 0xff;
		cause = sfdp_take(&bench->sfdp, bytes, &done, &bench->why);
	}
	return cause;
}

static void
assert_refused(struct bench *bench, enum cause cause, const char *words)
{
	assert_int_equal(bench_read(bench), cause);
	assert_non_null(strstr(reason_root(&bench->why), words));
}

static void
a_flash_with_short_addresses_is_erased_by_what_is_fastest_for_its_size(void **state)
{
	struct bench bench;

	(void)state;
	bench_fill(&bench);
	assert_int_equal(bench_read(&bench), CAUSE_NONE);
	assert_int_equal(bench.sfdp.bytes, 16 * 1024 * 1024);
	assert_int_equal(bench.sfdp.address_bytes, 3);
	assert_int_equal(bench.sfdp.read_code, 0x03);
	assert_int_equal(bench.sfdp.program_code, 0x02);
	assert_int_equal(bench.sfdp.page_size, 256);
	assert_int_equal(bench.sfdp.erase.size, 64 * 1024);
	assert_int_equal(bench.sfdp.erase.code, 0xd8);
	assert_int_equal(bench.sfdp.erase.typical_ms, 304);
	assert_int_equal(bench.sfdp.erase.max_ms, 304 * 8);
	assert_int_equal(bench.sfdp.program_typical_us, 200);
	assert_int_equal(bench.sfdp.program_max_us, 200 * 6);
	/* 64 KiB that take 19 s: those of 32 KiB in 160 ms are faster. */
	le32_put(bench.space + BASIC_AT + 36, 0x01c94a23);
	assert_int_equal(bench_read(&bench), CAUSE_NONE);
	assert_int_equal(bench.sfdp.erase.size, 32 * 1024);
}

static void
a_large_flash_is_reached_by_its_commands_for_long_addresses(void **state)
{
	struct bench bench;

	(void)state;
	bench_fill(&bench);
	make_long(&bench);
	assert_int_equal(bench_read(&bench), CAUSE_NONE);
	assert_int_equal(bench.sfdp.bytes, 64 * 1024 * 1024);
	assert_int_equal(bench.sfdp.address_bytes, 4);
	assert_int_equal(bench.sfdp.read_code, 0x13);
	assert_int_equal(bench.sfdp.program_code, 0x12);
	assert_int_equal(bench.sfdp.erase.size, 64 * 1024);
	assert_int_equal(bench.sfdp.erase.code, 0xdc);
	/* A basic table that has a long code itself keeps it, whatever the other says. */
	bench.space[BASIC_AT + 30] = 0x10;
	bench.space[BASIC_AT + 31] = 0xdc;
	bench.space[BASIC_AT + 32] = 0;
	assert_int_equal(bench_read(&bench), CAUSE_NONE);
	assert_int_equal(bench.sfdp.erase.code, 0xdc);
}

static void
a_large_flash_without_them_is_reached_as_far_as_short_addresses_go(void **state)
{
	struct bench bench;

	(void)state;
	bench_fill(&bench);
	le32_put(bench.space + BASIC_AT + 4, 0x1fffffff);
	assert_int_equal(bench_read(&bench), CAUSE_NONE);
	assert_int_equal(bench.sfdp.bytes, 16 * 1024 * 1024);
	assert_true(bench.sfdp.bytes_inside == 64 * 1024 * 1024);
	assert_int_equal(bench.sfdp.address_bytes, 3);
	/* 4 Gbit, given as a power of two: the window shows 256 MiB at most. */
	make_long(&bench);
	le32_put(bench.space + BASIC_AT + 4, 0x80000020);
	assert_int_equal(bench_read(&bench), CAUSE_NONE);
	assert_int_equal(bench.sfdp.bytes, 256 * 1024 * 1024);
}

static void
what_is_no_sfdp_is_refused_with_what_was_read(void **state)
{
	struct bench bench;

	(void)state;
	bench_fill(&bench);
	memset(bench.space, 0xff, 8);
	assert_refused(&bench, CAUSE_MISMATCH,
		       "begins with 0xffffffff, and not with 0x50444653");
	bench_fill(&bench);
	bench.space[5] = 2;
	assert_refused(&bench, CAUSE_UNSUPPORTED, "of revision 2.6, not 1");
	bench_fill(&bench);
	bench.space[11] = 8; /* words: less than the first standard had */
	assert_refused(&bench, CAUSE_UNSUPPORTED, "no table of basic flash parameters");
	bench_fill(&bench);
	le32_put(bench.space + BASIC_AT + 4, 0x800000ff);
	assert_refused(&bench, CAUSE_UNSUPPORTED, "no usable size: 0x800000ff");
	bench_fill(&bench);
	le32_put(bench.space + BASIC_AT + 4, 0x12345);
	assert_refused(&bench, CAUSE_UNSUPPORTED, "no usable size");
	bench_fill(&bench);
	memset(bench.space + BASIC_AT + 28, 0, 8);
	assert_refused(&bench, CAUSE_UNSUPPORTED, "no way to erase sectors");
}

static uint32_t
chance(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Whatever the bytes: it ends, and what it accepts can be used. */
static void
chance_is_refused_or_makes_sense(void **state)
{
	unsigned accepted = 0;
	uint32_t seed = 1;
	struct bench bench;

	(void)state;
	for (unsigned round = 0; round < 200000; round++) {
		bench_fill(&bench);
		if (round % 2 != 0)
			make_long(&bench);
		for (unsigned i = 0; i < 6; i++)
			bench.space[4 + chance(&seed) % (LONG_AT + 4)] =
				(uint8_t)chance(&seed);
		if (bench_read(&bench) != CAUSE_NONE)
			continue;
		accepted++;
		assert_true(bench.sfdp.erase.size >= 4096);
		assert_int_equal(bench.sfdp.bytes % bench.sfdp.erase.size, 0);
		assert_in_range(bench.sfdp.bytes, 4096, 256 * 1024 * 1024);
		assert_in_range(bench.sfdp.page_size, 16, 4096);
		assert_int_equal(bench.sfdp.page_size & (bench.sfdp.page_size - 1), 0);
		assert_true(bench.sfdp.address_bytes == 4 ||
			    bench.sfdp.bytes <= 16 * 1024 * 1024);
	}
	assert_in_range(accepted, 1000, 199000);
}

/* --- pins ---------------------------------------------------------------------------------- */

static void
check_pins(const struct nor_controller *controller)
{
	assert_in_range(controller->divider, 1, 32);
	for (unsigned line = 0; line < NOR_LINES; line++) {
		struct nor_pin pin;
		unsigned pins = 0, written = 1;

		for (const char *c = controller->pins[line]; *c != '\0'; c++)
			written += *c == ' ';
		while (nor_controller_pin(controller, (enum nor_line)line, pins, &pin)) {
			assert_in_range(pin.function, 3, 12);
			pins++;
		}
		assert_int_equal(pins, written);
	}
}

static void
every_line_of_every_controller_has_pins_that_can_be_read(void **state)
{
	const struct device *device;
	unsigned controllers = 0;

	(void)state;
	for (size_t i = 0; (device = device_at(&device_table, i)) != NULL; i++)
		for (const struct nor_controller *one = device->nor_controllers;
		     one != NULL && one->name != NULL; one++) {
			check_pins(one);
			controllers++;
		}
	assert_int_equal(controllers, 15);
}

static enum cause
parse(const char *map, uint16_t dev_id, struct nor_pins *pins, struct reason *why)
{
	const struct device *device = device_by_id(&device_table, ID_AP0_E0042000, dev_id);

	if (device == NULL)
		device = device_by_id(&device_table, ID_AP0_E0044000, dev_id);
	assert_non_null(device);
	*why = (struct reason)REASON_INIT;
	return nor_pins_parse(map, device->nor_controllers, pins, why);
}

static void
pins_choose_the_controller(void **state)
{
	struct nor_pins pins;
	struct reason why;

	(void)state;
	assert_int_equal(parse("clk=PF4,ncs=PD3,io0=PF0,io1=PF1", 0x482, &pins, &why),
			 CAUSE_NONE);
	assert_string_equal(pins.controller->name, "OCTOSPI2");
	assert_int_equal(pins.pins[NOR_NCS].function, 10);
	assert_int_equal(parse("io1=PB0,io0=PB1,ncs=PB11,clk=PB10", 0x415, &pins, &why),
			 CAUSE_NONE);
	assert_string_equal(pins.controller->name, "QUADSPI");
}

static void
a_map_that_cannot_be_is_refused_with_what_can(void **state)
{
	static const struct {
		const char *map;
		uint16_t dev_id;
		const char *words;
	} rows[] = {
		{ "clk=PB10,ncs=PB11,io0=PB1", 0x415, "io1 is missing" },
		{ "clk=PB10,clk=PE10", 0x415, "clk is given two pins" },
		{ "clk=PB99", 0x415, "\"clk=PB99\" is no line" },
		{ "clk=PL1", 0x415, "\"clk=PL1\" is no line" },
		{ "sck=PB10", 0x415, "\"sck=PB10\" is no line" },
		{ "clk=PB10;ncs=PB11", 0x415, "is no line" },
		{ "", 0x415, "is no line" },
		{ "clk=PB10,", 0x415, "is no line" },
		{ "clk=PB10,ncs=PB1,io0=PB1,io1=PB0", 0x415,
		  "PB1 cannot be ncs: QUADSPI has it at PB11, PE11" },
		{ "clk=PB10,ncs=PB11,io0=PB1,io1=PB0", 0x410,
		  "no controller for serial flash is known of this chip" },
	};

	(void)state;
	for (size_t i = 0; i < array_len(rows); i++) {
		struct nor_pins pins;
		struct reason why;

		assert_int_not_equal(parse(rows[i].map, rows[i].dev_id, &pins, &why),
				     CAUSE_NONE);
		assert_non_null(strstr(reason_root(&why), rows[i].words));
		/* What is not written right is no matter of the wiring. */
		if (strstr(rows[i].words, "no line") != NULL ||
		    strstr(rows[i].words, "missing") != NULL ||
		    strstr(rows[i].words, "given two") != NULL)
			assert_int_equal(reason_finding(&why), FINDING_REQUEST_PINS_MAP);
		else
			assert_int_not_equal(reason_finding(&why),
					     FINDING_REQUEST_PINS_MAP);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_flash_with_short_addresses_is_erased_by_what_is_fastest_for_its_size),
		cmocka_unit_test(
			a_large_flash_is_reached_by_its_commands_for_long_addresses),
		cmocka_unit_test(
			a_large_flash_without_them_is_reached_as_far_as_short_addresses_go),
		cmocka_unit_test(what_is_no_sfdp_is_refused_with_what_was_read),
		cmocka_unit_test(chance_is_refused_or_makes_sense),
		cmocka_unit_test(every_line_of_every_controller_has_pins_that_can_be_read),
		cmocka_unit_test(pins_choose_the_controller),
		cmocka_unit_test(a_map_that_cannot_be_is_refused_with_what_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
