/* SPDX-License-Identifier: MIT */
/*
 * packer.c - LZMA2 by liblzma, flushed at the end of each page, so that a page is one chunk. The
 * header of a chunk (The .xz File Format 1.2.0, 5.3.1; XZ Utils 5.4) stays here.
 */
#include "flash/load/packer.h"

#include "flash/algorithms/unpack.h"
#include "transport/base/bytes.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* The first byte of a header: a chunk that is as it was; one of LZMA; with a model that begins
	 * anew, for which one byte more has lc, lp and pb. */
	CHUNK_LZMA = 0x80,
	CHUNK_RESETS = 0xa0,
	CHUNK_HAS_PROPERTIES = 0xc0,
	HEADER_SIZE = 5,
	/* More than this is left out of account: bt4 takes 12 bytes for each. */
	MAX_WINDOW = 4 * 1024 * 1024,
	PRESET = 9,
	/* Pages end in the middle of what a longer match would be: 273, which the preset has, makes
	 * a program of 120 KiB 3 per cent larger. */
	NICE = 16
};

struct packer {
	lzma_stream stream;
	lzma_options_lzma options;
	uint8_t page[PACKER_MAX_PAGE], chunk[PACKER_MAX_PAGE + 64];
};

struct packer *
packer_new(uint64_t run_size)
{
	struct packer *packer = calloc(1, sizeof(*packer));
	lzma_options_lzma *options;

	if (packer == NULL)
		return NULL;
	packer->stream = (lzma_stream)LZMA_STREAM_INIT;
	options = &packer->options;
	lzma_lzma_preset(options, PRESET);
	options->nice_len = NICE;
	options->lc = UNPACK_LC;
	options->lp = UNPACK_LP;
	options->pb = UNPACK_PB;
	options->dict_size = run_size < MAX_WINDOW ? (uint32_t)run_size : MAX_WINDOW;
	if (options->dict_size < LZMA_DICT_SIZE_MIN)
		options->dict_size = LZMA_DICT_SIZE_MIN;
	return packer;
}

void
packer_free(struct packer *packer)
{
	if (packer != NULL)
		lzma_end(&packer->stream);
	free(packer);
}

/* With sound options nothing else is left. */
static enum cause
no_memory(lzma_ret result, struct reason *why)
{
	return reason_begin(
		why, CAUSE_HOST,
		"this computer has no memory to compress the image (liblzma: %d)",
		(int)result);
}

enum cause
packer_begin(struct packer *packer, struct reason *why)
{
	lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &packer->options },
				  { LZMA_VLI_UNKNOWN, NULL } };
	lzma_ret result = lzma_raw_encoder(&packer->stream, filters);

	return result == LZMA_OK ? CAUSE_NONE : no_memory(result, why);
}

static uint32_t
be16_plus_1(const uint8_t *bytes)
{
	return ((uint32_t)bytes[0] << 8 | bytes[1]) + 1;
}

/* A page that has become more than one chunk, which liblzma has no reason for, would leave the model
 * on the chip behind. */
static enum cause
take_chunk(const struct packer *packer, uint32_t chunk_size, uint32_t size,
	   struct packed_page *page, struct reason *why)
{
	const uint8_t *chunk = packer->chunk;
	uint32_t header = HEADER_SIZE + (chunk[0] >= CHUNK_HAS_PROPERTIES);

	page->size = 0;
	page->resets = chunk[0] >= CHUNK_RESETS;
	if (chunk[0] < CHUNK_LZMA)
		return CAUSE_NONE;
	page->size = be16_plus_1(chunk + 3);
	if (be16_plus_1(chunk + 1) != size || header + page->size != chunk_size ||
	    page->size > sizeof(page->bytes))
		return reason_begin(why, CAUSE_BUG,
				    "liblzma has made no single chunk of %u bytes",
				    (unsigned)size);
	memcpy(page->bytes, chunk + header, page->size);
	while (page->size % sizeof(uint32_t) != 0)
		page->bytes[page->size++] = 0;
	return CAUSE_NONE;
}

/* Calls become targets. */
static void
make_targets(uint32_t at, uint8_t *bytes, uint32_t size)
{
	for (uint32_t i = 0; i + 4 <= size; i += 2)
		if ((at + i + 2) % UNPACK_PART != 0 &&
		    unpack_is_call(le16_get(bytes + i), le16_get(bytes + i + 2)))
			le32_put(bytes + i,
				 unpack_moved_call(le32_get(bytes + i), (at + i) >> 1));
}

enum cause
packer_add(struct packer *packer, uint32_t at, const uint8_t *bytes, uint32_t size,
	   struct packed_page *page, struct reason *why)
{
	lzma_stream *stream = &packer->stream;
	lzma_ret result;

	memcpy(packer->page, bytes, size);
	make_targets(at, packer->page, size);
	stream->next_in = packer->page;
	stream->avail_in = size;
	stream->next_out = packer->chunk;
	stream->avail_out = sizeof(packer->chunk);
	do
		result = lzma_code(stream, LZMA_SYNC_FLUSH);
	while (result == LZMA_OK && stream->avail_out > 0);
	if (result != LZMA_STREAM_END)
		return no_memory(result, why);
	return take_chunk(packer, (uint32_t)(sizeof(packer->chunk) - stream->avail_out),
			  size, page, why);
}
