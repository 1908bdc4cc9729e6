/* SPDX-License-Identifier: MIT */
#include "test/unit/fake_board.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { RAM = 0x20000000, CODE = 0x08000200 };

static struct fake_board fake;
static struct reason why;

static int
set_up(void **state)
{
	(void)state;
	fake_board_new(&fake);
	fake_board_connect(&fake, CONNECT_HALT);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	fake_board_free(&fake);
	return 0;
}

static void
insert(uint32_t at, bool hardware)
{
	assert_int_equal(core_breakpoint_insert(fake.cm4, at, hardware, &why), CAUSE_NONE);
}

static void
remove_at(uint32_t at, bool hardware)
{
	assert_int_equal(core_breakpoint_remove(fake.cm4, at, hardware, &why), CAUSE_NONE);
}

static struct halt
run_to(uint32_t pc)
{
	struct halt halt = { 0 };
	enum core_state core_state;

	assert_int_equal(core_resume(fake.cm4, &why), CAUSE_NONE);
	fake_core_arrives(fake.core, pc);
	assert_int_equal(core_poll(fake.cm4, &core_state, NULL, &why), CAUSE_NONE);
	if (core_state == CORE_HALTED)
		assert_int_equal(core_halt_why(fake.cm4, &halt, &why), CAUSE_NONE);
	return halt;
}

static uint16_t
read_opcode(uint32_t at)
{
	uint8_t bytes[2] = { 0 };

	assert_int_equal(core_memory_read(fake.cm4, at, bytes, 2, &why), CAUSE_NONE);
	return le16_get(bytes);
}

static void
a_hardware_breakpoint_takes_a_half_of_a_comparator(void **state)
{
	(void)state;
	insert(0x08000300, true);
	assert_int_equal(fake.core->fp_comp[0], 0x48000301);
	insert(0x08000306, true);
	assert_int_equal(fake.core->fp_comp[1], 0x88000305);
	assert_int_equal(fake.core->fp_ctrl & 1, 1);
}

static void
two_breakpoints_in_a_word_share_a_comparator(void **state)
{
	(void)state;
	insert(0x08000300, true);
	insert(0x08000302, true);
	assert_int_equal(fake.core->fp_comp[0], 0xc8000301);
	assert_int_equal(fake.core->fp_comp[1], 0);
	remove_at(0x08000300, true);
	assert_int_equal(fake.core->fp_comp[0], 0x88000301);
	remove_at(0x08000302, true);
	assert_int_equal(fake.core->fp_comp[0], 0);
}

static void
a_version_2_comparator_has_the_address(void **state)
{
	struct reason second = REASON_INIT;

	(void)state;
	fake_board_free(&fake);
	fake_board_new(&fake);
	fake.core->fp_ctrl |= 1 << 28;
	fake_board_connect(&fake, CONNECT_HALT);
	assert_int_equal(core_breakpoint_insert(fake.cm4, 0x20000302, true, &second),
			 CAUSE_NONE);
	assert_int_equal(fake.core->fp_comp[0], 0x20000303);
}

static void
a_breakpoint_halts_and_is_reported_as_one(void **state)
{
	struct halt halt;

	(void)state;
	insert(0x08000300, true);
	halt = run_to(0x08000300);
	assert_int_equal(halt.reason, HALT_BREAKPOINT);
	assert_false(halt.is_software);
	assert_int_equal(halt.pc, 0x08000300);
}

static void
going_on_from_a_breakpoint_steps_over_it(void **state)
{
	(void)state;
	insert(0x08000300, true);
	run_to(0x08000300);
	assert_int_equal(core_resume(fake.cm4, &why), CAUSE_NONE);
	assert_false(fake.core->is_halted);
	assert_int_equal(fake.core->r[15], 0x08000302);
	assert_int_equal(fake.core->fp_comp[0], 0x48000301);
}

/* DDI 0403E.e C1.11: the comparator halts the core before the instruction is executed. */
static void
assert_runs_into_it(void)
{
	unsigned steps = fake.core->steps;

	assert_int_equal(core_resume(fake.cm4, &why), CAUSE_NONE);
	assert_int_equal(fake.core->steps, steps);
	assert_int_equal(fake.core->r[15], 0x08000300);
}

static void
a_breakpoint_that_did_not_halt_the_core_is_not_stepped_over(void **state)
{
	uint64_t pc = 0x08000300;

	(void)state;
	insert(0x08000300, true);
	run_to(0x08000300);
	assert_int_equal(
		core_register_write(fake.cm4, fake_register(fake.cm4, "pc"), pc, &why),
		CAUSE_NONE);
	assert_runs_into_it();
}

