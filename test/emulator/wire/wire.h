/* SPDX-License-Identifier: MIT */
/*
 * wire.h - the five wires between probe and chip: SWDIO, SWCLK, NRST, VAPP and
 * ground, and the SW-DP behind them. A probe sees what a probe sees: three
 * acknowledge bits, 32 data bits and a parity bit, one analogue voltage.
 *
 * Every transaction costs device time: bits at the set clock. NRST is a
 * capacitor and a pull-up with drivers on it; its level is computed from time.
 * IHI 0031G (ADIv5.2), chapters B2 and B4.
 */
#ifndef TEST_EMULATOR_WIRE_WIRE_H
#define TEST_EMULATOR_WIRE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/base/stats.h"
#include "test/emulator/soc/soc.h"

/* How a board is wired; electrical faults change these figures. */
struct wiring {
	double vdd_volts;  /* the chip's supply when the board is on */
	double vapp_volts; /* what the VAPP pin carries: vdd, or 0 when open */
	bool vapp_open;
	bool swd_open, nrst_open;
	bool swd_swapped;           /* SWDIO goes to SWCLK and SWCLK to SWDIO */
	bool swdio_low, swdio_high; /* SWDIO is shorted to ground, to the supply */
	bool swclk_low;             /* SWCLK is shorted to ground */
	bool swd_shorted;           /* SWDIO is shorted to SWCLK */
	double swd_clean_hz;  /* above this clock the cable loses more and more bits */
	double swd_metres;    /* of flying wire; 0: a short ribbon cable */
	bool ground_open;     /* no common ground but by the host's */
	bool nrst_at_swim;    /* the probe's reset pin is its SWIM_RST, not its T_NRST */
	double nrst_high_ohm; /* of what pushes NRST to the supply; 0: nothing does */
	uint64_t brown_out_every_ns; /* the supply dips so often; 0: never */
	double nrst_pull_up_ohm;     /* internal 40 k in parallel with the board's */
	double nrst_capacitor_farad;
	double nrst_driver_ohm; /* the probe's open-drain output, when low */
	bool nrst_shorted_to_ground;
	double supply_ohm;   /* between the regulator and the chip; 0: none to speak of */
	bool boot0_at_swclk; /* as on parts whose BOOT0 is PA14 */
	enum core_supply core_supply; /* what the board feeds the cores from */
};

/* What a probe samples as the acknowledge, first bit in bit 0. Nobody drives: ones, by the
 * pull-up. A line that is shorted to ground, or noise, gives other values than these. */
enum swd_ack { SWD_LOW = 0, SWD_OK = 1, SWD_WAIT = 2, SWD_FAULT = 4, SWD_NO_ACK = 7 };

struct wire;

/* The board is off until wire_power(); its NRST capacitor is empty. */
struct wire *wire_new(struct soc *soc, const struct wiring *wiring, struct stats *stats);
void wire_free(struct wire *wire);
/* Start of what is random on the wires. */
void wire_seed(struct wire *wire, uint64_t seed);
/* Wires it otherwise, now: what the wires carry goes on from where it is. */
void wire_rewire(struct wire *wire, const struct wiring *wiring);

void wire_set_clock(struct wire *wire, uint32_t hz);

/* One SWD transaction (B4.2). `reg` is A[3:2] as 0, 4, 8 or 12. On a read the
 * data arrives in *value (and *parity_ok tells its parity bit); on a write it is
 * sent. */
enum swd_ack wire_transfer(struct wire *wire, bool ap, bool read, uint8_t reg,
			   uint32_t *value, bool *parity_ok);

/* What the probe does when WAIT or FAULT is acknowledged: it goes on with a data phase as
 * the chip expects one (with CTRL/STAT.ORUNDETECT, B4.2.5; the default), or always, or
 * never. Who does not what the chip expects is out of step with it. */
enum swd_data_phase {
	SWD_DATA_PHASE_EXPECTED,
	SWD_DATA_PHASE_NEVER,
	SWD_DATA_PHASE_ALWAYS
};
void wire_set_data_phase(struct wire *wire, enum swd_data_phase data_phase);

/* `count` bits out on SWDIO, least significant first: line reset, JTAG-to-SWD,
 * dormant sequences, idle cycles. */
void wire_sequence(struct wire *wire, const uint8_t *bits, unsigned count);

/* `count` clocks (at most 64) in which the probe does not drive SWDIO: what it samples, the
 * first bit in bit 0. With wire_sequence() a transaction may be sent as bits. */
uint64_t wire_sample(struct wire *wire, unsigned count);

/* The two outputs as a probe sets them pin by pin; between transfers SWCLK rests at the
 * level it had last. */
void wire_drive_swd(struct wire *wire, bool swclk, bool swdio);
/* SWDIO as the probe reads it. */
bool wire_swdio_is_high(struct wire *wire);

/* What the probe's own inputs and outputs are supplied with. */
enum probe_io {
	PROBE_IO_AS_TARGET, /* shifted on the board, or 3.3 V on a board of 3.3 V */
	PROBE_IO_OWN_RAIL,  /* 3.3 V whatever the target has */
	PROBE_IO_BY_VAPP    /* a level shifter that VAPP supplies */
};
void wire_set_probe_io(struct wire *wire, enum probe_io io);

/* The probe's open-drain NRST output. */
void wire_drive_nrst(struct wire *wire, bool low);
/* Its SWIM_RST output, on which clones have the pin that they call RST (x893/CMSIS-DAP
 * issue 8); without a wire to NRST on all others. */
void wire_drive_swim_rst(struct wire *wire, bool low);
/* The level at the chip, with hysteresis, for probes that can read it. */
bool wire_nrst_is_high(struct wire *wire);
/* A finger on the reset button of the board. */
void wire_press_reset(struct wire *wire, bool pressed);

/* Volts on the probe's VAPP pin. When the pin is open (0 here) the probe's own circuit
 * decides what it measures. */
double wire_vapp(const struct wire *wire);
/* Is nothing at all connected to it? What a probe then reads is its own doing. */
bool wire_vapp_is_open(const struct wire *wire);
/* Board power, and another supply voltage. */
void wire_power(struct wire *wire, bool on);
void wire_set_volts(struct wire *wire, double volts);
/* A dip of the supply that begins now: to 1 V, for this long. */
void wire_brown_out(struct wire *wire, uint64_t ns);

/* Lets device time pass, in steps in which NRST does not cross a threshold;
 * code that waits (probe firmware, USB) calls this and not soc_advance(). */
void wire_advance(struct wire *wire, uint64_t ns);

#endif /* TEST_EMULATOR_WIRE_WIRE_H */
