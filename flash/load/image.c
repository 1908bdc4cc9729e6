/* SPDX-License-Identifier: MIT */
#include "flash/load/image.h"

#include "transport/base/bytes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { RUN_CAPACITY_MIN = 256 };

static uint64_t
run_end(const struct image_run *run)
{
	return (uint64_t)run->at + run->size;
}

/* What is allocated for a run of that size; so a run that grows little by little, as one
 * that gdb sends does, is seldom moved. */
static size_t
run_capacity(uint64_t size)
{
	size_t capacity = RUN_CAPACITY_MIN;

	while (capacity < size)
		capacity *= 2;
	return capacity;
}

void
image_init(struct image *image)
{
	*image = (struct image){ 0 };
}

void
image_clear(struct image *image)
{
	for (size_t i = 0; i < image->len; i++)
		free(image->runs[i].bytes);
	free(image->runs);
	image_init(image);
}

/* The first run that ends behind `at`; len when there is none. */
static size_t
first_behind(const struct image *image, uint64_t at)
{
	size_t low = 0, high = image->len;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (run_end(&image->runs[middle]) > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool
make_room_for_run(struct image *image)
{
	size_t capacity = image->capacity == 0 ? 8 : 2 * image->capacity;
	struct image_run *runs;

	if (image->len < image->capacity)
		return true;
	runs = realloc(image->runs, capacity * sizeof(*runs));
	if (runs == NULL)
		return false;
	image->runs = runs;
	image->capacity = capacity;
	return true;
}

static enum cause
out_of_memory(struct reason *why, uint64_t size)
{
	return reason_begin(why, CAUSE_HOST,
			    "this computer has no memory for %llu bytes of image",
			    (unsigned long long)size);
}

/* A new run before runs[i]. */
static enum cause
insert_run(struct image *image, size_t i, uint32_t at, const uint8_t *bytes, uint32_t size,
	   struct reason *why)
{
	uint8_t *copy;

	if (image->len == IMAGE_MAX_RUNS)
		return reason_begin(why, CAUSE_REQUEST,
				    "the image has more than %d separate pieces",
				    IMAGE_MAX_RUNS);
	if (!make_room_for_run(image))
		return out_of_memory(why, image->len * sizeof(*image->runs));
	copy = malloc(run_capacity(size));
	if (copy == NULL)
		return out_of_memory(why, size);
	memcpy(copy, bytes, size);
	memmove(&image->runs[i + 1], &image->runs[i],
		(image->len - i) * sizeof(*image->runs));
	image->runs[i] = (struct image_run){ .at = at, .size = size, .bytes = copy };
	image->len++;
	image->bytes_total += size;
	return CAUSE_NONE;
}

/* Makes runs [i, end_i) and what is between them one run [at, at + size). */
static enum cause
merge_runs(struct image *image, size_t i, size_t end_i, uint32_t at, uint64_t size,
	   struct reason *why)
{
	uint8_t *bytes = malloc(run_capacity(size));

	if (bytes == NULL)
		return out_of_memory(why, size);
	for (size_t k = i; k < end_i; k++) {
		struct image_run *run = &image->runs[k];

		memcpy(bytes + (run->at - at), run->bytes, run->size);
		image->bytes_total -= run->size;
		free(run->bytes);
	}
	memmove(&image->runs[i + 1], &image->runs[end_i],
		(image->len - end_i) * sizeof(*image->runs));
	image->len -= end_i - i - 1;
	image->runs[i] =
		(struct image_run){ .at = at, .size = (uint32_t)size, .bytes = bytes };
	image->bytes_total += size;
	return CAUSE_NONE;
}

/* Makes run `i`, which begins where it should, reach to `end`. */
static enum cause
extend_run(struct image *image, size_t i, uint64_t end, struct reason *why)
{
	struct image_run *run = &image->runs[i];
	uint64_t size = end - run->at;

	if (size <= run->size)
		return CAUSE_NONE;
	if (run_capacity(size) != run_capacity(run->size)) {
		uint8_t *bytes = realloc(run->bytes, run_capacity(size));

		if (bytes == NULL)
			return out_of_memory(why, size);
		run->bytes = bytes;
	}
	image->bytes_total += size - run->size;
	run->size = (uint32_t)size;
	return CAUSE_NONE;
}

static enum cause
check_bounds(const struct image *image, uint32_t at, uint32_t size, uint64_t added,
	     struct reason *why)
{
	if ((uint64_t)at + size > (uint64_t)UINT32_MAX + 1)
		return reason_begin(
			why, CAUSE_REQUEST,
			"%u bytes at 0x%08x reach past the end of the address space",
			(unsigned)size, (unsigned)at);
	if (image->bytes_total + added > IMAGE_MAX_BYTES)
		return reason_begin(
			why, CAUSE_REQUEST,
			"the image has more than %d MiB, which is the most taken",
			IMAGE_MAX_BYTES / (1024 * 1024));
	return CAUSE_NONE;
}

/* How much [at, at + size) would add to what runs [i, end_i), which it meets, hold. */
static uint64_t
bytes_added(const struct image *image, size_t i, size_t end_i, uint64_t from, uint64_t to)
{
	uint64_t added = to - from;

	for (size_t k = i; k < end_i; k++)
		added -= image->runs[k].size;
	return added;
}

enum cause
image_add(struct image *image, uint32_t at, const uint8_t *bytes, uint32_t size,
	  struct reason *why)
{
	/* Runs that only touch are met as well: they become one. */
	size_t i = first_behind(image, at == 0 ? 0 : (uint64_t)at - 1);
	size_t end_i = i;
	uint64_t from = at, to = (uint64_t)at + size;
	enum cause cause;

	if (size == 0)
		return CAUSE_NONE;
	while (end_i < image->len && image->runs[end_i].at <= to)
		end_i++;
	if (end_i > i) {
		if (image->runs[i].at < from)
			from = image->runs[i].at;
		if (run_end(&image->runs[end_i - 1]) > to)
			to = run_end(&image->runs[end_i - 1]);
	}
	cause = check_bounds(image, at, size, bytes_added(image, i, end_i, from, to), why);
	if (cause != CAUSE_NONE)
		return cause;
	if (end_i == i)
		return insert_run(image, i, at, bytes, size, why);
	cause = end_i == i + 1 && image->runs[i].at == from
			? extend_run(image, i, to, why)
			: merge_runs(image, i, end_i, (uint32_t)from, to - from, why);
	if (cause == CAUSE_NONE)
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): merge_runs() has put another there */
		memcpy(image->runs[i].bytes + (at - from), bytes, size);
	return cause;
}

uint32_t
image_overlay(const struct image *image, uint32_t at, uint8_t *bytes, uint32_t size)
{
	uint64_t end = (uint64_t)at + size;
	uint32_t copied = 0;

	for (size_t i = first_behind(image, at); i < image->len; i++) {
		const struct image_run *run = &image->runs[i];
		uint64_t from = run->at > at ? run->at : at;
		uint64_t to = run_end(run) < end ? run_end(run) : end;

		if (from >= to)
			break;
		memcpy(bytes + (from - at), run->bytes + (from - run->at),
		       (size_t)(to - from));
		copied += (uint32_t)(to - from);
	}
	return copied;
}

bool
image_touches(const struct image *image, uint32_t at, uint32_t size)
{
	size_t i = first_behind(image, at);

	return i < image->len && image->runs[i].at < (uint64_t)at + size;
}

bool
image_next_piece(const struct image *image, uint64_t from, uint32_t align, uint32_t max,
		 struct image_piece *piece)
{
	size_t i = first_behind(image, from);
	uint64_t end, limit;

	if (i == image->len)
		return false;
	if (image->runs[i].at > from)
		from = image->runs[i].at;
	piece->at = align_down((uint32_t)from, align);
	limit = (uint64_t)align_down(piece->at, max) + max;
	end = piece->at;
	for (; i < image->len && align_down(image->runs[i].at, align) <= end; i++)
		end = (run_end(&image->runs[i]) + align - 1) / align * align;
	piece->size = (uint32_t)((end < limit ? end : limit) - piece->at);
	return true;
}

/* [at, at + size) lies in the address space. */
static enum cause
check_new(const struct image *image, uint32_t at, const uint8_t *bytes, uint32_t size,
	  struct reason *why)
{
	enum { PART = 256 };

	uint8_t had[PART];

	for (uint32_t done = 0; done < size; done += PART) {
		uint32_t len = size - done < PART ? size - done : PART;

		memcpy(had, bytes + done, len);
		image_overlay(image, at + done, had, len);
		for (uint32_t i = 0; i < len; i++)
			if (had[i] != bytes[done + i])
				return reason_begin(
					why, CAUSE_REQUEST,
					"two parts overlap: 0x%08x is to be 0x%02x, and "
					"0x%02x",
					(unsigned)(at + done + i), had[i], bytes[done + i]);
	}
	return CAUSE_NONE;
}

enum cause
image_add_new(struct image *image, uint32_t at, const uint8_t *bytes, uint32_t size,
	      struct reason *why)
{
	bool meets = (uint64_t)at + size <= (uint64_t)UINT32_MAX + 1 &&
		     image_touches(image, at, size);
	enum cause cause = meets ? check_new(image, at, bytes, size, why) : CAUSE_NONE;

	return cause == CAUSE_NONE ? image_add(image, at, bytes, size, why) : cause;
}