static void
a_breakpoint_that_is_to_be_hit_again_is_not_stepped_over(void **state)
{
	(void)state;
	insert(0x08000300, true);
	run_to(0x08000300);
	core_forget_hit(fake.cm4);
	assert_runs_into_it();
}

static void
a_breakpoint_that_a_step_came_to_is_not_stepped_over(void **state)
{
	struct halt halt = { 0 };

	(void)state;
	insert(0x080002fe, true);
	insert(0x08000300, true);
	run_to(0x080002fe);
	assert_int_equal(core_step(fake.cm4, &why), CAUSE_NONE);
	assert_int_equal(core_halt_why(fake.cm4, &halt, &why), CAUSE_NONE);
	assert_int_equal(halt.reason, HALT_STEPPED);
	assert_runs_into_it();
}

static void
a_step_from_a_breakpoint_keeps_its_neighbour(void **state)
{
	(void)state;
	insert(0x08000300, true);
	insert(0x08000302, true);
	run_to(0x08000300);
	assert_int_equal(core_step(fake.cm4, &why), CAUSE_NONE);
	assert_int_equal(fake.core->r[15], 0x08000302);
	assert_int_equal(fake.core->fp_comp[0], 0xc8000301);
}

static void
inserting_twice_counts_once(void **state)
{
	(void)state;
	insert(0x08000300, true);
	insert(0x08000300, true);
	remove_at(0x08000300, true);
	assert_int_equal(fake.core->fp_comp[0], 0);
	insert(RAM, false);
	insert(RAM, false);
	remove_at(RAM, false);
	assert_int_equal(le16_get(fake.ram), 0xcdcd);
}

static void
none_left_lists_those_in_use(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		insert(0x08000300 + 6 * i, true);
	assert_int_equal(core_breakpoint_insert(fake.cm4, 0x08001000, true, &why),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "all 6 hardware breakpoints of cm4 are in use: 0x08000300, "
			    "0x08000306, 0x0800030c, 0x08000312, 0x08000318, 0x0800031e");
	assert_string_equal(reason_outermost(&why),
			    "inserting a hardware breakpoint at 0x08001000");
	assert_non_null(strstr(reason_remedy(&why), "delete a breakpoint"));
}

static void
version_1_says_how_far_it_reaches(void **state)
{
	(void)state;
	assert_int_equal(core_breakpoint_insert(fake.cm4, RAM, true, &why),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "hardware breakpoints of this Cortex-M4 r0p1 "
			    "reach no further than 0x1fffffff");
	assert_non_null(strstr(reason_remedy(&why), "software breakpoint"));
}

static void
a_software_breakpoint_is_a_bkpt_that_nobody_sees(void **state)
{
	(void)state;
	le16_put(fake.ram + 0x100, 0x4770);
	insert(RAM + 0x100, false);
	assert_int_equal(le16_get(fake.ram + 0x100), 0xbe00);
	assert_int_equal(read_opcode(RAM + 0x100), 0x4770);
	assert_int_equal(read_opcode(RAM + 0xff) >> 8, 0x70);
	assert_int_equal(read_opcode(RAM + 0x101) & 0xff, 0x47);
	remove_at(RAM + 0x100, false);
	assert_int_equal(le16_get(fake.ram + 0x100), 0x4770);
}

static void
a_software_breakpoint_survives_a_write_over_it(void **state)
{
	uint8_t bytes[4] = { 0x11, 0x22, 0x33, 0x44 };

	(void)state;
	insert(RAM + 0x100, false);
	assert_int_equal(core_memory_write(fake.cm4, RAM + 0xff, bytes, 4, &why),
			 CAUSE_NONE);
	assert_int_equal(le16_get(fake.ram + 0x100), 0xbe00);
	assert_int_equal(fake.ram[0xff], 0x11);
	assert_int_equal(fake.ram[0x102], 0x44);
	assert_int_equal(read_opcode(RAM + 0x100), 0x3322);
	remove_at(RAM + 0x100, false);
	assert_int_equal(le16_get(fake.ram + 0x100), 0x3322);
}

static void
what_the_program_wrote_over_a_bkpt_is_shown_and_kept(void **state)
{
	(void)state;
	insert(RAM + 0x100, false);
	le16_put(fake.ram + 0x100, 0x1234);
	assert_int_equal(read_opcode(RAM + 0x100), 0x1234);
	remove_at(RAM + 0x100, false);
	assert_int_equal(le16_get(fake.ram + 0x100), 0x1234);
}

