/* SPDX-License-Identifier: MIT */
#include "flash/runner/unpacker.h"

#include "flash/algorithms/unpack.h"
#include "transport/base/bytes.h"

#include <stdlib.h>
#include <string.h>

#include "flash/algorithms/unpack_mainline_algorithm.h"

enum { PIECE = 1024 };

/* The code first, then the model, which the code fills itself but for two words. */
enum {
	MODEL_OFFSET = (sizeof(unpack_mainline_code) + 3) / 4 * 4,
	WRITTEN_SIZE = MODEL_OFFSET + UNPACK_WRITTEN,
	UNPACKER_SIZE = (MODEL_OFFSET + sizeof(struct unpacking) + 7) / 8 * 8
};

uint32_t
unpacker_size(void)
{
	return UNPACKER_SIZE;
}

uint32_t
unpacker_traffic(void)
{
	return 2 * UNPACKER_SIZE + WRITTEN_SIZE;
}

uint32_t
unpacker_entry(const struct unpacker *unpacker)
{
	return (unpacker->at + UNPACK_MAINLINE_Unpack) | 1;
}

uint32_t
unpacker_model_at(const struct unpacker *unpacker)
{
	return unpacker->at + MODEL_OFFSET;
}

/* To the next KiB, where a MEM-AP's address is to be written again. */
static uint32_t
piece_from(const struct unpacker *unpacker, uint32_t done, uint32_t end)
{
	uint32_t size = PIECE - (unpacker->at + done) % PIECE;

	return end - done < size ? end - done : size;
}

static enum cause
keep_some(struct unpacker *unpacker, struct core *core, struct reason *why)
{
	uint32_t size = piece_from(unpacker, unpacker->kept, UNPACKER_SIZE);
	enum cause cause;

	if (unpacker->ram == NULL)
		unpacker->ram = malloc(UNPACKER_SIZE);
	if (unpacker->ram == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	cause = mem_read(core_memory(core), unpacker->at + unpacker->kept,
			 unpacker->ram + unpacker->kept, size, why);
	if (cause == CAUSE_NONE)
		unpacker->kept += size;
	return cause;
}

static enum cause
write_code(struct unpacker *unpacker, struct core *core, const struct unpacking *given,
	   struct reason *why)
{
	uint8_t bytes[WRITTEN_SIZE] = { 0 }, *model = bytes + MODEL_OFFSET;

	memcpy(bytes, unpack_mainline_code, sizeof(unpack_mainline_code));
	le32_put(model + offsetof(struct unpacking, program), given->program);
	le32_put(model + offsetof(struct unpacking, part), given->part);
	return mem_write(core_memory(core), unpacker->at, bytes, sizeof(bytes), why);
}

enum cause
unpacker_put(struct unpacker *unpacker, struct core *core, const struct unpacking *given,
	     bool *done, struct reason *why)
{
	*done = false;
	if (unpacker->kept < UNPACKER_SIZE)
		return keep_some(unpacker, core, why);
	*done = true;
	return write_code(unpacker, core, given, why);
}

/* Only what was kept may have been written to. */
enum cause
unpacker_put_back(struct unpacker *unpacker, struct core *core, bool *done,
		  struct reason *why)
{
	uint32_t size = piece_from(unpacker, unpacker->back, unpacker->kept);
	enum cause cause;

	*done = size == 0;
	if (*done)
		return CAUSE_NONE;
	cause = mem_write(core_memory(core), unpacker->at + unpacker->back,
			  unpacker->ram + unpacker->back, size, why);
	unpacker->back += size;
	*done = cause == CAUSE_NONE && unpacker->back == unpacker->kept;
	return cause;
}

void
unpacker_free(struct unpacker *unpacker)
{
	free(unpacker->ram);
}
