/* SPDX-License-Identifier: MIT */
/*
 * Every ROM table of every board, walked as a debugger does: each entry leads to a component
 * that says who it is, and the whole is what real chips showed.
 */
#include <stdio.h>

#include "test/emulator/test/lab.h"

enum { MAX_DEPTH = 4, PRESENT = 1, CLASS_ROM_TABLE = 1, PORTS = 4, LEN = 4096 };

struct walk {
	struct lab *lab;
	unsigned port;
	char text[LEN];
	size_t len;
	char parts[LEN]; /* of port:address, in the order of the tables */
	size_t parts_len;
};

static uint32_t
word_at(const struct walk *walk, uint32_t at)
{
	uint32_t value = 0xDEADBEEF;

	assert_int_equal(soc_access(walk->lab->soc, walk->port, at, 4, false, &value),
			 BUS_OK);
	return value;
}

/* Four words with a byte each. */
static uint32_t
id_at(const struct walk *walk, uint32_t at)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < 4; i++)
		value |= (word_at(walk, at + 4 * i) & 0xFF) << (8 * i);
	return value;
}

static void
walk_component(struct walk *walk, uint32_t at, unsigned depth)
{
	uint32_t cidr = id_at(walk, at + 0xFF0), entry;

	/* A component whose clock is off reads 0. */
	walk->len += (size_t)snprintf(walk->text + walk->len, LEN - walk->len,
				      "%u:%08x %02x%08x %x\n", walk->port, at,
				      id_at(walk, at + 0xFD0) & 0xFF,
				      id_at(walk, at + 0xFE0), cidr >> 12 & 0xF);
	walk->parts_len += (size_t)snprintf(
		walk->parts + walk->parts_len, LEN - walk->parts_len, "%u:%x=%03x ",
		walk->port, at >> 12, id_at(walk, at + 0xFE0) & 0xFFF);
	assert_true(cidr == 0 || (cidr & 0xFFFF0FFF) == 0xB105000D);
	if (cidr == 0 || (cidr >> 12 & 0xF) != CLASS_ROM_TABLE)
		return;
	assert_true(depth < MAX_DEPTH);
	for (uint32_t i = 0; (entry = word_at(walk, at + 4 * i)) != 0; i++)
		if (entry & PRESENT)
			walk_component(walk, at + (entry & 0xFFFFF000), depth + 1);
}

/* With `trace_clocked` as pyOCD's issue 1148 does it: DBGMCU_CR.TRACECLKEN, D1DBGCKEN and
 * D3DBGCKEN of an STM32H7. */
static void
walk_board(struct walk *walk, const char *board, bool trace_clocked)
{
	uint32_t clocks = 0x00700007;

	walk->lab = lab_open(board);
	if (trace_clocked)
		assert_int_equal(
			soc_access(walk->lab->soc, 2, 0xE00E1004, 4, true, &clocks),
			BUS_OK);
	walk->len = walk->parts_len = 0;
	walk->text[0] = walk->parts[0] = '\0';
	for (walk->port = 0; walk->port < PORTS; walk->port++) {
		const struct access_port *port =
			soc_access_port(walk->lab->soc, walk->port);

		if (port->idr && port->base & PRESENT && (port->base & 3) == 3)
			walk_component(walk, port->base & 0xFFFFF000, 0);
	}
	lab_close(walk->lab);
}

static void
every_entry_leads_to_a_component_that_says_who_it_is(void **state)
{
	static struct walk walk;

	(void)state;
	for (unsigned i = 0; i < board_table_len; i++) {
		walk_board(&walk, board_table[i].name, false);
		assert_true(walk.len > 0);
		assert_null(
			strstr(walk.text, " 0000000000 0\n0")); /* port 0: none is silent */
	}
}

