/* SPDX-License-Identifier: MIT */
/*
 * rendezvous.h - where programs of one user find each other: local sockets in a folder that is
 * his alone, $XDG_RUNTIME_DIR/tether, or /tmp/tether-UID where that is not set.
 */
#ifndef TRANSPORT_LINK_RENDEZVOUS_H
#define TRANSPORT_LINK_RENDEZVOUS_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>

/* What fits struct sockaddr_un on all systems. */
enum { RENDEZVOUS_PATH = 104 };

/* The path of the socket of that name: letters and digits of it, another byte counts as '_'. Makes
 * the folder. CAUSE_HOST: it cannot be made, or is another user's. */
enum cause
rendezvous_path(const char *name, char path[RENDEZVOUS_PATH], struct reason *why);

/* CAUSE_HOST: the folder is there, and is not this user's alone, so that nobody is found in it. */
enum cause rendezvous_check(struct reason *why);

/* The path of the one socket whose name begins with `prefix`; of several, of the one that a program
 * listens at: one that was killed leaves its socket. False: there is none, or several are left. */
bool rendezvous_find(const char *prefix, char path[RENDEZVOUS_PATH]);
/* Does a program listen there? */
bool rendezvous_is_attended(const char *path);
/* The number of the process that does; 0: none does, or the system does not say. RENDEZVOUS_BUSY: one
 * does, and others wait already for it to take their connections. */
enum { RENDEZVOUS_BUSY = -1 };
long rendezvous_owner(const char *path);

enum {
	/* A tether answers within milliseconds, but while its own probe is late, or the computer swaps. */
	RENDEZVOUS_ANSWER_MS = 1500
};
/* Begins the reason for a tether that has the probe and did not answer: its process, 0 where that is
 * not known, whether it is stopped, and what to do. `cause` is what the reason gets. */
enum cause rendezvous_silent(long owner, enum cause cause, struct reason *why);

/* The socket, bound and not yet listened at, is for this user alone. CAUSE_HOST. */
enum cause rendezvous_guard(const char *path, struct reason *why);
/* Removes a socket that one who was killed has left. */
void rendezvous_clear(const char *path);

#endif /* TRANSPORT_LINK_RENDEZVOUS_H */
