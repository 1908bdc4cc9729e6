/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/wire.h"

#include <stdlib.h>

#include "test/emulator/wire/timing.h"
#include "test/emulator/wire/wire_internal.h"

/* Where the probe's inputs decide, of the target's swing. */
static double
threshold(const struct wire *wire)
{
	double volts = supply_volts(&wire->supply), io = volts;

	if (wire->io == PROBE_IO_OWN_RAIL)
		io = PROBE_IO_VOLTS;
	else if (wire->io == PROBE_IO_BY_VAPP && wire->wiring.vapp_open)
		io = VAPP_FLOATS_VOLTS;
	return volts > 0 ? LINE_THRESHOLD_OF_SUPPLY * io / volts : LINE_THRESHOLD_OF_SUPPLY;
}

/* Settling times of what the signal passes one after the other add up. */
static void
line_look(struct wire *wire)
{
	const struct wiring *wiring = &wire->wiring;
	struct line line = { .rms = LINE_RMS_CABLE };

	if (wiring->swd_clean_hz > 0)
		line.settling_s += line_settling_of_clock(wiring->swd_clean_hz);
	line.settling_s += line_settling_of_wire(wiring->swd_metres);
	line.threshold = threshold(wire);
	if (line.settling_s > 0)
		line.rms = LINE_RMS_WIRE;
	if (wiring->ground_open) {
		line.settling_s += line_settling_of_wire(LINE_GROUND_LOOP_METRES);
		line.rms = LINE_RMS_GROUND;
	}
	wire->noise.line = line;
	wire->noise.hz = 0;
}

static void
wiring_look(struct wire *wire)
{
	const struct wiring *wiring = &wire->wiring;

	wire->nrst.pull_up_ohm = wiring->nrst_pull_up_ohm;
	wire->nrst.farad = wiring->nrst_capacitor_farad;
	line_look(wire);
	supply_dip_every(&wire->supply, wiring->brown_out_every_ns);
	wire->supply.ohm = wiring->supply_ohm;
}

struct wire *
wire_new(struct soc *soc, const struct wiring *wiring, struct stats *stats)
{
	struct wire *wire = calloc(1, sizeof(*wire));

	if (!wire)
		abort();
	wire->soc = soc;
	wire->wiring = *wiring;
	wire->stats = stats;
	wire->supply.volts = wiring->vdd_volts;
	soc_wire_core_supply(soc, wiring->core_supply);
	wire->hz = SWD_DEFAULT_HZ;
	wiring_look(wire);
	wire_seed(wire, 0);
	sw_dp_reset(&wire->dp, soc);
	return wire;
}

void
wire_free(struct wire *wire)
{
	free(wire);
}

void
wire_seed(struct wire *wire, uint64_t seed)
{
	chance_seed(&wire->noise.chance, seed, "noise on SWDIO");
	wire->noise.hz = 0; /* the first gap is this seed's, too */
}

/* --- NRST and time ------------------------------------------------------------- */

static bool
probe_reaches_nrst(const struct wire *wire)
{
	if (wire->wiring.nrst_open)
		return false;
	return wire->wiring.nrst_at_swim ? wire->swim_pulls : wire->probe_pulls;
}

static void
drivers_look(struct wire *wire)
{
	const struct wiring *wiring = &wire->wiring;
	double low = 0;

	if (probe_reaches_nrst(wire))
		low += 1 / wiring->nrst_driver_ohm;
	if (wire->button_pulls || wiring->nrst_shorted_to_ground)
		low += 1 / NRST_BUTTON_OHM;
	if (soc_drives_nrst_low(wire->soc))
		low += 1 / NRST_CHIP_OHM;
	if (low <= 0 && wire->nrst.low_siemens > 0)
		wire->released_ns = soc_now_ns(wire->soc);
	wire->nrst.low_siemens = low;
	wire->nrst.high_siemens = wiring->nrst_high_ohm > 0 ? 1 / wiring->nrst_high_ohm : 0;
	wire->nrst.vdd = supply_volts(&wire->supply);
}

