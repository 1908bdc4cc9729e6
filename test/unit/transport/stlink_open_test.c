/* SPDX-License-Identifier: MIT */
#include "test/unit/fake_probe.h"
#include "test/unit/stlink_chat.h"
#include "transport/base/bytes.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define V2J37M26 "29 5a 83 04 4b 37"

static struct reason why;

/* Opens as what `product` is; the chat must be over then. */
static enum cause
open_as(uint16_t product, struct chat *chat, const struct chat_line *lines, size_t len,
	struct probe **probe)
{
	enum cause cause;

	why = (struct reason)REASON_INIT;
	chat_init(chat, lines, len);
	cause = stlink_open(&chat->carrier, stlink_model_find(STLINK_VENDOR, product),
			    "0671FF", "a chat", clock_host(), probe, &why);
	chat_assert_over(chat);
	return cause;
}

#define OPEN_AS(product, chat, probe, ...)                                    \
	open_as((product), (chat), (const struct chat_line[]){ __VA_ARGS__ }, \
		sizeof((const struct chat_line[]){ __VA_ARGS__ }) /           \
			sizeof(struct chat_line),                             \
		(probe))

static enum cause
open_resettable(struct chat *chat, const struct chat_line *lines, size_t len,
		struct probe **probe)
{
	enum cause cause;

	why = (struct reason)REASON_INIT;
	chat_init_resettable(chat, lines, len);
	cause = stlink_open(&chat->carrier, stlink_model_find(STLINK_VENDOR, 0x374b),
			    "0671FF", "a chat", clock_host(), probe, &why);
	chat_assert_over(chat);
	return cause;
}

static void
a_v2_1_is_opened_and_says_what_it_is(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(OPEN_AS(0x374b, &chat, &probe, SAY("f1", V2J37M26),
				 SAY("f5", "01 00"), SAY("f5", "01 00")),
			 CAUSE_NONE);
	assert_string_equal(probe->identity.kind, "ST-LINK/V2-1");
	assert_string_equal(probe->identity.firmware, "V2J37M26");
	assert_string_equal(probe->identity.serial, "0671FF");
	assert_string_equal(probe->identity.where, "a chat");
	assert_true(probe_has_memory(probe));
	chat_close(&chat, probe);
}

static void
a_v2_has_a_swim_number_where_the_v2_1_has_mass_storage(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(OPEN_AS(0x3748, &chat, &probe, SAY("f1", "29 47 83 04 48 37"),
				 SAY("f5", "01 00"), SAY("f5", "01 00")),
			 CAUSE_NONE);
	assert_string_equal(probe->identity.firmware, "V2J37S7");
	chat_close(&chat, probe);
}

static void
a_v3_is_asked_for_its_longer_version(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(OPEN_AS(0x374e, &chat, &probe, SAY("f1", "30 00 83 04 4e 37"),
				 SAY("fb", "03 00 0a 05 02 00 00 00 83 04 4e 37"),
				 SAY("f5", "01 00"), SAY("f5", "01 00")),
			 CAUSE_NONE);
	assert_string_equal(probe->identity.firmware, "V3J10M5B2");
	chat_close(&chat, probe);
}

static void
stale_modes_are_left_each_by_its_own_command(void **state)
{
	static const char *const modes[] = { "00 00", "02 00", "03 00" };
	static const char *const exits[] = { "f3 07", "f2 21", "f4 01" };

	(void)state;
	for (size_t i = 0; i < array_len(modes); i++) {
		struct probe *probe;
		struct chat chat;

		assert_int_equal(OPEN_AS(0x374b, &chat, &probe, SAY("f1", V2J37M26),
					 SAY("f5", modes[i]), SAY(exits[i], NULL),
					 SAY("f5", "01 00")),
				 CAUSE_NONE);
		chat_close(&chat, probe);
	}
}

static void
a_probe_that_stays_in_its_loader_is_waited_for_and_refused_with_the_remedy(void **state)
{
	/* Every 100 ms for 2 s. */
	struct chat_line lines[3 + 21] = { SAY("f1", V2J37M26), SAY("f5", "00 00"),
					   SAY("f3 07", NULL) };
	struct fake_probe *timer = fake_probe_new(FAKE_WITH_MEMORY);
	struct probe *probe;
	struct chat chat;

	(void)state;
	for (size_t i = 3; i < array_len(lines); i++)
		lines[i] = (struct chat_line)SAY("f5", "00 00");
	why = (struct reason)REASON_INIT;
	chat_init(&chat, lines, array_len(lines));
	assert_int_equal(stlink_open(&chat.carrier,
				     stlink_model_find(STLINK_VENDOR, 0x374b), "0671FF",
				     "a chat", &timer->clock, &probe, &why),
			 CAUSE_GONE);
	chat_assert_over(&chat);
	assert_string_equal(reason_root(&why),
			    "the ST-LINK is in its firmware-update loader (firmware update "
			    "mode) and does not leave it");
	assert_string_equal(
		reason_remedy(&why),
		"re-plug the ST-LINK, or finish the update with ST's STSW-LINK007");
	assert_true(chat.is_closed);
	fake_probe_free(timer);
}

