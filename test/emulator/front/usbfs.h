/* SPDX-License-Identifier: MIT */
/*
 * usbfs.h - a USB device as Linux shows it to programs: ioctls on a node, URBs that
 * are submitted and reaped. Its FIFO has a byte while nobody has anything to reap: libusb
 * waits for POLLOUT.
 */
#ifndef TEST_EMULATOR_FRONT_USBFS_H
#define TEST_EMULATOR_FRONT_USBFS_H

#include <poll.h>
#include <stdbool.h>

#include "test/emulator/front/node.h"
#include "test/emulator/probe/usb_function.h"

enum { USBFS_MAX_CLIENTS = NODE_MAX_CLIENTS };

struct usbfs;

/* The kernel's driver for HIDs was bound to the device, or unbound. */
typedef void usbfs_driver_changed(void *of, bool is_bound);

/* No device is plugged yet. */
struct usbfs *usbfs_new(struct usb_function *function);
void usbfs_free(struct usbfs *usbfs);
/* Tells from now on when the driver comes and goes, before the program that made it so
 * gets its answer. */
void usbfs_watch_driver(struct usbfs *usbfs, usbfs_driver_changed *changed, void *of);

/* The device is on the bus: `listener` accepts those who open its node, `fifo` is the
 * node's name. Takes the listener over. */
void usbfs_plug(struct usbfs *usbfs, int listener, const char *fifo);
/* Ends all that is pending; those who have it open get ENODEV from now on. */
void usbfs_unplug(struct usbfs *usbfs);

/* At most USBFS_MAX_CLIENTS + 1. Also completes what the probe has got to say since. */
unsigned usbfs_poll_fds(struct usbfs *usbfs, struct pollfd *fds);
void usbfs_ready(struct usbfs *usbfs, const struct pollfd *fds, unsigned len);

#endif /* TEST_EMULATOR_FRONT_USBFS_H */
