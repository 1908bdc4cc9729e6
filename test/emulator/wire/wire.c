/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/wire.h"

#include <stdlib.h>

#include "test/emulator/wire/nrst.h"
#include "test/emulator/wire/sw_dp.h"
#include "test/emulator/wire/timing.h"

static const uint64_t ns_per_s = 1000000000;

struct wire {
	struct soc *soc;
	struct wiring wiring;
	struct stats *stats;
	struct sw_dp dp;
	struct nrst nrst;
	uint32_t hz;
	uint64_t bit_rest; /* of a nanosecond, in ns * Hz */
	double volts;      /* the supply when on */
	bool is_on;
	bool probe_pulls, button_pulls;
	unsigned debug_epoch; /* of the soc, when dp was reset last */
};

struct wire *
wire_new(struct soc *soc, const struct wiring *wiring, struct stats *stats)
{
	struct wire *wire = calloc(1, sizeof(*wire));

	if (!wire)
		abort();
	wire->soc = soc;
	wire->wiring = *wiring;
	wire->stats = stats;
	wire->volts = wiring->vdd_volts;
	wire->hz = SWD_DEFAULT_HZ;
	wire->nrst.pull_up_ohm = wiring->nrst_pull_up_ohm;
	wire->nrst.farad = wiring->nrst_capacitor_farad;
	sw_dp_reset(&wire->dp, soc);
	return wire;
}

void
wire_free(struct wire *wire)
{
	free(wire);
}

/* --- NRST and time ------------------------------------------------------------- */

static void
drivers_look(struct wire *wire)
{
	const struct wiring *wiring = &wire->wiring;
	double low = 0;

	if (wire->probe_pulls && !wiring->nrst_open)
		low += 1 / wiring->nrst_driver_ohm;
	if (wire->button_pulls || wiring->nrst_shorted_to_ground)
		low += 1 / NRST_BUTTON_OHM;
	if (soc_drives_nrst_low(wire->soc))
		low += 1 / NRST_CHIP_OHM;
	wire->nrst.low_siemens = low;
	wire->nrst.vdd = wire->is_on ? wire->volts : 0;
}

void
wire_advance(struct wire *wire, uint64_t ns)
{
	while (ns) {
		uint64_t step, passed;

		drivers_look(wire);
		step = nrst_next_event(&wire->nrst);
		step = step < ns ? step : ns;
		passed = soc_advance_to_nrst_change(wire->soc, step);
		if (nrst_pass(&wire->nrst, passed))
			soc_nrst(wire->soc, wire->nrst.is_high);
		ns -= passed < ns ? passed : ns;
	}
}

void
wire_drive_nrst(struct wire *wire, bool low)
{
	wire->probe_pulls = low;
}

void
wire_press_reset(struct wire *wire, bool pressed)
{
	wire->button_pulls = pressed;
}

/* A cable that is open ends in the probe's own pull-up. */
bool
wire_nrst_is_high(struct wire *wire)
{
	if (wire->wiring.nrst_open)
		return !wire->probe_pulls;
	return wire->nrst.is_high;
}

/* --- power --------------------------------------------------------------------- */

static void
supply_look(struct wire *wire)
{
	bool enough = wire->is_on && wire->volts >= soc_lowest_volts(wire->soc);

	drivers_look(wire);
	soc_set_volts(wire->soc, wire->volts);
	if (enough == soc_is_powered(wire->soc))
		return;
	nrst_settle(&wire->nrst);
	soc_nrst(wire->soc, wire->nrst.is_high);
	soc_power(wire->soc, enough);
}

void
wire_power(struct wire *wire, bool on)
{
	wire->is_on = on;
	supply_look(wire);
}

void
wire_set_volts(struct wire *wire, double volts)
{
	wire->volts = volts;
	supply_look(wire);
}

/* VAPP carries the supply, or nothing; a divider would scale with the supply. */
double
wire_vapp(const struct wire *wire)
{
	if (!wire->is_on || wire->wiring.vdd_volts <= 0)
		return 0;
	return wire->volts * wire->wiring.vapp_volts / wire->wiring.vdd_volts;
}

/* --- SWD ------------------------------------------------------------------------ */

void
wire_set_clock(struct wire *wire, uint32_t hz)
{
	wire->hz = hz ? hz : 1;
	wire->bit_rest = 0;
}

static void
bits_pass(struct wire *wire, unsigned bits)
{
	uint64_t product = bits * ns_per_s + wire->bit_rest;

	wire->stats->swd_bits += bits;
	wire->bit_rest = product % wire->hz;
	wire_advance(wire, product / wire->hz);
}

/* Is anybody there? A port whose supply came back begins anew. */
static bool
is_connected(struct wire *wire)
{
	if (wire->debug_epoch != soc_debug_epoch(wire->soc)) {
		wire->debug_epoch = soc_debug_epoch(wire->soc);
		sw_dp_reset(&wire->dp, wire->soc);
	}
	return !wire->wiring.swd_open && soc_is_powered(wire->soc);
}

void
wire_sequence(struct wire *wire, const uint8_t *bits, unsigned count)
{
	for (unsigned i = 0; i < count && is_connected(wire); i++)
		sw_dp_bit(&wire->dp, bits[i / 8] >> (i % 8) & 1);
	bits_pass(wire, count);
}

static void
ack_count(struct wire *wire, enum swd_ack ack)
{
	wire->stats->swd_transactions++;
	wire->stats->swd_waits += ack == SWD_WAIT;
	wire->stats->swd_faults += ack == SWD_FAULT;
}

/* Nobody drives the line but the pull-up: ones, and a parity that does not fit them. */
enum swd_ack
wire_transfer(struct wire *wire, bool ap, bool read, uint8_t reg, uint32_t *value,
	      bool *parity_ok)
{
	enum swd_ack ack = SWD_NO_ACK;
	bool has_data;

	if (is_connected(wire))
		ack = sw_dp_transfer(&wire->dp, ap, read, reg, value);
	has_data = ack == SWD_OK || sw_dp_has_overrun_detection(&wire->dp);
	if (read && ack != SWD_OK)
		*value = UINT32_MAX;
	if (parity_ok)
		*parity_ok = ack == SWD_OK;
	ack_count(wire, ack);
	bits_pass(wire, has_data ? SWD_TRANSFER_BITS : SWD_ACK_BITS);
	return ack;
}
