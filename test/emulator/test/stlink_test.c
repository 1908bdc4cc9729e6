/* SPDX-License-Identifier: MIT */
/*
 * The ST-LINK's commands against a wire that is told how to answer: a debug port, one
 * MEM-AP with 64 KiB of memory at 0x20000000, and errors on demand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/probe.h"

enum { MEMORY_AT = 0x20000000, MEMORY_SIZE = 0x10000 };

struct wire {
	uint32_t select, ctrl, csw, tar, posted, clock_hz;
	bool is_sticky, nrst_is_low, has_no_power;
	enum swd_ack forced;
	unsigned forced_left, forced_after;
	bool bad_parity;
	unsigned transfers, tar_writes;
	uint64_t now_ns;
	double volts;
	bool vapp_is_open;
	uint8_t sequence[64];
	unsigned sequence_len;
	uint8_t memory[MEMORY_SIZE];
};

void
wire_advance(struct wire *wire, uint64_t ns)
{
	wire->now_ns += ns;
}

void
wire_set_clock(struct wire *wire, uint32_t hz)
{
	wire->clock_hz = hz;
}

void
wire_drive_nrst(struct wire *wire, bool low)
{
	wire->nrst_is_low = low;
}

double
wire_vapp(const struct wire *wire)
{
	return wire->volts;
}

bool
wire_vapp_is_open(const struct wire *wire)
{
	return wire->vapp_is_open;
}

void
wire_sequence(struct wire *wire, const uint8_t *bits, unsigned count)
{
	for (unsigned i = 0; i < count / 8 && wire->sequence_len < sizeof(wire->sequence);
	     i++)
		wire->sequence[wire->sequence_len++] = bits[i];
}

static uint32_t
memory_step(struct wire *wire)
{
	uint32_t at = wire->tar;
	if (wire->csw & 0x10)
		wire->tar += 1u << (wire->csw & 3);
	return at;
}

static void
memory_access(struct wire *wire, bool read, uint32_t *value)
{
	uint32_t at = memory_step(wire), size = 1u << (wire->csw & 3);
	if (at < MEMORY_AT || at + size > MEMORY_AT + MEMORY_SIZE) {
		wire->is_sticky = true;
		return;
	}
	for (uint32_t i = 0; i < size; i++) {
		uint8_t *byte = &wire->memory[at + i - MEMORY_AT];
		unsigned lane = 8 * ((at + i) & 3);
		if (read)
			*value = (*value & ~(0xffu << lane)) | (uint32_t)*byte << lane;
		else
			*byte = (uint8_t)(*value >> lane);
	}
}

static void
ap_transfer(struct wire *wire, bool read, uint8_t reg, uint32_t *value)
{
	uint32_t next = 0, full = (wire->select & 0xf0) | reg;
	bool is_here = wire->select >> 24 == 0;
	if (!read && full == 0x00)
		wire->csw = *value;
	if (!read && full == 0x04) {
		wire->tar = *value;
		wire->tar_writes++;
	}
	if (full == 0x0c && is_here)
		memory_access(wire, read, read ? &next : value);
	if (full == 0xfc && is_here)
		next = 0x24770011;
	if (read) {
		*value = wire->posted;
		wire->posted = next;
	}
}

static void
dp_transfer(struct wire *wire, bool read, uint8_t reg, uint32_t *value)
{
	if (!read) {
		if (reg == 0 && *value & 4)
			wire->is_sticky = false;
		if (reg == 4)
			wire->ctrl = *value;
		if (reg == 8)
			wire->select = *value;
		return;
	}
	if (reg == 0)
		*value = 0x2ba01477;
	if (reg == 4)
		*value = wire->ctrl | (wire->has_no_power ? 0 : wire->ctrl << 1) |
			 (wire->is_sticky ? 0x20u : 0);
	if (reg == 12)
		*value = wire->posted;
}

enum swd_ack
wire_transfer(struct wire *wire, bool ap, bool read, uint8_t reg, uint32_t *value,
	      bool *parity_ok)
{
	bool is_always_heard = !ap && (reg == 0 || (reg == 4 && read));
	wire->transfers++;
	if (parity_ok)
		*parity_ok = !wire->bad_parity;
	if (wire->forced_after)
		wire->forced_after--;
	else if (wire->forced_left) {
		wire->forced_left--;
		return wire->forced;
	}
	if (wire->is_sticky && !is_always_heard)
		return SWD_FAULT;
	if (ap)
		ap_transfer(wire, read, reg, value);
	else
		dp_transfer(wire, read, reg, value);
	return SWD_OK;
}

struct bench {
	struct wire wire;
	struct stats stats;
	struct usb_function *probe;
	uint8_t ep_out;
};

static int
plug_kind(void **state, const char *name)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	bench->wire.volts = 3.3;
	bench->probe = probe_new(probe_kind_find(name), &bench->wire, NULL, &bench->stats);
	bench->ep_out = usb_function_endpoint(bench->probe, 0, 0, 0);
	*state = bench;
	return 0;
}

static int
plug_v2_1(void **state)
{
	return plug_kind(state, "stlink-v2-1");
}

static int
plug_v2(void **state)
{
	return plug_kind(state, "stlink-v2");
}

static int
plug_v3e(void **state)
{
	return plug_kind(state, "stlink-v3e");
}

static int
unplug(void **state)
{
	struct bench *bench = *state;
	bench->probe->ops->free(bench->probe);
	free(bench);
	return 0;
}

struct packet {
	int len;
	uint8_t bytes[16];
};
#define PACKET(...)                                       \
	(const struct packet)                             \
	{                                                 \
		sizeof((const uint8_t[]){ __VA_ARGS__ }), \
		{                                         \
			__VA_ARGS__                       \
		}                                         \
	}

static void
send(struct bench *bench, struct packet packet)
{
	assert_int_equal(
		bench->probe->ops->out(bench->probe, bench->ep_out, packet.bytes, 16), 0);
}

static uint8_t reply[10240];

static int
ask(struct bench *bench, struct packet packet)
{
	send(bench, packet);
	memset(reply, 0xee, sizeof(reply));
	return bench->probe->ops->in(bench->probe, 1, reply, sizeof(reply));
}

static void
enter(struct bench *bench)
{
	assert_int_equal(ask(bench, PACKET(0xf2, 0x30, 0xa3)), 2);
	assert_int_equal(reply[0], 0x80);
}

static uint8_t
last_status(struct bench *bench)
{
	assert_int_equal(ask(bench, PACKET(0xf2, 0x3e)), 12);
	return reply[0];
}

static void
version_of_v2_1_is_v2j37m26_and_names_its_usb_ids(void **state)
{
	static const uint8_t expected[] = { 0x29, 0x5a, 0x83, 0x04, 0x4b, 0x37 };
	assert_int_equal(ask(*state, PACKET(0xf1)), 6);
	assert_memory_equal(reply, expected, 6);
}

static void
version_of_v3_is_in_the_extended_command(void **state)
{
	static const uint8_t expected[] = {
		3, 0, 7, 3, 0, 0, 0, 0, 0x83, 0x04, 0x4e, 0x37
	};
	assert_int_equal(ask(*state, PACKET(0xf1)), 6);
	assert_int_equal(reply[0], 0x30);
	assert_int_equal(reply[1], 0);
	assert_int_equal(ask(*state, PACKET(0xfb)), 12);
	assert_memory_equal(reply, expected, 12);
}

static void
v2_1_does_not_know_the_commands_of_v3(void **state)
{
	assert_int_equal(ask(*state, PACKET(0xfb)), 2);
	assert_int_equal(reply[0], 0x42);
	assert_int_equal(ask(*state, PACKET(0xf2, 0x62)), 2);
	assert_int_equal(reply[0], 0x42);
}

static void
voltage_is_2_4_times_the_quotient_of_the_readings(void **state)
{
	struct bench *bench = *state;
	for (int tenths = 0; tenths < 50; tenths += 7) {
		double volts = tenths / 10.0;
		bench->wire.volts = volts;
		assert_int_equal(ask(bench, PACKET(0xf7)), 8);
		double told = 2.4 * le32_get(reply + 4) / le32_get(reply);
		assert_true(told > volts - 0.01 && told < volts + 0.01);
	}
}

static void
v2_begins_in_dfu_mode_and_leaves_it(void **state)
{
	ask(*state, PACKET(0xf5));
	assert_int_equal(reply[0], 0);
	ask(*state, PACKET(0xf7));
	assert_int_equal(le32_get(reply), 0);
	assert_int_equal(ask(*state, PACKET(0xf3, 0x07)), USB_NAK);
	ask(*state, PACKET(0xf5));
	assert_int_equal(reply[0], 1);
}

static void
entering_swd_resets_the_line_and_powers_the_debug_domain_up(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(bench->wire.sequence[6], 0xff);
	assert_int_equal(bench->wire.sequence[7], 0x9e);
	assert_int_equal(bench->wire.sequence[8], 0xe7);
	assert_int_equal(bench->wire.ctrl, 0x50000000);
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 2);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x31)), 12);
	assert_int_equal(le32_get(reply + 4), 0x2ba01477);
}

static void
entering_without_a_chip_says_idcode_error_and_stays_out(void **state)
{
	struct bench *bench = *state;
	bench->wire.forced = SWD_NO_ACK;
	bench->wire.forced_left = 1000;
	ask(bench, PACKET(0xf2, 0x30, 0xa3));
	assert_int_equal(reply[0], 0x09);
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 1);
}

static void
a_debug_domain_that_does_not_power_up_is_told(void **state)
{
	struct bench *bench = *state;
	bench->wire.has_no_power = true;
	ask(bench, PACKET(0xf2, 0x30, 0xa3));
	assert_int_equal(reply[0], 0x0b);
	assert_true(bench->wire.now_ns >= 100000000);
}

static void
jtag_finds_no_device_on_an_swd_cable(void **state)
{
	ask(*state, PACKET(0xf2, 0x30, 0xa4));
	assert_int_equal(reply[0], 0x05);
}

static void
memory_commands_before_entering_are_refused(void **state)
{
	assert_int_equal(ask(*state, PACKET(0xf2, 0x07, 0, 0, 0, 0x20, 4, 0)), 2);
	assert_int_equal(reply[0], 0x08);
}

static void
words_are_written_and_read_across_the_tar_wrap(void **state)
{
	struct bench *bench = *state;
	uint8_t data[6144];
	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + i / 256);
	enter(bench);
	bench->wire.tar_writes = 0;
	send(bench, PACKET(0xf2, 0x08, 0xfc, 0x03, 0, 0x20, 0x00, 0x18));
	bench->probe->ops->out(bench->probe, 1, data, sizeof(data));
	assert_int_equal(last_status(bench), 0x80);
	assert_memory_equal(bench->wire.memory + 0x3fc, data, sizeof(data));
	assert_int_equal(bench->wire.tar_writes, 7);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x07, 0xfc, 0x03, 0, 0x20, 0x00, 0x18)),
			 6144);
	assert_memory_equal(reply, data, sizeof(data));
	assert_int_equal(last_status(bench), 0x80);
}

static void
data_may_come_in_several_transfers(void **state)
{
	struct bench *bench = *state;
	static const uint8_t data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	enter(bench);
	send(bench, PACKET(0xf2, 0x08, 0, 0, 0, 0x20, 8, 0));
	bench->probe->ops->out(bench->probe, 1, data, 3);
	assert_int_equal(bench->wire.memory[0], 0);
	bench->probe->ops->out(bench->probe, 1, data + 3, 5);
	assert_memory_equal(bench->wire.memory, data, 8);
}

static void
bytes_and_halfwords_keep_their_lanes(void **state)
{
	struct bench *bench = *state;
	static const uint8_t data[6] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66 };
	enter(bench);
	send(bench, PACKET(0xf2, 0x0d, 3, 0, 0, 0x20, 5, 0));
	bench->probe->ops->out(bench->probe, 1, data, 5);
	assert_memory_equal(bench->wire.memory + 3, data, 5);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x0c, 3, 0, 0, 0x20, 5, 0)), 5);
	assert_memory_equal(reply, data, 5);
	send(bench, PACKET(0xf2, 0x48, 0x12, 0, 0, 0x20, 6, 0));
	bench->probe->ops->out(bench->probe, 1, data, 6);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x47, 0x12, 0, 0, 0x20, 6, 0)), 6);
	assert_memory_equal(reply, data, 6);
}

static void
a_single_byte_arrives_with_a_second_one(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	bench->wire.memory[1] = 0xa5;
	assert_int_equal(ask(bench, PACKET(0xf2, 0x0c, 1, 0, 0, 0x20, 1, 0)), 2);
	assert_int_equal(reply[0], 0xa5);
}

static void
a_fault_names_its_address_and_is_cleared(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x07, 0xf8, 0xff, 0, 0x20, 16, 0)), 16);
	assert_int_equal(last_status(bench), 0x11);
	assert_int_equal(le32_get(reply + 4), 0x20010000);
	ask(bench, PACKET(0xf2, 0x07, 0, 0, 0, 0x20, 4, 0));
	assert_int_equal(last_status(bench), 0x80);
}

static void
a_fault_of_the_last_write_is_seen(void **state)
{
	struct bench *bench = *state;
	static const uint8_t data[4] = { 0 };
	enter(bench);
	send(bench, PACKET(0xf2, 0x08, 0, 0, 0, 0x30, 4, 0));
	bench->probe->ops->out(bench->probe, 1, data, 4);
	assert_int_equal(last_status(bench), 0x11);
	assert_int_equal(le32_get(reply + 4), 0x30000000);
}

static void
misaligned_or_too_long_requests_say_alignment_error(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x07, 2, 0, 0, 0x20, 4, 0)), 4);
	assert_int_equal(last_status(bench), 0x0a);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x0c, 0, 0, 0, 0x20, 65, 0)), 65);
	assert_int_equal(last_status(bench), 0x0a);
	ask(bench, PACKET(0xf2, 0x36, 0xfe, 0x03, 0, 0x20));
	assert_int_equal(reply[0], 0x0a);
}

static void
v3_takes_512_bytes_in_an_8_bit_command(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x0c, 0, 0, 0, 0x20, 0, 2)), 512);
	assert_int_equal(last_status(bench), 0x80);
}

static void
waits_are_asked_again_before_they_are_told(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	bench->wire.forced = SWD_WAIT;
	bench->wire.forced_left = 4;
	ask(bench, PACKET(0xf2, 0x36, 0, 0, 0, 0x20));
	assert_int_equal(reply[0], 0x80);
	bench->wire.forced_left = 1000;
	ask(bench, PACKET(0xf2, 0x36, 0, 0, 0, 0x20));
	assert_int_equal(reply[0], 0x10);
	ask(bench, PACKET(0xf2, 0x45, 0xff, 0xff, 4, 0));
	assert_int_equal(reply[0], 0x14);
}

static void
lost_acknowledges_and_bad_parity_have_their_own_statuses(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	bench->wire.forced = SWD_NO_ACK;
	bench->wire.forced_left = 1;
	ask(bench, PACKET(0xf2, 0x45, 0xff, 0xff, 4, 0));
	assert_int_equal(reply[0], 0x16);
	bench->wire.forced_left = 1;
	bench->wire.forced_after = 1; /* behind SELECT */
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 0xfc, 0));
	assert_int_equal(reply[0], 0x12);
	bench->wire.bad_parity = true;
	ask(bench, PACKET(0xf2, 0x45, 0xff, 0xff, 0, 0));
	assert_int_equal(reply[0], 0x17);
}

