/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "test/emulator/test/preload_client.h"

#include <linux/usbdevice_fs.h>

#include "test/emulator/front/usbfs.h"
#include "test/emulator/test/fake_function.h"
#include "test/emulator/test/lab.h"

static struct fake_function fake;
static struct usbfs *usbfs;

/* ---- the child's side ---- */

/* 0, or the errno. */
static int
remote_ioctl(int fd, unsigned long request, void *argument)
{
	return -remote_call(fd, MESSAGE_IOCTL, request, (uintptr_t)argument);
}

static struct usbdevfs_urb *
submit(int fd, uint8_t endpoint, void *bytes, int size)
{
	struct usbdevfs_urb *urb = calloc(1, sizeof(*urb));
	expect(urb != NULL);
	urb->type = USBDEVFS_URB_TYPE_BULK;
	urb->endpoint = endpoint;
	urb->buffer = bytes;
	urb->buffer_length = size;
	expect(remote_ioctl(fd, USBDEVFS_SUBMITURB, urb) == 0);
	return urb;
}

static bool
may_reap(void)
{
	return node_is_ready(POLLOUT);
}

static void
transfers_go_both_ways(void)
{
	struct usbdevfs_urb *reaped = NULL, *out, *in;
	char bytes[16] = "0123456789abcde", answer[64] = "";
	int fd = open_node();
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == EAGAIN);
	expect(!may_reap());
	out = submit(fd, 0x01, bytes, 16);
	expect(may_reap());
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == 0 && reaped == out);
	expect(out->status == 0 && out->actual_length == 16 && !may_reap());
	in = submit(fd, 0x81, answer, 64);
	expect(may_reap());
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == 0 && reaped == in);
	expect(in->actual_length == 5 && strcmp(answer, "hello") == 0);
	free(in);
	free(out);
}

static void
a_discarded_transfer_is_reaped_with_enoent(void)
{
	struct usbdevfs_urb *reaped = NULL, *in;
	char answer[64];
	int fd = open_node();
	in = submit(fd, 0x81, answer, 64);
	expect(!may_reap());
	expect(remote_ioctl(fd, USBDEVFS_DISCARDURB, in) == 0 && may_reap());
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == 0 && reaped == in);
	expect(in->status == -ENOENT);
	expect(remote_ioctl(fd, USBDEVFS_DISCARDURB, in) == EINVAL);
	free(in);
}

static void
an_interface_has_one_owner(void)
{
	uint32_t debug = 0, none = 9;
	int first = open_node(), second = open_node();
	expect(remote_ioctl(first, USBDEVFS_CLAIMINTERFACE, &debug) == 0);
	expect(remote_ioctl(first, USBDEVFS_CLAIMINTERFACE, &debug) == 0);
	expect(remote_ioctl(second, USBDEVFS_CLAIMINTERFACE, &debug) == EBUSY);
	expect(remote_ioctl(second, USBDEVFS_RELEASEINTERFACE, &debug) == EINVAL);
	expect(remote_ioctl(second, USBDEVFS_CLAIMINTERFACE, &none) == ENOENT);
	expect(remote_ioctl(second, USBDEVFS_SETCONFIGURATION, &none) == EBUSY);
	expect(remote_ioctl(first, USBDEVFS_RELEASEINTERFACE, &debug) == 0);
	expect(remote_ioctl(second, USBDEVFS_CLAIMINTERFACE, &debug) == 0);
	close(second);
	while (remote_ioctl(first, USBDEVFS_CLAIMINTERFACE, &debug) == EBUSY)
		continue; /* until the other's end is noticed */
}

static void
control_transfers_and_stalls(void)
{
	uint8_t bytes[8 + 18] = { 0x80, 6, 0, 1, 0, 0, 18, 0 };
	struct usbdevfs_urb urb = { .type = USBDEVFS_URB_TYPE_CONTROL,
				    .buffer = bytes,
				    .buffer_length = sizeof(bytes) };
	void *reaped = NULL;
	int fd = open_node();
	expect(remote_ioctl(fd, USBDEVFS_SUBMITURB, &urb) == 0);
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == 0);
	expect(urb.status == 0 && urb.actual_length == 18 && bytes[8] == 18);
	bytes[3] = 9;
	expect(remote_ioctl(fd, USBDEVFS_SUBMITURB, &urb) == 0);
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == 0);
	expect(urb.status == -EPIPE && urb.actual_length == 0);
}

