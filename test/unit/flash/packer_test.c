/* SPDX-License-Identifier: MIT */
/* What is packed here is what the code for the chip unpacks, and what is not so it notices. */
#include "flash/load/packer.h"

#include "flash/algorithms/unpack_code.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGE = 2048, RUN = 40 * PAGE + 130, RUN_AT = 0x08000000 };

/* Blocks of their exact sizes: ASan sees an access outside of one. */
struct bench {
	struct packer *packer;
	struct unpacking *model;
	uint8_t *run;   /* what is wanted */
	uint8_t *flash; /* what has been unpacked of it */
	uint32_t sent;  /* bytes */
	unsigned resets, plain;
	uint32_t random;
};

static uint32_t
next_random(struct bench *bench)
{
	bench->random = bench->random * 1664525 + 1013904223;
	return bench->random >> 8;
}

static int
set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->packer = packer_new(RUN);
	bench->model = malloc(sizeof(*bench->model));
	bench->run = malloc(RUN);
	bench->flash = malloc(RUN);
	assert_true(bench->packer != NULL && bench->model != NULL && bench->run != NULL &&
		    bench->flash != NULL);
	*state = bench;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *bench = *state;

	packer_free(bench->packer);
	free(bench->model);
	free(bench->run);
	free(bench->flash);
	free(bench);
	return 0;
}

/* What was there before, of any length, and calls: as code is. */
static void
make_code(struct bench *bench, uint32_t from, uint32_t end)
{
	while (from < end) {
		uint32_t back =
			from > 64 ? 2 + 2 * (next_random(bench) % (from / 2 - 1)) : 0;
		uint32_t length = back == 0 || next_random(bench) % 3 == 0
					  ? 2
					  : 2 + next_random(bench) % 12;

		if (from % 2 == 0 && from + 4 <= end && next_random(bench) % 8 == 0) {
			uint32_t call = unpack_moved_call(
				0xf800f000u, (next_random(bench) % 8 * 1000 - from) / 2);

			le32_put(bench->run + from, call);
			from += 4;
			continue;
		}
		for (; length > 0 && from < end; length--, from++)
			bench->run[from] = back != 0 ? bench->run[from - back]
						     : (uint8_t)next_random(bench);
	}
}

static void
make_random(struct bench *bench, uint32_t from, uint32_t end)
{
	for (; from < end; from++)
		bench->run[from] = (uint8_t)next_random(bench);
}

/* What the page that is unpacked goes to. */
static uint8_t *flash_now;

static uint32_t
program_part(const struct unpacked_page *page)
{
	memcpy(flash_now + (page->at - RUN_AT), page->bytes, page->size);
	return 0;
}

static void
feed(const struct unpacked_page *page)
{
	assert_true(page->done <= page->size && page->size <= UNPACK_PART);
}

/* As Unpack does, into flash that ends where the page does. False: it is damaged. */
static bool
unpack(struct bench *bench, uint32_t at, uint32_t size, const struct packed_page *packed)
{
	uint8_t *sent = malloc(packed->size), *part = malloc(UNPACK_PART);
	uint8_t *flash = malloc(at + size);
	struct unpacked_page page = { .model = bench->model,
				      .at = RUN_AT + at,
				      .flash = flash + at,
				      .window = at,
				      .bytes = part,
				      .left = size };
	uint32_t status;

	assert_non_null(sent);
	assert_non_null(part);
	assert_non_null(flash);
	flash_now = flash;
	memcpy(sent, packed->bytes, packed->size);
	memcpy(flash, bench->flash, at);
	if (packed->resets)
		unpack_reset(bench->model);
	status = unpack_page(&page, sent, packed->size);
	assert_true(status == 0 || status == ALGORITHM_DAMAGED);
	assert_memory_equal(flash, bench->flash, at);
	if (status == 0)
		memcpy(bench->flash + at, flash + at, size);
	free(sent);
	free(part);
	free(flash);
	return status == 0;
}

static void
pack(struct bench *bench, uint32_t at, uint32_t size, struct packed_page *packed)
{
	struct reason why = REASON_INIT;

	assert_int_equal(
		packer_add(bench->packer, RUN_AT + at, bench->run + at, size, packed, &why),
		CAUSE_NONE);
	bench->sent += packed->size != 0 ? packed->size : size;
	bench->resets += packed->size != 0 && packed->resets;
	bench->plain += packed->size == 0;
}

