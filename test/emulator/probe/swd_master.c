/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/swd_master.h"

#include "test/emulator/probe/timing.h"

/* IHI 0031G, B2.2.1 ABORT: STKCMPCLR, STKERRCLR, WDERRCLR, ORUNERRCLR. */
enum { ABORT_DAPABORT = 0x01, ABORT_CLEAR_ALL = 0x1E };
/* A[3:2] of a transaction; banks and port are in SELECT (B2.2.11). */
enum { REGISTER_BITS = 0xC, SELECT_APSEL_AT = 24 };
#define SELECT_DPBANKSEL 0xFu
#define SELECT_APBANKSEL 0xF0u
/* B2.2.2 CTRL/STAT. */
#define CTRL_CDBGPWRUPREQ (1u << 28)
#define CTRL_CDBGPWRUPACK (1u << 29)
#define CTRL_CSYSPWRUPREQ (1u << 30)
#define CTRL_CSYSPWRUPACK (1u << 31)
#define CTRL_ACKS         (CTRL_CDBGPWRUPACK | CTRL_CSYSPWRUPACK)

static const uint8_t line_reset[7] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t jtag_to_swd[2] = { 0x9e, 0xe7 }; /* B5.2.2 */
static const uint8_t swd_to_jtag[2] = { 0x3c, 0xe7 }; /* B5.2.3 */
static const uint8_t idle[1] = { 0x00 };

/* AP_WAIT to AP_PARITY_ERROR and DP_WAIT to DP_PARITY_ERROR lie in the same order. */
static enum stlink_status
status_of(bool ap, enum swd_ack ack, bool parity_ok)
{
	unsigned base = ap ? STLINK_AP_WAIT : STLINK_DP_WAIT;
	switch (ack) {
	case SWD_OK:
		return parity_ok ? STLINK_OK : (enum stlink_status)(base + 3);
	case SWD_WAIT:
		return (enum stlink_status)base;
	case SWD_FAULT:
		return (enum stlink_status)(base + 1);
	default:
		return (enum stlink_status)(base + 2);
	}
}

void
swd_master_set_clock(struct swd_master *swd, uint32_t hz)
{
	swd->hz = hz;
	wire_set_clock(swd->wire, hz);
}

bool
swd_master_has_supply(const struct swd_master *swd)
{
	return !swd->is_isolated ||
	       wire_vapp(swd->wire) >= STLINK_ISOL_LOWEST_MILLIVOLTS / 1000.0;
}

/* What comes back through the isolator is sampled half a clock after the edge that
 * called for it: when it is later than that the acknowledge is not one. */
static bool
answers_in_time(const struct swd_master *swd)
{
	enum { NS_PER_S = 1000000000 };
	return !swd->is_isolated || NS_PER_S / 2 / swd->hz >= STLINK_ISOL_ROUND_TRIP_NS;
}

/* One packet, or the request alone when nothing can come of it. */
static enum swd_ack
packet(struct swd_master *swd, bool ap, bool read, uint8_t reg, uint32_t *value,
       bool *parity_ok)
{
	static const uint8_t request[1] = { 0xff };
	wire_advance(swd->wire, swd->transaction_ns);
	if (swd_master_has_supply(swd) && answers_in_time(swd))
		return wire_transfer(swd->wire, ap, read, reg & REGISTER_BITS, value,
				     parity_ok);
	wire_sequence(swd->wire, request, 8 * sizeof(request));
	return SWD_NO_ACK;
}

/* What a try costs that was answered with WAIT. */
static uint64_t
refused_ns(const struct swd_master *swd)
{
	enum { NS_PER_S = 1000000000, REFUSED_BITS = 13 };
	return swd->transaction_ns + (uint64_t)REFUSED_BITS * NS_PER_S / swd->hz;
}

/* After a WAIT the firmware asks again for a while before it reports it. */
static enum stlink_status
transfer(struct swd_master *swd, bool ap, bool read, uint8_t reg, uint32_t *value)
{
	enum swd_ack ack = SWD_WAIT;
	bool parity_ok = true;
	for (uint64_t ns = 0; ns < STLINK_WAIT_PATIENCE_NS && ack == SWD_WAIT;
	     ns += refused_ns(swd))
		ack = packet(swd, ap, read, reg, value, &parity_ok);
	return status_of(ap, ack, read ? parity_ok : true);
}

static enum stlink_status
write_select(struct swd_master *swd, uint32_t select)
{
	if (swd->select_known && swd->select == select)
		return STLINK_OK;
	enum stlink_status status = transfer(swd, false, false, DP_SELECT, &select);
	swd->select_known = status == STLINK_OK;
	swd->select = select;
	return status;
}

