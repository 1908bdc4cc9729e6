/* SPDX-License-Identifier: MIT */
/*
 * SWDIO and SWCLK: what the chip receives of what the probe sends, and what the probe
 * samples of what the chip drives. Between both lie open wires, shorts and noise.
 */
#include "test/emulator/wire/timing.h"
#include "test/emulator/wire/wire_internal.h"

static const uint64_t ns_per_s = 1000000000;

/* IHI 0031G, B4.2.1: the request's bits in the order in which they are sent. */
enum {
	REQUEST_START = 1 << 0,
	REQUEST_APNDP = 1 << 1,
	REQUEST_RNW = 1 << 2,
	REQUEST_A_SHIFT = 3, /* A[3:2] */
	REQUEST_PARITY = 1 << 5,
	REQUEST_PARK = 1 << 7,
	REQUEST_BITS = 8,
	ACK_BITS = 3,
	DATA_BITS = 33 /* with parity */
};
#define DATA_PARITY (UINT64_C(1) << 32)

void
wire_set_clock(struct wire *wire, uint32_t hz)
{
	wire->hz = hz ? hz : 1;
	wire->bit_rest = 0;
}

static void
bits_pass(struct wire *wire, unsigned bits)
{
	uint64_t product = bits * ns_per_s + wire->bit_rest;

	wire->stats->swd_bits += bits;
	wire->bit_rest = product % wire->hz;
	wire_advance(wire, product / wire->hz);
}

/* Is anybody there? A port whose supply came back begins anew. */
static bool
is_connected(struct wire *wire)
{
	if (wire->debug_epoch != soc_debug_epoch(wire->soc)) {
		wire->debug_epoch = soc_debug_epoch(wire->soc);
		sw_dp_reset(&wire->dp, wire->soc);
	}
	return !wire->wiring.swd_open && !wire->wiring.swclk_low &&
	       soc_is_powered(wire->soc);
}

/* SWDIO as it comes to the chip, and to the probe: of two outputs that meet, low is the
 * stronger one (assumption). While SWCLK rises it pulls a shorted SWDIO up at the chip; the
 * probe samples before that. */
static bool
swdio_at_chip(const struct wire *wire, bool level)
{
	const struct wiring *wiring = &wire->wiring;

	return !wiring->swdio_low && (wiring->swdio_high || wiring->swd_shorted || level);
}

static bool
swdio_at_probe(const struct wire *wire, bool level)
{
	const struct wiring *wiring = &wire->wiring;

	return !wiring->swdio_low && !wiring->swd_shorted && (wiring->swdio_high || level);
}

/* Is a wire on another, on ground or on the supply? */
static bool
is_shorted(const struct wiring *wiring)
{
	return wiring->swd_swapped || wiring->swdio_low || wiring->swdio_high ||
	       wiring->swclk_low || wiring->swd_shorted;
}

/* A clock on the cable: SWDIO may arrive inverted at the receiver, and SWCLK may ring, so
 * that the port counts it twice. */
static int
bit_arrive(struct wire *wire, bool bit)
{
	enum noise_hit hit = noise_clock(&wire->noise, wire->hz);
	int driven = sw_dp_clock(&wire->dp, bit ^ (hit == NOISE_FLIP));

	if (hit == NOISE_SLIP)
		driven = sw_dp_clock(&wire->dp, bit);
	wire->stats->noise_bits = wire->noise.hits;
	return driven != SWD_UNDRIVEN && hit == NOISE_FLIP ? !driven : driven;
}

/*
 * One clock outside of wire_transfer(), `bit` being what the probe drives or the line at
 * rest; returns what the port drives. With both wires swapped the chip is clocked by the
 * data: at each rise of it there is one bit, and since probes change SWDIO while SWCLK is
 * low (B4.3.2), that bit is 0.
 */
static int
bit_pass(struct wire *wire, bool bit)
{
	bool was = wire->swdio;

	wire->swdio = bit;
	if (!is_connected(wire))
		return SWD_UNDRIVEN;
	if (wire->wiring.swd_swapped) {
		if (bit && !was)
			sw_dp_clock(&wire->dp, false);
		return SWD_UNDRIVEN;
	}
	return bit_arrive(wire, swdio_at_chip(wire, bit));
}

static void
bit_send(struct wire *wire, bool bit)
{
	bit_pass(wire, bit);
}

void
wire_sequence(struct wire *wire, const uint8_t *bits, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		bit_send(wire, bits[i / 8] >> (i % 8) & 1);
	bits_pass(wire, count);
}

/* --- pin by pin ------------------------------------------------------------------ */

/* Behind exchanged wires the chip's SWCLK is the probe's SWDIO. A rise of what comes to its
 * SWCLK is a clock. */
