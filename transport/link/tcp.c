/* SPDX-License-Identifier: MIT */
#include "transport/link/tcp.h"

#include "transport/base/clock.h"
#include "transport/base/patience.h"
#include "transport/base/text.h"
#include "transport/link/socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct tcp {
	int fd; /* does not block; -1: no address is tried */
	char peer[96];
	/* While it is not connected. */
	struct lookup *lookup;
	bool is_looked_up;
	const struct addrinfo *next; /* to be tried */
	int error;                   /* of the last that was tried */
	struct deadline deadline;
	uint32_t timeout_ms;
};

/* Waits until the socket is ready for `event`. CAUSE_TIMEOUT and CAUSE_GONE (the program ends)
 * come without a reason. */
static enum cause
wait_ready(int fd, enum socket_event event, const struct patience *patience)
{
	static const enum cause causes[] = {
		[PATIENCE_TIMED_OUT] = CAUSE_TIMEOUT, [PATIENCE_CUT] = CAUSE_GONE
	};

	for (;;) {
		int ready = socket_wait(fd, event, patience_slice_ms(patience));
		enum patience_state state;

		if (ready > 0)
			return CAUSE_NONE;
		if (ready < 0)
			return CAUSE_HOST;
		state = patience_look(patience);
		if (state != PATIENCE_LEFT)
			return causes[state];
	}
}

static enum cause
explain_cut(const struct tcp *tcp, struct reason *why)
{
	return reason_begin(why, CAUSE_GONE,
			    "%s did not answer, and tether is shutting down", tcp->peer);
}

static enum cause
explain_wait(const struct tcp *tcp, enum cause cause, struct reason *why)
{
	if (cause == CAUSE_GONE)
		return explain_cut(tcp, why);
	return reason_begin(why, CAUSE_HOST, "waiting for the connection to %s failed: %s",
			    tcp->peer, strerror(errno));
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
	for (; tcp->fd < 0 && tcp->next != NULL; tcp->next = lookup_next(tcp->next)) {
		tcp->fd = socket_connect(tcp->next);
		if (tcp->fd < 0)
			tcp->error = errno;
	}
}

static enum cause
no_memory(struct reason *why)
{
	return reason_begin(why, CAUSE_HOST, "no memory for a connection");
}

/* NULL: no memory. */
static struct tcp *
make(uint32_t timeout_ms)
{
	struct tcp *tcp = calloc(1, sizeof(*tcp));

	if (tcp == NULL)
		return NULL;
	tcp->fd = -1;
	tcp->deadline = deadline_in_ms(clock_host(), timeout_ms);
	tcp->timeout_ms = timeout_ms;
	return tcp;
}

enum cause
tcp_begin(const char *host, const char *port, uint32_t timeout_ms, struct tcp **made,
	  struct reason *why)
{
	struct tcp *tcp = make(timeout_ms);
	struct text peer;

	if (tcp == NULL)
		return no_memory(why);
	text_init(&peer, tcp->peer, sizeof(tcp->peer));
	text_add(&peer, "%s:%s", host, port);
	tcp->lookup = lookup_begin(host, port);
	if (tcp->lookup == NULL) {
		free(tcp);
		return no_memory(why);
	}
	*made = tcp;
	return CAUSE_NONE;
}

/* No address but this one: tcp_finish() waits for it, and reports what became of it. */
enum cause
tcp_begin_local(const char *path, uint32_t timeout_ms, struct tcp **made,
		struct reason *why)
{
	struct tcp *tcp = make(timeout_ms);

	if (tcp == NULL)
		return no_memory(why);
	text_copy(tcp->peer, sizeof(tcp->peer), path);
	tcp->is_looked_up = true;
	tcp->fd = socket_connect_local(path);
	tcp->error = tcp->fd < 0 ? errno : 0;
	*made = tcp;
	return CAUSE_NONE;
}

/* Part of the wait for the host's addresses; the first of them is tried when they are there. */
static enum cause
look_up(struct tcp *tcp, const struct patience *part, struct reason *why)
{
	enum cause cause = wait_ready(lookup_socket(tcp->lookup), SOCKET_READABLE, part);
	const char *words = "";

	if (cause == CAUSE_TIMEOUT && !deadline_is_over(&tcp->deadline))
		return CAUSE_NONE;
	if (cause == CAUSE_TIMEOUT)
		return reason_begin(why, CAUSE_TIMEOUT,
				    "the address of %s was not found within %u ms",
				    tcp->peer, (unsigned)tcp->timeout_ms);
	if (cause != CAUSE_NONE)
		return explain_wait(tcp, cause, why);
	tcp->next = lookup_take(tcp->lookup, &words);
	if (tcp->next == NULL)
		return reason_begin(why, CAUSE_HOST, "\"%s\" is no address: %s", tcp->peer,
				    words);
	tcp->is_looked_up = true;
	begin_next(tcp);
	return CAUSE_NONE;
}

