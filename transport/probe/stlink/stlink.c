/* SPDX-License-Identifier: MIT */
#include "transport/probe/stlink/stlink.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/claims.h"

#include <stdlib.h>
#include <string.h>

static struct stlink *
stlink_of(struct probe *probe)
{
	return container_of(probe, struct stlink, probe);
}

static enum cause
stlink_drive_nrst(struct probe *probe, bool low, struct reason *why)
{
	struct stlink *link = stlink_of(probe);
	enum cause cause = stlink_move_nrst(link, low, why);

	if (cause != CAUSE_NONE)
		return reason_while(why, low ? "pulling NRST low" : "letting NRST go");
	link->is_nrst_low = low;
	return CAUSE_NONE;
}

/* The program that used the probe before may have been killed while it held the target in
 * reset. A probe that cannot let go now does not hold it. */
static void
let_nrst_go(struct stlink *link)
{
	struct reason why = REASON_INIT;

	if (stlink_move_nrst(link, false, &why) != CAUSE_NONE)
		log_debug("probe", "letting NRST go: %s", reason_root(&why));
}

/* Before a mode is entered the probe may not know which pin resets the target, so a low
 * NRST is driven before as well as after. */
static enum cause
enter_with_nrst(struct stlink *link, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (link->is_nrst_low)
		cause = stlink_move_nrst(link, true, why);
	else if (!link->is_of_others)
		let_nrst_go(link);
	return cause == CAUSE_NONE ? stlink_enter(link, why) : cause;
}

/* Ending debug mode ends it for all who share the probe (failure mode A3): it is left to the
 * program that entered it. SWD can be entered in it once more. */
static enum cause
leave_own_mode(struct stlink *link, struct reason *why)
{
	if (!link->is_of_others)
		return stlink_leave_mode(link, why);
	memset(link->opened_ports, 0, sizeof(link->opened_ports));
	link->is_open = false;
	return CAUSE_NONE;
}

static enum cause
stlink_enter_swd(struct probe *probe, struct reason *why)
{
	struct stlink *link = stlink_of(probe);
	enum cause cause = leave_own_mode(link, why);

	if (cause == CAUSE_NONE)
		cause = enter_with_nrst(link, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "entering SWD at %u kHz",
				    (unsigned)link->hz / 1000);
	return CAUSE_NONE;
}

static enum cause
stlink_leave(struct probe *probe, struct reason *why)
{
	enum cause cause = leave_own_mode(stlink_of(probe), why);

	return cause == CAUSE_NONE ? CAUSE_NONE : reason_while(why, "leaving debug mode");
}

/* The probe compares the pin, behind a divider by 2, with its reference of 1.2 V; both are
 * sent as converter values. openocd abbbc2e05 stlink_usb_check_voltage(). */
enum cause
stlink_read_voltage(struct stlink_carrier *carrier, unsigned *millivolts,
		    struct reason *why)
{
	enum { REFERENCE_MV = 1200, DIVIDER = 2, REPLY_SIZE = 8 };

	struct stlink_command command = STLINK_COMMAND(GET_TARGET_VOLTAGE);
	uint8_t reply[REPLY_SIZE];
	uint32_t reference, pin;
	enum cause cause;

	command.in = reply;
	command.size = sizeof(reply);
	cause = stlink_exchange(carrier, &command, why);
	if (cause != CAUSE_NONE)
		return cause;
	reference = le32_get(reply);
	pin = le32_get(reply + 4);
	if (reference == 0)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "the ST-LINK measured a reference of 0 (and %u on the "
				    "target's pin), so the voltage cannot be computed",
				    (unsigned)pin);
	*millivolts = (unsigned)((uint64_t)DIVIDER * REFERENCE_MV * pin / reference);
	return CAUSE_NONE;
}

static enum cause
stlink_measure_vtarget(struct probe *probe, unsigned *millivolts, struct reason *why)
{
	return stlink_read_voltage(stlink_of(probe)->carrier, millivolts, why);
}

