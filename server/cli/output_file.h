/* SPDX-License-Identifier: MIT */
/*
 * output_file.h - files that the command line names to be written.
 */
#ifndef SERVER_CLI_OUTPUT_FILE_H
#define SERVER_CLI_OUTPUT_FILE_H

#include "transport/base/reason.h"

#include <stdio.h>

/* Empty, and never waits, neither for the reader of a FIFO nor for room in it: NULL and errno,
 * as a write that fails. */
FILE *output_file_open(const char *path);
/* CAUSE_HOST: why it cannot be written. */
enum cause output_file_failed(const char *path, int error, struct reason *why);

#endif /* SERVER_CLI_OUTPUT_FILE_H */
