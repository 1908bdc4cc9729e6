/* SPDX-License-Identifier: MIT */
/*
 * preserve.c - what shares a sector with the image is kept: it is read first, and becomes part of
 * the image.
 */
#include "flash/load/load_internal.h"

enum { PRESERVE_SIZE = 4096 }; /* read in one step */

/* Does the image hold all of it? Then there is nothing to be kept. */
static bool
is_covered(const struct load *load, uint32_t at, uint32_t size, uint8_t *bytes)
{
	return image_overlay(&load->request.image, at, bytes, size) == size;
}

/* What is erased stays so without being programmed. */
static bool
is_erased(const struct load *load, const uint8_t *bytes, uint32_t size)
{
	uint8_t erased = geometry_interface(&load->part->geometry)->erased_value;

	for (uint32_t i = 0; i < size; i++)
		if (bytes[i] != erased)
			return false;
	return true;
}

static enum cause
keep(struct load *load, uint32_t at, uint32_t size, struct reason *why)
{
	uint8_t bytes[PRESERVE_SIZE];
	enum cause cause;

	if (is_covered(load, at, size, bytes))
		return CAUSE_NONE;
	cause = mem_read(core_memory(load->core), at, bytes, size, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "reading what shares a sector with the image");
	if (is_erased(load, bytes, size))
		return CAUSE_NONE;
	image_overlay(&load->request.image, at, bytes, size);
	return image_add(&load->request.image, at, bytes, size, why);
}

enum cause
load_preserve(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct sector *sector;
	uint32_t at, left;

	*done = load->sector == load->part->plan.len;
	if (*done) {
		load->sector = 0;
		load->is_kept = true;
		return CAUSE_NONE;
	}
	sector = &load->part->plan.sectors[load->sector].sector;
	at = sector->at + load->preserved;
	left = sector->size - load->preserved;
	if (left > PRESERVE_SIZE)
		left = PRESERVE_SIZE;
	load->preserved += left;
	if (load->preserved == sector->size) {
		load->preserved = 0;
		load->sector++;
	}
	return keep(load, at, left, why);
}
