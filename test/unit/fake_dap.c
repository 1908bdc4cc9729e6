/* SPDX-License-Identifier: MIT */
#include "test/unit/fake_dap.h"

#include "transport/base/bytes.h"

#include <assert.h>
#include <string.h>

/* CMSIS-DAP 2.1; written apart from transport/probe on purpose. */
enum {
	INFO = 0x00,
	CONNECT = 0x02,
	DISCONNECT = 0x03,
	TRANSFER = 0x05,
	BLOCK = 0x06,
	PINS = 0x10,
	AP = 1,
	READ = 2,
	MATCH = 0x10,
	MASK = 0x20,
	MISMATCH = 0x10,
	OK = 1,
	WAIT = 2,
	FAULT = 4,
	NO_ACK = 7
};

static struct fake_dap *
dap_of(struct cmsis_dap_carrier *carrier)
{
	return container_of(carrier, struct fake_dap, carrier);
}

static uint8_t
code_of(enum swd_ack ack)
{
	switch (ack) {
	case ACK_OK:
		return OK;
	case ACK_WAIT:
		return WAIT;
	case ACK_FAULT:
		return FAULT;
	default:
		return NO_ACK;
	}
}

/* One access on the wire; SELECT is the probe's own. */
static uint8_t
access_once(struct fake_dap *dap, uint8_t request, uint32_t *value)
{
	uint32_t reg = request & 0x0cu;
	struct transfer t = { .value = *value };
	struct outcome outcome;
	struct reason why = REASON_INIT;

	if (request == 0x08) {
		bool is_refused = (dap->target->ctrl_stat & 0xb2) != 0;

		if (!is_refused)
			dap->select = *value;
		return is_refused ? FAULT : OK;
	}
	if ((request & AP) != 0) {
		t.kind = (request & READ) != 0 ? TRANSFER_AP_READ : TRANSFER_AP_WRITE;
		t.ap = (uint8_t)(dap->select >> 24);
		t.address = (dap->select & 0xf0) | reg;
	} else {
		t.kind = (request & READ) != 0 ? TRANSFER_DP_READ : TRANSFER_DP_WRITE;
		t.address = reg;
	}
	dap->target->probe.ops->transfer(&dap->target->probe, &t, 1, &outcome, &why);
	*value = t.value;
	return code_of(outcome.ack);
}

/* What is seen of it: an access port's refusal comes with the next access, which here is the
 * read of RDBUFF that follows. `counted`: the access itself was acknowledged. */
static uint8_t
access_posted(struct fake_dap *dap, uint8_t request, uint32_t *value, bool *counted)
{
	bool was_refused = (dap->target->ctrl_stat & 0xb2) != 0;
	uint8_t code = access_once(dap, request, value);

	*counted = code == OK || (code == FAULT && (request & AP) != 0 && !was_refused);
	return code;
}

/* Reads once: no retries are asked for. */
static uint8_t
match(struct fake_dap *dap, uint8_t request, uint32_t wanted, bool *counted)
{
	uint32_t value = 0;
	uint8_t code = access_posted(dap, (uint8_t)(request & 0x0f), &value, counted);

	if (code != OK || (value & dap->mask) == wanted)
		return code;
	*counted = false;
	return OK | MISMATCH;
}

static void
do_transfer(struct fake_dap *dap, const uint8_t *request, struct cmsis_dap_response *answer)
{
	const uint8_t *at = request + 3;
	uint8_t code = OK, done = 0;

	answer->size = 3;
	for (unsigned i = 0; code == OK && i < request[2]; i++) {
		uint8_t head = *at++;
		uint32_t value = 0;
		bool counted;

		if ((head & READ) == 0 || (head & MATCH) != 0) {
			value = le32_get(at);
			at += 4;
		}
		if ((head & MASK) != 0) {
			dap->mask = value;
			done++;
			continue;
		}
		if ((head & MATCH) != 0)
			code = match(dap, head, value, &counted);
		else
			code = access_posted(dap, head, &value, &counted);
		done += counted;
		if (code == OK && (head & READ) != 0 && (head & MATCH) == 0) {
			le32_put(answer->bytes + answer->size, value);
			answer->size += 4;
		}
	}
	answer->bytes[1] = done;
	answer->bytes[2] = code;
}

