/* SPDX-License-Identifier: MIT */
/*
 * main.c - the commands, and the only place that turns causes into an exit status.
 */
#include "server/cli/cli.h"
#include "server/cli/doctor.h"
#include "server/cli/erase.h"
#include "server/cli/flash.h"
#include "server/cli/option_bytes.h"
#include "server/cli/persona.h"
#include "server/cli/probes.h"
#include "server/cli/readout.h"
#include "server/cli/recover.h"
#include "server/cli/redact.h"
#include "server/cli/replay.h"
#include "server/cli/serve.h"
#include "server/cli/targets.h"
#include "server/monitor/manual.h"
#include "server/monitor/version.h"
#include "transport/base/host.h"
#include "transport/base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
fail(const struct reason *why, int status)
{
	char words[REASON_SPACE + REASON_LINE_MAX];

	reason_text(why, words, sizeof(words));
	log_last_words(words);
	return status;
}

/* What a command printed may be in a buffer, or nowhere: a full disk, a pipe that is closed.
 * Who closed the pipe (head) knows that it has not read all. */
static int
printed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		fprintf(stderr, "what was printed is not all written: %s\n",
			strerror(errno));
	return status == EXIT_DONE ? EXIT_WORLD : status;
}

/* What ended a command comes first. */
static enum cause
redact_after(const struct options *options, enum cause cause, struct reason *why)
{
	struct reason unmade = REASON_INIT;

	if (redact_recorded(options, &unmade) == CAUSE_NONE || cause != CAUSE_NONE)
		return cause;
	*why = unmade;
	return why->cause;
}

static int
serve_command(const struct options *options)
{
	struct reason why = REASON_INIT;

	if (redact_after(options, serve(options, &why), &why) != CAUSE_NONE)
		return fail(&why, options->persona == NULL
					  ? EXIT_WORLD
					  : options->persona->failed(options, &why));
	/* The log has said it. */
	return log_print_error() == 0 ? EXIT_DONE : EXIT_WORLD;
}

static int
probes_command(const struct options *options)
{
	struct reason why = REASON_INIT;
	enum cause cause = probes_print(stdout, clock_host(), options->json, &why);

	return printed(cause == CAUSE_NONE ? EXIT_DONE : fail(&why, EXIT_WORLD));
}

static int
doctor_command(const struct options *options)
{
	struct reason why = REASON_INIT;
	bool is_healthy = false;
	enum cause cause;

	if (options->tests_nrst && options->board.connect == CONNECT_ATTACH) {
		reason_begin(
			&why, CAUSE_REQUEST,
			"--nrst pulls the reset line, and --connect attach never resets: "
			"leave one of them out");
		return fail(&why, EXIT_USAGE);
	}
	cause = doctor_print(stdout, options, &is_healthy, &why);
	cause = redact_after(options, cause, &why);
	if (cause != CAUSE_NONE)
		return printed(fail(&why, EXIT_WORLD));
	return printed(is_healthy ? EXIT_DONE : EXIT_WORLD);
}

static enum cause
needs_recording(const struct options *options, const char *command, struct reason *why)
{
	if (options->file != NULL)
		return CAUSE_NONE;
	return reason_begin(
		why, CAUSE_REQUEST,
		"tether %s needs a file that --record has written: tether %s FILE", command,
		command);
}

static int
replay_command(const struct options *options)
{
	struct reason why = REASON_INIT;
	bool is_same = false;

	if (needs_recording(options, "replay", &why) != CAUSE_NONE)
		return fail(&why, EXIT_USAGE);
	if (replay_print(stdout, options, &is_same, &why) != CAUSE_NONE)
		return printed(fail(&why, EXIT_WORLD));
	return printed(is_same ? EXIT_DONE : EXIT_WORLD);
}

static int
explain_command(const struct options *options)
{
	struct reason why = REASON_INIT;

	if (needs_recording(options, "explain", &why) != CAUSE_NONE)
		return fail(&why, EXIT_USAGE);
	return printed(explain_print(stdout, options, &why) == CAUSE_NONE
			       ? EXIT_DONE
			       : fail(&why, EXIT_WORLD));
}

