/* SPDX-License-Identifier: MIT */
/*
 * run.c - the packets that let cores run, and those that begin a session.
 */
#include "server/debug/run_control.h"
#include "server/rsp/clients.h"
#include "server/rsp/commands.h"
#include "server/rsp/report.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <string.h>

enum cause
command_attach(struct client *client, struct reason *why)
{
	enum cause cause = view_attach(&client->view, client->view.general, why);

	if (cause != CAUSE_NONE)
		return cause;
	client->phase = CLIENT_ATTACHED;
	processes_hold(&client->processes, client->view.general);
	return CAUSE_NONE;
}

/* Sends what was held back before the core runs; from here on the client takes console
 * text. False: the board is lost, and the client knows. */
static bool
begin_run(struct client *client)
{
	client_wait(client, WAIT_STOP);
	if (debugger_is_lost(client_debugger(client))) {
		client_drop_failures(client); /* these failures repeat the loss */
		report_loss(client);
		return false;
	}
	client_send_notes(client);
	client_allow_repeats(client);
	return true;
}

/* One action of vCont: a letter and its arguments. */
struct action {
	char letter;
	struct request arguments;
};

/* What each core is to do; one without an action stays as it is. */
struct plan {
	unsigned cores; /* set: those with an action */
	struct action of[DEVICE_MAX_CORES];
};

static enum cause
take_step(struct client *client, unsigned core, const struct action *action,
	  struct reason *why)
{
	const struct argument *arguments = action->arguments.at;
	struct view_motion motion = { .kind = VIEW_STEP };

	if (action->letter == 't')
		return view_halt(&client->view, core, why);
	if (action->letter == 'r')
		motion = (struct view_motion){ .kind = VIEW_STEP_RANGE,
					       .from = (uint32_t)arguments[0].number,
					       .to = (uint32_t)arguments[1].number };
	return view_go(&client->view, core, &motion, why);
}

static bool
is_step(const struct action *action)
{
	return action->letter != 'c' && action->letter != 'C';
}

/* A step is over before what continues goes: that runs no longer than the step is looked for. */
static enum cause
take_actions(struct client *client, const struct plan *plan, struct reason *why)
{
	unsigned continued = 0;
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; i < DEVICE_MAX_CORES && cause == CAUSE_NONE; i++) {
		if ((plan->cores & 1u << i) == 0)
			continue;
		if (is_step(&plan->of[i]))
			cause = take_step(client, i, &plan->of[i], why);
		else
			continued |= 1u << i;
	}
	return cause == CAUSE_NONE ? view_continue(&client->view, continued, why) : cause;
}

/* The core that a Ctrl-C means, and a loss: the one that the client has dealt with last, if it is
 * one of these. */
static void
control_one_of(struct client *client, unsigned cores)
{
	for (unsigned i = 0; i < DEVICE_MAX_CORES; i++)
		if ((cores & 1u << i) != 0 && (cores & 1u << client->view.control) == 0)
			client->view.control = i;
}

/* vCont;t alone lets nothing go, and no stop comes of it: without a reply the client would wait for
 * ever. */
static void
report_halted(struct client *client, const struct plan *plan)
{
	unsigned core = client->view.control;

	if (client->waits_for == WAIT_STOP && client->view.waits == 0 &&
	    plan->of[core].letter == 't' && view_is_halted(&client->view, core))
		report_interrupt(client, core);
}

/* The stop, the failure or the loss comes from the view. What has been let go when another core
 * cannot go is halted again. */
static enum cause
go(struct client *client, const struct plan *plan, struct reason *why)
{
	enum cause cause;

	control_one_of(client, plan->cores);
	if (report_kept(client, plan->cores))
		return CAUSE_NONE;
	if (client_take_interrupt(client) &&
	    view_is_halted(&client->view, client->view.control)) {
		report_interrupt(client, client->view.control);
		return CAUSE_NONE;
	}
	cause = take_actions(client, plan, why);
	if (cause == CAUSE_NONE)
		client->phase = CLIENT_ATTACHED;
	else
		client->processes.kept |= view_halt_rest(&client->view);
	if (cause == CAUSE_NONE)
		report_halted(client, plan);
	return cause;
}

/* Those whose action moves or halts them. */
static unsigned
concerned(const struct client *client, const struct plan *plan)
{
	unsigned cores = 0;

	for (unsigned i = 0; i < view_cores(&client->view); i++)
		if ((plan->cores & 1u << i) != 0 &&
		    non_stop_concerns(client, i, plan->of[i].letter))
			cores |= 1u << i;
	return cores;
}

