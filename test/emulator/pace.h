/* SPDX-License-Identifier: MIT */
/*
 * pace.h - how the board's clock goes beside the host's. The board follows the host while
 * the client thinks; transfers add the time that they take on a bench. What these cost the
 * host is not owed, so device time may run up to three times as fast as the clock of a
 * client that polls. With --pace it is owed, and an answer waits until the host's clock has
 * come to where the board's is: the two then go together as long as the machine can follow.
 */
#ifndef TEST_EMULATOR_PACE_H
#define TEST_EMULATOR_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
	uint64_t host_ns, device_ns; /* two moments that count as one */
	bool holds;                  /* --pace */
};

uint64_t pace_host_ns(void);

/* From now on `device_ns` is this moment. */
void pace_start(struct pace *pace, uint64_t device_ns, bool holds);
/* How far the host's clock is ahead of the board's; 0 when it is not. */
uint64_t pace_owed_ns(const struct pace *pace, uint64_t device_ns);
/* Of what is owed only so much still counts. */
void pace_forgive(struct pace *pace, uint64_t device_ns, uint64_t most_ns);
/* With --pace: waits until the board's clock is not ahead of the host's. */
void pace_hold(const struct pace *pace, uint64_t device_ns);

/* Makes the host slower by this. */
void pace_waste(uint64_t ns);

#endif /* TEST_EMULATOR_PACE_H */
