/* SPDX-License-Identifier: MIT */
/*
 * view.h - what one client sees of the cores: which it has selected, which it is attached
 * to, whose stop it waits for.
 *
 * One view may hold several cores. A core is named by its index on the board; process P of
 * gdb is core P - 1 (view_find_core()). Several views may look at one core: the one that
 * lets it run waits for the stop; others read memory meanwhile and see the registers of the
 * last halt. A view that only looks neither halts nor resumes nor clears anything when it
 * comes and goes.
 *
 * Every call works on the core it is given, or else on `general`. No call waits for longer
 * than 20 ms on a healthy link.
 */
#ifndef SERVER_DEBUG_VIEW_H
#define SERVER_DEBUG_VIEW_H

#include "server/debug/breakpoints.h"
#include "server/debug/debugger.h"
#include "server/debug/stop.h"

struct view;

/* How a client hears of events. `say` may be called at any time, the others from the loop only,
 * never from inside a call of this header. */
struct view_ops {
	/* A line or more for the user, without the last newline. */
	void (*say)(struct view *view, const char *lines);
	/* The same about the state of a core: out of date when ops->outdated comes. */
	void (*say_state)(struct view *view, const char *lines);
	/* Text of the program, in pieces as they come, or lines for who has asked for
	 * view_recover_by_hand(); only while this view waits. */
	void (*print)(struct view *view, const char *text);
	/* The state of a core cannot be read, for the reason `line`; it can be read again. */
	void (*blind)(struct view *view, unsigned core, const char *line);
	void (*seen)(struct view *view, unsigned core);
	/* A core that this view waited for has stopped, for the reason view_stop(). It does not
	 * wait for that core any more. */
	void (*stopped)(struct view *view, unsigned core);
	/* What this view waited for cannot come (a step whose PC cannot be read). It does not
	 * wait for that core any more. */
	void (*failed)(struct view *view, unsigned core, const struct reason *why);
	/* The board is lost, for the reason debugger_lost_why(). `did_wait`: for a stop; then the
	 * program is over for this view: it is not attached to the cores that it waited for,
	 * and has no breakpoints there any more. */
	void (*lost)(struct view *view, bool did_wait);
	/* Answers view_recover(): CAUSE_NONE when the board is connected again. */
	void (*recovered)(struct view *view, enum cause cause, const struct reason *why);
	/* debugger_is_handing_over() is over, the board back or lost. */
	void (*settled)(struct view *view);
	/* Held notes about the cores' state are out of date: reset, load, board back. */
	void (*outdated)(struct view *view);
	/* Another view attaches: when the other side of this connection has closed, though that
	 * has not been read yet, ends it now (view_release() and view_close() are allowed). */
	void (*check_hung_up)(struct view *view);
};

enum view_motion_kind { VIEW_CONTINUE, VIEW_STEP, VIEW_STEP_RANGE };
struct view_motion {
	enum view_motion_kind kind;
	uint32_t from, to; /* of VIEW_STEP_RANGE: until PC has left [from, to) */
};

struct view {
	const struct view_ops *ops;
	struct debugger *debugger;
	const char *name;  /* the client's, for the log; NULL: it has none */
	unsigned place;    /* bit in breakpoints' owners */
	unsigned home;     /* the core of the port it came by */
	unsigned general;  /* the core selected by Hg */
	unsigned control;  /* and by Hc */
	unsigned attached; /* set of cores, bit by index */
	unsigned waits;    /* set of cores whose stop it waits for */
	/* view.c's own */
	bool wants_recovery;
	/* Answers view_recover_by_hand(); NULL: that was not asked for. */
	void (*by_hand)(struct view *view, enum cause cause, const struct reason *why);
	/* Where the probe may be taken over: how the cores were let go, and from where. */
	struct view_departure {
		struct view_motion motion;
		struct core_place place;
	} departures[DEVICE_MAX_CORES];
	unsigned cut; /* set: those of which a loss left open whether they have gone */
	/* The probe was taken over while this view waited for the core: what let it go and was cut
	 * short by the loss is done if it has not been. ops->failed when it cannot. */
	enum cause (*go_on)(struct view *view, unsigned core, struct reason *why);
	void (*done)(struct view *view, enum cause cause, const struct reason *why);
};

/* CAUSE_REQUEST: DEBUGGER_MAX_VIEWS are there. */
enum cause view_open(struct view *view, const struct view_ops *ops,
		     struct debugger *debugger, unsigned home, struct reason *why);
/* Cancels its job and gives up what view_release() would. Twice is harmless. */
void view_close(struct view *view);

unsigned view_cores(const struct view *view);
/* The core of gdb's process and thread (0: any, -1: all; each core has thread 1). False:
 * there is none. */
