/* SPDX-License-Identifier: MIT */
#include "server/rsp/report.h"

#include "server/debug/run_control.h"
#include "transport/base/bytes.h"

enum { STOP_REPLY_MAX = 1024, THREAD_MAX = 16, EXIT_MAX = 32 };

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
add_reason(struct client *client, const struct stop *stop, enum stop_signal on_request,
	   struct text *reply)
{
	struct stop_dialect dialect = client->agreed.dialect;
	unsigned core = client->view.general;
	char buffer[THREAD_MAX];
	struct text thread;

	/* gdb takes one that it does not have for its own of a moment ago, and runs on. */
	if (view_is_at_others_breakpoint(&client->view, core))
		dialect.hwbreak = dialect.swbreak = false;
	text_init(&thread, buffer, sizeof(buffer));
	processes_add_thread(&client->processes, core, &thread);
	/* gdb's "next" would go on from where the reset has put it. */
	if (stop->is_by_reset)
		on_request = STOP_INT;
	stop_reply(stop, on_request, &dialect, buffer, reply);
	text_add(reply, "core:%x;", core);
}

static void
add_registers(struct client *client, struct text *reply)
{
	for (size_t i = 0; i < array_len(expedited); i++) {
		/* gdb asks for what is not there, and gets the reason then. */
		struct reason why = REASON_INIT;
		uint64_t value;

		if (knows_register(client, expedited[i]) &&
		    view_register_read(&client->view, expedited[i], &value, &why) ==
			    CAUSE_NONE)
			stop_add_register(expedited[i], (uint32_t)value, reply);
	}
}

static void
add_stop(struct client *client, const struct stop *stop, enum stop_signal on_request,
	 struct text *reply)
{
	add_reason(client, stop, on_request, reply);
	add_registers(client, reply);
}

static enum stop_signal
signal_on_request(const struct client *client)
{
	return client->was_interrupted ? STOP_INT : STOP_TRAP;
}

/* gdb wants a stop here: one of no signal, for no reason, is all that is true. */
static void
add_running(struct client *client, struct text *reply)
{
	text_add(reply, "T00thread:");
	processes_add_thread(&client->processes, client->view.general, reply);
	text_add(reply, ";");
	client_note(client, NOTE_STATE,
		    "note: %s runs; its registers are those of its last halt",
		    view_core_name(&client->view, client->view.general));
}

void
report_add_stop(struct client *client, struct text *reply)
{
	unsigned core = client->view.general;

	if (!view_is_halted(&client->view, core) || view_is_passing(&client->view, core)) {
		add_running(client, reply);
		return;
	}
	add_stop(client, view_stop(&client->view, core), signal_on_request(client), reply);
}

/* Of a core whose description gdb 13.1 and 16.3 have not read they take no registers while they
 * attach to it: they end in an internal error.
 *
 * It may have halted for a call of the program, which was served: no stop but for who asked for
 * one. */
void
report_add_stop_of(struct client *client, unsigned core, enum stop_signal on_request,
		   struct text *reply)
{
	struct stop stop = *view_stop(&client->view, core);
	unsigned general = client->view.general;

	if (on_request != STOP_TRAP && view_is_call_served(&client->view, core)) {
		stop.halt.reason = HALT_REQUESTED;
		stop.is_locked_up = false;
	}
	client->view.general = core;
	add_reason(client, &stop, on_request, reply);
	if ((client->described & 1u << core) != 0)
		add_registers(client, reply);
	client->view.general = general;
}

void
report_note_foreign_halt(struct client *client, unsigned core)
{
	const struct stop *stop = view_stop(&client->view, core);

	if (stop->halt.reason == HALT_REQUESTED && stop->by != &client->view &&
	    !stop->is_locked_up)
		client_note(client, NOTE_EVENT,
			    "note: the core was halted by another client or a reset");
	if (view_is_at_others_breakpoint(&client->view, core))
		client_note(client, NOTE_EVENT,
			    "note: %s has met a breakpoint of another client",
			    view_core_name(&client->view, core));
}

