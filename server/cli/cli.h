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

struct command_entry {
	const char *name; /* NULL ends a table; the first row is run without a command */
	int (*run)(const struct options *options);
	const char *help;
};

/* Reads the command line into `options` and `command`. CAUSE_REQUEST for what it does not
 * understand; the remedy names the nearest command or option. */
enum cause cli_parse(char *const *words, const struct command_entry *commands,
		     struct options *options, const struct command_entry **command,
		     struct reason *why);

/* Lines of 80 columns at most. */
void cli_print_help(FILE *file, const struct command_entry *commands);

#endif /* SERVER_CLI_CLI_H */
