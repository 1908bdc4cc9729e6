/* SPDX-License-Identifier: MIT */
/*
 * oscillators.h - the "on" and "ready" bits of an RCC: an oscillator or PLL that
 * is switched on is ready its start time later, and at once no more when off.
 * `values` are the RCC's registers, `ready_ns` one time per oscillator.
 */
#ifndef TEST_EMULATOR_SOC_CLOCKS_OSCILLATORS_H
#define TEST_EMULATOR_SOC_CLOCKS_OSCILLATORS_H

#include "test/emulator/soc/clocks/rcc.h"

void oscillators_stop(uint64_t *ready_ns, unsigned len);
/* After a write to the registers; returns when to call oscillators_due(), or NEVER. */
uint64_t oscillators_look(const struct oscillator *oscillators, unsigned len,
			  uint32_t *values, uint64_t *ready_ns, uint64_t now);
/* Sets the ready bits whose time has come; returns as oscillators_look(). */
uint64_t oscillators_due(const struct oscillator *oscillators, unsigned len,
			 uint32_t *values, uint64_t *ready_ns, uint64_t now);

#endif /* TEST_EMULATOR_SOC_CLOCKS_OSCILLATORS_H */