/* Non-stop mode: each core for itself, and answered at once. What has begun to move stays so when
 * another one cannot. */
static enum cause
go_apart(struct client *client, struct plan *plan, struct text *reply, struct reason *why)
{
	enum cause cause;

	if (debugger_is_lost(client_debugger(client))) {
		*why = *debugger_lost_why(client_debugger(client));
		return why->cause;
	}
	client_allow_repeats(client);
	plan->cores = concerned(client, plan);
	cause = take_actions(client, plan, why);
	for (unsigned i = 0; i < view_cores(&client->view); i++)
		if ((plan->cores & 1u << i) != 0 &&
		    (cause == CAUSE_NONE ||
		     (plan->of[i].letter != 't' && (client->view.waits & 1u << i) != 0)))
			non_stop_acted(client, i, plan->of[i].letter);
	if (cause == CAUSE_NONE)
		client->phase = CLIENT_ATTACHED;
	text_add(reply, "OK");
	return cause;
}

static enum cause
set_pc(struct client *client, unsigned core, uint64_t pc, struct reason *why)
{
	unsigned general = client->view.general;
	enum cause cause;

	client->view.general = core;
	cause = view_register_write(&client->view, REGISTER_PC, pc, why);
	client->view.general = general;
	return cause;
}

/* c, C, s, S: the address is the argument with that index. */
static enum cause
run_legacy(struct client *client, const struct request *request, unsigned address,
	   char letter, struct reason *why)
{
	unsigned core = client->view.control;
	struct plan plan = { .cores = 1u << core };
	enum cause cause = CAUSE_NONE;

	plan.of[core].letter = letter;
	if (client->non_stop.is_on)
		return reason_begin(why, CAUSE_REQUEST,
				    "non-stop mode has vCont in place of %c", letter);
	if (!begin_run(client))
		return CAUSE_NONE;
	if (request->len > address)
		cause = set_pc(client, core, request->at[address].number, why);
	return cause == CAUSE_NONE ? go(client, &plan, why) : cause;
}

static enum cause
command_c(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(client, request, 0, 'c', why);
}

static enum cause
command_C(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(client, request, 1, 'c', why);
}

static enum cause
command_s(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(client, request, 0, 's', why);
}

static enum cause
command_S(struct client *client, const struct request *request, struct text *reply,
	  struct reason *why)
{
	(void)reply;
	return run_legacy(client, request, 1, 's', why);
}

static const struct {
	char letter;
	const char *schema; /* of what follows the letter; threads are the last argument */
	unsigned thread;    /* which argument that is */
} actions[] = {
	{ 'c', "?:t", 0 },  { 'C', "n?:t", 1 },   { 's', "?:t", 0 },
	{ 'S', "n?:t", 1 }, { 'r', "a,a?:t", 2 }, { 't', "?:t", 0 },
};

/* The set of cores that an action is for; `id` NULL: it names no thread, and is for all of them.
 * Without names that is the core that is selected. */
static unsigned
cores_meant(const struct client *client, const struct argument *id)
{
	unsigned core = client->view.general;

	if (client->processes.are_named)
		return processes_meant(&client->processes, id);
	if (id == NULL || (id->process <= 0 && id->thread == REQUEST_ALL))
		return 1u << core;
	return view_find_core(&client->view, id->process, id->thread, &core) ? 1u << core
									     : 0;
}

static enum cause
parse_action(const struct client *client, const char *bytes, size_t len,
	     struct action *action, unsigned *cores, struct reason *why)
{
	for (size_t i = 0; len > 0 && i < array_len(actions); i++) {
		const struct request *arguments = &action->arguments;
		enum cause cause;

		if (bytes[0] != actions[i].letter)
			continue;
		*action = (struct action){ .letter = bytes[0], .arguments.name = "vCont" };
		cause = request_parse(actions[i].schema, bytes + 1, len - 1,
				      &action->arguments, why);
		*cores = cores_meant(client, arguments->len > actions[i].thread
						     ? &arguments->at[actions[i].thread]
						     : NULL);
		return cause;
	}
	return reason_begin(why, CAUSE_REQUEST, "vCont has an action that is not known: %c",
			    len > 0 && bytes[0] > ' ' ? bytes[0] : '?');
}

