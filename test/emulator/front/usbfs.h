/* SPDX-License-Identifier: MIT */
/*
 * usbfs.h - a USB device as Linux shows it to programs: ioctls on a node, URBs that
 * are submitted and reaped. Here the ioctls arrive on a socket, from umockdev's
 * preload library in the program.
 *
 * One message is three words of 64 bits. From the client: 1 ioctl(request, argument).
 * From us: 5 send me (address, size) of your memory, 6 put (address, size) and the
 * bytes there, 3 done (result, errno). umockdev 0.17, libumockdev-preload.c.
 */
#ifndef TEST_EMULATOR_FRONT_USBFS_H
#define TEST_EMULATOR_FRONT_USBFS_H

#include <poll.h>
#include <stdbool.h>

#include "test/emulator/probe/usb_function.h"

enum { USBFS_MAX_CLIENTS = 24 };

struct usbfs;

/* No device is plugged yet. */
struct usbfs *usbfs_new(struct usb_function *function);
void usbfs_free(struct usbfs *usbfs);

/* The device is on the bus: `listener` accepts those who open its node, `fifo` is the
 * node, by which they are told that there is something to reap. Takes both over. */
void usbfs_plug(struct usbfs *usbfs, int listener, int fifo);
/* Ends all that is pending; those who have it open get ENODEV from now on. */
void usbfs_unplug(struct usbfs *usbfs);

/* At most USBFS_MAX_CLIENTS + 1. Also completes what the probe has got to say since. */
unsigned usbfs_poll_fds(struct usbfs *usbfs, struct pollfd *fds);
void usbfs_ready(struct usbfs *usbfs, const struct pollfd *fds, unsigned len);

#endif /* TEST_EMULATOR_FRONT_USBFS_H */
