/* SPDX-License-Identifier: MIT */
/*
 * Round trips of what is done at every step, counted as CMSIS-DAP packets.
 */
#include "targets/core/core_internal.h"
#include "test/unit/fake_core.h"
#include "test/unit/fake_dap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { RAM_AT = 0x20000000, RAM_SIZE = 256 };

static struct fake_dap firmware;
static struct fake_probe *target;
static struct fake_core *fake;
static struct probe *probe;
static struct dap dap;
static struct core core;
static struct reason why;

static void
open_core(unsigned packet_size)
{
	why = (struct reason)REASON_INIT;
	target = fake_probe_new(FAKE_TRANSFERS_ONLY);
	fake = fake_core_new(target);
	probe = fake_dap_open(&firmware, target, packet_size, 4);
	dap_init(&dap, probe);
	core_init(&core, "cm4", NULL, 100);
	assert_int_equal(dap_connect(&dap, &why), CAUSE_NONE);
	assert_int_equal(mem_ap_open(&core.mem, &dap, 0, &why), CAUSE_NONE);
	assert_int_equal(core_identify(&core, &why), CAUSE_NONE);
	assert_int_equal(core_claim(&core, &why), CAUSE_NONE);
	fake->r[0] = 0x1234;
	firmware.packets = 0;
}

static int
open_v2(void **state)
{
	(void)state;
	open_core(512);
	return 0;
}

static int
open_v1(void **state)
{
	(void)state;
	open_core(64);
	return 0;
}

static int
close_core(void **state)
{
	(void)state;
	probe_close(probe);
	fake_core_free(fake);
	fake_probe_free(target);
	return 0;
}

static void
read_core_registers(void)
{
	uint64_t value;

	for (size_t i = 0; i <= REGISTER_XPSR; i++)
		assert_int_equal(
			core_register_read(&core, &core_register_table[i], &value, &why),
			CAUSE_NONE);
	assert_int_equal(core_register_read(&core, &core_register_table[0], &value, &why),
			 CAUSE_NONE);
	assert_int_equal(value, 0x1234);
}

static void
halt_all_registers_step_and_pc_are_two_packets(void **state)
{
	uint32_t before, pc;

	(void)state;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	read_core_registers();
	assert_int_equal(firmware.packets, 1);
	assert_int_equal(core_pc_read(&core, &before, &why), CAUSE_NONE);
	assert_int_equal(core_step(&core, &why), CAUSE_NONE);
	assert_int_equal(core_pc_read(&core, &pc, &why), CAUSE_NONE);
	assert_int_equal(pc, before + 2);
	assert_int_equal(firmware.packets, 2);
	assert_int_equal(fake->steps, 1);
}

static void
the_same_is_right_in_small_packets(void **state)
{
	uint32_t before, pc;

	(void)state;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	read_core_registers();
	assert_int_equal(core_pc_read(&core, &before, &why), CAUSE_NONE);
	assert_int_equal(core_step(&core, &why), CAUSE_NONE);
	assert_int_equal(core_pc_read(&core, &pc, &why), CAUSE_NONE);
	assert_int_equal(pc, before + 2);
	assert_int_equal(fake->steps, 1);
	assert_in_range(firmware.packets, 3, 16);
}

static void
no_register_of_a_core_that_runs_is_touched(void **state)
{
	(void)state;
	fake->refuses_halt = true;
	fake->selected = UINT32_MAX;
	assert_int_equal(core_halt(&core, &why), CAUSE_TIMEOUT);
	assert_int_equal(fake->selected, UINT32_MAX);
	assert_false(core.is_halted);
}

static void
registers_that_are_slow_are_waited_for(void **state)
{
	uint64_t value;

	(void)state;
	fake->has_slow_registers = true;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	assert_int_equal(core_register_read(&core, &core_register_table[0], &value, &why),
			 CAUSE_NONE);
	assert_int_equal(value, 0x1234);
}

static void
a_step_that_falls_asleep_is_ended(void **state)
{
	uint32_t pc;

	(void)state;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	fake->steps_into_sleep = true;
	assert_int_equal(core_step(&core, &why), CAUSE_NONE);
	assert_true(core.is_halted);
	assert_int_equal(core_pc_read(&core, &pc, &why), CAUSE_NONE);
}

/* What a debugger looks at to find the frame is read with the stop, and nothing else. */
static void
a_step_and_the_frame_are_two_small_packets(void **state)
{
	static const unsigned frame[] = { REGISTER_R7, REGISTER_SP,   REGISTER_LR,
					  REGISTER_PC, REGISTER_XPSR, REGISTER_MSP,
					  REGISTER_PSP };
	uint64_t value;
	struct halt halt;

	(void)state;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	for (unsigned i = 0; i < 3; i++) {
		firmware.packets = 0;
		assert_int_equal(core_step(&core, &why), CAUSE_NONE);
		assert_int_equal(core_halt_why(&core, &halt, &why), CAUSE_NONE);
		assert_int_equal(halt.reason, HALT_STEPPED);
		for (size_t r = 0; r < sizeof(frame) / sizeof(frame[0]); r++)
			assert_int_equal(core_register_read(&core,
							    &core_register_table[frame[r]],
							    &value, &why),
					 CAUSE_NONE);
		assert_int_equal(firmware.packets, 2);
	}
	assert_int_equal(fake->steps, 3);
}

