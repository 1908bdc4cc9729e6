/* SPDX-License-Identifier: MIT */
/*
 * Accesses, cut into packets, several in flight.
 *
 * What a packet in flight behind a failed one may do: after FAULT nothing, since
 * an error flag of the debug port is then set and refuses every later access
 * (IHI 0031G B4.2.4). After WAIT, or a damaged answer, it is done all the same,
 * before what should have come before it. So a packet is sent behind another one
 * only when it has nothing in it but more of a run of the same DRW that the one
 * before it began: whatever of it is done falls into the block of memory that the
 * run is about, whose contents are void after a failure, and none of it is
 * counted. transport/adi begins such a run anew from its TAR. Everything else -
 * a step, say - waits until all before it has been answered.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/cmsis_dap/protocol.h"
#include "transport/probe/cmsis_dap/share.h"
#include "transport/probe/debug_port.h"

#include <assert.h>

enum { CONFIRM_MS = 200 }; /* as long as transport/adi retries a WAIT */

static bool
is_same_drw(const struct transfer *a, const struct transfer *b)
{
	return a->kind == b->kind && a->ap == b->ap && a->address == AP_DRW &&
	       b->address == AP_DRW &&
	       (a->kind == TRANSFER_AP_READ || a->kind == TRANSFER_AP_WRITE);
}

/* Where the run ends that goes on at `at`; `at` itself when none does. */
static size_t
end_of_run(const struct transfer *batch, size_t len, size_t at)
{
	while (at > 0 && at < len && is_same_drw(&batch[at - 1], &batch[at]))
		at++;
	return at;
}

/* Sends the packet that begins with transfer `first`, and those that may follow it. */
static enum cause
send_some(struct cmsis_dap *dap, const struct transfer *batch, size_t len, size_t first,
	  unsigned *sent, struct reason *why)
{
	struct cmsis_dap_select select = dap->select;
	size_t end = len;
	enum cause cause = CAUSE_NONE;

	*sent = 0;
	while (cause == CAUSE_NONE && *sent < dap->wire.packet_count && first < end) {
		struct cmsis_dap_packet *packet = &dap->packets[*sent];

		cmsis_dap_packet_fill(packet, batch, end, first, dap->wire.packet_size,
				      &select);
		cause = cmsis_dap_send(&dap->wire, &packet->request, why);
		first += packet->len;
		end = end_of_run(batch, len, first);
		*sent += 1;
	}
	return cause;
}

/* Those behind one that failed are taken off the wire; what they say counts no more. */
static void
drop_rest(struct cmsis_dap *dap, unsigned from, unsigned sent)
{
	struct cmsis_dap_response response;
	struct reason why = REASON_INIT;

	for (unsigned i = from; i < sent; i++)
		if (cmsis_dap_receive(&dap->wire, &dap->packets[i].request, 1, &response,
				      &why) != CAUSE_NONE) {
			log_debug("probe", "behind a failed packet: %s", reason_root(&why));
			return;
		}
}

static enum cause
take_one(struct cmsis_dap *dap, const struct cmsis_dap_packet *packet,
	 struct transfer *batch, struct outcome *outcome, bool *leaves_write,
	 struct reason *why)
{
	struct cmsis_dap_response response;
	struct outcome own;
	size_t least = packet->is_block ? 4 : 3;
	enum cause cause =
		cmsis_dap_receive(&dap->wire, &packet->request, least, &response, why);

	if (cause != CAUSE_NONE) {
		dap->select.is_known = false;
		outcome->ack = ACK_UNKNOWN;
		return cause;
	}
	cause = cmsis_dap_packet_take(packet, batch, &response, &dap->select, &own, why);
	outcome->finished += own.finished;
	outcome->ack = own.ack;
	*leaves_write = cmsis_dap_packet_leaves_write(packet, batch, &response);
	return cause;
}

/* *leaves_write: all that was sent was acknowledged, and the last write still goes on. */
static enum cause
do_some(struct cmsis_dap *dap, struct transfer *batch, size_t len, struct outcome *outcome,
	bool *leaves_write, struct reason *why)
{
	unsigned sent;
	enum cause cause = send_some(dap, batch, len, outcome->finished, &sent, why);

	*leaves_write = false;
	if (cause != CAUSE_NONE) {
		dap->select.is_known = false;
		outcome->ack = ACK_UNKNOWN;
		return cause;
	}
	for (unsigned i = 0; i < sent; i++) {
		cause = take_one(dap, &dap->packets[i], batch, outcome, leaves_write, why);
		if (cause == CAUSE_NONE)
			continue;
		/* Behind it there is more of its run, which then begins anew. */
		*leaves_write = *leaves_write && i + 1 == sent;
		/* A receive that failed has nothing left in flight. */
		if (dap->wire.in_flight > 0)
			drop_rest(dap, i + 1, sent);
		return cause;
	}
	return CAUSE_NONE;
}

/* What became of a write of which the probe knows only that it goes on. To write again could
 * be to write twice: its outcome is in the answer to the next access (IHI 0031G B4.2.2). */
static enum cause
confirm_write(struct cmsis_dap *dap, struct outcome *outcome, struct reason *why)
{
	struct deadline deadline = deadline_in_ms(dap->probe.clock, CONFIRM_MS);
	struct outcome own;
	enum cause cause;
	bool is_last, ignored;

	/* A slow host may let all of that time pass with the first WAIT. */
	do {
		struct transfer rdbuff = { TRANSFER_DP_READ, 0, DP_RDBUFF, 0 };

		is_last = deadline_is_over(&deadline);
		own = (struct outcome){ .ack = ACK_OK };
		cause = do_some(dap, &rdbuff, 1, &own, &ignored, why);
	} while (own.ack == ACK_WAIT && !is_last);
	outcome->ack = own.ack;
	if (cause != CAUSE_NONE)
		return reason_while(why, "finishing the write");
	outcome->finished++;
	return CAUSE_NONE;
}

enum cause
cmsis_dap_do(struct cmsis_dap *dap, struct transfer *batch, size_t len,
	     struct outcome *outcome, struct reason *why)
{
	enum cause cause = CAUSE_NONE;
	bool leaves_write;

	*outcome = (struct outcome){ .ack = ACK_OK };
	for (size_t i = 0; i < len; i++)
		assert(batch[i].kind != TRANSFER_MEM_READ &&
		       batch[i].kind != TRANSFER_MEM_WRITE);
	while (cause == CAUSE_NONE && outcome->finished < len) {
		cause = do_some(dap, batch, len, outcome, &leaves_write, why);
		if (cause != CAUSE_NONE && leaves_write)
			cause = confirm_write(dap, outcome, why);
	}
	return cause;
}

enum cause
cmsis_dap_transfer(struct probe *probe, struct transfer *batch, size_t len,
		   struct outcome *outcome, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	enum cause cause = CAUSE_NONE;

	if (dap->share != NULL)
		cause = cmsis_dap_share_before(dap, batch, len, outcome, why);
	return cause == CAUSE_NONE ? cmsis_dap_do(dap, batch, len, outcome, why) : cause;
}
