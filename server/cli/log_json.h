/* SPDX-License-Identifier: MIT */
/*
 * log_json.h - "--log-json FILE": each line of the log, and what is printed on stdout, as a
 * JSON object on a line of its own:
 * {"time": "2026-11-29T22:03:04.123Z", "level": "info", "room": "server", "text": "..."}
 */
#ifndef SERVER_CLI_LOG_JSON_H
#define SERVER_CLI_LOG_JSON_H

#include "transport/base/reason.h"

/* Begins to write; NULL: does nothing. Never waits for a reader: a FIFO that nobody reads is
 * CAUSE_HOST, as is a file that cannot be written. */
enum cause log_json_begin(const char *path, struct reason *why);
/* CAUSE_HOST: not all of it is in the file. Does nothing when it was not begun. */
enum cause log_json_end(struct reason *why);

#endif /* SERVER_CLI_LOG_JSON_H */
