/* SPDX-License-Identifier: MIT */
#include "transport/probe/stlink/wire.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/patience.h"
#include "transport/probe/stlink/version.h"

#include <assert.h>

enum {
	VERSION_SIZE = 6,     /* of GET_VERSION's answer */
	OLD_PIECES_MAX = 256, /* of 64 bytes: more than the largest answer */
};

static void
log_bytes(const char *arrow, const uint8_t *bytes, uint32_t size)
{
	char digits[2 * STLINK_EXCHANGE_MAX + 1];

	if (size == 0 || !log_wants(LOG_WIRE, "probe"))
		return;
	hex_encode(digits, bytes, size);
	log_wire("probe", "%s %s", arrow, digits);
}

/* Failure mode A6. */
static enum cause
explain_length(const struct stlink_command *command, uint32_t received, struct reason *why)
{
	uint32_t shown = received < command->size ? received : command->size;
	char digits[2 * STLINK_COMMAND_SIZE + 1];

	hex_encode(digits, command->in,
		   shown < STLINK_COMMAND_SIZE ? shown : STLINK_COMMAND_SIZE);
	reason_begin(why, CAUSE_GONE,
		     "the ST-LINK answered %s with %u byte%s (%s) instead of %u",
		     command->name, (unsigned)received, text_s(received), digits,
		     (unsigned)command->size);
	reason_suspect(why, FINDING_A6);
	return CAUSE_GONE;
}

uint32_t
stlink_exchange_max(const struct stlink_carrier *carrier)
{
	return carrier->exchange_max > carrier->data_max ? carrier->exchange_max
							 : carrier->data_max;
}

uint32_t
stlink_patience_ms(const struct stlink_carrier *carrier)
{
	return carrier->is_silent ? STLINK_TIMEOUT_MS : STLINK_LATE_MS;
}

/* Said once it is there, since nothing is done about it. */
static void
note_lateness(const struct stlink_command *command, uint64_t began_us)
{
	unsigned took_ms = (unsigned)((clock_now_us(clock_host()) - began_us) / 1000);

	if (took_ms > STLINK_TIMEOUT_MS)
		log_warning("probe", "the ST-LINK answered %s after %u ms", command->name,
			    took_ms);
}

static void
log_command(const struct stlink_carrier *carrier, const struct stlink_command *command)
{
	assert(command->size <= stlink_exchange_max(carrier));
	assert(command->in == NULL || command->out == NULL);
	log_wire("probe", "# %s", command->name);
	log_bytes(">", command->bytes, STLINK_COMMAND_SIZE);
	if (command->out != NULL)
		log_bytes(">", command->out, command->size);
}

static enum cause
end_exchange(const struct stlink_command *command, enum cause cause, uint32_t received,
	     struct reason *why)
{
	uint32_t wanted = command->in == NULL ? 0 : command->size;

	if (cause != CAUSE_NONE) {
		log_wire("probe", "! %s", cause_name(cause));
		return reason_while(why, "sending the ST-LINK the command %s",
				    command->name);
	}
	if (command->in != NULL)
		log_bytes("<", command->in, received < wanted ? received : wanted);
	return received == wanted ? CAUSE_NONE : explain_length(command, received, why);
}

/* The answer to the last command did not come; it must not be taken for the next one's. */
static void
drain(struct stlink_carrier *carrier)
{
	log_info("probe", "the ST-LINK left a command unanswered; throwing away what may "
			  "come of it");
	if (carrier->ops->drain != NULL)
		carrier->ops->drain(carrier);
}

/* GET_VERSION's: its size, and ST's vendor id where it has that. */
static bool
is_version(const uint8_t *reply, uint32_t received)
{
	return received == VERSION_SIZE && le16_get(reply + 2) == STLINK_VENDOR;
}

/* Another answer that is on its way, if it comes within STLINK_TIMEOUT_MS. */
static enum cause
await_another(struct stlink_carrier *carrier, const struct stlink_command *command,
	      uint32_t *received, struct reason *why)
{
	enum cause cause = CAUSE_TIMEOUT;

	for (unsigned parts = STLINK_TIMEOUT_MS / STLINK_PART_MS;
	     parts > 0 && cause == CAUSE_TIMEOUT; parts--) {
		*why = (struct reason)REASON_INIT;
		cause = carrier->ops->poll(carrier, command, received, why);
	}
	return cause;
}

