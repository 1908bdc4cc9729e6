/* SPDX-License-Identifier: MIT */
/* CMSIS-DAP 2.1.1, command by command: the bytes that go in and those that come out. */
#include "test/emulator/probe/probe.h"
#include "test/emulator/test/lab.h"

static struct lab *lab;
static struct usb_function *probe;
static uint8_t response[1024];

static void
begin(const char *kind)
{
	lab = lab_open("g473-custom");
	probe = probe_new(probe_kind_find(kind), lab->wire, NULL, &lab->stats);
}

static int
start(void **state)
{
	(void)state;
	begin("cmsis-dap-v2");
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	probe->ops->free(probe);
	lab_close(lab);
	return 0;
}

static int
send_packet(const uint8_t *bytes, unsigned size)
{
	return probe->ops->out(probe, 1, bytes, (int)size);
}

static int
receive(void)
{
	return probe->ops->in(probe, 1, response, sizeof(response));
}

#define BYTES(...) \
	(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

static void
expect(const uint8_t *wanted, unsigned wanted_size)
{
	assert_int_equal(receive(), wanted_size);
	assert_memory_equal(response, wanted, wanted_size);
}

static void
ask(const uint8_t *bytes, unsigned size)
{
	assert_int_equal(send_packet(bytes, size), 0);
}

/* Connected, JTAG-to-SWD, DPIDR read. */
static void
join(void)
{
	ask(BYTES(0x02, 0x01));
	expect(BYTES(0x02, 0x01));
	ask(BYTES(0x12, 136, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x9E, 0xE7, 0xFF,
		  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00));
	expect(BYTES(0x12, 0x00));
	ask(BYTES(0x05, 0, 1, 0x02));
	expect(BYTES(0x05, 1, 1, 0x77, 0x14, 0xA0, 0x2B));
}

/* Power requested, words with increment, TAR at the start of SRAM1. */
static void
join_memory(void)
{
	join();
	ask(BYTES(0x05, 0, 5, 0x00, 0x1E, 0, 0, 0, 0x08, 0, 0, 0, 0, 0x04, 0, 0, 0, 0x50,
		  0x01, 0x12, 0, 0, 0x23, 0x05, 0, 0, 0, 0x20));
	expect(BYTES(0x05, 5, 1));
}

static void
info_tells_names_and_sizes(void **state)
{
	(void)state;
	ask(BYTES(0x00, 0x04));
	expect(BYTES(0x00, 6, '2', '.', '1', '.', '1', 0));
	ask(BYTES(0x00, 0xF0));
	expect(BYTES(0x00, 2, 0x75, 0x00));
	ask(BYTES(0x00, 0xFD));
	expect(BYTES(0x00, 4, 0x00, 0x10, 0, 0));
	ask(BYTES(0x00, 0xFE));
	expect(BYTES(0x00, 1, 8));
	ask(BYTES(0x00, 0xFF));
	expect(BYTES(0x00, 2, 0x00, 0x02));
	ask(BYTES(0x00, 0x05));
	expect(BYTES(0x00, 0));
}

/* Reads what no memory is at: RDBUFF is acknowledged with FAULT. `configuration` is that
 * of DAP_SWD_Configure, `ctrl_stat` the lowest byte of CTRL/STAT. Then DPIDR is asked for. */
static void
read_dpidr_after_fault(uint8_t configuration, uint8_t ctrl_stat)
{
	join_memory();
	ask(BYTES(0x13, configuration));
	expect(BYTES(0x13, 0x00));
	ask(BYTES(0x05, 0, 3, 0x04, ctrl_stat, 0, 0, 0x50, 0x05, 0, 0, 0, 0x60, 0x0F));
	expect(BYTES(0x05, 3, 4));
	ask(BYTES(0x05, 0, 1, 0x02));
}

static void
with_or_without_data_phase_on_fault_both_have_to_agree(void **state)
{
	enum { ALWAYS = 0x04, ORUNDETECT = 0x01 };
	(void)state;
	read_dpidr_after_fault(0, 0);
	expect(BYTES(0x05, 1, 1, 0x77, 0x14, 0xA0, 0x2B));
	read_dpidr_after_fault(ALWAYS, 0); /* ones are no idle cycles */
	expect(BYTES(0x05, 0, 7));
	read_dpidr_after_fault(ALWAYS, ORUNDETECT);
	expect(BYTES(0x05, 1, 1, 0x77, 0x14, 0xA0, 0x2B));
	read_dpidr_after_fault(0, ORUNDETECT);
	expect(BYTES(0x05, 0, 7));
}

static void
jtag_is_refused_and_what_is_no_command_is_ff(void **state)
{
	(void)state;
	ask(BYTES(0x02, 0x02));
	expect(BYTES(0x02, 0x00));
	ask(BYTES(0x16, 0x00));
	expect(BYTES(0x16, 0xFF));
	ask(BYTES(0x80));
	expect(BYTES(0xFF));
}

static void
without_a_port_nothing_is_transferred(void **state)
{
	(void)state;
	ask(BYTES(0x05, 0, 1, 0x02));
	expect(BYTES(0x05, 0, 0));
	ask(BYTES(0x06, 0, 1, 0, 0x02));
	expect(BYTES(0x06, 0, 0, 0));
	ask(BYTES(0x08, 0, 0x1E, 0, 0, 0));
	expect(BYTES(0x08, 0xFF));
}

static void
posted_reads_arrive_in_the_order_of_their_requests(void **state)
{
	(void)state;
	join_memory();
	lab_poke(lab, 0x20000000, 0x11111111);
	lab_poke(lab, 0x20000004, 0x22222222);
	ask(BYTES(0x05, 0, 3, 0x0F, 0x0F, 0x02));
	expect(BYTES(0x05, 3, 1, 0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22, 0x77, 0x14,
		     0xA0, 0x2B));
}

static void
a_block_is_written_and_read_back(void **state)
{
	(void)state;
	join_memory();
	ask(BYTES(0x06, 0, 2, 0, 0x0D, 1, 2, 3, 4, 5, 6, 7, 8));
	expect(BYTES(0x06, 2, 0, 1));
	assert_int_equal(lab_peek(lab, 0x20000004), 0x08070605);
	ask(BYTES(0x05, 0, 1, 0x05, 0, 0, 0, 0x20));
	expect(BYTES(0x05, 1, 1));
	ask(BYTES(0x06, 0, 2, 0, 0x0F));
	expect(BYTES(0x06, 2, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8));
}

static void
a_value_that_never_matches_is_a_mismatch(void **state)
{
	(void)state;
	join();
	ask(BYTES(0x04, 0, 0, 0, 2, 0));
	expect(BYTES(0x04, 0x00));
	ask(BYTES(0x05, 0, 2, 0x20, 0xFF, 0, 0, 0, 0x12, 0x77, 0, 0, 0));
	expect(BYTES(0x05, 2, 1));
	ask(BYTES(0x05, 0, 2, 0x12, 0x78, 0, 0, 0, 0x02));
	expect(BYTES(0x05, 0, 0x11));
}

static void
nobody_on_the_wire_acknowledges_with_seven(void **state)
{
	(void)state;
	wire_power(lab->wire, false);
	ask(BYTES(0x02, 0x01));
	expect(BYTES(0x02, 0x01));
	ask(BYTES(0x05, 0, 1, 0x02));
	expect(BYTES(0x05, 0, 7));
}

static void
a_fault_ends_the_transfers_of_its_packet(void **state)
{
	(void)state;
	join_memory();
	ask(BYTES(0x05, 0, 3, 0x05, 0, 0, 0, 0x30, 0x0F, 0x0F));
	expect(BYTES(0x05, 2, 4));
}

/* The pin is read, not remembered: NRST rises through its capacitor. */
static void
the_reset_pin_is_waited_for(void **state)
{
	(void)state;
	ask(BYTES(0x10, 0x00, 0x80, 0x40, 0x42, 0x0F, 0x00));
	assert_int_equal(receive(), 2);
	assert_int_equal(response[1] & 0x80, 0);
	ask(BYTES(0x10, 0x80, 0x80, 0x00, 0x00, 0x00, 0x00));
	assert_int_equal(receive(), 2);
	assert_int_equal(response[1] & 0x80, 0);
	ask(BYTES(0x10, 0x80, 0x80, 0x40, 0x42, 0x0F, 0x00));
	assert_int_equal(receive(), 2);
	assert_int_equal(response[1] & 0x80, 0x80);
}

static void
several_commands_share_a_packet(void **state)
{
	(void)state;
	ask(BYTES(0x7F, 2, 0x01, 0, 1, 0x00,
		  0xFE)); /* all of a command's bytes are taken */
	expect(BYTES(0x7F, 2, 0x01, 0x00, 0x00, 1, 8));
	ask(BYTES(0x7F, 2, 0x00, 0xFE, 0x11, 0, 0, 0, 0));
	expect(BYTES(0x7F, 2, 0x00, 1, 8, 0x11, 0xFF));
}

static void
queued_packets_are_answered_after_the_one_that_ends_the_queue(void **state)
{
	(void)state;
	ask(BYTES(0x7E, 1, 0x00, 0xFE));
	assert_int_equal(receive(), USB_NAK);
	ask(BYTES(0x01, 0, 1));
	expect(BYTES(0x7F, 1, 0x00, 1, 8));
	expect(BYTES(0x01, 0x00));
}

static void
a_probe_that_is_full_takes_no_packet(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++)
		ask(BYTES(0x00, 0xFE));
	assert_int_equal(send_packet(BYTES(0x00, 0xFE)), USB_NAK);
	expect(BYTES(0x00, 1, 8));
	ask(BYTES(0x00, 0xFE));
}

