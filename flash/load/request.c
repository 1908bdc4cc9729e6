/* SPDX-License-Identifier: MIT */
#include "flash/load/request.h"

#include "flash/load/geometry.h"
#include "transport/base/bytes.h"

void
load_request_init(struct load_request *request)
{
	*request = (struct load_request){ 0 };
}

void
load_request_clear(struct load_request *request)
{
	image_clear(&request->image);
	load_request_init(request);
}

static bool
has_failed(const struct load_request *request)
{
	return request->failure.cause != CAUSE_NONE;
}

bool
load_request_is_empty(const struct load_request *request)
{
	return !has_failed(request) && request->image.len == 0 && request->ranges_len == 0;
}

void
load_request_fail(struct load_request *request, const struct reason *why)
{
	if (!has_failed(request))
		request->failure = *why;
}

static enum cause
part_ended(struct load_request *request, enum cause cause, const struct reason *why)
{
	if (cause != CAUSE_NONE)
		load_request_fail(request, why);
	return cause;
}

static bool
ranges_overlap(const struct load_range *range, uint32_t at, uint64_t size)
{
	return at < (uint64_t)range->at + range->size && range->at < at + size;
}

static bool
has_asked_to_erase(const struct load_request *request, uint32_t at, uint64_t size)
{
	if (ranges_overlap(&request->refused, at, size))
		return true;
	for (size_t i = 0; i < request->ranges_len; i++)
		if (ranges_overlap(&request->ranges[i], at, size))
			return true;
	return false;
}

/* gdb erases one run of equal sectors after the other, in order: ranges that touch are one. */
static enum cause
add_range(struct load_request *request, uint32_t at, uint32_t size, struct reason *why)
{
	struct load_range *last =
		request->ranges_len == 0 ? NULL : &request->ranges[request->ranges_len - 1];

	if (last != NULL && (uint64_t)last->at + last->size == at) {
		last->size += size;
		return CAUSE_NONE;
	}
	if (request->ranges_len == LOAD_MAX_RANGES)
		return reason_begin(why, CAUSE_REQUEST,
				    "more than %d separate ranges are to be erased",
				    LOAD_MAX_RANGES);
	request->ranges[request->ranges_len++] = (struct load_range){ at, size };
	return CAUSE_NONE;
}

static enum cause
check_in_flash(struct board *board, const char *what, uint32_t at, uint64_t size,
	       struct reason *why)
{
	struct geometry geometry;
	enum cause cause = geometry_read(board, &geometry, why);

	if (cause == CAUSE_NONE)
		cause = geometry_check(&geometry, board, at, size, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "%s %llu bytes at 0x%08x", what, (unsigned long long)size,
			    (unsigned)at);
}

enum cause
load_request_erase(struct load_request *request, struct board *board, uint32_t at,
		   uint64_t size, struct reason *why)
{
	enum cause cause;

	if (has_failed(request) && has_asked_to_erase(request, at, size))
		load_request_clear(request);
	cause = check_in_flash(board, "erasing", at, size, why);
	if (cause == CAUSE_NONE)
		cause = add_range(request, at, (uint32_t)size, why);
	if (cause != CAUSE_NONE && !has_failed(request))
		request->refused =
			(struct load_range){ at, size > UINT32_MAX ? UINT32_MAX
								   : (uint32_t)size };
	return part_ended(request, cause, why);
}

enum cause
load_request_write(struct load_request *request, struct board *board, uint32_t at,
		   const void *bytes, uint32_t size, struct reason *why)
{
	enum cause cause = check_in_flash(board, "programming", at, size, why);

	if (cause == CAUSE_NONE)
		cause = image_add(&request->image, at, bytes, size, why);
	return part_ended(request, cause, why);
}

enum cause
load_request_take(struct load_request *request, struct load_request *taken,
		  struct reason *why)
{
	load_request_init(taken);
	if (!has_failed(request)) {
		*taken = *request;
		load_request_init(request);
		return CAUSE_NONE;
	}
	*why = request->failure;
	load_request_clear(request);
	return reason_while(why, "an earlier part of this load was refused");
}

bool
load_initial_sp(struct board *board, const struct image *image, uint32_t *sp)
{
	struct reason unknown = REASON_INIT; /* the load itself fails for it */
	struct geometry geometry;
	uint8_t word[4];

	if (geometry_read(board, &geometry, &unknown) != CAUSE_NONE ||
	    image_overlay(image, geometry.banks[0].base, word, sizeof(word)) !=
		    sizeof(word))
		return false;
	*sp = le32_get(word);
	return true;
}
