/* SPDX-License-Identifier: MIT */
/*
 * examine.c - which sectors hold already what they shall hold, and which are blank; and, after
 * programming, whether they hold it now. Code on the chip hashes them.
 */
#include "flash/load/load_internal.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <assert.h>
#include <stdlib.h>

enum {
	EXAMINE_WORDS = sizeof(struct examined) / sizeof(uint32_t),
	EXAMINE_MS_PER_KIB = 10
};

static uint32_t
list_bytes(const struct load *load)
{
	uint32_t bytes = 0;

	for (unsigned i = 0; i < load->examining.len; i++)
		bytes += load->examining.list[i].size;
	return bytes;
}

static enum cause
start_list(struct load *load, struct reason *why)
{
	uint8_t bytes[sizeof(load->examining.list)];
	uint32_t size = load->examining.len * (uint32_t)sizeof(struct examined);
	struct runner_call call = { .is_examine = true,
				    .r0 = runner_list_at(load->runner, size),
				    .r1 = load->examining.len,
				    .timeout_ms =
					    list_bytes(load) / 1024 * EXAMINE_MS_PER_KIB };
	enum cause cause;

	le32_put_words(bytes, load->examining.list, size);
	cause = runner_write_list(load->runner, bytes, size, why);
	return cause == CAUSE_NONE ? load_start_call(load, &call, why) : cause;
}

/* What was asked for is still there, or something has written over the list: then the results
 * are worth nothing. */
static enum cause
take_results(struct examined *asked, const uint8_t *bytes, struct reason *why)
{
	struct examined found = { 0 };
	uint32_t *words = (uint32_t *)(void *)&found;

	for (uint32_t i = 0; i < EXAMINE_WORDS; i++)
		words[i] = le32_get(bytes + i * sizeof(uint32_t));
	if (found.at != asked->at || found.size != asked->size) {
		reason_begin(
			why, CAUSE_FAULT,
			"RAM that the loader uses has been written over: in the list of "
			"what to examine 0x%08x has become 0x%08x",
			(unsigned)asked->at, (unsigned)found.at);
		reason_suspect(why, FINDING_C11);
		return CAUSE_FAULT;
	}
	*asked = found;
	return CAUSE_NONE;
}

static enum cause
read_list(struct load *load, struct reason *why)
{
	uint8_t bytes[sizeof(load->examining.list)];
	uint32_t size = load->examining.len * (uint32_t)sizeof(struct examined);
	enum cause cause = runner_read_list(load->runner, bytes, size, why);

	for (unsigned i = 0; cause == CAUSE_NONE && i < load->examining.len; i++)
		cause = take_results(&load->examining.list[i],
				     bytes + i * sizeof(struct examined), why);
	return cause;
}

enum cause
load_examine_list(struct load *load, bool *done, struct reason *why)
{
	unsigned finished;
	enum cause cause;

	*done = false;
	if (!load->is_calling)
		return start_list(load, why);
	cause = load_await_calls(load, &load->part->geometry.banks[0], &finished, why);
	if (cause != CAUSE_NONE || load->is_calling)
		return cause;
	*done = true;
	return read_list(load, why);
}

/* Of what [at, at + size) shall hold. */
static enum cause
hash_wanted(const struct load *load, uint32_t at, uint32_t size, uint32_t hash[2],
	    struct reason *why)
{
	uint8_t *bytes;

