/* SPDX-License-Identifier: MIT */
#include "transport/base/reel.h"

#include "transport/base/host.h"

#include <stdlib.h>

static void
empty(struct reel_half *half)
{
	if (half->file != NULL)
		fclose(half->file);
	free(half->bytes);
	half->file = NULL;
	half->bytes = NULL;
	half->size = 0;
}

static bool
begin_half(struct reel *reel, unsigned index)
{
	struct reel_half *half = &reel->halves[index];

	empty(half);
	half->file = host_memory_file(&half->bytes, &half->size);
	if (half->file == NULL)
		return false;
	reel->half = index;
	reel->file = half->file;
	return true;
}

void
reel_end(struct reel *reel)
{
	for (unsigned i = 0; i < 2; i++)
		empty(&reel->halves[i]);
	reel->file = NULL;
	reel->max = 0;
	reel->half = 0;
	reel->has_lost = false;
}

bool
reel_keep(struct reel *reel, size_t max)
{
	reel_end(reel);
	reel->max = max;
	return begin_half(reel, 0);
}

void
reel_set_file(struct reel *reel, FILE *file)
{
	reel_end(reel);
	reel->file = file;
}

/* Without memory for another half this one begins anew. */
static void
turn_over(struct reel *reel)
{
	unsigned other = 1 - reel->half;

	reel->has_lost = reel->has_lost || reel->halves[other].file != NULL;
	if (begin_half(reel, other))
		return;
	reel->has_lost = true;
	rewind(reel->file);
}

FILE *
reel_line(struct reel *reel)
{
	long at = reel->max == 0 ? 0 : ftell(reel->file);

	if (at > 0 && (size_t)at >= reel->max)
		turn_over(reel);
	return reel->file;
}

bool
reel_copy(struct reel *reel, FILE *to)
{
	bool is_whole = true;

	for (unsigned i = 1; i <= 2; i++) {
		struct reel_half *half = &reel->halves[(reel->half + i) % 2];

		if (half->file == NULL)
			continue;
		is_whole = fflush(half->file) == 0 && is_whole;
		is_whole = fwrite(half->bytes, 1, half->size, to) == half->size && is_whole;
	}
	return is_whole;
}
