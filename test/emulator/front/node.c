/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "test/emulator/front/node.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* A client that stops in the middle of a message must not stop the bench for good. */
enum { CLIENT_LIMIT_S = 5, FIFO_SIZE = 4096 };

static bool
send_all(int fd, const void *bytes, size_t size)
{
	return send(fd, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static bool
receive_all(int fd, void *bytes, size_t size)
{
	return recv(fd, bytes, size, MSG_WAITALL) == (ssize_t)size;
}

bool
node_fetch(const struct node_client *client, uint64_t address, void *bytes, size_t size)
{
	const struct node_message message = { MESSAGE_FETCH, address, size };
	return send_all(client->fd, &message, sizeof(message)) &&
	       receive_all(client->fd, bytes, size);
}

static struct node_message
done(int result)
{
	return (struct node_message){ MESSAGE_DONE,
				      result < 0 ? UINT64_MAX : (uint64_t)result,
				      result < 0 ? (uint64_t)-result : 0 };
}

bool
node_answer(const struct node_client *client, int result)
{
	const struct node_message message = done(result);
	return send_all(client->fd, &message, sizeof(message));
}

bool
node_put(const struct node_client *client, uint64_t address, const void *bytes, size_t size,
	 int result)
{
	const struct node_message message = { MESSAGE_PUT, address, size };
	return send_all(client->fd, &message, sizeof(message)) &&
	       send_all(client->fd, bytes, size) && node_answer(client, result);
}

/* --- the FIFO --------------------------------------------------------------------- */

static void
change_fifo(int fd, bool has_byte)
{
	char byte = 0;
	int waiting = 0;
	if (fcntl(fd, F_GETPIPE_SZ) != FIFO_SIZE)
		fcntl(fd, F_SETPIPE_SZ, FIFO_SIZE);
	if (ioctl(fd, FIONREAD, &waiting) < 0 || has_byte == (waiting > 0))
		return;
	ssize_t moved = has_byte ? write(fd, &byte, 1) : read(fd, &byte, 1);
	(void)moved; /* a descriptor of our own, and there is room or a byte */
}

/* What is in it lasts as long as a client has it open. */
void
node_show(const struct node *node, bool has_byte)
{
	int fd = node->clients_len ? open(node->fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	change_fifo(fd, has_byte);
	close(fd);
}

/* --- clients ---------------------------------------------------------------------- */

static void
drop_client(struct node *node, unsigned index)
{
	struct node_client *client = node->clients[index];
	node->clients[index] = node->clients[--node->clients_len];
	close(client->fd);
	node->ops->closed(node, client);
	free(client);
}

static void
accept_client(struct node *node)
{
	const struct timeval limit = { .tv_sec = CLIENT_LIMIT_S };
	int fd = accept4(node->listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	struct node_client *client = node->clients_len < NODE_MAX_CLIENTS
					     ? calloc(1, node->ops->client_size)
					     : NULL;
	if (!client) {
		fprintf(stderr, "emulator: too many have the probe open\n");
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	client->fd = fd;
	node->clients[node->clients_len++] = client;
	node->ops->opened(node, client);
}

static bool
serve_client(struct node *node, struct node_client *client)
{
	struct node_message message;
	return receive_all(client->fd, &message, sizeof(message)) &&
	       node->ops->serve(node, client, &message);
}

static void
serve_fd(struct node *node, int fd)
{
	for (unsigned i = 0; i < node->clients_len; i++) {
		if (node->clients[i]->fd != fd)
			continue;
		if (!serve_client(node, node->clients[i]))
			drop_client(node, i);
		return;
	}
}

unsigned
node_poll_fds(const struct node *node, struct pollfd *fds)
{
	fds[0] = (struct pollfd){ .fd = node->listener, .events = POLLIN };
	for (unsigned i = 0; i < node->clients_len; i++)
		fds[1 + i] =
			(struct pollfd){ .fd = node->clients[i]->fd, .events = POLLIN };
	return 1 + node->clients_len;
}

/* The listener last: who has died is gone before the next one is greeted, and its
 * descriptor's number is not taken for a new one's. */
void
node_ready(struct node *node, const struct pollfd *fds, unsigned len)
{
	while (len--) {
		if (!fds[len].revents)
			continue;
		if (fds[len].fd == node->listener)
			accept_client(node);
		else
			serve_fd(node, fds[len].fd);
	}
}

void
node_plug(struct node *node, int listener, const char *fifo)
{
	node->listener = listener;
	snprintf(node->fifo, sizeof(node->fifo), "%s", fifo);
}

void
node_unplug(struct node *node)
{
	if (node->listener >= 0)
		close(node->listener);
	node->listener = -1;
}

void
node_drop_all(struct node *node)
{
	while (node->clients_len)
		drop_client(node, node->clients_len - 1);
}
