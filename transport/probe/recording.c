/* SPDX-License-Identifier: MIT */
#include "transport/probe/recording.h"

#include "transport/base/fnv.h"

static uint64_t
mix(uint64_t sum, uint32_t word)
{
	for (unsigned i = 0; i < sizeof(word); i++)
		sum = fnv_add(sum, (uint8_t)(word >> 8 * i));
	return sum;
}

struct recording_ask
recording_ask(const char *name, uint32_t argument)
{
	struct recording_ask ask = { 0 };
	struct text text;

	text_init(&text, ask.words, sizeof(ask.words));
	text_add(&text, "%s %u", name, (unsigned)argument);
	return ask;
}

bool
recording_is_read(const struct transfer *t)
{
	return t->kind == TRANSFER_DP_READ || t->kind == TRANSFER_AP_READ ||
	       t->kind == TRANSFER_MEM_READ;
}

struct recording_ask
recording_ask_transfer(const struct transfer *batch, size_t len)
{
	struct recording_ask ask = { 0 };
	struct text text;
	uint64_t sum = FNV_BASIS;

	for (size_t i = 0; i < len; i++) {
		sum = mix(sum, (uint32_t)batch[i].kind);
		sum = mix(sum, batch[i].ap);
		sum = mix(sum, batch[i].address);
		sum = mix(sum, recording_is_read(&batch[i]) ? 0 : batch[i].value);
	}
	text_init(&text, ask.words, sizeof(ask.words));
	text_add(&text, "transfer %zu %016llx", len, (unsigned long long)sum);
	return ask;
}

struct recording_ask
recording_ask_block(const struct probe_block *block)
{
	struct recording_ask ask = { 0 };
	struct text text;
	uint64_t sum = FNV_BASIS;

	for (uint32_t i = 0; block->out != NULL && i < block->size; i++)
		sum = fnv_add(sum, block->out[i]);
	text_init(&text, ask.words, sizeof(ask.words));
	text_add(&text, "block %s %u %u 0x%08x %u %016llx",
		 block->in != NULL ? "read" : "write", (unsigned)block->ap, block->width,
		 (unsigned)block->at, (unsigned)block->size, (unsigned long long)sum);
	return ask;
}
