/* SPDX-License-Identifier: MIT */
/*
 * persona.h - tether in the place of another GDB server: an IDE that starts that one by its
 * name finds its options, the lines that it waits for, and its exit statuses.
 *
 * A persona is a table of options, each with what it means here, and what is printed when. It
 * is chosen by the name that tether is called by (a link), or by "--as NAME". Sources: the help
 * texts and published logs of ST-LINK_gdbserver 7.10 to 7.14; stlink 1.8.0, src/st-util; what
 * Cortex-Debug 1.13 (src/stlink.ts, stutil.ts), STM32CubeIDE and Zephyr's west
 * (runners/stlink_gdbserver.py) start and wait for.
 */
#ifndef SERVER_CLI_PERSONA_H
#define SERVER_CLI_PERSONA_H

#include "server/cli/options.h"

struct persona {
	const char *name; /* "st-util" */
	const struct option *options;
	uint32_t port;
	bool extended_stays; /* after a session in extended mode it goes on */
	/* Before anything is done. */
	void (*begin)(const struct options *options);
	/* The first port is open. */
	void (*listening)(unsigned port);
	/* A client has sent its first packet. */
	void (*connected)(void);
	void (*ending)(void);
	/* Prints what the IDE reads of a failure; the exit status. */
	int (*failed)(const struct options *options, const struct reason *why);
	void (*version)(void);
};

extern const struct persona persona_st, persona_st_util;

/* By the name of the program and its first words; *words: those that follow. NULL: tether is
 * called as itself. CAUSE_REQUEST: there is none of the name after --as. */
enum cause persona_find(char *const *words, const struct persona **persona,
			char *const **rest, struct reason *why);

/* NULL: there is none of that name. */
const struct persona *persona_by_name(const char *name);

/* The persona's options into `options`, which has its defaults then. CAUSE_REQUEST as
 * cli_parse(). */
enum cause persona_parse(const struct persona *persona, char *const *words,
			 struct options *options, struct reason *why);

/* More of them, from elsewhere. */
enum cause
persona_parse_more(struct options *options, char *const *words, struct reason *why);

/* What the table says, for people. */
void persona_print_help(const struct persona *persona);

/* Setters for options that mean little here: `option_is_so` does always what the option asks
 * for, `option_means_nothing` is named once at the start. */
option_setter option_is_so, option_means_nothing;
/* Setters of what both programs have under names of their own: go on after the last session; let the
 * program be at the start; reset it by connecting under reset, and not once more. */
option_setter option_stays, option_attaches, option_connects_under_reset;

/* Each for a persona, or nothing when there is none. */
void persona_begin(const struct options *options);
void persona_listening(const struct options *options, unsigned port);
void persona_connected(const struct options *options);
void persona_ending(const struct options *options);

#endif /* SERVER_CLI_PERSONA_H */
