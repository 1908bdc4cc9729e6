/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

#include "transport/base/log.h"

#include <stdlib.h>
#include <string.h>

enum {
	VERIFY_SIZE = 4096, /* read and compared in one step */
	/* By a core at 4 MHz, twice. */
	UNPACK_MS_PER_KIB = 100
};

/* Of a lane. */
static bool
next_page(struct load *load, unsigned index, struct image_piece *piece)
{
	struct load_lane *lane = &load->lanes[index];

	return load_next_page(load, &lane->from, lane->end, piece);
}

/* A piece lies in one bank: no page of an algorithm crosses the end of a bank. */
static const struct flash_bank *
bank_of(const struct load *load, const struct image_piece *piece)
{
	struct sector sector = { .bank = &load->part->geometry.banks[0] };

	geometry_sector_at(&load->part->geometry, piece->at, &sector);
	return sector.bank;
}

static struct runner_second
work_of(const struct load *load, const struct page *page)
{
	return (struct runner_second){
		.r0 = page->piece.at,
		.r1 = page->piece.size,
		.r2 = page->ram,
		.bank = load_bank_index(load, bank_of(load, &page->piece)),
	};
}

static void
add_packed(struct runner_call *call, const struct page *page)
{
	call->is_unpack = page->packed.size != 0;
	call->packed = page->packed;
	if (call->is_unpack)
		call->timeout_ms += UNPACK_MS_PER_KIB * page->piece.size / 1024;
}

enum cause
load_start_pages(struct load *load, struct reason *why)
{
	const struct algorithm *algorithm = algorithm_of(load);
	const struct page *page =
		load_page_of(load, load->pages.next - load->pages.unposted);
	struct runner_second work = work_of(load, page);
	struct runner_call call = {
		.entry = algorithm->program_page,
		.r0 = work.r0,
		.r1 = work.r1,
		.r2 = work.r2,
		.bank = work.bank,
		.is_pair = load->lanes_len == 2 && load->pages.unposted == 2,
		.timeout_ms = algorithm->program_ms,
		.success = algorithm->success,
		.typical_us = (uint32_t)cost_of(algorithm->program_cost, work.r1),
	};

	add_packed(&call, page);
	if (load->is_comparing) {
		call.entry = algorithm->verify;
		call.success = page->piece.at + page->piece.size;
	}
	if (call.is_pair) {
		call.entry = algorithm->program_pair;
		call.second = work_of(load, load_page_of(load, load->pages.next - 1));
	}
	load->pages.unposted -= call.is_pair ? 2 : 1;
	return load_start_call(load, &call, why);
}

/* What the wire damages is not programmed where that is for good. */
static enum cause
check_buffer(struct load *load, const struct page *page, const uint8_t *bytes,
	     struct reason *why)
{
	uint32_t size = page->piece.size;
	uint8_t *found = malloc(size);
	enum cause cause;

