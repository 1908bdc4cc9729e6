/* SPDX-License-Identifier: MIT */
/*
 * usb_faulty.h - a probe behind a cable, hub or host port that is not good: some of its
 * transfers stall, arrive cut short, or come late. Front ends see a usb_function like any
 * other; the probe behind it does not know.
 */
#ifndef TEST_EMULATOR_PROBE_USB_FAULTY_H
#define TEST_EMULATOR_PROBE_USB_FAULTY_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/probe/usb_function.h"

/* All zero: nothing is wrong. Transfers are bulk ones that move data; NAKs do not count. */
struct usb_faults {
	unsigned stall_every; /* of so many, the last stalls; until its halt is cleared */
	unsigned short_every; /* of so many IN, the last loses its second half */
	unsigned delay_ms;    /* of device time between OUT and the next IN */
	bool is_silent;       /* it takes what is sent, and has nothing to say */
};

/* The device's clock, for delays. */
struct usb_clock {
	uint64_t (*now_ns)(void *of);
	void *of;
};

/* Takes `real` and frees it with itself. */
struct usb_function *usb_faulty_new(struct usb_function *real,
				    const struct usb_faults *faults,
				    struct usb_clock clock);
/* Of one made by usb_faulty_new(): what is wrong from now on. */
void usb_faulty_set(struct usb_function *faulty, const struct usb_faults *faults);

#endif /* TEST_EMULATOR_PROBE_USB_FAULTY_H */
