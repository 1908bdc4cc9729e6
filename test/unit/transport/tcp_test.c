/* SPDX-License-Identifier: MIT */
#include "transport/link/tcp.h"

#include "test/unit/listener.h"
#include "transport/base/clock.h"
#include "transport/base/patience.h"

#include <netdb.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
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

/* Exactly so many bytes, within `ms`. */
static enum cause
receive(uint8_t *bytes, size_t size, uint32_t ms)
{
	struct patience patience = patience_for_ms(ms);
	size_t have = 0;

	return tcp_receive(tcp, bytes, size, &have, &patience, &why);
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
	assert_int_equal(receive(bytes, 5, 1000), CAUSE_NONE);
	assert_memory_equal(bytes, "world", 5);
}

static void
an_answer_in_pieces_is_put_together_and_the_rest_stays(void **state)
{
	uint8_t bytes[4];

	(void)state;
	assert_int_equal(send(peer, "ab", 2, 0), 2);
	assert_int_equal(send(peer, "cdef", 4, 0), 4);
	assert_int_equal(receive(bytes, 4, 1000), CAUSE_NONE);
	assert_memory_equal(bytes, "abcd", 4);
	assert_int_equal(receive(bytes, 2, 1000), CAUSE_NONE);
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
	assert_int_equal(receive(bytes, 4, 30), CAUSE_TIMEOUT);
	assert_true(clock_now_us(clock_host()) - before >= 30000);
	snprintf(words, sizeof(words),
		 "127.0.0.1:%s stopped in the middle of an answer, after 1 of 4 bytes",
		 listener.port);
	assert_string_equal(reason_root(&why), words);
}

static void
a_peer_that_says_nothing_does_not_answer(void **state)
{
	uint8_t bytes[4];
	char words[128];

	(void)state;
	assert_int_equal(receive(bytes, 4, 10), CAUSE_TIMEOUT);
	snprintf(words, sizeof(words), "127.0.0.1:%s does not answer", listener.port);
	assert_string_equal(reason_root(&why), words);
}

static void
what_came_in_vain_is_kept_for_the_next_wait(void **state)
{
	struct patience patience = patience_for_ms(10);
	uint8_t bytes[4];
	size_t have = 0;

	(void)state;
	assert_int_equal(send(peer, "ab", 2, 0), 2);
	assert_int_equal(tcp_receive(tcp, bytes, 4, &have, &patience, &why), CAUSE_TIMEOUT);
	assert_int_equal(have, 2);
	assert_int_equal(send(peer, "cd", 2, 0), 2);
	assert_int_equal(tcp_receive(tcp, bytes, 4, &have, &patience, &why), CAUSE_NONE);
	assert_memory_equal(bytes, "abcd", 4);
}

/* A signal handler calls patience_end() in the middle of it. */
static void
end_by_signal(int number)
{
	(void)number;
	patience_end();
}

static void
a_wait_ends_soon_after_a_signal_and_none_follows(void **state)
{
	const struct sigaction action = { .sa_handler = end_by_signal };
	const struct itimerval soon = { .it_value = { .tv_usec = 50000 } };
	struct deadline deadline = deadline_in_ms(clock_host(), 5000);
	uint8_t bytes[4] = { 0 };

	(void)state;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(receive(bytes, 4, 10000), CAUSE_GONE);
	assert_non_null(
		strstr(reason_root(&why), "did not answer, and tether is shutting"));
	assert_false(deadline_is_over(&deadline));
	assert_true(patience_is_spent());
	assert_int_equal(tcp_send(tcp, bytes, 4, 1000, &why), CAUSE_GONE);
	patience_renew();
}

static void
what_a_healthy_peer_answers_comes_through_while_the_program_ends(void **state)
{
	uint8_t bytes[4];

	(void)state;
	patience_end();
	assert_int_equal(send(peer, "abcd", 4, 0), 4);
	assert_int_equal(receive(bytes, 4, 1000), CAUSE_NONE);
	assert_false(patience_is_spent());
	patience_renew();
}

