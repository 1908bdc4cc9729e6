/* SPDX-License-Identifier: MIT */
#include "targets/core/core_internal.h"
#include "test/unit/fake_board.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct bench {
	struct fake_board fake;
	struct reason why;
};

static int
set_up(void **state)
{
	static struct bench bench;

	memset(&bench, 0, sizeof(bench));
	fake_board_new(&bench.fake);
	fake_board_connect(&bench.fake, CONNECT_HALT);
	*state = &bench;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *bench = *state;

	fake_board_free(&bench->fake);
	return 0;
}

static enum core_state
poll(struct bench *bench, bool *was_reset)
{
	enum core_state state = CORE_IN_RESET;

	assert_int_equal(core_poll(bench->fake.cm4, &state, was_reset, &bench->why),
			 CAUSE_NONE);
	return state;
}

static uint64_t
read_register(struct bench *bench, const char *name)
{
	uint64_t value = 0;

	assert_int_equal(core_register_read(bench->fake.cm4,
					    fake_register(bench->fake.cm4, name), &value,
					    &bench->why),
			 CAUSE_NONE);
	return value;
}

static void
write_register(struct bench *bench, const char *name, uint64_t value)
{
	assert_int_equal(core_register_write(bench->fake.cm4,
					     fake_register(bench->fake.cm4, name), value,
					     &bench->why),
			 CAUSE_NONE);
}

static struct halt
halt_why(struct bench *bench)
{
	struct halt halt = { 0 };

	assert_int_equal(core_halt_why(bench->fake.cm4, &halt, &bench->why), CAUSE_NONE);
	return halt;
}

static void
resume(struct bench *bench)
{
	assert_int_equal(core_resume(bench->fake.cm4, &bench->why), CAUSE_NONE);
}

static void
assert_root(struct bench *bench, const char *words)
{
	assert_string_equal(reason_root(&bench->why), words);
}

static void
an_m4_with_an_fpu_is_recognized(void **state)
{
	struct bench *bench = *state;
	const struct core_identity *identity = core_identity(bench->fake.cm4);

	assert_string_equal(identity->name, "Cortex-M4 r0p1");
	assert_int_equal(identity->features, FEATURE_MAINLINE | FEATURE_FPU);
	assert_int_equal(identity->breakpoints, 6);
	assert_int_equal(identity->watchpoints, 4);
	assert_string_equal(core_name(bench->fake.cm4), "cm4");
}

static void
a_poll_is_one_access_and_tells_the_state(void **state)
{
	struct bench *bench = *state;
	unsigned before = bench->fake.probe->accesses;

	assert_int_equal(poll(bench, NULL), CORE_HALTED);
	assert_int_equal(bench->fake.probe->accesses - before, 1);
	resume(bench);
	assert_int_equal(poll(bench, NULL), CORE_RUNNING);
	bench->fake.core->is_asleep = true;
	assert_int_equal(poll(bench, NULL), CORE_SLEEPING);
	bench->fake.core->is_locked_up = true;
	assert_int_equal(poll(bench, NULL), CORE_LOCKED_UP);
}

static void
a_reset_is_reported_once_and_breakpoints_are_put_back(void **state)
{
	struct bench *bench = *state;
	bool was_reset = false;

	assert_int_equal(
		core_breakpoint_insert(bench->fake.cm4, 0x08000300, true, &bench->why),
		CAUSE_NONE);
	resume(bench);
	fake_core_reset(bench->fake.core);
	bench->fake.core->fp_comp[0] = 0;
	assert_int_equal(poll(bench, &was_reset), CORE_RUNNING);
	assert_true(was_reset);
	assert_int_equal(bench->fake.core->fp_comp[0], 0x48000301);
	assert_int_equal(poll(bench, &was_reset), CORE_RUNNING);
	assert_false(was_reset);
}

static void
a_reset_whose_flag_another_program_read_is_reported_all_the_same(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[8];
	bool was_reset = false;

	resume(bench);
	fake_core_reset(bench->fake.core);
	assert_int_equal(
		core_memory_read(bench->fake.cm4, 0xe000edf0, bytes, 4, &bench->why),
		CAUSE_NONE);
	poll(bench, &was_reset);
	assert_true(was_reset);
}

static void
a_core_that_lost_power_is_taken_back_under_control(void **state)
{
	struct bench *bench = *state;
	bool was_reset = false;

	resume(bench);
	fake_core_reset(bench->fake.core);
	bench->fake.core->control = 0;
	bench->fake.core->demcr = 0;
	assert_int_equal(poll(bench, &was_reset), CORE_RUNNING);
	assert_true(was_reset);
	assert_int_equal(bench->fake.core->control, 1);
	assert_int_equal(bench->fake.core->demcr, 1 << 24);
}

