/* SPDX-License-Identifier: MIT */
/*
 * dap_tcp.c - CMSIS-DAP over TCP, as OpenOCD speaks it (cmsis_dap_tcp.c, default port
 * 4441): each packet has a header of 8 bytes, little-endian: the signature "DAP\0", the
 * payload's length, its kind and a zero. A probe has one client; others are refused.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/emulator/front/front.h"
#include "test/emulator/front/listen.h"
#include "test/emulator/probe/bytes.h"

#define SIGNATURE UINT32_C(0x00504144)
enum { KIND_REQUEST = 1, KIND_RESPONSE = 2 };
enum { LENGTH_AT = 4, KIND_AT = 6, HEAD_SIZE = 8, PAYLOAD_MAX = 1024 };
enum { BACKLOG = 4, SEND_LIMIT_S = 1 };

struct dap_front {
	struct front front;
	struct usb_function *probe;
	uint8_t out_ep, in_ep;
	bool is_plugged, is_held;
	int listener, client; /* -1: none */
	unsigned received;
	uint8_t request[HEAD_SIZE + PAYLOAD_MAX];
};

static struct dap_front *
dap_front_of(struct front *front)
{
	return (struct dap_front *)front; /* the first member */
}

/* What it left unread in the probe is not for the next one. */
static void
drop_client(struct dap_front *dap)
{
	if (dap->client >= 0)
		close(dap->client);
	dap->client = -1;
	dap->received = 0;
	dap->probe->ops->reset(dap->probe);
}

static bool
send_response(struct dap_front *dap, uint8_t *packet, unsigned size)
{
	le32_put(packet, SIGNATURE);
	le16_put(packet + LENGTH_AT, (uint16_t)size);
	packet[KIND_AT] = KIND_RESPONSE;
	packet[KIND_AT + 1] = 0;
	size += HEAD_SIZE;
	return send(dap->client, packet, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* All that the probe says to it; an abort has no response, and queued commands have theirs
 * together. False when the probe or the client fails. */
static bool
serve_request(struct dap_front *dap, unsigned size)
{
	uint8_t packet[HEAD_SIZE + PAYLOAD_MAX];
	struct usb_function *probe = dap->probe;
	int got;
	if (probe->ops->out(probe, dap->out_ep, dap->request + HEAD_SIZE, (int)size) != 0)
		return false;
	while ((got = probe->ops->in(probe, dap->in_ep, packet + HEAD_SIZE, PAYLOAD_MAX)) >=
	       0)
		if (!send_response(dap, packet, (unsigned)got))
			return false;
	return got == USB_NAK;
}

/* Bytes of the request in the buffer as far as is known; 0 when it is none. */
static unsigned
request_size(const struct dap_front *dap)
{
	const uint8_t *head = dap->request;
	if (dap->received < HEAD_SIZE)
		return HEAD_SIZE;
	unsigned size = le16_get(head + LENGTH_AT);
	bool is_request = le32_get(head) == SIGNATURE && head[KIND_AT] == KIND_REQUEST &&
			  size <= PAYLOAD_MAX;
	return is_request ? HEAD_SIZE + size : 0;
}

static bool
take_request(struct dap_front *dap, unsigned size)
{
	dap->received = 0;
	return dap->is_plugged && serve_request(dap, size - HEAD_SIZE);
}

/* Takes what has arrived. False: hang up. */
static bool
serve_client(struct dap_front *dap)
{
	for (;;) {
		unsigned size = request_size(dap);
		if (size == 0) {
			fprintf(stderr, "emulator: a client sent what is no CMSIS-DAP "
					"request; closing its connection\n");
			return false;
		}
		if (dap->received >= HEAD_SIZE && dap->received == size) {
			if (!take_request(dap, size))
				return false;
			continue;
		}
		ssize_t got = recv(dap->client, dap->request + dap->received,
				   size - dap->received, MSG_DONTWAIT);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 && errno == EAGAIN;
		dap->received += (unsigned)got;
	}
}

static void
accept_client(struct dap_front *dap)
{
	const struct timeval limit = { .tv_sec = SEND_LIMIT_S };
	int yes = 1;
	int fd = accept4(dap->listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	if (dap->client >= 0 || dap->is_held || !dap->is_plugged) {
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	dap->client = fd;
}

static unsigned
dap_poll_fds(struct front *front, struct pollfd *fds)
{
	struct dap_front *dap = dap_front_of(front);
	fds[0] = (struct pollfd){ .fd = dap->listener, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = dap->client, .events = POLLIN };
	return 2;
}

/* Who has left is noticed before the next one is let in. */
static void
dap_ready(struct front *front, const struct pollfd *fds, unsigned len)
{
	struct dap_front *dap = dap_front_of(front);
	if (len > 1 && fds[1].revents && dap->client >= 0 && !serve_client(dap))
		drop_client(dap);
	if (fds[0].revents)
		accept_client(dap);
}

static void
dap_plug(struct front *front, unsigned which, bool plugged)
{
	struct dap_front *dap = dap_front_of(front);
	(void)which;
	if (dap->is_plugged == plugged)
		return;
	dap->is_plugged = plugged;
	if (!plugged)
		drop_client(dap);
	dap->probe->ops->power(dap->probe, plugged);
}

static bool
dap_is_over(struct front *front, int *status)
{
	(void)front;
	(void)status;
	return false;
}

static void
dap_free(struct front *front)
{
	struct dap_front *dap = dap_front_of(front);
	if (dap->client >= 0)
		close(dap->client);
	if (dap->listener >= 0)
		close(dap->listener);
	free(dap);
}

static const struct front_ops dap_front_ops = {
	.poll_fds = dap_poll_fds,
	.ready = dap_ready,
	.plug = dap_plug,
	.is_over = dap_is_over,
	.free = dap_free,
};

struct front *
front_dap_tcp(const struct front_probes *probes, unsigned port)
{
	struct usb_function *probe = probes->list[0];
	struct dap_front *dap = calloc(1, sizeof(*dap));
	if (!dap)
		abort();
	dap->front.ops = &dap_front_ops;
	dap->probe = probe;
	dap->out_ep = usb_function_endpoint(probe, 0, 0, 0);
	dap->in_ep =
		usb_function_endpoint(probe, 0, USB_DIRECTION_IN, 0) & USB_ENDPOINT_NUMBER;
	dap->is_plugged = true;
	dap->is_held = probes->first_is_held;
	dap->client = -1;
	dap->listener = listen_on(port, BACKLOG);
	if (dap->listener >= 0)
		return &dap->front;
	dap_free(&dap->front);
	return NULL;
}
