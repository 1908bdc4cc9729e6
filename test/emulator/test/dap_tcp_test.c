/* SPDX-License-Identifier: MIT */
/* CMSIS-DAP over TCP as OpenOCD frames it, and what no client should send. */
#include <unistd.h>

#include "test/emulator/probe/probe.h"
#include "test/emulator/test/lab.h"
#include "test/emulator/test/tcp_client.h"

static struct lab *lab;
static struct usb_function *probe;

static int
start(void **state)
{
	(void)state;
	lab = lab_open("g473-custom");
	probe = probe_new(probe_kind_find("cmsis-dap-v2"), lab->wire, NULL, &lab->stats);
	front = front_dap_tcp(&(struct front_probes){ .list = { probe }, .len = 1 }, 0);
	return front ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	front->ops->free(front);
	probe->ops->free(probe);
	lab_close(lab);
	return 0;
}

static const uint8_t ask_packets[] = { 'D', 'A', 'P', 0, 2, 0, 1, 0, 0x00, 0xFE };

static void
a_request_is_answered_with_the_same_header_and_kind_two(void **state)
{
	(void)state;
	const uint8_t wanted[] = { 'D', 'A', 'P', 0, 3, 0, 2, 0, 0x00, 1, 8 };
	int fd = connect_client();
	assert_int_equal(converse(fd, ask_packets, sizeof(ask_packets)), sizeof(wanted));
	assert_memory_equal(reply, wanted, sizeof(wanted));
	close(fd);
}

static void
requests_may_arrive_in_pieces_and_in_heaps(void **state)
{
	(void)state;
	uint8_t heap[2 * sizeof(ask_packets)];
	int fd = connect_client();
	memcpy(heap, ask_packets, sizeof(ask_packets));
	memcpy(heap + sizeof(ask_packets), ask_packets, sizeof(ask_packets));
	assert_int_equal(converse(fd, heap, 5), -1);
	assert_int_equal(converse(fd, heap + 5, sizeof(heap) - 5), 22);
	close(fd);
}

static void
an_abort_has_no_response(void **state)
{
	(void)state;
	const uint8_t abort_it[] = { 'D', 'A', 'P', 0, 1, 0, 1, 0, 0x07 };
	int fd = connect_client();
	assert_int_equal(converse(fd, abort_it, sizeof(abort_it)), -1);
	assert_int_equal(converse(fd, ask_packets, sizeof(ask_packets)), 11);
	close(fd);
}

static void
what_is_no_request_ends_the_connection(void **state)
{
	(void)state;
	const uint8_t wrong[][8] = { { 'G', 'E', 'T', ' ', '/', 0, 1, 0 },
				     { 'D', 'A', 'P', 0, 1, 0, 2, 0 },
				     { 'D', 'A', 'P', 0, 1, 4, 1, 0 } };
	for (unsigned i = 0; i < 3; i++) {
		int fd = connect_client();
		assert_int_equal(converse(fd, wrong[i], 8), 0);
		close(fd);
	}
}

static void
a_second_client_is_turned_away_until_the_first_leaves(void **state)
{
	(void)state;
	int first = connect_client(), second = connect_client();
	assert_int_equal(recv(second, reply, 1, MSG_DONTWAIT), 0);
	close(second);
	close(first);
	turn();
	second = connect_client();
	assert_int_equal(converse(second, ask_packets, sizeof(ask_packets)), 11);
	close(second);
}

static void
an_unplugged_probe_ends_the_connection(void **state)
{
	(void)state;
	int fd = connect_client();
	front->ops->plug(front, 0, false);
	assert_int_equal(recv(fd, reply, 1, MSG_DONTWAIT), 0);
	close(fd);
	front->ops->plug(front, 0, true);
	fd = connect_client();
	assert_int_equal(converse(fd, ask_packets, sizeof(ask_packets)), 11);
	close(fd);
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED(a_request_is_answered_with_the_same_header_and_kind_two),
		SERVED(requests_may_arrive_in_pieces_and_in_heaps),
		SERVED(an_abort_has_no_response),
		SERVED(what_is_no_request_ends_the_connection),
		SERVED(a_second_client_is_turned_away_until_the_first_leaves),
		SERVED(an_unplugged_probe_ends_the_connection),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
