/* SPDX-License-Identifier: MIT */
/*
 * recorded_file.h - the file that tether explain, replay and redact are given: whether it can be a
 * recording at all.
 *
 * Who reads it reads it more than once, line by line. So it is a file and nothing that gives other
 * bytes each time or never ends, and no line of it is longer than those that tether writes.
 */
#ifndef SERVER_CLI_RECORDED_FILE_H
#define SERVER_CLI_RECORDED_FILE_H

#include "transport/base/reason.h"

#include <stdio.h>

/* Opens it, to be read from its beginning. CAUSE_HOST: it cannot be read; CAUSE_REQUEST: it is no
 * recording. *file is NULL then. */
enum cause recorded_file_open(FILE **file, const char *path, struct reason *why);

#endif /* SERVER_CLI_RECORDED_FILE_H */
