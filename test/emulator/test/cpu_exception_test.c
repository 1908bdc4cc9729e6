/* SPDX-License-Identifier: MIT */
/* Interrupts, the FPU frame, unprivileged code, sleep: DDI 0403E B1.5. */
#include "test/emulator/test/cpu_bench.h"

/* ---- interrupts ---- */

static void
expect_log(struct bench *bench, const uint32_t *expected, uint32_t len)
{
	assert_int_equal(ram_get(bench, BENCH_LOG_AT), len);
	for (uint32_t i = 0; i < len; i++)
		assert_int_equal(ram_get(bench, BENCH_LOG_AT + 4 + 4 * i), expected[i]);
}

static void
interrupts_nest_by_priority_and_chain_by_number(void **state)
{
	static const uint32_t expected[] = { 16, 17, 160, 14 };
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, NVIC_IPR0, 0x00004080); /* IRQ0 at 0x80, IRQ1 at 0x40 */
	scs_set(bench, SCB_SHPR3, 0x00f00000); /* PendSV at 0xf0 */
	scs_set(bench, NVIC_ISER0, 3);
	scs_set(bench, NVIC_ISPR0, 1);
	reg_set(bench, PC, AT_IDLE);
	resume(bench, 1000);
	expect_log(bench, expected, 4);
	assert_int_equal(cpu_pc(bench->cpu), AT_IDLE);
	bench_free(bench);
}

static void
an_interrupt_of_lower_priority_waits_for_the_handler(void **state)
{
	static const uint32_t expected[] = { 16, 160, 17, 14 };
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, NVIC_IPR0, 0x00008040);
	scs_set(bench, SCB_SHPR3, 0x00f00000);
	scs_set(bench, NVIC_ISER0, 3);
	scs_set(bench, NVIC_ISPR0, 1);
	resume(bench, 1000);
	expect_log(bench, expected, 4);
	bench_free(bench);
}

static void
prigroup_turns_preemption_off(void **state)
{
	static const uint32_t expected[] = { 16, 160, 17, 14 };
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, SCB_AIRCR, 0x05fa0700); /* all bits are subpriority */
	scs_set(bench, NVIC_IPR0, 0x00004080);
	scs_set(bench, SCB_SHPR3, 0x00f00000);
	scs_set(bench, NVIC_ISER0, 3);
	scs_set(bench, NVIC_ISPR0, 1);
	resume(bench, 1000);
	expect_log(bench, expected, 4);
	bench_free(bench);
}

static void
priority_bytes_keep_only_the_implemented_bits(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, NVIC_IPR0, 0xffffffff);
	assert_int_equal(scs_get(bench, NVIC_IPR0), 0xf0f0f0f0);
	scs_set(bench, NVIC_ISER0 + 12, 0xffffffff);
	assert_int_equal(scs_get(bench, NVIC_ISER0 + 12), 0x3f); /* 102 lines */
	bench_free(bench);
}

static void
a_masked_interrupt_comes_right_after_the_mask_is_gone(void **state)
{
	static const uint32_t expected[] = { 17 };
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, NVIC_ISER0, 2);
	run_from(bench, AT_MASKED);
	expect_log(bench, expected, 1);
	assert_int_equal(reg_get(bench, R4), 0); /* read before CPSIE */
	assert_int_equal(reg_get(bench, R5), 1); /* read right after it */
	bench_free(bench);
}

/* B1.4.3: BASEPRI holds back its own priority and those below; 0 none. SPECIAL has it in
 * bits 15:8. IRQ 0 has priority 0x80, IRQ 1 has 0x40. */
static void
basepri_holds_back_its_priority_and_lower_ones(void **state)
{
	static const struct {
		uint32_t basepri, pending;
	} cases[] = { { 0x90, 0 }, { 0x80, 1 }, { 0x50, 1 }, { 0x40, 3 }, { 0, 0 } };

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench *bench = bench_new();

		scs_set(bench, NVIC_IPR0, 0x00004080);
		scs_set(bench, NVIC_ISER0, 3);
		reg_set(bench, SPECIAL, cases[i].basepri << 8);
		scs_set(bench, NVIC_ISPR0, 3);
		resume(bench, 1000);
		assert_int_equal(scs_get(bench, NVIC_ISPR0), cases[i].pending);
		bench_free(bench);
	}
}

static void
nmi_is_taken_whatever_is_masked(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, SPECIAL, 0x00010001); /* FAULTMASK, PRIMASK */
	resume(bench, 10);
	cpu_nmi(bench->cpu);
	cpu_run(bench->cpu, 100);
	assert_int_equal(cpu_state(bench->cpu), CPU_HALTED);
	assert_int_equal(reg_get(bench, R0), 2);
	bench_free(bench);
}

