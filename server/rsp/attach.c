/* SPDX-License-Identifier: MIT */
/*
 * attach.c - the packets by which a client's programs come and go: vAttach, vRun, R; D, vKill, k.
 *
 * With multiprocess ids they are for one of several processes, and leave the others alone. Without,
 * there is one, whatever they name.
 */
#include "server/rsp/commands.h"
#include "server/rsp/report.h"
#include "targets/reset/reset.h"
#include "transport/base/bytes.h"

#include <string.h>

enum { NAME_MAX_LEN = 32 };

/* Of the process that the packet names, if the client has names for them and has that one. */
static enum cause
part(struct client *client, const struct request *request, enum ender ended_by,
     struct text *reply, struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	unsigned core = 0;

	text_add(reply, "OK");
	if (request->len == 0 || !client->processes.are_named) {
		client_part(client, ended_by);
		return CAUSE_NONE;
	}
	cause = process_core(&client->view, request->at[0].number, &core, why);
	if (cause == CAUSE_NONE)
		client_part_from(client, core, ended_by);
	if (cause == CAUSE_NONE && ended_by == ENDED_BY_KILL)
		client->processes.killed = 1u << core;
	return cause;
}

static enum cause
command_D(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	return part(client, request, ENDED_BY_DETACH, reply, why);
}

static enum cause
command_vKill(struct client *client, const struct request *request, struct text *reply,
	      struct reason *why)
{
	return part(client, request, ENDED_BY_KILL, reply, why);
}

static enum cause
command_k(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)request;
	(void)reply;
	(void)why;
	client_part(client, ENDED_BY_KILL);
	if (!client->agreed.is_extended)
		client_end(client, ENDED_BY_KILL);
	return CAUSE_NONE;
}

/* gdb asks next for the thread and its registers without Hg: this core is selected from now on. */
static void
select_core(struct client *client, unsigned core)
{
	client->view.general = client->view.control = core;
	client->ended_by = ENDED_BY_NOBODY;
}

static enum cause
attach_to(struct client *client, unsigned core, struct reason *why)
{
	unsigned general = client->view.general;
	enum cause cause;

	client->view.general = core;
	cause = view_check_free(&client->view, CORE, why);
	if (cause == CAUSE_NONE)
		cause = command_attach(client, why);
	if (cause != CAUSE_NONE)
		client->view.general = general;
	return cause;
}

static enum cause
command_vAttach(struct client *client, const struct request *request, struct text *reply,
		struct reason *why)
{
	unsigned core = client->view.general;
	enum cause cause = CAUSE_NONE;

	if (client->processes.are_named)
		cause = process_core(&client->view, request->at[0].number, &core, why);
	if (cause == CAUSE_NONE)
		cause = attach_to(client, core, why);
	if (cause != CAUSE_NONE)
		return cause;
	select_core(client, core);
	if (!client->non_stop.is_on) {
		report_add_stop(client, reply);
		return CAUSE_NONE;
	}
	client_reply(client, "OK", 2);
	non_stop_begin(client, core);
	return CAUSE_NONE;
}

/* Has no reply in the protocol: the stop is asked for next, with `?`. */
static void
end_silent_restart(struct client *client, enum cause cause, const struct reason *why)
{
	char line[REASON_SPACE];

	if (cause != CAUSE_NONE) {
		client_keep(client, why);
		reason_line(why, line, sizeof(line));
		client_note(client, NOTE_FAILURE, "note: %s", line);
	}
	client_wait_over(client);
}

static void
end_restart(struct client *client, enum cause cause, const struct reason *why)
{
	char buffer[256];
	struct text reply;

	if (cause != CAUSE_NONE) {
		client_fail(client, DELIVER_IF_ASKED, why);
		return;
	}
	text_init(&reply, buffer, sizeof(buffer));
	report_add_stop(client, &reply);
	client_reply(client, reply.chars, reply.used);
}

/* vRun and R: the program restarts at its reset vector. */
static void
restarted(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);

	if (client->waits_for == WAIT_SILENTLY)
		end_silent_restart(client, cause, why);
	else
		end_restart(client, cause, why);
}

/* A client that has another program on this chip keeps that one as it is: then the core alone
 * restarts. */
static enum cause
begin_restart(struct client *client, unsigned core, enum client_wait wait,
	      struct reason *why)
{
	struct view *view = &client->view;
	bool is_alone = !processes_has_others(&client->processes, core);
	struct job *job = is_alone ? board_reset(client_board(client), true, view)
				   : board_reset_core(client_board(client), core);
	enum cause cause =
		view_begin(view, job, is_alone ? CLAIM_EVERYTHING : board_core_claim(core),
			   restarted, why);

	if (cause != CAUSE_NONE)
		return cause;
	select_core(client, core);
	client_forget_interrupt(client);
	non_stop_drop(client, 1u << core);
	view_attach_to_restart(view, core);
	processes_hold(&client->processes, core);
	client->phase = CLIENT_ATTACHED;
	client_wait(client, wait);
	return CAUSE_NONE;
}

/* "vRun;636d34" names the file that runs ("set remote exec-file cm4"): a core's name chooses that
 * core. Others are left to the user. */
static unsigned
core_to_run(const struct client *client, const struct request *request)
{
	char name[NAME_MAX_LEN + 1];
	size_t len = 0;

	if (request->len > 0 && client->processes.are_named &&
	    argument_decode(&request->at[0], (uint8_t *)name, NAME_MAX_LEN, &len)) {
		name[len] = '\0';
		for (unsigned i = 0; i < view_cores(&client->view); i++)
			if (strcmp(name, view_core_name(&client->view, i)) == 0)
				return i;
	}
	return processes_to_run(&client->processes, &client->view);
}

static enum cause
command_vRun(struct client *client, const struct request *request, struct text *reply,
	     struct reason *why)
{
	(void)reply;
	return begin_restart(client, core_to_run(client, request), WAIT_WORK, why);
}

static enum cause
command_R(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)request;
	(void)reply;
	return begin_restart(client, client->view.general, WAIT_SILENTLY, why);
}

const struct command attach_commands[] = {
	{ "D", "?;n", 0, 0, DELIVER_IF_ASKED, command_D },
	{ "k", "?b", 0, IS_SILENT, DELIVER_CODE, command_k },
	{ "vKill", "?;n", 0, 0, DELIVER_CODE, command_vKill },
	{ "vAttach", ";n", 0, NEEDS_TARGET, DELIVER_IF_ASKED, command_vAttach },
	{ "vRun", "?;b", ALL, NEEDS_TARGET | IS_WORK, DELIVER_IF_ASKED, command_vRun },
	{ "R", "?n", ALL, IS_SILENT | NEEDS_TARGET | IS_WORK, DELIVER_CODE, command_R },
	{ 0 },
};