/* B2.2.11: DPBANKSEL in bits 3:0 names the register at offset 4. */
static enum stlink_status
select_dp_bank(struct swd_master *swd, uint8_t reg)
{
	if ((reg & REGISTER_BITS) != DP_CTRL_STAT)
		return STLINK_OK;
	return write_select(swd, (swd->select & ~SELECT_DPBANKSEL) | (unsigned)(reg >> 4));
}

enum stlink_status
swd_dp_read(struct swd_master *swd, uint8_t reg, uint32_t *value)
{
	enum stlink_status status = select_dp_bank(swd, reg);
	return status == STLINK_OK ? transfer(swd, false, true, reg, value) : status;
}

enum stlink_status
swd_dp_write(struct swd_master *swd, uint8_t reg, uint32_t value)
{
	enum stlink_status status = select_dp_bank(swd, reg);
	if (status == STLINK_OK)
		status = transfer(swd, false, false, reg, &value);
	if (reg == DP_SELECT) {
		swd->select = value;
		swd->select_known = status == STLINK_OK;
	}
	return status;
}

static enum stlink_status
select_ap(struct swd_master *swd, uint8_t ap, uint8_t reg)
{
	return write_select(swd,
			    (uint32_t)ap << SELECT_APSEL_AT | (reg & SELECT_APBANKSEL));
}

enum stlink_status
swd_ap_post_read(struct swd_master *swd, uint8_t ap, uint8_t reg, uint32_t *value)
{
	enum stlink_status status = select_ap(swd, ap, reg);
	return status == STLINK_OK ? transfer(swd, true, true, reg, value) : status;
}

enum stlink_status
swd_ap_read(struct swd_master *swd, uint8_t ap, uint8_t reg, uint32_t *value)
{
	enum stlink_status status = swd_ap_post_read(swd, ap, reg, value);
	if (status == STLINK_OK)
		status = transfer(swd, false, true, DP_RDBUFF, value);
	return status;
}

enum stlink_status
swd_ap_write(struct swd_master *swd, uint8_t ap, uint8_t reg, uint32_t value)
{
	enum stlink_status status = select_ap(swd, ap, reg);
	return status == STLINK_OK ? transfer(swd, true, false, reg, &value) : status;
}

void
swd_clear_sticky(struct swd_master *swd)
{
	uint32_t clear = ABORT_CLEAR_ALL;
	transfer(swd, false, false, DP_ABORT, &clear);
}

void
swd_abort(struct swd_master *swd)
{
	uint32_t abort = ABORT_DAPABORT | ABORT_CLEAR_ALL;
	transfer(swd, false, false, DP_ABORT, &abort);
}

static enum stlink_status
power_up(struct swd_master *swd)
{
	uint32_t value = 0;
	enum stlink_status status =
		swd_dp_write(swd, DP_CTRL_STAT, CTRL_CDBGPWRUPREQ | CTRL_CSYSPWRUPREQ);
	for (uint64_t ns = 0; status == STLINK_OK && ns < STLINK_POWER_UP_LIMIT_NS;
	     ns += STLINK_POWER_UP_POLL_NS) {
		status = swd_dp_read(swd, DP_CTRL_STAT, &value);
		if (status == STLINK_OK && (value & CTRL_ACKS) == CTRL_ACKS)
			return STLINK_OK;
		wire_advance(swd->wire, STLINK_POWER_UP_POLL_NS);
	}
	return status == STLINK_OK ? STLINK_DEBUG_POWER_ERROR : status;
}

enum stlink_status
swd_master_connect(struct swd_master *swd, uint32_t *dpidr)
{
	wire_sequence(swd->wire, line_reset, 8 * sizeof(line_reset));
	wire_sequence(swd->wire, jtag_to_swd, 8 * sizeof(jtag_to_swd));
	wire_sequence(swd->wire, line_reset, 8 * sizeof(line_reset));
	wire_sequence(swd->wire, idle, 8 * sizeof(idle));
	swd->select = 0;
	swd->select_known = false;
	if (transfer(swd, false, true, DP_DPIDR, dpidr) != STLINK_OK)
		return STLINK_IDCODE_ERROR;
	swd_clear_sticky(swd);
	return power_up(swd);
}

void
swd_master_select_jtag(struct swd_master *swd)
{
	wire_sequence(swd->wire, line_reset, 8 * sizeof(line_reset));
	wire_sequence(swd->wire, swd_to_jtag, 8 * sizeof(swd_to_jtag));
	swd->select_known = false;
}
