/* SPDX-License-Identifier: MIT */
/*
 * record.h - "--record FILE": the probe's conversation, in a file that a test can play.
 */
#ifndef SERVER_CLI_RECORD_H
#define SERVER_CLI_RECORD_H

#include "transport/base/reason.h"

struct record;

/* Begins to write; *record is NULL when `path` is. CAUSE_HOST: the file cannot be written. */
enum cause record_begin(struct record **record, const char *path, const char *probe,
			struct reason *why);
/* Takes NULL. CAUSE_HOST: not all of it is in the file (a full disk). */
enum cause record_end(struct record *record, struct reason *why);

#endif /* SERVER_CLI_RECORD_H */
