/* SPDX-License-Identifier: MIT */
#include "test/unit/server/server_bench.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void
send_raw(struct bench *bench, unsigned client, const char *text)
{
	bench_send_raw(bench, client, text, strlen(text));
}

/* Each closes the connection before any packet in it is carried out. */
static void
what_is_not_gdb_is_closed_at_its_first_bytes(void **state)
{
	static const struct {
		const char *said, *name;
	} rows[] = {
		{ "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "an HTTP request" },
		{ "PUT / HTTP/1.1\r\n\r\n$M20000000,1:77#d4", "an HTTP request" },
		{ "DELETE / HTTP/1.1\r\n\r\n$M20000000,1:77#d4", "an HTTP request" },
		{ "PATCH / HTTP/1.1\r\n\r\n$M20000000,1:77#d4", "an HTTP request" },
		{ "post / HTTP/1.1\r\n\r\n$M20000000,1:77#d4", "an HTTP request" },
		{ "PROPFIND / HTTP/1.1\r\n\r\n", "an HTTP request" },
		{ "+ / HTTP/1.1\r\n\r\n$M20000000,1:77#d4", "an HTTP request" },
		{ "- / HTTP/1.1\r\n\r\n$M20000000,1:77#d4", "an HTTP request" },
		{ "$ / HTTP/1.1\r\n\r\n$M20000000,1:77#d4", "an HTTP request" },
		{ "$ / HTTP/1.1 $M20000000,1:77#d4", "an HTTP request" },
		{ "$?#3f / HTTP/1.1\r\n\r\n$M20000000,1:77#d4", "an HTTP request" },
		{ "\x16\x03\x01\x02", "a TLS handshake" },
		{ "SSH-2.0-OpenSSH_9.2\r\n", "an SSH client" },
		{ "hello $M20000000,1:77#d4", "bytes that are not gdb's protocol" },
	};
	struct bench *bench = *state;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bench->log[0] = '\0';
		bench_connect(bench, i);
		send_raw(bench, i, rows[i].said);
		assert_string_equal(bench_await(bench, i), "(closed)");
		assert_true(bench_logs(bench, rows[i].name));
		bench_close(bench, i);
	}
	assert_has(bench_greet(bench, 20), "T05");
	assert_string_equal(bench_ask(bench, 20, "m20000000,1"), "cd");
}

static void
acknowledges_and_ctrl_c_may_come_first(void **state)
{
	struct bench *bench = *state;

	bench_connect(bench, 0);
	send_raw(bench, 0, "+-\x03");
	assert_string_equal(bench_ask(bench, 0, "qC"), "QC1");
}

static void
a_connection_that_stays_silent_is_ended(void **state)
{
	struct bench *bench = *state;

	bench->server.silence_ms = 20;
	bench_connect(bench, 0);
	send_raw(bench, 0, "+");
	assert_string_equal(bench_await(bench, 0), "(closed)");
	assert_true(bench_logs(bench, "ended before a packet came: no packet within 0."));
	bench_greet(bench, 1);
	bench_send(bench, 1, "vCont;c");
	for (unsigned i = 0; i < 200; i++)
		bench_turn(bench);
	send_raw(bench, 1, "\x03");
	assert_has(bench_await(bench, 1), "T02");
}

static int
connect_and_say_nothing(struct bench *bench)
{
	const struct sockaddr_in where = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)bench->listener.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (const struct sockaddr *)&where, sizeof(where)), 0);
	bench_turn(bench);
	return fd;
}

