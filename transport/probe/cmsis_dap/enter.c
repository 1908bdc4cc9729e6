/* SPDX-License-Identifier: MIT */
/*
 * How a debug port is brought to speak SWD: IHI 0031G, B5.2 and B5.3.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/cmsis_dap/cmsis_dap.h"
#include "transport/probe/debug_port.h"

#include <string.h>

enum { SEQUENCE_MAX = 32 };

/* Bits go out from the lowest of the first byte on. */
struct sequence {
	const char *name;
	uint8_t bits;
	uint8_t bytes[SEQUENCE_MAX];
};

#define LINE_RESET 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff /* 56 ones; B4.3.3: 50 */
#define IDLE       0x00

/* B5.2.1: 0xe79e between two line resets, for a port that may speak JTAG. */
static const struct sequence from_jtag = {
	"the switch from JTAG to SWD",
	17 * 8,
	{ LINE_RESET, 0x9e, 0xe7, LINE_RESET, IDLE },
};

/* B5.3.4: eight ones; the selection alert of 128 bits; four zeros; the activation code of
 * SW-DP, 0x1a; a line reset. The four zeros share bytes with the code's halves. */
static const struct sequence from_dormant = {
	"the wake-up from the dormant state",
	27 * 8,
	{ 0xff, 0x92, 0xf3, 0x09, 0x62, 0x95, 0x2d, 0x85, 0x86,       0xe9, 0xaf,
	  0xdd, 0xe3, 0xa2, 0x0e, 0xbc, 0x19, 0xa0, 0xf1, LINE_RESET, IDLE },
};

static enum cause
send_sequence(struct cmsis_dap *dap, const struct sequence *sequence, struct reason *why)
{
	struct cmsis_dap_request request = {
		.name = "DAP_SWJ_Sequence", .bytes = { DAP_SWJ_SEQUENCE, sequence->bits }
	};
	size_t size = (sequence->bits + 7u) / 8u;
	enum cause cause;

	memcpy(request.bytes + 2, sequence->bytes, size);
	request.size = 2 + size;
	cause = cmsis_dap_tell(&dap->wire, &request, why);
	if (cause == CAUSE_NONE && dap->model->forgets_clock)
		cause = cmsis_dap_apply_clock(dap, why);
	return cause;
}

/* After a line reset a debug port answers nothing but a read of DPIDR (B4.3.3). */
static enum cause
try_sequence(struct cmsis_dap *dap, const struct sequence *sequence,
	     struct outcome *outcome, struct reason *why)
{
	struct transfer dpidr = { TRANSFER_DP_READ, 0, DP_DPIDR, 0 };
	enum cause cause = send_sequence(dap, sequence, why);

	*outcome = (struct outcome){ .ack = ACK_UNKNOWN };
	dap->select.is_known = false;
	if (cause == CAUSE_NONE)
		cause = cmsis_dap_transfer(&dap->probe, &dpidr, 1, outcome, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "reading DPIDR after %s", sequence->name);
}

/* The first reason is the one to report: most chips that are silent have never heard of a dormant
 * state. */
static enum cause
enter(struct cmsis_dap *dap, struct reason *why)
{
	struct reason second = REASON_INIT;
	struct outcome outcome;
	enum cause cause = try_sequence(dap, &from_jtag, &outcome, why);

	if (cause == CAUSE_NONE || outcome.ack == ACK_UNKNOWN)
		return cause;
	log_debug("probe", "%s; trying %s", reason_root(why), from_dormant.name);
	if (try_sequence(dap, &from_dormant, &outcome, &second) == CAUSE_NONE)
		return CAUSE_NONE;
	reason_while(why, "trying %s as well: %s", from_dormant.name, reason_root(&second));
	return reason_becomes(why, CAUSE_GONE);
}

enum cause
cmsis_dap_enter_swd(struct probe *probe, struct reason *why)
{
	struct cmsis_dap *dap = cmsis_dap_of(probe);
	enum cause cause = cmsis_dap_connect_pins(dap, why);

	if (cause == CAUSE_NONE)
		cause = enter(dap, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "entering SWD at %u kHz",
				    (unsigned)dap->hz / 1000);
	return CAUSE_NONE;
}
