/* SPDX-License-Identifier: MIT */
#include "transport/base/bytes.h"
#include "transport/probe/stlink/stlink.h"

#include <assert.h>
#include <string.h>

enum {
	BYTES_MAX = 64, /* in one 8 bit command; openocd STLINK_MAX_RW8 */
	BYTES_MAX_V3 = 512,
	WIDTHS = 5,
	CORE_REPLY_SIZE = 4 + 4 * PROBE_CORE_REGISTERS
};

/* By width; what is not there has no name. */
static const struct stlink_command reads[WIDTHS] = {
	[1] = { .name = "READMEM_8BIT",
		.bytes = { STLINK_DEBUG_COMMAND, STLINK_READMEM_8BIT } },
	[2] = { .name = "READMEM_16BIT",
		.bytes = { STLINK_DEBUG_COMMAND, STLINK_READMEM_16BIT } },
	[4] = { .name = "READMEM_32BIT",
		.bytes = { STLINK_DEBUG_COMMAND, STLINK_READMEM_32BIT } },
};
static const struct stlink_command writes[WIDTHS] = {
	[1] = { .name = "WRITEMEM_8BIT",
		.bytes = { STLINK_DEBUG_COMMAND, STLINK_WRITEMEM_8BIT } },
	[2] = { .name = "WRITEMEM_16BIT",
		.bytes = { STLINK_DEBUG_COMMAND, STLINK_WRITEMEM_16BIT } },
	[4] = { .name = "WRITEMEM_32BIT",
		.bytes = { STLINK_DEBUG_COMMAND, STLINK_WRITEMEM_32BIT } },
};

static struct stlink_command
make_command(const struct stlink_command *form, const struct probe_block *block)
{
	struct stlink_command command = *form;

	le32_put(&command.bytes[2], block->at);
	le16_put(&command.bytes[6], (uint16_t)block->size);
	command.bytes[8] = (uint8_t)block->ap; /* 9 to 11 stay 0: the firmware's own CSW */
	command.in = block->in;
	command.out = block->out;
	command.size = block->size;
	return command;
}

/* How the last memory command went; the commands themselves do not tell. Answer: u16
 * status, u16, u32 address of the fault, u32. */
static enum cause
check_last(struct stlink *link, const char *name, struct outcome *outcome,
	   struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(GETLASTRWSTATUS2);
	uint8_t reply[12];
	enum cause cause;

	command.in = reply;
	command.size = sizeof(reply);
	outcome->ack = ACK_UNKNOWN;
	cause = stlink_exchange(link->carrier, &command, why);
	if (cause != CAUSE_NONE)
		return cause;
	cause = stlink_explain(link, name, reply[0], &outcome->ack, why);
	if (outcome->ack == ACK_FAULT) {
		outcome->has_fault_address = true;
		outcome->fault_address = le32_get(reply + 4);
	}
	return cause;
}

/* A command that asks for one byte is answered with two. */
static enum cause
read_byte(struct stlink *link, const struct probe_block *block, struct outcome *outcome,
	  struct reason *why)
{
	struct stlink_command command = make_command(&reads[1], block);
	uint8_t pair[2];
	enum cause cause;

	command.in = pair;
	command.size = sizeof(pair);
	cause = stlink_exchange(link->carrier, &command, why);
	if (cause == CAUSE_NONE)
		cause = check_last(link, command.name, outcome, why);
	if (cause == CAUSE_NONE)
		*block->in = pair[0];
	return cause;
}

/* A block that one command can do. */
static enum cause
move_piece(struct stlink *link, const struct probe_block *piece, struct outcome *outcome,
	   struct reason *why)
{
	bool is_read = piece->in != NULL;
	struct stlink_command command =
		make_command(is_read ? &reads[piece->width] : &writes[piece->width], piece);
	enum cause cause;

