/* SPDX-License-Identifier: MIT */
#include "server/share/share.h"

#include "server/session/peer.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/link/rendezvous.h"
#include "transport/probe/absent.h"
#include "transport/probe/probe_shared.h"

#include <stdlib.h>
#include <string.h>

struct share_connection {
	struct share *share;
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} socket;
	uv_write_t write;
	struct share_client client;
	bool is_reading, is_writing, is_over;
	char name[64]; /* "127.0.0.1:40112" */
	size_t request_len;
	uint8_t request[SHARE_REQUEST_MAX];
	uint8_t answer[SHARE_ANSWER_MAX];
};

static const struct share_protocol *const protocols[] = { &share_stlink, &share_cmsis_dap };

/* NULL: it cannot be shared. */
static const struct share_protocol *
protocol_of(struct probe *probe)
{
	for (size_t i = 0; i < array_len(protocols); i++)
		if (protocols[i]->serves(probe))
			return protocols[i];
	return NULL;
}

unsigned
share_users(const struct share *share)
{
	unsigned count = 0;

	for (size_t i = 0; i < SHARE_CONNECTIONS; i++)
		count += share->connections[i] != NULL &&
			 share->connections[i]->client.is_user;
	return count;
}

/* The board's probe may have been replaced, by whatever is plugged in now. */
static bool
is_probe_there(struct share *share)
{
	struct probe *probe = board_probe(debugger_board(share->debugger));
	bool is_lost = debugger_is_lost(share->debugger);
	struct reason why = REASON_INIT;

	share->probe.common.is_owner_there = !is_lost;
	if (share->protocol == NULL ||
	    (probe != share->probe.common.probe &&
	     share->protocol->take(&share->probe, probe, &why) != CAUSE_NONE))
		return false;
	return !is_lost || !debugger_has_lost_probe(share->debugger);
}

static void
free_connection(uv_handle_t *handle)
{
	free(handle->data);
}

static void
note_departure(const struct share_connection *connection, const char *how)
{
	log_info("share", "%s %s%s%s", connection->name, how,
		 connection->client.is_user ? " and no longer uses the " : "",
		 connection->client.is_user ? connection->share->protocol->noun : "");
}

static void
end_connection(struct share_connection *connection, const char *how)
{
	struct share *share = connection->share;

	if (connection->is_over)
		return;
	connection->is_over = true;
	note_departure(connection, how);
	connection->client.is_probe_there = is_probe_there(share);
	share->protocol->leave(&connection->client);
	for (size_t i = 0; i < SHARE_CONNECTIONS; i++)
		if (share->connections[i] == connection)
			share->connections[i] = NULL;
	debugger_set_sharers(share->debugger, share_users(share));
	uv_close(&connection->socket.handle, free_connection);
}

/* *size as struct share_protocol has it. */
static bool
has_request(struct share_connection *connection, size_t *size)
{
	struct reason why = REASON_INIT;

	if (connection->share->protocol->measure(
		    connection->request, connection->request_len, size, &why) == CAUSE_NONE)
		return *size > 0 && *size <= connection->request_len;
	log_warning("share", "%s is refused: %s", connection->name, reason_root(&why));
	end_connection(connection, "was refused");
	return false;
}

static void play_turn(uv_timer_t *timer);

static void
ask_for_turn(struct share *share)
{
	if (!uv_is_active((uv_handle_t *)&share->turn))
		uv_timer_start(&share->turn, play_turn, 0, 0);
}

static void
offer_space(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct share_connection *connection = handle->data;

	(void)suggested;
	buffer->base = (char *)connection->request + connection->request_len;
	buffer->len = (unsigned)(sizeof(connection->request) - connection->request_len);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);

/* Reads while there is room; a full buffer holds at least one request. */
static void
read_or_wait(struct share_connection *connection)
{
	bool has_room = connection->request_len < sizeof(connection->request);

	if (has_room && !connection->is_reading)
		uv_read_start(&connection->socket.stream, offer_space, on_read);
	else if (!has_room && connection->is_reading)
		uv_read_stop(&connection->socket.stream);
	connection->is_reading = has_room;
}

static void
on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
	struct share_connection *connection = stream->data;
	size_t whole;

	(void)buffer;
	if (connection->is_over)
		return;
	if (size < 0) {
		end_connection(connection, size == UV_EOF ? "has closed its connection"
							  : uv_strerror((int)size));
		return;
	}
	connection->request_len += (size_t)size;
	if (has_request(connection, &whole))
		ask_for_turn(connection->share);
	if (!connection->is_over)
		read_or_wait(connection);
}

static void
on_written(uv_write_t *write, int status)
{
	struct share_connection *connection = write->data;

	connection->is_writing = false;
	if (connection->is_over)
		return;
	if (status < 0)
		end_connection(connection, uv_strerror(status));
	else if (connection->request_len > 0)
		ask_for_turn(connection->share);
}

