/* SPDX-License-Identifier: MIT */
#include "server/session/obituary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct chronicle chronicle;
static char buffer[2048];

static int
fresh_chronicle(void **state)
{
	(void)state;
	chronicle = (struct chronicle){ .begun_us = 1000000 };
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

	text_init(&text, buffer, sizeof(buffer));
	obituary_write(&chronicle, ender, "127.0.0.1:4711", "cm4", fate, 13345678, &text);
	return buffer;
}

static void
a_session_ends_with_who_how_long_and_why(void **state)
{
	(void)state;
	packet('>', "D");
	packet('<', "OK");
	assert_string_equal(obituary(ENDED_BY_DETACH, "breakpoints removed, the core runs"),
			    "session of 127.0.0.1:4711 on cm4 ended after 12.3 s: the "
			    "client detached (D)\n"
			    "  1 packets in, 1 out; breakpoints removed, the core runs\n"
			    "  last packets (> from the client, < to it):\n"
			    "    > D\n"
			    "    < OK");
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
	assert_null(strstr(obituary(ENDED_BY_CLOSE, NULL), "> p13"));
	assert_non_null(strstr(buffer, "    > p14\n    > p15\n    > p16\n    > p17\n"
				       "    > p18\n    > p19"));
	assert_non_null(strstr(buffer, "20 packets in, 0 out"));
}

static void
long_and_binary_packets_are_cut_and_made_printable(void **state)
{
	(void)state;
	chronicle_packet(&chronicle, '>', "X20000000,2:\x01\xff", 14);
	packet('<',
	       "0123456789012345678901234567890123456789012345678901234567890123456789");
	assert_non_null(strstr(obituary(ENDED_BY_CLOSE, NULL), "> X20000000,2:.."));
	assert_non_null(strstr(buffer, "0123..."));
}

static void
console_text_is_readable(void **state)
{
	(void)state;
	packet('>', "c");
	packet('<', "O6c6f73740a");
	packet('<', "OK");
	assert_non_null(strstr(obituary(ENDED_BY_PROBE, NULL), "    < console: lost.\n"));
	assert_non_null(strstr(buffer, ": the probe is gone\n"));
	assert_non_null(strstr(buffer, "    < OK"));
}

static void
a_port_scan_is_one(void **state)
{
	(void)state;
	assert_string_equal(obituary(ENDED_BY_CLOSE, NULL),
			    "connection of 127.0.0.1:4711 came to no session: not a byte "
			    "was sent (a port scan, or a look whether the server is up)");
}

static void
strangers_are_known_by_how_they_begin(void **state)
{
	(void)state;
	junk("GE");
	assert_false(chronicle_is_stranger(&chronicle));
	junk("T / HTTP/1.1\r\n");
	assert_true(chronicle_is_stranger(&chronicle));
	assert_string_equal(obituary(ENDED_BY_GARBAGE, NULL),
			    "connection of 127.0.0.1:4711 came to no session: it sent an "
			    "HTTP request, this port speaks gdb's protocol\n"
			    "  it began: GET / HTTP/1.1..");
}

static void
junk_without_a_name_is_counted(void **state)
{
	(void)state;
	junk("hello\033");
	assert_non_null(strstr(obituary(ENDED_BY_CLOSE, NULL),
			       "6 bytes but no packet of gdb's protocol\n"
			       "  it began: hello."));
}

static void
too_many_clients_is_no_fault_of_theirs(void **state)
{
	(void)state;
	assert_string_equal(obituary(ENDED_BY_CROWD, NULL),
			    "connection of 127.0.0.1:4711 came to no session: refused: "
			    "there are too many clients");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_session_ends_with_who_how_long_and_why,
				       fresh_chronicle),
		cmocka_unit_test_setup(only_the_last_packets_are_kept_in_order,
				       fresh_chronicle),
		cmocka_unit_test_setup(long_and_binary_packets_are_cut_and_made_printable,
				       fresh_chronicle),
		cmocka_unit_test_setup(console_text_is_readable, fresh_chronicle),
		cmocka_unit_test_setup(a_port_scan_is_one, fresh_chronicle),
		cmocka_unit_test_setup(strangers_are_known_by_how_they_begin,
				       fresh_chronicle),
		cmocka_unit_test_setup(junk_without_a_name_is_counted, fresh_chronicle),
		cmocka_unit_test_setup(too_many_clients_is_no_fault_of_theirs,
				       fresh_chronicle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
