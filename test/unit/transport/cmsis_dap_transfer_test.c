/* SPDX-License-Identifier: MIT */
#include "test/unit/dap_chat.h"
#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"
#include "transport/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CSW = 0x00, TAR = 0x04, DRW = 0x0c, BD1 = 0x14, IDR = 0xfc };

static struct reason why;
static struct dap_chat chat;
static struct probe *probe;
static struct outcome outcome;
static struct fake_probe *timer; /* for its clock */

static void
open_probe(unsigned packet_size, unsigned packet_count)
{
	why = (struct reason)REASON_INIT;
	timer = fake_probe_new(FAKE_WITH_MEMORY);
	probe = dap_chat_open(&chat, packet_size, packet_count, &timer->clock);
	dap_chat_enter(&chat, probe);
}

static int
open_v1(void **state)
{
	(void)state;
	open_probe(64, 2);
	return 0;
}

static int
open_v2(void **state)
{
	(void)state;
	open_probe(512, 4);
	return 0;
}

static int
close_probe(void **state)
{
	(void)state;
	dap_chat_close(&chat, probe, true);
	fake_probe_free(timer);
	return 0;
}

static enum cause
transfer(struct transfer *batch, size_t len)
{
	return probe_transfer(probe, batch, len, &outcome, &why);
}

/* After which SELECT is known to be 0: bank 0 of port 0. */
static void
select_port_0(void)
{
	struct transfer tar = { TRANSFER_AP_READ, 0, TAR, 0 };

	DAP_CHAT_GO_ON(&chat, ASK("05 00 02 08 00 00 00 00 07", "05 02 01 00 00 00 00"));
	assert_int_equal(transfer(&tar, 1), CAUSE_NONE);
}

static void
a_batch_is_one_packet_and_banks_are_picked_in_it(void **state)
{
	struct transfer batch[] = {
		{ TRANSFER_DP_WRITE, 0, 0x0, 0x1e },
		{ TRANSFER_DP_READ, 0, 0x4, 0 },
		{ TRANSFER_AP_READ, 3, IDR, 0 },
		{ TRANSFER_AP_WRITE, 0, TAR, 0x20000000 },
		{ TRANSFER_AP_READ, 0, DRW, 0 },
		{ TRANSFER_AP_WRITE, 0, BD1, 7 },
	};

	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("05 00 0a "
				  "00 1e 00 00 00 "
				  "08 00 00 00 00 06 "
				  "08 f0 00 00 03 0f "
				  "08 00 00 00 00 05 00 00 00 20 0f "
				  "08 10 00 00 00 05 07 00 00 00",
				  "05 0a 01 40 00 00 f0 11 00 77 24 04 03 02 01"));
	assert_int_equal(transfer(batch, 6), CAUSE_NONE);
	assert_int_equal(outcome.finished, 6);
	assert_int_equal(outcome.ack, ACK_OK);
	assert_int_equal(batch[1].value, 0xf0000040);
	assert_int_equal(batch[2].value, 0x24770011);
	assert_int_equal(batch[4].value, 0x01020304);
}

static void
a_bank_that_is_picked_stays_picked(void **state)
{
	struct transfer tar = { TRANSFER_AP_READ, 0, TAR, 0 };

	(void)state;
	select_port_0();
	DAP_CHAT_GO_ON(&chat, ASK("05 00 01 07", "05 01 01 78 56 34 12"));
	assert_int_equal(transfer(&tar, 1), CAUSE_NONE);
	assert_int_equal(tar.value, 0x12345678);
}

static void
a_bank_of_the_debug_port_is_left_for_an_access_port(void **state)
{
	struct transfer batch[] = { { TRANSFER_DP_READ, 0, 0x24, 0 },
				    { TRANSFER_AP_READ, 0, TAR, 0 } };

	(void)state;
	select_port_0();
	DAP_CHAT_GO_ON(&chat, ASK("05 00 04 08 02 00 00 00 06 08 00 00 00 00 07",
				  "05 04 01 01 00 00 00 02 00 00 00"));
	assert_int_equal(transfer(batch, 2), CAUSE_NONE);
	assert_int_equal(batch[0].value, 1);
	assert_int_equal(batch[1].value, 2);
}

