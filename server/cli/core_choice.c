/* SPDX-License-Identifier: MIT */
#include "server/cli/core_choice.h"

#include "targets/board/board.h"

#include <string.h>

/* One that was not started, or that only other parts of this line have. */
static const struct core_entry *
find_closed_core(const struct device *device, const char *name)
{
	for (unsigned i = 0; device != NULL && i < DEVICE_MAX_CORES; i++)
		if (device->cores[i].name != NULL &&
		    strcmp(device->cores[i].name, name) == 0 &&
		    device->cores[i].gate.name != NULL)
			return &device->cores[i];
	return NULL;
}

const struct core_entry *
core_choice_at(struct board *board, uint32_t port)
{
	const struct device *device = board_device(board);

	for (unsigned i = 0; device != NULL && i < DEVICE_MAX_CORES; i++)
		if (device->cores[i].name != NULL && device->cores[i].ap == port)
			return &device->cores[i];
	return NULL;
}

static enum cause
refuse_closed_core(const struct core_entry *core, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST,
		     "%s does not answer: %s holds it, or this part has none", core->name,
		     core->gate.name);
	reason_suspect(why, FINDING_D9);
	return why->cause;
}

enum cause
core_choice_refuse(struct board *board, const char *name, struct reason *why)
{
	const struct core_entry *closed = find_closed_core(board_device(board), name);

	if (closed != NULL)
		return refuse_closed_core(closed, why);
	reason_begin(why, CAUSE_REQUEST, "this chip has no core \"%s\"", name);
	reason_suspect_with(why, FINDING_REQUEST_NO_SUCH_CORE, "%s",
			    core_name(board_main_core(board)));
	return why->cause;
}

enum cause
core_choice_refuse_port(struct board *board, uint32_t port, struct reason *why)
{
	const struct core_entry *closed = core_choice_at(board, port);

	if (closed != NULL && closed->gate.name != NULL)
		return refuse_closed_core(closed, why);
	return reason_begin(why, CAUSE_REQUEST, "this chip has no core at access port %u",
			    (unsigned)port);
}

enum cause
core_choose(struct board *board, const char *name, struct core **core, struct reason *why)
{
	if (name == NULL) {
		*core = board_main_core(board);
		return CAUSE_NONE;
	}
	*core = board_core_by_name(board, name);
	if (*core != NULL && core_is_held(*core) && board_held_core(board) == NULL) {
		*why = *board_asleep_why(board);
		return why->cause;
	}
	if (*core != NULL && core_is_held(*core))
		return refuse_closed_core(board_held_core(board), why);
	return *core != NULL ? CAUSE_NONE : core_choice_refuse(board, name, why);
}
