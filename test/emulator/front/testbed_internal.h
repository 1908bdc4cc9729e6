/* SPDX-License-Identifier: MIT */
/*
 * testbed_internal.h - what testbed.c (the folder, USB devices) and testbed_hid.c share.
 * Names are those that a client sees, from its root. What can fail returns false, with
 * errno.
 */
#ifndef TEST_EMULATOR_FRONT_TESTBED_INTERNAL_H
#define TEST_EMULATOR_FRONT_TESTBED_INTERNAL_H

#include "test/emulator/front/testbed.h"

/* The root hub's folder. */
#define TESTBED_HUB "/sys/devices/usb1"

/* Writes a file, making the folders above it. */
bool testbed_write(const struct testbed *testbed, const char *place, const void *bytes,
		   size_t size);
__attribute__((format(printf, 3, 4))) bool
testbed_print(const struct testbed *testbed, const char *place, const char *format, ...);
bool testbed_link(const struct testbed *testbed, const char *link, const char *target);
__attribute__((format(printf, 2, 3))) void
testbed_remove(const struct testbed *testbed, const char *format, ...);
void testbed_remove_tree(const struct testbed *testbed, const char *folder);

/* A node below /dev: its socket, its FIFO, and what /dev/.node has for its numbers. */
bool testbed_make_node(const struct testbed *testbed, const char *node, int *listener,
		       char fifo[TESTBED_NAME_MAX]);
bool testbed_number_node(const struct testbed *testbed, const char *node, unsigned major,
			 unsigned minor);
void testbed_remove_node(const struct testbed *testbed, const char *node);

#endif /* TEST_EMULATOR_FRONT_TESTBED_INTERNAL_H */
