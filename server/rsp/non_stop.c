/* SPDX-License-Identifier: MIT */
#include "server/rsp/non_stop.h"

#include "server/debug/run_control.h"
#include "server/rsp/clients.h"
#include "server/rsp/commands.h"
#include "server/rsp/report.h"
#include "transport/base/bytes.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static unsigned
bit(unsigned core)
{
	return 1u << core;
}

/* The set of cores whose stop is known here and was not taken yet. */
static unsigned
untaken(const struct non_stop *mode)
{
	unsigned cores = mode->reported;

	for (size_t i = 0; i < mode->len; i++)
		cores |= bit(mode->reports[i].core);
	return cores;
}

static void
forget(struct non_stop *mode, unsigned cores)
{
	mode->running &= ~cores;
	mode->halting &= ~cores;
	mode->interrupted &= ~cores;
}

/* Takes the first of the reports out of the queue, which has one. */
static struct non_stop_report
take_first(struct non_stop *mode)
{
	struct non_stop_report first = mode->reports[0];

	mode->len--;
	memmove(&mode->reports[0], &mode->reports[1], mode->len * sizeof(mode->reports[0]));
	mode->is_reporting = true;
	mode->reported = bit(first.core);
	return first;
}

/* One notification at a time: the client asks for those behind it. */
static void
notify(struct client *client)
{
	struct non_stop *mode = &client->non_stop;
	struct non_stop_report first;
	char buffer[sizeof("Stop:") + NON_STOP_REPORT_MAX];
	struct text words;

	if (mode->is_reporting || mode->len == 0)
		return;
	first = take_first(mode);
	text_init(&words, buffer, sizeof(buffer));
	text_add(&words, "Stop:%s", first.text);
	connection_notify(&client->connection, words.chars, words.used);
}

static void
keep_report(struct client *client, unsigned core, const char *text)
{
	struct non_stop *mode = &client->non_stop;
	struct non_stop_report *report = &mode->reports[mode->len];

	assert(mode->len < array_len(mode->reports));
	mode->len++;
	report->core = core;
	snprintf(report->text, sizeof(report->text), "%s", text);
}

/* What gdb calls a halt that was requested. */
static enum stop_signal
signal_of(const struct non_stop *mode, unsigned core)
{
	if ((mode->interrupted & bit(core)) != 0)
		return STOP_INT;
	return (mode->halting & bit(core)) != 0 ? STOP_NONE : STOP_TRAP;
}

static void
keep_stop(struct client *client, unsigned core, enum stop_signal on_request)
{
	char buffer[NON_STOP_REPORT_MAX];
	struct text reply;

	text_init(&reply, buffer, sizeof(buffer));
	report_add_stop_of(client, core, on_request, &reply);
	keep_report(client, core, buffer);
}

/* The client takes it for running until it has taken the stop. */
static void
begin(struct client *client, unsigned core, enum stop_signal on_request)
{
	struct non_stop *mode = &client->non_stop;

	forget(mode, bit(core));
	mode->running |= bit(core);
	if (view_is_halted(&client->view, core))
		keep_stop(client, core, on_request);
	else
		view_wait_for(&client->view, core);
}

void
non_stop_list(struct client *client, struct text *reply)
{
	struct non_stop *mode = &client->non_stop;

	*mode = (struct non_stop){ .is_on = true };
	for (unsigned i = 0; i < view_cores(&client->view); i++)
		if ((client->processes.held & bit(i)) != 0)
			begin(client, i, STOP_TRAP);
	text_add(reply, "%s", mode->len == 0 ? "OK" : take_first(mode).text);
}

/* A core that it has is attached to anew: its stop may wait in the queue. */
void
non_stop_begin(struct client *client, unsigned core)
{
	non_stop_drop(client, bit(core));
	begin(client, core, STOP_NONE);
	notify(client);
}

bool
non_stop_concerns(const struct client *client, unsigned core, char letter)
{
	const struct non_stop *mode = &client->non_stop;
	bool is_running = (mode->running & bit(core)) != 0;

	if (letter != 't')
		return !is_running;
	return is_running && ((untaken(mode) | mode->halting) & bit(core)) == 0;
}

void
non_stop_acted(struct client *client, unsigned core, char letter)
{
	struct non_stop *mode = &client->non_stop;

	if (letter == 't') {
		mode->halting |= bit(core);
		return;
	}
	forget(mode, bit(core));
	mode->running |= bit(core);
}

