/* SPDX-License-Identifier: MIT */
#include "transport/probe/stlink/wire.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <assert.h>

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
		     "the ST-LINK answered %s with %u bytes (%s) instead of %u",
		     command->name, (unsigned)received, digits, (unsigned)command->size);
	reason_suspect(why, FINDING_A6);
	return CAUSE_GONE;
}

uint32_t
stlink_exchange_max(const struct stlink_carrier *carrier)
{
	return carrier->exchange_max > carrier->data_max ? carrier->exchange_max
							 : carrier->data_max;
}

enum cause
stlink_exchange(struct stlink_carrier *carrier, const struct stlink_command *command,
		struct reason *why)
{
	uint32_t wanted = command->in == NULL ? 0 : command->size;
	uint32_t received = 0;
	enum cause cause;

	assert(command->size <= stlink_exchange_max(carrier));
	assert(command->in == NULL || command->out == NULL);
	log_wire("probe", "# %s", command->name);
	log_bytes(">", command->bytes, STLINK_COMMAND_SIZE);
	if (command->out != NULL)
		log_bytes(">", command->out, command->size);
	cause = carrier->ops->exchange(carrier, command, &received, why);
	if (cause != CAUSE_NONE)
		log_wire("probe", "! %s", cause_name(cause));
	if (cause != CAUSE_NONE)
		return reason_while(why, "sending the ST-LINK the command %s",
				    command->name);
	if (command->in != NULL)
		log_bytes("<", command->in, received < wanted ? received : wanted);
	return received == wanted ? CAUSE_NONE : explain_length(command, received, why);
}
