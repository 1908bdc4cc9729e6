/* SPDX-License-Identifier: MIT */
/* Faults and lockup: DDI 0403E B1.5.14, B1.5.15. */
#include "test/emulator/test/cpu_bench.h"

#define CFSR_IACCVIOL    0x00000001u
#define CFSR_IBUSERR     0x00000100u
#define CFSR_PRECISERR   0x00000200u
#define CFSR_IMPRECISERR 0x00000400u
#define CFSR_STKERR      0x00001000u
#define CFSR_BFARVALID   0x00008000u
#define CFSR_UNDEFINSTR  0x00010000u
#define CFSR_INVSTATE    0x00020000u
#define CFSR_INVPC       0x00040000u
#define CFSR_NOCP        0x00080000u
#define CFSR_DIVBYZERO   0x02000000u
#define HFSR_VECTTBL     0x00000002u
#define HFSR_FORCED      0x40000000u
#define NOTHING_AT       0x60000000u

/* The fault handler of core.s leaves IPSR in R0 and CFSR in R1. */
static void
expect_fault(struct bench *bench, uint32_t exception, uint32_t cfsr, uint32_t return_at)
{
	assert_int_equal(reg_get(bench, PC), AT_FAULT_END);
	assert_int_equal(reg_get(bench, R0), exception);
	assert_int_equal(reg_get(bench, R1), cfsr);
	assert_int_equal(ram_get(bench, reg_get(bench, SP) + 24), return_at);
}

/* ---- faults ---- */

static void
a_load_from_nowhere_is_precise_and_changes_no_register(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	run_from(bench, AT_BUS_READ);
	expect_fault(bench, BUSFAULT, CFSR_PRECISERR | CFSR_BFARVALID, AT_BUS_READ_AT);
	assert_int_equal(scs_get(bench, SCB_BFAR), NOTHING_AT + 8);
	assert_int_equal(reg_get(bench, R5), NOTHING_AT + 8); /* no post-increment */
	assert_int_equal(reg_get(bench, R6), 7);
	bench_free(bench);
}

static void
a_fault_whose_handler_is_off_becomes_a_forced_hard_fault(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	run_from(bench, AT_BUS_READ);
	expect_fault(bench, HARDFAULT, CFSR_PRECISERR | CFSR_BFARVALID, AT_BUS_READ_AT);
	assert_int_equal(scs_get(bench, SCB_HFSR), HFSR_FORCED);
	scs_set(bench, SCB_HFSR, HFSR_FORCED);
	scs_set(bench, SCB_CFSR, UINT32_MAX);
	assert_int_equal(scs_get(bench, SCB_HFSR), 0);
	assert_int_equal(scs_get(bench, SCB_CFSR), 0);
	bench_free(bench);
}

static void
a_store_to_nowhere_is_imprecise(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	run_from(bench, AT_BUS_WRITE);
	expect_fault(bench, BUSFAULT, CFSR_IMPRECISERR, AT_BUS_WRITE_AFTER);
	bench_free(bench);
}

static void
a_store_that_the_flash_refuses_is_a_bus_error(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	bench->flash_refuses = true;
	run_from(bench, AT_FLASH_STORE);
	assert_int_equal(reg_get(bench, R1), CFSR_IMPRECISERR);
	bench_free(bench);
}

static void
usage_faults_say_which(void **state)
{
	static const struct {
		uint32_t from, exception, cfsr, return_at;
	} cases[] = {
		{ AT_UNDEFINED, USAGEFAULT, CFSR_UNDEFINSTR, AT_UNDEFINED },
		{ AT_EVEN_TARGET, USAGEFAULT, CFSR_INVSTATE, AT_COUNT },
		{ AT_PERIPHERAL_CODE, MEMMANAGE, CFSR_IACCVIOL, BENCH_DEVICE_AT },
		{ NOTHING_AT, BUSFAULT, CFSR_IBUSERR, NOTHING_AT },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench *bench = bench_new();

		enable_faults(bench);
		run_from(bench, cases[i].from);
		expect_fault(bench, cases[i].exception, cases[i].cfsr, cases[i].return_at);
		bench_free(bench);
	}
}

static void
a_division_by_zero_faults_only_if_asked_to(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	run_from(bench, AT_DIVIDE);
	assert_int_equal(reg_get(bench, R2), 0);
	scs_set(bench, SCB_CCR, 0x210);
	reg_set(bench, R2, 77);
	run_from(bench, AT_DIVIDE);
	expect_fault(bench, USAGEFAULT, CFSR_DIVBYZERO, AT_DIVIDE_AT);
	assert_int_equal(reg_get(bench, R2), 77);
	bench_free(bench);
}

