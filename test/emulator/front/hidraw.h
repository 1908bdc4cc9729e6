/* SPDX-License-Identifier: MIT */
/*
 * hidraw.h - a HID as Linux shows it to programs beside usbfs: /dev/hidrawN, from which
 * reports are read and to which they are written. Each who has it open gets every report
 * that arrives meanwhile; when nobody has, the device is not asked for any.
 * Documentation/hid/hidraw.rst, drivers/hid/hidraw.c.
 */
#ifndef TEST_EMULATOR_FRONT_HIDRAW_H
#define TEST_EMULATOR_FRONT_HIDRAW_H

#include "test/emulator/front/node.h"
#include "test/emulator/probe/usb_function.h"

enum { HIDRAW_REPORT_DESCRIPTOR_MAX = 4096 };

struct hidraw;

/* For a device whose interface 0 is a HID's. It has no node yet. */
struct hidraw *hidraw_new(struct usb_function *function);
void hidraw_free(struct hidraw *hidraw);

/* What the device answers to the request for its report descriptor. */
const uint8_t *hidraw_report_descriptor(const struct hidraw *hidraw, unsigned *size);

/* The kernel's driver is bound to it and makes a node; or unbound, or the device is gone:
 * those who have the node open get EIO from now on. Takes the listener over. */
void hidraw_plug(struct hidraw *hidraw, int listener, const char *fifo);
void hidraw_unplug(struct hidraw *hidraw);

/* At most NODE_MAX_CLIENTS + 1. Also fetches what the device has got to say since. */
unsigned hidraw_poll_fds(struct hidraw *hidraw, struct pollfd *fds);
void hidraw_ready(struct hidraw *hidraw, const struct pollfd *fds, unsigned len);

#endif /* TEST_EMULATOR_FRONT_HIDRAW_H */