static void
dap_registers_are_read_by_port_and_offset(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x45, 0xff, 0xff, 0, 0)), 8);
	assert_int_equal(le32_get(reply + 4), 0x2ba01477);
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 0xfc, 0));
	assert_int_equal(le32_get(reply + 4), 0x24770011);
	ask(bench, PACKET(0xf2, 0x46, 0, 0, 0x04, 0, 0x78, 0x56, 0, 0x20));
	assert_int_equal(bench->wire.tar, 0x20005678);
}

static void
only_opened_access_ports_may_be_used(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	ask(bench, PACKET(0xf2, 0x45, 3, 0, 0, 0));
	assert_int_equal(reply[0], 0x1d);
	ask(bench, PACKET(0xf2, 0x45, 3, 0, 0xfc, 0));
	assert_int_equal(reply[0], 0x80);
	ask(bench, PACKET(0xf2, 0x4b, 3));
	assert_int_equal(reply[0], 0x1d);
	ask(bench, PACKET(0xf2, 0x4b, 0));
	assert_int_equal(reply[0], 0x80);
	ask(bench, PACKET(0xf2, 0x4c, 0));
	assert_int_equal(reply[0], 0x80);
	ask(bench, PACKET(0xf2, 0x45, 0, 0, 0, 0));
	assert_int_equal(reply[0], 0x1d);
}