static void
they_are_what_real_chips_showed(void **state)
{
	/* Of the F103, SCS and FPB are what silicon reads, DWT, ITM and TPIU of the same core
	 * by assumption; pyOCD's log of an STM32U585. */
	static const struct {
		const char *board, *text;
	} published[] = {
		{ "bluepill-f103", "0:e00ff000 00000a0410 1\n0:e000e000 04001bb000 e\n"
				   "0:e0001000 04001bb002 e\n0:e0002000 04000bb003 e\n"
				   "0:e0000000 04001bb001 e\n0:e0040000 04001bb923 9\n" },
		{ "nucleo-u575zi-q", "0:e00fe000 00000a0482 1\n0:e00ff000 04000bb4c9 1\n"
				     "0:e000e000 04000bbd21 9\n0:e0001000 04000bbd21 9\n"
				     "0:e0002000 04000bbd21 9\n0:e0000000 04000bbd21 9\n"
				     "0:e0041000 04000bbd21 9\n0:e0042000 04000bbd21 9\n"
				     "0:e0040000 04000bbd21 9\n0:e0044000 00000a0000 f\n" },
		/* Black Magic Debug issue 1440, but for the TPIU. */
		{ "nucleo-h563zi", "0:e00e0000 00000a0484 1\n0:e00e4000 00000a0000 f\n"
				   "1:e00fe000 00000a0484 1\n1:e00ff000 04000bb4c9 1\n"
				   "1:e000e000 04000bbd21 9\n1:e0001000 04000bbd21 9\n"
				   "1:e0002000 04000bbd21 9\n1:e0000000 04000bbd21 9\n"
				   "1:e0041000 04000bbd21 9\n1:e0042000 04000bbd21 9\n"
				   "1:e0040000 04000bbd21 9\n" },
	};
	static struct walk walk;

	(void)state;
	for (unsigned i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		walk_board(&walk, published[i].board, false);
		assert_string_equal(walk.text, published[i].text);
	}
}

/*
 * Parts as people's logs show them: those of a Cortex-M4 in probe-rs issue 394 (an F407), of a
 * Cortex-M0+ in DDI 0484C with its table at 0xF0000000 as in pyOCD issue 743 (a G071), ST's
 * part numbers of F303 and of STM32H745 in Black Magic's pull requests 76 and pyOCD issue
 * 1499, the H7's system tables in pyOCD issue 1368 (an H730). ST's part is the DEV_ID.
 */
#define M4_PARTS     "0:e000e=00c 0:e0001=002 0:e0002=003 0:e0000=001 0:e0040=9a1 "
#define M0PLUS_PARTS "0:e000e=008 0:e0001=00a 0:e0002=00b "
#define M7_PARTS                                                                   \
	"0:e00ff=4c7 0:e000e=00c 0:e0001=002 0:e0002=00e 0:e0000=001 0:e0041=975 " \
	"0:e0043=906 "
#define SYSTEM_PARTS "2:e00f0=001 2:e00f1=906 2:e00f3=908 2:e00f4=961 2:e00f5=912 "