static void
a_line_that_stays_high_interrupts_again(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, NVIC_ISER0, 2);
	resume(bench, 100);
	cpu_irq(bench->cpu, 1, true);
	cpu_run(bench->cpu, 100);
	assert_true(ram_get(bench, BENCH_LOG_AT) > 3);
	cpu_irq(bench->cpu, 1, false);
	cpu_run(bench->cpu, 100);
	halt(bench);
	scs_set(bench, NVIC_ISPR0, 0);
	assert_int_equal(cpu_pc(bench->cpu), AT_IDLE);
	bench_free(bench);
}

static void
systick_ticks_every_reload_plus_one_cycles(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, SYST_RVR, 99);
	scs_set(bench, SYST_CVR, 0);
	scs_set(bench, SYST_CSR, 7);
	control(bench, C_DEBUGEN);
	assert_int_equal(cpu_next_event(bench->cpu), 100);
	cpu_run(bench->cpu, 10050);
	assert_int_equal(ram_get(bench, BENCH_COUNTER_AT), 100);
	assert_int_equal(cpu_next_event(bench->cpu), 50);
	assert_int_equal(scs_get(bench, SYST_CVR), 50);
	bench_free(bench);
}

/* ---- thread mode, FPU ---- */

static void
unprivileged_code_on_psp_makes_calls_but_sees_no_scs(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	run_from(bench, AT_UNPRIVILEGED);
	assert_int_equal(reg_get(bench, PC), AT_UNPRIVILEGED_END);
	assert_int_equal(reg_get(bench, R4), 1);
	assert_int_equal(reg_get(bench, R5), 3);
	assert_int_equal(reg_get(bench, R6), 0x20006000);
	assert_int_equal(reg_get(bench, MSP), 0x20008000);
	run_from(bench, AT_UNPRIVILEGED_SCS);
	assert_int_equal(reg_get(bench, R0), BUSFAULT);
	assert_int_equal(reg_get(bench, LR), 0xfffffffd); /* to thread mode on PSP */
	assert_int_equal(reg_get(bench, SPECIAL) >> 24, 1);
	bench_free(bench);
}

/* IRQ2 of core.s, stopped at its first FPU instruction, after code that used the FPU. */
static struct bench *
bench_in_fp_handler(uint32_t fpccr)
{
	struct bench *bench = bench_new();

	scs_set(bench, FPCCR, fpccr);
	reg_set(bench, PC, AT_FP_CONTEXT);
	resume(bench, 100);
	halt(bench);
	assert_int_equal(reg_get(bench, SPECIAL) >> 24, 4); /* FPCA */
	scs_set(bench, NVIC_ISER0, 4);
	scs_set(bench, NVIC_ISPR0, 4);
	bench_write(bench, FPB_AT, 3);
	bench_write(bench, FPB_AT + 8, 0x40000000 | (AT_IRQ2_FP & ~3u) | 1);
	bench_write(bench, FPB_AT + 12, 0x40000000 | (AT_IRQ2_END & ~3u) | 1);
	resume(bench, 100);
	assert_int_equal(reg_get(bench, PC), AT_IRQ2_FP);
	return bench;
}

static void
the_fp_frame_is_reserved_and_filled_when_the_handler_uses_the_fpu(void **state)
{
	struct bench *bench = bench_in_fp_handler(0xc0000000);
	uint32_t sp = reg_get(bench, SP);

	(void)state;
	assert_int_equal(reg_get(bench, LR), 0xffffffe9);
	assert_int_equal(sp, 0x20008000 - 0x68);
	assert_int_equal(reg_get(bench, SPECIAL) >> 24, 0);
	assert_int_equal(scs_get(bench, FPCCR) & 1, 1); /* LSPACT */
	assert_int_equal(scs_get(bench, FPCAR), sp + 0x20);
	assert_int_equal(ram_get(bench, sp + 0x20), 0); /* not stored yet */
	bench_write(bench, FPB_AT + 8, 0);
	resume(bench, 100);
	assert_int_equal(reg_get(bench, PC), AT_IRQ2_END);
	assert_int_equal(scs_get(bench, FPCCR) & 1, 0);
	assert_int_equal(ram_get(bench, sp + 0x20), 0x40400000); /* 3.0 */
	assert_int_equal(ram_get(bench, sp + 0x20 + 60), 0x3f000000);
	assert_int_equal(reg_get(bench, S0), 0x3f800000);
	bench_write(bench, FPB_AT + 12, 0);
	resume(bench, 100);
	halt(bench);
	assert_int_equal(reg_get(bench, PC), AT_FP_CONTEXT_LOOP);
	assert_int_equal(reg_get(bench, S0), 0x40400000);
	assert_int_equal(reg_get(bench, S0 + 15), 0x3f000000);
	assert_int_equal(reg_get(bench, S0 + 16), 0x40800000);
	assert_int_equal(reg_get(bench, SPECIAL) >> 24, 4);
	bench_free(bench);
}

