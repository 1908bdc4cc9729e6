/* SPDX-License-Identifier: MIT */
/*
 * stlink_bench.h - an ST-LINK on a wire with answers set by the test: a debug port, one
 * MEM-AP with 64 KiB of memory at 0x20000000, and errors on demand. The wire's functions
 * are defined here: one test program, one inclusion.
 */
#ifndef TEST_EMULATOR_TEST_STLINK_BENCH_H
#define TEST_EMULATOR_TEST_STLINK_BENCH_H

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
	bool is_sticky, nrst_is_low, swim_rst_is_low, has_no_power;
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

void
wire_drive_swim_rst(struct wire *wire, bool low)
{
	wire->swim_rst_is_low = low;
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
wire_set_data_phase(struct wire *wire, enum swd_data_phase data_phase)
{
	(void)wire;
	(void)data_phase;
}

/* Of an ST-LINK's business are neither this nor the level of NRST: the linker takes them for
 * the other probes. */
uint64_t
wire_sample(struct wire *wire, unsigned count)
{
	(void)wire, (void)count;
	return 0;
}

void
wire_drive_swd(struct wire *wire, bool swclk, bool swdio)
{
	(void)wire, (void)swclk, (void)swdio;
}

bool
wire_swdio_is_high(struct wire *wire)
{
	(void)wire;
	return true;
}

void
wire_set_probe_io(struct wire *wire, enum probe_io io)
{
	(void)wire, (void)io;
}

bool
wire_nrst_is_high(struct wire *wire)
{
	return !wire->nrst_is_low;
}

void
wire_sequence(struct wire *wire, const uint8_t *bits, unsigned count)
{
	for (unsigned i = 0; i < count / 8 && wire->sequence_len < sizeof(wire->sequence);
	     i++)
		wire->sequence[wire->sequence_len++] = bits[i];
}

static inline uint32_t
memory_step(struct wire *wire)
{
	uint32_t at = wire->tar;
	if (wire->csw & 0x10)
		wire->tar += 1u << (wire->csw & 3);
	return at;
}

static inline void
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

static inline void
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

static inline void
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

/* What a test has on its table. */
struct bench {
	struct wire wire;
	struct stats stats;
	struct usb_function *probe;
	uint8_t ep_out;
};

static inline int
plug_as(void **state, const char *name, const struct probe_setup *setup)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	assert_non_null(bench);
	bench->wire.volts = 3.3;
	bench->probe = probe_new(probe_kind_find(name), &bench->wire, setup, &bench->stats);
	bench->ep_out = usb_function_endpoint(bench->probe, 0, 0, 0);
	*state = bench;
	return 0;
}

static inline int
plug_v2_1(void **state)
{
	return plug_as(state, "stlink-v2-1", NULL);
}

static inline int
plug_v2(void **state)
{
	return plug_as(state, "stlink-v2", NULL);
}

static inline int
plug_v3e(void **state)
{
	return plug_as(state, "stlink-v3e", NULL);
}

static inline int
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

static inline void
send(struct bench *bench, struct packet packet)
{
	assert_int_equal(
		bench->probe->ops->out(bench->probe, bench->ep_out, packet.bytes, 16), 0);
}

static uint8_t reply[10240];

static inline int
ask(struct bench *bench, struct packet packet)
{
	send(bench, packet);
	memset(reply, 0xee, sizeof(reply));
	return bench->probe->ops->in(bench->probe, 1, reply, sizeof(reply));
}

static inline void
enter(struct bench *bench)
{
	assert_int_equal(ask(bench, PACKET(0xf2, 0x30, 0xa3)), 2);
	assert_int_equal(reply[0], 0x80);
}

static inline uint8_t
last_status(struct bench *bench)
{
	assert_int_equal(ask(bench, PACKET(0xf2, 0x3e)), 12);
	return reply[0];
}

#define WITH(test, plug) cmocka_unit_test_setup_teardown(test, plug, unplug)

#endif /* TEST_EMULATOR_TEST_STLINK_BENCH_H */
