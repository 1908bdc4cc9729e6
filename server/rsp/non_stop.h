/* SPDX-License-Identifier: MIT */
/*
 * non_stop.h - gdb's non-stop mode: each core runs and stops by itself, and gdb looks at one while
 * another runs (GDB manual, "Remote Non-Stop", "Notification Packets").
 *
 * vCont is answered at once; a stop comes later, as the notification %Stop. The client takes it,
 * and those that stopped meanwhile, by vStopped. Until then the core runs for this client, and an
 * action for all threads is not for it.
 *
 * A client of this mode may ask for anything at any time, so no text can be sent to its console but
 * within a monitor command: gdb 13.1 and 16.3 take it for the reply to what they have just asked.
 * Notes wait for the next monitor command.
 */
#ifndef SERVER_RSP_NON_STOP_H
#define SERVER_RSP_NON_STOP_H

#include "targets/chip/device.h"
#include "transport/base/reason.h"
#include "transport/base/text.h"

struct client;

enum { NON_STOP_REPORT_MAX = 1024 };

struct non_stop {
	bool is_on;
	/* Sets of cores. */
	unsigned running;     /* the client has not taken the stop */
	unsigned halting;     /* of these: vCont;t has asked for it */
	unsigned interrupted; /* of these: Ctrl-C has */
	unsigned reported;    /* the one that the client was sent last, and has not taken */
	bool is_reporting;    /* the client was sent one, and asks for the next */
	size_t len;           /* reports behind that one, each of another core */
	struct non_stop_report {
		unsigned core;
		char text[NON_STOP_REPORT_MAX];
	} reports[DEVICE_MAX_CORES];
};

/* Answers `?`: the first of the cores that have stopped; OK when all run. */
void non_stop_list(struct client *client, struct text *reply);
/* The client has attached to the core: its stop follows. */
void non_stop_begin(struct client *client, unsigned core);
/* Does an action of vCont concern this core? One that runs is not resumed, and one that has stopped
 * or is about to is not halted. */
bool non_stop_concerns(const struct client *client, unsigned core, char letter);
/* The action was taken. */
void non_stop_acted(struct client *client, unsigned core, char letter);
/* Ctrl-C: halts the core that the client has dealt with last, if that runs, or else one that
 * does. */
enum cause non_stop_interrupt(struct client *client, struct reason *why);
/* The client gives these cores up: what was to be reported of them is not. */
void non_stop_drop(struct client *client, unsigned cores);

/* What the view says of its cores (view_ops). */
void non_stop_stopped(struct client *client, unsigned core);
void non_stop_failed(struct client *client, unsigned core, const struct reason *why);
/* The programs of the cores that ran are over; the client has the others still, if any. */
void non_stop_lost(struct client *client);

#endif /* SERVER_RSP_NON_STOP_H */
