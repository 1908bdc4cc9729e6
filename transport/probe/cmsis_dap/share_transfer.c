/* SPDX-License-Identifier: MIT */
/*
 * share_transfer.c - accesses of a client that shares the probe: what of them reaches the wire, and
 * what it sees of the debug port, which others use between.
 *
 * Source: CMSIS-DAP 2.1, DAP_Transfer, DAP_TransferBlock and DAP_WriteABORT; IHI 0031G B2.2.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/cmsis_dap/protocol.h"
#include "transport/probe/cmsis_dap/share.h"
#include "transport/probe/debug_port.h"

#include <string.h>

enum { ABORT_SIZE = 6 };

/* Error flags of CTRL/STAT, and the bits of ABORT that clear them. */
static const struct {
	uint32_t flag, clear;
} sticky[] = {
	{ REG_MASK(CTRL_STAT_STICKYORUN), REG_MASK(ABORT_ORUNERRCLR) },
	{ REG_MASK(CTRL_STAT_STICKYCMP), REG_MASK(ABORT_STKCMPCLR) },
	{ REG_MASK(CTRL_STAT_STICKYERR), REG_MASK(ABORT_STKERRCLR) },
	{ REG_MASK(CTRL_STAT_WDATAERR), REG_MASK(ABORT_WDERRCLR) },
};
static const uint32_t sticky_clears = REG_MASK(ABORT_ORUNERRCLR) |
				      REG_MASK(ABORT_STKCMPCLR) |
				      REG_MASK(ABORT_STKERRCLR) | REG_MASK(ABORT_WDERRCLR);
static const uint32_t power_requests =
	REG_MASK(CTRL_STAT_CDBGPWRUPREQ) | REG_MASK(CTRL_STAT_CSYSPWRUPREQ);

struct step {
	uint8_t code;
	bool has_value;
	uint32_t value;
};

/* A client's packet, taken apart. */
struct packet {
	size_t len;
	struct step steps[CMSIS_DAP_STEPS_MAX];
};

static bool
is_read(uint8_t code)
{
	return (code & (REQUEST_READ | REQUEST_MATCH)) == REQUEST_READ;
}

static bool
is_mask(uint8_t code)
{
	return (code & (REQUEST_READ | REQUEST_MASK)) == REQUEST_MASK;
}

static bool
is_dp(uint8_t code, uint32_t address)
{
	return (code & REQUEST_AP) == 0 && (code & REQUEST_A32) == address;
}

static bool
is_dp_write(uint8_t code, uint32_t address)
{
	return is_dp(code, address) && (code & REQUEST_READ) == 0 && !is_mask(code);
}

static enum cause
refuse(const char *name, struct reason *why)
{
	return reason_begin(
		why, CAUSE_REQUEST,
		"%s that is not as long as it says, or whose answer is too long", name);
}

/* False: it is cut, asks for what is not shared, or for more than a packet holds, which would put the
 * probe out of step. */
static bool
parse(const struct cmsis_dap_turn *turn, struct packet *packet)
{
	size_t at = TRANSFER_HEAD, answer = TRANSFER_HEAD;

	packet->len = turn->size < TRANSFER_HEAD ? 0 : turn->bytes[2];
	for (size_t i = 0; i < packet->len; i++) {
		struct step *step = &packet->steps[i];

		if (at >= turn->size || (turn->bytes[at] & ~REQUEST_KNOWN) != 0)
			return false;
		*step = (struct step){ .code = turn->bytes[at++] };
		step->has_value = !is_read(step->code);
		answer += step->has_value ? 0 : WORD;
		if (!step->has_value)
			continue;
		if (at + WORD > turn->size)
			return false;
		step->value = le32_get(turn->bytes + at);
		at += WORD;
	}
	return turn->size >= TRANSFER_HEAD && answer <= turn->dap->wire.packet_size;
}

static uint32_t
clear_flags(uint32_t flags, uint32_t abort)
{
	for (size_t i = 0; i < array_len(sticky); i++)
		if ((abort & sticky[i].clear) != 0)
			flags &= ~sticky[i].flag;
	return flags;
}

/* With an error flag set a debug port refuses all but these (B4.2.4): reads of DPIDR and CTRL/STAT,
 * writes of ABORT. */
