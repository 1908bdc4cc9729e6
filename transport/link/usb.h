/* SPDX-License-Identifier: MIT */
/*
 * usb.h - USB devices by way of libusb-1.0: find, open, claim, bulk transfers
 * with a deadline, and what it looks like when one is pulled.
 *
 * One struct usb serves any number of devices. Nothing here knows probes.
 */
#ifndef TRANSPORT_LINK_USB_H
#define TRANSPORT_LINK_USB_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct usb;
struct usb_device;

struct usb_id {
	uint16_t vendor, product;
};

/* A device as the bus lists it. Strings are "" where this user may not open it. */
struct usb_found {
	struct usb_id id;
	uint8_t bus, address;
	bool is_openable;
	char path[64]; /* "1-4.2": bus and ports, stays the same over replugs */
	char serial[64], product[64];
};

/* Fails with CAUSE_HOST. */
enum cause usb_open(struct usb **usb, struct reason *why);
void usb_close(struct usb *usb); /* takes NULL; all devices are closed before */

/* Those devices on the bus whose id is one of `ids`, at most `max`; *len tells how many.
 * Opens each for its strings; claims nothing. Takes some milliseconds a device. */
enum cause usb_list(struct usb *usb, const struct usb_id *ids, size_t ids_len,
		    struct usb_found *found, size_t max, size_t *len, struct reason *why);

/* Opens `found` and claims the interface. Fails with CAUSE_HOST when it may not be opened
 * (the hint names the udev rule) or is held by another program (on Linux the story names
 * it and its pid), with CAUSE_GONE when it is no longer there. */
enum cause usb_device_open(struct usb *usb, const struct usb_found *found, int interface,
			   struct usb_device **device, struct reason *why);
/* Releases and closes; takes NULL. */
void usb_device_close(struct usb_device *device);

/* All `size` bytes or a cause. CAUSE_GONE: unplugged. CAUSE_TIMEOUT: not in time.
 * CAUSE_FAULT: the endpoint stalled. Blocks for `timeout_ms` at the most. */
enum cause usb_bulk_out(struct usb_device *device, uint8_t endpoint, const uint8_t *bytes,
			size_t size, uint32_t timeout_ms, struct reason *why);
/* One transfer of up to `max` bytes; a short one is no failure: *size tells. */
enum cause usb_bulk_in(struct usb_device *device, uint8_t endpoint, uint8_t *bytes,
		       size_t max, size_t *size, uint32_t timeout_ms, struct reason *why);

enum cause usb_clear_halt(struct usb_device *device, uint8_t endpoint, struct reason *why);
/* A port reset. CAUSE_GONE when the device re-enumerated and must be found anew. */
enum cause usb_reset(struct usb_device *device, struct reason *why);

#endif /* TRANSPORT_LINK_USB_H */
