/* SPDX-License-Identifier: MIT */
/*
 * testbed.h - the folder that umockdev's preload library shows a client as its /sys
 * and /dev: one USB bus with at most one device on it.
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
	unsigned device; /* number on the bus, 0: none */
	unsigned long long events;
};

/* Makes the folder with an empty bus. False after telling why not. */
bool testbed_open(struct testbed *testbed);
void testbed_close(struct testbed *testbed);

/* Puts the device on the bus under the next number: first the socket that will be
 * asked for its ioctls (*listener), then node (*fifo) and description, then the event. */
bool testbed_plug(struct testbed *testbed, const struct usb_function *function,
		  int *listener, int *fifo);
/* Tells the event and takes the description away. */
void testbed_unplug(struct testbed *testbed);

#endif /* TEST_EMULATOR_FRONT_TESTBED_H */
