/* SPDX-License-Identifier: MIT */
#include "transport/base/bytes.h"
#include "transport/probe/absent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
everything_asked_of_it_is_gone_and_names_the_probe(void **state)
{
	struct probe lost = { .clock = clock_host(),
			      .identity = { .kind = "ST-LINK/V2-1", .serial = "0671FF" } };
	struct probe *absent = absent_new(&lost);
	struct transfer dpidr = { TRANSFER_DP_READ, 0, 0, 0x5a };
	struct reason why = REASON_INIT;
	struct outcome outcome;
	uint32_t hz = 4000000;
	unsigned millivolts;

	(void)state;
	assert_non_null(absent);
	assert_true(probe_is_absent(absent));
	assert_int_equal(probe_enter_swd(absent, &why), CAUSE_GONE);
	assert_int_equal(probe_leave(absent, &why), CAUSE_GONE);
	assert_int_equal(probe_set_clock(absent, &hz, &why), CAUSE_GONE);
	assert_int_equal(probe_drive_nrst(absent, false, &why), CAUSE_GONE);
	assert_int_equal(probe_measure_vtarget(absent, &millivolts, &why), CAUSE_GONE);
	assert_int_equal(probe_transfer(absent, &dpidr, 1, &outcome, &why), CAUSE_GONE);
	assert_int_equal(outcome.finished, 0);
	assert_int_equal(outcome.ack, ACK_UNKNOWN);
	assert_int_equal(dpidr.value, 0x5a);
	assert_string_equal(reason_root(&why), "the ST-LINK/V2-1 0671FF is not there");
	probe_close(absent);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_asked_of_it_is_gone_and_names_the_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
