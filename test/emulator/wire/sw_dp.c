/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/sw_dp.h"

/* B4.2.1: the bits of a request. */
enum {
	REQUEST_START = 1 << 0,
	REQUEST_APNDP = 1 << 1,
	REQUEST_RNW = 1 << 2,
	REQUEST_ADDRESS_SHIFT = 3,
	REQUEST_STOP = 1 << 6,
	REQUEST_PARK = 1 << 7,
	/* Over these and their parity bit the number of ones is even. */
	REQUEST_EVEN_SHIFT = 1,
	REQUEST_EVEN_BITS = 5
};

/* B2.2.5 DPIDR.VERSION: dormant state came with the second (B5.1). */
enum { DPIDR_VERSION_SHIFT = 12, DPIDR_VERSION = 0xF, DPV2 = 2 };

/* Register addresses, A[3:2]. */
enum {
	DPIDR_ABORT = 0x0,     /* read, write */
	CTRL_STAT = 0x4,       /* and others, by SELECT.DPBANKSEL */
	RESEND_SELECT = 0x8,   /* read, write */
	RDBUFF_TARGETSEL = 0xC /* read, write */
};

/* B2.2.1 ABORT */
#define ABORT_DAPABORT   (UINT32_C(1) << 0)
#define ABORT_STKCMPCLR  (UINT32_C(1) << 1)
#define ABORT_STKERRCLR  (UINT32_C(1) << 2)
#define ABORT_WDERRCLR   (UINT32_C(1) << 3)
#define ABORT_ORUNERRCLR (UINT32_C(1) << 4)

/* B2.2.2 CTRL/STAT */
#define ORUNDETECT   (UINT32_C(1) << 0)
#define STICKYORUN   (UINT32_C(1) << 1)
#define TRNMODE      (UINT32_C(3) << 2)
#define STICKYCMP    (UINT32_C(1) << 4)
#define STICKYERR    (UINT32_C(1) << 5)
#define READOK       (UINT32_C(1) << 6)
#define WDATAERR     (UINT32_C(1) << 7)
#define CDBGPWRUPREQ (UINT32_C(1) << 28)
#define CDBGPWRUPACK (UINT32_C(1) << 29)
#define CSYSPWRUPREQ (UINT32_C(1) << 30)
#define CSYSPWRUPACK (UINT32_C(1) << 31)
#define STICKY       (STICKYORUN | STICKYCMP | STICKYERR | WDATAERR)
/* CDBGRSTREQ is there but does nothing on STM32. TRNCNT, MASKLANE and TRNMODE belong to
 * pushed operations and the transaction counter. */
#define CTRL_STAT_WRITABLE UINT32_C(0x54FFFF0D)
enum { TRNMODE_VERIFY = 1, TRNMODE_SHIFT = 2, MASKLANE_SHIFT = 8 };

/* B2.2.9 SELECT */
#define SELECT_DPBANKSEL UINT32_C(0xF)
#define SELECT_APBANKSEL UINT32_C(0xF0)
enum { SELECT_APSEL_SHIFT = 24 };

/* The only access port whose clock and power the acknowledges tell about. */
enum { FIRST_PORT = 0, DRW = 0x0C };

enum { DPBANK_CTRL_STAT = 0, DPBANK_DLCR = 1, DPBANK_TARGETID = 2, DPBANK_DLPIDR = 3 };
/* B2.2.3: TINSTANCE 0, as each board here has one chip, and version 1 of the protocol. */
#define DLPIDR UINT32_C(0x00000001)
/* B2.2.10, B2.2.11: TARGETSEL has the instance where TARGETID has the revision. */
#define TARGETSEL_ID       UINT32_C(0x0FFFFFFF)
#define TARGETSEL_INSTANCE UINT32_C(0xF0000000)
#define DLCR_WRITABLE      UINT32_C(0x00000300) /* B2.2.4: TURNROUND */

void
sw_dp_reset(struct sw_dp *dp, struct soc *soc)
{
	*dp = (struct sw_dp){ .soc = soc };
	mem_aps_reset(&dp->aps, soc);
}

bool
sw_dp_has_overrun_detection(const struct sw_dp *dp)
{
	return dp->ctrl_stat & ORUNDETECT;
}

/* --- bits outside of transactions ---------------------------------------------- */

