/* SPDX-License-Identifier: MIT */
#include "server/rsp/client.h"

#include "server/rsp/clients.h"
#include "server/rsp/report.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* gdb resumes within 10 ms by itself, when a condition is false (measured with gdb 13.1 and 16.3). On
 * a busy computer it takes longer, but packet follows packet: what counts then is the longest pause
 * between two. An IDE interrupts stopped targets, too, and its user's next command is another wish, which
 * comes later than a quarter of a second: then the Ctrl-C is not to have a later resume stop, however many
 * packets come between. */
enum { AT_PROMPT_US = 250000 };
static const struct {
	uint64_t pause_us, age_us; /* what is longer or older than that is forgotten */
} interrupts_kept[] = {
	[INTERRUPT_LOST_TO_STOP] = { 1000000, UINT64_MAX },
	[INTERRUPT_CROSSED_STOP] = { AT_PROMPT_US, 1000000 },
	[INTERRUPT_AT_PROMPT] = { AT_PROMPT_US, AT_PROMPT_US },
};
enum { OBITUARY_MAX = 2048, LINES_MAX = NOTES_SPACE, CONSOLE_MAX = 2 * NOTES_SPACE + 2 };

struct debugger *
client_debugger(const struct client *client)
{
	return client->clients->debugger;
}

struct board *
client_board(const struct client *client)
{
	return debugger_board(client->clients->debugger);
}

bool
client_is_over(const struct client *client)
{
	return connection_is_over(&client->connection);
}

bool
client_has_view(const struct client *client)
{
	return client->phase >= CLIENT_NEW && client->phase < CLIENT_OVER;
}

bool
client_has_no_program(const struct client *client)
{
	return client->phase == CLIENT_PARTED || client->phase == CLIENT_LEAVING;
}

const char *
client_core_name(const struct client *client)
{
	struct board *board = client_board(client);

	return client->home < board_cores(board)
		       ? core_name(board_core(board, client->home))
		       : "no core";
}

void
client_end(struct client *client, enum ender ender)
{
	connection_end(&client->connection, ender);
}

static void
forget_wait(struct client *client)
{
	if (client->waits_for == WAIT_MONITOR)
		client->view.general = client->selected;
	client->waits_for = WAIT_NOTHING;
	client->was_interrupted = false;
}

void
client_wait_over(struct client *client)
{
	forget_wait(client);
	connection_release(&client->connection);
}

void
client_reply(struct client *client, const char *bytes, size_t len)
{
	if (client_is_over(client))
		return;
	forget_wait(client);
	client->has_replied = true;
	client->talked_us = clock_now_us(client->clients->turns.clock);
	connection_send(&client->connection, bytes, len);
	connection_release(&client->connection);
}

void
client_wait(struct client *client, enum client_wait what)
{
	client->waits_for = what;
	progress_begin(&client->progress, clock_now_us(client->clients->turns.clock),
		       PROGRESS_PERIOD_US, what == WAIT_MONITOR ? 1 : PROGRESS_LOG_PERCENT);
	/* gdb waits for a stop as long as it takes. */
	connection_hold(&client->connection, what != WAIT_STOP);
}

void
client_keep(struct client *client, const struct reason *why)
{
	client->why = *why;
	client->is_refusal = false;
}

void
client_keep_refusal(struct client *client, const struct reason *why)
{
	if (client->why.cause != CAUSE_NONE && !client->is_refusal)
		return;
	client->why = *why;
	client->is_refusal = true;
}

static void
keep_failure(struct client *client, enum delivery how, const struct reason *why)
{
	if (how == DELIVER_LOAD)
		client->load_why = *why;
	else if (how == DELIVER_CONSOLE && why->cause == CAUSE_REQUEST)
		client_keep_refusal(client, why);
	else
		client_keep(client, why);
}

static bool
is_locked_up(const struct client *client)
{
	return client_has_view(client) &&
	       view_is_halted(&client->view, client->view.general) &&
	       view_stop(&client->view, client->view.general)->is_locked_up;
}

