/* SPDX-License-Identifier: MIT */
#include "transport/probe/stlink.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/stlink_status.h"

#include <stdlib.h>
#include <string.h>

/* What GET_CURRENT_MODE answers. */
enum mode { MODE_DFU, MODE_MASS, MODE_DEBUG, MODE_SWIM, MODE_BOOTLOADER, MODES };

static const char *const mode_names[MODES] = {
	[MODE_DFU] = "firmware update",
	[MODE_MASS] = "mass storage",
	[MODE_DEBUG] = "debug",
	[MODE_SWIM] = "SWIM",
	[MODE_BOOTLOADER] = "boot loader",
};

static struct stlink *
stlink_of(struct probe *probe)
{
	return container_of(probe, struct stlink, probe);
}

enum cause
stlink_ask(struct stlink *link, struct stlink_command *command, uint8_t *reply,
	   uint32_t size, enum swd_ack *ack, struct reason *why)
{
	enum cause cause;

	*ack = ACK_UNKNOWN;
	command->in = reply;
	command->size = size;
	cause = stlink_exchange(link->carrier, command, why);
	if (cause != CAUSE_NONE)
		return cause;
	return stlink_status_explain(command->name, reply[0], ack, why);
}

/* Answers nothing, and nothing is asked. */
static enum cause
tell(struct stlink *link, const struct stlink_command *command, struct reason *why)
{
	return stlink_exchange(link->carrier, command, why);
}

enum cause
stlink_open_port(struct stlink *link, uint8_t ap, enum swd_ack *ack, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(INIT_AP);
	uint8_t bit = (uint8_t)(1 << ap % 8);
	uint8_t reply[2];
	enum cause cause;

	*ack = ACK_OK;
	if (!stlink_version_has(&link->version, STLINK_HAS_INIT_AP) ||
	    (link->opened_ports[ap / 8] & bit) != 0)
		return CAUSE_NONE;
	command.bytes[2] = ap;
	cause = stlink_ask(link, &command, reply, sizeof(reply), ack, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "opening access port %u", ap);
	link->opened_ports[ap / 8] |= bit;
	return CAUSE_NONE;
}

static enum cause
read_mode(struct stlink *link, enum mode *mode, struct reason *why)
{
	struct stlink_command command = STLINK_COMMAND(GET_CURRENT_MODE);
	uint8_t reply[2];
	enum cause cause;

	command.in = reply;
	command.size = sizeof(reply);
	cause = stlink_exchange(link->carrier, &command, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (reply[0] >= MODES) {
		reason_begin(why, CAUSE_GONE,
			     "the ST-LINK says that its mode is 0x%02x, which is none "
			     "that is known",
			     reply[0]);
		reason_hint(why, "it is out of step with us: re-plug it");
		return CAUSE_GONE;
	}
	*mode = (enum mode)reply[0];
	return CAUSE_NONE;
}

/* Ends the mode the probe is in; mass storage is how it idles. */
static enum cause
leave_mode(struct stlink *link, enum mode mode, struct reason *why)
{
	static const struct stlink_command exits[MODES] = {
		[MODE_DFU] = { .name = "DFU_EXIT",
			       .bytes = { STLINK_DFU_COMMAND, STLINK_DFU_EXIT } },
		[MODE_DEBUG] = { .name = "DEBUG_EXIT",
				 .bytes = { STLINK_DEBUG_COMMAND, STLINK_DEBUG_EXIT } },
		[MODE_SWIM] = { .name = "SWIM_EXIT",
				.bytes = { STLINK_SWIM_COMMAND, STLINK_SWIM_EXIT } },
	};

	if (exits[mode].name == NULL)
		return CAUSE_NONE;
	log_debug("probe", "leaving %s mode", mode_names[mode]);
	memset(link->opened_ports, 0, sizeof(link->opened_ports));
	link->is_open = false;
	return tell(link, &exits[mode], why);
}

static enum cause
leave_any_mode(struct stlink *link, struct reason *why)
{
	enum mode mode;
	enum cause cause = read_mode(link, &mode, why);

	return cause != CAUSE_NONE ? cause : leave_mode(link, mode, why);
}

/* Some modes no exit command ends: a probe that boots into its loader stays there. */
static enum cause
settle(struct stlink *link, struct reason *why)
{
	enum mode mode;
	enum cause cause = leave_any_mode(link, why);

	if (cause == CAUSE_NONE)
		cause = read_mode(link, &mode, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "leaving the mode the ST-LINK was left in");
	if (mode == MODE_MASS || mode == MODE_DEBUG)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_GONE, "the ST-LINK stays in %s mode", mode_names[mode]);
	reason_hint(why, "re-plug it; if it comes back like this, renew its firmware with "
			 "ST's STSW-LINK007");
	return CAUSE_GONE;
}