static bool
is_dpv2(const struct sw_dp *dp)
{
	return (soc_dpidr(dp->soc) >> DPIDR_VERSION_SHIFT & DPIDR_VERSION) >= DPV2;
}

static bool
is_swd(const struct sw_dp *dp)
{
	return dp->state != SWD_AS_JTAG && dp->state != SWD_DORMANT;
}

/* Each sequence means something in one state only (B5.2, figure "SWD and JTAG select state
 * diagram"). After the change to SWD a line reset is wanted first (B5.2.2, B5.3.4). */
static void
selection_take(struct sw_dp *dp, enum selection_event event)
{
	static const struct {
		enum selection_event event;
		bool from_swd;
		enum swd_state from, to;
	} changes[] = {
		{ SELECTION_JTAG_TO_SWD, false, SWD_AS_JTAG, SWD_LOST },
		{ SELECTION_SWD_TO_JTAG, true, SWD_LOST, SWD_AS_JTAG },
		{ SELECTION_JTAG_TO_DORMANT, false, SWD_AS_JTAG, SWD_DORMANT },
		{ SELECTION_SWD_TO_DORMANT, true, SWD_LOST, SWD_DORMANT },
		{ SELECTION_DORMANT_TO_SWD, false, SWD_DORMANT, SWD_LOST },
		{ SELECTION_DORMANT_TO_JTAG, false, SWD_DORMANT, SWD_AS_JTAG },
	};

	for (unsigned i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		bool here = changes[i].from_swd ? is_swd(dp) : dp->state == changes[i].from;

		if (changes[i].event != event || !here)
			continue;
		if (changes[i].to == SWD_DORMANT && !is_dpv2(dp))
			continue;
		dp->state = changes[i].to;
		return;
	}
}

bool
sw_dp_sees_selection(struct sw_dp *dp, bool bit)
{
	enum selection_event event = selection_bit(&dp->selection, bit);

	if (event == SELECTION_LINE_RESET && is_swd(dp))
		dp->state = SWD_LINE_RESET;
	selection_take(dp, event);
	return event != SELECTION_NOTHING;
}

/* --- debug port registers -------------------------------------------------------- */

/* B2.4.4: an acknowledge needs the request and a domain that can be powered. */
static uint32_t
ctrl_stat_read(const struct sw_dp *dp)
{
	uint32_t value = dp->ctrl_stat;

	if (value & CDBGPWRUPREQ && soc_port_is_open(dp->soc, FIRST_PORT))
		value |= CDBGPWRUPACK;
	if (value & CSYSPWRUPREQ && soc_port_is_open(dp->soc, FIRST_PORT))
		value |= CSYSPWRUPACK;
	return value;
}

static uint32_t
banked_read(const struct sw_dp *dp)
{
	switch (dp->select & SELECT_DPBANKSEL) {
	case DPBANK_CTRL_STAT:
		return ctrl_stat_read(dp);
	case DPBANK_DLCR:
		return dp->dlcr;
	case DPBANK_TARGETID:
		return is_dpv2(dp) ? soc_targetid(dp->soc) : 0;
	case DPBANK_DLPIDR:
		return is_dpv2(dp) ? DLPIDR : 0;
	default:
		return 0; /* EVENTSTAT: no event is connected */
	}
}

static void
banked_write(struct sw_dp *dp, uint32_t value)
{
	if ((dp->select & SELECT_DPBANKSEL) == DPBANK_CTRL_STAT)
		dp->ctrl_stat = (dp->ctrl_stat & ~CTRL_STAT_WRITABLE) |
				(value & CTRL_STAT_WRITABLE);
	else if ((dp->select & SELECT_DPBANKSEL) == DPBANK_DLCR)
		dp->dlcr = value & DLCR_WRITABLE;
}

static void
abort_write(struct sw_dp *dp, uint32_t value)
{
	static const struct {
		uint32_t abort, flag;
	} clears[] = {
		{ ABORT_STKCMPCLR, STICKYCMP },
		{ ABORT_STKERRCLR, STICKYERR },
		{ ABORT_WDERRCLR, WDATAERR },
		{ ABORT_ORUNERRCLR, STICKYORUN },
	};

	for (unsigned i = 0; i < sizeof(clears) / sizeof(clears[0]); i++)
		if (value & clears[i].abort)
			dp->ctrl_stat &= ~clears[i].flag;
	if (value & ABORT_DAPABORT)
		mem_ap_abort(&dp->aps);
}

