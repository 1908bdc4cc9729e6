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

#define OK       "80 00"
#define INIT_AP0 SAY("f2 4b 00", OK)

static struct reason why;
static struct chat chat;
static struct probe *probe;
static struct outcome outcome;
static struct fake_probe *timer; /* for its clock */

static void
open_firmware(unsigned jtag)
{
	why = (struct reason)REASON_INIT;
	timer = fake_probe_new(FAKE_WITH_MEMORY);
	probe = chat_open(&chat, jtag, &timer->clock);
}

static int
open_v2j37(void **state)
{
	(void)state;
	open_firmware(37);
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

static enum cause
transfer(struct transfer *batch, size_t len)
{
	return probe_transfer(probe, batch, len, &outcome, &why);
}

static void
a_debug_port_register_is_port_ffff(void **state)
{
	struct transfer batch[] = { { TRANSFER_DP_READ, 0, 0x4, 0 },
				    { TRANSFER_DP_WRITE, 0, 0x0, 0x1e } };

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 45 ff ff 04 00", "80 00 00 00 40 00 00 f0"),
		   SAY("f2 46 ff ff 00 00 1e 00 00 00", OK));
	assert_int_equal(transfer(batch, 2), CAUSE_NONE);
	assert_int_equal(batch[0].value, 0xf0000040);
	assert_int_equal(outcome.finished, 2);
	assert_int_equal(outcome.ack, ACK_OK);
}

static void
a_port_is_opened_once_before_its_first_use_and_not_for_idr(void **state)
{
	struct transfer idr = { TRANSFER_AP_READ, 3, 0xfc, 0 };
	struct transfer csw = { TRANSFER_AP_READ, 3, 0x00, 0 };

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 45 03 00 fc 00", "80 00 00 00 11 00 77 24"));
	assert_int_equal(transfer(&idr, 1), CAUSE_NONE);
	assert_int_equal(idr.value, 0x24770011);
	CHAT_GO_ON(&chat, SAY("f2 4b 03", OK),
		   SAY("f2 45 03 00 00 00", "80 00 00 00 42 00 00 23"),
		   SAY("f2 45 03 00 00 00", "80 00 00 00 42 00 00 23"));
	assert_int_equal(transfer(&csw, 1), CAUSE_NONE);
	assert_int_equal(transfer(&csw, 1), CAUSE_NONE);
}

static void
leaving_debug_mode_closes_the_ports(void **state)
{
	struct transfer csw = { TRANSFER_AP_READ, 0, 0x00, 0 };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 45 00 00 00 00", "80 00 00 00 42 00 00 23"));
	assert_int_equal(transfer(&csw, 1), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f5", "02 00"), SAY("f2 21", NULL));
	assert_int_equal(probe_leave(probe, &why), CAUSE_NONE);
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 45 00 00 00 00", "80 00 00 00 42 00 00 23"));
	assert_int_equal(transfer(&csw, 1), CAUSE_NONE);
}

static void
a_port_that_is_not_there_says_which(void **state)
{
	struct transfer csw = { TRANSFER_AP_READ, 5, 0x00, 0 };

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 4b 05", "1d 00"));
	assert_int_equal(transfer(&csw, 1), CAUSE_UNSUPPORTED);
	assert_non_null(strstr(reason_root(&why), "0x1d BAD_AP"));
	assert_string_equal(reason_outermost(&why), "opening access port 5");
}

static void
an_access_port_write_is_finished_only_when_flushed(void **state)
{
	struct transfer tar = { TRANSFER_AP_WRITE, 0, 0x04, 0x20000000 };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 46 00 00 04 00 00 00 00 20", OK),
		   SAY("f2 45 ff ff 0c 00", "80 00 00 00 00 00 00 00"));
	assert_int_equal(transfer(&tar, 1), CAUSE_NONE);
	CHAT_GO_ON(&chat, SAY("f2 46 00 00 04 00 00 00 00 20", OK),
		   SAY("f2 45 ff ff 0c 00", "15 00 00 00 00 00 00 00"));
	assert_int_equal(transfer(&tar, 1), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 0);
	assert_int_equal(outcome.ack, ACK_FAULT);
}