static void
a_run_of_drw_is_a_block(void **state)
{
	struct transfer reads[] = { { TRANSFER_AP_READ, 0, DRW, 0 },
				    { TRANSFER_AP_READ, 0, DRW, 0 },
				    { TRANSFER_AP_READ, 0, DRW, 0 } };
	struct transfer writes[] = { { TRANSFER_AP_WRITE, 0, DRW, 0x11 },
				     { TRANSFER_AP_WRITE, 0, DRW, 0x22 } };

	(void)state;
	select_port_0();
	DAP_CHAT_GO_ON(
		&chat,
		ASK("06 00 03 00 0f", "06 03 00 01 01 00 00 00 02 00 00 00 03 00 00 00"),
		ASK("06 00 02 00 0d 11 00 00 00 22 00 00 00", "06 02 00 01"));
	assert_int_equal(transfer(reads, 3), CAUSE_NONE);
	assert_int_equal(reads[0].value, 1);
	assert_int_equal(reads[2].value, 3);
	assert_int_equal(transfer(writes, 2), CAUSE_NONE);
	assert_int_equal(outcome.finished, 2);
}

/* Requests and responses of what does not fit into one packet, put together. */
static struct text lines_text;
static char lines_chars[8192];

static const char *
line(const char *head, unsigned words, uint32_t first)
{
	char *start = lines_chars + lines_text.used;

	text_add(&lines_text, "%s", head);
	for (uint32_t i = first; i < first + words; i++)
		text_add(&lines_text, " %02x %02x 00 00", (unsigned)(i & 0xff),
			 (unsigned)(i >> 8));
	assert_false(lines_text.is_cut);
	lines_text.used++;
	return start;
}

static void
make_run(struct transfer *batch, enum transfer_kind kind, size_t len)
{
	for (size_t i = 0; i < len; i++)
		batch[i] = (struct transfer){ kind, 0, DRW, (uint32_t)i };
	text_init(&lines_text, lines_chars, sizeof(lines_chars));
	memset(lines_chars, 0, sizeof(lines_chars));
}

static void
a_long_run_has_several_packets_under_way(void **state)
{
	struct transfer batch[40];

	(void)state;
	select_port_0();
	make_run(batch, TRANSFER_AP_READ, 40);
	/* A response of 64 bytes has 15 words. */
	DAP_CHAT_GO_ON(&chat, ASK("06 00 0f 00 0f", line("06 0f 00 01", 15, 100)),
		       ASK("06 00 0f 00 0f", line("06 0f 00 01", 15, 115)),
		       ASK("06 00 0a 00 0f", line("06 0a 00 01", 10, 130)));
	assert_int_equal(transfer(batch, 40), CAUSE_NONE);
	for (uint32_t i = 0; i < 40; i++)
		assert_int_equal(batch[i].value, 100 + i);
	assert_int_equal(outcome.finished, 40);
	assert_int_equal(chat.most_under_way, 2);
}

static void
what_is_no_run_waits_for_the_packet_before_it(void **state)
{
	struct transfer batch[14];

	(void)state;
	select_port_0();
	for (size_t i = 0; i < 14; i++)
		batch[i] = (struct transfer){ TRANSFER_AP_WRITE, 0, TAR, 0 };
	/* 12 writes of 5 bytes fit. */
	DAP_CHAT_GO_ON(&chat,
		       ASK("05 00 0c 05 00 00 00 00 05 00 00 00 00 05 00 00 00 00 "
			   "05 00 00 00 00 05 00 00 00 00 05 00 00 00 00 05 00 00 00 00 "
			   "05 00 00 00 00 05 00 00 00 00 05 00 00 00 00 05 00 00 00 00 "
			   "05 00 00 00 00",
			   "05 0c 01"),
		       ASK("05 00 02 05 00 00 00 00 05 00 00 00 00", "05 02 01"));
	assert_int_equal(transfer(batch, 14), CAUSE_NONE);
	assert_int_equal(chat.most_under_way, 1);
}

