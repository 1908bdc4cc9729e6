/* SPDX-License-Identifier: MIT */
/*
 * The modes of an ST-LINK, and what it takes to get one to answer that was left in the
 * middle of something: failure modes A4 to A7.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/stlink/stlink.h"

#include <string.h>

enum { EXIT_POLL_US = 100000, EXIT_MS = 2000 /* failure mode A4 */ };

static const char *const mode_names[STLINK_MODES] = {
	[STLINK_MODE_DFU] = "firmware update",
	[STLINK_MODE_MASS] = "mass storage",
	[STLINK_MODE_DEBUG] = "debug",
	[STLINK_MODE_SWIM] = "SWIM",
	[STLINK_MODE_BOOTLOADER] = "boot loader",
};

static const struct stlink_command exits[STLINK_MODES] = {
	[STLINK_MODE_DFU] = { .name = "DFU_EXIT",
			      .bytes = { STLINK_DFU_COMMAND, STLINK_DFU_EXIT } },
	[STLINK_MODE_DEBUG] = { .name = "DEBUG_EXIT",
				.bytes = { STLINK_DEBUG_COMMAND, STLINK_DEBUG_EXIT } },
	[STLINK_MODE_SWIM] = { .name = "SWIM_EXIT",
			       .bytes = { STLINK_SWIM_COMMAND, STLINK_SWIM_EXIT } },
};

