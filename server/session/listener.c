/* SPDX-License-Identifier: MIT */
#include "server/session/listener.h"

#include "server/session/port_holder.h"
#include "transport/base/log.h"
#include "transport/base/text.h"

enum { LISTEN_BACKLOG = 128 };

static void
on_connection(uv_stream_t *stream, int status)
{
	struct listener *listener = stream->data;

	if (status < 0) {
		log_warning("server", "a connection to port %u could not be taken: %s",
			    listener->port, uv_strerror(status));
		return;
	}
	if (listener->take != NULL)
		listener->take(listener, stream);
}

/* Another one that may be free, for a remedy. */
static unsigned
another_port(unsigned port)
{
	enum { STEP = 10, MAX_PORT = 65535 };

	return port + STEP <= MAX_PORT ? port + STEP : port - STEP;
}

static enum cause
refuse_port(const char *option, unsigned port, struct reason *why)
{
	char buffer[160];
	struct text holder;

	text_init(&holder, buffer, sizeof(buffer));
	if (port_holder(port, &holder))
		reason_begin(why, CAUSE_HOST, "port %u is in use by %s", port, buffer);
	else
		reason_begin(why, CAUSE_HOST, "port %u is in use by another program", port);
	reason_suspect_with(why, FINDING_F1, "%s %u, or %s 0 for any free one", option,
			    another_port(port), option);
	return CAUSE_HOST;
}

static enum cause
parse_address(const char *address, unsigned port, struct sockaddr_storage *where,
	      struct reason *why)
{
	if (uv_ip4_addr(address, (int)port, (struct sockaddr_in *)(void *)where) == 0 ||
	    uv_ip6_addr(address, (int)port, (struct sockaddr_in6 *)(void *)where) == 0)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST, "\"%s\" is no IP address", address);
	reason_suspect(why, FINDING_REQUEST_BIND);
	return why->cause;
}

enum cause
listener_check_address(const char *address, struct reason *why)
{
	struct sockaddr_storage where;

	return parse_address(address, 0, &where, why);
}

static unsigned
port_of(struct sockaddr_storage *where)
{
	return ntohs(where->ss_family == AF_INET
			     ? ((struct sockaddr_in *)(void *)where)->sin_port
			     : ((struct sockaddr_in6 *)(void *)where)->sin6_port);
}

static unsigned
port_in_use(const uv_tcp_t *tcp)
{
	struct sockaddr_storage where;
	int size = sizeof(where);

	if (uv_tcp_getsockname(tcp, (struct sockaddr *)&where, &size) != 0)
		return 0;
	return port_of(&where);
}

enum cause
listener_begin(struct listener *listener, uv_loop_t *loop, const char *address,
	       unsigned port, struct reason *why)
{
	struct sockaddr_storage where;
	enum cause cause = parse_address(address, port, &where, why);
	int status;

	if (cause != CAUSE_NONE)
		return cause;
	uv_tcp_init(loop, &listener->tcp);
	listener->tcp.data = listener;
	listener->is_open = true;
	status = uv_tcp_bind(&listener->tcp, (struct sockaddr *)&where, 0);
	/* libuv reports a port in use only here. */
	if (status == 0)
		status = uv_listen((uv_stream_t *)&listener->tcp, LISTEN_BACKLOG,
				   on_connection);
	if (status == UV_EADDRINUSE)
		return refuse_port(listener->option, port, why);
	if (status != 0)
		return reason_begin(why, CAUSE_HOST, "cannot listen at %s port %u: %s",
				    address, port, uv_strerror(status));
	listener->port = port_in_use(&listener->tcp);
	return CAUSE_NONE;
}

void
listener_end(struct listener *listener)
{
	if (listener->is_open)
		uv_close((uv_handle_t *)&listener->tcp, NULL);
	listener->is_open = false;
}

enum cause
listener_check(const char *option, const char *address, unsigned port, struct reason *why)
{
	struct listener listener = { .option = option };
	uv_loop_t loop;
	enum cause cause;

	if (uv_loop_init(&loop) != 0)
		return reason_begin(why, CAUSE_HOST, "no event loop");
	cause = listener_begin(&listener, &loop, address, port, why);
	listener_end(&listener);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	return cause;
}

/* RFC 6890: all of 127.0.0.0/8. */
static bool
is_loopback_v4(const uint8_t *address)
{
	return address[0] == 127;
}

bool
listener_is_exposed(const char *address)
{
	enum { V4_IN_MAPPED = 12 }; /* RFC 4291 2.5.5.2 */

	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (uv_ip4_addr(address, 0, &v4) == 0)
		return !is_loopback_v4((const uint8_t *)&v4.sin_addr);
	if (uv_ip6_addr(address, 0, &v6) != 0)
		return true;
	if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
		return !is_loopback_v4(v6.sin6_addr.s6_addr + V4_IN_MAPPED);
	return !IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}
