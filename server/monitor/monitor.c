/* SPDX-License-Identifier: MIT */
/*
 * monitor.c - gdb's "monitor" commands.
 *
 * IDEs send some of them unasked, and abort their session when one is refused: what one of
 * them is known to send is answered with OK, and with a word on what was (not) done.
 */
#include "server/debug/run.h"
#include "server/monitor/version.h"
#include "server/rsp/commands.h"
#include "targets/reset/reset.h"
#include "transport/base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MONITOR_MAX = 512, STORY_MAX = REASON_SPACE + REASON_LINE_MAX };

typedef enum cause
monitor_function(struct session *session, const char *rest, struct reason *why);

/* Beside NEEDS_TARGET and NEEDS_QUIET of commands.h. */
enum { TELLS_FAILURES = 0x100 };

struct monitor_command {
	const char *name;
	const char *usage;
	const char *help; /* NULL: for IDEs, not shown to people */
	unsigned flags;
	monitor_function *run;
};

static monitor_function monitor_help, monitor_reset, monitor_halt, monitor_why,
	monitor_version, monitor_write_dp, monitor_read_ap, monitor_ignore;

static const struct monitor_command rows[] = {
	{ "help", "", "this list", 0, monitor_help },
	{ "reset", "[halt|run]",
	  "reset the chip; the core is halted before its first "
	  "instruction, or runs",
	  NEEDS_TARGET | NEEDS_QUIET, monitor_reset },
	{ "halt", "", "halt the core", NEEDS_TARGET | NEEDS_QUIET, monitor_halt },
	{ "why", "", "why the last thing that failed did so, in full", TELLS_FAILURES,
	  monitor_why },
	{ "version", "", "what this server is", 0, monitor_version },
	/* STM32CubeIDE looks for the chip's identity with these two. */
	{ "WriteDP", "", NULL, NEEDS_TARGET | NEEDS_QUIET, monitor_write_dp },
	{ "ReadAP", "", NULL, NEEDS_TARGET | NEEDS_QUIET, monitor_read_ap },
	/* Cortex-Debug and others say these to the servers they think we are. */
	{ "gdb_sync", "", NULL, 0, monitor_ignore },
	{ "CDSWOConfigure", "", NULL, 0, monitor_ignore },
	{ "rtt", "", NULL, 0, monitor_ignore },
	{ "swdp_scan", "", NULL, 0, monitor_ignore },
	{ "attach", "", NULL, 0, monitor_ignore },
	{ "arm", "", NULL, 0, monitor_ignore },
	{ "semihosting", "", NULL, 0, monitor_ignore },
	{ "gdb_breakpoint_override", "", NULL, 0, monitor_ignore },
};

static enum cause
monitor_help(struct session *session, const char *rest, struct reason *why)
{
	(void)rest;
	(void)why;
	for (size_t i = 0; i < array_len(rows); i++)
		if (rows[i].help != NULL)
			session_print(session, "%-8s%-12s %s", rows[i].name, rows[i].usage,
				      rows[i].help);
	return CAUSE_NONE;
}

static enum cause
monitor_version(struct session *session, const char *rest, struct reason *why)
{
	const struct probe_identity *probe = &board_probe(session->server->board)->identity;

	(void)rest;
	(void)why;
	session_print(session, "tether %s, %s of %s, probe %s %s %s", tether_version,
		      session->debuggee->name, board_describe(session->server->board),
		      probe->kind, probe->serial, probe->firmware);
	return CAUSE_NONE;
}

static enum cause
monitor_ignore(struct session *session, const char *rest, struct reason *why)
{
	(void)rest;
	(void)why;
	session_print(session, "note: this is a command of another server; tether needs or "
			       "has nothing like it, and nothing was done");
	return CAUSE_NONE;
}

static enum cause
monitor_why(struct session *session, const char *rest, struct reason *why)
{
	const struct board *board = session->server->board;
	const struct reason *story =
		board_is_lost(board) ? board_lost_why(board) : &session->why;
	char lines[STORY_MAX];

	(void)rest;
	(void)why;
	if (story->cause == CAUSE_NONE) {
		session_print(session, "nothing has failed in this session");
		return CAUSE_NONE;
	}
	reason_text(story, lines, sizeof(lines));
	session_print_lines(session, lines);
	return CAUSE_NONE;
}

static void
say_where(struct session *session, const char *what)
{
	struct debuggee *debuggee = session->debuggee;
	/* Where it is is an extra: without it the sentence is as true. */
	struct reason why = REASON_INIT;
	uint64_t pc;

	if (debuggee->is_halted &&
	    debuggee_register(debuggee, REGISTER_PC, &pc, &why) == CAUSE_NONE)
		session_print(session, "%s%s is halted at 0x%08x", what, debuggee->name,
			      (unsigned)pc);
	else
		session_print(session, "%s%s runs", what, debuggee->name);
}

static enum cause
monitor_halt(struct session *session, const char *rest, struct reason *why)
{
	enum cause cause = debuggee_look(session->debuggee, why);

	(void)rest;
	if (cause == CAUSE_NONE)
		cause = debuggee_halt(session->debuggee, why);
	if (cause != CAUSE_NONE)
		return cause;
	say_where(session, "");
	run_tell_stop(session->debuggee);
	return CAUSE_NONE;
}