/* The wish and its verdict are two exchanges: one moves data in one direction. */
static enum cause
stlink_claim(struct probe *probe, uint8_t *bytes, struct reason *why)
{
	struct stlink_carrier *carrier = stlink_of(probe)->carrier;
	struct stlink_command command = { .name = "CLAIM_OUT",
					  .bytes = { STLINK_CLAIM_COMMAND,
						     STLINK_CLAIM_OUT },
					  .out = bytes,
					  .size = PROBE_CLAIM_SIZE };
	enum cause cause;

	cause = stlink_exchange(carrier, &command, why);
	if (cause != CAUSE_NONE)
		return cause;
	command.name = "CLAIM_IN";
	command.bytes[1] = STLINK_CLAIM_IN;
	command.out = NULL;
	command.in = bytes;
	return stlink_exchange(carrier, &command, why);
}

static void
stlink_close(struct probe *probe)
{
	struct stlink *link = stlink_of(probe);
	struct reason why = REASON_INIT;

	/* Nobody can act on a failure any more; the next who opens it sets it right. */
	if (link->is_nrst_low && stlink_move_nrst(link, false, &why) != CAUSE_NONE)
		log_debug("probe", "closing: %s", reason_root(&why));
	if (leave_own_mode(link, &why) != CAUSE_NONE)
		log_debug("probe", "closing: %s", reason_root(&why));
	link->carrier->ops->close(link->carrier);
	free(link);
}

#define STLINK_OPS                                                                   \
	.close = stlink_close, .enter_swd = stlink_enter_swd, .leave = stlink_leave, \
	.set_clock = stlink_set_clock, .transfer = stlink_transfer,                  \
	.drive_nrst = stlink_drive_nrst, .measure_vtarget = stlink_measure_vtarget,  \
	.claim = stlink_claim, .port_max = STLINK_PORTS - 1

/* By whether there are block commands and a way to the trace. Without halfwords block
 * commands would do only part of what they promise; memory is then accessed through the
 * port's registers, which is slower and always right. */
static const struct probe_ops all_ops[2][2] = {
	{ { STLINK_OPS }, { STLINK_OPS, .swo = &stlink_swo_ops } },
	{ { STLINK_OPS, .memory = &stlink_memory_ops },
	  { STLINK_OPS, .memory = &stlink_memory_ops, .swo = &stlink_swo_ops } },
};

struct stlink *
stlink_of_probe(struct probe *probe)
{
	for (size_t i = 0; i < array_len(all_ops); i++)
		for (size_t j = 0; j < array_len(all_ops[i]); j++)
			if (probe->ops == &all_ops[i][j])
				return stlink_of(probe);
	return NULL;
}

struct probe_candidate
stlink_candidate(const struct stlink_model *model, const char *serial, const char *where)
{
	struct probe_candidate candidate = { .vendor = STLINK_VENDOR,
					     .product = model->product,
					     .refusal = model->refusal,
					     .finding = model->finding };

	text_copy(candidate.kind, sizeof(candidate.kind), model->kind);
	text_copy(candidate.serial, sizeof(candidate.serial), serial);
	text_copy(candidate.where, sizeof(candidate.where), where);
	return candidate;
}

static void
identify(struct stlink *link, const struct stlink_model *model, const char *serial,
	 const char *where)
{
	struct probe_identity *identity = &link->probe.identity;

	text_copy(identity->kind, sizeof(identity->kind), model->kind);
	link->probe.usual_hz = model->usual_hz;
	text_copy(identity->serial, sizeof(identity->serial), serial);
	text_copy(identity->firmware, sizeof(identity->firmware), link->version.text);
	text_copy(identity->where, sizeof(identity->where), where);
}

static void
tell_losses(const struct stlink *link)
{
	char buffer[REASON_LINE_MAX];
	struct text lost;

	text_init(&lost, buffer, sizeof(buffer));
	if (stlink_version_losses(&link->version, &lost))
		log_warning("probe",
			    "ST-LINK firmware %s is too old to %s; update it with ST's "
			    "STSW-LINK007",
			    link->version.text, buffer);
}

void
stlink_dress(struct stlink *link, const struct stlink_model *model, const char *serial,
	     const char *where)
{
	bool has_memory = stlink_version_has(&link->version, STLINK_HAS_MEMORY_16);

	link->probe.ops = &all_ops[has_memory][link->carrier->ops->read_trace != NULL];
	link->probe.has_other_debugger = link->is_of_others;
	link->probe.is_claimed_elsewhere = link->carrier->keeps_claims;
	identify(link, model, serial, where);
	tell_losses(link);
}
