/* SPDX-License-Identifier: MIT */
/*
 * CMSIS-DAP v1: a packet is a report, filled up to its whole size.
 */
#include "transport/base/bytes.h"
#include "transport/probe/cmsis_dap/carriers.h"

#include <stdlib.h>

struct reports {
	struct cmsis_dap_carrier carrier;
	struct hid *hid;
};

static struct reports *
reports_of(struct cmsis_dap_carrier *carrier)
{
	return container_of(carrier, struct reports, carrier);
}

static enum cause
reports_send(struct cmsis_dap_carrier *carrier, const uint8_t *request, size_t size,
	     uint32_t timeout_ms, struct reason *why)
{
	(void)timeout_ms; /* hidapi writes at once, or fails */
	return hid_send(reports_of(carrier)->hid, request, size, carrier->packet_max, why);
}

static enum cause
reports_receive(struct cmsis_dap_carrier *carrier, uint8_t *response, size_t *size,
		uint32_t timeout_ms, struct reason *why)
{
	return hid_receive(reports_of(carrier)->hid, response, CMSIS_DAP_PACKET_MAX, size,
			   timeout_ms, why);
}

static void
reports_close(struct cmsis_dap_carrier *carrier)
{
	struct reports *reports = reports_of(carrier);

	hid_close_device(reports->hid);
	free(reports);
}

static const struct cmsis_dap_carrier_ops reports_ops = {
	.close = reports_close,
	.send = reports_send,
	.receive = reports_receive,
};

enum cause
cmsis_dap_hid_carrier(const struct hid_found *found, const struct cmsis_dap_model *model,
		      struct cmsis_dap_carrier **carrier, struct reason *why)
{
	struct reports *reports = calloc(1, sizeof(*reports));
	enum cause cause;

	if (reports == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	reports->carrier = (struct cmsis_dap_carrier){
		.ops = &reports_ops,
		.packet_max = model->report_size,
		.in_flight_max = CMSIS_DAP_IN_FLIGHT_MAX,
	};
	cause = hid_open_found(found, &reports->hid, why);
	if (cause != CAUSE_NONE) {
		free(reports);
		return cause;
	}
	*carrier = &reports->carrier;
	return CAUSE_NONE;
}
