/* SPDX-License-Identifier: MIT */
#include "test/unit/fake_probe.h"
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
static struct fake_probe *timer; /* for its clock */

static int
open_v2j37(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	timer = fake_probe_new(FAKE_WITH_MEMORY);
	probe = chat_open(&chat, 37, &timer->clock);
	return 0;
}

static int
close_probe(void **state)
{
	(void)state;
	chat_close(&chat, probe);
	fake_probe_free(timer);
	return 0;
}

static void
entering_leaves_debug_sets_the_clock_and_does_not_reset(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f5", "02 00"), SAY("f2 21", NULL), SAY("f2 3c 01", OK),
		   SAY("f2 43 01 00", OK), SAY("f2 30 a3", OK));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
}

static void
a_low_nrst_is_driven_again_around_entering(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 3c 00", OK));
	assert_int_equal(probe_drive_nrst(probe, true, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f5", "01 00"), SAY("f2 3c 00", OK), SAY("f2 43 01 00", OK),
		   SAY("f2 30 a3", OK), SAY("f2 3c 00", OK));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f2 3c 01", OK));
	assert_int_equal(probe_drive_nrst(probe, false, &why), CAUSE_NONE);
}

static void
a_probe_that_cannot_let_nrst_go_enters_all_the_same(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f5", "01 00"), SAY("f2 3c 01", "08 00"),
		   SAY("f2 43 01 00", OK), SAY("f2 30 a3", OK));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
}

static void
a_target_that_does_not_answer_is_gone_with_a_remedy(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f5", "01 00"), SAY("f2 3c 01", OK), SAY("f2 43 01 00", OK),
		   SAY("f2 30 a3", "09 00"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_GONE);
	assert_string_equal(reason_root(&why), "the ST-LINK answered ENTER with 0x09 "
					       "GET_IDCODE_ERROR: after a line reset no "
					       "valid DPIDR came back");
	assert_string_equal(reason_outermost(&why), "entering SWD at 1800 kHz");
	assert_non_null(strstr(reason_remedy(&why), "SWDIO"));
}

static void
a_target_that_does_not_power_up_is_there_and_times_out(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f5", "01 00"), SAY("f2 3c 01", OK), SAY("f2 43 01 00", OK),
		   SAY("f2 30 a3", "0b 00"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_TIMEOUT);
	assert_non_null(strstr(reason_root(&why), "does not power up"));
	assert_non_null(strstr(reason_remedy(&why), "under reset"));
}

static void
the_nearest_clock_not_above_is_set_and_returned(void **state)
{
	static const struct {
		uint32_t wanted, set;
		const char *command;
	} rows[] = {
		{ 24000000, 4000000, "f2 43 00 00" }, { 4000000, 4000000, "f2 43 00 00" },
		{ 3999999, 1800000, "f2 43 01 00" },  { 100000, 100000, "f2 43 28 00" },
		{ 5000, 5000, "f2 43 1e 03" },        { 14999, 5000, "f2 43 1e 03" },
	};

	(void)state;
	for (size_t i = 0; i < array_len(rows); i++) {
		uint32_t hz = rows[i].wanted;

		CHAT_GO_ON(&chat, SAY(rows[i].command, OK));
		assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_NONE);
		assert_int_equal(hz, rows[i].set);
		chat_assert_over(&chat);
	}
}

static void
a_clock_slower_than_any_is_refused_and_leaves_the_wish(void **state)
{
	uint32_t hz = 4999;

	(void)state;
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_UNSUPPORTED);
	assert_int_equal(hz, 4999);
	assert_string_equal(reason_root(&why), "the ST-LINK cannot clock as slowly as 4999 "
					       "Hz; 5000 Hz is its slowest");
}

static void
the_clock_once_set_is_set_again_on_entering(void **state)
{
	uint32_t hz = 100000;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 43 28 00", OK));
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f5", "01 00"), SAY("f2 3c 01", OK), SAY("f2 43 28 00", OK),
		   SAY("f2 30 a3", OK));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
	chat_assert_over(&chat);
	/* From then on the probe has it. */
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_NONE);
	assert_int_equal(hz, 100000);
	hz = 240000;
	CHAT_GO_ON(&chat, SAY("f2 43 0f 00", OK));
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_NONE);
	chat_assert_over(&chat);
}

static void
the_voltage_is_a_ratio_of_two_conversions(void **state)
{
	unsigned millivolts;

	(void)state;
	/* 1493 and 2053: 2 * 1.2 V * 2053 / 1493 */
	CHAT_GO_ON(&chat, SAY("f7", "d5 05 00 00 05 08 00 00"));
	assert_int_equal(probe_measure_vtarget(probe, &millivolts, &why), CAUSE_NONE);
	assert_int_equal(millivolts, 3300);
}