static void
what_is_behind_a_failed_packet_is_taken_and_not_counted(void **state)
{
	struct transfer batch[40];

	(void)state;
	select_port_0();
	make_run(batch, TRANSFER_AP_READ, 40);
	/* Eleven words and then a FAULT; the packet behind it is refused as a whole. */
	DAP_CHAT_GO_ON(&chat, ASK("06 00 0f 00 0f", line("06 0b 00 04", 11, 100)),
		       ASK("06 00 0f 00 0f", "06 00 00 04"));
	assert_int_equal(transfer(batch, 40), CAUSE_FAULT);
	assert_int_equal(outcome.ack, ACK_FAULT);
	assert_int_equal(outcome.finished, 11);
	assert_int_equal(batch[10].value, 110);
	assert_int_equal(batch[11].value, 11);
	assert_string_equal(reason_root(&why), "the target refused (FAULT)");
}

static void
what_was_done_behind_a_wait_is_not_counted_either(void **state)
{
	struct transfer batch[30];

	(void)state;
	select_port_0();
	make_run(batch, TRANSFER_AP_WRITE, 30);
	/* A request of 64 bytes has 14 words. */
	DAP_CHAT_GO_ON(&chat, ASK(line("06 00 0e 00 0d", 14, 0), "06 03 00 02"),
		       ASK(line("06 00 0e 00 0d", 14, 14), "06 0e 00 01"));
	assert_int_equal(transfer(batch, 30), CAUSE_TIMEOUT);
	assert_int_equal(outcome.ack, ACK_WAIT);
	assert_int_equal(outcome.finished, 3);
}

static void
a_posted_read_whose_value_did_not_come_is_not_done(void **state)
{
	struct transfer batch[] = { { TRANSFER_AP_WRITE, 0, TAR, 0x60000000 },
				    { TRANSFER_AP_READ, 0, DRW, 5 } };

	(void)state;
	select_port_0();
	/* Both were acknowledged; the read of RDBUFF was not. */
	DAP_CHAT_GO_ON(&chat, ASK("05 00 02 05 00 00 00 60 0f", "05 02 04"));
	assert_int_equal(transfer(batch, 2), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 1);
	assert_int_equal(batch[1].value, 5);
}

static void
a_write_that_is_refused_is_refused_for_the_one_before_it(void **state)
{
	struct transfer batch[] = { { TRANSFER_AP_WRITE, 0, TAR, 0x60000000 },
				    { TRANSFER_AP_WRITE, 0, DRW, 1 },
				    { TRANSFER_AP_WRITE, 0, TAR, 0x20000000 } };

	(void)state;
	select_port_0();
	DAP_CHAT_GO_ON(&chat, ASK("05 00 03 05 00 00 00 60 0d 01 00 00 00 05 00 00 00 20",
				  "05 02 04"));
	assert_int_equal(transfer(batch, 3), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 1);
}

/* The read of RDBUFF by which firmware checks the last write has its own answer. */
static void
a_last_write_that_is_counted_and_not_acknowledged_is_not_done(void **state)
{
	static const struct {
		const char *response;
		enum cause cause;
		enum swd_ack ack;
	} answers[] = {
		{ "05 01 07", CAUSE_GONE, ACK_NONE },
		{ "05 01 04", CAUSE_FAULT, ACK_FAULT },
		{ "05 01 08", CAUSE_GONE, ACK_PARITY },
		{ "05 01 11", CAUSE_MISMATCH, ACK_MISMATCH },
	};

	(void)state;
	for (size_t i = 0; i < array_len(answers); i++) {
		struct transfer tar = { TRANSFER_AP_WRITE, 0, TAR, 0x20000000 };
		struct transfer abort = { TRANSFER_DP_WRITE, 0, 0, 0x1e };

		/* After an answer that was damaged SELECT is written anew. */
		if (i == 0 || answers[i - 1].cause == CAUSE_GONE)
			select_port_0();
		DAP_CHAT_GO_ON(&chat, ASK("05 00 01 05 00 00 00 20", answers[i].response));
		assert_int_equal(transfer(&tar, 1), answers[i].cause);
		assert_int_equal(outcome.ack, answers[i].ack);
		assert_int_equal(outcome.finished, 0);
		DAP_CHAT_GO_ON(&chat, ASK("05 00 01 00 1e 00 00 00", answers[i].response));
		assert_int_equal(transfer(&abort, 1), answers[i].cause);
		assert_int_equal(outcome.finished, 0);
	}
}

