/* SPDX-License-Identifier: MIT */
/*
 * recover.c - as "tether recover" does: a target that is lost is connected to again, through a power
 * cycle by hand where nothing else gets in; read protection is taken back where it is at level 1, which
 * erases all; else the chip is reset and halted before its program runs, and what it starts from
 * is erased. Other clients hear of the reset and of the erase by the board's events.
 */
#include "server/monitor/recover.h"

#include "flash/load/load.h"
#include "server/monitor/option_bytes.h"
#include "targets/diagnosis/verdict.h"
#include "targets/diagnosis/wording.h"
#include "targets/reset/reset.h"

#include <string.h>

static void
print_verdict(struct client *client)
{
	struct verdict verdicts[VERDICTS_MAX];
	const struct finding_row *row;

	if (verdicts_of(board_facts(client_board(client)), verdicts) == 0)
		return;
	row = finding_row(verdicts[0].finding);
	client_print(
		client, "%s %s (%s %s)",
		verdicts[0].certainty == CERTAIN ? "the reason:" : "probably",
		wording_sentence(board_facts(client_board(client)), verdicts[0].finding),
		row->id, row->name);
}

static void
erased(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);

	if (cause == CAUSE_NONE)
		client_print(client, "the program is erased: load one that leaves the "
				     "debug port on");
	monitor_finish(client, cause, why);
}

static enum cause
begin_erase(struct client *client, struct reason *why)
{
	struct board *board = client_board(client);
	struct view *view = &client->view;
	struct load_request request;
	struct job *job = NULL;
	enum cause cause;

	load_request_init(&request);
	cause = load_request_erase_starts(&request, board, why);
	if (cause == CAUSE_NONE)
		cause = load_begin(board_core(board, view->general), board, &request, &job,
				   why);
	load_request_clear(&request);
	if (cause != CAUSE_NONE)
		return cause;
	client_print(client, "erasing the first sector of each flash bank");
	return view_begin(view, job, CLAIM_FLASH | CORES, erased, why);
}

static void
was_halted(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);
	struct reason failure = *why;

	if (cause == CAUSE_NONE)
		cause = begin_erase(client, &failure);
	if (cause != CAUSE_NONE)
		monitor_finish(client, cause, &failure);
}

static enum cause
erase_starts(struct client *client, bool is_agreed, struct reason *why)
{
	struct view *view = &client->view;

	if (!is_agreed) {
		client_print(client, "with --yes the chip is reset, and the first sector "
				     "of each flash bank is erased");
		reason_begin(why, CAUSE_REQUEST, "nothing was erased: that needs consent");
		reason_suspect(why, FINDING_REQUEST_CONSENT);
		return CAUSE_REQUEST;
	}
	client_forget_interrupt(client);
	client_print(client, "resetting the chip, to halt before the program runs");
	return view_begin(view, board_reset(client_board(client), true, view),
			  CLAIM_EVERYTHING, was_halted, why);
}

/* Of a chip whose option bytes are not known the erase says what is in its way. */
static bool
is_closed(struct client *client)
{
	struct board *board = client_board(client);
	struct option_change now;
	struct reason unread = REASON_INIT;

	return option_change_begin(&now, board, board_core(board, client->view.general),
				   &unread) == CAUSE_NONE &&
	       option_change_is_closed(&now);
}

static enum cause
recover_reached(struct client *client, bool is_agreed, struct reason *why)
{
	enum cause cause = view_check_free(&client->view, ALL, why);

	if (cause != CAUSE_NONE)
		return cause;
	print_verdict(client);
	if (!is_closed(client))
		return erase_starts(client, is_agreed, why);
	client_print(client, "the flash is read-protected (RDP level 1): it can only be "
			     "erased");
	return option_bytes_set(client, is_agreed ? "RDP=0 --yes" : "RDP=0", why);
}

static void
go_on(struct view *view, bool is_agreed, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);
	struct reason failure = *why;

	if (cause == CAUSE_NONE) {
		client_print(client, "connected: %s", board_describe(client_board(client)));
		cause = recover_reached(client, is_agreed, &failure);
	}
	if (cause != CAUSE_NONE || view_job(view) == NULL)
		monitor_finish(client, cause, &failure);
}

static void
was_reached(struct view *view, enum cause cause, const struct reason *why)
{
	go_on(view, false, cause, why);
}

static void
was_reached_to_erase(struct view *view, enum cause cause, const struct reason *why)
{
	go_on(view, true, cause, why);
}

enum cause
monitor_recover(struct client *client, const struct monitor_row *row, const char *rest,
		struct reason *why)
{
	bool is_agreed = strcmp(rest, "--yes") == 0;

	if (!is_agreed && rest[0] != '\0')
		return monitor_usage(row, why);
	if (!debugger_is_lost(client_debugger(client)))
		return recover_reached(client, is_agreed, why);
	client_forget_interrupt(client);
	client_print(client, "the target is lost: connecting, under reset if need be");
	return view_recover_by_hand(&client->view,
				    is_agreed ? was_reached_to_erase : was_reached, why);
}