static bool
is_closed(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static void
of_more_silent_connections_than_are_kept_the_oldest_are_ended(void **state)
{
	struct bench *bench = *state;
	int fds[CLIENTS_MAX + 1];

	bench_greet(bench, 0);
	for (size_t i = 0; i <= CLIENTS_MAX; i++)
		fds[i] = connect_and_say_nothing(bench);
	assert_true(is_closed(fds[0]));
	assert_true(is_closed(fds[1]));
	assert_false(is_closed(fds[2]));
	assert_has(bench->log, "ended before a packet came: refused: there are too many "
			       "clients");
	assert_has(bench_greet(bench, 1), "T05");
	assert_true(is_closed(fds[2]));
	assert_false(is_closed(fds[3]));
	assert_string_equal(bench_ask(bench, 0, "m20000000,1"), "cd");
	for (size_t i = 0; i <= CLIENTS_MAX; i++)
		close(fds[i]);
}

static void
ctrl_c_is_heard_behind_packets_that_wait(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	send_raw(bench, 0, "$c#63$m20000000,4#4f$m20000000,4#4f\x03");
	assert_has(bench_await(bench, 0), "T02thread:1;");
	assert_string_equal(bench_await(bench, 0), "cdcdcdcd");
	assert_string_equal(bench_await(bench, 0), "cdcdcdcd");
}

static void
ctrl_c_is_heard_behind_an_acknowledge_that_waits(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	send_raw(bench, 0, "$c#63$m20000000,4#4f+\x03");
	assert_has(bench_await(bench, 0), "T02thread:1;");
	assert_string_equal(bench_await(bench, 0), "cdcdcdcd");
}

static void
the_byte_of_ctrl_c_inside_a_packet_is_none(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	send_raw(bench, 0, "$m20000000,4#4f$X20000000,1:\x03#74$m20000000,1#4c");
	bench_turn(bench);
	assert_false(bench->fake.core->is_halted);
	send_raw(bench, 0, "\x03");
	assert_has(bench_await(bench, 0), "T02");
	assert_string_equal(bench_await(bench, 0), "cdcdcdcd");
	assert_string_equal(bench_await(bench, 0), "OK");
	assert_string_equal(bench_await(bench, 0), "03");
}

/* Of a packet that is text, and whose end never comes. */
static void
ctrl_c_is_heard_in_a_packet_that_was_cut_short(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	send_raw(bench, 0, "$m2000\x03");
	assert_has(bench_await(bench, 0), "T02");
	assert_string_equal(bench_ask(bench, 0, "m20000000,1"), "cd");
	bench_send(bench, 0, "vCont;c");
	bench_turn(bench);
	send_raw(bench, 0, "$m20000000,4#4f$m2000\x03");
	assert_has(bench_await(bench, 0), "T02");
	assert_string_equal(bench_await(bench, 0), "cdcdcdcd");
	assert_string_equal(bench_ask(bench, 0, "m20000000,1"), "cd");
}

/* A port scanner's: nothing of it is left, and nobody is named. */
static void
a_connection_that_is_reset_before_it_is_accepted_is_none(void **state)
{
	struct bench *bench = *state;
	struct linger at_once = { .l_onoff = 1 };
	struct sockaddr_in where = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)bench->listener.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&where, sizeof(where)), 0);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
	for (unsigned i = 0; i < 20; i++)
		bench_turn(bench);
	assert_string_equal(bench->log, "");
	assert_has(bench_greet(bench, 0), "T05");
}

