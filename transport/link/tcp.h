/* SPDX-License-Identifier: MIT */
/*
 * tcp.h - a TCP connection to a probe server, with deadlines.
 */
#ifndef TRANSPORT_LINK_TCP_H
#define TRANSPORT_LINK_TCP_H

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
 * The same in parts: tcp_begin() looks the host up, which blocks for a name that a name server
 * must be asked for, and does not wait for a connection. tcp_finish() waits for `part_ms` at
 * most, and sets *done when it is connected; until then nothing else may be done with it but
 * tcp_close(), also after a failure. CAUSE_TIMEOUT: `timeout_ms` are over.
 */
enum cause tcp_begin(const char *host, const char *port, uint32_t timeout_ms,
		     struct tcp **tcp, struct reason *why);
enum cause tcp_finish(struct tcp *tcp, uint32_t part_ms, bool *done, struct reason *why);
void tcp_close(struct tcp *tcp); /* takes NULL */

/* Sends all, or receives exactly `size` bytes. CAUSE_GONE: the other side closed.
 * CAUSE_TIMEOUT: not all in `timeout_ms`; the stream is then out of step. */
enum cause tcp_send(struct tcp *tcp, const uint8_t *bytes, size_t size, uint32_t timeout_ms,
		    struct reason *why);
enum cause tcp_receive(struct tcp *tcp, uint8_t *bytes, size_t size, uint32_t timeout_ms,
		       struct reason *why);
/* What is there of at most `max` bytes, at least one. CAUSE_TIMEOUT: nothing came; the stream
 * is as it was. */
enum cause tcp_receive_some(struct tcp *tcp, uint8_t *bytes, size_t max, size_t *size,
			    uint32_t timeout_ms, struct reason *why);

#endif /* TRANSPORT_LINK_TCP_H */