static void
a_write_that_is_slow_is_waited_for_and_not_written_again(void **state)
{
	struct transfer tar = { TRANSFER_AP_WRITE, 0, 0x04, 0x20000000 };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 46 00 00 04 00 00 00 00 20", OK),
		   SAY("f2 45 ff ff 0c 00", "14 00 00 00 00 00 00 00"),
		   SAY("f2 45 ff ff 0c 00", "80 00 00 00 00 00 00 00"));
	assert_int_equal(transfer(&tar, 1), CAUSE_NONE);
	assert_int_equal(outcome.finished, 1);
}

static void
a_refused_write_puts_the_one_before_it_in_doubt(void **state)
{
	struct transfer batch[] = { { TRANSFER_AP_WRITE, 0, 0x04, 0x30000000 },
				    { TRANSFER_AP_WRITE, 0, 0x0c, 1 },
				    { TRANSFER_AP_WRITE, 0, 0x0c, 2 } };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 46 00 00 04 00 00 00 00 30", OK),
		   SAY("f2 46 00 00 0c 00 01 00 00 00", OK),
		   SAY("f2 46 00 00 0c 00 02 00 00 00", "11 00"));
	assert_int_equal(transfer(batch, 3), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 1);
}

static void
words_after_a_write_need_no_flush(void **state)
{
	struct transfer batch[] = { { TRANSFER_AP_WRITE, 0, 0x00, 0x23000052 },
				    { TRANSFER_MEM_READ, 0, 0x20000000, 0 } };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 46 00 00 00 00 52 00 00 23", OK),
		   SAY("f2 36 00 00 00 20", "80 00 00 00 01 00 00 00"));
	assert_int_equal(transfer(batch, 2), CAUSE_NONE);
	assert_int_equal(batch[1].value, 1);
}

static void
a_batch_stops_at_the_first_that_is_refused(void **state)
{
	struct transfer batch[] = { { TRANSFER_DP_READ, 0, 0x0, 0 },
				    { TRANSFER_AP_READ, 0, 0x0c, 0x55 },
				    { TRANSFER_DP_READ, 0, 0x4, 0 } };

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 45 ff ff 00 00", "80 00 00 00 77 14 a0 2b"), INIT_AP0,
		   SAY("f2 45 00 00 0c 00", "11 00 00 00 00 00 00 00"));
	assert_int_equal(transfer(batch, 3), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 1);
	assert_int_equal(outcome.ack, ACK_FAULT);
	assert_int_equal(batch[1].value, 0x55);
}

static void
each_kind_of_bad_answer_has_its_acknowledge_and_cause(void **state)
{
	static const struct {
		const char *answer;
		enum cause cause;
		enum swd_ack ack;
	} rows[] = {
		{ "10 00 00 00 00 00 00 00", CAUSE_TIMEOUT, ACK_WAIT },
		{ "14 00 00 00 00 00 00 00", CAUSE_TIMEOUT, ACK_WAIT },
		{ "11 00 00 00 00 00 00 00", CAUSE_FAULT, ACK_FAULT },
		{ "15 00 00 00 00 00 00 00", CAUSE_FAULT, ACK_FAULT },
		{ "12 00 00 00 00 00 00 00", CAUSE_GONE, ACK_NONE },
		{ "16 00 00 00 00 00 00 00", CAUSE_GONE, ACK_NONE },
		{ "05 00 00 00 00 00 00 00", CAUSE_GONE, ACK_NONE },
		{ "13 00 00 00 00 00 00 00", CAUSE_GONE, ACK_PARITY },
		{ "17 00 00 00 00 00 00 00", CAUSE_GONE, ACK_PARITY },
		{ "0b 00 00 00 00 00 00 00", CAUSE_GONE, ACK_POWER },
		{ "06 00 00 00 00 00 00 00", CAUSE_GONE, ACK_UNKNOWN },
		{ "42 00 00 00 00 00 00 00", CAUSE_UNSUPPORTED, ACK_UNKNOWN },
	};
	struct transfer dpidr = { TRANSFER_DP_READ, 0, 0x0, 0 };

	(void)state;
	for (size_t i = 0; i < array_len(rows); i++) {
		CHAT_GO_ON(&chat, SAY("f2 45 ff ff 00 00", rows[i].answer));
		assert_int_equal(transfer(&dpidr, 1), rows[i].cause);
		assert_int_equal(outcome.ack, rows[i].ack);
		assert_int_equal(outcome.finished, 0);
		chat_assert_over(&chat);
	}
}

