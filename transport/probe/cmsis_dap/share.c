/* SPDX-License-Identifier: MIT */
#include "transport/probe/cmsis_dap/share.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/cmsis_dap/protocol.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	INFO_HEAD = 2, /* of its response: command, length */
	/* DAP_Info 0xf0, DAP.h: SWO, atomic commands, a UART. */
	OWNERS_CAPABILITIES = 1 << 2 | 1 << 3 | 1 << 4 | 1 << 6 | 1 << 7
};

typedef enum cause rule(const struct cmsis_dap_turn *turn, struct reason *why);

static enum cause
answer(const struct cmsis_dap_turn *turn, uint8_t status)
{
	turn->response->bytes[0] = turn->bytes[0];
	turn->response->bytes[1] = status;
	turn->response->size = 2;
	return CAUSE_NONE;
}

/* Kept from the probe: it is the owner's. */
static enum cause
say_ok(const struct cmsis_dap_turn *turn, struct reason *why)
{
	(void)why;
	return answer(turn, DAP_OK);
}

/* It has no response, and what it would end is over. */
static enum cause
keep_silent(const struct cmsis_dap_turn *turn, struct reason *why)
{
	(void)why;
	turn->response->size = 0;
	return CAUSE_NONE;
}

static enum cause
pass(const struct cmsis_dap_turn *turn, const char *name, struct reason *why)
{
	struct cmsis_dap_request request = { .name = name, .size = turn->size };

	memcpy(request.bytes, turn->bytes, turn->size);
	return cmsis_dap_ask(&turn->dap->wire, &request, 2, turn->response, why);
}

static void
put_words(const struct cmsis_dap_turn *turn, const char *words, const char *mark)
{
	struct text text;

	text_init(&text, (char *)turn->response->bytes + INFO_HEAD,
		  CMSIS_DAP_PACKET_MIN - INFO_HEAD);
	text_add(&text, "%s%s", words, mark);
	turn->response->bytes[0] = DAP_INFO;
	turn->response->bytes[1] = (uint8_t)(text.used + 1);
	turn->response->size = INFO_HEAD + text.used + 1;
}

static enum cause
tell_info(const struct cmsis_dap_turn *turn, struct reason *why)
{
	const struct probe_identity *identity = &turn->dap->probe.identity;
	uint8_t id = turn->size < 2 ? 0 : turn->bytes[1];
	enum cause cause = CAUSE_NONE;

	if (id == DAP_INFO_SERIAL)
		put_words(turn, identity->serial, "");
	else if (id == DAP_INFO_FIRMWARE)
		put_words(turn, identity->firmware, CMSIS_DAP_SHARED_MARK);
	else
		cause = pass(turn, "DAP_Info", why);
	if (cause == CAUSE_NONE && id == DAP_INFO_CAPABILITIES)
		turn->response->bytes[INFO_HEAD] &= (uint8_t)~OWNERS_CAPABILITIES;
	return cause;
}

static bool
has_others_in(const struct cmsis_dap_turn *turn)
{
	for (size_t i = 0; i < CMSIS_DAP_SHARE_USERS; i++) {
		const struct cmsis_dap_user *other = turn->share->users[i];

		if (other != NULL && other != turn->user && other->has_entered)
			return true;
	}
	return turn->share->common.is_owner_there;
}

static enum cause
connect(const struct cmsis_dap_turn *turn, struct reason *why)
{
	uint8_t port = turn->size < 2 ? PORT_NONE : turn->bytes[1];
	enum cause cause;

	if (port > PORT_SWD)
		return answer(turn, PORT_NONE);
	cause = cmsis_dap_connect_pins(turn->dap, why);
	if (cause != CAUSE_NONE)
		return cause;
	turn->user->has_entered = true;
	return answer(turn, PORT_SWD);
}

static enum cause
leave(const struct cmsis_dap_turn *turn, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	turn->user->has_entered = false;
	if (!has_others_in(turn))
		cause = cmsis_dap_leave(&turn->dap->probe, why);
	return cause == CAUSE_NONE ? answer(turn, DAP_OK) : cause;
}

/* A line reset is done for the one who asks for it, and for him alone, while the owner's connection
 * stands. */
static enum cause
play_sequence(const struct cmsis_dap_turn *turn, struct reason *why)
{
	turn->user->select = turn->user->flags = 0;
	if (turn->share->common.is_owner_there)
		return answer(turn, DAP_OK);
	turn->dap->select.is_known = false;
	return pass(turn, "DAP_SWJ_Sequence", why);
}

static bool
is_nrst_pulled_by_others(const struct cmsis_dap_turn *turn)
{
	for (size_t i = 0; i < CMSIS_DAP_SHARE_USERS; i++) {
		const struct cmsis_dap_user *other = turn->share->users[i];

		if (other != NULL && other != turn->user && other->pulls_nrst)
			return true;
	}
	return turn->dap->is_nrst_low;
}

