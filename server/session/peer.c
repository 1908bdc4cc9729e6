/* SPDX-License-Identifier: MIT */
#include "server/session/peer.h"

#include "transport/base/text.h"
#include "transport/link/socket.h"

#include <errno.h>
#include <stdint.h>

/* False: it is closed. */
static bool
find_socket(const uv_tcp_t *tcp, int *fd)
{
	uv_os_fd_t own;

	if (uv_fileno((const uv_handle_t *)tcp, &own) != 0)
		return false;
	*fd = (int)(intptr_t)own;
	return true;
}

bool
peer_name(const uv_tcp_t *tcp, char *name, size_t size)
{
	struct sockaddr_storage where;
	int where_size = sizeof(where);
	char address[48] = "unknown";
	struct text text;
	unsigned port;

	text_init(&text, name, size);
	if (uv_tcp_getpeername(tcp, (struct sockaddr *)&where, &where_size) != 0) {
		text_add(&text, "a client that has gone");
		return false;
	}
	uv_ip_name((struct sockaddr *)&where, address, sizeof(address));
	port = ntohs(where.ss_family == AF_INET
			     ? ((struct sockaddr_in *)(void *)&where)->sin_port
			     : ((struct sockaddr_in6 *)(void *)&where)->sin6_port);
	text_add(&text, "%s:%u", address, port);
	return true;
}

bool
peer_has_closed(const uv_tcp_t *tcp)
{
	int fd;

	return !find_socket(tcp, &fd) || socket_has_hung_up(fd);
}

bool
peer_has_reset(const uv_tcp_t *tcp)
{
	int fd;

	return find_socket(tcp, &fd) && socket_error(fd) == ECONNRESET;
}

void
peer_acknowledge(const uv_tcp_t *tcp)
{
	int fd;

	if (find_socket(tcp, &fd))
		socket_acknowledge(fd);
}