/* gdb reads on at other places where it must not, and everything fails on a lost probe:
 * one such note at a time is enough. Of a locked-up core, whose PC and SP are not in memory, gdb
 * reads around both without being asked: that it is locked up has been said. */
static bool
is_echo(const struct client *client, const struct reason *why)
{
	return (why->cause == CAUSE_FAULT &&
		(client->has_fault_note || is_locked_up(client))) ||
	       strcmp(client->noted_root, reason_root(why)) == 0;
}

static void
remember_failure(struct client *client, const struct reason *why)
{
	snprintf(client->noted_root, sizeof(client->noted_root), "%s", reason_root(why));
	client->has_fault_note = client->has_fault_note || why->cause == CAUSE_FAULT;
}

static void
log_failure(const struct client *client, enum delivery how, const struct reason *why)
{
	char line[REASON_SPACE];

	reason_line(why, line, sizeof(line));
	/* gdb tries what it can read: that is no failure of anything, but a loader that crashes is. */
	if (why->cause == CAUSE_FAULT && how != DELIVER_LOAD)
		log_debug("session", "%s: %s", client->connection.peer, line);
	else
		log_warning("session", "%s: %s", client->connection.peer, line);
}

/* For qRcmd the full text is sent before the reply; text that an error code cannot carry
 * becomes a note; text that the reply carries is only kept. */
void
client_fail(struct client *client, enum delivery how, const struct reason *why)
{
	char lines[REASON_SPACE + REASON_LINE_MAX];
	char buffer[REASON_SPACE + REASON_LINE_MAX];
	bool has_words, is_new = !is_echo(client, why);
	struct text reply;

	keep_failure(client, how, why);
	if (is_new)
		log_failure(client, how, why);
	text_init(&reply, buffer, sizeof(buffer));
	if (client->agreed.errors.is_lldb && client->waits_for == WAIT_STOP) {
		remember_failure(client, why);
		report_stay(client, why);
		return;
	}
	if (how == DELIVER_CONSOLE) {
		reason_text(why, lines, sizeof(lines));
		client_print_lines(client, lines);
	}
	has_words = deliver_failure(how, &client->agreed.errors, why, &reply);
	if (is_new)
		remember_failure(client, why);
	if (is_new && !has_words && how != DELIVER_CONSOLE) {
		reason_line(why, lines, sizeof(lines));
		client_note(client, how == DELIVER_LOAD ? NOTE_LOAD : NOTE_FAILURE,
			    "note: %s", lines);
	}
	client_reply(client, reply.chars, reply.used);
}

/* While the probe is taken over: it will wait for a stop, or for a monitor command. */
static bool
parks_motion(const struct client *client)
{
	return client->waits_for == WAIT_HANDOVER && client->parked != NULL &&
	       !client->non_stop.is_on &&
	       (strncmp(client->parked, "vCont;", 6) == 0 ||
		strncmp(client->parked, "qRcmd,", 6) == 0);
}

/* Only a client that waits for a stop or for a monitor command takes console text; before
 * any other reply it counts as that reply. */
static bool
takes_console(const struct client *client)
{
	return client->waits_for == WAIT_STOP || client->waits_for == WAIT_MONITOR ||
	       parks_motion(client);
}

void
client_print_lines(struct client *client, const char *lines)
{
	char buffer[CONSOLE_MAX];
	struct text packet;

	if (lines[0] == '\0' || !takes_console(client) || client_is_over(client))
		return;
	text_init(&packet, buffer, sizeof(buffer));
	deliver_console(lines, &packet);
	connection_send(&client->connection, packet.chars, packet.used);
}

FORMAT_PRINTF(3, 0)
static void
print_line(char *lines, size_t size, const char *fmt, va_list args)
{
	struct text text;

	text_init(&text, lines, size - 1);
	text_vadd(&text, fmt, args);
	lines[text.used] = '\n';
	lines[text.used + 1] = '\0';
}

