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
enum { FIRST_DEVICE_ID = 0x10002 };
enum { KERNEL_EVENTS = 1, EVENT_MAX = 4096, LINE_MAX_LEN = 128 };
enum { ENUMERATED_WITHIN_MS = 20000 };

/* A probe on its cable. */
struct cable {
	struct usb_function *probe;
	struct usbip *usbip;
	unsigned device_id;
	unsigned port; /* of vhci-hcd, from 0; a new one each time */
	bool is_plugged;
};

struct vhci_front {
	struct front front;
	struct cable cables[FRONT_MAX_PROBES];
	unsigned cables_len;
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
attach(const struct cable *cable, int socket)
{
	char order[LINE_MAX_LEN];
	enum usb_device_speed speed =
		cable->probe->speed == USB_HIGH_SPEED ? USB_SPEED_HIGH : USB_SPEED_FULL;
	int len = snprintf(order, sizeof(order), "%u %d %u %u", cable->port, socket,
			   cable->device_id, (unsigned)speed);
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
plug_in(struct cable *cable)
{
	int ends[2];
	if (!find_port(&cable->port))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return complain("socketpair");
	cable->is_plugged = attach(cable, ends[0]);
	close(ends[0]);
	if (cable->is_plugged)
		usbip_plug(cable->usbip, ends[1]);
	else
		close(ends[1]);
	return cable->is_plugged;
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

static void
cables_poll_fds(const struct vhci_front *vhci, struct pollfd *fds)
{
	for (unsigned i = 0; i < vhci->cables_len; i++) {
		usbip_pump(vhci->cables[i].usbip);
		fds[i] = (struct pollfd){ .fd = usbip_fd(vhci->cables[i].usbip),
					  .events = POLLIN };
	}
}

static void
cables_ready(const struct vhci_front *vhci, const struct pollfd *fds)
{
	for (unsigned i = 0; i < vhci->cables_len; i++)
		if (fds[i].revents)
			usbip_serve(vhci->cables[i].usbip);
}

/* Serves the kernel until it has taken the probe in. */
static bool
await_bound(const struct vhci_front *vhci, const struct cable *cable, int events)
{
	int64_t until = now_ms() + ENUMERATED_WITHIN_MS, left;
	while (usbip_fd(cable->usbip) >= 0 && (left = until - now_ms()) > 0) {
		struct pollfd fds[1 + FRONT_MAX_PROBES] = { { .fd = events,
							      .events = POLLIN } };
		cables_poll_fds(vhci, fds + 1);
		if (poll(fds, 1 + vhci->cables_len, (int)left) <= 0)
			continue;
		cables_ready(vhci, fds + 1);
		if (fds[0].revents && says_bound(events, cable->port))
			return true;
	}
	fprintf(stderr, "emulator: the kernel did not take the probe in within %d s\n",
		ENUMERATED_WITHIN_MS / 1000);
	return false;
}

/* After this a program finds the probe. */
static bool
plug_in_and_wait(const struct vhci_front *vhci, struct cable *cable)
{
	int events = listen_to_kernel();
	bool is_bound = events >= 0 && plug_in(cable) && await_bound(vhci, cable, events);
	if (events >= 0)
		close(events);
	return is_bound;
}

static void
vhci_plug(struct front *front, unsigned which, bool plugged)
{
	struct vhci_front *vhci = vhci_of(front);
	struct cable *cable = &vhci->cables[which];
	if (plugged == cable->is_plugged)
		return;
	cable->probe->ops->power(cable->probe, plugged);
	if (plugged) {
		plug_in_and_wait(vhci, cable);
	} else {
		cable->is_plugged = false;
		usbip_unplug(cable->usbip);
	}
}

static unsigned
vhci_poll_fds(struct front *front, struct pollfd *fds)
{
	struct vhci_front *vhci = vhci_of(front);
	fds[0] = (struct pollfd){ .fd = vhci->command.fd, .events = POLLIN };
	cables_poll_fds(vhci, fds + 1);
	return 1 + vhci->cables_len;
}

static void
vhci_ready(struct front *front, const struct pollfd *fds, unsigned len)
{
	struct vhci_front *vhci = vhci_of(front);
	(void)len;
	cables_ready(vhci, fds + 1);
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
	for (unsigned i = 0; i < vhci->cables_len; i++)
		usbip_free(vhci->cables[i].usbip);
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

static bool
plug_in_all(struct vhci_front *vhci, const struct front_probes *probes)
{
	for (unsigned i = 0; i < probes->len; i++) {
		struct cable *cable = &vhci->cables[vhci->cables_len++];
		cable->probe = probes->list[i];
		cable->usbip = usbip_new(cable->probe);
		cable->device_id = FIRST_DEVICE_ID + i;
		if (!plug_in_and_wait(vhci, cable))
			return false;
	}
	return true;
}

struct front *
front_vhci(const struct front_probes *probes, char *const *arguments)
{
	if (probes->first_is_held) {
		fprintf(stderr,
			"emulator: on a bus of the kernel nobody holds a probe but a "
			"program that is started there\n");
		return NULL;
	}
	if (probes->node_mode != FRONT_NODE_MODE) {
		fprintf(stderr, "emulator: nodes of the kernel are udev's business\n");
		return NULL;
	}
	struct vhci_front *vhci = calloc(1, sizeof(*vhci));
	if (!vhci)
		abort();
	vhci->front.ops = &vhci_ops;
	vhci->command.fd = -1;
	if (plug_in_all(vhci, probes) &&
	    command_start(&vhci->command, arguments, NULL, NULL))
		return &vhci->front;
	vhci_free(&vhci->front);
	return NULL;
}
