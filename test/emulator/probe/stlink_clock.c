/* SPDX-License-Identifier: MIT */
/*
 * stlink_clock.c - group F2: the clocks of SWD and JTAG.
 */
#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink.h"

enum { COM_SWD = 0, COM_JTAG = 1 };
enum { KHZ = 1000 };

/* A divisor between two entries gives about the clock of the one before it. */
static uint32_t
hz_of_divisor(const struct probe_clock *clocks, uint16_t divisor)
{
	uint32_t hz = clocks->hz;
	for (; clocks->hz && clocks->divisor <= divisor; clocks++)
		hz = clocks->hz;
	return hz;
}

/* The fastest of the list that is not above the wish, or the slowest of all. */
static uint32_t
hz_of_wish(const struct probe_clock *clocks, uint32_t wish_khz)
{
	uint32_t hz = 0;
	for (; clocks->hz; clocks++) {
		hz = clocks->hz;
		if (hz / KHZ <= wish_khz)
			break;
	}
	return hz;
}

void
stlink_set_swd_divisor(struct stlink *link, const uint8_t *command)
{
	swd_master_set_clock(&link->swd, hz_of_divisor(link->kind.hardware->swd_clocks,
						       le16_get(command + 2)));
	stlink_reply_status(link, STLINK_OK, 2);
}

/* Kept apart from SWD's, and of no effect on a wire that carries SWD. */
void
stlink_set_jtag_divisor(struct stlink *link, const uint8_t *command)
{
	link->jtag_hz =
		hz_of_divisor(link->kind.hardware->jtag_clocks, le16_get(command + 2));
	stlink_reply_status(link, STLINK_OK, 2);
}

static const struct probe_clock *
clocks_of(const struct stlink *link, uint8_t com)
{
	switch (com) {
	case COM_SWD:
		return link->kind.hardware->swd_clocks;
	case COM_JTAG:
		return link->kind.hardware->jtag_clocks;
	default:
		return NULL;
	}
}

/* Status, and at 4 the clock that was chosen in kHz. */
void
stlink_set_frequency(struct stlink *link, const uint8_t *command)
{
	enum { REPLY_SIZE = 8 };
	const struct probe_clock *clocks = clocks_of(link, command[2]);
	if (!clocks) {
		stlink_reply_status(link, STLINK_FREQUENCY_NOT_SUPPORTED, REPLY_SIZE);
		return;
	}
	uint32_t hz = hz_of_wish(clocks, le32_get(command + 4));
	if (command[2] == COM_SWD)
		swd_master_set_clock(&link->swd, hz);
	else
		link->jtag_hz = hz;
	le32_put(stlink_reply_status(link, STLINK_OK, REPLY_SIZE) + 4, hz / KHZ);
}

/* Status, clock in use at 4, number of entries at 8, entries in kHz from 12. */
void
stlink_get_frequencies(struct stlink *link, const uint8_t *command)
{
	enum { REPLY_SIZE = 52 };
	const struct probe_clock *clocks = clocks_of(link, command[2]);
	uint8_t *reply = stlink_reply_status(link, STLINK_OK, REPLY_SIZE);
	if (!clocks) {
		reply[0] = STLINK_FREQUENCY_NOT_SUPPORTED;
		return;
	}
	le32_put(reply + 4, (command[2] == COM_SWD ? link->swd.hz : link->jtag_hz) / KHZ);
	for (; clocks->hz; clocks++)
		le32_put(reply + 12 + 4 * reply[8]++, clocks->hz / KHZ);
}
