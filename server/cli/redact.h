/* SPDX-License-Identifier: MIT */
/*
 * redact.h - "tether redact FILE NEW": a recording that can be shown to others (redaction.h). What it
 * is explained by is the same.
 */
#ifndef SERVER_CLI_REDACT_H
#define SERVER_CLI_REDACT_H

#include "server/cli/options.h"
#include "transport/probe/redaction.h"

#include <stdio.h>

/* Makes the file of the first word, which must not be there without --force, of the recording that is the
 * options' file, and prints to `file` what was done. An examination is made again meanwhile, and by the new
 * one once more, to see that it comes to the same verdict; a session keeps what was said, and can no longer
 * be replayed. When that fails, the new one is not there. CAUSE_REQUEST: the file is no recording, or the new
 * one is there; CAUSE_MISMATCH: it is of another tether, or the verdict hangs on what is left out;
 * CAUSE_HOST. */
enum cause redact_print(FILE *file, const struct options *options, struct reason *why);
/* Which memory is the user's on any of the chips of the table, and what is the maker's. */
void redact_all_chips(struct redaction *redaction);
/* With --redact: makes the file of --record of the one beside it (record_path()), if that was begun,
 * which goes then. When it fails that is there still, and the reason says so. */
enum cause redact_recorded(const struct options *options, struct reason *why);

#endif /* SERVER_CLI_REDACT_H */
