/* SPDX-License-Identifier: MIT */
#include "server/debug/breakpoints.h"

#include "transport/base/bytes.h"

#include <assert.h>
#include <string.h>

static const enum watch_kind watch_kinds[] = {
	[BREAKPOINT_WRITE] = WATCH_WRITE,
	[BREAKPOINT_READ] = WATCH_READ,
	[BREAKPOINT_ACCESS] = WATCH_ACCESS,
};

static bool
is_watchpoint(const struct breakpoint *breakpoint)
{
	return breakpoint->kind >= BREAKPOINT_WRITE;
}

static struct breakpoint *
find_same(struct breakpoint_set *set, const struct breakpoint *wanted)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++) {
		struct breakpoint *found = &set->at[i];

		if (found->owners != 0 && found->kind == wanted->kind &&
		    found->at == wanted->at && found->size == wanted->size)
			return found;
	}
	return NULL;
}

static struct breakpoint *
find_free(struct breakpoint_set *set)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++)
		if (set->at[i].owners == 0)
			return &set->at[i];
	return NULL;
}

/* A breakpoint of kind software in flash or ROM: the core says CAUSE_FAULT, a comparator
 * does as well. The reason is then the comparator's. */
static enum cause
insert_software(struct core *core, struct breakpoint *breakpoint, struct reason *why)
{
	enum cause cause = core_breakpoint_insert(core, breakpoint->at, false, why);

	if (cause != CAUSE_FAULT)
		return cause;
	breakpoint->in_hardware = true;
	return core_breakpoint_insert(core, breakpoint->at, true, why);
}

static enum cause
insert(struct core *core, struct breakpoint *breakpoint, struct reason *why)
{
	if (is_watchpoint(breakpoint))
		return core_watchpoint_insert(core, watch_kinds[breakpoint->kind],
					      breakpoint->at, breakpoint->size, why);
	breakpoint->in_hardware = breakpoint->kind == BREAKPOINT_HARDWARE;
	if (breakpoint->in_hardware)
		return core_breakpoint_insert(core, breakpoint->at, true, why);
	return insert_software(core, breakpoint, why);
}

static enum cause
remove_from(struct core *core, const struct breakpoint *breakpoint, struct reason *why)
{
	if (is_watchpoint(breakpoint))
		return core_watchpoint_remove(core, watch_kinds[breakpoint->kind],
					      breakpoint->at, breakpoint->size, why);
	return core_breakpoint_remove(core, breakpoint->at, breakpoint->in_hardware, why);
}

/* Both a hardware and a software breakpoint of gdb may sit on one comparator, which the
 * core counts once: it stays as long as either is wanted. */
static bool
is_shared(const struct breakpoint_set *set, const struct breakpoint *breakpoint)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++) {
		const struct breakpoint *other = &set->at[i];

		if (other != breakpoint && other->owners != 0 && !is_watchpoint(other) &&
		    !is_watchpoint(breakpoint) && other->at == breakpoint->at &&
		    other->in_hardware == breakpoint->in_hardware)
			return true;
	}
	return false;
}

enum cause
breakpoints_insert(struct breakpoint_set *set, struct core *core,
		   const struct breakpoint *wanted, unsigned owner, struct reason *why)
{
	struct breakpoint *place = find_same(set, wanted);
	struct breakpoint fresh = *wanted;
	enum cause cause;

	if (place != NULL) {
		place->recent |= UINT32_C(1) << owner & ~place->owners;
		place->owners |= UINT32_C(1) << owner;
		place->conditions = wanted->conditions;
		if (place->owners != UINT32_C(1) << owner)
			place->conditions.used = 0;
		return CAUSE_NONE;
	}
	place = find_free(set);
	if (place == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "%d breakpoints are in place, which is all this "
				    "server keeps",
				    BREAKPOINTS_MAX);
	cause = insert(core, &fresh, why);
	if (cause != CAUSE_NONE)
		return cause;
	fresh.owners = fresh.recent = UINT32_C(1) << owner;
	*place = fresh;
	return CAUSE_NONE;
}

static enum cause
drop_owner(struct breakpoint_set *set, struct core *core, struct breakpoint *breakpoint,
	   unsigned owner, struct reason *why)
{
	uint32_t others = breakpoint->owners & ~(UINT32_C(1) << owner);
	enum cause cause = CAUSE_NONE;

	if (others == 0 && !is_shared(set, breakpoint))
		cause = remove_from(core, breakpoint, why);
	/* When it could not be removed it is still there, and so is its owner. */
	if (cause == CAUSE_NONE) {
		breakpoint->owners = others;
		breakpoint->recent &= others;
	}
	return cause;
}

