/* SPDX-License-Identifier: MIT */
#include "server/cli/recover.h"

#include "flash/load/load.h"
#include "flash/options/change.h"
#include "server/cli/consent.h"
#include "server/cli/workbench.h"
#include "targets/connect/connect.h"
#include "targets/connect/power_cycle.h"
#include "targets/diagnosis/verdict.h"
#include "targets/diagnosis/wording.h"
#include "targets/reset/reset.h"
#include "transport/base/log.h"

#include <string.h>

enum { PATIENCE_MS = 120000 };

static void
say(void *context, const char *line)
{
	(void)context;
	log_print("%s", line);
}

static enum cause
reach(struct workbench *bench, struct reason *why)
{
	char words[REASON_SPACE + REASON_LINE_MAX];
	enum cause cause = workbench_run(bench, board_connect(bench->board), why);

	if (cause == CAUSE_NONE || workbench_is_interrupted() ||
	    !board_may_need_power_cycle(bench->board))
		return cause;
	reason_text(why, words, sizeof(words));
	log_print("%s", words);
	log_print(
		"Nothing answers, even in reset. If this is a chip whose program chose the "
		"wrong core supply (STM32H7), a power cycle under reset gets it back");
	return workbench_run(
		bench,
		board_connect_through_power_cycle(bench->board, PATIENCE_MS, say, NULL),
		why);
}

static void
say_verdict(struct board *board)
{
	struct verdict verdicts[VERDICTS_MAX];
	const struct finding_row *row;

	log_print("Connected: %s", board_describe(board));
	if (verdicts_of(board_facts(board), verdicts) == 0)
		return;
	row = finding_row(verdicts[0].finding);
	log_print("%s %s (%s %s)",
		  verdicts[0].certainty == CERTAIN ? "The reason:" : "Probably",
		  wording_sentence(board_facts(board), verdicts[0].finding), row->id,
		  row->name);
}

/* Halted at its reset vector the program is out of the way, and so are DMA and watchdogs. It may have
 * turned the port off since the connection. */
static enum cause
reset_and_halt(struct workbench *bench, struct reason *why)
{
	enum cause cause;

	log_print("Resetting the chip, to halt before the program runs");
	cause = workbench_run(bench, board_reset(bench->board, true, bench), why);
	if (cause != CAUSE_GONE || workbench_is_interrupted())
		return cause;
	log_print("The connection is lost: connecting again, under reset if need be");
	*why = (struct reason)REASON_INIT;
	cause = reach(bench, why);
	return cause == CAUSE_NONE
		       ? workbench_run(bench, board_reset(bench->board, true, bench), why)
		       : cause;
}

static enum cause
erase(struct workbench *bench, struct reason *why)
{
	struct load_request request;
	struct job *job = NULL;
	enum cause cause;

	load_request_init(&request);
	cause = load_request_erase_starts(&request, bench->board, why);
	if (cause == CAUSE_NONE)
		cause = load_begin(board_main_core(bench->board), bench->board, &request,
				   &job, why);
	if (cause == CAUSE_NONE)
		cause = workbench_run(bench, job, why);
	load_request_clear(&request);
	return cause == CAUSE_NONE ? CAUSE_NONE : reason_while(why, "erasing the flash");
}

static enum cause
erase_starts(struct workbench *bench, const struct options *options, struct reason *why)
{
	enum cause cause;

	log_print("To keep the program from running, the chip is reset and the first "
		  "sector of each flash bank is erased");
	cause = consent_ask(options, "Erase these sectors? The program in them is lost.",
			    "the board can be reached, and nothing was erased", why);
	if (cause == CAUSE_NONE)
		cause = reset_and_halt(bench, why);
	if (cause != CAUSE_NONE)
		return cause;
	log_print("Erasing the first sector of each flash bank");
	cause = erase(bench, why);
	if (cause == CAUSE_NONE)
		log_print("The program is erased: load one that leaves the debug port on");
	return cause;
}

/* The chip loads its option bytes by a reset, and has to be looked at anew. */
static enum cause
write_options(struct workbench *bench, const struct option_change *change,
	      struct reason *why)
{
	struct job *job =
		options_write(change->set, bench->board, &change->before, &change->after);
	enum cause cause;

