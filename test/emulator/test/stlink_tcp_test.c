/* SPDX-License-Identifier: MIT */
/* stlink-server's requests, as OpenOCD sends them, and what no client should send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/test/fake_function.h"
#include "test/emulator/test/tcp_client.h"

enum { OK = 1 };

static struct fake_function fake;

static uint32_t
open_probe(int fd)
{
	const uint8_t info[8] = { 2, 0, 0, 0, 41 };
	uint8_t open[8] = { 3 };
	assert_int_equal(converse(fd, info, 8), 45);
	memcpy(open + 4, reply + 4, 4);
	assert_int_equal(converse(fd, open, 8), 8);
	assert_int_equal(le32_get(reply), OK);
	return le32_get(reply + 4);
}

static size_t
usb_request(uint8_t *request, uint32_t id, uint8_t command, uint8_t direction,
	    uint32_t size)
{
	memset(request, 0, 32);
	request[0] = 5;
	le32_put(request + 4, id);
	request[8] = command;
	request[24] = direction;
	le32_put(request + 28, size);
	return 32;
}

static int
start(void **state)
{
	(void)state;
	fake_function_init(&fake);
	front = front_stlink_tcp(
		&(struct front_probes){ .list = { &fake.function }, .len = 1 }, 0);
	return front ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	front->ops->free(front);
	return 0;
}

static void
one_probe_is_found_with_its_ids_and_serial(void **state)
{
	(void)state;
	const uint8_t version[4] = { 6, 1 }, refresh[2] = { 0 }, count[1] = { 1 };
	const uint8_t info[8] = { 2, 0, 0, 0, 41 };
	int fd = connect_client();
	assert_int_equal(converse(fd, version, 4), 16);
	assert_int_equal(le32_get(reply), 3);
	assert_int_equal(converse(fd, refresh, 2), 4);
	assert_int_equal(converse(fd, count, 1), 4);
	assert_int_equal(le32_get(reply), 1);
	assert_int_equal(converse(fd, info, 8), 45);
	assert_int_equal(le32_get(reply), OK);
	assert_string_equal((char *)reply + 8, fake.function.serial);
	assert_int_equal(le16_get(reply + 40), 0x0483);
	assert_int_equal(le16_get(reply + 42), 0x374b);
	close(fd);
}

static void
a_read_is_a_command_out_and_a_reply_in(void **state)
{
	(void)state;
	static const uint8_t answer[6] = { 1, 2, 3, 4, 5, 6 };
	uint8_t request[32];
	int fd = connect_client();
	size_t size = usb_request(request, open_probe(fd), 0xf1, 1, 6);
	memcpy(fake.next, answer, 6);
	fake.next_size = 6;
	assert_int_equal(converse(fd, request, size), 10);
	assert_int_equal(le32_get(reply), OK);
	assert_memory_equal(reply + 4, answer, 6);
	assert_int_equal(fake.sent_size[0], 16);
	assert_int_equal(fake.sent[0][0], 0xf1);
	close(fd);
}

static void
a_write_is_a_command_and_its_data(void **state)
{
	(void)state;
	static const uint8_t payload[5] = { 9, 8, 7, 6, 5 };
	uint8_t request[32 + 5];
	int fd = connect_client();
	usb_request(request, open_probe(fd), 0xf2, 0, 5);
	memcpy(request + 32, payload, 5);
	assert_int_equal(converse(fd, request, sizeof(request)), 4);
	assert_int_equal(le32_get(reply), OK);
	assert_int_equal(fake.sent_size[1], 16);
	assert_int_equal(fake.sent_size[0], 5);
	assert_memory_equal(fake.sent[0], payload, 5);
	close(fd);
}

static void
a_command_without_reply_reads_nothing(void **state)
{
	(void)state;
	uint8_t request[32];
	int fd = connect_client();
	size_t size = usb_request(request, open_probe(fd), 0xf2, 1, 0);
	assert_int_equal(converse(fd, request, size), 4);
	assert_int_equal(le32_get(reply), OK);
	close(fd);
}

static void
a_silent_probe_is_a_timeout(void **state)
{
	(void)state;
	uint8_t request[32];
	int fd = connect_client();
	size_t size = usb_request(request, open_probe(fd), 0xf1, 1, 6);
	assert_int_equal(converse(fd, request, size), 10);
	assert_int_equal(le32_get(reply), 0x1001);
	close(fd);
}

static void
requests_may_arrive_in_pieces_and_in_heaps(void **state)
{
	(void)state;
	const uint8_t heap[] = { 1, 1, 6, 1, 0, 0, 1 };
	int fd = connect_client();
	const uint8_t version[4] = { 6, 1, 0, 0 };
	for (unsigned i = 0; i < 3; i++)
		assert_true(converse(fd, version + i, 1) < 0);
	assert_int_equal(converse(fd, version + 3, 1), 16);
	assert_int_equal(converse(fd, heap, sizeof(heap)), 4 + 4 + 16 + 4);
	close(fd);
}

static void
two_clients_share_the_probe(void **state)
{
	(void)state;
	uint8_t request[32];
	int first = connect_client(), second = connect_client();
	uint32_t first_id = open_probe(first), second_id = open_probe(second);
	assert_int_not_equal(first_id, second_id);
	fake.next_size = 2;
	assert_int_equal(
		converse(first, request, usb_request(request, first_id, 0xf5, 1, 2)), 6);
	close(first);
	turn();
	fake.next_size = 2;
	assert_int_equal(
		converse(second, request, usb_request(request, second_id, 0xf5, 1, 2)), 6);
	assert_int_equal(le32_get(reply), OK);
	close(second);
}

static void
a_connection_that_was_never_opened_is_refused(void **state)
{
	(void)state;
	uint8_t request[32];
	int fd = connect_client();
	assert_int_equal(converse(fd, request, usb_request(request, 77, 0xf1, 1, 6)), 10);
	assert_int_equal(le32_get(reply), 0x1002);
	assert_int_equal(fake.outs, 0);
	close(fd);
}

static void
an_unplugged_probe_is_not_counted_and_not_reached(void **state)
{
	(void)state;
	const uint8_t count[1] = { 1 };
	uint8_t request[32];
	int fd = connect_client();
	uint32_t id = open_probe(fd);
	front->ops->plug(front, 0, false);
	assert_int_equal(converse(fd, count, 1), 4);
	assert_int_equal(le32_get(reply), 0);
	assert_int_equal(converse(fd, request, usb_request(request, id, 0xf1, 1, 6)), 10);
	assert_int_not_equal(le32_get(reply), OK);
	front->ops->plug(front, 0, true);
	open_probe(fd);
	assert_int_equal(fake.power_ons, 1);
	close(fd);
}

static void
what_is_no_request_ends_the_connection_alone(void **state)
{
	(void)state;
	const uint8_t garbage[] = { 0x47, 0x45, 0x54, 0x20 }, count[1] = { 1 };
	uint8_t request[32];
	int fd = connect_client(), other = connect_client();
	assert_true(converse(fd, garbage, sizeof(garbage)) <= 0);
	assert_int_equal(
		converse(other, request, usb_request(request, 1, 0xf1, 0, 0xffffffff)), 0);
	close(fd);
	close(other);
	fd = connect_client();
	assert_int_equal(converse(fd, count, 1), 4);
	close(fd);
}

static void
random_bytes_do_no_harm(void **state)
{
	(void)state;
	uint8_t bytes[200];
	srand(2);
	for (unsigned i = 0; i < 60; i++) {
		int fd = connect_client();
		for (unsigned j = 0; j < sizeof(bytes); j++)
			bytes[j] = (uint8_t)(rand() % (j % 3 ? 9 : 256));
		converse(fd, bytes, sizeof(bytes));
		close(fd);
	}
}

static void
more_clients_than_places_are_turned_away(void **state)
{
	(void)state;
	const uint8_t count[1] = { 1 };
	int fds[40];
	for (unsigned i = 0; i < 40; i++)
		fds[i] = connect_client();
	assert_int_equal(converse(fds[0], count, 1), 4);
	assert_int_equal(recv(fds[39], reply, 1, MSG_DONTWAIT), 0);
	for (unsigned i = 0; i < 40; i++)
		close(fds[i]);
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED(one_probe_is_found_with_its_ids_and_serial),
		SERVED(a_read_is_a_command_out_and_a_reply_in),
		SERVED(a_write_is_a_command_and_its_data),
		SERVED(a_command_without_reply_reads_nothing),
		SERVED(a_silent_probe_is_a_timeout),
		SERVED(requests_may_arrive_in_pieces_and_in_heaps),
		SERVED(two_clients_share_the_probe),
		SERVED(a_connection_that_was_never_opened_is_refused),
		SERVED(an_unplugged_probe_is_not_counted_and_not_reached),
		SERVED(what_is_no_request_ends_the_connection_alone),
		SERVED(random_bytes_do_no_harm),
		SERVED(more_clients_than_places_are_turned_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
