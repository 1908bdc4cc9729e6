/* SPDX-License-Identifier: MIT */
/*
 * An ST-LINK behind ST's stlink-server, which lets several programs share one.
 *
 * The protocol is that of server_protocol.h.
 */
#include "transport/link/tcp.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/link/rendezvous.h"
#include "transport/probe/stlink/server_protocol.h"
#include "transport/probe/stlink/stlink.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	OUR_API = 1,
	MAJOR_OF_TETHER = 0,   /* ST's own are 1 and 2 */
	API_THAT_LOCKS = 3,    /* earlier ones let another client between OUT and IN */
	API_OF_LARGE_DATA = 2, /* earlier ones crash on Windows by more than 1428 bytes */
	SMALL_DATA = 1024,
	CONNECT_MS = 2000,
	/* While the probe is opened. The server has its own limit for the probe, and says when
	 * that is over. */
	ANSWER_MS = 2 * STLINK_TIMEOUT_MS
};

struct server {
	struct stlink_carrier carrier;
	struct tcp *tcp;
	char place[104]; /* "127.0.0.1:7184", or the path of a local socket */
	bool is_local;   /* the latter: of another tether */
	bool has_probe;
	uint32_t connection; /* what the server calls our hold on the probe */
	size_t have;         /* of an answer that comes in parts */
	uint8_t answer[SERVER_STATUS_SIZE + STLINK_VERSION_SIZE_MAX];
	size_t owed;         /* bytes of an answer that did not come in time */
	bool is_out_of_step; /* a request did not go whole, or the stream broke */
};

/* The server's status words. */
static const struct {
	uint32_t code;
	enum cause cause;
	const char *words;
} statuses[] = {
	{ STATUS_OUT_OF_MEMORY, CAUSE_HOST, "it has no memory" },
	{ STATUS_TIMED_OUT, CAUSE_TIMEOUT, "the ST-LINK did not answer it in time" },
	/* Our parameters do not change, so it is the connection's number that it forgot. */
	{ STATUS_BAD_PARAMETER, CAUSE_GONE,
	  "it no longer knows the ST-LINK, as when that was unplugged" },
	{ STATUS_CANNOT_OPEN, CAUSE_HOST, "it cannot open the ST-LINK" },
	{ STATUS_CUT_SHORT, CAUSE_GONE, "data was cut short" },
	{ STATUS_UNKNOWN_COMMAND, CAUSE_UNSUPPORTED, "it does not know the command" },
	{ STATUS_CONNECTION_FAILED, CAUSE_GONE, "its connection failed" },
	{ STATUS_CANNOT_CONNECT, CAUSE_GONE, "it cannot connect" },
	{ STATUS_CANNOT_CLOSE, CAUSE_GONE, "it cannot close" },
	{ STATUS_BUSY, CAUSE_HOST, "the ST-LINK is busy with another client" },
	{ STATUS_NOT_REACHED, CAUSE_GONE,
	  "its operating system no longer reaches the ST-LINK" },
};

static enum cause
explain_status(uint32_t status, struct reason *why)
{
	if (status == STATUS_OK)
		return CAUSE_NONE;
	for (size_t i = 0; i < array_len(statuses); i++) {
		if (statuses[i].code != status)
			continue;
		reason_begin(why, statuses[i].cause, "stlink-server answered 0x%x: %s",
			     (unsigned)status, statuses[i].words);
		if (status == STATUS_BAD_PARAMETER)
			reason_suspect(why, FINDING_F5);
		return statuses[i].cause;
	}
	return reason_begin(why, CAUSE_GONE,
			    "stlink-server answered the unknown status 0x%x",
			    (unsigned)status);
}

static struct server *
server_of(struct stlink_carrier *carrier)
{
	return container_of(carrier, struct server, carrier);
}

/* Nothing came of an answer in this time, or no more. */
static enum cause
explain_silence(const struct server *server, unsigned ms, struct reason *why)
{
	reason_while(why, "waiting for an answer for %u ms", ms);
	reason_suspect_with(why, FINDING_HOST_SERVER_SILENT, "%s", server->place);
	return why->cause;
}

