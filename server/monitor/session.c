/* SPDX-License-Identifier: MIT */
/* session.c - what concerns server and session and not the target. */
#include "server/monitor/rows.h"

#include "server/monitor/version.h"
#include "server/rsp/clients.h"
#include "transport/base/log.h"

#include <string.h>

enum { LINES_MAX = REASON_SPACE + REASON_LINE_MAX };

static enum cause
monitor_version(struct client *client, const struct monitor_row *row, const char *rest,
		struct reason *why)
{
	const struct probe_identity *probe = &board_probe(client_board(client))->identity;

	(void)row;
	(void)rest;
	(void)why;
	client_print(client, "tether %s, %s of %s, probe %s %s %s", tether_version,
		     client_core_name(client), board_describe(client_board(client)),
		     probe->kind, probe->serial, probe->firmware);
	return CAUSE_NONE;
}

static void
print_failure(struct client *client, const struct reason *why)
{
	char lines[LINES_MAX];

	if (why->cause == CAUSE_NONE)
		return;
	reason_text(why, lines, sizeof(lines));
	client_print_lines(client, lines);
}

/* gdb reads on after a load that failed, and some of that fails as well: the load comes
 * first. */
static enum cause
monitor_why(struct client *client, const struct monitor_row *row, const char *rest,
	    struct reason *why)
{
	const struct debugger *debugger = client_debugger(client);
	const struct reason *last =
		debugger_is_lost(debugger) ? debugger_lost_why(debugger) : &client->why;

	(void)row;
	(void)rest;
	(void)why;
	if (last->cause == CAUSE_NONE && client->load_why.cause == CAUSE_NONE)
		client_print(client, "nothing has failed in this session");
	if (board_rescue(client_board(client)) != NULL)
		print_failure(client, board_rescue(client_board(client)));
	print_failure(client, &client->load_why);
	if (strcmp(reason_outermost(last), reason_outermost(&client->load_why)) != 0)
		print_failure(client, last);
	return CAUSE_NONE;
}

enum cause
monitor_exit(struct client *client, const struct monitor_row *row, const char *rest,
	     struct reason *why)
{
	const struct clients *clients = client->clients;

	(void)rest;
	if (clients->end == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "this server is not ended by a client");
	log_info("server", "ending: %s asked for it (monitor %s)", client->connection.peer,
		 row->name);
	client_reply(client, "OK", 2);
	clients->end(clients->context);
	return CAUSE_NONE;
}

static void
print_recording(struct client *client, const struct recording *recording)
{
	if (recording->path[0] != '\0')
		client_print(client, "recording to %s", recording->path);
	else
		client_print(
			client, "%s",
			recording->is_by_option
				? "recording to the file of --record"
				: "not recording to a file; the last is kept in memory");
}

static enum cause
end_recording(struct client *client, struct recording *recording, struct reason *why)
{
	char path[RECORDING_PATH_MAX];
	enum cause cause;

	text_copy(path, sizeof(path), recording->path);
	cause = recording_off(recording, why);
	if (cause == CAUSE_NONE)
		client_print(client,
			     "%s is complete: tether explain and tether replay read it",
			     path);
	return cause;
}

static enum cause
monitor_record(struct client *client, const struct monitor_row *row, const char *rest,
	       struct reason *why)
{
	struct recording *recording = client->clients->recording;
	enum cause cause;

	(void)row;
	if (recording == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED, "this server does not record");
	if (strcmp(rest, "off") == 0)
		return end_recording(client, recording, why);
	if (rest[0] == '\0') {
		print_recording(client, recording);
		return CAUSE_NONE;
	}
	cause = recording_to(recording, rest, why);
	if (cause == CAUSE_NONE)
		client_print(client, "recording to %s, until monitor record off", rest);
	return cause;
}

const struct monitor_row monitor_session_rows[] = {
	{ "why", "", TOPIC_SESSION, "print the last failure in full",
	  "gdb has no room for most reasons. A load that failed is remembered until one "
	  "succeeds.",
	  0, REPORTS_FAILURES, monitor_why },
	{ "record", "[FILE|off]", TOPIC_SESSION,
	  "write what is said to gdb, to the probe and by them to FILE",
	  "FILE is made by the server, and must not be there yet. It begins with what was "
	  "said since the server started, as far as that is kept in memory (1 to 2 MiB): "
	  "tether replay FILE serves all of it again without the board, and tether explain "
	  "FILE says what happened. Without an argument it says whether that is so now. A "
	  "recording has what was read of memory in it; tether redact FILE NEW makes one "
	  "without that.",
	  0, 0, monitor_record },
	{ "version", "", TOPIC_SESSION, "print the version of tether, chip and probe", NULL,
	  0, 0, monitor_version },
	{ "exit", "", TOPIC_SESSION, "end the server, for all clients",
	  "The target runs on without breakpoints.", 0, 0, monitor_exit },
	{ 0 },
};