static void
send_answer(struct share_connection *connection, size_t size)
{
	uv_buf_t buffer = uv_buf_init((char *)connection->answer, (unsigned)size);
	int status;

	connection->is_writing = true;
	connection->write.data = connection;
	status = uv_write(&connection->write, &connection->socket.stream, &buffer, 1,
			  on_written);
	if (status == 0)
		return;
	connection->is_writing = false;
	end_connection(connection, uv_strerror(status));
}

static void
welcome(struct share_connection *connection)
{
	struct share *share = connection->share;
	char words[128];
	struct text text;

	sharing_name(&share->probe.common, connection->client.user, connection->name);
	log_info("share", "%s uses the %s, too", connection->name, share->protocol->noun);
	text_init(&text, words, sizeof(words));
	text_add(&text, "note: another program (%s) uses the probe, too", connection->name);
	clients_note(share->clients, words);
	debugger_set_sharers(share->debugger, share_users(share));
}

static void
play_request(struct share_connection *connection, size_t request_size)
{
	struct share *share = connection->share;
	bool was_user = connection->client.is_user, ends = false;
	struct reason why = REASON_INIT;
	size_t size = 0;

	connection->client.is_probe_there = is_probe_there(share);
	if (share->protocol->answer(&connection->client, connection->request,
				    connection->answer, &size, &ends, &why) != CAUSE_NONE)
		log_debug("share", "%s: %s", connection->name, reason_root(&why));
	connection->request_len -= request_size;
	memmove(connection->request, connection->request + request_size,
		connection->request_len);
	if (!was_user && connection->client.is_user)
		welcome(connection);
	if (sharing_has_news(&share->probe.common))
		debugger_wake(share->debugger);
	if (ends)
		end_connection(connection, reason_root(&why));
	else if (size > 0)
		send_answer(connection, size);
	if (!connection->is_over)
		read_or_wait(connection);
}

/* One request of the next client that has one. */
static void
play_turn(uv_timer_t *timer)
{
	struct share *share = timer->data;

	for (unsigned i = 1; i <= SHARE_CONNECTIONS; i++) {
		unsigned next = (share->last + i) % SHARE_CONNECTIONS;
		struct share_connection *connection = share->connections[next];
		size_t size;

		if (connection == NULL || connection->is_writing ||
		    !has_request(connection, &size))
			continue;
		share->last = next;
		play_request(connection, size);
		ask_for_turn(share);
		return;
	}
}

static bool
find_place(struct share *share, struct share_connection *connection)
{
	for (size_t i = 0; i < SHARE_CONNECTIONS; i++)
		if (share->connections[i] == NULL) {
			share->connections[i] = connection;
			return true;
		}
	return false;
}

static void
init_socket(struct share_connection *connection, bool is_local)
{
	uv_loop_t *loop = connection->share->loop;

	if (is_local)
		uv_pipe_init(loop, &connection->socket.pipe, 0);
	else
		uv_tcp_init(loop, &connection->socket.tcp);
	connection->socket.handle.data = connection;
}

static void
name_peer(struct share_connection *connection, bool is_local)
{
	if (is_local)
		text_copy(connection->name, sizeof(connection->name), "another tether");
	else
		peer_name(&connection->socket.tcp, connection->name,
			  sizeof(connection->name));
}

static void
accept_client(struct share *share, uv_stream_t *stream, bool is_local)
{
	struct share_connection *connection = calloc(1, sizeof(*connection));

	if (connection == NULL) {
		log_error("share", "no memory for another client");
		return;
	}
	connection->share = share;
	connection->client.share = &share->probe;
	init_socket(connection, is_local);
	if (uv_accept(stream, &connection->socket.stream) != 0) {
		uv_close(&connection->socket.handle, free_connection);
		return;
	}
	name_peer(connection, is_local);
	if (!find_place(share, connection)) {
		log_warning("share", "%s is refused: %d others are here", connection->name,
			    SHARE_CONNECTIONS);
		uv_close(&connection->socket.handle, free_connection);
		return;
	}
	if (!is_local)
		uv_tcp_nodelay(&connection->socket.tcp, 1);
	read_or_wait(connection);
}

static void
accept_by_tcp(struct listener *listener, uv_stream_t *stream)
{
	accept_client(listener->context, stream, false);
}

static void
accept_local(uv_stream_t *stream, int status)
{
	if (status == 0)
		accept_client(stream->data, stream, true);
}

static void
end_clients(struct share *share, const char *how)
{
	for (size_t i = 0; i < SHARE_CONNECTIONS; i++)
		if (share->connections[i] != NULL)
			end_connection(share->connections[i], how);
}

static void
end_protocol(struct share *share)
{
	if (share->protocol != NULL)
		share->protocol->end(&share->probe);
	share->protocol = NULL;
}

static void
free_pipe(uv_handle_t *handle)
{
	free(handle);
}

static void
close_pipe(struct share *share)
{
	if (share->pipe != NULL)
		uv_close((uv_handle_t *)share->pipe, free_pipe);
	share->pipe = NULL;
}

