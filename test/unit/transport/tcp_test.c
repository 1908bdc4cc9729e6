/* SPDX-License-Identifier: MIT */
#include "transport/link/tcp.h"

#include "test/unit/listener.h"
#include "transport/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct reason why;
static struct listener listener;
static struct tcp *tcp;
static int peer;

/* A connection: ours is `tcp`, the other end is the socket `peer`. */
static int
connect_both(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	listener_open(&listener);
	if (tcp_open("127.0.0.1", listener.port, 1000, &tcp, &why) != CAUSE_NONE)
		return 1;
	peer = listener_accept(&listener);
	return 0;
}

static int
close_both(void **state)
{
	(void)state;
	tcp_close(tcp);
	if (peer >= 0)
		close(peer);
	listener_close(&listener);
	return 0;
}

static void
bytes_go_both_ways(void **state)
{
	uint8_t bytes[5] = { 0 };

	(void)state;
	assert_int_equal(tcp_send(tcp, (const uint8_t *)"hello", 5, 1000, &why),
			 CAUSE_NONE);
	assert_int_equal(recv(peer, bytes, 5, MSG_WAITALL), 5);
	assert_memory_equal(bytes, "hello", 5);
	assert_int_equal(send(peer, "world", 5, 0), 5);
	assert_int_equal(tcp_receive(tcp, bytes, 5, 1000, &why), CAUSE_NONE);
	assert_memory_equal(bytes, "world", 5);
}

static void
an_answer_in_pieces_is_put_together_and_the_rest_stays(void **state)
{
	uint8_t bytes[4];

	(void)state;
	assert_int_equal(send(peer, "ab", 2, 0), 2);
	assert_int_equal(send(peer, "cdef", 4, 0), 4);
	assert_int_equal(tcp_receive(tcp, bytes, 4, 1000, &why), CAUSE_NONE);
	assert_memory_equal(bytes, "abcd", 4);
	assert_int_equal(tcp_receive(tcp, bytes, 2, 1000, &why), CAUSE_NONE);
	assert_memory_equal(bytes, "ef", 2);
}

static void
silence_times_out_when_the_time_is_over(void **state)
{
	uint64_t before = clock_now_us(clock_host());
	uint8_t bytes[4];
	char words[128];

	(void)state;
	assert_int_equal(send(peer, "a", 1, 0), 1);
	assert_int_equal(tcp_receive(tcp, bytes, 4, 30, &why), CAUSE_TIMEOUT);
	assert_true(clock_now_us(clock_host()) - before >= 30000);
	snprintf(words, sizeof(words), "127.0.0.1:%s sent 1 of 4 bytes within 30 ms",
		 listener.port);
	assert_string_equal(reason_root(&why), words);
}

static void
an_end_in_the_middle_is_gone(void **state)
{
	uint8_t bytes[4];

	(void)state;
	assert_int_equal(send(peer, "a", 1, 0), 1);
	close(peer);
	peer = -1;
	assert_int_equal(tcp_receive(tcp, bytes, 4, 1000, &why), CAUSE_GONE);
	assert_non_null(strstr(reason_root(&why), "closed the connection"));
}

static void
a_reset_is_gone_and_no_signal_ends_us(void **state)
{
	struct linger at_once = { .l_onoff = 1 };
	uint8_t bytes[4] = { 0 };

	(void)state;
	setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(peer);
	peer = -1;
	assert_int_equal(tcp_receive(tcp, bytes, 4, 1000, &why), CAUSE_GONE);
	assert_non_null(strstr(reason_root(&why), "broke"));
	assert_int_equal(tcp_send(tcp, bytes, 4, 1000, &why), CAUSE_GONE);
}

static void
a_peer_that_takes_nothing_times_out(void **state)
{
	static uint8_t lots[64 * 1024 * 1024];

	(void)state;
	assert_int_equal(tcp_send(tcp, lots, sizeof(lots), 50, &why), CAUSE_TIMEOUT);
	assert_non_null(strstr(reason_root(&why), "within 50 ms"));
}

static void
nobody_listening_is_this_computers_matter_with_a_remedy(void **state)
{
	struct listener gone;

	(void)state;
	why = (struct reason)REASON_INIT;
	listener_open(&gone);
	listener_close(&gone);
	assert_int_equal(tcp_open("127.0.0.1", gone.port, 1000, &tcp, &why), CAUSE_HOST);
	assert_non_null(strstr(reason_root(&why), "refused"));
	assert_non_null(strstr(reason_remedy(&why), "start the probe server"));
}

static void
a_name_that_is_none_is_told(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	assert_int_equal(tcp_open("127.0.0.1", "no-such-port", 1000, &tcp, &why),
			 CAUSE_HOST);
	assert_non_null(
		strstr(reason_root(&why), "\"127.0.0.1:no-such-port\" is no address"));
	tcp_close(NULL);
}

#define CONNECTED(test) cmocka_unit_test_setup_teardown(test, connect_both, close_both)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONNECTED(bytes_go_both_ways),
		CONNECTED(an_answer_in_pieces_is_put_together_and_the_rest_stays),
		CONNECTED(silence_times_out_when_the_time_is_over),
		CONNECTED(an_end_in_the_middle_is_gone),
		CONNECTED(a_reset_is_gone_and_no_signal_ends_us),
		CONNECTED(a_peer_that_takes_nothing_times_out),
		cmocka_unit_test(nobody_listening_is_this_computers_matter_with_a_remedy),
		cmocka_unit_test(a_name_that_is_none_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
