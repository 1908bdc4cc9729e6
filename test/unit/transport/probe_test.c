/* SPDX-License-Identifier: MIT */
#include "transport/probe/probe.h"

#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
what_a_probe_cannot_is_unsupported_and_names_the_probe(void **state)
{
	static const struct probe_ops nothing = { 0 };
	struct probe bare = { .ops = &nothing,
			      .identity = { .kind = "Bare", .serial = "42" } };
	struct reason why = REASON_INIT;
	struct transfer t = { TRANSFER_DP_READ, 0, 0, 0 };
	struct outcome outcome;
	struct probe_pins pins;
	unsigned millivolts;
	uint8_t byte = 0;
	size_t got;
	uint32_t hz = 1;

	(void)state;
	assert_int_equal(probe_measure_vtarget(&bare, &millivolts, &why),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "the probe Bare 42 cannot measure the target's voltage");
	assert_int_equal(probe_set_clock(&bare, &hz, &why), CAUSE_UNSUPPORTED);
	assert_int_equal(probe_drive_nrst(&bare, true, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why), "the probe Bare 42 cannot drive NRST");
	assert_int_equal(probe_read_pins(&bare, &pins, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "the probe Bare 42 cannot read the levels of its pins");
	assert_false(probe_has_swo(&bare));
	assert_int_equal(probe_swo_start(&bare, &hz, &why), CAUSE_UNSUPPORTED);
	assert_int_equal(probe_swo_read(&bare, &byte, 1, &got, &why), CAUSE_UNSUPPORTED);
	assert_int_equal(probe_swo_stop(&bare, &why), CAUSE_UNSUPPORTED);
	assert_int_equal(probe_enter_swd(&bare, &why), CAUSE_UNSUPPORTED);
	assert_int_equal(probe_leave(&bare, &why), CAUSE_UNSUPPORTED);
	assert_int_equal(probe_transfer(&bare, &t, 1, &outcome, &why), CAUSE_UNSUPPORTED);
	assert_int_equal(outcome.ack, ACK_UNKNOWN);
	assert_false(probe_has_memory(&bare));
	assert_int_equal(
		probe_move_block(
			&bare, &(struct probe_block){ .width = 1, .size = 1, .in = &byte },
			&outcome, &why),
		CAUSE_UNSUPPORTED);
}

static void
an_access_port_beyond_what_a_probe_can_address_is_unsupported(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct transfer batch[] = { { TRANSFER_DP_READ, 0x2000, 0, 0 },
				    { TRANSFER_AP_READ, 0x2000, 0xd00, 0x55 } };
	struct reason why = REASON_INIT;
	struct outcome outcome;
	uint8_t byte;

	(void)state;
	assert_int_equal(probe_transfer(&fake->probe, batch, 2, &outcome, &why),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "the probe fake probe FAKE0001 cannot address access port "
			    "0x00002000, only those up to 255");
	assert_int_equal(outcome.finished, 0);
	assert_int_equal(outcome.ack, ACK_UNKNOWN);
	assert_int_equal(fake->accesses, 0);
	assert_int_equal(
		probe_move_block(&fake->probe,
				 &(struct probe_block){
					 .ap = 256, .width = 1, .size = 1, .in = &byte },
				 &outcome, &why),
		CAUSE_UNSUPPORTED);
	assert_false(probe_has_read_core(&fake->probe, 256));
	/* No port is meant by an access of the debug port. */
	assert_int_equal(probe_transfer(&fake->probe, batch, 1, &outcome, &why),
			 CAUSE_NONE);
	fake_probe_free(fake);
}

static void
calls_reach_the_driver(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct reason why = REASON_INIT;
	unsigned millivolts = 0;
	uint32_t hz = 1000000;

	(void)state;
	assert_int_equal(probe_measure_vtarget(&fake->probe, &millivolts, &why),
			 CAUSE_NONE);
	assert_int_equal(millivolts, 3300);
	assert_int_equal(probe_set_clock(&fake->probe, &hz, &why), CAUSE_NONE);
	assert_int_equal(fake->hz, 1000000);
	assert_int_equal(probe_drive_nrst(&fake->probe, true, &why), CAUSE_NONE);
	assert_true(fake->is_nrst_low);
	assert_true(probe_has_memory(&fake->probe));
	probe_close(&fake->probe);
	probe_close(NULL);
}

static enum cause
measure_without_a_probe(struct probe *probe, unsigned *millivolts, struct reason *why)
{
	(void)probe, (void)millivolts;
	return reason_begin(why, CAUSE_GONE, "the probe was unplugged");
}

static enum cause
pins_without_an_answer(struct probe *probe, struct probe_pins *pins, struct reason *why)
{
	(void)probe, (void)pins;
	return reason_begin(why, CAUSE_TIMEOUT, "the probe did not answer");
}

static void
a_probe_that_is_gone_is_a_loss_that_is_kept_with_its_reason(void **state)
{
	static const struct probe_ops gone = { .measure_vtarget = measure_without_a_probe,
					       .read_pins = pins_without_an_answer };
	struct probe probe = { .ops = &gone };
	struct reason why = REASON_INIT;
	struct probe_pins pins;
	unsigned millivolts;

	(void)state;
	assert_int_equal(probe_read_pins(&probe, &pins, &why), CAUSE_TIMEOUT);
	assert_int_equal(probe_drive_nrst(&probe, true, &why), CAUSE_UNSUPPORTED);
	assert_false(probe_is_lost(&probe));
	assert_int_equal(probe_measure_vtarget(&probe, &millivolts, &why), CAUSE_GONE);
	why = (struct reason)REASON_INIT;
	assert_int_equal(probe_read_pins(&probe, &pins, &why), CAUSE_TIMEOUT);
	assert_true(probe_is_lost(&probe));
	assert_string_equal(reason_root(probe_lost_why(&probe)), "the probe was unplugged");
	probe_forget_loss(&probe);
	assert_false(probe_is_lost(&probe));
}

static void
a_target_that_does_not_answer_is_no_loss_of_the_probe(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	struct transfer t = { TRANSFER_DP_READ, 0, 0, 0 };
	struct reason why = REASON_INIT;
	struct outcome outcome;

	(void)state;
	fake_probe_answer(fake, 1, 1, ACK_NONE);
	assert_int_equal(probe_transfer(&fake->probe, &t, 1, &outcome, &why), CAUSE_GONE);
	assert_false(probe_is_lost(&fake->probe));
	fake_probe_answer(fake, 1, 1, ACK_UNKNOWN);
	assert_int_equal(probe_transfer(&fake->probe, &t, 1, &outcome, &why), CAUSE_GONE);
	assert_true(probe_is_lost(&fake->probe));
	fake_probe_free(fake);
}

static void
words_that_name_no_probe_are_refused_with_those_that_do(void **state)
{
	static const char *const wrong[] = {
		"st-link",
		"stlink:a:b",
		"stlink-tcp",
		"stlink-tcp:127.0.0.1",
		"stlink-tcp:127.0.0.1:7184:a:b",
		"cmsis-dap:a:b",
		"cmsis-dap-tcp",
		"cmsis-dap-tcp:127.0.0.1",
		"cmsis-dap-tcp:127.0.0.1:4441:a",
		":",
		"faulty",
		"faulty:1",
		"faulty:stlink",
		"faulty:-1:stlink",
		"faulty:1:99999999999999999999:stlink",
		"faulty:1:4294967296:stlink",
		"faulty:1:faulty:1:stlink",
		"faulty:1:jlink",
		"::::::::",
	};
	struct reason why = REASON_INIT;
	struct probe *probe;

	(void)state;
	for (size_t i = 0; i < array_len(wrong); i++) {
		assert_int_equal(probe_open(wrong[i], clock_host(), &probe, &why),
				 CAUSE_REQUEST);
		assert_string_equal(
			reason_remedy(&why),
			"name it as stlink[:WHICH] or stlink-tcp:HOST:PORT[:SERIAL] or "
			"cmsis-dap[:WHICH] or cmsis-dap-tcp:HOST:PORT or "
			"shared[:SERIAL] or "
			"faulty:SEED[:RATE]:PROBE; or by WHICH alone: the beginning of its "
			"serial, its id (0483:374b) or its place (1-4.2)");
		assert_int_equal(probe_check_spec(wrong[i], &why), CAUSE_REQUEST);
	}
	assert_string_equal(reason_root(&why), "\"::::::::\" names no probe");
}

static void
a_misspelled_kind_is_refused_with_the_nearest(void **state)
{
	static const struct {
		const char *words, *reason;
	} wrong[] = {
		{ "stlnk", "\"stlnk\" names no probe; the nearest kind is stlink" },
		{ "stlink2", "\"stlink2\" names no probe; the nearest kind is stlink" },
		{ "cmsisdap:12",
		  "\"cmsisdap:12\" names no probe; the nearest kind is cmsis-dap" },
		{ "jlink:1:2", "a J-Link is not supported" },
		{ "J-Link", "a J-Link is not supported" },
		{ "usb", "\"usb\" names no probe" },
	};

	(void)state;
	for (size_t i = 0; i < array_len(wrong); i++) {
		struct reason why = REASON_INIT;

		assert_int_equal(probe_check_spec(wrong[i].words, &why), CAUSE_REQUEST);
		assert_string_equal(reason_root(&why), wrong[i].reason);
	}
}

static void
one_on_usb_may_be_named_by_serial_id_or_place(void **state)
{
	static const char *const right[] = {
		"",
		"0671FF",
		"0483:374b",
		"1-4",
		"1-4.2",
		"stlink",
		"stlink:",
		"stlink:0671FF",
		"stlink:0483:374B",
		"cmsis-dap:0d28:0204",
		"cmsis-dap:3-1.2.4",
		"stlink-tcp:localhost:7184:0671",
		"faulty:1:0671FF",
		"faulty:1:20:",
	};

	(void)state;
	for (size_t i = 0; i < array_len(right); i++) {
		struct reason why = REASON_INIT;

		assert_int_equal(probe_check_spec(right[i], &why), CAUSE_NONE);
	}
}

static void
a_port_that_is_none_is_refused(void **state)
{
	static const char *const wrong[] = { "stlink-tcp:host:99999", "stlink-tcp:host:0",
					     "cmsis-dap-tcp:host:-1",
					     "stlink-tcp:host:7184x:0671" };
	struct reason why = REASON_INIT;

	(void)state;
	for (size_t i = 0; i < array_len(wrong); i++)
		assert_int_equal(probe_check_spec(wrong[i], &why), CAUSE_REQUEST);
	assert_string_equal(reason_root(&why), "\"7184x\" is not a port from 1 to 65535");
	assert_int_equal(probe_check_spec("stlink-tcp:host:7184:0671", &why), CAUSE_NONE);
}

static void
words_that_are_too_long_are_refused(void **state)
{
	static char longest[1000];
	struct reason why = REASON_INIT;
	struct probe *probe;

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	assert_int_equal(probe_open(longest, clock_host(), &probe, &why), CAUSE_REQUEST);
}

/* Of a read of DPIDR: a bit of it is lost, or the acknowledge is. */
static const char *
remedy_of(struct fake_probe *fake, enum swd_ack ack)
{
	static struct reason why;
	struct transfer t = { TRANSFER_DP_READ, 0, 0, 0 };
	struct outcome outcome;

	why = (struct reason)REASON_INIT;
	fake_probe_answer(fake, 1, 1, ack);
	assert_int_equal(probe_transfer(&fake->probe, &t, 1, &outcome, &why), CAUSE_GONE);
	return reason_remedy(&why);
}

static void
a_slower_clock_is_advised_only_where_there_is_one(void **state)
{
	struct fake_probe *fake = fake_probe_new(FAKE_WITH_MEMORY);
	uint32_t hz = 950000;
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(probe_set_clock(&fake->probe, &hz, &why), CAUSE_NONE);
	assert_non_null(strstr(remedy_of(fake, ACK_PARITY), "lower the clock (--speed)"));
	hz = PROBE_SLOWEST_HZ;
	assert_int_equal(probe_set_clock(&fake->probe, &hz, &why), CAUSE_NONE);
	assert_null(strstr(remedy_of(fake, ACK_PARITY), "--speed"));
	assert_non_null(strstr(remedy_of(fake, ACK_PARITY), "shorten the wires"));
	fake_probe_free(fake);
}

static enum cause
refuse_to_enter(struct probe *probe, struct reason *why)
{
	(void)probe;
	return reason_begin(why, CAUSE_FAULT, "the debug port refused (FAULT)");
}

static void
a_debug_port_that_seems_to_refuse_its_id_is_a_matter_of_the_wires(void **state)
{
	static const struct probe_ops ops = { .enter_swd = refuse_to_enter };
	struct probe probe = { .ops = &ops };
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(probe_enter_swd(&probe, &why), CAUSE_FAULT);
	assert_int_equal(reason_finding(&why), FINDING_B10);
}

static enum cause
answer_cut_off(struct probe *probe, struct reason *why)
{
	(void)probe;
	reason_begin(why, CAUSE_GONE, "the ST-LINK answered with 1 byte instead of 2");
	reason_suspect(why, FINDING_A6);
	return CAUSE_GONE;
}

/* Else it would be put down to a target that does not answer. */
static void
an_answer_that_is_cut_off_is_the_probes_loss(void **state)
{
	static const struct probe_ops ops = { .enter_swd = answer_cut_off };
	struct probe probe = { .ops = &ops };
	struct reason why = REASON_INIT;

	(void)state;
	assert_int_equal(probe_enter_swd(&probe, &why), CAUSE_GONE);
	assert_true(probe_is_lost(&probe));
	assert_int_equal(reason_finding(probe_lost_why(&probe)), FINDING_A6);
}

static void
slower_clocks_end_at_the_slowest(void **state)
{
	uint32_t hz = 4000000;
	unsigned steps = 0;

	(void)state;
	assert_int_equal(probe_slower_clock(hz), 1000000);
	assert_int_equal(probe_slower_clock(500000), 240000);
	for (; hz != PROBE_SLOWEST_HZ && steps < 10; steps++)
		hz = probe_slower_clock(hz);
	assert_int_equal(steps, 3);
	assert_int_equal(probe_slower_clock(hz), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_probe_cannot_is_unsupported_and_names_the_probe),
		cmocka_unit_test(
			an_access_port_beyond_what_a_probe_can_address_is_unsupported),
		cmocka_unit_test(calls_reach_the_driver),
		cmocka_unit_test(a_slower_clock_is_advised_only_where_there_is_one),
		cmocka_unit_test(an_answer_that_is_cut_off_is_the_probes_loss),
		cmocka_unit_test(
			a_debug_port_that_seems_to_refuse_its_id_is_a_matter_of_the_wires),
		cmocka_unit_test(
			a_probe_that_is_gone_is_a_loss_that_is_kept_with_its_reason),
		cmocka_unit_test(a_target_that_does_not_answer_is_no_loss_of_the_probe),
		cmocka_unit_test(words_that_name_no_probe_are_refused_with_those_that_do),
		cmocka_unit_test(a_misspelled_kind_is_refused_with_the_nearest),
		cmocka_unit_test(one_on_usb_may_be_named_by_serial_id_or_place),
		cmocka_unit_test(a_port_that_is_none_is_refused),
		cmocka_unit_test(words_that_are_too_long_are_refused),
		cmocka_unit_test(slower_clocks_end_at_the_slowest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
