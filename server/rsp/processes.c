/* SPDX-License-Identifier: MIT */
#include "server/rsp/processes.h"

enum { ONLY_THREAD = 1 };

static unsigned
bit(unsigned core)
{
	return 1u << core;
}

/* Of a set with one member at least: its lowest. */
static unsigned
lowest(unsigned cores)
{
	unsigned core = 0;

	while ((cores & bit(core)) == 0)
		core++;
	return core;
}

void
processes_add_thread(const struct processes *processes, unsigned core, struct text *words)
{
	if (processes->are_named)
		text_add(words, "p%x.", core + 1);
	text_add(words, "%x", ONLY_THREAD);
}

void
processes_add_exit(const struct processes *processes, unsigned core, struct text *words)
{
	if (processes->are_named)
		text_add(words, ";process:%x", core + 1);
}

bool
processes_find(const struct processes *processes, const struct view *view,
	       const struct argument *id, unsigned *core)
{
	unsigned found;

	if (!processes->are_named)
		return view_find_core(view, id->process, id->thread, core);
	if (id->process <= 0)
		return id->thread <= ONLY_THREAD;
	if (!view_find_core(view, id->process, id->thread, &found) ||
	    (processes->held & bit(found)) == 0)
		return false;
	*core = found;
	return true;
}

unsigned
processes_meant(const struct processes *processes, const struct argument *id)
{
	if (id == NULL)
		return processes->held;
	if (id->thread > ONLY_THREAD || id->process > DEVICE_MAX_CORES)
		return 0;
	return id->process <= 0 ? processes->held
				: processes->held & bit((unsigned)id->process - 1);
}

static enum cause
refuse_held(const struct core_entry *core, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST,
		     "%s was not there when tether connected: %s holds it", core->name,
		     core->gate.name);
	reason_suspect(why, FINDING_D9);
	return why->cause;
}

enum cause
process_core(const struct view *view, uint64_t number, unsigned *core, struct reason *why)
{
	const struct core_entry *held = board_held_core(debugger_board(view->debugger));

	if (held != NULL && number == view_cores(view) + 1)
		return refuse_held(held, why);
	if (number == 0 || number > view_cores(view))
		return reason_begin(why, CAUSE_REQUEST,
				    "there is no process %llu: this chip has %u",
				    (unsigned long long)number, view_cores(view));
	*core = (unsigned)number - 1;
	return CAUSE_NONE;
}

void
processes_hold(struct processes *processes, unsigned core)
{
	processes->held |= bit(core);
	processes->kept &= ~bit(core);
	processes->killed &= ~bit(core);
}

void
processes_drop(struct processes *processes, unsigned core)
{
	processes->held &= ~bit(core);
	processes->kept &= ~bit(core);
}

void
processes_drop_all(struct processes *processes)
{
	processes->held = processes->kept = 0;
}

bool
processes_has_others(const struct processes *processes, unsigned core)
{
	return processes->are_named && (processes->held & ~bit(core)) != 0;
}

unsigned
processes_usual(const struct processes *processes, const struct view *view)
{
	bool has_home = (processes->held & bit(view->home)) != 0;

	return !processes->are_named || has_home || processes->held == 0
		       ? view->home
		       : lowest(processes->held);
}

unsigned
processes_to_run(const struct processes *processes, const struct view *view)
{
	unsigned others = (bit(view_cores(view)) - 1) & ~processes->held;

	if (!processes->are_named)
		return view->general;
	if (processes->killed != 0)
		return lowest(processes->killed);
	if (others == 0 || (others & bit(view->home)) != 0)
		return view->home;
	return lowest(others);
}