static void
every_board_has_the_parts_of_its_core_and_die(void **state)
{
	static const struct {
		const char *board;
		bool trace_clocked;
		const char *parts[4]; /* one behind the other, others may be between */
	} published[] = {
		{ "g473-custom", false, { "0:e00ff=469 " M4_PARTS "0:e0041=925 " } },
		{ "g473-custom-512k", false, { "0:e00ff=469 " M4_PARTS "0:e0041=925 " } },
		{ "l476rg-custom", false, { "0:e00ff=415 " M4_PARTS "0:e0041=925 " } },
		{ "f410-custom", false, { "0:e00ff=458 " M4_PARTS } },
		{ "steval-esc001v1", false, { "0:e00ff=422 " M4_PARTS "0:e0041=925 " } },
		{ "bluepill-f103", false, { "0:e00ff=410 0:e000e=000 " } },
		{ "nucleo-u575zi-q",
		  false,
		  { "0:e00fe=482 0:e00ff=4c9 ", "0:e0044=000 " } },
		{ "nucleo-h563zi",
		  false,
		  { "0:e00e0=484 0:e00e4=000 ", "1:e00fe=484 1:e00ff=4c9 " } },
		{ "nucleo-h743zi2", true, { "0:e00fe=450 " M7_PARTS, SYSTEM_PARTS } },
		{ "nucleo-h745zi-q",
		  true,
		  { "0:e00fe=450 " M7_PARTS, SYSTEM_PARTS, "3:e000e=00c " } },
		{ "nucleo-h755zi-q",
		  true,
		  { "0:e00fe=450 " M7_PARTS, SYSTEM_PARTS, "3:e000e=00c " } },
		{ "stm32h735g-dk", true, { "0:e00fe=483 " M7_PARTS, SYSTEM_PARTS } },
		{ "nucleo-g071rb", false, { "0:f0000=460 0:e00ff=4c0 " M0PLUS_PARTS } },
	};
	static struct walk walk;

	(void)state;
	assert_int_equal(sizeof(published) / sizeof(published[0]), board_table_len);
	for (unsigned i = 0; i < board_table_len; i++) {
		const char *rest;

		walk_board(&walk, published[i].board, published[i].trace_clocked);
		rest = walk.parts;
		print_message("# %s %s\n", published[i].board, walk.parts);
		for (unsigned p = 0; p < 4 && published[i].parts[p]; p++)
			assert_non_null(rest = strstr(rest, published[i].parts[p]));
	}
}

static void
words_that_say_what_a_chip_is(void **state)
{
	static const struct {
		const char *board;
		uint32_t at, value;
	} words[] = {
		{ "nucleo-h743zi2", 0x1FF1E880, 0x00000800 },
		/* No text on an H74x (Black Magic, pull request 1867). */
		{ "nucleo-h743zi2", 0x1FF1E8C0, 0xFFFFFFFF },
		{ "stm32h735g-dk", 0xE000ED00, 0x411FC272 },
		{ "stm32h735g-dk", 0x1FF1E880, 0x00000400 },
		{ "stm32h735g-dk", 0x1FF1E8C0, 0x48373335 },
		{ "nucleo-h743zi2", 0xE0041FBC, 0x47704A13 },
		{ "l476rg-custom", 0xE0042000, 0x10076415 },
		{ "bluepill-f103", 0xE0042000, 0x20036410 },
		{ "g473-custom", 0x1FFF75E0, 0xFFFF0080 },
		{ "g473-custom-512k", 0x1FFF75E0, 0xFFFF0200 },
		{ "f410-custom", 0xE0042000, 0x10006458 },
		{ "steval-esc001v1", 0xE0042000, 0x10036422 },
		{ "nucleo-u575zi-q", 0xE0044000, 0x20016482 },
		{ "nucleo-h563zi", 0x44024000, 0x10076484 },
		{ "nucleo-h743zi2", 0x5C001000, 0x20036450 },
		{ "nucleo-h745zi-q", 0x5C001000, 0x20036450 },
		{ "nucleo-h755zi-q", 0x5C001000, 0x20036450 },
		{ "stm32h735g-dk", 0x5C001000, 0x10016483 },
		{ "nucleo-g071rb", 0x40015800, 0x20006460 },
		{ "nucleo-g071rb", 0x1FFF75E0, 0xFFFF0080 },
		{ "nucleo-g071rb", 0xE000ED00, 0x410CC601 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct lab *lab = lab_open(words[i].board);

		assert_int_equal(lab_peek(lab, words[i].at), words[i].value);
		lab_close(lab);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_leads_to_a_component_that_says_who_it_is),
		cmocka_unit_test(they_are_what_real_chips_showed),
		cmocka_unit_test(every_board_has_the_parts_of_its_core_and_die),
		cmocka_unit_test(words_that_say_what_a_chip_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
