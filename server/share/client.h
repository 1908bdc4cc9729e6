/* SPDX-License-Identifier: MIT */
/*
 * client.h - one client of the shared ST-LINK, as ST's stlink-server would serve it:
 * bytes in, bytes out, no sockets.
 *
 * The protocol is that of server_protocol.h; a request has no outer length. Opening the device is
 * what makes a client a user of the probe; listing devices does not make it one. The one device
 * has id 1.
 */
#ifndef SERVER_SHARE_CLIENT_H
#define SERVER_SHARE_CLIENT_H

#include "transport/probe/stlink/server_protocol.h"
#include "transport/probe/stlink/share.h"

enum {
	SHARE_REQUEST_MAX = SERVER_HEAD_SIZE + STLINK_EXCHANGE_MAX,
	SHARE_ANSWER_MAX = SERVER_STATUS_SIZE + STLINK_EXCHANGE_MAX
};

struct share_client {
	struct stlink_share *share;
	bool is_probe_there;
	bool is_user;  /* it has opened the device */
	unsigned user; /* its number at the probe */
};

/* *size: how long the request is that begins with these `len` bytes; more than `len` while
 * it is not whole, and 0 while that is not known. CAUSE_REQUEST: it is not a request. */
enum cause
share_client_measure(const uint8_t *bytes, size_t len, size_t *size, struct reason *why);

/* Answers one whole request; `answer` has room for SHARE_ANSWER_MAX bytes. What the probe
 * refuses or does not do is in the answer, and as a reason for the log in `why`, with the
 * cause returned. */
enum cause share_client_answer(struct share_client *client, const uint8_t *request,
			       uint8_t *answer, size_t *size, struct reason *why);

/* The client is gone: what it holds of the probe is let go. */
void share_client_leave(struct share_client *client);

#endif /* SERVER_SHARE_CLIENT_H */
