/* SPDX-License-Identifier: MIT */
/* Halting, stepping, registers and what a reset leaves of them: DDI 0403E C1. */
#include "test/emulator/test/cpu_bench.h"

enum { VC_CORERESET = 1 << 0, VC_HARDERR = 1 << 10 };

/* ---- DHCSR ---- */

static void
dhcsr_without_its_key_is_not_written(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, DHCSR, C_DEBUGEN);
	scs_set(bench, DHCSR, 0xa05e0000u | C_DEBUGEN);
	assert_int_equal(cpu_state(bench->cpu), CPU_HALTED);
	bench_free(bench);
}

static void
c_halt_halts_and_its_absence_resumes(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	resume(bench, 100);
	assert_int_equal(scs_get(bench, DHCSR) & S_HALT, 0);
	halt(bench);
	assert_int_equal(scs_get(bench, DHCSR) & (S_HALT | 0xf),
			 S_HALT | C_DEBUGEN | C_HALT);
	expect_halt(bench, AT_IDLE, DFSR_HALTED);
	assert_int_equal(cpu_run(bench->cpu, 100), 0);
	bench_free(bench);
}

static void
c_halt_without_c_debugen_does_nothing(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	control(bench, 0);
	assert_int_equal(cpu_run(bench->cpu, 10), 10);
	control(bench, C_HALT);
	assert_int_equal(cpu_run(bench->cpu, 10), 10);
	assert_int_equal(scs_get(bench, DHCSR) & (S_HALT | 0xf), 0);
	bench_free(bench);
}

static void
s_retire_st_and_s_reset_st_stick_until_they_are_read(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	assert_int_equal(scs_get(bench, DHCSR) & (S_RETIRE_ST | S_RESET_ST), 0);
	resume(bench, 10);
	halt(bench);
	assert_int_equal(scs_get(bench, DHCSR) & S_RETIRE_ST, S_RETIRE_ST);
	assert_int_equal(scs_get(bench, DHCSR) & S_RETIRE_ST, 0);
	cpu_reset(bench->cpu, false, BENCH_FLASH_AT);
	assert_int_equal(scs_get(bench, DHCSR) & S_RESET_ST, S_RESET_ST);
	assert_int_equal(scs_get(bench, DHCSR) & S_RESET_ST, 0);
	bench_free(bench);
}

static void
s_reset_st_stays_while_the_core_is_held(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	cpu_hold(bench->cpu, true);
	assert_int_equal(scs_get(bench, DHCSR) & S_RESET_ST, S_RESET_ST);
	assert_int_equal(scs_get(bench, DHCSR) & S_RESET_ST, S_RESET_ST);
	cpu_hold(bench->cpu, false);
	assert_int_equal(scs_get(bench, DHCSR) & S_RESET_ST, S_RESET_ST);
	assert_int_equal(scs_get(bench, DHCSR) & S_RESET_ST, 0);
	bench_free(bench);
}

/* ---- registers ---- */

static void
every_register_keeps_what_a_debugger_writes(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	for (uint32_t i = 0; i <= 12; i++)
		reg_set(bench, i, 0x1000 + i);
	for (uint32_t i = 0; i < 32; i++)
		reg_set(bench, S0 + i, 0x3f800000 + i);
	reg_set(bench, LR, 0xabcd);
	reg_set(bench, PC, AT_COUNT);
	reg_set(bench, MSP, 0x20001000);
	reg_set(bench, PSP, 0x20002000);
	reg_set(bench, 33, 0x03000000);
	reg_set(bench, XPSR, 0xf1000000);
	for (uint32_t i = 0; i <= 12; i++)
		assert_int_equal(reg_get(bench, i), 0x1000 + i);
	for (uint32_t i = 0; i < 32; i++)
		assert_int_equal(reg_get(bench, S0 + i), 0x3f800000 + i);
	assert_int_equal(reg_get(bench, SP), 0x20001000);
	assert_int_equal(reg_get(bench, LR), 0xabcd);
	assert_int_equal(reg_get(bench, PC), AT_COUNT);
	assert_int_equal(reg_get(bench, PSP), 0x20002000);
	assert_int_equal(reg_get(bench, 33), 0x03000000);
	assert_int_equal(reg_get(bench, XPSR), 0xf1000000);
	bench_free(bench);
}

static void
special_registers_are_read_and_written_in_unprivileged_thread_mode_too(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, MSP, 0x20001000);
	reg_set(bench, PSP, 0x20002000);
	reg_set(bench, SPECIAL, 0x03005001); /* nPRIV, SPSEL, BASEPRI 0x50, PRIMASK */
	assert_int_equal(reg_get(bench, SPECIAL), 0x03005001);
	assert_int_equal(reg_get(bench, SP), 0x20002000);
	assert_int_equal(reg_get(bench, MSP), 0x20001000);
	reg_set(bench, MSP, 0x20001100);
	reg_set(bench, SPECIAL, 0x00010000); /* FAULTMASK */
	assert_int_equal(reg_get(bench, SPECIAL), 0x00010000);
	assert_int_equal(reg_get(bench, SP), 0x20001100);
	bench_free(bench);
}

