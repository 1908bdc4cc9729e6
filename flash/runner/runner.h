/* SPDX-License-Identifier: MIT */
/*
 * runner.h - runs a flash algorithm on the target's core.
 *
 * An algorithm is position-independent code with the entry points of CMSIS-Pack
 * ("Flash Programming", functions Init, UnInit, EraseSector, ProgramPage...): r0
 * to r2 in, r0 out (0 is success), r9 its data. The runner loads it into RAM
 * together with a few instructions (algorithms/caller.c) that wait for calls in
 * a mailbox (calls.h): so the core runs from runner_open() to runner_put_back().
 * When a call does not return, the reason has PC, xPSR and the fault registers.
 */
#ifndef FLASH_RUNNER_RUNNER_H
#define FLASH_RUNNER_RUNNER_H

#include "flash/algorithms/parameters.h"
#include "flash/runner/algorithm.h"
#include "targets/board/board.h"

#include <stdint.h>

/* The banks of the flash, as the algorithm gets them; they outlive the runner. */
struct runner_banks {
	const struct parameters *parameters;
	unsigned len;
	/* A register that is written when the core is halted, before code of ours runs, and
	 * whenever an NMI comes, for it to be free of that; 0: none. A second, with the same. */
	uint32_t first_at, first_value, first_also_at;
};

struct runner;

/* Halts the core, takes the fastest clock that the link carries, saves the registers and the RAM it
 * needs, loads what examines memory, and lets the core wait for calls: interrupts masked, MPU off, a
 * HardFault halts it. As many page buffers are used as calls can wait, when they fit, else fewer.
 * CAUSE_UNSUPPORTED: not even one fits. */
enum cause runner_open(struct core *core, struct board *board,
		       const struct algorithm *algorithm, const struct runner_banks *banks,
		       struct runner **runner, struct reason *why);
/* Before the first call of a function of the algorithm: keeps the RAM that it takes and loads it.
 * A load that finds everything as it shall be does without. */
enum cause runner_equip(struct runner *runner, struct reason *why);
/* Halts the core and puts RAM and registers back, one piece of at most a page buffer a call,
 * until *done or a failure, after which nothing more can be done. */
enum cause runner_put_back(struct runner *runner, bool *done, struct reason *why);
void runner_free(struct runner *runner); /* touches no target; takes NULL */

/* As it showed while the algorithm was loaded. */
struct runner_pace {
	uint32_t link_us_per_kib;
	/* 0: not known, or of no interest: the link is faster than the flash. */
	uint32_t core_khz;
};
struct runner_pace runner_pace(const struct runner *runner);
/* Pages may travel packed (algorithms/unpack.h): the core takes the instructions, and RAM has
 * room. */
bool runner_can_unpack(const struct runner *runner);
/* Keeps RAM and puts the code there, step by step until *done. A page is unpacked in buffer 0
 * from then on. */
enum cause runner_equip_unpacker(struct runner *runner, bool *done, struct reason *why);

/* RAM that the loader uses, buffers included: others must not write there. */
uint32_t runner_ram_at(const struct runner *runner);
uint32_t runner_ram_size(const struct runner *runner);
unsigned runner_buffers(const struct runner *runner);
/* Writes into page buffer `buffer` while a call may be running in another. Up to the
 * algorithm's page size; the first time what was there is read and kept. */
enum cause runner_fill(struct runner *runner, unsigned buffer, const uint8_t *bytes,
		       uint32_t size, struct reason *why);
/* Was something written there? */
bool runner_has_kept(const struct runner *runner, unsigned buffer);
uint32_t runner_buffer_at(const struct runner *runner, unsigned buffer);
/* The same anywhere in the buffers, from `offset` on in all of them. */
enum cause runner_fill_at(struct runner *runner, uint32_t offset, const uint8_t *bytes,
			  uint32_t size, struct reason *why);
/* How many bytes all buffers have. */
uint32_t runner_buffers_size(const struct runner *runner);

/* A list that a call works on: where one of so many bytes lies, in buffer 0 unless it is short, and
 * its bytes before and after. */
uint32_t runner_list_at(const struct runner *runner, uint32_t size);
enum cause runner_write_list(struct runner *runner, const uint8_t *bytes, uint32_t size,
			     struct reason *why);
enum cause
runner_read_list(struct runner *runner, uint8_t *bytes, uint32_t size, struct reason *why);

/* Of a buffer, after a call that wrote there. */
enum cause runner_read(struct runner *runner, unsigned buffer, uint8_t *bytes,
		       uint32_t size, struct reason *why);

/* Of a call that has failed, or has not returned: does RAM still hold the code that was put there? Where
 * it does not that is added to the reason (C11). Reads all of it at once. */
void runner_suspect_written_over(struct runner *runner, struct reason *why);
#endif /* FLASH_RUNNER_RUNNER_H */