static void
what_the_kernel_refuses_is_refused(void)
{
	char bytes[4];
	struct usbdevfs_urb urb = { .type = USBDEVFS_URB_TYPE_BULK,
				    .endpoint = 0x8f,
				    .buffer = bytes,
				    .buffer_length = 4 };
	int fd = open_node();
	expect(remote_ioctl(fd, USBDEVFS_SUBMITURB, &urb) == ENOENT);
	urb.buffer_length = -1;
	expect(remote_ioctl(fd, USBDEVFS_SUBMITURB, &urb) == EINVAL);
	urb.buffer_length = 1 << 30;
	expect(remote_ioctl(fd, USBDEVFS_SUBMITURB, &urb) == ENOMEM);
	expect(remote_ioctl(fd, USBDEVFS_GETDRIVER, bytes) == ENODATA);
	expect(remote_ioctl(fd, 0x5401, bytes) == ENOTTY);
}

static void
unplugging_ends_transfers_and_claims(void)
{
	struct usbdevfs_urb *reaped = NULL, *in;
	uint32_t debug = 0;
	char answer[64];
	int fd = open_node();
	in = submit(fd, 0x81, answer, 64);
	kill(getppid(), SIGUSR1);
	while (!may_reap())
		continue; /* until the signal has been served */
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == 0 && reaped == in);
	expect(in->status == -ESHUTDOWN);
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == ENODEV);
	expect(remote_ioctl(fd, USBDEVFS_CLAIMINTERFACE, &debug) == ENODEV);
	free(in);
}

static void
a_killed_program_leaves_nothing_behind(void)
{
	char answer[64];
	int fd = open_node();
	submit(fd, 0x81, answer, 64);
	submit(fd, 0x01, answer, 16);
	kill(getpid(), SIGKILL);
}

/* CMSIS-DAP: DAP_Info of the protocol's version. */
static uint8_t ask_version[] = { 0x00, 0x04 };

static void
killed_with_an_answer_unread(void)
{
	int fd = open_node();
	submit(fd, 0x01, ask_version, sizeof(ask_version));
	kill(getpid(), SIGKILL);
}

static void
killed_in_the_middle_of_a_submission(void)
{
	uint64_t message[3] = { MESSAGE_IOCTL, USBDEVFS_SUBMITURB, 0x1000 };
	int fd = open_node();
	expect(write(fd, message, sizeof(message)) == sizeof(message));
	take(fd, message, sizeof(message)); /* send me the URB */
	expect(write(fd, message, 7) == 7);
	kill(getpid(), SIGKILL);
}

static void
the_answer_left_behind_comes_first(void)
{
	struct usbdevfs_urb *reaped = NULL, *in;
	uint8_t answer[64] = "";
	int fd = open_node();
	in = submit(fd, 0x81, answer, sizeof(answer));
	expect(may_reap());
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == 0 && reaped == in);
	expect(in->actual_length == 8 && strcmp((char *)answer + 2, "2.1.1") == 0);
	free(in);
}

static void
there_is_no_answer_left(void)
{
	char answer[64];
	int fd = open_node();
	submit(fd, 0x81, answer, 64);
	expect(!may_reap());
}

/* One answer is there, for the next it waits. */
static void
unplugged_between_two_answers(void)
{
	struct usbdevfs_urb *reaped = NULL, *first, *second, *out;
	uint8_t answers[2][64];
	int fd = open_node();
	first = submit(fd, 0x81, answers[0], 64);
	second = submit(fd, 0x81, answers[1], 64);
	out = submit(fd, 0x01, ask_version, sizeof(ask_version));
	kill(getppid(), SIGUSR1);
	while (second->status != -ESHUTDOWN) {
		int error = remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped);
		expect(error == 0 || error == EAGAIN);
	}
	expect(first->status == 0 && first->actual_length == 8);
	expect(remote_ioctl(fd, USBDEVFS_REAPURBNDELAY, &reaped) == ENODEV);
	free(first);
	free(second);
	free(out);
}

static void
half_a_message_and_nonsense(void)
{
	uint64_t nonsense[3] = { 77, 88, 99 };
	int fd = open_node(), other = open_node();
	expect(write(fd, nonsense, sizeof(nonsense)) == sizeof(nonsense));
	take(fd, nonsense, sizeof(nonsense));
	expect(nonsense[2] == EINVAL);
	expect(write(other, nonsense, 5) == 5);
}

/* ---- the test's side ---- */

static unsigned
poll_fds(struct pollfd *fds)
{
	return usbfs_poll_fds(usbfs, fds);
}

static void
ready(const struct pollfd *fds, unsigned len)
{
	usbfs_ready(usbfs, fds, len);
}

static void
pull_out(void)
{
	usbfs_unplug(usbfs);
}

