/* SPDX-License-Identifier: MIT */
/*
 * stlink_tcp.c - ST's stlink-server on TCP, with the probes of the bench.
 *
 * Requests have no outer length: the first byte says how long a request is, and
 * "USB" requests say how much data follows. Little-endian. Layouts: OpenOCD
 * stlink_usb.c (stlink_tcp_*), the only published client.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/emulator/front/front.h"
#include "test/emulator/front/listen.h"
#include "test/emulator/probe/bytes.h"

enum { MAX_CLIENTS = 31, MAX_DATA = 10240, MAX_REQUEST = 32 + MAX_DATA };
enum { SEND_LIMIT_MS = 1000 };

enum {
	REQUEST_REFRESH = 0,
	REQUEST_COUNT = 1,
	REQUEST_INFO = 2,
	REQUEST_OPEN = 3,
	REQUEST_CLOSE = 4,
	REQUEST_USB = 5,
	REQUEST_VERSION = 6,
	REQUESTS
};
enum { DIRECTION_WRITE = 0, DIRECTION_READ = 1, DIRECTION_SWO = 3 };
enum {
	STATUS_OK = 1,
	STATUS_TIMEOUT = 0x1001,
	STATUS_BAD_PARAMETER = 0x1002,
	STATUS_OPEN_ERROR = 0x1003
};
/* Fields of a USB request. */
enum { USB_ID_AT = 4, USB_COMMAND_AT = 8, USB_DIRECTION_AT = 24, USB_SIZE_AT = 28 };
enum { USB_COMMAND_SIZE = 16, USB_HEAD_SIZE = 32 };
/* Device record of an info reply. */
enum { INFO_SIZE = 41, INFO_SERIAL_SIZE = 32 };
/* API 3: clients may use RW_MISC over TCP (OpenOCD, stlink_usb_count_misc_rw_queue). */
static const uint32_t server_version[4] = { 3, 2, 1, 1 };
enum { INFO_USED_AT = 44 };
/* Of the first probe, the others follow; any number does. */
enum { FIRST_DEVICE_ID = 1 };

struct tcp_probe {
	struct usb_function *function;
	uint8_t out_ep, in_ep, trace_ep;
	bool is_plugged;
	bool is_held; /* by another program, for itself alone */
};

struct client {
	int fd;
	uint32_t connect_id; /* 0: no probe opened */
	struct tcp_probe *probe;
	uint32_t received;
	uint8_t request[MAX_REQUEST];
};

struct tcp_front {
	struct front front;
	struct tcp_probe probes[FRONT_MAX_PROBES];
	unsigned probes_len;
	int listener;
	uint32_t next_connect_id;
	unsigned clients_len;
	struct client *clients[MAX_CLIENTS];
};

static struct tcp_front *
tcp_of(struct front *front)
{
	return (struct tcp_front *)front; /* the first member */
}

/* False when the client is gone, or does not take its reply in time. */
static bool
send_all(const struct client *client, const uint8_t *bytes, size_t size)
{
	while (size) {
		struct pollfd writable = { .fd = client->fd, .events = POLLOUT };
		ssize_t sent = send(client->fd, bytes, size, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && (errno != EAGAIN || poll(&writable, 1, SEND_LIMIT_MS) <= 0))
			return false;
		if (sent > 0) {
			bytes += sent;
			size -= (size_t)sent;
		}
	}
	return true;
}

static bool
send_word(const struct client *client, uint32_t word)
{
	uint8_t bytes[4];
	le32_put(bytes, word);
	return send_all(client, bytes, sizeof(bytes));
}

static bool
answer_version(struct tcp_front *tcp, struct client *client)
{
	uint8_t bytes[16];
	(void)tcp;
	for (unsigned i = 0; i < 4; i++)
		le32_put(bytes + 4 * i, server_version[i]);
	return send_all(client, bytes, sizeof(bytes));
}

static bool
answer_refresh(struct tcp_front *tcp, struct client *client)
{
	(void)tcp;
	return send_word(client, STATUS_OK);
}

