/* SPDX-License-Identifier: MIT */
/*
 * Trace that an ST-LINK takes from SWO as UART. The probe collects, and is asked how much
 * there is; that comes from an endpoint of its own. openocd abbbc2e05 stlink_usb.c,
 * stlink_usb_trace_enable() and stlink_usb_trace_read().
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/stlink/stlink.h"

#include <string.h>

enum {
	BAUD_MAX_V2 = 2000000, /* openocd STLINK_TRACE_MAX_HZ */
	BAUD_MAX_V3 = 24000000 /* openocd STLINK_V3_TRACE_MAX_HZ */
};

static struct stlink *
stlink_of(struct probe *probe)
{
	return container_of(probe, struct stlink, probe);
}

static enum cause
check_baud(const struct stlink *link, uint32_t baud, struct reason *why)
{
	uint32_t most = link->version.generation >= 3 ? BAUD_MAX_V3 : BAUD_MAX_V2;

	if (baud > 0 && baud <= most)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_UNSUPPORTED,
		     "the %s takes trace at up to %u baud, and %u were asked for",
		     link->probe.identity.kind, (unsigned)most, (unsigned)baud);
	reason_suspect_with(why, FINDING_REQUEST_SWO_RATE, "%u", (unsigned)most);
	return CAUSE_UNSUPPORTED;
}

static enum cause
ask(struct stlink *link, struct stlink_command *command, struct reason *why)
{
	uint8_t reply[2];
	enum swd_ack ack;

	return stlink_ask(link, command, reply, sizeof(reply), &ack, why);
}

static enum cause
stop(struct stlink *link, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(STOP_TRACE_RX);

	link->trace_at = link->trace_len = 0;
	return ask(link, &command, why);
}

static enum cause
swo_stop(struct probe *probe, struct reason *why)
{
	enum cause cause = stop(stlink_of(probe), why);

	return cause == CAUSE_NONE ? cause : reason_while(why, "ending the trace");
}

/* A capture that another program left running would keep its rate. */
static enum cause
swo_start(struct probe *probe, uint32_t *baud, struct reason *why)
{
	struct stlink *link = stlink_of(probe);
	struct stlink_command command = STLINK_DEBUG(START_TRACE_RX);
	enum cause cause = check_baud(link, *baud, why);

	if (cause == CAUSE_NONE)
		cause = stop(link, why);
	le16_put(&command.bytes[2], STLINK_TRACE_SIZE);
	le32_put(&command.bytes[4], *baud);
	if (cause == CAUSE_NONE)
		cause = ask(link, &command, why);
	return cause == CAUSE_NONE ? cause : reason_while(why, "starting the trace");
}

static enum cause
count_trace(struct stlink *link, uint32_t *count, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(GET_TRACE_NB);
	uint8_t reply[2];
	enum cause cause;

	command.in = reply;
	command.size = sizeof(reply);
	cause = stlink_exchange(link->carrier, &command, why);
	*count = cause == CAUSE_NONE ? le16_get(reply) : 0;
	if (*count > STLINK_TRACE_SIZE)
		return reason_begin(why, CAUSE_GONE,
				    "the ST-LINK reports %u bytes of trace, where it has "
				    "room for %d",
				    (unsigned)*count, STLINK_TRACE_SIZE);
	/* Its buffer was full: of what came then nothing is there. */
	if (*count == STLINK_TRACE_SIZE)
		link->probe.swo_losses++;
	return cause;
}

/* All that there is, since the probe sends whole packets: what the caller has no room for
 * is kept. */
static enum cause
fetch(struct stlink *link, struct reason *why)
{
	uint32_t count = 0, received = 0;
	enum cause cause = count_trace(link, &count, why);

	if (cause == CAUSE_NONE && count > 0)
		cause = link->carrier->ops->read_trace(link->carrier, link->trace, count,
						       &received, why);
	link->trace_at = 0;
	link->trace_len = received;
	return cause == CAUSE_NONE ? cause : reason_while(why, "fetching the trace");
}

static enum cause
swo_read(struct probe *probe, uint8_t *bytes, size_t max, size_t *got, struct reason *why)
{
	struct stlink *link = stlink_of(probe);
	enum cause cause = CAUSE_NONE;
	size_t left;

	if (link->trace_at == link->trace_len)
		cause = fetch(link, why);
	left = link->trace_len - link->trace_at;
	*got = left < max ? left : max;
	memcpy(bytes, link->trace + link->trace_at, *got);
	link->trace_at += (uint32_t)*got;
	return cause;
}

const struct probe_swo_ops stlink_swo_ops = {
	.start = swo_start,
	.read = swo_read,
	.stop = swo_stop,
};