static void
a_last_read_that_is_counted_and_not_acknowledged_is_not_done(void **state)
{
	struct transfer dpidr = { TRANSFER_DP_READ, 0, 0x0, 0x55 };

	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("05 00 01 02", "05 01 07"));
	assert_int_equal(transfer(&dpidr, 1), CAUSE_GONE);
	assert_int_equal(outcome.finished, 0);
	assert_int_equal(dpidr.value, 0x55);
}

static void
a_block_that_is_counted_whole_and_failed_lacks_its_last_word(void **state)
{
	struct transfer batch[] = { { TRANSFER_AP_WRITE, 0, DRW, 1 },
				    { TRANSFER_AP_WRITE, 0, DRW, 2 } };

	(void)state;
	select_port_0();
	DAP_CHAT_GO_ON(&chat, ASK("06 00 02 00 0d 01 00 00 00 02 00 00 00", "06 02 00 07"));
	assert_int_equal(transfer(batch, 2), CAUSE_GONE);
	assert_int_equal(outcome.finished, 1);
}

static void
a_write_that_goes_on_is_waited_for_and_not_repeated(void **state)
{
	struct transfer tar = { TRANSFER_AP_WRITE, 0, TAR, 0x20000000 };

	(void)state;
	select_port_0();
	DAP_CHAT_GO_ON(&chat, ASK("05 00 01 05 00 00 00 20", "05 01 02"),
		       ASK("05 00 01 0e", "05 00 02"),
		       ASK("05 00 01 0e", "05 01 01 00 00 00 00"));
	assert_int_equal(transfer(&tar, 1), CAUSE_NONE);
	assert_int_equal(outcome.finished, 1);
	DAP_CHAT_GO_ON(&chat, ASK("05 00 01 05 00 00 00 20", "05 01 02"),
		       ASK("05 00 01 0e", "05 00 04"));
	assert_int_equal(transfer(&tar, 1), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 0);
	assert_int_equal(outcome.ack, ACK_FAULT);
	assert_string_equal(reason_outermost(&why), "finishing the write");
}

static void
a_write_of_the_debug_port_is_done_though_an_access_port_is_busy(void **state)
{
	struct transfer abort = { TRANSFER_DP_WRITE, 0, 0, 0x1f };

	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("05 00 01 00 1f 00 00 00", "05 01 02"));
	assert_int_equal(transfer(&abort, 1), CAUSE_NONE);
	assert_int_equal(outcome.finished, 1);
}

static void
ctrl_stat_is_read_after_a_fault_without_a_write_of_select(void **state)
{
	struct transfer idr = { TRANSFER_AP_READ, 1, IDR, 0 };
	struct transfer ctrl_stat = { TRANSFER_DP_READ, 0, 0x4, 0 };

	(void)state;
	select_port_0();
	DAP_CHAT_GO_ON(&chat, ASK("05 00 02 08 f0 00 00 01 0f", "05 01 04"),
		       ASK("05 00 01 06", "05 01 01 20 00 00 f0"));
	assert_int_equal(transfer(&idr, 1), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 0);
	assert_int_equal(transfer(&ctrl_stat, 1), CAUSE_NONE);
	assert_int_equal(ctrl_stat.value, 0xf0000020);
}

