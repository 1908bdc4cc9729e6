/* SPDX-License-Identifier: MIT */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/stlink/stlink.h"

enum { COM_SWD = 0, COM_REPLY_SIZE = 52 };

/* The V2's clocks, fastest first, and the loop count that makes each: openocd abbbc2e05
 * stlink_usb.c, measured there. */
static const struct {
	uint32_t hz;
	uint16_t count;
} clocks[] = {
	{ 4000000, 0 }, { 1800000, 1 }, { 1200000, 2 }, { 950000, 3 },
	{ 480000, 7 },  { 240000, 15 }, { 125000, 31 }, { 100000, 40 },
	{ 50000, 79 },  { 25000, 158 }, { 15000, 265 }, { 5000, 798 },
};

static enum cause
too_slow(uint32_t hz, uint32_t slowest, struct reason *why)
{
	return reason_begin(why, CAUSE_UNSUPPORTED,
			    "the ST-LINK cannot clock as slowly as %u Hz; %u Hz is its "
			    "slowest",
			    (unsigned)hz, (unsigned)slowest);
}

static bool
is_in_use(const struct stlink *link, uint32_t hz)
{
	return link->is_clock_set && link->hz == hz;
}

static enum cause
set_by_count(struct stlink *link, uint32_t *hz, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(SWD_SET_FREQ);
	uint8_t reply[2];
	enum swd_ack ack;

	for (size_t i = 0; i < array_len(clocks); i++) {
		if (clocks[i].hz > *hz)
			continue;
		*hz = clocks[i].hz;
		if (is_in_use(link, *hz))
			return CAUSE_NONE;
		le16_put(&command.bytes[2], clocks[i].count);
		return stlink_ask(link, &command, reply, sizeof(reply), &ack, why);
	}
	return too_slow(*hz, clocks[array_len(clocks) - 1].hz, why);
}

/* Its list: u32 status, u32 current, u32 how many, u32 kHz each; pyOCD get_com_frequencies(). */
static enum cause
read_list(struct stlink *link, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(GET_COM_FREQ);
	uint8_t reply[COM_REPLY_SIZE];
	enum swd_ack ack;
	enum cause cause;
	uint32_t len;

	command.bytes[2] = COM_SWD;
	cause = stlink_ask(link, &command, reply, sizeof(reply), &ack, why);
	if (cause != CAUSE_NONE)
		return cause;
	len = le32_get(reply + 8);
	if (len == 0 || len > STLINK_MAX_CLOCKS)
		return reason_begin(why, CAUSE_GONE,
				    "the ST-LINK lists %u clocks; there should be 1 to %u",
				    (unsigned)len, STLINK_MAX_CLOCKS);
	for (uint32_t i = 0; i < len; i++)
		link->listed_khz[i] = le32_get(reply + 12 + 4 * i);
	link->listed = len;
	return CAUSE_NONE;
}

/* The fastest of the clocks a V3 lists that is not above *khz. A connection asks for the list, and
 * what follows goes by it. */
static enum cause
choose_from_list(struct stlink *link, uint32_t *khz, struct reason *why)
{
	uint32_t best = 0, slowest = UINT32_MAX;
	enum cause cause = CAUSE_NONE;

	if (!link->is_clock_set)
		cause = read_list(link, why);
	if (cause != CAUSE_NONE)
		return cause;
	for (uint32_t i = 0; i < link->listed; i++) {
		uint32_t listed = link->listed_khz[i];

		if (listed <= *khz && listed > best)
			best = listed;
		if (listed < slowest)
			slowest = listed;
	}
	if (best == 0)
		return too_slow(*khz * HZ_PER_KHZ, slowest * HZ_PER_KHZ, why);
	*khz = best;
	return CAUSE_NONE;
}

static enum cause
set_from_list(struct stlink *link, uint32_t *hz, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(SET_COM_FREQ);
	uint32_t khz = *hz / HZ_PER_KHZ;
	uint8_t reply[8]; /* u32 status, u32 the clock set */
	enum swd_ack ack;
	enum cause cause = choose_from_list(link, &khz, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (is_in_use(link, khz * HZ_PER_KHZ)) {
		*hz = link->hz;
		return CAUSE_NONE;
	}
	command.bytes[2] = COM_SWD;
	le32_put(&command.bytes[4], khz);
	cause = stlink_ask(link, &command, reply, sizeof(reply), &ack, why);
	if (cause == CAUSE_NONE)
		*hz = le32_get(reply + 4) * HZ_PER_KHZ;
	return cause;
}

static enum cause
set_clock(struct stlink *link, uint32_t *hz, struct reason *why)
{
	enum cause cause = stlink_version_has(&link->version, STLINK_HAS_COM_CLOCK)
				   ? set_from_list(link, hz, why)
				   : set_by_count(link, hz, why);

	if (cause != CAUSE_NONE)
		link->is_clock_set = false;
	return cause == CAUSE_NONE ? CAUSE_NONE
				   : reason_while(why, "setting the SWD clock");
}

uint32_t
stlink_accesses_at_once(const struct stlink *link)
{
	/* A request of 8 bits, an acknowledge of 3, 33 of data and two turnarounds: 46. In
	 * 22 ms a V3's 3.3 MHz, what it makes of 4, moves the largest command, and 4 MHz
	 * in less than 20. */
	enum { ACCESS_BITS = 46, MS = 22, MS_PER_S = 1000, LEAST = 16 };

	uint32_t accesses = link->hz / MS_PER_S * MS / ACCESS_BITS;

	return accesses > LEAST ? accesses : LEAST;
}

enum cause
stlink_apply_clock(struct stlink *link, struct reason *why)
{
	enum cause cause;

	/* What the probe has before debug mode is entered is not known. */
	link->is_clock_set = false;
	cause = set_clock(link, &link->hz, why);
	link->is_clock_set = cause == CAUSE_NONE;
	return cause;
}

enum cause
stlink_set_clock(struct probe *probe, uint32_t *hz, struct reason *why)
{
	struct stlink *link = container_of(probe, struct stlink, probe);
	uint32_t wanted = *hz;
	enum cause cause;

	if (link->hz_limit != 0 && link->hz_limit < wanted)
		wanted = link->hz_limit;
	cause = set_clock(link, &wanted, why);
	if (cause != CAUSE_NONE)
		return cause;
	/* Once for each clock: a lost target is entered again and again. */
	if (wanted != *hz && wanted != link->hz && link->hz_limit == 0)
		log_debug("probe",
			  "SWD clock: %u kHz, the nearest below the %u kHz asked for that "
			  "the ST-LINK has",
			  (unsigned)wanted / HZ_PER_KHZ, (unsigned)*hz / HZ_PER_KHZ);
	link->hz_wanted = *hz;
	*hz = link->hz = wanted;
	return CAUSE_NONE;
}

enum cause
stlink_limit_clock(struct stlink *link, uint32_t hz, struct reason *why)
{
	uint32_t before = link->hz_limit;
	uint32_t wanted = link->hz_wanted;
	bool is_felt = (hz != 0 && hz < wanted) || (before != 0 && before < wanted);
	enum cause cause = CAUSE_NONE;

	link->hz_limit = hz;
	if (is_felt && hz != before)
		cause = stlink_set_clock(&link->probe, &wanted, why);
	if (cause != CAUSE_NONE)
		link->hz_limit = before;
	return cause;
}

uint32_t
stlink_clock_of_count(uint16_t count)
{
	for (size_t i = 0; i < array_len(clocks); i++)
		if (count <= clocks[i].count)
			return clocks[i].hz;
	return 0;
}
