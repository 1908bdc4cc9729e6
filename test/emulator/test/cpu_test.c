/* SPDX-License-Identifier: MIT */
/* The core runs code, and it makes no difference how its time is sliced. */
#include <time.h>

#include "test/emulator/test/code/mixed.h"
#include "test/emulator/test/cpu_bench.h"

struct outcome {
	uint64_t instructions;
	uint8_t ram[BENCH_SIZE];
};

static struct bench *
mixed_bench(void)
{
	struct bench *bench = bench_of(&bench_m4, mixed_code, sizeof(mixed_code));

	control(bench, C_DEBUGEN | C_HALT);
	cpu_hold(bench->cpu, false);
	return bench;
}

static struct outcome *
outcome_of(struct bench *bench)
{
	struct outcome *outcome = calloc(1, sizeof(*outcome));

	assert_non_null(outcome);
	assert_int_equal(scs_get(bench, SCB_DFSR) & DFSR_BKPT, DFSR_BKPT);
	outcome->instructions = cpu_instructions(bench->cpu);
	memcpy(outcome->ram, bench->ram, BENCH_SIZE);
	bench_free(bench);
	return outcome;
}

static struct outcome *
run_in_slices(uint64_t cycles)
{
	struct bench *bench = mixed_bench();

	control(bench, C_DEBUGEN);
	while (cpu_state(bench->cpu) == CPU_RUNNING)
		cpu_run(bench->cpu, cycles);
	return outcome_of(bench);
}

static struct outcome *
run_by_steps(void)
{
	struct bench *bench = mixed_bench();

	while (!(scs_get(bench, SCB_DFSR) & DFSR_BKPT))
		step(bench);
	return outcome_of(bench);
}

static void
assert_same(struct outcome *outcome, const struct outcome *reference)
{
	assert_int_equal(outcome->instructions, reference->instructions);
	assert_memory_equal(outcome->ram, reference->ram, BENCH_SIZE);
	free(outcome);
}

static void
slices_of_any_size_give_the_same_result(void **state)
{
	static const uint64_t slices[] = { 1, 2, 3, 7, 97, 1000, 4096 };
	struct outcome *reference = run_in_slices(1000000);
	uint32_t ticks;

	(void)state;
	memcpy(&ticks, reference->ram + 12, 4);
	assert_true(ticks > 500); /* it was interrupted a lot */
	for (unsigned i = 0; i < sizeof(slices) / sizeof(slices[0]); i++)
		assert_same(run_in_slices(slices[i]), reference);
	free(reference);
}