/* An IDE that shows all registers at each stop has them with the next ones. */
static void
registers_that_were_asked_for_come_with_the_next_stop(void **state)
{
	(void)state;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	assert_int_equal(core_step(&core, &why), CAUSE_NONE);
	firmware.packets = 0;
	read_core_registers();
	assert_int_equal(firmware.packets, 1);
	assert_int_equal(core_step(&core, &why), CAUSE_NONE);
	read_core_registers();
	assert_int_equal(firmware.packets, 2);
}

static void
arrive(uint32_t pc)
{
	enum core_state state;
	struct halt halt;

	fake_core_arrives(fake, pc);
	assert_int_equal(core_poll(&core, &state, NULL, &why), CAUSE_NONE);
	assert_int_equal(state, CORE_HALTED);
	assert_int_equal(core_halt_why(&core, &halt, &why), CAUSE_NONE);
	assert_int_equal(halt.reason, HALT_BREAKPOINT);
}

/* As gdb does it at each stop. */
static void
a_breakpoint_that_comes_and_goes_is_written_with_the_start(void **state)
{
	const uint32_t at = 0x08000300;

	(void)state;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	firmware.packets = 0;
	assert_int_equal(core_breakpoint_insert(&core, at, true, &why), CAUSE_NONE);
	assert_int_equal(firmware.packets, 0);
	assert_int_equal(core_resume(&core, &why), CAUSE_NONE);
	assert_int_equal(firmware.packets, 1);
	assert_int_equal(fake->fp_comp[0], 0x48000301);
	arrive(at);
	firmware.packets = 0;
	assert_int_equal(core_breakpoint_remove(&core, at, true, &why), CAUSE_NONE);
	assert_int_equal(core_step(&core, &why), CAUSE_NONE);
	assert_int_equal(fake->r[15], at + 2);
	assert_int_equal(fake->fp_comp[0], 0);
	assert_int_equal(core_breakpoint_insert(&core, at, true, &why), CAUSE_NONE);
	assert_int_equal(core_resume(&core, &why), CAUSE_NONE);
	assert_int_equal(fake->fp_comp[0], 0x48000301);
	assert_int_equal(firmware.packets, 2);
}

static void
a_breakpoint_that_was_hit_is_passed_in_two_packets(void **state)
{
	const uint32_t at = 0x08000300;

	(void)state;
	assert_int_equal(core_breakpoint_insert(&core, at, true, &why), CAUSE_NONE);
	arrive(at);
	firmware.packets = 0;
	assert_int_equal(core_resume(&core, &why), CAUSE_NONE);
	assert_int_equal(firmware.packets, 2);
	assert_int_equal(fake->steps, 1);
	assert_int_equal(fake->fp_comp[0], 0x48000301);
	assert_false(fake->is_halted);
}

/* Who looks at the unit sees what was asked for, and a core that a reset lets run meets it. */
static void
a_breakpoint_that_is_put_off_is_seen_in_the_unit(void **state)
{
	uint8_t bytes[4];

	(void)state;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	assert_int_equal(core_breakpoint_insert(&core, 0x08000300, true, &why), CAUSE_NONE);
	assert_int_equal(fake->fp_comp[0], 0);
	assert_int_equal(core_memory_read(&core, 0xe0002008, bytes, sizeof(bytes), &why),
			 CAUSE_NONE);
	assert_int_equal(le32_get(bytes), 0x48000301);
}

static void
arrive_soon(void *context)
{
	fake_core_arrives(context, 0x08000300);
}

/* The look in the batch that lets it run sees why, and the next poll need not ask again. */
static void
a_stop_that_comes_at_once_is_seen_by_the_start(void **state)
{
	enum core_state seen = CORE_RUNNING;
	struct halt halt = { 0 };

	(void)state;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	assert_int_equal(core_breakpoint_insert(&core, 0x08000300, true, &why), CAUSE_NONE);
	fake->when_started = arrive_soon;
	firmware.packets = 0;
	assert_int_equal(core_resume(&core, &why), CAUSE_NONE);
	assert_int_equal(core_poll(&core, &seen, NULL, &why), CAUSE_NONE);
	assert_int_equal(seen, CORE_HALTED);
	assert_int_equal(core_halt_why(&core, &halt, &why), CAUSE_NONE);
	assert_int_equal(halt.reason, HALT_BREAKPOINT);
	assert_int_equal(halt.pc, 0x08000300);
	assert_int_equal(firmware.packets, 1);
}