static void
a_probe_that_leaves_the_bus_with_its_loader_is_opened_again(void **state)
{
	const struct chat_line lines[] = { SAY("f1", V2J37M26), SAY("f5", "00 00"),
					   SAY("f3 07", NULL), FAIL("f5", CAUSE_GONE),
					   SAY("f5", "01 00") };
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(open_resettable(&chat, lines, array_len(lines), &probe),
			 CAUSE_NONE);
	assert_int_equal(chat.reopens, 1);
	assert_int_equal(chat.resets, 0);
	chat_close(&chat, probe);
}

static void
a_wedged_probe_is_drained_then_reset_and_answers(void **state)
{
	const struct chat_line lines[] = { FAIL("f1", CAUSE_TIMEOUT),
					   FAIL("f1", CAUSE_TIMEOUT), SAY("f1", V2J37M26),
					   SAY("f5", "01 00"), SAY("f5", "01 00") };
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(open_resettable(&chat, lines, array_len(lines), &probe),
			 CAUSE_NONE);
	assert_int_equal(chat.drains, 1);
	assert_int_equal(chat.resets, 1);
	chat_close(&chat, probe);
}

static void
a_probe_that_no_reset_helps_is_to_be_re_plugged(void **state)
{
	const struct chat_line lines[] = { FAIL("f1", CAUSE_TIMEOUT),
					   FAIL("f1", CAUSE_TIMEOUT),
					   FAIL("f1", CAUSE_TIMEOUT) };
	struct probe *probe;
	struct chat chat;
	char words[REASON_SPACE];

	(void)state;
	assert_int_equal(open_resettable(&chat, lines, array_len(lines), &probe),
			 CAUSE_TIMEOUT);
	reason_text(&why, words, sizeof(words));
	assert_non_null(strstr(words, "the ST-LINK itself stopped answering (not the "
				      "target), and resetting it over USB did not help"));
	assert_string_equal(reason_remedy(&why), "re-plug the probe");
}

static void
one_out_of_step_is_drained_sent_an_exit_and_reset_in_this_order(void **state)
{
	const struct chat_line lines[] = { SAY("f1", "00 08 00 00 00 00"),
					   SAY("f1", "00 08 00 00 00 00"),
					   SAY("f2 21", NULL),
					   SAY("f1", "80 00 00 00 00 00"),
					   SAY("f1", V2J37M26),
					   SAY("f5", "01 00"),
					   SAY("f5", "01 00") };
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(open_resettable(&chat, lines, array_len(lines), &probe),
			 CAUSE_NONE);
	assert_int_equal(chat.drains, 2);
	assert_int_equal(chat.resets, 1);
	chat_close(&chat, probe);
}

static void
a_stale_answer_is_drained_and_the_question_asked_again(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(OPEN_AS(0x374b, &chat, &probe, SAY("f1", "00 08 00 00 00 00"),
				 SAY("f1", V2J37M26), SAY("f5", "01 00"),
				 SAY("f5", "01 00")),
			 CAUSE_NONE);
	assert_int_equal(chat.drains, 1);
	chat_close(&chat, probe);
}

static void
a_probe_that_stays_out_of_step_is_reported_with_its_bytes(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(OPEN_AS(0x374b, &chat, &probe, SAY("f1", "00 08 00 00 00 00"),
				 SAY("f1", "80 08 00 00 01 00"), SAY("f2 21", NULL),
				 SAY("f1", "80 08 00 00 01 00")),
			 CAUSE_GONE);
	assert_int_equal(chat.drains, 2);
	assert_string_equal(
		reason_root(&why),
		"the ST-LINK's version reads 800800000100, which no ST-LINK/V2-1 "
		"(0483:374b) answers");
	assert_non_null(strstr(reason_remedy(&why), "re-plug"));
}

static void
a_short_answer_names_command_and_bytes(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(
		OPEN_AS(0x374b, &chat, &probe, SAY("f1", V2J37M26), SAY("f5", "02")),
		CAUSE_GONE);
	assert_string_equal(reason_root(&why),
			    "the ST-LINK answered GET_CURRENT_MODE with 1 "
			    "byte (02) instead of 2");
}

static void
a_long_answer_is_out_of_step_too(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(OPEN_AS(0x374b, &chat, &probe, SAY("f1", V2J37M26),
				 SAY("f5", "80 00 01 02")),
			 CAUSE_GONE);
	assert_string_equal(reason_root(&why),
			    "the ST-LINK answered GET_CURRENT_MODE with 4 "
			    "bytes (8000) instead of 2");
}

