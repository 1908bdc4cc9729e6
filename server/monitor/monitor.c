/* SPDX-License-Identifier: MIT */
/*
 * monitor.c - gdb's "monitor" commands.
 *
 * IDEs send some of them unasked, and abort their session when one is refused: what one of
 * them is known to send is answered with OK, and with a word on what was (not) done.
 */
#include "server/monitor/monitor.h"

#include "server/monitor/version.h"
#include "targets/reset/reset.h"
#include "transport/base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MONITOR_MAX = 512, LINES_MAX = REASON_SPACE + REASON_LINE_MAX };

typedef enum cause
monitor_function(struct client *client, const char *rest, struct reason *why);

/* Beside NEEDS_TARGET of commands.h. */
enum { REPORTS_FAILURES = 0x100 };

struct monitor_command {
	const char *name;
	const char *usage;
	const char *help; /* NULL: for IDEs, not shown to people */
	unsigned claims;  /* as in commands.h */
	unsigned flags;
	monitor_function *run;
};

static monitor_function monitor_help, monitor_reset, monitor_halt, monitor_why,
	monitor_version, monitor_write_dp, monitor_read_ap, monitor_ignore;

static const struct monitor_command rows[] = {
	{ "help", "", "list these commands", 0, 0, monitor_help },
	{ "reset", "[halt|run]", "reset the chip and halt (default) or run", ALL,
	  NEEDS_TARGET, monitor_reset },
	{ "halt", "", "halt the core", CORE, NEEDS_TARGET, monitor_halt },
	{ "why", "", "print the last failure in full", 0, REPORTS_FAILURES, monitor_why },
	{ "version", "", "print the version of tether, and chip and probe", 0, 0,
	  monitor_version },
	/* STM32CubeIDE looks for the chip's identity with these two. */
	{ "WriteDP", "", NULL, CORE, NEEDS_TARGET, monitor_write_dp },
	{ "ReadAP", "", NULL, CORE, NEEDS_TARGET, monitor_read_ap },
	/* Cortex-Debug and others say these to the servers they think we are. */
	{ "gdb_sync", "", NULL, 0, 0, monitor_ignore },
	{ "CDSWOConfigure", "", NULL, 0, 0, monitor_ignore },
	{ "rtt", "", NULL, 0, 0, monitor_ignore },
	{ "swdp_scan", "", NULL, 0, 0, monitor_ignore },
	{ "attach", "", NULL, 0, 0, monitor_ignore },
	{ "arm", "", NULL, 0, 0, monitor_ignore },
	{ "semihosting", "", NULL, 0, 0, monitor_ignore },
	{ "gdb_breakpoint_override", "", NULL, 0, 0, monitor_ignore },
};

/* Of the column that holds a row's name and usage, of those that help shows. */
static int
usage_width(void)
{
	size_t width = 0;

	for (size_t i = 0; i < array_len(rows); i++) {
		size_t len = strlen(rows[i].name) + 1 + strlen(rows[i].usage);

		if (rows[i].help != NULL && len > width)
			width = len;
	}
	return (int)width;
}

static enum cause
monitor_help(struct client *client, const char *rest, struct reason *why)
{
	int width = usage_width();

	(void)rest;
	(void)why;
	for (size_t i = 0; i < array_len(rows); i++)
		if (rows[i].help != NULL)
			client_print(client, "%s %-*s  %s", rows[i].name,
				     width - (int)strlen(rows[i].name) - 1, rows[i].usage,
				     rows[i].help);
	return CAUSE_NONE;
}

static enum cause
monitor_version(struct client *client, const char *rest, struct reason *why)
{
	const struct probe_identity *probe = &board_probe(client_board(client))->identity;

	(void)rest;
	(void)why;
	client_print(client, "tether %s, %s of %s, probe %s %s %s", tether_version,
		     client_core_name(client), board_describe(client_board(client)),
		     probe->kind, probe->serial, probe->firmware);
	return CAUSE_NONE;
}

static enum cause
monitor_ignore(struct client *client, const char *rest, struct reason *why)
{
	(void)rest;
	(void)why;
	client_print(client, "note: this is a command of another server; tether needs or "
			     "has nothing like it, and nothing was done");
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
monitor_why(struct client *client, const char *rest, struct reason *why)
{
	const struct debugger *debugger = client_debugger(client);
	const struct reason *last =
		debugger_is_lost(debugger) ? debugger_lost_why(debugger) : &client->why;

	(void)rest;
	(void)why;
	if (last->cause == CAUSE_NONE && client->load_why.cause == CAUSE_NONE)
		client_print(client, "nothing has failed in this session");
	print_failure(client, &client->load_why);
	if (strcmp(reason_root(last), reason_root(&client->load_why)) != 0)
		print_failure(client, last);
	return CAUSE_NONE;
}

static void
say_where(struct client *client, const char *what)
{
	struct view *view = &client->view;
	const char *name = view_core_name(view, view->general);
	/* Where it is is an extra: without it the sentence is as true. */
	struct reason why = REASON_INIT;
	uint64_t pc;

	if (view_is_halted(view, view->general) &&
	    view_register_read(view, REGISTER_PC, &pc, &why) == CAUSE_NONE)
		client_print(client, "%s%s is halted at 0x%08x", what, name, (unsigned)pc);
	else
		client_print(client, "%s%s runs", what, name);
}

static enum cause
monitor_halt(struct client *client, const char *rest, struct reason *why)
{
	enum cause cause = view_halt(&client->view, client->view.general, why);

	(void)rest;
	if (cause == CAUSE_NONE)
		say_where(client, "");
	return cause;
}

static void
was_reset(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);

	if (cause != CAUSE_NONE) {
		client_fail(client, DELIVER_CONSOLE, why);
		return;
	}
	say_where(client, "the target was reset; ");
	client_reply(client, "OK", 2);
}

