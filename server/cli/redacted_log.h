/* SPDX-License-Identifier: MIT */
/*
 * redacted_log.h - the log of a recording, and its packets, without what memory held.
 */
#ifndef SERVER_CLI_REDACTED_LOG_H
#define SERVER_CLI_REDACTED_LOG_H

#include "transport/probe/redaction.h"

#include <stdio.h>

/* Writes each line for people of `recording`, from its beginning on: what was said, and of packets
 * what was asked. What is not known to be harmless is left out, and how much it was stands in its
 * place. CAUSE_HOST: no memory. */
enum cause redacted_log_write(FILE *file, FILE *recording,
			      const struct redaction *redaction, struct reason *why);

#endif /* SERVER_CLI_REDACTED_LOG_H */