static void
begin(struct bench *bench)
{
	struct reason why = REASON_INIT;

	assert_int_equal(packer_begin(bench->packer, &why), CAUSE_NONE);
	bench->sent = bench->resets = bench->plain = 0;
}

static void
send_run(struct bench *bench)
{
	struct packed_page packed;

	begin(bench);
	memset(bench->flash, 0xff, RUN);
	for (uint32_t at = 0; at < RUN; at += PAGE) {
		uint32_t size = RUN - at < PAGE ? RUN - at : PAGE;

		pack(bench, at, size, &packed);
		if (packed.size == 0)
			memcpy(bench->flash + at, bench->run + at, size);
		else
			assert_true(unpack(bench, at, size, &packed));
	}
	assert_memory_equal(bench->flash, bench->run, RUN);
}

static void
a_run_arrives_as_it_was_packed_and_is_smaller(void **state)
{
	struct bench *bench = *state;

	make_code(bench, 0, RUN);
	send_run(bench);
	assert_int_equal(bench->resets, 1);
	assert_int_equal(bench->plain, 0);
	assert_in_range(bench->sent, RUN / 4, RUN * 9 / 10);
}

static void
what_does_not_shrink_travels_as_it_is_and_what_follows_is_packed(void **state)
{
	struct bench *bench = *state;

	make_code(bench, 0, RUN);
	make_random(bench, 3 * PAGE, 5 * PAGE);
	send_run(bench);
	assert_int_equal(bench->plain, 2);
	assert_int_equal(bench->resets, 2);
}

static void
a_run_that_begins_with_what_does_not_shrink_arrives_as_well(void **state)
{
	struct bench *bench = *state;

	make_code(bench, 0, RUN);
	make_random(bench, 0, PAGE);
	send_run(bench);
	assert_int_equal(bench->plain, 1);
}

static void
a_second_run_knows_nothing_of_the_first(void **state)
{
	struct bench *bench = *state;

	make_code(bench, 0, RUN);
	send_run(bench);
	send_run(bench);
	assert_int_equal(bench->resets, 1);
}

/* ASan watches for what they read and write outside of their blocks. */
static void
one_wrong_byte_is_noticed_and_writes_nothing_outside_the_page(void **state)
{
	struct bench *bench = *state;
	struct packed_page first, second, wrong;
	struct unpacking after_first;
	unsigned unnoticed = 0;

	make_code(bench, 0, RUN);
	begin(bench);
	pack(bench, 0, PAGE, &first);
	pack(bench, PAGE, PAGE, &second);
	assert_true(unpack(bench, 0, PAGE, &first));
	after_first = *bench->model;
	for (uint32_t i = 0; i < second.size; i++) {
		*bench->model = after_first;
		wrong = second;
		wrong.bytes[i] ^= (uint8_t)(1 + next_random(bench) % 255);
		unnoticed += unpack(bench, PAGE, PAGE, &wrong);
	}
	/* Of the zeros that fill the last word. */
	assert_in_range(unnoticed, 0, 3);
}

static void
noise_is_noticed_and_writes_nothing_outside_the_page(void **state)
{
	struct bench *bench = *state;
	struct packed_page noise;

	for (unsigned i = 0; i < 2000; i++) {
		noise.size = 5 + next_random(bench) % 300;
		noise.resets = i % 2 == 0 || i == 0;
		for (uint32_t j = 0; j < noise.size; j++)
			noise.bytes[j] = (uint8_t)next_random(bench);
		noise.bytes[0] = 0;
		assert_false(unpack(bench, (i % 3) * PAGE, PAGE, &noise));
	}
}

static void
a_page_that_lacks_its_end_is_noticed(void **state)
{
	struct bench *bench = *state;
	struct packed_page packed, cut;

	make_code(bench, 0, RUN);
	begin(bench);
	pack(bench, 0, PAGE, &packed);
	for (uint32_t size = 5; size < packed.size - 3; size++) {
		cut = packed;
		cut.size = size;
		assert_false(unpack(bench, 0, PAGE, &cut));
	}
}

#define BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(a_run_arrives_as_it_was_packed_and_is_smaller),
		BENCH(what_does_not_shrink_travels_as_it_is_and_what_follows_is_packed),
		BENCH(a_run_that_begins_with_what_does_not_shrink_arrives_as_well),
		BENCH(a_second_run_knows_nothing_of_the_first),
		BENCH(one_wrong_byte_is_noticed_and_writes_nothing_outside_the_page),
		BENCH(noise_is_noticed_and_writes_nothing_outside_the_page),
		BENCH(a_page_that_lacks_its_end_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