static void
trace_is_recorded_and_fetched(void **state)
{
	(void)state;
	ask(BYTES(0x17, 1));
	expect(BYTES(0x17, 0x00));
	ask(BYTES(0x18, 1));
	expect(BYTES(0x18, 0x00));
	ask(BYTES(0x19, 0x80, 0x84, 0x1E, 0x00));
	expect(BYTES(0x19, 0x80, 0x84, 0x1E, 0x00));
	ask(BYTES(0x1A, 1));
	expect(BYTES(0x1A, 0x00));
	probe_swo(probe, 2000000, (const uint8_t[]){ 1, 2, 3 }, 3);
	ask(BYTES(0x1B));
	expect(BYTES(0x1B, 0x01, 3, 0, 0, 0));
	ask(BYTES(0x1C, 2, 0));
	expect(BYTES(0x1C, 0x01, 2, 0, 1, 2));
	ask(BYTES(0x1A, 0));
	expect(BYTES(0x1A, 0x00));
}

static void
trace_goes_to_its_own_endpoint_when_asked_so(void **state)
{
	(void)state;
	ask(BYTES(0x7F, 4, 0x17, 2, 0x18, 1, 0x19, 0x80, 0x84, 0x1E, 0x00, 0x1A, 1));
	expect(BYTES(0x7F, 4, 0x17, 0, 0x18, 0, 0x19, 0x80, 0x84, 0x1E, 0x00, 0x1A, 0));
	probe_swo(probe, 2000000, (const uint8_t[]){ 7, 8 }, 2);
	assert_int_equal(probe->ops->in(probe, 2, response, 64), 2);
	assert_int_equal(response[1], 8);
}