static void
each_answer_of_the_wire_has_its_cause_and_words(void **state)
{
	static const struct {
		const char *response;
		enum cause cause;
		enum swd_ack ack;
		const char *words;
	} answers[] = {
		{ "05 00 02", CAUSE_TIMEOUT, ACK_WAIT,
		  "the target was busy (WAIT) each time the probe tried" },
		{ "05 00 04", CAUSE_FAULT, ACK_FAULT, "the target refused (FAULT)" },
		{ "05 00 07", CAUSE_GONE, ACK_NONE,
		  "the target did not answer (no acknowledge)" },
		{ "05 00 08", CAUSE_GONE, ACK_PARITY,
		  "the data arrived damaged (SWD protocol error, response 0x08)" },
		{ "05 00 09", CAUSE_GONE, ACK_PARITY,
		  "the data arrived damaged (SWD protocol error, response 0x09)" },
		{ "05 00 00", CAUSE_GONE, ACK_NONE,
		  "the target's answer was no acknowledge (response 0x00)" },
		{ "05 00 03", CAUSE_GONE, ACK_PARITY,
		  "the target's acknowledge arrived damaged (response 0x03)" },
		{ "05 00 05", CAUSE_GONE, ACK_PARITY,
		  "the target's acknowledge arrived damaged (response 0x05)" },
		{ "05 00 01", CAUSE_GONE, ACK_UNKNOWN,
		  "the probe says that it did 0 of 1 accesses, and that all is well "
		  "(DAP_Transfer)" },
		{ "05 02 01 00 00 00 00 00 00 00 00", CAUSE_GONE, ACK_UNKNOWN,
		  "the probe says that it did 2 of 1 accesses, and that all is well "
		  "(DAP_Transfer)" },
		{ "05 01 01 00", CAUSE_GONE, ACK_UNKNOWN,
		  "the probe says that it did 1 of 1 accesses, and that all is well "
		  "(DAP_Transfer)" },
	};

	(void)state;
	for (size_t i = 0; i < array_len(answers); i++) {
		struct transfer dpidr = { TRANSFER_DP_READ, 0, 0x0, 0x55 };

		DAP_CHAT_GO_ON(&chat, ASK("05 00 01 02", answers[i].response));
		assert_int_equal(transfer(&dpidr, 1), answers[i].cause);
		assert_int_equal(outcome.ack, answers[i].ack);
		assert_int_equal(outcome.finished, 0);
		assert_int_equal(dpidr.value, 0x55);
		assert_string_equal(reason_root(&why), answers[i].words);
	}
}

static void
blocks_that_are_miscounted_or_cut_short_are_not_believed(void **state)
{
	static const char *const responses[] = {
		"06 01 00 01 00 00 00 00",
		"06 03 00 01 00 00 00 00 00 00 00 00 00 00 00 00",
		"06 02 00 01 00 00 00 00 00 00 00",
	};

	(void)state;
	select_port_0();
	for (size_t i = 0; i < array_len(responses); i++) {
		struct transfer batch[] = { { TRANSFER_AP_READ, 0, DRW, 1 },
					    { TRANSFER_AP_READ, 0, DRW, 2 } };

		if (i > 0)
			select_port_0();
		DAP_CHAT_GO_ON(&chat, ASK("06 00 02 00 0f", responses[i]));
		assert_int_equal(transfer(batch, 2), CAUSE_GONE);
		assert_int_equal(outcome.finished, 0);
		assert_int_equal(outcome.ack, ACK_UNKNOWN);
	}
}

static void
a_packet_without_an_answer_aborts_and_finds_the_step_again(void **state)
{
	struct transfer dpidr = { TRANSFER_DP_READ, 0, 0x0, 0 };

	(void)state;
	DAP_CHAT_GO_ON(&chat, SILENCE("05 00 01 02"), SILENCE("07"));
	assert_int_equal(transfer(&dpidr, 1), CAUSE_TIMEOUT);
	assert_int_equal(outcome.ack, ACK_UNKNOWN);
	DAP_CHAT_GO_ON(&chat, ASK("00 fe", "00 01 02"),
		       ASK("05 00 01 02", "05 01 01 77 14 a0 2b"));
	dap_chat_push(&chat, "05 01 01 ff ff ff ff");
	assert_int_equal(transfer(&dpidr, 1), CAUSE_NONE);
	assert_int_equal(dpidr.value, 0x2ba01477);
}