static void
halting_debug_that_another_debugger_ends_is_no_reset(void **state)
{
	struct bench *bench = *state;
	bool was_reset = false;

	assert_int_equal(
		core_breakpoint_insert(bench->fake.cm4, 0x08000300, true, &bench->why),
		CAUSE_NONE);
	resume(bench);
	bench->fake.core->control = 0;
	bench->fake.core->demcr = 0;
	bench->fake.core->fp_comp[0] = 0;
	assert_int_equal(poll(bench, &was_reset), CORE_RUNNING);
	assert_false(was_reset);
	assert_int_equal(bench->fake.core->control, 1);
	assert_int_equal(bench->fake.core->demcr, 1 << 24);
	assert_int_equal(bench->fake.core->fp_comp[0], 0x48000301);
}

static void
beside_another_debugger_the_core_is_left_as_that_one_has_it(void **state)
{
	struct bench *bench = *state;
	struct fake_core *core = bench->fake.core;

	bench->fake.cm4->mem.dap->probe->has_other_debugger = true;
	core->demcr = 1 << 24 | 1 << 10;
	core->fp_comp[2] = 0x48000301;
	core->is_halted = true;
	assert_int_equal(core_claim(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(core_breakpoints_clear(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(core_release(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_true(core->is_halted);
	assert_int_equal(core->control & 1, 1);
	assert_int_equal(core->demcr, 1 << 24 | 1 << 10);
	assert_int_equal(core->fp_comp[2], 0x48000301);
}

static void
beside_another_debugger_only_our_own_breakpoints_are_removed(void **state)
{
	struct bench *bench = *state;
	struct fake_core *core = bench->fake.core;

	bench->fake.cm4->mem.dap->probe->has_other_debugger = true;
	assert_int_equal(
		core_breakpoint_insert(bench->fake.cm4, 0x08000400, true, &bench->why),
		CAUSE_NONE);
	core->fp_comp[2] = 0x48000301;
	assert_int_equal(core->fp_comp[0], 0x48000401);
	assert_int_equal(core_breakpoints_clear(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(core->fp_comp[0], 0);
	assert_int_equal(core->fp_comp[2], 0x48000301);
}

static void
a_core_held_in_reset_is_reported_as_that(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->is_nrst_low = true;
	assert_int_equal(poll(bench, NULL), CORE_IN_RESET);
	bench->fake.core->is_nrst_low = false;
	assert_int_equal(poll(bench, NULL), CORE_HALTED);
}

static void
zeros_of_a_chip_in_reset_are_not_its_memory(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[8];

	memset(bench->fake.ram, 0, sizeof(bytes));
	assert_int_equal(core_memory_read(bench->fake.cm4, 0x20000000, bytes, sizeof(bytes),
					  &bench->why),
			 CAUSE_NONE);
	bench->fake.core->is_nrst_low = true;
	assert_int_equal(core_memory_read(bench->fake.cm4, 0x20000000, bytes, sizeof(bytes),
					  &bench->why),
			 CAUSE_TIMEOUT);
	assert_root(bench,
		    "the chip is in reset (DHCSR.S_RESET_ST), and answers with zeros");
	assert_int_equal(reason_finding(&bench->why), FINDING_B12);
}

/* The chip answers with zeros until the reset ends, or from when it begins. */
static void
zeros_at_one_end_of_a_read_may_be_of_a_reset_too(void **state)
{
	static const uint8_t reads[][8] = { { 0, 0, 0, 0, 1, 2, 3, 4 },
					    { 1, 2, 3, 4, 0, 0, 0, 0 },
					    { 9, 0, 0, 0, 5, 6, 7, 8 } };
	struct bench *bench = *state;
	uint8_t bytes[8];

	for (size_t i = 0; i < array_len(reads); i++) {
		uint32_t skipped = reads[i][0] == 9 ? 1 : 0; /* of a word */

		memcpy(bench->fake.ram, reads[i], sizeof(reads[i]));
		bench->fake.core->is_nrst_low = true;
		assert_int_equal(core_memory_read(bench->fake.cm4, 0x20000000 + skipped,
						  bytes, sizeof(bytes) - skipped,
						  &bench->why),
				 CAUSE_TIMEOUT);
		bench->fake.core->is_nrst_low = false;
		assert_int_equal(core_memory_read(bench->fake.cm4, 0x20000000, bytes,
						  sizeof(bytes), &bench->why),
				 CAUSE_NONE);
		assert_memory_equal(bytes, reads[i], sizeof(bytes));
	}
}

static void
a_halt_that_was_asked_for_says_so(void **state)
{
	struct bench *bench = *state;
	struct halt halt;

	resume(bench);
	assert_int_equal(core_halt(bench->fake.cm4, &bench->why), CAUSE_NONE);
	halt = halt_why(bench);
	assert_int_equal(halt.reason, HALT_REQUESTED);
	assert_int_equal(halt.pc, 0x08000200);
}

static void
a_halt_takes_one_call_of_the_probe(void **state)
{
	struct bench *bench = *state;
	unsigned before;

	resume(bench);
	before = bench->fake.probe->calls;
	assert_int_equal(core_halt(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(bench->fake.probe->calls - before, 1);
}

static void
a_core_that_does_not_halt_says_what_dhcsr_read(void **state)
{
	struct bench *bench = *state;

	resume(bench);
	bench->fake.core->refuses_halt = true;
	bench->fake.core->is_asleep = true;
	assert_int_equal(core_halt(bench->fake.cm4, &bench->why), CAUSE_TIMEOUT);
	assert_root(bench, "cm4 did not halt within 100 ms: DHCSR is 0x00050003: S_SLEEP: "
			   "the core sleeps");
	assert_string_equal(reason_remedy(&bench->why),
			    "reset the chip (monitor reset halt), or connect under reset: "
			    "--connect under-reset");
	assert_string_equal(reason_outermost(&bench->why), "halting cm4");
}

static void
a_stalled_core_is_reported_with_a_guess_at_its_bus(void **state)
{
	struct bench *bench = *state;

	resume(bench);
	bench->fake.core->refuses_halt = true;
	assert_int_equal(core_halt(bench->fake.cm4, &bench->why), CAUSE_TIMEOUT);
	assert_int_equal(reason_finding(&bench->why), FINDING_C10);
}

static void
a_step_masks_interrupts_only_while_halted(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(core_step(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(halt_why(bench).reason, HALT_STEPPED);
	assert_int_equal(read_register(bench, "pc"), 0x08000202);
	assert_true(bench->fake.core->stepped_masked);
	resume(bench);
	assert_int_equal(bench->fake.core->unmasked_wrongly, 0);
	assert_int_equal(bench->fake.core->control, 1);
}

static void
a_halt_after_a_step_that_ran_on_leaves_the_mask_alone(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->steps_into_sleep = true;
	assert_int_equal(core_step(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(core_halt(bench->fake.cm4, &bench->why), CAUSE_NONE);
	resume(bench);
	assert_int_equal(bench->fake.core->unmasked_wrongly, 0);
	assert_int_equal(bench->fake.core->control, 1);
}

static void
a_step_and_why_it_ended_take_one_call_of_the_probe(void **state)
{
	struct bench *bench = *state;
	unsigned before = bench->fake.probe->calls;

	assert_int_equal(core_step(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(bench->fake.probe->calls - before, 1);
	assert_int_equal(halt_why(bench).reason, HALT_STEPPED);
	assert_int_equal(bench->fake.probe->calls - before, 2); /* PC */
}

static void
a_running_core_is_not_stepped(void **state)
{
	struct bench *bench = *state;

	resume(bench);
	assert_int_equal(core_step(bench->fake.cm4, &bench->why), CAUSE_REQUEST);
	assert_int_equal(bench->fake.core->steps, 0);
}

static void
a_step_into_sleep_is_ended_by_a_halt(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->steps_into_sleep = true;
	assert_int_equal(core_step(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(halt_why(bench).reason, HALT_STEPPED);
	assert_int_equal(bench->fake.core->unmasked_wrongly, 0);
	assert_int_equal(bench->fake.core->control & 1, 1);
}

static void
all_core_registers_take_one_call_of_the_probe(void **state)
{
	struct bench *bench = *state;
	unsigned before = bench->fake.probe->calls;

	assert_int_equal(read_register(bench, "r0"), 0x11110000);
	assert_int_equal(read_register(bench, "r12"), 0x1111000c);
	assert_int_equal(read_register(bench, "pc"), 0x08000200);
	assert_int_equal(read_register(bench, "msp"), 0x11110011);
	assert_int_equal(read_register(bench, "control"), 0x11);
	assert_int_equal(bench->fake.probe->calls - before, 1);
}

static void
special_registers_share_one_word(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->r[20] = 0x02010380;
	assert_int_equal(read_register(bench, "primask"), 0x80);
	assert_int_equal(read_register(bench, "basepri"), 0x03);
	assert_int_equal(read_register(bench, "faultmask"), 0x01);
	assert_int_equal(read_register(bench, "control"), 0x02);
	write_register(bench, "basepri", 0x40);
	assert_int_equal(bench->fake.core->r[20], 0x02014080);
	assert_int_equal(read_register(bench, "basepri"), 0x40);
}

static void
doubles_are_two_singles(void **state)
{
	struct bench *bench = *state;

	assert_true(read_register(bench, "d1") == 0x1111004311110042u);
	write_register(bench, "d1", 0x0123456789abcdefu);
	assert_int_equal(bench->fake.core->r[0x42], 0x89abcdef);
	assert_int_equal(bench->fake.core->r[0x43], 0x01234567);
	assert_true(read_register(bench, "d1") == 0x0123456789abcdefu);
	assert_int_equal(read_register(bench, "fpscr"), 0x11110021);
}

static void
a_written_register_reads_as_the_core_has_it(void **state)
{
	struct bench *bench = *state;

	read_register(bench, "msp");
	write_register(bench, "sp", 0x20001000);
	assert_int_equal(bench->fake.core->r[13], 0x20001000);
	bench->fake.core->r[17] = 0x20001000;
	assert_int_equal(read_register(bench, "msp"), 0x20001000);
	write_register(bench, "pc", 0x08000301);
	assert_int_equal(read_register(bench, "pc"), 0x08000300);
}

static void
slow_register_transfers_are_waited_for(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->has_slow_registers = true;
	assert_int_equal(read_register(bench, "r3"), 0x11110003);
	assert_int_equal(read_register(bench, "r4"), 0x11110004);
}

static void
registers_are_fetched_anew_after_it_ran(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(read_register(bench, "r0"), 0x11110000);
	resume(bench);
	bench->fake.core->r[0] = 7;
	assert_int_equal(core_halt(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(read_register(bench, "r0"), 7);
}

/* Selector 20 has CONTROL, FAULTMASK, BASEPRI and PRIMASK from the highest byte down. */
static void
several_registers_are_written_at_once_and_parts_of_one_together(void **state)
{
	struct bench *bench = *state;
	const struct core_value values[] = {
		{ fake_register(bench->fake.cm4, "r0"), 0x1234 },
		{ fake_register(bench->fake.cm4, "primask"), 1 },
		{ fake_register(bench->fake.cm4, "pc"), 0x20000201 },
		{ fake_register(bench->fake.cm4, "control"), 2 },
	};

	for (unsigned slow = 0; slow < 2; slow++) {
		memset(bench->fake.core->r, 0, sizeof(bench->fake.core->r));
		bench->fake.core->r[20] = 0x01001100;
		resume(bench);
		assert_int_equal(core_halt(bench->fake.cm4, &bench->why), CAUSE_NONE);
		bench->fake.core->has_slow_registers = slow;
		assert_int_equal(core_registers_write(bench->fake.cm4, values,
						      array_len(values), &bench->why),
				 CAUSE_NONE);
		assert_int_equal(bench->fake.core->r[0], 0x1234);
		assert_int_equal(bench->fake.core->r[15], 0x20000200);
		assert_int_equal(bench->fake.core->r[20], 0x02001101);
		assert_int_equal(read_register(bench, "basepri"), 0x11);
	}
}

static void
registers_of_a_running_core_are_refused(void **state)
{
	struct bench *bench = *state;
	uint64_t value = 0;

	resume(bench);
	assert_int_equal(core_register_read(bench->fake.cm4,
					    fake_register(bench->fake.cm4, "r0"), &value,
					    &bench->why),
			 CAUSE_REQUEST);
	assert_root(bench, "cm4 is running: for this it must be halted");
	assert_string_equal(reason_outermost(&bench->why), "reading r0 of cm4");
	assert_int_equal(core_register_write(bench->fake.cm4,
					     fake_register(bench->fake.cm4, "r0"), 1,
					     &bench->why),
			 CAUSE_REQUEST);
	assert_int_equal(
		core_registers_write(
			bench->fake.cm4,
			&(struct core_value){ fake_register(bench->fake.cm4, "r0"), 1 }, 1,
			&bench->why),
		CAUSE_REQUEST);
	assert_string_equal(reason_outermost(&bench->why), "writing registers of cm4");
}

static void
a_bkpt_of_the_program_is_passed_when_it_goes_on(void **state)
{
	struct bench *bench = *state;

	resume(bench);
	le16_put(bench->fake.ram + 0x10, 0xbeab);
	fake_core_arrives(bench->fake.core, 0x20000010);
	assert_int_equal(poll(bench, NULL), CORE_HALTED);
	assert_int_equal(halt_why(bench).reason, HALT_BKPT);
	resume(bench);
	assert_int_equal(bench->fake.core->r[15], 0x20000012);
}

/* gdb removes one while the core runs, in non-stop mode. */
static void
a_breakpoint_that_goes_in_the_moment_it_is_hit_is_none_of_the_programs(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(
		core_breakpoint_insert(bench->fake.cm4, 0x08000400, true, &bench->why),
		CAUSE_NONE);
	resume(bench);
	fake_core_arrives(bench->fake.core, 0x08000400);
	assert_int_equal(
		core_breakpoint_remove(bench->fake.cm4, 0x08000400, true, &bench->why),
		CAUSE_NONE);
	assert_int_equal(poll(bench, NULL), CORE_HALTED);
	assert_int_equal(halt_why(bench).reason, HALT_BREAKPOINT);
}

/* It did not halt there: a write of PC led to it. */
static void
a_bkpt_at_pc_is_passed_when_the_core_is_released(void **state)
{
	struct bench *bench = *state;

	le16_put(bench->fake.ram + 0x10, 0xbe00);
	assert_int_equal(core_pc_write(bench->fake.cm4, 0x20000010, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(core_release(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(bench->fake.core->r[15], 0x20000012);
}

static void
a_step_at_a_bkpt_of_the_program_is_the_passing(void **state)
{
	struct bench *bench = *state;

	resume(bench);
	le16_put(bench->fake.ram + 0x10, 0xbe00);
	fake_core_arrives(bench->fake.core, 0x20000010);
	poll(bench, NULL);
	halt_why(bench);
	assert_int_equal(core_step(bench->fake.cm4, &bench->why), CAUSE_NONE);
	assert_int_equal(read_register(bench, "pc"), 0x20000012);
	assert_int_equal(halt_why(bench).reason, HALT_STEPPED);
	/* It executes the BKPT, which leaves it where it was. */
	assert_int_equal(bench->fake.core->steps, 1);
}

static void
a_program_counter_that_was_set_is_left_alone(void **state)
{
	struct bench *bench = *state;

	resume(bench);
	le16_put(bench->fake.ram + 0x10, 0xbeab);
	fake_core_arrives(bench->fake.core, 0x20000010);
	poll(bench, NULL);
	halt_why(bench);
	write_register(bench, "pc", 0x20000010);
	resume(bench);
	assert_int_equal(bench->fake.core->r[15], 0x20000010);
}

static void
a_caught_vector_is_reported_by_its_bits(void **state)
{
	struct bench *bench = *state;
	struct halt halt;

	assert_int_equal(core_vector_catch_set(bench->fake.cm4, 1 << 10, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(bench->fake.core->demcr, 1 << 24 | 1 << 10);
	resume(bench);
	bench->fake.core->is_halted = true;
	bench->fake.core->dfsr = 8;
	bench->fake.core->r[16] = 0x01000003;
	assert_int_equal(poll(bench, NULL), CORE_HALTED);
	halt = halt_why(bench);
	assert_int_equal(halt.reason, HALT_VECTOR_CATCH);
	assert_int_equal(halt.caught_vectors, 1 << 10);
	assert_int_equal(halt.exception, 3);
	assert_int_equal(bench->fake.core->dfsr, 0);
}

static void
bits_that_catch_nothing_are_refused(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(core_vector_catch_set(bench->fake.cm4, 1 << 16, &bench->why),
			 CAUSE_REQUEST);
	assert_root(bench, "0x00010000 has bits that catch nothing");
}

static void
a_monitor_of_the_programs_own_keeps_its_bits(void **state)
{
	struct bench *bench = *state;

	bench->fake.core->demcr |= 1 << 16;
	assert_int_equal(core_vector_catch_set(bench->fake.cm4, 0, &bench->why),
			 CAUSE_NONE);
	assert_int_equal(bench->fake.core->demcr, 1 << 24 | 1 << 16);
}

static void
a_target_that_is_gone_is_reported_to_the_caller(void **state)
{
	struct bench *bench = *state;
	enum core_state core_state;

	bench->fake.probe->has_no_target = true;
	assert_int_equal(core_poll(bench->fake.cm4, &core_state, NULL, &bench->why),
			 CAUSE_GONE);
	assert_string_equal(reason_outermost(&bench->why),
			    "reading the state of cm4 (DHCSR)");
	assert_int_equal(core_halt(bench->fake.cm4, &bench->why), CAUSE_GONE);
	assert_int_equal(core_step(bench->fake.cm4, &bench->why), CAUSE_GONE);
	bench->fake.probe->has_no_target = false;
}

static void
memory_that_is_not_there_is_named(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[4] = { 0 };

	assert_int_equal(
		core_memory_read(bench->fake.cm4, 0x90000000, bytes, 4, &bench->why),
		CAUSE_FAULT);
	assert_string_equal(reason_outermost(&bench->why),
			    "cannot read 4 bytes at 0x90000000: this is the window of "
			    "the QUADSPI, which answers only after the program has set up "
			    "the QUADSPI");
}

static void
a_plain_write_to_flash_is_not_reported_as_done(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[4] = { 1, 2, 3, 4 };

	assert_int_equal(
		core_memory_write(bench->fake.cm4, 0x08000100, bytes, 4, &bench->why),
		CAUSE_REQUEST);
	assert_root(bench, "0x08000100 is flash bank 1: a plain write does not change what "
			   "it holds");
	assert_string_equal(reason_remedy(&bench->why), "program it with load");
	assert_int_equal(bench->fake.flash[0x100], FAKE_CANARY);
}

static void
a_write_that_ends_in_flash_is_refused_as_a_whole(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[4] = { 1, 2, 3, 4 };

	assert_int_equal(
		core_memory_write(bench->fake.cm4, 0x07fffffe, bytes, 4, &bench->why),
		CAUSE_REQUEST);
	assert_non_null(strstr(reason_root(&bench->why), "0x08000001 is flash bank 1"));
}

static void
code_in_the_cache_of_an_m7_is_fetched_anew(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[4] = { 1, 2, 3, 4 };

	fake_board_free(&bench->fake);
	fake_board_new(&bench->fake);
	bench->fake.core->cpuid = 0x411fc272;
	bench->fake.core->mvfr0 = 0x10110221;
	fake_board_connect(&bench->fake, CONNECT_HALT);
	assert_string_equal(core_identity(bench->fake.cm4)->name, "Cortex-M7 r1p2");
	assert_int_equal(core_identity(bench->fake.cm4)->features,
			 FEATURE_MAINLINE | FEATURE_FPU | FEATURE_FPU_DOUBLE);
	assert_int_equal(
		core_memory_write(bench->fake.cm4, 0x20000000, bytes, 4, &bench->why),
		CAUSE_NONE);
	assert_int_equal(bench->fake.core->icache_flushes, 1);
	assert_int_equal(
		core_breakpoint_insert(bench->fake.cm4, 0x20000000, false, &bench->why),
		CAUSE_NONE);
	assert_int_equal(bench->fake.core->icache_flushes, 2);
}

/* A Cortex-M33, or with `mvfr1` a Cortex-M55, as its DAUTHSTATUS has it. */
static void
become_v8m(struct bench *bench, uint32_t dauthstatus, uint32_t mvfr1)
{
	fake_board_free(&bench->fake);
	fake_board_new(&bench->fake);
	bench->fake.core->cpuid = mvfr1 == 0 ? 0x410fd214 : 0x410fd220;
	bench->fake.core->fp_ctrl = 0x10000060;
	bench->fake.core->dauthstatus = dauthstatus;
	bench->fake.core->mvfr1 = mvfr1;
	fake_board_connect(&bench->fake, CONNECT_HALT);
}

static void
a_core_with_the_security_extension_shows_the_banks_of_both_states(void **state)
{
	struct bench *bench = *state;

	become_v8m(bench, 0xff, 0);
	assert_int_equal(core_identity(bench->fake.cm4)->features,
			 FEATURE_MAINLINE | FEATURE_FPU | FEATURE_SECURITY);
	assert_int_equal(read_register(bench, "msp_ns"), 0x11110018);
	assert_int_equal(read_register(bench, "psp_ns"), 0x11110019);
	assert_int_equal(read_register(bench, "msp_s"), 0x1111001a);
	assert_int_equal(read_register(bench, "psp_s"), 0x1111001b);
	assert_int_equal(read_register(bench, "msplim_s"), 0x1111001c);
	assert_int_equal(read_register(bench, "psplim_s"), 0x1111001d);
	assert_int_equal(read_register(bench, "msplim_ns"), 0x1111001e);
	assert_int_equal(read_register(bench, "psplim_ns"), 0x1111001f);
	bench->fake.core->r[0x22] = 0x02010380;
	assert_int_equal(read_register(bench, "primask_s"), 0x22);
	core_cache_drop(bench->fake.cm4);
	assert_int_equal(read_register(bench, "primask_s"), 0x80);
	assert_int_equal(read_register(bench, "control_s"), 0x02);
	assert_int_equal(read_register(bench, "basepri_ns"), 0x00);
	write_register(bench, "basepri_ns", 0x40);
	assert_int_equal(bench->fake.core->r[0x23], 0x11114023);
}

/* MSP is one of the banks: what was read of them before it is written is out of date. */
static void
a_written_stack_pointer_has_its_bank_read_anew(void **state)
{
	struct bench *bench = *state;

	become_v8m(bench, 0xff, 0);
	assert_int_equal(read_register(bench, "msp_s"), 0x1111001a);
	write_register(bench, "msp", 0x20001000);
	bench->fake.core->r[0x1a] = 0x20001000;
	assert_int_equal(read_register(bench, "msp_s"), 0x20001000);
}

/* DAUTHSTATUS.SID: 2 is implemented, and closed to the debugger. */
static void
a_debugger_kept_out_of_the_secure_state_is_shown_one_bank(void **state)
{
	struct bench *bench = *state;

	become_v8m(bench, 0xaf, 0);
	assert_int_equal(core_identity(bench->fake.cm4)->features,
			 FEATURE_MAINLINE | FEATURE_FPU | FEATURE_STACK_LIMITS);
	assert_int_equal(read_register(bench, "msplim"), 0x1111001e);
}

static void
a_core_with_helium_has_vpr(void **state)
{
	struct bench *bench = *state;

	become_v8m(bench, 0x0f, 0x12111011 & ~0xf00u);
	assert_int_equal(core_identity(bench->fake.cm4)->features & FEATURE_MVE, 0);
	become_v8m(bench, 0x0f, 0x12111211);
	assert_string_equal(core_identity(bench->fake.cm4)->name, "Cortex-M55 r0p0");
	assert_int_equal(core_identity(bench->fake.cm4)->features & FEATURE_MVE,
			 FEATURE_MVE);
	assert_int_equal(read_register(bench, "vpr"), 0x11110024);
}

static void
a_v8m_core_has_stack_limits_and_its_own_watchpoints(void **state)
{
	struct bench *bench = *state;

	fake_board_free(&bench->fake);
	fake_board_new(&bench->fake);
	bench->fake.core->cpuid = 0x410fd214;
	bench->fake.core->fp_ctrl = 0x10000060;
	fake_board_connect(&bench->fake, CONNECT_HALT);
	assert_string_equal(core_identity(bench->fake.cm4)->name, "Cortex-M33 r0p4");
	assert_int_equal(read_register(bench, "msplim"), 0x1111001e);
	assert_int_equal(core_watchpoint_insert(bench->fake.cm4, WATCH_WRITE, 0x20000010, 4,
						&bench->why),
			 CAUSE_NONE);
	assert_int_equal(bench->fake.core->dwt_function[0], 0x815);
	assert_int_equal(core_watchpoint_insert(bench->fake.cm4, WATCH_WRITE, 0x20000018, 8,
						&bench->why),
			 CAUSE_NONE);
	assert_int_equal(bench->fake.core->dwt_comp[1], 0x20000018);
	assert_int_equal(bench->fake.core->dwt_comp[2], 0x2000001c);
}

static enum swd_ack
rom(void *context, struct fake_access *access)
{
	(void)context;
	if (!access->is_write)
		access->value = 0x55555555u >> (32 - 8 * access->width);
	return ACK_OK;
}

static enum swd_ack
no_clock(void *context, struct fake_access *access)
{
	(void)context;
	if (!access->is_write)
		access->value = 0;
	return ACK_OK;
}

/* A register that reads as zero is no fault, nor are zeros. */
static void
a_peripheral_without_its_clock_did_not_take_a_load(void **state)
{
	struct bench *bench = *state;
	const uint8_t bytes[8] = { 0, 0, 0, 0, 0, 0, 0, 1 }, zeros[8] = { 0 };
	const uint8_t more[2000] = { [1999] = 1 };

	fake_probe_hook(bench->fake.probe, 0x4000a400, 0x800, no_clock, NULL);
	assert_int_equal(core_memory_write(bench->fake.cm4, 0x4000a400, more, sizeof(more),
					   &bench->why),
			 CAUSE_MISMATCH);
	assert_root(bench, "0x4000abcc did not take the write: it holds nothing but zeros");
	bench->why = (struct reason)REASON_INIT;
	assert_int_equal(
		core_memory_write(bench->fake.cm4, 0x4000a400, zeros, 8, &bench->why),
		CAUSE_NONE);
	assert_int_equal(
		core_memory_write(bench->fake.cm4, 0x4000a404, bytes + 4, 4, &bench->why),
		CAUSE_NONE);
	assert_int_equal(
		core_memory_write(bench->fake.cm4, 0x4000a400, bytes, 8, &bench->why),
		CAUSE_MISMATCH);
	assert_root(bench, "0x4000a404 did not take the write: it holds nothing but zeros");
	assert_non_null(
		strstr(reason_remedy(&bench->why), "turn its clock on in RCC first"));
}

static void
rom_that_keeps_what_it_has_is_not_reported_as_written(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[4] = { 0x55, 0x55, 3, 4 };

	fake_probe_hook(bench->fake.probe, 0x1fff7800, 0x100, rom, NULL);
	assert_int_equal(
		core_memory_write(bench->fake.cm4, 0x1fff7800, bytes, 4, &bench->why),
		CAUSE_MISMATCH);
	assert_root(bench, "0x1fff7802 did not take the write: it holds 0x55, not 0x03");
	assert_string_equal(reason_outermost(&bench->why),
			    "cannot write 4 bytes at 0x1fff7800: this is option byte "
			    "memory");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(an_m4_with_an_fpu_is_recognized),
		TEST(a_poll_is_one_access_and_tells_the_state),
		TEST(a_reset_is_reported_once_and_breakpoints_are_put_back),
		TEST(a_reset_whose_flag_another_program_read_is_reported_all_the_same),
		TEST(a_core_that_lost_power_is_taken_back_under_control),
		TEST(halting_debug_that_another_debugger_ends_is_no_reset),
		TEST(beside_another_debugger_the_core_is_left_as_that_one_has_it),
		TEST(beside_another_debugger_only_our_own_breakpoints_are_removed),
		TEST(a_core_held_in_reset_is_reported_as_that),
		TEST(zeros_of_a_chip_in_reset_are_not_its_memory),
		TEST(zeros_at_one_end_of_a_read_may_be_of_a_reset_too),
		TEST(a_halt_that_was_asked_for_says_so),
		TEST(a_halt_takes_one_call_of_the_probe),
		TEST(a_core_that_does_not_halt_says_what_dhcsr_read),
		TEST(a_stalled_core_is_reported_with_a_guess_at_its_bus),
		TEST(a_step_masks_interrupts_only_while_halted),
		TEST(a_halt_after_a_step_that_ran_on_leaves_the_mask_alone),
		TEST(a_step_and_why_it_ended_take_one_call_of_the_probe),
		TEST(a_running_core_is_not_stepped),
		TEST(a_step_into_sleep_is_ended_by_a_halt),
		TEST(all_core_registers_take_one_call_of_the_probe),
		TEST(special_registers_share_one_word),
		TEST(doubles_are_two_singles),
		TEST(a_written_register_reads_as_the_core_has_it),
		TEST(slow_register_transfers_are_waited_for),
		TEST(registers_are_fetched_anew_after_it_ran),
		TEST(several_registers_are_written_at_once_and_parts_of_one_together),
		TEST(registers_of_a_running_core_are_refused),
		TEST(a_bkpt_of_the_program_is_passed_when_it_goes_on),
		TEST(a_breakpoint_that_goes_in_the_moment_it_is_hit_is_none_of_the_programs),
		TEST(a_bkpt_at_pc_is_passed_when_the_core_is_released),
		TEST(a_step_at_a_bkpt_of_the_program_is_the_passing),
		TEST(a_program_counter_that_was_set_is_left_alone),
		TEST(a_caught_vector_is_reported_by_its_bits),
		TEST(bits_that_catch_nothing_are_refused),
		TEST(a_monitor_of_the_programs_own_keeps_its_bits),
		TEST(a_target_that_is_gone_is_reported_to_the_caller),
		TEST(memory_that_is_not_there_is_named),
		TEST(a_plain_write_to_flash_is_not_reported_as_done),
		TEST(a_write_that_ends_in_flash_is_refused_as_a_whole),
		TEST(code_in_the_cache_of_an_m7_is_fetched_anew),
		TEST(a_v8m_core_has_stack_limits_and_its_own_watchpoints),
		TEST(a_core_with_the_security_extension_shows_the_banks_of_both_states),
		TEST(a_written_stack_pointer_has_its_bank_read_anew),
		TEST(a_debugger_kept_out_of_the_secure_state_is_shown_one_bank),
		TEST(a_core_with_helium_has_vpr),
		TEST(a_peripheral_without_its_clock_did_not_take_a_load),
		TEST(rom_that_keeps_what_it_has_is_not_reported_as_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