static void
v3_words_a_closed_port_as_no_device(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	ask(bench, PACKET(0xf2, 0x45, 3, 0, 0, 0));
	assert_int_equal(reply[0], 0x05);
}

static void
rw_misc_writes_and_reads_a_list(void **state)
{
	struct bench *bench = *state;
	uint8_t list[4 + 16] = { 5, 1, 2, 3 };
	enter(bench);
	le32_put(list + 8, 0x20000010);
	le32_put(list + 12, 0xcafe1234);
	le32_put(list + 16, 0x20000010);
	send(bench, PACKET(0xf2, 0x51, 4));
	bench->probe->ops->out(bench->probe, 1, list, sizeof(list));
	assert_int_equal(ask(bench, PACKET(0xf2, 0x52)), 32);
	assert_int_equal(le32_get(reply + 12), 0xcafe1234);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(le32_get(reply + 16 + 4 * i), 0x80);
}

static void
a_list_longer_than_any_firmware_takes_is_survived(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	send(bench, PACKET(0xf2, 0x51, 0xff, 0xff, 0xff, 0xff));
	ask(bench, PACKET(0xf2, 0x52));
	ask(bench, PACKET(0xf5));
	assert_int_equal(reply[0], 2);
}

static void
words_at_one_address_do_not_move_on(void **state)
{
	struct bench *bench = *state;
	static const uint8_t data[8] = { 1, 1, 1, 1, 2, 2, 2, 2 };
	enter(bench);
	send(bench, PACKET(0xf2, 0x50, 0, 0, 0, 0x20, 8, 0));
	bench->probe->ops->out(bench->probe, 1, data, 8);
	assert_memory_equal(bench->wire.memory, data + 4, 4);
	assert_int_equal(bench->wire.memory[4], 0);
}

