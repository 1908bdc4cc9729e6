/* SPDX-License-Identifier: MIT */
/* breakpoints.c - Z and z. */
#include "server/rsp/commands.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <string.h>

enum { LENGTH_DIGITS = 2 };

/* "X3,220127": the expression after its length in hexadecimal. */
static bool
take_condition(const char **at, const char *end, struct conditions *conditions)
{
	unsigned len = 0, digits = 0;
	uint8_t *out = conditions->bytes + conditions->used;

	if (*(*at)++ != 'X')
		return false;
	for (int digit; *at < end && (digit = hex_digit(**at)) >= 0; ++*at) {
		len = len << 4 | (unsigned)digit;
		if (++digits > LENGTH_DIGITS)
			return false;
	}
	if (digits == 0 || *at == end || *(*at)++ != ',' || (size_t)(end - *at) < 2 * len ||
	    len >= sizeof(conditions->bytes) - conditions->used ||
	    !hex_decode(out + 1, *at, len))
		return false;
	out[0] = (uint8_t)len;
	conditions->used = (uint8_t)(conditions->used + 1 + len);
	*at += 2 * len;
	return true;
}

/* One after the other without anything between, as gdb sends them. What is no list of conditions,
 * or too long a one, is none: the breakpoint then stops always, which gdb copes with. */
static void
take_conditions(const struct argument *list, struct conditions *conditions)
{
	const char *at = list->bytes, *end = list->bytes + list->len;

	while (at < end && take_condition(&at, end, conditions))
		;
	if (at != end)
		conditions->used = 0;
}

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

	if (request->len > 2)
		take_conditions(&request->at[2], &wanted.conditions);
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

/* Conditions (`;X...`) are; commands are not offered, so gdb sends none. */
const struct command breakpoint_commands[] = {
	{ "Z0,", "a,n?;b", CORE, NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_Z0 },
	{ "Z1,", "a,n?;b", CORE, NEEDS_TARGET | IS_WORK, DELIVER_BREAKPOINT, command_Z1 },
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
