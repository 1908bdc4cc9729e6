/* SPDX-License-Identifier: MIT */
/* The Cortex-M0+: what Armv6-M has, and what it has not (DDI 0419E, DDI 0484C). */
#include "test/emulator/test/cpu_bench.h"

static const struct cpu_model m0plus = { .kind = CPU_CORTEX_M0PLUS,
					 .cpuid = 0x410cc601,
					 .priority_bits = 2,
					 .irqs = 32,
					 .fpb_revision = 1,
					 .fpb_code = 4,
					 .dwt_comparators = 2 };

enum { CODE = 0x08000040, HANDLER = 0x08000080, HALFWORDS = 80, NOTHING = 0x60000000 };

/* A vector table, `code` at CODE, and behind HardFault's vector the one instruction `handler`
 * and a breakpoint. The core is halted before its first instruction; R5 is an address of
 * nothing. */
static struct bench *
bench_v6m(const uint16_t *code, unsigned len, uint16_t handler)
{
	static const uint32_t vectors[4] = { 0x20008000, CODE | 1, HANDLER | 1,
					     HANDLER | 1 };
	uint16_t image[HALFWORDS] = { 0 };
	struct bench *bench;

	memcpy(image, vectors, sizeof(vectors));
	memcpy(image + 32, code, len * sizeof(*code));
	image[64] = handler;
	image[65] = 0xbe03; /* bkpt 3 */
	bench = bench_of(&m0plus, (const uint8_t *)image, sizeof(image));
	control(bench, C_DEBUGEN | C_HALT);
	cpu_hold(bench->cpu, false);
	reg_set(bench, R5, NOTHING);
	scs_set(bench, SCB_DFSR, 0x1f);
	return bench;
}

/* adds r0, #1 four times; b back to the first */
static const uint16_t counts[] = { 0x3001, 0x3001, 0x3001, 0x3001, 0xe7fa };
enum { NOP = 0xbf00, BKPT = 0xbe02 };
#define LEN(array)  (sizeof(array) / sizeof((array)[0]))
#define BENCH(code) bench_v6m(code, LEN(code), NOP)

/* CFSR, HFSR, MMFAR, BFAR, AFSR, SHPR1, ICTR, IABR, STIR, CPACR; CYCCNT; FP_REMAP; the ITM. */
static void
registers_of_larger_cores_read_zero(void **state)
{
	static const uint32_t absent[] = { 0xe000ed28, 0xe000ed2c, 0xe000ed34, 0xe000ed38,
					   0xe000ed3c, 0xe000ed18, 0xe000e004, 0xe000e300,
					   0xe000ef00, 0xe000ed88, 0xe0001004, 0xe0002004,
					   0xe0000e00, 0xe0000e80, 0xe000e104, 0xe000e420 };
	struct bench *bench = BENCH(counts);

	(void)state;
	for (unsigned i = 0; i < LEN(absent); i++) {
		bench_write(bench, absent[i], UINT32_MAX);
		assert_int_equal(bench_read(bench, absent[i]), 0);
	}
	bench_free(bench);
}

static void
some_registers_have_fewer_bits(void **state)
{
	static const struct {
		uint32_t at, written, read;
	} cases[] = {
		{ SCB_CCR, UINT32_MAX, 0x208 },        /* STKALIGN, UNALIGN_TRP: always */
		{ SCB_VTOR, UINT32_MAX, 0xffffff00 },  /* M0+: bits 31:8 */
		{ SCB_AIRCR, 0x05fa0700, 0xfa050000 }, /* no PRIGROUP */
		{ DEMCR, UINT32_MAX, 0x01000401 },     /* two vector catches, no monitor */
		{ SCB_SHCSR, 0x00070000, 0 },          /* all faults are HardFault */
		{ NVIC_IPR0, UINT32_MAX, 0xc0c0c0c0 }, /* four levels */
		{ SCB_SHPR3, UINT32_MAX, 0xc0c00000 },
	};
	struct bench *bench = BENCH(counts);

	(void)state;
	for (unsigned i = 0; i < LEN(cases); i++) {
		scs_set(bench, cases[i].at, cases[i].written);
		assert_int_equal(scs_get(bench, cases[i].at), cases[i].read);
	}
	bench_free(bench);
}

