/* SPDX-License-Identifier: MIT */
/*
 * stlink_client.c - as ST's stlink-server would serve it: the protocol is that of
 * server_protocol.h; a request has no outer length. Opening the device is what makes a client a user
 * of the probe; listing devices does not make it one. The one device has id 1.
 */
#include "server/share/client.h"

#include "transport/base/bytes.h"
#include "transport/base/text.h"
#include "transport/probe/stlink/version.h"

#include <string.h>

enum {
	/* 3: RW_MISC may be used, since no other client comes between OUT and IN. */
	API = 3,
	DEVICE_ID = 1,
	CONNECTION = 1
};

static const uint8_t sizes[REQUESTS] = {
	[REQUEST_REFRESH] = 2, [REQUEST_COUNT] = 1, [REQUEST_DEVICE] = 8,
	[REQUEST_OPEN] = 8,    [REQUEST_CLOSE] = 8, [REQUEST_COMMAND] = SERVER_HEAD_SIZE,
	[REQUEST_VERSION] = 4,
};

static bool
is_write(const uint8_t *request)
{
	return request[SERVER_DIRECTION_AT] == DIRECTION_WRITE;
}

static enum cause
measure(const uint8_t *bytes, size_t len, size_t *size, struct reason *why)
{
	uint32_t data;

	*size = 0;
	if (len == 0)
		return CAUSE_NONE;
	if (bytes[0] >= REQUESTS)
		return reason_begin(why, CAUSE_REQUEST,
				    "it sent 0x%02x where a request of stlink-server's "
				    "protocol should begin",
				    bytes[0]);
	*size = sizes[bytes[0]];
	if (bytes[0] != REQUEST_COMMAND || len < SERVER_HEAD_SIZE)
		return CAUSE_NONE;
	data = le32_get(bytes + SERVER_LENGTH_AT);
	if (data > STLINK_EXCHANGE_MAX)
		return reason_begin(why, CAUSE_REQUEST,
				    "it sent a command with %u bytes of data, and %u are "
				    "the most",
				    (unsigned)data, STLINK_EXCHANGE_MAX);
	*size += is_write(bytes) ? data : 0;
	return CAUSE_NONE;
}

static void
put_status(uint8_t *answer, size_t *size, uint32_t status)
{
	le32_put(answer, status);
	*size = SERVER_STATUS_SIZE;
}

/* Our own version follows the number of the protocol's. */
static void
answer_version(uint8_t *answer, size_t *size)
{
	static const uint32_t words[] = { API, 0, 1, 0 };

	for (size_t i = 0; i < array_len(words); i++)
		le32_put(answer + 4 * i, words[i]);
	*size = sizeof(words);
}

static void
answer_device(const struct share_client *client, const uint8_t *request, uint8_t *answer,
	      size_t *size)
{
	const char *serial;
	size_t len;

	memset(answer, 0, SERVER_DEVICE_SIZE);
	put_status(answer, size, STATUS_BAD_PARAMETER);
	*size = SERVER_DEVICE_SIZE;
	if (request[1] != 0 || !client->is_probe_there)
		return;
	serial = client->share->common.probe->identity.serial;
	len = strlen(serial);
	le32_put(answer, STATUS_OK);
	le32_put(answer + SERVER_ID_AT, DEVICE_ID);
	memcpy(answer + SERVER_SERIAL_AT, serial,
	       len < SERVER_SERIAL_SIZE ? len : SERVER_SERIAL_SIZE);
	le16_put(answer + SERVER_VENDOR_AT, STLINK_VENDOR);
	le16_put(answer + SERVER_PRODUCT_AT, stlink_share_product(&client->share->stlink));
}

static enum cause
answer_open(struct share_client *client, const uint8_t *request, uint8_t *answer,
	    size_t *size, struct reason *why)
{
	put_status(answer, size, STATUS_OK);
	le32_put(answer + SERVER_STATUS_SIZE, CONNECTION);
	*size = SERVER_STATUS_SIZE + 4;
	if (le32_get(request + SERVER_WHICH_AT) != DEVICE_ID || !client->is_probe_there) {
		le32_put(answer, STATUS_CANNOT_OPEN);
		return CAUSE_NONE;
	}
	if (client->is_user || stlink_share_join(&client->share->stlink, &client->user)) {
		client->is_user = true;
		return CAUSE_NONE;
	}
	le32_put(answer, STATUS_OUT_OF_MEMORY);
	return reason_begin(why, CAUSE_HOST, "there is no place for one more at the probe");
}