static enum cause
drive_nrst(struct stlink *link, bool low, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(DRIVE_NRST);
	uint8_t reply[2];
	enum swd_ack ack;

	command.bytes[2] = low ? STLINK_NRST_LOW : STLINK_NRST_HIGH;
	return stlink_ask(link, &command, reply, sizeof(reply), &ack, why);
}

static enum cause
stlink_drive_nrst(struct probe *probe, bool low, struct reason *why)
{
	struct stlink *link = stlink_of(probe);
	enum cause cause = drive_nrst(link, low, why);

	if (cause != CAUSE_NONE)
		return reason_while(why, low ? "pulling NRST low" : "letting NRST go");
	link->is_nrst_low = low;
	return CAUSE_NONE;
}

static enum cause
enter(struct stlink *link, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(ENTER);
	uint8_t reply[2];
	enum swd_ack ack;
	enum cause cause;

	command.bytes[2] = STLINK_ENTER_SWD_NO_RESET;
	cause = stlink_ask(link, &command, reply, sizeof(reply), &ack, why);
	link->is_open = cause == CAUSE_NONE;
	/* A debug port that answers but does not power up is there: not gone. */
	if (ack == ACK_POWER)
		return reason_becomes(why, CAUSE_TIMEOUT);
	return cause;
}

/* Whoever used the probe before may have been killed while it held the target in reset. A
 * probe that cannot let go now is one that has not got hold. */
static void
let_nrst_go(struct stlink *link)
{
	struct reason why = REASON_INIT;

	if (drive_nrst(link, false, &why) != CAUSE_NONE)
		log_debug("probe", "letting NRST go: %s", reason_root(&why));
}

/* Before a mode is entered the probe may not know which pin resets the target, and leaving
 * a mode may let it go: so a low NRST is driven again around both (openocd abbbc2e05,
 * stlink_usb_init_mode()). */
static enum cause
enter_with_nrst(struct stlink *link, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (link->is_nrst_low)
		cause = drive_nrst(link, true, why);
	else
		let_nrst_go(link);
	if (cause == CAUSE_NONE)
		cause = stlink_apply_clock(link, why);
	if (cause == CAUSE_NONE)
		cause = enter(link, why);
	if (cause == CAUSE_NONE && link->is_nrst_low)
		cause = drive_nrst(link, true, why);
	return cause;
}

static enum cause
stlink_enter_swd(struct probe *probe, struct reason *why)
{
	struct stlink *link = stlink_of(probe);
	enum cause cause = leave_any_mode(link, why);

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
	enum cause cause = leave_any_mode(stlink_of(probe), why);

	return cause == CAUSE_NONE ? CAUSE_NONE : reason_while(why, "leaving debug mode");
}

/* The probe compares the pin, behind a divider by 2, with its reference of 1.2 V; both are
 * told as converter values. openocd abbbc2e05 stlink_usb_check_voltage(). */
static enum cause
stlink_measure_vtarget(struct probe *probe, unsigned *millivolts, struct reason *why)
{
	enum { REFERENCE_MV = 1200, DIVIDER = 2, REPLY_SIZE = 8 };

	struct stlink_command command = STLINK_COMMAND(GET_TARGET_VOLTAGE);
	uint8_t reply[REPLY_SIZE];
	uint32_t reference, pin;
	enum cause cause;

	command.in = reply;
	command.size = sizeof(reply);
	cause = stlink_exchange(stlink_of(probe)->carrier, &command, why);
	if (cause != CAUSE_NONE)
		return cause;
	reference = le32_get(reply);
	pin = le32_get(reply + 4);
	if (reference == 0)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "the ST-LINK measured a reference of 0 (and %u on the "
				    "target's pin), so there is no voltage to be told",
				    (unsigned)pin);
	*millivolts = (unsigned)((uint64_t)DIVIDER * REFERENCE_MV * pin / reference);
	return CAUSE_NONE;
}

