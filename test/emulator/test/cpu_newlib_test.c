/* SPDX-License-Identifier: MIT */
/*
 * Each type of core computes with newlib what the host computes with its own library, and it
 * makes no difference how its time is sliced.
 */
#include <stdio.h>

#include "test/emulator/elf.h"
#include "test/emulator/test/cpu_bench.h"

/* The program as the host's compiler makes it: what it prints is right. */
#include "test/emulator/test/code/newlib/program.c" /* NOLINT(bugprone-suspicious-include) */

enum { BKPT_DONE = 0xbe02, TO_THE_END = 100000000 };

struct core_case {
	const char *program;
	struct cpu_model model;
};

static const struct core_case cores[] = {
	{ "m0plus", { CPU_CORTEX_M0PLUS, CPU_FPU_NONE, 0x410cc601, 2, 32, 1, 4, 0, 2 } },
	{ "m3", { CPU_CORTEX_M3, CPU_FPU_NONE, 0x411fc231, 4, 43, 1, 6, 2, 4 } },
	{ "m4", { CPU_CORTEX_M4, CPU_FPU_SINGLE, 0x410fc241, 4, 102, 1, 6, 2, 4 } },
	{ "m7", { CPU_CORTEX_M7, CPU_FPU_DOUBLE, 0x411fc271, 4, 150, 2, 8, 0, 4 } },
	{ "m33", { CPU_CORTEX_M33, CPU_FPU_SINGLE, 0x410fd214, 4, 125, 2, 8, 0, 4 } },
};
enum { CORES = sizeof(cores) / sizeof(cores[0]) };

/* What cpu_log() gave: how many instructions, and a hash of their addresses and accesses. */
struct logged {
	uint64_t count, hash;
};

struct outcome {
	uint64_t instructions, hash;
	struct logged logged;
	struct program_result result;
};

/* Its segments go where they lie in flash; what goes to RAM is copied by the program. */
static void
load(struct bench *bench, const uint8_t *file, size_t size)
{
	struct elf_segment segment;
	const char *error = NULL;
	unsigned position = 0;

	assert_null(elf_check(file, size));
	while (elf_next_segment(file, size, &position, &segment, &error)) {
		assert_in_range(segment.at, BENCH_FLASH_AT,
				BENCH_FLASH_AT + BENCH_SIZE - segment.size);
		memcpy(bench->flash + (segment.at - BENCH_FLASH_AT), segment.bytes,
		       segment.size);
	}
	assert_null(error);
}

/* FNV-1a. */
#define HASH_FIRST UINT64_C(0xcbf29ce484222325)

static uint64_t
hash_add(uint64_t hash, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static void
log_take(void *context, const struct cpu_logged *instruction)
{
	struct logged *logged = context;

	logged->count++;
	logged->hash = hash_add(logged->hash, &instruction->pc, sizeof(instruction->pc));
	logged->hash = hash_add(logged->hash, &instruction->exception,
				sizeof(instruction->exception));
	for (unsigned i = 0; i < instruction->accesses_len; i++)
		logged->hash = hash_add(logged->hash, &instruction->accesses[i].at, 4);
}

static struct bench *
newlib_bench(const struct core_case *core, struct logged *logged)
{
	struct bench *bench = bench_of(&core->model, (const uint8_t *)"", 0);
	static uint8_t file[2 * BENCH_SIZE];
	char path[80];
	size_t size;
	FILE *stream;

	snprintf(path, sizeof(path), "test/emulator/test/code/newlib/newlib_%s.elf",
		 core->program);
	stream = fopen(path, "rb");
	assert_non_null(stream);
	size = fread(file, 1, sizeof(file), stream);
	fclose(stream);
	load(bench, file, size);
	cpu_log(bench->cpu, log_take, logged);
	control(bench, C_DEBUGEN | C_HALT);
	cpu_hold(bench->cpu, false);
	scs_set(bench, SCB_DFSR, 0x1f);
	return bench;
}

static struct outcome
outcome_of(struct bench *bench, const struct logged *logged)
{
	struct outcome outcome = { .instructions = cpu_instructions(bench->cpu),
				   .hash = hash_add(HASH_FIRST, bench->ram, BENCH_SIZE),
				   .logged = *logged };
	uint16_t opcode;

	assert_int_equal(scs_get(bench, SCB_DFSR) & DFSR_BKPT, DFSR_BKPT);
	memcpy(&opcode, bench->flash + (reg_get(bench, PC) - BENCH_FLASH_AT), 2);
	assert_int_equal(opcode, BKPT_DONE);
	memcpy(&outcome.result, bench->ram, sizeof(outcome.result));
	bench_free(bench);
	return outcome;
}

static struct outcome
run_in_slices(const struct core_case *core, uint64_t cycles)
{
	struct logged logged = { .hash = HASH_FIRST };
	struct bench *bench = newlib_bench(core, &logged);

	control(bench, C_DEBUGEN);
	while (cpu_state(bench->cpu) == CPU_RUNNING)
		cpu_run(bench->cpu, cycles);
	return outcome_of(bench, &logged);
}

static struct outcome
run_by_steps(const struct core_case *core)
{
	struct logged logged = { .hash = HASH_FIRST };
	struct bench *bench = newlib_bench(core, &logged);

	while (!(scs_get(bench, SCB_DFSR) & DFSR_BKPT))
		step(bench);
	return outcome_of(bench, &logged);
}

static void
assert_same(const struct outcome *outcome, const struct outcome *reference)
{
	assert_int_equal(outcome->instructions, reference->instructions);
	assert_int_equal(outcome->hash, reference->hash);
	assert_int_equal(outcome->logged.count, reference->instructions);
	assert_int_equal(outcome->logged.hash, reference->logged.hash);
	assert_string_equal(outcome->result.text, reference->result.text);
}

static void
every_core_prints_what_the_host_prints(void **state)
{
	char text[PROGRAM_TEXT_SIZE];
	size_t len = program(text, sizeof(text));

	(void)state;
	assert_in_range(len, 200, sizeof(text) - 1);
	for (int i = 0; i < CORES; i++) {
		struct outcome outcome = run_in_slices(&cores[i], TO_THE_END);

		print_message("%s: %llu instructions, %u interrupts\n", cores[i].program,
			      (unsigned long long)outcome.instructions,
			      (unsigned)outcome.result.ticks);
		assert_string_equal(outcome.result.text, text);
		assert_int_equal(outcome.result.len, len);
		assert_true(outcome.result.ticks > 20);
	}
}

static void
slices_of_any_size_give_the_same_result_on_every_core(void **state)
{
	static const uint64_t slices[] = { 5, 211, 4096 };

	(void)state;
	for (int i = 0; i < CORES; i++) {
		struct outcome reference = run_in_slices(&cores[i], TO_THE_END);

		for (unsigned j = 0; j < sizeof(slices) / sizeof(slices[0]); j++) {
			struct outcome outcome = run_in_slices(&cores[i], slices[j]);

			assert_same(&outcome, &reference);
		}
	}
}

static void
single_steps_give_the_same_result_on_every_core(void **state)
{
	(void)state;
	for (int i = 0; i < CORES; i++) {
		struct outcome reference = run_in_slices(&cores[i], TO_THE_END);
		struct outcome outcome = run_by_steps(&cores[i]);

		assert_same(&outcome, &reference);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_core_prints_what_the_host_prints),
		cmocka_unit_test(slices_of_any_size_give_the_same_result_on_every_core),
		cmocka_unit_test(single_steps_give_the_same_result_on_every_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
