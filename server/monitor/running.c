/* SPDX-License-Identifier: MIT */
/* running.c - reset, halt, resume, and what halts a core by itself. */
#include "server/debug/run_control.h"
#include "server/monitor/rows.h"

#include "targets/reset/reset.h"
#include "transport/base/bytes.h"

#include <stdlib.h>
#include <string.h>

/* DDI 0403E C1.6.5: where the exceptions are caught. Names as Black Magic Debug has them;
 * openocd's are the same with "_err", and "state". */
#define DEMCR_AT 0xe000edfcu
static const struct {
	const char *name;
	uint32_t bit;
	const char *meaning;
} vectors[] = {
	{ "reset", 1u << 0, "a reset" },
	{ "mm", 1u << 4, "MemManage faults" },
	{ "nocp", 1u << 5, "UsageFaults: no such coprocessor" },
	{ "chk", 1u << 6, "UsageFaults: unaligned accesses, division by 0" },
	{ "stat", 1u << 7, "UsageFaults: wrong state" },
	{ "bus", 1u << 8, "BusFaults" },
	{ "int", 1u << 9, "faults on exception entry or return" },
	{ "hard", 1u << 10, "HardFaults" },
};

void
monitor_finish(struct client *client, enum cause cause, const struct reason *why)
{
	if (cause == CAUSE_NONE)
		client_reply(client, "OK", 2);
	else
		client_fail(client, DELIVER_CONSOLE, why);
}

static void
say_where(struct client *client, const char *what)
{
	struct view *view = &client->view;
	const char *name = view_core_name(view, view->general);
	/* Where it is is an extra: without it the sentence is as true. */
	struct reason why = REASON_INIT;
	uint64_t pc;

	if (view_is_halted(view, view->general) &&
	    view_register_read(view, REGISTER_PC, &pc, &why) == CAUSE_NONE)
		client_print(client, "%s%s is halted at 0x%08x", what, name, (unsigned)pc);
	else
		client_print(client, "%s%s runs", what, name);
}

enum cause
monitor_halt(struct client *client, const struct monitor_row *row, const char *rest,
	     struct reason *why)
{
	enum cause cause = view_halt(&client->view, client->view.general, why);

	(void)row;
	(void)rest;
	if (cause == CAUSE_NONE)
		say_where(client, "");
	return cause;
}

enum cause
monitor_resume(struct client *client, const struct monitor_row *row, const char *rest,
	       struct reason *why)
{
	struct view *view = &client->view;
	enum cause cause = board_resume(client_board(client), view->general, view, why);

	(void)row;
	(void)rest;
	if (cause != CAUSE_NONE)
		return cause;
	debugger_wake(client_debugger(client));
	client_print(client, "%s runs; gdb goes on showing it halted until you continue",
		     view_core_name(view, view->general));
	return CAUSE_NONE;
}

static void
was_reset(struct view *view, enum cause cause, const struct reason *why)
{
	struct client *client = container_of(view, struct client, view);

	if (cause == CAUSE_NONE)
		say_where(client, view_is_chip_shared(view, view->general)
					  ? "the target was reset, and the other core with "
					    "it; "
					  : "the target was reset; ");
	monitor_finish(client, cause, why);
}

/* Other servers know more ways: all of them reset the whole chip here. */
static bool
is_reset_to_run(struct client *client, const char *how)
{
	static const char *const halted[] = { "", "halt", "init" };

	if (strcmp(how, "run") == 0)
		return true;
	for (size_t i = 0; i < array_len(halted); i++)
		if (strcmp(how, halted[i]) == 0)
			return false;
	client_print(client,
		     "note: \"%s\" is no way to reset (halt, run): the core will be halted",
		     how);
	return false;
}

enum cause
monitor_reset(struct client *client, const struct monitor_row *row, const char *rest,
	      struct reason *why)
{
	bool halted = !is_reset_to_run(client, rest);
	struct view *view = &client->view;

