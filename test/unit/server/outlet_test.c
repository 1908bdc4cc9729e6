/* SPDX-License-Identifier: MIT */
/*
 * What readers of an outlet send while the target takes nothing: more than is kept waits in their
 * sockets, all of it comes in order, and one that closes its connection is noticed.
 */
#include "server/live/outlet.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { MUCH = OUTLET_WAITING + 4096 };

static struct outlet outlet;
static uint8_t sent[MUCH], came[MUCH];
static size_t came_len;
static bool takes_more;

static bool
hear(void *context, const uint8_t *bytes, size_t len)
{
	(void)context;
	assert_true(came_len + len <= MUCH);
	memcpy(came + came_len, bytes, len);
	came_len += len;
	return takes_more;
}

static int
connect_reader(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)outlet.listener.port) };
	int reader = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(reader, (struct sockaddr *)&at, sizeof(at)), 0);
	while (outlet.readers[0] == NULL)
		uv_run(outlet.loop, UV_RUN_ONCE);
	return reader;
}

static int
set_up(void **state)
{
	struct reason why = REASON_INIT;

	(void)state;
	came_len = 0;
	takes_more = false;
	for (size_t i = 0; i < MUCH; i++)
		sent[i] = (uint8_t)(i * 7 + i / 251);
	outlet = (struct outlet){ .what = "RTT", .heard = hear };
	return outlet_begin(&outlet, uv_default_loop(), "--rtt-port", "127.0.0.1", 0,
			    &why) == CAUSE_NONE
		       ? 0
		       : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	outlet_end(&outlet);
	uv_run(outlet.loop, UV_RUN_DEFAULT);
	return 0;
}

static void
a_reader_that_closes_while_nothing_is_taken_gives_its_place_back(void **state)
{
	int reader = connect_reader();

	(void)state;
	assert_int_equal(write(reader, sent, 1000), 1000);
	close(reader);
	while (outlet.readers[0] != NULL)
		uv_run(outlet.loop, UV_RUN_ONCE);
	takes_more = true;
	outlet_go_on(&outlet);
	assert_int_equal(came_len, 1000);
	assert_memory_equal(came, sent, 1000);
}

static void
more_than_is_kept_waits_and_comes_in_order(void **state)
{
	int reader = connect_reader();

	(void)state;
	assert_int_equal(write(reader, sent, MUCH), MUCH);
	while (!outlet.is_held)
		uv_run(outlet.loop, UV_RUN_ONCE);
	takes_more = true;
	while (came_len < MUCH) {
		outlet_go_on(&outlet);
		if (came_len < MUCH)
			uv_run(outlet.loop, UV_RUN_ONCE);
	}
	assert_memory_equal(came, sent, MUCH);
	close(reader);
}

int
main(void)
{
#define TEST(name_) cmocka_unit_test_setup_teardown(name_, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_reader_that_closes_while_nothing_is_taken_gives_its_place_back),
		TEST(more_than_is_kept_waits_and_comes_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