static bool
passes_flags(const struct step *step)
{
	return is_mask(step->code) || is_dp_write(step->code, DP_ABORT) ||
	       (is_read(step->code) &&
		(is_dp(step->code, DP_ABORT) || is_dp(step->code, DP_CTRL_STAT)));
}

/* How many of the steps get past the client's own error flags. */
static size_t
count_passing(const struct cmsis_dap_turn *turn, const struct packet *packet)
{
	uint32_t flags = turn->user->flags;
	size_t i;

	for (i = 0; i < packet->len; i++) {
		const struct step *step = &packet->steps[i];

		if (flags != 0 && !passes_flags(step))
			break;
		if (is_dp_write(step->code, DP_ABORT))
			flags = clear_flags(flags, step->value);
	}
	return i;
}

/* Of the debug port's registers a client writes ABORT and SELECT. CTRL/STAT stays the owner's, and
 * what is there in other banks (the turnaround), as does the selection of a port (TARGETSEL). */
static void
tame(struct step *step, uint32_t select)
{
	const struct step harmless = { DP_ABORT, true, 0 };

	if ((step->code & (REQUEST_AP | REQUEST_READ)) != 0 || is_mask(step->code) ||
	    is_dp(step->code, DP_ABORT) || is_dp(step->code, DP_SELECT))
		return;
	if (is_dp(step->code, DP_CTRL_STAT) && (select & SELECT_DPBANKSEL) == 0)
		step->value = power_requests;
	else
		*step = harmless;
}

static enum cause
use_port(const struct cmsis_dap_turn *turn, uint8_t code, uint32_t select,
	 struct outcome *outcome, struct reason *why)
{
	uint32_t address = (select & SELECT_APBANKSEL) | (code & REQUEST_A32);

	if ((code & REQUEST_AP) == 0 || is_mask(code) ||
	    !cmsis_dap_share_is_stateful(address))
		return CAUSE_NONE;
	return cmsis_dap_share_use_port(turn->share, turn->dap, turn->number,
					(uint8_t)(select >> SELECT_APSEL_LSB), outcome,
					why);
}

/* The ports of the first `len` steps, which are tamed by the way. */
static enum cause
use_ports(const struct cmsis_dap_turn *turn, struct packet *packet, size_t len,
	  struct outcome *outcome, struct reason *why)
{
	uint32_t select = turn->user->select;
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; i < len && cause == CAUSE_NONE; i++) {
		struct step *step = &packet->steps[i];

		tame(step, select);
		cause = use_port(turn, step->code, select, outcome, why);
		if (is_dp_write(step->code, DP_SELECT))
			select = step->value;
	}
	return cause;
}

/* SELECT, and the mask of matches, as this client left them. */
static enum cause
restore(const struct cmsis_dap_turn *turn, struct outcome *outcome, struct reason *why)
{
	const struct cmsis_dap_select *select = &turn->dap->select;
	struct transfer batch[2];
	size_t len = 0;
	enum cause cause;

	if (turn->share->last_mask != turn->number)
		batch[len++] =
			(struct transfer){ TRANSFER_AP_MASK, 0, 0, turn->user->mask };
	if (!select->is_known || select->value != turn->user->select)
		batch[len++] = (struct transfer){ TRANSFER_DP_WRITE, 0, DP_SELECT,
						  turn->user->select };
	if (len == 0)
		return CAUSE_NONE;
	cause = cmsis_dap_do(turn->dap, batch, len, outcome, why);
	if (cause == CAUSE_NONE)
		turn->share->last_mask = turn->number;
	return cause;
}

static void
put_request(const struct cmsis_dap_turn *turn, const struct packet *packet, size_t len,
	    struct cmsis_dap_request *request)
{
	request->name = "DAP_Transfer";
	memcpy(request->bytes, turn->bytes, TRANSFER_HEAD);
	request->bytes[2] = (uint8_t)len;
	request->size = TRANSFER_HEAD;
	for (size_t i = 0; i < len; i++) {
		request->bytes[request->size++] = packet->steps[i].code;
		if (!packet->steps[i].has_value)
			continue;
		le32_put(request->bytes + request->size, packet->steps[i].value);
		request->size += WORD;
	}
}

/* What the debug port holds against this client, taken from the wire, so that it is held against
 * nobody else. */