static void
a_reference_of_zero_gives_no_voltage(void **state)
{
	unsigned millivolts;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f7", "00 00 00 00 05 08 00 00"));
	assert_int_equal(probe_measure_vtarget(probe, &millivolts, &why),
			 CAUSE_UNSUPPORTED);
	assert_non_null(strstr(reason_root(&why), "reference of 0"));
}

static void
nrst_that_cannot_be_driven_says_what_was_tried(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 3c 00", "08 00"));
	assert_int_equal(probe_drive_nrst(probe, true, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_outermost(&why), "pulling NRST low");
}

static void
an_unknown_status_is_reported_by_its_number(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 3c 00", "77 00"));
	assert_int_equal(probe_drive_nrst(probe, true, &why), CAUSE_GONE);
	assert_string_equal(reason_root(&why), "the ST-LINK answered DRIVE_NRST with the "
					       "unknown status 0x77");
}

static void
leaving_ends_debug_mode(void **state)
{
	(void)state;
	CHAT_GO_ON(&chat, SAY("f5", "02 00"), SAY("f2 21", NULL));
	assert_int_equal(probe_leave(probe, &why), CAUSE_NONE);
}

/* These close the probe themselves. */

static void
closing_lets_nrst_go_and_leaves_debug_mode(void **state)
{
	(void)state;
	open_v2j37(state);
	CHAT_GO_ON(&chat, SAY("f2 3c 00", OK));
	assert_int_equal(probe_drive_nrst(probe, true, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f2 3c 01", OK), SAY("f5", "02 00"), SAY("f2 21", NULL));
	probe_close(probe);
	chat_assert_over(&chat);
	assert_true(chat.is_closed);
	fake_probe_free(timer);
}

static void
closing_an_unplugged_probe_closes_all_the_same(void **state)
{
	(void)state;
	open_v2j37(state);
	CHAT_GO_ON(&chat, FAIL("f5", CAUSE_GONE));
	probe_close(probe);
	assert_true(chat.is_closed);
	fake_probe_free(timer);
}

static struct probe *
open_v3(void)
{
	const struct stlink_model *model = stlink_model_find(STLINK_VENDOR, 0x374e);
	struct probe *opened;

	const struct chat_line lines[] = { SAY("f1", "30 00 83 04 4e 37"),
					   SAY("fb", "03 00 0a 05 02 00 00 00 83 04 4e 37"),
					   SAY("f5", "01 00"), SAY("f5", "01 00") };

	chat_init(&chat, lines, array_len(lines));
	assert_int_equal(stlink_open(&chat.carrier, model, "V3", "a chat", clock_host(),
				     &opened, &why),
			 CAUSE_NONE);
	chat_go_on(&chat, NULL, 0);
	return opened;
}

/* 24000, 8000, 3300, 1000 kHz; 3300 is set. */
#define COM_FREQS                                                                        \
	"80 00 00 00 e4 0c 00 00 04 00 00 00 c0 5d 00 00 40 1f 00 00 e4 0c 00 00 e8 03 " \
	"00 00 00000000 00000000 00000000 00000000 00000000 00000000"

static void
a_v3_chooses_from_the_clocks_it_lists(void **state)
{
	struct probe *v3 = open_v3();
	uint32_t hz = 10000000;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 62 00", COM_FREQS),
		   SAY("f2 61 00 00 40 1f 00 00", "80 00 00 00 40 1f 00 00"));
	assert_int_equal(probe_set_clock(v3, &hz, &why), CAUSE_NONE);
	assert_int_equal(hz, 8000000);
	hz = 999999;
	CHAT_GO_ON(&chat, SAY("f2 62 00", COM_FREQS));
	assert_int_equal(probe_set_clock(v3, &hz, &why), CAUSE_UNSUPPORTED);
	assert_non_null(strstr(reason_root(&why), "1000000 Hz is its slowest"));
	chat_close(&chat, v3);
}

static void
a_v3_is_asked_for_its_clocks_once_in_a_connection(void **state)
{
	struct probe *v3 = open_v3();
	uint32_t hz = 8000000;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 62 00", COM_FREQS),
		   SAY("f2 61 00 00 40 1f 00 00", "80 00 00 00 40 1f 00 00"));
	assert_int_equal(probe_set_clock(v3, &hz, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f5", "01 00"), SAY("f2 3c 01", OK),
		   SAY("f2 62 00", COM_FREQS),
		   SAY("f2 61 00 00 40 1f 00 00", "80 00 00 00 40 1f 00 00"),
		   SAY("f2 30 a3", OK));
	assert_int_equal(probe_enter_swd(v3, &why), CAUSE_NONE);
	chat_assert_over(&chat);
	hz = 10000000;
	assert_int_equal(probe_set_clock(v3, &hz, &why), CAUSE_NONE);
	assert_int_equal(hz, 8000000);
	hz = 24000000;
	CHAT_GO_ON(&chat, SAY("f2 61 00 00 c0 5d 00 00", "80 00 00 00 c0 5d 00 00"));
	assert_int_equal(probe_set_clock(v3, &hz, &why), CAUSE_NONE);
	assert_int_equal(hz, 24000000);
	chat_assert_over(&chat);
	chat_close(&chat, v3);
}

static void
a_list_of_clocks_that_cannot_be_is_refused(void **state)
{
	struct probe *v3 = open_v3();
	uint32_t hz = 10000000;

	(void)state;
	CHAT_GO_ON(&chat,
		   SAY("f2 62 00", "80 00 00 00 e4 0c 00 00 0b 00 00 00 00000000 00000000 "
				   "00000000 00000000 00000000 00000000 00000000 00000000 "
				   "00000000 00000000"));
	assert_int_equal(probe_set_clock(v3, &hz, &why), CAUSE_GONE);
	assert_non_null(strstr(reason_root(&why), "lists 11 clocks"));
	chat_close(&chat, v3);
}

static void
a_fault_straight_after_a_wait_is_a_wait_on_a_v3_and_the_next_is_none(void **state)
{
	struct probe *v3 = open_v3();
	struct transfer csw = { TRANSFER_AP_READ, 0, 0x00, 0 };
	struct outcome outcome;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 4b 00", OK),
		   SAY("f2 45 00 00 00 00", "1000 0000 00000000"),
		   SAY("f2 45 00 00 00 00", "1100 0000 00000000"),
		   SAY("f2 45 00 00 00 00", "1100 0000 00000000"));
	assert_int_equal(probe_transfer(v3, &csw, 1, &outcome, &why), CAUSE_TIMEOUT);
	assert_int_equal(outcome.ack, ACK_WAIT);
	assert_int_equal(probe_transfer(v3, &csw, 1, &outcome, &why), CAUSE_TIMEOUT);
	assert_int_equal(outcome.ack, ACK_WAIT);
	assert_int_equal(probe_transfer(v3, &csw, 1, &outcome, &why), CAUSE_FAULT);
	assert_int_equal(outcome.ack, ACK_FAULT);
	chat_close(&chat, v3);
}

static void
a_v2_says_fault_and_means_it(void **state)
{
	struct transfer csw = { TRANSFER_AP_READ, 0, 0x00, 0 };
	struct outcome outcome;

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 4b 00", OK),
		   SAY("f2 45 00 00 00 00", "1000 0000 00000000"),
		   SAY("f2 45 00 00 00 00", "1100 0000 00000000"));
	assert_int_equal(probe_transfer(probe, &csw, 1, &outcome, &why), CAUSE_TIMEOUT);
	assert_int_equal(probe_transfer(probe, &csw, 1, &outcome, &why), CAUSE_FAULT);
}