void
wire_drive_swd(struct wire *wire, bool swclk, bool swdio)
{
	bool swapped = wire->wiring.swd_swapped;
	bool rises = swapped ? swdio && !wire->swdio : swclk && !wire->swclk;
	int driven = SWD_UNDRIVEN;

	wire->swclk = swclk;
	wire->swdio = swdio;
	if (rises && is_connected(wire))
		driven = bit_arrive(wire, swdio_at_chip(wire, swapped ? swclk : swdio));
	if (!rises)
		return;
	wire->chip_drives = driven != SWD_UNDRIVEN && !swapped;
	wire->chip_swdio = driven == 1;
}

/* A probe that sets its pins drives SWDIO; a chip that drives it low wins, for as long as it has
 * supply. */
bool
wire_swdio_is_high(struct wire *wire)
{
	bool chip_drives = wire->chip_drives && soc_is_powered(wire->soc);
	bool level = wire->swdio && (!chip_drives || wire->chip_swdio);

	if (wire->wiring.swd_shorted)
		return level && wire->swclk;
	return swdio_at_probe(wire, level);
}

/* --- transactions -------------------------------------------------------------- */

static unsigned
parity_of(uint32_t value)
{
	for (unsigned shift = 16; shift; shift /= 2)
		value ^= value >> shift;
	return value & 1;
}

static uint8_t
request_of(bool ap, bool read, uint8_t reg)
{
	unsigned address = reg >> 2 & 3;
	unsigned parity = ap ^ read ^ parity_of(address);

	return (uint8_t)(REQUEST_START | (ap ? REQUEST_APNDP : 0) |
			 (read ? REQUEST_RNW : 0) | address << REQUEST_A_SHIFT |
			 (parity ? REQUEST_PARITY : 0) | REQUEST_PARK);
}

static void
request_send_as_bits(struct wire *wire, uint8_t request)
{
	for (unsigned i = 0; i < REQUEST_BITS; i++)
		bit_send(wire, request >> i & 1);
}

/* What the probe samples while nobody drives SWDIO: its pull-up, or a short. The chip's
 * own pull-down on SWCLK, which a swapped cable puts there, is weaker: assumption. */
static uint64_t
line_at_rest(const struct wire *wire, unsigned bits)
{
	return swdio_at_probe(wire, true) ? (UINT64_C(1) << bits) - 1 : 0;
}

/* The probe does not drive; the chip may, in a transaction that was sent as a sequence. */
uint64_t
wire_sample(struct wire *wire, unsigned count)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < count; i++) {
		bool bit = line_at_rest(wire, 1);
		int driven = bit_pass(wire, bit);

		if (driven != SWD_UNDRIVEN)
			bit = swdio_at_probe(wire, driven);
		bits |= (uint64_t)bit << i;
	}
	bits_pass(wire, count);
	return bits;
}

/* The chip's answer to the request as it arrives there. */
static enum swd_ack
request_answer(struct wire *wire, uint8_t request)
{
	if (!is_connected(wire) || is_shorted(&wire->wiring)) {
		request_send_as_bits(wire, request);
		return SWD_NO_ACK;
	}
	return sw_dp_request(&wire->dp, request);
}

static void
ack_count(struct wire *wire, enum swd_ack ack)
{
	wire->stats->swd_transactions++;
	wire->stats->swd_waits += ack == SWD_WAIT;
	wire->stats->swd_faults += ack == SWD_FAULT;
	wire->stats->swd_no_acks += ack != SWD_OK && ack != SWD_WAIT && ack != SWD_FAULT;
}

/* 32 bits and their parity as the probe samples them. */
static void
data_sampled(struct wire *wire, uint64_t bits, uint32_t *value, bool *parity_ok)
{
	*value = (uint32_t)bits;
	*parity_ok = parity_of(*value) == (bits & DATA_PARITY ? 1 : 0);
	wire->stats->swd_parity_errors += !*parity_ok;
}

static uint64_t
with_parity(uint32_t value)
{
	return value | (parity_of(value) ? DATA_PARITY : 0);
}

void
wire_set_data_phase(struct wire *wire, enum swd_data_phase data_phase)
{
	wire->data_phase = data_phase;
}

/* Does the probe go on with a data phase after WAIT or FAULT? */
static bool
sends_data_phase(struct wire *wire)
{
	return wire->data_phase == SWD_DATA_PHASE_EXPECTED
		       ? sw_dp_has_overrun_detection(&wire->dp)
		       : wire->data_phase == SWD_DATA_PHASE_ALWAYS;
}

/* What follows an acknowledge that is not OK; how many bits the transaction has then. What the chip does
 * not expect it takes for the next request: the line at rest, or the zeros of a write,
 * which are idle cycles. */