static uint32_t
dp_read(struct sw_dp *dp, uint8_t reg)
{
	switch (reg) {
	case DPIDR_ABORT:
		return soc_dpidr(dp->soc);
	case CTRL_STAT:
		return banked_read(dp);
	case RESEND_SELECT:
		return dp->resend;
	default:
		dp->ctrl_stat |= READOK;
		return dp->resend = dp->posted;
	}
}

static void
dp_write(struct sw_dp *dp, uint8_t reg, uint32_t value)
{
	if (reg == DPIDR_ABORT)
		abort_write(dp, value);
	else if (reg == CTRL_STAT)
		banked_write(dp, value);
	else if (reg == RESEND_SELECT)
		dp->select = value;
}

/* --- access ports ----------------------------------------------------------------- */

static void
bus_failed(struct sw_dp *dp)
{
	dp->ctrl_stat |= STICKYERR;
	dp->ctrl_stat &= ~READOK;
}

/* Has the access that was posted before come to its end? */
static bool
settle(struct sw_dp *dp)
{
	enum bus_result result;

	if (mem_ap_is_busy(&dp->aps))
		return false;
	result = mem_ap_settle(&dp->aps, &dp->posted);
	if (result == BUS_WAIT)
		return false;
	if (result == BUS_FAULT)
		bus_failed(dp);
	return true;
}

/* Pushed verify and compare (B2.4.5): a write to DRW is a read that is compared. */
static enum bus_result
pushed_compare(struct sw_dp *dp, unsigned port, uint32_t expected)
{
	uint32_t lanes = dp->ctrl_stat >> MASKLANE_SHIFT, mask = 0, found = 0;
	bool verify = (dp->ctrl_stat & TRNMODE) >> TRNMODE_SHIFT == TRNMODE_VERIFY;
	enum bus_result result = mem_ap_access(&dp->aps, port, DRW, false, &found);

	for (unsigned i = 0; i < 4; i++)
		if (lanes >> i & 1)
			mask |= UINT32_C(0xFF) << (8 * i);
	if (result == BUS_OK && ((found ^ expected) & mask) == 0)
		dp->ctrl_stat |= verify ? 0 : STICKYCMP;
	else if (result == BUS_OK)
		dp->ctrl_stat |= verify ? STICKYCMP : 0;
	return result;
}

static void
ap_transfer(struct sw_dp *dp, bool read, uint8_t reg, uint32_t *value)
{
	unsigned port = dp->select >> SELECT_APSEL_SHIFT;
	uint8_t full = (uint8_t)((dp->select & SELECT_APBANKSEL) | reg);
	uint32_t word = *value;
	enum bus_result result;

	if (!read && dp->ctrl_stat & TRNMODE && full == DRW)
		result = pushed_compare(dp, port, word);
	else
		result = mem_ap_access(&dp->aps, port, full, !read, &word);
	if (read) {
		*value = dp->resend = dp->posted;
		dp->ctrl_stat |= READOK;
	}
	if (result == BUS_FAULT)
		bus_failed(dp);
	else if (read && result == BUS_OK)
		dp->posted = word;
}

/* --- transactions ----------------------------------------------------------------- */

static bool
answers_always(bool ap, bool read, uint8_t reg)
{
	if (ap)
		return false;
	return reg == DPIDR_ABORT || (read && reg == CTRL_STAT);
}

static enum swd_ack
refuse(struct sw_dp *dp, enum swd_ack ack)
{
	if (dp->ctrl_stat & ORUNDETECT)
		dp->ctrl_stat |= STICKYORUN;
	return ack;
}

/* B2.4.1: without a debug domain an access is an error; while the domain was asked
 * for and does not come, the access waits for it. */
static enum swd_ack
power_ack(struct sw_dp *dp)
{
	if (!(dp->ctrl_stat & CDBGPWRUPREQ)) {
		dp->ctrl_stat |= STICKYERR;
		return SWD_FAULT;
	}
	return soc_port_is_open(dp->soc, FIRST_PORT) ? SWD_OK : SWD_WAIT;
}

