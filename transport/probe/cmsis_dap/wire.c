/* SPDX-License-Identifier: MIT */
#include "transport/probe/cmsis_dap/wire.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/patience.h"
#include "transport/probe/cmsis_dap/protocol.h"

#include <assert.h>

enum {
	LATE_MS = 10,  /* a response that is under way comes within this time */
	LATE_MAX = 32, /* more than can be in flight, twice over */
	SHOWN_MAX = 16,
	MARKER_PARTS = CMSIS_DAP_TIMEOUT_MS / CMSIS_DAP_PART_MS
};

static void
log_packet(const char *arrow, const uint8_t *bytes, size_t size)
{
	char digits[2 * CMSIS_DAP_PACKET_MAX + 1];

	if (!log_wants(LOG_WIRE, "probe"))
		return;
	hex_encode(digits, bytes, size);
	log_wire("probe", "%s %s", arrow, digits);
}

static enum cause
send_packet(struct cmsis_dap_wire *wire, const struct cmsis_dap_request *request,
	    struct reason *why)
{
	struct cmsis_dap_carrier *carrier = wire->carrier;
	enum cause cause;

	log_wire("probe", "# %s", request->name);
	log_packet(">", request->bytes, request->size);
	wire->packets++;
	cause = carrier->ops->send(carrier, request->bytes, request->size,
				   CMSIS_DAP_TIMEOUT_MS, why);
	if (cause == CAUSE_NONE)
		return cause;
	log_wire("probe", "! %s", cause_name(cause));
	return reason_while(why, "sending %s", request->name);
}

static enum cause
receive_packet(struct cmsis_dap_wire *wire, uint32_t timeout_ms,
	       struct cmsis_dap_response *response, struct reason *why)
{
	struct cmsis_dap_carrier *carrier = wire->carrier;
	enum cause cause;

	response->size = 0;
	cause = carrier->ops->receive(carrier, response->bytes, &response->size, timeout_ms,
				      why);
	if (cause == CAUSE_NONE)
		log_packet("<", response->bytes, response->size);
	else
		log_wire("probe", "! %s", cause_name(cause));
	return cause;
}

/* Nothing in flight counts any more. */
static void
lose_step(struct cmsis_dap_wire *wire)
{
	wire->in_flight = 0;
	wire->is_out_of_step = true;
}

/* False when none is left; what else it may end with the request that follows will meet as
 * well, and report. */
static bool
drop_late_response(struct cmsis_dap_wire *wire)
{
	struct cmsis_dap_response response;
	struct reason why = REASON_INIT;

	if (receive_packet(wire, LATE_MS, &response, &why) != CAUSE_NONE)
		return false;
	log_debug("probe", "a late response to command 0x%02x is dropped",
		  response.bytes[0]);
	return true;
}

static const struct cmsis_dap_request marker = {
	.name = "DAP_Info",
	.size = 2,
	.bytes = { DAP_INFO, DAP_INFO_PACKET_COUNT },
};

static enum cause
explain_no_step(const struct cmsis_dap_wire *wire, enum cause cause, struct reason *why)
{
	const char *server = wire->carrier->server;

	reason_while(why,
		     "resynchronising with the probe: waiting %u ms for its response to "
		     "DAP_Info",
		     (unsigned)CMSIS_DAP_TIMEOUT_MS);
	if (server == NULL)
		reason_suspect(why, FINDING_A7);
	else
		reason_suspect_with(why, FINDING_HOST_SERVER_SILENT, "%s", server);
	return cause == CAUSE_TIMEOUT ? reason_becomes(why, CAUSE_GONE) : cause;
}

/* Part of the wait for the marker's response. */
static enum cause
await_marker(struct cmsis_dap_wire *wire, struct cmsis_dap_search *search, bool *done,
	     struct reason *why)
{
	struct cmsis_dap_response response = { .size = 0 };
	enum cause cause;

	cause = wire->carrier->ops->receive(wire->carrier, response.bytes, &response.size,
					    CMSIS_DAP_PART_MS, why);
	if (cause == CAUSE_TIMEOUT && ++search->parts < MARKER_PARTS &&
	    !patience_is_ending())
		return CAUSE_NONE;
	if (cause != CAUSE_NONE) {
		log_wire("probe", "! %s", cause_name(cause));
		return cause;
	}
	log_packet("<", response.bytes, response.size);
	*done = response.size > 0 && response.bytes[0] == DAP_INFO;
	if (*done || ++search->others < LATE_MAX)
		return CAUSE_NONE;
	return reason_begin(
		why, CAUSE_GONE,
		"%u responses came, none of them to the question that was asked",
		(unsigned)LATE_MAX);
}

enum cause
cmsis_dap_find_step(struct cmsis_dap_wire *wire, struct cmsis_dap_search *search,
		    bool *done, struct reason *why)
{
	struct cmsis_dap_carrier *carrier = wire->carrier;
	enum cause cause;

	if (!search->is_quiet) {
		search->is_quiet =
			!drop_late_response(wire) || ++search->dropped == LATE_MAX;
		return CAUSE_NONE;
	}
	if (!search->is_marked) {
		if (carrier->ops->forget != NULL)
			carrier->ops->forget(carrier);
		search->is_marked = true;
		cause = send_packet(wire, &marker, why);
	} else {
		cause = await_marker(wire, search, done, why);
	}
	wire->is_out_of_step = !*done;
	return cause == CAUSE_NONE ? cause : explain_no_step(wire, cause, why);
}

