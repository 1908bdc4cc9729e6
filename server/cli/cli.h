/* SPDX-License-Identifier: MIT */
/*
 * cli.h - reads a command line by two tables, of commands and of options (options.h), and
 * prints the help from them.
 */
#ifndef SERVER_CLI_CLI_H
#define SERVER_CLI_CLI_H

#include "server/cli/options.h"

#include <stdio.h>

enum exit_status { EXIT_DONE = 0, EXIT_WORLD = 1, EXIT_USAGE = 2 };

/* Beside enum option_use: another command may follow, as in "help probes", or a file, or words. */
enum { TAKES_TOPIC = 1 << 16, TAKES_FILE = 1 << 17, TAKES_WORDS = 1 << 18 };

struct command_entry {
	const char *name; /* NULL ends a table; the first row is run without a command */
	int (*run)(const struct options *options);
	unsigned takes; /* a set of enum option_use; TAKES_TOPIC */
	const char *help;
	const char *arguments; /* what its words are, for its usage; NULL: it takes none */
};

/* Reads the command line into `options` and `command`. CAUSE_REQUEST for what it does not
 * understand, or what the command does not take; the remedy names the nearest command or
 * option. */
enum cause cli_parse(char *const *words, const struct command_entry *commands,
		     struct options *options, const struct command_entry **command,
		     struct reason *why);

/* Reads the options of `table`, up to "--", and passes over words that are none. CAUSE_REQUEST
 * as above. */
enum cause cli_parse_options(char *const *words, const struct option *table,
			     struct options *options, struct reason *why);

/* Lines of 80 columns at most. Of the command `topic` alone; NULL: of all. */
void cli_print_help(FILE *file, const struct command_entry *commands, const char *topic);
/* The rows of a table alone. */
void cli_print_options(FILE *file, const struct option *table);

#endif /* SERVER_CLI_CLI_H */
