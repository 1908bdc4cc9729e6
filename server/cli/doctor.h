/* SPDX-License-Identifier: MIT */
/*
 * doctor.h - "tether doctor": connects as the server would, makes experiments, and says what is
 * wrong, how sure that is, what speaks for it and what to do.
 */
#ifndef SERVER_CLI_DOCTOR_H
#define SERVER_CLI_DOCTOR_H

#include "server/cli/options.h"

#include <stdio.h>

/* Prints to `file`, as text or with options->json in JSON. *is_healthy: nothing was found. Fails
 * with CAUSE_REQUEST when a signal ended it. */
enum cause doctor_print(FILE *file, const struct options *options, bool *is_healthy,
			struct reason *why);

#endif /* SERVER_CLI_DOCTOR_H */