/* Responses keep their order, so the one to a question asked now comes after everything that
 * is late: what stands before it is dropped. */
static enum cause
find_step(struct cmsis_dap_wire *wire, struct reason *why)
{
	struct cmsis_dap_search search = { .parts = 0 };
	enum cause cause = CAUSE_NONE;
	bool done = false;

	while (cause == CAUSE_NONE && !done)
		cause = cmsis_dap_find_step(wire, &search, &done, why);
	return cause;
}

enum cause
cmsis_dap_send(struct cmsis_dap_wire *wire, const struct cmsis_dap_request *request,
	       struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	assert(request->size <= wire->packet_size);
	assert(wire->in_flight < wire->packet_count);
	if (wire->is_out_of_step)
		cause = find_step(wire, why);
	if (cause == CAUSE_NONE)
		cause = send_packet(wire, request, why);
	if (cause != CAUSE_NONE) {
		lose_step(wire);
		return cause;
	}
	wire->in_flight++;
	return CAUSE_NONE;
}

/* DAP_TransferAbort ends what the probe waits for on the wire; it has no response of its
 * own (CMSIS-DAP 2.1, DAP_TransferAbort). */
static void
abort_transfer(struct cmsis_dap_wire *wire)
{
	static const struct cmsis_dap_request request = {
		.name = "DAP_TransferAbort",
		.size = 1,
		.bytes = { DAP_TRANSFER_ABORT },
	};
	struct reason why = REASON_INIT;

	if (send_packet(wire, &request, &why) != CAUSE_NONE)
		log_debug("probe", "aborting: %s", reason_root(&why));
}

static enum cause
check_response(const struct cmsis_dap_request *request, size_t least,
	       const struct cmsis_dap_response *response, struct reason *why)
{
	uint8_t first = response->size > 0 ? response->bytes[0] : 0;
	size_t shown = response->size < SHOWN_MAX ? response->size : SHOWN_MAX;
	char digits[2 * SHOWN_MAX + 1];

	if (first == request->bytes[0] && response->size >= least)
		return CAUSE_NONE;
	if (first == DAP_INVALID)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "the probe does not know the command %s (0x%02x)",
				    request->name, request->bytes[0]);
	hex_encode(digits, response->bytes, shown);
	reason_begin(
		why, CAUSE_GONE,
		"the probe answered %s (0x%02x) with %zu bytes that are no response to "
		"it: %s%s",
		request->name, request->bytes[0], response->size, digits,
		shown < response->size ? "..." : "");
	reason_suspect(why, FINDING_A6);
	return CAUSE_GONE;
}

/* The response that is next, be it late. What the probe is at is ended, so that it has one:
 * on a busy computer it may have come to the probe late, or wait to be taken. */
static enum cause
receive_late(struct cmsis_dap_wire *wire, const struct cmsis_dap_request *request,
	     struct cmsis_dap_response *response, struct reason *why)
{
	enum cause cause = receive_packet(wire, CMSIS_DAP_TIMEOUT_MS, response, why);

	if (cause != CAUSE_TIMEOUT)
		return cause;
	log_warning("probe", "the probe is late to answer %s", request->name);
	abort_transfer(wire);
	*why = (struct reason)REASON_INIT;
	return receive_packet(wire, CMSIS_DAP_LATE_MS, response, why);
}

enum cause
cmsis_dap_receive(struct cmsis_dap_wire *wire, const struct cmsis_dap_request *request,
		  size_t least, struct cmsis_dap_response *response, struct reason *why)
{
	enum cause cause;

	assert(wire->in_flight > 0);
	cause = receive_late(wire, request, response, why);
	if (cause == CAUSE_NONE) {
		wire->in_flight--;
		cause = check_response(request, least, response, why);
		if (cause == CAUSE_GONE || (cause != CAUSE_NONE && wire->in_flight > 0))
			lose_step(wire);
		return cause;
	}
	lose_step(wire);
	return reason_while(why, "waiting for the response to %s", request->name);
}

enum cause
cmsis_dap_ask(struct cmsis_dap_wire *wire, const struct cmsis_dap_request *request,
	      size_t least, struct cmsis_dap_response *response, struct reason *why)
{
	enum cause cause = cmsis_dap_send(wire, request, why);

	return cause == CAUSE_NONE ? cmsis_dap_receive(wire, request, least, response, why)
				   : cause;
}

enum cause
cmsis_dap_tell(struct cmsis_dap_wire *wire, const struct cmsis_dap_request *request,
	       struct reason *why)
{
	struct cmsis_dap_response response;
	enum cause cause = cmsis_dap_ask(wire, request, 2, &response, why);

	if (cause != CAUSE_NONE || response.bytes[1] == DAP_OK)
		return cause;
	return reason_begin(why, CAUSE_UNSUPPORTED, "the probe refused %s (status 0x%02x)",
			    request->name, response.bytes[1]);
}