static void
was_reset(struct server *server, struct session *session, enum cause cause,
	  const struct reason *why)
{
	struct reason looking = REASON_INIT;

	server_judge(server, cause, why);
	if (cause == CAUSE_NONE) {
		cause = server_look_after_reset(server, &looking);
		why = &looking;
	}
	if (cause != CAUSE_NONE) {
		session_fail(session, DELIVER_CONSOLE, why);
		return;
	}
	say_where(session, "the target was reset; ");
	session_reply(session, "OK", 2);
}

static bool
is_reset_to_run(struct session *session, const char *how)
{
	static const char *const halted[] = { "", "halt", "init" };

	if (strcmp(how, "run") == 0)
		return true;
	for (size_t i = 0; i < array_len(halted); i++)
		if (strcmp(how, halted[i]) == 0)
			return false;
	session_print(session,
		      "note: \"%s\" is no way to reset that is known (halt, run): "
		      "the core will be halted",
		      how);
	return false;
}

static enum cause
monitor_reset(struct session *session, const char *rest, struct reason *why)
{
	struct server *server = session->server;
	bool halted = !is_reset_to_run(session, rest);
	struct job *job = board_reset(server->board, halted, session);

	if (job == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a reset");
	work_begin(&server->work, job, session, was_reset);
	return CAUSE_NONE;
}

/* "WriteDP 0x2 0xF0": register 2 is SELECT (IHI 0031G, B2.2); that alone is wanted, to be
 * used by ReadAP, and is only remembered here. */
static enum cause
monitor_write_dp(struct session *session, const char *rest, struct reason *why)
{
	enum { DP_SELECT = 2 };
	char *end;
	unsigned long reg = strtoul(rest, &end, 0);
	unsigned long value = strtoul(end, &end, 0);

	if (reg != DP_SELECT || *end != '\0')
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "WriteDP is known for SELECT only: WriteDP 0x2 VALUE");
	session->dp_select = (uint32_t)value;
	session_print(session, "O.K.");
	return CAUSE_NONE;
}

static enum cause
monitor_read_ap(struct session *session, const char *rest, struct reason *why)
{
	enum { AP_REGISTERS_IN_BANK = 4, APSEL_LSB = 24, APBANKSEL_MASK = 0xf0 };
	char *end;
	unsigned long reg = strtoul(rest, &end, 0);
	uint32_t select = session->dp_select, value;
	enum cause cause;

	if (reg >= AP_REGISTERS_IN_BANK || *end != '\0')
		return reason_begin(why, CAUSE_REQUEST,
				    "ReadAP takes one of the registers 0 to 3 of the bank "
				    "that WriteDP selected");
	cause = dap_ap_read(board_dap(session->server->board),
			    (uint8_t)(select >> APSEL_LSB),
			    (uint8_t)((select & APBANKSEL_MASK) | reg * 4), &value, why);
	if (cause == CAUSE_NONE)
		session_print(session, "O.K.:0x%08" PRIX32, value);
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
complain(struct session *session, const char *name, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST, "there is no monitor command \"%s\"", name);
	reason_suspect(why, FINDING_REQUEST_UNKNOWN_MONITOR);
	monitor_help(session, "", why);
	return why->cause;
}

static enum cause
check_row(const struct session *session, const struct monitor_command *row,
	  struct reason *why)
{
	const struct server *server = session->server;

	if ((row->flags & NEEDS_TARGET) != 0 && board_is_lost(server->board)) {
		*why = *board_lost_why(server->board);
		return why->cause;
	}
	return (row->flags & NEEDS_QUIET) != 0 ? work_check_free(&server->work, why)
					       : CAUSE_NONE;
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
run_line(struct session *session, char *line, struct reason *why)
{
	char *rest = split(line);
	const struct monitor_command *row = find_row(line[0] == '\0' ? "help" : line);
	enum cause cause;

	if (row != NULL && (row->flags & TELLS_FAILURES) != 0)
		session_drop_failures(session);
	session_tell_notes(session);
	if (row == NULL)
		return complain(session, line, why);
	cause = check_row(session, row, why);
	return cause == CAUSE_NONE ? row->run(session, rest, why) : cause;
}

static enum cause
command_monitor(struct session *session, const struct request *request, struct text *reply,
		struct reason *why)
{
	char line[MONITOR_MAX + 1];
	size_t len;
	enum cause cause;

	(void)reply;
	session_wait(session, WAIT_MONITOR);
	if (!argument_decode(&request->at[0], (uint8_t *)line, MONITOR_MAX, &len))
		return reason_begin(
			why, CAUSE_REQUEST,
			"a monitor command is longer than %d characters, or not "
			"in hexadecimal",
			MONITOR_MAX);
	line[len] = '\0';
	cause = run_line(session, line + strspn(line, " \t"), why);
	if (cause == CAUSE_NONE && session->server->work.owner != session)
		session_reply(session, "OK", 2);
	return cause;
}

const struct command monitor_commands[] = {
	{ "qRcmd,", "x", 0, DELIVER_CONSOLE, command_monitor },
	{ 0 },
};
