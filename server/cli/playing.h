/* SPDX-License-Identifier: MIT */
/*
 * playing.h - a recording that is read, and the examination that is made again by it.
 */
#ifndef SERVER_CLI_PLAYING_H
#define SERVER_CLI_PLAYING_H

#include "server/cli/diagnosis.h"
#include "server/cli/options.h"
#include "server/cli/record.h"

#include <stdio.h>

struct playing {
	FILE *file;
	struct recorded_question question;
	struct diagnosis diagnosis;
};

/* Opens the file, and reads what was asked. Fails as recorded_file_open(), and `file` is NULL then, or as
 * record_read_question(), and it is open. */
enum cause playing_begin(struct playing *playing, const char *path, struct reason *why);
/* Makes the examination again. CAUSE_MISMATCH: it cannot be made to its end. */
enum cause playing_examine(struct playing *playing, struct reason *why);
/* Says that in `why`, whose root is where they part. CAUSE_MISMATCH. */
enum cause playing_refuse_end(const struct playing *playing, struct reason *why);
void playing_end(struct playing *playing);

#endif /* SERVER_CLI_PLAYING_H */
