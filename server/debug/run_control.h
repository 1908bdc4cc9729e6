/* SPDX-License-Identifier: MIT */
/*
 * run_control.h - how a view lets cores go, halts them, and waits for their stops.
 *
 * The first view that lets a core go keeps its run control until it gives the core up. How it was
 * let go, and from where, is noted where the probe may be taken over meanwhile
 * (struct view_departure). As in view.h, no call waits for longer than 20 ms on a healthy link.
 */
#ifndef SERVER_DEBUG_RUN_CONTROL_H
#define SERVER_DEBUG_RUN_CONTROL_H

#include "server/debug/view.h"

/* Is another view waiting for this core to stop? */
bool view_is_run_by_others(const struct view *view, unsigned core);

/* Lets the core go, waits for its stop: ops->stopped or ops->failed comes, or ops->lost. The
 * view is attached if it was not. The first view that lets a core go keeps its run control until
 * it gives the core up; others get CAUSE_REQUEST, but with debugger_options.any_client. One that
 * runs already: this view joins those who wait; a step halts it instead, CAUSE_REQUEST when
 * another view runs it. With a cause it does not wait. */
enum cause view_go(struct view *view, unsigned core, const struct view_motion *motion,
		   struct reason *why);
/* The same of several cores, a set, that are to continue: those of a group start together. Those
 * that could go before one that cannot are waited for. */
enum cause view_continue(struct view *view, unsigned cores, struct reason *why);
/* Ctrl-C, monitor halt: halts the core, and stops a range step. Views that wait for it hear
 * ops->stopped. CAUSE_REQUEST while a job has the core. */
enum cause view_halt(struct view *view, unsigned core, struct reason *why);
/* Has the core stopped by itself - not on request, not at the end of a step - at what stops it
 * there still? */
bool view_has_stopped_by_itself(const struct view *view, unsigned core);
/* Has the core halted at a breakpoint that other clients have, and this one does not? */
bool view_is_at_others_breakpoint(const struct view *view, unsigned core);
/* Is it run by another client, and has halted where it may run on by itself: for semihosting, or at
 * a breakpoint whose condition is still to be looked at? */
bool view_is_passing(const struct view *view, unsigned core);
/* Did it halt for semihosting, and has what it asked for? Then it stands behind the call for Ctrl-C
 * or a step's sake alone. */
bool view_is_call_served(const struct view *view, unsigned core);
/* One core has stopped: halts the others whose stops this view waits for, and waits for them no
 * more. Returns the set of those that had stopped by themselves already. One that cannot be
 * halted is reported by ops->say. */
unsigned view_halt_rest(struct view *view);
/* The next stop of a core that runs is waited for, though this view has not let it go. */
void view_wait_for(struct view *view, unsigned core);
/* The stops of these cores are no longer waited for (vCont;t, D). */
void view_stop_waiting(struct view *view, unsigned cores);

#endif /* SERVER_DEBUG_RUN_CONTROL_H */
