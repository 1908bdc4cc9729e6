/* SPDX-License-Identifier: MIT */
/*
 * option_bytes.h - the commands about option bytes, whose rows are among those about flash.
 */
#ifndef SERVER_MONITOR_OPTION_BYTES_H
#define SERVER_MONITOR_OPTION_BYTES_H

#include "server/monitor/rows.h"

monitor_function monitor_options, monitor_options_set;

#endif /* SERVER_MONITOR_OPTION_BYTES_H */
