/* SPDX-License-Identifier: MIT */
/*
 * Transactions that a probe sends as bits (DAP_SWD_Sequence, DAP_SWJ_Sequence): IHI 0031G,
 * B4.2 and B4.3. The port finds the start bit, and drives SWDIO where it is its turn.
 */
#include "test/emulator/wire/sw_dp.h"

/* Clocks of a transaction by their number; the turnaround is one clock long. */
enum {
	REQUEST_END = 8,
	ACK_AT = REQUEST_END + 1,
	ACK_END = ACK_AT + 3,
	DATA_BITS = 33, /* with parity */
	READ_END = ACK_END + DATA_BITS + 1,
	WRITE_AT = ACK_END + 1,
	WRITE_END = WRITE_AT + DATA_BITS,
	REFUSED_END = ACK_END + 1
};
enum { REQUEST_RNW = 1 << 2 };
#define DATA_PARITY (UINT64_C(1) << 32)

static bool
is_odd(uint32_t value)
{
	for (unsigned shift = 16; shift; shift /= 2)
		value ^= value >> shift;
	return value & 1;
}

static bool
is_ready(const struct sw_dp *dp)
{
	return dp->state == SWD_READY || dp->state == SWD_LINE_RESET;
}

/* The eighth bit of a request came. */
static void
request_take(struct sw_dp *dp)
{
	struct swd_packet packet = dp->packet;

	dp->packet.at = 0;
	if (!sw_dp_request_is_whole(packet.request)) {
		dp->state = SWD_LOST; /* B4.2.6; a line reset begins like this */
		return;
	}
	packet.ack = sw_dp_request(dp, packet.request);
	packet.data = 0;
	if (packet.ack != SWD_NO_ACK || sw_dp_is_targetsel(dp))
		dp->packet = packet;
}

static void
request_bit(struct sw_dp *dp, bool line)
{
	if (!dp->packet.at && (!line || !is_ready(dp)))
		return;
	if (!dp->packet.at)
		dp->packet.request = 0;
	dp->packet.request |= (uint8_t)(line << dp->packet.at);
	if (++dp->packet.at == REQUEST_END)
		request_take(dp);
}

static void
data_take(struct sw_dp *dp)
{
	uint32_t value = (uint32_t)dp->packet.data;
	bool parity = dp->packet.data & DATA_PARITY;

	dp->packet.at = 0;
	if (dp->packet.ack == SWD_OK)
		sw_dp_data_in(dp, value, parity);
	else if (dp->packet.ack == SWD_NO_ACK)
		sw_dp_select_target(dp, value, parity);
}

static int
ack_bit(const struct swd_packet *packet, unsigned at)
{
	return packet->ack == SWD_NO_ACK ? SWD_UNDRIVEN : (int)(packet->ack >> at & 1);
}

/* From the request on the reading side: data and a turnaround. */
static int
read_clock(struct sw_dp *dp, unsigned at)
{
	struct swd_packet *packet = &dp->packet;

	if (at == ACK_END) {
		uint32_t value = sw_dp_data_out(dp);

		packet->data = value | (is_odd(value) ? DATA_PARITY : 0);
	}
	if (at == READ_END - 1) {
		packet->at = 0;
		return SWD_UNDRIVEN;
	}
	return packet->data >> (at - ACK_END) & 1;
}

static int
write_clock(struct sw_dp *dp, unsigned at, bool line)
{
	if (at < WRITE_AT)
		return SWD_UNDRIVEN;
	dp->packet.data |= (uint64_t)line << (at - WRITE_AT);
	if (at == WRITE_END - 1)
		data_take(dp);
	return SWD_UNDRIVEN;
}

/* WAIT or FAULT: the data phase comes with overrun detection only (B4.2.5). */
static int
refused_clock(struct sw_dp *dp, unsigned at, bool read)
{
	unsigned end = !sw_dp_has_overrun_detection(dp) ? REFUSED_END
		       : read                           ? READ_END
							: WRITE_END;

	if (at == end - 1)
		dp->packet.at = 0;
	return SWD_UNDRIVEN;
}

/* A clock behind the request. */
static int
packet_clock(struct sw_dp *dp, bool line)
{
	bool read = dp->packet.request & REQUEST_RNW;
	unsigned at = dp->packet.at++;

	if (at < ACK_AT)
		return SWD_UNDRIVEN;
	if (at < ACK_END)
		return ack_bit(&dp->packet, at - ACK_AT);
	if (dp->packet.ack == SWD_WAIT || dp->packet.ack == SWD_FAULT)
		return refused_clock(dp, at, read);
	return read ? read_clock(dp, at) : write_clock(dp, at, line);
}

int
sw_dp_clock(struct sw_dp *dp, bool line)
{
	bool is_behind_request = dp->packet.at >= REQUEST_END;
	int driven = is_behind_request ? packet_clock(dp, line) : SWD_UNDRIVEN;

	if (driven != SWD_UNDRIVEN)
		return driven;
	if (sw_dp_sees_selection(dp, line))
		dp->packet.at = 0;
	else if (!is_behind_request)
		request_bit(dp, line);
	return SWD_UNDRIVEN;
}