/* What is owed of answers that did not come in time, since the stream keeps their order. */
static enum cause
find_step(struct server *server, struct reason *why)
{
	struct patience patience = patience_for_ms(STLINK_TIMEOUT_MS);
	uint8_t dropped[256];
	enum cause cause = CAUSE_NONE;

	while (cause == CAUSE_NONE && server->owed > 0) {
		size_t size =
			server->owed < sizeof(dropped) ? server->owed : sizeof(dropped);
		size_t got = 0;

		cause = tcp_receive(server->tcp, dropped, size, &got, &patience, why);
		server->owed -= got;
	}
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	/* What is asked after that fails at once. */
	server->is_out_of_step = true;
	if (cause == CAUSE_TIMEOUT)
		explain_silence(server, STLINK_TIMEOUT_MS, why);
	reason_while(why, "waiting for an answer of stlink-server that is late");
	return reason_becomes(why, CAUSE_GONE);
}

static enum cause
send_bytes(struct server *server, const uint8_t *bytes, size_t size, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (server->is_out_of_step)
		return reason_begin(why, CAUSE_GONE,
				    "the connection to stlink-server is out of step since "
				    "a request was cut short");
	if (server->owed > 0)
		cause = find_step(server, why);
	if (cause != CAUSE_NONE)
		return cause;
	cause = tcp_send(server->tcp, bytes, size, ANSWER_MS, why);
	server->is_out_of_step = cause != CAUSE_NONE;
	return cause;
}

/* Of an answer of which `more` bytes come behind these. */
static enum cause
receive_bytes(struct server *server, uint8_t *bytes, size_t size, size_t more,
	      struct reason *why)
{
	uint32_t ms = server->is_local ? RENDEZVOUS_ANSWER_MS
				       : stlink_patience_ms(&server->carrier);
	struct patience patience = patience_for_ms(ms);
	size_t have = 0;
	enum cause cause = tcp_receive(server->tcp, bytes, size, &have, &patience, why);

	/* Who waits for it connects to it anew. */
	if (cause == CAUSE_TIMEOUT && server->is_local)
		cause = rendezvous_silent(tcp_peer_process(server->tcp), CAUSE_GONE, why);

	server->owed = cause == CAUSE_TIMEOUT ? size - have + more : 0;
	server->is_out_of_step = cause != CAUSE_NONE && cause != CAUSE_TIMEOUT;
	return cause == CAUSE_TIMEOUT ? explain_silence(server, ms, why) : cause;
}

static enum cause
ask(struct server *server, const uint8_t *request, size_t size, uint8_t *answer,
    size_t answer_size, struct reason *why)
{
	enum cause cause = send_bytes(server, request, size, why);

	return cause == CAUSE_NONE ? receive_bytes(server, answer, answer_size, 0, why)
				   : cause;
}

/* Data follows a bad status as it does a good one. */
static enum cause
receive_answer(struct server *server, uint8_t *in, uint32_t size, struct reason *why)
{
	uint8_t status[SERVER_STATUS_SIZE];
	struct reason lost = REASON_INIT;
	enum cause cause = receive_bytes(server, status, sizeof(status), size, why);

	if (cause != CAUSE_NONE)
		return cause;
	cause = explain_status(le32_get(status), why);
	if (size == 0 || receive_bytes(server, in, size, 0, &lost) == CAUSE_NONE)
		return cause;
	/* A server that ended its answer with the bad status has said more by that. */
	if (cause == CAUSE_NONE)
		*why = lost;
	return why->cause;
}

/* All of a command but its number, which its array begins with. */
static void
put_head(const struct server *server, enum server_direction direction,
	 const uint8_t *command, uint32_t size, uint8_t *request)
{
	le32_put(request + SERVER_WHICH_AT, server->connection);
	if (command != NULL)
		memcpy(request + SERVER_COMMAND_AT, command, STLINK_COMMAND_SIZE);
	request[SERVER_DIRECTION_AT] = (uint8_t)direction;
	le32_put(request + SERVER_LENGTH_AT, size);
}

