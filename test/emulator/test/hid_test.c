/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "test/emulator/test/preload_client.h"

#include <linux/hidraw.h>
#include <linux/input.h>

#include "test/emulator/front/hidraw.h"
#include "test/emulator/probe/probe.h"
#include "test/emulator/test/lab.h"

enum { REPORT_SIZE = 64, MESSAGE_SIZE = 24 };
/* CMSIS-DAP: DAP_Info of the protocol's version; this probe's answer. */
static const uint8_t ask_version[REPORT_SIZE + 1] = { 0, 0x00, 0x04 };
static const char version[] = "1.3.0";

static struct lab *lab;
static struct usb_function *probe;
static struct hidraw *hidraw;

/* ---- the child's side ---- */

static int
remote_write(int fd, const void *bytes, size_t size)
{
	return remote_call(fd, MESSAGE_WRITE, (uintptr_t)bytes, size);
}

static int
remote_read(int fd, void *bytes, size_t size)
{
	return remote_call(fd, MESSAGE_READ, (uintptr_t)bytes, size);
}

static int
remote_ioctl(int fd, unsigned long request, void *argument)
{
	return remote_call(fd, MESSAGE_IOCTL, (uint32_t)request, (uintptr_t)argument);
}

static void
ask(int fd)
{
	expect(remote_write(fd, ask_version, sizeof(ask_version)) == sizeof(ask_version));
}

static void
expect_answer(int fd)
{
	uint8_t report[REPORT_SIZE];
	expect(node_is_ready(POLLIN));
	expect(remote_read(fd, report, sizeof(report)) == sizeof(report));
	expect(report[0] == 0x00 && report[1] == sizeof(version));
	expect(strcmp((char *)report + 2, version) == 0);
}

/* As hidapi does: what it asks first is answered when the opening has been noticed. */
static int
open_hid(void)
{
	struct hidraw_devinfo device;
	int fd = open_node();
	expect(remote_ioctl(fd, HIDIOCGRAWINFO, &device) == 0);
	return fd;
}

static void
reports_go_both_ways(void)
{
	int fd = open_hid();
	for (int i = 0; i < 3; i++) {
		expect(!node_is_ready(POLLIN));
		ask(fd);
		expect_answer(fd);
	}
	expect(!node_is_ready(POLLIN));
}

static void
several_reports_wait_in_order(void)
{
	static const uint8_t ask_firmware[REPORT_SIZE + 1] = { 0, 0x00, 0x09 };
	uint8_t report[REPORT_SIZE];
	int fd = open_node();
	ask(fd);
	expect(remote_write(fd, ask_firmware, sizeof(ask_firmware)) > 0);
	expect_answer(fd);
	expect(node_is_ready(POLLIN));
	expect(remote_read(fd, report, 7) == 7 && memcmp(report + 2, "0257", 5) == 0);
	expect(!node_is_ready(POLLIN));
}

static void
each_gets_every_report(void)
{
	int first = open_hid(), second = open_hid();
	ask(first);
	expect_answer(first);
	expect_answer(second);
	expect(!node_is_ready(POLLIN));
}

static void
it_tells_what_it_is(void)
{
	struct hidraw_report_descriptor descriptor = { .size = 5 };
	struct hidraw_devinfo device = { 0 };
	char text[64] = "";
	int fd = open_node(), size = 0;
	expect(remote_ioctl(fd, HIDIOCGRDESCSIZE, &size) == 0 && size == 27);
	expect(remote_ioctl(fd, HIDIOCGRDESC, &descriptor) == 0);
	expect(memcmp(descriptor.value, "\x06\x00\xff\x09\x01\x00", 6) == 0);
	descriptor.size = (uint32_t)size;
	expect(remote_ioctl(fd, HIDIOCGRDESC, &descriptor) == 0);
	expect(descriptor.value[size - 1] == 0xC0); /* end of the collection */
	expect(remote_ioctl(fd, HIDIOCGRAWINFO, &device) == 0);
	expect(device.bustype == BUS_USB && device.vendor == 0x0D28 &&
	       device.product == 0x0204);
	expect(remote_ioctl(fd, HIDIOCGRAWNAME(sizeof(text)), text) == 22);
	expect(strcmp(text, "Arm DAPLink CMSIS-DAP") == 0);
	expect(remote_ioctl(fd, HIDIOCGRAWNAME(4), text) == 4);
	expect(remote_ioctl(fd, HIDIOCGRAWUNIQ(sizeof(text)), text) == 49);
}

static void
what_hidraw_refuses(void)
{
	uint8_t bytes[4] = { 0 };
	uint32_t too_long = HID_MAX_DESCRIPTOR_SIZE;
	int fd = open_node();
	expect(remote_write(fd, bytes, 1) == -EINVAL);
	expect(remote_write(fd, bytes, 1 << 20) == -EINVAL);
	expect(remote_ioctl(fd, HIDIOCGRDESC, &too_long) == -EINVAL);
	expect(remote_ioctl(fd, HIDIOCGFEATURE(4), bytes) == -EPIPE);
	expect(remote_ioctl(fd, 0x5401, bytes) == -EINVAL);
	expect(remote_ioctl(fd, _IO('H', 0x7f), bytes) == -ENOTTY);
}

