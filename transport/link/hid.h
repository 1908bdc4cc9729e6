/* SPDX-License-Identifier: MIT */
/*
 * hid.h - HID devices by way of hidapi: find, open, reports with a deadline.
 *
 * Which of hidapi's back ends it is - the kernel's hidraw or libusb - is chosen
 * when tether is linked (HIDAPI in the Makefile) and makes no difference here
 * but in what paths look like. Nothing here knows probes.
 */
#ifndef TRANSPORT_LINK_HID_H
#define TRANSPORT_LINK_HID_H

#include "transport/base/reason.h"
#include "transport/link/usb.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HID_REPORT_MAX = 1024 };

struct hid;

/* An interface of a device. Strings are "" where they are not known. */
struct hid_found {
	struct usb_id id;
	uint16_t usage_page;
	int interface; /* -1: not known */
	char path[96]; /* "/dev/hidraw3", or "1-4.2:1.0" */
	char serial[64], product[64];
};

/* Those whose product's name contains `word`, or whose id is one of `ids`; at most `max`. */
enum cause hid_list(const char *word, const struct usb_id *ids, size_t ids_len,
		    struct hid_found *found, size_t max, size_t *len, struct reason *why);

/* May this user open it? True as well when that cannot be known. */
bool hid_is_openable(const struct hid_found *found);

/* Fails with CAUSE_HOST when it may not be opened (the remedy has the udev rule), or when
 * another program has it open (on Linux the reason names it and its pid). */
enum cause
hid_open_found(const struct hid_found *found, struct hid **hid, struct reason *why);
void hid_close_device(struct hid *hid); /* takes NULL */

/* A report without a number, filled up with zeros to `report_size`. CAUSE_GONE: unplugged. */
enum cause hid_send(struct hid *hid, const uint8_t *bytes, size_t size, size_t report_size,
		    struct reason *why);
/* The next report, of at most `max` bytes. CAUSE_TIMEOUT: none within `timeout_ms`. */
enum cause hid_receive(struct hid *hid, uint8_t *bytes, size_t max, size_t *size,
		       uint32_t timeout_ms, struct reason *why);

#endif /* TRANSPORT_LINK_HID_H */