static enum cause
server_exchange(struct stlink_carrier *carrier, const struct stlink_command *command,
		uint32_t *received, struct reason *why)
{
	struct server *server = server_of(carrier);
	bool is_write = command->out != NULL;
	uint8_t request[SERVER_HEAD_SIZE + STLINK_EXCHANGE_MAX] = { REQUEST_COMMAND };
	size_t size = SERVER_HEAD_SIZE;
	enum cause cause;

	put_head(server, is_write ? DIRECTION_WRITE : DIRECTION_READ, command->bytes,
		 command->size, request);
	if (is_write) {
		memcpy(request + SERVER_HEAD_SIZE, command->out, command->size);
		size += command->size;
	}
	cause = send_bytes(server, request, size, why);
	if (cause == CAUSE_NONE)
		cause = receive_answer(server, command->in, is_write ? 0 : command->size,
				       why);
	*received = is_write || cause != CAUSE_NONE ? 0 : command->size;
	return cause;
}

/* Until its answer is whole no other can be distinguished from it. */
static enum cause
server_begin(struct stlink_carrier *carrier, const struct stlink_command *command,
	     struct reason *why)
{
	struct server *server = server_of(carrier);
	uint8_t request[SERVER_HEAD_SIZE] = { REQUEST_COMMAND };
	enum cause cause;

	put_head(server, DIRECTION_READ, command->bytes, command->size, request);
	cause = send_bytes(server, request, sizeof(request), why);
	server->have = 0;
	server->is_out_of_step = true;
	return cause == CAUSE_TIMEOUT ? reason_becomes(why, CAUSE_GONE) : cause;
}

static enum cause
server_poll(struct stlink_carrier *carrier, const struct stlink_command *command,
	    uint32_t *received, struct reason *why)
{
	struct server *server = server_of(carrier);
	size_t wanted = SERVER_STATUS_SIZE + command->size;
	struct patience part = patience_for_ms(STLINK_PART_MS);
	struct reason lost = REASON_INIT;
	enum cause cause;

	assert(wanted <= sizeof(server->answer));
	cause = tcp_receive(server->tcp, server->answer, wanted, &server->have, &part,
			    &lost);
	/* A server that ended its answer with a bad status has said more by that. */
	if (cause == CAUSE_GONE && server->have >= SERVER_STATUS_SIZE &&
	    explain_status(le32_get(server->answer), why) != CAUSE_NONE)
		return why->cause;
	if (cause != CAUSE_NONE) {
		*why = lost;
		return cause;
	}
	server->is_out_of_step = false;
	memcpy(command->in, server->answer + SERVER_STATUS_SIZE, command->size);
	*received = command->size;
	return explain_status(le32_get(server->answer), why);
}

static enum cause
server_read_trace(struct stlink_carrier *carrier, uint8_t *bytes, uint32_t size,
		  uint32_t *received, struct reason *why)
{
	struct server *server = server_of(carrier);
	uint8_t request[SERVER_HEAD_SIZE] = { REQUEST_COMMAND };
	enum cause cause;

	put_head(server, DIRECTION_TRACE, NULL, size, request);
	cause = send_bytes(server, request, sizeof(request), why);
	if (cause == CAUSE_NONE)
		cause = receive_answer(server, bytes, size, why);
	*received = cause == CAUSE_NONE ? size : 0;
	return cause;
}

static void
let_go(struct server *server)
{
	uint8_t request[SERVER_SMALL_SIZE] = { REQUEST_CLOSE };
	uint8_t answer[SERVER_STATUS_SIZE];
	struct reason why = REASON_INIT;

	le32_put(request + SERVER_WHICH_AT, server->connection);
	/* The connection ends in any case, and the server then lets the probe go. */
	if (ask(server, request, sizeof(request), answer, sizeof(answer), &why) !=
		    CAUSE_NONE ||
	    explain_status(le32_get(answer), &why) != CAUSE_NONE)
		log_debug("probe", "closing: %s", reason_root(&why));
}

static void
server_close(struct stlink_carrier *carrier)
{
	struct server *server = server_of(carrier);

	if (server->has_probe)
		let_go(server);
	tcp_close(server->tcp);
	free(server);
}

static const struct stlink_carrier_ops server_ops = {
	.close = server_close,
	.exchange = server_exchange,
	.begin = server_begin,
	.poll = server_poll,
	.read_trace = server_read_trace,
};

