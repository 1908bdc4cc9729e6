/* SPDX-License-Identifier: MIT */
/*
 * vtarget.h - the target's supply as a probe measures it, and what that is worth.
 *
 * One reading says little: a pin that is wired to nothing reads about 1.5 V, or anything
 * below; a clone measures itself. So several are taken and classified together.
 */
#ifndef TRANSPORT_PROBE_VTARGET_H
#define TRANSPORT_PROBE_VTARGET_H

#include "transport/base/text.h"
#include "transport/probe/probe.h"

/* No STM32 runs below that (STM32U5, DS13543 table 28). */
enum { VTARGET_RUNS_FROM_MV = 1650 };

enum vtarget_class {
	VTARGET_STABLE,   /* a voltage that an STM32 can run at */
	VTARGET_ZERO,     /* steadily nothing: off, or not wired on this probe */
	VTARGET_LOW,      /* less than any STM32 runs at */
	VTARGET_FLOATING, /* the probe's pin is wired to nothing */
	VTARGET_DIPS,     /* a good voltage, which drops now and then */
	VTARGET_OWN,      /* the probe is a clone that measures itself */
	VTARGET_TOO_HIGH /* more than an STM32 survives: fed in past a divider, most often */
};

struct vtarget {
	unsigned millivolts; /* the median */
	unsigned least, most;
	enum vtarget_class class;
};

/* Five readings over 8 ms. Fails as probe_measure_vtarget(). */
enum cause
vtarget_measure(struct probe *probe, struct vtarget *vtarget, struct reason *why);

/* ST's serials are a chip's unique id; many clones have this one, by which they are known (failure
 * mode A8) and nobody else. */
#define VTARGET_CLONES_SERIAL "303030303030303030303031"

/* Both readings as one. */
struct vtarget vtarget_merge(const struct vtarget *one, const struct vtarget *other);

/* FINDING_NONE when it is a voltage that an STM32 can run at. */
enum finding vtarget_finding(const struct vtarget *vtarget);
/* "target voltage 3.29 V", and what speaks against it: ": SENTENCE". */
void vtarget_add_words(const struct vtarget *vtarget, struct text *words);
/* As evidence, and as a suspicion where the voltage is not as it should be. */
void vtarget_add_to(const struct vtarget *vtarget, struct reason *why);

#endif /* TRANSPORT_PROBE_VTARGET_H */
