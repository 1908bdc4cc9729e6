/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/nrst.h"

#include <math.h>

#include "test/emulator/wire/timing.h"

static const double ns_per_s = 1e9;
/* Nearer than this to its final value the net is taken to be there. */
static const double settled_volts = 1e-6;

static double
siemens_up(const struct nrst *nrst)
{
	return 1 / nrst->pull_up_ohm + nrst->high_siemens;
}

static double
siemens(const struct nrst *nrst)
{
	return siemens_up(nrst) + nrst->low_siemens;
}

static double
final_volts(const struct nrst *nrst)
{
	return nrst->vdd * siemens_up(nrst) / siemens(nrst);
}

static double
tau_s(const struct nrst *nrst)
{
	return nrst->farad / siemens(nrst);
}

/* The threshold that leads out of the present state. */
static double
threshold(const struct nrst *nrst)
{
	return nrst->vdd * (nrst->is_high ? NRST_VIL_OF_VDD : NRST_VIH_OF_VDD);
}

static bool
is_beyond(const struct nrst *nrst)
{
	return nrst->is_high ? nrst->volts <= threshold(nrst)
			     : nrst->vdd > 0 && nrst->volts >= threshold(nrst);
}

/* When the exponential comes to `volts`; the next whole nanosecond, so that it is then
 * beyond it. */
static uint64_t
time_to(const struct nrst *nrst, double volts)
{
	double goal = final_volts(nrst);
	double ratio = (nrst->volts - goal) / (volts - goal);

	/* Without supply goal and threshold are both 0: it never comes to be beyond. */
	if (fabs(volts - goal) < settled_volts)
		return UINT64_MAX;
	if (!(ratio > 1) || fabs(nrst->volts - goal) < settled_volts)
		return UINT64_MAX;
	return (uint64_t)(tau_s(nrst) * log(ratio) * ns_per_s) + 1;
}

uint64_t
nrst_next_event(const struct nrst *nrst)
{
	uint64_t crossing = time_to(nrst, threshold(nrst));

	if (nrst->is_crossing && nrst->filter_ns < crossing)
		return nrst->filter_ns;
	if (!nrst->is_crossing && is_beyond(nrst))
		return 0;
	return crossing;
}

static void
volts_follow(struct nrst *nrst, uint64_t ns)
{
	double goal = final_volts(nrst), tau = tau_s(nrst);

	if (tau <= 0 || fabs(nrst->volts - goal) < settled_volts)
		nrst->volts = goal;
	else
		nrst->volts =
			goal + (nrst->volts - goal) * exp(-(double)ns / ns_per_s / tau);
}

bool
nrst_pass(struct nrst *nrst, uint64_t ns)
{
	volts_follow(nrst, ns);
	if (!is_beyond(nrst)) {
		nrst->is_crossing = false;
		return false;
	}
	if (!nrst->is_crossing) {
		nrst->is_crossing = true;
		nrst->filter_ns = NRST_FILTER_NS;
		return false;
	}
	nrst->filter_ns -= ns < nrst->filter_ns ? ns : nrst->filter_ns;
	if (nrst->filter_ns)
		return false;
	nrst->is_crossing = false;
	nrst->is_high = !nrst->is_high;
	return true;
}

void
nrst_settle(struct nrst *nrst)
{
	nrst->is_high = nrst->vdd > 0 && nrst->volts >= nrst->vdd * NRST_VIH_OF_VDD;
	nrst->is_crossing = false;
}
