/* SPDX-License-Identifier: MIT */
#include "transport/probe/stlink/share.h"

#include "test/unit/stlink_chat.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { V2J37 = 37 };

static struct chat chat;
static struct probe *probe;
static struct stlink_share share;
static struct reason why;
static unsigned one, two;
static uint8_t answer[STLINK_EXCHANGE_MAX];

static int
share_it(void **state)
{
	uint32_t hz = 4000000;

	(void)state;
	why = (struct reason)REASON_INIT;
	probe = chat_open(&chat, V2J37, clock_host());
	CHAT_GO_ON(&chat, SAY("f2 43 00 00", "80 00"));
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f5", "01 00"), SAY("f2 3c 01", "80 00"),
		   SAY("f2 43 00 00", "80 00"), SAY("f2 30 a3", "80 00"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
	share.common.is_owner_there = true;
	assert_int_equal(stlink_share_take(&share, probe, &why), CAUSE_NONE);
	assert_true(stlink_share_join(&share, &one));
	assert_true(stlink_share_join(&share, &two));
	chat_go_on(&chat, NULL, 0);
	return 0;
}

static int
end_it(void **state)
{
	(void)state;
	for (unsigned i = SHARING_OWNER + 1; i < SHARING_USERS; i++)
		if (share.common.users[i] != NULL)
			stlink_share_leave(&share, i);
	stlink_share_end(&share);
	chat_close(&chat, probe);
	return 0;
}

static size_t
parse(const char *words, uint8_t *bytes)
{
	size_t len = 0;

	for (; *words != '\0'; words += words[2] == ' ' ? 3 : 2)
		assert_true(hex_decode(&bytes[len++], words, 1));
	return len;
}

static enum cause
ask(unsigned client, const char *command, uint32_t size)
{
	struct stlink_share_request request = { .in = answer, .size = size };

	parse(command, request.command);
	memset(answer, 0xee, sizeof(answer));
	why = (struct reason)REASON_INIT;
	return stlink_share_exchange(&share, client, &request, &why);
}

static enum cause
send(unsigned client, const char *command, const char *data)
{
	uint8_t bytes[64];
	struct stlink_share_request request = { .out = bytes };

	parse(command, request.command);
	request.size = (uint32_t)parse(data, bytes);
	why = (struct reason)REASON_INIT;
	return stlink_share_exchange(&share, client, &request, &why);
}

static void
assert_answered(unsigned client, const char *command, const char *expected)
{
	uint8_t bytes[64];
	uint32_t size = (uint32_t)parse(expected, bytes);

	assert_int_equal(ask(client, command, size), CAUSE_NONE);
	assert_memory_equal(answer, bytes, size);
}

/* A chat that is over when nothing is said to the probe. */
static void
what_would_end_debug_mode_for_the_others_does_not_reach_the_probe(void **state)
{
	(void)state;
	assert_int_equal(ask(one, "f2 21", 0), CAUSE_NONE);
	assert_int_equal(ask(one, "f3 07", 0), CAUSE_NONE);
	assert_int_equal(ask(one, "f4 01", 0), CAUSE_NONE);
	assert_answered(one, "f2 4c 00", "80 00");
}

static void
swd_that_is_entered_is_not_entered_again(void **state)
{
	(void)state;
	assert_answered(one, "f2 30 a3", "80 00");
}

static void
jtag_and_swim_are_refused_as_a_probe_in_swd_refuses_them(void **state)
{
	(void)state;
	assert_answered(one, "f2 30 a4", "0e 00");
	assert_answered(one, "f2 30 00", "0e 00");
	assert_answered(one, "f4 09", "05 00 00 00");
}

static void
when_the_owner_has_lost_the_target_a_client_may_enter_and_leave(void **state)
{
	(void)state;
	share.common.is_owner_there = false;
	CHAT_GO_ON(&chat, SAY("f2 30 a3", "80 00"));
	assert_answered(one, "f2 30 a3", "80 00");
	CHAT_GO_ON(&chat, SAY("f2 30 a3", "80 00"));
	assert_answered(two, "f2 30 a3", "80 00");
	chat_go_on(&chat, NULL, 0);
	/* The other one is still in. */
	assert_int_equal(ask(one, "f2 21", 0), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f2 21", ""));
	assert_int_equal(ask(two, "f2 21", 0), CAUSE_NONE);
	chat_assert_over(&chat);
}

static void
an_entry_that_fails_is_passed_on_as_the_probe_reported_it(void **state)
{
	(void)state;
	share.common.is_owner_there = false;
	CHAT_GO_ON(&chat, SAY("f2 30 a3", "09 00"));
	assert_answered(one, "f2 30 a3", "09 00");
	assert_false(share.common.users[one]->has_entered);
}

static void
a_memory_command_is_followed_at_once_by_its_status_which_is_kept(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 07 00 00 00 20 04", "01 02 03 04"),
		   SAY("f2 3e", "11 00 00 00 02 00 00 20 00 00 00 00"),
		   SAY("f2 07 00 00 00 08 04", "05 06 07 08"),
		   SAY("f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00"));
	assert_answered(one, "f2 07 00 00 00 20 04", "01 02 03 04");
	assert_answered(two, "f2 07 00 00 00 08 04", "05 06 07 08");
	assert_answered(one, "f2 3e", "11 00 00 00 02 00 00 20 00 00 00 00");
	assert_answered(one, "f2 3b", "11 00");
	assert_answered(two, "f2 3b", "80 00");
	chat_assert_over(&chat);
}

static void
a_read_of_one_byte_is_answered_with_two(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 0c 00 00 00 20 01", "2a 00"),
		   SAY("f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00"));
	assert_answered(one, "f2 0c 00 00 00 20 01", "2a 00");
	chat_assert_over(&chat);
}

