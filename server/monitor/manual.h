/* SPDX-License-Identifier: MIT */
/*
 * manual.h - the monitor commands as a text, from which scripts/make-manual makes the page
 * tether-monitor(7).
 */
#ifndef SERVER_MONITOR_MANUAL_H
#define SERVER_MONITOR_MANUAL_H

#include <stdio.h>

struct manual_topic {
	const char *name; /* what "monitor help" takes */
	const char *title;
};

/* By enum monitor_topic. */
extern const struct manual_topic manual_topics[];

/* Each topic's title at the beginning of a line, its commands after two blanks, what there is
 * to say of one after six. Lines of 80 columns. */
void manual_print(FILE *file);

#endif /* SERVER_MONITOR_MANUAL_H */
