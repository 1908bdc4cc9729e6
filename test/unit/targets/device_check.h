/* SPDX-License-Identifier: MIT */
/*
 * device_check.h - what must be true of every device entry, as assertions: of those of
 * the product, and of those that only show that the shape fits (device_fixtures.h).
 */
#ifndef TEST_UNIT_TARGETS_DEVICE_CHECK_H
#define TEST_UNIT_TARGETS_DEVICE_CHECK_H

#include "targets/chip/device.h"

/* Fails the test when it is not. */
void device_check(const struct device *device);
void interface_check(const struct flash_interface *interface);

#endif /* TEST_UNIT_TARGETS_DEVICE_CHECK_H */
