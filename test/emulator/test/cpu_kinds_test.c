/* SPDX-License-Identifier: MIT */
/* What differs between the cores of the boards, and what does not. */
#include "test/emulator/test/cpu_bench.h"

#define CFSR_UNDEFINSTR 0x00010000u

struct kind_case {
	const char *name;
	struct cpu_model model;
	uint32_t exc_return, lockup_pc, fp_ctrl, dwt_ctrl;
	uint32_t scs_pidr0;
};

static const struct kind_case kinds[] = {
	{ "Cortex-M3",
	  { CPU_CORTEX_M3, CPU_FPU_NONE, 0x411fc231, 4, 43, 1, 6, 2, 4 },
	  0xfffffff9,
	  0xfffffffe,
	  0x260,
	  0x40000000,
	  0x00 },
	{ "Cortex-M4",
	  { CPU_CORTEX_M4, CPU_FPU_SINGLE, 0x410fc241, 4, 102, 1, 6, 2, 4 },
	  0xfffffff9,
	  0xfffffffe,
	  0x260,
	  0x40000000,
	  0x0c },
	{ "Cortex-M7",
	  { CPU_CORTEX_M7, CPU_FPU_DOUBLE, 0x411fc271, 4, 150, 2, 8, 0, 4 },
	  0xfffffff9,
	  0xfffffffe,
	  0x10000080,
	  0x40000000,
	  0x0c },
	{ "Cortex-M33",
	  { CPU_CORTEX_M33, CPU_FPU_SINGLE, 0x410fd214, 4, 125, 2, 8, 0, 4 },
	  0xffffffb8,
	  0xeffffffe,
	  0x10000080,
	  0x40000000,
	  0x21 },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static struct bench *
bench_of_kind(const struct kind_case *kind)
{
	struct bench *bench = bench_of(&kind->model, core_code, sizeof(core_code));

	print_message("%s\n", kind->name);
	control(bench, C_DEBUGEN | C_HALT);
	cpu_hold(bench->cpu, false);
	scs_set(bench, SCB_DFSR, 0x1f);
	return bench;
}

static void
every_kind_nests_interrupts(void **state)
{
	static const uint32_t expected[] = { 4, 16, 17, 160, 14 };

	(void)state;
	for (int i = 0; i < KINDS; i++) {
		struct bench *bench = bench_of_kind(&kinds[i]);

		scs_set(bench, NVIC_IPR0, 0x00004080);
		scs_set(bench, SCB_SHPR3, 0x00f00000);
		scs_set(bench, NVIC_ISER0, 3);
		scs_set(bench, NVIC_ISPR0, 1);
		resume(bench, 1000);
		assert_int_equal(cpu_pc(bench->cpu), AT_IDLE);
		assert_memory_equal(bench->ram + (BENCH_LOG_AT - BENCH_RAM_AT), expected,
				    sizeof(expected));
		bench_free(bench);
	}
}

static void
every_kind_steps_through_interrupts_as_it_runs_them(void **state)
{
	(void)state;
	for (int i = 0; i < KINDS; i++) {
		struct bench *bench = bench_of_kind(&kinds[i]);

		scs_set(bench, NVIC_ISER0, 3);
		scs_set(bench, NVIC_ISPR0, 1);
		reg_set(bench, PC, AT_IT_MIX);
		for (int steps = 0; !(scs_get(bench, SCB_DFSR) & DFSR_BKPT); steps++) {
			assert_true(steps < 200);
			step(bench);
		}
		assert_int_equal(reg_get(bench, PC), AT_IT_MIX_END);
		assert_int_equal(reg_get(bench, R2), 0x102);
		assert_int_equal(ram_get(bench, BENCH_LOG_AT), 4);
		bench_free(bench);
	}
}

static void
every_kind_has_its_exc_return(void **state)
{
	(void)state;
	for (int i = 0; i < KINDS; i++) {
		struct bench *bench = bench_of_kind(&kinds[i]);

		scs_set(bench, SCB_SHCSR, 0x00070000);
		run_from(bench, AT_UNDEFINED);
		assert_int_equal(reg_get(bench, R1), CFSR_UNDEFINSTR);
		assert_int_equal(reg_get(bench, LR), kinds[i].exc_return);
		bench_free(bench);
	}
}

static void
every_kind_makes_calls_from_unprivileged_code_on_psp(void **state)
{
	(void)state;
	for (int i = 0; i < KINDS; i++) {
		struct bench *bench = bench_of_kind(&kinds[i]);

		run_from(bench, AT_UNPRIVILEGED);
		assert_int_equal(reg_get(bench, PC), AT_UNPRIVILEGED_END);
		assert_int_equal(reg_get(bench, R4), 1);
		assert_int_equal(reg_get(bench, R5), 3);
		assert_int_equal(reg_get(bench, R6), 0x20006000);
		bench_free(bench);
	}
}

static void
every_kind_locks_up_at_its_address(void **state)
{
	(void)state;
	for (int i = 0; i < KINDS; i++) {
		struct bench *bench = bench_of_kind(&kinds[i]);

		scs_set(bench, SCB_VTOR, AT_BAD_VECTORS);
		reg_set(bench, PC, AT_UNDEFINED);
		resume(bench, 1000);
		assert_int_equal(cpu_state(bench->cpu), CPU_LOCKED_UP);
		assert_int_equal(cpu_pc(bench->cpu), kinds[i].lockup_pc);
		bench_free(bench);
	}
}

static void
every_kind_says_what_debug_units_it_has(void **state)
{
	(void)state;
	for (int i = 0; i < KINDS; i++) {
		struct bench *bench = bench_of_kind(&kinds[i]);

		assert_int_equal(scs_get(bench, 0xd00), kinds[i].model.cpuid);
		assert_int_equal(bench_read(bench, FPB_AT), kinds[i].fp_ctrl);
		assert_int_equal(bench_read(bench, DWT_AT), kinds[i].dwt_ctrl);
		assert_int_equal(scs_get(bench, 0xfe0), kinds[i].scs_pidr0);
		bench_free(bench);
	}
}

/* DWT_FUNCTION of v8-M: MATCH 5 (write), ACTION 1 (debug event), DATAVSIZE 2 (a word). */
static void
a_v8m_watchpoint_stops_after_the_store(void **state)
{
	struct bench *bench = bench_of_kind(&kinds[KINDS - 1]);

	(void)state;
	scs_set(bench, DEMCR, TRCENA);
	bench_write(bench, DWT_AT + 0x20, 0x20000200);
	bench_write(bench, DWT_AT + 0x28, 0x815);
	run_from(bench, AT_STORES);
	assert_int_equal(reg_get(bench, PC), AT_STORES_AFTER);
	assert_int_equal(scs_get(bench, SCB_DFSR), DFSR_DWTTRAP);
	assert_int_equal(bench_read(bench, DWT_AT + 0x28), 0x59000815);
	bench_free(bench);
}

/* Comparator 1 as the limit (MATCH 7) of comparator 0. */
static void
a_v8m_watchpoint_can_span_a_range(void **state)
{
	struct bench *bench = bench_of_kind(&kinds[KINDS - 1]);

	(void)state;
	scs_set(bench, DEMCR, TRCENA);
	bench_write(bench, DWT_AT + 0x20, 0x20000204);
	bench_write(bench, DWT_AT + 0x28, 0x014);
	bench_write(bench, DWT_AT + 0x30, 0x20000207);
	bench_write(bench, DWT_AT + 0x38, 0x007);
	run_from(bench, AT_STORES);
	assert_int_equal(reg_get(bench, PC), AT_STORES_BYTE_AFTER);
	bench_free(bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_nests_interrupts),
		cmocka_unit_test(every_kind_steps_through_interrupts_as_it_runs_them),
		cmocka_unit_test(every_kind_has_its_exc_return),
		cmocka_unit_test(every_kind_makes_calls_from_unprivileged_code_on_psp),
		cmocka_unit_test(every_kind_locks_up_at_its_address),
		cmocka_unit_test(every_kind_says_what_debug_units_it_has),
		cmocka_unit_test(a_v8m_watchpoint_stops_after_the_store),
		cmocka_unit_test(a_v8m_watchpoint_can_span_a_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
