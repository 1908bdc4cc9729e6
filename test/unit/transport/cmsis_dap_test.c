/* SPDX-License-Identifier: MIT */
#include "test/unit/dap_chat.h"
#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct reason why;
static struct dap_chat chat;
static struct probe *probe;
static struct fake_probe *timer; /* for its clock */

static int
open_v2(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	timer = fake_probe_new(FAKE_WITH_MEMORY);
	probe = dap_chat_open(&chat, 512, 4, &timer->clock);
	return 0;
}

static int
close_unconnected(void **state)
{
	(void)state;
	dap_chat_close(&chat, probe, false);
	fake_probe_free(timer);
	return 0;
}

static int
close_connected(void **state)
{
	(void)state;
	dap_chat_close(&chat, probe, true);
	fake_probe_free(timer);
	return 0;
}

static void
it_says_who_it_is(void **state)
{
	(void)state;
	assert_string_equal(probe->identity.kind, "Tester CMSIS-DAP");
	assert_string_equal(probe->identity.serial, "471");
	assert_string_equal(probe->identity.firmware, "2.1.0");
	assert_string_equal(probe->identity.where, "a chat");
	assert_false(probe_has_memory(probe));
	assert_true(probe_has_swo(probe));
}

static enum cause
open_with(const struct dap_line *lines, size_t len, const struct cmsis_dap_model *model)
{
	const struct cmsis_dap_label label = { model, "", "12", "USB 1-1" };

	dap_chat_init(&chat, model->report_size, lines, len);
	return cmsis_dap_open(&chat.carrier, &label, &timer->clock, &probe, &why);
}

static int
make_timer(void **state)
{
	(void)state;
	why = (struct reason)REASON_INIT;
	timer = fake_probe_new(FAKE_WITH_MEMORY);
	return 0;
}

static int
free_timer(void **state)
{
	(void)state;
	fake_probe_free(timer);
	return 0;
}

static void
a_probe_for_jtag_only_is_refused(void **state)
{
	static const struct dap_line lines[] = {
		ASK("00 fe", "00 01 01"),
		ASK("00 ff", "00 02 40 00"),
		ASK("00 fe", "00 01 01"),
		ASK("00 f0", "00 01 02"),
	};

	(void)state;
	assert_int_equal(open_with(lines, 4, cmsis_dap_model_find((struct usb_id){ 0, 0 })),
			 CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "the probe does not support SWD (capabilities 0x02, "
			    "DAP_Info 0xf0)");
	assert_string_equal(reason_outermost(&why), "opening the CMSIS-DAP at USB 1-1");
	assert_true(chat.is_closed);
}

static void
what_a_probe_says_of_its_packets_is_believed_as_far_as_it_can_be(void **state)
{
	static const struct dap_line boasts[] = {
		ASK("00 fe", "00 01 ff"), ASK("00 ff", "00 02 ff ff"),
		ASK("00 fe", "00 01 ff"), ASK("00 f0", "00 01 01"),
		ASK("00 04", "00 00"),
	};
	static const struct dap_line says_nothing[] = {
		ASK("00 fe", "00 00"),    ASK("00 ff", "00 00"), ASK("00 fe", "00 00"),
		ASK("00 f0", "00 01 01"), ASK("00 04", "00 00"),
	};
	const struct cmsis_dap_model *edbg =
		cmsis_dap_model_find((struct usb_id){ 0x03eb, 0x2111 });
	const struct cmsis_dap_model *plain =
		cmsis_dap_model_find((struct usb_id){ 0x1234, 0x5678 });

	(void)state;
	assert_int_equal(open_with(boasts, 5, edbg), CAUSE_NONE);
	assert_int_equal(cmsis_dap_of(probe)->wire.packet_size, 512);
	assert_int_equal(cmsis_dap_of(probe)->wire.packet_count, 1);
	assert_string_equal(probe->identity.kind, "Atmel EDBG");
	assert_string_equal(probe->identity.serial, "12");
	dap_chat_close(&chat, probe, false);
	assert_int_equal(open_with(boasts, 5, plain), CAUSE_NONE);
	assert_int_equal(cmsis_dap_of(probe)->wire.packet_size, 64);
	assert_int_equal(cmsis_dap_of(probe)->wire.packet_count, CMSIS_DAP_IN_FLIGHT_MAX);
	assert_false(probe_has_swo(probe));
	dap_chat_close(&chat, probe, false);
	assert_int_equal(open_with(says_nothing, 5, plain), CAUSE_NONE);
	assert_int_equal(cmsis_dap_of(probe)->wire.packet_size, 64);
	assert_int_equal(cmsis_dap_of(probe)->wire.packet_count, 1);
	dap_chat_close(&chat, probe, false);
}

