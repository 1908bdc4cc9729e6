/* SPDX-License-Identifier: MIT */
/*
 * log.h - what happens, for those who follow it; not why a call failed: that is
 * returned as a reason and printed once, by the last caller.
 *
 * A line on stderr has the time of day, a level, the room it comes from ("probe",
 * "flash") and text: "19:52:03.123 info: probe: ...". Writing never waits: what
 * nobody reads is dropped, counted and reported later (stream.h). On a terminal errors and
 * warnings are coloured, unless NO_COLOR is set (no-color.org). The log is
 * process-wide on purpose - there is one stderr - and is set up once by main.c;
 * everything else only writes to it.
 */
#ifndef TRANSPORT_BASE_LOG_H
#define TRANSPORT_BASE_LOG_H

#include "transport/base/format.h"
#include "transport/base/reel.h"

#include <stdbool.h>
#include <stdio.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG, LOG_WIRE };

/* "info" for every room that was not named, or "probe=wire" for one. False when it says
 * neither. At most 16 rooms can be named. */
bool log_set(const char *setting);
/* Would a line of that level be written? For those that are costly to make. */
bool log_wants(enum log_level level, const char *room);

void log_error(const char *room, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void log_warning(const char *room, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void log_info(const char *room, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void log_debug(const char *room, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* Transfers, byte for byte. */
void log_wire(const char *room, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/* What that room says at level wire goes to `file` as well, a line each, whether it is shown
 * or not; NULL: no longer. Of "probe" this is its conversation, which test/unit/chat_file.h
 * can play. */
void log_record(const char *room, FILE *file);
/* The same, to where the reel goes; `room` NULL: no room's. */
void log_record_on(const char *room, struct reel *reel);
/* Beside that, what is said to people, and at level wire by that room, in lines that begin with
 * "#" and the time of day: "#19:52:03.123 info: probe: ...". */
void log_note(const char *room);
/* errno of the write at which the record ended, 0: it did not. */
int log_record_error(void);

/* A line on stdout, without time or level; dropped like those of the log. One that stdout
 * cannot take (a full disk) goes to the log instead. */
void log_print(const char *fmt, ...) FORMAT_PRINTF(1, 2);
/* errno of the last line that stdout could not take; 0: it took all, or nobody reads it. */
int log_print_error(void);
/* To stderr as it is, before the process ends: waits up to a second for the reader. */
void log_last_words(const char *words);

/* On a terminal, and nowhere else: a line below all others, which the next such line takes the
 * place of, and each line of the log or of log_print() takes away. NULL takes it away. False: stderr is
 * no terminal, or one that cannot go back in a line (TERM=dumb). */
bool log_status(const char *words);

/* Who gets each line that is shown beside stderr, and those of log_print(), at level info; NULL:
 * nobody. The time is for who listens to take. */
typedef void
log_sink(enum log_level level, const char *room, const char *text, void *context);
void log_also(log_sink *sink, void *context);
const char *log_level_name(enum log_level level); /* "info" */

/* Where lines go instead of stderr; NULL: stderr again. Tests listen in this way. */
void log_set_sink(log_sink *sink, void *context);

#endif /* TRANSPORT_BASE_LOG_H */