static void
there_is_no_basepri_and_no_faultmask(void **state)
{
	struct bench *bench = BENCH(counts);

	(void)state;
	reg_set(bench, SPECIAL, 0x0301ff01);
	assert_int_equal(reg_get(bench, SPECIAL), 0x03000001);
	bench_free(bench);
}

static void
aircr_cannot_reset_the_core_alone(void **state)
{
	struct bench *bench = BENCH(counts);

	(void)state;
	scs_set(bench, SCB_AIRCR, 0x05fa0001); /* VECTRESET */
	assert_int_equal(cpu_reset_request(bench->cpu), 0);
	scs_set(bench, SCB_AIRCR, 0x05fa0004); /* SYSRESETREQ */
	assert_int_equal(cpu_reset_request(bench->cpu), 4);
	bench_free(bench);
}

/* BP_CTRL: NUM_CODE 4, no literals, no revision. A comparator knows no address bits 31:29. */
static void
four_breakpoints_each_on_either_halfword_or_both(void **state)
{
	struct bench *bench = BENCH(counts);

	(void)state;
	assert_int_equal(bench_read(bench, FPB_AT), 0x40);
	for (unsigned i = 0; i < 8; i++)
		bench_write(bench, FPB_AT + 8 + 4 * i, UINT32_MAX);
	assert_int_equal(bench_read(bench, FPB_AT + 8 + 4 * 3), 0xdffffffd);
	assert_int_equal(bench_read(bench, FPB_AT + 8 + 4 * 4), 0);
	for (unsigned i = 0; i < 4; i++)
		break_at(bench, i, 0);
	break_at(bench, 3, CODE + 6);
	run_from(bench, CODE);
	expect_halt(bench, CODE + 6, DFSR_BKPT);
	bench_write(bench, FPB_AT + 8 + 4 * 3, CODE | 1u << 31 | 1u << 30 | 1);
	run_from(bench, CODE + 4);
	expect_halt(bench, CODE, DFSR_BKPT);
	bench_write(bench, FPB_AT + 8 + 4 * 3, CODE | 1); /* BP_MATCH 0: none */
	resume(bench, 100);
	assert_int_equal(cpu_state(bench->cpu), CPU_RUNNING);
	bench_free(bench);
}

/* str r1, [r2]; ldr r3, [r2]; bkpt */
static void
two_watchpoints_halt_behind_the_access(void **state)
{
	static const uint16_t code[] = { NOP, 0x6011, NOP, 0x6813, NOP, BKPT };
	struct bench *bench = BENCH(code);

	(void)state;
	assert_int_equal(bench_read(bench, DWT_AT), 0x20000000);
	reg_set(bench, R2, 0x20000200);
	watch(bench, 0x20000200, 0, 6);
	run_from(bench, CODE);
	expect_halt(bench, CODE + 4, DFSR_DWTTRAP);
	watch(bench, 0x20000200, 0, 5);
	run_from(bench, CODE);
	expect_halt(bench, CODE + 8, DFSR_DWTTRAP);
	bench_write(bench, DWT_AT + 0x40, 0x20000200); /* there is no third */
	assert_int_equal(bench_read(bench, DWT_AT + 0x40), 0);
	bench_free(bench);
}

static void
the_pc_can_be_sampled_while_it_runs(void **state)
{
	struct bench *bench = BENCH(counts);

	(void)state;
	scs_set(bench, DEMCR, TRCENA);
	assert_int_equal(bench_read(bench, DWT_AT + 0x1c), UINT32_MAX);
	resume(bench, 102);
	assert_in_range(bench_read(bench, DWT_AT + 0x1c), CODE, CODE + 8);
	bench_free(bench);
}

