/* SPDX-License-Identifier: MIT */
/*
 * weigh.c - whether pages travel compressed: only where that is faster by the link, the core and the
 * flash as they are, and by what a sample of the image becomes.
 */
#include "flash/load/load_internal.h"

#include "flash/runner/unpacker.h"
#include "transport/base/log.h"

#include <assert.h>

enum {
	SAMPLES = 16, /* pages, spread over the image */
	MIN_BYTES = 16 * 1024,
	/* A core takes this long for a byte that was sent, and for one that becomes of them:
	 * measured, and half as much again for the wait states of RAM. */
	CYCLES_PER_PACKED = 300,
	CYCLES_PER_BYTE = 20,
	/* By so many per cent it has to be faster, for what the estimate does not know: on a
	 * computer that is busy the link seems slower than it is. */
	MIN_GAIN = 20
};

bool
load_may_pack(const struct load *load)
{
	return !load->request.is_plain && !load->packing.is_plain_for_good &&
	       !load->is_for_good && load->part->driver->set_up == NULL &&
	       algorithm_of(load)->page_size <= PACKER_MAX_PAGE &&
	       runner_can_unpack(load->runner);
}

/* For a KiB, in microseconds. */
struct times {
	uint64_t link, flash, core;
};

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* What one waits for the other makes no sum: the link works while core and flash do. */
static uint64_t
plain_us(const struct load *load, const struct times *times)
{
	return load->packing.weighing.bytes / 1024 * larger(times->link, times->flash);
}

static uint64_t
packed_us(const struct load *load, const struct times *times)
{
	const struct weighing *weighing = &load->packing.weighing;
	uint64_t link = times->link * weighing->packed / weighing->sampled;

	return weighing->bytes / 1024 * larger(link, times->flash + times->core) +
	       unpacker_traffic() * times->link / 1024;
}

static struct times
times_of(const struct load *load)
{
	const struct weighing *weighing = &load->packing.weighing;
	struct runner_pace pace = runner_pace(load->runner);
	uint64_t cycles = (CYCLES_PER_PACKED * weighing->packed / weighing->sampled +
			   CYCLES_PER_BYTE) *
			  1024;

	return (struct times){ .link = pace.link_us_per_kib,
			       .flash = algorithm_of(load)->program_cost.us_per_kib,
			       .core = cycles * 1000 / pace.core_khz };
}

static bool
pays(const struct load *load)
{
	const struct weighing *weighing = &load->packing.weighing;
	struct times times = times_of(load);
	uint64_t plain = plain_us(load, &times), packed = packed_us(load, &times);
	bool is_faster = packed * 100 < plain * (100 - MIN_GAIN);

	log_debug("flash",
		  "for a KiB the link takes %u us, the flash %u, the core at %u kHz %u to "
		  "expand it; %u bytes become %u: %u ms compressed, %u not; the image "
		  "travels %s",
		  (unsigned)times.link, (unsigned)times.flash,
		  (unsigned)runner_pace(load->runner).core_khz, (unsigned)times.core,
		  (unsigned)weighing->sampled, (unsigned)weighing->packed,
		  (unsigned)(packed / 1000), (unsigned)(plain / 1000),
		  is_faster ? "compressed" : "as it is");
	return is_faster;
}

static bool
count_pages(struct load *load)
{
	struct weighing *weighing = &load->packing.weighing;
	struct image_piece piece;
	uint64_t from = 0;

	while (load_next_page(load, &from, UINT64_MAX, &piece)) {
		weighing->bytes += piece.size;
		weighing->pages++;
		from = (uint64_t)piece.at + piece.size;
	}
	return weighing->bytes >= MIN_BYTES;
}

/* What need not be tried; else the packer is there. */
static enum cause
begin(struct load *load, bool *goes_on, struct reason *why)
{
	struct runner_pace pace = runner_pace(load->runner);

	*goes_on = pace.core_khz != 0 && count_pages(load);
	if (!*goes_on) {
		log_debug("flash",
			  "the image travels as it is: for a KiB the link takes %u us, the "
			  "flash %u",
			  (unsigned)pace.link_us_per_kib,
			  (unsigned)algorithm_of(load)->program_cost.us_per_kib);
		return CAUSE_NONE;
	}
	load->packing.packer = packer_new(load->packing.weighing.bytes);
	if (load->packing.packer == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	return packer_begin(load->packing.packer, why);
}

/* Of as many pages as make SAMPLES groups, one. */
static enum cause
try_page(struct load *load, const struct image_piece *piece, struct reason *why)
{
	struct weighing *weighing = &load->packing.weighing;
	uint8_t bytes[PACKER_MAX_PAGE];
	struct packed_page packed;
	enum cause cause;

	assert(piece->size <= sizeof(bytes));
	load_compose(load, piece->at, bytes, piece->size);
	cause = packer_add(load->packing.packer, piece->at, bytes, piece->size, &packed,
			   why);
	weighing->sampled += piece->size;
	weighing->packed += packed.size != 0 ? packed.size : piece->size;
	return cause;
}

static enum cause
sample(struct load *load, bool *done, struct reason *why)
{
	struct weighing *weighing = &load->packing.weighing;
	struct image_piece piece = { 0 };
	unsigned group = weighing->pages / SAMPLES + 1;

	*done = !load_next_page(load, &weighing->from, UINT64_MAX, &piece);
	if (*done)
		return CAUSE_NONE;
	for (unsigned i = 0; i < group; i++)
		if (load_next_page(load, &weighing->from, UINT64_MAX, &piece))
			weighing->from = (uint64_t)piece.at + piece.size;
	return try_page(load, &piece, why);
}

static enum cause
decide(struct load *load)
{
	load->packing.weighing.is_decided = true;
	if (pays(load))
		return CAUSE_NONE;
	packer_free(load->packing.packer);
	load->packing.packer = NULL;
	return CAUSE_NONE;
}

static enum cause
equip(struct load *load, bool *done, struct reason *why)
{
	enum cause cause = runner_equip_unpacker(load->runner, done, why);

	load->packing.run_end = UINT64_MAX;
	load->packing.has_page = false;
	load->staged.job.ram_size = runner_ram_size(load->runner);
	return cause;
}

enum cause
load_weigh(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	bool is_sampled = false, goes_on = true;
	enum cause cause;

	if (load->packing.weighing.is_decided)
		return equip(load, done, why);
	cause = load->packing.packer == NULL ? begin(load, &goes_on, why)
					     : sample(load, &is_sampled, why);
	if (cause == CAUSE_NONE && is_sampled)
		cause = decide(load);
	*done = !goes_on || (is_sampled && load->packing.packer == NULL);
	return cause;
}