static enum cause
drive_nrst(const struct cmsis_dap_turn *turn, bool low, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (low != turn->user->pulls_nrst && !is_nrst_pulled_by_others(turn))
		cause = cmsis_dap_move_nrst(turn->dap, low, why);
	if (cause != CAUSE_NONE)
		return cause;
	turn->share->common.has_reset |= low && !turn->user->pulls_nrst;
	turn->user->pulls_nrst = low;
	return CAUSE_NONE;
}

/* NRST alone is moved. */
static enum cause
move_pins(const struct cmsis_dap_turn *turn, struct reason *why)
{
	uint8_t levels = turn->size < 3 ? 0 : turn->bytes[1];
	uint8_t mask = turn->size < 3 ? 0 : turn->bytes[2];
	struct probe_pins pins;
	enum cause cause = CAUSE_NONE;

	if ((mask & PIN_NRESET) != 0)
		cause = drive_nrst(turn, (levels & PIN_NRESET) == 0, why);
	if (cause == CAUSE_NONE)
		cause = cmsis_dap_read_pins(&turn->dap->probe, &pins, why);
	if (cause != CAUSE_NONE)
		return cause;
	return answer(turn, (uint8_t)((pins.swclk ? PIN_SWCLK : 0) |
				      (pins.swdio ? PIN_SWDIO : 0) |
				      (pins.nrst ? PIN_NRESET : 0)));
}

/* 0: nobody has a wish. */
static uint32_t
slowest_wish(const struct cmsis_dap_share *share)
{
	uint32_t slowest = 0;

	for (size_t i = 0; i < CMSIS_DAP_SHARE_USERS; i++) {
		uint32_t hz = share->users[i] == NULL ? 0 : share->users[i]->hz;

		if (hz != 0 && (slowest == 0 || hz < slowest))
			slowest = hz;
	}
	return slowest;
}

/* Its changes are logged: they slow the owner down. */
static enum cause
follow_wishes(const struct cmsis_dap_share *share, struct cmsis_dap *dap,
	      struct reason *why)
{
	uint32_t before = dap->hz;
	enum cause cause = cmsis_dap_limit_clock(dap, slowest_wish(share), why);

	if (cause == CAUSE_NONE && dap->hz != before)
		log_info("share",
			 "the clock is %u kHz, by the wish of who shares the probe",
			 (unsigned)dap->hz / HZ_PER_KHZ);
	return cause;
}

static enum cause
set_clock(const struct cmsis_dap_turn *turn, struct reason *why)
{
	uint32_t hz = turn->size < 5 ? 0 : le32_get(turn->bytes + 1);
	uint32_t before = turn->user->hz;
	enum cause cause;

	if (hz == 0)
		return answer(turn, DAP_ERROR);
	turn->user->hz = hz;
	cause = follow_wishes(turn->share, turn->dap, why);
	if (cause == CAUSE_NONE)
		return answer(turn, DAP_OK);
	turn->user->hz = before;
	return cause == CAUSE_UNSUPPORTED ? answer(turn, DAP_ERROR) : cause;
}

static const struct {
	enum cmsis_dap_command command;
	rule *play;
} rows[] = {
	{ DAP_INFO, tell_info },
	{ DAP_HOST_STATUS, say_ok },
	{ DAP_CONNECT, connect },
	{ DAP_DISCONNECT, leave },
	{ DAP_TRANSFER_CONFIGURE, say_ok },
	{ DAP_TRANSFER, cmsis_dap_share_transfer },
	{ DAP_TRANSFER_BLOCK, cmsis_dap_share_block },
	{ DAP_TRANSFER_ABORT, keep_silent },
	{ DAP_WRITE_ABORT, cmsis_dap_share_abort },
	{ DAP_SWJ_PINS, move_pins },
	{ DAP_SWJ_CLOCK, set_clock },
	{ DAP_SWJ_SEQUENCE, play_sequence },
	{ DAP_SWD_CONFIGURE, say_ok },
};

/* As a probe that does not know the command. */
static enum cause
say_unknown(const struct cmsis_dap_turn *turn)
{
	turn->response->bytes[0] = DAP_INVALID;
	turn->response->size = 1;
	return CAUSE_NONE;
}

enum cause
cmsis_dap_share_exchange(struct cmsis_dap_share *share, unsigned client,
			 const uint8_t *bytes, size_t size,
			 struct cmsis_dap_response *response, struct reason *why)
{
	struct cmsis_dap_turn turn = { .share = share,
				       .dap = cmsis_dap_of_probe(share->common.probe),
				       .number = client + 1,
				       .user = share->users[client + 1],
				       .bytes = bytes,
				       .size = size,
				       .response = response };

