/* SPDX-License-Identifier: MIT */
/*
 * cli.h - the command line of tether: sub-commands and options as tables, from
 * which the help is printed as well.
 */
#ifndef SERVER_CLI_CLI_H
#define SERVER_CLI_CLI_H

#include "targets/board/board.h"

#include <stdio.h>

enum { CLI_DEFAULT_PORT = 61234, SHARE_DEFAULT_PORT = 7184 };
enum exit_status { EXIT_DONE = 0, EXIT_WORLD = 1, EXIT_USAGE = 2 };

enum cli_command { CLI_SERVE, CLI_PROBES, CLI_HELP, CLI_VERSION };

struct options {
	enum cli_command command;
	const char *probe;   /* NULL: the only one there is */
	const char *core;    /* NULL: all */
	const char *bind;    /* "127.0.0.1" */
	unsigned port;       /* 0: a free one */
	const char *record;  /* file; NULL: none */
	bool once;           /* end with the last session */
	bool wait;           /* for a probe that is not there yet */
	bool is_shared;      /* offer the probe to other programs */
	unsigned share_port; /* 0: a free one */
	bool json;           /* what is told on stdout */
	struct board_options board;
};

/* Reads the command line into `options`, and log settings into the log. CAUSE_REQUEST for
 * what it does not understand; the hint names the nearest option. */
enum cause
cli_parse(int argc, char *const *argv, struct options *options, struct reason *why);

void cli_print_help(FILE *file);

extern const char tether_version[];

#endif /* SERVER_CLI_CLI_H */
