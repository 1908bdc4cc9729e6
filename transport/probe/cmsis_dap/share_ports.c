/* SPDX-License-Identifier: MIT */
/*
 * share_ports.c - CSW and TAR of access ports that more than one program uses.
 */
#include "transport/probe/cmsis_dap/share.h"

#include "transport/probe/cmsis_dap/protocol.h"
#include "transport/probe/debug_port.h"

/* Behind DRW and the banked data registers. */
enum { FIRST_OF_PORT = 0x20 };

bool
cmsis_dap_share_is_stateful(uint32_t address)
{
	return address < FIRST_OF_PORT;
}

static size_t
make_batch(const struct cmsis_dap_user *user, const struct cmsis_dap_user *before,
	   uint8_t port, struct transfer *batch)
{
	const struct cmsis_dap_port_state *state = &user->ports[port];
	size_t len = 0;

	if (before != NULL) {
		batch[len++] = (struct transfer){ TRANSFER_AP_READ, port, AP_CSW, 0 };
		batch[len++] = (struct transfer){ TRANSFER_AP_READ, port, AP_TAR, 0 };
	}
	if (state->is_known) {
		batch[len++] =
			(struct transfer){ TRANSFER_AP_WRITE, port, AP_CSW, state->csw };
		batch[len++] =
			(struct transfer){ TRANSFER_AP_WRITE, port, AP_TAR, state->tar };
	}
	return len;
}

/* One that has left is not there any more: nobody misses what it had. */
enum cause
cmsis_dap_share_use_port(struct cmsis_dap_share *share, struct cmsis_dap *dap,
			 unsigned number, uint8_t port, struct outcome *outcome,
			 struct reason *why)
{
	struct cmsis_dap_user *before = cmsis_dap_share_user(share, share->last_at[port]);
	struct transfer batch[4];
	size_t len;
	enum cause cause;

	*outcome = (struct outcome){ .ack = ACK_OK };
	if (share->last_at[port] == number)
		return CAUSE_NONE;
	len = make_batch(cmsis_dap_share_user(share, number), before, port, batch);
	cause = cmsis_dap_do(dap, batch, len, outcome, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "exchanging CSW and TAR of access port %u", port);
	if (before != NULL)
		before->ports[port] = (struct cmsis_dap_port_state){ true, batch[0].value,
								     batch[1].value };
	share->last_at[port] = (uint8_t)number;
	return CAUSE_NONE;
}

enum cause
cmsis_dap_share_before(struct cmsis_dap *dap, const struct transfer *batch, size_t len,
		       struct outcome *outcome, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	*outcome = (struct outcome){ .ack = ACK_OK };
	for (size_t i = 0; i < len && cause == CAUSE_NONE; i++) {
		const struct transfer *t = &batch[i];
		bool is_ap = t->kind == TRANSFER_AP_READ || t->kind == TRANSFER_AP_WRITE ||
			     t->kind == TRANSFER_AP_MATCH;

		if (t->kind == TRANSFER_AP_MASK)
			dap->share->last_mask = SHARING_OWNER;
		if (is_ap && cmsis_dap_share_is_stateful(t->address))
			cause = cmsis_dap_share_use_port(dap->share, dap, SHARING_OWNER,
							 (uint8_t)t->ap, outcome, why);
	}
	outcome->finished = 0;
	return cause;
}
