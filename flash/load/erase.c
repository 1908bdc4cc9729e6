/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

#include "flash/algorithms/status.h"
#include "transport/base/log.h"

static bool
is_by_bank(const struct load *load, const struct sector *sector)
{
	return load->survey.is_bank_erased[load_bank_index(load, sector->bank)];
}

/* What a call does in one lane, from a sector of the plan on. */
static struct runner_second
work_at(const struct load *load, size_t first)
{
	const struct sector *sector = &load->part->plan.sectors[first].sector;
	unsigned bank = load_bank_index(load, sector->bank);

	if (is_by_bank(load, sector))
		return (struct runner_second){ .r0 = sector->bank->base,
					       .r1 = sector->bank->size,
					       .r2 = ALGORITHM_ALL,
					       .bank = bank };
	return (struct runner_second){ .r0 = sector->at,
				       .r1 = algorithm_of(load)->takes_end
						     ? sector->at + sector->size - 1
						     : sector->size,
				       .r2 = sector->index,
				       .bank = bank };
}

/* Of two lanes the one that takes longer decides. */
static void
add_times(const struct load *load, size_t first, struct runner_call *call)
{
	const struct algorithm *algorithm = algorithm_of(load);
	const struct sector *sector = &load->part->plan.sectors[first].sector;
	bool by_bank = is_by_bank(load, sector);
	uint32_t ms = by_bank ? algorithm->erase_bank_ms : algorithm->erase_ms;
	uint64_t us = by_bank ? cost_of(algorithm->erase_bank_cost, sector->bank->size)
			      : cost_of(algorithm->erase_cost, sector->size);

	if (ms > call->timeout_ms)
		call->timeout_ms = ms;
	if (us > call->typical_us)
		call->typical_us = (uint32_t)us;
}

static unsigned
first_lane_of(const struct erasing *erasing)
{
	return !erasing->is_used[0];
}

static enum cause
start_erase(struct load *load, const struct erasing *erasing, struct reason *why)
{
	const struct algorithm *algorithm = algorithm_of(load);
	size_t first = erasing->first[first_lane_of(erasing)];
	struct runner_second work = work_at(load, first);
	struct runner_call call = { .r0 = work.r0,
				    .r1 = work.r1,
				    .r2 = work.r2,
				    .bank = work.bank,
				    .is_pair = erasing->is_used[0] && erasing->is_used[1],
				    .success = algorithm->success };

	add_times(load, first, &call);
	call.entry = is_by_bank(load, &load->part->plan.sectors[first].sector)
			     ? algorithm->erase_bank
			     : algorithm->erase_sector;
	if (call.is_pair) {
		call.entry = algorithm->erase_pair;
		call.second = work_at(load, erasing->first[1]);
		add_times(load, erasing->first[1], &call);
	}
	return load_start_call(load, &call, why);
}

/* The first of the lane that is to be erased and has no call yet; its end: there is none. */
static size_t
find_next(const struct load *load, const struct load_lane *lane)
{
	size_t next = lane->next_erase;

	while (next < lane->end_erase && !load->part->plan.sectors[next].is_erased)
		next++;
	return next;
}

/* Behind what one call erases in a lane, which begins with the sector `first`. */
static size_t
end_of_call(const struct load *load, const struct load_lane *lane, size_t first)
{
	const struct planned *sectors = load->part->plan.sectors;
	size_t end = first + 1;

	while (is_by_bank(load, &sectors[first].sector) && end < lane->end_erase &&
	       sectors[end].sector.bank == sectors[first].sector.bank)
		end++;
	return end;
}

static struct erasing *
erasing_of(struct load *load, unsigned count)
{
	return &load->erases.ring[count % MAILBOX_CALLS];
}

/* The next call of each lane that has more to erase; false: none has. */
static bool
take_next(struct load *load, struct erasing *erasing)
{
	*erasing = (struct erasing){ 0 };
	for (unsigned i = 0; i < load->lanes_len; i++) {
		struct load_lane *lane = &load->lanes[i];

		erasing->first[i] = find_next(load, lane);
		erasing->is_used[i] = erasing->first[i] < lane->end_erase;
		if (erasing->is_used[i])
			lane->next_erase = end_of_call(load, lane, erasing->first[i]);
	}
	return erasing->is_used[0] || erasing->is_used[1];
}

static void
count_lane(struct load *load, struct erasing *erasing, unsigned lane)
{
	size_t first = erasing->first[lane];

	if (!erasing->is_used[lane])
		return;
	for (size_t end = end_of_call(load, &load->lanes[lane], first); first < end;
	     first++) {
		uint32_t size = load->part->plan.sectors[first].sector.size;

		load->result.sectors_erased++;
		load_add_progress(load, cost_of(algorithm_of(load)->erase_cost, size));
	}
	erasing->is_used[lane] = false;
}

/* Of the oldest call. */
static void
count_erased(struct load *load)
{
	for (unsigned i = 0; i < load->lanes_len; i++)
		count_lane(load, erasing_of(load, load->erases.first), i);
	load->erases.first++;
}

