/* SPDX-License-Identifier: MIT */
/*
 * stats.h - what one run of the emulator counted, on the device's own clock.
 *
 * One struct for the whole board, owned by main, written by every layer, printed
 * as JSON at exit and when the control FIFO says "stats". Nothing here decides
 * anything: no layer reads a counter to choose what to do.
 */
#ifndef TEST_EMULATOR_BASE_STATS_H
#define TEST_EMULATOR_BASE_STATS_H

#include <stdint.h>
#include <stdio.h>

enum reset_source {
	RESET_BY_POWER,    /* POR: everything is lost, debug registers too */
	RESET_BY_NRST,     /* the pin */
	RESET_BY_SYSTEM,   /* AIRCR.SYSRESETREQ */
	RESET_BY_CORE,     /* AIRCR.VECTRESET: the core alone */
	RESET_BY_WATCHDOG, /* IWDG or WWDG */
	RESET_BY_LOW_POWER,
	RESET_BY_OPTION_BYTES, /* OBL_LAUNCH */
	RESET_SOURCES
};

enum { STATS_MAX_SECTORS = 4096, STATS_CORES = 2, STATS_BANKS = 2, STATS_MAX_WRITTEN = 64 };

struct stats {
	uint64_t usb_transfers_out, usb_transfers_in; /* bulk or interrupt, not control */
	uint64_t usb_bytes_out, usb_bytes_in;
	uint64_t probe_commands;
	uint64_t swd_transactions, swd_waits, swd_faults, swd_bits;
	uint64_t swd_no_acks;       /* transactions with none of the three acknowledges */
	uint64_t swd_parity_errors; /* of data, at either end */
	uint64_t noise_bits;        /* that arrived inverted */
	uint64_t device_ns;         /* the device's clock */
	uint64_t busy_ns;      /* of it: spent by transfers, not by the client's thinking */
	uint64_t instructions; /* all cores */
	uint64_t core_instructions[STATS_CORES];
	uint64_t flash_programs, flash_words_programmed;
	/* What a programmer did in vain, by bank: sectors erased that were blank (by their own
	 * command), sectors erased again in this run, granules programmed again without an erase
	 * in between. */
	uint64_t flash_blank_erases[STATS_BANKS], flash_repeated_erases[STATS_BANKS];
	uint64_t flash_repeated_programs[STATS_BANKS];
	uint64_t resets[RESET_SOURCES];
	uint64_t nrst_rise_ns; /* the longest, from where nothing pulls it low any more */
	uint64_t nrst_last_rise_ns;
	struct {
		uint32_t at, size, count;
	} erased[STATS_MAX_SECTORS];
	unsigned erased_len;
	/* The words of memory that a debugger wrote to, by any access port; of more than there is
	 * room for, how many accesses. */
	struct {
		uint32_t at;
		uint64_t count;
	} debugger_writes[STATS_MAX_WRITTEN];
	unsigned debugger_writes_len;
	uint64_t debugger_writes_elsewhere;
};

/* Counts one access of a debugger that wrote into the word of `at`. */
void stats_debugger_wrote(struct stats *stats, uint32_t at);

/* Counts one erase of the sector at `at`, and returns how many it has had; beyond
 * STATS_MAX_SECTORS it aborts. */
unsigned stats_erased(struct stats *stats, uint32_t at, uint32_t size);

/* The whole struct as one JSON object and a newline. */
void stats_write(const struct stats *stats, FILE *file);

#endif /* TEST_EMULATOR_BASE_STATS_H */
