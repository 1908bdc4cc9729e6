/* SPDX-License-Identifier: MIT */
/*
 * recorded_log.h - what a recording of the server says to people: the log that is in it.
 */
#ifndef SERVER_CLI_RECORDED_LOG_H
#define SERVER_CLI_RECORDED_LOG_H

#include <stdbool.h>
#include <stdio.h>

/* "#19:52:03.123 info: probe: WORDS" cut into its parts; the words begin with the room. */
struct recorded_note {
	char *time, *level, *words;
};

/* False: the line is none. */
bool recorded_note_cut(char *line, struct recorded_note *note);
/* Prints it from the beginning of `recording` on. False: there is none, and nothing is printed. */
bool recorded_log_print(FILE *file, FILE *recording);

#endif /* SERVER_CLI_RECORDED_LOG_H */
