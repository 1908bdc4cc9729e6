/* SPDX-License-Identifier: MIT */
/*
 * An ST-LINK behind ST's stlink-server, which lets several programs share one.
 *
 * Little-endian; a request begins with its number, most answers with a status
 * word. Layout: openocd abbbc2e05 stlink_usb.c, stlink_tcp_open() and
 * stlink_tcp_xfer_noerrcheck().
 */
#include "transport/link/tcp.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/stlink/stlink.h"

#include <stdlib.h>
#include <string.h>

enum request {
	REQUEST_REFRESH = 0,
	REQUEST_COUNT = 1,
	REQUEST_DEVICE = 2,
	REQUEST_OPEN = 3,
	REQUEST_CLOSE = 4,
	REQUEST_COMMAND = 5,
	REQUEST_VERSION = 6
};

enum {
	OUR_API = 1,
	API_THAT_LOCKS = 3,    /* earlier ones let another client between OUT and IN */
	API_OF_LARGE_DATA = 2, /* earlier ones crash on Windows by more than 1428 bytes */
	SMALL_DATA = 1024,
	STATUS_OK = 1,
	STATUS_SIZE = 4,
	SMALL_SIZE = 8, /* of a request that is no command */
	COMMAND_SIZE = 32,
	DEVICE_STRUCT_SIZE = 41,
	DEVICE_SIZE = STATUS_SIZE + DEVICE_STRUCT_SIZE,
	SERIAL_SIZE = 32,
	DIRECTION_WRITE = 0,
	DIRECTION_READ = 1,
	DIRECTION_TRACE = 3,
	CONNECT_MS = 2000,
	/* The server has its own limit for the probe, and tells when that is over. */
	ANSWER_MS = 2 * STLINK_TIMEOUT_MS
};

struct server {
	struct stlink_carrier carrier;
	struct tcp *tcp;
	uint32_t connection; /* what the server calls our hold on the probe */
	bool is_out_of_step; /* an answer did not come whole; no other can be trusted */
};

/* The server's status words; openocd abbbc2e05, STLINK_TCP_SS_*. */
static const struct {
	uint32_t code;
	enum cause cause;
	const char *words;
} statuses[] = {
	{ 0x1000, CAUSE_HOST, "it has no memory" },
	{ 0x1001, CAUSE_TIMEOUT, "the ST-LINK did not answer it in time" },
	/* Our parameters do not change, so it is the connection's number that it forgot. */
	{ 0x1002, CAUSE_GONE,
	  "it no longer knows the ST-LINK, as when that was unplugged" },
	{ 0x1003, CAUSE_HOST, "it cannot open the ST-LINK" },
	{ 0x1052, CAUSE_GONE, "data was cut short" },
	{ 0x1053, CAUSE_UNSUPPORTED, "it does not know the command" },
	{ 0x2001, CAUSE_GONE, "its connection failed" },
	{ 0x2002, CAUSE_GONE, "it cannot connect" },
	{ 0x2003, CAUSE_GONE, "it cannot close" },
	{ 0x2004, CAUSE_HOST, "the ST-LINK is busy with another client" },
	{ 0x10000, CAUSE_GONE, "its operating system no longer reaches the ST-LINK" },
};

static enum cause
explain_status(uint32_t status, struct reason *why)
{
	if (status == STATUS_OK)
		return CAUSE_NONE;
	for (size_t i = 0; i < array_len(statuses); i++)
		if (statuses[i].code == status)
			return reason_begin(why, statuses[i].cause,
					    "stlink-server answered 0x%x: %s",
					    (unsigned)status, statuses[i].words);
	return reason_begin(why, CAUSE_GONE,
			    "stlink-server answered the status 0x%x, which is none that is "
			    "known",
			    (unsigned)status);
}

static struct server *
server_of(struct stlink_carrier *carrier)
{
	return container_of(carrier, struct server, carrier);
}

static enum cause
send_bytes(struct server *server, const uint8_t *bytes, size_t size, struct reason *why)
{
	enum cause cause;

	if (server->is_out_of_step)
		return reason_begin(why, CAUSE_GONE,
				    "the connection to stlink-server is out of step since "
				    "an answer was lost");
	cause = tcp_send(server->tcp, bytes, size, ANSWER_MS, why);
	server->is_out_of_step = cause != CAUSE_NONE;
	return cause;
}

static enum cause
receive_bytes(struct server *server, uint8_t *bytes, size_t size, struct reason *why)
{
	enum cause cause = tcp_receive(server->tcp, bytes, size, ANSWER_MS, why);

	server->is_out_of_step = cause != CAUSE_NONE;
	return cause;
}

static enum cause
ask(struct server *server, const uint8_t *request, size_t size, uint8_t *answer,
    size_t answer_size, struct reason *why)
{
	enum cause cause = send_bytes(server, request, size, why);

	return cause == CAUSE_NONE ? receive_bytes(server, answer, answer_size, why)
				   : cause;
}