static int
serve_child(void (*act)(void))
{
	static const struct preload_server server = { poll_fds, ready, pull_out };
	return serve_child_by(&server, act);
}

static int
plug(void **state)
{
	(void)state;
	int listener = preload_make_node();
	fake_function_init(&fake);
	usbfs = usbfs_new(&fake.function);
	usbfs_plug(usbfs, listener, preload_fifo);
	return 0;
}

static int
unplug(void **state)
{
	(void)state;
	usbfs_free(usbfs);
	preload_remove_node();
	return 0;
}

static void
transfers_go_out_and_come_in(void **state)
{
	(void)state;
	memcpy(fake.next, "hello", 5);
	fake.next_size = 5;
	assert_int_equal(serve_child(transfers_go_both_ways), 0);
	assert_int_equal(fake.sent_size[0], 16);
	assert_string_equal((char *)fake.sent[0], "0123456789abcde");
}

static void
a_timeout_of_the_program_discards_its_transfer(void **state)
{
	(void)state;
	assert_int_equal(serve_child(a_discarded_transfer_is_reaped_with_enoent), 0);
}

static void
a_claimed_interface_is_busy_for_others(void **state)
{
	(void)state;
	assert_int_equal(serve_child(an_interface_has_one_owner), 0);
}

static void
control_requests_are_answered_or_stalled(void **state)
{
	(void)state;
	assert_int_equal(serve_child(control_transfers_and_stalls), 0);
}

static void
wrong_requests_get_the_errno_of_the_kernel(void **state)
{
	(void)state;
	assert_int_equal(serve_child(what_the_kernel_refuses_is_refused), 0);
}

static void
an_unplugged_device_is_gone_for_those_who_have_it_open(void **state)
{
	(void)state;
	assert_int_equal(serve_child(unplugging_ends_transfers_and_claims), 0);
}

static void
a_killed_program_does_not_disturb_the_next(void **state)
{
	(void)state;
	assert_true(WIFSIGNALED(serve_child(a_killed_program_leaves_nothing_behind)));
	assert_int_equal(serve_child(an_interface_has_one_owner), 0);
	assert_int_equal(serve_child(a_discarded_transfer_is_reaped_with_enoent), 0);
}

static void
nonsense_on_the_socket_is_survived(void **state)
{
	(void)state;
	assert_int_equal(serve_child(half_a_message_and_nonsense), 0);
	assert_int_equal(serve_child(an_interface_has_one_owner), 0);
}

static struct lab *lab;
static struct usb_function *probe;

static int
plug_dap(void **state)
{
	(void)state;
	int listener = preload_make_node();
	lab = lab_open("g473-custom");
	probe = probe_new(probe_kind_find("cmsis-dap-v2"), lab->wire, NULL, &lab->stats);
	usbfs = usbfs_new(probe);
	usbfs_plug(usbfs, listener, preload_fifo);
	return 0;
}

static int
unplug_dap(void **state)
{
	unplug(state);
	probe->ops->free(probe);
	lab_close(lab);
	return 0;
}

static void
killed_programs_leave_their_answers_in_a_cmsis_dap(void **state)
{
	(void)state;
	assert_true(WIFSIGNALED(serve_child(killed_with_an_answer_unread)));
	assert_int_equal(serve_child(the_answer_left_behind_comes_first), 0);
	assert_true(WIFSIGNALED(serve_child(killed_in_the_middle_of_a_submission)));
	assert_int_equal(serve_child(there_is_no_answer_left), 0);
}

static void
pulling_a_cmsis_dap_ends_the_transfer_that_waits(void **state)
{
	(void)state;
	assert_int_equal(serve_child(unplugged_between_two_answers), 0);
}

#define WITH_DAP(test) cmocka_unit_test_setup_teardown(test, plug_dap, unplug_dap)
#define PLUGGED(test)  cmocka_unit_test_setup_teardown(test, plug, unplug)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLUGGED(transfers_go_out_and_come_in),
		PLUGGED(a_timeout_of_the_program_discards_its_transfer),
		PLUGGED(a_claimed_interface_is_busy_for_others),
		PLUGGED(control_requests_are_answered_or_stalled),
		PLUGGED(wrong_requests_get_the_errno_of_the_kernel),
		PLUGGED(an_unplugged_device_is_gone_for_those_who_have_it_open),
		PLUGGED(a_killed_program_does_not_disturb_the_next),
		PLUGGED(nonsense_on_the_socket_is_survived),
		WITH_DAP(killed_programs_leave_their_answers_in_a_cmsis_dap),
		WITH_DAP(pulling_a_cmsis_dap_ends_the_transfer_that_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
