/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/clocks/oscillators.h"

static uint64_t
earliest(const uint64_t *ready_ns, unsigned len)
{
	uint64_t due = NEVER;

	for (unsigned i = 0; i < len; i++)
		if (ready_ns[i] < due)
			due = ready_ns[i];
	return due;
}

void
oscillators_stop(uint64_t *ready_ns, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		ready_ns[i] = NEVER;
}

uint64_t
oscillators_look(const struct oscillator *oscillators, unsigned len, uint32_t *values,
		 uint64_t *ready_ns, uint64_t now)
{
	for (unsigned i = 0; i < len; i++) {
		const struct oscillator *oscillator = &oscillators[i];
		uint32_t *word = &values[oscillator->at / 4];
		uint32_t ready = UINT32_C(1) << oscillator->ready_bit;
		bool on = *word >> oscillator->on_bit & 1;

		if (!on) {
			*word &= ~ready;
			ready_ns[i] = NEVER;
		} else if (!(*word & ready) && ready_ns[i] == NEVER) {
			ready_ns[i] = now + oscillator->start_ns;
		}
	}
	return earliest(ready_ns, len);
}

uint64_t
oscillators_due(const struct oscillator *oscillators, unsigned len, uint32_t *values,
		uint64_t *ready_ns, uint64_t now)
{
	for (unsigned i = 0; i < len; i++) {
		if (ready_ns[i] > now)
			continue;
		values[oscillators[i].at / 4] |= UINT32_C(1) << oscillators[i].ready_bit;
		ready_ns[i] = NEVER;
	}
	return earliest(ready_ns, len);
}
