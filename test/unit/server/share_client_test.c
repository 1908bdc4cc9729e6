/* SPDX-License-Identifier: MIT */
#include "server/share/client.h"

#include "test/unit/stlink_chat.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { V2J37 = 37, HOSTILE_ROUNDS = 20000 };

static struct chat chat;
static struct probe *probe;
static union share_probe share;
static const struct share_protocol *const protocol = &share_stlink;
static struct share_client client;
static struct reason why;
static uint8_t answer[SHARE_ANSWER_MAX];
static size_t answer_size;
static bool ends;

static int
open_client(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	probe = chat_open(&chat, V2J37, clock_host());
	share.common.is_owner_there = true;
	assert_int_equal(protocol->take(&share, probe, &why), CAUSE_NONE);
	client = (struct share_client){ .share = &share, .is_probe_there = true };
	return 0;
}

static int
close_client(void **state)
{
	(void)state;
	protocol->leave(&client);
	protocol->end(&share);
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

static size_t
measure(const char *words)
{
	uint8_t bytes[64];
	size_t len = parse(words, bytes), size;

	assert_int_equal(protocol->measure(bytes, len, &size, &why), CAUSE_NONE);
	return size;
}

static enum cause
ask(const char *words)
{
	uint8_t request[64] = { 0 };

	parse(words, request);
	why = (struct reason)REASON_INIT;
	return protocol->answer(&client, request, answer, &answer_size, &ends, &why);
}

static void
assert_answered(const char *words, const char *expected)
{
	uint8_t bytes[64];
	size_t size = parse(expected, bytes);

	ask(words);
	assert_int_equal(answer_size, size);
	assert_memory_equal(answer, bytes, size);
}

#define VERSION_COMMAND(connection)                                                      \
	"05 00 00 00 " connection " 00 00 00 f1 00 00 00 00 00 00 00 00 00 00 00 00 00 " \
	"00 00 01 00 00 00 06 00 00 00"

static void
requests_are_as_long_as_their_numbers_say(void **state)
{
	(void)state;
	assert_int_equal(measure(""), 0);
	assert_int_equal(measure("00"), 2);
	assert_int_equal(measure("01"), 1);
	assert_int_equal(measure("02 00"), 8);
	assert_int_equal(measure("03"), 8);
	assert_int_equal(measure("04"), 8);
	assert_int_equal(measure("05"), 32);
	assert_int_equal(measure("06 01 00 00"), 4);
}

static void
data_that_is_sent_belongs_to_its_command(void **state)
{
	(void)state;
	assert_int_equal(measure(VERSION_COMMAND("01")), 32);
	assert_int_equal(measure("05 00 00 00 01 00 00 00 f2 08 00 00 00 00 00 00 00 00 00 "
				 "00 00 00 00 00 00 00 00 00 00 10 00 00"),
			 32 + 4096);
}

static void
what_is_no_request_is_refused_in_words(void **state)
{
	size_t size;

	(void)state;
	assert_int_equal(
		protocol->measure((const uint8_t *)"GET / HTTP/1.1", 14, &size, &why),
		CAUSE_REQUEST);
	assert_string_equal(reason_root(&why), "it sent 0x47 where a request of "
					       "stlink-server's protocol should begin");
}

static void
more_data_than_any_command_has_is_refused(void **state)
{
	uint8_t bytes[SERVER_HEAD_SIZE] = { 5 };
	size_t size;

	(void)state;
	le32_put(bytes + 28, STLINK_EXCHANGE_MAX + 1);
	assert_int_equal(protocol->measure(bytes, sizeof(bytes), &size, &why),
			 CAUSE_REQUEST);
	le32_put(bytes + 28, UINT32_MAX);
	assert_int_equal(protocol->measure(bytes, sizeof(bytes), &size, &why),
			 CAUSE_REQUEST);
}

static void
the_probe_is_listed_opened_used_and_closed(void **state)
{
	(void)state;
	assert_answered("06 01 00 00", "03 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00");
	assert_answered("00 00", "01 00 00 00");
	assert_answered("01", "01 00 00 00");
	assert_answered(
		"02 00 00 00 29 00 00 00",
		"01 00 00 00 01 00 00 00 30 36 37 31 46 46 00 00 00 00 00 00 00 00 00 00 "
		"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 83 04 4b 37 00");
	assert_answered("03 00 00 00 01 00 00 00", "01 00 00 00 01 00 00 00");
	CHAT_GO_ON(&chat, SAY("f1", "29 5a 83 04 4b 37"));
	assert_answered(VERSION_COMMAND("01"), "01 00 00 00 29 5a 83 04 4b 37");
	chat_assert_over(&chat);
	assert_answered("04 00 00 00 01 00 00 00", "01 00 00 00");
	assert_answered("04 00 00 00 01 00 00 00", "02 10 00 00");
}

static void
there_is_one_device_and_no_other(void **state)
{
	(void)state;
	ask("02 01 00 00 29 00 00 00");
	assert_int_equal(le32_get(answer), 0x1002);
	assert_answered("03 00 00 00 02 00 00 00", "03 10 00 00 01 00 00 00");
}

static void
who_has_not_opened_the_probe_cannot_use_it(void **state)
{
	(void)state;
	assert_answered(VERSION_COMMAND("01"), "02 10 00 00 00 00 00 00 00 00");
	assert_string_equal(reason_root(&why),
			    "a command of a client that has not opened the probe");
	ask("03 00 00 00 01 00 00 00");
	assert_answered(VERSION_COMMAND("07"), "02 10 00 00 00 00 00 00 00 00");
}

static void
a_probe_that_fails_is_answered_by_a_status_and_the_bytes_that_were_asked_for(void **state)
{
	(void)state;
	ask("03 00 00 00 01 00 00 00");
	CHAT_GO_ON(&chat, FAIL("f1", CAUSE_TIMEOUT));
	assert_answered(VERSION_COMMAND("01"), "01 10 00 00 00 00 00 00 00 00");
	CHAT_GO_ON(&chat, FAIL("f1", CAUSE_GONE));
	assert_answered(VERSION_COMMAND("01"), "00 00 01 00 00 00 00 00 00 00");
	chat_assert_over(&chat);
}

static void
a_probe_that_is_lost_is_not_listed(void **state)
{
	(void)state;
	client.is_probe_there = false;
	assert_answered("01", "00 00 00 00");
	assert_answered("03 00 00 00 01 00 00 00", "03 10 00 00 01 00 00 00");
}

static void
trace_is_refused(void **state)
{
	(void)state;
	ask("03 00 00 00 01 00 00 00");
	assert_answered("05 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
			"00 00 03 00 00 00 02 00 00 00",
			"53 10 00 00 00 00");
}

/* Bytes by chance, seeded: each is measured within bounds, and answered without a word to
 * the probe, which a chat that is over would not forgive. */
static void
bytes_by_chance_are_measured_and_answered_within_bounds(void **state)
{
	static uint8_t bytes[SHARE_REQUEST_MAX];
	uint32_t seed = 20;

	(void)state;
	for (unsigned round = 0; round < HOSTILE_ROUNDS; round++) {
		size_t size;

		for (size_t i = 0; i < SERVER_HEAD_SIZE; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(seed >> 24) & (i % 4 == 0 ? 0x07 : 0x3f);
		}
		bytes[30] = bytes[31] = 0;
		why = (struct reason)REASON_INIT;
		if (protocol->measure(bytes, SERVER_HEAD_SIZE, &size, &why) != CAUSE_NONE)
			continue;
		assert_in_range(size, 1, SHARE_REQUEST_MAX);
		protocol->answer(&client, bytes, answer, &answer_size, &ends, &why);
		assert_in_range(answer_size, 4, SHARE_ANSWER_MAX);
		protocol->leave(&client);
	}
}

#define for_a_client(test) cmocka_unit_test_setup_teardown(test, open_client, close_client)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		for_a_client(requests_are_as_long_as_their_numbers_say),
		for_a_client(data_that_is_sent_belongs_to_its_command),
		for_a_client(what_is_no_request_is_refused_in_words),
		for_a_client(more_data_than_any_command_has_is_refused),
		for_a_client(the_probe_is_listed_opened_used_and_closed),
		for_a_client(there_is_one_device_and_no_other),
		for_a_client(who_has_not_opened_the_probe_cannot_use_it),
		for_a_client(
			a_probe_that_fails_is_answered_by_a_status_and_the_bytes_that_were_asked_for),
		for_a_client(a_probe_that_is_lost_is_not_listed),
		for_a_client(trace_is_refused),
		for_a_client(bytes_by_chance_are_measured_and_answered_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
