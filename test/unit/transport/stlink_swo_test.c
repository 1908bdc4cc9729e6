/* SPDX-License-Identifier: MIT */
#include "test/unit/stlink_chat.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OK "80 00"

static struct reason why;
static struct chat chat;
static struct probe *probe;
static uint8_t bytes[STLINK_TRACE_SIZE];
static size_t got;

static int
open_v2j37(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	probe = chat_open(&chat, 37, clock_host());
	return 0;
}

static int
close_probe(void **state)
{
	(void)state;
	chat_close(&chat, probe);
	return 0;
}

static void
a_capture_begins_with_the_end_of_an_older_one(void **state)
{
	uint32_t baud = 2000000;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 41", OK), SAY("f2 40 00 10 80 84 1e 00", OK));
	assert_int_equal(probe_swo_start(probe, &baud, &why), CAUSE_NONE);
	assert_int_equal(baud, 2000000);
	CHAT_GO_ON(&chat, SAY("f2 41", OK));
	assert_int_equal(probe_swo_stop(probe, &why), CAUSE_NONE);
}

static void
a_rate_that_the_generation_cannot_take_is_refused_with_the_limit(void **state)
{
	uint32_t baud = 2000001;

	(void)state;
	assert_int_equal(probe_swo_start(probe, &baud, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(
		reason_root(&why),
		"the ST-LINK/V2-1 takes trace at up to 2000000 baud, and 2000001 "
		"were asked for");
	assert_non_null(strstr(reason_remedy(&why), "2000000 baud or less"));
}

static void
no_trace_is_no_failure(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 42", "00 00"));
	assert_int_equal(probe_swo_read(probe, bytes, sizeof(bytes), &got, &why),
			 CAUSE_NONE);
	assert_int_equal(got, 0);
}

static void
what_the_caller_has_no_room_for_is_kept_for_the_next_time(void **state)
{
	(void)state;
	chat.trace = "01 02 03 04 05";
	CHAT_GO_ON(&chat, SAY("f2 42", "05 00"));
	assert_int_equal(probe_swo_read(probe, bytes, 3, &got, &why), CAUSE_NONE);
	assert_int_equal(got, 3);
	assert_memory_equal(bytes, "\x01\x02\x03", 3);
	assert_int_equal(probe_swo_read(probe, bytes, 3, &got, &why), CAUSE_NONE);
	assert_int_equal(got, 2);
	assert_memory_equal(bytes, "\x04\x05", 2);
}

static void
more_than_the_probe_has_room_for_cannot_be(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 42", "01 10"));
	assert_int_equal(probe_swo_read(probe, bytes, sizeof(bytes), &got, &why),
			 CAUSE_GONE);
	assert_int_equal(got, 0);
	assert_non_null(strstr(reason_root(&why), "reports 4097 bytes of trace"));
}

#define WITH_V2J37(test) cmocka_unit_test_setup_teardown(test, open_v2j37, close_probe)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_V2J37(a_capture_begins_with_the_end_of_an_older_one),
		WITH_V2J37(
			a_rate_that_the_generation_cannot_take_is_refused_with_the_limit),
		WITH_V2J37(no_trace_is_no_failure),
		WITH_V2J37(what_the_caller_has_no_room_for_is_kept_for_the_next_time),
		WITH_V2J37(more_than_the_probe_has_room_for_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
