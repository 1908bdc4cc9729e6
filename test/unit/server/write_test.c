/* SPDX-License-Identifier: MIT */
/*
 * write_test.c - M and X into RAM: in pieces between which others are served, whole at the end.
 */
#include "test/unit/server/server_bench.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { RAM = 0x20000000, LEN = 12000, SLOW_HZ = 100000 };

/* An X packet of `len` bytes 'a' to 'z', which need no escape. */
static void
send_x(struct bench *bench, unsigned client, uint32_t at, size_t len)
{
	static char packet[LEN + 64];
	int head = snprintf(packet, sizeof(packet), "X%08x,%zx:", (unsigned)at, len);

	for (size_t i = 0; i < len; i++)
		packet[(size_t)head + i] = (char)('a' + i % 26);
	packet[(size_t)head + len] = '\0';
	bench_send(bench, client, packet);
}

static void
others_are_served_between_the_pieces_of_a_long_write(void **state)
{
	struct bench *bench = *state;
	uint8_t *ram = bench->fake.ram;

	bench_greet(bench, 0);
	bench_greet(bench, 1);
	bench->fake.probe->probe.clock_hz = SLOW_HZ;
	send_x(bench, 0, RAM + 1, LEN);
	while (strcmp(bench_ask(bench, 1, "m20000001,2"), "6162") != 0)
		assert_string_equal(bench->clients[1].reply, "cdcd");
	assert_int_equal(ram[LEN], 0xcd);
	assert_string_equal(bench_await(bench, 0), "OK");
	for (size_t i = 0; i < LEN; i++)
		assert_int_equal(ram[1 + i], 'a' + i % 26);
	assert_int_equal(ram[LEN + 1], 0xcd);
}

static void
a_long_write_into_a_hole_is_an_error_with_its_address(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench->fake.probe->probe.clock_hz = SLOW_HZ;
	send_x(bench, 0, RAM + 0x14000 - LEN / 2, LEN);
	assert_string_equal(bench_await(bench, 0), "E0e");
	bench_monitor(bench, 0, "why");
	assert_non_null(strstr(bench->clients[0].console, "at 0x20014000"));
}

static void
a_write_does_not_go_on_at_the_beginning_of_memory(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	assert_string_equal(bench_ask(bench, 0, "Mfffffffe,4:01020304"), "E16");
	bench_monitor(bench, 0, "why");
	assert_non_null(strstr(bench->clients[0].console, "goes beyond the end of memory"));
}

static const struct CMUnitTest tests[] = {
	BENCH_TEST(others_are_served_between_the_pieces_of_a_long_write),
	BENCH_TEST(a_long_write_into_a_hole_is_an_error_with_its_address),
	BENCH_TEST(a_write_does_not_go_on_at_the_beginning_of_memory),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
