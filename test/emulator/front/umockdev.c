/* SPDX-License-Identifier: MIT */
/*
 * umockdev.c - one command, with its children, that sees the probe on a USB bus: the
 * preload library of umockdev shows it the folder of testbed.c as /sys and /dev and
 * sends us the ioctls on the device's node (usbfs.c).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/emulator/front/family.h"
#include "test/emulator/front/front.h"
#include "test/emulator/front/testbed.h"
#include "test/emulator/front/usbfs.h"

enum { COMMAND_NOT_RUN = 127, SIGNAL_STATUS = 128, KILL_AFTER_MS = 2000, ENV_MAX = 4096 };
static const char preload_library[] = "libumockdev-preload.so.0";

struct usb_front {
	struct front front;
	struct usb_function *probe;
	struct testbed testbed;
	struct usbfs *usbfs;
	bool is_plugged;
	pid_t child;
	int child_fd; /* readable when it has ended */
	int status;
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
run_command(const struct usb_front *usb, char *const *command)
{
	setenv("UMOCKDEV_DIR", usb->testbed.path, 1);
	extend_environment("LD_PRELOAD", preload_library, ':', true);
	extend_environment("ASAN_OPTIONS", "verify_asan_link_order=0", ':', false);
	prctl(PR_SET_TIMERSLACK, 1);
	execvp(command[0], command);
	fprintf(stderr, "emulator: cannot run %s: %s\n", command[0], strerror(errno));
	_exit(COMMAND_NOT_RUN);
}

static bool
start_command(struct usb_front *usb, char *const *command)
{
	fflush(NULL);
	family_adopt();
	usb->child = fork();
	if (usb->child == 0)
		run_command(usb, command);
	if (usb->child > 0)
		usb->child_fd = (int)syscall(SYS_pidfd_open, usb->child, 0);
	if (usb->child_fd >= 0)
		return true;
	fprintf(stderr, "emulator: cannot start %s: %s\n", command[0], strerror(errno));
	return false;
}

static unsigned
usb_poll_fds(struct front *front, struct pollfd *fds)
{
	struct usb_front *usb = usb_of(front);
	fds[0] = (struct pollfd){ .fd = usb->child_fd, .events = POLLIN };
	return 1 + usbfs_poll_fds(usb->usbfs, fds + 1);
}

static void
note_end(struct usb_front *usb)
{
	int status;
	if (waitpid(usb->child, &status, WNOHANG) != usb->child)
		return;
	usb->status =
		WIFEXITED(status) ? WEXITSTATUS(status) : SIGNAL_STATUS + WTERMSIG(status);
	close(usb->child_fd);
	usb->child_fd = -1;
	usb->child = 0;
}

static void
usb_ready(struct front *front, const struct pollfd *fds, unsigned len)
{
	struct usb_front *usb = usb_of(front);
	usbfs_ready(usb->usbfs, fds + 1, len - 1);
	if (fds[0].revents)
		note_end(usb);
}

static bool
usb_is_over(struct front *front, int *status)
{
	struct usb_front *usb = usb_of(front);
	if (usb->child)
		return false;
	*status = usb->status;
	return true;
}

/* Only when the emulator ends before its command does. */
static void
end_command(struct usb_front *usb)
{
	struct pollfd ended = { .fd = usb->child_fd, .events = POLLIN };
	kill(usb->child, SIGTERM);
	if (poll(&ended, 1, KILL_AFTER_MS) <= 0)
		kill(usb->child, SIGKILL);
	waitpid(usb->child, NULL, 0);
	close(usb->child_fd);
}

static void
usb_free(struct front *front)
{
	struct usb_front *usb = usb_of(front);
	usbfs_free(usb->usbfs);
	if (usb->child > 0)
		end_command(usb);
	family_end();
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
	usb->child_fd = -1;
	usb->usbfs = usbfs_new(probe);
	if (testbed_open(&usb->testbed) && plug_in(usb) && start_command(usb, command))
		return &usb->front;
	usb_free(&usb->front);
	return NULL;
}
