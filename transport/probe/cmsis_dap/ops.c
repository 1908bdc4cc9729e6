/* SPDX-License-Identifier: MIT */
/*
 * The operations of a CMSIS-DAP probe, and how it is closed.
 */
#include "transport/base/log.h"
#include "transport/probe/claims.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"

#include <stdlib.h>
#include <string.h>

enum {
	HAS_SWO_UART = 1 << 2, /* DAP.h: capabilities (DAP_Info 0xf0) */
	/* SELECT.APSEL of ADIv5 (IHI 0031G B2.2). The SELECT and SELECT1 of ADIv6 are not
	 * spoken here. */
	PORT_MAX = 255
};

static void
cmsis_dap_close(struct probe *probe)
{
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	struct reason why = REASON_INIT;

	/* Nobody can act on a failure any more; the next who opens it sets it right. */
	if (dap->swo_baud != 0 && cmsis_dap_swo_ops.stop(probe, &why) != CAUSE_NONE)
		log_debug("probe", "closing: %s", reason_root(&why));
	if (dap->is_nrst_low && cmsis_dap_move_nrst(dap, false, &why) != CAUSE_NONE)
		log_debug("probe", "closing: %s", reason_root(&why));
	if (cmsis_dap_leave(probe, &why) != CAUSE_NONE)
		log_debug("probe", "closing: %s", reason_root(&why));
	dap->wire.carrier->ops->close(dap->wire.carrier);
	free(dap);
}

static enum cause
cmsis_dap_claim(struct probe *probe, uint8_t *bytes, struct reason *why)
{
	struct cmsis_dap_request request = { .name = "a claim",
					     .size = 1 + PROBE_CLAIM_SIZE,
					     .bytes = { DAP_CLAIM } };
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	struct cmsis_dap_response response;
	enum cause cause;

	memcpy(request.bytes + 1, bytes, PROBE_CLAIM_SIZE);
	cause = cmsis_dap_ask(&dap->wire, &request, request.size, &response, why);
	if (cause == CAUSE_NONE)
		memcpy(bytes, response.bytes + 1, PROBE_CLAIM_SIZE);
	return cause;
}

#define CMSIS_DAP_OPS(swo_group)                                                           \
	{                                                                                  \
		.close = cmsis_dap_close, .enter_swd = cmsis_dap_enter_swd,                \
		.leave = cmsis_dap_leave, .set_clock = cmsis_dap_set_clock,                \
		.transfer = cmsis_dap_transfer, .drive_nrst = cmsis_dap_drive_nrst,        \
		.can_match = true, .port_max = PORT_MAX, .read_pins = cmsis_dap_read_pins, \
		.claim = cmsis_dap_claim, .swo = (swo_group)                               \
	}

static const struct probe_ops ops = CMSIS_DAP_OPS(NULL);
static const struct probe_ops ops_with_swo = CMSIS_DAP_OPS(&cmsis_dap_swo_ops);

struct cmsis_dap *
cmsis_dap_of_probe(struct probe *probe)
{
	return probe->ops == &ops || probe->ops == &ops_with_swo ? cmsis_dap_of(probe)
								 : NULL;
}

void
cmsis_dap_dress(struct cmsis_dap *dap)
{
	dap->probe.ops = (dap->capabilities & HAS_SWO_UART) != 0 ? &ops_with_swo : &ops;
	dap->probe.has_other_debugger = dap->wire.carrier->has_others;
	dap->probe.is_claimed_elsewhere = dap->wire.carrier->has_others;
}