static void
an_unknown_mode_is_reported(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(
		OPEN_AS(0x374b, &chat, &probe, SAY("f1", V2J37M26), SAY("f5", "80 00")),
		CAUSE_GONE);
	assert_non_null(strstr(reason_root(&why), "mode is 0x80"));
}

static void
firmware_too_old_is_refused_with_version_and_remedy(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	/* V2J23M2 */
	assert_int_equal(OPEN_AS(0x374b, &chat, &probe, SAY("f1", "25 c2 83 04 4b 37")),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "ST-LINK firmware V2J23M2 is too old to access debug port "
			    "registers (needs V2J24)");
	assert_string_equal(reason_remedy(&why), "update it with ST's STSW-LINK007");
	assert_string_equal(reason_outermost(&why),
			    "opening the ST-LINK/V2-1 0671FF at a chat");
}

static void
firmware_for_the_stm8_only_is_refused_as_such(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	/* M25S7: the same bits would be J25M7. */
	assert_int_equal(OPEN_AS(0x374b, &chat, &probe, SAY("f1", "26 47 83 04 4b 37")),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "the ST-LINK's firmware V2M25S7 is for the STM8 only");
}

static void
firmware_without_halfwords_is_used_without_block_commands(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	probe = chat_open(&chat, 24, clock_host());
	assert_false(probe_has_memory(probe));
	chat_close(&chat, probe);
	probe = chat_open(&chat, 26, clock_host());
	assert_true(probe_has_memory(probe));
	chat_close(&chat, probe);
}

static void
an_unplugged_probe_is_gone(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(
		OPEN_AS(0x374b, &chat, &probe, SAY("f1", V2J37M26), FAIL("f5", CAUSE_GONE)),
		CAUSE_GONE);
	assert_true(chat.is_closed);
}

static void
a_probe_that_does_not_answer_times_out_after_a_second_try(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	assert_int_equal(OPEN_AS(0x374b, &chat, &probe, FAIL("f1", CAUSE_TIMEOUT),
				 FAIL("f1", CAUSE_TIMEOUT)),
			 CAUSE_TIMEOUT);
	assert_non_null(strstr(reason_outermost(&why), "ST-LINK/V2-1 0671FF"));
}

/* A chat whose answers come only after a number of parts. */
static struct stlink_carrier_ops slow_ops;
static unsigned polls, polls_an_answer;

static enum cause
slow_begin(struct stlink_carrier *carrier, const struct stlink_command *command,
	   struct reason *reason)
{
	(void)carrier, (void)command, (void)reason;
	return CAUSE_NONE;
}

static enum cause
slow_poll(struct stlink_carrier *carrier, const struct stlink_command *command,
	  uint32_t *received, struct reason *reason)
{
	if (++polls % polls_an_answer != 0)
		return reason_begin(reason, CAUSE_TIMEOUT, "it did not answer in time");
	return slow_ops.exchange(carrier, command, received, reason);
}

static struct job *
open_slowly(struct chat *chat, unsigned parts, struct probe **probe)
{
	why = (struct reason)REASON_INIT;
	polls = 0;
	polls_an_answer = parts;
	slow_ops = *chat->carrier.ops;
	slow_ops.begin = slow_begin;
	slow_ops.poll = slow_poll;
	slow_ops.drain = NULL;
	chat->carrier.ops = &slow_ops;
	return stlink_open_job(&chat->carrier, stlink_model_find(STLINK_VENDOR, 0x374b),
			       "0671FF", "a chat", clock_host(), probe);
}

static void
each_step_of_opening_a_slow_probe_is_one_part_of_waiting(void **state)
{
	static const struct chat_line lines[] = { SAY("f1", V2J37M26), SAY("f5", "01 00"),
						  SAY("f5", "01 00") };
	struct probe *probe = NULL;
	struct chat chat;
	struct job *job;
	bool done = false;

	(void)state;
	chat_init(&chat, lines, array_len(lines));
	job = open_slowly(&chat, 10, &probe);
	for (unsigned steps = 0; !done; steps++) {
		assert_int_equal(job_step(job, &done, &why), CAUSE_NONE);
		assert_true(polls <= steps);
	}
	job_free(job);
	assert_int_equal(polls, 30);
	assert_string_equal(probe->identity.firmware, "V2J37M26");
	chat_close(&chat, probe);
}

