/* SPDX-License-Identifier: MIT */
/*
 * tcp.h - a connection to a probe server, by TCP or a local socket, with deadlines. Once the program is to end
 * every wait is cut short (patience.h) and fails with CAUSE_GONE.
 */
#ifndef TRANSPORT_LINK_TCP_H
#define TRANSPORT_LINK_TCP_H

#include "transport/base/patience.h"
#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tcp;

/* Connects to host:port ("127.0.0.1", "7184"). CAUSE_HOST when nobody listens or the name
 * is unknown, CAUSE_TIMEOUT after `timeout_ms`. */
enum cause tcp_open(const char *host, const char *port, uint32_t timeout_ms,
		    struct tcp **tcp, struct reason *why);
/*
 * The same in parts: tcp_begin() does not block. tcp_finish() waits for `part_ms` at most - for
 * the name to be looked up, then for a connection - and sets *done when it is connected; until
 * then nothing else may be done with it but tcp_close(), also after a failure. CAUSE_TIMEOUT:
 * `timeout_ms` are over.
 */
enum cause tcp_begin(const char *host, const char *port, uint32_t timeout_ms,
		     struct tcp **tcp, struct reason *why);
/* As tcp_begin(), to a local socket: a file. */
enum cause tcp_begin_local(const char *path, uint32_t timeout_ms, struct tcp **tcp,
			   struct reason *why);
enum cause tcp_finish(struct tcp *tcp, uint32_t part_ms, bool *done, struct reason *why);
void tcp_close(struct tcp *tcp); /* takes NULL */
/* The process that listens, of one to a local socket; 0: the system does not say. */
long tcp_peer_process(const struct tcp *tcp);

/* Sends all. CAUSE_GONE: the other side closed. CAUSE_TIMEOUT: not all in `timeout_ms`; the
 * stream is then out of step. */
enum cause tcp_send(struct tcp *tcp, const uint8_t *bytes, size_t size, uint32_t timeout_ms,
		    struct reason *why);
/* Receives `size` bytes, of which *have are there already, and counts them in *have.
 * CAUSE_TIMEOUT: not all within the time; it may be called again for the rest. CAUSE_GONE: the
 * other side closed. */
enum cause tcp_receive(struct tcp *tcp, uint8_t *bytes, size_t size, size_t *have,
		       const struct patience *patience, struct reason *why);

#endif /* TRANSPORT_LINK_TCP_H */
