/* SPDX-License-Identifier: MIT */
/*
 * monitor.h - gdb's "monitor" commands, as the rows of one packet (qRcmd).
 */
#ifndef SERVER_MONITOR_MONITOR_H
#define SERVER_MONITOR_MONITOR_H

#include "server/rsp/commands.h"

extern const struct command monitor_commands[];

#endif /* SERVER_MONITOR_MONITOR_H */
