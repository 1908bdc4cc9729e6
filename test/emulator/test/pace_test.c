/* SPDX-License-Identifier: MIT */
/*
 * The board's clock beside the host's: a fixed time before each request, and answers that
 * wait for the host.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/emulator/pace.h"
#include "test/emulator/probe/usb_paced.h"
#include "test/emulator/test/fake_function.h"

enum { MS = 1000000 };

struct calls {
	unsigned requests, transfers;
};

static void
count_request(void *of)
{
	((struct calls *)of)->requests++;
}

static void
count_transfer(void *of)
{
	((struct calls *)of)->transfers++;
}

static void
each_request_is_announced_and_each_transfer_that_moved_data(void **state)
{
	static const uint8_t command[16] = { 0xf1 };
	struct fake_function fake;
	struct calls calls = { 0 };
	uint8_t answer[64];
	(void)state;
	fake_function_init(&fake);
	struct usb_function *probe =
		usb_paced_new(&fake.function,
			      (struct usb_pacer){ count_request, count_transfer, &calls });
	assert_string_equal(probe->serial, fake.function.serial);
	fake.next_size = 6;
	assert_int_equal(probe->ops->out(probe, 1, command, sizeof(command)), 0);
	assert_int_equal(probe->ops->in(probe, 1, answer, sizeof(answer)), 6);
	fake.next_size = USB_NAK;
	assert_int_equal(probe->ops->in(probe, 1, answer, sizeof(answer)), USB_NAK);
	assert_int_equal(calls.requests, 1);
	assert_int_equal(calls.transfers, 2);
	probe->ops->free(probe);
}

static void
an_answer_waits_until_the_hosts_clock_has_come_as_far(void **state)
{
	struct pace pace;
	uint64_t before = pace_host_ns();
	(void)state;
	pace_start(&pace, 1000, true);
	pace_hold(&pace, 1000 + 20 * MS);
	assert_true(pace_host_ns() - before >= 20 * MS);
	assert_true(pace_owed_ns(&pace, 1000) >= 20 * MS);
	assert_int_equal(pace_owed_ns(&pace, UINT64_C(1000000) * MS), 0);
}

static void
without_pace_nobody_waits(void **state)
{
	struct pace pace;
	uint64_t before;
	(void)state;
	pace_start(&pace, 0, false);
	before = pace_host_ns();
	pace_hold(&pace, UINT64_C(3600000) * MS);
	assert_true(pace_host_ns() - before < UINT64_C(3600000) * MS);
}

static void
what_is_forgiven_is_owed_no_longer(void **state)
{
	struct pace pace;
	(void)state;
	pace_start(&pace, 0, false);
	pace.host_ns -= UINT64_C(1000) * MS;
	assert_true(pace_owed_ns(&pace, 0) >= UINT64_C(1000) * MS);
	pace_forgive(&pace, 0, 5 * MS);
	assert_true(pace_owed_ns(&pace, 0) >= 5 * MS);
	assert_true(pace_owed_ns(&pace, 0) < UINT64_C(900) * MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_request_is_announced_and_each_transfer_that_moved_data),
		cmocka_unit_test(an_answer_waits_until_the_hosts_clock_has_come_as_far),
		cmocka_unit_test(without_pace_nobody_waits),
		cmocka_unit_test(what_is_forgiven_is_owed_no_longer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