static void
opening_a_silent_probe_can_be_cancelled_between_two_parts(void **state)
{
	struct probe *probe = NULL;
	struct chat chat;
	struct job *job;
	bool done;

	(void)state;
	chat_init(&chat, NULL, 0);
	job = open_slowly(&chat, UINT_MAX, &probe);
	for (unsigned steps = 0; steps < 5; steps++)
		assert_int_equal(job_step(job, &done, &why), CAUSE_NONE);
	assert_false(chat.is_closed);
	assert_int_equal(job_cancel(job, &why), CAUSE_NONE);
	job_free(job);
	assert_true(chat.is_closed);
	assert_null(probe);
}

static void
a_probe_that_is_silent_in_all_parts_times_out(void **state)
{
	struct probe *probe = NULL;
	struct chat chat;
	struct job *job;

	(void)state;
	chat_init(&chat, NULL, 0);
	job = open_slowly(&chat, UINT_MAX, &probe);
	assert_int_equal(job_run(job, clock_host(), &why), CAUSE_TIMEOUT);
	assert_string_equal(reason_root(&why), "it did not answer in time");
	assert_string_equal(reason_remedy(&why), "re-plug the probe");
	job_free(job);
	assert_true(chat.is_closed);
}

/* Of an stlink-server. */
static void
open_beside_others(struct chat *chat, struct probe **probe)
{
	static const struct chat_line lines[] = { SAY("f1", V2J37M26), SAY("f5", "02 00") };

	why = (struct reason)REASON_INIT;
	chat_init(chat, lines, array_len(lines));
	chat->carrier.has_others = true;
	assert_int_equal(stlink_open(&chat->carrier,
				     stlink_model_find(STLINK_VENDOR, 0x374b), "0671FF",
				     "a chat", clock_host(), probe, &why),
			 CAUSE_NONE);
}

static void
debug_mode_that_another_program_entered_is_not_left(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	open_beside_others(&chat, &probe);
	CHAT_GO_ON(&chat, SAY("f2 43 01 00", "80 00"), SAY("f2 30 a3", "80 00"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
	chat_go_on(&chat, NULL, 0);
	assert_int_equal(probe_leave(probe, &why), CAUSE_NONE);
	probe_close(probe);
	assert_true(chat.is_closed);
}

/* The first writes of a connection, on wires that lose bits. */
static void
what_is_refused_while_entering_is_put_down_to_the_wires(void **state)
{
	struct probe *probe;
	struct chat chat;

	(void)state;
	open_beside_others(&chat, &probe);
	CHAT_GO_ON(&chat, SAY("f2 43 01 00", "80 00"), SAY("f2 30 a3", "15 00"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_FAULT);
	assert_true(probe_is_link_suspect(&why));
	chat_go_on(&chat, NULL, 0);
	assert_int_equal(probe_leave(probe, &why), CAUSE_NONE);
	probe_close(probe);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_v2_1_is_opened_and_says_what_it_is),
		cmocka_unit_test(a_v2_has_a_swim_number_where_the_v2_1_has_mass_storage),
		cmocka_unit_test(a_v3_is_asked_for_its_longer_version),
		cmocka_unit_test(stale_modes_are_left_each_by_its_own_command),
		cmocka_unit_test(
			a_probe_that_stays_in_its_loader_is_waited_for_and_refused_with_the_remedy),
		cmocka_unit_test(
			a_probe_that_leaves_the_bus_with_its_loader_is_opened_again),
		cmocka_unit_test(a_wedged_probe_is_drained_then_reset_and_answers),
		cmocka_unit_test(a_probe_that_no_reset_helps_is_to_be_re_plugged),
		cmocka_unit_test(
			one_out_of_step_is_drained_sent_an_exit_and_reset_in_this_order),
		cmocka_unit_test(a_stale_answer_is_drained_and_the_question_asked_again),
		cmocka_unit_test(a_probe_that_stays_out_of_step_is_reported_with_its_bytes),
		cmocka_unit_test(a_short_answer_names_command_and_bytes),
		cmocka_unit_test(a_long_answer_is_out_of_step_too),
		cmocka_unit_test(an_unknown_mode_is_reported),
		cmocka_unit_test(firmware_too_old_is_refused_with_version_and_remedy),
		cmocka_unit_test(firmware_for_the_stm8_only_is_refused_as_such),
		cmocka_unit_test(firmware_without_halfwords_is_used_without_block_commands),
		cmocka_unit_test(an_unplugged_probe_is_gone),
		cmocka_unit_test(a_probe_that_does_not_answer_times_out_after_a_second_try),
		cmocka_unit_test(each_step_of_opening_a_slow_probe_is_one_part_of_waiting),
		cmocka_unit_test(opening_a_silent_probe_can_be_cancelled_between_two_parts),
		cmocka_unit_test(a_probe_that_is_silent_in_all_parts_times_out),
		cmocka_unit_test(debug_mode_that_another_program_entered_is_not_left),
		cmocka_unit_test(what_is_refused_while_entering_is_put_down_to_the_wires),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