void
client_print(struct client *client, const char *fmt, ...)
{
	char lines[LINES_MAX];
	va_list args;

	va_start(args, fmt);
	print_line(lines, sizeof(lines), fmt, args);
	va_end(args);
	client_print_lines(client, lines);
}

void
client_note(struct client *client, enum note_topic topic, const char *fmt, ...)
{
	char lines[LINES_MAX];
	va_list args;

	va_start(args, fmt);
	print_line(lines, sizeof(lines), fmt, args);
	va_end(args);
	if (client_is_over(client))
		return;
	if (!takes_console(client))
		notes_keep(&client->notes, topic, lines);
	else if (notes_pass(&client->notes, lines))
		client_print_lines(client, lines);
}

void
client_drop_failures(struct client *client)
{
	notes_drop(&client->notes, NOTE_FAILURE | NOTE_LOAD);
	client->noted_root[0] = '\0';
	client->has_fault_note = false;
}

void
client_allow_repeats(struct client *client)
{
	if (!is_locked_up(client))
		notes_allow_repeat(&client->notes);
}

void
client_outdate_notes(struct client *client)
{
	notes_drop(&client->notes, NOTE_FAILURE | NOTE_STATE | NOTE_BLIND);
	client->processes.kept = 0;
	client->blind = 0;
	client->noted_root[0] = '\0';
	client->has_fault_note = false;
	notes_allow_repeat(&client->notes);
}

void
client_send_notes(struct client *client)
{
	char lines[NOTES_SPACE];

	notes_take(&client->notes, lines, sizeof(lines));
	client_print_lines(client, lines);
	client_drop_failures(client);
}

/* gdb for another architecture rejects the target description and closes, before it has read any
 * memory: at the stop reply, whose register numbers are none of its own (gdb 13.1 and 16.3 with a
 * program for x86-64), or at the registers, whose count does not match (for RISC-V). One without
 * XML support never asks for the description, and ends at the registers. */
static enum finding
suspect_wrong_gdb(const struct client *client)
{
	const char *last = chronicle_last_request(&client->connection.chronicle);

	if (client->phase != CLIENT_ATTACHED || client->has_worked)
		return FINDING_NONE;
	if (client->has_description)
		return FINDING_F8;
	return strcmp(last, "g") == 0 || last[0] == 'p' ? FINDING_F7 : FINDING_NONE;
}

static enum finding
suspect(const struct client *client, enum ender ender)
{
	const struct chronicle *chronicle = &client->connection.chronicle;
	enum finding finding = FINDING_NONE;

	if (ender == ENDED_BY_STRANGER)
		return FINDING_F2;
	if (ender == ENDED_BY_CLOSE)
		finding = suspect_wrong_gdb(client);
	if (finding != FINDING_NONE || (ender != ENDED_BY_CLOSE && ender != ENDED_BY_RESET))
		return finding;
	if (chronicle->impatience > 0)
		return FINDING_F6;
	return ender == ENDED_BY_RESET && chronicle->packets_in > 0 ? FINDING_F3
								    : FINDING_NONE;
}

static void
write_obituary(const struct client *client, enum ender ender, enum finding suspected)
{
	char buffer[OBITUARY_MAX];
	struct text text;
	bool is_quiet = ender_is_orderly(ender) || ender == ENDED_BY_CLOSE ||
			ender == ENDED_BY_SILENCE;
	struct obituary obituary = {
		.ender = ender,
		.client = client->connection.peer,
		.core = client_core_name(client),
		.fate = client->fate,
		.suspected = suspected,
		.now_us = clock_now_us(client->clients->turns.clock),
	};

	text_init(&text, buffer, sizeof(buffer));
	obituary_write(&client->connection.chronicle, &obituary, &text);
	if (is_quiet)
		log_info("session", "%s", buffer);
	else
		log_warning("session", "%s", buffer);
}