static void
nrst_follows_the_command(void **state)
{
	struct bench *bench = *state;
	ask(bench, PACKET(0xf2, 0x3c, 0));
	assert_true(bench->wire.nrst_is_low);
	ask(bench, PACKET(0xf2, 0x3c, 1));
	assert_false(bench->wire.nrst_is_low);
	uint64_t before = bench->wire.now_ns;
	ask(bench, PACKET(0xf2, 0x3c, 2));
	assert_false(bench->wire.nrst_is_low);
	assert_true(bench->wire.now_ns - before > 1000000);
}

static void
divisors_set_the_clock_of_v2(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(bench->wire.clock_hz, 1800000);
	ask(bench, PACKET(0xf2, 0x43, 0, 0));
	assert_int_equal(bench->wire.clock_hz, 4000000);
	ask(bench, PACKET(0xf2, 0x43, 0x1e, 0x03));
	assert_int_equal(bench->wire.clock_hz, 5000);
}

static void
v3_lists_its_clocks_and_takes_the_next_lower(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(ask(bench, PACKET(0xf2, 0x62, 0)), 52);
	assert_int_equal(reply[8], 7);
	assert_int_equal(le32_get(reply + 12), 24000);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x61, 0, 0, 0x10, 0x27, 0, 0)), 8);
	assert_int_equal(le32_get(reply + 4), 8000);
	assert_int_equal(bench->wire.clock_hz, 8000000);
}

