/* SPDX-License-Identifier: MIT */
/*
 * option_bytes.c - the option bytes, listed and set beside a debugger. Setting them takes jobs, one
 * begun by the end of the other: write; reset the chip and look at it anew, since its flash may
 * lie otherwise now; halt it at its reset vector, which other clients hear of.
 */
#include "server/monitor/option_bytes.h"

#include "targets/connect/connect.h"
#include "targets/reset/reset.h"
#include "transport/base/bytes.h"

#include <string.h>

enum { LINE_MAX_LEN = 256, WORDS_MAX = 4096 };

static void
print_field(struct client *client, const struct option_set *set,
	    const struct option_field *field, const struct option_values *values)
{
	char buffer[LINE_MAX_LEN];
	struct text line;

	text_init(&line, buffer, sizeof(buffer));
	options_add_line(set, field, options_get(field, values), &line);
	client_print(client, "%s", buffer);
}

/* One that waits to be started reads nothing. */
static struct core *
core_of(struct client *client)
{
	struct board *board = client_board(client);
	struct core *own = board_core(board, client->view.general);

	return core_is_held(own) ? board_main_core(board) : own;
}

enum cause
monitor_options(struct client *client, const struct monitor_row *row, const char *rest,
		struct reason *why)
{
	struct option_change now;
	enum cause cause;

	if (rest[0] != '\0')
		return monitor_usage(row, why);
	cause = option_change_begin(&now, client_board(client), core_of(client), why);
	if (cause != CAUSE_NONE)
		return cause;
	client_print(client, "%s (%s)", now.set->name, now.set->source);
	for (const struct option_field *field = now.set->fields; field->name != NULL;
	     field++)
		if (options_has_field(field, now.dev_id))
			print_field(client, now.set, field, &now.before);
	return CAUSE_NONE;
}

/* --- behind the write --------------------------------------------------------------------- */

/* What is done, in order. */
enum step {
	STEP_RESET, /* loads the option bytes where the controller itself does not */
	STEP_CONNECT,
	STEP_HALT,
	STEP_COMPARE
};

static void step_done(struct view *view, enum cause cause, const struct reason *why);

static enum cause
compare(struct client *client, struct reason *why)
{
	const struct option_change *change = &client->options.change;
	const struct option_field *field = NULL;
	struct option_change now;
	enum cause cause =
		option_change_begin(&now, client_board(client), core_of(client), why);

	if (cause != CAUSE_NONE)
		return reason_while(why, "the option bytes are written; reading them back");
	while ((field = option_change_next(change, field)) != NULL)
		print_field(client, change->set, field, &now.before);
	cause = option_change_compare(change, &now.before, why);
	if (cause == CAUSE_NONE &&
	    board_chip(client_board(client))->layout != client->options.layout)
		client_print(client,
			     "the flash lies otherwise now: connect gdb again, so that "
			     "it asks for the memory map");
	return cause;
}

static struct job *
job_of_step(struct client *client)
{
	if (client->options.step == STEP_CONNECT)
		return board_reconnect(client_board(client));
	return board_reset(client_board(client), true, &client->view);
}

static void
begin_step(struct client *client)
{
	struct reason why = REASON_INIT;
	enum cause cause;

	if (client->options.step == STEP_COMPARE) {
		cause = compare(client, &why);
		monitor_finish(client, cause, &why);
		return;
	}
	cause = view_begin(&client->view, job_of_step(client), CLAIM_EVERYTHING, step_done,
			   &why);
	if (cause != CAUSE_NONE)
		monitor_finish(client, cause, &why);
}

/* The board counts as lost from here on. */
static void
finish_closed(struct client *client, const struct reason *silence)
{
	struct board *board = client_board(client);
	struct reason why = *silence;
	char buffer[WORDS_MAX];
	struct text words;
	enum cause cause;

	text_init(&words, buffer, sizeof(buffer));
	cause = option_change_explain_closed(&client->options.change, board, &words, &why);
	if (cause == CAUSE_NONE) {
		client_print(client, "%s", buffer);
		reason_begin(&why, CAUSE_GONE,
			     "the chip was closed to debuggers for good, "
			     "as this session had asked for");
	}
	board_give_up(board, &why);
	monitor_finish(client, cause, &why);
}

