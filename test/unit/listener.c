/* SPDX-License-Identifier: MIT */
#include "test/unit/listener.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

void
listener_open(struct listener *listener)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int code;

	listener->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert(listener->fd >= 0);
	code = bind(listener->fd, (const struct sockaddr *)&address, size);
	assert(code == 0);
	code = listen(listener->fd, 1);
	assert(code == 0);
	code = getsockname(listener->fd, (struct sockaddr *)&address, &size);
	assert(code == 0);
	snprintf(listener->port, sizeof(listener->port), "%u",
		 (unsigned)ntohs(address.sin_port));
}

void
listener_close(struct listener *listener)
{
	close(listener->fd);
}

int
listener_accept(struct listener *listener)
{
	int fd = accept(listener->fd, NULL, NULL);

	assert(fd >= 0);
	return fd;
}