static void
a_reply_nobody_read_puts_the_next_out_of_step(void **state)
{
	struct bench *bench = *state;
	send(bench, PACKET(0xf7));
	assert_int_equal(ask(bench, PACKET(0xf1)), 8);
	assert_int_equal(bench->probe->ops->in(bench->probe, 1, reply, 64), 6);
	assert_int_equal(bench->probe->ops->in(bench->probe, 1, reply, 64), USB_NAK);
}

static void
a_probe_that_is_plugged_in_again_starts_anew(void **state)
{
	struct bench *bench = *state;
	enter(bench);
	ask(bench, PACKET(0xf2, 0x3c, 0));
	ask(bench, PACKET(0xf2, 0x43, 0, 0));
	send(bench, PACKET(0xf7));
	bench->probe->ops->power(bench->probe, false);
	assert_false(bench->wire.nrst_is_low);
	bench->probe->ops->power(bench->probe, true);
	assert_int_equal(ask(bench, PACKET(0xf5)), 2);
	assert_int_equal(reply[0], 1);
	assert_int_equal(bench->wire.clock_hz, 1800000);
}

static void
swo_is_kept_only_while_it_is_recorded(void **state)
{
	struct bench *bench = *state;
	static const uint8_t bytes[3] = { 1, 2, 3 };
	probe_swo(bench->probe, bytes, 3);
	ask(bench, PACKET(0xf2, 0x40, 0, 16, 0, 0, 0, 0));
	probe_swo(bench->probe, bytes, 3);
	assert_int_equal(ask(bench, PACKET(0xf2, 0x42)), 2);
	assert_int_equal(le16_get(reply), 3);
	assert_int_equal(bench->probe->ops->in(bench->probe, 2, reply, 64), 3);
	assert_memory_equal(reply, bytes, 3);
	assert_int_equal(bench->probe->ops->in(bench->probe, 2, reply, 64), USB_NAK);
}

