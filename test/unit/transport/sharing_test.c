/* SPDX-License-Identifier: MIT */
#include "transport/probe/sharing.h"

#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MS = 1000 };

static uint64_t now_us;
static struct probe probe;
static struct sharing sharing;
static struct reason why;
static unsigned one, two;

static uint64_t
tell_time(struct clock *clock)
{
	(void)clock;
	return now_us;
}

static uint32_t
clock_hz(struct probe *of)
{
	(void)of;
	return 4000000;
}

static enum cause
limit_clock(struct probe *of, uint32_t hz, struct reason *problem)
{
	(void)of;
	(void)hz;
	(void)problem;
	return CAUSE_NONE;
}

static enum cause
leave(struct probe *of, struct reason *problem)
{
	(void)of;
	(void)problem;
	return CAUSE_NONE;
}

static bool
pulls_nrst(struct probe *of)
{
	(void)of;
	return false;
}

static int
share(void **state)
{
	static const struct sharing_ops ops = { .clock_hz = clock_hz,
						.limit_clock = limit_clock,
						.owner_pulls_nrst = pulls_nrst,
						.leave = leave };
	static struct clock clock = { .now_us = tell_time };

	(void)state;
	now_us = 0;
	why = (struct reason)REASON_INIT;
	probe = (struct probe){ .clock = &clock };
	sharing = (struct sharing){ .is_owner_there = true };
	assert_int_equal(
		sharing_take(&sharing, &ops, &probe, sizeof(struct sharing_user), &why),
		CAUSE_NONE);
	assert_true(sharing_join(&sharing, sizeof(struct sharing_user), &one));
	assert_true(sharing_join(&sharing, sizeof(struct sharing_user), &two));
	return 0;
}

static int
end(void **state)
{
	(void)state;
	for (unsigned i = SHARING_OWNER + 1; i < SHARING_USERS; i++)
		if (sharing.users[i] != NULL)
			sharing_leave(&sharing, i);
	sharing_end(&sharing);
	return 0;
}

static enum probe_claim_verdict
wish(unsigned number, enum probe_claim_wish what, struct probe_claim *claim)
{
	*claim = (struct probe_claim){ .process = 100 + number,
				       .done_permille = 370,
				       .what = "programming flash" };
	sharing_hear(&sharing, number);
	return sharing_claim(&sharing, number, what, claim);
}

