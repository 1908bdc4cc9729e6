/* SPDX-License-Identifier: MIT */
/* A probe's transfers as USB/IP carries them, seen from the kernel's end of the socket. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/emulator/front/usbip.h"
#include "test/emulator/test/fake_function.h"

enum { CMD_SUBMIT = 1, CMD_UNLINK, RET_SUBMIT, RET_UNLINK };
enum { OUT = 0, IN = 1 };
enum { SHORT_NOT_OK = 1 };

/* Words of the header by their place, Documentation/usb/usbip_protocol.rst. */
enum { COMMAND, SEQNUM, DEVID, DIRECTION, EP, FLAGS, LENGTH, SETUP = 10, WORDS = 12 };
enum { STATUS = 5, UNLINKED = 5 };

static struct fake_function fake;
static struct usbip *usbip;
static int kernel;
static uint8_t answer[64]; /* what follows the header */

static int
start(void **state)
{
	int ends[2];
	(void)state;
	fake_function_init(&fake);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return -1;
	usbip = usbip_new(&fake.function);
	usbip_plug(usbip, ends[1]);
	kernel = ends[0];
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	usbip_free(usbip);
	return close(kernel);
}

struct message {
	uint32_t words[WORDS];
};

static void
send_message(const struct message *message)
{
	uint32_t wire[WORDS];
	for (unsigned i = 0; i < WORDS; i++)
		wire[i] = htonl(message->words[i]);
	assert_int_equal(send(kernel, wire, sizeof(wire), 0), sizeof(wire));
}

static void
submit(uint32_t seqnum, uint32_t direction, uint32_t ep, const void *bytes, uint32_t length)
{
	const struct message message = { { [COMMAND] = CMD_SUBMIT,
					   [SEQNUM] = seqnum,
					   [DIRECTION] = direction,
					   [EP] = ep,
					   [LENGTH] = length } };
	send_message(&message);
	if (direction == OUT)
		assert_int_equal(send(kernel, bytes, length, 0), length);
	usbip_serve(usbip);
}

static void
control(uint32_t seqnum, uint32_t setup_high, uint32_t setup_low, uint32_t length)
{
	const struct message message = { { [COMMAND] = CMD_SUBMIT,
					   [SEQNUM] = seqnum,
					   [DIRECTION] = setup_high >> 31,
					   [LENGTH] = length,
					   [SETUP] = setup_high,
					   [SETUP + 1] = setup_low } };
	send_message(&message);
	usbip_serve(usbip);
}

/* The bytes behind the header are in `answer`: returns how many. */
static ssize_t
receive(struct message *message)
{
	assert_int_equal(recv(kernel, message->words, sizeof(message->words), MSG_DONTWAIT),
			 sizeof(message->words));
	for (unsigned i = 0; i < WORDS; i++)
		message->words[i] = ntohl(message->words[i]);
	ssize_t size = recv(kernel, answer, sizeof(answer), MSG_DONTWAIT);
	return size < 0 ? 0 : size;
}

static void
assert_ended(uint32_t seqnum, int status, uint32_t length)
{
	struct message message;
	receive(&message);
	assert_int_equal(message.words[COMMAND], RET_SUBMIT);
	assert_int_equal(message.words[SEQNUM], seqnum);
	assert_int_equal((int32_t)message.words[STATUS], status);
	assert_int_equal(message.words[LENGTH], length);
}