static void
a_hid_answers_whole_reports(void **state)
{
	(void)state;
	stop(state);
	begin("cmsis-dap-v1");
	ask(BYTES(0x00, 0xFF));
	assert_int_equal(receive(), 64);
	assert_memory_equal(response, ((const uint8_t[]){ 0x00, 2, 64, 0, 0 }), 5);
	assert_int_equal(usb_function_control(
				 probe, (const uint8_t[]){ 0x81, 6, 0, 0x22, 0, 0, 64, 0 },
				 response, 64),
			 27);
}

static void
windows_finds_its_driver_by_the_bos(void **state)
{
	(void)state;
	assert_int_equal(usb_function_control(
				 probe, (const uint8_t[]){ 0x80, 6, 0, 15, 0, 0, 64, 0 },
				 response, 64),
			 33);
	assert_int_equal(usb_function_control(
				 probe, (const uint8_t[]){ 0xC0, 0x20, 0, 0, 7, 0, 255, 0 },
				 response, 255),
			 162);
	assert_memory_equal(response + 14, "WINUSB", 6);
}

static void
an_odd_probe_promises_more_packets_than_it_holds(void **state)
{
	(void)state;
	stop(state);
	begin("cmsis-dap-v2-odd");
	ask(BYTES(0x00, 0xFE));
	expect(BYTES(0x00, 1, 64));
	ask(BYTES(0x00, 0x03));
	expect(BYTES(0x00, 0));
	ask(BYTES(0x03));
	ask(BYTES(0x03));
	assert_int_equal(send_packet(BYTES(0x03)), USB_NAK);
}