/* Who has the probe on USB is alone there: a socket that it finds was left by one that was
 * killed. */
static enum cause
listen_at(struct share *share, const char *path, struct reason *why)
{
	int status;
	enum cause cause;

	rendezvous_clear(path);
	status = uv_pipe_bind(share->pipe, path);
	cause = status == 0 ? rendezvous_guard(path, why) : CAUSE_NONE;
	if (cause == CAUSE_NONE && status == 0)
		status = uv_listen((uv_stream_t *)share->pipe, SHARE_CONNECTIONS,
				   accept_local);
	if (status != 0)
		cause = reason_begin(why, CAUSE_HOST, "cannot listen at %s: %s", path,
				     uv_strerror(status));
	return cause;
}

static enum cause
open_pipe(struct share *share, const char *path, struct reason *why)
{
	enum cause cause;

	share->pipe = calloc(1, sizeof(*share->pipe));
	if (share->pipe == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a socket");
	uv_pipe_init(share->loop, share->pipe, 0);
	share->pipe->data = share;
	cause = listen_at(share, path, why);
	if (cause != CAUSE_NONE)
		close_pipe(share);
	return cause;
}

/* No client is there. */
static enum cause
begin_protocol(struct share *share, struct probe *probe, struct reason *why)
{
	const struct share_protocol *protocol = protocol_of(probe);

	if (protocol == NULL) {
		reason_begin(why, CAUSE_UNSUPPORTED, "the %s cannot be shared",
			     probe->identity.kind);
		reason_suspect(why, FINDING_REQUEST_SHARE);
		return CAUSE_UNSUPPORTED;
	}
	if (share->protocol != protocol) {
		end_protocol(share);
		memset(&share->probe, 0, sizeof(share->probe));
		share->probe.common.is_owner_there = true;
	}
	share->protocol = protocol;
	return protocol->take(&share->probe, probe, why);
}

static enum cause
offer(struct share *share, struct probe *probe, struct reason *why)
{
	char path[RENDEZVOUS_PATH];
	enum cause cause = begin_protocol(share, probe, why);

	if (cause == CAUSE_NONE)
		cause = probe_shared_path(share->protocol->kind, probe->identity.serial,
					  path, why);
	if (cause == CAUSE_NONE)
		cause = open_pipe(share, path, why);
	if (cause == CAUSE_NONE)
		log_info("share", "other tethers use the probe through this one, by %s",
			 path);
	return cause;
}

/* Offers the probe while it is ours, and not what another tether offers, or one that is lost. */
static void
follow_probe(struct share *share)
{
	struct probe *probe = board_probe(debugger_board(share->debugger));
	const struct share_protocol *protocol = protocol_of(probe);
	bool is_ours = protocol != NULL && protocol->is_ours(probe);
	struct reason why = REASON_INIT;

	if (!is_ours) {
		close_pipe(share);
		end_clients(share, "is closed: the probe is lost");
		share->probe.common.probe = NULL;
		debugger_set_sharers(share->debugger, probe_is_absent(probe) ? 0 : 1);
	} else if (share->pipe == NULL && offer(share, probe, &why) != CAUSE_NONE) {
		log_warning("share", "the probe is not shared: %s", reason_root(&why));
	}
}

static void
take_probe(void *context)
{
	struct share *share = context;

	if (share->is_local)
		follow_probe(share);
	else
		is_probe_there(share);
}

static void
init_share(struct share *share, uv_loop_t *loop, struct clients *clients)
{
	share->debugger = clients->debugger;
	share->clients = clients;
	share->loop = loop;
	uv_timer_init(loop, &share->turn);
	share->turn.data = share;
	share->is_open = true;
	debugger_on_probe(share->debugger, take_probe, share);
}

void
share_begin_local(struct share *share, uv_loop_t *loop, struct clients *clients)
{
	share->is_local = true;
	init_share(share, loop, clients);
	follow_probe(share);
}

enum cause
share_begin(struct share *share, uv_loop_t *loop, struct clients *clients,
	    const char *address, unsigned port, struct reason *why)
{
	struct board *board = debugger_board(clients->debugger);
	enum cause cause = begin_protocol(share, board_probe(board), why);

	if (cause != CAUSE_NONE)
		return cause;
	share->listener = (struct listener){ .option = "--share",
					     .take = accept_by_tcp,
					     .context = share };
	cause = listener_begin(&share->listener, loop, address, port, why);
	if (cause == CAUSE_NONE)
		init_share(share, loop, clients);
	return cause;
}

const char *
share_like(const struct share *share)
{
	return share->protocol->like;
}

void
share_end(struct share *share)
{
	listener_end(&share->listener);
	if (!share->is_open)
		return;
	share->is_open = false;
	debugger_on_probe(share->debugger, NULL, NULL);
	close_pipe(share);
	end_clients(share, "is closed: tether is shutting down");
	end_protocol(share);
	uv_close((uv_handle_t *)&share->turn, NULL);
}
