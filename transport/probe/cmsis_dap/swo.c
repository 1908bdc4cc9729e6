/* SPDX-License-Identifier: MIT */
/*
 * Trace that the probe takes from SWO as UART, fetched by DAP_SWO_Data.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"

#include <string.h>

/* CMSIS-DAP 2.1, "SWO Commands". */
enum {
	TRANSPORT_NONE = 0,
	TRANSPORT_DATA = 1, /* by DAP_SWO_Data */
	MODE_OFF = 0,
	MODE_UART = 1,
	CONTROL_STOP = 0,
	CONTROL_START = 1,
	STATUS_STREAM_ERROR = 1 << 6,
	STATUS_OVERRUN = 1 << 7,
	DATA_HEAD = 4 /* command, status, count (2) */
};

static enum cause
tell(struct cmsis_dap *dap, const char *name, enum cmsis_dap_command command,
     uint8_t argument, struct reason *why)
{
	struct cmsis_dap_request request = cmsis_dap_request(name, command, &argument, 1);

	return cmsis_dap_tell(&dap->wire, &request, why);
}

static enum cause
set_baud(struct cmsis_dap *dap, uint32_t *baud, struct reason *why)
{
	uint8_t wanted[4];
	struct cmsis_dap_request request;
	struct cmsis_dap_response response;
	uint32_t asked = *baud;
	enum cause cause;

	le32_put(wanted, asked);
	request = cmsis_dap_request("DAP_SWO_Baudrate", DAP_SWO_BAUDRATE, wanted,
				    sizeof(wanted));
	cause = cmsis_dap_ask(&dap->wire, &request, 5, &response, why);
	if (cause != CAUSE_NONE)
		return cause;
	*baud = le32_get(response.bytes + 1);
	if (*baud != 0)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_UNSUPPORTED, "the probe cannot take %u baud",
		     (unsigned)asked);
	reason_suspect_with(why, FINDING_REQUEST_SWO_RATE, "2000000");
	return CAUSE_UNSUPPORTED;
}

static enum cause
swo_stop(struct probe *probe, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	enum cause cause = tell(dap, "DAP_SWO_Control", DAP_SWO_CONTROL, CONTROL_STOP, why);

	dap->swo_baud = 0;
	if (cause == CAUSE_NONE)
		cause = tell(dap, "DAP_SWO_Mode", DAP_SWO_MODE, MODE_OFF, why);
	if (cause == CAUSE_NONE)
		cause = tell(dap, "DAP_SWO_Transport", DAP_SWO_TRANSPORT, TRANSPORT_NONE,
			     why);
	return cause == CAUSE_NONE ? cause : reason_while(why, "ending the trace");
}

/* Nothing can be set while a capture runs, one that another program left behind included. */
static enum cause
swo_start(struct probe *probe, uint32_t *baud, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	enum cause cause = tell(dap, "DAP_SWO_Control", DAP_SWO_CONTROL, CONTROL_STOP, why);

	if (cause == CAUSE_NONE)
		cause = tell(dap, "DAP_SWO_Transport", DAP_SWO_TRANSPORT, TRANSPORT_DATA,
			     why);
	if (cause == CAUSE_NONE)
		cause = tell(dap, "DAP_SWO_Mode", DAP_SWO_MODE, MODE_UART, why);
	if (cause == CAUSE_NONE)
		cause = set_baud(dap, baud, why);
	if (cause == CAUSE_NONE)
		cause = tell(dap, "DAP_SWO_Control", DAP_SWO_CONTROL, CONTROL_START, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "starting the trace");
	dap->swo_baud = *baud;
	return CAUSE_NONE;
}

static enum cause
swo_read(struct probe *probe, uint8_t *bytes, size_t max, size_t *got, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	size_t most = dap->wire.packet_size - DATA_HEAD;
	size_t asked = max < most ? max : most;
	struct cmsis_dap_request request;
	struct cmsis_dap_response response;
	uint8_t count[2];
	enum cause cause;

	*got = 0;
	le16_put(count, (uint16_t)asked);
	request = cmsis_dap_request("DAP_SWO_Data", DAP_SWO_DATA, count, sizeof(count));
	cause = cmsis_dap_ask(&dap->wire, &request, DATA_HEAD, &response, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "fetching the trace");
	if ((response.bytes[1] & (STATUS_STREAM_ERROR | STATUS_OVERRUN)) != 0)
		probe->swo_losses++;
	*got = le16_get(response.bytes + 2);
	if (*got > asked || DATA_HEAD + *got > response.size) {
		size_t announced = *got;

		*got = 0;
		return reason_begin(why, CAUSE_GONE,
				    "the probe announced %zu bytes of trace where %zu were "
				    "asked for and %zu came",
				    announced, asked, response.size - DATA_HEAD);
	}
	memcpy(bytes, response.bytes + DATA_HEAD, *got);
	return CAUSE_NONE;
}

const struct probe_swo_ops cmsis_dap_swo_ops = {
	.start = swo_start,
	.read = swo_read,
	.stop = swo_stop,
};