static void
the_fpu_faults_while_cpacr_denies_it(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	scs_set(bench, SCB_CPACR, 0);
	run_from(bench, AT_FP_IN_IT); /* the condition is false: no fault */
	assert_int_equal(reg_get(bench, PC), AT_FP_IN_IT_END);
	assert_int_equal(reg_get(bench, R0), 3);
	run_from(bench, AT_FP_USE);
	expect_fault(bench, USAGEFAULT, CFSR_NOCP, AT_FP_USE_AT);
	bench_free(bench);
}

static void
a_core_without_fpu_always_denies_it(void **state)
{
	struct cpu_model model = bench_m4;
	struct bench *bench;

	(void)state;
	model.fpu = CPU_FPU_NONE;
	bench = bench_of(&model, core_code, sizeof(core_code));
	control(bench, C_DEBUGEN | C_HALT);
	cpu_hold(bench->cpu, false);
	scs_set(bench, SCB_CPACR, CPACR_FPU);
	assert_int_equal(scs_get(bench, SCB_CPACR), 0);
	enable_faults(bench);
	run_from(bench, AT_FP_USE);
	expect_fault(bench, USAGEFAULT, CFSR_NOCP, AT_FP_USE_AT);
	bench_free(bench);
}

static void
a_fault_inside_an_it_block_stacks_its_state(void **state)
{
	struct bench *bench = bench_new();
	uint32_t stacked;

	(void)state;
	for (int stepping = 0; stepping < 2; stepping++) {
		enable_faults(bench);
		scs_set(bench, SCB_CFSR, UINT32_MAX);
		reg_set(bench, PC, AT_IT_FAULT);
		reg_set(bench, XPSR, 0x01000000);
		for (int i = 0; stepping && i < 6; i++)
			step(bench);
		resume(bench, 100);
		expect_fault(bench, BUSFAULT, CFSR_PRECISERR | CFSR_BFARVALID,
			     AT_IT_FAULT_AT);
		stacked = ram_get(bench, reg_get(bench, SP) + 28);
		/* ITETE EQ with two left: condition 0000, mask 1100. */
		assert_int_equal(stacked & 0x0600fc00, 0x00000c00);
		assert_int_equal(reg_get(bench, R6), 1);
		cpu_reset(bench->cpu, false, BENCH_FLASH_AT);
	}
	bench_free(bench);
}

static void
a_fault_inside_an_it_block_ends_the_block(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	reg_set(bench, R7, 77);
	run_from(bench, AT_IT_FAULT_FIRST);
	expect_fault(bench, BUSFAULT, CFSR_PRECISERR | CFSR_BFARVALID,
		     AT_IT_FAULT_FIRST_AT);
	assert_int_equal(reg_get(bench, R6), 0);
	assert_int_equal(reg_get(bench, R7), 77);
	bench_free(bench);
}

static void
svc_inside_an_it_block_returns_into_it(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	run_from(bench, AT_IT_SVC);
	assert_int_equal(reg_get(bench, PC), AT_IT_SVC_END);
	assert_int_equal(reg_get(bench, R4), 1);
	assert_int_equal(reg_get(bench, R6), 1);
	bench_free(bench);
}

static void
a_bad_stack_on_entry_is_a_derived_fault(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	reg_set(bench, SP, NOTHING_AT);
	scs_set(bench, NVIC_ISER0, 1u << 3);
	scs_set(bench, NVIC_ISPR0, 1u << 3);
	run_from(bench, AT_COUNT);
	assert_int_equal(reg_get(bench, PC), AT_FAULT_END);
	assert_int_equal(reg_get(bench, R0), BUSFAULT);
	assert_int_equal(reg_get(bench, R1), CFSR_STKERR);
	bench_free(bench);
}

static void
a_fault_in_the_hard_fault_handler_locks_up(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	scs_set(bench, SCB_VTOR, AT_BAD_VECTORS);
	reg_set(bench, PC, AT_UNDEFINED);
	resume(bench, 1000);
	assert_int_equal(cpu_state(bench->cpu), CPU_LOCKED_UP);
	assert_int_equal(scs_get(bench, DHCSR) & (S_HALT | S_LOCKUP), S_LOCKUP);
	assert_int_equal(cpu_pc(bench->cpu), 0xfffffffe);
	assert_int_equal(cpu_run(bench->cpu, 100), 0);
	halt(bench);
	assert_int_equal(scs_get(bench, DHCSR) & (S_HALT | S_LOCKUP), S_HALT);
	assert_int_equal(reg_get(bench, PC), 0xfffffffe);
	control(bench, C_DEBUGEN);
	assert_int_equal(cpu_state(bench->cpu), CPU_LOCKED_UP);
	halt(bench);
	reg_set(bench, PC, AT_COUNT);
	resume(bench, 100);
	assert_int_equal(cpu_state(bench->cpu), CPU_RUNNING);
	bench_free(bench);
}