static void
a_register_transfer_while_running_never_becomes_ready(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	assert_int_equal(scs_get(bench, DHCSR) & S_REGRDY, S_REGRDY);
	resume(bench, 10);
	scs_set(bench, DCRSR, PC);
	assert_int_equal(scs_get(bench, DHCSR) & S_REGRDY, 0);
	halt(bench);
	scs_set(bench, DCRSR, PC);
	assert_int_equal(scs_get(bench, DHCSR) & S_REGRDY, S_REGRDY);
	bench_free(bench);
}

/* ---- steps ---- */

static void
a_step_is_one_instruction_in_an_it_block_too(void **state)
{
	/* Offsets from it_mix after each step; the skipped ones count as steps. */
	static const uint32_t at[] = { 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 26, 28 };
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, PC, AT_IT_MIX);
	for (unsigned i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		step(bench);
		expect_halt(bench, AT_IT_MIX + at[i], DFSR_HALTED);
	}
	assert_int_equal(reg_get(bench, R1), 2);
	assert_int_equal(reg_get(bench, R2), 0x102);
	step(bench);
	expect_halt(bench, AT_IT_MIX_END, DFSR_BKPT);
	bench_free(bench);
}

static void
resuming_inside_an_it_block_finishes_it_rightly(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	for (int steps = 0; steps < 13; steps++) {
		reg_set(bench, PC, AT_IT_MIX);
		reg_set(bench, XPSR, 0x01000000);
		for (int i = 0; i < steps; i++)
			step(bench);
		resume(bench, 100);
		assert_int_equal(reg_get(bench, PC), AT_IT_MIX_END);
		assert_int_equal(reg_get(bench, R1), 2);
		assert_int_equal(reg_get(bench, R2), 0x102);
	}
	bench_free(bench);
}

static void
pend_irq3(struct bench *bench)
{
	scs_set(bench, NVIC_ISER0, 1u << 3);
	scs_set(bench, NVIC_ISPR0, 1u << 3);
}

static void
a_step_takes_a_pending_interrupt(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, PC, AT_COUNT);
	pend_irq3(bench);
	step(bench);
	assert_int_equal(reg_get(bench, PC), AT_ON_IRQ3);
	assert_int_equal(reg_get(bench, XPSR) & 0x1ff, 19);
	bench_free(bench);
}

static void
c_maskints_keeps_interrupts_out_of_a_step(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, PC, AT_COUNT);
	pend_irq3(bench);
	control(bench, C_DEBUGEN | C_HALT | C_MASKINTS);
	control(bench, C_DEBUGEN | C_STEP | C_MASKINTS);
	cpu_run(bench->cpu, 10);
	assert_int_equal(reg_get(bench, PC), AT_COUNT_SECOND);
	step(bench);
	assert_int_equal(reg_get(bench, PC), AT_ON_IRQ3);
	bench_free(bench);
}

/* ---- vector catch and reset ---- */

static void
vc_corereset_stops_before_the_first_instruction(void **state)
{
	struct bench *bench = bench_new();
	uint64_t before;

	(void)state;
	scs_set(bench, DEMCR, VC_CORERESET);
	resume(bench, 100);
	before = cpu_instructions(bench->cpu);
	cpu_reset(bench->cpu, false, BENCH_FLASH_AT);
	expect_halt(bench, AT_IDLE, DFSR_VCATCH);
	assert_int_equal(cpu_instructions(bench->cpu), before);
	assert_int_equal(reg_get(bench, SP), 0x20008000);
	bench_free(bench);
}

static void
vc_corereset_without_c_debugen_does_not_stop(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, DEMCR, VC_CORERESET);
	control(bench, 0);
	cpu_reset(bench->cpu, false, BENCH_FLASH_AT);
	assert_int_equal(cpu_state(bench->cpu), CPU_RUNNING);
	bench_free(bench);
}

static void
vc_harderr_stops_at_the_handler(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, DEMCR, VC_HARDERR);
	run_from(bench, AT_UNDEFINED);
	expect_halt(bench, AT_FAULT, DFSR_VCATCH);
	assert_int_equal(reg_get(bench, XPSR) & 0x1ff, 3);
	assert_int_equal(ram_get(bench, reg_get(bench, SP) + 24), AT_UNDEFINED);
	bench_free(bench);
}

static void
a_system_reset_keeps_the_debug_registers(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	break_at(bench, 2, AT_COUNT);
	watch(bench, 0x20000200, 2, 6);
	scs_set(bench, DEMCR, TRCENA | VC_HARDERR);
	scs_set(bench, SCB_VTOR, 0x20000000);
	scs_set(bench, NVIC_ISER0, 0xff);
	scs_set(bench, SYST_CSR, 7);
	cpu_reset(bench->cpu, false, BENCH_FLASH_AT);
	expect_halt(bench, AT_IDLE, DFSR_HALTED); /* C_HALT survives */
	assert_int_equal(bench_read(bench, FPB_AT) & 1, 1);
	assert_int_equal(bench_read(bench, FPB_AT + 16), comp_v1(AT_COUNT));
	assert_int_equal(bench_read(bench, DWT_AT + 0x20), 0x20000200);
	assert_int_equal(bench_read(bench, DWT_AT + 0x28), 6);
	assert_int_equal(scs_get(bench, DEMCR), TRCENA | VC_HARDERR);
	assert_int_equal(scs_get(bench, SCB_VTOR), BENCH_FLASH_AT);
	assert_int_equal(scs_get(bench, NVIC_ISER0), 0);
	assert_int_equal(scs_get(bench, SYST_CSR) & 7, 0);
	assert_int_equal(scs_get(bench, SCB_CPACR), 0);
	bench_free(bench);
}

