/* SPDX-License-Identifier: MIT */
/*
 * CMSIS-DAP v2: a packet is a transfer on a bulk endpoint.
 */
#include "transport/base/bytes.h"
#include "transport/probe/cmsis_dap/carriers.h"

#include <stdlib.h>

struct bulk {
	struct cmsis_dap_carrier carrier;
	struct usb *usb;
	struct usb_device *device;
	struct usb_stream *stream;
};

static struct bulk *
bulk_of(struct cmsis_dap_carrier *carrier)
{
	return container_of(carrier, struct bulk, carrier);
}

/* A stall is a fault of the probe, not of the target. */
static enum cause
of_probe(enum cause cause, struct reason *why)
{
	return cause == CAUSE_FAULT ? reason_becomes(why, CAUSE_GONE) : cause;
}

static enum cause
bulk_send(struct cmsis_dap_carrier *carrier, const uint8_t *request, size_t size,
	  uint32_t timeout_ms, struct reason *why)
{
	(void)timeout_ms; /* that it was taken is seen when its response is waited for */
	return of_probe(usb_stream_send(bulk_of(carrier)->stream, request, size, why), why);
}

static enum cause
bulk_receive(struct cmsis_dap_carrier *carrier, uint8_t *response, size_t *size,
	     uint32_t timeout_ms, struct reason *why)
{
	return of_probe(usb_stream_receive(bulk_of(carrier)->stream, response,
					   CMSIS_DAP_PACKET_MAX, size, timeout_ms, why),
			why);
}

static void
bulk_forget(struct cmsis_dap_carrier *carrier)
{
	usb_stream_forget(bulk_of(carrier)->stream);
}

static void
bulk_close(struct cmsis_dap_carrier *carrier)
{
	struct bulk *bulk = bulk_of(carrier);

	usb_stream_close(bulk->stream);
	usb_device_close(bulk->device);
	usb_close(bulk->usb);
	free(bulk);
}

static const struct cmsis_dap_carrier_ops bulk_ops = {
	.close = bulk_close,
	.send = bulk_send,
	.receive = bulk_receive,
	.forget = bulk_forget,
};

enum cause
cmsis_dap_bulk_carrier(struct usb *usb, const struct usb_found *found,
		       const struct usb_bulk *endpoints, struct cmsis_dap_carrier **carrier,
		       struct reason *why)
{
	/* Room for requests that are never answered besides those that are. */
	const unsigned depth = 2 * CMSIS_DAP_IN_FLIGHT_MAX;
	struct bulk *bulk = calloc(1, sizeof(*bulk));
	enum cause cause;

	if (bulk == NULL) {
		usb_close(usb);
		return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	}
	bulk->usb = usb;
	bulk->carrier = (struct cmsis_dap_carrier){
		.ops = &bulk_ops,
		.packet_max = CMSIS_DAP_PACKET_MAX,
		.in_flight_max = CMSIS_DAP_IN_FLIGHT_MAX,
	};
	cause = usb_device_open(usb, found, endpoints->interface, &bulk->device, why);
	if (cause == CAUSE_NONE)
		cause = usb_stream_open(bulk->device, endpoints, depth,
					CMSIS_DAP_PACKET_MAX, &bulk->stream, why);
	if (cause != CAUSE_NONE) {
		bulk_close(&bulk->carrier);
		return cause;
	}
	*carrier = &bulk->carrier;
	return CAUSE_NONE;
}
