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
	assert_true(cidr == 0 || (cidr & 0xFFFF0FFF) == 0xB105000D);
	if (cidr == 0 || (cidr >> 12 & 0xF) != CLASS_ROM_TABLE)
		return;
	assert_true(depth < MAX_DEPTH);
	for (uint32_t i = 0; (entry = word_at(walk, at + 4 * i)) != 0; i++)
		if (entry & PRESENT)
			walk_component(walk, at + (entry & 0xFFFFF000), depth + 1);
}

static void
walk_board(struct walk *walk, const char *board)
{
	walk->lab = lab_open(board);
	walk->len = 0;
	walk->text[0] = '\0';
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
		walk_board(&walk, board_table[i].name);
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
	};
	static struct walk walk;

	(void)state;
	for (unsigned i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		walk_board(&walk, published[i].board);
		assert_string_equal(walk.text, published[i].text);
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
		{ "stm32h735g-dk", 0x1FF1E880, 0x00000400 },
		{ "stm32h735g-dk", 0x1FF1E8C0, 0x48373335 },
		{ "nucleo-h743zi2", 0xE0041FBC, 0x47704A13 },
		{ "l476rg-custom", 0xE0042000, 0x10076415 },
		{ "bluepill-f103", 0xE0042000, 0x20036410 },
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
		cmocka_unit_test(words_that_say_what_a_chip_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