/* An answer that is late may come after the drain as well. It would be taken for the next
 * command's, and that one's for the one after it, values of another address among them.
 * Answers come in order: what comes before a version is old. */
static enum cause
find_step(struct stlink_carrier *carrier, struct reason *why)
{
	struct stlink_command command = STLINK_COMMAND(GET_VERSION);
	uint8_t reply[VERSION_SIZE] = { 0 };
	unsigned pieces = OLD_PIECES_MAX;
	uint32_t received = 0;
	enum cause cause;

	if (carrier->ops->drain == NULL || carrier->ops->poll == NULL)
		return CAUSE_NONE;
	command.in = reply;
	command.size = sizeof(reply);
	log_command(carrier, &command);
	cause = carrier->ops->exchange(carrier, &command, &received, why);
	while (cause == CAUSE_NONE && !is_version(reply, received)) {
		if (pieces-- == 0)
			return explain_length(&command, received, why);
		cause = await_another(carrier, &command, &received, why);
	}
	return cause;
}

void
stlink_suspect_silence(const struct stlink_carrier *carrier, struct reason *why)
{
	if (carrier->server == NULL)
		reason_suspect(why, FINDING_A7);
	else
		reason_suspect_with(why, FINDING_HOST_SERVER_SILENT, "%s", carrier->server);
}

static enum cause
explain_silence(const struct stlink_carrier *carrier, struct reason *why)
{
	reason_while(why, "the ST-LINK did not answer two commands in a row");
	stlink_suspect_silence(carrier, why);
	return reason_becomes(why, CAUSE_GONE);
}

enum cause
stlink_exchange(struct stlink_carrier *carrier, const struct stlink_command *command,
		struct reason *why)
{
	bool was_silent = carrier->is_silent;
	uint64_t began_us;
	uint32_t received = 0;
	enum cause cause = CAUSE_NONE;

	if (was_silent) {
		drain(carrier);
		cause = find_step(carrier, why);
	}
	if (cause != CAUSE_NONE)
		return cause == CAUSE_TIMEOUT ? explain_silence(carrier, why) : cause;
	log_command(carrier, command);
	began_us = clock_now_us(clock_host());
	cause = carrier->ops->exchange(carrier, command, &received, why);
	if (cause == CAUSE_NONE)
		note_lateness(command, began_us);
	carrier->is_silent = cause == CAUSE_TIMEOUT;
	cause = end_exchange(command, cause, received, why);
	return cause == CAUSE_TIMEOUT && was_silent ? explain_silence(carrier, why) : cause;
}

static enum cause
try_part(struct stlink_carrier *carrier, const struct stlink_command *command,
	 struct stlink_asking *asking, uint32_t *received, struct reason *why)
{
	enum cause cause;

	if (asking->is_sent)
		return carrier->ops->poll(carrier, command, received, why);
	cause = carrier->ops->begin(carrier, command, why);
	asking->is_sent = cause == CAUSE_NONE;
	return cause;
}

/* What the answer came to is known, or that none comes. */
static bool
is_over(const struct stlink_command *command, unsigned parts_left, bool was_sent,
	enum cause cause)
{
	if (cause == CAUSE_TIMEOUT)
		return parts_left == 0 || patience_is_ending();
	return cause != CAUSE_NONE || was_sent || command->in == NULL;
}

enum cause
stlink_exchange_part(struct stlink_carrier *carrier, const struct stlink_command *command,
		     struct stlink_asking *asking, bool *done, struct reason *why)
{
	uint32_t patience_ms =
		carrier->answer_ms > 0 ? carrier->answer_ms : STLINK_TIMEOUT_MS;
	bool was_sent = asking->is_sent;
	uint32_t received = 0;
	enum cause cause;

	assert(command->out == NULL);
	if (carrier->ops->begin == NULL) {
		*done = true;
		return stlink_exchange(carrier, command, why);
	}
	if (!asking->is_begun) {
		log_command(carrier, command);
		asking->parts_left = patience_ms / STLINK_PART_MS;
	}
	asking->is_begun = true;
	asking->parts_left--;
	cause = try_part(carrier, command, asking, &received, why);
	if (!is_over(command, asking->parts_left, was_sent, cause))
		return CAUSE_NONE;
	*asking = (struct stlink_asking){ .is_begun = false };
	*done = true;
	return end_exchange(command, cause, received, why);
}
