/* SPDX-License-Identifier: MIT */
/*
 * soc.h - one STM32: its cores, memories, buses and those peripherals that a
 * debugger or a small program can tell from real ones. Owns device time: all
 * that takes time on the bench is a call of soc_advance(), which runs the cores
 * and lets the peripherals (flash, watchdog, timers) go on meanwhile.
 *
 * A chip is an entry of the table in chips/chips.c: memories, cores, peripherals with
 * their base addresses. A peripheral is a struct with read, write, reset and
 * `due` functions (peripheral.h); one that two chips share is one file.
 */
#ifndef TEST_EMULATOR_SOC_SOC_H
#define TEST_EMULATOR_SOC_SOC_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/base/stats.h"

struct soc;
struct chip;

/* By name, e.g. "STM32G473VB"; NULL when there is none. */
const struct chip *chip_find(const char *name);
const char *chip_name(const struct chip *chip);
const struct chip *soc_chip(const struct soc *soc);

/* A chip without power. `stats` and `chip` must outlive it. */
struct soc *soc_new(const struct chip *chip, struct stats *stats);
void soc_free(struct soc *soc);

/* Supply on (a power-on reset) or off (all is lost but flash and option bytes). */
void soc_power(struct soc *soc, bool on);
bool soc_is_powered(const struct soc *soc);
/* The supply below which the chip holds itself in power-on reset. */
double soc_lowest_volts(const struct soc *soc);
/* The supply while it is on; 3.3 V at first. Flash controllers ask (soc_volts()). */
void soc_set_volts(struct soc *soc, double volts);
/* What it draws from the supply now. */
double soc_amps(const struct soc *soc);
/* The level at the NRST pin, after the RC of the board: wire/ calls this. */
void soc_nrst(struct soc *soc, bool high);
/* True while the chip itself pulls NRST low (an internal reset does that). */
bool soc_drives_nrst_low(const struct soc *soc);

/* What the board feeds the cores' regulators from. Parts with only one regulator have no
 * choice and heed this not. */
enum core_supply {
	CORE_SUPPLY_LDO, /* VDDLDO is fed, the SMPS has no coil */
	CORE_SUPPLY_SMPS /* the SMPS has its coil and feeds VCORE directly */
};
void soc_wire_core_supply(struct soc *soc, enum core_supply supply);

/* The level at the BOOT0 pin; it counts when a reset ends. Low at first. */
void soc_boot0(struct soc *soc, bool high);
/* Is BOOT0 the pin that is SWCLK? */
bool soc_boot0_is_swclk(const struct soc *soc);

/* Lets `ns` of device time pass. */
void soc_advance(struct soc *soc, uint64_t ns);
/* The same, but comes back early when soc_drives_nrst_low() changes, so that wire/ can
 * let the pin follow. Returns the time that passed; 0 when it changed at once. */
uint64_t soc_advance_to_nrst_change(struct soc *soc, uint64_t ns);
uint64_t soc_now_ns(const struct soc *soc);
/* Does any core run instructions, or will something happen by itself? When not,
 * the main loop may sleep on its file descriptors. */
bool soc_is_idle(const struct soc *soc);

enum bus_result { BUS_OK, BUS_FAULT, BUS_WAIT };

/* The bits of a word in which a value of `size` bytes at `at` lies on the bus. */
static inline uint32_t
bus_lanes(uint32_t at, unsigned size)
{
	uint32_t ones = size == 4 ? UINT32_MAX : (UINT32_C(1) << (8 * size)) - 1;

	return ones << (8 * (at & 3));
}

/* One access by a MEM-AP; `port` is the access port's index on this chip. The
 * value lies in its byte lanes (a byte at address 1 is in bits 15:8), as DRW
 * has it (IHI 0031, 8.2.4). BUS_WAIT: the bus did not answer yet, ask again. */
enum bus_result soc_access(struct soc *soc, unsigned port, uint32_t at, unsigned size,
			   bool write, uint32_t *value);

