/* SPDX-License-Identifier: MIT */
#include "server/session/peer.h"

#include "transport/base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>

/* poll(2): the constant is there only for those who ask for GNU's extensions. */
#if defined(POLLRDHUP)
static const short hung_up = POLLRDHUP;
#elif defined(__linux__) && !defined(__sparc__)
static const short hung_up = 0x2000;
#else
static const short hung_up = 0;
#endif

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
	struct pollfd polled = { .events = hung_up };
	uv_os_fd_t fd;
	uint8_t byte;
	ssize_t size;

	if (uv_fileno((const uv_handle_t *)tcp, &fd) != 0)
		return true;
	polled.fd = fd;
	if (hung_up != 0 && poll(&polled, 1, 0) > 0)
		return true;
	/* libuv's sockets do not block. */
	size = recv(fd, &byte, sizeof(byte), MSG_PEEK);
	return size == 0 || (size < 0 && errno == ECONNRESET);
}

void
peer_acknowledge(const uv_tcp_t *tcp)
{
#if defined(TCP_QUICKACK)
	static const int at_once = 1;
	uv_os_fd_t fd;

	/* What cannot be acknowledged now is so in time: nothing depends on it but speed. */
	if (uv_fileno((const uv_handle_t *)tcp, &fd) == 0)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof(at_once));
#else
	(void)tcp;
#endif
}