bool view_find_core(const struct view *view, int process, int thread, unsigned *core);

/* Attaches to the core: halts it when no other view is attached. Again is harmless. */
enum cause view_attach(struct view *view, unsigned core, struct reason *why);
/* Counts as attached though the core is not looked at: a restart of it begins. */
void view_attach_to_restart(struct view *view, unsigned core);
/* Gives up these cores: removes the breakpoints that only this view has, also when it never
 * attached, and lets a core run that no other view is attached to. `fate` gets words for
 * the obituary; nothing when there was nothing to give up. */
void view_release(struct view *view, unsigned cores, struct text *fate);
/* Has a core other than `core` a client here? */
bool view_is_other_attached(const struct view *view, unsigned core);
/* The same, here or in another tether: a reset of the chip would disturb it. */
bool view_is_chip_shared(const struct view *view, unsigned core);
/* The client's program on the core is over (vKill): its breakpoints go; the core stays as it is,
 * halted, until it is restarted or given up. */
void view_end_program(struct view *view, unsigned core);
const struct core_identity *view_identity(const struct view *view, unsigned core);
const char *view_core_name(const struct view *view, unsigned core);
bool view_is_halted(const struct view *view, unsigned core);
/* The last halt. stop->by: the view that asked (Ctrl-C, reset), or NULL. */
const struct stop *view_stop(const struct view *view, unsigned core);
/* "running", "halted at a breakpoint", "lost": for people. */
void view_describe(const struct view *view, unsigned core, struct text *words);

/* While the core runs, or a job has it: of the last halt; CAUSE_REQUEST when not known. */
enum cause
view_register_read(struct view *view, unsigned number, uint64_t *value, struct reason *why);
enum cause
view_register_write(struct view *view, unsigned number, uint64_t value, struct reason *why);
/* As core_memory_read() and core_memory_write(). */
enum cause view_memory_read(struct view *view, uint32_t at, void *bytes, uint32_t size,
			    struct reason *why);
enum cause view_memory_write(struct view *view, uint32_t at, const void *bytes,
			     uint32_t size, struct reason *why);
/* As breakpoints_insert() and breakpoints_remove(); CAUSE_REQUEST while a job has the core. */
enum cause view_breakpoint_insert(struct view *view, const struct breakpoint *wanted,
				  struct reason *why);
enum cause view_breakpoint_remove(struct view *view, const struct breakpoint *wanted,
				  struct reason *why);

/* Beside enum board_claim, for rows of commands: the view's `general` core, all of the cores. */
enum { VIEW_CLAIM_CORE = 1 << 30, VIEW_CLAIM_CORES = 1 << 29 };
/* CAUSE_REQUEST, with the name of the job, when another job has one of these claims. */
enum cause view_check_free(const struct view *view, unsigned claims, struct reason *why);
/* The same for a job that is to be begun now (board_reserve()). */
enum cause
view_reserve(struct view *view, unsigned claims, const char *what, struct reason *why);

typedef void view_done(struct view *view, enum cause cause, const struct reason *why);
/* A job on the board for this view (board_reset(board, halted, view) with
 * CLAIM_EVERYTHING; a load with CLAIM_FLASH | VIEW_CLAIM_CORES). `done` is called once, from
 * the loop, unless the job is cancelled; the state of the cores that were claimed is fresh
 * by then. The job is freed in any case, also when it is refused as view_check_free()
 * refuses. */
enum cause view_begin(struct view *view, struct job *job, unsigned claims, view_done *done,
		      struct reason *why);
/* Its own; NULL: none. */
const struct job *view_job(const struct view *view);
/* Ends its job unfinished, with a warning in the log when that fails. */
void view_cancel(struct view *view);
/* Ctrl-C during its job, or view_recover_by_hand(): ends it early; `done` comes when that is over,
 * with CAUSE_REQUEST and words. False: there is no job. */
bool view_interrupt_job(struct view *view);

/* Asks for a lost board to be connected again with all that can be done, a reset included;
 * ops->recovered answers. A loss that the board has not
 * noticed yet counts; a board that is not lost, or no longer, answers at the next turn. */
enum cause view_recover(struct view *view, struct reason *why);
/* The same, answered by `done`, and where nothing answers even under reset by a power cycle that the
 * user does by hand (targets/connect/power_cycle.h): ops->print has what to do and what was seen.
 * view_interrupt_job() and view_close() end it, and leave the board as it was. */
enum cause view_recover_by_hand(struct view *view, view_done *done, struct reason *why);
/* Is that still to be answered? */
bool view_is_by_hand(const struct view *view);

#endif /* SERVER_DEBUG_VIEW_H */
