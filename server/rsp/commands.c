/* SPDX-License-Identifier: MIT */
#include "server/rsp/commands.h"

#include "transport/base/bytes.h"

#include <assert.h>
#include <string.h>

static const struct command *const tables[] = {
	query_commands,      register_commands, memory_commands,  run_commands,
	breakpoint_commands, load_commands,     monitor_commands,
};

static bool
command_fits(const struct command *command, const char *packet, size_t len)
{
	size_t name_len = strlen(command->name);

	return len >= name_len && memcmp(packet, command->name, name_len) == 0 &&
	       ((command->flags & IS_EXACT) == 0 || len == name_len);
}

static const struct command *
find_command(const char *packet, size_t len)
{
	for (size_t i = 0; i < array_len(tables); i++)
		for (const struct command *row = tables[i]; row->name != NULL; row++)
			if (command_fits(row, packet, len))
				return row;
	return NULL;
}

/* gdb shows these words as the answer to vMustReplyEmpty. */
static enum cause
refuse_client(struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST,
		     "refused: this server has %d clients and takes no more",
		     SERVER_MAX_SESSIONS);
	reason_suspect(why, FINDING_REQUEST_TOO_MANY_CLIENTS);
	return why->cause;
}

static enum cause
check_needs(const struct session *session, const struct command *command,
	    struct reason *why)
{
	const struct server *server = session->server;

	if (session->is_refused && (command->flags & FOR_REFUSED) == 0)
		return refuse_client(why);
	if ((command->flags & NEEDS_TARGET) != 0 && board_is_lost(server->board)) {
		*why = *board_lost_why(server->board);
		return why->cause;
	}
	if ((command->flags & NEEDS_QUIET) != 0)
		return work_check_free(&server->work, why);
	return CAUSE_NONE;
}

/* However it failed: a packet that cannot be read and a lost target as well. */
static void
fail_load(struct session *session, unsigned flags, const struct reason *why)
{
	if ((flags & IS_LOAD_PART) != 0)
		load_request_fail(&session->load, why);
	if ((flags & ENDS_LOAD) != 0)
		load_request_clear(&session->load);
}

static enum cause
run_command(struct session *session, const struct command *command, const char *packet,
	    size_t len, struct text *reply, struct reason *why)
{
	size_t name_len = strlen(command->name);
	struct request request = { .name = command->name };
	enum cause cause = request_parse(command->schema, packet + name_len, len - name_len,
					 &request, why);

	if (cause == CAUSE_NONE)
		cause = check_needs(session, command, why);
	if (cause == CAUSE_NONE)
		cause = command->run(session, &request, reply, why);
	if (cause != CAUSE_NONE)
		fail_load(session, command->flags, why);
	return cause;
}

void
command_dispatch(struct session *session, const char *packet, size_t len)
{
	const struct command *command = find_command(packet, len);
	struct server *server = session->server;
	struct reason why = REASON_INIT;
	struct text reply;
	enum cause cause;

	if (command == NULL) {
		session_reply(session, "", 0);
		return;
	}
	session->has_replied = false;
	text_init(&reply, session->reply, sizeof(session->reply));
	cause = run_command(session, command, packet, len, &reply, &why);
	/* Who waits for a stop is told of a lost board by that, and has ended then. */
	if (cause == CAUSE_GONE)
		server_judge(server, cause, &why);
	if (session_is_over(session) || session->has_replied)
		return;
	if (cause != CAUSE_NONE && (command->flags & IS_SILENT) != 0)
		session_keep(session, &why);
	else if (cause != CAUSE_NONE)
		session_fail(session, command->failure, &why);
	else if (session->waits_for == WAIT_NOTHING && (command->flags & IS_SILENT) == 0)
		session_reply(session, reply.chars, reply.used);
	if (session->phase == SESSION_LEAVING && (command->flags & ASKS_THREADS) != 0)
		session_end(session, ENDED_BY_SERVER);
}

void
reply_add_hex(struct text *reply, const uint8_t *bytes, size_t size)
{
	assert(reply->size - reply->used > 2 * size);
	hex_encode(reply->chars + reply->used, bytes, size);
	reply->used += 2 * size;
}
