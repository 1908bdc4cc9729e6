/* SPDX-License-Identifier: MIT */
/*
 * swo.h - the UART behind a probe's SWO pin.
 */
#ifndef TEST_EMULATOR_PROBE_SWO_H
#define TEST_EMULATOR_PROBE_SWO_H

#include <stdbool.h>
#include <stdint.h>

/* Can a UART set to `own` bits per second read a line at `baud`? */
bool probe_reads_swo(uint32_t own, uint32_t baud);

#endif /* TEST_EMULATOR_PROBE_SWO_H */
