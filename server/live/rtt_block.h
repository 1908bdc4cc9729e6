/* SPDX-License-Identifier: MIT */
/*
 * rtt_block.h - the control block of SEGGER's RTT in a target's RAM: 16 bytes by which it is found,
 * the counts of its channels, and for each channel a ring that program and debugger share. Layout:
 * SEGGER's knowledge base, "RTT"; OpenOCD src/target/rtt.c.
 *
 * What stands there is the program's and may be anything. What leads out of the chip's RAM, or into
 * the block itself, is refused: neither read nor written.
 */
#ifndef SERVER_LIVE_RTT_BLOCK_H
#define SERVER_LIVE_RTT_BLOCK_H

#include "targets/chip/chip.h"

enum {
	RTT_ID_SIZE = 16,
	RTT_HEAD_SIZE = 24, /* with the counts of up and down channels */
	RTT_RING_SIZE = 24,
	RTT_CHANNELS_MAX = 16, /* of either direction; SEGGER's default is 3 */
	RTT_BLOCK_MAX = RTT_HEAD_SIZE + 2 * RTT_CHANNELS_MAX * RTT_RING_SIZE
};

struct rtt_block {
	uint32_t at;
	unsigned ups, downs;
};

struct rtt_ring {
	uint32_t bytes, size;
	uint32_t write, read;       /* offsets; equal: empty */
	uint32_t write_at, read_at; /* where they stand */
};

/* Are all of [at, at + size) in one RAM of the chip? */
bool rtt_is_ram(const struct chip *chip, uint32_t at, uint32_t size);
/* Is there an id? *offset: of the first, at a multiple of 4. */
bool rtt_find(const uint8_t *bytes, size_t len, size_t *offset);
/* How many bytes the block has. */
uint32_t rtt_block_size(const struct rtt_block *block);
/* Takes the block whose head was read at `at`. CAUSE_REQUEST: it cannot be used. */
enum cause rtt_block_take(struct rtt_block *block, const struct chip *chip, uint32_t at,
			  const uint8_t head[RTT_HEAD_SIZE], struct reason *why);
/* Takes the ring of a channel out of the whole block. `number`: the down channels follow the up
 * channels. CAUSE_REQUEST: it cannot be used. */
enum cause rtt_ring_take(struct rtt_ring *ring, const struct rtt_block *block,
			 const struct chip *chip, unsigned number, const uint8_t *bytes,
			 struct reason *why);

#endif /* SERVER_LIVE_RTT_BLOCK_H */
