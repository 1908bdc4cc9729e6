/* SPDX-License-Identifier: MIT */
/*
 * board.h - a probe, the chip it is wired to, and the chip's cores: the one
 * place that connects, identifies, resets, and knows when all of it is lost.
 *
 * Sessions listen to events, so that a reset by one is told to the others.
 */
#ifndef TARGETS_BOARD_BOARD_H
#define TARGETS_BOARD_BOARD_H

#include "targets/chip/device.h"
#include "targets/core/core.h"
#include "transport/adi/rom_table.h"
#include "transport/base/job.h"

enum connect_mode {
	CONNECT_AUTO,   /* attach; under reset when that fails */
	CONNECT_ATTACH, /* neither halt nor reset */
	CONNECT_HALT,
	CONNECT_UNDER_RESET
};

struct board_options {
	enum connect_mode connect;
	const char *target;       /* name that overrides identification; NULL */
	uint32_t speed_hz;        /* SWD clock wanted; 0: 4 MHz */
	uint32_t nrst_hold_ms;    /* 0: 20 */
	uint32_t nrst_settle_ms;  /* limit for a slow NRST to rise; 0: 5000 */
	uint32_t halt_timeout_ms; /* 0: 100 */
};

struct board;

enum board_event_kind {
	EVENT_RESET, /* the chip was reset; cores may run or be halted: poll */
	EVENT_LOST,  /* probe or target is gone; `why` tells */
	EVENT_BACK   /* and is there again */
};

struct board_event {
	enum board_event_kind kind;
	const void *by; /* who asked for it, as given to board_reset(); NULL: nobody */
	const struct reason *why; /* EVENT_LOST */
};

typedef void board_listener(const struct board_event *event, void *context);

/* A board without connection; takes the probe over and closes it with itself. */
enum cause board_new(struct probe *probe, const struct board_options *options,
		     struct board **board, struct reason *why);
void board_free(struct board *board); /* takes NULL; lets the target run (board_detach) */

/* Connects: SWD clock, debug port, ports, identification, cores, freeze bits of DBGMCU. A
 * job, since NRST may be slow; ends with EVENT_BACK when it had been lost before. Every
 * mode clears the breakpoint unit of what a dead session left in it, and puts back what
 * sessions of this board had there; CONNECT_ATTACH changes nothing else of what the core
 * does. CONNECT_UNDER_RESET, and CONNECT_AUTO when it came to that, leave it halted at its
 * reset vector. Without memory the job says so at its first step. */
struct job *board_connect(struct board *board);

/* The same, but attaches only and never resets: for attempts that nobody asked for. */
struct job *board_reconnect(struct board *board);

/* Resets the chip. Halted: each core stops at its reset vector before an instruction is
 * executed (DEMCR.VC_CORERESET). SYSRESETREQ first, NRST where that has no effect; the
 * story says what was tried. Debug state and breakpoints are put back. `by` goes into the
 * event. */
struct job *board_reset(struct board *board, bool halted, const void *by);

/* Removes our breakpoints, restores DBGMCU, clears C_DEBUGEN: the target runs as without
 * us. */
enum cause board_detach(struct board *board, struct reason *why);

/* NULL until identified; an unknown DEV_ID leaves NULL and the board usable without flash.
 */
const struct device *board_device(const struct board *board);
uint32_t board_idcode(const struct board *board);
uint32_t board_flash_kib(const struct board *board); /* by the size word, or the maximum */
/* The layout that the option bytes select now; NULL without a device, and when the option
 * register could not be read: a guess would erase the wrong sectors. */
const struct flash_layout *board_flash_layout(const struct board *board);
/* "STM32G471/473/474/483/484, revision 0x2001, 128 KiB of flash, Cortex-M4 r0p1". */
const char *board_describe(const struct board *board);
struct probe *board_probe(struct board *board);
struct dap *board_dap(struct board *board);

unsigned board_cores(const struct board *board);
struct core *board_core(struct board *board, unsigned index);
struct core *board_core_by_name(struct board *board, const char *name); /* NULL: none */

/* Whoever gets CAUSE_GONE from any call tells the board; listeners hear EVENT_LOST once. */
void board_lost(struct board *board, const struct reason *why);
bool board_is_lost(const struct board *board);
/* The story of the loss; only while board_is_lost(). */
const struct reason *board_lost_why(const struct board *board);
/* A new probe for a lost board; then board_connect(). */
void board_replace_probe(struct board *board, struct probe *probe);

enum { BOARD_MAX_LISTENERS = 16 };
bool board_listen(struct board *board, board_listener *listener, void *context);
void board_unlisten(struct board *board, board_listener *listener, void *context);

/* What lies at `at`: "flash bank 1", "SRAM2", "nothing this chip has"; for stories. */
const char *board_region_name(const struct board *board, uint32_t at);

#endif /* TARGETS_BOARD_BOARD_H */
