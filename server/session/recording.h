/* SPDX-License-Identifier: MIT */
/*
 * recording.h - what was said lately, in memory, and the files it goes to: one that a client asks for,
 * and one of each session that ended as it should not.
 */
#ifndef SERVER_SESSION_RECORDING_H
#define SERVER_SESSION_RECORDING_H

#include "transport/probe/tape.h"

#include <uv.h>

enum { RECORDING_PATH_MAX = 512, RECORDING_HALF = 1024 * 1024 };

/* How a file begins (server/cli/record.h): of one that has all since the server's start, and of one
 * that lacks some. */
struct recording_heads {
	char *whole, *cut;
};

struct recording {
	struct tape *tape; /* NULL: the session cannot be replayed */
	struct reel *reel; /* NULL: played */
	struct recording_heads heads;
	bool is_by_option;             /* all goes to the file of --record */
	char path[RECORDING_PATH_MAX]; /* of what a client asked for; "": nothing */
	FILE *file;
	unsigned keep; /* files of sessions that ended badly; 0: none */
	bool has_timer;
	uv_timer_t timer; /* for what is still said when one ends */
	uint64_t kept_us; /* when one was written; 0: never */
};

/* Begins to keep what is said in memory; not with `is_by_option`. False: no memory. */
bool recording_begin(struct recording *recording, uv_loop_t *loop, struct reel *reel);
/* Ends what a client asked for, and closes its handle in the loop. */
void recording_close(struct recording *recording);

/* Writes what was kept to a new file, and all from now on. CAUSE_REQUEST: it records already;
 * CAUSE_HOST: there is no such file to be made. */
enum cause recording_to(struct recording *recording, const char *path, struct reason *why);
/* CAUSE_REQUEST: it does not record; CAUSE_HOST: not all is in the file. */
enum cause recording_off(struct recording *recording, struct reason *why);

/* Something ended as it should not: what was said goes to a file soon, which the log names. At most
 * one a minute. */
void recording_keep(struct recording *recording);

#endif /* SERVER_SESSION_RECORDING_H */