enum cause
tcp_finish(struct tcp *tcp, uint32_t part_ms, bool *done, struct reason *why)
{
	struct patience part = patience_for_ms(part_ms);
	enum cause cause = CAUSE_NONE;

	*done = false;
	if (!tcp->is_looked_up)
		return look_up(tcp, &part, why);
	if (tcp->fd >= 0)
		cause = wait_ready(tcp->fd, SOCKET_WRITABLE, &part);
	if (cause == CAUSE_TIMEOUT && !deadline_is_over(&tcp->deadline))
		return CAUSE_NONE;
	if (cause == CAUSE_TIMEOUT)
		return explain_connect(ETIMEDOUT, tcp, why);
	if (cause == CAUSE_GONE)
		return explain_cut(tcp, why);
	if (tcp->fd >= 0)
		tcp->error = socket_error(tcp->fd);
	if (tcp->fd >= 0 && tcp->error == 0) {
		*done = true;
		return CAUSE_NONE;
	}
	socket_close(tcp->fd);
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

long
tcp_peer_process(const struct tcp *tcp)
{
	return socket_peer_process(tcp->fd);
}

void
tcp_close(struct tcp *tcp)
{
	if (tcp == NULL)
		return;
	socket_close(tcp->fd);
	lookup_end(tcp->lookup);
	free(tcp);
}

/* What a transfer that returned `moved` means for a transfer that is not finished:
 * CAUSE_NONE when it may go on. */
static enum cause
explain_moved(const struct tcp *tcp, int64_t moved, struct reason *why)
{
	if (moved > 0 ||
	    (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)))
		return CAUSE_NONE;
	if (moved == 0)
		return reason_begin(why, CAUSE_GONE, "%s closed the connection", tcp->peer);
	return reason_begin(why, CAUSE_GONE, "the connection to %s broke: %s", tcp->peer,
			    strerror(errno));
}

/* How long that was is the caller's to say: it may have waited before. */
static enum cause
explain_silence(const struct tcp *tcp, size_t received, size_t size, struct reason *why)
{
	if (received == 0)
		return reason_begin(why, CAUSE_TIMEOUT, "%s does not answer", tcp->peer);
	return reason_begin(why, CAUSE_TIMEOUT,
			    "%s stopped in the middle of an answer, after %zu of %zu bytes",
			    tcp->peer, received, size);
}

enum cause
tcp_send(struct tcp *tcp, const uint8_t *bytes, size_t size, uint32_t timeout_ms,
	 struct reason *why)
{
	struct patience patience = patience_for_ms(timeout_ms);
	size_t sent = 0;

	if (patience_is_spent())
		return explain_cut(tcp, why);
	while (sent < size) {
		enum cause cause = wait_ready(tcp->fd, SOCKET_WRITABLE, &patience);
		int64_t moved;

		if (cause == CAUSE_TIMEOUT)
			return reason_begin(why, CAUSE_TIMEOUT,
					    "%s takes no requests any more: %zu of %zu "
					    "bytes within %u ms",
					    tcp->peer, sent, size, (unsigned)timeout_ms);
		if (cause != CAUSE_NONE)
			return explain_wait(tcp, cause, why);
		moved = socket_send(tcp->fd, bytes + sent, size - sent);
		cause = explain_moved(tcp, moved, why);
		if (cause != CAUSE_NONE)
			return cause;
		sent += moved > 0 ? (size_t)moved : 0;
	}
	return CAUSE_NONE;
}

enum cause
tcp_receive(struct tcp *tcp, uint8_t *bytes, size_t size, size_t *have,
	    const struct patience *patience, struct reason *why)
{
	while (*have < size) {
		enum cause cause = wait_ready(tcp->fd, SOCKET_READABLE, patience);
		int64_t moved;

		if (cause == CAUSE_TIMEOUT)
			return explain_silence(tcp, *have, size, why);
		if (cause != CAUSE_NONE)
			return explain_wait(tcp, cause, why);
		moved = socket_receive(tcp->fd, bytes + *have, size - *have);
		cause = explain_moved(tcp, moved, why);
		if (cause != CAUSE_NONE)
			return cause;
		*have += moved > 0 ? (size_t)moved : 0;
	}
	return CAUSE_NONE;
}