void
client_keep_interrupt(struct client *client, enum client_interrupt kind)
{
	client->has_interrupt = true;
	client->interrupt_us = clock_now_us(client->clients->turns.clock);
	client->interrupt = kind;
}

enum client_interrupt
client_interrupt_while_halted(const struct client *client)
{
	uint64_t now_us = clock_now_us(client->clients->turns.clock);

	return !client->is_at_prompt && now_us - client->talked_us <= AT_PROMPT_US
		       ? INTERRUPT_CROSSED_STOP
		       : INTERRUPT_AT_PROMPT;
}

void
client_forget_interrupt(struct client *client)
{
	client->has_interrupt = false;
}

void
client_age_interrupt(struct client *client)
{
	uint64_t now_us = clock_now_us(client->clients->turns.clock);
	uint64_t heard_us = client->interrupt_us > client->spoke_us ? client->interrupt_us
								    : client->spoke_us;

	if (now_us - heard_us > interrupts_kept[client->interrupt].pause_us ||
	    now_us - client->interrupt_us > interrupts_kept[client->interrupt].age_us)
		client->has_interrupt = false;
	if (client->talked_us != 0 && now_us - client->talked_us > AT_PROMPT_US)
		client->is_at_prompt = true;
	client->spoke_us = client->talked_us = now_us;
}

bool
client_take_interrupt(struct client *client)
{
	bool is_taken = client->has_interrupt;

	client->has_interrupt = false;
	return is_taken;
}

void
client_part(struct client *client, enum ender ended_by)
{
	struct text fate;

	client->ended_by = ended_by;
	client_forget_interrupt(client);
	non_stop_drop(client, ~0u);
	processes_drop_all(&client->processes);
	if (client->phase == CLIENT_PARTED)
		return;
	client->phase = CLIENT_PARTED;
	text_init(&fate, client->fate, sizeof(client->fate));
	view_release(&client->view, ~0u, &fate);
}

void
client_part_from(struct client *client, unsigned core, enum ender ended_by)
{
	char words[sizeof(client->fate)];
	struct text fate;

	if (!processes_has_others(&client->processes, core)) {
		client_part(client, ended_by);
		return;
	}
	processes_drop(&client->processes, core);
	non_stop_drop(client, 1u << core);
	text_init(&fate, words, sizeof(words));
	if (ended_by == ENDED_BY_KILL)
		view_end_program(&client->view, core);
	else
		view_release(&client->view, 1u << core, &fate);
	log_info("session", "%s gives up %s: %s", client->connection.peer,
		 view_core_name(&client->view, core),
		 ended_by == ENDED_BY_KILL ? "its program is over, the core stays as it is"
					   : words);
}

/* One that closes while it waits for an answer has lost its patience; not with a program that
 * runs. */
static bool
is_bad_end(const struct client *client, enum ender ender, enum finding suspected)
{
	switch (ender) {
	case ENDED_BY_TIMEOUT:
	case ENDED_BY_GARBAGE:
	case ENDED_BY_WRITE_AHEAD:
	case ENDED_BY_SLOW_READING:
		return true;
	case ENDED_BY_CLOSE:
		return suspected != FINDING_NONE || (client->waits_for != WAIT_NOTHING &&
						     client->waits_for != WAIT_STOP);
	default:
		return false;
	}
}

void
client_close(struct client *client, enum ender ender)
{
	enum finding suspected = suspect(client, ender);
	bool is_bad = is_bad_end(client, ender, suspected);

	if (client_has_view(client)) {
		view_cancel(&client->view);
		client_part(client, client->ended_by);
		view_close(&client->view);
	}
	client->phase = CLIENT_OVER;
	if (client->ended_by != ENDED_BY_NOBODY)
		ender = client->ended_by;
	write_obituary(client, ender, suspected);
	if (is_bad)
		recording_keep(client->clients->recording);
}
