/* SPDX-License-Identifier: MIT */
/*
 * registers.c - g, G, p, P: in the order and sizes that describe_target() announces.
 *
 * A client that has not read the description has gdb's own layout for Cortex-M: r0 to r15 and
 * xPSR in `g`, of 68 bytes (gdb's arm_register_g_packet_guesses(): 168 bytes with the
 * FPA's registers, 68, or 200 with d0-d15 and FPSCR), and 25 as the number of xPSR
 * (gdb's arm-m-profile.xml).
 */
#include "server/rsp/commands.h"
#include "server/rsp/reply.h"
#include "transport/base/bytes.h"

enum { REGISTER_MAX_BYTES = 8, REGISTERS_MAX = 96, UNDESCRIBED_XPSR = 25 };

static uint8_t
features_of(const struct client *client)
{
	return view_identity(&client->view, client->view.general)->features;
}

/* How many there are in g and G: without those of the FPU, which cost as much as all others and
 * which gdb asks for by p when it shows them (GDB manual, "Packets": what a shorter g lacks). */
static unsigned
count_all(const struct client *client)
{
	return client->has_description ? core_register_count_at_once(features_of(client))
				       : REGISTER_XPSR + 1;
}

static unsigned
size_of(const struct core_register *reg)
{
	return reg->bits / 8u;
}

static enum cause
add_register(struct client *client, unsigned number, struct text *reply, struct reason *why)
{
	const struct core_register *reg = core_register_at(features_of(client), number);
	uint8_t bytes[REGISTER_MAX_BYTES];
	uint64_t value = 0;
	enum cause cause = view_register_read(&client->view, number, &value, why);

	if (cause != CAUSE_NONE)
		return cause;
	le32_put(bytes, (uint32_t)value);
	le32_put(bytes + 4, (uint32_t)(value >> 32));
	reply_add_hex(reply, bytes, size_of(reg));
	return CAUSE_NONE;
}

static enum cause
set_register(struct client *client, unsigned number, const uint8_t *bytes,
	     struct reason *why)
{
	const struct core_register *reg = core_register_at(features_of(client), number);
	uint64_t value = 0;

	for (unsigned i = size_of(reg); i-- > 0;)
		value = value << 8 | bytes[i];
	return view_register_write(&client->view, number, value, why);
}

/* Of a core that runs those are known that were read while it was halted. */
static bool
has_some(struct client *client)
{
	struct reason unread = REASON_INIT;
	uint64_t pc;

	return !view_is_halted(&client->view, client->view.general) &&
	       view_register_read(&client->view, REGISTER_PC, &pc, &unread) == CAUSE_NONE;
}

/* GDB manual, "Packets", g: a register whose value is not there is given as x's. */
static void
add_unavailable(const struct client *client, unsigned number, struct text *reply)
{
	unsigned size = size_of(core_register_at(features_of(client), number));

	while (size-- > 0)
		text_add(reply, "xx");
}

static enum cause
command_g(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	unsigned count = count_all(client);
	bool may_lack = has_some(client);
	enum cause cause = CAUSE_NONE;

	(void)request;
	for (unsigned i = 0; i < count && cause == CAUSE_NONE; i++) {
		cause = add_register(client, i, reply, why);
		if (cause != CAUSE_REQUEST || !may_lack)
			continue;
		add_unavailable(client, i, reply);
		*why = (struct reason)REASON_INIT;
		cause = CAUSE_NONE;
	}
	return cause;
}

static size_t
size_of_all(const struct client *client)
{
	unsigned count = count_all(client);
	size_t size = 0;

	for (unsigned i = 0; i < count; i++)
		size += size_of(core_register_at(features_of(client), i));
	return size;
}

static enum cause
command_G(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	uint8_t bytes[REGISTERS_MAX * REGISTER_MAX_BYTES];
	unsigned count = count_all(client);
	enum cause cause = CAUSE_NONE;
	size_t len, at = 0;

	if (!argument_decode(&request->at[0], bytes, sizeof(bytes), &len) ||
	    len != size_of_all(client))
		return reason_begin(why, CAUSE_REQUEST,
				    "a G packet holds %zu digits; all registers are %zu",
				    request->at[0].len, 2 * size_of_all(client));
	for (unsigned i = 0; i < count && cause == CAUSE_NONE; i++) {
		cause = set_register(client, i, bytes + at, why);
		at += size_of(core_register_at(features_of(client), i));
	}
	text_add(reply, "OK");
	return cause;
}

/* The register that p and P mean by `number`. */
static enum cause
find_register(const struct client *client, uint64_t number, unsigned *found,
	      struct reason *why)
{
	unsigned count = core_register_count(features_of(client));

	*found = (unsigned)number;
	if (client->has_description ? number < count : number <= REGISTER_PC)
		return CAUSE_NONE;
	if (client->has_description)
		return reason_begin(why, CAUSE_REQUEST,
				    "register %llu was asked for; %s has %u, as its "
				    "target description says",
				    (unsigned long long)number,
				    view_core_name(&client->view, client->view.general),
				    count);
	*found = REGISTER_XPSR;
	if (number == UNDESCRIBED_XPSR)
		return CAUSE_NONE;
	return reason_begin(
		why, CAUSE_REQUEST,
		"register %llu was asked for; without the target description, "
		"which this client has not read, there are 0 to %d and xPSR as %d",
		(unsigned long long)number, REGISTER_PC, UNDESCRIBED_XPSR);
}

static enum cause
command_p(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	unsigned number;
	enum cause cause = find_register(client, request->at[0].number, &number, why);

	if (cause != CAUSE_NONE)
		return cause;
	return add_register(client, number, reply, why);
}

static enum cause
command_P(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	uint8_t bytes[REGISTER_MAX_BYTES] = { 0 };
	unsigned number;
	enum cause cause = find_register(client, request->at[0].number, &number, why);
	size_t len;

	if (cause != CAUSE_NONE)
		return cause;
	if (!argument_decode(&request->at[1], bytes, sizeof(bytes), &len) ||
	    len != size_of(core_register_at(features_of(client), number)))
		return reason_begin(why, CAUSE_REQUEST,
				    "a P packet holds %zu digits for a register of %u bits",
				    request->at[1].len,
				    core_register_at(features_of(client), number)->bits);
	text_add(reply, "OK");
	return set_register(client, number, bytes, why);
}

const struct command register_commands[] = {
	{ "g", "", 0, IS_EXACT | NEEDS_TARGET, DELIVER_WORDS, command_g },
	{ "G", "x", CORE, NEEDS_TARGET | IS_WORK, DELIVER_WORDS, command_G },
	{ "p", "n", 0, NEEDS_TARGET, DELIVER_WORDS, command_p },
	{ "P", "n=x", CORE, NEEDS_TARGET | IS_WORK, DELIVER_WORDS, command_P },
	{ 0 },
};
