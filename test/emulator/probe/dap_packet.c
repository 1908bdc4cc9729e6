/* SPDX-License-Identifier: MIT */
/*
 * dap_packet.c - the bytes of commands and responses, and the time they take.
 */
#include "test/emulator/probe/dap.h"

uint8_t
dap_get8(struct dap_reader *from)
{
	return from->at < from->end ? *from->at++ : 0;
}

uint16_t
dap_get16(struct dap_reader *from)
{
	unsigned low = dap_get8(from);
	return (uint16_t)(low | (unsigned)dap_get8(from) << 8);
}

uint32_t
dap_get32(struct dap_reader *from)
{
	uint32_t low = dap_get16(from);
	return low | (uint32_t)dap_get16(from) << 16;
}

void
dap_put8(struct dap_writer *to, uint8_t value)
{
	if (to->size < to->room)
		to->bytes[to->size++] = value;
}

void
dap_put16(struct dap_writer *to, uint16_t value)
{
	dap_put8(to, (uint8_t)value);
	dap_put8(to, (uint8_t)(value >> 8));
}

void
dap_put32(struct dap_writer *to, uint32_t value)
{
	dap_put16(to, (uint16_t)value);
	dap_put16(to, (uint16_t)(value >> 16));
}

void
dap_change8(struct dap_writer *to, unsigned at, uint8_t value)
{
	if (at < to->size)
		to->bytes[at] = value;
}

void
dap_pass(struct dap *dap, uint64_t ns)
{
	dap->now_ns += ns;
	wire_advance(dap->wire, ns);
}
