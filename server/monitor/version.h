/* SPDX-License-Identifier: MIT */
/*
 * version.h - which tether this is.
 */
#ifndef SERVER_MONITOR_VERSION_H
#define SERVER_MONITOR_VERSION_H

extern const char tether_version[];

#endif /* SERVER_MONITOR_VERSION_H */
