/* SPDX-License-Identifier: MIT */
/*
 * wire_internal.h - what the two halves of the wires share: supply, NRST and time
 * (wire.c), and SWDIO with SWCLK (wire_swd.c).
 */
#ifndef TEST_EMULATOR_WIRE_WIRE_INTERNAL_H
#define TEST_EMULATOR_WIRE_WIRE_INTERNAL_H

#include "test/emulator/wire/noise.h"
#include "test/emulator/wire/nrst.h"
#include "test/emulator/wire/supply.h"
#include "test/emulator/wire/sw_dp.h"
#include "test/emulator/wire/wire.h"

struct wire {
	struct soc *soc;
	struct wiring wiring;
	struct stats *stats;
	struct sw_dp dp;
	struct nrst nrst;
	struct supply supply;
	struct noise noise;
	enum swd_data_phase data_phase;
	uint32_t hz;
	uint64_t bit_rest;            /* of a nanosecond, in ns * Hz */
	bool swdio, swclk;            /* as the probe drove them last */
	bool chip_drives, chip_swdio; /* SWDIO, since the last clock */
	enum probe_io io;
	uint64_t released_ns; /* when the last that pulled NRST low let go */
	bool probe_pulls, swim_pulls, button_pulls;
	unsigned debug_epoch; /* of the soc, when dp was reset last */
};

#endif /* TEST_EMULATOR_WIRE_WIRE_INTERNAL_H */
