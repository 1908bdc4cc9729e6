/* SPDX-License-Identifier: MIT */
#include "flash/load/otp.h"

#include "flash/load/load_internal.h"

#include <stdlib.h>
#include <string.h>

enum { UNIT_MAX = 32, LOCKED = 0 };

/* --- bytes that lock the rest ------------------------------------------------------------- */

static uint32_t
blocks_of(const struct memory_entry *otp)
{
	return otp->lock_block != 0 ? otp->size / (otp->lock_block + 1u) : 0;
}

static uint32_t
lock_at(const struct memory_entry *otp, uint32_t block)
{
	return otp->base + blocks_of(otp) * otp->lock_block + block;
}

/* A lock may be 00 or ff, and nothing else (RM0090 Rev 21, "One-time programmable bytes"). */
static enum cause
check_lock(const struct otp_lock *lock, uint8_t erased_value, struct reason *why)
{
	if (lock->value == LOCKED || lock->value == erased_value)
		return CAUSE_NONE;
	return reason_begin(
		why, CAUSE_REQUEST,
		"the byte at 0x%08x locks the %u bytes of OTP memory at 0x%08x: "
		"it may be 00 or %02x, not %02x",
		(unsigned)lock->at, (unsigned)lock->size, (unsigned)lock->block_at,
		erased_value, lock->value);
}

/* *is_new: the image locks the block, and OTP does not. */
static enum cause
look_at_lock(struct core *core, const struct memory_entry *otp, const struct image *image,
	     struct otp_lock *lock, bool *is_new, struct reason *why)
{
	uint8_t found = LOCKED;
	enum cause cause;

	lock->value = otp->interface->erased_value;
	image_overlay(image, lock->at, &lock->value, 1);
	*is_new = false;
	cause = check_lock(lock, otp->interface->erased_value, why);
	if (cause == CAUSE_NONE && lock->value == LOCKED)
		cause = mem_read(core_memory(core), lock->at, &found, 1, why);
	*is_new = cause == CAUSE_NONE && lock->value == LOCKED && found != LOCKED;
	return cause;
}

enum cause
otp_find_lock(struct core *core, const struct board *board, const struct image *image,
	      struct otp_lock *lock, struct reason *why)
{
	const struct memory_entry *otp =
		image->len > 0 ? geometry_otp_at(board, image->runs[0].at, 1) : NULL;
	enum cause cause = CAUSE_NONE;
	bool is_new = false;

	while (otp != NULL && cause == CAUSE_NONE && !is_new &&
	       lock->next < blocks_of(otp)) {
		lock->at = lock_at(otp, lock->next);
		lock->block_at = otp->base + lock->next * otp->lock_block;
		lock->size = otp->lock_block;
		lock->next++;
		cause = look_at_lock(core, otp, image, lock, &is_new, why);
	}
	if (!is_new)
		lock->at = 0;
	return cause;
}

/* The unit lies in one block. */
static enum cause
check_unlocked(struct core *core, const struct memory_entry *otp,
	       const struct image_piece *unit, struct reason *why)
{
	uint32_t block = blocks_of(otp) > 0 ? (unit->at - otp->base) / otp->lock_block : 0;
	uint8_t lock = otp->interface->erased_value;
	enum cause cause = CAUSE_NONE;

	if (block >= blocks_of(otp))
		return CAUSE_NONE;
	cause = mem_read(core_memory(core), lock_at(otp, block), &lock, 1, why);
	if (cause != CAUSE_NONE || lock != LOCKED)
		return cause;
	return reason_begin(why, CAUSE_REQUEST,
			    "the %u bytes of OTP memory at 0x%08x are locked for good, by "
			    "the byte at 0x%08x",
			    otp->lock_block,
			    (unsigned)(otp->base + block * otp->lock_block),
			    (unsigned)lock_at(otp, block));
}

/* --- what it holds already ----------------------------------------------------------------- */

/* A unit with ECC is programmed once, whatever it holds (RM0351 Rev 9, 3.3.7; RM0456 Rev 6, 7.3.8),
 * and so is one of C0 without (RM0490 Rev 5, 4.3.1); of others bits may still become 0 (RM0090
 * Rev 21, 3.6.3). */
static bool
can_become(const struct memory_entry *otp, const uint8_t *found, const uint8_t *wanted,
	   uint32_t size)
{
	bool programs_once = flash_driver_for(otp->interface)->programs_once;

	for (uint32_t i = 0; i < size; i++)
		if (programs_once ? found[i] != otp->interface->erased_value
				  : (wanted[i] & ~found[i]) != 0)
			return false;
	return true;
}

static enum cause
refuse(const struct image_piece *unit, const uint8_t *found, const uint8_t *wanted,
       struct reason *why)
{
	char holds[2 * UNIT_MAX + 1], shall[2 * UNIT_MAX + 1];

	hex_encode(holds, found, unit->size);
	hex_encode(shall, wanted, unit->size);
	return reason_begin(why, CAUSE_REQUEST,
			    "OTP memory at 0x%08x holds %s, which cannot become %s: %u "
			    "bytes are programmed at once, and once for good",
			    (unsigned)unit->at, holds, shall, (unsigned)unit->size);
}