static unsigned
refused_bits(struct wire *wire, bool read, enum swd_ack answer)
{
	bool is_expected = sw_dp_has_overrun_detection(&wire->dp);
	bool is_sent = sends_data_phase(wire);
	bool is_refusal = answer == SWD_WAIT || answer == SWD_FAULT;

	for (unsigned i = 0; is_refusal && is_sent && !is_expected && i < DATA_BITS; i++)
		bit_send(wire, read && line_at_rest(wire, 1));
	if (is_refusal && is_expected && !is_sent)
		sw_dp_miss_data(&wire->dp);
	return is_sent ? SWD_TRANSFER_BITS : SWD_ACK_BITS;
}

/* The transaction as one step: no clock of it has an error. */
static enum swd_ack
transfer_whole(struct wire *wire, uint8_t request, uint32_t *value, bool *parity_ok)
{
	bool read = request & REQUEST_RNW;
	enum swd_ack answer = request_answer(wire, request);
	enum swd_ack ack =
		answer == SWD_NO_ACK ? (enum swd_ack)line_at_rest(wire, ACK_BITS) : answer;

	/* A probe that sees no acknowledge backs off and leaves the line at rest. */
	if (sw_dp_is_targetsel(&wire->dp))
		sw_dp_select_target(&wire->dp, UINT32_MAX, true);
	*parity_ok = ack == SWD_OK && !read;
	if (read && ack == SWD_OK)
		data_sampled(wire, with_parity(sw_dp_data_out(&wire->dp)), value,
			     parity_ok);
	else if (read)
		*value = (uint32_t)line_at_rest(wire, 32);
	else if (ack == SWD_OK)
		sw_dp_data_in(&wire->dp, *value, parity_of(*value));
	bits_pass(wire,
		  ack == SWD_OK ? SWD_TRANSFER_BITS : refused_bits(wire, read, answer));
	return ack;
}

/* --- transactions with an error in a clock -------------------------------------- */

static void
bits_out(struct wire *wire, uint64_t bits, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		bit_pass(wire, bits >> i & 1);
	bits_pass(wire, count);
}

/* A read ends with a turnaround, a write begins with one. */
static bool
data_as_bits(struct wire *wire, bool read, uint32_t *value)
{
	bool parity_ok = true;

	if (read)
		data_sampled(wire, wire_sample(wire, DATA_BITS), value, &parity_ok);
	wire_sample(wire, 1);
	if (!read) {
		bits_out(wire, with_parity(*value), DATA_BITS);
		wire->stats->swd_parity_errors += sw_dp_has_write_error(&wire->dp);
	}
	return parity_ok;
}

/* WAIT or FAULT: the data phase as the probe is set. Anything else: it backs off for as
 * long as one takes and leaves the line at rest (CMSIS-DAP, SW_DP.c). */
static void
refused_as_bits(struct wire *wire, bool read, enum swd_ack ack)
{
	bool is_refusal = ack == SWD_WAIT || ack == SWD_FAULT;

	wire_sample(wire, 1);
	if (is_refusal && !sends_data_phase(wire))
		return;
	if (is_refusal && !read)
		bits_out(wire, 0, DATA_BITS);
	else
		wire_sample(wire, DATA_BITS);
}

static enum swd_ack
transfer_as_bits(struct wire *wire, uint8_t request, uint32_t *value, bool *parity_ok)
{
	bool read = request & REQUEST_RNW;
	enum swd_ack ack;

	bits_out(wire, request, REQUEST_BITS);
	wire_sample(wire, 1);
	ack = (enum swd_ack)wire_sample(wire, ACK_BITS);
	*parity_ok = false;
	if (ack == SWD_OK) {
		*parity_ok = data_as_bits(wire, read, value);
		return ack;
	}
	if (read)
		*value = (uint32_t)line_at_rest(wire, 32);
	refused_as_bits(wire, read, ack);
	return ack;
}

enum swd_ack
wire_transfer(struct wire *wire, bool ap, bool read, uint8_t reg, uint32_t *value,
	      bool *parity_ok)
{
	uint8_t request = request_of(ap, read, reg);
	bool parity = false;
	enum swd_ack ack;

	if (noise_good_clocks(&wire->noise, wire->hz, SWD_TRANSFER_BITS) <
	    SWD_TRANSFER_BITS) {
		ack = transfer_as_bits(wire, request, value, &parity);
	} else {
		noise_pass(&wire->noise, SWD_TRANSFER_BITS);
		ack = transfer_whole(wire, request, value, &parity);
	}
	if (parity_ok)
		*parity_ok = parity;
	ack_count(wire, ack);
	return ack;
}
