/* SPDX-License-Identifier: MIT */
/*
 * dap_pins.c - pins, clock and raw bit sequences. CMSIS-DAP 2.1.1, DAP_SWJ_*, DAP_SWD_*.
 */
#include "test/emulator/probe/dap.h"

enum {
	PIN_SWCLK = 1 << 0,
	PIN_SWDIO = 1 << 1,
	PIN_TDI = 1 << 2,
	PIN_TDO = 1 << 3,
	PIN_NTRST = 1 << 5,
	PIN_NRESET = 1 << 7
};
/* DAP_SWJ_Pins: nobody waits longer than 3 s. */
enum { WAIT_MAX_US = 3000000, WAIT_STEP_US = 10, NS_PER_US = 1000 };
enum { SEQUENCE_CYCLES = 0x3F, SEQUENCE_CYCLES_MAX = 64, SEQUENCE_IS_INPUT = 0x80 };
enum { CONFIGURE_SENDS_ALWAYS = 1 << 2 };
enum { SEQUENCE_BITS_MAX = 256, BITS = 8 };

void
dap_release_pins(struct dap *dap)
{
	dap->port = DAP_PORT_OFF;
	dap->pins = PIN_SWCLK | PIN_SWDIO | PIN_NRESET;
	wire_drive_swd(dap->wire, false, true); /* the chip pulls SWCLK down */
	wire_drive_nrst(dap->wire, false);
}

/* SWCLK as driven, SWDIO as the line has it, nRESET as it is at the chip. */
static uint8_t
read_pins(struct dap *dap)
{
	unsigned pins = dap->pins & PIN_SWCLK;
	if (dap->port != DAP_PORT_SWD ? dap->pins & PIN_SWDIO
				      : wire_swdio_is_high(dap->wire))
		pins |= PIN_SWDIO;
	if (wire_nrst_is_high(dap->wire))
		pins |= PIN_NRESET;
	return (uint8_t)pins;
}

static void
drive_pins(struct dap *dap, uint8_t value, uint8_t select)
{
	dap->pins = (uint8_t)((dap->pins & ~select) | (value & select));
	if (dap->port == DAP_PORT_SWD && select & (PIN_SWCLK | PIN_SWDIO))
		wire_drive_swd(dap->wire, dap->pins & PIN_SWCLK, dap->pins & PIN_SWDIO);
	if (select & PIN_NRESET)
		wire_drive_nrst(dap->wire, !(value & PIN_NRESET));
}

/* Until the pins selected are what they were set to, or the time is over. */
void
dap_swj_pins(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint8_t value = dap_get8(in), select = dap_get8(in);
	uint32_t wait_us = dap_get32(in);
	/* Pins that SWD does not have cannot be waited for. */
	uint8_t seen = select & (PIN_SWCLK | PIN_SWDIO | PIN_NRESET);
	if (wait_us > WAIT_MAX_US)
		wait_us = WAIT_MAX_US;
	drive_pins(dap, value, select);
	for (uint32_t us = 0; us < wait_us && (read_pins(dap) ^ value) & seen;
	     us += WAIT_STEP_US)
		dap_pass(dap, WAIT_STEP_US * NS_PER_US);
	dap_put8(out, read_pins(dap));
}

void
dap_swj_clock(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint32_t hz = dap_get32(in);
	if (hz)
		wire_set_clock(dap->wire, hz < dap->kind->max_hz ? hz : dap->kind->max_hz);
	dap_put8(out, hz ? DAP_DONE : DAP_ERROR);
}

/* Before Connect the pins float: nothing is sent. */
static void
send_bits(struct dap *dap, struct dap_reader *in, unsigned count)
{
	uint8_t bytes[SEQUENCE_BITS_MAX / BITS];
	for (unsigned i = 0; i < (count + BITS - 1) / BITS; i++)
		bytes[i] = dap_get8(in);
	if (dap->port == DAP_PORT_SWD)
		wire_sequence(dap->wire, bytes, count);
}

void
dap_swj_sequence(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	unsigned count = dap_get8(in);
	send_bits(dap, in, count ? count : SEQUENCE_BITS_MAX);
	dap_put8(out, DAP_DONE);
}

void
dap_send_data_always(struct dap *dap, bool always)
{
	wire_set_data_phase(dap->wire,
			    always ? SWD_DATA_PHASE_ALWAYS : SWD_DATA_PHASE_NEVER);
}

/* Any turnaround but one clock is for targets that have it set in DLCR; no STM32 has
 * that field (IHI 0031G, B2.2.4). */
void
dap_swd_configure(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	dap_send_data_always(dap, dap_get8(in) & CONFIGURE_SENDS_ALWAYS);
	dap_put8(out, DAP_DONE);
}

static void
receive_bits(struct dap *dap, struct dap_writer *out, unsigned count)
{
	uint64_t bits =
		dap->port == DAP_PORT_SWD ? wire_sample(dap->wire, count) : UINT64_MAX;
	for (unsigned i = 0; i < (count + BITS - 1) / BITS; i++)
		dap_put8(out, (uint8_t)(bits >> BITS * i));
}

void
dap_swd_sequence(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	unsigned sequences = dap_get8(in);
	dap_put8(out, DAP_DONE); /* DAP.c does not ask whether anybody has connected */
	while (sequences-- && in->at < in->end) {
		uint8_t info = dap_get8(in);
		unsigned count = info & SEQUENCE_CYCLES;
		count = count ? count : SEQUENCE_CYCLES_MAX;
		if (info & SEQUENCE_IS_INPUT)
			receive_bits(dap, out, count);
		else
			send_bits(dap, in, count);
	}
}
