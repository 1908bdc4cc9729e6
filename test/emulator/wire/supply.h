/* SPDX-License-Identifier: MIT */
/*
 * supply.h - the board's supply: on or off, so many volts, and dips, once or again and
 * again in device time; and a resistance to it, behind which the load pulls it down.
 */
#ifndef TEST_EMULATOR_WIRE_SUPPLY_H
#define TEST_EMULATOR_WIRE_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>

struct supply {
	bool is_on, is_dipping;
	double volts;      /* when on and not dipping */
	double ohm, amps;  /* between there and the chip, and what the chip draws */
	double node;       /* volts behind that, on the board's capacitor */
	uint64_t every_ns; /* from the end of a dip to the next; 0: no dips */
	uint64_t rest_ns;  /* until the dip begins, or ends */
};

/* What the board gets now. */
double supply_volts(const struct supply *supply);
/* Dips that come by themselves from now on, or no more. */
void supply_dip_every(struct supply *supply, uint64_t ns);
/* A dip that begins now. */
void supply_dip(struct supply *supply, uint64_t ns);

/* Time to the next thing that supply_pass() must not step over; UINT64_MAX: none. */
uint64_t supply_next_event(const struct supply *supply);
/* Lets time pass, at most to the next event. True when the voltage changed. */
bool supply_pass(struct supply *supply, uint64_t ns);

#endif /* TEST_EMULATOR_WIRE_SUPPLY_H */