static void
take_flags(const struct cmsis_dap_turn *turn)
{
	struct transfer read = { TRANSFER_DP_READ, 0, DP_CTRL_STAT, 0 };
	struct transfer clear = { TRANSFER_DP_WRITE, 0, DP_ABORT, sticky_clears };
	struct reason why = REASON_INIT;
	struct outcome outcome;

	/* Refused where the client has chosen another bank of the debug port. */
	if (cmsis_dap_do(turn->dap, &read, 1, &outcome, &why) != CAUSE_NONE)
		log_debug("share", "reading the error flags: %s", reason_root(&why));
	if (cmsis_dap_do(turn->dap, &clear, 1, &outcome, &why) != CAUSE_NONE)
		log_debug("share", "clearing the error flags: %s", reason_root(&why));
	turn->user->flags = 0;
	for (size_t i = 0; i < array_len(sticky); i++)
		turn->user->flags |= read.value & sticky[i].flag;
	/* Some firmware clears them by itself. */
	if (turn->user->flags == 0)
		turn->user->flags = REG_MASK(CTRL_STAT_STICKYERR);
}

static uint8_t
code_of(enum swd_ack ack)
{
	return ack == ACK_FAULT  ? RESPONSE_FAULT
	       : ack == ACK_WAIT ? RESPONSE_WAIT
				 : RESPONSE_NO_ACK;
}

/* What the wire refused to what had to come before. A probe that does not answer ends the client. */
static enum cause
answer_failure(const struct cmsis_dap_turn *turn, size_t head, enum cause cause,
	       const struct outcome *outcome)
{
	if (outcome->ack == ACK_UNKNOWN || outcome->ack == ACK_OK)
		return cause;
	if (outcome->ack == ACK_FAULT)
		take_flags(turn);
	turn->dap->select.is_known = false;
	memset(turn->response->bytes, 0, head);
	turn->response->bytes[0] = turn->bytes[0];
	turn->response->bytes[head - 1] = code_of(outcome->ack);
	turn->response->size = head;
	return CAUSE_NONE;
}

/* Of the access port's DRW. */
static void
note_write(const struct cmsis_dap_turn *turn)
{
	sharing_note_deed(&turn->share->common, &turn->user->user, "a write to DRW");
}

static bool
is_data_write(uint8_t code)
{
	return (code & (REQUEST_AP | REQUEST_READ | REQUEST_MASK)) == REQUEST_AP &&
	       (code & REQUEST_A32) == AP_DRW;
}

/* What the steps that were done have changed, and what they read of CTRL/STAT. */
static void
follow(const struct cmsis_dap_turn *turn, const struct packet *packet, size_t done)
{
	struct cmsis_dap_response *response = turn->response;
	struct cmsis_dap_user *user = turn->user;
	size_t at = TRANSFER_HEAD;

	for (size_t i = 0; i < done; i++) {
		const struct step *step = &packet->steps[i];

		if (is_data_write(step->code))
			note_write(turn);
		if (is_dp_write(step->code, DP_ABORT))
			user->flags = clear_flags(user->flags, step->value);
		if (is_dp_write(step->code, DP_SELECT))
			user->select = step->value;
		if (is_mask(step->code))
			user->mask = step->value;
		if (!is_read(step->code) || at + WORD > response->size)
			continue;
		if (is_dp(step->code, DP_CTRL_STAT) &&
		    (user->select & SELECT_DPBANKSEL) == 0)
			le32_put(response->bytes + at,
				 le32_get(response->bytes + at) | user->flags);
		at += WORD;
	}
}

/* The answer of the wire to the first `len` steps, of which the client's own flags may have refused
 * those behind. */
static void
take_response(const struct cmsis_dap_turn *turn, const struct packet *packet, size_t len)
{
	struct cmsis_dap_response *response = turn->response;
	uint8_t code = response->bytes[2];
	size_t done = response->bytes[1] < len ? response->bytes[1] : len;
	bool is_refused = (code & RESPONSE_ACK) == RESPONSE_FAULT;

	follow(turn, packet, done);
	turn->dap->select = (struct cmsis_dap_select){ code == RESPONSE_OK || is_refused,
						       turn->user->select };
	if (is_refused)
		take_flags(turn);
	else if (code == RESPONSE_OK && len < packet->len)
		response->bytes[2] = RESPONSE_FAULT;
}

static enum cause
play(const struct cmsis_dap_turn *turn, const struct packet *packet, size_t len,
     struct reason *why)
{
	struct cmsis_dap_request request;
	enum cause cause = CAUSE_NONE;