/* The `index`th of those that are plugged, NULL past the last. */
static struct tcp_probe *
plugged_at(struct tcp_front *tcp, unsigned index)
{
	for (unsigned i = 0; i < tcp->probes_len; i++)
		if (tcp->probes[i].is_plugged && index-- == 0)
			return &tcp->probes[i];
	return NULL;
}

/* The only reply without a status but the version's. */
static bool
answer_count(struct tcp_front *tcp, struct client *client)
{
	unsigned count = 0;
	while (plugged_at(tcp, count))
		count++;
	return send_word(client, count);
}

static uint32_t
id_of(const struct tcp_front *tcp, const struct tcp_probe *probe)
{
	return FIRST_DEVICE_ID + (uint32_t)(probe - tcp->probes);
}

static void
put_record(const struct tcp_front *tcp, const struct tcp_probe *probe, uint8_t *bytes)
{
	const struct usb_function *function = probe->function;
	size_t len = strlen(function->serial);
	le32_put(bytes + 4, id_of(tcp, probe));
	memcpy(bytes + 8, function->serial,
	       len < INFO_SERIAL_SIZE ? len : INFO_SERIAL_SIZE);
	le16_put(bytes + 40, usb_function_vendor(function));
	le16_put(bytes + 42, usb_function_product_id(function));
	bytes[INFO_USED_AT] = probe->is_held;
}

static bool
answer_info(struct tcp_front *tcp, struct client *client)
{
	uint8_t bytes[4 + INFO_SIZE] = { 0 };
	const struct tcp_probe *probe = plugged_at(tcp, client->request[1]);
	le32_put(bytes, probe ? STATUS_OK : STATUS_BAD_PARAMETER);
	if (probe)
		put_record(tcp, probe, bytes);
	return send_all(client, bytes, sizeof(bytes));
}

/* NULL unless it is there and free. */
static struct tcp_probe *
find_free(struct tcp_front *tcp, uint32_t id)
{
	for (unsigned i = 0; i < tcp->probes_len; i++) {
		struct tcp_probe *probe = &tcp->probes[i];
		if (id_of(tcp, probe) == id && probe->is_plugged && !probe->is_held)
			return probe;
	}
	return NULL;
}

/* That a held probe is refused as one that is not there is an assumption; OpenOCD does not
 * ask for one whose info says that it is used. */
static bool
answer_open(struct tcp_front *tcp, struct client *client)
{
	uint8_t bytes[8] = { 0 };
	struct tcp_probe *probe = find_free(tcp, le32_get(client->request + 4));
	if (probe) {
		client->probe = probe;
		client->connect_id = ++tcp->next_connect_id;
	}
	le32_put(bytes, probe ? STATUS_OK : STATUS_OPEN_ERROR);
	le32_put(bytes + 4, client->connect_id);
	return send_all(client, bytes, sizeof(bytes));
}

static bool
is_own_connection(const struct client *client)
{
	return client->connect_id && le32_get(client->request + 4) == client->connect_id;
}

static bool
answer_close(struct tcp_front *tcp, struct client *client)
{
	bool is_own = is_own_connection(client);
	(void)tcp;
	if (is_own)
		client->connect_id = 0;
	return send_word(client, is_own ? STATUS_OK : STATUS_BAD_PARAMETER);
}

static uint32_t
transfer_failure(const struct client *client)
{
	if (!is_own_connection(client))
		return STATUS_BAD_PARAMETER;
	return client->probe->is_plugged ? STATUS_OK : STATUS_OPEN_ERROR;
}

static uint32_t
transfer_out(const struct tcp_probe *probe, const uint8_t *bytes, uint32_t size)
{
	struct usb_function *function = probe->function;
	int result = function->ops->out(function, probe->out_ep, bytes, (int)size);
	return result == 0 ? STATUS_OK : STATUS_TIMEOUT;
}

/* A probe with nothing to say is a timeout of the server's USB; a short reply is
 * filled up with zeros, since the client waits for what it asked for. */