static void
a_write_is_followed_by_its_status_as_well(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SEND("f2 08 00 00 00 20 04", "01 02 03 04"),
		   SAY("f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00"));
	assert_int_equal(send(one, "f2 08 00 00 00 20 04", "01 02 03 04"), CAUSE_NONE);
	chat_assert_over(&chat);
}

static void
sizes_that_would_put_the_probe_out_of_step_do_not_reach_it(void **state)
{
	(void)state;
	assert_int_equal(send(one, "f2 08 00 00 00 20 08", "01 02 03 04"), CAUSE_REQUEST);
	assert_int_equal(ask(one, "f2 08 00 00 00 20 04", 4), CAUSE_REQUEST);
	assert_int_equal(ask(one, "f2 07 00 00 00 20 08", 4), CAUSE_REQUEST);
	assert_int_equal(ask(one, "f2 07 00 00 00 20 00", 0), CAUSE_REQUEST);
	assert_int_equal(ask(one, "f1", 7), CAUSE_REQUEST);
	assert_string_equal(reason_root(&why), "GET_VERSION with 7 bytes to be answered");
	assert_int_equal(send(one, "f1", "01"), CAUSE_REQUEST);
	assert_int_equal(ask(one, "f2 21", 2), CAUSE_REQUEST);
	assert_int_equal(send(one, "f2 51 02 00 00 00", "03 05"), CAUSE_REQUEST);
	assert_int_equal(send(one, "f2 51 ff ff ff ff", "03 05"), CAUSE_REQUEST);
	assert_int_equal(ask(one, "f2 52", 8), CAUSE_REQUEST);
}

/* Asked for no answer, the probe gives one all the same: it is taken and thrown away. */
static void
an_answer_nobody_asked_for_is_taken_from_the_probe(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f5", "02 00"));
	assert_int_equal(ask(one, "f5", 0), CAUSE_NONE);
	chat_assert_over(&chat);
}

static void
mixed_accesses_are_fetched_at_once_and_kept(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SEND("f2 51 01 00 00 00", "03 00 00 00 00 00 00 20"),
		   SAY("f2 52", "01 02 03 04 80 00 00 00"),
		   SAY("f7", "00 00 00 00 00 00 00 00"));
	assert_int_equal(send(one, "f2 51 01 00 00 00", "03 00 00 00 00 00 00 20"),
			 CAUSE_NONE);
	assert_answered(two, "f7", "00 00 00 00 00 00 00 00");
	assert_answered(one, "f2 52", "01 02 03 04 80 00 00 00");
	assert_int_equal(ask(two, "f2 52", 8), CAUSE_REQUEST);
	chat_assert_over(&chat);
}

static void
a_faster_clock_is_answered_and_a_slower_one_is_set_until_its_client_leaves(void **state)
{
	(void)state;
	assert_answered(one, "f2 43 00 00", "80 00");
	CHAT_GO_ON(&chat, SAY("f2 43 07 00", "80 00"));
	assert_answered(one, "f2 43 07 00", "80 00");
	chat_go_on(&chat, NULL, 0);
	assert_answered(two, "f2 43 01 00", "80 00");
	CHAT_GO_ON(&chat, SAY("f2 43 01 00", "80 00"));
	stlink_share_leave(&share, one);
	CHAT_GO_ON(&chat, SAY("f2 43 00 00", "80 00"));
	stlink_share_leave(&share, two);
	chat_go_on(&chat, NULL, 0);
}

static void
a_clock_slower_than_any_is_refused(void **state)
{
	(void)state;
	assert_answered(one, "f2 43 ff ff", "41 00");
	/* In kHz only a V3 is asked. */
	assert_answered(one, "f2 61 00 00 e0 01 00 00", "42 00 00 00 00 00 00 00");
}

