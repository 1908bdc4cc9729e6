/* SPDX-License-Identifier: MIT */
/*
 * umockdev.c - one command, with its children, that sees the probes on a USB bus: the
 * preload library of umockdev shows it the folder of testbed.c as /sys and /dev and
 * sends us the ioctls on the devices' nodes (usbfs.c).
 */
#include <stdlib.h>
#include <unistd.h>

#include "test/emulator/front/command.h"
#include "test/emulator/front/family.h"
#include "test/emulator/front/front.h"
#include "test/emulator/front/hidraw.h"
#include "test/emulator/front/holder.h"
#include "test/emulator/front/preload.h"
#include "test/emulator/front/testbed.h"
#include "test/emulator/front/usbfs.h"

/* Where a probe is plugged in. */
struct usb_port {
	struct usb_function *probe;
	struct testbed_device device;
	struct usbfs *usbfs;
	struct hidraw *hidraw; /* NULL: it is no HID */
	bool is_plugged;
	unsigned usbfs_fds, hidraw_fds; /* polled last */
};

_Static_assert(1 + 2 * FRONT_MAX_PROBES * (NODE_MAX_CLIENTS + 1) <= FRONT_MAX_FDS,
	       "all may have all that they take");

struct usb_front {
	struct front front;
	struct testbed testbed;
	struct usb_port ports[FRONT_MAX_PROBES];
	unsigned ports_len;
	struct command command;
};

static struct usb_front *
usb_of(struct front *front)
{
	return (struct usb_front *)front; /* the first member */
}

/* The kernel's driver makes the hidraw node of a HID. */
static bool
bind_hid(struct usb_port *port)
{
	int listener;
	unsigned size;
	char fifo[TESTBED_NAME_MAX];
	const uint8_t *report = hidraw_report_descriptor(port->hidraw, &size);
	if (!testbed_bind_hid(&port->device, port->probe, report, size, &listener, fifo))
		return false;
	hidraw_plug(port->hidraw, listener, fifo);
	return true;
}

static void
unbind_hid(struct usb_port *port)
{
	hidraw_unplug(port->hidraw);
	testbed_unbind_hid(&port->device, port->probe);
}

static void
driver_changed(void *of, bool is_bound)
{
	if (is_bound)
		bind_hid(of);
	else
		unbind_hid(of);
}

static bool
plug_in(struct usb_port *port)
{
	int listener;
	char fifo[TESTBED_NAME_MAX];
	if (!testbed_plug(&port->device, port->probe, &listener, fifo))
		return false;
	usbfs_plug(port->usbfs, listener, fifo);
	port->is_plugged = true;
	return !port->hidraw || bind_hid(port);
}

static void
pull_out(struct usb_port *port)
{
	port->is_plugged = false;
	if (port->device.hid)
		unbind_hid(port);
	usbfs_unplug(port->usbfs);
	testbed_unplug(&port->device);
}

static void
usb_plug(struct front *front, unsigned which, bool plugged)
{
	struct usb_port *port = &usb_of(front)->ports[which];
	if (plugged == port->is_plugged)
		return;
	port->probe->ops->power(port->probe, plugged);
	if (plugged)
		plug_in(port);
	else
		pull_out(port);
}

static void
show_testbed(const void *of)
{
	const struct usb_front *usb = of;
	preload_enter(usb->testbed.path);
}

static unsigned
ports_poll_fds(struct usb_front *usb, struct pollfd *fds)
{
	unsigned len = 0;
	for (unsigned i = 0; i < usb->ports_len; i++) {
		struct usb_port *port = &usb->ports[i];
		port->usbfs_fds = usbfs_poll_fds(port->usbfs, fds + len);
		len += port->usbfs_fds;
		port->hidraw_fds =
			port->hidraw ? hidraw_poll_fds(port->hidraw, fds + len) : 0;
		len += port->hidraw_fds;
	}
	return len;
}

/* Each gets its own part: a descriptor that one closes may be opened by the next. */
static void
ports_ready(struct usb_front *usb, const struct pollfd *fds)
{
	for (unsigned i = 0; i < usb->ports_len; i++) {
		struct usb_port *port = &usb->ports[i];
		usbfs_ready(port->usbfs, fds, port->usbfs_fds);
		fds += port->usbfs_fds;
		if (port->hidraw)
			hidraw_ready(port->hidraw, fds, port->hidraw_fds);
		fds += port->hidraw_fds;
	}
}

static unsigned
usb_poll_fds(struct front *front, struct pollfd *fds)
{
	struct usb_front *usb = usb_of(front);
	fds[0] = (struct pollfd){ .fd = usb->command.fd, .events = POLLIN };
	return 1 + ports_poll_fds(usb, fds + 1);
}

static void
usb_ready(struct front *front, const struct pollfd *fds, unsigned len)
{
	struct usb_front *usb = usb_of(front);
	(void)len;
	ports_ready(usb, fds + 1);
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
	for (unsigned i = 0; i < usb->ports_len; i++) {
		usbfs_free(usb->ports[i].usbfs);
		hidraw_free(usb->ports[i].hidraw);
	}
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

/* The holder's ioctls are served until it has the probe, or has ended without. */
static bool
start_holder(struct usb_front *usb)
{
	struct pollfd fds[FRONT_MAX_FDS] = { { .revents = 0 } };
	int ready = holder_start(usb->testbed.path, usb->ports[0].device.number);
	char byte;
	while (ready >= 0 && !fds[0].revents) {
		fds[0] = (struct pollfd){ .fd = ready, .events = POLLIN };
		unsigned len = 1 + ports_poll_fds(usb, fds + 1);
		if (poll(fds, len, -1) > 0)
			ports_ready(usb, fds + 1);
	}
	bool is_held = ready >= 0 && read(ready, &byte, 1) == 1;
	if (ready >= 0)
		close(ready);
	return is_held;
}

static bool
fill_ports(struct usb_front *usb, const struct front_probes *probes)
{
	if (!testbed_open(&usb->testbed))
		return false;
	usb->testbed.node_mode = probes->node_mode;
	for (unsigned i = 0; i < probes->len; i++) {
		struct usb_port *port = &usb->ports[usb->ports_len++];
		port->probe = probes->list[i];
		port->device.testbed = &usb->testbed;
		port->device.port = i + 1;
		port->usbfs = usbfs_new(port->probe);
		usbfs_watch_driver(port->usbfs, driver_changed, port);
		if (port->probe->is_hid)
			port->hidraw = hidraw_new(port->probe);
		if (!plug_in(port))
			return false;
	}
	return true;
}

struct front *
front_usb(const struct front_probes *probes, char *const *command)
{
	struct usb_front *usb = calloc(1, sizeof(*usb));
	if (!usb)
		abort();
	usb->front.ops = &usb_ops;
	usb->command.fd = -1;
	family_adopt();
	if (fill_ports(usb, probes) && (!probes->first_is_held || start_holder(usb)) &&
	    command_start(&usb->command, command, show_testbed, usb))
		return &usb->front;
	usb_free(&usb->front);
	return NULL;
}
