/* SPDX-License-Identifier: MIT */
#include "transport/probe/probe_choose.h"

#include "transport/base/bytes.h"
#include "transport/probe/stlink/stlink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct reason why;
static struct probe_candidate found[4];
static size_t found_len;

static void
plug(uint16_t product, const char *serial, const char *where)
{
	struct probe_candidate *next = &found[found_len++];

	const struct stlink_model *model = stlink_model_find(STLINK_VENDOR, product);

	assert_non_null(model);
	*next = stlink_candidate(model, serial, where);
}

static int
unplug_all(void **state)
{
	(void)state;
	memset(found, 0, sizeof(found));
	found_len = 0;
	why = (struct reason)REASON_INIT;
	return 0;
}

static enum cause
choose(const char *serial, size_t *chosen)
{
	return probe_choose(&probe_choice_stlink, found, found_len, serial, "on USB",
			    chosen, &why);
}

static void
the_only_one_is_taken(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x374b, "0671FF", "USB 1-4");
	assert_int_equal(choose("", &chosen), CAUSE_NONE);
	assert_int_equal(chosen, 0);
}

static void
the_beginning_of_a_serial_is_enough(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x374b, "0671FF", "USB 1-4");
	plug(0x374e, "0037AB", "USB 1-5");
	assert_int_equal(choose("00", &chosen), CAUSE_NONE);
	assert_int_equal(chosen, 1);
}

static void
a_whole_serial_wins_over_one_it_begins(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x374b, "0671FF", "USB 1-4");
	plug(0x374b, "0671", "USB 1-5");
	assert_int_equal(choose("0671", &chosen), CAUSE_NONE);
	assert_int_equal(chosen, 1);
}

static void
several_are_refused_and_listed(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x374b, "0671FF", "USB 1-4");
	plug(0x3748, "", "USB 1-5");
	assert_int_equal(choose("", &chosen), CAUSE_REQUEST);
	assert_string_equal(
		reason_root(&why),
		"several ST-LINKs on USB could be meant: ST-LINK/V2-1 0671FF (USB "
		"1-4), ST-LINK/V2 of unknown serial (USB 1-5)");
	assert_non_null(strstr(reason_remedy(&why), "--probe stlink:SERIAL"));
}

static void
none_at_all_says_where_was_looked(void **state)
{
	size_t chosen;

	(void)state;
	assert_int_equal(choose("", &chosen), CAUSE_GONE);
	assert_string_equal(reason_root(&why), "there is no ST-LINK on USB");
	assert_non_null(strstr(reason_remedy(&why), "cable"));
}

static void
none_of_that_serial_says_which_there_are(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x374b, "0671FF", "USB 1-4");
	assert_int_equal(choose("9", &chosen), CAUSE_GONE);
	assert_string_equal(
		reason_root(&why),
		"no ST-LINK on USB has a serial that begins with \"9\"; there is: "
		"ST-LINK/V2-1 0671FF (USB 1-4)");
	assert_string_equal(reason_remedy(&why),
			    "plug it in, or name the one that is there: --probe 0671FF");
}

static void
a_loader_is_named_as_such_unless_there_is_a_better_one(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x374d, "0037AB", "USB 1-5");
	assert_int_equal(choose("", &chosen), CAUSE_UNSUPPORTED);
	assert_non_null(strstr(reason_root(&why), "firmware-update loader"));
	assert_non_null(strstr(reason_remedy(&why), "STSW-LINK007"));
	plug(0x374b, "0671FF", "USB 1-4");
	assert_int_equal(choose("", &chosen), CAUSE_NONE);
	assert_int_equal(chosen, 1);
}

static void
a_first_generation_st_link_is_refused_with_a_remedy(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x3744, "1", "USB 1-5");
	assert_int_equal(choose("", &chosen), CAUSE_UNSUPPORTED);
	assert_non_null(strstr(reason_remedy(&why), "ST-LINK/V2"));
}

static void
one_is_chosen_by_its_id(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x374b, "0671FF", "USB 1-4");
	plug(0x374e, "0037AB", "USB 1-5");
	assert_int_equal(choose("0483:374E", &chosen), CAUSE_NONE);
	assert_int_equal(chosen, 1);
	assert_int_equal(choose("0483:3748", &chosen), CAUSE_GONE);
	assert_non_null(strstr(reason_root(&why),
			       "no ST-LINK on USB has the id \"0483:3748\"; there is: "));
}

static void
one_is_chosen_by_its_place_which_is_printed_in_full(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x374b, "0671FF", "USB 1-4.2");
	plug(0x374b, "0671FF", "USB 1-4");
	strcpy(found[0].path, "1-4.2");
	strcpy(found[1].path, "1-4");
	assert_int_equal(choose("1-4", &chosen), CAUSE_NONE);
	assert_int_equal(chosen, 1);
	assert_int_equal(choose("1-4.2", &chosen), CAUSE_NONE);
	assert_int_equal(chosen, 0);
	assert_int_equal(choose("1-7", &chosen), CAUSE_GONE);
	assert_non_null(strstr(reason_root(&why), "is plugged in at \"1-7\""));
}

static void
two_of_one_id_are_refused_and_listed(void **state)
{
	size_t chosen;

	(void)state;
	plug(0x374b, "0671FF", "USB 1-4");
	plug(0x374b, "0672FF", "USB 1-5");
	assert_int_equal(choose("0483:374b", &chosen), CAUSE_REQUEST);
	assert_non_null(strstr(reason_remedy(&why), "its place (1-4.2)"));
}

static void
other_devices_are_no_st_links(void **state)
{
	(void)state;
	assert_null(stlink_model_find(0x0483, 0xdf11));
	assert_null(stlink_model_find(0x0d28, 0x374b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_only_one_is_taken, unplug_all),
		cmocka_unit_test_setup(the_beginning_of_a_serial_is_enough, unplug_all),
		cmocka_unit_test_setup(a_whole_serial_wins_over_one_it_begins, unplug_all),
		cmocka_unit_test_setup(several_are_refused_and_listed, unplug_all),
		cmocka_unit_test_setup(none_at_all_says_where_was_looked, unplug_all),
		cmocka_unit_test_setup(none_of_that_serial_says_which_there_are,
				       unplug_all),
		cmocka_unit_test_setup(
			a_loader_is_named_as_such_unless_there_is_a_better_one, unplug_all),
		cmocka_unit_test_setup(a_first_generation_st_link_is_refused_with_a_remedy,
				       unplug_all),
		cmocka_unit_test_setup(one_is_chosen_by_its_id, unplug_all),
		cmocka_unit_test_setup(one_is_chosen_by_its_place_which_is_printed_in_full,
				       unplug_all),
		cmocka_unit_test_setup(two_of_one_id_are_refused_and_listed, unplug_all),
		cmocka_unit_test(other_devices_are_no_st_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