static const struct sector *
oldest_sector(struct load *load)
{
	const struct erasing *erasing = erasing_of(load, load->erases.first);

	return &load->part->plan.sectors[erasing->first[first_lane_of(erasing)]].sector;
}

static enum cause
await_some(struct load *load, struct reason *why)
{
	unsigned finished = 0;
	enum cause cause =
		load_await_calls(load, oldest_sector(load)->bank, &finished, why);

	while (finished-- > 0)
		count_erased(load);
	/* What it did in the first lane has ended well. */
	if (cause != CAUSE_NONE && load->is_second_failed)
		count_lane(load, erasing_of(load, load->erases.first), 0);
	return cause;
}

/* Is there a sector that is to be erased and has no call yet? */
static bool
has_more(const struct load *load)
{
	for (unsigned i = 0; i < load->lanes_len; i++)
		if (find_next(load, &load->lanes[i]) < load->lanes[i].end_erase)
			return true;
	return false;
}

/* While one sector is erased the calls for the next are there. All that were there may have ended
 * when the chip is asked, and more be left: a page takes long to travel, and so may this computer. */
static enum cause
erase_some(struct load *load, bool *done, struct reason *why)
{
	struct erasing *next = erasing_of(load, load->erases.next);
	enum cause cause = CAUSE_NONE;

	if (runner_has_room(load->runner) && take_next(load, next)) {
		load->erases.next++;
		return start_erase(load, next, why);
	}
	if (load->is_calling)
		cause = await_some(load, why);
	*done = cause == CAUSE_NONE && !load->is_calling && !has_more(load);
	return cause;
}

/* The calls that were forgotten are made anew. */
static void
take_back(struct load *load)
{
	while (load->erases.next != load->erases.first) {
		const struct erasing *erasing = erasing_of(load, --load->erases.next);

		for (unsigned i = 0; i < load->lanes_len; i++)
			if (erasing->is_used[i])
				load->lanes[i].next_erase = erasing->first[i];
	}
}

/* A controller refuses that where a sector is protected, or in a mode of one bank: then the sectors
 * have their turn. */
static bool
can_go_by_sectors(struct load *load, const struct sector *sector, enum cause cause,
		  struct reason *why)
{
	char line[REASON_SPACE];

	if (!is_by_bank(load, sector) ||
	    (cause != CAUSE_PROTECTED && cause != CAUSE_FAULT) ||
	    runner_calls(load->runner) > 0)
		return false;
	reason_line(why, line, sizeof(line));
	log_info("flash", "bank %u was not erased at once (%s): its sectors are erased",
		 (unsigned)sector->bank->entry->number, line);
	load->survey.is_bank_erased[load_bank_index(load, sector->bank)] = false;
	take_back(load);
	*why = (struct reason)REASON_INIT;
	return true;
}

static bool
can_post(const struct load *load)
{
	return has_more(load) && runner_has_room(load->runner);
}

/* When all calls that fit are posted the first pages travel, and the chip is asked between two. */
static enum cause
erase_or_fill(struct load *load, bool *done, struct reason *why)
{
	bool is_free = load->is_calling && !can_post(load) && load_can_fill_ahead(load);
	enum cause cause;

	if (is_free && load->has_asked) {
		load->has_asked = false;
		return load_fill_ahead(load, why);
	}
	cause = erase_some(load, done, why);
	load->has_asked = is_free;
	if (is_free)
		load->staged.job.wait_us = 0;
	return cause;
}

/* What is in flash then only the next load knows: half of a sector may be gone, or read now so and now
 * so. */
static enum cause
say_unseen(struct load *load, const struct sector *sector, struct reason *why)
{
	static const char unseen[] = "was begun, and its end was not seen: the contents of "
				     "that are undefined until the next load";

	if (is_by_bank(load, sector))
		return reason_while(why, "the erase of bank %u %s",
				    (unsigned)sector->bank->entry->number, unseen);
	return reason_while(why,
			    "the erase of the sector of %u bytes at 0x%08x (number %u of "
			    "bank %u) %s",
			    (unsigned)sector->size, (unsigned)sector->at,
			    (unsigned)sector->index, (unsigned)sector->bank->entry->number,
			    unseen);
}

enum cause
load_erase(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct sector *sector;
	enum cause cause = erase_or_fill(load, done, why);

	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	sector = oldest_sector(load);
	if (can_go_by_sectors(load, sector, cause, why))
		return CAUSE_NONE;
	if (cause == CAUSE_GONE && load->erases.first != load->erases.next)
		return say_unseen(load, sector, why);
	if (is_by_bank(load, sector))
		return reason_while(why, "erasing bank %u",
				    (unsigned)sector->bank->entry->number);
	return reason_while(
		why, "erasing the sector of %u bytes at 0x%08x (number %u of bank %u)",
		(unsigned)sector->size, (unsigned)sector->at, (unsigned)sector->index,
		(unsigned)sector->bank->entry->number);
}