static void
do_block(struct fake_dap *dap, const uint8_t *request, struct cmsis_dap_response *answer)
{
	unsigned count = le16_get(request + 2), done = 0;
	uint8_t head = request[4], code = OK;
	bool is_read = (head & READ) != 0;

	answer->size = 4;
	for (unsigned i = 0; code == OK && i < count; i++) {
		uint32_t value = is_read ? 0 : le32_get(request + 5 + 4 * i);
		bool counted;

		code = access_posted(dap, head, &value, &counted);
		done += is_read ? code == OK : counted;
		if (code == OK && is_read) {
			le32_put(answer->bytes + answer->size, value);
			answer->size += 4;
		}
	}
	le16_put(answer->bytes + 1, (uint16_t)done);
	answer->bytes[3] = code;
}

static void
tell_info(const struct fake_dap *dap, uint8_t id, struct cmsis_dap_response *answer)
{
	answer->bytes[1] = id == 0xff ? 2 : id >= 0xf0 ? 1 : 0;
	answer->size = 2u + answer->bytes[1];
	if (id == 0xff)
		le16_put(answer->bytes + 2, (uint16_t)dap->packet_size);
	if (id == 0xfe)
		answer->bytes[2] = (uint8_t)dap->packet_count;
	if (id == 0xf0)
		answer->bytes[2] = 1;
}

static void
do_request(struct fake_dap *dap, const uint8_t *request, struct cmsis_dap_response *answer)
{
	*answer = (struct cmsis_dap_response){ .size = 2, .bytes = { request[0] } };
	if (request[0] == INFO)
		tell_info(dap, request[1], answer);
	else if (request[0] == TRANSFER)
		do_transfer(dap, request, answer);
	else if (request[0] == BLOCK)
		do_block(dap, request, answer);
	else if (request[0] == CONNECT)
		answer->bytes[1] = request[1];
	else if (request[0] == PINS && (request[2] & 0x80) != 0)
		dap->target->is_nrst_low = (request[1] & 0x80) == 0;
	if (request[0] == CONNECT || request[0] == DISCONNECT)
		dap->is_connected = request[0] == CONNECT;
	assert(answer->size <= dap->packet_size);
}

static enum cause
fake_send(struct cmsis_dap_carrier *carrier, const uint8_t *request, size_t size,
	  uint32_t timeout_ms, struct reason *why)
{
	struct fake_dap *dap = dap_of(carrier);

	(void)timeout_ms;
	(void)why;
	assert(size <= dap->packet_size && dap->waiting < dap->packet_count);
	memcpy(dap->requests[dap->waiting].bytes, request, size);
	dap->waiting++;
	dap->packets++;
	if (dap->waiting > dap->most_waiting)
		dap->most_waiting = (unsigned)dap->waiting;
	return CAUSE_NONE;
}

static enum cause
fake_receive(struct cmsis_dap_carrier *carrier, uint8_t *response, size_t *size,
	     uint32_t timeout_ms, struct reason *why)
{
	struct fake_dap *dap = dap_of(carrier);
	struct cmsis_dap_response answer;

	if (dap->waiting == 0)
		return reason_begin(why, CAUSE_TIMEOUT, "nothing within %u ms",
				    (unsigned)timeout_ms);
	do_request(dap, dap->requests[0].bytes, &answer);
	dap->waiting--;
	memmove(dap->requests, dap->requests + 1, dap->waiting * sizeof(dap->requests[0]));
	*size = answer.size;
	memcpy(response, answer.bytes, answer.size);
	return CAUSE_NONE;
}

static void
fake_close(struct cmsis_dap_carrier *carrier)
{
	(void)carrier;
}

static const struct cmsis_dap_carrier_ops fake_ops = {
	.close = fake_close,
	.send = fake_send,
	.receive = fake_receive,
};

struct probe *
fake_dap_open(struct fake_dap *dap, struct fake_probe *target, unsigned packet_size,
	      unsigned packet_count)
{
	const struct cmsis_dap_label label = {
		cmsis_dap_model_find((struct usb_id){ 0, 0 }), "Fake CMSIS-DAP", "1", "here"
	};
	struct reason why = REASON_INIT;
	struct probe *probe = NULL;
	enum cause cause;

	*dap = (struct fake_dap){ .target = target,
				  .packet_size = packet_size,
				  .packet_count = packet_count };
	dap->carrier = (struct cmsis_dap_carrier){
		.ops = &fake_ops,
		.packet_max = CMSIS_DAP_PACKET_MAX,
		.in_flight_max = FAKE_DAP_QUEUE,
	};
	cause = cmsis_dap_open(&dap->carrier, &label, &target->clock, &probe, &why);
	assert(cause == CAUSE_NONE);
	return probe;
}
