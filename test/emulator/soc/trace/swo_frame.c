/* SPDX-License-Identifier: MIT */
/*
 * The TPIU's formatter (CoreSight, IHI 0029E, D4.2): frames of 16 bytes. Those at even
 * places hold a source's number with bit 0 set, or data whose bit 0 is in byte 15.
 */
#include "test/emulator/soc/trace/swo_frame.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/trace/types.h"

enum { FRAME = SWO_FRAME_SIZE, AUXILIARY = FRAME - 1, DATA_PER_FRAME = FRAME - 2 };
enum { IS_SOURCE = 1 };

/* One frame: the source, then fourteen bytes of it. */
static void
make_frame(uint8_t source, const uint8_t *data, uint8_t *frame)
{
	unsigned auxiliary = 0;

	frame[0] = (uint8_t)(source << 1 | IS_SOURCE);
	for (unsigned i = 1; i < AUXILIARY; i++) {
		frame[i] = data[i - 1];
		if (i % 2)
			continue;
		auxiliary |= (frame[i] & 1u) << i / 2;
		frame[i] &= 0xFE;
	}
	frame[AUXILIARY] = (uint8_t)auxiliary;
}

unsigned
swo_frames(struct swo_frame *held, struct cpu *cpu, uint8_t *bytes, unsigned room)
{
	unsigned len = 0;

	while (room - len >= FRAME) {
		held->len +=
			cpu_trace(cpu, held->data + held->len, DATA_PER_FRAME - held->len);
		if (held->len < DATA_PER_FRAME)
			break; /* the rest comes with what is traced next */
		make_frame(cpu_trace_source(cpu), held->data, bytes + len);
		held->len = 0;
		len += FRAME;
	}
	return len;
}