#define WITH_V2J37(test) cmocka_unit_test_setup_teardown(test, open_v2j37, close_probe)

/* The answer comes for nobody, or not at all; the next command's is its own. */
static void
a_command_that_was_not_answered_does_not_lose_the_probe(void **state)
{
	unsigned millivolts;

	(void)state;
	CHAT_GO_ON(&chat, FAIL("f7", CAUSE_TIMEOUT));
	assert_int_equal(probe_measure_vtarget(probe, &millivolts, &why), CAUSE_TIMEOUT);
	assert_false(probe_is_lost(probe));
	assert_int_equal(chat.drains, 0);
	CHAT_GO_ON(&chat, SAY("f7", "00 06 00 00 00 08 00 00"));
	assert_int_equal(probe_measure_vtarget(probe, &millivolts, &why), CAUSE_NONE);
	assert_int_equal(chat.drains, 1);
	CHAT_GO_ON(&chat, FAIL("f7", CAUSE_TIMEOUT), FAIL("f7", CAUSE_TIMEOUT),
		   SAY("f7", "00 06 00 00 00 08 00 00"));
	assert_int_equal(probe_measure_vtarget(probe, &millivolts, &why), CAUSE_TIMEOUT);
	assert_int_equal(probe_measure_vtarget(probe, &millivolts, &why), CAUSE_GONE);
	assert_string_equal(reason_outermost(&why),
			    "the ST-LINK did not answer two commands in a row");
	assert_true(probe_is_lost(probe));
	assert_int_equal(probe_measure_vtarget(probe, &millivolts, &why), CAUSE_NONE);
}

/* A carrier that answers in order, the first command too late. */
static struct late {
	struct stlink_carrier carrier;
	char asked[8]; /* first bytes of commands whose answers are on their way */
	unsigned len, exchanges, polls;
} late;