static void
statuses_that_peers_pass_over_are_passed_over(void **state)
{
	struct transfer abort = { TRANSFER_DP_WRITE, 0, 0x0, 0x1e };

	(void)state;
	CHAT_GO_ON(&chat, SAY("f2 46 ff ff 00 00 1e 00 00 00", "0d 00"));
	assert_int_equal(transfer(&abort, 1), CAUSE_NONE);
}

static void
a_lost_probe_is_an_unknown_acknowledge(void **state)
{
	struct transfer dpidr = { TRANSFER_DP_READ, 0, 0x0, 0 };

	(void)state;
	CHAT_GO_ON(&chat, FAIL("f2 45 ff ff 00 00", CAUSE_GONE));
	assert_int_equal(transfer(&dpidr, 1), CAUSE_GONE);
	assert_int_equal(outcome.ack, ACK_UNKNOWN);
	assert_string_equal(reason_outermost(&why),
			    "sending the ST-LINK the command READ_DAP_REG");
	CHAT_GO_ON(&chat, SAY("f2 45 ff ff 00 00", "80 00"));
	assert_int_equal(transfer(&dpidr, 1), CAUSE_GONE);
	assert_string_equal(reason_root(&why), "the ST-LINK answered READ_DAP_REG with 2 "
					       "bytes (8000) instead of 8");
}

static void
one_word_takes_one_command(void **state)
{
	struct transfer read = { TRANSFER_MEM_READ, 0, 0xe000edf0, 0 };
	struct transfer write = { TRANSFER_MEM_WRITE, 0, 0xe000edf0, 0xa05f0003 };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 36 f0 ed 00 e0", "80 00 00 00 03 00 03 00"),
		   SAY("f2 35 f0 ed 00 e0 03 00 5f a0", OK));
	assert_int_equal(transfer(&read, 1), CAUSE_NONE);
	assert_int_equal(read.value, 0x00030003);
	assert_int_equal(transfer(&write, 1), CAUSE_NONE);
}

static void
a_refused_word_tells_its_address(void **state)
{
	struct transfer read = { TRANSFER_MEM_READ, 0, 0x30000000, 0 };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 36 00 00 00 30", "11 00 00 00 00 00 00 00"));
	assert_int_equal(transfer(&read, 1), CAUSE_FAULT);
	assert_true(outcome.has_fault_address);
	assert_int_equal(outcome.fault_address, 0x30000000);
}

static void
several_words_go_in_one_exchange(void **state)
{
	struct transfer batch[] = { { TRANSFER_MEM_READ, 0, 0xe000edf0, 0 },
				    { TRANSFER_MEM_WRITE, 0, 0xe000edf8, 0x11223344 },
				    { TRANSFER_MEM_READ, 0, 0xe000edfc, 0 } };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0,
		   { "f2 51 05 00 00 00", NULL,
		     /* port, read, address, write, read, and three to fill up */
		     "05 03 01 02 03 00 00 00 00000000 f0ed00e0 f8ed00e0 44332211 fced00e0",
		     CAUSE_NONE },
		   SAY("f2 52", "00000000 03000300 00000000 00000000 00000001 "
				"80000000 80000000 80000000 80000000 80000000"));
	assert_int_equal(transfer(batch, 3), CAUSE_NONE);
	assert_int_equal(batch[0].value, 0x00030003);
	assert_int_equal(batch[1].value, 0x11223344);
	assert_int_equal(batch[2].value, 0x01000000);
	assert_int_equal(outcome.finished, 3);
}

static void
an_exchange_stops_counting_at_the_word_that_failed(void **state)
{
	struct transfer batch[] = { { TRANSFER_MEM_READ, 0, 0x20000000, 0 },
				    { TRANSFER_MEM_READ, 0, 0x30000000, 0x55 },
				    { TRANSFER_MEM_READ, 0, 0x20000004, 0x66 } };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0,
		   SEND("f2 51 04 00 00 00",
			"05 03 03 03 00000000 00000020 00000030 04000020"),
		   SAY("f2 52", "00000000 01000000 02000000 03000000 "
				"80000000 80000000 11000000 80000000"));
	assert_int_equal(transfer(batch, 3), CAUSE_FAULT);
	assert_int_equal(outcome.finished, 1);
	assert_int_equal(outcome.fault_address, 0x30000000);
	assert_int_equal(batch[0].value, 1);
	assert_int_equal(batch[1].value, 0x55);
	assert_int_equal(batch[2].value, 0x66);
}

