/* SPDX-License-Identifier: MIT */
#include "flash/load/image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SPACE = 4096, BASE = 0x08000000 };

/* What an image should hold, the simple way. */
struct reference {
	uint8_t bytes[SPACE];
	bool is_there[SPACE];
};

static void
add(struct image *image, uint32_t at, const void *bytes, uint32_t size)
{
	struct reason why = REASON_INIT;

	assert_int_equal(image_add(image, at, bytes, size, &why), CAUSE_NONE);
}

static void
assert_runs_are_in_order(const struct image *image)
{
	uint64_t total = 0;

	for (size_t i = 0; i < image->len; i++) {
		assert_true(image->runs[i].size > 0);
		if (i > 0)
			assert_true((uint64_t)image->runs[i - 1].at +
					    image->runs[i - 1].size <
				    image->runs[i].at);
		total += image->runs[i].size;
	}
	assert_int_equal(total, image->bytes_total);
}

static void
assert_equal_to(const struct image *image, const struct reference *reference)
{
	uint8_t found[SPACE], wanted[SPACE];
	uint32_t held = 0;

	memset(found, 0xee, sizeof(found));
	for (unsigned i = 0; i < SPACE; i++) {
		held += reference->is_there[i];
		wanted[i] = reference->is_there[i] ? reference->bytes[i] : 0xee;
	}
	assert_int_equal(image_overlay(image, BASE, found, SPACE), held);
	assert_memory_equal(found, wanted, SPACE);
	assert_int_equal(image->bytes_total, held);
	assert_runs_are_in_order(image);
}

static void
add_at_random(struct image *image, struct reference *reference)
{
	uint8_t bytes[64];
	uint32_t size = (uint32_t)rand() % sizeof(bytes);
	uint32_t offset = (uint32_t)rand() % (SPACE - sizeof(bytes));

	for (uint32_t i = 0; i < size; i++) {
		bytes[i] = (uint8_t)rand();
		reference->bytes[offset + i] = bytes[i];
		reference->is_there[offset + i] = true;
	}
	add(image, BASE + offset, bytes, size);
}

static void
bytes_added_in_any_order_are_all_there_and_later_ones_win(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++) {
		struct reference *reference = calloc(1, sizeof(*reference));
		struct image image;

		assert_non_null(reference);
		srand(seed);
		image_init(&image);
		for (int i = 0; i < 200; i++) {
			add_at_random(&image, reference);
			assert_equal_to(&image, reference);
		}
		image_clear(&image);
		free(reference);
	}
}

static void
what_touches_becomes_one_run(void **state)
{
	struct image image;

	(void)state;
	image_init(&image);
	add(&image, 0x100, "abcd", 4);
	add(&image, 0x108, "ijkl", 4);
	assert_int_equal(image.len, 2);
	add(&image, 0x104, "efgh", 4);
	assert_int_equal(image.len, 1);
	assert_int_equal(image.runs[0].at, 0x100);
	assert_int_equal(image.runs[0].size, 12);
	assert_memory_equal(image.runs[0].bytes, "abcdefghijkl", 12);
	image_clear(&image);
	assert_int_equal(image.len, 0);
}

static void
a_long_sequence_of_small_pieces_is_one_run(void **state)
{
	uint8_t piece[1021];
	struct image image;

	(void)state;
	memset(piece, 0x5a, sizeof(piece));
	image_init(&image);
	for (uint32_t i = 0; i < 512; i++)
		add(&image, BASE + i * (uint32_t)sizeof(piece), piece, sizeof(piece));
	assert_int_equal(image.len, 1);
	assert_int_equal(image.bytes_total, 512 * sizeof(piece));
	image_clear(&image);
}

static void
the_last_bytes_of_the_address_space_can_be_had_and_no_more(void **state)
{
	struct reason why = REASON_INIT;
	uint8_t bytes[4] = { 1, 2, 3, 4 };
	uint8_t found[4] = { 0 };
	struct image image;

	(void)state;
	image_init(&image);
	add(&image, 0xfffffffc, bytes, 4);
	add(&image, 0, bytes, 4);
	assert_int_equal(image.len, 2);
	assert_int_equal(image_overlay(&image, 0xfffffffe, found, 2), 2);
	assert_memory_equal(found, &bytes[2], 2);
	assert_int_equal(image_add(&image, 0xfffffffd, bytes, 4, &why), CAUSE_REQUEST);
	assert_string_equal(
		reason_root(&why),
		"4 bytes at 0xfffffffd reach past the end of the address space");
	image_clear(&image);
}

