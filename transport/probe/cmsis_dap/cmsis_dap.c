/* SPDX-License-Identifier: MIT */
#include "transport/probe/cmsis_dap/cmsis_dap.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/cmsis_dap/protocol.h"

#include <assert.h>
#include <string.h>

/* DAP_HostStatus: the lamp that tells of a connected debugger. */
enum { LAMP_CONNECT = 0, LAMP_OFF = 0, LAMP_ON = 1 };

enum {
	/* An access is 46 clocks long (IHI 0031G B4.2); WAITs are retried for this time. */
	ACCESS_CLOCKS = 46,
	RETRY_US = 2000,
	RETRIES_MIN = 8,
	RETRIES_MAX = 1000,
	/* Extra clocks after an access: the read of RDBUFF that the firmware ends a packet
	 * with gives a write those it needs (DAP.c; openocd takes 0 as well). */
	IDLE_CYCLES = 0,
	ONE_TURNAROUND = 0, /* DAP_SWD_Configure: one clock, no data phase after WAIT */
	ARGUMENTS_MAX = 16
};

struct cmsis_dap *
cmsis_dap_of(struct probe *probe)
{
	return container_of(probe, struct cmsis_dap, probe);
}

struct cmsis_dap_request
cmsis_dap_request(const char *name, enum cmsis_dap_command command,
		  const uint8_t *arguments, size_t size)
{
	struct cmsis_dap_request request = { .name = name, .size = 1 + size };

	assert(size <= ARGUMENTS_MAX);
	request.bytes[0] = (uint8_t)command;
	if (size > 0)
		memcpy(request.bytes + 1, arguments, size);
	return request;
}

/* A command with a status for a response. */
static enum cause
tell(struct cmsis_dap *dap, const char *name, enum cmsis_dap_command command,
     const uint8_t *arguments, size_t size, struct reason *why)
{
	struct cmsis_dap_request request =
		cmsis_dap_request(name, command, arguments, size);

	return cmsis_dap_tell(&dap->wire, &request, why);
}

enum cause
cmsis_dap_apply_clock(struct cmsis_dap *dap, struct reason *why)
{
	uint32_t retries = dap->hz / ACCESS_CLOCKS * RETRY_US / 1000000;
	uint8_t hz[4], again[5] = { IDLE_CYCLES };
	enum cause cause;

	le32_put(hz, dap->hz);
	cause = tell(dap, "DAP_SWJ_Clock", DAP_SWJ_CLOCK, hz, sizeof(hz), why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "setting the clock to %u Hz", (unsigned)dap->hz);
	retries = retries < RETRIES_MIN   ? RETRIES_MIN
		  : retries > RETRIES_MAX ? RETRIES_MAX
					  : retries;
	le16_put(again + 1, (uint16_t)retries);
	return tell(dap, "DAP_TransferConfigure", DAP_TRANSFER_CONFIGURE, again,
		    sizeof(again), why);
}

/* The protocol does not tell which clock became of it. */
static enum cause
use_clock(struct cmsis_dap *dap, uint32_t hz, struct reason *why)
{
	uint32_t before = dap->hz;
	enum cause cause;

	dap->hz = hz;
	cause = cmsis_dap_apply_clock(dap, why);
	if (cause != CAUSE_NONE)
		dap->hz = before;
	return cause;
}

static uint32_t
limited(const struct cmsis_dap *dap, uint32_t hz)
{
	return dap->hz_limit != 0 && hz > dap->hz_limit ? dap->hz_limit : hz;
}

enum cause
cmsis_dap_set_clock(struct probe *probe, uint32_t *hz, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	enum cause cause = use_clock(dap, limited(dap, *hz), why);

	if (cause != CAUSE_NONE)
		return cause;
	dap->hz_wanted = *hz;
	*hz = dap->hz;
	return CAUSE_NONE;
}

enum cause
cmsis_dap_limit_clock(struct cmsis_dap *dap, uint32_t hz, struct reason *why)
{
	uint32_t before = dap->hz_limit;
	enum cause cause = CAUSE_NONE;

	dap->hz_limit = hz;
	if (limited(dap, dap->hz_wanted) != dap->hz)
		cause = use_clock(dap, limited(dap, dap->hz_wanted), why);
	if (cause != CAUSE_NONE)
		dap->hz_limit = before;
	return cause;
}

/* Sets the pins in `mask`, and tells the levels of all. */
static enum cause
move_pins(struct cmsis_dap *dap, uint8_t levels, uint8_t mask, uint8_t *seen,
	  struct reason *why)
{
	const uint8_t arguments[6] = { levels, mask }; /* then u32: us to wait */
	struct cmsis_dap_request request = cmsis_dap_request("DAP_SWJ_Pins", DAP_SWJ_PINS,
							     arguments, sizeof(arguments));
	struct cmsis_dap_response response;
	enum cause cause = cmsis_dap_ask(&dap->wire, &request, 2, &response, why);

