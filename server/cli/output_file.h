/* SPDX-License-Identifier: MIT */
/*
 * output_file.h - files that the command line names to be written.
 */
#ifndef SERVER_CLI_OUTPUT_FILE_H
#define SERVER_CLI_OUTPUT_FILE_H

#include "transport/base/host.h"

/* They are opened by host_file_replace(). CAUSE_HOST: why one cannot be written. */
enum cause output_file_failed(const char *path, int error, struct reason *why);
/* CAUSE_REQUEST: it is there already, and stays as it is without --force. */
enum cause output_file_is_there(const char *path, struct reason *why);

#endif /* SERVER_CLI_OUTPUT_FILE_H */
