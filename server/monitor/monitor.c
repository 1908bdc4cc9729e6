/* SPDX-License-Identifier: MIT */
/*
 * monitor.c - gdb's "monitor" commands: the packet, and the row that it means (rows.h).
 *
 * IDEs send commands of other servers unasked, all at once, and abort their session when one
 * is refused: one that is not known is answered with OK and the name that is nearest.
 */
#include "server/monitor/monitor.h"

#include "server/monitor/rows.h"
#include "transport/base/log.h"

#include <string.h>

enum { MONITOR_MAX = 512, LINES_MAX = REASON_SPACE + REASON_LINE_MAX };

/* Kept for "monitor why"; the reply is OK all the same. */
static void
answer_unknown(struct client *client, const char *line)
{
	const char *nearest = monitor_nearest(line);
	struct reason why = REASON_INIT;
	char lines[LINES_MAX];

	reason_begin(&why, CAUSE_REQUEST, "there is no monitor command \"%.*s\"%s%s",
		     (int)strcspn(line, " \t"), line,
		     nearest != NULL ? "; the nearest is " : "",
		     nearest != NULL ? nearest : "");
	reason_suspect(&why, FINDING_REQUEST_UNKNOWN_MONITOR);
	reason_line(&why, lines, sizeof(lines));
	log_info("session", "%s: %s", client->connection.peer, lines);
	reason_text(&why, lines, sizeof(lines));
	client_print_lines(client, lines);
	client_keep_refusal(client, &why);
}

static enum cause
check_row(const struct client *client, const struct monitor_row *row, struct reason *why)
{
	const struct debugger *debugger = client_debugger(client);

	if ((row->flags & NEEDS_TARGET) != 0 && debugger_is_lost(debugger)) {
		*why = *debugger_lost_why(debugger);
		return why->cause;
	}
	return row->claims == 0 ? CAUSE_NONE
				: view_check_free(&client->view, row->claims, why);
}

static void
trim_end(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && strchr(" \t\r\n", line[len - 1]) != NULL)
		line[--len] = '\0';
}

/* gdb sends no Hg before qRcmd (13.1 and 16.3): which core is selected is chance. It is the one
 * whose name begins the line, or else the usual one. Returns the rest of the line. */
static const char *
take_core(struct client *client, const char *line)
{
	struct view *view = &client->view;

	view->general = processes_usual(&client->processes, view);
	for (unsigned i = 0; i < view_cores(view); i++) {
		size_t len = strlen(view_core_name(view, i));

		if (strncmp(line, view_core_name(view, i), len) != 0 ||
		    strchr(" \t", line[len]) == NULL)
			continue;
		view->general = i;
		line += len;
		return line + strspn(line, " \t");
	}
	return line;
}

static enum cause
run_line(struct client *client, char *whole, struct reason *why)
{
	const struct monitor_row *row;
	const char *line, *rest;
	enum cause cause;

	trim_end(whole);
	line = take_core(client, whole);
	row = monitor_find(line[0] == '\0' ? "help" : line, &rest);
	if (row != NULL && (row->flags & REPORTS_FAILURES) != 0)
		client_drop_failures(client);
	client_send_notes(client);
	if (row == NULL) {
		answer_unknown(client, line);
		return CAUSE_NONE;
	}
	cause = check_row(client, row, why);
	return cause == CAUSE_NONE ? row->run(client, row, rest, why) : cause;
}

static enum cause
command_monitor(struct client *client, const struct request *request, struct text *reply,
		struct reason *why)
{
	char line[MONITOR_MAX + 1];
	size_t len;
	enum cause cause;

	(void)reply;
	client->selected = client->view.general;
	/* Its output would come twice, too. */
	client->acts_once = true;
	client_wait(client, WAIT_MONITOR);
	if (!argument_decode(&request->at[0], (uint8_t *)line, MONITOR_MAX, &len))
		return reason_begin(
			why, CAUSE_REQUEST,
			"a monitor command is longer than %d characters, or not "
			"in hexadecimal",
			MONITOR_MAX);
	line[len] = '\0';
	cause = run_line(client, line + strspn(line, " \t"), why);
	if (cause == CAUSE_NONE && !client->has_replied &&
	    view_job(&client->view) == NULL && !view_is_by_hand(&client->view))
		client_reply(client, "OK", 2);
	return cause;
}

const struct command monitor_commands[] = {
	{ "qRcmd,", "x", 0, IS_WORK, DELIVER_CONSOLE, command_monitor },
	{ 0 },
};