static void
what_a_killed_program_left_behind_is_dropped(void **state)
{
	static const struct dap_line lines[] = {
		ASK("00 fe", "00 01 01"), ASK("00 ff", "00 02 40 00"),
		ASK("00 fe", "00 01 01"), ASK("00 f0", "00 01 01"),
		ASK("00 04", "00 00"),
	};
	const struct cmsis_dap_label label = {
		cmsis_dap_model_find((struct usb_id){ 0, 0 }), "", "12", "USB 1-1"
	};

	(void)state;
	dap_chat_init(&chat, 64, lines, 5);
	dap_chat_push(&chat, "05 01 01 00 00 00 00");
	dap_chat_push(&chat, "00 01 07");
	assert_int_equal(cmsis_dap_open(&chat.carrier, &label, &timer->clock, &probe, &why),
			 CAUSE_NONE);
	dap_chat_close(&chat, probe, false);
}

static void
swd_is_entered_by_line_reset_and_switch(void **state)
{
	(void)state;
	dap_chat_enter(&chat, probe);
	/* Connected once: pins are not let go in between. */
	DAP_CHAT_GO_ON(&chat, ASK(CHAT_FROM_JTAG, "12 00"),
		       ASK(CHAT_DPIDR, "05 01 01 77 14 a0 2b"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
}

static void
a_port_that_is_silent_is_woken_from_the_dormant_state(void **state)
{
	(void)state;
	dap_chat_enter(&chat, probe);
	DAP_CHAT_GO_ON(&chat, ASK(CHAT_FROM_JTAG, "12 00"), ASK(CHAT_DPIDR, "05 00 07"),
		       ASK(CHAT_FROM_DORMANT, "12 00"),
		       ASK(CHAT_DPIDR, "05 01 01 77 24 e1 0b"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
}

static void
a_port_that_stays_silent_is_gone_and_both_tries_are_reported(void **state)
{
	char text[1024];

	(void)state;
	dap_chat_enter(&chat, probe);
	DAP_CHAT_GO_ON(&chat, ASK(CHAT_FROM_JTAG, "12 00"), ASK(CHAT_DPIDR, "05 00 07"),
		       ASK(CHAT_FROM_DORMANT, "12 00"), ASK(CHAT_DPIDR, "05 00 07"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_GONE);
	reason_text(&why, text, sizeof(text));
	assert_string_equal(
		text,
		"entering SWD at 1000 kHz\n"
		"  because trying the wake-up from the dormant state as well: the target "
		"did not answer (no acknowledge)\n"
		"  because reading DPIDR after the switch from JTAG to SWD\n"
		"  because the target did not answer (no acknowledge)\n"
		"  perhaps SWDIO, SWCLK or GND is not connected, or the target has no "
		"power\n"
		"try: look at the wires of SWDIO, SWCLK and GND and at the target's "
		"power\n");
}

static void
nrst_is_driven_before_swd_is_entered_and_stays_low_through_it(void **state)
{
	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("02 01", "02 01"), ASK("10 80 80 00 00 00 00", "10 83"),
		       ASK("11 40 42 0f 00", "11 00"), ASK("04 00 2b 00 00 00", "04 00"),
		       ASK("13 00", "13 00"), ASK("01 00 01", "01 00"),
		       ASK("10 00 80 00 00 00 00", "10 03"));
	assert_int_equal(probe_drive_nrst(probe, true, &why), CAUSE_NONE);
	DAP_CHAT_GO_ON(&chat, ASK(CHAT_FROM_JTAG, "12 00"),
		       ASK(CHAT_DPIDR, "05 01 01 77 14 a0 2b"));
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
	/* Left and entered again, it is still low. */
	DAP_CHAT_GO_ON(&chat, ASK("01 00 00", "01 00"), ASK("03", "03 00"),
		       ASK("02 01", "02 01"), ASK("10 00 80 00 00 00 00", "10 03"),
		       ASK("11 40 42 0f 00", "11 00"), ASK("04 00 2b 00 00 00", "04 00"),
		       ASK("13 00", "13 00"), ASK("01 00 01", "01 00"),
		       ASK(CHAT_FROM_JTAG, "12 00"),
		       ASK(CHAT_DPIDR, "05 01 01 77 14 a0 2b"));
	assert_int_equal(probe_leave(probe, &why), CAUSE_NONE);
	assert_int_equal(probe_enter_swd(probe, &why), CAUSE_NONE);
	DAP_CHAT_GO_ON(&chat, ASK("10 80 80 00 00 00 00", "10 83"));
	assert_int_equal(probe_drive_nrst(probe, false, &why), CAUSE_NONE);
}

static void
the_levels_of_pins_are_read_while_swdio_is_let_go_high(void **state)
{
	struct probe_pins pins;

	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("10 02 02 00 00 00 00", "10 82"));
	assert_int_equal(probe_read_pins(probe, &pins, &why), CAUSE_NONE);
	assert_false(pins.swclk);
	assert_true(pins.swdio);
	assert_true(pins.nrst);
	DAP_CHAT_GO_ON(&chat, ASK("10 02 02 00 00 00 00", "10 01"));
	assert_int_equal(probe_read_pins(probe, &pins, &why), CAUSE_NONE);
	assert_true(pins.swclk);
	assert_false(pins.nrst);
}

static void
the_clock_is_sent_with_how_often_to_retry_at_it(void **state)
{
	uint32_t hz = 8000000;

	(void)state;
	/* 2 ms are 347 accesses of 46 clocks at 8 MHz. */
	DAP_CHAT_GO_ON(&chat, ASK("11 00 12 7a 00", "11 00"),
		       ASK("04 00 5b 01 00 00", "04 00"));
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_NONE);
	assert_int_equal(hz, 8000000);
}

static void
a_clock_that_is_refused_is_reported(void **state)
{
	uint32_t hz = 7;

	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("11 07 00 00 00", "11 ff"));
	assert_int_equal(probe_set_clock(probe, &hz, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "the probe refused DAP_SWJ_Clock (status 0xff)");
	assert_string_equal(reason_outermost(&why), "setting the clock to 7 Hz");
}

static void
a_command_it_does_not_know_is_unsupported(void **state)
{
	uint32_t baud = 115200;

	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("1a 00", "ff"));
	assert_int_equal(probe_swo_start(probe, &baud, &why), CAUSE_UNSUPPORTED);
	assert_string_equal(reason_root(&why),
			    "the probe does not know the command DAP_SWO_Control (0x1a)");
}

static void
trace_is_captured_as_uart_and_fetched(void **state)
{
	uint32_t baud = 2000000;
	uint8_t bytes[600];
	size_t got;

	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("1a 00", "1a 00"), ASK("17 01", "17 00"),
		       ASK("18 01", "18 00"), ASK("19 80 84 1e 00", "19 00 00 1b 00"),
		       ASK("1a 01", "1a 00"), ASK("1c fc 01", "1c 01 03 00 aa bb cc"),
		       ASK("1c 02 00", "1c 01 00 00"), ASK("1a 00", "1a 00"),
		       ASK("18 00", "18 00"), ASK("17 00", "17 00"));
	assert_int_equal(probe_swo_start(probe, &baud, &why), CAUSE_NONE);
	assert_int_equal(baud, 0x1b0000);
	assert_int_equal(probe_swo_read(probe, bytes, sizeof(bytes), &got, &why),
			 CAUSE_NONE);
	assert_int_equal(got, 3);
	assert_memory_equal(bytes, "\xaa\xbb\xcc", 3);
	assert_int_equal(probe_swo_read(probe, bytes, 2, &got, &why), CAUSE_NONE);
	assert_int_equal(got, 0);
	assert_int_equal(probe_swo_stop(probe, &why), CAUSE_NONE);
}

