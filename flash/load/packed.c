/* SPDX-License-Identifier: MIT */
/*
 * packed.c - sends pages compressed: each to where the buffers have room for what it has become.
 */
#include "flash/load/load_internal.h"

#include "flash/algorithms/unpack.h"

#include <assert.h>

enum {
	MIN_RUN = 256, /* bytes, to begin one */
	/* Quarters of a page that are enough for two of most programs: measured from 4 to 8. */
	PLACES_PER_4 = 7,
	PLACE_ALIGN = 8
};

/* Packed pages come one after the other, of two banks as well. */
static void
join_lanes(struct load *load)
{
	load->lanes_len = 1;
	load->lanes[0].end = UINT64_MAX;
}

/* What follows the page before it goes on with its model and its window; anything else begins with
 * both anew, where that is worth it. */
static enum cause
pack(struct packing *packing, const struct image_piece *piece, const uint8_t *bytes,
     struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	packing->page.size = 0;
	if (piece->at != packing->run_end) {
		if (piece->size < MIN_RUN || piece->at % 2 != 0)
			return CAUSE_NONE;
		cause = packer_begin(packing->packer, why);
		packing->run_at = piece->at;
	}
	packing->run_end = (uint64_t)piece->at + piece->size;
	if (cause != CAUSE_NONE)
		return cause;
	return packer_add(packing->packer, piece->at, bytes, piece->size, &packing->page,
			  why);
}

static enum cause
prepare(struct load *load, const struct image_piece *piece, struct reason *why)
{
	uint8_t bytes[PACKER_MAX_PAGE];
	enum cause cause;

	assert(piece->size <= sizeof(bytes));
	load_compose(load, piece->at, bytes, piece->size);
	cause = pack(&load->packing, piece, bytes, why);
	load->packing.has_page = cause == CAUSE_NONE;
	return cause;
}

static bool
is_free(struct load *load, uint32_t at, uint32_t size)
{
	for (unsigned i = load->pages.first; i != load->pages.next; i++) {
		const struct page *page = load_page_of(load, i);

		if (at < page->ram + page->sent && page->ram < at + size)
			return false;
	}
	return true;
}

/* One page begins where the area does and another ends where it does, so that two have room that
 * are not larger than it together; between them a small one may have. */
static uint32_t
place_in(struct load *load, uint32_t begin, uint32_t end, uint32_t size)
{
	if (end - begin < size)
		return 0;
	if (is_free(load, begin, size))
		return begin;
	if (is_free(load, end - size, size))
		return end - size;
	for (unsigned i = load->pages.first; i != load->pages.next; i++) {
		const struct page *page = load_page_of(load, i);
		uint32_t at = page->ram + page->sent;

		if (at < end && end - at >= size && is_free(load, at, size))
			return at;
	}
	return 0;
}

/* 0: none is free. What is taken has to be kept and put back, so it is all of the buffers only for
 * pages that do not shrink. */
static uint32_t
place_for(struct load *load, uint32_t size)
{
	uint32_t buffers = runner_buffer_at(load->runner, 0), begin = buffers + UNPACK_PART;
	uint32_t small = begin + algorithm_of(load)->page_size / 4 * PLACES_PER_4;
	uint32_t at;

	if (load->pages.next - load->pages.first == MAILBOX_CALLS)
		return 0;
	at = place_in(load, begin, small, size);
	if (at == 0 &&
	    (load->packing.page.size == 0 || load->pages.first == load->pages.next))
		at = place_in(load, begin, buffers + runner_buffers_size(load->runner),
			      size);
	return at;
}

/* Of what is sent; flash is programmed from where its units are aligned. */
static uint32_t
size_of(const struct load *load, const struct image_piece *piece)
{
	uint32_t size =
		load->packing.page.size != 0 ? load->packing.page.size : piece->size;

	return (size + PLACE_ALIGN - 1) / PLACE_ALIGN * PLACE_ALIGN;
}

static enum cause
send(struct load *load, const struct image_piece *piece, uint32_t at, struct reason *why)
{
	struct page *page = load_page_of(load, load->pages.next);
	const struct packed_page *packed = &load->packing.page;
	uint8_t plain[PACKER_MAX_PAGE];
	uint32_t offset = at - runner_buffer_at(load->runner, 0);

	*page = (struct page){ .piece = *piece, .ram = at, .sent = size_of(load, piece) };
	load->pages.next++;
	load->pages.unposted++;
	load->packing.has_page = false;
	load->lanes[0].from = (uint64_t)piece->at + piece->size;
	if (packed->size == 0) {
		load_compose(load, piece->at, plain, piece->size);
		return runner_fill_at(load->runner, offset, plain, piece->size, why);
	}
	page->packed = (struct runner_packed){ .size = packed->size,
					       .window = load->packing.run_at,
					       .resets = packed->resets };
	return runner_fill_at(load->runner, offset, packed->bytes, packed->size, why);
}

enum cause
load_post_packed(struct load *load, bool *is_posted, struct reason *why)
{
	struct image_piece piece;
	uint32_t at, size;
	enum cause cause;

	join_lanes(load);
	if (!load_next_page(load, &load->lanes[0].from, UINT64_MAX, &piece))
		return CAUSE_NONE;
	*is_posted = !load->packing.has_page;
	if (!load->packing.has_page)
		return prepare(load, &piece, why);
	size = size_of(load, &piece);
	at = place_for(load, size);
	if (at == 0)
		return CAUSE_NONE;
	*is_posted = true;
	cause = send(load, &piece, at, why);
	return cause == CAUSE_NONE ? load_start_pages(load, why) : cause;
}
