/* SPDX-License-Identifier: MIT */
/* From the ITM to the pin: what the trace port makes of the bytes, and at what rate. */
#include "test/emulator/test/lab.h"

static const uint32_t demcr = 0xE000EDFC, dbgmcu_cr = 0xE0042004;
static const uint32_t itm = 0xE0000000, tpiu = 0xE0040000;
enum { TER = 0xE00, TCR = 0xE80, ACPR = 0x10, SPPR = 0xF0, FFCR = 0x304 };
enum { NRZ = 2, MANCHESTER = 1, TRACE_IOEN = 1 << 5, ENFCONT = 1 << 1 };
#define TRCENA        (UINT32_C(1) << 24)
#define HZ            16000000 /* HSI, after reset */
#define SOURCE_ITM    1
#define TCR_SOURCE    (SOURCE_ITM << 16 | 1)
#define WORD          UINT32_C(0x44434241)
#define PACKET_HEADER 0x03 /* port 0, four bytes */

/* A G473 that traces on its pin at 2 MHz. */
static struct lab *
tracing_lab(void)
{
	struct lab *lab = lab_open("g473-custom");

	lab_halt(lab);
	lab_poke(lab, demcr, TRCENA);
	lab_poke(lab, dbgmcu_cr, TRACE_IOEN);
	lab_poke(lab, tpiu + ACPR, HZ / 2000000 - 1);
	lab_poke(lab, tpiu + SPPR, NRZ);
	lab_poke(lab, tpiu + FFCR, 0);
	lab_poke(lab, itm + TER, 1);
	lab_poke(lab, itm + TCR, TCR_SOURCE);
	return lab;
}

static unsigned
heard(struct lab *lab, uint8_t *bytes, uint32_t *baud)
{
	return soc_swo(lab->soc, bytes, 256, baud);
}

static void
bytes_leave_the_pin_at_the_rate_of_acpr(void **state)
{
	struct lab *lab = tracing_lab();
	static const uint8_t expected[] = { PACKET_HEADER, 'A', 'B', 'C', 'D' };
	uint8_t bytes[256];
	uint32_t baud;

	(void)state;
	heard(lab, bytes, &baud);
	lab_poke(lab, itm, WORD);
	wire_advance(lab->wire, 11 * US); /* two bytes of 10 bits at 2 MHz */
	assert_int_equal(heard(lab, bytes, &baud), 2);
	assert_int_equal(baud, 2000000);
	wire_advance(lab->wire, 100 * US);
	assert_int_equal(heard(lab, bytes + 2, &baud), 3);
	assert_memory_equal(bytes, expected, sizeof(expected));
	lab_poke(lab, tpiu + ACPR, HZ / 1000000 - 1);
	heard(lab, bytes, &baud);
	assert_int_equal(baud, 1000000);
	lab_close(lab);
}

static void
nothing_is_heard_unless_the_pin_is_given_to_the_trace(void **state)
{
	struct lab *lab = tracing_lab();
	uint8_t bytes[256];
	uint32_t baud;

	(void)state;
	lab_poke(lab, dbgmcu_cr, 0);
	lab_poke(lab, itm, WORD);
	wire_advance(lab->wire, MS);
	assert_int_equal(heard(lab, bytes, &baud), 0);
	assert_int_equal(baud, 0);
	lab_close(lab);
}

static void
manchester_code_is_not_for_a_uart(void **state)
{
	struct lab *lab = tracing_lab();
	uint8_t bytes[256];
	uint32_t baud;

	(void)state;
	lab_poke(lab, tpiu + SPPR, MANCHESTER);
	lab_poke(lab, itm, WORD);
	wire_advance(lab->wire, MS);
	assert_int_equal(heard(lab, bytes, &baud), 0);
	lab_close(lab);
}

/* Byte 0: the source; then data, with bit 0 of those at even places in the last byte. */
static void
the_formatter_sends_frames_of_sixteen(void **state)
{
	/* 03 41 42 43 44 and so on; bits 0 of 41, 43, 03, 41 and 43 are set. */
	static const uint8_t expected[16] = { 0x03, 0x03, 0x40, 0x42, 0x42, 0x44,
					      0x02, 0x41, 0x42, 0x43, 0x44, 0x03,
					      0x40, 0x42, 0x42, 0xCE };
	struct lab *lab = tracing_lab();
	uint8_t bytes[256];
	uint32_t baud;

	(void)state;
	lab_poke(lab, tpiu + FFCR, ENFCONT);
	for (unsigned i = 0; i < 3; i++)
		lab_poke(lab, itm, WORD);
	wire_advance(lab->wire, MS);
	assert_int_equal(heard(lab, bytes, &baud), 16);
	assert_memory_equal(bytes, expected, sizeof(expected));
	lab_close(lab);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_leave_the_pin_at_the_rate_of_acpr),
		cmocka_unit_test(nothing_is_heard_unless_the_pin_is_given_to_the_trace),
		cmocka_unit_test(manchester_code_is_not_for_a_uart),
		cmocka_unit_test(the_formatter_sends_frames_of_sixteen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
