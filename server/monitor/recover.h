/* SPDX-License-Identifier: MIT */
/*
 * recover.h - getting a board back whose program is in the way, beside a debugger. Its row is among
 * those about flash.
 */
#ifndef SERVER_MONITOR_RECOVER_H
#define SERVER_MONITOR_RECOVER_H

#include "server/monitor/rows.h"

monitor_function monitor_recover;

#endif /* SERVER_MONITOR_RECOVER_H */
