/* SPDX-License-Identifier: MIT */
/*
 * vhci.c - a probe on a bus of the kernel that this runs under: its driver vhci-hcd is
 * handed one end of a socket pair, and the probe is enumerated, bound to drivers and
 * reached through device nodes like one on a cable. Needs root, and that driver: it is
 * meant for the guest of test/kernel/guest.
 *
 * Source: Linux, drivers/usb/usbip/vhci_sysfs.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/usb/ch9.h>
#include <linux/usbip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "test/emulator/front/command.h"
#include "test/emulator/front/front.h"
#include "test/emulator/front/usbip.h"

#define CONTROLLER "/devices/platform/vhci_hcd.0"
/* As the kernel's tools number a device: bus << 16 | device. Only shown in "status". */
enum { DEVICE_ID = 0x10002 };
enum { KERNEL_EVENTS = 1, EVENT_MAX = 4096, LINE_MAX_LEN = 128 };
enum { ENUMERATED_WITHIN_MS = 20000 };

struct vhci_front {
	struct front front;
	struct usb_function *probe;
	struct usbip *usbip;
	unsigned port;
	bool is_plugged;
	struct command command;
};

static struct vhci_front *
vhci_of(struct front *front)
{
	return (struct vhci_front *)front; /* the first member */
}

static bool
complain(const char *what)
{
	fprintf(stderr, "emulator: %s: %s\n", what, strerror(errno));
	return false;
}

/* A port for USB 2 ("hs") that nothing is plugged into: one that was just left may still be
 * on its way out. */
static bool
find_port(unsigned *port)
{
	char line[LINE_MAX_LEN];
	bool found = false;
	FILE *status = fopen("/sys" CONTROLLER "/status", "r");
	if (!status)
		return complain("this kernel has no bus of vhci-hcd (/sys" CONTROLLER
				"/status)");
	while (!found && fgets(line, sizeof(line), status)) {
		unsigned state;
		found = sscanf(line, "hs %u %u", port, &state) == 2 &&
			state == VDEV_ST_NULL;
	}
	fclose(status);
	if (!found)
		fprintf(stderr, "emulator: all ports of vhci-hcd are taken\n");
	return found;
}

static bool
attach(const struct vhci_front *vhci, int socket)
{
	char order[LINE_MAX_LEN];
	enum usb_device_speed speed =
		vhci->probe->speed == USB_HIGH_SPEED ? USB_SPEED_HIGH : USB_SPEED_FULL;
	int len = snprintf(order, sizeof(order), "%u %d %u %u", vhci->port, socket,
			   DEVICE_ID, (unsigned)speed);
	int fd = open("/sys" CONTROLLER "/attach", O_WRONLY | O_CLOEXEC);
	bool is_attached = fd >= 0 && write(fd, order, (size_t)len) == len;
	if (!is_attached)
		complain("the probe cannot be plugged into vhci-hcd");
	if (fd >= 0)
		close(fd);
	return is_attached;
}

/* The kernel keeps its end open for itself. */
static bool
plug_in(struct vhci_front *vhci)
{
	int ends[2];
	if (!find_port(&vhci->port))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return complain("socketpair");
	vhci->is_plugged = attach(vhci, ends[0]);
	close(ends[0]);
	if (vhci->is_plugged)
		usbip_plug(vhci->usbip, ends[1]);
	else
		close(ends[1]);
	return vhci->is_plugged;
}

static void
vhci_plug(struct front *front, unsigned which, bool plugged)
{
	struct vhci_front *vhci = vhci_of(front);
	if (which != 0 || plugged == vhci->is_plugged)
		return;
	vhci->probe->ops->power(vhci->probe, plugged);
	if (plugged) {
		plug_in(vhci);
		return;
	}
	vhci->is_plugged = false;
	usbip_unplug(vhci->usbip);
}

static int
listen_to_kernel(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = KERNEL_EVENTS };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	complain("cannot listen to the kernel's events");
	if (fd >= 0)
		close(fd);
	return -1;
}

/* "bind" of the device is the last of all events: by then its interfaces have their drivers
 * and their nodes. The port is counted from 1 there. */
static bool
says_bound(int events, unsigned port)
{
	char event[EVENT_MAX];
	unsigned bound;
	int end = 0;
	ssize_t len = recv(events, event, sizeof(event) - 1, MSG_DONTWAIT);
	if (len <= 0)
		return false;
	event[len] = '\0';
	return sscanf(event, "bind@" CONTROLLER "/usb%*u/%*u-%u%n", &bound, &end) == 1 &&
	       event[end] == '\0' && bound == port + 1;
}

static int64_t
now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Serves the kernel until it has taken the probe in. */
static bool
await_bound(struct vhci_front *vhci, int events)
{
	int64_t until = now_ms() + ENUMERATED_WITHIN_MS, left;
	while (usbip_fd(vhci->usbip) >= 0 && (left = until - now_ms()) > 0) {
		struct pollfd fds[] = { { .fd = usbip_fd(vhci->usbip), .events = POLLIN },
					{ .fd = events, .events = POLLIN } };
		if (poll(fds, 2, (int)left) <= 0)
			continue;
		if (fds[0].revents)
			usbip_serve(vhci->usbip);
		if (fds[1].revents && says_bound(events, vhci->port))
			return true;
	}
	fprintf(stderr, "emulator: the kernel did not take the probe in within %d s\n",
		ENUMERATED_WITHIN_MS / 1000);
	return false;
}

static bool
start(struct vhci_front *vhci, char *const *arguments)
{
	int events = listen_to_kernel();
	bool is_bound = events >= 0 && plug_in(vhci) && await_bound(vhci, events);
	if (events >= 0)
		close(events);
	return is_bound && command_start(&vhci->command, arguments, NULL, NULL);
}

static unsigned
vhci_poll_fds(struct front *front, struct pollfd *fds)
{
	struct vhci_front *vhci = vhci_of(front);
	usbip_pump(vhci->usbip);
	fds[0] = (struct pollfd){ .fd = vhci->command.fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = usbip_fd(vhci->usbip), .events = POLLIN };
	return 2;
}

static void
vhci_ready(struct front *front, const struct pollfd *fds, unsigned len)
{
	struct vhci_front *vhci = vhci_of(front);
	(void)len;
	if (fds[1].revents)
		usbip_serve(vhci->usbip);
	if (fds[0].revents)
		command_note_end(&vhci->command);
}

static bool
vhci_is_over(struct front *front, int *status)
{
	struct vhci_front *vhci = vhci_of(front);
	if (vhci->command.child)
		return false;
	*status = vhci->command.status;
	return true;
}

static void
vhci_free(struct front *front)
{
	struct vhci_front *vhci = vhci_of(front);
	usbip_free(vhci->usbip);
	command_stop(&vhci->command);
	free(vhci);
}

static const struct front_ops vhci_ops = {
	.poll_fds = vhci_poll_fds,
	.ready = vhci_ready,
	.plug = vhci_plug,
	.is_over = vhci_is_over,
	.free = vhci_free,
};

struct front *
front_vhci(const struct front_probes *probes, char *const *arguments)
{
	struct vhci_front *vhci = calloc(1, sizeof(*vhci));
	if (!vhci)
		abort();
	vhci->front.ops = &vhci_ops;
	vhci->probe = probes->list[0];
	vhci->usbip = usbip_new(vhci->probe);
	vhci->command.fd = -1;
	if (start(vhci, arguments))
		return &vhci->front;
	vhci_free(&vhci->front);
	return NULL;
}