static void
add_action(struct plan *plan, unsigned cores, const struct action *action)
{
	for (unsigned i = 0; i < DEVICE_MAX_CORES; i++)
		if ((cores & ~plan->cores & 1u << i) != 0)
			plan->of[i] = *action;
	plan->cores |= cores;
}

/* Is there nothing that more actions could be for? */
static bool
is_complete(const struct client *client, const struct plan *plan)
{
	return client->processes.are_named ? (client->processes.held & ~plan->cores) == 0
					   : plan->cores != 0;
}

/* The leftmost action that concerns a thread is the one that counts. */
static enum cause
read_plan(const struct client *client, const struct argument *list, struct plan *plan,
	  struct reason *why)
{
	const char *at = list->bytes, *end = list->bytes + list->len;

	while (at < end && !is_complete(client, plan)) {
		const char *semicolon = memchr(at, ';', (size_t)(end - at));
		const char *stop = semicolon == NULL ? end : semicolon;
		struct action action;
		unsigned cores = 0;
		enum cause cause =
			parse_action(client, at, (size_t)(stop - at), &action, &cores, why);

		if (cause != CAUSE_NONE)
			return cause;
		add_action(plan, cores, &action);
		at = semicolon == NULL ? end : stop + 1;
	}
	if (plan->cores != 0)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_REQUEST, "vCont names no existing thread");
}

static enum cause
command_vCont(struct client *client, const struct request *request, struct text *reply,
	      struct reason *why)
{
	struct plan plan = { .cores = 0 };
	enum cause cause = read_plan(client, &request->at[0], &plan, why);

	if (cause != CAUSE_NONE)
		return cause;
	control_one_of(client, plan.cores);
	if (client->non_stop.is_on)
		return go_apart(client, &plan, reply, why);
	return begin_run(client) ? go(client, &plan, why) : CAUSE_NONE;
}

static enum cause
command_vCont_query(struct client *client, const struct request *request,
		    struct text *reply, struct reason *why)
{
	(void)client;
	(void)request;
	(void)why;
	text_add(reply, "vCont;c;C;s;S;t;r");
	return CAUSE_NONE;
}

static void
add_stops(struct client *client, struct text *reply)
{
	if (client->non_stop.is_on)
		non_stop_list(client, reply);
	else
		report_add_stop(client, reply);
}

/* An error would be taken for silence here: gdb would wait for ever. */
static enum cause
command_why_stopped(struct client *client, const struct request *request,
		    struct text *reply, struct reason *why)
{
	char line[REASON_SPACE];
	enum cause cause = CAUSE_GONE;

	(void)request;
	if (client_has_no_program(client)) {
		text_add(reply, "%s", client->non_stop.is_on ? "OK" : "W00");
		return CAUSE_NONE;
	}
	if (debugger_is_lost(client_debugger(client)))
		*why = *debugger_lost_why(client_debugger(client));
	else
		cause = command_attach(client, why);
	if (cause == CAUSE_NONE) {
		add_stops(client, reply);
		return CAUSE_NONE;
	}
	reason_line(why, line, sizeof(line));
	log_warning("session", "%s: %s", client->connection.peer, line);
	client_keep(client, why);
	text_add(reply, "X09");
	return CAUSE_NONE;
}

static enum cause
command_extended(struct client *client, const struct request *request, struct text *reply,
		 struct reason *why)
{
	(void)request;
	(void)why;
	client->agreed.is_extended = true;
	client->clients->was_extended = true;
	text_add(reply, "OK");
	return CAUSE_NONE;
}

const struct command run_commands[] = {
	{ "vCont?", "", 0, IS_EXACT, DELIVER_CODE, command_vCont_query },
	{ "vCont;", "b", 0, IS_WORK, DELIVER_WORDS, command_vCont },
	{ "c", "?a", 0, IS_WORK, DELIVER_WORDS, command_c },
	{ "C", "n?;a", 0, IS_WORK, DELIVER_WORDS, command_C },
	{ "s", "?a", 0, IS_WORK, DELIVER_WORDS, command_s },
	{ "S", "n?;a", 0, IS_WORK, DELIVER_WORDS, command_S },
	{ "?", "", 0, IS_EXACT, DELIVER_CODE, command_why_stopped },
	{ "!", "", 0, IS_EXACT, DELIVER_CODE, command_extended },
	{ 0 },
};