	(void)row;
	client_forget_interrupt(client);
	return view_begin(view, board_reset(client_board(client), halted, view),
			  CLAIM_EVERYTHING, was_reset, why);
}

static bool
find_held(struct board *board, unsigned *core)
{
	for (*core = 0; *core < board_cores(board); ++*core)
		if (core_is_held(board_core(board, *core)))
			return true;
	return false;
}

/* There is one at most. */
static enum cause
monitor_release(struct client *client, const struct monitor_row *row, const char *rest,
		struct reason *why)
{
	struct board *board = client_board(client);
	unsigned core;
	enum cause cause;

	if (rest[0] != '\0')
		return monitor_usage(row, why);
	if (!find_held(board, &core))
		return reason_begin(why, CAUSE_REQUEST,
				    "no core of this chip waits to be started");
	cause = board_start_core(board, core, why);
	debugger_wake(client_debugger(client));
	if (cause != CAUSE_NONE)
		return cause;
	if (board_is_halted(board, core))
		client_print(client,
			     "%s was started, and is halted at its first instruction, "
			     "0x%08x",
			     core_name(board_core(board, core)),
			     (unsigned)board_stop(board, core)->halt.pc);
	else
		client_print(client, "%s was started, and runs as it was continued",
			     core_name(board_core(board, core)));
	return CAUSE_NONE;
}

struct pause {
	struct job job;
	struct deadline until;
};

static enum cause
step_pause(struct job *job, bool *done, struct reason *why)
{
	enum { US_PER_MS = 1000 };

	const struct pause *pause = container_of(job, struct pause, job);

	(void)why;
	*done = deadline_is_over(&pause->until);
	job->wait_us = (uint64_t)deadline_left_ms(&pause->until) * US_PER_MS;
	return CAUSE_NONE;
}

static enum cause
cancel_pause(struct job *job, struct reason *why)
{
	(void)job;
	(void)why;
	return CAUSE_NONE;
}

static void
free_pause(struct job *job)
{
	free(container_of(job, struct pause, job));
}

static void
has_paused(struct view *view, enum cause cause, const struct reason *why)
{
	monitor_finish(container_of(view, struct client, view), cause, why);
}

static enum cause
monitor_sleep(struct client *client, const struct monitor_row *row, const char *rest,
	      struct reason *why)
{
	enum { MAX_MS = 60000 };
	static const struct job_ops ops = { .step = step_pause,
					    .cancel = cancel_pause,
					    .free = free_pause };
	struct pause *pause;
	uint32_t ms;

	if (rest[0] == '\0')
		return monitor_usage(row, why);
	if (monitor_number(rest, "a time in ms, up to 60000", MAX_MS, &ms, why) !=
	    CAUSE_NONE)
		return why->cause;
	pause = calloc(1, sizeof(*pause));
	if (pause == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory to wait");
	pause->job = (struct job){ .ops = &ops, .name = "waiting" };
	pause->until = deadline_in_ms(board_probe(client_board(client))->clock, ms);
	return view_begin(&client->view, &pause->job, 0, has_paused, why);
}

/* openocd says "hard_err" and "state_err". */
static bool
names_vector(const char *word, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(word, name, len) != 0)
		return false;
	word += len;
	if (strcmp(name, "stat") == 0 && word[0] == 'e')
		word++;
	return word[0] == '\0' || strcmp(word, "_err") == 0;
}

static enum cause
read_vectors(const struct monitor_words *words, unsigned from, uint32_t *bits,
	     struct reason *why)
{
	*bits = 0;
	for (unsigned i = from; i < words->len; i++) {
		uint32_t before = *bits;

		for (size_t k = 0; k < array_len(vectors); k++)
			if (names_vector(words->at[i], vectors[k].name) ||
			    strcmp(words->at[i], "all") == 0)
				*bits |= vectors[k].bit;
		if (*bits == before)
			return reason_begin(why, CAUSE_REQUEST,
					    "\"%s\" is no exception that can be caught: "
					    "hard, int, bus, stat, chk, nocp, mm, reset",
					    words->at[i]);
	}
	return CAUSE_NONE;
}