/* The RST comes right behind the last byte, and both are met by one look. */
static void
a_client_that_crashes_right_after_its_last_byte_has_not_closed(void **state)
{
	struct bench *bench = *state;
	struct linger at_once = { .l_onoff = 1 };

	bench_greet(bench, 0);
	send_raw(bench, 0, "+");
	setsockopt(bench->clients[0].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	bench_close(bench, 0);
	assert_true(bench_logs(bench, "reset the connection: it crashed or was killed"));
}

static void
send_reads(struct bench *bench, unsigned client, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		send_raw(bench, client, "$m20000000,4#4f");
}

static void
a_client_that_wrote_ahead_and_closed_is_ended_and_its_successor_is_first(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	send_raw(bench, 0, "$c#63");
	send_reads(bench, 0, 40 * 1024 / 15);
	bench_close(bench, 0);
	assert_true(bench_logs(bench, "the client closed the connection"));
	bench->fake.core->is_halted = false;
	assert_has(bench_greet(bench, 1), "T05");
	assert_true(bench->fake.core->is_halted);
}

static void
a_client_that_writes_more_ahead_than_is_kept_is_ended(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	send_raw(bench, 0, "$c#63");
	bench_turn(bench);
	send_reads(bench, 0, 100 * 1024 / 15);
	assert_true(bench_logs(bench, "too much ahead of the reply it waits for"));
	assert_has(bench_greet(bench, 1), "T05");
}

static void
packets_sent_before_the_end_are_still_carried_out(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench_greet(bench, 1);
	send_reads(bench, 0, 20);
	send_raw(bench, 0, "$M20000000,1:77#d4");
	bench_close(bench, 0);
	bench_turn(bench);
	assert_string_equal(bench_ask(bench, 1, "m20000000,1"), "77");
}

/* The flood is 20000 reads of 16 KiB: seconds of work. */
static void
a_client_that_floods_delays_no_other(void **state)
{
	struct bench *bench = *state;
	struct deadline patience;

	bench_greet(bench, 0);
	bench_greet(bench, 1);
	for (unsigned i = 0; i < 3000; i++)
		bench_send_raw(bench, 0, "$m20000000,4000#df", 18);
	bench_close(bench, 0);
	patience = deadline_in_ms(clock_host(), 100);
	assert_string_equal(bench_ask(bench, 1, "m20000000,1"), "cd");
	assert_false(deadline_is_over(&patience));
}

static size_t
bytes_read(struct bench *bench, unsigned client, const char *packet)
{
	return strlen(bench_ask(bench, client, packet)) / 2;
}

/* How long a call to the probe took on average, by the probe's clock. */
static uint64_t
us_a_call(struct bench *bench, const char *packet)
{
	struct fake_probe *probe = bench->fake.probe;
	uint64_t began_us = probe->now_us;
	unsigned calls = probe->calls;

	assert_in_range(bytes_read(bench, 0, packet), 4, 0x2000);
	calls = probe->calls - calls;
	assert_true(calls > 0);
	return (probe->now_us - began_us) / (calls > 0 ? calls : 1);
}

/* At 4 MHz a word takes SWD 11.5 us. gdb asks for the rest of a short reply. */
static void
calls_are_long_only_where_no_other_client_is_served(void **state)
{
	struct bench *bench = *state;

	bench->fake.probe->probe.clock_hz = 4000000;
	bench->fake.probe->access_us = 11;
	bench_greet(bench, 0);
	assert_in_range(us_a_call(bench, "m20000000,2000"), 10000, 20000);
	bench_greet(bench, 1);
	assert_string_equal(bench_ask(bench, 1, "m20000000,1"), "cd");
	assert_in_range(us_a_call(bench, "m20000000,2000"), 2500, 5100);
}

/* At 100 kHz a word takes SWD 460 us: 8 KiB at once would hold everybody up for a second. */
static void
a_call_reads_no_more_than_the_clock_carries_in_20_ms(void **state)
{
	struct bench *bench = *state;

	bench_greet(bench, 0);
	bench->fake.probe->probe.clock_hz = 100000;
	bench->fake.probe->access_us = 460;
	assert_in_range(us_a_call(bench, "m20000000,2000"), 10000, 21000);
	bench->fake.probe->probe.clock_hz = 1000;
	assert_int_equal(bytes_read(bench, 0, "m20000000,4"), 4);
}

/* It was looked for by reading all that is before it, again and again: 13 times. */
static void
the_edge_of_memory_is_found_by_reading_no_byte_twice(void **state)
{
	struct bench *bench = *state;
	struct fake_probe *probe = bench->fake.probe;
	unsigned before;

	bench_greet(bench, 0);
	before = probe->accesses;
	assert_int_equal(bytes_read(bench, 0, "m20012c00,1800"), 0x1400);
	assert_in_range(probe->accesses - before, 0x1400 / 4, 3 * 0x1400 / 4);
}

/* It gets no more replies than fit, and the server does not keep the rest in memory. */
static void
a_client_that_does_not_read_is_answered_no_further(void **state)
{
	struct bench *bench = *state;
	struct client *client;
	uint64_t before;

	bench_greet(bench, 0);
	client = bench_client(bench);
	for (unsigned i = 0; i < 3000; i++)
		send(bench->clients[0].fd, "$m20000000,1000#dc", 18, 0);
	for (unsigned i = 0; i < 1000; i++)
		bench_turn(bench);
	before = client->connection.chronicle.packets_out;
	bench_turn(bench);
	assert_int_equal(client->connection.chronicle.packets_out, before);
	assert_true(before < 3000);
	assert_has(bench_greet(bench, 1), "T05");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(what_is_not_gdb_is_closed_at_its_first_bytes),
		BENCH_TEST(acknowledges_and_ctrl_c_may_come_first),
		BENCH_TEST(a_connection_that_stays_silent_is_ended),
		BENCH_TEST(of_more_silent_connections_than_are_kept_the_oldest_are_ended),
		BENCH_TEST(ctrl_c_is_heard_behind_packets_that_wait),
		BENCH_TEST(ctrl_c_is_heard_behind_an_acknowledge_that_waits),
		BENCH_TEST(the_byte_of_ctrl_c_inside_a_packet_is_none),
		BENCH_TEST(ctrl_c_is_heard_in_a_packet_that_was_cut_short),
		BENCH_TEST(a_connection_that_is_reset_before_it_is_accepted_is_none),
		BENCH_TEST(a_client_that_crashes_right_after_its_last_byte_has_not_closed),
		BENCH_TEST(
			a_client_that_wrote_ahead_and_closed_is_ended_and_its_successor_is_first),
		BENCH_TEST(a_client_that_writes_more_ahead_than_is_kept_is_ended),
		BENCH_TEST(packets_sent_before_the_end_are_still_carried_out),
		BENCH_TEST(a_client_that_floods_delays_no_other),
		BENCH_TEST(calls_are_long_only_where_no_other_client_is_served),
		BENCH_TEST(a_call_reads_no_more_than_the_clock_carries_in_20_ms),
		BENCH_TEST(the_edge_of_memory_is_found_by_reading_no_byte_twice),
		BENCH_TEST(a_client_that_does_not_read_is_answered_no_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
