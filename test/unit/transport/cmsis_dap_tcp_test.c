/* SPDX-License-Identifier: MIT */
#include "test/unit/listener.h"
#include "transport/base/bytes.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { HEAD = 8 };

/* A server that answers what it is asked with what the test has set, each byte by itself. */
struct server {
	struct listener listener;
	pthread_t thread;
	const char *const *answers; /* whole frames in hexadecimal; NULL ends, and closes */
	uint8_t requests[8][64];
	size_t sizes[8], len;
};

static bool
take(int fd, uint8_t *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = recv(fd, bytes + done, size - done, 0);

		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static void
give(int fd, const char *digits)
{
	while (*digits != '\0') {
		uint8_t byte;

		if (*digits == ' ') {
			digits++;
			continue;
		}
		hex_decode(&byte, digits, 1);
		send(fd, &byte, 1, MSG_NOSIGNAL);
		digits += 2;
	}
}

static void *
serve(void *context)
{
	struct server *server = context;
	int fd = listener_accept(&server->listener);

	for (size_t i = 0; server->answers[i] != NULL; i++) {
		uint8_t *request = server->requests[i];
		size_t size;

		if (!take(fd, request, HEAD))
			break;
		size = le16_get(request + 4);
		if (!take(fd, request + HEAD, size))
			break;
		server->sizes[i] = HEAD + size;
		server->len = i + 1;
		give(fd, server->answers[i]);
	}
	close(fd);
	return NULL;
}

static struct server server;
static struct reason why;

static enum cause
open_at_server(const char *const *answers, struct probe **probe)
{
	enum cause cause;
	char spec[64];

	memset(&server, 0, sizeof(server));
	why = (struct reason)REASON_INIT;
	server.answers = answers;
	listener_open(&server.listener);
	assert_int_equal(pthread_create(&server.thread, NULL, serve, &server), 0);
	snprintf(spec, sizeof(spec), "cmsis-dap-tcp:127.0.0.1:%s", server.listener.port);
	cause = probe_open(spec, clock_host(), probe, &why);
	if (cause != CAUSE_NONE)
		pthread_join(server.thread, NULL);
	return cause;
}

static void
close_server(struct probe *probe)
{
	probe_close(probe);
	pthread_join(server.thread, NULL);
	listener_close(&server.listener);
}

static void
packets_travel_in_frames_that_may_come_in_pieces(void **state)
{
	static const char *const answers[] = {
		"44415000 0300 02 00 000104",
		"44415000 0400 02 00 00020004",
		"44415000 0300 02 00 000104",
		"44415000 0300 02 00 000101",
		"44415000 0400 02 00 00023900",
		"44415000 0400 02 00 00023200",
		NULL,
	};
	static const uint8_t first[] = { 'D', 'A', 'P', 0, 2, 0, 1, 0, 0x00, 0xfe };
	struct probe *probe;

	(void)state;
	assert_int_equal(open_at_server(answers, &probe), CAUSE_NONE);
	assert_int_equal(server.sizes[0], sizeof(first));
	assert_memory_equal(server.requests[0], first, sizeof(first));
	assert_string_equal(probe->identity.kind, "CMSIS-DAP");
	assert_string_equal(probe->identity.serial, "9");
	assert_string_equal(probe->identity.firmware, "2");
	assert_int_equal(cmsis_dap_of(probe)->wire.packet_size, 1024);
	assert_int_equal(cmsis_dap_of(probe)->wire.packet_count, 4);
	close_server(probe);
}

static void
a_server_of_something_else_is_recognised_by_its_bytes(void **state)
{
	static const char *const answers[] = { "485454502f312e31 20343030", NULL };
	struct probe *probe;

	(void)state;
	assert_int_equal(open_at_server(answers, &probe), CAUSE_GONE);
	listener_close(&server.listener);
	assert_non_null(strstr(reason_root(&why), "what came is no CMSIS-DAP response: it "
						  "begins with 485454502f312e31"));
}

static void
a_server_that_closes_is_gone(void **state)
{
	static const char *const answers[] = { "44415000 0300 02 00 0001", NULL };
	struct probe *probe;

	(void)state;
	assert_int_equal(open_at_server(answers, &probe), CAUSE_GONE);
	listener_close(&server.listener);
	assert_non_null(strstr(reason_root(&why), "closed the connection"));
}

static void
a_frame_longer_than_any_packet_is_refused(void **state)
{
	static const char *const answers[] = { "44415000 0104 02 00", NULL };
	struct probe *probe;

	(void)state;
	assert_int_equal(open_at_server(answers, &probe), CAUSE_GONE);
	listener_close(&server.listener);
	assert_non_null(strstr(reason_root(&why), "4441500001040200"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_travel_in_frames_that_may_come_in_pieces),
		cmocka_unit_test(a_server_of_something_else_is_recognised_by_its_bytes),
		cmocka_unit_test(a_server_that_closes_is_gone),
		cmocka_unit_test(a_frame_longer_than_any_packet_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