static void
a_core_whose_flash_is_empty_locks_up(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	memset(bench->flash, 0xff, BENCH_SIZE);
	cpu_code_changed(bench->cpu, BENCH_FLASH_AT, BENCH_SIZE);
	control(bench, C_DEBUGEN);
	cpu_reset(bench->cpu, false, BENCH_FLASH_AT);
	cpu_run(bench->cpu, 100);
	assert_int_equal(cpu_state(bench->cpu), CPU_LOCKED_UP);
	bench_free(bench);
}

static void
a_reset_without_a_readable_vector_table_locks_up(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	control(bench, C_DEBUGEN);
	cpu_reset(bench->cpu, false, NOTHING_AT);
	cpu_run(bench->cpu, 10);
	assert_int_equal(cpu_state(bench->cpu), CPU_LOCKED_UP);
	assert_int_equal(scs_get(bench, SCB_HFSR) & HFSR_VECTTBL, HFSR_VECTTBL);
	bench_free(bench);
}

/* ---- returns ---- */

static void
a_return_from_an_exception_that_is_not_active_is_invpc(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	reg_set(bench, XPSR, 0x01000013); /* in IRQ3's handler, says the debugger */
	reg_set(bench, LR, 0xfffffff9);
	run_from(bench, AT_ON_IRQ3);
	assert_int_equal(reg_get(bench, R0), USAGEFAULT);
	assert_int_equal(reg_get(bench, R1), CFSR_INVPC);
	bench_free(bench);
}

static void
a_branch_to_exc_return_in_thread_mode_faults(void **state)
{
	struct bench *bench = bench_new();

	(void)state;
	enable_faults(bench);
	reg_set(bench, LR, 0xfffffff9);
	run_from(bench, AT_IRQ2_END);
	assert_int_equal(reg_get(bench, R0), MEMMANAGE);
	assert_int_equal(reg_get(bench, R1), CFSR_IACCVIOL);
	bench_free(bench);
}

#define CFSR_UNALIGNED 0x01000000u
enum { CCR_UNALIGN_TRP = 1 << 3, CODE_AT = BENCH_RAM_AT + 0x1000 };
enum { OP_LDR = 0x6801, OP_LDRH = 0x8801, OP_LDRB = 0x7801, OP_STR = 0x6001 };
enum { OP_LDM = 0xc806, OP_STM = 0xc006, OP_BKPT = 0xbe00 }; /* r0, {r1, r2} */
#define OP_LDRD 0x1200e9d0u                                  /* r1, r2, [r0] */

/* Runs one instruction from RAM, with `at` in r0. */
static void
run_opcode(struct bench *bench, uint32_t opcode, uint32_t at)
{
	static const uint16_t end = OP_BKPT;

	memcpy(bench->ram + (CODE_AT - BENCH_RAM_AT), &opcode, 4);
	memcpy(bench->ram + (CODE_AT - BENCH_RAM_AT) + (opcode >> 16 ? 4 : 2), &end, 2);
	cpu_code_changed(bench->cpu, CODE_AT, 8);
	scs_set(bench, SCB_CFSR, UINT32_MAX);
	reg_set(bench, R0, at);
	reg_set(bench, R1, 0x11111111);
	reg_set(bench, R2, 0x22222222);
	reg_set(bench, SP, 0x20008000);
	reg_set(bench, XPSR, 0x01000000);
	run_from(bench, CODE_AT);
}

static void
some_instructions_want_alignment_and_others_when_asked_to(void **state)
{
	static const struct {
		uint32_t opcode, at;
		bool always, trapped;
	} cases[] = {
		{ OP_LDR, 0x20000201, false, true },
		{ OP_LDR, 0x20000202, false, true },
		{ OP_LDRH, 0x20000201, false, true },
		{ OP_LDRH, 0x20000202, false, false },
		{ OP_LDRB, 0x20000203, false, false },
		{ OP_STR, 0x20000202, false, true },
		{ OP_LDM, 0x20000202, true, true },
		{ OP_STM, 0x20000201, true, true },
		{ OP_LDRD, 0x20000202, true, true },
		{ OP_LDRD, 0x20000204, false, false },
	};

	(void)state;
	for (unsigned i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		bool traps = i & 1;
		bool faults = traps ? cases[i / 2].trapped : cases[i / 2].always;
		struct bench *bench = bench_new();

		enable_faults(bench);
		scs_set(bench, SCB_CCR, 0x200 | (traps ? CCR_UNALIGN_TRP : 0));
		run_opcode(bench, cases[i / 2].opcode, cases[i / 2].at);
		if (faults)
			expect_fault(bench, USAGEFAULT, CFSR_UNALIGNED, CODE_AT);
		else
			assert_int_equal(reg_get(bench, PC) - CODE_AT,
					 cases[i / 2].opcode >> 16 ? 4 : 2);
		bench_free(bench);
	}
}