/* Letting it run has worked when only the look behind it is refused. */
static void
a_look_that_is_refused_is_no_failure_of_the_start(void **state)
{
	enum core_state seen = CORE_HALTED;

	(void)state;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	fake->when_started = arrive_soon;
	fake->refuses_dfsr = true;
	assert_int_equal(core_breakpoint_insert(&core, 0x08000300, true, &why), CAUSE_NONE);
	assert_int_equal(core_resume(&core, &why), CAUSE_NONE);
	fake->refuses_dfsr = false;
	assert_int_equal(core_poll(&core, &seen, NULL, &why), CAUSE_NONE);
	assert_int_equal(seen, CORE_HALTED);
}

static bool
is_ram(const struct core_map *map, uint32_t at)
{
	(void)map;
	return at >= RAM_AT && at < RAM_AT + RAM_SIZE;
}

static bool
is_no_flash(const struct core_map *map, uint32_t at)
{
	(void)map;
	(void)at;
	return false;
}

static const struct reason *
has_no_why(const struct core_map *map, uint32_t at)
{
	(void)map;
	(void)at;
	return NULL;
}

static const struct core_map map = { .is_flash = is_no_flash,
				     .is_ram = is_ram,
				     .needs_clock = is_no_flash,
				     .flash_why = has_no_why };

static uint32_t
glance(uint32_t at)
{
	uint8_t bytes[4] = { 0 };

	assert_int_equal(core_memory_glance(&core, at, bytes, sizeof(bytes), &why),
			 CAUSE_NONE);
	return le32_get(bytes);
}

static void
run_to(uint32_t at)
{
	enum core_state seen;
	struct halt halt;

	assert_int_equal(core_breakpoint_insert(&core, at, true, &why), CAUSE_NONE);
	fake->when_started = arrive_soon;
	assert_int_equal(core_resume(&core, &why), CAUSE_NONE);
	assert_int_equal(core_poll(&core, &seen, NULL, &why), CAUSE_NONE);
	assert_int_equal(core_halt_why(&core, &halt, &why), CAUSE_NONE);
	assert_int_equal(halt.pc, at);
}

/* What a condition looked at is there with the next stop, as it is then; one that was not asked
 * for is read no more, and a write outdates it. */
static void
memory_that_is_glanced_at_comes_with_the_next_stop(void **state)
{
	uint8_t *ram = fake_probe_memory(target, RAM_AT, RAM_SIZE);
	const uint8_t bytes[4] = { 5, 0, 0, 0 };

	(void)state;
	core.map = &map;
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	le32_put(ram + 6, 1);
	assert_int_equal(glance(RAM_AT + 6), 1);
	le32_put(ram + 6, 2);
	run_to(0x08000300);
	firmware.packets = 0;
	assert_int_equal(glance(RAM_AT + 6), 2);
	assert_int_equal(firmware.packets, 0);
	assert_int_equal(core_memory_write(&core, RAM_AT + 6, bytes, 4, &why), CAUSE_NONE);
	assert_int_equal(glance(RAM_AT + 6), 5);
	for (unsigned i = 0; i < 2; i++)
		run_to(0x08000300);
	firmware.packets = 0;
	le32_put(ram + 6, 0x30003); /* zeros may be of a reset: one packet more */
	assert_int_equal(glance(RAM_AT + 6), 0x30003);
	assert_int_equal(firmware.packets, 1);
}

static void
a_glance_that_is_refused_spoils_no_step(void **state)
{
	(void)state;
	core.map = &map;
	fake_probe_memory(target, RAM_AT, 8);
	assert_int_equal(core_halt(&core, &why), CAUSE_NONE);
	glance(RAM_AT + 4);
	core.glances[0].at = RAM_AT + 16; /* where the fake has nothing */
	assert_int_equal(core_step(&core, &why), CAUSE_NONE);
	assert_int_equal(fake->steps, 1);
	assert_int_equal(why.cause, CAUSE_NONE);
	assert_true(core.is_halted);
}

int
main(void)
{
#define V1(test) cmocka_unit_test_setup_teardown(test, open_v1, close_core)
#define V2(test) cmocka_unit_test_setup_teardown(test, open_v2, close_core)
	const struct CMUnitTest tests[] = {
		V2(halt_all_registers_step_and_pc_are_two_packets),
		V1(the_same_is_right_in_small_packets),
		V2(no_register_of_a_core_that_runs_is_touched),
		V2(registers_that_are_slow_are_waited_for),
		V2(a_step_that_falls_asleep_is_ended),
		V1(a_step_and_the_frame_are_two_small_packets),
		V2(registers_that_were_asked_for_come_with_the_next_stop),
		V2(a_breakpoint_that_comes_and_goes_is_written_with_the_start),
		V2(a_breakpoint_that_was_hit_is_passed_in_two_packets),
		V2(a_breakpoint_that_is_put_off_is_seen_in_the_unit),
		V2(a_stop_that_comes_at_once_is_seen_by_the_start),
		V2(a_look_that_is_refused_is_no_failure_of_the_start),
		V1(memory_that_is_glanced_at_comes_with_the_next_stop),
		V2(memory_that_is_glanced_at_comes_with_the_next_stop),
		V1(a_glance_that_is_refused_spoils_no_step),
		V2(a_glance_that_is_refused_spoils_no_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