static uint32_t
transfer_in(const struct tcp_probe *probe, uint8_t ep, uint8_t *bytes, uint32_t size)
{
	struct usb_function *function = probe->function;
	return size == 0 || function->ops->in(function, ep, bytes, (int)size) >= 0
		       ? STATUS_OK
		       : STATUS_TIMEOUT;
}

static bool
answer_read(struct client *client, uint32_t size)
{
	static const uint8_t no_bytes[MAX_DATA];
	const struct tcp_probe *probe = client->probe;
	uint8_t bytes[4 + MAX_DATA];
	bool is_swo = client->request[USB_DIRECTION_AT] == DIRECTION_SWO;
	uint32_t status = transfer_failure(client);
	memcpy(bytes + 4, no_bytes, size);
	if (status == STATUS_OK && !is_swo)
		status = transfer_out(probe, client->request + USB_COMMAND_AT,
				      USB_COMMAND_SIZE);
	if (status == STATUS_OK)
		status = transfer_in(probe, is_swo ? probe->trace_ep : probe->in_ep,
				     bytes + 4, size);
	le32_put(bytes, status);
	return send_all(client, bytes, 4 + (size_t)size);
}

static bool
answer_write(struct client *client, uint32_t size)
{
	uint32_t status = transfer_failure(client);
	if (status == STATUS_OK)
		status = transfer_out(client->probe, client->request + USB_COMMAND_AT,
				      USB_COMMAND_SIZE);
	if (status == STATUS_OK && size)
		status = transfer_out(client->probe, client->request + USB_HEAD_SIZE, size);
	return send_word(client, status);
}

static bool
answer_usb(struct tcp_front *tcp, struct client *client)
{
	uint32_t size = le32_get(client->request + USB_SIZE_AT);
	(void)tcp;
	switch (client->request[USB_DIRECTION_AT]) {
	case DIRECTION_WRITE:
		return answer_write(client, size);
	case DIRECTION_READ:
	case DIRECTION_SWO:
		return answer_read(client, size);
	default:
		return send_word(client, STATUS_BAD_PARAMETER);
	}
}

static const struct request {
	uint32_t size;
	bool (*answer)(struct tcp_front *tcp, struct client *client);
} requests[REQUESTS] = {
	[REQUEST_REFRESH] = { 2, answer_refresh },
	[REQUEST_COUNT] = { 1, answer_count },
	[REQUEST_INFO] = { 8, answer_info },
	[REQUEST_OPEN] = { 8, answer_open },
	[REQUEST_CLOSE] = { 8, answer_close },
	[REQUEST_USB] = { USB_HEAD_SIZE, answer_usb },
	[REQUEST_VERSION] = { 4, answer_version },
};

/* Bytes of the request that begins in the buffer, as far as is known by now; 0 when
 * it is none. */
static uint32_t
request_size(const struct client *client)
{
	const uint8_t *request = client->request;
	if (client->received == 0)
		return 1;
	if (request[0] >= REQUESTS)
		return 0;
	uint32_t size = requests[request[0]].size;
	if (request[0] != REQUEST_USB || client->received < size)
		return size;
	uint32_t data = le32_get(request + USB_SIZE_AT);
	if (data > MAX_DATA)
		return 0;
	return request[USB_DIRECTION_AT] == DIRECTION_WRITE ? size + data : size;
}

