/* SPDX-License-Identifier: MIT */
#include "transport/probe/cmsis_dap/packet.h"

#include "transport/base/bytes.h"
#include "transport/probe/cmsis_dap/protocol.h"
#include "transport/probe/debug_port.h"

#include <assert.h>

enum { BANK_LSB = 4 };

static bool
is_ap(const struct transfer *t)
{
	return t->kind == TRANSFER_AP_READ || t->kind == TRANSFER_AP_WRITE ||
	       t->kind == TRANSFER_AP_MATCH;
}

static bool
is_read(const struct transfer *t)
{
	return t->kind == TRANSFER_DP_READ || t->kind == TRANSFER_AP_READ;
}

static uint8_t
request_of(const struct transfer *t)
{
	if (t->kind == TRANSFER_AP_MASK)
		return REQUEST_MASK;
	if (t->kind == TRANSFER_AP_MATCH)
		return (uint8_t)(REQUEST_AP | REQUEST_READ | REQUEST_MATCH |
				 (t->address & REQUEST_A32));
	return (uint8_t)((is_ap(t) ? REQUEST_AP : 0) | (is_read(t) ? REQUEST_READ : 0) |
			 (t->address & REQUEST_A32));
}

/* Must SELECT be written for this transfer, and with what? Access ports are used with the
 * debug port's bank 0, so that CTRL/STAT can be read when one has failed: SELECT cannot be
 * written while an error flag is set, CTRL/STAT be read (IHI 0031G B4.2.4). */
static bool
needs_select(const struct transfer *t, const struct cmsis_dap_select *select,
	     uint32_t *wanted)
{
	if (is_ap(t))
		*wanted = (uint32_t)t->ap << SELECT_APSEL_LSB |
			  (t->address & SELECT_APBANKSEL);
	else if (t->kind != TRANSFER_AP_MASK && (t->address & REQUEST_A32) == DP_CTRL_STAT)
		*wanted = (select->is_known ? select->value & ~(uint32_t)SELECT_DPBANKSEL
					    : 0) |
			  (t->address >> BANK_LSB & SELECT_DPBANKSEL);
	else
		return false;
	return !select->is_known || select->value != *wanted;
}

static void
note_select(const struct transfer *t, struct cmsis_dap_select *select)
{
	if (t->kind == TRANSFER_DP_WRITE && (t->address & REQUEST_A32) == DP_SELECT)
		*select = (struct cmsis_dap_select){ true, t->value };
}

/* How many transfers from the first on are the same access of the same DRW. */
static size_t
count_run(const struct transfer *batch, size_t len)
{
	size_t count = 1;

	if (!is_ap(&batch[0]) || batch[0].address != AP_DRW)
		return 0;
	while (count < len && batch[count].kind == batch[0].kind &&
	       batch[count].ap == batch[0].ap && batch[count].address == AP_DRW)
		count++;
	return count;
}

/* The room that is left in a packet of transfers, each way. */
struct room {
	size_t request, response, steps;
};

static bool
fits(const struct room *room, bool has_select, const struct transfer *t)
{
	size_t select = has_select ? 1 + WORD : 0;
	size_t own = is_read(t) ? 1 : 1 + WORD;

	return room->request >= select + own &&
	       room->response >= (is_read(t) ? (size_t)WORD : 0) &&
	       room->steps >= 1u + has_select;
}

static void
put_write(struct cmsis_dap_request *request, uint8_t code, uint32_t value)
{
	request->bytes[request->size++] = code;
	le32_put(request->bytes + request->size, value);
	request->size += WORD;
}

static void
put_select(struct cmsis_dap_packet *packet, uint32_t select, size_t transfer)
{
	put_write(&packet->request, DP_SELECT, select);
	packet->steps[packet->steps_len++] =
		(struct cmsis_dap_step){ true, select, transfer };
}

static void
put_transfer(struct cmsis_dap_packet *packet, const struct transfer *t, size_t index)
{
	struct cmsis_dap_request *request = &packet->request;

	if (is_read(t))
		request->bytes[request->size++] = request_of(t);
	else
		put_write(request, request_of(t), t->value);
	packet->steps[packet->steps_len++] = (struct cmsis_dap_step){ false, 0, index };
	packet->len++;
}

