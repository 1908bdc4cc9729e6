/* SPDX-License-Identifier: MIT */
/*
 * swo_frame.h - the formatter of a TPIU: a core's trace in frames of 16 bytes (IHI 0029E, D4).
 */
#ifndef TEST_EMULATOR_SOC_TRACE_SWO_FRAME_H
#define TEST_EMULATOR_SOC_TRACE_SWO_FRAME_H

#include <stdint.h>

struct cpu;

enum { SWO_FRAME_SIZE = 16 };
/* What waits for its frame to fill. */
struct swo_frame {
	uint8_t data[SWO_FRAME_SIZE];
	unsigned len;
};
/* The core's trace in whole frames, at most `room` bytes. */
unsigned swo_frames(struct swo_frame *held, struct cpu *cpu, uint8_t *bytes, unsigned room);

#endif /* TEST_EMULATOR_SOC_TRACE_SWO_FRAME_H */
