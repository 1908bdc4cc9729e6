/* SPDX-License-Identifier: MIT */
#include "server/session/obituary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct chronicle chronicle;
static char buffer[2048];
static enum finding suspected;

static int
fresh_chronicle(void **state)
{
	(void)state;
	chronicle = (struct chronicle){ .begun_us = 1000000 };
	suspected = FINDING_NONE;
	return 0;
}

static void
packet(char direction, const char *bytes)
{
	chronicle_packet(&chronicle, direction, bytes, strlen(bytes));
}

static void
junk(const char *bytes)
{
	chronicle_junk(&chronicle, (const uint8_t *)bytes, strlen(bytes));
}

static const char *
obituary(enum ender ender, const char *fate)
{
	struct text text;

	struct obituary obituary = {
		.ender = ender,
		.client = "127.0.0.1:4711",
		.core = "cm4",
		.fate = fate,
		.suspected = suspected,
		.now_us = 13345678,
	};

	text_init(&text, buffer, sizeof(buffer));
	obituary_write(&chronicle, &obituary, &text);
	return buffer;
}

static void
an_orderly_end_is_one_line(void **state)
{
	(void)state;
	packet('>', "D");
	packet('<', "OK");
	assert_string_equal(
		obituary(ENDED_BY_DETACH, "breakpoints removed, the core runs"),
		"session of 127.0.0.1:4711 on cm4 ended after 12.3 s, 1 packet: "
		"the client detached (D); breakpoints removed, the core runs");
}

static void
another_end_shows_the_last_packets_and_the_remedy(void **state)
{
	(void)state;
	packet('>', "g");
	packet('<', "00000000");
	suspected = FINDING_F8;
	assert_string_equal(
		obituary(ENDED_BY_CLOSE, ""),
		"session of 127.0.0.1:4711 on cm4 ended after 12.3 s, 1 packet: "
		"the client closed the connection\n"
		"  last packets (> from the client, < to it):\n"
		"    > g\n"
		"    < 00000000\n"
		"  probably the gdb or the program is for another architecture\n"
		"  try: use gdb-multiarch or arm-none-eabi-gdb and a program for this "
		"core");
}

/* What is certain is said by the lines above: the remedy stands alone. */
static void
of_a_stranger_the_log_has_the_remedy(void **state)
{
	(void)state;
	junk("GET / HTTP/1.1");
	suspected = FINDING_F2;
	assert_string_equal(
		obituary(ENDED_BY_STRANGER, ""),
		"connection of 127.0.0.1:4711 to cm4 ended before a packet came: "
		"it sent an HTTP request\n"
		"  first bytes: GET / HTTP/1.1\n"
		"  try: connect with gdb: target remote");
}

static void
the_last_request_is_found_behind_replies(void **state)
{
	(void)state;
	assert_string_equal(chronicle_last_request(&chronicle), "");
	packet('>', "g");
	packet('<', "00");
	packet('<', "O41");
	assert_string_equal(chronicle_last_request(&chronicle), "g");
}

static void
only_the_last_packets_are_kept_in_order(void **state)
{
	char bytes[16];

	(void)state;
	for (int i = 0; i < 20; i++) {
		snprintf(bytes, sizeof(bytes), "p%d", i);
		packet('>', bytes);
	}
	assert_null(strstr(obituary(ENDED_BY_CLOSE, ""), "> p13"));
	assert_non_null(strstr(buffer, "    > p14\n    > p15\n    > p16\n    > p17\n"
				       "    > p18\n    > p19"));
	assert_non_null(strstr(buffer, "12.3 s, 20 packets: "));
}

static void
long_and_binary_packets_are_cut_and_made_printable(void **state)
{
	(void)state;
	chronicle_packet(&chronicle, '>', "X20000000,2:\x01\xff", 14);
	packet('<',
	       "0123456789012345678901234567890123456789012345678901234567890123456789");
	assert_non_null(strstr(obituary(ENDED_BY_CLOSE, ""), "> X20000000,2:.."));
	assert_non_null(strstr(buffer, "0123..."));
}

static void
console_text_is_readable(void **state)
{
	(void)state;
	packet('>', "c");
	packet('<', "O6c6f73740a");
	packet('<', "OK");
	assert_non_null(strstr(obituary(ENDED_BY_PROBE, ""), "    < console: lost.\n"));
	assert_non_null(strstr(buffer, ": the probe is gone\n"));
	assert_non_null(strstr(buffer, "    < OK"));
}

static void
a_port_scan_is_one(void **state)
{
	(void)state;
	assert_string_equal(
		obituary(ENDED_BY_CLOSE, ""),
		"connection of 127.0.0.1:4711 to cm4 ended before a packet came: "
		"it sent nothing (a port scan, or a check whether the server "
		"runs)");
}

static void
strangers_are_named_by_how_they_begin(void **state)
{
	static const struct {
		const char *said, *name;
	} rows[] = {
		{ "GET / HTTP/1.1\r\n", "an HTTP request" },
		{ "DELETE /x", "an HTTP request" },
		{ "propfind / HTTP/1.0\r\n", "an HTTP request" },
		{ "+ / HTTP/1.1\r\n", "an HTTP request" },
		{ "SSH-2.0-OpenSSH", ": it is an SSH client\n" },
		{ "\x16\x03\x01", "a TLS handshake" },
		{ "hello", "bytes that are not gdb's protocol" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fresh_chronicle(NULL);
		junk(rows[i].said);
		assert_non_null(strstr(obituary(ENDED_BY_STRANGER, ""), rows[i].name));
	}
	assert_non_null(strstr(buffer, "it sent bytes that are not gdb's protocol\n"
				       "  first bytes: hello"));
}

static void
too_many_clients_is_no_fault_of_theirs(void **state)
{
	(void)state;
	assert_string_equal(
		obituary(ENDED_BY_CROWD, ""),
		"connection of 127.0.0.1:4711 to cm4 ended before a packet came: "
		"refused: there are too many clients");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_orderly_end_is_one_line, fresh_chronicle),
		cmocka_unit_test_setup(another_end_shows_the_last_packets_and_the_remedy,
				       fresh_chronicle),
		cmocka_unit_test_setup(of_a_stranger_the_log_has_the_remedy,
				       fresh_chronicle),
		cmocka_unit_test_setup(the_last_request_is_found_behind_replies,
				       fresh_chronicle),
		cmocka_unit_test_setup(only_the_last_packets_are_kept_in_order,
				       fresh_chronicle),
		cmocka_unit_test_setup(long_and_binary_packets_are_cut_and_made_printable,
				       fresh_chronicle),
		cmocka_unit_test_setup(console_text_is_readable, fresh_chronicle),
		cmocka_unit_test_setup(a_port_scan_is_one, fresh_chronicle),
		cmocka_unit_test_setup(strangers_are_named_by_how_they_begin,
				       fresh_chronicle),
		cmocka_unit_test_setup(too_many_clients_is_no_fault_of_theirs,
				       fresh_chronicle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