	put_request(turn, packet, len, &request);
	if (len == 0) {
		*turn->response =
			(struct cmsis_dap_response){ TRANSFER_HEAD,
						     { DAP_TRANSFER, 0, RESPONSE_OK } };
	} else {
		cause = cmsis_dap_ask(&turn->dap->wire, &request, TRANSFER_HEAD,
				      turn->response, why);
	}
	if (cause == CAUSE_NONE)
		take_response(turn, packet, len);
	else
		turn->dap->select.is_known = false;
	return cause;
}

enum cause
cmsis_dap_share_transfer(const struct cmsis_dap_turn *turn, struct reason *why)
{
	struct outcome outcome = { .ack = ACK_UNKNOWN };
	struct packet packet;
	size_t len;
	enum cause cause;

	if (!parse(turn, &packet))
		return refuse("a DAP_Transfer", why);
	len = count_passing(turn, &packet);
	cause = use_ports(turn, &packet, len, &outcome, why);
	if (cause == CAUSE_NONE)
		cause = restore(turn, &outcome, why);
	return cause == CAUSE_NONE ? play(turn, &packet, len, why)
				   : answer_failure(turn, TRANSFER_HEAD, cause, &outcome);
}

static enum cause
play_block(const struct cmsis_dap_turn *turn, struct reason *why)
{
	struct cmsis_dap_request request = { .name = "DAP_TransferBlock",
					     .size = turn->size };
	uint8_t code;
	enum cause cause;

	memcpy(request.bytes, turn->bytes, turn->size);
	cause = cmsis_dap_ask(&turn->dap->wire, &request, BLOCK_RESPONSE_HEAD,
			      turn->response, why);
	if (cause != CAUSE_NONE) {
		turn->dap->select.is_known = false;
		return cause;
	}
	if (is_data_write(turn->bytes[4]))
		note_write(turn);
	code = turn->response->bytes[BLOCK_RESPONSE_HEAD - 1];
	if ((code & RESPONSE_ACK) == RESPONSE_FAULT)
		take_flags(turn);
	else if (code != RESPONSE_OK)
		turn->dap->select.is_known = false;
	return CAUSE_NONE;
}

/* Only of an access port: nobody moves blocks through a register of the debug port. */
enum cause
cmsis_dap_share_block(const struct cmsis_dap_turn *turn, struct reason *why)
{
	struct outcome outcome = { .ack = ACK_FAULT };
	size_t words = turn->size < BLOCK_HEAD ? 0 : le16_get(turn->bytes + 2);
	uint8_t code = turn->size < BLOCK_HEAD ? 0 : turn->bytes[4];
	enum cause cause;

	if ((code & ~(REQUEST_READ | REQUEST_A32)) != REQUEST_AP ||
	    turn->size < BLOCK_HEAD + (is_read(code) ? 0 : words * WORD) ||
	    turn->dap->wire.packet_size < BLOCK_RESPONSE_HEAD + words * WORD)
		return refuse("a DAP_TransferBlock", why);
	if (turn->user->flags != 0) {
		memset(turn->response->bytes, 0, BLOCK_RESPONSE_HEAD);
		turn->response->bytes[0] = DAP_TRANSFER_BLOCK;
		turn->response->bytes[BLOCK_RESPONSE_HEAD - 1] = RESPONSE_FAULT;
		turn->response->size = BLOCK_RESPONSE_HEAD;
		return CAUSE_NONE;
	}
	cause = use_port(turn, code, turn->user->select, &outcome, why);
	if (cause == CAUSE_NONE)
		cause = restore(turn, &outcome, why);
	return cause == CAUSE_NONE
		       ? play_block(turn, why)
		       : answer_failure(turn, BLOCK_RESPONSE_HEAD, cause, &outcome);
}

enum cause
cmsis_dap_share_abort(const struct cmsis_dap_turn *turn, struct reason *why)
{
	struct cmsis_dap_request request = { .name = "DAP_WriteABORT", .size = turn->size };

	if (turn->size < ABORT_SIZE)
		return refuse("a DAP_WriteABORT", why);
	memcpy(request.bytes, turn->bytes, turn->size);
	turn->user->flags = clear_flags(turn->user->flags, le32_get(turn->bytes + 2));
	return cmsis_dap_ask(&turn->dap->wire, &request, 2, turn->response, why);
}
