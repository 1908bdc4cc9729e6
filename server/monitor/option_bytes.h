/* SPDX-License-Identifier: MIT */
/*
 * option_bytes.h - the commands about option bytes, whose rows are among those about flash.
 */
#ifndef SERVER_MONITOR_OPTION_BYTES_H
#define SERVER_MONITOR_OPTION_BYTES_H

#include "server/monitor/rows.h"

monitor_function monitor_options, monitor_options_set;
/* Of "NAME=VALUE...", with or without --yes: as monitor_options_set(). */
enum cause
option_bytes_set(struct client *client, const char *settings, struct reason *why);

#endif /* SERVER_MONITOR_OPTION_BYTES_H */