	if (is_read && piece->size == 1)
		return read_byte(link, piece, outcome, why);
	cause = stlink_exchange(link->carrier, &command, why);
	return cause == CAUSE_NONE ? check_last(link, command.name, outcome, why) : cause;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t
piece_size(const struct stlink *link, const struct probe_block *block, uint32_t done)
{
	bool has_512 = stlink_version_has(&link->version, STLINK_HAS_MEMORY_8_OF_512);
	uint32_t max = block->width > 1 ? link->carrier->data_max
		       : has_512        ? BYTES_MAX_V3
					: BYTES_MAX;

	max = least(max, stlink_accesses_at_once(link) * block->width);
	return least(max, block->size - done);
}

static enum cause
open_block(struct stlink *link, const struct probe_block *block, struct outcome *outcome,
	   struct reason *why)
{
	assert(block->width < WIDTHS && reads[block->width].name != NULL);
	assert(block->at % block->width == 0 && block->size % block->width == 0);
	*outcome = (struct outcome){ .ack = ACK_UNKNOWN };
	if (block->ap != 0 && !stlink_version_has(&link->version, STLINK_HAS_AP_IN_MEMORY))
		return stlink_version_lacks_port(&link->version, STLINK_HAS_AP_IN_MEMORY,
						 block->ap, why);
	return stlink_open_port(link, block->ap, &outcome->ack, why);
}

static enum cause
stlink_move_block(struct probe *probe, const struct probe_block *block,
		  struct outcome *outcome, struct reason *why)
{
	struct stlink *link = container_of(probe, struct stlink, probe);
	enum cause cause = open_block(link, block, outcome, why);
	bool has_returned = false;

	while (cause == CAUSE_NONE && outcome->finished < block->size) {
		uint32_t done = (uint32_t)outcome->finished;
		struct probe_block piece = *block;

		piece.at += done;
		piece.size = piece_size(link, block, done);
		piece.in = block->in == NULL ? NULL : block->in + done;
		piece.out = block->out == NULL ? NULL : block->out + done;
		outcome->ack = ACK_UNKNOWN;
		cause = move_piece(link, &piece, outcome, why);
		if (cause == CAUSE_NONE)
			outcome->finished += piece.size;
		if (!has_returned && stlink_come_back(link, cause, outcome->ack)) {
			has_returned = true;
			*why = (struct reason)REASON_INIT;
			cause = stlink_open_port(link, block->ap, &outcome->ack, why);
		}
	}
	return cause;
}

/* Answer: u32 status, then a word for each selector. That the words lie at their selectors,
 * 20 for CONTROL to PRIMASK, is how Black Magic Debug reads them (cortexm.c,
 * cortexm_regs_read()). The command has no room for an access port. */
static enum cause
ask_core(struct stlink *link, uint32_t ap, uint8_t reply[CORE_REPLY_SIZE],
	 struct outcome *outcome, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(READALLREGS);
	enum cause cause = stlink_open_port(link, ap, &outcome->ack, why);

	return cause == CAUSE_NONE ? stlink_ask(link, &command, reply, CORE_REPLY_SIZE,
						&outcome->ack, why)
				   : cause;
}

static enum cause
stlink_read_core(struct probe *probe, uint32_t ap, uint32_t registers[PROBE_CORE_REGISTERS],
		 struct outcome *outcome, struct reason *why)
{
	struct stlink *link = container_of(probe, struct stlink, probe);
	uint8_t reply[CORE_REPLY_SIZE];
	enum cause cause = ask_core(link, ap, reply, outcome, why);

	if (stlink_come_back(link, cause, outcome->ack)) {
		*why = (struct reason)REASON_INIT;
		cause = ask_core(link, ap, reply, outcome, why);
	}
	for (unsigned i = 0; i < PROBE_CORE_REGISTERS && cause == CAUSE_NONE; i++)
		registers[i] = le32_get(reply + 4 + 4 * i);
	return cause;
}

const struct probe_memory_ops stlink_memory_ops = {
	.move = stlink_move_block,
	.read_core = stlink_read_core,
	.read_core_ports = 1,
};