	assert(size > 0);
	bytes = malloc(size);
	if (bytes == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	load_compose(load, at, bytes, size);
	hash[0] = hash[1] = 0;
	for (uint32_t i = 0; i < size; i += sizeof(uint32_t))
		hash_add(hash, le32_get(bytes + i));
	free(bytes);
	return CAUSE_NONE;
}

static void
hash_blank(const struct load *load, uint32_t size, uint32_t hash[2])
{
	hash[0] = hash[1] = 0;
	for (uint32_t at = 0; at < size; at += sizeof(uint32_t))
		hash_add(hash, load->parameters[0].erased);
}

static bool
are_equal(const uint32_t a[2], const uint32_t b[2])
{
	return a[0] == b[0] && a[1] == b[1];
}

bool
load_is_blank(const struct load *load, const struct examined *examined)
{
	uint32_t hash[2];

	hash_blank(load, examined->size, hash);
	return are_equal(examined->hash, hash);
}

static bool
is_changed(const struct planned *planned)
{
	return planned->is_erased || planned->is_programmed;
}

static bool
is_to_be_examined(const struct planned *planned)
{
	return is_changed(planned) && !planned->is_examined;
}

/* How many sectors, from the first on, are the next range. */
static size_t
sectors_of_range(const struct load *load, size_t first)
{
	const struct plan *plan = &load->part->plan;
	uint32_t at = plan->sectors[first].sector.at, size = 0;
	size_t i = first;

	do {
		size += plan->sectors[i++].sector.size;
	} while (!load->is_one_by_one && i < plan->len &&
		 i - first < EXAMINE_RANGE_SECTORS &&
		 is_to_be_examined(&plan->sectors[i]) &&
		 plan->sectors[i].sector.at == at + size &&
		 size + plan->sectors[i].sector.size <= EXAMINE_RANGE_BYTES);
	return i - first;
}

static enum cause
add_range(struct load *load, size_t first, size_t len, struct reason *why)
{
	const struct planned *sectors = &load->part->plan.sectors[first];
	struct examined *range = &load->examining.list[load->examining.len];

	*range = (struct examined){ .at = sectors[0].sector.at };
	for (size_t i = 0; i < len; i++)
		range->size += sectors[i].sector.size;
	return hash_wanted(load, range->at, range->size,
			   load->examining.wanted[load->examining.len++], why);
}

/* From load->sector on, as many as one call takes; of the plan those that are not yet known. */
static enum cause
make_list(struct load *load, struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	size_t len;

	load->examining.len = 0;
	for (size_t i = load->sector; cause == CAUSE_NONE && i < load->part->plan.len &&
				      load->examining.len < EXAMINE_MAX_RANGES &&
				      list_bytes(load) < EXAMINE_MAX_BYTES;
	     i += len) {
		len = 1;
		if (!is_to_be_examined(&load->part->plan.sectors[i]))
			continue;
		len = sectors_of_range(load, i);
		cause = add_range(load, i, len, why);
	}
	return cause;
}

/* What is known of a sector. */
struct content {
	bool is_as_wanted, is_blank;
};

/* What can be spared. */
static void
decide(struct load *load, struct planned *planned, struct content content)
{
	planned->is_programmed = !content.is_as_wanted;
	planned->is_erased = !content.is_as_wanted && !content.is_blank;
	load->result.sectors_unchanged += content.is_as_wanted;
}

static void
check(struct load *load, struct planned *planned, struct content content)
{
	planned->is_checked = content.is_as_wanted;
	if (planned->is_checked)
		load->result.bytes_verified += planned->sector.size;
}

/* Whatever the reason, what was not found to be right is read back. */
static bool
is_all_checked(const struct load *load)
{
	for (size_t i = 0; i < load->part->plan.len; i++)
		if (is_changed(&load->part->plan.sectors[i]) &&
		    !load->part->plan.sectors[i].is_checked)
			return false;
	return true;
}

typedef void
examine_use(struct load *load, struct planned *planned, struct content content);

static void
use_sector(struct load *load, struct planned *planned, struct content content,
	   examine_use *use)
{
	planned->is_examined = true;
	use(load, planned, content);
	load_add_progress(load,
			  (uint64_t)planned->sector.size / 1024 * EXAMINE_COST_US_PER_KIB);
}

/* Of several that are blank some may be as they shall be. */
static enum cause
use_blank(struct load *load, struct planned *planned, examine_use *use, struct reason *why)
{
	uint32_t wanted[2], blank[2], size = planned->sector.size;
	enum cause cause = hash_wanted(load, planned->sector.at, size, wanted, why);

	hash_blank(load, size, blank);
	if (cause == CAUSE_NONE)
		use_sector(load, planned,
			   (struct content){ are_equal(wanted, blank), true }, use);
	return cause;
}

/* Several sectors of which neither is known are left for later. */
static enum cause
use_range(struct load *load, unsigned index, examine_use *use, struct reason *why)
{
	const struct examined *range = &load->examining.list[index];
	struct planned *planned = plan_find(&load->part->plan, range->at);
	struct content content = { are_equal(range->hash, load->examining.wanted[index]),
				   load_is_blank(load, range) };
	bool is_one = planned->sector.size == range->size;
	enum cause cause = CAUSE_NONE;
	uint32_t left;

	for (left = range->size; cause == CAUSE_NONE && left > 0; planned++) {
		if (content.is_as_wanted || is_one)
			use_sector(load, planned, content, use);
		else if (content.is_blank)
			cause = use_blank(load, planned, use, why);
		left -= planned->sector.size;
	}
	load->sector = (size_t)(planned - load->part->plan.sectors);
	return cause;
}

static enum cause
use_list(struct load *load, examine_use *use, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; cause == CAUSE_NONE && i < load->examining.len; i++)
		cause = use_range(load, i, use, why);
	load->examining.len = 0;
	return cause;
}

/* After the ranges the sectors of those that are not as they shall be; then *done. */
static void
begin_again_or_end(struct load *load, bool *done)
{
	*done = load->is_one_by_one;
	load->is_one_by_one = !load->is_one_by_one;
	load->sector = 0;
	for (size_t i = 0; *done && i < load->part->plan.len; i++)
		load->part->plan.sectors[i].is_examined = false;
}

static enum cause
examine_some(struct load *load, examine_use *use, bool *done, struct reason *why)
{
	bool is_examined = false;
	enum cause cause = CAUSE_NONE;

	if (!load->is_calling)
		cause = make_list(load, why);
	if (cause == CAUSE_NONE && load->examining.len == 0)
		begin_again_or_end(load, done);
	else if (cause == CAUSE_NONE)
		cause = load_examine_list(load, &is_examined, why);
	if (cause == CAUSE_NONE && is_examined)
		cause = use_list(load, use, why);
	return cause == CAUSE_NONE ? cause : reason_while(why, "examining the flash");
}

/* Two bits that the wire inverts in one word pass for right. What has been damaged in this way is
 * found now, and sent again at the clock that the connection was made at. */
static bool
is_sent_again(struct load *load)
{
	if (!load->is_mismatch || !load->is_fast)
		return false;
	log_warning("flash",
		    "not all of the flash holds what was sent at a faster SWD clock: "
		    "those sectors are programmed once more at the connection's clock");
	board_distrust_clock(load->board);
	load_begin_again(load);
	return true;
}

enum cause
load_examine(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	enum cause cause = examine_some(load, decide, done, why);

	if (cause != CAUSE_FAULT)
		return cause;
	load_start_anew(load, why);
	return CAUSE_NONE;
}

enum cause
load_check(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	enum cause cause = examine_some(load, check, done, why);

	if (cause == CAUSE_FAULT && algorithm_of(load)->is_foreign) {
		load_start_anew(load, why);
		return CAUSE_NONE;
	}
	load->is_mismatch = *done && !is_all_checked(load);
	if (is_sent_again(load))
		*done = false;
	return cause;
}