/* Stands in for the C library's: a name server that does not answer until it is let to. */
static int answers[2];

int
getaddrinfo(const char *host, const char *port, const struct addrinfo *wanted,
	    struct addrinfo **found)
{
	static struct sockaddr_in address;
	static struct addrinfo result;
	char byte;

	if (strcmp(port, "no-such-port") == 0)
		return EAI_SERVICE;
	address = (struct sockaddr_in){ .sin_family = AF_INET,
					.sin_port = htons((uint16_t)atoi(port)),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	result = (struct addrinfo){ .ai_family = AF_INET,
				    .ai_socktype = SOCK_STREAM,
				    .ai_addr = (struct sockaddr *)&address,
				    .ai_addrlen = sizeof(address) };
	*found = &result;
	if (strcmp(host, "127.0.0.1") == 0)
		return 0;
	if ((wanted->ai_flags & AI_NUMERICHOST) != 0)
		return EAI_NONAME;
	return read(answers[0], &byte, 1) == 1 ? 0 : EAI_AGAIN;
}

void
freeaddrinfo(struct addrinfo *addresses)
{
	(void)addresses;
}

static void
a_name_server_that_is_slow_keeps_nobody(void **state)
{
	struct deadline deadline = deadline_in_ms(clock_host(), 2000);
	struct tcp *named = NULL;
	bool done = false;

	(void)state;
	assert_int_equal(pipe(answers), 0);
	assert_int_equal(tcp_begin("probes.example", listener.port, 60000, &named, &why),
			 CAUSE_NONE);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(tcp_finish(named, 15, &done, &why), CAUSE_NONE);
		assert_false(done);
	}
	assert_false(deadline_is_over(&deadline));
	assert_int_equal(write(answers[1], "!", 1), 1);
	while (!done)
		assert_int_equal(tcp_finish(named, 15, &done, &why), CAUSE_NONE);
	tcp_close(named);
}

static void
a_lookup_can_be_given_up(void **state)
{
	struct tcp *named = NULL;
	bool done = false;

	(void)state;
	assert_int_equal(pipe(answers), 0);
	assert_int_equal(tcp_begin("probes.example", listener.port, 30, &named, &why),
			 CAUSE_NONE);
	while (tcp_finish(named, 15, &done, &why) == CAUSE_NONE)
		assert_false(done);
	assert_non_null(strstr(reason_root(&why), "was not found within 30 ms"));
	tcp_close(named);
	assert_int_equal(write(answers[1], "!", 1), 1);
}

static void
an_end_in_the_middle_is_gone(void **state)
{
	uint8_t bytes[4];

	(void)state;
	assert_int_equal(send(peer, "a", 1, 0), 1);
	close(peer);
	peer = -1;
	assert_int_equal(receive(bytes, 4, 1000), CAUSE_GONE);
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
	assert_int_equal(receive(bytes, 4, 1000), CAUSE_GONE);
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
an_unknown_name_is_reported(void **state)
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
		CONNECTED(a_peer_that_says_nothing_does_not_answer),
		CONNECTED(what_came_in_vain_is_kept_for_the_next_wait),
		CONNECTED(a_wait_ends_soon_after_a_signal_and_none_follows),
		CONNECTED(what_a_healthy_peer_answers_comes_through_while_the_program_ends),
		CONNECTED(a_name_server_that_is_slow_keeps_nobody),
		CONNECTED(a_lookup_can_be_given_up),
		CONNECTED(an_end_in_the_middle_is_gone),
		CONNECTED(a_reset_is_gone_and_no_signal_ends_us),
		CONNECTED(a_peer_that_takes_nothing_times_out),
		cmocka_unit_test(nobody_listening_is_this_computers_matter_with_a_remedy),
		cmocka_unit_test(an_unknown_name_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