	if (found == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	cause = runner_read(load->runner, page->buffer, found, size, why);
	if (cause == CAUSE_NONE && memcmp(found, bytes, size) != 0)
		cause = reason_begin(why, CAUSE_MISMATCH,
				     "RAM of the chip does not hold what was sent there; "
				     "nothing of it was programmed");
	free(found);
	return cause;
}

/* The first that no page is in: one that was used before has been kept already, and is put back. */
static unsigned
free_buffer(struct load *load)
{
	unsigned used = 0, buffer = 0;

	for (unsigned i = load->pages.first; i != load->pages.next; i++)
		used |= 1u << load_page_of(load, i)->buffer;
	while ((used >> buffer & 1) != 0)
		buffer++;
	return buffer;
}

/* Puts a page into a buffer; one is free. */
static enum cause
fill_page(struct load *load, const struct image_piece *piece, struct reason *why)
{
	struct page *page = load_page_of(load, load->pages.next);
	uint8_t *bytes = malloc(piece->size);
	enum cause cause;

	if (bytes == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	*page = (struct page){ .piece = *piece,
			       .buffer = free_buffer(load),
			       .is_second =
				       load->lanes_len == 2 && load->pages.unposted > 0 };
	page->ram = runner_buffer_at(load->runner, page->buffer);
	load->pages.next++;
	load->pages.unposted++;
	load_compose(load, piece->at, bytes, piece->size);
	cause = runner_fill(load->runner, page->buffer, bytes, piece->size, why);
	if (cause == CAUSE_NONE && load->is_for_good)
		cause = check_buffer(load, page, bytes, why);
	free(bytes);
	load->lanes[load_lane_of(load, piece->at)].from = (uint64_t)piece->at + piece->size;
	return cause;
}

/* With two lanes a page waits in its buffer for one of the other lane, if there is one. */
static bool
waits_for_other_lane(struct load *load)
{
	struct image_piece piece;

	return load->lanes_len == 2 && load->pages.unposted == 1 &&
	       runner_buffers(load->runner) > 1 &&
	       load_lane_of(load, load_page_of(load, load->pages.next - 1)->piece.at) ==
		       0 &&
	       next_page(load, 1, &piece);
}

static enum cause
post_page(struct load *load, const struct image_piece *piece, struct reason *why)
{
	enum cause cause = fill_page(load, piece, why);

	if (cause != CAUSE_NONE || waits_for_other_lane(load))
		return cause;
	return load_start_pages(load, why);
}

static bool
next_of_any_lane(struct load *load, struct image_piece *piece)
{
	for (unsigned i = load->pages.unposted; i < load->lanes_len; i++)
		if (next_page(load, i, piece))
			return true;
	return false;
}

static void
count_page(struct load *load)
{
	const struct image_piece *piece = &load_page_of(load, load->pages.first)->piece;

	load->pages.first++;
	if (load->is_comparing) {
		load->result.bytes_verified += piece->size;
		return;
	}
	load->result.bytes_programmed += piece->size;
	load_add_progress(load, cost_of(algorithm_of(load)->program_cost, piece->size));
}

static bool
has_second(struct load *load)
{
	return load->pages.first != load->pages.next &&
	       load_page_of(load, load->pages.first)->is_second;
}

/* The pages of the oldest call. */
static void
count_programmed(struct load *load)
{
	count_page(load);
	if (has_second(load))
		count_page(load);
}

static enum cause
await_pages(struct load *load, struct reason *why)
{
	const struct flash_bank *bank =
		bank_of(load, &load_page_of(load, load->pages.first)->piece);
	const struct image_piece *piece;
	unsigned finished = 0;
	enum cause cause = load_await_calls(load, bank, &finished, why);

	while (finished-- > 0)
		count_programmed(load);
	if (cause == CAUSE_NONE || (cause == CAUSE_GONE && !load->is_comparing))
		return cause;
	piece = &load_page_of(load, load->pages.first + load->is_second_failed)->piece;
	return reason_while(why, "%s %u byte%s at 0x%08x",
			    load->is_comparing ? "verifying" : "programming",
			    (unsigned)piece->size, text_s(piece->size),
			    (unsigned)piece->at);
}

static bool
has_buffer(const struct load *load, unsigned most)
{
	return load->pages.next - load->pages.first < most;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* One is programmed while the next travels. */
enum { TWO_PAGES = 2 };

bool
load_can_fill_ahead(struct load *load)
{
	struct image_piece piece;

	return load->lanes_len == 1 && load->packing.packer == NULL &&
	       !algorithm_of(load)->is_foreign &&
	       has_buffer(load, least(TWO_PAGES, runner_buffers(load->runner))) &&
	       next_of_any_lane(load, &piece);
}

enum cause
load_fill_ahead(struct load *load, struct reason *why)
{
	struct image_piece piece;

	return next_of_any_lane(load, &piece) ? fill_page(load, &piece, why) : CAUSE_NONE;
}

/* A third costs reading what is there, and putting that back: is the flash slower than that? */
static bool
is_worth_a_buffer(const struct load *load)
{
	enum { MS = 1000, BOTH_WAYS = 2 };

	uint32_t page = algorithm_of(load)->page_size;
	uint32_t link_ms = page / board_bytes_in_us(load->board, MS) * BOTH_WAYS;

	return has_buffer(load, TWO_PAGES) ||
	       cost_of(algorithm_of(load)->program_cost, page) > (uint64_t)link_ms * MS;
}

/* Before one more buffer is taken: a call may have ended. *is_asked: it was asked for. */
static enum cause
spare_buffer(struct load *load, bool *is_asked, struct reason *why)
{
	enum cause cause;

	*is_asked = load->is_calling && !load->has_asked &&
		    !runner_has_kept(load->runner, free_buffer(load));
	load->has_asked = *is_asked && is_worth_a_buffer(load);
	if (!*is_asked)
		return CAUSE_NONE;
	cause = await_pages(load, why);
	if (load->has_asked)
		load->staged.job.wait_us = 0;
	return cause;
}

static enum cause
program_packed(struct load *load, bool *done, struct reason *why)
{
	bool is_posted = false;
	enum cause cause = load_post_packed(load, &is_posted, why);

	if (cause != CAUSE_NONE || is_posted)
		return cause;
	*done = !load->is_calling;
	if (*done)
		return CAUSE_NONE;
	cause = await_pages(load, why);
	return cause != CAUSE_NONE && load_is_sent_plain(load, why) ? CAUSE_NONE : cause;
}

/* Its sectors are erased: what is not programmed yet is blank, and the page that was begun may be either. */
static enum cause
say_incomplete(struct load *load, struct reason *why)
{
	struct image_piece piece;

	if (load->pages.first != load->pages.next)
		piece = load_page_of(load, load->pages.first)->piece;
	else if (!next_of_any_lane(load, &piece))
		return why->cause;
	return reason_while(why,
			    "the programming of %u byte%s at 0x%08x was begun, and its end "
			    "was not seen: flash is incomplete from there on until the "
			    "next load",
			    (unsigned)piece.size, text_s(piece.size), (unsigned)piece.at);
}

/* While the chip programs one page the next ones travel to it. */
static enum cause
program_some(struct load *load, bool *done, struct reason *why)
{
	struct image_piece piece;
	bool is_asked = false;
	enum cause cause;

	if (load->packing.packer != NULL)
		return program_packed(load, done, why);
	if (load->lanes_len == 1 && load->pages.unposted > 0)
		return load_start_pages(load, why);
	if (has_buffer(load, runner_buffers(load->runner)) &&
	    next_of_any_lane(load, &piece)) {
		cause = spare_buffer(load, &is_asked, why);
		return is_asked ? cause : post_page(load, &piece, why);
	}
	if (load->is_calling)
		return await_pages(load, why);
	*done = true;
	return CAUSE_NONE;
}

enum cause
load_program(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	enum cause cause = program_some(load, done, why);

	return cause == CAUSE_GONE && !load->is_comparing ? say_incomplete(load, why)
							  : cause;
}

/* Where the memory cannot be read by its addresses the loader says whether it is right. */
enum cause
load_begin_comparing(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);

	*done = true;
	load_begin_lanes(load);
	load->is_comparing = true;
	if (algorithm_of(load)->verify != ALGORITHM_NONE)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_UNSUPPORTED,
			    "the memory was programmed and is not verified: the loader %s "
			    "neither makes it readable at its addresses nor has a function "
			    "Verify",
			    algorithm_of(load)->name);
}

static enum cause
explain_mismatch(const struct image_piece *piece, const uint8_t *wanted,
		 const uint8_t *found, struct reason *why)
{
	uint32_t first = 0, differ = 0;

	while (wanted[first] == found[first])
		first++;
	for (uint32_t i = first; i < piece->size; i++)
		differ += wanted[i] != found[i];
	reason_begin(why, CAUSE_MISMATCH,
		     "at 0x%08x flash holds 0x%02x where 0x%02x was programmed; %u of the "
		     "%u byte%s from 0x%08x on differ",
		     (unsigned)(piece->at + first), found[first], wanted[first],
		     (unsigned)differ, (unsigned)piece->size, text_s(piece->size),
		     (unsigned)piece->at);
	reason_suspect(why, FINDING_C11);
	return CAUSE_MISMATCH;
}

static enum cause
verify_piece(struct load *load, const struct image_piece *piece, struct reason *why)
{
	uint8_t wanted[VERIFY_SIZE], found[VERIFY_SIZE];
	enum cause cause;

	load_compose(load, piece->at, wanted, piece->size);
	cause = mem_read(core_memory(load->core), piece->at, found, piece->size, why);
	if (cause == CAUSE_NONE && memcmp(wanted, found, piece->size) != 0)
		cause = explain_mismatch(piece, wanted, found, why);
	return cause == CAUSE_NONE ? cause : reason_while(why, "verifying flash");
}

static void
log_end(struct load *load)
{
	struct load_result *result = &load->result;
	uint64_t us = clock_now_us(load->clock) - load->began_us;
	void (*log)(const char *room, const char *fmt, ...) =
		load->request.is_quiet ? log_debug : log_info;

	if (load->began_us != 0)
		result->device_ms = (uint32_t)((us + 999) / 1000);
	load->staged.job.done_permille = 1000;
	log("flash",
	    "%u byte%s programmed, %u verified, %u sector%s erased, %u unchanged in "
	    "%u ms",
	    (unsigned)result->bytes_programmed, text_s(result->bytes_programmed),
	    (unsigned)result->bytes_verified, (unsigned)result->sectors_erased,
	    text_s(result->sectors_erased), (unsigned)result->sectors_unchanged,
	    (unsigned)result->device_ms);
}

/* Only what the chip's own hash denies is read back, to say what differs. */
enum cause
load_verify(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	struct image_piece piece;
	enum cause cause;

	*done = !load->is_mismatch;
	if (*done) {
		log_end(load);
		return CAUSE_NONE;
	}
	while (load_next_piece(load, load->from, VERIFY_SIZE, &piece) &&
	       plan_find(&load->part->plan, piece.at) == NULL)
		load->from = (uint64_t)piece.at + piece.size;
	if (!load_next_piece(load, load->from, VERIFY_SIZE, &piece))
		return reason_begin(
			why, CAUSE_MISMATCH,
			"the flash reads as it was programmed by the probe, and "
			"differently by the core");
	cause = verify_piece(load, &piece, why);
	load->from = (uint64_t)piece.at + piece.size;
	return cause;
}
