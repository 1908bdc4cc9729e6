/* SPDX-License-Identifier: MIT */
/*
 * erase.h - "tether erase": the chip, a bank, sectors, or a range.
 */
#ifndef SERVER_CLI_ERASE_H
#define SERVER_CLI_ERASE_H

#include "server/cli/options.h"
#include "server/monitor/where.h"

#include <stdio.h>

/* What options->words and --sector mean. CAUSE_REQUEST: nothing. */
enum cause
erase_read(const struct options *options, struct where *where, struct reason *why);
/* Erases that, every sector whole that it touches, and lets the chip start anew. Erasing all of the
 * chip needs consent: CAUSE_REQUEST without. Fails as load.h says. */
enum cause erase_print(FILE *file, const struct options *options, const struct where *where,
		       struct reason *why);

#endif /* SERVER_CLI_ERASE_H */