static void
more_trace_than_was_asked_for_is_not_believed(void **state)
{
	uint8_t bytes[2];
	size_t got;

	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("1c 02 00", "1c 01 03 00 aa bb cc"));
	assert_int_equal(probe_swo_read(probe, bytes, 2, &got, &why), CAUSE_GONE);
	assert_int_equal(got, 0);
	assert_string_equal(reason_root(&why),
			    "the probe announced 3 bytes of trace where 2 "
			    "were asked for and 3 came");
}

static void
a_response_that_comes_late_is_not_taken_for_the_next_one(void **state)
{
	struct probe_pins pins;

	(void)state;
	DAP_CHAT_GO_ON(&chat, SILENCE("10 02 02 00 00 00 00"), SILENCE("07"));
	assert_int_equal(probe_read_pins(probe, &pins, &why), CAUSE_TIMEOUT);
	assert_string_equal(reason_root(&why), "nothing came within 2000 ms");
	dap_chat_assert_over(&chat);
	DAP_CHAT_GO_ON(&chat, ASK("00 fe", "00 01 04"),
		       ASK("10 02 02 00 00 00 00", "10 82"));
	dap_chat_push(&chat, "10 01");
	assert_int_equal(probe_read_pins(probe, &pins, &why), CAUSE_NONE);
	assert_true(pins.nrst);
	assert_true(chat.forgets > 0);
}

