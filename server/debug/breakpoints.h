/* SPDX-License-Identifier: MIT */
/*
 * breakpoints.h - which view has which breakpoint or watchpoint on a core.
 *
 * A breakpoint that two clients have inserted stays until both have removed it, and what
 * a view leaves behind goes with it.
 */
#ifndef SERVER_DEBUG_BREAKPOINTS_H
#define SERVER_DEBUG_BREAKPOINTS_H

#include "server/debug/condition.h"
#include "targets/core/core.h"

enum { BREAKPOINTS_MAX = 256 };

/* As Z packets number them (GDB manual, "Packets", Z). */
enum breakpoint_kind {
	BREAKPOINT_SOFTWARE,
	BREAKPOINT_HARDWARE,
	BREAKPOINT_WRITE,
	BREAKPOINT_READ,
	BREAKPOINT_ACCESS
};

struct breakpoint {
	enum breakpoint_kind kind;
	uint32_t at, size;
	bool in_hardware; /* also a software breakpoint where memory cannot be written */
	uint32_t owners;  /* a bit for each view's place; 0: free */
	uint32_t recent;  /* of those, who has inserted it since the last halt */
	/* Its only owner's; none with several, whose gdbs then evaluate. */
	struct conditions conditions;
};

struct breakpoint_set {
	struct breakpoint at[BREAKPOINTS_MAX];
};

/* One that `owner` has already gets the conditions of `wanted`. */
enum cause breakpoints_insert(struct breakpoint_set *set, struct core *core,
			      const struct breakpoint *wanted, unsigned owner,
			      struct reason *why);
/* Removing a breakpoint that does not exist succeeds: gdb removes twice at times. */
enum cause breakpoints_remove(struct breakpoint_set *set, struct core *core,
			      const struct breakpoint *wanted, unsigned owner,
			      struct reason *why);
/* Removes what only `owner` has. Goes on past a failure and returns the first. */
enum cause breakpoints_drop(struct breakpoint_set *set, struct core *core, unsigned owner,
			    struct reason *why);
/* The same while the core cannot be reached: breakpoints_restore() updates the core. */
void breakpoints_disown(struct breakpoint_set *set, unsigned owner);
/* Inserts all of them again after the core was lost. Goes on past a failure, drops what could
 * not be inserted, and returns the first. */
enum cause
breakpoints_restore(struct breakpoint_set *set, struct core *core, struct reason *why);
/* Has `owner` inserted one for execution at `at` since the core halted? */
bool breakpoints_is_recent(const struct breakpoint_set *set, uint32_t at, unsigned owner);
/* The core has halted, or goes on: none is recent any more. */
void breakpoints_settle(struct breakpoint_set *set);
void breakpoints_forget(struct breakpoint_set *set);
/* Has `owner` any? Has any other view? */
bool breakpoints_has(const struct breakpoint_set *set, unsigned owner);
bool breakpoints_has_others(const struct breakpoint_set *set, unsigned owner);
/* Does one for execution at `at` stop the core: one without conditions, or with a true one? */
bool breakpoints_stop_at(const struct breakpoint_set *set, uint32_t at,
			 const struct condition_source *source);
/* Is there one for execution at `at`? */
const struct breakpoint *breakpoints_find(const struct breakpoint_set *set, uint32_t at);
/* Is it other views' alone? */
bool
breakpoints_is_of_others(const struct breakpoint_set *set, uint32_t at, unsigned owner);

#endif /* SERVER_DEBUG_BREAKPOINTS_H */
