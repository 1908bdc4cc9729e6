/* SPDX-License-Identifier: MIT */
/* Breakpoints and watchpoints: DDI 0403E C1.8, C1.11. */
#include "test/emulator/test/cpu_bench.h"

/* ---- breakpoints ---- */

static void
a_breakpoint_stops_before_its_instruction(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, R1, 0);
	reg_set(bench, R2, 0);
	break_at(bench, 0, AT_COUNT_THIRD);  /* the upper or the lower halfword, */
	break_at(bench, 5, AT_COUNT_SECOND); /* whichever is which */
	run_from(bench, AT_COUNT);
	expect_halt(bench, AT_COUNT_SECOND, DFSR_BKPT);
	assert_int_equal(reg_get(bench, R1), 0);
	break_at(bench, 5, 0);
	resume(bench, 100);
	expect_halt(bench, AT_COUNT_THIRD, DFSR_BKPT);
	assert_int_equal(reg_get(bench, R1), 1);
	assert_int_equal(reg_get(bench, R2), 0);
	bench_free(bench);
}

static void
a_breakpoint_that_is_resumed_from_hits_again(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	break_at(bench, 0, AT_COUNT_SECOND);
	run_from(bench, AT_COUNT);
	expect_halt(bench, AT_COUNT_SECOND, DFSR_BKPT);
	resume(bench, 100);
	expect_halt(bench, AT_COUNT_SECOND, DFSR_BKPT);
	step(bench);
	expect_halt(bench, AT_COUNT_SECOND, DFSR_BKPT);
	bench_free(bench);
}

static void
a_breakpoint_inside_an_it_block_stops_there(void **state)
{
	struct bench *bench = bench_new();
	uint64_t before;

	(void)state;
	break_at(bench, 0, AT_IT_MIX_INSIDE);
	before = cpu_instructions(bench->cpu);
	run_from(bench, AT_IT_MIX);
	assert_int_equal(cpu_instructions(bench->cpu) - before, 6);
	expect_halt(bench, AT_IT_MIX_INSIDE, DFSR_BKPT);
	assert_int_equal(reg_get(bench, R1), 0);
	break_at(bench, 0, 0);
	resume(bench, 100);
	expect_halt(bench, AT_IT_MIX_END, DFSR_BKPT);
	assert_int_equal(reg_get(bench, R1), 2);
	bench_free(bench);
}

static void
a_breakpoint_set_or_cleared_while_running_takes_effect(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, PC, AT_COUNT);
	resume(bench, 1000);
	assert_int_equal(cpu_state(bench->cpu), CPU_RUNNING);
	break_at(bench, 3, AT_COUNT_THIRD);
	cpu_run(bench->cpu, 1000);
	expect_halt(bench, AT_COUNT_THIRD, DFSR_BKPT);
	bench_write(bench, FPB_AT, 2); /* KEY without ENABLE */
	resume(bench, 1000);
	assert_int_equal(cpu_state(bench->cpu), CPU_RUNNING);
	bench_free(bench);
}

static void
fp_ctrl_says_what_the_model_has(void **state)
{
	struct cpu_model m7 = { .kind = CPU_CORTEX_M7,
				.fpu = CPU_FPU_DOUBLE,
				.cpuid = 0x411fc271,
				.priority_bits = 4,
				.irqs = 150,
				.fpb_revision = 2,
				.fpb_code = 8,
				.dwt_comparators = 4 };
	struct bench *bench = bench_new();

	(void)state;
	assert_int_equal(bench_read(bench, FPB_AT), 0x260);
	bench_write(bench, FPB_AT, 1); /* no KEY */
	assert_int_equal(bench_read(bench, FPB_AT), 0x260);
	bench_free(bench);
	bench = bench_of(&m7, core_code, sizeof(core_code));
	assert_int_equal(bench_read(bench, FPB_AT), 0x10000080);
	assert_int_equal(scs_get(bench, 0xd00), 0x411fc271);
	bench_free(bench);
}

static void
version_two_comparators_reach_code_in_ram(void **state)
{
	struct cpu_model model = bench_m4;
	struct bench *bench;

	(void)state;
	model.kind = CPU_CORTEX_M7;
	model.fpb_revision = 2;
	model.fpb_code = 8;
	bench = bench_of(&model, core_code, sizeof(core_code));
	memcpy(bench->ram + 0x400, bench->flash + (AT_COUNT - BENCH_FLASH_AT), 8);
	control(bench, C_DEBUGEN | C_HALT);
	cpu_hold(bench->cpu, false);
	scs_set(bench, SCB_DFSR, 0x1f);
	bench_write(bench, FPB_AT, 3);
	bench_write(bench, FPB_AT + 8, 0x20000402 | 1);
	run_from(bench, 0x20000400);
	expect_halt(bench, 0x20000402, DFSR_BKPT);
	bench_free(bench);
}

static void
bkpt_stops_with_pc_on_it_and_stops_again(void **state)
{
	struct bench *bench = bench_new();
	uint64_t before;

	(void)state;
	before = cpu_instructions(bench->cpu);
	run_from(bench, AT_BREAKPOINT);
	expect_halt(bench, AT_BREAKPOINT_AT, DFSR_BKPT);
	assert_int_equal(cpu_instructions(bench->cpu) - before, 1);
	resume(bench, 100);
	expect_halt(bench, AT_BREAKPOINT_AT, DFSR_BKPT);
	step(bench);
	expect_halt(bench, AT_BREAKPOINT_AT, DFSR_BKPT);
	bench_free(bench);
}

