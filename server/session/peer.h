/* SPDX-License-Identifier: MIT */
/*
 * peer.h - the other end of a TCP connection.
 */
#ifndef SERVER_SESSION_PEER_H
#define SERVER_SESSION_PEER_H

#include <stdbool.h>
#include <uv.h>

/* "127.0.0.1:40112" */
bool peer_name(const uv_tcp_t *tcp, char *name, size_t size);

/* Has the other side closed its connection, even if unread data precede the FIN? Only where
 * the system can tell (Linux). */
bool peer_has_closed(const uv_tcp_t *tcp);

/* Was the connection ended by a RST? libuv reports one that comes right behind data as an end of
 * the file. To be asked once, at the end. */
bool peer_has_reset(const uv_tcp_t *tcp);

/* Acknowledges what was read without the delay that TCP allows for (RFC 1122, 4.2.3.2; 40 ms
 * on Linux): a client without TCP_NODELAY sends its `+` and then nothing until that is
 * acknowledged. For this once; only where the system can (Linux). */
void peer_acknowledge(const uv_tcp_t *tcp);

#endif /* SERVER_SESSION_PEER_H */