enum cause
stlink_read_mode(struct stlink_carrier *carrier, enum stlink_mode *mode, struct reason *why)
{
	struct stlink_command command = STLINK_COMMAND(GET_CURRENT_MODE);
	uint8_t reply[2];
	enum cause cause;

	command.in = reply;
	command.size = sizeof(reply);
	cause = stlink_exchange(carrier, &command, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (reply[0] >= STLINK_MODES) {
		reason_begin(why, CAUSE_GONE,
			     "the ST-LINK says that its mode is 0x%02x, which is none "
			     "that is known",
			     reply[0]);
		reason_suspect(why, FINDING_A6);
		return CAUSE_GONE;
	}
	*mode = (enum stlink_mode)reply[0];
	return CAUSE_NONE;
}

static enum cause
leave(struct stlink *link, enum stlink_mode mode, struct reason *why)
{
	if (exits[mode].name == NULL)
		return CAUSE_NONE;
	log_debug("probe", "leaving %s mode", mode_names[mode]);
	memset(link->opened_ports, 0, sizeof(link->opened_ports));
	link->is_open = false;
	return stlink_exchange(link->carrier, &exits[mode], why);
}

enum cause
stlink_leave_debug(struct stlink *link, struct reason *why)
{
	return leave(link, STLINK_MODE_DEBUG, why);
}

enum cause
stlink_leave_mode(struct stlink *link, struct reason *why)
{
	enum stlink_mode mode;
	enum cause cause = stlink_read_mode(link->carrier, &mode, why);

	return cause != CAUSE_NONE ? cause : leave(link, mode, why);
}

static enum cause
refuse_mode(enum stlink_mode mode, struct reason *why)
{
	if (mode == STLINK_MODE_DFU || mode == STLINK_MODE_BOOTLOADER) {
		reason_begin(why, CAUSE_GONE,
			     "the ST-LINK is in its firmware-update loader (%s mode) and "
			     "does not leave it",
			     mode_names[mode]);
		reason_suspect(why, FINDING_A4);
		return CAUSE_GONE;
	}
	reason_begin(why, CAUSE_GONE, "the ST-LINK stays in %s mode", mode_names[mode]);
	reason_suspect(why, FINDING_PROBE_STAYS_IN_MODE);
	return CAUSE_GONE;
}

/* Leaving its loader a probe may go from the bus and come back. */
static enum cause
await_exit(struct stlink *link, enum stlink_mode *mode, struct reason *why)
{
	const struct stlink_carrier_ops *ops = link->carrier->ops;
	struct deadline deadline = deadline_in_ms(link->probe.clock, EXIT_MS);
	enum cause cause = stlink_read_mode(link->carrier, mode, why);

	while (cause == CAUSE_NONE && *mode == STLINK_MODE_DFU &&
	       !deadline_is_over(&deadline)) {
		clock_sleep_us(link->probe.clock, EXIT_POLL_US);
		cause = stlink_read_mode(link->carrier, mode, why);
	}
	if (cause != CAUSE_GONE || ops->reopen == NULL)
		return cause;
	log_info("probe", "the ST-LINK left its loader and the bus; waiting for it");
	*why = (struct reason)REASON_INIT;
	cause = ops->reopen(link->carrier, why);
	return cause == CAUSE_NONE ? stlink_read_mode(link->carrier, mode, why) : cause;
}

static enum cause
settle(struct stlink *link, struct reason *why)
{
	enum stlink_mode was, mode;
	enum cause cause = stlink_read_mode(link->carrier, &was, why);

	/* The loader's is how a V2 begins when it is plugged in. */
	if (cause == CAUSE_NONE && was != STLINK_MODE_MASS && was != STLINK_MODE_DFU)
		log_info("probe", "the ST-LINK was left in %s mode%s", mode_names[was],
			 exits[was].name == NULL ? "" : "; ending that");
	if (cause == CAUSE_NONE)
		cause = leave(link, was, why);
	if (cause == CAUSE_NONE)
		cause = was == STLINK_MODE_DFU
				? await_exit(link, &mode, why)
				: stlink_read_mode(link->carrier, &mode, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "leaving the mode the ST-LINK was left in");
	return mode == STLINK_MODE_MASS || mode == STLINK_MODE_DEBUG
		       ? CAUSE_NONE
		       : refuse_mode(mode, why);
}

/* What is done to a probe whose version makes no sense, one after the other until it does:
 * first what costs least. */

static bool
can_drain(const struct stlink *link, enum cause cause)
{
	(void)cause;
	return link->carrier->ops->drain != NULL;
}

static enum cause
drain(struct stlink *link, struct reason *why)
{
	(void)why;
	link->carrier->ops->drain(link->carrier);
	return CAUSE_NONE;
}

/* One that says nothing at all would not hear it either. */
static bool
can_exit(const struct stlink *link, enum cause cause)
{
	return can_drain(link, cause) && cause != CAUSE_TIMEOUT;
}

static enum cause
exit_debug(struct stlink *link, struct reason *why)
{
	enum cause cause = stlink_leave_debug(link, why);

	return cause == CAUSE_NONE ? drain(link, why) : cause;
}

static bool
can_reset(const struct stlink *link, enum cause cause)
{
	(void)cause;
	return link->carrier->ops->reset != NULL;
}

static enum cause
reset(struct stlink *link, struct reason *why)
{
	return link->carrier->ops->reset(link->carrier, why);
}

static const struct rung {
	bool (*is_there)(const struct stlink *link, enum cause cause);
	enum cause (*climb)(struct stlink *link, struct reason *why);
	const char *told;
} ladder[] = {
	{ can_drain, drain, "throwing away what an earlier session left unread" },
	{ can_exit, exit_debug, "ending the debug session it may be in" },
	{ can_reset, reset, "resetting the ST-LINK over USB" },
};

static enum cause
climb(struct stlink *link, const struct stlink_model *model, const struct rung *rung,
      struct reason *why)
{
	enum cause cause;

	log_info("probe", "%s; %s", reason_root(why), rung->told);
	*why = (struct reason)REASON_INIT;
	cause = rung->climb(link, why);
	return cause == CAUSE_NONE
		       ? stlink_version_read(link->carrier, model, &link->version, why)
		       : cause;
}

/* Failure mode A7. What is out of step has told so itself, or is not there any more. */
static enum cause
tell_defeat(const struct stlink *link, enum cause cause, struct reason *why)
{
	if (cause != CAUSE_TIMEOUT)
		return cause;
	reason_while(why, "the ST-LINK itself stopped answering (not the target)%s",
		     can_reset(link, cause) ? ", and resetting it over USB did not help"
					    : "");
	reason_suspect(why, FINDING_A7);
	return cause;
}

static enum cause
read_version(struct stlink *link, const struct stlink_model *model, struct reason *why)
{
	enum cause cause = stlink_version_read(link->carrier, model, &link->version, why);

	for (size_t i = 0; i < array_len(ladder) && cause != CAUSE_NONE; i++)
		if (ladder[i].is_there(link, cause))
			cause = climb(link, model, &ladder[i], why);
	return cause == CAUSE_NONE ? CAUSE_NONE : tell_defeat(link, cause, why);
}

enum cause
stlink_prepare(struct stlink *link, const struct stlink_model *model, struct reason *why)
{
	enum cause cause = read_version(link, model, why);

	if (cause == CAUSE_NONE)
		cause = stlink_version_check(&link->version, why);
	return cause == CAUSE_NONE ? settle(link, why) : cause;
}
