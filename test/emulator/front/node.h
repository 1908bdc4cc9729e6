/* SPDX-License-Identifier: MIT */
/*
 * node.h - a device's node as programs see it through umockdev's preload library: a
 * socket by which the library asks for what the program does with the node, and a FIFO
 * in the node's place, so that poll() waits.
 *
 * One message is three words of 64 bits. From the client: 1 ioctl(request, argument),
 * 7 read(address, size), 8 write(address, size). From us: 5 send me (address, size) of
 * your memory, 6 put (address, size) and the bytes there, 3 done (result, errno).
 * umockdev 0.17, libumockdev-preload.c.
 *
 * One byte in the FIFO makes it readable, and not writable: its size is one page, which a
 * byte takes. It is opened here for the moment only: who looks in /proc for those that
 * have the device open finds its clients alone, as with a real one.
 */
#ifndef TEST_EMULATOR_FRONT_NODE_H
#define TEST_EMULATOR_FRONT_NODE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NODE_MAX_CLIENTS = 24, NODE_PATH_MAX = 192 };
enum {
	MESSAGE_IOCTL = 1,
	MESSAGE_DONE = 3,
	MESSAGE_FETCH = 5,
	MESSAGE_PUT = 6,
	MESSAGE_READ = 7,
	MESSAGE_WRITE = 8
};

struct node_message {
	uint64_t code, first, second;
};

/* A client that has it open; the first member of what its device keeps of it. */
struct node_client {
	int fd;
};

struct node;

struct node_ops {
	size_t client_size;
	/* A client has opened it. */
	void (*opened)(struct node *node, struct node_client *client);
	/* False when the client has died. */
	bool (*serve)(struct node *node, struct node_client *client,
		      const struct node_message *message);
	/* He has gone, and is about to be freed. */
	void (*closed)(struct node *node, struct node_client *client);
};

/* The first member of its device; `ops` is filled in by that, the rest zero but
 * `listener`, which is -1. */
struct node {
	const struct node_ops *ops;
	int listener;             /* -1: it is not there */
	char fifo[NODE_PATH_MAX]; /* its name */
	struct node_client *clients[NODE_MAX_CLIENTS];
	unsigned clients_len;
};

/* `listener` accepts those who open it; takes it over. */
void node_plug(struct node *node, int listener, const char *fifo);
/* Nobody opens it any more. */
void node_unplug(struct node *node);
/* Drops all clients. */
void node_drop_all(struct node *node);

/* At most NODE_MAX_CLIENTS + 1. */
unsigned node_poll_fds(const struct node *node, struct pollfd *fds);
void node_ready(struct node *node, const struct pollfd *fds, unsigned len);

/* Puts the byte into the FIFO or takes it out. */
void node_show(const struct node *node, bool has_byte);

/* Conversation with a client; all false when it has died. */
bool
node_fetch(const struct node_client *client, uint64_t address, void *bytes, size_t size);
/* As the system call would: a result, or -1 and errno for a negative one. */
bool node_answer(const struct node_client *client, int result);
/* Puts bytes there and answers. */
bool node_put(const struct node_client *client, uint64_t address, const void *bytes,
	      size_t size, int result);

#endif /* TEST_EMULATOR_FRONT_NODE_H */
