/* SPDX-License-Identifier: MIT */
/*
 * board_internal.h - the inside of a board, for the files that connect, identify
 * and reset it.
 */
#ifndef TARGETS_BOARD_BOARD_INTERNAL_H
#define TARGETS_BOARD_BOARD_INTERNAL_H

#include "targets/board/board.h"
#include "targets/core/core_internal.h"

/* Values of struct board_options that stand for 0. */
enum {
	BOARD_SPEED_HZ = 4000000,
	BOARD_NRST_HOLD_MS = 20,
	BOARD_NRST_SETTLE_MS = 5000,
	BOARD_HALT_TIMEOUT_MS = 100
};

struct board_listening {
	board_listener *listener; /* NULL: free */
	void *context;
};

struct board {
	struct probe *probe;
	struct board_options options; /* without zeros */
	struct dap dap;
	struct core_map map; /* what the cores see, by `device` and `layout` */

	/* By identification; kept over the loss of a connection. */
	const struct device *device;
	const struct flash_layout *layout;
	uint32_t idcode, flash_kib;
	char description[160];
	unsigned cores_len;
	struct core cores[DEVICE_MAX_CORES];

	bool is_connected;
	bool has_saved_bits; /* of `device`, as they were before we set them */
	uint32_t saved_bits[DEVICE_MAX_FREEZES];

	bool is_lost;
	struct reason lost_why;
	struct board_listening listening[BOARD_MAX_LISTENERS];
	struct job no_job;
};

struct clock *board_clock(const struct board *board);
void board_tell(struct board *board, const struct board_event *event);
/* Stands in for a job there was no memory for: its step says so. */
struct job *board_no_job(struct board *board, const char *name);

/* identify.c: finds an access port with a core and makes it cores[0]. Needs the debug
 * port only. CAUSE_UNSUPPORTED: no Cortex-M behind any port looked at. */
enum cause board_find_core(struct board *board, struct reason *why);
/* Reads the chip's identity by cores[0] and fills in device, layout, size, description; an
 * unknown chip is logged and no failure. CAUSE_REQUEST: --target names none. */
enum cause board_identify(struct board *board, struct reason *why);
/* Opens and identifies the cores of the device. */
enum cause board_open_cores(struct board *board, struct reason *why);

/* debug_bits.c: sets the device's DBGMCU bits, and puts back what was there. */
enum cause debug_bits_set(struct board *board, struct reason *why);
enum cause debug_bits_restore(struct board *board, struct reason *why);

/* regions.c. A NULL board has neither. */
bool board_is_flash(const struct board *board, uint32_t at);
bool board_is_ram(const struct board *board, uint32_t at);

/*
 * nrst.c: waits that a reset needs, one reading of cores[0] a call. Refused accesses are
 * waited over, since a chip in reset refuses some; at the deadline they are the story.
 */
enum { RESET_SEEN_MS = 100, RESET_POLL_US = 1000 };
struct reset_wait {
	struct deadline deadline;
	unsigned quiet; /* readings in a row without S_RESET_ST */
};
/* AIRCR.SYSRESETREQ by cores[0]. The reset may cut the answer short, so what the wire says
 * of it counts for nothing but CAUSE_GONE; S_RESET_ST tells whether it happened. */
enum cause reset_request(struct board *board, struct reason *why);
/* *seen: S_RESET_ST was set. *is_over: it was not until the deadline. */
enum cause reset_wait_seen(struct board *board, struct reset_wait *wait, bool *seen,
			   bool *is_over, struct reason *why);
/* *settled: the core is out of reset. CAUSE_TIMEOUT: held in reset until the deadline. */
enum cause reset_wait_settled(struct board *board, struct reset_wait *wait, bool *settled,
			      struct reason *why);
/* *halted: all cores are. CAUSE_TIMEOUT at the deadline. */
enum cause reset_wait_halted(struct board *board, struct reset_wait *wait, bool *halted,
			     struct reason *why);

#endif /* TARGETS_BOARD_BOARD_INTERNAL_H */