static bool
is_reset_to_run(struct client *client, const char *how)
{
	static const char *const halted[] = { "", "halt", "init" };

	if (strcmp(how, "run") == 0)
		return true;
	for (size_t i = 0; i < array_len(halted); i++)
		if (strcmp(how, halted[i]) == 0)
			return false;
	client_print(client,
		     "note: \"%s\" is no way to reset (halt, run): the core will be halted",
		     how);
	return false;
}

static enum cause
monitor_reset(struct client *client, const char *rest, struct reason *why)
{
	bool halted = !is_reset_to_run(client, rest);
	struct view *view = &client->view;

	client_forget_interrupt(client);
	return view_begin(view, board_reset(client_board(client), halted, view),
			  CLAIM_EVERYTHING, was_reset, why);
}

/* "WriteDP 0x2 0xF0": register 2 is SELECT (IHI 0031G, B2.2); that alone is wanted, to be
 * used by ReadAP, and is only remembered here. */
static enum cause
monitor_write_dp(struct client *client, const char *rest, struct reason *why)
{
	enum { DP_SELECT = 2 };
	char *end;
	unsigned long reg = strtoul(rest, &end, 0);
	unsigned long value = strtoul(end, &end, 0);

	if (reg != DP_SELECT || *end != '\0')
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "WriteDP is known for SELECT only: WriteDP 0x2 VALUE");
	client->dp_select = (uint32_t)value;
	client_print(client, "O.K.");
	return CAUSE_NONE;
}

static enum cause
monitor_read_ap(struct client *client, const char *rest, struct reason *why)
{
	enum { AP_REGISTERS_IN_BANK = 4, APSEL_LSB = 24, APBANKSEL_MASK = 0xf0 };
	char *end;
	unsigned long reg = strtoul(rest, &end, 0);
	uint32_t select = client->dp_select, value;
	enum cause cause;

	if (reg >= AP_REGISTERS_IN_BANK || *end != '\0')
		return reason_begin(why, CAUSE_REQUEST,
				    "ReadAP takes one of the registers 0 to 3 of the bank "
				    "that WriteDP selected");
	cause = dap_ap_read(board_dap(client_board(client)), (uint8_t)(select >> APSEL_LSB),
			    (uint8_t)((select & APBANKSEL_MASK) | reg * 4), &value, why);
	if (cause == CAUSE_NONE)
		client_print(client, "O.K.:0x%08" PRIX32, value);
	return cause;
}

static const struct monitor_command *
find_row(const char *name)
{
	for (size_t i = 0; i < array_len(rows); i++)
		if (strcasecmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static enum cause
complain(const char *name, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST, "there is no monitor command \"%s\"", name);
	reason_suspect(why, FINDING_REQUEST_UNKNOWN_MONITOR);
	return why->cause;
}

static enum cause
check_row(const struct client *client, const struct monitor_command *row,
	  struct reason *why)
{
	const struct debugger *debugger = client_debugger(client);

	if ((row->flags & NEEDS_TARGET) != 0 && debugger_is_lost(debugger)) {
		*why = *debugger_lost_why(debugger);
		return why->cause;
	}
	return row->claims == 0 ? CAUSE_NONE
				: view_check_free(&client->view, row->claims, why);
}

/* Splits "reset halt" in place: the first word, and what follows it. */
static char *
split(char *line)
{
	size_t len = strlen(line);
	char *rest = line + strcspn(line, " \t");

	while (len > 0 && strchr(" \t\r\n", line[len - 1]) != NULL)
		line[--len] = '\0';
	if (rest >= line + len)
		return line + len;
	*rest++ = '\0';
	return rest + strspn(rest, " \t");
}

static enum cause
run_line(struct client *client, char *line, struct reason *why)
{
	char *rest = split(line);
	const struct monitor_command *row = find_row(line[0] == '\0' ? "help" : line);
	enum cause cause;

	if (row != NULL && (row->flags & REPORTS_FAILURES) != 0)
		client_drop_failures(client);
	client_send_notes(client);
	if (row == NULL)
		return complain(line, why);
	cause = check_row(client, row, why);
	return cause == CAUSE_NONE ? row->run(client, rest, why) : cause;
}

static enum cause
command_monitor(struct client *client, const struct request *request, struct text *reply,
		struct reason *why)
{
	char line[MONITOR_MAX + 1];
	size_t len;
	enum cause cause;

	(void)reply;
	client_wait(client, WAIT_MONITOR);
	if (!argument_decode(&request->at[0], (uint8_t *)line, MONITOR_MAX, &len))
		return reason_begin(
			why, CAUSE_REQUEST,
			"a monitor command is longer than %d characters, or not "
			"in hexadecimal",
			MONITOR_MAX);
	line[len] = '\0';
	cause = run_line(client, line + strspn(line, " \t"), why);
	if (cause == CAUSE_NONE && view_job(&client->view) == NULL)
		client_reply(client, "OK", 2);
	return cause;
}

const struct command monitor_commands[] = {
	{ "qRcmd,", "x", 0, 0, DELIVER_CONSOLE, command_monitor },
	{ 0 },
};
