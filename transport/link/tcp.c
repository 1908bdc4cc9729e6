/* SPDX-License-Identifier: MIT */
#include "transport/link/tcp.h"

#include "transport/base/clock.h"
#include "transport/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct tcp {
	int fd; /* does not block */
	char peer[96];
};

/* Waits until the socket is ready for `events`. CAUSE_TIMEOUT without a story. */
static enum cause
wait_ready(int fd, short events, const struct deadline *deadline)
{
	struct pollfd waiting = { .fd = fd, .events = events };

	for (;;) {
		int ready = poll(&waiting, 1, (int)deadline_left_ms(deadline));

		if (ready > 0)
			return CAUSE_NONE;
		if (ready < 0 && errno != EINTR)
			return CAUSE_HOST;
		if (deadline_is_over(deadline))
			return CAUSE_TIMEOUT;
	}
}

static int
make_socket(const struct addrinfo *address)
{
	int fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
	int on = 1;

	if (fd < 0)
		return -1;
	/* Commands are small and each waits for its answer: no delay to gather more. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Returns an errno, 0 when connected. */
static int
connect_socket(int fd, const struct addrinfo *address, const struct deadline *deadline)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return errno;
	if (wait_ready(fd, POLLOUT, deadline) != CAUSE_NONE)
		return ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return errno;
	return error;
}

/* The first of the addresses that takes a connection, or -1 and *error. */
static int
connect_any(const struct addrinfo *addresses, const struct deadline *deadline, int *error)
{
	for (const struct addrinfo *a = addresses; a != NULL; a = a->ai_next) {
		int fd = make_socket(a);

		*error = fd < 0 ? errno : connect_socket(fd, a, deadline);
		if (*error == 0)
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

static enum cause
explain_connect(int error, const char *host, const char *port, uint32_t timeout_ms,
		struct reason *why)
{
	if (error == ETIMEDOUT)
		return reason_begin(why, CAUSE_TIMEOUT,
				    "%s:%s took no connection within %u ms", host, port,
				    (unsigned)timeout_ms);
	reason_begin(why, CAUSE_HOST, "%s:%s cannot be connected to: %s", host, port,
		     strerror(error));
	if (error == ECONNREFUSED)
		reason_suspect(why, FINDING_HOST_NO_SERVER);
	return CAUSE_HOST;
}

enum cause
tcp_open(const char *host, const char *port, uint32_t timeout_ms, struct tcp **tcp,
	 struct reason *why)
{
	static const struct addrinfo wanted = { .ai_family = AF_UNSPEC,
						.ai_socktype = SOCK_STREAM };
	struct deadline deadline = deadline_in_ms(clock_host(), timeout_ms);
	struct addrinfo *addresses = NULL;
	int error = getaddrinfo(host, port, &wanted, &addresses);
	int fd;

	if (error != 0)
		return reason_begin(why, CAUSE_HOST, "\"%s:%s\" is no address: %s", host,
				    port, gai_strerror(error));
	fd = connect_any(addresses, &deadline, &error);
	freeaddrinfo(addresses);
	if (fd < 0)
		return explain_connect(error, host, port, timeout_ms, why);
	*tcp = calloc(1, sizeof(**tcp));
	if (*tcp == NULL) {
		close(fd);
		return reason_begin(why, CAUSE_HOST, "no memory for a connection");
	}
	(*tcp)->fd = fd;

	struct text peer;

	text_init(&peer, (*tcp)->peer, sizeof((*tcp)->peer));
	text_add(&peer, "%s:%s", host, port);
	return CAUSE_NONE;
}

void
tcp_close(struct tcp *tcp)
{
	if (tcp == NULL)
		return;
	close(tcp->fd);
	free(tcp);
}

/* What a send() or recv() that returned `moved` means for a transfer that is not finished:
 * CAUSE_NONE when it may go on. */
static enum cause
explain_moved(const struct tcp *tcp, ssize_t moved, struct reason *why)
{
	if (moved > 0 ||
	    (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)))
		return CAUSE_NONE;
	if (moved == 0)
		return reason_begin(why, CAUSE_GONE, "%s closed the connection", tcp->peer);
	return reason_begin(why, CAUSE_GONE, "the connection to %s broke: %s", tcp->peer,
			    strerror(errno));
}

static enum cause
explain_wait(const struct tcp *tcp, enum cause cause, const char *what, size_t moved,
	     size_t size, uint32_t timeout_ms, struct reason *why)
{
	if (cause == CAUSE_HOST)
		return reason_begin(why, CAUSE_HOST,
				    "waiting for the connection to %s failed: %s",
				    tcp->peer, strerror(errno));
	return reason_begin(why, CAUSE_TIMEOUT, "%s %s %zu of %zu bytes within %u ms",
			    tcp->peer, what, moved, size, (unsigned)timeout_ms);
}

enum cause
tcp_send(struct tcp *tcp, const uint8_t *bytes, size_t size, uint32_t timeout_ms,
	 struct reason *why)
{
	struct deadline deadline = deadline_in_ms(clock_host(), timeout_ms);
	size_t sent = 0;

	while (sent < size) {
		enum cause cause = wait_ready(tcp->fd, POLLOUT, &deadline);
		ssize_t moved;

		if (cause != CAUSE_NONE)
			return explain_wait(tcp, cause, "took", sent, size, timeout_ms,
					    why);
		moved = send(tcp->fd, bytes + sent, size - sent, MSG_NOSIGNAL);
		cause = explain_moved(tcp, moved, why);
		if (cause != CAUSE_NONE)
			return cause;
		sent += moved > 0 ? (size_t)moved : 0;
	}
	return CAUSE_NONE;
}

enum cause
tcp_receive(struct tcp *tcp, uint8_t *bytes, size_t size, uint32_t timeout_ms,
	    struct reason *why)
{
	struct deadline deadline = deadline_in_ms(clock_host(), timeout_ms);
	size_t received = 0;

	while (received < size) {
		enum cause cause = wait_ready(tcp->fd, POLLIN, &deadline);
		ssize_t moved;

		if (cause != CAUSE_NONE)
			return explain_wait(tcp, cause, "sent", received, size, timeout_ms,
					    why);
		moved = recv(tcp->fd, bytes + received, size - received, 0);
		cause = explain_moved(tcp, moved, why);
		if (cause != CAUSE_NONE)
			return cause;
		received += moved > 0 ? (size_t)moved : 0;
	}
	return CAUSE_NONE;
}

enum cause
tcp_receive_some(struct tcp *tcp, uint8_t *bytes, size_t max, size_t *size,
		 uint32_t timeout_ms, struct reason *why)
{
	struct deadline deadline = deadline_in_ms(clock_host(), timeout_ms);

	*size = 0;
	while (*size == 0) {
		enum cause cause = wait_ready(tcp->fd, POLLIN, &deadline);
		ssize_t moved;

		if (cause != CAUSE_NONE)
			return explain_wait(tcp, cause, "sent", 0, max, timeout_ms, why);
		moved = recv(tcp->fd, bytes, max, 0);
		cause = explain_moved(tcp, moved, why);
		if (cause != CAUSE_NONE)
			return cause;
		*size = moved > 0 ? (size_t)moved : 0;
	}
	return CAUSE_NONE;
}
