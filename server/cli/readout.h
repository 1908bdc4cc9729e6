/* SPDX-License-Identifier: MIT */
/*
 * readout.h - "tether read" and "tether verify": memory to a file, and compared with one. Neither halts
 * a core that runs.
 */
#ifndef SERVER_CLI_READOUT_H
#define SERVER_CLI_READOUT_H

#include "server/cli/options.h"

#include <stdio.h>

struct readout {
	uint32_t at, size;
	const char *path;
};

/* Of options->words, ADDRESS LENGTH FILE. CAUSE_REQUEST: they are not that. */
enum cause
readout_parse(const struct options *options, struct readout *readout, struct reason *why);
/* Reads memory of any kind and writes the file, in the format that its name ends with (file_write()).
 * Fails as reading memory fails, or with CAUSE_HOST. */
enum cause readout_print(FILE *file, const struct options *options,
			 const struct readout *readout, struct reason *why);
/* Compares what options->file holds with the memory. CAUSE_MISMATCH: the first byte that differs. */
enum cause verify_print(FILE *file, const struct options *options, struct reason *why);

#endif /* SERVER_CLI_READOUT_H */