static void
without_lspen_the_fp_frame_is_filled_at_once(void **state)
{
	struct bench *bench = bench_in_fp_handler(0x80000000);

	(void)state;
	assert_int_equal(scs_get(bench, FPCCR) & 1, 0);
	assert_int_equal(ram_get(bench, reg_get(bench, SP) + 0x20), 0x40400000);
	bench_free(bench);
}

/* ---- sleep ---- */

static void
wfi_sleeps_until_an_interrupt_even_a_masked_one(void **state)
{
	struct bench *bench = bench_new();
	uint64_t instructions;

	(void)state;
	scs_set(bench, NVIC_ISER0, 2);
	reg_set(bench, R0, 0);
	reg_set(bench, SPECIAL, 1); /* PRIMASK */
	reg_set(bench, PC, AT_WAIT_INTERRUPT);
	resume(bench, 1000);
	assert_int_equal(cpu_state(bench->cpu), CPU_SLEEPING);
	assert_false(cpu_is_deep_asleep(bench->cpu));
	instructions = cpu_instructions(bench->cpu);
	assert_int_equal(cpu_run(bench->cpu, 5000), 5000);
	assert_int_equal(cpu_instructions(bench->cpu), instructions);
	cpu_irq(bench->cpu, 1, true);
	cpu_run(bench->cpu, 100);
	assert_int_equal(cpu_state(bench->cpu), CPU_HALTED); /* the BKPT after WFI */
	assert_int_equal(reg_get(bench, R0), 1);
	assert_int_equal(ram_get(bench, BENCH_LOG_AT), 0); /* not taken */
	bench_free(bench);
}

static void
wfi_with_sleepdeep_is_a_deep_sleep(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, 0xd10, 4);
	reg_set(bench, PC, AT_WAIT_INTERRUPT);
	resume(bench, 10);
	assert_true(cpu_is_deep_asleep(bench->cpu));
	bench_free(bench);
}

static void
systick_wakes_a_sleeping_core_in_time(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, SYST_RVR, 999);
	scs_set(bench, SYST_CVR, 0);
	scs_set(bench, SYST_CSR, 7);
	reg_set(bench, PC, AT_WAIT_INTERRUPT);
	control(bench, C_DEBUGEN);
	assert_int_equal(cpu_run(bench->cpu, 100000), 1000 + 5 + 1);
	assert_int_equal(cpu_state(bench->cpu), CPU_HALTED);
	assert_int_equal(ram_get(bench, BENCH_COUNTER_AT), 1);
	bench_free(bench);
}

static void
wfe_sleeps_until_an_event(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, PC, AT_WAIT_EVENT);
	resume(bench, 1000);
	assert_int_equal(cpu_state(bench->cpu), CPU_SLEEPING);
	assert_int_equal(cpu_pc(bench->cpu), AT_WAIT_EVENT_AFTER);
	cpu_event(bench->cpu);
	cpu_run(bench->cpu, 100);
	assert_int_equal(cpu_state(bench->cpu), CPU_HALTED);
	bench_free(bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupts_nest_by_priority_and_chain_by_number),
		cmocka_unit_test(an_interrupt_of_lower_priority_waits_for_the_handler),
		cmocka_unit_test(prigroup_turns_preemption_off),
		cmocka_unit_test(priority_bytes_keep_only_the_implemented_bits),
		cmocka_unit_test(a_masked_interrupt_comes_right_after_the_mask_is_gone),
		cmocka_unit_test(basepri_holds_back_its_priority_and_lower_ones),
		cmocka_unit_test(nmi_is_taken_whatever_is_masked),
		cmocka_unit_test(a_line_that_stays_high_interrupts_again),
		cmocka_unit_test(systick_ticks_every_reload_plus_one_cycles),
		cmocka_unit_test(unprivileged_code_on_psp_makes_calls_but_sees_no_scs),
		cmocka_unit_test(
			the_fp_frame_is_reserved_and_filled_when_the_handler_uses_the_fpu),
		cmocka_unit_test(without_lspen_the_fp_frame_is_filled_at_once),
		cmocka_unit_test(wfi_sleeps_until_an_interrupt_even_a_masked_one),
		cmocka_unit_test(wfi_with_sleepdeep_is_a_deep_sleep),
		cmocka_unit_test(systick_wakes_a_sleeping_core_in_time),
		cmocka_unit_test(wfe_sleeps_until_an_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