static void
stlink_close(struct probe *probe)
{
	struct stlink *link = stlink_of(probe);
	struct reason why = REASON_INIT;

	/* Nobody can act on a failure any more; the next who opens it sets it right. */
	if (link->is_nrst_low && drive_nrst(link, false, &why) != CAUSE_NONE)
		log_debug("probe", "closing: %s", reason_root(&why));
	if (leave_any_mode(link, &why) != CAUSE_NONE)
		log_debug("probe", "closing: %s", reason_root(&why));
	link->carrier->ops->close(link->carrier);
	free(link);
}

#define STLINK_OPS(memory_group)                                                    \
	{                                                                           \
		.close = stlink_close, .enter_swd = stlink_enter_swd,               \
		.leave = stlink_leave, .set_clock = stlink_set_clock,               \
		.transfer = stlink_transfer, .drive_nrst = stlink_drive_nrst,       \
		.measure_vtarget = stlink_measure_vtarget, .memory = (memory_group) \
	}

static const struct probe_ops ops = STLINK_OPS(&stlink_memory_ops);
/* Without halfwords block commands would do only part of what they promise; memory is then
 * accessed through the port's registers, which is slower and always right. */
static const struct probe_ops ops_without_memory = STLINK_OPS(NULL);

struct stlink *
stlink_of_probe(struct probe *probe)
{
	bool is_ours = probe->ops == &ops || probe->ops == &ops_without_memory;

	return is_ours ? stlink_of(probe) : NULL;
}

/* The version, after a second try when the first answer was an older command's. */
static enum cause
read_version(struct stlink *link, const struct stlink_model *model, struct reason *why)
{
	enum cause cause = stlink_version_read(link->carrier, model, &link->version, why);

	if (cause == CAUSE_NONE || link->carrier->ops->drain == NULL)
		return cause;
	log_debug("probe", "out of step at first: %s", reason_root(why));
	link->carrier->ops->drain(link->carrier);
	return stlink_version_read(link->carrier, model, &link->version, why);
}

static enum cause
prepare(struct stlink *link, const struct stlink_model *model, struct reason *why)
{
	enum cause cause = read_version(link, model, why);

	if (cause == CAUSE_NONE)
		cause = stlink_version_check(&link->version, why);
	return cause == CAUSE_NONE ? settle(link, why) : cause;
}

static void
set_string(char *to, size_t size, const char *from)
{
	struct text text;

	text_init(&text, to, size);
	text_add(&text, "%s", from);
}

struct probe_candidate
stlink_candidate(const struct stlink_model *model, const char *serial, const char *where)
{
	struct probe_candidate candidate = { .refusal = model->refusal,
					     .remedy = model->remedy };

	set_string(candidate.kind, sizeof(candidate.kind), model->kind);
	set_string(candidate.serial, sizeof(candidate.serial), serial);
	set_string(candidate.where, sizeof(candidate.where), where);
	return candidate;
}

static void
identify(struct stlink *link, const struct stlink_model *model, const char *serial,
	 const char *where)
{
	struct probe_identity *identity = &link->probe.identity;

	set_string(identity->kind, sizeof(identity->kind), model->kind);
	set_string(identity->serial, sizeof(identity->serial), serial);
	set_string(identity->firmware, sizeof(identity->firmware), link->version.text);
	set_string(identity->where, sizeof(identity->where), where);
}

enum cause
stlink_open(struct stlink_carrier *carrier, const struct stlink_model *model,
	    const char *serial, const char *where, struct clock *clock,
	    struct probe **probe, struct reason *why)
{
	struct stlink *link = calloc(1, sizeof(*link));
	enum cause cause;

	if (link == NULL) {
		carrier->ops->close(carrier);
		return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	}
	link->carrier = carrier;
	link->hz = link->hz_wanted = STLINK_CLOCK_HZ;
	link->probe.clock = clock;
	cause = prepare(link, model, why);
	if (cause != CAUSE_NONE) {
		carrier->ops->close(carrier);
		free(link);
		return reason_while(why, "opening the %s %s at %s", model->kind, serial,
				    where);
	}
	link->probe.ops = stlink_version_has(&link->version, STLINK_HAS_MEMORY_16)
				  ? &ops
				  : &ops_without_memory;
	identify(link, model, serial, where);
	*probe = &link->probe;
	return CAUSE_NONE;
}
