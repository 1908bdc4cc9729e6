/* SPDX-License-Identifier: MIT */
/*
 * connect.h - from an open probe to cores that can be debugged.
 */
#ifndef TARGETS_CONNECT_CONNECT_H
#define TARGETS_CONNECT_CONNECT_H

#include "targets/board/board.h"

/* Connects: SWD clock, debug port, ports, identification, cores, freeze bits of DBGMCU. A
 * job, since NRST may be slow; ends with EVENT_BACK. Every mode clears the breakpoint unit
 * of what a dead session left in it, and puts back what sessions of this board had there;
 * CONNECT_ATTACH changes nothing else of what the core does. CONNECT_UNDER_RESET, and
 * CONNECT_AUTO when it came to that, leave it halted at its reset vector. Without memory the
 * job says so at its first step: never NULL. */
struct job *board_connect(struct board *board);

/* The same, but attaches only and never resets: for attempts that nobody asked for. */
struct job *board_reconnect(struct board *board);

/* Watches a target that has not answered, and catches its core the moment it shows a sign of life: as
 * its reset button is let go, or its supply comes back, before the program gets to turn SWD off.
 * The core stays halted. CAUSE_TIMEOUT after `ms`; what is known of the bench is kept. */
struct job *board_connect_watching(struct board *board, uint32_t ms);

/* The same under reset, of a chip whose NRST the caller has pulled low already and now leaves to
 * the job: it is not let go before the core is set to stop at its reset vector. */
struct job *board_connect_held(struct board *board);

#endif /* TARGETS_CONNECT_CONNECT_H */
