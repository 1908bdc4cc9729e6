/* SPDX-License-Identifier: MIT */
/*
 * view_internal.h - what the files that make up a view share: view.c, attach.c, run_control.c.
 */
#ifndef SERVER_DEBUG_VIEW_INTERNAL_H
#define SERVER_DEBUG_VIEW_INTERNAL_H

#include "server/debug/debugger_internal.h"

static inline struct board *
view_board(const struct view *view)
{
	return view->debugger->board;
}

static inline struct breakpoint_set *
view_breakpoints(const struct view *view, unsigned core)
{
	return &view->debugger->cores[core].breakpoints;
}

static inline unsigned
core_bit(unsigned core)
{
	return 1u << core;
}

/* run_control.c: view->go_on. */
enum cause view_go_on(struct view *view, unsigned core, struct reason *why);

#endif /* SERVER_DEBUG_VIEW_INTERNAL_H */