static void
going_on_from_a_software_breakpoint_executes_what_was_there(void **state)
{
	struct halt halt;

	(void)state;
	le16_put(fake.ram + 0x100, 0x4770);
	insert(RAM + 0x100, false);
	halt = run_to(RAM + 0x100);
	assert_int_equal(halt.reason, HALT_BREAKPOINT);
	assert_true(halt.is_software);
	assert_int_equal(core_resume(fake.cm4, &why), CAUSE_NONE);
	assert_int_equal(fake.core->r[15], RAM + 0x102);
	assert_int_equal(le16_get(fake.ram + 0x100), 0xbe00);
}

static void
no_bkpt_is_written_to_flash(void **state)
{
	(void)state;
	assert_int_equal(core_breakpoint_insert(fake.cm4, CODE, false, &why), CAUSE_FAULT);
	assert_string_equal(reason_root(&why),
			    "0x08000200 (flash bank 1) cannot be written like RAM: no BKPT "
			    "instruction fits there");
	assert_string_equal(reason_remedy(&why),
			    "use a hardware breakpoint (in gdb: hbreak instead of break)");
	assert_int_equal(fake.flash[0x200], FAKE_CANARY);
}

static void
clearing_removes_what_a_dead_session_left(void **state)
{
	(void)state;
	insert(RAM + 0x100, false);
	insert(0x08000300, true);
	fake.core->fp_comp[5] = 0x48000401;
	fake.core->dwt_function[3] = 7;
	assert_int_equal(core_breakpoints_clear(fake.cm4, &why), CAUSE_NONE);
	assert_int_equal(fake.core->fp_comp[0], 0);
	assert_int_equal(fake.core->fp_comp[5], 0);
	assert_int_equal(fake.core->dwt_function[3], 0);
	assert_int_equal(le16_get(fake.ram + 0x100), 0xcdcd);
}

static void
a_step_that_fails_puts_the_breakpoint_back(void **state)
{
	struct reason failure = REASON_INIT;
	enum core_state core_state;

	(void)state;
	insert(0x08000300, true);
	run_to(0x08000300);
	/* The comparator's write passes, the batch that steps is not answered. */
	fake_probe_answer(fake.probe, 2, 1, ACK_NONE);
	assert_int_equal(core_step(fake.cm4, &failure), CAUSE_GONE);
	assert_string_equal(reason_outermost(&failure), "stepping cm4 by one instruction");
	assert_int_equal(fake.core->fp_comp[0], 0x48000301);
	assert_int_equal(core_poll(fake.cm4, &core_state, NULL, &why), CAUSE_NONE);
	assert_int_equal(core_state, CORE_HALTED);
}

static void
a_watchpoint_halts_and_is_named(void **state)
{
	struct halt halt = { 0 };
	enum core_state core_state;

	(void)state;
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_READ, RAM + 8, 4, &why),
			 CAUSE_NONE);
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_WRITE, RAM + 64, 32, &why),
			 CAUSE_NONE);
	assert_int_equal(fake.core->dwt_function[0], 5);
	assert_int_equal(fake.core->dwt_mask[0], 2);
	assert_int_equal(core_resume(fake.cm4, &why), CAUSE_NONE);
	fake_core_touches(fake.core, RAM + 8, true);
	assert_false(fake.core->is_halted);
	fake_core_touches(fake.core, RAM + 70, true);
	assert_int_equal(core_poll(fake.cm4, &core_state, NULL, &why), CAUSE_NONE);
	assert_int_equal(core_state, CORE_HALTED);
	assert_int_equal(core_halt_why(fake.cm4, &halt, &why), CAUSE_NONE);
	assert_int_equal(halt.reason, HALT_WATCHPOINT);
	assert_int_equal(halt.watch_at, RAM + 64);
	assert_int_equal(halt.watch_kind, WATCH_WRITE);
}

static void
a_watchpoint_that_is_removed_is_off(void **state)
{
	(void)state;
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_ACCESS, RAM, 4, &why),
			 CAUSE_NONE);
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_ACCESS, RAM, 4, &why),
			 CAUSE_NONE);
	assert_int_equal(core_watchpoint_remove(fake.cm4, WATCH_ACCESS, RAM, 4, &why),
			 CAUSE_NONE);
	assert_int_equal(fake.core->dwt_function[0], 0);
	assert_int_equal(fake.core->dwt_function[1], 0);
}

