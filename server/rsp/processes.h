/* SPDX-License-Identifier: MIT */
/*
 * processes.h - the cores of a chip as processes of one gdb: process P is core P - 1, its only
 * thread P.1 (GDB manual, "Packets", thread-id syntax).
 *
 * A client has the process of its port from `?` on, and another from vAttach or vRun to D, vKill
 * or an exit. One that it does not have is not in any list: gdb 13.1 and 16.3 make an inferior
 * of it that never reads its registers' description.
 */
#ifndef SERVER_RSP_PROCESSES_H
#define SERVER_RSP_PROCESSES_H

#include "server/debug/view.h"
#include "server/rsp/request.h"

struct processes {
	bool are_named; /* multiprocess+ is agreed upon; else there is one, without a name */
	unsigned held;  /* set of cores: those that the client has */
	unsigned kept;  /* of these: it has stopped, which was not reported yet */
	unsigned killed; /* set: the one that was killed last, as long as it is not held */
};

/* "1", or "p2.1" */
void
processes_add_thread(const struct processes *processes, unsigned core, struct text *words);
/* For an exit: nothing, or ";process:2". */
void
processes_add_exit(const struct processes *processes, unsigned core, struct text *words);
/* The core that a thread-id means; "any" and "all" leave *core as it is. False: the client has
 * none such. */
bool processes_find(const struct processes *processes, const struct view *view,
		    const struct argument *id, unsigned *core);
/* The set of held cores that the thread-id of an action means; NULL: it has none. */
unsigned processes_meant(const struct processes *processes, const struct argument *id);
/* The core of process `number`. CAUSE_REQUEST: the chip has none, or it is held. */
enum cause
process_core(const struct view *view, uint64_t number, unsigned *core, struct reason *why);

/* The client has that core from now on; no longer; none any more. */
void processes_hold(struct processes *processes, unsigned core);
void processes_drop(struct processes *processes, unsigned core);
void processes_drop_all(struct processes *processes);
/* Has the client others beside this one? */
bool processes_has_others(const struct processes *processes, unsigned core);
/* The one that it means where it names none: that of its port, or the only one it has. */
unsigned processes_usual(const struct processes *processes, const struct view *view);
/* The one for a vRun without a name: one that is not held, killed last if any was. */
unsigned processes_to_run(const struct processes *processes, const struct view *view);

#endif /* SERVER_RSP_PROCESSES_H */
