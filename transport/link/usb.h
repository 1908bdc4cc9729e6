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

/* The device's node, for usb_holder_find(): "/dev/bus/usb/001/004". */
void usb_spell_node(const struct usb_found *found, char *node, size_t size);

/* An interface that has a bulk endpoint each way. */
struct usb_bulk {
	int interface;
	uint8_t endpoint_out, endpoint_in;
	uint16_t packet_max; /* of endpoint_out */
};

/* What names a device: a word in its strings, or its id. */
struct usb_names {
	const char *word;
	const struct usb_id *ids;
	size_t ids_len;
};

/* Those devices that have a bulk interface with a name: the interface's own name contains the
 * word; or the device's name does, or its id is one of the ids, and the interface is of the
 * vendor's class. The better named one counts. bulks[i] is that of found[i]. */
enum cause usb_list_bulk(struct usb *usb, const struct usb_names *names,
			 struct usb_found *found, struct usb_bulk *bulks, size_t max,
			 size_t *len, struct reason *why);

/* Opens `found` and claims the interface. Fails with CAUSE_HOST when it may not be opened
 * (the remedy names the udev rule) or is held by another program (on Linux the reason names
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

/*
 * Requests and their responses on two bulk endpoints, several under way at once.
 *
 * The request and the reading of its response are handed to the system together;
 * responses are taken in the order of requests.
 */
struct usb_stream;

/* At most `depth` at once, each of at most `size` bytes. The device stays open longer. */
enum cause usb_stream_open(struct usb_device *device, const struct usb_bulk *bulk,
			   unsigned depth, size_t size, struct usb_stream **stream,
			   struct reason *why);
/* Ends what is under way; takes NULL. */
void usb_stream_close(struct usb_stream *stream);
/* Does not block. Ends what nobody waits for any more when all `depth` are under way. */
enum cause usb_stream_send(struct usb_stream *stream, const uint8_t *bytes, size_t size,
			   struct reason *why);
/* CAUSE_TIMEOUT: not within `timeout_ms`; it may still be waited for. CAUSE_GONE: unplugged.
 * CAUSE_FAULT: an endpoint stalled. */
enum cause usb_stream_receive(struct usb_stream *stream, uint8_t *bytes, size_t max,
			      size_t *size, uint32_t timeout_ms, struct reason *why);
/* Ends everything that is under way. */
void usb_stream_forget(struct usb_stream *stream);

/* Ends a stall of the endpoint. CAUSE_GONE: unplugged. The system gives the device seconds to
 * answer. */
enum cause usb_clear_halt(struct usb_device *device, uint8_t endpoint, struct reason *why);
/* A port reset. CAUSE_GONE when the device re-enumerated and must be found anew. */
enum cause usb_reset(struct usb_device *device, struct reason *why);

#endif /* TRANSPORT_LINK_USB_H */