static void
another_port_in_a_batch_is_opened_and_named(void **state)
{
	struct transfer batch[] = { { TRANSFER_MEM_READ, 0, 0x20000000, 0 },
				    { TRANSFER_MEM_READ, 3, 0x20000000, 0 } };

	(void)state;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 4b 03", OK),
		   SEND("f2 51 04 00 00 00",
			"05 03 05 03 00000000 00000020 03000000 00000020"),
		   SAY("f2 52", "00000000 01000000 00000000 02000000 "
				"80000000 80000000 80000000 80000000"));
	assert_int_equal(transfer(batch, 2), CAUSE_NONE);
	assert_int_equal(batch[1].value, 2);
}

static void
firmware_without_rw_misc_does_words_one_by_one(void **state)
{
	struct transfer batch[] = { { TRANSFER_MEM_READ, 0, 0x20000000, 0 },
				    { TRANSFER_MEM_WRITE, 0, 0x20000004, 7 } };

	(void)state;
	open_firmware(31);
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 36 00 00 00 20", "80 00 00 00 01 00 00 00"),
		   SAY("f2 35 04 00 00 20 07 00 00 00", OK));
	assert_int_equal(transfer(batch, 2), CAUSE_NONE);
	close_probe(state);
}

static void
a_shared_probe_does_words_one_by_one(void **state)
{
	struct transfer batch[] = { { TRANSFER_MEM_READ, 0, 0x20000000, 0 },
				    { TRANSFER_MEM_READ, 0, 0x20000004, 0 } };

	(void)state;
	chat.carrier.is_shared = true;
	CHAT_GO_ON(&chat, INIT_AP0, SAY("f2 36 00 00 00 20", "80 00 00 00 01 00 00 00"),
		   SAY("f2 36 04 00 00 20", "80 00 00 00 02 00 00 00"));
	assert_int_equal(transfer(batch, 2), CAUSE_NONE);
	assert_int_equal(batch[1].value, 2);
}

static void
old_firmware_opens_no_ports(void **state)
{
	struct transfer csw = { TRANSFER_AP_READ, 0, 0x00, 0 };

	(void)state;
	open_firmware(27);
	CHAT_GO_ON(&chat, SAY("f2 45 00 00 00 00", "80 00 00 00 42 00 00 23"));
	assert_int_equal(transfer(&csw, 1), CAUSE_NONE);
	close_probe(state);
}

static void
banked_registers_need_newer_firmware(void **state)
{
	struct transfer dlcr = { TRANSFER_DP_READ, 0, 0x14, 0 };

	(void)state;
	open_firmware(31);
	assert_int_equal(transfer(&dlcr, 1), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "ST-LINK firmware V2J31M26 is too old to reach "
			    "banked debug port registers (needs V2J32)");
	close_probe(state);
}

#define WITH_V2J37(test) cmocka_unit_test_setup_teardown(test, open_v2j37, close_probe)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_V2J37(a_debug_port_register_is_port_ffff),
		WITH_V2J37(a_port_is_opened_once_before_its_first_use_and_not_for_idr),
		WITH_V2J37(leaving_debug_mode_closes_the_ports),
		WITH_V2J37(a_port_that_is_not_there_says_which),
		WITH_V2J37(an_access_port_write_is_finished_only_when_flushed),
		WITH_V2J37(a_write_that_is_slow_is_waited_for_and_not_written_again),
		WITH_V2J37(a_refused_write_puts_the_one_before_it_in_doubt),
		WITH_V2J37(words_after_a_write_need_no_flush),
		WITH_V2J37(a_batch_stops_at_the_first_that_is_refused),
		WITH_V2J37(each_kind_of_bad_answer_has_its_acknowledge_and_cause),
		WITH_V2J37(statuses_that_peers_pass_over_are_passed_over),
		WITH_V2J37(a_lost_probe_is_an_unknown_acknowledge),
		WITH_V2J37(one_word_takes_one_command),
		WITH_V2J37(a_refused_word_tells_its_address),
		WITH_V2J37(several_words_go_in_one_exchange),
		WITH_V2J37(an_exchange_stops_counting_at_the_word_that_failed),
		WITH_V2J37(another_port_in_a_batch_is_opened_and_named),
		WITH_V2J37(a_shared_probe_does_words_one_by_one),
		cmocka_unit_test(firmware_without_rw_misc_does_words_one_by_one),
		cmocka_unit_test(old_firmware_opens_no_ports),
		cmocka_unit_test(banked_registers_need_newer_firmware),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