/* The power-on reset ends a little above where it begins. */
static double
power_on_volts(const struct wire *wire)
{
	double lowest = soc_lowest_volts(wire->soc);

	return soc_is_powered(wire->soc) ? lowest : lowest + POWER_ON_HYSTERESIS_VOLTS;
}

static void
supply_look(struct wire *wire)
{
	double volts = supply_volts(&wire->supply);
	bool enough = volts > 0 && volts >= power_on_volts(wire);

	drivers_look(wire);
	line_look(wire);
	soc_set_volts(wire->soc, volts);
	if (enough == soc_is_powered(wire->soc))
		return;
	nrst_settle(&wire->nrst);
	soc_nrst(wire->soc, wire->nrst.is_high);
	soc_power(wire->soc, enough);
}

static uint64_t
next_event(const struct wire *wire)
{
	uint64_t nrst = nrst_next_event(&wire->nrst);
	uint64_t supply = supply_next_event(&wire->supply);

	return nrst < supply ? nrst : supply;
}

/* The level at BOOT0 counts when a reset ends, the load when the supply is weak. */
static void
load_look(struct wire *wire)
{
	wire->supply.amps = wire->supply.ohm > 0 ? soc_amps(wire->soc) : 0;
	if (wire->wiring.boot0_at_swclk || soc_boot0_is_swclk(wire->soc))
		soc_boot0(wire->soc, wire->swclk);
}

static void
nrst_changed(struct wire *wire)
{
	uint64_t ns = soc_now_ns(wire->soc) - wire->released_ns;

	if (wire->nrst.is_high && ns > wire->stats->nrst_rise_ns)
		wire->stats->nrst_rise_ns = ns;
	if (wire->nrst.is_high)
		wire->stats->nrst_last_rise_ns = ns;
	soc_nrst(wire->soc, wire->nrst.is_high);
}

void
wire_advance(struct wire *wire, uint64_t ns)
{
	while (ns) {
		uint64_t step, passed;

		drivers_look(wire);
		load_look(wire);
		step = next_event(wire);
		step = step < ns ? step : ns;
		passed = soc_advance_to_nrst_change(wire->soc, step);
		if (nrst_pass(&wire->nrst, passed))
			nrst_changed(wire);
		if (supply_pass(&wire->supply, passed) || wire->supply.ohm > 0)
			supply_look(wire);
		ns -= passed < ns ? passed : ns;
	}
}

void
wire_drive_nrst(struct wire *wire, bool low)
{
	wire->probe_pulls = low;
}

void
wire_set_probe_io(struct wire *wire, enum probe_io io)
{
	wire->io = io;
	line_look(wire);
}

void
wire_drive_swim_rst(struct wire *wire, bool low)
{
	wire->swim_pulls = low;
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
	if (wire->wiring.nrst_open || wire->wiring.nrst_at_swim)
		return !wire->probe_pulls;
	return wire->nrst.is_high;
}

/* --- power --------------------------------------------------------------------- */

void
wire_power(struct wire *wire, bool on)
{
	wire->supply.is_on = on;
	supply_look(wire);
}

void
wire_set_volts(struct wire *wire, double volts)
{
	wire->supply.volts = volts;
	supply_look(wire);
}

void
wire_brown_out(struct wire *wire, uint64_t ns)
{
	supply_dip(&wire->supply, ns);
	supply_look(wire);
}

void
wire_rewire(struct wire *wire, const struct wiring *wiring)
{
	if (wiring->vdd_volts != wire->wiring.vdd_volts)
		wire->supply.volts = wiring->vdd_volts;
	wire->wiring = *wiring;
	wiring_look(wire);
	supply_look(wire);
}

/* VAPP carries the supply, or nothing; a divider would scale with the supply. */
double
wire_vapp(const struct wire *wire)
{
	if (wire->wiring.vdd_volts <= 0 || wire->wiring.vapp_open)
		return 0;
	return supply_volts(&wire->supply) * wire->wiring.vapp_volts /
	       wire->wiring.vdd_volts;
}

bool
wire_vapp_is_open(const struct wire *wire)
{
	return wire->wiring.vapp_open;
}