static void
bkpt_without_a_debugger_is_a_hard_fault_and_then_lockup(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, PC, AT_BREAKPOINT);
	control(bench, 0);
	cpu_run(bench->cpu, 1000); /* the handler of core.s ends in a BKPT too */
	assert_int_equal(cpu_state(bench->cpu), CPU_LOCKED_UP);
	assert_int_equal(scs_get(bench, SCB_HFSR), 0x80000000); /* DEBUGEVT */
	bench_free(bench);
}

/* ---- watchpoints ---- */

static void
a_write_watchpoint_stops_after_the_store(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	watch(bench, 0x20000200, 2, 6);
	run_from(bench, AT_STORES);
	expect_halt(bench, AT_STORES_AFTER, DFSR_DWTTRAP);
	assert_int_equal(bench_read(bench, DWT_AT + 0x28), 0x01000006);
	assert_int_equal(bench_read(bench, DWT_AT + 0x28), 6);
	reg_set(bench, R1, 41);
	resume(bench, 100); /* the load in the loop does not count */
	expect_halt(bench, AT_STORES_AFTER, DFSR_DWTTRAP);
	assert_int_equal(ram_get(bench, 0x20000200), 42);
	bench_free(bench);
}

static void
a_read_watchpoint_stops_after_the_load(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	watch(bench, 0x20000200, 2, 5);
	run_from(bench, AT_STORES);
	expect_halt(bench, AT_STORES_LOADED, DFSR_DWTTRAP);
	bench_free(bench);
}

static void
a_watchpoint_sees_bytes_within_its_mask_only(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	watch(bench, 0x20000204, 2, 7); /* 0x204 to 0x207: the byte store hits 0x207 */
	run_from(bench, AT_STORES);
	expect_halt(bench, AT_STORES_BYTE_AFTER, DFSR_DWTTRAP);
	watch(bench, 0x20000204, 0, 7); /* the byte 0x204 alone */
	resume(bench, 10000);
	expect_halt(bench, AT_STORES_END, DFSR_BKPT);
	bench_free(bench);
}

static void
a_watchpoint_on_one_byte_sees_a_store_of_the_word_around_it(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	watch(bench, 0x20000202, 0, 6);
	run_from(bench, AT_STORES);
	expect_halt(bench, AT_STORES_AFTER, DFSR_DWTTRAP);
	bench_free(bench);
}

static void
a_watchpoint_needs_trcena(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	watch(bench, 0x20000200, 2, 6);
	scs_set(bench, DEMCR, 0);
	run_from(bench, AT_STORES);
	expect_halt(bench, AT_STORES_END, DFSR_BKPT);
	bench_free(bench);
}

static void
an_instruction_address_watchpoint_stops_after_it(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	watch(bench, AT_COUNT_SECOND, 1, 4);
	run_from(bench, AT_COUNT);
	expect_halt(bench, AT_COUNT_THIRD, DFSR_DWTTRAP);
	bench_free(bench);
}

static void
cyccnt_counts_instructions_while_it_is_on(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, DEMCR, TRCENA);
	bench_write(bench, DWT_AT + 4, 0xfffffff0u);
	resume(bench, 100);
	assert_int_equal(bench_read(bench, DWT_AT + 4), 0xfffffff0u);
	bench_write(bench, DWT_AT, 1);
	cpu_run(bench->cpu, 100);
	assert_int_equal(bench_read(bench, DWT_AT + 4), 100 - 16);
	assert_int_equal(bench_read(bench, DWT_AT + 0x1c), AT_IDLE); /* PCSR */
	halt(bench);
	assert_int_equal(bench_read(bench, DWT_AT + 0x1c), UINT32_MAX);
	bench_free(bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_breakpoint_stops_before_its_instruction),
		cmocka_unit_test(a_breakpoint_that_is_resumed_from_hits_again),
		cmocka_unit_test(a_breakpoint_inside_an_it_block_stops_there),
		cmocka_unit_test(a_breakpoint_set_or_cleared_while_running_takes_effect),
		cmocka_unit_test(fp_ctrl_says_what_the_model_has),
		cmocka_unit_test(version_two_comparators_reach_code_in_ram),
		cmocka_unit_test(bkpt_stops_with_pc_on_it_and_stops_again),
		cmocka_unit_test(bkpt_without_a_debugger_is_a_hard_fault_and_then_lockup),
		cmocka_unit_test(a_write_watchpoint_stops_after_the_store),
		cmocka_unit_test(a_read_watchpoint_stops_after_the_load),
		cmocka_unit_test(a_watchpoint_sees_bytes_within_its_mask_only),
		cmocka_unit_test(
			a_watchpoint_on_one_byte_sees_a_store_of_the_word_around_it),
		cmocka_unit_test(a_watchpoint_needs_trcena),
		cmocka_unit_test(an_instruction_address_watchpoint_stops_after_it),
		cmocka_unit_test(cyccnt_counts_instructions_while_it_is_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
