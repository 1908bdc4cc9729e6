/* SPDX-License-Identifier: MIT */
/*
 * equal_reads.h - the last reads of memory, for clients that asked for the same meanwhile: what was
 * read after a client had asked is as good for it as a read of its own. Several that watch the same
 * variable cost the probe one read.
 */
#ifndef SERVER_RSP_EQUAL_READS_H
#define SERVER_RSP_EQUAL_READS_H

#include <stdbool.h>
#include <stdint.h>

enum { EQUAL_READS = 8, EQUAL_READ_MAX = 512 };

struct memory_range {
	unsigned core;
	uint32_t at, size;
};

struct equal_reads {
	unsigned next; /* to be overwritten */
	struct equal_read {
		struct memory_range range; /* size 0: free */
		uint64_t began_us;
		uint8_t bytes[EQUAL_READ_MAX];
	} each[EQUAL_READS];
};

/* What was read there, of a read that began no earlier than `asked_us`; NULL: nothing was. */
const uint8_t *equal_reads_find(const struct equal_reads *reads,
				const struct memory_range *range, uint64_t asked_us);
/* Keeps a read that began at `began_us`, when it is not too long. */
void equal_reads_keep(struct equal_reads *reads, const struct memory_range *range,
		      uint64_t began_us, const uint8_t *bytes);

#endif /* SERVER_RSP_EQUAL_READS_H */