static void
step_done(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);
	struct reason failure = *why;

	if (cause != CAUSE_NONE && option_change_closes(&client->options.change)) {
		finish_closed(client, why);
		return;
	}
	if (cause != CAUSE_NONE) {
		reason_while(&failure, "the option bytes are written; %s the chip",
			     client->options.step == STEP_CONNECT ? "looking at"
								  : "resetting");
		monitor_finish(client, cause, &failure);
		return;
	}
	client->options.step++;
	begin_step(client);
}

static void
written(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);

	if (cause != CAUSE_NONE) {
		monitor_finish(client, cause, why);
		return;
	}
	client->options.step = client->options.change.set->control->launch != 0 ||
					       option_change_closes(&client->options.change)
				       ? STEP_CONNECT
				       : STEP_RESET;
	begin_step(client);
}

/* --- before it ---------------------------------------------------------------------------- */

struct consent {
	bool is_agreed, is_final;
};

/* The words that are no assignment are taken out. */
static struct consent
take_consent(struct monitor_words *words)
{
	struct consent consent = { false, false };
	unsigned kept = 0;

	for (unsigned i = 0; i < words->len; i++) {
		if (strcmp(words->at[i], "--yes") == 0)
			consent.is_agreed = true;
		else if (strcmp(words->at[i], "--lock-this-chip-for-ever") == 0)
			consent.is_final = true;
		else
			words->at[kept++] = words->at[i];
	}
	words->len = kept;
	return consent;
}

/* The sentences are the reasons, the first of them the root. */
static enum cause
refuse(struct client *client, const char *words, struct reason *why)
{
	size_t first = strcspn(words, "\n");

	if (words[first] != '\0')
		client_print(client, "%s", words + first + 1);
	reason_begin(why, CAUSE_REQUEST, "%.*s", (int)first, words);
	return reason_while(why, "refused, and nothing was written");
}

static enum cause
agree(struct client *client, struct consent consent, struct reason *why)
{
	char buffer[WORDS_MAX];
	struct text words;
	enum option_danger danger;

	text_init(&words, buffer, sizeof(buffer));
	danger = option_change_classify(&client->options.change, client_board(client),
					&words);
	if (danger == OPTION_REFUSES || (danger == OPTION_IS_FINAL && !consent.is_final))
		return refuse(client, buffer, why);
	if (words.used > 0)
		client_print(client, "%s", buffer);
	if (danger == OPTION_WARNS || consent.is_agreed)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST, "nothing was written: that needs consent");
	reason_suspect(why, FINDING_REQUEST_CONSENT);
	return CAUSE_REQUEST;
}

static enum cause
prepare(struct client *client, const struct monitor_words *words, struct reason *why)
{
	struct option_change *change = &client->options.change;
	char buffer[LINE_MAX_LEN];
	struct text needed;
	enum cause cause =
		option_change_begin(change, client_board(client), core_of(client), why);

	text_init(&needed, buffer, sizeof(buffer));
	if (cause == CAUSE_NONE)
		cause = option_change_assign(change, words->at, words->len, &needed, why);
	if (cause == CAUSE_NONE && needed.used > 0)
		client_print(client, "%s", buffer);
	return cause;
}

static enum cause
begin_write(struct client *client, struct reason *why)
{
	struct board *board = client_board(client);
	const struct option_change *change = &client->options.change;
	struct job *job =
		options_write(change->set, board, &change->before, &change->after);

	if (job == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	client->options.layout = board_chip(board)->layout;
	client_forget_interrupt(client);
	client_print(client, "writing: do not unplug or reset the board now");
	return view_begin(&client->view, job, CLAIM_EVERYTHING, written, why);
}

enum cause
option_bytes_set(struct client *client, const char *settings, struct reason *why)
{
	struct monitor_words words;
	struct consent consent;
	enum cause cause;

	monitor_split(settings, &words);
	consent = take_consent(&words);
	cause = prepare(client, &words, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (option_change_is_empty(&client->options.change)) {
		client_print(
			client,
			"the option bytes hold these values already: nothing was written");
		return CAUSE_NONE;
	}
	cause = agree(client, consent, why);
	return cause == CAUSE_NONE ? begin_write(client, why) : cause;
}

enum cause
monitor_options_set(struct client *client, const struct monitor_row *row, const char *rest,
		    struct reason *why)
{
	struct monitor_words words;

	monitor_split(rest, &words);
	if (words.len > MONITOR_WORDS)
		return monitor_usage(row, why);
	take_consent(&words);
	return words.len == 0 ? monitor_usage(row, why)
			      : option_bytes_set(client, rest, why);
}
