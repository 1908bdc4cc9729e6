/* SPDX-License-Identifier: MIT */
/*
 * workbench.h - a probe and a board for commands that work without a loop, until Ctrl-C.
 */
#ifndef SERVER_CLI_WORKBENCH_H
#define SERVER_CLI_WORKBENCH_H

#include "server/cli/algorithms.h"
#include "transport/probe/redaction.h"

#include <stdio.h>

struct workbench {
	struct board *board; /* NULL: the probe could not be opened */
	struct core *core;   /* of workbench_connect() */
	struct clock *clock;
	struct probe *played; /* the one of a recording; NULL: there is none */
	struct algorithms algorithms;
};

/* Opens the probe and makes a board of it, not connected. Fails as probe_open(); for one that another
 * program holds it waits a second. SIGINT, SIGTERM
 * and SIGHUP end what runs from here on. */
enum cause
workbench_begin(struct workbench *bench, const struct options *options, struct reason *why);
/* What a workbench's probe is beside hardware; all NULL: nothing. */
struct workbench_tape {
	FILE *record; /* what it is asked and answers is written here (recorder.h) */
	FILE *replay; /* it is the one that was recorded there (replay.h) */
	struct redaction *redaction; /* of what is written; gets the probe's names */
};
/* The same, with that. The files stay open until workbench_end(). */
enum cause workbench_begin_taped(struct workbench *bench, const struct options *options,
				 const struct workbench_tape *tape, struct reason *why);
/* Reserves the target among the programs that share the probe, until workbench_end(), and waits as long
 * as one of them programs or resets it: `what` is the command, "tether flash". */
enum cause workbench_claim(struct workbench *bench, const char *what, struct reason *why);
/* workbench_begin(), that unless `what` is NULL, connects, and finds the core that --core names. Fails
 * as these. */
enum cause workbench_connect(struct workbench *bench, const struct options *options,
			     const char *what, struct reason *why);
/* Runs the job and frees it. CAUSE_REQUEST: a signal ended it, at most 20 ms later. */
enum cause workbench_run(struct workbench *bench, struct job *job, struct reason *why);
/* The same, and leaves the job to the caller, who frees it. */
enum cause workbench_run_kept(struct workbench *bench, struct job *job, struct reason *why);
/* Lets the target run and the probe go. */
void workbench_end(struct workbench *bench);
/* Has a signal come? */
bool workbench_is_interrupted(void);

#endif /* SERVER_CLI_WORKBENCH_H */
