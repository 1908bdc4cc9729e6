/* SPDX-License-Identifier: MIT */
#include "server/cli/recover.h"

#include "flash/load/load.h"
#include "server/cli/consent.h"
#include "server/cli/workbench.h"
#include "targets/connect/connect.h"
#include "targets/connect/power_cycle.h"
#include "targets/diagnosis/verdict.h"
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

/* In silence even under reset, with a supply that is there as far as the probe can tell. */
static bool
may_be_locked_up(struct board *board)
{
	const struct facts *facts = board_facts(board);
	uint32_t millivolts = 0;

	return facts_is(facts, FACT_ANSWERS_IN_RESET, 0) &&
	       (!facts_get(facts, FACT_TARGET_VOLTAGE, &millivolts) || millivolts > 1000);
}

static enum cause
reach(struct workbench *bench, struct reason *why)
{
	char words[REASON_SPACE + REASON_LINE_MAX];
	enum cause cause = workbench_run(bench, board_connect(bench->board), why);

	if (cause == CAUSE_NONE || workbench_is_interrupted() ||
	    !may_be_locked_up(bench->board))
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
		  row->sentence, row->id, row->name);
}

/* Where a chip starts its program is all that has to go: without vectors a core gets no further,
 * and what lies behind them is not lost. */
static enum cause
ask_for_starts(struct board *board, struct load_request *request, struct reason *why)
{
	const struct chip *chip = board_chip(board);
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; i < chip->memories_len && cause == CAUSE_NONE; i++)
		if (chip->memories[i].entry->kind == MEMORY_FLASH)
			cause = load_request_erase(request, board, chip->memories[i].base,
						   1, why);
	return cause;
}

static enum cause
erase(struct workbench *bench, struct reason *why)
{
	struct load_request request;
	struct job *job = NULL;
	enum cause cause;

	load_request_init(&request);
	cause = ask_for_starts(bench->board, &request, why);
	if (cause == CAUSE_NONE)
		cause = load_begin(board_core(bench->board, 0), bench->board, &request,
				   &job, why);
	if (cause == CAUSE_NONE)
		cause = workbench_run(bench, job, why);
	load_request_clear(&request);
	return cause == CAUSE_NONE ? CAUSE_NONE : reason_while(why, "erasing the flash");
}

/* Halted at its reset vector the program is out of the way, and so are DMA and watchdogs. */
static enum cause
recover_on(struct workbench *bench, const struct options *options, struct reason *why)
{
	enum cause cause = reach(bench, why);

	if (cause != CAUSE_NONE)
		return cause;
	say_verdict(bench->board);
	cause = consent_ask(options,
			    "Erase the first sector of each flash bank? The program in it "
			    "is lost.",
			    "the board can be reached, and nothing was erased", why);
	if (cause != CAUSE_NONE)
		return cause;
	log_print("Resetting the chip, to halt before the program runs");
	cause = workbench_run(bench, board_reset(bench->board, true, bench), why);
	if (cause != CAUSE_NONE)
		return cause;
	log_print("Erasing the first sector of each flash bank");
	cause = erase(bench, why);
	if (cause == CAUSE_NONE)
		log_print("The program is erased: load one that leaves the debug port on");
	return cause;
}

enum cause
recover(const struct options *options, struct reason *why)
{
	struct workbench bench = { .board = NULL };
	enum cause cause = workbench_begin(&bench, options, why);

	if (cause == CAUSE_NONE)
		cause = recover_on(&bench, options, why);
	workbench_end(&bench);
	return cause;
}