static void
assert_silent(void)
{
	assert_int_equal(recv(kernel, answer, sizeof(answer), MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
}

static void
say(const char *text)
{
	fake.next_size = (int)strlen(text);
	memcpy(fake.next, text, strlen(text));
	usbip_pump(usbip);
}

static void
what_goes_out_reaches_the_endpoint_and_is_acknowledged_in_full(void **state)
{
	(void)state;
	submit(7, OUT, 1, "hello", 5);
	assert_ended(7, 0, 5);
	assert_int_equal(fake.sent_size[0], 5);
	assert_memory_equal(fake.sent[0], "hello", 5);
}

static void
a_read_waits_until_the_probe_says_something(void **state)
{
	struct message message;
	(void)state;
	submit(8, IN, 1, NULL, 64);
	assert_silent();
	say("there");
	assert_int_equal(receive(&message), 5);
	assert_int_equal(message.words[SEQNUM], 8);
	assert_int_equal(message.words[LENGTH], 5);
	assert_memory_equal(answer, "there", 5);
}

static void
two_reads_are_answered_in_their_order(void **state)
{
	(void)state;
	submit(1, IN, 1, NULL, 64);
	submit(2, IN, 1, NULL, 64);
	say("a");
	assert_ended(1, 0, 1);
	say("b");
	assert_ended(2, 0, 1);
}

static void
a_stall_is_a_broken_pipe(void **state)
{
	(void)state;
	fake.stalls = true;
	submit(3, OUT, 1, "x", 1);
	assert_ended(3, -EPIPE, 0);
}

static void
an_endpoint_that_is_not_there_is_a_broken_pipe(void **state)
{
	(void)state;
	submit(3, IN, 14, NULL, 8);
	assert_ended(3, -EPIPE, 0);
}

static void
a_short_answer_is_an_error_only_to_who_says_so(void **state)
{
	const struct message message = { { [COMMAND] = CMD_SUBMIT,
					   [SEQNUM] = 4,
					   [DIRECTION] = IN,
					   [EP] = 1,
					   [FLAGS] = SHORT_NOT_OK,
					   [LENGTH] = 64 } };
	(void)state;
	send_message(&message);
	usbip_serve(usbip);
	say("short");
	assert_ended(4, -EREMOTEIO, 5);
}

static void
unlink_seqnum(uint32_t seqnum, uint32_t unlinked, int status)
{
	struct message message = {
		{ [COMMAND] = CMD_UNLINK, [SEQNUM] = seqnum, [UNLINKED] = unlinked }
	};
	send_message(&message);
	usbip_serve(usbip);
	assert_int_equal(receive(&message), 0);
	assert_int_equal(message.words[COMMAND], RET_UNLINK);
	assert_int_equal(message.words[SEQNUM], seqnum);
	assert_int_equal((int32_t)message.words[STATUS], status);
}

static void
an_unlinked_read_takes_no_answer_away(void **state)
{
	(void)state;
	submit(1, IN, 1, NULL, 64);
	unlink_seqnum(2, 1, -ECONNRESET);
	submit(3, IN, 1, NULL, 64);
	say("later");
	assert_ended(3, 0, 5);
	assert_silent();
}

static void
to_unlink_what_has_ended_is_no_error(void **state)
{
	(void)state;
	submit(1, OUT, 1, "x", 1);
	assert_ended(1, 0, 1);
	unlink_seqnum(2, 1, 0);
}

static void
descriptors_come_from_endpoint_0(void **state)
{
	struct message message;
	(void)state;
	control(5, 0x80060001, 0x00001200, 18); /* GET_DESCRIPTOR of the device */
	assert_int_equal(receive(&message), 18);
	assert_int_equal(message.words[STATUS], 0);
	assert_memory_equal(answer, fake.function.device_descriptor, 18);
	assert_int_equal(fake.resets, 0);
}

static void
the_first_request_after_a_port_reset_tells_of_it(void **state)
{
	struct message message;
	(void)state;
	control(5, 0x80060001, 0x00004000, 64);
	assert_int_equal(receive(&message), 18);
	assert_int_equal(fake.resets, 1);
}

static void
a_halt_is_cleared_by_its_request(void **state)
{
	(void)state;
	control(6, 0x02010000, 0x81000000,
		0); /* CLEAR_FEATURE(ENDPOINT_HALT), endpoint 81 */
	assert_ended(6, 0, 0);
	assert_int_equal(fake.halts_cleared, 1);
}

static void
assert_unplugged(void)
{
	assert_int_equal(usbip_fd(usbip), -1);
	assert_int_equal(recv(kernel, answer, sizeof(answer), MSG_DONTWAIT), 0);
}

static void
an_unknown_command_unplugs(void **state)
{
	const struct message message = { { [COMMAND] = 9 } };
	(void)state;
	send_message(&message);
	usbip_serve(usbip);
	assert_unplugged();
}

static void
a_length_beyond_reason_unplugs(void **state)
{
	const struct message message = { { [COMMAND] = CMD_SUBMIT,
					   [DIRECTION] = IN,
					   [EP] = 1,
					   [LENGTH] = UINT32_MAX } };
	(void)state;
	send_message(&message);
	usbip_serve(usbip);
	assert_unplugged();
}

static void
half_a_message_unplugs(void **state)
{
	(void)state;
	assert_int_equal(send(kernel, "half", 4, 0), 4);
	shutdown(kernel, SHUT_WR);
	usbip_serve(usbip);
	assert_unplugged();
}

static void
what_waits_when_the_plug_is_pulled_is_forgotten(void **state)
{
	int ends[2];
	(void)state;
	submit(1, IN, 1, NULL, 64);
	usbip_unplug(usbip);
	assert_unplugged();
	close(kernel);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	kernel = ends[0];
	usbip_plug(usbip, ends[1]);
	say("new");
	assert_silent();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_goes_out_reaches_the_endpoint_and_is_acknowledged_in_full),
		TEST(a_read_waits_until_the_probe_says_something),
		TEST(two_reads_are_answered_in_their_order),
		TEST(a_stall_is_a_broken_pipe),
		TEST(an_endpoint_that_is_not_there_is_a_broken_pipe),
		TEST(a_short_answer_is_an_error_only_to_who_says_so),
		TEST(an_unlinked_read_takes_no_answer_away),
		TEST(to_unlink_what_has_ended_is_no_error),
		TEST(descriptors_come_from_endpoint_0),
		TEST(the_first_request_after_a_port_reset_tells_of_it),
		TEST(a_halt_is_cleared_by_its_request),
		TEST(an_unknown_command_unplugs),
		TEST(a_length_beyond_reason_unplugs),
		TEST(half_a_message_unplugs),
		TEST(what_waits_when_the_plug_is_pulled_is_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