struct device {
	uint32_t id;
	char serial[SERVER_SERIAL_SIZE + 1];
	uint16_t vendor, product;
	bool is_used; /* by a program that does not share it */
};

/* A request whose answer is waited for in parts. Zeros at the start, and again at the end. */
struct asking {
	bool is_sent;
	size_t have;
	struct deadline deadline;
};

struct opening {
	struct staged_job staged;
	struct server *server;   /* NULL from when the inner job has it */
	const char *host, *port; /* NULL: it is at a local socket, server->place */
	const char *which;       /* of its probes: by the start of its serial; "" */
	struct asking asking;
	uint8_t answer[SERVER_DEVICE_SIZE]; /* the largest of those while it is opened */
	uint32_t count, next;               /* of the server's devices */
	size_t len;
	struct device devices[PROBE_CANDIDATES_MAX];
	struct probe_candidate candidates[PROBE_CANDIDATES_MAX]; /* of each of them */
	size_t chosen;
	struct job *inner;
	struct clock *clock;
	struct probe **probe;
};

static struct opening *
opening_of(struct staged_job *staged)
{
	return container_of(staged, struct opening, staged);
}

static enum cause
run_connect(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	struct server *server = opening->server;

	if (server->tcp == NULL && opening->host == NULL)
		return tcp_begin_local(server->place, CONNECT_MS, &server->tcp, why);
	if (server->tcp == NULL)
		return tcp_begin(opening->host, opening->port, CONNECT_MS, &server->tcp,
				 why);
	return tcp_finish(server->tcp, STLINK_PART_MS, done, why);
}

static enum cause
begin_asking(struct opening *opening, const uint8_t *request, size_t size,
	     struct reason *why)
{
	opening->asking =
		(struct asking){ .is_sent = true,
				 .deadline = deadline_in_ms(clock_host(), ANSWER_MS) };
	return send_bytes(opening->server, request, size, why);
}

/* Part of a request and the wait for its answer, `size` bytes, which are in opening->answer
 * when *done is set. */
static enum cause
ask_part(struct opening *opening, const uint8_t *request, size_t request_size, size_t size,
	 bool *done, struct reason *why)
{
	struct patience part = patience_for_ms(STLINK_PART_MS);
	struct asking *asking = &opening->asking;
	struct server *server = opening->server;
	enum cause cause;

	assert(size <= sizeof(opening->answer));
	if (!asking->is_sent)
		return begin_asking(opening, request, request_size, why);
	cause = tcp_receive(server->tcp, opening->answer, size, &asking->have, &part, why);
	if (cause == CAUSE_TIMEOUT && !deadline_is_over(&asking->deadline))
		return CAUSE_NONE;
	*done = cause == CAUSE_NONE;
	server->is_out_of_step = cause != CAUSE_NONE;
	asking->is_sent = false;
	return cause == CAUSE_TIMEOUT ? explain_silence(server, ANSWER_MS, why) : cause;
}

/* One whose answer begins with a status. */
static enum cause
ask_status_part(struct opening *opening, const uint8_t *request, size_t request_size,
		size_t size, bool *done, struct reason *why)
{
	enum cause cause = ask_part(opening, request, request_size, size, done, why);

	return cause == CAUSE_NONE && *done ? explain_status(le32_get(opening->answer), why)
					    : cause;
}

static enum cause
while_asking_for(const struct opening *opening, const char *what, enum cause cause,
		 struct reason *why)
{
	return cause == CAUSE_NONE
		       ? cause
		       : reason_while(why, "asking stlink-server at %s for its %s",
				      opening->server->place, what);
}

/* u32 each: API, major, minor, build; no status. */
static void
take_version(struct server *server, const uint8_t *version)
{
	uint32_t api = le32_get(version);

	server->carrier.is_shared = api < API_THAT_LOCKS;
	server->carrier.keeps_claims = le32_get(version + 4) == MAJOR_OF_TETHER;
	if (api < API_OF_LARGE_DATA)
		server->carrier.data_max = server->carrier.exchange_max = SMALL_DATA;
	log_debug("probe", "stlink-server %u.%u.%u, API %u",
		  (unsigned)le32_get(version + 4), (unsigned)le32_get(version + 8),
		  (unsigned)le32_get(version + 12), (unsigned)api);
}