static void
send_stop(struct client *client, unsigned core, const struct stop *stop)
{
	char buffer[STOP_REPLY_MAX];
	struct text reply;

	/* gdb takes this core for the one selected, and sends g without Hg. */
	client->view.general = client->view.control = core;
	client->processes.kept &= ~(1u << core);
	client->is_at_prompt = client->was_interrupted && stop_is_request(stop);
	text_init(&reply, buffer, sizeof(buffer));
	add_stop(client, stop, signal_on_request(client), &reply);
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

	if (client->non_stop.is_on) {
		non_stop_stopped(client, core);
		return;
	}
	if (client->waits_for != WAIT_STOP)
		return;
	client->processes.kept |= view_halt_rest(&client->view);
	/* It halted for a call of the program, which was served: no stop but for Ctrl-C. */
	if (client->was_interrupted && view_is_call_served(&client->view, core)) {
		report_interrupt(client, core);
		return;
	}
	if (!client->was_interrupted)
		report_note_foreign_halt(client, core);
	if (client->was_interrupted && !stop_is_request(stop))
		client_keep_interrupt(client, INTERRUPT_LOST_TO_STOP);
	send_stop(client, core, stop);
}

bool
report_kept(struct client *client, unsigned cores)
{
	for (unsigned i = 0; i < view_cores(&client->view); i++) {
		if ((cores & client->processes.kept & 1u << i) == 0)
			continue;
		client->processes.kept &= ~(1u << i);
		if (!view_has_stopped_by_itself(&client->view, i) ||
		    view_is_call_served(&client->view, i))
			continue;
		send_stop(client, i, view_stop(&client->view, i));
		return true;
	}
	return false;
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

/* The process that gdb has dealt with last. */
static unsigned
ending_process(const struct client *client)
{
	unsigned control = client->view.control;

	return (client->processes.held & 1u << control) != 0
		       ? control
		       : processes_usual(&client->processes, &client->view);
}

void
report_exit(struct client *client)
{
	char buffer[EXIT_MAX];
	struct text reply;

	text_init(&reply, buffer, sizeof(buffer));
	text_add(&reply, "X09");
	processes_add_exit(&client->processes, ending_process(client), &reply);
	client_reply(client, reply.chars, reply.used);
}

/* Of several processes one reply ends one: gdb takes the others for halted, and so they are when the
 * target is back. */
static void
keep_others(struct client *client)
{
	for (unsigned i = 0; i < view_cores(&client->view); i++)
		if ((client->processes.held & 1u << i) != 0)
			view_attach_to_restart(&client->view, i);
	if (client->processes.held == 0)
		client->phase = CLIENT_PARTED;
}

static enum ender
ender_by_loss(const struct client *client)
{
	return debugger_has_lost_probe(client_debugger(client)) ? ENDED_BY_PROBE
								: ENDED_BY_TARGET;
}

/* Each program that ran has an exit of its own. gdb closes the connection when it has none. */
static void
lose_apart(struct client *client, const char *lines)
{
	client_note(client, NOTE_EVENT, "note: %s", lines);
	client->ended_by = ender_by_loss(client);
	non_stop_lost(client);
	keep_others(client);
}

void
report_loss(struct client *client)
{
	const struct reason *why = debugger_lost_why(client_debugger(client));
	char lines[REASON_SPACE + REASON_LINE_MAX];

	client_keep(client, why);
	reason_text(why, lines, sizeof(lines));
	if (client->non_stop.is_on) {
		lose_apart(client, lines);
		return;
	}
	client_print_lines(client, lines);
	/* Only an exit makes an IDE notice; "X09;process" without multiprocess would be an
	 * internal error of gdb. */
	report_exit(client);
	client->ended_by = ender_by_loss(client);
	processes_drop(&client->processes, ending_process(client));
	keep_others(client);
	/* In extended mode gdb stays connected after an exit, and drops the exit when the
	 * connection closes on it. */
	if (!client->agreed.is_extended)
		client_end(client, client->ended_by);
}
