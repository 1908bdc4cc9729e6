/* SPDX-License-Identifier: MIT */
#include "server/rsp/commands.h"

#include "server/rsp/clients.h"

#include "transport/base/bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct command *const tables[] = {
	query_commands,      lldb_commands, register_commands, memory_commands,
	write_commands,      run_commands,  non_stop_commands, attach_commands,
	breakpoint_commands, load_commands, search_commands,
};

static bool
command_fits(const struct command *command, const char *packet, size_t len)
{
	size_t name_len = strlen(command->name);

	return len >= name_len && memcmp(packet, command->name, name_len) == 0 &&
	       ((command->flags & IS_EXACT) == 0 || len == name_len);
}

static const struct command *
find_in(const struct command *row, const char *packet, size_t len)
{
	while (row->name != NULL && !command_fits(row, packet, len))
		row++;
	return row->name != NULL ? row : NULL;
}

static const struct command *
find_command(const struct client *client, const char *packet, size_t len)
{
	const struct command *found = NULL;

	for (size_t i = 0; i < array_len(tables) && found == NULL; i++)
		found = find_in(tables[i], packet, len);
	if (found == NULL && client->clients->monitor != NULL)
		found = find_in(client->clients->monitor, packet, len);
	return found;
}

/* gdb shows these words as the answer to vMustReplyEmpty. */
static enum cause
refuse_client(struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST,
		     "refused: this server has %d clients and takes no more",
		     DEBUGGER_MAX_VIEWS);
	reason_suspect(why, FINDING_REQUEST_TOO_MANY_CLIENTS);
	return why->cause;
}

static enum cause
check_needs(const struct client *client, const struct command *command, struct reason *why)
{
	if (client->phase == CLIENT_REFUSED)
		return (command->flags & FOR_REFUSED) != 0 ? CAUSE_NONE
							   : refuse_client(why);
	if (debugger_is_lost(client_debugger(client)) &&
	    ((command->flags & NEEDS_TARGET) != 0 ||
	     ((command->flags & NEEDS_CORE) != 0 && view_cores(&client->view) == 0))) {
		*why = *debugger_lost_why(client_debugger(client));
		return why->cause;
	}
	return command->claims == 0 ? CAUSE_NONE
				    : view_check_free(&client->view, command->claims, why);
}

static void
fail_load(struct client *client, unsigned flags, const struct reason *why)
{
	if ((flags & IS_LOAD_PART) != 0)
		load_request_fail(&client->load, why);
	if ((flags & ENDS_LOAD) != 0)
		load_request_clear(&client->load);
}

static enum cause
run_command(struct client *client, const struct command *command, const char *packet,
	    size_t len, struct text *reply, struct reason *why)
{
	size_t name_len = strlen(command->name);
	struct request request = { .name = command->name };
	enum cause cause = request_parse(command->schema, packet + name_len, len - name_len,
					 &request, why);

	if (cause == CAUSE_NONE)
		cause = check_needs(client, command, why);
	if (cause == CAUSE_NONE)
		cause = command->run(client, &request, reply, why);
	if (cause != CAUSE_NONE)
		fail_load(client, command->flags, why);
	return cause;
}

/* Until the probe has been taken over. Without memory it fails as anything does without a probe. */
static bool
parks(struct client *client, const char *packet, size_t len)
{
	if (!debugger_is_handing_over(client_debugger(client)) || client->parked != NULL)
		return false;
	client->parked = malloc(len + 1);
	if (client->parked == NULL)
		return false;
	memcpy(client->parked, packet, len);
	client->parked[len] = '\0';
	client->parked_len = len;
	client_wait(client, WAIT_HANDOVER);
	return true;
}

void
command_unpark(struct client *client)
{
	char *packet = client->parked;

	if (packet == NULL)
		return;
	client->parked = NULL;
	if (!client_is_over(client)) {
		client_wait_over(client);
		command_dispatch(client, packet, client->parked_len);
	}
	free(packet);
}

/* It met the loss. What would do harm a second time is not asked for again. */
static bool
is_left_open(struct client *client, struct reason *why)
{
	if (!client->acts_once || !debugger_is_handing_over(client_debugger(client)))
		return false;
	reason_while(
		why,
		"the tether with the probe ended meanwhile, or did not answer: it is not "
		"known whether this has reached the target");
	reason_suspect(why, FINDING_REQUEST_LEFT_OPEN);
	return true;
}

void
command_dispatch(struct client *client, const char *packet, size_t len)
{
	const size_t whole = len;
	const struct command *command;
	struct reason why = REASON_INIT;
	struct text reply;
	enum cause cause;

	if (parks(client, packet, len))
		return;
	len = command_take_thread(client, packet, len);
	command = find_command(client, packet, len);
	if (command == NULL) {
		client_reply(client, "", 0);
		return;
	}
	client->has_replied = client->acts_once = false;
	client->has_worked = client->has_worked || (command->flags & IS_WORK) != 0;
	text_init(&reply, client->reply, sizeof(client->reply));
	cause = run_command(client, command, packet, len, &reply, &why);
	if (client_is_over(client) || client->has_replied)
		return;
	if (cause == CAUSE_GONE && !is_left_open(client, &why) &&
	    parks(client, packet, whole))
		return;
	if (cause != CAUSE_NONE && (command->flags & IS_SILENT) != 0)
		client_keep(client, &why);
	else if (cause != CAUSE_NONE)
		client_fail(client, command->failure, &why);
	else if (client->waits_for == WAIT_NOTHING && (command->flags & IS_SILENT) == 0)
		client_reply(client, reply.chars, reply.used);
	if (client->phase == CLIENT_LEAVING && (command->flags & ASKS_THREADS) != 0)
		client_end(client, ENDED_BY_SERVER);
}
