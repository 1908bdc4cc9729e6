/* SPDX-License-Identifier: MIT */
/*
 * testbed.h - the folder that umockdev's preload library shows a client as its /sys
 * and /dev: one USB bus whose root hub has ports, each with at most one device.
 *
 * Layout as libumockdev 0.17 lays it out. The nodes are FIFOs, not files: programs
 * poll them (node.h).
 */
#ifndef TEST_EMULATOR_FRONT_TESTBED_H
#define TEST_EMULATOR_FRONT_TESTBED_H

#include <stdbool.h>
#include <stddef.h>

#include "test/emulator/probe/usb_function.h"

/* The preload library connects to sockets below it: their names hold 107 bytes. */
enum { TESTBED_PATH_MAX = 64, TESTBED_NAME_MAX = 192, TESTBED_NUMBERS = 128 };

struct testbed {
	char path[TESTBED_PATH_MAX];
	unsigned last_number; /* given to a device on the bus */
	bool is_taken[TESTBED_NUMBERS];
	unsigned node_mode; /* of device nodes, as udev's rules set it */
	unsigned long long events;
};

/* What is at one port of the root hub. */
struct testbed_device {
	struct testbed *testbed;
	unsigned port;   /* from 1: the device at port 2 is 1-2 */
	unsigned number; /* on the bus */
	unsigned hid;    /* of its hidraw node while there is one, else 0 */
};

/* Makes the folder with an empty bus. False after telling why not. */
bool testbed_open(struct testbed *testbed);
void testbed_close(struct testbed *testbed);

/* Puts the device on the bus under the next number: first the socket that will be
 * asked for its ioctls (*listener), then node (*fifo, its name) and description, then the
 * event. False after telling why not. */
bool testbed_plug(struct testbed_device *device, const struct usb_function *function,
		  int *listener, char fifo[TESTBED_NAME_MAX]);
/* Tells the event and takes the description away. */
void testbed_unplug(struct testbed_device *device);

/* The same for what the kernel's driver makes of interface 0 when that is a HID's: the
 * interface, the HID and /dev/hidrawN. `report` is its report descriptor. */
bool testbed_bind_hid(struct testbed_device *device, const struct usb_function *function,
		      const void *report, size_t report_size, int *listener,
		      char fifo[TESTBED_NAME_MAX]);
void testbed_unbind_hid(struct testbed_device *device, const struct usb_function *function);

#endif /* TEST_EMULATOR_FRONT_TESTBED_H */
