/* SPDX-License-Identifier: MIT */
/*
 * testbed.h - the folder that umockdev's preload library shows a client as its /sys
 * and /dev: one USB bus whose root hub has ports, each with at most one device.
 *
 * Layout as libumockdev 0.17 lays it out. The device's node is a FIFO, not a file:
 * libusb waits for POLLOUT on it, and a pipe that is full is not writable.
 */
#ifndef TEST_EMULATOR_FRONT_TESTBED_H
#define TEST_EMULATOR_FRONT_TESTBED_H

#include <stdbool.h>

#include "test/emulator/probe/usb_function.h"

/* The preload library connects to sockets below it: their names hold 107 bytes. */
enum { TESTBED_PATH_MAX = 64 };

struct testbed {
	char path[TESTBED_PATH_MAX];
	unsigned last_number; /* given to a device on the bus */
	unsigned long long events;
};

/* What is at one port of the root hub. */
struct testbed_device {
	struct testbed *testbed;
	unsigned port;   /* from 1: the device at port 2 is 1-2 */
	unsigned number; /* on the bus */
};

/* Makes the folder with an empty bus. False after telling why not. */
bool testbed_open(struct testbed *testbed);
void testbed_close(struct testbed *testbed);

/* Puts the device on the bus under the next number: first the socket that will be
 * asked for its ioctls (*listener), then node (*fifo) and description, then the event. */
bool testbed_plug(struct testbed_device *device, const struct usb_function *function,
		  int *listener, int *fifo);
/* Tells the event and takes the description away. */
void testbed_unplug(struct testbed_device *device);

#endif /* TEST_EMULATOR_FRONT_TESTBED_H */