static void
an_image_that_is_too_large_is_refused_and_left_as_it_was(void **state)
{
	uint8_t *big = calloc(1, IMAGE_MAX_BYTES);
	struct reason why = REASON_INIT;
	struct image image;

	(void)state;
	assert_non_null(big);
	image_init(&image);
	add(&image, BASE, big, IMAGE_MAX_BYTES);
	assert_int_equal(image_add(&image, BASE + IMAGE_MAX_BYTES, big, 1, &why),
			 CAUSE_REQUEST);
	assert_string_equal(reason_root(&why),
			    "the image has more than 16 MiB, which is the most taken");
	assert_int_equal(image_add(&image, BASE + 1, big, 16, &why), CAUSE_NONE);
	assert_int_equal(image.bytes_total, IMAGE_MAX_BYTES);
	image_clear(&image);
	free(big);
}

static void
an_image_of_too_many_pieces_is_refused(void **state)
{
	struct reason why = REASON_INIT;
	struct image image;

	(void)state;
	image_init(&image);
	for (uint32_t i = 0; i < IMAGE_MAX_RUNS; i++)
		add(&image, BASE + 2 * i, "x", 1);
	assert_int_equal(
		image_add(&image, BASE + 2 * IMAGE_MAX_RUNS, (const uint8_t *)"x", 1, &why),
		CAUSE_REQUEST);
	assert_string_equal(reason_root(&why),
			    "the image has more than 1024 separate pieces");
	image_clear(&image);
}

static void
it_knows_which_ranges_it_touches(void **state)
{
	struct image image;

	(void)state;
	image_init(&image);
	assert_false(image_touches(&image, 0, UINT32_MAX));
	add(&image, 0x100, "abcd", 4);
	assert_false(image_touches(&image, 0x80, 0x80));
	assert_true(image_touches(&image, 0x80, 0x81));
	assert_true(image_touches(&image, 0x103, 1));
	assert_false(image_touches(&image, 0x104, 0x1000));
	image_clear(&image);
}

static void
assert_piece(const struct image *image, uint64_t from, uint32_t at, uint32_t size)
{
	struct image_piece piece = { 0 };

	assert_true(image_next_piece(image, from, 8, 64, &piece));
	assert_int_equal(piece.at, at);
	assert_int_equal(piece.size, size);
}

static void
pieces_are_whole_units_and_end_with_the_page(void **state)
{
	uint8_t bytes[100] = { 0 };
	struct image_piece piece;
	struct image image;

	(void)state;
	image_init(&image);
	add(&image, 0x103, bytes, 2);   /* within one unit */
	add(&image, 0x10e, bytes, 1);   /* in the next: no unit between them */
	add(&image, 0x11f, bytes, 1);   /* a unit between them */
	add(&image, 0x13c, bytes, 100); /* over the ends of pages */
	assert_piece(&image, 0, 0x100, 16);
	assert_piece(&image, 0x110, 0x118, 8);
	assert_piece(&image, 0x120, 0x138, 8);
	assert_piece(&image, 0x140, 0x140, 64);
	assert_piece(&image, 0x180, 0x180, 32);
	assert_false(image_next_piece(&image, 0x1a0, 8, 64, &piece));
	image_clear(&image);
}

static void
a_piece_may_end_with_the_address_space(void **state)
{
	struct image image;

	(void)state;
	image_init(&image);
	add(&image, 0xfffffff1, "abc", 3);
	add(&image, 0xffffffff, "x", 1);
	assert_piece(&image, 0, 0xfffffff0, 16);
	image_clear(&image);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_added_in_any_order_are_all_there_and_later_ones_win),
		cmocka_unit_test(what_touches_becomes_one_run),
		cmocka_unit_test(a_long_sequence_of_small_pieces_is_one_run),
		cmocka_unit_test(
			the_last_bytes_of_the_address_space_can_be_had_and_no_more),
		cmocka_unit_test(an_image_that_is_too_large_is_refused_and_left_as_it_was),
		cmocka_unit_test(an_image_of_too_many_pieces_is_refused),
		cmocka_unit_test(it_knows_which_ranges_it_touches),
		cmocka_unit_test(pieces_are_whole_units_and_end_with_the_page),
		cmocka_unit_test(a_piece_may_end_with_the_address_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