/* In one packet, so that the last commands find their response full. */
static void
a_response_that_is_full_takes_no_more(void **state)
{
	(void)state;
	static const uint8_t tails[][4] = { { 0x05, 0, 0 },
					    { 0x06, 0, 0, 0 },
					    { 0x1C, 0xFF, 0xFF } };
	uint8_t packet[512], trace[4096] = { 0 };
	ask(BYTES(0x7F, 4, 0x17, 1, 0x18, 1, 0x19, 0x80, 0x84, 0x1E, 0x00, 0x1A, 1));
	receive();
	probe_swo(probe, 2000000, trace, sizeof(trace));
	for (unsigned tail = 0; tail < 3; tail++)
		for (unsigned fill = 60; fill < 90; fill++) {
			unsigned size = 2;
			packet[0] = 0x7F;
			packet[1] = 0xFF;
			for (unsigned i = 0; i < fill; i++) {
				packet[size++] = 0x00;
				packet[size++] = 0xFD;
			}
			for (unsigned i = 0; i < 80; i++, size += 4)
				memcpy(packet + size, tails[tail], 4);
			ask(packet, size);
			assert_in_range(receive(), 1, 512);
		}
}

static void
random_packets_do_no_harm(void **state)
{
	(void)state;
	uint8_t packet[512];
	srand(3);
	for (unsigned round = 0; round < 400; round++) {
		for (unsigned i = 0; i < sizeof(packet); i++)
			packet[i] = (uint8_t)(rand() % (i % 3 ? 32 : 256));
		packet[0] = round % 2 ? 0x7F : packet[0];
		packet[1] = (uint8_t)(rand() % 9);
		ask(packet, (unsigned)(rand() % 512));
		assert_in_range(receive() + 1, 0, 513);
	}
}

#define PROBED(test) cmocka_unit_test_setup_teardown(test, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PROBED(info_tells_names_and_sizes),
		PROBED(with_or_without_data_phase_on_fault_both_have_to_agree),
		PROBED(jtag_is_refused_and_what_is_no_command_is_ff),
		PROBED(without_a_port_nothing_is_transferred),
		PROBED(posted_reads_arrive_in_the_order_of_their_requests),
		PROBED(a_block_is_written_and_read_back),
		PROBED(a_value_that_never_matches_is_a_mismatch),
		PROBED(nobody_on_the_wire_acknowledges_with_seven),
		PROBED(a_fault_ends_the_transfers_of_its_packet),
		PROBED(the_reset_pin_is_waited_for),
		PROBED(several_commands_share_a_packet),
		PROBED(queued_packets_are_answered_after_the_one_that_ends_the_queue),
		PROBED(a_probe_that_is_full_takes_no_packet),
		PROBED(trace_is_recorded_and_fetched),
		PROBED(trace_goes_to_its_own_endpoint_when_asked_so),
		PROBED(a_hid_answers_whole_reports),
		PROBED(windows_finds_its_driver_by_the_bos),
		PROBED(a_response_that_is_full_takes_no_more),
		PROBED(random_packets_do_no_harm),
		PROBED(an_odd_probe_promises_more_packets_than_it_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
