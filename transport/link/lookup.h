/* SPDX-License-Identifier: MIT */
/*
 * lookup.h - the addresses of a host's name.
 *
 * A name server may take many seconds to answer, and getaddrinfo() cannot be stopped: it runs in
 * a thread of its own, which nobody waits for when the caller has given up.
 */
#ifndef TRANSPORT_LINK_LOOKUP_H
#define TRANSPORT_LINK_LOOKUP_H

#include <netdb.h>

struct lookup;

/* Does not block. NULL: no memory, or no thread. An address in numbers is looked up at once. */
struct lookup *lookup_begin(const char *host, const char *port);
/* Readable when it is done. */
int lookup_fd(const struct lookup *lookup);
/* When it is done: getaddrinfo()'s code, and the addresses, which lookup_end() frees. */
int lookup_take(struct lookup *lookup, const struct addrinfo **addresses);
void lookup_end(struct lookup *lookup); /* takes NULL; also before it is done */

#endif /* TRANSPORT_LINK_LOOKUP_H */