enum cause
breakpoints_remove(struct breakpoint_set *set, struct core *core,
		   const struct breakpoint *wanted, unsigned owner, struct reason *why)
{
	struct breakpoint *found = find_same(set, wanted);

	if (found == NULL || (found->owners & UINT32_C(1) << owner) == 0)
		return CAUSE_NONE;
	return drop_owner(set, core, found, owner, why);
}

enum cause
breakpoints_drop(struct breakpoint_set *set, struct core *core, unsigned owner,
		 struct reason *why)
{
	enum cause first = CAUSE_NONE;

	for (size_t i = 0; i < BREAKPOINTS_MAX; i++) {
		/* Only the first failure is reported: the others are its echoes. */
		struct reason echo = REASON_INIT;
		struct reason *first_why = first == CAUSE_NONE ? why : &echo;
		enum cause cause = CAUSE_NONE;

		if ((set->at[i].owners & UINT32_C(1) << owner) != 0)
			cause = drop_owner(set, core, &set->at[i], owner, first_why);
		if (first == CAUSE_NONE)
			first = cause;
		set->at[i].owners &= ~(UINT32_C(1) << owner);
	}
	return first;
}

void
breakpoints_disown(struct breakpoint_set *set, unsigned owner)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++)
		set->at[i].owners &= ~(UINT32_C(1) << owner);
}

enum cause
breakpoints_restore(struct breakpoint_set *set, struct core *core, struct reason *why)
{
	enum cause first = core_breakpoints_clear(core, why);

	for (size_t i = 0; i < BREAKPOINTS_MAX; i++) {
		struct reason echo = REASON_INIT;
		enum cause cause = CAUSE_NONE;

		if (set->at[i].owners != 0)
			cause = insert(core, &set->at[i],
				       first == CAUSE_NONE ? why : &echo);
		/* It is no longer there for its owners. */
		if (cause != CAUSE_NONE)
			set->at[i].owners = 0;
		if (first == CAUSE_NONE)
			first = cause;
	}
	return first == CAUSE_NONE ? first
				   : reason_while(why, "putting back the breakpoints");
}

static bool
has_owners(const struct breakpoint_set *set, uint32_t owners)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++)
		if ((set->at[i].owners & owners) != 0)
			return true;
	return false;
}

bool
breakpoints_has(const struct breakpoint_set *set, unsigned owner)
{
	return has_owners(set, UINT32_C(1) << owner);
}

bool
breakpoints_has_others(const struct breakpoint_set *set, unsigned owner)
{
	return has_owners(set, ~(UINT32_C(1) << owner));
}

bool
breakpoints_is_recent(const struct breakpoint_set *set, uint32_t at, unsigned owner)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++)
		if ((set->at[i].recent & set->at[i].owners & UINT32_C(1) << owner) != 0 &&
		    !is_watchpoint(&set->at[i]) && set->at[i].at == at)
			return true;
	return false;
}

void
breakpoints_settle(struct breakpoint_set *set)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++)
		set->at[i].recent = 0;
}

void
breakpoints_forget(struct breakpoint_set *set)
{
	memset(set, 0, sizeof(*set));
}

const struct breakpoint *
breakpoints_find(const struct breakpoint_set *set, uint32_t at)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++)
		if (set->at[i].owners != 0 && !is_watchpoint(&set->at[i]) &&
		    set->at[i].at == at)
			return &set->at[i];
	return NULL;
}

bool
breakpoints_is_of_others(const struct breakpoint_set *set, uint32_t at, unsigned owner)
{
	uint32_t owners = 0;

	for (size_t i = 0; i < BREAKPOINTS_MAX; i++)
		if (!is_watchpoint(&set->at[i]) && set->at[i].at == at)
			owners |= set->at[i].owners;
	return owners != 0 && (owners & UINT32_C(1) << owner) == 0;
}

bool
breakpoints_stop_at(const struct breakpoint_set *set, uint32_t at,
		    const struct condition_source *source)
{
	bool is_there = false;

	for (size_t i = 0; i < BREAKPOINTS_MAX; i++) {
		const struct breakpoint *breakpoint = &set->at[i];

		if (breakpoint->owners == 0 || is_watchpoint(breakpoint) ||
		    breakpoint->at != at)
			continue;
		is_there = true;
		if (conditions_hold(&breakpoint->conditions, source))
			return true;
	}
	return !is_there;
}
