/* SPDX-License-Identifier: MIT */
/*
 * socket.h - sockets: the system's calls behind tcp.h, and what libuv has no words for.
 *
 * No other file of the product calls the system's own (scripts/check-portable); those of
 * socket_posix.c do not block but in socket_wait(). -1: it failed, errno says why.
 */
#ifndef TRANSPORT_LINK_SOCKET_H
#define TRANSPORT_LINK_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addrinfo;
struct lookup;

/* --- the addresses of a host's name --- */

/* A name server may take many seconds to answer, and getaddrinfo() cannot be stopped: it runs in
 * a thread of its own, which nobody waits for when the caller has given up. NULL: no memory, or no
 * thread. An address in numbers is looked up at once. */
struct lookup *lookup_begin(const char *host, const char *port);
/* Readable when it is done. */
int lookup_socket(const struct lookup *lookup);
/* When it is done: the addresses, which lookup_end() frees, or NULL and why there are none. */
const struct addrinfo *lookup_take(struct lookup *lookup, const char **why);
void lookup_end(struct lookup *lookup); /* takes NULL; also before it is done */
const struct addrinfo *lookup_next(const struct addrinfo *address);

/* --- a connection --- */

/* Begins to connect; it is connected when it can be written and socket_error() is 0. Sends small
 * pieces at once (TCP_NODELAY), and ends with this program. */
int socket_connect(const struct addrinfo *address);
/* The same to a local socket, a file. ENAMETOOLONG. */
int socket_connect_local(const char *path);
void socket_close(int fd); /* takes -1 */
/* What became of a connection that was begun, as errno has it; 0: it is well. */
int socket_error(int fd);

enum socket_event { SOCKET_READABLE, SOCKET_WRITABLE };

/* Waits up to `ms`: 1 when it is, 0 not yet, or a signal came. */
int socket_wait(int fd, enum socket_event event, uint32_t ms);
/* How many bytes; 0 received: the other side has closed. EAGAIN: there are none yet. */
int64_t socket_send(int fd, const void *bytes, size_t size);
int64_t socket_receive(int fd, void *bytes, size_t size);

/* --- the other end --- */

/* Has it closed, even if unread data precede the FIN? Only where the system can tell (Linux),
 * else when nothing unread does. */
bool socket_has_hung_up(int fd);
/* The process that listens, or did, at a local socket; 0: the system does not say (Linux does). */
long socket_peer_process(int fd);
/* Acknowledges what was read at once, for this time; where the system can (Linux). */
void socket_acknowledge(int fd);

#endif /* TRANSPORT_LINK_SOCKET_H */