/* One whose answer begins with a status. */
static enum cause
ask_status(struct server *server, const uint8_t *request, size_t size, uint8_t *answer,
	   size_t answer_size, struct reason *why)
{
	enum cause cause = ask(server, request, size, answer, answer_size, why);

	return cause == CAUSE_NONE ? explain_status(le32_get(answer), why) : cause;
}

/* Data follows a bad status as it does a good one. */
static enum cause
receive_answer(struct server *server, uint8_t *in, uint32_t size, struct reason *why)
{
	uint8_t status[STATUS_SIZE];
	struct reason lost = REASON_INIT;
	enum cause cause = receive_bytes(server, status, sizeof(status), why);

	if (cause != CAUSE_NONE)
		return cause;
	cause = explain_status(le32_get(status), why);
	if (size == 0 || receive_bytes(server, in, size, &lost) == CAUSE_NONE)
		return cause;
	/* A server that ended its answer with the bad status has told more by that. */
	if (cause == CAUSE_NONE)
		*why = lost;
	return why->cause;
}

static enum cause
server_exchange(struct stlink_carrier *carrier, const struct stlink_command *command,
		uint32_t *received, struct reason *why)
{
	struct server *server = server_of(carrier);
	bool is_write = command->out != NULL;
	uint8_t request[COMMAND_SIZE + STLINK_EXCHANGE_MAX] = { REQUEST_COMMAND };
	size_t size = COMMAND_SIZE;
	enum cause cause;

	le32_put(request + 4, server->connection);
	memcpy(request + 8, command->bytes, STLINK_COMMAND_SIZE);
	request[24] = is_write ? DIRECTION_WRITE : DIRECTION_READ;
	le32_put(request + 28, command->size);
	if (is_write) {
		memcpy(request + COMMAND_SIZE, command->out, command->size);
		size += command->size;
	}
	cause = send_bytes(server, request, size, why);
	if (cause == CAUSE_NONE)
		cause = receive_answer(server, command->in, is_write ? 0 : command->size,
				       why);
	*received = is_write || cause != CAUSE_NONE ? 0 : command->size;
	return cause;
}

static enum cause
server_read_trace(struct stlink_carrier *carrier, uint8_t *bytes, uint32_t size,
		  uint32_t *received, struct reason *why)
{
	struct server *server = server_of(carrier);
	uint8_t request[COMMAND_SIZE] = { REQUEST_COMMAND };
	enum cause cause;

	le32_put(request + 4, server->connection);
	request[24] = DIRECTION_TRACE;
	le32_put(request + 28, size);
	cause = send_bytes(server, request, sizeof(request), why);
	if (cause == CAUSE_NONE)
		cause = receive_answer(server, bytes, size, why);
	*received = cause == CAUSE_NONE ? size : 0;
	return cause;
}

static void
server_close(struct stlink_carrier *carrier)
{
	struct server *server = server_of(carrier);
	uint8_t request[SMALL_SIZE] = { REQUEST_CLOSE };
	uint8_t answer[STATUS_SIZE];
	struct reason why = REASON_INIT;

	le32_put(request + 4, server->connection);
	/* The connection ends in any case, and the server then lets the probe go. */
	if (ask_status(server, request, sizeof(request), answer, sizeof(answer), &why) !=
	    CAUSE_NONE)
		log_debug("probe", "closing: %s", reason_root(&why));
	tcp_close(server->tcp);
	free(server);
}

static const struct stlink_carrier_ops server_ops = {
	.close = server_close,
	.exchange = server_exchange,
	.read_trace = server_read_trace,
};

static enum cause
read_version(struct server *server, struct reason *why)
{
	const uint8_t request[] = { REQUEST_VERSION, OUR_API, 0, 0 };
	uint8_t answer[16]; /* u32 each: API, major, minor, build; no status */
	enum cause cause =
		ask(server, request, sizeof(request), answer, sizeof(answer), why);

	if (cause != CAUSE_NONE)
		return cause;
	server->carrier.is_shared = le32_get(answer) < API_THAT_LOCKS;
	if (le32_get(answer) < API_OF_LARGE_DATA)
		server->carrier.data_max = server->carrier.exchange_max = SMALL_DATA;
	log_debug("probe", "stlink-server %u.%u.%u, API %u", (unsigned)le32_get(answer + 4),
		  (unsigned)le32_get(answer + 8), (unsigned)le32_get(answer + 12),
		  (unsigned)le32_get(answer));
	return CAUSE_NONE;
}

static enum cause
refresh(struct server *server, struct reason *why)
{
	const uint8_t request[] = { REQUEST_REFRESH, 0 };
	uint8_t answer[STATUS_SIZE];

	return ask_status(server, request, sizeof(request), answer, sizeof(answer), why);
}

static enum cause
count_devices(struct server *server, uint32_t *count, struct reason *why)
{
	const uint8_t request[] = { REQUEST_COUNT };
	uint8_t answer[4]; /* no status */
	enum cause cause =
		ask(server, request, sizeof(request), answer, sizeof(answer), why);

	*count = cause == CAUSE_NONE ? le32_get(answer) : 0;
	return cause;
}