/* The first answer of something that may be no stlink-server at all. */
static enum cause
run_greet(struct staged_job *staged, bool *done, struct reason *why)
{
	static const uint8_t request[] = { REQUEST_VERSION, OUR_API, 0, 0 };
	struct opening *opening = opening_of(staged);
	enum cause cause =
		ask_part(opening, request, sizeof(request), SERVER_VERSION_SIZE, done, why);

	if (cause == CAUSE_TIMEOUT)
		reason_suspect(why, FINDING_HOST_NOT_A_PROBE_SERVER);
	if (*done)
		take_version(opening->server, opening->answer);
	return while_asking_for(opening, "version", cause, why);
}

static enum cause
run_refresh(struct staged_job *staged, bool *done, struct reason *why)
{
	static const uint8_t request[] = { REQUEST_REFRESH, 0 };
	struct opening *opening = opening_of(staged);

	return while_asking_for(opening, "ST-LINKs",
				ask_status_part(opening, request, sizeof(request),
						SERVER_STATUS_SIZE, done, why),
				why);
}

static enum cause
run_count(struct staged_job *staged, bool *done, struct reason *why)
{
	static const uint8_t request[] = { REQUEST_COUNT };
	struct opening *opening = opening_of(staged);
	/* No status. */
	enum cause cause =
		ask_part(opening, request, sizeof(request), SERVER_STATUS_SIZE, done, why);

	if (*done)
		opening->count = le32_get(opening->answer);
	return while_asking_for(opening, "ST-LINKs", cause, why);
}

static void
add_device(struct opening *opening)
{
	const uint8_t *answer = opening->answer;
	struct device *device = &opening->devices[opening->len];
	const struct stlink_model *model;

	*device = (struct device){ .id = le32_get(answer + SERVER_ID_AT),
				   .vendor = le16_get(answer + SERVER_VENDOR_AT),
				   .product = le16_get(answer + SERVER_PRODUCT_AT),
				   .is_used = answer[SERVER_USED_AT] != 0 };
	memcpy(device->serial, answer + SERVER_SERIAL_AT, SERVER_SERIAL_SIZE);
	model = stlink_model_find(device->vendor, device->product);
	if (model != NULL)
		opening->candidates[opening->len++] =
			stlink_candidate(model, device->serial, opening->server->place);
}

/* One device after the other. */
static enum cause
run_list(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	uint8_t request[SERVER_SMALL_SIZE] = { REQUEST_DEVICE, (uint8_t)opening->next };
	bool has_one = false;
	enum cause cause = CAUSE_NONE;

	*done = opening->next >= opening->count || opening->next >= PROBE_CANDIDATES_MAX;
	if (*done)
		return CAUSE_NONE;
	le32_put(request + SERVER_STRUCT_SIZE_AT, SERVER_DEVICE_STRUCT_SIZE);
	cause = ask_status_part(opening, request, sizeof(request), SERVER_DEVICE_SIZE,
				&has_one, why);
	if (cause == CAUSE_NONE && has_one) {
		add_device(opening);
		opening->next++;
	}
	return while_asking_for(opening, "ST-LINKs", cause, why);
}

static enum cause
refuse_used(const struct device *device, struct reason *why)
{
	reason_begin(why, CAUSE_HOST,
		     "another program uses the ST-LINK %s at this stlink-server and does "
		     "not share it",
		     device->serial);
	reason_suspect(why, FINDING_A3);
	return CAUSE_HOST;
}

static enum cause
run_choose(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	char looked[128];
	struct text text;
	enum cause cause;

	text_init(&text, looked, sizeof(looked));
	text_add(&text, "at stlink-server %s", opening->server->place);
	cause = probe_choose(&probe_choice_stlink, opening->candidates, opening->len,
			     opening->which, looked, &opening->chosen, why);
	if (cause != CAUSE_NONE)
		return cause;
	*done = true;
	return opening->devices[opening->chosen].is_used
		       ? refuse_used(&opening->devices[opening->chosen], why)
		       : CAUSE_NONE;
}