static int
redact_command(const struct options *options)
{
	struct reason why = REASON_INIT;

	if (options->file == NULL || options->words_len != 1) {
		reason_begin(&why, CAUSE_REQUEST,
			     "tether redact needs a recording, and the name of the file "
			     "that it is to make of it: tether redact FILE NEW");
		return fail(&why, EXIT_USAGE);
	}
	return printed(redact_print(stdout, options, &why) == CAUSE_NONE
			       ? EXIT_DONE
			       : fail(&why, EXIT_WORLD));
}

static int
recover_command(const struct options *options)
{
	struct reason why = REASON_INIT;

	return recover(options, &why) == CAUSE_NONE ? EXIT_DONE : fail(&why, EXIT_WORLD);
}

static int
flash_command(const struct options *options)
{
	struct reason why = REASON_INIT;

	if (options->file == NULL) {
		reason_begin(&why, CAUSE_REQUEST,
			     "tether flash needs a file: tether flash FILE");
		return fail(&why, EXIT_USAGE);
	}
	return printed(flash_print(stdout, options, &why) == CAUSE_NONE
			       ? EXIT_DONE
			       : fail(&why, EXIT_WORLD));
}

static int
erase_command(const struct options *options)
{
	struct reason why = REASON_INIT;
	struct where where;

	if (erase_read(options, &where, &why) != CAUSE_NONE)
		return fail(&why, EXIT_USAGE);
	return printed(erase_print(stdout, options, &where, &why) == CAUSE_NONE
			       ? EXIT_DONE
			       : fail(&why, EXIT_WORLD));
}

static int
read_command(const struct options *options)
{
	struct reason why = REASON_INIT;
	struct readout readout;

	if (readout_parse(options, &readout, &why) != CAUSE_NONE)
		return fail(&why, EXIT_USAGE);
	return printed(readout_print(stdout, options, &readout, &why) == CAUSE_NONE
			       ? EXIT_DONE
			       : fail(&why, EXIT_WORLD));
}

static int
verify_command(const struct options *options)
{
	struct reason why = REASON_INIT;
	enum cause cause;

	if (options->file == NULL) {
		reason_begin(&why, CAUSE_REQUEST,
			     "tether verify needs a file: tether verify FILE");
		return fail(&why, EXIT_USAGE);
	}
	cause = verify_print(stdout, options, &why);
	return printed(cause == CAUSE_NONE ? EXIT_DONE : fail(&why, EXIT_WORLD));
}

static int
options_command(const struct options *options)
{
	struct reason why = REASON_INIT;

	if (option_bytes_check(options, &why) != CAUSE_NONE)
		return fail(&why, EXIT_USAGE);
	return printed(option_bytes_print(stdout, options, &why) == CAUSE_NONE
			       ? EXIT_DONE
			       : fail(&why, EXIT_WORLD));
}

static int
targets_command(const struct options *options)
{
	const struct targets_wanted wanted = { options->words, options->words_len };
	struct reason why = REASON_INIT;

	if (targets_count(&device_table, &wanted) == 0) {
		reason_begin(&why, CAUSE_REQUEST,
			     "no part that is known begins like %s; tether targets lists "
			     "them all",
			     wanted.words[0]);
		return fail(&why, EXIT_WORLD);
	}
	if (options->json)
		targets_print_json(stdout, &device_table, &wanted);
	else
		targets_print_text(stdout, &device_table, &wanted);
	return printed(EXIT_DONE);
}

static int
monitor_command(const struct options *options)
{
	(void)options;
	manual_print(stdout);
	return printed(EXIT_DONE);
}

static int help_command(const struct options *options);

static int
version_command(const struct options *options)
{
	(void)options;
	printf("tether %s\n", tether_version);
	return printed(EXIT_DONE);
}

