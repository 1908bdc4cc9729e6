/* SPDX-License-Identifier: MIT */
/* What ITM and DWT put out: packets of DDI 0403E, appendix D4. */
#include "test/emulator/test/cpu_bench.h"

enum { TCR_ITMENA = 1, TCR_TXENA = 8 };
enum { CTRL_CYCCNTENA = 1, CTRL_PCSAMPLENA = 1 << 12, CTRL_EXCTRCENA = 1 << 16 };
enum { PC_SAMPLE = 0x17, SLEEP_SAMPLE = 0x15, OVERFLOW = 0x70 };

static struct bench *
tracing_bench(uint32_t dwt_ctrl)
{
	struct bench *bench = bench_new();

	scs_set(bench, DEMCR, TRCENA);
	bench_write(bench, ITM_AT + 0xe00, 3);
	bench_write(bench, ITM_AT + 0xe80, TCR_ITMENA | TCR_TXENA);
	bench_write(bench, DWT_AT, dwt_ctrl);
	return bench;
}

/* PendSV (14) is pended by IRQ 0 (16), whose handler is interrupted by IRQ 1 (17). */
static void
exceptions_are_traced_as_entered_left_and_returned_to(void **state)
{
	static const uint8_t expected[] = {
		0x0e, 16, 0x10, 0x0e, 17, 0x10, 0x0e, 17, 0x20, 0x0e, 16, 0x30,
		0x0e, 16, 0x20, 0x0e, 14, 0x10, 0x0e, 14, 0x20, 0x0e, 0,  0x30
	};
	struct bench *bench = tracing_bench(CTRL_EXCTRCENA);
	uint8_t bytes[64];

	(void)state;
	scs_set(bench, NVIC_IPR0, 0x00004080);
	scs_set(bench, SCB_SHPR3, 0x00f00000);
	scs_set(bench, NVIC_ISER0, 3);
	scs_set(bench, NVIC_ISPR0, 1);
	resume(bench, 1000);
	assert_int_equal(cpu_trace(bench->cpu, bytes, sizeof(bytes)), sizeof(expected));
	assert_memory_equal(bytes, expected, sizeof(expected));
	bench_free(bench);
}

static uint32_t
word_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* POSTPRESET 2 and the short tap: every 192 cycles. */
static void
the_program_counter_is_sampled_at_its_period(void **state)
{
	struct bench *bench = tracing_bench(CTRL_CYCCNTENA | CTRL_PCSAMPLENA | 2 << 1);
	uint8_t bytes[256];

	(void)state;
	reg_set(bench, PC, AT_COUNT);
	resume(bench, 192 * 10 + 5);
	assert_int_equal(cpu_trace(bench->cpu, bytes, sizeof(bytes)), 10 * 5);
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(bytes[5 * i], PC_SAMPLE);
		assert_in_range(word_at(bytes + 5 * i + 1), AT_COUNT, AT_COUNT_SECOND);
	}
	bench_write(bench, DWT_AT, CTRL_CYCCNTENA);
	cpu_run(bench->cpu, 10000);
	assert_int_equal(cpu_trace(bench->cpu, bytes, sizeof(bytes)), 0);
	bench_free(bench);
}

static void
slices_do_not_change_the_samples(void **state)
{
	uint8_t whole[512], sliced[512];
	struct bench *bench = tracing_bench(CTRL_CYCCNTENA | CTRL_PCSAMPLENA);
	unsigned len;

	(void)state;
	reg_set(bench, PC, AT_COUNT);
	resume(bench, 4000);
	len = cpu_trace(bench->cpu, whole, sizeof(whole));
	bench_free(bench);
	bench = tracing_bench(CTRL_CYCCNTENA | CTRL_PCSAMPLENA);
	reg_set(bench, PC, AT_COUNT);
	control(bench, C_DEBUGEN);
	for (unsigned i = 0; i < 4000; i += 5)
		cpu_run(bench->cpu, 5);
	assert_int_equal(cpu_trace(bench->cpu, sliced, sizeof(sliced)), len);
	assert_memory_equal(sliced, whole, len);
	bench_free(bench);
}

static void
a_core_asleep_has_samples_of_one_byte(void **state)
{
	static const uint8_t wfi[] = { 0x30, 0xbf, 0xfd, 0xe7 }; /* wfi; b . - 2 */
	struct bench *bench = tracing_bench(CTRL_CYCCNTENA | CTRL_PCSAMPLENA);
	uint8_t bytes[64];

	(void)state;
	memcpy(bench->ram, wfi, sizeof(wfi));
	reg_set(bench, PC, BENCH_RAM_AT);
	resume(bench, 64 * 3 + 1);
	assert_int_equal(cpu_trace(bench->cpu, bytes, sizeof(bytes)), 6);
	assert_int_equal(bytes[0], SLEEP_SAMPLE);
	assert_int_equal(bytes[1], 0);
	assert_int_equal(bytes[4], SLEEP_SAMPLE);
	bench_free(bench);
}

static void
packets_that_found_no_room_are_marked_by_an_overflow(void **state)
{
	struct bench *bench = tracing_bench(0);
	uint8_t bytes[8192];
	unsigned len;

	(void)state;
	while (bench_read(bench, ITM_AT) & 1)
		bench_write(bench, ITM_AT, 0x12345678);
	bench_write(bench, ITM_AT, 0x12345678); /* this one is lost */
	len = cpu_trace(bench->cpu, bytes, sizeof(bytes));
	assert_int_equal(len % 5, 0);
	assert_true(bench_read(bench, ITM_AT) & 1);
	bench_write(bench, ITM_AT + 4, 0x11223344);
	assert_int_equal(cpu_trace(bench->cpu, bytes, sizeof(bytes)), 6);
	assert_int_equal(bytes[0], OVERFLOW);
	assert_int_equal(bytes[1], 0x0b);
	bench_free(bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exceptions_are_traced_as_entered_left_and_returned_to),
		cmocka_unit_test(the_program_counter_is_sampled_at_its_period),
		cmocka_unit_test(slices_do_not_change_the_samples),
		cmocka_unit_test(a_core_asleep_has_samples_of_one_byte),
		cmocka_unit_test(packets_that_found_no_room_are_marked_by_an_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