/* Adds the unit to `rest` unless OTP has it. */
static enum cause
compare_unit(struct core *core, const struct memory_entry *otp, const struct image *image,
	     const struct image_piece *unit, struct image *rest, struct reason *why)
{
	uint8_t found[UNIT_MAX], wanted[UNIT_MAX];
	enum cause cause = mem_read(core_memory(core), unit->at, found, unit->size, why);

	if (cause != CAUSE_NONE)
		return reason_while(why, "reading what OTP memory holds");
	memcpy(wanted, found, unit->size);
	image_overlay(image, unit->at, wanted, unit->size);
	if (memcmp(wanted, found, unit->size) == 0)
		return CAUSE_NONE;
	if (!can_become(otp, found, wanted, unit->size))
		return refuse(unit, found, wanted, why);
	cause = check_unlocked(core, otp, unit, why);
	if (cause != CAUSE_NONE)
		return cause;
	return image_add(rest, unit->at, wanted, unit->size, why);
}

enum cause
otp_compare(struct core *core, struct board *board, struct image *image, struct reason *why)
{
	const struct memory_entry *otp =
		image->len > 0 ? geometry_otp_at(board, image->runs[0].at, 1) : NULL;
	uint32_t size = otp != NULL ? otp->interface->granule : 0;
	struct image_piece unit = { 0 };
	enum cause cause = CAUSE_NONE;
	struct image rest;

	if (otp == NULL || size > UNIT_MAX)
		return reason_begin(why, CAUSE_BUG, "that is not OTP memory");
	image_init(&rest);
	for (uint64_t from = 0;
	     cause == CAUSE_NONE && image_next_piece(image, from, size, size, &unit);
	     from = (uint64_t)unit.at + unit.size)
		cause = compare_unit(core, otp, image, &unit, &rest, why);
	if (cause != CAUSE_NONE) {
		image_clear(&rest);
		return cause;
	}
	image_clear(image);
	*image = rest;
	return CAUSE_NONE;
}

/* --- programming ----------------------------------------------------------------------------- */

static bool
has_rest(struct staged_job *staged)
{
	return load_of(staged)->request.image.len > 0;
}

/* Once more, now that the cores stand still. */
static enum cause
compare_again(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);

	*done = true;
	return otp_compare(load->core, load->board, &load->request.image, why);
}

static enum cause
verify(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct image *image = &load->request.image;
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; cause == CAUSE_NONE && i < image->len; i++) {
		const struct image_run *run = &image->runs[i];
		uint8_t found[OTP_MAX_BYTES];

		cause = mem_read(core_memory(load->core), run->at, found, run->size, why);
		if (cause == CAUSE_NONE && memcmp(found, run->bytes, run->size) != 0)
			return reason_begin(why, CAUSE_MISMATCH,
					    "the %u bytes of OTP memory at 0x%08x do not "
					    "hold what was programmed there",
					    (unsigned)run->size, (unsigned)run->at);
		load->result.bytes_verified += run->size;
	}
	return cause == CAUSE_NONE ? load_verify(staged, done, why)
				   : reason_while(why, "verifying OTP memory");
}

static const struct job_stage stages[] = {
	{ "see whether the flash is read-protected", load_check_readout, NULL },
	{ "halt the cores", load_park, NULL },
	{ "wait for what the flash is doing", load_await_idle, NULL },
	{ "see what OTP memory holds", compare_again, NULL },
	{ "put the loader into RAM", load_open, has_rest },
	{ "put the algorithm into RAM", load_equip, has_rest },
	{ "prepare to program", load_prepare_program, has_rest },
	{ "program", load_program, has_rest },
	{ "finish programming", load_finish_program, has_rest },
	{ "put RAM and registers back", load_close, load_is_open },
	{ "verify", verify, has_rest },
	{ "let the other cores run", load_unpark, load_has_parked },
	{ 0 },
};

/* All of it is one sector that is not erased. */
static enum cause
make_part(struct load *load, const struct memory_entry *otp, struct reason *why)
{
	struct load_part *part = &load->parts[0];
	enum cause cause;

	load->otp = *otp;
	load->otp.runs[0] = (struct sector_run){ 1, otp->size };
	load->parts_len = 1;
	load->part = part;
	load->stages = stages;
	load->is_for_good = true;
	part->driver = flash_driver_for(otp->interface);
	part->geometry.banks_len = 1;
	part->geometry.banks[0] = (struct flash_bank){ .entry = &load->otp,
						       .base = otp->base,
						       .size = otp->size };
	cause = plan_make(&part->plan, &part->geometry, &load->request, why);
	if (cause == CAUSE_NONE && part->plan.len == 1)
		part->plan.sectors[0].is_erased = false;
	return cause;
}

enum cause
otp_begin(struct core *core, struct board *board, struct image *image, struct job **job,
	  struct reason *why)
{
	const struct memory_entry *otp =
		image->len > 0 ? geometry_otp_at(board, image->runs[0].at, 1) : NULL;
	struct load *load = load_new(core, board, stages, why);
	enum cause cause;

	*job = NULL;
	if (load == NULL)
		return CAUSE_HOST;
	load->request.image = *image;
	load->request.is_quiet = true;
	image_init(image);
	cause = otp != NULL ? make_part(load, otp, why)
			    : reason_begin(why, CAUSE_BUG, "that is not OTP memory");
	if (cause != CAUSE_NONE) {
		job_free(&load->staged.job);
		return cause;
	}
	load->staged.job.name = "programming OTP memory";
	staged_job_go(&load->staged, stages);
	load_estimate(load);
	*job = &load->staged.job;
	return CAUSE_NONE;
}
