/* SPDX-License-Identifier: MIT */
/*
 * tcp_client.h - a client of a front end on TCP, in the same thread: what it sends is served
 * before it looks for an answer. After lab.h or fake_function.h.
 */
#ifndef TEST_EMULATOR_TEST_TCP_CLIENT_H
#define TEST_EMULATOR_TEST_TCP_CLIENT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "test/emulator/front/front.h"

static struct front *front; /* the test makes it */
static uint8_t reply[11000];

/* Lets the front serve until there is nothing more to do. */
static inline void
turn(void)
{
	struct pollfd fds[FRONT_MAX_FDS];
	unsigned len = front->ops->poll_fds(front, fds);
	while (poll(fds, len, 20) > 0) {
		front->ops->ready(front, fds, len);
		len = front->ops->poll_fds(front, fds);
	}
}

static inline int
connect_client(void)
{
	struct pollfd fds[FRONT_MAX_FDS];
	struct sockaddr_in address;
	socklen_t size = sizeof(address);
	front->ops->poll_fds(front, fds);
	assert_int_equal(getsockname(fds[0].fd, (struct sockaddr *)&address, &size), 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, size), 0);
	turn();
	return fd;
}

/* Bytes that came back. */
static inline ssize_t
converse(int fd, const uint8_t *request, size_t size)
{
	assert_int_equal(send(fd, request, size, MSG_NOSIGNAL), size);
	turn();
	return recv(fd, reply, sizeof(reply), MSG_DONTWAIT);
}

#endif /* TEST_EMULATOR_TEST_TCP_CLIENT_H */