	assert(turn.user != NULL && turn.dap != NULL);
	if (size == 0 || size > turn.dap->wire.packet_size)
		return reason_begin(why, CAUSE_REQUEST,
				    "a packet of %zu bytes; the probe takes %zu", size,
				    turn.dap->wire.packet_size);
	for (size_t i = 0; i < array_len(rows); i++)
		if (rows[i].command == bytes[0])
			return rows[i].play(&turn, why);
	return say_unknown(&turn);
}

bool
cmsis_dap_share_serves(struct probe *probe)
{
	return cmsis_dap_of_probe(probe) != NULL;
}

bool
cmsis_dap_share_can(struct probe *probe)
{
	struct cmsis_dap *dap = cmsis_dap_of_probe(probe);

	return dap != NULL && !dap->wire.carrier->has_others;
}

/* A probe that was opened anew has none of what was set in the one before. */
static void
forget_ports(struct cmsis_dap_share *share)
{
	memset(share->last_at, CMSIS_DAP_SHARE_OWNER, sizeof(share->last_at));
	share->last_mask = CMSIS_DAP_SHARE_OWNER;
}

enum cause
cmsis_dap_share_take(struct cmsis_dap_share *share, struct probe *probe, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of_probe(probe);
	struct reason clock = REASON_INIT;

	share->common.probe = NULL;
	if (dap == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "the %s is none of CMSIS-DAP, which its clients speak",
				    probe->identity.kind);
	if (share->users[CMSIS_DAP_SHARE_OWNER] == NULL)
		share->users[CMSIS_DAP_SHARE_OWNER] =
			calloc(1, sizeof(*share->users[CMSIS_DAP_SHARE_OWNER]));
	if (share->users[CMSIS_DAP_SHARE_OWNER] == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for sharing the probe");
	share->common.probe = probe;
	dap->share = share;
	forget_ports(share);
	/* A probe that does not take the wishes of the clients goes on at the owner's. */
	if (follow_wishes(share, dap, &clock) != CAUSE_NONE)
		log_warning("share", "the clock: %s", reason_root(&clock));
	return CAUSE_NONE;
}

enum cause
cmsis_dap_share_begin(struct cmsis_dap_share *share, struct probe *probe,
		      struct reason *why)
{
	memset(share, 0, sizeof(*share));
	share->common.is_owner_there = true;
	return cmsis_dap_share_take(share, probe, why);
}

void
cmsis_dap_share_end(struct cmsis_dap_share *share)
{
	if (share->common.probe != NULL)
		cmsis_dap_of_probe(share->common.probe)->share = NULL;
	share->common.probe = NULL;
	free(share->users[CMSIS_DAP_SHARE_OWNER]);
	share->users[CMSIS_DAP_SHARE_OWNER] = NULL;
}

bool
cmsis_dap_share_join(struct cmsis_dap_share *share, unsigned *client)
{
	for (unsigned i = 0; i < SHARING_CLIENTS; i++) {
		if (share->users[i + 1] != NULL)
			continue;
		share->users[i + 1] = calloc(1, sizeof(*share->users[i + 1]));
		*client = i;
		return share->users[i + 1] != NULL;
	}
	return false;
}

static void
let_all_go(const struct cmsis_dap_turn *turn)
{
	struct reason nrst = REASON_INIT, clock = REASON_INIT, mode = REASON_INIT;

	/* Nobody waits for an answer any more: what fails is logged. */
	if (drive_nrst(turn, false, &nrst) != CAUSE_NONE)
		log_warning("share", "letting NRST go for a client that left: %s",
			    reason_root(&nrst));
	if (follow_wishes(turn->share, turn->dap, &clock) != CAUSE_NONE)
		log_warning("share", "the clock, after a client left: %s",
			    reason_root(&clock));
	if (turn->user->has_entered && !has_others_in(turn) &&
	    cmsis_dap_leave(&turn->dap->probe, &mode) != CAUSE_NONE)
		log_debug("share", "leaving debug mode: %s", reason_root(&mode));
}

static void
forget_user(struct cmsis_dap_share *share, unsigned number)
{
	share->users[number] = NULL;
	if (share->last_mask == number)
		share->last_mask = CMSIS_DAP_SHARE_OWNER;
}

void
cmsis_dap_share_leave(struct cmsis_dap_share *share, unsigned client)
{
	struct cmsis_dap_turn turn = { .share = share,
				       .number = client + 1,
				       .user = share->users[client + 1] };

	forget_user(share, client + 1);
	if (share->common.probe != NULL) {
		turn.dap = cmsis_dap_of_probe(share->common.probe);
		let_all_go(&turn);
	}
	free(turn.user);
}