static void
single_steps_give_the_same_result(void **state)
{
	struct outcome *reference = run_in_slices(1000000);

	(void)state;
	assert_same(run_by_steps(), reference);
	free(reference);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* One thing a debugger might do, and what it did before is undone. */
static void
disturb(struct bench *bench, uint32_t *seed)
{
	uint32_t at = BENCH_FLASH_AT + 0x44 + next_random(seed) % 0x260 / 2 * 2;
	uint32_t comparator = FPB_AT + 8 + 4 * (next_random(seed) % 6);

	halt(bench);
	bench_write(bench, FPB_AT, 2 | (next_random(seed) & 1));
	bench_write(bench, comparator,
		    (at & 2 ? 0x80000000u : 0x40000000u) | (at & ~3u) | 1);
	scs_set(bench, DEMCR, TRCENA);
	bench_write(bench, DWT_AT + 0x20, 0x20000000 + next_random(seed) % 0x60);
	bench_write(bench, DWT_AT + 0x28, next_random(seed) % 8 == 0 ? 7 : 0);
	for (uint32_t steps = next_random(seed) % 4; steps; steps--) {
		bench_write(bench, FPB_AT, 2);
		step(bench);
	}
}

static void
a_debugger_that_stops_and_watches_it_does_not_change_the_result(void **state)
{
	struct outcome *reference = run_in_slices(1000000);
	struct bench *bench = mixed_bench();
	uint32_t seed = 1, dfsr = 0;
	unsigned halts = 0;

	(void)state;
	while (!(dfsr & DFSR_BKPT &&
		 memcmp(bench->flash + (cpu_pc(bench->cpu) - BENCH_FLASH_AT), "\x02\xbe",
			2) == 0)) {
		scs_set(bench, SCB_DFSR, 0x1f);
		disturb(bench, &seed);
		resume(bench, next_random(&seed) % 200);
		halts += cpu_state(bench->cpu) == CPU_HALTED;
		if (cpu_state(bench->cpu) == CPU_HALTED) /* get past a breakpoint there */
			bench_write(bench, FPB_AT, 2);
		step(bench);
		dfsr = scs_get(bench, SCB_DFSR);
	}
	assert_true(halts > 50);
	assert_same(outcome_of(bench), reference);
	free(reference);
}

static void
the_program_computes_what_the_host_computes(void **state)
{
	struct outcome *outcome = run_in_slices(1000);
	uint32_t result[2], a = 1, b = 2, c = 3;

	(void)state;
	for (uint32_t i = 0; i < 4000; i++) {
		a = i & 1 ? a + b : a ^ 0x55;
		b = a > c ? b + 3 : b - 1;
		c = b & 4 ? c + a / (i | 1) : c * 3;
	}
	memcpy(result, outcome->ram, sizeof(result));
	assert_int_equal(result[0], 2 * 9 + 3); /* Ackermann's function of 2 and 9 */
	assert_int_equal(result[1], a ^ b ^ c);
	free(outcome);
}

static void
a_run_takes_just_the_cycles_it_is_given(void **state)
{
	struct bench *bench = bench_new();
	uint64_t before = cpu_instructions(bench->cpu);

	(void)state;
	reg_set(bench, PC, AT_COUNT);
	control(bench, C_DEBUGEN);
	assert_int_equal(cpu_run(bench->cpu, 4001), 4001);
	assert_int_equal(cpu_instructions(bench->cpu) - before, 4001);
	assert_int_equal(cpu_pc(bench->cpu), AT_COUNT_SECOND);
	bench_free(bench);
}

static void
a_core_in_reset_runs_nothing_and_says_so(void **state)
{
	struct bench *bench = bench_of(&bench_m4, core_code, sizeof(core_code));

	(void)state;
	assert_int_equal(cpu_state(bench->cpu), CPU_IN_RESET);
	assert_int_equal(cpu_run(bench->cpu, 1000), 0);
	assert_int_equal(cpu_instructions(bench->cpu), 0);
	cpu_hold(bench->cpu, false);
	assert_int_equal(cpu_pc(bench->cpu), AT_IDLE);
	assert_int_equal(cpu_run(bench->cpu, 1000), 1000);
	bench_free(bench);
}

static void
code_patched_by_a_debugger_is_executed_at_every_alias(void **state)
{
	static const uint8_t add_two_loop[] = { 0x02, 0x30, 0xfd,
						0xe7 }; /* adds r0,#2; b . */
	struct bench *bench = bench_new();

	(void)state;
	reg_set(bench, R0, 0);
	reg_set(bench, PC, AT_COUNT - BENCH_FLASH_AT); /* flash is seen at 0 too */
	resume(bench, 400);
	halt(bench);
	assert_int_equal(reg_get(bench, R0), 100);
	memcpy(bench->flash + (AT_COUNT - BENCH_FLASH_AT), add_two_loop, 4);
	cpu_code_changed(bench->cpu, AT_COUNT, 4);
	reg_set(bench, PC, AT_COUNT - BENCH_FLASH_AT);
	resume(bench, 400);
	halt(bench);
	assert_int_equal(reg_get(bench, R0), 100 + 2 * 200);
	bench_free(bench);
}

static void
stores_to_flash_reach_the_bus_and_change_nothing(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	run_from(bench, AT_FLASH_STORE);
	assert_int_equal(bench->flash_writes, 2);
	assert_int_equal(bench->flash_write[0].at, 0x08001000);
	assert_int_equal(bench->flash_write[0].value, 0x11223344);
	assert_int_equal(bench->flash_write[1].at, 0x08001004);
	assert_int_equal(bench->flash_write[1].value, 0x55667788);
	assert_int_equal(bench->flash_write[1].size, 4);
	assert_int_equal(reg_get(bench, R3), 0xffffffff);
	bench_free(bench);
}

static void
a_store_of_a_double_register_is_two_words_on_the_bus(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	run_from(bench, AT_DOUBLE_STORE);
	assert_int_equal(bench->flash_writes, 2);
	assert_int_equal(bench->flash_write[0].value, 0x11223344);
	assert_int_equal(bench->flash_write[1].at, 0x08001004);
	assert_int_equal(bench->flash_write[1].value, 0x55667788);
	assert_int_equal(bench->device, 0x55667788); /* the second word came last */
	assert_int_equal(reg_get(bench, R3), 1);
	assert_int_equal(reg_get(bench, R4), 2);
	bench_free(bench);
}

static void
a_remapped_range_shows_the_new_memory(void **state)
{
	struct bench *bench = bench_new();
	static const uint8_t code[] = { 0x01, 0x33, 0xfd, 0xe7 }; /* adds r3, #1; b . */
	uint8_t *other = calloc(1, 0x400);

	(void)state;
	memcpy(other, code, sizeof(code));
	reg_set(bench, PC, AT_COUNT - BENCH_FLASH_AT);
	resume(bench, 4);
	cpu_map(bench->cpu, 0, 0x400, other, CPU_RAM);
	halt(bench);
	reg_set(bench, R3, 0);
	reg_set(bench, PC, 0);
	resume(bench, 20);
	halt(bench);
	assert_int_equal(reg_get(bench, R3), 10);
	cpu_unmap(bench->cpu, 0, 0x400);
	control(bench, C_DEBUGEN);
	cpu_run(bench->cpu, 20);
	assert_int_equal(scs_get(bench, SCB_CFSR), 0x00000100); /* IBUSERR */
	bench_free(bench);
	free(other);
}

static void
a_write_to_aircr_is_recorded_and_ends_the_run(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	assert_int_equal(cpu_reset_request(bench->cpu), 0);
	reg_set(bench, PC, AT_SYSTEM_RESET);
	control(bench, C_DEBUGEN);
	assert_true(cpu_run(bench->cpu, 100000) < 10);
	assert_int_equal(cpu_reset_request(bench->cpu), 4);
	assert_int_equal(cpu_reset_request(bench->cpu), 0);
	bench_free(bench);
}

static void
trace_packets_carry_port_size_and_value(void **state)
{
	static const uint8_t expected[] = { 0x01, 0x41, 0x0a, 0x42, 0x43,
					    0x03, 0x44, 0x45, 0x46, 0x47 };
	struct bench *bench = bench_new();
	uint8_t bytes[32];

	(void)state;
	run_from(bench, AT_TRACE);
	assert_int_equal(cpu_trace(bench->cpu, bytes, sizeof(bytes)), 0); /* it is off */
	scs_set(bench, DEMCR, TRCENA);
	bench_write(bench, ITM_AT + 0xe00, 3);
	bench_write(bench, ITM_AT + 0xe80, 1);
	run_from(bench, AT_TRACE);
	assert_int_equal(cpu_trace(bench->cpu, bytes, sizeof(bytes)), sizeof(expected));
	assert_memory_equal(bytes, expected, sizeof(expected));
	bench_free(bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_of_any_size_give_the_same_result),
		cmocka_unit_test(single_steps_give_the_same_result),
		cmocka_unit_test(
			a_debugger_that_stops_and_watches_it_does_not_change_the_result),
		cmocka_unit_test(the_program_computes_what_the_host_computes),
		cmocka_unit_test(a_run_takes_just_the_cycles_it_is_given),
		cmocka_unit_test(a_core_in_reset_runs_nothing_and_says_so),
		cmocka_unit_test(code_patched_by_a_debugger_is_executed_at_every_alias),
		cmocka_unit_test(stores_to_flash_reach_the_bus_and_change_nothing),
		cmocka_unit_test(a_store_of_a_double_register_is_two_words_on_the_bus),
		cmocka_unit_test(a_remapped_range_shows_the_new_memory),
		cmocka_unit_test(a_write_to_aircr_is_recorded_and_ends_the_run),
		cmocka_unit_test(trace_packets_carry_port_size_and_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
