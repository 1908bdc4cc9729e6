/* SPDX-License-Identifier: MIT */
/*
 * rows.h - the monitor commands as rows, for the files of server/monitor: the rows of a topic
 * stand beside their functions, and help, manual and dispatch are made from them.
 *
 * To add a command, add a row to the table of its topic. A row without `help` is one that
 * IDEs send unasked: it is answered, and not shown to people.
 */
#ifndef SERVER_MONITOR_ROWS_H
#define SERVER_MONITOR_ROWS_H

#include "server/rsp/commands.h"

enum monitor_topic {
	TOPIC_SESSION,
	TOPIC_RUNNING,
	TOPIC_LOOKING,
	TOPIC_FLASH,
	TOPIC_PROBE,
	TOPIC_OTHERS, /* what other servers call it */
	MONITOR_TOPICS
};

/* Beside NEEDS_TARGET of commands.h. */
enum { REPORTS_FAILURES = 0x100 };

struct monitor_row;

/* `rest`: what follows the name, without blanks around it. Prints with client_print(), fails
 * with a reason; or begins a job, whose end replies. */
typedef enum cause monitor_function(struct client *client, const struct monitor_row *row,
				    const char *rest, struct reason *why);

struct monitor_row {
	const char *name;      /* "reset", "flash erase"; NULL ends a table */
	const char *arguments; /* "[halt|run]" */
	enum monitor_topic topic;
	const char *help; /* one line */
	const char *text; /* what else there is to know; NULL: nothing */
	unsigned claims;  /* as in commands.h */
	unsigned flags;
	monitor_function *run;
};

extern const struct monitor_row monitor_help_rows[], monitor_session_rows[],
	monitor_running_rows[], monitor_looking_rows[], monitor_flash_rows[],
	monitor_probe_rows[], monitor_compat_rows[], monitor_driver_rows[],
	monitor_rtt_rows[];

/* tables.c: all of them, up to NULL. */
extern const struct monitor_row *const monitor_tables[];
/* The row whose name the line begins with, the longest; *rest: what follows. Letters may be
 * of either case. NULL: none. */
const struct monitor_row *monitor_find(const char *line, const char **rest);
/* The name that is nearest to the first word of the line; NULL: none is near. */
const char *monitor_nearest(const char *line);

/* words.c: a line cut at its blanks. */
enum { MONITOR_WORDS = 8 };
struct monitor_words {
	unsigned len; /* MONITOR_WORDS + 1: there are more */
	char chars[256];
	const char *at[MONITOR_WORDS];
};
void monitor_split(const char *rest, struct monitor_words *words);
/* "08000000", "1fff7800": a hexadecimal number is meant, and none of C's octal ones. */
bool monitor_lacks_prefix(const char *word);
/* A number up to `max`, as C writes it but for octal ones. CAUSE_REQUEST: `what` it should be. */
enum cause monitor_number(const char *word, const char *what, uint32_t max, uint32_t *value,
			  struct reason *why);
/* CAUSE_REQUEST: how the row is used. */
enum cause monitor_usage(const struct monitor_row *row, struct reason *why);

/* Those that rows of other tables run as well. */
monitor_function monitor_reset, monitor_halt, monitor_resume, monitor_speed,
	monitor_targets, monitor_vector_catch, monitor_registers, monitor_exit,
	monitor_semihosting, monitor_flash_erase, monitor_read, monitor_write;
/* Of a job: replies with OK, or fails. */
void monitor_finish(struct client *client, enum cause cause, const struct reason *why);
/* Erases all flash, or what [at, at + size) touches. */
enum cause monitor_erase_all(struct client *client, struct reason *why);
enum cause
monitor_erase(struct client *client, uint32_t at, uint32_t size, struct reason *why);

#endif /* SERVER_MONITOR_ROWS_H */
