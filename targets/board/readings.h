/* SPDX-License-Identifier: MIT */
/*
 * readings.h - what experiments measured one by one, for a chart: the facts have the sums.
 */
#ifndef TARGETS_BOARD_READINGS_H
#define TARGETS_BOARD_READINGS_H

#include <stdint.h>

enum { READINGS_OF_SUPPLY = 16, READINGS_OF_CLOCKS = 4 };

struct bench_readings {
	unsigned supply_len;
	struct supply_reading {
		uint64_t at_us;               /* by the board's clock */
		unsigned least, median, most; /* mV, of five */
	} supply[READINGS_OF_SUPPLY];
	unsigned clocks_len;
	struct clock_reading {
		uint32_t hz;
		unsigned good, damaged, lost; /* reads of DPIDR */
		unsigned failures; /* of these, those that followed upon a whole one */
	} clocks[READINGS_OF_CLOCKS];
};

#endif /* TARGETS_BOARD_READINGS_H */
