/* SPDX-License-Identifier: MIT */
/* breakpoints.c - Z and z. */
#include "server/rsp/commands.h"
#include "transport/base/log.h"

static struct breakpoint
breakpoint_of(const struct request *request, enum breakpoint_kind kind)
{
	return (struct breakpoint){
		.kind = kind,
		.at = (uint32_t)request->at[0].number,
		/* Of a breakpoint it is the kind of instruction: 2, 3 or 4; one
		 * comparator and one BKPT do for all. */
		.size = kind >= BREAKPOINT_WRITE ? (uint32_t)request->at[1].number : 0,
	};
}

static enum cause
insert(struct client *client, const struct request *request, enum breakpoint_kind kind,
       struct text *reply, struct reason *why)
{
	struct breakpoint wanted = breakpoint_of(request, kind);

	text_add(reply, "OK");
	return view_breakpoint_insert(&client->view, &wanted, why);
}

static enum cause
take_out(struct client *client, const struct request *request, enum breakpoint_kind kind,
	 struct text *reply, struct reason *why)
{
	struct breakpoint wanted = breakpoint_of(request, kind);

	text_add(reply, "OK");
	return view_breakpoint_remove(&client->view, &wanted, why);
}

#define KIND(digit, kind)                                                          \
	static enum cause command_Z##digit(struct client *client,                  \
					   const struct request *request,          \
					   struct text *reply, struct reason *why) \
	{                                                                          \
		return insert(client, request, kind, reply, why);                  \
	}                                                                          \
	static enum cause command_z##digit(struct client *client,                  \
					   const struct request *request,          \
					   struct text *reply, struct reason *why) \
	{                                                                          \
		return take_out(client, request, kind, reply, why);                \
	}

KIND(0, BREAKPOINT_SOFTWARE)
KIND(1, BREAKPOINT_HARDWARE)
KIND(2, BREAKPOINT_WRITE)
KIND(3, BREAKPOINT_READ)
KIND(4, BREAKPOINT_ACCESS)

/* Conditions and commands (`;X...`) are not offered, so gdb sends none. */
const struct command breakpoint_commands[] = {
	{ "Z0,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_Z0 },
	{ "Z1,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_BREAKPOINT, command_Z1 },
	{ "Z2,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_Z2 },
	{ "Z3,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_Z3 },
	{ "Z4,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_Z4 },
	{ "z0,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_z0 },
	{ "z1,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_z1 },
	{ "z2,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_z2 },
	{ "z3,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_z3 },
	{ "z4,", "a,n", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_z4 },
	{ 0 },
};