	*seen = cause == CAUSE_NONE ? response.bytes[1] : 0;
	return cause;
}

enum cause
cmsis_dap_move_nrst(struct cmsis_dap *dap, bool low, struct reason *why)
{
	uint8_t seen;

	return move_pins(dap, low ? 0 : PIN_NRESET, PIN_NRESET, &seen, why);
}

enum cause
cmsis_dap_drive_nrst(struct probe *probe, bool low, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	enum cause cause = cmsis_dap_connect_pins(dap, why);

	if (cause == CAUSE_NONE)
		cause = cmsis_dap_move_nrst(dap, low, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, low ? "pulling NRST low" : "letting NRST go");
	dap->is_nrst_low = low;
	return CAUSE_NONE;
}

/* SWDIO is left as the last bit sent had it, which may be a zero of the probe's own: it is let go high
 * first. Without an edge of SWCLK no chip takes notice (IHI 0031G B4.3.2). */
enum cause
cmsis_dap_read_pins(struct probe *probe, struct probe_pins *pins, struct reason *why)
{
	uint8_t seen;
	enum cause cause = move_pins(cmsis_dap_of(probe), PIN_SWDIO, PIN_SWDIO, &seen, why);

	if (cause != CAUSE_NONE)
		return reason_while(why, "reading the levels of the probe's pins");
	*pins = (struct probe_pins){ .swclk = (seen & PIN_SWCLK) != 0,
				     .swdio = (seen & PIN_SWDIO) != 0,
				     .nrst = (seen & PIN_NRESET) != 0 };
	return CAUSE_NONE;
}

/* Its lamp is of no consequence: some probes have none and say so. */
static void
set_lamp(struct cmsis_dap *dap, bool on)
{
	const uint8_t arguments[] = { LAMP_CONNECT, on ? LAMP_ON : LAMP_OFF };
	struct reason why = REASON_INIT;

	if (tell(dap, "DAP_HostStatus", DAP_HOST_STATUS, arguments, sizeof(arguments),
		 &why) != CAUSE_NONE)
		log_debug("probe", "the lamp: %s", reason_root(&why));
}

static enum cause
disconnect(struct cmsis_dap *dap, struct reason *why)
{
	dap->is_connected = false;
	dap->select.is_known = false;
	return tell(dap, "DAP_Disconnect", DAP_DISCONNECT, NULL, 0, why);
}

static enum cause
connect_swd(struct cmsis_dap *dap, struct reason *why)
{
	const uint8_t port = PORT_SWD;
	struct cmsis_dap_request request =
		cmsis_dap_request("DAP_Connect", DAP_CONNECT, &port, 1);
	struct cmsis_dap_response response;
	enum cause cause = cmsis_dap_ask(&dap->wire, &request, 2, &response, why);

	if (cause != CAUSE_NONE || response.bytes[1] == PORT_SWD)
		return cause;
	reason_begin(why, CAUSE_UNSUPPORTED,
		     "the probe answered DAP_Connect for SWD with port %u",
		     response.bytes[1]);
	reason_suspect(why, FINDING_PROBE_NOT_IN_SWD);
	return CAUSE_UNSUPPORTED;
}

enum cause
cmsis_dap_connect_pins(struct cmsis_dap *dap, struct reason *why)
{
	const uint8_t config = ONE_TURNAROUND;
	enum cause cause = CAUSE_NONE;

	if (dap->is_connected)
		return CAUSE_NONE;
	if (dap->model->forgets_clock)
		cause = disconnect(dap, why);
	if (cause == CAUSE_NONE)
		cause = connect_swd(dap, why);
	/* The program that used the probe before may have been killed with NRST held low. */
	if (cause == CAUSE_NONE)
		cause = cmsis_dap_move_nrst(dap, dap->is_nrst_low, why);
	if (cause == CAUSE_NONE)
		cause = cmsis_dap_apply_clock(dap, why);
	if (cause == CAUSE_NONE)
		cause = tell(dap, "DAP_SWD_Configure", DAP_SWD_CONFIGURE, &config, 1, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "setting the probe up for SWD");
	dap->is_connected = true;
	set_lamp(dap, true);
	return CAUSE_NONE;
}

enum cause
cmsis_dap_leave(struct probe *probe, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	enum cause cause;

	if (!dap->is_connected)
		return CAUSE_NONE;
	set_lamp(dap, false);
	cause = disconnect(dap, why);
	return cause == CAUSE_NONE ? cause : reason_while(why, "leaving debug mode");
}