static void
a_probe_that_stays_silent_is_gone(void **state)
{
	struct probe_pins pins;

	(void)state;
	DAP_CHAT_GO_ON(&chat, SILENCE("10 02 02 00 00 00 00"), SILENCE("07"),
		       SILENCE("00 fe"));
	assert_int_equal(probe_read_pins(probe, &pins, &why), CAUSE_TIMEOUT);
	assert_int_equal(probe_read_pins(probe, &pins, &why), CAUSE_GONE);
	assert_string_equal(reason_remedy(&why), "re-plug the probe");
}

static void
a_response_to_something_else_is_reported_with_its_bytes(void **state)
{
	struct probe_pins pins;

	(void)state;
	DAP_CHAT_GO_ON(&chat, ASK("10 02 02 00 00 00 00", "11 00"));
	assert_int_equal(probe_read_pins(probe, &pins, &why), CAUSE_GONE);
	assert_string_equal(reason_root(&why),
			    "the probe answered DAP_SWJ_Pins (0x10) with "
			    "2 bytes that are no response to it: 1100");
}

int
main(void)
{
#define UNCONNECTED(test) cmocka_unit_test_setup_teardown(test, open_v2, close_unconnected)
#define CONNECTED(test)   cmocka_unit_test_setup_teardown(test, open_v2, close_connected)
#define OPENING(test)     cmocka_unit_test_setup_teardown(test, make_timer, free_timer)
	const struct CMUnitTest tests[] = {
		UNCONNECTED(it_says_who_it_is),
		OPENING(a_probe_for_jtag_only_is_refused),
		OPENING(what_a_probe_says_of_its_packets_is_believed_as_far_as_it_can_be),
		OPENING(what_a_killed_program_left_behind_is_dropped),
		CONNECTED(swd_is_entered_by_line_reset_and_switch),
		CONNECTED(a_port_that_is_silent_is_woken_from_the_dormant_state),
		CONNECTED(a_port_that_stays_silent_is_gone_and_both_tries_are_reported),
		CONNECTED(nrst_is_driven_before_swd_is_entered_and_stays_low_through_it),
		UNCONNECTED(the_levels_of_pins_are_read_while_swdio_is_let_go_high),
		UNCONNECTED(the_clock_is_sent_with_how_often_to_retry_at_it),
		UNCONNECTED(a_clock_that_is_refused_is_reported),
		UNCONNECTED(a_command_it_does_not_know_is_unsupported),
		UNCONNECTED(trace_is_captured_as_uart_and_fetched),
		UNCONNECTED(more_trace_than_was_asked_for_is_not_believed),
		UNCONNECTED(a_response_that_comes_late_is_not_taken_for_the_next_one),
		UNCONNECTED(a_probe_that_stays_silent_is_gone),
		UNCONNECTED(a_response_to_something_else_is_reported_with_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