static void
a_claim_keeps_the_others_out_and_says_whose_it_is(void **state)
{
	struct probe_claim claim;

	(void)state;
	assert_int_equal(wish(one, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(one, PROBE_CLAIM_KEEP, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(two, PROBE_CLAIM_LOOK, &claim), PROBE_CLAIM_HELD);
	assert_int_equal(claim.process, 100 + one);
	assert_int_equal(probe_claim(&probe, PROBE_CLAIM_TAKE, "resetting", 0, &why),
			 CAUSE_REQUEST);
	assert_string_equal(
		reason_root(&why),
		"programming flash is under way in another tether, pid 101 (37 % done)");
	assert_string_equal(reason_remedy(&why), "wait until it is finished");
	assert_int_equal(wish(one, PROBE_CLAIM_DROP, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(probe_claim(&probe, PROBE_CLAIM_TAKE, "resetting", 0, &why),
			 CAUSE_NONE);
	assert_int_equal(wish(two, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_HELD);
	assert_string_equal(claim.what, "resetting");
}

static void
a_program_that_looks_has_claimed_nothing(void **state)
{
	struct probe_claim claim;

	(void)state;
	assert_int_equal(wish(one, PROBE_CLAIM_LOOK, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(two, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(two, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
}

static void
a_claim_ends_with_its_program(void **state)
{
	struct probe_claim claim;

	(void)state;
	assert_int_equal(wish(one, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
	sharing_leave(&sharing, one);
	assert_int_equal(wish(two, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
}

static void
a_claim_of_a_program_that_stands_still_is_given_up_after_five_seconds(void **state)
{
	struct probe_claim claim;

	(void)state;
	assert_int_equal(wish(one, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
	now_us += 5000 * MS;
	assert_int_equal(wish(two, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_HELD);
	now_us += MS;
	assert_int_equal(wish(two, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(one, PROBE_CLAIM_KEEP, &claim), PROBE_CLAIM_LOST);
	assert_int_equal(wish(one, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_HELD);
	assert_int_equal(claim.process, 100 + two);
}

static void
a_program_that_stood_still_goes_on_when_nobody_wanted_its_claim(void **state)
{
	struct probe_claim claim;

	(void)state;
	assert_int_equal(wish(one, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
	now_us += 60000 * MS;
	assert_int_equal(wish(one, PROBE_CLAIM_KEEP, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(two, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_HELD);
}

static void
the_owner_of_the_probe_never_stands_still(void **state)
{
	struct probe_claim claim;

	(void)state;
	assert_int_equal(probe_claim(&probe, PROBE_CLAIM_TAKE, "erasing flash", 0, &why),
			 CAUSE_NONE);
	now_us += 60000 * MS;
	assert_int_equal(wish(one, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_HELD);
	assert_string_equal(claim.what, "erasing flash");
}

static enum probe_claim_verdict
ask_owner(struct probe_claim *by)
{
	enum probe_claim_verdict verdict;

	assert_int_equal(probe_claim_news(&probe, &verdict, by, &why), CAUSE_NONE);
	return verdict;
}

static void
assert_described(const struct probe_claim *by, const char *expected)
{
	char buffer[128];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	probe_claim_describe(by, &words);
	assert_string_equal(buffer, expected);
}

static void
a_reset_is_news_to_each_of_the_others_once(void **state)
{
	struct probe_claim claim;

	(void)state;
	assert_int_equal(wish(one, PROBE_CLAIM_HAS_RESET, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(one, PROBE_CLAIM_ASK_NEWS, &claim), PROBE_CLAIM_GRANTED);
	assert_true(sharing_has_news(&sharing));
	assert_int_equal(ask_owner(&claim), PROBE_CLAIM_NEWS);
	assert_described(&claim, "another tether (pid 101, programming flash)");
	assert_int_equal(ask_owner(&claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(two, PROBE_CLAIM_ASK_NEWS, &claim), PROBE_CLAIM_NEWS);
	assert_int_equal(wish(two, PROBE_CLAIM_ASK_NEWS, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(probe_claim(&probe, PROBE_CLAIM_HAS_RESET, "resetting", 0, &why),
			 CAUSE_NONE);
	assert_int_equal(wish(two, PROBE_CLAIM_ASK_NEWS, &claim), PROBE_CLAIM_NEWS);
	assert_string_equal(claim.what, "resetting");
}

static void
a_reset_is_news_when_the_claim_it_belongs_to_has_ended(void **state)
{
	struct probe_claim claim;

	(void)state;
	assert_int_equal(wish(one, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(one, PROBE_CLAIM_HAS_RESET, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(ask_owner(&claim), PROBE_CLAIM_HELD);
	assert_int_equal(claim.process, 101);
	sharing_leave(&sharing, one);
	assert_int_equal(ask_owner(&claim), PROBE_CLAIM_NEWS);
}

/* What is no tether says nothing by itself. */
static void
a_command_that_resets_is_news_with_the_name_of_its_program(void **state)
{
	struct probe_claim claim;

	(void)state;
	sharing_name(&sharing, one, "127.0.0.1:40112");
	sharing_note_reset(&sharing, sharing.users[one], "RESETSYS");
	assert_int_equal(ask_owner(&claim), PROBE_CLAIM_NEWS);
	assert_described(&claim, "another program that shares the probe (127.0.0.1:40112, "
				 "by RESETSYS)");
}

static void
a_program_that_changes_what_another_has_claimed_is_known_to_that_one(void **state)
{
	struct probe_claim claim;

	(void)state;
	sharing_name(&sharing, two, "127.0.0.1:40112");
	sharing_note_deed(&sharing, sharing.users[two], "WRITEREG");
	now_us += 501 * MS;
	assert_int_equal(wish(one, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(one, PROBE_CLAIM_ASK_DEEDS, &claim), PROBE_CLAIM_GRANTED);
	sharing_note_deed(&sharing, sharing.users[two], "WRITEMEM_32BIT");
	assert_int_equal(wish(one, PROBE_CLAIM_ASK_DEEDS, &claim), PROBE_CLAIM_NEWS);
	assert_described(&claim, "another program that shares the probe (127.0.0.1:40112, "
				 "by WRITEMEM_32BIT)");
	assert_false(probe_claim_deeds(&probe, &claim));
	/* The next claim begins with nothing. */
	now_us += 501 * MS;
	assert_int_equal(wish(one, PROBE_CLAIM_DROP, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(one, PROBE_CLAIM_TAKE, &claim), PROBE_CLAIM_GRANTED);
	assert_int_equal(wish(one, PROBE_CLAIM_ASK_DEEDS, &claim), PROBE_CLAIM_GRANTED);
}

/* Older ones took every byte behind the first for nothing. */
static void
an_older_owner_takes_the_question_for_a_look(void **state)
{
	uint8_t bytes[PROBE_CLAIM_SIZE] = { PROBE_CLAIM_LOOK, PROBE_CLAIM_ASK_NEWS };

	(void)state;
	assert_int_equal(probe_claim_wish_of(bytes), PROBE_CLAIM_ASK_NEWS);
	bytes[1] = PROBE_CLAIM_WISHES;
	assert_int_equal(sharing_claim_bytes(&sharing, one, bytes, &why), CAUSE_REQUEST);
}

/* They come from another program, which may be anything. */
static void
bytes_that_are_no_wish_are_refused_and_words_are_made_harmless(void **state)
{
	uint8_t bytes[PROBE_CLAIM_SIZE];
	struct probe_claim claim;

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(sharing_claim_bytes(&sharing, one, bytes, &why), CAUSE_REQUEST);
	assert_string_equal(reason_root(&why), "255 is no wish for a claim");
	memset(bytes, '\n', sizeof(bytes));
	bytes[0] = PROBE_CLAIM_TAKE;
	bytes[1] = 0;
	assert_int_equal(sharing_claim_bytes(&sharing, one, bytes, &why), CAUSE_NONE);
	assert_int_equal(wish(two, PROBE_CLAIM_LOOK, &claim), PROBE_CLAIM_HELD);
	assert_int_equal(strlen(claim.what), PROBE_CLAIM_WORDS - 1);
	assert_int_equal(claim.what[0], '?');
}

#define shared(test) cmocka_unit_test_setup_teardown(test, share, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		shared(a_claim_keeps_the_others_out_and_says_whose_it_is),
		shared(a_program_that_looks_has_claimed_nothing),
		shared(a_claim_ends_with_its_program),
		shared(a_claim_of_a_program_that_stands_still_is_given_up_after_five_seconds),
		shared(a_program_that_stood_still_goes_on_when_nobody_wanted_its_claim),
		shared(the_owner_of_the_probe_never_stands_still),
		shared(a_reset_is_news_to_each_of_the_others_once),
		shared(a_reset_is_news_when_the_claim_it_belongs_to_has_ended),
		shared(a_command_that_resets_is_news_with_the_name_of_its_program),
		shared(a_program_that_changes_what_another_has_claimed_is_known_to_that_one),
		shared(an_older_owner_takes_the_question_for_a_look),
		shared(bytes_that_are_no_wish_are_refused_and_words_are_made_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
