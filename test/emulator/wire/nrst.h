/* SPDX-License-Identifier: MIT */
/*
 * nrst.h - the NRST net: a pull-up, a capacitor, and what pulls low. Its
 * voltage is an exponential between two changes of the drivers, so the time of
 * each crossing is computed and not searched for.
 */
#ifndef TEST_EMULATOR_WIRE_NRST_H
#define TEST_EMULATOR_WIRE_NRST_H

#include <stdbool.h>
#include <stdint.h>

struct nrst {
	double volts;
	bool is_high; /* as the chip takes it: thresholds, hysteresis, filter */
	bool is_crossing;
	uint64_t filter_ns; /* what is left of the filter time */
	/* What pulls. */
	double vdd, pull_up_ohm, farad;
	double low_siemens;  /* all that pull to ground, together */
	double high_siemens; /* all but the pull-up that push to the supply */
};

/* Time to the next thing that nrst_pass() must not step over; UINT64_MAX: none. */
uint64_t nrst_next_event(const struct nrst *nrst);
/* Lets time pass, at most to the next event. True when is_high changed. */
bool nrst_pass(struct nrst *nrst, uint64_t ns);
/* Takes the level as it is, without filter: the supply just came. */
void nrst_settle(struct nrst *nrst);

#endif /* TEST_EMULATOR_WIRE_NRST_H */