static void
fill_transfers(struct cmsis_dap_packet *packet, const struct transfer *batch, size_t len,
	       size_t first, size_t packet_size, struct cmsis_dap_select *select)
{
	struct cmsis_dap_request *request = &packet->request;
	size_t reads = 0;

	request->name = "DAP_Transfer";
	request->bytes[0] = DAP_TRANSFER;
	request->bytes[1] = 0; /* the DAP's index, which matters to JTAG only */
	request->size = TRANSFER_HEAD;
	for (size_t i = first; i < len; i++) {
		uint32_t wanted = 0;
		bool has_select = needs_select(&batch[i], select, &wanted);
		struct room room = { packet_size - request->size,
				     packet_size - CMSIS_DAP_RESPONSE_HEAD - WORD * reads,
				     CMSIS_DAP_STEPS_MAX - packet->steps_len };

		if (!fits(&room, has_select, &batch[i]))
			break;
		reads += is_read(&batch[i]);
		if (has_select) {
			put_select(packet, wanted, i);
			*select = (struct cmsis_dap_select){ true, wanted };
		}
		put_transfer(packet, &batch[i], i);
		note_select(&batch[i], select);
	}
	request->bytes[2] = (uint8_t)packet->steps_len;
}

static void
fill_block(struct cmsis_dap_packet *packet, const struct transfer *batch, size_t run,
	   size_t packet_size)
{
	struct cmsis_dap_request *request = &packet->request;
	size_t head = is_read(batch) ? BLOCK_RESPONSE_HEAD : BLOCK_HEAD;
	size_t most = (packet_size - head) / WORD;

	packet->is_block = true;
	packet->len = run < most ? run : most;
	request->name = "DAP_TransferBlock";
	request->bytes[0] = DAP_TRANSFER_BLOCK;
	request->bytes[1] = 0;
	le16_put(request->bytes + 2, (uint16_t)packet->len);
	request->bytes[4] = request_of(batch);
	request->size = BLOCK_HEAD;
	for (size_t i = 0; !is_read(batch) && i < packet->len; i++) {
		le32_put(request->bytes + request->size, batch[i].value);
		request->size += WORD;
	}
}

void
cmsis_dap_packet_fill(struct cmsis_dap_packet *packet, const struct transfer *batch,
		      size_t len, size_t first, size_t packet_size,
		      struct cmsis_dap_select *select)
{
	size_t run = count_run(batch + first, len - first);
	uint32_t ignored;

	assert(first < len && packet_size >= CMSIS_DAP_PACKET_MIN &&
	       packet_size <= CMSIS_DAP_PACKET_MAX);
	packet->is_block = false;
	packet->first = first;
	packet->len = packet->steps_len = 0;
	/* A block carries a word in 4 bytes, where a transfer takes 5, but nothing else. */
	if (run > 1 && !needs_select(&batch[first], select, &ignored) &&
	    (run == len - first || run * WORD > packet_size))
		fill_block(packet, batch + first, run, packet_size);
	else
		fill_transfers(packet, batch, len, first, packet_size, select);
}

static const struct answer {
	uint8_t code;
	enum cause cause;
	enum swd_ack ack;
	const char *words;
	enum finding finding;
} answers[] = {
	{ RESPONSE_WAIT, CAUSE_TIMEOUT, ACK_WAIT,
	  "the target was busy (WAIT) each time the probe tried", FINDING_NONE },
	{ RESPONSE_FAULT, CAUSE_FAULT, ACK_FAULT, "the target refused (FAULT)",
	  FINDING_NONE },
	{ RESPONSE_NO_ACK, CAUSE_GONE, ACK_NONE,
	  "the target did not answer (no acknowledge)", FINDING_LINK_SILENT },
};

/* OK, WAIT and FAULT have one of three bits set (IHI 0031G, B4.2.2). None: something holds the line
 * low. Two: the target has answered, and a bit was damaged on the way. */
static enum cause
explain_no_acknowledge(uint8_t code, struct outcome *outcome, struct reason *why)
{
	bool is_damaged = (code & RESPONSE_ACK) != 0;

	outcome->ack = is_damaged ? ACK_PARITY : ACK_NONE;
	if (is_damaged)
		reason_begin(why, CAUSE_GONE,
			     "the target's acknowledge arrived damaged (response 0x%02x)",
			     code);
	else
		reason_begin(why, CAUSE_GONE,
			     "the target's answer was no acknowledge (response 0x%02x)",
			     code);
	reason_suspect(why, is_damaged ? FINDING_B10 : FINDING_LINK_SILENT);
	return CAUSE_GONE;
}

