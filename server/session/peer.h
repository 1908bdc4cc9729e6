/* SPDX-License-Identifier: MIT */
/*
 * peer.h - the other end of a TCP connection.
 */
#ifndef SERVER_SESSION_PEER_H
#define SERVER_SESSION_PEER_H

#include <stdbool.h>
#include <uv.h>

/* "127.0.0.1:40112" */
void peer_name(const uv_tcp_t *tcp, char *name, size_t size);

/* Has the other side closed its connection, even if unread data precede the FIN? Only where
 * the system can tell (Linux). */
bool peer_has_closed(const uv_tcp_t *tcp);

#endif /* SERVER_SESSION_PEER_H */