/* B4.2.3 to B4.2.5: what a port that listens answers to this request. */
static enum swd_ack
ack_of(struct sw_dp *dp, bool ap, bool read, uint8_t reg)
{
	enum swd_ack power;

	if (answers_always(ap, read, reg))
		return SWD_OK;
	if (!settle(dp))
		return refuse(dp, SWD_WAIT);
	if (dp->ctrl_stat & STICKY)
		return refuse(dp, SWD_FAULT);
	if (!ap)
		return SWD_OK;
	power = power_ack(dp);
	return power == SWD_OK ? SWD_OK : refuse(dp, power);
}

/* B4.3.3: after a line reset only DPIDR may be read. On a second-version port a write to
 * TARGETSEL may come before it, which nobody acknowledges. */
static bool
is_listening(struct sw_dp *dp, bool ap, bool read, uint8_t reg)
{
	if (dp->state == SWD_READY)
		return true;
	if (dp->state != SWD_LINE_RESET)
		return false;
	if (!ap && read && reg == DPIDR_ABORT) {
		dp->state = SWD_READY;
		return true;
	}
	dp->selects_target = !ap && !read && reg == RDBUFF_TARGETSEL && is_dpv2(dp);
	if (!dp->selects_target)
		dp->state = SWD_LOST;
	return false;
}

bool
sw_dp_request_is_whole(uint8_t request)
{
	unsigned ones = 0;

	for (unsigned i = 0; i < REQUEST_EVEN_BITS; i++)
		ones += request >> (REQUEST_EVEN_SHIFT + i) & 1;
	return request & REQUEST_START && request & REQUEST_PARK &&
	       !(request & REQUEST_STOP) && ones % 2 == 0;
}

enum swd_ack
sw_dp_request(struct sw_dp *dp, uint8_t request)
{
	bool read = request & REQUEST_RNW;

	selection_forget(&dp->selection);
	dp->selects_target = false;
	if (dp->packet.at && is_swd(dp))
		dp->state = SWD_LOST; /* it comes in the middle of another one */
	dp->packet.at = 0;
	if (!soc_swd_pins_are_debug(dp->soc))
		return SWD_NO_ACK;
	if (!sw_dp_request_is_whole(request)) {
		if (is_swd(dp))
			dp->state = SWD_LOST; /* B4.2.6 */
		return SWD_NO_ACK;
	}
	dp->is_ap = request & REQUEST_APNDP;
	dp->reg = (uint8_t)((request >> REQUEST_ADDRESS_SHIFT & 3) << 2);
	if (!is_listening(dp, dp->is_ap, read, dp->reg))
		return SWD_NO_ACK;
	return ack_of(dp, dp->is_ap, read, dp->reg);
}

uint32_t
sw_dp_data_out(struct sw_dp *dp)
{
	uint32_t value = 0;

	if (!dp->is_ap)
		return dp_read(dp, dp->reg);
	ap_transfer(dp, true, dp->reg, &value);
	return value;
}

static bool
is_odd(uint32_t value)
{
	for (unsigned shift = 16; shift; shift /= 2)
		value ^= value >> shift;
	return value & 1;
}

/* B2.2.2 CTRL/STAT.WDATAERR. */
bool
sw_dp_data_in(struct sw_dp *dp, uint32_t value, bool parity)
{
	if (is_odd(value) != parity) {
		dp->ctrl_stat |= WDATAERR;
		return false;
	}
	if (dp->is_ap)
		ap_transfer(dp, false, dp->reg, &value);
	else
		dp_write(dp, dp->reg, value);
	return true;
}

bool
sw_dp_has_write_error(const struct sw_dp *dp)
{
	return dp->ctrl_stat & WDATAERR;
}

bool
sw_dp_is_targetsel(const struct sw_dp *dp)
{
	return dp->selects_target;
}

void
sw_dp_select_target(struct sw_dp *dp, uint32_t value, bool parity)
{
	uint32_t id = soc_targetid(dp->soc) & TARGETSEL_ID;

	dp->selects_target = false;
	if (is_odd(value) != parity || (value & TARGETSEL_ID) != id ||
	    value & TARGETSEL_INSTANCE)
		dp->state = SWD_LOST;
}

/* B4.2.5, B4.2.6: what the probe sends next, a request and the clocks in which it looks for
 * an answer, is taken for the 33 bits; their end is in the middle of something else, which
 * makes no request. From then on there is no answer until a line reset. */
void
sw_dp_miss_data(struct sw_dp *dp)
{
	dp->state = SWD_LOST;
}