static void
nrst_is_low_as_long_as_anybody_pulls_it(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 3c 00", "80 00"), SAY("f2 3c 00", "80 00"));
	assert_answered(one, "f2 3c 00", "80 00");
	assert_true(sharing_has_news(&share.common));
	assert_answered(two, "f2 3c 00", "80 00");
	chat_go_on(&chat, NULL, 0);
	assert_answered(one, "f2 3c 01", "80 00");
	CHAT_GO_ON(&chat, SAY("f2 3c 01", "80 00"));
	assert_answered(two, "f2 3c 01", "80 00");
	chat_assert_over(&chat);
}

static void
a_client_that_goes_away_lets_nrst_go(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 3c 00", "80 00"));
	assert_answered(one, "f2 3c 00", "80 00");
	CHAT_GO_ON(&chat, SAY("f2 3c 01", "80 00"));
	stlink_share_leave(&share, one);
	chat_go_on(&chat, NULL, 0);
}

static void
a_port_is_opened_once_for_all_and_again_after_the_owner_came_back(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 4b 01", "80 00"));
	assert_answered(one, "f2 4b 01", "80 00");
	chat_go_on(&chat, NULL, 0);
	assert_answered(two, "f2 4b 01", "80 00");
	CHAT_GO_ON(&chat, SAY("f5", "02 00"), SAY("f2 21", ""));
	assert_int_equal(probe_leave(probe, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f2 4b 01", "80 00"),
		   SAY("f2 45 01 00 fc 00", "80 00 00 00 11 00 77 24"));
	assert_answered(one, "f2 45 01 00 fc 00", "80 00 00 00 11 00 77 24");
	chat_assert_over(&chat);
}

static void
trace_stays_the_owners(void **state)
{
	(void)state;
	assert_answered(one, "f2 40", "20 00");
	assert_answered(one, "f2 42", "00 00");
	assert_answered(one, "f2 41", "80 00");
}

static void
what_is_not_known_is_answered_as_the_firmware_would(void **state)
{
	(void)state;
	assert_answered(one, "f2 7e", "42 00");
	assert_answered(one, "f2 56", "42 00");
	assert_int_equal(ask(one, "fc 00", 2), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why), "the command 0xfc 0x00 cannot be shared");
	/* This V2 knows no longer version. */
	assert_int_equal(ask(one, "fb", 12), CAUSE_UNSUPPORTED);
}

static void
a_probe_that_does_not_answer_is_reported(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, FAIL("f5", CAUSE_TIMEOUT));
	assert_int_equal(ask(one, "f5", 2), CAUSE_TIMEOUT);
	chat_assert_over(&chat);
}

static void
there_is_room_for_so_many_clients_and_no_more(void **state)
{
	unsigned client;

	(void)state;
	for (unsigned i = 2; i < SHARING_CLIENTS; i++)
		assert_true(stlink_share_join(&share, &client));
	assert_false(stlink_share_join(&share, &client));
}

static void
only_an_st_link_can_be_shared(void **state)
{
	static const struct probe_ops ops = { .close = NULL };
	struct probe other = { .ops = &ops, .identity = { .kind = "CMSIS-DAP probe" } };
	struct stlink_share none = { .common = { .probe = NULL } };

	(void)state;
	assert_int_equal(stlink_share_take(&none, &other, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(
		reason_root(&why),
		"the CMSIS-DAP probe is no ST-LINK, which its clients speak to");
}

#define shared(test) cmocka_unit_test_setup_teardown(test, share_it, end_it)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		shared(what_would_end_debug_mode_for_the_others_does_not_reach_the_probe),
		shared(swd_that_is_entered_is_not_entered_again),
		shared(jtag_and_swim_are_refused_as_a_probe_in_swd_refuses_them),
		shared(when_the_owner_has_lost_the_target_a_client_may_enter_and_leave),
		shared(an_entry_that_fails_is_passed_on_as_the_probe_reported_it),
		shared(a_memory_command_is_followed_at_once_by_its_status_which_is_kept),
		shared(a_read_of_one_byte_is_answered_with_two),
		shared(a_write_is_followed_by_its_status_as_well),
		shared(sizes_that_would_put_the_probe_out_of_step_do_not_reach_it),
		shared(an_answer_nobody_asked_for_is_taken_from_the_probe),
		shared(mixed_accesses_are_fetched_at_once_and_kept),
		shared(a_faster_clock_is_answered_and_a_slower_one_is_set_until_its_client_leaves),
		shared(a_clock_slower_than_any_is_refused),
		shared(nrst_is_low_as_long_as_anybody_pulls_it),
		shared(a_client_that_goes_away_lets_nrst_go),
		shared(a_port_is_opened_once_for_all_and_again_after_the_owner_came_back),
		shared(trace_stays_the_owners),
		shared(what_is_not_known_is_answered_as_the_firmware_would),
		shared(a_probe_that_does_not_answer_is_reported),
		shared(there_is_room_for_so_many_clients_and_no_more),
		cmocka_unit_test(only_an_st_link_can_be_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
