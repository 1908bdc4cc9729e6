/* SPDX-License-Identifier: MIT */
/* The emulator's command line and the lines of its control FIFO. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/emulator/bench.h"
#include "test/emulator/control.h"
#include "test/emulator/options.h"

#define PARSE(options, ...) \
	options_parse(options, (char *[]){ (char[]){ "emulator" }, __VA_ARGS__, NULL })
#define WORD(text)   \
	(char[])     \
	{            \
		text \
	}

static void
all_options_are_taken(void **state)
{
	struct options options;
	(void)state;
	assert_true(PARSE(&options, WORD("--board"), WORD("b"), WORD("--probe"), WORD("p"),
			  WORD("--serial"), WORD("s"), WORD("--flash"), WORD("a@0x10"),
			  WORD("--flash"), WORD("b.elf"), WORD("--seed"), WORD("0x12"),
			  WORD("--listen-stlink"), WORD("7184")));
	assert_string_equal(options.board, "b");
	assert_string_equal(options.probe, "p");
	assert_string_equal(options.serial, "s");
	assert_int_equal(options.images_len, 2);
	assert_int_equal(options.seed, 0x12);
	assert_int_equal(options.port, 7184);
	assert_null(options.command);
}

static void
how_the_board_comes_to_the_bench_is_taken(void **state)
{
	struct options options;
	(void)state;
	assert_true(PARSE(&options, WORD("--board"), WORD("b"), WORD("--fault"),
			  WORD("swd-open"), WORD("--fault"), WORD("vtarget=1.8"),
			  WORD("--option"), WORD("RDP=1"), WORD("--option"),
			  WORD("WRP1A=0-3"), WORD("--state"), WORD("f"), WORD("--thinking"),
			  WORD("none"), WORD("--listen-stlink"), WORD("1")));
	assert_int_equal(options.faults.len, 2);
	assert_int_equal(options.presets_len, 2);
	assert_string_equal(options.presets[1], "WRP1A=0-3");
	assert_string_equal(options.state, "f");
	assert_true(options.thinking_is_fixed);
	assert_int_equal(options.thinking_us, 0);
	assert_true(PARSE(&options, WORD("--board"), WORD("b"), WORD("--thinking"),
			  WORD("real"), WORD("--listen-stlink"), WORD("1")));
	assert_false(options.thinking_is_fixed);
	assert_false(options.is_paced);
	assert_true(PARSE(&options, WORD("--board"), WORD("b"), WORD("--pace"),
			  WORD("--thinking"), WORD("250"), WORD("--slow"), WORD("40"),
			  WORD("--listen-stlink"), WORD("1")));
	assert_true(options.is_paced);
	assert_true(options.thinking_is_fixed);
	assert_int_equal(options.thinking_us, 250);
	assert_int_equal(options.slow_us, 40);
	assert_false(PARSE(&options, WORD("--board"), WORD("b"), WORD("--thinking"),
			   WORD("fast"), WORD("--listen-stlink"), WORD("1")));
}

static void
usb_takes_the_rest_as_a_command(void **state)
{
	struct options options;
	(void)state;
	assert_true(PARSE(&options, WORD("--board"), WORD("b"), WORD("--usb"), WORD("--"),
			  WORD("st-info"), WORD("--probe")));
	assert_string_equal(options.command[0], "st-info");
	assert_string_equal(options.command[1], "--probe");
	assert_null(options.command[2]);
	assert_false(options.is_on_kernels_bus);
	assert_false(PARSE(&options, WORD("--board"), WORD("b"), WORD("--usb"),
			   WORD("st-info")));
}

static void
vhci_takes_the_rest_as_a_command_on_the_kernels_bus(void **state)
{
	struct options options;
	(void)state;
	assert_true(PARSE(&options, WORD("--board"), WORD("b"), WORD("--vhci"), WORD("--"),
			  WORD("st-info")));
	assert_string_equal(options.command[0], "st-info");
	assert_true(options.is_on_kernels_bus);
	assert_false(PARSE(&options, WORD("--board"), WORD("b"), WORD("--vhci"),
			   WORD("st-info")));
}

static void
what_cannot_be_meant_is_refused(void **state)
{
	struct options options;
	(void)state;
	assert_false(PARSE(&options, WORD("--board"), WORD("b")));
	assert_false(PARSE(&options, WORD("--listen-stlink"), WORD("1")));
	assert_false(PARSE(&options, WORD("--board")));
	assert_false(PARSE(&options, WORD("--bord"), WORD("b")));
	assert_false(PARSE(&options, WORD("--board"), WORD("b"), WORD("--listen-stlink"),
			   WORD("65536")));
	assert_false(PARSE(&options, WORD("--board"), WORD("b"), WORD("--fault"),
			   WORD("swdio-open"), WORD("--listen-stlink"), WORD("1")));
	assert_false(PARSE(&options, WORD("--board"), WORD("b"), WORD("--also"), WORD("p"),
			   WORD("--listen-dap"), WORD("0")));
	assert_true(PARSE(&options, WORD("--list")));
}

struct lab {
	struct options options;
	struct bench bench;
};

static int
open_lab(void **state)
{
	static struct lab lab;
	lab.options = (struct options){ .board = "g473-custom", .listens_stlink = true };
	*state = &lab;
	return bench_open(&lab.bench, &lab.options) ? 0 : -1;
}

static int
close_lab(void **state)
{
	struct lab *lab = *state;
	bench_close(&lab->bench);
	return 0;
}

static void
the_supply_follows_the_control_lines(void **state)
{
	struct bench *bench = &((struct lab *)*state)->bench;
	assert_true(soc_is_powered(bench->soc));
	assert_true(control_obey(bench, "vtarget 2.1"));
	assert_true(wire_vapp(bench->wire) > 2.0 && wire_vapp(bench->wire) < 2.2);
	assert_true(control_obey(bench, "power off"));
	assert_false(soc_is_powered(bench->soc));
	assert_true(control_obey(bench, "power on"));
	assert_true(soc_is_powered(bench->soc));
}

static void
the_reset_button_pulls_nrst_low(void **state)
{
	struct bench *bench = &((struct lab *)*state)->bench;
	bench_idle(bench, 1000000000);
	assert_true(wire_nrst_is_high(bench->wire));
	assert_true(control_obey(bench, "press reset"));
	bench_idle(bench, 100000000);
	assert_false(wire_nrst_is_high(bench->wire));
	assert_true(control_obey(bench, "release reset"));
	bench_idle(bench, 1000000000);
	assert_true(wire_nrst_is_high(bench->wire));
}

static void
faults_come_and_go_by_control_lines(void **state)
{
	struct bench *bench = &((struct lab *)*state)->bench;
	assert_true(control_obey(bench, "fault vapp-open"));
	assert_true(control_obey(bench, "fault nrst-low"));
	assert_true(wire_vapp_is_open(bench->wire));
	bench_idle(bench, 1000000000);
	assert_false(wire_nrst_is_high(bench->wire));
	assert_true(control_obey(bench, "heal nrst-low"));
	bench_idle(bench, 1000000000);
	assert_true(wire_nrst_is_high(bench->wire));
	assert_true(wire_vapp_is_open(bench->wire));
	assert_true(control_obey(bench, "heal vapp-open"));
	assert_false(wire_vapp_is_open(bench->wire));
}

static void
a_fault_that_makes_no_sense_is_refused(void **state)
{
	struct bench *bench = &((struct lab *)*state)->bench;
	assert_false(control_obey(bench, "fault"));
	assert_false(control_obey(bench, "fault vapp-opened"));
	assert_false(control_obey(bench, "heal vapp-open"));
	assert_false(control_obey(bench, "fault probe-stale"));
	assert_false(wire_vapp_is_open(bench->wire));
}

static void
a_brown_out_lasts_as_long_as_asked(void **state)
{
	struct bench *bench = &((struct lab *)*state)->bench;
	assert_true(control_obey(bench, "brown-out 5"));
	assert_false(soc_is_powered(bench->soc));
	bench_idle(bench, 4000000);
	assert_false(soc_is_powered(bench->soc));
	bench_idle(bench, 2000000);
	assert_true(soc_is_powered(bench->soc));
	assert_false(control_obey(bench, "brown-out long"));
}

static void
quit_ends_and_nonsense_is_named(void **state)
{
	struct bench *bench = &((struct lab *)*state)->bench;
	assert_false(control_obey(bench, "power"));
	assert_false(control_obey(bench, "vtarget lots"));
	assert_false(control_obey(bench, "vtarget 99"));
	assert_false(control_obey(bench, ""));
	assert_false(bench->is_over);
	assert_true(control_obey(bench, "quit"));
	assert_true(bench->is_over);
}

#define IN_LAB(test) cmocka_unit_test_setup_teardown(test, open_lab, close_lab)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_options_are_taken),
		cmocka_unit_test(how_the_board_comes_to_the_bench_is_taken),
		cmocka_unit_test(usb_takes_the_rest_as_a_command),
		cmocka_unit_test(vhci_takes_the_rest_as_a_command_on_the_kernels_bus),
		cmocka_unit_test(what_cannot_be_meant_is_refused),
		IN_LAB(the_supply_follows_the_control_lines),
		IN_LAB(the_reset_button_pulls_nrst_low),
		IN_LAB(faults_come_and_go_by_control_lines),
		IN_LAB(a_fault_that_makes_no_sense_is_refused),
		IN_LAB(a_brown_out_lasts_as_long_as_asked),
		IN_LAB(quit_ends_and_nonsense_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