static enum cause
explain(uint8_t code, struct outcome *outcome, struct reason *why)
{
	uint8_t ack = code & RESPONSE_ACK;

	if (ack == RESPONSE_OK && (code & RESPONSE_MISMATCH) != 0) {
		outcome->ack = ACK_MISMATCH;
		return reason_begin(why, CAUSE_MISMATCH,
				    "the register did not read as it was waited for");
	}

	if ((code & RESPONSE_PROTOCOL_ERROR) != 0) {
		outcome->ack = ACK_PARITY;
		reason_begin(why, CAUSE_GONE,
			     "the data arrived damaged (SWD protocol error, response "
			     "0x%02x)",
			     code);
		reason_suspect(why, FINDING_B10);
		return CAUSE_GONE;
	}
	for (size_t i = 0; i < array_len(answers); i++)
		if (answers[i].code == ack) {
			outcome->ack = answers[i].ack;
			reason_begin(why, answers[i].cause, "%s", answers[i].words);
			if (answers[i].finding != FINDING_NONE)
				reason_suspect(why, answers[i].finding);
			return answers[i].cause;
		}
	return explain_no_acknowledge(code, outcome, why);
}

static enum cause
miscounted(const struct cmsis_dap_packet *packet, size_t count, size_t asked,
	   struct outcome *outcome, struct reason *why)
{
	outcome->ack = ACK_UNKNOWN;
	outcome->finished = 0;
	reason_begin(why, CAUSE_GONE,
		     "the probe says that it did %zu of %zu accesses, and that all is well "
		     "(%s)",
		     count, asked, packet->request.name);
	reason_suspect(why, FINDING_PROBE_MISCOUNTS);
	return CAUSE_GONE;
}

/* Of steps that ended badly after `count`: is the last that was counted sure to have
 * happened? Reads of an access port are posted, and what failed may have been the access
 * that fetches the value; a write that is refused is refused for what the one before it did
 * (IHI 0031G B4.2.2, C1.4). A match fetches what was posted before it. */
static bool
is_last_in_doubt(const struct transfer *last, enum swd_ack ack)
{
	return is_ap(last) && ack != ACK_MISMATCH && (is_read(last) || ack == ACK_FAULT);
}

/* A response may count every step and not be OK: firmware ends a packet by reading RDBUFF,
 * to fetch the last value or to see what became of the last write, and answers with that
 * read's acknowledge (DAP.c, DAP_SWD_Transfer(), "Check last write"). Then it is the last
 * step that failed. */
static bool
is_failure_of_last(size_t count, size_t all)
{
	return count > 0 && count == all;
}

static size_t
count_of(const struct cmsis_dap_packet *packet, const struct cmsis_dap_response *response)
{
	return packet->is_block ? le16_get(response->bytes + 1) : response->bytes[1];
}

static uint8_t
code_of(const struct cmsis_dap_packet *packet, const struct cmsis_dap_response *response)
{
	return response->bytes[packet->is_block ? 3 : 2];
}

/* WAIT was answered to the read of RDBUFF behind a write that was acknowledged. */
static bool
is_write_unconfirmed(const struct cmsis_dap_packet *packet,
		     const struct cmsis_dap_response *response)
{
	size_t all = packet->is_block ? packet->len : packet->steps_len;

	return code_of(packet, response) == RESPONSE_WAIT &&
	       is_failure_of_last(count_of(packet, response), all);
}

static const struct transfer *
last_of(const struct cmsis_dap_packet *packet, const struct transfer *batch)
{
	return &batch[packet->first + packet->len - 1];
}

bool
cmsis_dap_packet_leaves_write(const struct cmsis_dap_packet *packet,
			      const struct transfer *batch,
			      const struct cmsis_dap_response *response)
{
	return is_write_unconfirmed(packet, response) &&
	       last_of(packet, batch)->kind == TRANSFER_AP_WRITE;
}

/* The debug port's own registers are written when that is acknowledged: the WAIT is about an
 * access port that is still busy with something older, such as what ABORT is to end. */
static bool
is_done_all_the_same(const struct cmsis_dap_packet *packet, const struct transfer *batch,
		     const struct cmsis_dap_response *response)
{
	return is_write_unconfirmed(packet, response) &&
	       last_of(packet, batch)->kind == TRANSFER_DP_WRITE;
}