static enum cause
late_take(const struct stlink_command *command, uint32_t *received)
{
	/* Of different lengths: of the version, the voltage, and the mode. */
	static const uint8_t version[] = { 0x29, 0x5a, 0x83, 0x04, 0x4b, 0x37 };
	static const uint8_t voltage[] = { 0, 6, 0, 0, 0, 8, 0, 0 };
	static const uint8_t mode[] = { 1, 0 };
	uint8_t which = (uint8_t)late.asked[0];
	const uint8_t *answer = which == 0xf1 ? version : which == 0xf7 ? voltage : mode;

	*received = which == 0xf1   ? sizeof(version)
		    : which == 0xf7 ? sizeof(voltage)
				    : sizeof(mode);
	memcpy(command->in, answer, *received < command->size ? *received : command->size);
	memmove(late.asked, late.asked + 1, --late.len);
	return CAUSE_NONE;
}

static enum cause
late_exchange(struct stlink_carrier *carrier, const struct stlink_command *command,
	      uint32_t *received, struct reason *whynot)
{
	(void)carrier;
	late.asked[late.len++] = (char)command->bytes[0];
	if (late.exchanges++ == 0)
		return reason_begin(whynot, CAUSE_TIMEOUT, "it did not answer in time");
	return late_take(command, received);
}

static enum cause
late_poll(struct stlink_carrier *carrier, const struct stlink_command *command,
	  uint32_t *received, struct reason *whynot)
{
	(void)carrier;
	if (late.len == 0 || late.polls++ % 2 == 0)
		return reason_begin(whynot, CAUSE_TIMEOUT, "it did not answer in time");
	return late_take(command, received);
}

static void
late_drain(struct stlink_carrier *carrier)
{
	(void)carrier; /* it comes later than that */
}

static void
an_answer_that_comes_after_the_drain_is_not_taken_for_the_next(void **state)
{
	static const struct stlink_carrier_ops ops = { .exchange = late_exchange,
						       .poll = late_poll,
						       .drain = late_drain };
	struct stlink_command voltage = STLINK_COMMAND(GET_TARGET_VOLTAGE);
	enum stlink_mode mode = STLINK_MODE_DFU;
	uint8_t reply[8];

	(void)state;
	late = (struct late){ .carrier = { .ops = &ops, .data_max = STLINK_DATA_MAX } };
	why = (struct reason)REASON_INIT;
	voltage.in = reply;
	voltage.size = sizeof(reply);
	assert_int_equal(stlink_exchange(&late.carrier, &voltage, &why), CAUSE_TIMEOUT);
	assert_int_equal(stlink_read_mode(&late.carrier, &mode, &why), CAUSE_NONE);
	assert_int_equal(mode, STLINK_MODE_MASS);
	assert_int_equal(late.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_answer_that_comes_after_the_drain_is_not_taken_for_the_next),
		WITH_V2J37(a_command_that_was_not_answered_does_not_lose_the_probe),
		WITH_V2J37(entering_leaves_debug_sets_the_clock_and_does_not_reset),
		WITH_V2J37(a_low_nrst_is_driven_again_around_entering),
		WITH_V2J37(a_probe_that_cannot_let_nrst_go_enters_all_the_same),
		WITH_V2J37(a_target_that_does_not_answer_is_gone_with_a_remedy),
		WITH_V2J37(a_target_that_does_not_power_up_is_there_and_times_out),
		WITH_V2J37(the_nearest_clock_not_above_is_set_and_returned),
		WITH_V2J37(a_clock_slower_than_any_is_refused_and_leaves_the_wish),
		WITH_V2J37(the_clock_once_set_is_set_again_on_entering),
		WITH_V2J37(the_voltage_is_a_ratio_of_two_conversions),
		WITH_V2J37(a_reference_of_zero_gives_no_voltage),
		WITH_V2J37(an_unknown_status_is_reported_by_its_number),
		WITH_V2J37(nrst_that_cannot_be_driven_says_what_was_tried),
		WITH_V2J37(leaving_ends_debug_mode),
		WITH_V2J37(a_v2_says_fault_and_means_it),
		cmocka_unit_test(
			a_fault_straight_after_a_wait_is_a_wait_on_a_v3_and_the_next_is_none),
		cmocka_unit_test(closing_lets_nrst_go_and_leaves_debug_mode),
		cmocka_unit_test(closing_an_unplugged_probe_closes_all_the_same),
		cmocka_unit_test(a_v3_chooses_from_the_clocks_it_lists),
		cmocka_unit_test(a_v3_is_asked_for_its_clocks_once_in_a_connection),
		cmocka_unit_test(a_list_of_clocks_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
