/* SPDX-License-Identifier: MIT */
#include "server/rsp/equal_reads.h"

#include <stddef.h>
#include <string.h>

static bool
is_same(const struct memory_range *one, const struct memory_range *other)
{
	return one->core == other->core && one->at == other->at && one->size == other->size;
}

const uint8_t *
equal_reads_find(const struct equal_reads *reads, const struct memory_range *range,
		 uint64_t asked_us)
{
	for (unsigned i = 0; range->size > 0 && i < EQUAL_READS; i++)
		if (is_same(&reads->each[i].range, range) &&
		    reads->each[i].began_us >= asked_us)
			return reads->each[i].bytes;
	return NULL;
}

void
equal_reads_keep(struct equal_reads *reads, const struct memory_range *range,
		 uint64_t began_us, const uint8_t *bytes)
{
	struct equal_read *read = &reads->each[reads->next];

	if (range->size == 0 || range->size > EQUAL_READ_MAX)
		return;
	read->range = *range;
	read->began_us = began_us;
	memcpy(read->bytes, bytes, range->size);
	reads->next = (reads->next + 1) % EQUAL_READS;
}
