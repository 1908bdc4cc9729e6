/* SPDX-License-Identifier: MIT */
/*
 * debugger_internal.h - the inside of a debugger, for the files of server/debug.
 */
#ifndef SERVER_DEBUG_DEBUGGER_INTERNAL_H
#define SERVER_DEBUG_DEBUGGER_INTERNAL_H

#include "server/debug/code_cache.h"
#include "server/debug/view.h"

enum keeper_phase {
	KEEPER_IDLE,       /* not begun */
	KEEPER_WAITING,    /* for the next attempt, at due_us */
	KEEPER_OPENING,    /* the probe */
	KEEPER_CONNECTING, /* the target */
	KEEPER_CONNECTED,
	KEEPER_OVER /* nothing is tried any more */
};

struct keeper {
	enum keeper_phase phase;
	bool was_connected;    /* once; until then the rules of the start hold */
	bool is_missing;       /* the first attempt has failed, and that was reported */
	bool may_not_reset;    /* the attempt under way: nobody asked for it */
	bool is_watching;      /* and it catches the core at a reset or a power-up */
	bool is_cycling;       /* ... and it waits for a power cycle by hand */
	struct deadline watch; /* until when that is worth the while */
	uint64_t due_us, lost_us;
	struct deadline patience;     /* of the start, with a probe that is held */
	struct probe *opened;         /* by the job under way */
	char sought[REASON_LINE_MAX]; /* why it was not found, as reported last */
	enum finding suspected;       /* and what was suspected */
	debugger_ready *ready;
	debugger_missing *missing; /* NULL: a start that fails is over */
	void *context;             /* of both */
};

struct debugger {
	const struct debugger_options *options;
	struct clock *clock;
	struct board *board;
	uv_timer_t timer; /* for the next turn */
	uv_idle_t soon;   /* for one that is due: the loop looks at all else between */
	uv_idle_cb turn;
	bool is_awake; /* the next turn is wanted at once, whatever the board says */

	struct keeper keeper;
	struct view *views[DEBUGGER_MAX_VIEWS]; /* NULL: free */
	unsigned cores_len;
	struct debugger_core {
		struct breakpoint_set breakpoints;
		bool is_untidy; /* a view left while a job had the core */
		/* The first that let it run, while it is attached. */
		const struct view *runner;
		/* Let run by VIEW_CONTINUE, and nobody has asked it to stop: a
		 * breakpoint whose condition is false does not. */
		bool is_continuing;
		/* Its last halt was a call of the program, which was served. */
		bool is_call_served;
	} cores[DEVICE_MAX_CORES];
	struct code_cache code;
	unsigned sharers;
	bool is_handing_over; /* the loss has not been reported to views */
	struct deadline handover;
	struct reason handover_why; /* keeper.c: of the last attempt, which failed */
	bool is_owner_silent;       /* who has the probe is there, and does not answer */
	struct deadline silence;    /* then it is said again */
	const struct host_calls *calls; /* NULL: nobody serves them */
	void *call_context;
	bool refuses_calls; /* the user's choice */
	void (*probe_changed)(void *context);
	void *probe_context;

	bool is_ending, is_ended, is_detaching;
	struct deadline end_patience;
	void (*ended)(void *context);
	void *end_context;
};

/* views.c: all of them. `core` -1: whatever core they are attached to. */
enum { ANY_CORE = -1 };
/* A line for the views attached to the core, but `except`. */
void debugger_say(struct debugger *debugger, int core, const struct view *except,
		  const char *fmt, ...) FORMAT_PRINTF(4, 5);
unsigned debugger_attached(const struct debugger *debugger, unsigned core,
			   const struct view *except);
unsigned
debugger_waiting(const struct debugger *debugger, unsigned core, const struct view *except);
/* What the board has to know of a core, after views have changed. */
void debugger_update(struct debugger *debugger, unsigned core);
void debugger_outdate(struct debugger *debugger);
/* Cores that halt together are parted when no view is attached to any of them. */
void debugger_part(struct debugger *debugger);
/* Lets go of the cores that nobody is attached to, but those that are halted: connecting has
 * enabled halting debug. */
void debugger_let_go(struct debugger *debugger);
/* Brings the breakpoints of a core in line with who is there, and lets it run when nobody is
 * attached. */
void debugger_tidy(struct debugger *debugger);
/* CAUSE_GONE, and why, while the board is lost. */
enum cause debugger_check_there(const struct debugger *debugger, struct reason *why);

/* A client that was killed and has come back may be here before its old connection's end has been
 * read; it would be taken for a second one. */
void debugger_end_hung_up(struct debugger *debugger, const struct view *except);

/* take_up.c: the target is back. Breakpoints are restored, and each core that a client is attached to
 * is halted, or goes on where the probe has changed hands; clients get a note. What fails for a core
 * is reported to them. */
void debugger_take_up(struct debugger *debugger);

/* events.c: a board_listener. */
void debugger_hear(const struct board_event *event, void *context);
/* What a loss means for views; what was held for it goes on. */
void debugger_lose(struct debugger *debugger);

/* handover.c: the probe is gone with who had it on USB, and the keeper opens it now. */
bool handover_begin(struct debugger *debugger);
/* In each turn: over when the board is back, or when that has taken too long. */
void handover_turn(struct debugger *debugger, uint64_t *wait_us);

/* recovery.c: views that have asked by view_recover() or view_recover_by_hand(), and have no answer
 * yet. Only the second kind is "by hand". */
bool recovery_is_asked_for(const struct debugger *debugger);
bool recovery_is_by_hand(const struct debugger *debugger, const struct view *except);
void recovery_answer(struct view *view, enum cause cause, const struct reason *why);
void
recovery_answer_all(struct debugger *debugger, enum cause cause, const struct reason *why);
/* A client that comes while another's user has the power switch in hand is not kept waiting. */
void recovery_refuse_others(struct debugger *debugger);
/* For those by hand: lines; a line that the log gets as well (`context`: the debugger). */
void recovery_print(struct debugger *debugger, const char *lines);
void recovery_say(void *context, const char *line);

/* keeper.c */
void keeper_begin(struct debugger *debugger, debugger_ready *ready, void *context);
/* Attempts what is due; *wait_us: when the next is due, if that is sooner. */
void keeper_turn(struct debugger *debugger, uint64_t *wait_us);
void keeper_lost(struct debugger *debugger);
/* A client asks: reconnects now, a reset allowed. */
void keeper_hurry(struct debugger *debugger);
/* Ctrl-C of a view that waits for view_recover_by_hand(). */
bool keeper_interrupt(struct debugger *debugger, struct view *view);
/* The view is about to be closed: what nobody else has asked for is ended. */
void keeper_forget(struct debugger *debugger, struct view *view);
void keeper_end(struct debugger *debugger);

#endif /* SERVER_DEBUG_DEBUGGER_INTERNAL_H */