static bool
knows_connection(const struct share_client *client, const uint8_t *request)
{
	return client->is_user && le32_get(request + SERVER_WHICH_AT) == CONNECTION;
}

static void
leave(struct share_client *client)
{
	if (client->is_user)
		stlink_share_leave(&client->share->stlink, client->user);
	client->is_user = false;
}

static void
answer_close(struct share_client *client, const uint8_t *request, uint8_t *answer,
	     size_t *size)
{
	bool is_known = knows_connection(client, request);

	put_status(answer, size, is_known ? STATUS_OK : STATUS_BAD_PARAMETER);
	if (is_known)
		leave(client);
}

static uint32_t
status_of(enum cause cause)
{
	switch (cause) {
	case CAUSE_NONE:
		return STATUS_OK;
	case CAUSE_TIMEOUT:
		return STATUS_TIMED_OUT;
	case CAUSE_REQUEST:
		return STATUS_BAD_PARAMETER;
	case CAUSE_UNSUPPORTED:
		return STATUS_UNKNOWN_COMMAND;
	case CAUSE_GONE:
		return STATUS_NOT_REACHED;
	default:
		return STATUS_CUT_SHORT;
	}
}

static enum cause
play_command(struct share_client *client, const uint8_t *bytes, uint8_t *answer,
	     struct reason *why)
{
	struct stlink_share_request request = {
		.out = is_write(bytes) ? bytes + SERVER_HEAD_SIZE : NULL,
		.in = is_write(bytes) ? NULL : answer + SERVER_STATUS_SIZE,
		.size = le32_get(bytes + SERVER_LENGTH_AT),
	};

	if (bytes[SERVER_DIRECTION_AT] > DIRECTION_READ)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "trace is not shared: it is this server's");
	if (!knows_connection(client, bytes))
		return reason_begin(why, CAUSE_REQUEST,
				    "a command of a client that has not opened the probe");
	if (!client->is_probe_there)
		return reason_begin(why, CAUSE_GONE, "the probe is lost");
	memcpy(request.command, bytes + SERVER_COMMAND_AT, STLINK_COMMAND_SIZE);
	return stlink_share_exchange(&client->share->stlink, client->user, &request, why);
}

/* As many bytes as were asked for follow a bad status as well: openocd waits for them. */
static enum cause
answer_command(struct share_client *client, const uint8_t *request, uint8_t *answer,
	       size_t *size, struct reason *why)
{
	uint32_t data = is_write(request) ? 0 : le32_get(request + SERVER_LENGTH_AT);
	enum cause cause;

	memset(answer, 0, SERVER_STATUS_SIZE + data);
	cause = play_command(client, request, answer, why);
	le32_put(answer, status_of(cause));
	*size = SERVER_STATUS_SIZE + data;
	return cause;
}

static enum cause
answer_request(struct share_client *client, const uint8_t *request, uint8_t *answer,
	       size_t *size, bool *ends, struct reason *why)
{
	*ends = false;
	switch ((enum server_request)request[0]) {
	case REQUEST_VERSION:
		answer_version(answer, size);
		break;
	case REQUEST_REFRESH:
		put_status(answer, size, STATUS_OK);
		break;
	case REQUEST_COUNT:
		put_status(answer, size, client->is_probe_there ? 1 : 0);
		break;
	case REQUEST_DEVICE:
		answer_device(client, request, answer, size);
		break;
	case REQUEST_OPEN:
		return answer_open(client, request, answer, size, why);
	case REQUEST_CLOSE:
		answer_close(client, request, answer, size);
		break;
	case REQUEST_COMMAND:
		return answer_command(client, request, answer, size, why);
	case REQUESTS:
		break;
	}
	return CAUSE_NONE;
}

static enum cause
take(union share_probe *share, struct probe *probe, struct reason *why)
{
	return stlink_share_take(&share->stlink, probe, why);
}

static void
end(union share_probe *share)
{
	stlink_share_end(&share->stlink);
}

const struct share_protocol share_stlink = {
	.kind = "stlink",
	.noun = "ST-LINK",
	.like = "as ST's stlink-server does",
	.serves = stlink_share_serves,
	.is_ours = stlink_share_can,
	.take = take,
	.end = end,
	.measure = measure,
	.answer = answer_request,
	.leave = leave,
};
