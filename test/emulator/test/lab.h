/* SPDX-License-Identifier: MIT */
/*
 * lab.h - a board on the table for the tests of soc/ and wire/: one chip, its
 * wires, and an SWD master that does just what it is asked.
 */
#ifndef TEST_EMULATOR_TEST_LAB_H
#define TEST_EMULATOR_TEST_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/emulator/base/stats.h"
#include "test/emulator/board.h"
#include "test/emulator/cpu/cpu.h"
#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/soc.h"
#include "test/emulator/wire/wire.h"

#define MS UINT64_C(1000000) /* in ns */
#define US UINT64_C(1000)

/* DP registers by A[3:2]; AP registers with APBANKSEL 0. */
enum { DPIDR = 0, ABORT = 0, CTRL_STAT = 4, SELECT = 8, RDBUFF = 12 };
enum { AP_CSW = 0, AP_TAR = 4, AP_DRW = 12 };
#define POWER_REQUESTS UINT32_C(0x50000000)
#define ABORT_ALL      UINT32_C(0x0000001E)

enum {
	CSW_BYTE = 0x0,
	CSW_HALF = 0x1,
	CSW_WORD = 0x2,
	CSW_SINGLE = 0x10,
	CSW_PACKED = 0x20
};

struct lab {
	struct stats stats;
	struct soc *soc;
	struct wire *wire;
	unsigned port; /* of core 0 */
};

/* The first access port with a core behind it. */
static inline unsigned
lab_port_of_core(const struct chip *chip)
{
	unsigned port = 0;

	while (port < CHIP_MAX_PORTS - 1 && chip->port_reach[port] != REACH_CORE)
		port++;
	return port;
}

/* On, with NRST high, on the named board; its wiring may be changed before. */
static inline struct wiring
lab_wiring(const char *board)
{
	return board_find(board)->wiring;
}

static inline struct lab *
lab_open_wired(const char *board, const struct wiring *wiring)
{
	struct lab *lab = calloc(1, sizeof(*lab));

	assert_non_null(lab);
	lab->soc = soc_new(chip_find(board_find(board)->chip), &lab->stats);
	lab->wire = wire_new(lab->soc, wiring, &lab->stats);
	wire_set_clock(lab->wire, 4000000);
	lab->port = lab_port_of_core(soc_chip(lab->soc));
	return lab;
}

static inline struct lab *
lab_open(const char *board)
{
	struct wiring wiring = lab_wiring(board);
	struct lab *lab = lab_open_wired(board, &wiring);

	wire_power(lab->wire, true);
	wire_advance(lab->wire, 20 * MS);
	return lab;
}

static inline void
lab_close(struct lab *lab)
{
	wire_free(lab->wire);
	soc_free(lab->soc);
	free(lab);
}

/* --- SWD --------------------------------------------------------------------- */

static inline void
lab_line_reset(struct lab *lab)
{
	static const uint8_t ones[8] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 };

	wire_sequence(lab->wire, ones, 64);
}

static inline void
lab_jtag_to_swd(struct lab *lab)
{
	static const uint8_t ones[7] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	static const uint8_t sequence[2] = { 0x9E, 0xE7 };

	wire_sequence(lab->wire, ones, 56);
	wire_sequence(lab->wire, sequence, 16);
	lab_line_reset(lab);
}

static inline enum swd_ack
lab_read(struct lab *lab, bool ap, uint8_t reg, uint32_t *value)
{
	return wire_transfer(lab->wire, ap, true, reg, value, NULL);
}

static inline enum swd_ack
lab_write(struct lab *lab, bool ap, uint8_t reg, uint32_t value)
{
	return wire_transfer(lab->wire, ap, false, reg, &value, NULL);
}

static inline uint32_t
lab_dp(struct lab *lab, uint8_t reg)
{
	uint32_t value = 0;

	assert_int_equal(lab_read(lab, false, reg, &value), SWD_OK);
	return value;
}

/* A posted read and what it brought. */
static inline uint32_t
lab_ap(struct lab *lab, uint8_t reg)
{
	uint32_t value;

	assert_int_equal(lab_read(lab, true, reg, &value), SWD_OK);
	return lab_dp(lab, RDBUFF);
}

/* SWD chosen, DPIDR read, debug powered, words with increment. */
static inline void
lab_connect(struct lab *lab)
{
	lab_jtag_to_swd(lab);
	lab_dp(lab, DPIDR);
	assert_int_equal(lab_write(lab, false, ABORT, ABORT_ALL), SWD_OK);
	assert_int_equal(lab_write(lab, false, SELECT, 0), SWD_OK);
	assert_int_equal(lab_write(lab, false, CTRL_STAT, POWER_REQUESTS), SWD_OK);
	assert_int_equal(lab_write(lab, true, AP_CSW, CSW_WORD | CSW_SINGLE), SWD_OK);
}

/* One access of the core's MEM-AP, without wires. */
static inline enum bus_result
lab_access(struct lab *lab, uint32_t at, unsigned size, bool write, uint32_t *value)
{
	return soc_access(lab->soc, lab->port, at, size, write, value);
}

static inline uint32_t
lab_peek(struct lab *lab, uint32_t at)
{
	uint32_t value = 0;

	assert_int_equal(lab_access(lab, at, 4, false, &value), BUS_OK);
	return value;
}

static inline void
lab_poke(struct lab *lab, uint32_t at, uint32_t value)
{
	assert_int_equal(lab_access(lab, at, 4, true, &value), BUS_OK);
}

/* Halts the core and lets it notice. */
static inline void
lab_halt(struct lab *lab)
{
	lab_poke(lab, 0xE000EDF0, 0xA05F0003);
	wire_advance(lab->wire, 10 * US);
	assert_int_equal(cpu_state(soc_core(lab->soc, 0)), CPU_HALTED);
}

/* Core registers by their number in DCRSR, of a halted core (DDI 0403E.e, C1.6.3). */
enum { REGISTER_PC = 15, REGISTER_XPSR = 16 };

static inline uint32_t
lab_register(struct lab *lab, uint32_t number)
{
	lab_poke(lab, 0xE000EDF4, number);
	return lab_peek(lab, 0xE000EDF8);
}

static inline void
lab_register_set(struct lab *lab, uint32_t number, uint32_t value)
{
	lab_poke(lab, 0xE000EDF8, value);
	lab_poke(lab, 0xE000EDF4, 1 << 16 | number);
}

static inline void
lab_go(struct lab *lab, uint32_t at)
{
	lab_register_set(lab, REGISTER_PC, at);
	lab_register_set(lab, REGISTER_XPSR, 0x01000000);
	lab_poke(lab, 0xE000EDF0, 0xA05F0001);
}

/* Puts a program of halfwords at the start of SRAM1 and runs it from there. */
static inline void
lab_run(struct lab *lab, const uint16_t *code, unsigned len)
{
	lab_halt(lab);
	for (unsigned i = 0; i < len; i += 2)
		lab_poke(lab, 0x20000000 + 2 * i,
			 code[i] | (i + 1 < len ? (uint32_t)code[i + 1] << 16 : 0));
	lab_go(lab, 0x20000000);
}

#endif /* TEST_EMULATOR_TEST_LAB_H */