static void
transfers_and_commands_are_counted_and_cost_time(void **state)
{
	struct bench *bench = *state;
	uint64_t before = bench->wire.now_ns;
	ask(bench, PACKET(0xf1));
	assert_int_equal(bench->stats.usb_transfers_out, 1);
	assert_int_equal(bench->stats.usb_transfers_in, 1);
	assert_int_equal(bench->stats.usb_bytes_out, 16);
	assert_int_equal(bench->stats.usb_bytes_in, 6);
	assert_int_equal(bench->stats.probe_commands, 1);
	assert_true(bench->wire.now_ns > before);
}

static void
random_bytes_do_no_harm(void **state)
{
	struct bench *bench = *state;
	uint8_t bytes[64];
	srand(1);
	enter(bench);
	for (unsigned i = 0; i < 20000; i++) {
		for (unsigned j = 0; j < sizeof(bytes); j++)
			bytes[j] = (uint8_t)rand();
		if (i % 4)
			bytes[0] = 0xf2;
		bench->probe->ops->out(bench->probe, bench->ep_out, bytes, rand() % 65);
		bench->probe->ops->in(bench->probe, 1, reply, rand() % 600);
	}
}

#define WITH(test, plug) cmocka_unit_test_setup_teardown(test, plug, unplug)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(version_of_v2_1_is_v2j37m26_and_names_its_usb_ids, plug_v2_1),
		WITH(version_of_v3_is_in_the_extended_command, plug_v3e),
		WITH(v2_1_does_not_know_the_commands_of_v3, plug_v2_1),
		WITH(voltage_is_2_4_times_the_quotient_of_the_readings, plug_v2_1),
		WITH(v2_begins_in_dfu_mode_and_leaves_it, plug_v2),
		WITH(entering_swd_resets_the_line_and_powers_the_debug_domain_up,
		     plug_v2_1),
		WITH(entering_without_a_chip_says_idcode_error_and_stays_out, plug_v2_1),
		WITH(a_debug_domain_that_does_not_power_up_is_told, plug_v2_1),
		WITH(jtag_finds_no_device_on_an_swd_cable, plug_v2_1),
		WITH(memory_commands_before_entering_are_refused, plug_v2_1),
		WITH(words_are_written_and_read_across_the_tar_wrap, plug_v2_1),
		WITH(data_may_come_in_several_transfers, plug_v2_1),
		WITH(bytes_and_halfwords_keep_their_lanes, plug_v2_1),
		WITH(a_single_byte_arrives_with_a_second_one, plug_v2_1),
		WITH(a_fault_names_its_address_and_is_cleared, plug_v2_1),
		WITH(a_fault_of_the_last_write_is_seen, plug_v2_1),
		WITH(misaligned_or_too_long_requests_say_alignment_error, plug_v2_1),
		WITH(v3_takes_512_bytes_in_an_8_bit_command, plug_v3e),
		WITH(waits_are_asked_again_before_they_are_told, plug_v2_1),
		WITH(lost_acknowledges_and_bad_parity_have_their_own_statuses, plug_v2_1),
		WITH(dap_registers_are_read_by_port_and_offset, plug_v2_1),
		WITH(only_opened_access_ports_may_be_used, plug_v2_1),
		WITH(v3_words_a_closed_port_as_no_device, plug_v3e),
		WITH(rw_misc_writes_and_reads_a_list, plug_v2_1),
		WITH(a_list_longer_than_any_firmware_takes_is_survived, plug_v2_1),
		WITH(words_at_one_address_do_not_move_on, plug_v2_1),
		WITH(nrst_follows_the_command, plug_v2_1),
		WITH(divisors_set_the_clock_of_v2, plug_v2_1),
		WITH(v3_lists_its_clocks_and_takes_the_next_lower, plug_v3e),
		WITH(a_reply_nobody_read_puts_the_next_out_of_step, plug_v2_1),
		WITH(a_probe_that_is_plugged_in_again_starts_anew, plug_v2_1),
		WITH(swo_is_kept_only_while_it_is_recorded, plug_v2_1),
		WITH(transfers_and_commands_are_counted_and_cost_time, plug_v2_1),
		WITH(random_bytes_do_no_harm, plug_v2_1),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