static enum cause
take_block(const struct cmsis_dap_packet *packet, struct transfer *batch,
	   const struct cmsis_dap_response *response, struct outcome *outcome,
	   struct reason *why)
{
	const uint8_t *bytes = response->bytes;
	size_t count = count_of(packet, response);
	uint8_t code = code_of(packet, response);
	size_t values;
	enum cause cause = CAUSE_NONE;

	if (count > packet->len)
		return miscounted(packet, count, packet->len, outcome, why);
	if (code != RESPONSE_OK)
		cause = explain(code, outcome, why);
	else if (count != packet->len)
		return miscounted(packet, count, packet->len, outcome, why);
	values = is_read(&batch[packet->first]) ? count : 0;
	if (BLOCK_RESPONSE_HEAD + WORD * values > response->size)
		return miscounted(packet, count, packet->len, outcome, why);
	for (size_t i = 0; i < values; i++)
		batch[packet->first + i].value =
			le32_get(bytes + BLOCK_RESPONSE_HEAD + WORD * i);
	/* A block's reads are counted when their values are there. */
	if (cause != CAUSE_NONE && count > 0 &&
	    (is_failure_of_last(count, packet->len) ||
	     (values == 0 && outcome->ack == ACK_FAULT)))
		count--;
	outcome->finished = count;
	return cause;
}

/* Values of the first `count` steps; false when the response is too short for them. */
static bool
take_values(const struct cmsis_dap_packet *packet, struct transfer *batch,
	    const struct cmsis_dap_response *response, size_t count)
{
	size_t at = CMSIS_DAP_RESPONSE_HEAD;

	for (size_t i = 0; i < count; i++) {
		struct transfer *t = &batch[packet->steps[i].transfer];

		if (packet->steps[i].is_select || !is_read(t))
			continue;
		if (at + WORD > response->size)
			return false;
		t->value = le32_get(response->bytes + at);
		at += WORD;
	}
	return true;
}

static void
follow_select(const struct cmsis_dap_packet *packet, const struct transfer *batch,
	      size_t count, struct cmsis_dap_select *select)
{
	for (size_t i = 0; i < count; i++) {
		const struct cmsis_dap_step *step = &packet->steps[i];

		if (step->is_select)
			*select = (struct cmsis_dap_select){ true, step->select };
		else
			note_select(&batch[step->transfer], select);
	}
}

static size_t
count_transfers(const struct cmsis_dap_packet *packet, size_t steps)
{
	size_t count = 0;

	for (size_t i = 0; i < steps; i++)
		count += !packet->steps[i].is_select;
	return count;
}

static enum cause
take_transfers(const struct cmsis_dap_packet *packet, struct transfer *batch,
	       const struct cmsis_dap_response *response, struct cmsis_dap_select *select,
	       struct outcome *outcome, struct reason *why)
{
	size_t count = count_of(packet, response);
	uint8_t code = code_of(packet, response);
	enum cause cause = CAUSE_NONE;

	if (count > packet->steps_len)
		return miscounted(packet, count, packet->steps_len, outcome, why);
	follow_select(packet, batch, count, select);
	if (code != RESPONSE_OK && !is_done_all_the_same(packet, batch, response))
		cause = explain(code, outcome, why);
	else if (count != packet->steps_len)
		return miscounted(packet, count, packet->steps_len, outcome, why);
	if (cause != CAUSE_NONE && count > 0 && !packet->steps[count - 1].is_select &&
	    (is_failure_of_last(count, packet->steps_len) ||
	     is_last_in_doubt(&batch[packet->steps[count - 1].transfer], outcome->ack)))
		count--;
	if (!take_values(packet, batch, response, count))
		return miscounted(packet, count, packet->steps_len, outcome, why);
	outcome->finished = count_transfers(packet, count);
	return cause;
}

enum cause
cmsis_dap_packet_take(const struct cmsis_dap_packet *packet, struct transfer *batch,
		      const struct cmsis_dap_response *response,
		      struct cmsis_dap_select *select, struct outcome *outcome,
		      struct reason *why)
{
	enum cause cause;

	*outcome = (struct outcome){ .ack = ACK_OK };
	cause = packet->is_block
			? take_block(packet, batch, response, outcome, why)
			: take_transfers(packet, batch, response, select, outcome, why);
	/* Whether a write of SELECT arrived nobody can tell once the line is not in step. */
	if (cause == CAUSE_GONE)
		select->is_known = false;
	return cause;
}