static void
print_vectors(struct client *client, uint32_t demcr)
{
	bool is_any = false;

	for (size_t i = 0; i < array_len(vectors); i++) {
		if ((demcr & vectors[i].bit) == 0)
			continue;
		client_print(client, "%-5s  halts at %s", vectors[i].name,
			     vectors[i].meaning);
		is_any = true;
	}
	if (!is_any)
		client_print(client, "no exception halts the core");
}

static uint32_t
all_vectors(void)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < array_len(vectors); i++)
		bits |= vectors[i].bit;
	return bits;
}

/* "enable A B", "disable A", or openocd's whole list: "none", "all", "A B". */
static enum cause
choose_vectors(const char *rest, uint32_t now, uint32_t *wanted, struct reason *why)
{
	struct monitor_words words;
	bool adds, drops;
	uint32_t bits;
	enum cause cause;

	monitor_split(rest, &words);
	*wanted = 0;
	if (words.len == 1 && strcmp(words.at[0], "none") == 0)
		return CAUSE_NONE;
	adds = words.len > 1 && strcmp(words.at[0], "enable") == 0;
	drops = words.len > 1 && strcmp(words.at[0], "disable") == 0;
	cause = read_vectors(&words, adds || drops ? 1 : 0, &bits, why);
	*wanted = adds ? now | bits : drops ? now & ~bits : bits;
	return cause;
}

enum cause
monitor_vector_catch(struct client *client, const struct monitor_row *row, const char *rest,
		     struct reason *why)
{
	struct view *view = &client->view;
	uint8_t word[4];
	uint32_t now, wanted;
	enum cause cause = view_memory_read(view, DEMCR_AT, word, sizeof(word), why);

	(void)row;
	if (cause != CAUSE_NONE)
		return cause;
	now = le32_get(word) & all_vectors();
	if (rest[0] != '\0') {
		cause = choose_vectors(rest, now, &wanted, why);
		if (cause == CAUSE_NONE)
			cause = core_vector_catch_set(
				board_core(client_board(client), view->general), wanted,
				why);
		now = wanted;
	}
	if (cause == CAUSE_NONE)
		print_vectors(client, now);
	return cause;
}

/* openocd's "enable" may be followed by what is the default here. */
enum cause
monitor_semihosting(struct client *client, const struct monitor_row *row, const char *rest,
		    struct reason *why)
{
	struct debugger *debugger = client_debugger(client);
	struct monitor_words words;

	monitor_split(rest, &words);
	if (words.len > 0 && strcmp(words.at[0], "enable") == 0)
		debugger_allow_host_calls(debugger, true);
	else if (words.len > 0 && strcmp(words.at[0], "disable") == 0)
		debugger_allow_host_calls(debugger, false);
	else if (words.len > 0)
		return monitor_usage(row, why);
	if (debugger_allows_host_calls(debugger))
		client_print(client, "semihosting is on: what the program prints is shown");
	else
		client_print(client,
			     "semihosting is off: a program stops where it asks for it");
	return CAUSE_NONE;
}

static void
print_skew(struct client *client)
{
	struct board *board = client_board(client);
	const struct group_skew *skew = board_group_skew(board);
	const char *first = core_name(board_core(board, 0));
	const char *second = core_name(board_core(board, 1));

	if (!skew->is_known) {
		client_print(client,
			     "how far apart they halt is known after a continue of both "
			     "that took less than 5 s, with neither asleep at its end");
		return;
	}
	client_print(client,
		     "between the last start of both and the halts after it %s ran %d "
		     "cycles of %s %s than %s (%u of them to one of its own)",
		     second, abs((int)skew->cycles), first,
		     skew->cycles < 0 ? "less" : "longer", first, (unsigned)skew->ratio);
}