struct device {
	uint32_t id;
	char serial[SERIAL_SIZE + 1];
	uint16_t vendor, product;
	bool is_used; /* by somebody who does not share */
};

static enum cause
read_device(struct server *server, uint8_t index, struct device *device, struct reason *why)
{
	uint8_t request[SMALL_SIZE] = { REQUEST_DEVICE, index };
	uint8_t answer[DEVICE_SIZE];
	enum cause cause;

	le32_put(request + 4, DEVICE_STRUCT_SIZE);
	cause = ask_status(server, request, sizeof(request), answer, sizeof(answer), why);
	if (cause != CAUSE_NONE)
		return cause;
	*device = (struct device){ .id = le32_get(answer + 4),
				   .vendor = le16_get(answer + 40),
				   .product = le16_get(answer + 42),
				   .is_used = answer[44] != 0 };
	memcpy(device->serial, answer + 8, SERIAL_SIZE);
	return CAUSE_NONE;
}

struct devices {
	size_t len;
	struct device all[PROBE_CANDIDATES_MAX];
	struct probe_candidate candidates[PROBE_CANDIDATES_MAX];
};

static void
add_device(struct devices *devices, const struct device *device, const char *place)
{
	const struct stlink_model *model =
		stlink_model_find(device->vendor, device->product);

	if (model == NULL)
		return;
	devices->candidates[devices->len] = stlink_candidate(model, device->serial, place);
	devices->all[devices->len++] = *device;
}

static enum cause
list_devices(struct server *server, const char *place, struct devices *devices,
	     struct reason *why)
{
	uint32_t count;
	enum cause cause = refresh(server, why);

	if (cause == CAUSE_NONE)
		cause = count_devices(server, &count, why);
	for (uint32_t i = 0; cause == CAUSE_NONE && i < count && i < PROBE_CANDIDATES_MAX;
	     i++) {
		struct device device;

		cause = read_device(server, (uint8_t)i, &device, why);
		if (cause == CAUSE_NONE)
			add_device(devices, &device, place);
	}
	return cause;
}

static enum cause
open_device(struct server *server, const struct device *device, struct reason *why)
{
	uint8_t request[SMALL_SIZE] = { REQUEST_OPEN };
	uint8_t answer[8]; /* status, connection */
	enum cause cause;

	if (device->is_used) {
		reason_begin(
			why, CAUSE_HOST,
			"another program uses the ST-LINK %s at this stlink-server and "
			"does not share it",
			device->serial);
		reason_suspect(why, FINDING_A3);
		return CAUSE_HOST;
	}
	le32_put(request + 4, device->id);
	cause = ask_status(server, request, sizeof(request), answer, sizeof(answer), why);
	if (cause == CAUSE_NONE)
		server->connection = le32_get(answer + 4);
	return cause;
}

/* From a server that was just connected to the probe that is meant. */
static enum cause
find_device(struct server *server, const char *serial, const char *place,
	    struct probe_candidate *candidate, const struct stlink_model **model,
	    struct reason *why)
{
	struct devices devices = { 0 };
	char looked[128];
	struct text text;
	size_t chosen;
	enum cause cause = read_version(server, why);

	if (cause == CAUSE_NONE)
		cause = list_devices(server, place, &devices, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "asking stlink-server at %s for its ST-LINKs",
				    place);
	text_init(&text, looked, sizeof(looked));
	text_add(&text, "at stlink-server %s", place);
	cause = probe_choose(&probe_choice_stlink, devices.candidates, devices.len, serial,
			     looked, &chosen, why);
	if (cause != CAUSE_NONE)
		return cause;
	*candidate = devices.candidates[chosen];
	*model = stlink_model_find(devices.all[chosen].vendor, devices.all[chosen].product);
	return open_device(server, &devices.all[chosen], why);
}

enum cause
stlink_tcp_open(const char *host, const char *port, const char *serial, struct clock *clock,
		struct probe **probe, struct reason *why)
{
	struct server *server = calloc(1, sizeof(*server));
	const struct stlink_model *model = NULL;
	struct probe_candidate candidate;
	char place[96];
	struct text text;
	enum cause cause;

	if (server == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a connection");
	server->carrier = (struct stlink_carrier){ .ops = &server_ops,
						   .data_max = STLINK_DATA_MAX,
						   .exchange_max = STLINK_EXCHANGE_MAX,
						   .has_others = true };
	text_init(&text, place, sizeof(place));
	text_add(&text, "%s:%s", host, port);
	cause = tcp_open(host, port, CONNECT_MS, &server->tcp, why);
	if (cause == CAUSE_NONE)
		cause = find_device(server, serial, place, &candidate, &model, why);
	if (cause != CAUSE_NONE) {
		tcp_close(server->tcp);
		free(server);
		return cause;
	}
	return stlink_open(&server->carrier, model, candidate.serial, candidate.where,
			   clock, probe, why);
}
