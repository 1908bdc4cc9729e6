/* SPDX-License-Identifier: MIT */
/*
 * umockdev.c - one command, with its children, that sees the probe on a USB bus: the
 * preload library of umockdev shows it the folder of testbed.c as /sys and /dev and
 * sends us the ioctls on the device's node (usbfs.c).
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "test/emulator/front/command.h"
#include "test/emulator/front/front.h"
#include "test/emulator/front/testbed.h"
#include "test/emulator/front/usbfs.h"

enum { ENV_MAX = 4096 };
static const char preload_library[] = "libumockdev-preload.so.0";

struct usb_front {
	struct front front;
	struct usb_function *probe;
	struct testbed testbed;
	struct usbfs *usbfs;
	bool is_plugged;
	struct command command;
};

static struct usb_front *
usb_of(struct front *front)
{
	return (struct usb_front *)front; /* the first member */
}

static bool
plug_in(struct usb_front *usb)
{
	int listener, fifo;
	if (!testbed_plug(&usb->testbed, usb->probe, &listener, &fifo))
		return false;
	usbfs_plug(usb->usbfs, listener, fifo);
	usb->is_plugged = true;
	return true;
}

static void
pull_out(struct usb_front *usb)
{
	usb->is_plugged = false;
	usbfs_unplug(usb->usbfs);
	testbed_unplug(&usb->testbed);
}

static void
usb_plug(struct front *front, bool plugged)
{
	struct usb_front *usb = usb_of(front);
	if (plugged == usb->is_plugged)
		return;
	usb->probe->ops->power(usb->probe, plugged);
	if (plugged)
		plug_in(usb);
	else
		pull_out(usb);
}

/* Puts `added` in front of or behind what the variable holds already. */
static void
extend_environment(const char *name, const char *added, char separator, bool in_front)
{
	char value[ENV_MAX];
	const char *old = getenv(name);
	if (!old || !*old)
		snprintf(value, sizeof(value), "%s", added);
	else if (in_front)
		snprintf(value, sizeof(value), "%s%c%s", added, separator, old);
	else
		snprintf(value, sizeof(value), "%s%c%s", old, separator, added);
	setenv(name, value, 1);
}

/*
 * The preload library sleeps for 0 microseconds after each ioctl; the kernel's timer
 * slack of 50 makes that 50, and 1 ns of slack makes it 1. A client built with ASan
 * wants its own library to be the first: it is told not to insist.
 */
static void
show_testbed(const void *of)
{
	const struct usb_front *usb = of;
	setenv("UMOCKDEV_DIR", usb->testbed.path, 1);
	extend_environment("LD_PRELOAD", preload_library, ':', true);
	extend_environment("ASAN_OPTIONS", "verify_asan_link_order=0", ':', false);
	prctl(PR_SET_TIMERSLACK, 1);
}

static unsigned
usb_poll_fds(struct front *front, struct pollfd *fds)
{
	struct usb_front *usb = usb_of(front);
	fds[0] = (struct pollfd){ .fd = usb->command.fd, .events = POLLIN };
	return 1 + usbfs_poll_fds(usb->usbfs, fds + 1);
}

static void
usb_ready(struct front *front, const struct pollfd *fds, unsigned len)
{
	struct usb_front *usb = usb_of(front);
	usbfs_ready(usb->usbfs, fds + 1, len - 1);
	if (fds[0].revents)
		command_note_end(&usb->command);
}

static bool
usb_is_over(struct front *front, int *status)
{
	struct usb_front *usb = usb_of(front);
	if (usb->command.child)
		return false;
	*status = usb->command.status;
	return true;
}

static void
usb_free(struct front *front)
{
	struct usb_front *usb = usb_of(front);
	usbfs_free(usb->usbfs);
	command_stop(&usb->command);
	testbed_close(&usb->testbed);
	free(usb);
}

static const struct front_ops usb_ops = {
	.poll_fds = usb_poll_fds,
	.ready = usb_ready,
	.plug = usb_plug,
	.is_over = usb_is_over,
	.free = usb_free,
};

struct front *
front_usb(struct usb_function *probe, char *const *command)
{
	struct usb_front *usb = calloc(1, sizeof(*usb));
	if (!usb)
		abort();
	usb->front.ops = &usb_ops;
	usb->probe = probe;
	usb->command.fd = -1;
	usb->usbfs = usbfs_new(probe);
	if (testbed_open(&usb->testbed) && plug_in(usb) &&
	    command_start(&usb->command, command, show_testbed, usb))
		return &usb->front;
	usb_free(&usb->front);
	return NULL;
}
