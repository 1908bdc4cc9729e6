/* SPDX-License-Identifier: MIT */
/*
 * usb_holder.h - which program holds a USB device.
 */
#ifndef TRANSPORT_LINK_USB_HOLDER_H
#define TRANSPORT_LINK_USB_HOLDER_H

#include "transport/base/reason.h"
#include "transport/base/text.h"

/* Adds "openocd (pid 4711)" for each other process that has the device node open, separated
 * by " and ". False, and nothing added, when none is found: this is Linux only, and an
 * ordinary user sees only his own processes. Some milliseconds. */
bool usb_holder_find(const char *node, struct text *words);
/* The same for a HID by the path that hidapi gives it: "/dev/hidraw3", or the interface's
 * name in sysfs, "1-4.2:1.0". */
bool usb_holder_find_hid(const char *path, struct text *words);
/* Failure mode A3: `holder` are those words. A tether can share its probe. */
void usb_holder_suspect(const char *holder, struct reason *why);

#endif /* TRANSPORT_LINK_USB_HOLDER_H */
