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

const struct monitor_row monitor_session_rows[] = {
	{ "why", "", TOPIC_SESSION, "print the last failure in full",
	  "gdb has no room for most reasons. A load that failed is remembered until one "
	  "succeeds.",
	  0, REPORTS_FAILURES, monitor_why },
	{ "version", "", TOPIC_SESSION, "print the version of tether, chip and probe", NULL,
	  0, 0, monitor_version },
	{ "exit", "", TOPIC_SESSION, "end the server, for all clients",
	  "The target runs on without breakpoints.", 0, 0, monitor_exit },
	{ 0 },
};
