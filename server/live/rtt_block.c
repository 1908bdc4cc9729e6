/* SPDX-License-Identifier: MIT */
#include "server/live/rtt_block.h"

#include "transport/base/bytes.h"

#include <string.h>

enum {
	UPS_AT = 16,
	DOWNS_AT = 20,
	/* Of a ring's descriptor; its name comes first, flags last. */
	RING_BYTES = 4,
	RING_SIZE = 8,
	RING_WRITE = 12,
	RING_READ = 16,
	RING_LEAST = 2, /* one byte stays free */
	ALIGNMENT = 4
};

/* The rest are zeros. */
static const uint8_t id[RTT_ID_SIZE] = "SEGGER RTT";

bool
rtt_is_ram(const struct chip *chip, uint32_t at, uint32_t size)
{
	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];

		if (memory->entry->kind == MEMORY_RAM && at >= memory->base &&
		    at - memory->base < memory->size &&
		    size <= memory->size - (at - memory->base))
			return true;
	}
	return false;
}

bool
rtt_find(const uint8_t *bytes, size_t len, size_t *offset)
{
	for (size_t i = 0; i + sizeof(id) <= len; i += ALIGNMENT)
		if (memcmp(bytes + i, id, sizeof(id)) == 0) {
			*offset = i;
			return true;
		}
	return false;
}

uint32_t
rtt_block_size(const struct rtt_block *block)
{
	return RTT_HEAD_SIZE + (block->ups + block->downs) * RTT_RING_SIZE;
}

enum cause
rtt_block_take(struct rtt_block *block, const struct chip *chip, uint32_t at,
	       const uint8_t head[RTT_HEAD_SIZE], struct reason *why)
{
	uint32_t ups = le32_get(head + UPS_AT), downs = le32_get(head + DOWNS_AT);

	if (ups > RTT_CHANNELS_MAX || downs > RTT_CHANNELS_MAX)
		return reason_begin(why, CAUSE_REQUEST,
				    "the control block at 0x%08x has %u up and %u down "
				    "channels, and %d of each are the most",
				    (unsigned)at, (unsigned)ups, (unsigned)downs,
				    RTT_CHANNELS_MAX);
	*block = (struct rtt_block){ .at = at, .ups = ups, .downs = downs };
	if (!rtt_is_ram(chip, at, rtt_block_size(block)))
		return reason_begin(why, CAUSE_REQUEST,
				    "the control block at 0x%08x does not end in RAM",
				    (unsigned)at);
	return CAUSE_NONE;
}

static bool
overlaps(const struct rtt_ring *ring, const struct rtt_block *block)
{
	return ring->bytes < block->at + rtt_block_size(block) &&
	       block->at < ring->bytes + ring->size;
}

enum cause
rtt_ring_take(struct rtt_ring *ring, const struct rtt_block *block, const struct chip *chip,
	      unsigned number, const uint8_t *bytes, struct reason *why)
{
	uint32_t offset = RTT_HEAD_SIZE + number * RTT_RING_SIZE;
	const uint8_t *at = bytes + offset;
	bool is_up = number < block->ups;
	const char *what = NULL;

	*ring = (struct rtt_ring){ .bytes = le32_get(at + RING_BYTES),
				   .size = le32_get(at + RING_SIZE),
				   .write = le32_get(at + RING_WRITE),
				   .read = le32_get(at + RING_READ),
				   .write_at = block->at + offset + RING_WRITE,
				   .read_at = block->at + offset + RING_READ };
	if (ring->size < RING_LEAST)
		what = "it has no room";
	else if (!rtt_is_ram(chip, ring->bytes, ring->size))
		what = "it is not in RAM";
	else if (overlaps(ring, block))
		what = "it lies in the control block";
	else if (ring->write >= ring->size || ring->read >= ring->size)
		what = "an offset is beyond its end";
	if (what == NULL)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_REQUEST,
			    "%s channel %u of the control block at 0x%08x, %u bytes at "
			    "0x%08x, is left alone: %s",
			    is_up ? "up" : "down", is_up ? number : number - block->ups,
			    (unsigned)block->at, (unsigned)ring->size,
			    (unsigned)ring->bytes, what);
}
