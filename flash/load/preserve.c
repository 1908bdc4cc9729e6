/* SPDX-License-Identifier: MIT */
/*
 * preserve.c - what shares a sector with the image is kept: it is read first, and becomes part of
 * the image.
 */
#include "flash/load/load_internal.h"

#include "transport/base/log.h"

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

/* A place that cannot be read, since programming it was cut short (H7: RM0433 Rev 8, 4.7.7), holds
 * nothing that could be kept: it will be erased. */
static enum cause
lose(struct load *load, uint32_t at, uint32_t size, struct reason *why)
{
	char line[REASON_SPACE];

	reason_line(why, line, sizeof(line));
	log_warning(
		"flash",
		"%u bytes at 0x%08x share a sector with the image and cannot be kept: %s",
		(unsigned)size, (unsigned)at, line);
	*why = (struct reason)REASON_INIT;
	load->preserving.size = size;
	return CAUSE_NONE;
}

/* Or halves it, and is to be called again. */
static enum cause
keep_or_lose(struct load *load, uint32_t at, uint32_t *size, struct reason *why)
{
	uint32_t granule = geometry_interface(&load->part->geometry)->granule;
	enum cause cause = keep(load, at, *size, why);

	if (cause == CAUSE_NONE && load->preserving.size < PRESERVE_SIZE)
		load->preserving.size *= 2;
	if (cause != CAUSE_FAULT)
		return cause;
	if (*size <= granule)
		return lose(load, at, *size, why);
	*why = (struct reason)REASON_INIT;
	load->preserving.size = *size / 2 > granule ? *size / 2 : granule;
	*size = 0;
	return CAUSE_NONE;
}

enum cause
load_preserve(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct sector *sector;
	uint32_t size;
	enum cause cause;

	*done = load->sector == load->part->plan.len;
	if (*done) {
		load->sector = 0;
		load->preserving.is_kept = true;
		return CAUSE_NONE;
	}
	if (load->preserving.size == 0)
		load->preserving.size = PRESERVE_SIZE;
	sector = &load->part->plan.sectors[load->sector].sector;
	size = sector->size - load->preserving.bytes;
	if (size > load->preserving.size)
		size = load->preserving.size;
	cause = keep_or_lose(load, sector->at + load->preserving.bytes, &size, why);
	load->preserving.bytes += size;
	if (load->preserving.bytes == sector->size) {
		load->preserving.bytes = 0;
		load->sector++;
	}
	return cause;
}
