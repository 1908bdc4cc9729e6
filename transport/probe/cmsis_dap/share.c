/* SPDX-License-Identifier: MIT */
#include "transport/probe/cmsis_dap/share.h"

#include "transport/base/bytes.h"
#include "transport/probe/cmsis_dap/protocol.h"

#include <assert.h>
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
	turn->user->user.has_entered = true;
	return answer(turn, PORT_SWD);
}

static enum cause
leave(const struct cmsis_dap_turn *turn, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	turn->user->user.has_entered = false;
	if (!sharing_has_others_in(&turn->share->common, &turn->user->user))
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

static enum cause
drive_nrst(const struct cmsis_dap_turn *turn, bool low, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (low != turn->user->user.pulls_nrst &&
	    !sharing_others_pull_nrst(&turn->share->common, &turn->user->user))
		cause = cmsis_dap_move_nrst(turn->dap, low, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (low && !turn->user->user.pulls_nrst)
		sharing_note_reset(&turn->share->common, &turn->user->user, "nRESET");
	turn->user->user.pulls_nrst = low;
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

static enum cause
set_clock(const struct cmsis_dap_turn *turn, struct reason *why)
{
	uint32_t hz = turn->size < 5 ? 0 : le32_get(turn->bytes + 1);
	enum cause cause;

	if (hz == 0)
		return answer(turn, DAP_ERROR);
	cause = sharing_wish_clock(&turn->share->common, &turn->user->user, hz, why);
	if (cause == CAUSE_NONE)
		return answer(turn, DAP_OK);
	return cause == CAUSE_UNSUPPORTED ? answer(turn, DAP_ERROR) : cause;
}

static enum cause
take_claim(const struct cmsis_dap_turn *turn, struct reason *why)
{
	uint8_t *bytes = turn->response->bytes + 1;

	if (turn->size < 1 + PROBE_CLAIM_SIZE)
		return reason_begin(why, CAUSE_REQUEST, "a claim of %zu bytes", turn->size);
	turn->response->bytes[0] = turn->bytes[0];
	memcpy(bytes, turn->bytes + 1, PROBE_CLAIM_SIZE);
	turn->response->size = 1 + PROBE_CLAIM_SIZE;
	return sharing_claim_bytes(&turn->share->common, turn->number, bytes, why);
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
	{ DAP_CLAIM, take_claim },
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
				       .number = client,
				       .user = cmsis_dap_share_user(share, client),
				       .bytes = bytes,
				       .size = size,
				       .response = response };

	assert(turn.user != NULL && turn.dap != NULL);
	sharing_hear(&share->common, client);
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
	memset(share->last_at, SHARING_OWNER, sizeof(share->last_at));
	share->last_mask = SHARING_OWNER;
}

static uint32_t
clock_hz(struct probe *probe)
{
	return cmsis_dap_of(probe)->hz;
}

static enum cause
limit_clock(struct probe *probe, uint32_t hz, struct reason *why)
{
	return cmsis_dap_limit_clock(cmsis_dap_of(probe), hz, why);
}

static bool
owner_pulls_nrst(struct probe *probe)
{
	return cmsis_dap_of(probe)->is_nrst_low;
}

static enum cause
move_nrst(struct probe *probe, bool low, struct reason *why)
{
	return cmsis_dap_move_nrst(cmsis_dap_of(probe), low, why);
}

static const struct sharing_ops ops = {
	.clock_hz = clock_hz,
	.limit_clock = limit_clock,
	.owner_pulls_nrst = owner_pulls_nrst,
	.move_nrst = move_nrst,
	.leave = cmsis_dap_leave,
};

enum cause
cmsis_dap_share_take(struct cmsis_dap_share *share, struct probe *probe, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of_probe(probe);
	enum cause cause;

	share->common.probe = NULL;
	if (dap == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "the %s is none of CMSIS-DAP, which its clients speak",
				    probe->identity.kind);
	cause = sharing_take(&share->common, &ops, probe, sizeof(struct cmsis_dap_user),
			     why);
	if (cause != CAUSE_NONE)
		return cause;
	dap->share = share;
	forget_ports(share);
	return CAUSE_NONE;
}

void
cmsis_dap_share_end(struct cmsis_dap_share *share)
{
	if (share->common.probe != NULL)
		cmsis_dap_of_probe(share->common.probe)->share = NULL;
	sharing_end(&share->common);
}

bool
cmsis_dap_share_join(struct cmsis_dap_share *share, unsigned *client)
{
	return sharing_join(&share->common, sizeof(struct cmsis_dap_user), client);
}

void
cmsis_dap_share_leave(struct cmsis_dap_share *share, unsigned client)
{
	if (share->last_mask == client)
		share->last_mask = SHARING_OWNER;
	sharing_leave(&share->common, client);
}