static const struct command_entry commands[] = {
	{ "serve", serve_command,
	  FOR_TARGET | FOR_CORE | FOR_CLIENTS | FOR_LOADERS | FOR_RECORD | FOR_NEW,
	  "wait for gdb and serve it (the default)", NULL },
	{ "probes", probes_command, FOR_LISTS,
	  "list the debug probes on USB, and who holds them", NULL },
	{ "doctor", doctor_command,
	  FOR_TARGET | FOR_LISTS | FOR_DOCTOR | FOR_PAGE | FOR_RECORD | FOR_NEW,
	  "examine probe, wires and target, and say what is wrong", NULL },
	{ "replay", replay_command, FOR_LISTS | FOR_PAGE | TAKES_FILE,
	  "repeat what doctor or serve --record wrote to FILE, without the board, and "
	  "say whether it comes out the same",
	  "FILE" },
	{ "explain", explain_command, TAKES_FILE,
	  "say what happened in a recording, of doctor or of the server", "FILE" },
	{ "redact", redact_command, FOR_NEW | TAKES_FILE | TAKES_WORDS,
	  "make NEW of a recording, to be shown to others: without what memory held, "
	  "serials, paths and words of users; it is explained as before",
	  "FILE NEW" },
	{ "recover", recover_command, FOR_TARGET | FOR_CONSENT,
	  "get a board back whose program keeps debuggers out, and erase that program",
	  NULL },
	{ "flash", flash_command,
	  FOR_TARGET | FOR_CORE | FOR_LISTS | FOR_FLASH | FOR_PLACE | FOR_LOADERS |
		  TAKES_FILE | TAKES_WORDS,
	  "program each FILE (ELF, Intel HEX, S-records, UF2, or bytes with --at or as "
	  "FILE@ADDRESS), verify it and let it run",
	  "FILE..." },
	{ "erase", erase_command,
	  FOR_TARGET | FOR_CORE | FOR_LISTS | FOR_CONSENT | FOR_ERASE | FOR_LOADERS |
		  TAKES_WORDS,
	  "erase the chip, a bank, sectors, or what a range touches", WHERE_ARGUMENTS },
	{ "read", read_command,
	  FOR_TARGET | FOR_CORE | FOR_LISTS | FOR_LOADERS | TAKES_WORDS,
	  "read memory into FILE: .hex, .srec, .uf2, or else its bytes",
	  "ADDRESS LENGTH FILE" },
	{ "verify", verify_command,
	  FOR_TARGET | FOR_CORE | FOR_LISTS | FOR_PLACE | FOR_LOADERS | TAKES_FILE |
		  TAKES_WORDS,
	  "compare memory with each FILE, without halting the program", "FILE..." },
	{ "options", options_command,
	  FOR_TARGET | FOR_CORE | FOR_LISTS | FOR_CONSENT | FOR_OPTIONS | TAKES_WORDS,
	  "show option bytes by name, or set some", "[set NAME=VALUE...]" },
	{ "targets", targets_command, FOR_LISTS | TAKES_WORDS,
	  "list the parts that are known, or those whose names begin so", "[NAME...]" },
	{ "monitor", monitor_command, FOR_ANY,
	  "list what gdb's monitor command takes, see tether-monitor(7)", NULL },
	{ "help", help_command, TAKES_TOPIC, "print this text, or that of one command",
	  "[COMMAND]" },
	{ "version", version_command, FOR_ANY, "print the version", NULL },
	{ NULL, NULL, 0, NULL, NULL },
};

static int
help_command(const struct options *options)
{
	cli_print_help(stdout, commands, options->topic);
	return printed(EXIT_DONE);
}

/* In the place of another program. */
static int
run_as(const struct persona *persona, char *const *words)
{
	struct options options;
	struct reason why = REASON_INIT;

	if (persona_parse(persona, words, &options, &why) != CAUSE_NONE) {
		reason_while(&why, "reading the options of %s, which --help lists",
			     persona->name);
		return fail(&why, EXIT_WORLD);
	}
	if (options.wants_help)
		persona_print_help(persona);
	else if (options.wants_version)
		persona->version();
	else if (options.wants_probes)
		return probes_command(&options);
	else
		return serve_command(&options);
	return printed(EXIT_DONE);
}

static int
run(const struct command_entry *command, const struct options *options)
{
	if (options->wants_help)
		return help_command(options);
	if (options->wants_version)
		return version_command(options);
	return command->run(options);
}

int
main(int argc, char **argv)
{
	const struct command_entry *command;
	const struct persona *persona;
	char *const *words;
	struct options options;
	struct reason why = REASON_INIT;

	(void)argc;
	if (host_begin(&why) != CAUSE_NONE)
		return fail(&why, EXIT_WORLD);
	if (persona_find(argv, &persona, &words, &why) != CAUSE_NONE)
		return fail(&why, EXIT_USAGE);
	if (persona != NULL)
		return run_as(persona, words);
	if (cli_parse(words, commands, &options, &command, &why) != CAUSE_NONE)
		return fail(&why, EXIT_USAGE);
	return run(command, &options);
}