static void
a_power_on_reset_clears_them(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	break_at(bench, 2, AT_COUNT);
	watch(bench, 0x20000200, 2, 6);
	cpu_reset(bench->cpu, true, BENCH_FLASH_AT);
	assert_int_equal(cpu_state(bench->cpu), CPU_RUNNING);
	assert_int_equal(scs_get(bench, DHCSR) & 0xf, 0);
	assert_int_equal(bench_read(bench, FPB_AT) & 1, 0);
	assert_int_equal(bench_read(bench, FPB_AT + 16), 0);
	assert_int_equal(bench_read(bench, DWT_AT + 0x28), 0);
	assert_int_equal(scs_get(bench, DEMCR), 0);
	bench_free(bench);
}

static void
c_halt_set_while_held_stops_at_the_reset_vector(void **state)
{
	struct bench *bench = bench_new();
	uint64_t before;

	(void)state;
	resume(bench, 100);
	before = cpu_instructions(bench->cpu);
	cpu_hold(bench->cpu, true);
	assert_int_equal(cpu_state(bench->cpu), CPU_IN_RESET);
	halt(bench);
	assert_int_equal(scs_get(bench, DHCSR) & S_HALT, 0);
	assert_int_equal(cpu_run(bench->cpu, 100), 0);
	cpu_hold(bench->cpu, false);
	expect_halt(bench, AT_IDLE, DFSR_HALTED);
	assert_int_equal(cpu_instructions(bench->cpu), before);
	bench_free(bench);
}

static void
a_halt_wakes_a_sleeping_core(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, PC, AT_WAIT_INTERRUPT);
	resume(bench, 1000);
	assert_int_equal(cpu_state(bench->cpu), CPU_SLEEPING);
	assert_int_equal(scs_get(bench, DHCSR) & S_SLEEP, S_SLEEP);
	halt(bench);
	assert_int_equal(scs_get(bench, DHCSR) & (S_HALT | S_SLEEP), S_HALT);
	expect_halt(bench, AT_WAIT_INTERRUPT_AFTER, DFSR_HALTED);
	bench_free(bench);
}

static void
an_unknown_address_of_the_core_reads_zero_and_others_are_not_its(void **state)
{
	struct bench *bench = bench_new();
	uint32_t value;

	(void)state;
	assert_int_equal(scs_get(bench, 0xdec), 0);
	assert_false(cpu_debug_read(bench->cpu, 0xe00ff000u, &value));
	assert_false(cpu_debug_write(bench->cpu, BENCH_DEVICE_AT, 1));
	assert_int_equal(bench_read(bench, SCS_AT + 0xfe0), 0x0c); /* PIDR0 of M4's SCS */
	assert_int_equal(bench_read(bench, SCS_AT + 0xffc), 0xb1);
	bench_free(bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dhcsr_without_its_key_is_not_written),
		cmocka_unit_test(c_halt_halts_and_its_absence_resumes),
		cmocka_unit_test(c_halt_without_c_debugen_does_nothing),
		cmocka_unit_test(s_retire_st_and_s_reset_st_stick_until_they_are_read),
		cmocka_unit_test(s_reset_st_stays_while_the_core_is_held),
		cmocka_unit_test(every_register_keeps_what_a_debugger_writes),
		cmocka_unit_test(
			special_registers_are_read_and_written_in_unprivileged_thread_mode_too),
		cmocka_unit_test(a_register_transfer_while_running_never_becomes_ready),
		cmocka_unit_test(a_step_is_one_instruction_in_an_it_block_too),
		cmocka_unit_test(resuming_inside_an_it_block_finishes_it_rightly),
		cmocka_unit_test(a_step_takes_a_pending_interrupt),
		cmocka_unit_test(c_maskints_keeps_interrupts_out_of_a_step),
		cmocka_unit_test(vc_corereset_stops_before_the_first_instruction),
		cmocka_unit_test(vc_corereset_without_c_debugen_does_not_stop),
		cmocka_unit_test(vc_harderr_stops_at_the_handler),
		cmocka_unit_test(a_system_reset_keeps_the_debug_registers),
		cmocka_unit_test(a_power_on_reset_clears_them),
		cmocka_unit_test(c_halt_set_while_held_stops_at_the_reset_vector),
		cmocka_unit_test(a_halt_wakes_a_sleeping_core),
		cmocka_unit_test(
			an_unknown_address_of_the_core_reads_zero_and_others_are_not_its),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
