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
	int fd; /* does not block; -1: no address is tried */
	char peer[96];
	/* While it is not connected. */
	struct addrinfo *addresses;
	const struct addrinfo *next; /* to be tried */
	int error;                   /* of the last that was tried */
	struct deadline deadline;
	uint32_t timeout_ms;
};

/* Waits until the socket is ready for `events`. CAUSE_TIMEOUT comes without a reason. */
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

static enum cause
explain_connect(int error, const struct tcp *tcp, struct reason *why)
{
	if (error == ETIMEDOUT)
		return reason_begin(why, CAUSE_TIMEOUT,
				    "%s took no connection within %u ms", tcp->peer,
				    (unsigned)tcp->timeout_ms);
	reason_begin(why, CAUSE_HOST, "%s cannot be connected to: %s", tcp->peer,
		     strerror(error));
	if (error == ECONNREFUSED)
		reason_suspect(why, FINDING_HOST_NO_SERVER);
	return CAUSE_HOST;
}

/* Begins to connect to the next address that lets it; or no address is left, and fd is -1. */
static void
begin_next(struct tcp *tcp)
{
	for (; tcp->fd < 0 && tcp->next != NULL; tcp->next = tcp->next->ai_next) {
		tcp->fd = make_socket(tcp->next);
		if (tcp->fd >= 0 &&
		    connect(tcp->fd, tcp->next->ai_addr, tcp->next->ai_addrlen) != 0 &&
		    errno != EINPROGRESS && errno != EINTR) {
			tcp->error = errno;
			close(tcp->fd);
			tcp->fd = -1;
		} else if (tcp->fd < 0) {
			tcp->error = errno;
		}
	}
}

enum cause
tcp_begin(const char *host, const char *port, uint32_t timeout_ms, struct tcp **made,
	  struct reason *why)
{
	static const struct addrinfo wanted = { .ai_family = AF_UNSPEC,
						.ai_socktype = SOCK_STREAM };
	struct tcp *tcp = calloc(1, sizeof(*tcp));
	struct text peer;
	int error;

	if (tcp == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a connection");
	tcp->fd = -1;
	tcp->deadline = deadline_in_ms(clock_host(), timeout_ms);
	tcp->timeout_ms = timeout_ms;
	text_init(&peer, tcp->peer, sizeof(tcp->peer));
	text_add(&peer, "%s:%s", host, port);
	error = getaddrinfo(host, port, &wanted, &tcp->addresses);
	if (error != 0) {
		free(tcp);
		return reason_begin(why, CAUSE_HOST, "\"%s:%s\" is no address: %s", host,
				    port, gai_strerror(error));
	}
	tcp->next = tcp->addresses;
	begin_next(tcp);
	*made = tcp;
	return CAUSE_NONE;
}

/* What became of the address that is tried; 0: it is connected. */
static int
error_of(const struct tcp *tcp)
{
	int error = 0;
	socklen_t size = sizeof(error);

	return getsockopt(tcp->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
}

enum cause
tcp_finish(struct tcp *tcp, uint32_t part_ms, bool *done, struct reason *why)
{
	struct deadline part = deadline_in_ms(clock_host(), part_ms);
	enum cause cause = CAUSE_NONE;

	*done = false;
	if (tcp->fd >= 0)
		cause = wait_ready(tcp->fd, POLLOUT, &part);
	if (cause == CAUSE_TIMEOUT && !deadline_is_over(&tcp->deadline))
		return CAUSE_NONE;
	if (cause == CAUSE_TIMEOUT)
		return explain_connect(ETIMEDOUT, tcp, why);
	if (tcp->fd >= 0)
		tcp->error = error_of(tcp);
	if (tcp->fd >= 0 && tcp->error == 0) {
		*done = true;
		return CAUSE_NONE;
	}
	if (tcp->fd >= 0)
		close(tcp->fd);
	tcp->fd = -1;
	begin_next(tcp);
	return tcp->fd >= 0 ? CAUSE_NONE : explain_connect(tcp->error, tcp, why);
}

enum cause
tcp_open(const char *host, const char *port, uint32_t timeout_ms, struct tcp **tcp,
	 struct reason *why)
{
	struct tcp *made = NULL;
	enum cause cause = tcp_begin(host, port, timeout_ms, &made, why);
	bool done = false;

	while (cause == CAUSE_NONE && made != NULL && !done)
		cause = tcp_finish(made, timeout_ms, &done, why);
	if (cause != CAUSE_NONE) {
		tcp_close(made);
		return cause;
	}
	*tcp = made;
	return CAUSE_NONE;
}

void
tcp_close(struct tcp *tcp)
{
	if (tcp == NULL)
		return;
	if (tcp->fd >= 0)
		close(tcp->fd);
	freeaddrinfo(tcp->addresses);
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