	if (job == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	cause = workbench_run(bench, job, why);
	if (cause == CAUSE_NONE && change->set->control->launch == 0)
		cause = workbench_run(bench, board_reset(bench->board, false, NULL), why);
	return cause == CAUSE_NONE ? workbench_run(bench, board_connect(bench->board), why)
				   : cause;
}

static enum cause
check_level_0(struct workbench *bench, const struct option_change *change,
	      struct reason *why)
{
	struct option_change now;
	enum cause cause =
		option_change_begin(&now, bench->board, board_main_core(bench->board), why);

	if (cause == CAUSE_NONE)
		cause = option_change_compare(change, &now.before, why);
	if (cause == CAUSE_NONE)
		log_print("The flash is erased, and no longer read-protected: load a "
			  "program");
	return cause;
}

static enum cause
write_level_0(struct workbench *bench, const struct option_change *change,
	      struct reason *why)
{
	log_print("Setting RDP to level 0, which erases the flash: do not unplug or reset "
		  "the board now");
	return write_options(bench, change, why);
}

/* So that what only executes is erased, too. */
static enum cause
write_first_step(struct workbench *bench, struct option_change *change,
		 const struct option_change *step, struct reason *why)
{
	enum cause cause = reset_and_halt(bench, why);

	log_print("Setting %s to 1 first, for the part of the flash that only executes to "
		  "be erased, too: do not unplug or reset the board now",
		  change->set->rdp_needs);
	if (cause == CAUSE_NONE)
		cause = write_options(bench, step, why);
	return cause == CAUSE_NONE ? option_change_begin(change, bench->board,
							 board_main_core(bench->board), why)
				   : cause;
}

static enum cause
open_change(struct workbench *bench, struct option_change *change, struct reason *why)
{
	char buffer[REASON_SPACE];
	struct text words;
	enum cause cause;

	text_init(&words, buffer, sizeof(buffer));
	cause = option_change_open(change, bench->board, &words, why);
	if (cause == CAUSE_NONE)
		log_print("%s", buffer);
	return cause;
}

static enum cause
lift_protection(struct workbench *bench, const struct options *options,
		struct option_change *change, struct reason *why)
{
	struct option_change step;
	bool is_in_two_steps = option_change_first_step(change, &step);
	enum cause cause = CAUSE_NONE;

	log_print("The flash is read-protected (RDP level 1): it can only be erased");
	if (is_in_two_steps)
		log_print(
			"RDP from level 1 to 0 erases %s, and the part that only executes",
			change->set->erases);
	else
		cause = open_change(bench, change, why);
	if (cause == CAUSE_NONE)
		cause = consent_ask(options, "Set read protection back to level 0?",
				    "the board can be reached, and nothing was erased",
				    why);
	if (cause == CAUSE_NONE && is_in_two_steps)
		cause = write_first_step(bench, change, &step, why);
	if (cause == CAUSE_NONE && is_in_two_steps)
		cause = open_change(bench, change, why);
	if (cause == CAUSE_NONE)
		cause = reset_and_halt(bench, why);
	if (cause == CAUSE_NONE)
		cause = write_level_0(bench, change, why);
	return cause == CAUSE_NONE ? check_level_0(bench, change, why) : cause;
}

/* Of a chip whose option bytes are not known the erase says what is in its way. */
static bool
is_closed(struct workbench *bench, struct option_change *change)
{
	struct reason unread = REASON_INIT;

	return option_change_begin(change, bench->board, board_main_core(bench->board),
				   &unread) == CAUSE_NONE &&
	       option_change_is_closed(change);
}

static enum cause
recover_on(struct workbench *bench, const struct options *options, struct reason *why)
{
	struct option_change change;
	enum cause cause = reach(bench, why);

	if (cause != CAUSE_NONE)
		return cause;
	say_verdict(bench->board);
	return is_closed(bench, &change) ? lift_protection(bench, options, &change, why)
					 : erase_starts(bench, options, why);
}

enum cause
recover(const struct options *options, struct reason *why)
{
	struct workbench bench = { .board = NULL };
	enum cause cause = workbench_begin(&bench, options, why);

	if (cause == CAUSE_NONE)
		cause = workbench_claim(&bench, "tether recover", why);
	if (cause == CAUSE_NONE)
		cause = recover_on(&bench, options, why);
	workbench_end(&bench);
	return cause;
}