static void
print_group(struct client *client)
{
	struct board *board = client_board(client);

	if (!board_is_group(board)) {
		client_print(client, "each core halts by itself");
		return;
	}
	client_print(
		client,
		"%s and %s halt together, by their cross triggers (CTI): a halt of one "
		"halts the other, and a continue lets both go that wait for it",
		core_name(board_core(board, 0)), core_name(board_core(board, 1)));
	print_skew(client);
}

static enum cause
monitor_group(struct client *client, const struct monitor_row *row, const char *rest,
	      struct reason *why)
{
	struct debugger *debugger = client_debugger(client);
	enum cause cause = CAUSE_NONE;

	if (strcmp(rest, "on") == 0)
		cause = board_group_begin(client_board(client), why);
	else if (strcmp(rest, "off") == 0)
		cause = debugger_ungroup(debugger, why);
	else if (rest[0] != '\0')
		return monitor_usage(row, why);
	if (cause == CAUSE_NONE)
		print_group(client);
	return cause;
}

const struct monitor_row monitor_running_rows[] = {
	{ "reset", "[halt|run]", TOPIC_RUNNING, "reset the chip and halt (default) or run",
	  "All cores are reset, by SYSRESETREQ, or by NRST where that has no effect. gdb "
	  "keeps the registers it has read: \"maintenance flush register-cache\" makes it "
	  "read them anew.",
	  ALL, NEEDS_TARGET, monitor_reset },
	{ "halt", "", TOPIC_RUNNING, "halt the core", NULL, CORE, NEEDS_TARGET,
	  monitor_halt },
	{ "resume", "", TOPIC_RUNNING, "let the core run, behind gdb's back",
	  "gdb takes the core for halted until \"continue\" or a new connection.", CORE,
	  NEEDS_TARGET, monitor_resume },
	{ "release", "", TOPIC_RUNNING, "start the core that waits for another to start it",
	  "For an STM32H745, H747, H755 or H757: sets RCC_GCR.BOOT_C2 in place of the "
	  "Cortex-M7's program (option BCM4 = 0), or BOOT_C1 in place of the Cortex-M4's "
	  "(BCM7 = 0). The core halts at its first instruction, or goes on from there "
	  "where gdb has continued it.",
	  0, NEEDS_TARGET, monitor_release },
	{ "sleep", "MS", TOPIC_RUNNING, "wait before the next command of a script",
	  "Other clients are served meanwhile, and Ctrl-C ends it.", 0, 0, monitor_sleep },
	{ "vector_catch", "[enable|disable NAME...]", TOPIC_RUNNING,
	  "which exceptions halt the core",
	  "NAME is hard, int, bus, stat, chk, nocp, mm, reset or all. Without arguments it "
	  "lists those that are on; \"vector_catch none\" turns all off.",
	  CORE, NEEDS_TARGET, monitor_vector_catch },
	{ "group", "[on|off]", TOPIC_RUNNING, "halt both cores together",
	  "For an STM32H745, H747, H755 or H757. A halt of one core - by a breakpoint, "
	  "Ctrl-C, a step or a fault - halts the other within microseconds, by the cross "
	  "triggers of the chip (CTI). \"continue\" lets both go at once when one gdb has "
	  "both or nobody has the other; of two gdbs each continues its own core. Without "
	  "an argument it says how far apart they halted last. It ends with the last "
	  "client.",
	  ALL, NEEDS_TARGET, monitor_group },
	{ "semihosting", "[enable|disable]", TOPIC_RUNNING,
	  "serve what a program asks by BKPT 0xAB",
	  "It is on at first: text goes to gdb's console and to the log, files are those "
	  "of --semihosting-dir, and a program that ends is halted, with its exit code.",
	  0, 0, monitor_semihosting },
	{ 0 },
};