/* The answer to an earlier question is taken; then the read waits until the plug is out. */
static void
a_read_that_waits_ends_with_the_device(void)
{
	uint8_t report[REPORT_SIZE];
	int fd = open_node();
	ask(fd);
	expect_answer(fd);
	kill(getppid(), SIGUSR1);
	expect(remote_read(fd, report, sizeof(report)) == -EIO);
	expect(node_is_ready(POLLIN)); /* for those that poll first */
	expect(remote_read(fd, report, sizeof(report)) == -EIO);
	expect(remote_write(fd, ask_version, sizeof(ask_version)) == -ENODEV);
	expect(remote_ioctl(fd, HIDIOCGRAWINFO, report) == -ENODEV);
}

static void
what_was_not_read_is_lost_with_the_device(void)
{
	uint8_t report[REPORT_SIZE];
	int fd = open_node();
	ask(fd);
	kill(getppid(), SIGUSR1);
	while (remote_write(fd, ask_version, sizeof(ask_version)) > 0)
		continue; /* until the signal has been served; more than 64 are dropped */
	expect(node_is_ready(POLLIN));
	expect(remote_read(fd, report, sizeof(report)) == -EIO);
}

static void
killed_with_a_question_asked(void)
{
	int fd = open_node();
	ask(fd);
	ask(fd);
	kill(getpid(), SIGKILL);
}

static void
killed_in_the_middle_of_a_write(void)
{
	uint64_t message[3] = { MESSAGE_WRITE, (uintptr_t)ask_version,
				sizeof(ask_version) };
	int fd = open_node();
	expect(write(fd, message, sizeof(message)) == MESSAGE_SIZE);
	take(fd, message, sizeof(message)); /* send me your bytes */
	expect(write(fd, ask_version, 10) == 10);
	kill(getpid(), SIGKILL);
}

static void
killed_in_the_middle_of_a_read(void)
{
	uint64_t message[3] = { MESSAGE_READ, 0, REPORT_SIZE };
	int fd = open_node();
	expect(write(fd, message, sizeof(message)) == MESSAGE_SIZE);
	kill(getpid(), SIGKILL);
}

/* ---- the test's side ---- */

static unsigned
poll_fds(struct pollfd *fds)
{
	return hidraw_poll_fds(hidraw, fds);
}

static void
ready(const struct pollfd *fds, unsigned len)
{
	hidraw_ready(hidraw, fds, len);
}

static void
pull_out(void)
{
	hidraw_unplug(hidraw);
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
	lab = lab_open("g473-custom");
	probe = probe_new(probe_kind_find("cmsis-dap-v1"), lab->wire, NULL, &lab->stats);
	hidraw = hidraw_new(probe);
	hidraw_plug(hidraw, listener, preload_fifo);
	return 0;
}

static int
unplug(void **state)
{
	(void)state;
	hidraw_free(hidraw);
	probe->ops->free(probe);
	lab_close(lab);
	preload_remove_node();
	return 0;
}

static void
reports_are_written_and_read(void **state)
{
	(void)state;
	assert_int_equal(serve_child(reports_go_both_ways), 0);
	assert_int_equal(serve_child(several_reports_wait_in_order), 0);
}

static void
all_who_have_it_open_get_all_reports(void **state)
{
	(void)state;
	assert_int_equal(serve_child(each_gets_every_report), 0);
}

static void
it_describes_itself_as_the_kernel_would(void **state)
{
	(void)state;
	assert_int_equal(serve_child(it_tells_what_it_is), 0);
	assert_int_equal(serve_child(what_hidraw_refuses), 0);
}

static void
pulling_it_ends_a_read_that_waits(void **state)
{
	(void)state;
	assert_int_equal(serve_child(a_read_that_waits_ends_with_the_device), 0);
}

static void
pulling_it_loses_what_was_not_read(void **state)
{
	(void)state;
	assert_int_equal(serve_child(what_was_not_read_is_lost_with_the_device), 0);
}

static void
killed_programs_leave_nothing_for_the_next(void **state)
{
	(void)state;
	assert_true(WIFSIGNALED(serve_child(killed_with_a_question_asked)));
	assert_int_equal(serve_child(reports_go_both_ways), 0);
	assert_true(WIFSIGNALED(serve_child(killed_in_the_middle_of_a_write)));
	assert_int_equal(serve_child(reports_go_both_ways), 0);
	assert_true(WIFSIGNALED(serve_child(killed_in_the_middle_of_a_read)));
	assert_int_equal(serve_child(reports_go_both_ways), 0);
}

#define PLUGGED(test) cmocka_unit_test_setup_teardown(test, plug, unplug)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLUGGED(reports_are_written_and_read),
		PLUGGED(all_who_have_it_open_get_all_reports),
		PLUGGED(it_describes_itself_as_the_kernel_would),
		PLUGGED(pulling_it_ends_a_read_that_waits),
		PLUGGED(pulling_it_loses_what_was_not_read),
		PLUGGED(killed_programs_leave_nothing_for_the_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
