/* SPDX-License-Identifier: MIT */
/*
 * usb_paced.h - a probe whose client has a clock of its own. Around each transfer the
 * bench is asked: before a request, so that the time for which the client thinks passes on
 * the board; after each transfer that moved data, so that its answer leaves no sooner than
 * the board's clock says. Front ends see a usb_function like any other.
 */
#ifndef TEST_EMULATOR_PROBE_USB_PACED_H
#define TEST_EMULATOR_PROBE_USB_PACED_H

#include "test/emulator/probe/usb_function.h"

struct usb_pacer {
	void (*before_request)(void *of); /* an OUT transfer comes; NULL: nothing to do */
	void (*after_transfer)(void *of); /* NULL: nothing to do */
	void *of;
};

/* Takes `real` and frees it with itself. */
struct usb_function *usb_paced_new(struct usb_function *real, struct usb_pacer pacer);

#endif /* TEST_EMULATOR_PROBE_USB_PACED_H */