static void
no_watchpoint_left_lists_those_in_use(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(
			core_watchpoint_insert(fake.cm4, WATCH_WRITE, RAM + 4 * i, 4, &why),
			CAUSE_NONE);
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_READ, RAM, 4, &why),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "all 4 watchpoints of cm4 are in use: write of 4 bytes at "
			    "0x20000000, write of 4 bytes at 0x20000004, write of 4 bytes "
			    "at 0x20000008, write of 4 bytes at 0x2000000c");
}

static void
a_watchpoint_has_the_size_that_the_mask_can_hold(void **state)
{
	(void)state;
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_WRITE, RAM, 0x10000, &why),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why), "a watchpoint of this Cortex-M4 r0p1 covers "
					       "less than 65536 bytes (DWT_MASK keeps 0)");
	assert_int_equal(fake.core->dwt_function[0], 0);
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_WRITE, RAM, 0, &why),
			 CAUSE_REQUEST);
}

static void
several_comparators_share_what_one_cannot_cover(void **state)
{
	struct halt halt = { 0 };
	enum core_state core_state;

	(void)state;
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_WRITE, RAM + 1, 12, &why),
			 CAUSE_UNSUPPORTED);
	assert_int_equal(fake.core->dwt_function[0] | fake.core->dwt_function[3], 0);
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_WRITE, RAM + 2, 4, &why),
			 CAUSE_NONE);
	assert_int_equal(core_watchpoint_insert(fake.cm4, WATCH_WRITE, RAM + 32, 12, &why),
			 CAUSE_NONE);
	assert_int_equal(fake.core->dwt_comp[2], RAM + 32);
	assert_int_equal(fake.core->dwt_mask[2], 3);
	assert_int_equal(fake.core->dwt_comp[3], RAM + 40);
	assert_int_equal(core_resume(fake.cm4, &why), CAUSE_NONE);
	fake_core_touches(fake.core, RAM + 5, true);
	assert_int_equal(core_poll(fake.cm4, &core_state, NULL, &why), CAUSE_NONE);
	assert_int_equal(core_halt_why(fake.cm4, &halt, &why), CAUSE_NONE);
	assert_int_equal(halt.watch_at, RAM + 2);
	assert_int_equal(core_watchpoint_remove(fake.cm4, WATCH_WRITE, RAM + 32, 12, &why),
			 CAUSE_NONE);
	assert_int_equal(fake.core->dwt_function[2] | fake.core->dwt_function[3], 0);
}

static void
a_step_over_a_breakpoint_that_hits_a_watchpoint_stays_halted(void **state)
{
	struct halt halt = { 0 };

	(void)state;
	insert(0x08000300, true);
	run_to(0x08000300);
	fake.core->step_dfsr = 4;
	assert_int_equal(core_resume(fake.cm4, &why), CAUSE_NONE);
	assert_true(fake.core->is_halted);
	assert_int_equal(core_halt_why(fake.cm4, &halt, &why), CAUSE_NONE);
	assert_int_equal(halt.reason, HALT_WATCHPOINT);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_hardware_breakpoint_takes_a_half_of_a_comparator),
		TEST(two_breakpoints_in_a_word_share_a_comparator),
		TEST(a_version_2_comparator_has_the_address),
		TEST(a_breakpoint_halts_and_is_reported_as_one),
		TEST(going_on_from_a_breakpoint_steps_over_it),
		TEST(a_breakpoint_that_did_not_halt_the_core_is_not_stepped_over),
		TEST(a_breakpoint_that_is_to_be_hit_again_is_not_stepped_over),
		TEST(a_breakpoint_that_a_step_came_to_is_not_stepped_over),
		TEST(a_step_from_a_breakpoint_keeps_its_neighbour),
		TEST(inserting_twice_counts_once),
		TEST(none_left_lists_those_in_use),
		TEST(version_1_says_how_far_it_reaches),
		TEST(a_software_breakpoint_is_a_bkpt_that_nobody_sees),
		TEST(a_software_breakpoint_survives_a_write_over_it),
		TEST(what_the_program_wrote_over_a_bkpt_is_shown_and_kept),
		TEST(going_on_from_a_software_breakpoint_executes_what_was_there),
		TEST(no_bkpt_is_written_to_flash),
		TEST(clearing_removes_what_a_dead_session_left),
		TEST(a_step_that_fails_puts_the_breakpoint_back),
		TEST(a_watchpoint_halts_and_is_named),
		TEST(a_watchpoint_that_is_removed_is_off),
		TEST(no_watchpoint_left_lists_those_in_use),
		TEST(a_watchpoint_has_the_size_that_the_mask_can_hold),
		TEST(several_comparators_share_what_one_cannot_cover),
		TEST(a_step_over_a_breakpoint_that_hits_a_watchpoint_stays_halted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