static void
an_unaligned_access_that_faults_changes_nothing(void **state)
{
	static const uint32_t opcodes[] = { OP_LDM, OP_STM, OP_LDRD };
	static const uint8_t zeros[32];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct bench *bench = bench_new();

		enable_faults(bench);
		run_opcode(bench, opcodes[i], 0x20000202);
		assert_int_equal(ram_get(bench, 0x20008000 - 32), 0x20000202); /* R0 */
		assert_int_equal(reg_get(bench, R2), 0x22222222);
		assert_memory_equal(bench->ram + 0x200, zeros, sizeof(zeros));
		bench_free(bench);
	}
}

/* DDI 0419: all of them end in HardFault, the only fault there is. */
static void
a_cortex_m0plus_faults_on_what_only_larger_cores_have(void **state)
{
	static const struct cpu_model m0plus = {
		CPU_CORTEX_M0PLUS, CPU_FPU_NONE, 0x410cc601, 2, 32, 1, 4, 0, 2
	};
	static const struct {
		uint32_t opcode;
		bool is_known;
	} cases[] = {
		{ 0xb100, false },                        /* cbz r0 */
		{ 0xbf08, false },                        /* it eq */
		{ 0x0001f240, false },                    /* movw r0, #1 */
		{ 0xf0f2fb90, false },                    /* sdiv r0, r0, r2 */
		{ OP_LDRD, false },    { OP_LDR, false }, /* unaligned, below */
		{ 0x8f4ff3bf, true },                     /* dsb */
		{ 0x8000f3ef, true },                     /* mrs r0, apsr */
		{ 0xbf00, true },                         /* nop */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench *bench = bench_of(&m0plus, core_code, sizeof(core_code));

		control(bench, C_DEBUGEN | C_HALT);
		cpu_hold(bench->cpu, false);
		scs_set(bench, DEMCR, 1 << 10); /* VC_HARDERR */
		run_opcode(bench, cases[i].opcode, 0x20000202);
		assert_int_equal(scs_get(bench, SCB_DFSR) & DFSR_VCATCH,
				 cases[i].is_known ? 0 : DFSR_VCATCH);
		if (!cases[i].is_known) {
			assert_int_equal(reg_get(bench, XPSR) & 0x1ff, HARDFAULT);
			assert_int_equal(ram_get(bench, 0x20008000 - 8), CODE_AT);
		}
		bench_free(bench);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_load_from_nowhere_is_precise_and_changes_no_register),
		cmocka_unit_test(a_fault_whose_handler_is_off_becomes_a_forced_hard_fault),
		cmocka_unit_test(a_store_to_nowhere_is_imprecise),
		cmocka_unit_test(a_store_that_the_flash_refuses_is_a_bus_error),
		cmocka_unit_test(usage_faults_say_which),
		cmocka_unit_test(a_division_by_zero_faults_only_if_asked_to),
		cmocka_unit_test(the_fpu_faults_while_cpacr_denies_it),
		cmocka_unit_test(a_core_without_fpu_always_denies_it),
		cmocka_unit_test(a_fault_inside_an_it_block_stacks_its_state),
		cmocka_unit_test(a_fault_inside_an_it_block_ends_the_block),
		cmocka_unit_test(svc_inside_an_it_block_returns_into_it),
		cmocka_unit_test(a_bad_stack_on_entry_is_a_derived_fault),
		cmocka_unit_test(a_fault_in_the_hard_fault_handler_locks_up),
		cmocka_unit_test(a_core_whose_flash_is_empty_locks_up),
		cmocka_unit_test(a_reset_without_a_readable_vector_table_locks_up),
		cmocka_unit_test(a_return_from_an_exception_that_is_not_active_is_invpc),
		cmocka_unit_test(a_branch_to_exc_return_in_thread_mode_faults),
		cmocka_unit_test(some_instructions_want_alignment_and_others_when_asked_to),
		cmocka_unit_test(an_unaligned_access_that_faults_changes_nothing),
		cmocka_unit_test(a_cortex_m0plus_faults_on_what_only_larger_cores_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