/* A hostile chip: what a debugger reads is not what is there. Code on the chip sees the truth. And
 * one that fails: the cells of a word of its flash keep the charge that programming gave them. */
struct soc_lies {
	bool rom_loops; /* each entry of a ROM table is the table itself */
	bool has_word;  /* the word at `at` reads as `word` */
	uint32_t at, word;
	bool has_worn;
	uint32_t worn_at; /* offset in the main flash */
};
void soc_lie(struct soc *soc, const struct soc_lies *lies);

/* What the debug port needs to know of the chip. Ports that are not there have idr 0. */
struct access_port {
	uint32_t idr, base, cfg;
	uint32_t csw_fixed; /* CSW bits that read as set: DeviceEn, SPIStatus... */
};
uint32_t soc_dpidr(const struct soc *soc);
uint32_t soc_targetid(const struct soc *soc); /* 0: its debug port has none */
const struct access_port *soc_access_port(const struct soc *soc, unsigned port);
/* May a debugger use this port now (power, RDP level 2, clock domain)? */
bool soc_port_is_open(const struct soc *soc, unsigned port);
/* The life cycle of the chip has taken the core's port from debuggers: its own registers answer,
 * nothing behind it does. */
bool soc_port_is_locked(const struct soc *soc, unsigned port);
/* The clock of the bus behind it; 0: it stands still. */
uint32_t soc_port_hz(const struct soc *soc, unsigned port);
bool soc_swd_pins_are_debug(const struct soc *soc); /* PA13/PA14 still SWD? */
/* Counts how often the debug port lost its supply: board power, standby. What it
 * held is gone when this changed. */
unsigned soc_debug_epoch(const struct soc *soc);

/* Bytes that left the trace pin since the last call, at most `max`: as many as the line had
 * time for. `baud`: its bits per second, 0 while the pin is not used so. */
unsigned soc_swo(struct soc *soc, uint8_t *bytes, unsigned max, uint32_t *baud);

/* Writes an image straight into flash, as a chip that was programmed before it
 * was soldered. False when it does not fit. */
bool soc_preload(struct soc *soc, uint32_t at, const uint8_t *bytes, uint32_t size);

/* Sets an option byte by its name in the manual, before power comes: "RDP=1", "WRP1A=0-3".
 * NULL, or what is wrong. */
const char *soc_preset_option(struct soc *soc, const char *option);

/* The memories that keep their contents without power, one after the other; false past the
 * last. Option bytes come before the main flash: see soc_kept_restored(). */
struct soc_kept {
	const char *name;
	uint8_t *bytes;
	uint32_t size;
};
bool soc_kept(struct soc *soc, unsigned index, struct soc_kept *kept);
/* Which cells of the main flash are weak since an operation was cut short; false: none are, and
 * `make` did not ask for a place. */
bool soc_weak(struct soc *soc, bool make, struct soc_kept *kept);
/* The blocks of the flash beside the chip that need not be blank, one after the other, and where
 * in it; false past the last, or when there is no such flash. */
bool soc_beside_used(struct soc *soc, unsigned index, struct soc_kept *kept, uint32_t *at);
/* The block at `at` of it, to be filled; false: none begins there. */
bool soc_beside_block(struct soc *soc, uint32_t at, struct soc_kept *kept);
/* Solders a serial flash beside the chip before power comes, in place of the usual one:
 * "SK25LP128@clk=PB10,ncs=PB11,io0=PB1,io1=PB0". NULL, or what is wrong. */
const char *soc_wire_beside(struct soc *soc, const char *text);
/* New contents were written there, before power comes. */
void soc_kept_restored(struct soc *soc, unsigned index);

/* What RAM holds when power comes: nothing in particular, by chance, but for one seed
 * always the same. */
void soc_seed(struct soc *soc, uint64_t seed);

/* For the tests of the emulator itself and for stats. */
struct cpu *soc_core(struct soc *soc, unsigned index);

#endif /* TEST_EMULATOR_SOC_SOC_H */