static void
an_answer_that_is_late_is_taken_all_the_same(void **state)
{
	struct transfer dpidr = { TRANSFER_DP_READ, 0, 0x0, 0 };

	(void)state;
	/* The response to the first comes when the second, which has none, is sent. */
	DAP_CHAT_GO_ON(&chat, SILENCE("05 00 01 02"), ASK("07", "05 01 01 77 14 a0 2b"));
	assert_int_equal(transfer(&dpidr, 1), CAUSE_NONE);
	assert_int_equal(dpidr.value, 0x2ba01477);
	assert_false(probe_is_lost(probe));
}

static void
a_probe_that_is_unplugged_is_gone(void **state)
{
	struct transfer batch[40];

	(void)state;
	select_port_0();
	make_run(batch, TRANSFER_AP_READ, 40);
	DAP_CHAT_GO_ON(&chat, ASK("06 00 0f 00 0f", line("06 0f 00 01", 15, 100)),
		       BREAK("06 00 0f 00 0f", CAUSE_GONE));
	assert_int_equal(transfer(batch, 40), CAUSE_GONE);
	assert_int_equal(outcome.ack, ACK_UNKNOWN);
	assert_int_equal(outcome.finished, 0);
	assert_string_equal(reason_outermost(&why), "sending DAP_TransferBlock");
	chat.queued = 0;
	DAP_CHAT_GO_ON(&chat, BREAK("00 fe", CAUSE_GONE));
	assert_int_equal(transfer(batch, 1), CAUSE_GONE);
	/* It comes back, for the teardown to say goodbye to. */
	DAP_CHAT_GO_ON(&chat, ASK("00 fe", "00 01 02"),
		       ASK("05 00 01 02", "05 01 01 77 14 a0 2b"));
	batch[0] = (struct transfer){ TRANSFER_DP_READ, 0, 0x0, 0 };
	assert_int_equal(transfer(batch, 1), CAUSE_NONE);
}

int
main(void)
{
#define V1(test) cmocka_unit_test_setup_teardown(test, open_v1, close_probe)
#define V2(test) cmocka_unit_test_setup_teardown(test, open_v2, close_probe)
	const struct CMUnitTest tests[] = {
		V2(a_batch_is_one_packet_and_banks_are_picked_in_it),
		V2(a_bank_that_is_picked_stays_picked),
		V2(a_bank_of_the_debug_port_is_left_for_an_access_port),
		V2(a_run_of_drw_is_a_block),
		V1(a_long_run_has_several_packets_under_way),
		V1(what_is_no_run_waits_for_the_packet_before_it),
		V1(what_is_behind_a_failed_packet_is_taken_and_not_counted),
		V1(what_was_done_behind_a_wait_is_not_counted_either),
		V2(a_posted_read_whose_value_did_not_come_is_not_done),
		V2(a_write_that_is_refused_is_refused_for_the_one_before_it),
		V2(a_last_write_that_is_counted_and_not_acknowledged_is_not_done),
		V2(a_last_read_that_is_counted_and_not_acknowledged_is_not_done),
		V2(a_block_that_is_counted_whole_and_failed_lacks_its_last_word),
		V2(a_write_that_goes_on_is_waited_for_and_not_repeated),
		V2(a_write_of_the_debug_port_is_done_though_an_access_port_is_busy),
		V2(ctrl_stat_is_read_after_a_fault_without_a_write_of_select),
		V2(each_answer_of_the_wire_has_its_cause_and_words),
		V2(blocks_that_are_miscounted_or_cut_short_are_not_believed),
		V2(a_packet_without_an_answer_aborts_and_finds_the_step_again),
		V1(a_probe_that_is_unplugged_is_gone),
		V2(an_answer_that_is_late_is_taken_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
