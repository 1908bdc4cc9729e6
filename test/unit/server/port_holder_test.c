/* SPDX-License-Identifier: MIT */
#include "server/session/listener.h"
#include "server/session/port_holder.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void
the_process_that_listens_is_named_with_its_pid(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	char buffer[128], pid[32];
	struct text words;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	text_init(&words, buffer, sizeof(buffer));
	assert_false(port_holder(ntohs(address.sin_port), &words));

	assert_int_equal(listen(fd, 1), 0);
	assert_true(port_holder(ntohs(address.sin_port), &words));
	snprintf(pid, sizeof(pid), "(pid %d)", (int)getpid());
	assert_non_null(strstr(buffer, pid));
	assert_non_null(strstr(buffer, "port_holder"));
	close(fd);
}

/* One that this program has closed first, without SO_REUSEADDR: it keeps the port from all
 * others for a minute. */
static unsigned
port_in_time_wait(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM, 0), client, accepted;
	char byte;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(listen(listening, 1), 0);
	client = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
	accepted = accept(listening, NULL, NULL);
	close(listening);
	close(accepted);
	assert_int_equal(recv(client, &byte, sizeof(byte), 0), 0);
	close(client);
	return ntohs(address.sin_port);
}

static void
a_connection_that_has_ended_is_distinguished_from_a_program(void **state)
{
	struct reason why = REASON_INIT;
	unsigned port = port_in_time_wait();

	(void)state;
	assert_int_equal(listener_check("--port", "127.0.0.1", port, &why), CAUSE_HOST);
	assert_non_null(strstr(reason_root(&why), "TIME-WAIT"));
	assert_null(strstr(reason_root(&why), "another program"));
}

static void
an_open_connection_is_named_as_one(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM, 0), client, accepted;
	char buffer[128];
	struct text words;

	(void)state;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(listen(listening, 1), 0);
	client = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
	accepted = accept(listening, NULL, NULL);
	close(listening);
	text_init(&words, buffer, sizeof(buffer));
	assert_true(port_holder(ntohs(address.sin_port), &words));
	assert_non_null(strstr(buffer, "a connection of port_holder"));
	close(client);
	close(accepted);
}

static void
addresses_that_other_computers_reach_are_known(void **state)
{
	(void)state;
	assert_false(listener_is_exposed("127.0.0.1"));
	assert_false(listener_is_exposed("127.1.2.3"));
	assert_false(listener_is_exposed("::1"));
	assert_false(listener_is_exposed("::ffff:127.0.0.1"));
	assert_true(listener_is_exposed("::ffff:192.168.1.5"));
	assert_true(listener_is_exposed("0.0.0.0"));
	assert_true(listener_is_exposed("192.168.1.5"));
	assert_true(listener_is_exposed("::"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_process_that_listens_is_named_with_its_pid),
		cmocka_unit_test(
			a_connection_that_has_ended_is_distinguished_from_a_program),
		cmocka_unit_test(an_open_connection_is_named_as_one),
		cmocka_unit_test(addresses_that_other_computers_reach_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