enum cause
non_stop_interrupt(struct client *client, struct reason *why)
{
	struct non_stop *mode = &client->non_stop;
	unsigned cores = mode->running & ~(untaken(mode) | mode->halting), core = 0;
	enum cause cause;

	if (cores == 0)
		return CAUSE_NONE;
	if ((cores & bit(client->view.control)) != 0)
		cores = bit(client->view.control);
	while ((cores & bit(core)) == 0)
		core++;
	cause = view_halt(&client->view, core, why);
	if (cause == CAUSE_NONE)
		mode->interrupted |= bit(core);
	return cause;
}

/* The reply to vStopped that was sent last stays sent. */
void
non_stop_drop(struct client *client, unsigned cores)
{
	struct non_stop *mode = &client->non_stop;
	size_t kept = 0;

	for (size_t i = 0; i < mode->len; i++)
		if ((cores & bit(mode->reports[i].core)) == 0)
			mode->reports[kept++] = mode->reports[i];
	mode->len = kept;
	mode->reported &= ~cores;
	client->described &= ~cores;
	forget(mode, cores);
}

void
non_stop_stopped(struct client *client, unsigned core)
{
	struct non_stop *mode = &client->non_stop;
	enum stop_signal on_request = signal_of(mode, core);

	if ((mode->running & ~untaken(mode) & bit(core)) == 0)
		return;
	if (on_request == STOP_TRAP)
		report_note_foreign_halt(client, core);
	keep_stop(client, core, on_request);
	notify(client);
}

/* gdb would wait for ever: it is given a stop of no signal, and the reason waits for a monitor
 * command. */
void
non_stop_failed(struct client *client, unsigned core, const struct reason *why)
{
	struct non_stop *mode = &client->non_stop;
	char buffer[NON_STOP_REPORT_MAX], line[REASON_SPACE];
	struct text reply;

	client_keep(client, why);
	reason_line(why, line, sizeof(line));
	client_note(client, NOTE_EVENT, "note: %s", line);
	if ((mode->running & ~untaken(mode) & bit(core)) == 0)
		return;
	text_init(&reply, buffer, sizeof(buffer));
	text_add(&reply, "T00thread:");
	processes_add_thread(&client->processes, core, &reply);
	text_add(&reply, ";");
	keep_report(client, core, buffer);
	notify(client);
}

void
non_stop_lost(struct client *client)
{
	struct non_stop *mode = &client->non_stop;
	unsigned ran = mode->running & ~untaken(mode);

	for (unsigned i = 0; i < view_cores(&client->view); i++) {
		char buffer[NON_STOP_REPORT_MAX];
		struct text reply;

		if ((ran & bit(i)) == 0)
			continue;
		text_init(&reply, buffer, sizeof(buffer));
		text_add(&reply, "X09");
		processes_add_exit(&client->processes, i, &reply);
		keep_report(client, i, buffer);
		processes_drop(&client->processes, i);
	}
	notify(client);
}

/* Without a stop that was sent there is none behind it either. */
static enum cause
command_vStopped(struct client *client, const struct request *request, struct text *reply,
		 struct reason *why)
{
	struct non_stop *mode = &client->non_stop;

	(void)request;
	(void)why;
	if (!mode->is_on)
		return CAUSE_NONE;
	forget(mode, mode->reported);
	mode->reported = 0;
	mode->is_reporting = false;
	text_add(reply, "%s", mode->len == 0 ? "OK" : take_first(mode).text);
	return CAUSE_NONE;
}

static enum cause
command_vCtrlC(struct client *client, const struct request *request, struct text *reply,
	       struct reason *why)
{
	(void)request;
	if (!client->non_stop.is_on)
		return CAUSE_NONE;
	text_add(reply, "OK");
	return non_stop_interrupt(client, why);
}

static enum cause
query_non_stop(struct client *client, const struct request *request, struct text *reply,
	       struct reason *why)
{
	struct non_stop *mode = &client->non_stop;
	uint64_t wanted = request->at[0].number;

	if (wanted > 1)
		return reason_begin(why, CAUSE_REQUEST,
				    "non-stop mode is on (1) or off (0)");
	if (wanted == 0 && mode->running != 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "a core runs: in all-stop mode the client would wait "
				    "for it");
	*mode = (struct non_stop){ .is_on = wanted == 1 };
	text_add(reply, "OK");
	return CAUSE_NONE;
}

const struct command non_stop_commands[] = {
	{ "QNonStop", ":n", 0, 0, DELIVER_WORDS, query_non_stop },
	{ "vStopped", "", 0, IS_EXACT, DELIVER_CODE, command_vStopped },
	{ "vCtrlC", "", 0, IS_EXACT, DELIVER_WORDS, command_vCtrlC },
	{ 0 },
};
