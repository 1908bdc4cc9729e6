/* SPDX-License-Identifier: MIT */
/*
 * usbip.h - a probe's transfers as USB/IP carries them: the device's end of a connection
 * whose other end is a kernel with the driver vhci-hcd.
 *
 * Source: Linux, Documentation/usb/usbip_protocol.rst, "CMD_SUBMIT" and what follows.
 */
#ifndef TEST_EMULATOR_FRONT_USBIP_H
#define TEST_EMULATOR_FRONT_USBIP_H

#include <stdbool.h>

#include "test/emulator/probe/usb_function.h"

struct usbip;

/* `function` outlives it. */
struct usbip *usbip_new(struct usb_function *function);
void usbip_free(struct usbip *usbip); /* unplugs as well; takes NULL */

/* From now on `socket`, a stream, carries the transfers; it is closed by usbip_unplug(). */
void usbip_plug(struct usbip *usbip, int socket);
/* To the kernel this is a pulled cable. What was under way is forgotten. */
void usbip_unplug(struct usbip *usbip);
int usbip_fd(const struct usbip *usbip); /* -1: not plugged in */

/* Serves the message that is there; waits for the rest of one for 5 s at the most. When
 * the other end closes or talks nonsense the probe is unplugged. */
void usbip_serve(struct usbip *usbip);
/* Gives transfers that the probe had no answer to another try. */
void usbip_pump(struct usbip *usbip);

#endif /* TEST_EMULATOR_FRONT_USBIP_H */