static enum cause
run_open(struct staged_job *staged, bool *done, struct reason *why)
{
	enum { ANSWER = 8 /* status, connection */ };

	struct opening *opening = opening_of(staged);
	struct server *server = opening->server;
	uint8_t request[SERVER_SMALL_SIZE] = { REQUEST_OPEN };
	enum cause cause;

	le32_put(request + SERVER_WHICH_AT, opening->devices[opening->chosen].id);
	cause = ask_status_part(opening, request, sizeof(request), ANSWER, done, why);
	server->has_probe = cause == CAUSE_NONE && *done;
	if (server->has_probe)
		server->connection = le32_get(opening->answer + 4);
	return cause;
}

static enum cause
run_prepare(struct staged_job *staged, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(staged);
	const struct device *device = &opening->devices[opening->chosen];
	const struct probe_candidate *candidate = &opening->candidates[opening->chosen];
	struct server *server = opening->server;

	if (server != NULL) {
		opening->server = NULL;
		opening->inner =
			stlink_open_job(&server->carrier,
					stlink_model_find(device->vendor, device->product),
					candidate->serial, candidate->where, opening->clock,
					opening->probe);
		if (opening->inner == NULL)
			return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	}
	return probe_step_inner(staged, opening->inner, done, why);
}

static void
free_opening(struct staged_job *staged)
{
	struct opening *opening = opening_of(staged);

	job_free(opening->inner);
	if (opening->server != NULL)
		server_close(&opening->server->carrier);
	free(opening);
}

static struct server *
make_server(void)
{
	struct server *server = calloc(1, sizeof(*server));

	if (server != NULL)
		server->carrier =
			(struct stlink_carrier){ .ops = &server_ops,
						 .data_max = STLINK_DATA_MAX,
						 .exchange_max = STLINK_EXCHANGE_MAX,
						 .has_others = true,
						 .server = server->place };
	return server;
}

/* NULL: no memory. */
static struct opening *
make_opening(const char *which, struct clock *clock, struct probe **probe)
{
	static const struct job_stage stages[] = {
		{ "connect to the server", run_connect, NULL },
		{ "ask for its version", run_greet, NULL },
		{ "let it look for ST-LINKs", run_refresh, NULL },
		{ "ask how many it has", run_count, NULL },
		{ "list them", run_list, NULL },
		{ "choose one", run_choose, NULL },
		{ "open it", run_open, NULL },
		{ "prepare it", run_prepare, NULL },
		{ NULL, NULL, NULL },
	};
	static const struct staged_ops ops = { .free = free_opening };
	struct opening *opening = calloc(1, sizeof(*opening));
	struct server *server = make_server();

	if (opening == NULL || server == NULL) {
		free(opening);
		free(server);
		return NULL;
	}
	staged_job_init(&opening->staged, "opening an ST-LINK at stlink-server", stages,
			&ops);
	opening->server = server;
	opening->which = which;
	opening->clock = clock;
	opening->probe = probe;
	return opening;
}

static struct job *
open_by_server(const struct probe_spec *spec, struct clock *clock, struct probe **probe)
{
	struct opening *opening = make_opening(spec->parts[3], clock, probe);
	struct text place;

	if (opening == NULL)
		return NULL;
	opening->host = spec->parts[1];
	opening->port = spec->parts[2];
	text_init(&place, opening->server->place, sizeof(opening->server->place));
	text_add(&place, "%s:%s", spec->parts[1], spec->parts[2]);
	return &opening->staged.job;
}

struct job *
stlink_open_local(const char *path, const char *which, struct clock *clock,
		  struct probe **probe)
{
	struct opening *opening = make_opening(which, clock, probe);

	if (opening == NULL)
		return NULL;
	opening->server->is_local = true;
	text_copy(opening->server->place, sizeof(opening->server->place), path);
	return &opening->staged.job;
}

const struct probe_kind stlink_tcp_kind = {
	.name = "stlink-tcp",
	.form = "stlink-tcp:HOST:PORT[:SERIAL]",
	.parts_min = 3,
	.parts_max = 4,
	.open = open_by_server,
};
