/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/noise.h"

#include <math.h>

#include "test/emulator/wire/timing.h"

double
line_settling_of_clock(double clean_hz)
{
	return 1 / (2 * clean_hz) / LINE_CLEAN_SETTLINGS;
}

/* The envelope of a series RLC circuit that rings: exp(-t * R / 2L). */
double
line_settling_of_wire(double metres)
{
	return 2 * metres * LINE_HENRY_PER_METRE / LINE_DRIVER_OHM;
}

double
line_error_rate(const struct line *line, uint32_t hz)
{
	double sampled_s = 1 / (2.0 * hz);
	double left = line->settling_s > 0 ? exp(-sampled_s / line->settling_s) : 0;
	double margin = fmin(line->threshold, 1 - line->threshold) - left;
	double rate = 0.5 * erfc(margin / line->rms / sqrt(2));

	return rate < LINE_RATE_LEAST ? 0 : fmin(rate, LINE_RATE_MOST);
}

/* A number in (0, 1]. */
static double
chance_fraction(struct chance *chance)
{
	enum { FRACTION_BITS = 53 }; /* of a double */
	uint64_t bits = chance_next(chance) >> (64 - FRACTION_BITS);

	return ((double)bits + 1) / (double)(UINT64_C(1) << FRACTION_BITS);
}

/* Clocks go wrong each for itself: the gaps between them are geometrically distributed. */
static uint64_t
gap_draw(struct noise *noise)
{
	double gap = log(chance_fraction(&noise->chance)) / log1p(-noise->rate);

	return gap < (double)INT64_MAX ? (uint64_t)gap : (uint64_t)INT64_MAX;
}

/* Clocks have no memory: at another rate the gap is drawn anew. */
static void
rate_look(struct noise *noise, uint32_t hz)
{
	if (hz == noise->hz)
		return;
	noise->hz = hz;
	noise->rate = line_error_rate(&noise->line, hz);
	noise->clocks = noise->rate > 0 ? gap_draw(noise) : 0;
}

uint64_t
noise_good_clocks(struct noise *noise, uint32_t hz, uint64_t most)
{
	rate_look(noise, hz);
	return noise->rate > 0 && noise->clocks < most ? noise->clocks : most;
}

void
noise_pass(struct noise *noise, uint64_t count)
{
	if (noise->rate > 0)
		noise->clocks -= count;
}

enum noise_hit
noise_clock(struct noise *noise, uint32_t hz)
{
	if (noise_good_clocks(noise, hz, 1)) {
		noise_pass(noise, 1);
		return NOISE_NONE;
	}
	noise->clocks = gap_draw(noise);
	noise->hits++;
	return chance_happens(&noise->chance, LINE_SWCLK_SHARE) ? NOISE_SLIP : NOISE_FLIP;
}
