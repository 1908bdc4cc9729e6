/* SPDX-License-Identifier: MIT */
/*
 * client.h - one client of the shared probe: bytes in, bytes out, no sockets.
 *
 * What it speaks goes by the probe: of an ST-LINK the protocol of ST's stlink-server
 * (stlink_client.c), of CMSIS-DAP that of openocd's "cmsis-dap backend tcp" (cmsis_dap_client.c).
 */
#ifndef SERVER_SHARE_CLIENT_H
#define SERVER_SHARE_CLIENT_H

#include "transport/probe/cmsis_dap/share.h"
#include "transport/probe/stlink/server_protocol.h"
#include "transport/probe/stlink/share.h"

enum {
	SHARE_REQUEST_MAX = SERVER_HEAD_SIZE + STLINK_EXCHANGE_MAX,
	SHARE_ANSWER_MAX = SERVER_STATUS_SIZE + STLINK_EXCHANGE_MAX
};

/* The probe that is shared, by its driver. */
union share_probe {
	struct sharing common;
	struct stlink_share stlink;
	struct cmsis_dap_share cmsis_dap;
};

struct share_client {
	union share_probe *share;
	bool is_probe_there;
	bool is_user;  /* it uses the probe, and has not just asked what there is */
	unsigned user; /* its number at the probe */
};

/* All of it. The probe of `share` is one that `serves` says true of. */
struct share_protocol {
	const char *kind; /* of the probe: a struct probe_kind's name */
	const char *noun; /* "ST-LINK" */
	const char *like; /* "as ST's stlink-server does" */
	bool (*serves)(struct probe *probe);
	/* ... and this program itself has it on USB. */
	bool (*is_ours)(struct probe *probe);
	/* The owner has this probe now. CAUSE_UNSUPPORTED: it is none of this protocol. */
	enum cause (*take)(union share_probe *share, struct probe *probe,
			   struct reason *why);
	/* Nobody uses it any more. */
	void (*end)(union share_probe *share);
	/* *size: how long the request is that begins with these `len` bytes; more than `len` while
	 * it is not whole, and 0 while that is not known. CAUSE_REQUEST: it is not a request. */
	enum cause (*measure)(const uint8_t *bytes, size_t len, size_t *size,
			      struct reason *why);
	/* Answers one whole request; `answer` has room for SHARE_ANSWER_MAX bytes, *size 0: it has no
	 * answer. What the probe refuses or does not do is in the answer, and as a reason for the
	 * log in `why`, with the cause returned. *ends: the protocol has no answer for that, and its
	 * connection is to be ended. */
	enum cause (*answer)(struct share_client *client, const uint8_t *request,
			     uint8_t *answer, size_t *size, bool *ends, struct reason *why);
	/* The client is gone: what it holds of the probe is let go. */
	void (*leave)(struct share_client *client);
};

extern const struct share_protocol share_stlink, share_cmsis_dap;

#endif /* SERVER_SHARE_CLIENT_H */
