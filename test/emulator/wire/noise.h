/* SPDX-License-Identifier: MIT */
/*
 * noise.h - how many clocks of SWCLK go wrong, from how edges settle on the cable.
 *
 * An edge is sampled half a clock after it was driven. Until then it has come within
 * exp(-t / settling) of its level; what is left of the distance to the receiver's threshold
 * is the margin, and noise on the line (Gaussian) exceeds it now and then. So the rate of
 * errors is a smooth curve over the clock, and over the length of the wire, which the
 * settling time is proportional to.
 */
#ifndef TEST_EMULATOR_WIRE_NOISE_H
#define TEST_EMULATOR_WIRE_NOISE_H

#include <stdint.h>

#include "test/emulator/base/chance.h"

/* What the receiving end sees of the sender's levels. */
struct line {
	double settling_s; /* of an edge: to 1/e of the step */
	double threshold;  /* where it takes a level for high, of the swing: 0 to 1 */
	double rms;        /* of the noise, of the swing */
};

/* The settling time of a line that is just clean at this clock, and of so long a wire. */
double line_settling_of_clock(double clean_hz);
double line_settling_of_wire(double metres);
/* How likely a clock has an error; 0 where one in a trillion would. */
double line_error_rate(const struct line *line, uint32_t hz);

enum noise_hit {
	NOISE_NONE,
	NOISE_FLIP, /* SWDIO is sampled inverted */
	NOISE_SLIP  /* SWCLK rings over its threshold: the chip counts one clock twice */
};

struct noise {
	struct chance chance;
	struct line line;
	uint32_t hz;     /* at which it was last asked; 0: look at the line anew */
	double rate;     /* of errors at that clock */
	uint64_t clocks; /* good ones until the next hit, at that rate */
	uint64_t hits;
};

/* Good clocks that are sure to come, at most `most`; none of them is used up. */
uint64_t noise_good_clocks(struct noise *noise, uint32_t hz, uint64_t most);
/* Uses up `count` of those. */
void noise_pass(struct noise *noise, uint64_t count);
/* What happens to the next clock. */
enum noise_hit noise_clock(struct noise *noise, uint32_t hz);

#endif /* TEST_EMULATOR_WIRE_NOISE_H */