/* str r0, [r5] */
static void
a_store_to_nowhere_is_a_hard_fault_of_the_store(void **state)
{
	static const uint16_t code[] = { NOP, 0x6028, NOP, BKPT };
	struct bench *bench = BENCH(code);

	(void)state;
	run_from(bench, CODE);
	assert_int_equal(reg_get(bench, PC), HANDLER + 2);
	assert_int_equal(reg_get(bench, XPSR) & 0x1ff, HARDFAULT);
	assert_int_equal(reg_get(bench, LR), 0xfffffff9);
	assert_int_equal(ram_get(bench, 0x20008000 - 8), CODE + 2);
	bench_free(bench);
}

static void
another_one_in_the_handler_locks_up(void **state)
{
	static const uint16_t code[] = { 0x6028, BKPT };
	struct bench *bench = bench_v6m(code, LEN(code), 0x6028);

	(void)state;
	reg_set(bench, PC, CODE);
	resume(bench, 1000);
	assert_int_equal(cpu_state(bench->cpu), CPU_LOCKED_UP);
	assert_int_equal(cpu_pc(bench->cpu), 0xfffffffe);
	assert_int_equal(scs_get(bench, DHCSR) & S_LOCKUP, S_LOCKUP);
	bench_free(bench);
}

/* ldrh r0, [r2] of an odd address, after which CCR could not be asked to allow it. */
static void
an_unaligned_access_is_caught_as_a_hard_fault(void **state)
{
	static const uint16_t code[] = { NOP, 0x8810, NOP, BKPT };
	struct bench *bench = BENCH(code);

	(void)state;
	scs_set(bench, SCB_CCR, 0x200);
	scs_set(bench, DEMCR, 1 << 10); /* VC_HARDERR */
	reg_set(bench, R2, 0x20000201);
	run_from(bench, CODE);
	expect_halt(bench, HANDLER, DFSR_VCATCH);
	assert_int_equal(ram_get(bench, 0x20008000 - 8), CODE + 2);
	bench_free(bench);
}

/* DDI 0484C, "ROM table": parts 0x008, 0x00A, 0x00B of Arm; there is no ITM. */
static void
its_components_are_arms_for_a_cortex_m0plus(void **state)
{
	static const struct {
		uint32_t at, part;
	} parts[] = { { SCS_AT, 0x08 }, { DWT_AT, 0x0a }, { FPB_AT, 0x0b } };
	struct bench *bench = BENCH(counts);

	(void)state;
	assert_int_equal(scs_get(bench, 0xd00), 0x410cc601);
	for (unsigned i = 0; i < LEN(parts); i++) {
		assert_int_equal(bench_read(bench, parts[i].at + 0xfe0), parts[i].part);
		assert_int_equal(bench_read(bench, parts[i].at + 0xfe4), 0xb0);
		assert_int_equal(bench_read(bench, parts[i].at + 0xfe8), 0x0b);
		assert_int_equal(bench_read(bench, parts[i].at + 0xff4), 0xe0);
	}
	assert_int_equal(bench_read(bench, ITM_AT + 0xfe0), 0);
	bench_free(bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_of_larger_cores_read_zero),
		cmocka_unit_test(some_registers_have_fewer_bits),
		cmocka_unit_test(there_is_no_basepri_and_no_faultmask),
		cmocka_unit_test(aircr_cannot_reset_the_core_alone),
		cmocka_unit_test(four_breakpoints_each_on_either_halfword_or_both),
		cmocka_unit_test(two_watchpoints_halt_behind_the_access),
		cmocka_unit_test(the_pc_can_be_sampled_while_it_runs),
		cmocka_unit_test(a_store_to_nowhere_is_a_hard_fault_of_the_store),
		cmocka_unit_test(another_one_in_the_handler_locks_up),
		cmocka_unit_test(an_unaligned_access_is_caught_as_a_hard_fault),
		cmocka_unit_test(its_components_are_arms_for_a_cortex_m0plus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
