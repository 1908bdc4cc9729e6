/* SPDX-License-Identifier: MIT */
/*
 * doctor.h - "tether doctor": connects as the server would, makes experiments, and says what is
 * wrong, how sure that is, what speaks for it and what to do.
 */
#ifndef SERVER_CLI_DOCTOR_H
#define SERVER_CLI_DOCTOR_H

#include "server/cli/diagnosis.h"
#include "server/cli/options.h"

#include <stdio.h>

/* Prints to `file`, as text or with options->json in JSON. *is_healthy: nothing was found. Fails
 * with CAUSE_REQUEST when a signal ended it. */
enum cause doctor_print(FILE *file, const struct options *options, bool *is_healthy,
			struct reason *why);

/* For replay.h, which makes the same examination by a recording: of a bench that is begun, or has
 * no board for the reason in `diagnosis`. */
enum cause doctor_examine(struct diagnosis *diagnosis, const struct options *options,
			  struct reason *why);
/* All of it; and the verdicts with the reason alone, as text. */
void
doctor_write(FILE *file, const struct options *options, const struct diagnosis *diagnosis);
void doctor_write_verdicts(FILE *file, const struct diagnosis *diagnosis);
bool doctor_is_healthy(const struct diagnosis *diagnosis);

#endif /* SERVER_CLI_DOCTOR_H */
