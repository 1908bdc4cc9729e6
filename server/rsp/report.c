/* SPDX-License-Identifier: MIT */
#include "server/rsp/report.h"

#include "transport/base/bytes.h"

enum { STOP_REPLY_MAX = 1024 };

/* With a stop reply, so that gdb need not ask for them: r7 is the frame pointer in Thumb code,
 * and one of MSP and PSP is the caller's stack, which gdb looks at in every frame. */
static const unsigned expedited[] = { REGISTER_R7,   REGISTER_SP,  REGISTER_LR, REGISTER_PC,
				      REGISTER_XPSR, REGISTER_MSP, REGISTER_PSP };

/* gdb drops the connection at a number that it does not know; without the description it
 * knows xPSR by another one (registers.c). */
static bool
knows_register(const struct client *client, unsigned number)
{
	return client->has_description || number <= REGISTER_PC;
}

static void
add_stop(struct client *client, const struct stop *stop, struct text *reply)
{
	struct view *view = &client->view;

	stop_reply(stop, client->was_interrupted, &client->agreed.dialect, reply);
	text_add(reply, "core:%x;", view->general);
	for (size_t i = 0; i < array_len(expedited); i++) {
		/* gdb asks for what is not there, and gets the reason then. */
		struct reason why = REASON_INIT;
		uint64_t value;

		if (knows_register(client, expedited[i]) &&
		    view_register_read(view, expedited[i], &value, &why) == CAUSE_NONE)
			stop_add_register(expedited[i], (uint32_t)value, reply);
	}
}

/* gdb wants a stop here: one of no signal, for no reason, is all that is true. */
static void
add_running(struct client *client, struct text *reply)
{
	text_add(reply, "T00thread:1;");
	client_note(client, NOTE_STATE,
		    "note: %s runs; its registers are those of its last halt",
		    view_core_name(&client->view, client->view.general));
}

void
report_add_stop(struct client *client, struct text *reply)
{
	if (!view_is_halted(&client->view, client->view.general)) {
		add_running(client, reply);
		return;
	}
	add_stop(client, view_stop(&client->view, client->view.general), reply);
}

static void
send_stop(struct client *client, unsigned core, const struct stop *stop)
{
	char buffer[STOP_REPLY_MAX];
	struct text reply;

	client->view.general = core;
	text_init(&reply, buffer, sizeof(buffer));
	add_stop(client, stop, &reply);
	client_reply(client, reply.chars, reply.used);
}

void
report_interrupt(struct client *client, unsigned core)
{
	struct stop stop = *view_stop(&client->view, core);

	/* For this client alone: for others the stop is the one that it was. */
	stop.halt.reason = HALT_REQUESTED;
	stop.is_locked_up = false;
	client->was_interrupted = true;
	send_stop(client, core, &stop);
}

/* A Ctrl-C that lost the race against another stop must not be lost with it: gdb goes on by
 * itself when the condition of a breakpoint is false. */
void
report_stop(struct client *client, unsigned core)
{
	const struct stop *stop = view_stop(&client->view, core);

	if (client->waits_for != WAIT_STOP)
		return;
	if (stop->halt.reason == HALT_REQUESTED && !client->was_interrupted &&
	    stop->by != &client->view && !stop->is_locked_up)
		client_note(client, NOTE_EVENT,
			    "note: the core was halted by another client or a reset");
	if (client->was_interrupted && !stop_is_interrupt(stop, true))
		client_keep_interrupt(client);
	send_stop(client, core, stop);
}

void
report_stay(struct client *client, const struct reason *why)
{
	char lines[REASON_SPACE + REASON_LINE_MAX];
	char buffer[STOP_REPLY_MAX];
	struct text reply;

	reason_text(why, lines, sizeof(lines));
	client_print_lines(client, lines);
	text_init(&reply, buffer, sizeof(buffer));
	text_add(&reply, "T00thread:1;");
	stop_add_reason(reason_root(why), &reply);
	client_reply(client, reply.chars, reply.used);
}

void
report_loss(struct client *client)
{
	const struct reason *why = debugger_lost_why(client_debugger(client));
	char lines[REASON_SPACE + REASON_LINE_MAX];

	client_keep(client, why);
	reason_text(why, lines, sizeof(lines));
	client_print_lines(client, lines);
	/* Only an exit makes an IDE notice; "X09;process" without multiprocess would be an
	 * internal error of gdb. */
	client_reply(client, "X09", 3);
	client->ended_by = debugger_has_lost_probe(client_debugger(client))
				   ? ENDED_BY_PROBE
				   : ENDED_BY_TARGET;
	client->phase = CLIENT_PARTED;
	/* In extended mode gdb stays connected after an exit, and drops the exit when the
	 * connection closes on it. */
	if (!client->agreed.is_extended)
		client_end(client, client->ended_by);
}