/* Takes what has arrived, and answers when the request is whole. False: hang up. */
static bool
serve_client(struct tcp_front *tcp, struct client *client)
{
	for (;;) {
		uint32_t size = request_size(client);
		if (size == 0) {
			fprintf(stderr, "emulator: a client sent what is no stlink-server "
					"request; closing its connection\n");
			return false;
		}
		if (client->received == size) {
			if (!requests[client->request[0]].answer(tcp, client))
				return false;
			client->received = 0;
			continue;
		}
		ssize_t got = recv(client->fd, client->request + client->received,
				   size - client->received, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 && errno == EAGAIN;
		client->received += (uint32_t)got;
	}
}

static void
drop_client(struct tcp_front *tcp, unsigned index)
{
	close(tcp->clients[index]->fd);
	free(tcp->clients[index]);
	tcp->clients[index] = tcp->clients[--tcp->clients_len];
}

static void
accept_client(struct tcp_front *tcp)
{
	int yes = 1;
	int fd = accept4(tcp->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	struct client *client =
		tcp->clients_len < MAX_CLIENTS ? calloc(1, sizeof(*client)) : NULL;
	if (!client) {
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	client->fd = fd;
	tcp->clients[tcp->clients_len++] = client;
}

static unsigned
tcp_poll_fds(struct front *front, struct pollfd *fds)
{
	struct tcp_front *tcp = tcp_of(front);
	fds[0] = (struct pollfd){ .fd = tcp->listener, .events = POLLIN };
	for (unsigned i = 0; i < tcp->clients_len; i++)
		fds[1 + i] = (struct pollfd){ .fd = tcp->clients[i]->fd, .events = POLLIN };
	return 1 + tcp->clients_len;
}

/* The array of clients shrinks under way: it is searched by descriptor. */
static void
serve_fd(struct tcp_front *tcp, int fd)
{
	for (unsigned i = 0; i < tcp->clients_len; i++) {
		if (tcp->clients[i]->fd != fd)
			continue;
		if (!serve_client(tcp, tcp->clients[i]))
			drop_client(tcp, i);
		return;
	}
}

static void
tcp_ready(struct front *front, const struct pollfd *fds, unsigned len)
{
	struct tcp_front *tcp = tcp_of(front);
	for (unsigned i = 0; i < len; i++) {
		if (!fds[i].revents)
			continue;
		if (fds[i].fd == tcp->listener)
			accept_client(tcp);
		else
			serve_fd(tcp, fds[i].fd);
	}
}

/* Connections to the server stay, those to the probe end with it. */
static void
tcp_plug(struct front *front, unsigned which, bool plugged)
{
	struct tcp_front *tcp = tcp_of(front);
	struct tcp_probe *probe = &tcp->probes[which];
	if (probe->is_plugged == plugged)
		return;
	probe->is_plugged = plugged;
	for (unsigned i = 0; i < tcp->clients_len; i++)
		if (tcp->clients[i]->probe == probe)
			tcp->clients[i]->connect_id = 0;
	probe->function->ops->power(probe->function, plugged);
}

static bool
tcp_is_over(struct front *front, int *status)
{
	(void)front;
	(void)status;
	return false;
}

static void
tcp_free(struct front *front)
{
	struct tcp_front *tcp = tcp_of(front);
	while (tcp->clients_len)
		drop_client(tcp, tcp->clients_len - 1);
	if (tcp->listener >= 0)
		close(tcp->listener);
	free(tcp);
}

static const struct front_ops tcp_ops = {
	.poll_fds = tcp_poll_fds,
	.ready = tcp_ready,
	.plug = tcp_plug,
	.is_over = tcp_is_over,
	.free = tcp_free,
};

static struct tcp_probe
probe_at_port(struct usb_function *function, bool is_held)
{
	return (struct tcp_probe){
		.function = function,
		.out_ep = usb_function_endpoint(function, 0, 0, 0),
		.in_ep = usb_function_endpoint(function, 0, USB_DIRECTION_IN, 0) &
			 USB_ENDPOINT_NUMBER,
		.trace_ep = usb_function_endpoint(function, 0, USB_DIRECTION_IN, 1) &
			    USB_ENDPOINT_NUMBER,
		.is_plugged = true,
		.is_held = is_held,
	};
}

struct front *
front_stlink_tcp(const struct front_probes *probes, unsigned port)
{
	struct tcp_front *tcp = calloc(1, sizeof(*tcp));
	if (!tcp)
		abort();
	tcp->front.ops = &tcp_ops;
	for (unsigned i = 0; i < probes->len; i++)
		tcp->probes[tcp->probes_len++] =
			probe_at_port(probes->list[i], i == 0 && probes->first_is_held);
	tcp->listener = listen_on(port, MAX_CLIENTS);
	if (tcp->listener >= 0)
		return &tcp->front;
	tcp_free(&tcp->front);
	return NULL;
}
