/* SPDX-License-Identifier: MIT */
#include "transport/base/bytes.h"
#include "transport/probe/debug_port.h"
#include "transport/probe/stlink/misc.h"
#include "transport/probe/stlink/status.h"
#include "transport/probe/stlink/stlink.h"

#include <assert.h>

enum {
	DP_PORT = 0xffff, /* what READ_DAP_REG takes for the debug port */
	DP_BANK = 0xf0,   /* of an address as probe.h has it */
	FLUSH_MS = 200,   /* as long as transport/adi retries a WAIT */
	WORD = 4
};

static bool
is_dp(const struct transfer *t)
{
	return t->kind == TRANSFER_DP_READ || t->kind == TRANSFER_DP_WRITE;
}

static bool
is_memory(const struct transfer *t)
{
	return t->kind == TRANSFER_MEM_READ || t->kind == TRANSFER_MEM_WRITE;
}

static enum cause
read_register(struct stlink *link, uint16_t port, uint32_t reg, uint32_t *value,
	      enum swd_ack *ack, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(READ_DAP_REG);
	uint8_t reply[8]; /* u16 status, u16, u32 value */
	enum cause cause;

	le16_put(&command.bytes[2], port);
	le16_put(&command.bytes[4], (uint16_t)reg);
	cause = stlink_ask(link, &command, reply, sizeof(reply), ack, why);
	if (cause == CAUSE_NONE)
		*value = le32_get(reply + 4);
	return cause;
}

static enum cause
write_register(struct stlink *link, uint16_t port, uint32_t reg, uint32_t value,
	       enum swd_ack *ack, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(WRITE_DAP_REG);
	uint8_t reply[2];

	le16_put(&command.bytes[2], port);
	le16_put(&command.bytes[4], (uint16_t)reg);
	le32_put(&command.bytes[6], value);
	return stlink_ask(link, &command, reply, sizeof(reply), ack, why);
}

static enum cause
do_register(struct stlink *link, struct transfer *t, enum swd_ack *ack, struct reason *why)
{
	uint16_t port = is_dp(t) ? DP_PORT : (uint16_t)t->ap;
	bool is_read = t->kind == TRANSFER_DP_READ || t->kind == TRANSFER_AP_READ;
	enum cause cause;

	*ack = ACK_UNKNOWN;
	if (is_dp(t) && (t->address & DP_BANK) != 0 &&
	    !stlink_version_has(&link->version, STLINK_HAS_DP_BANKS))
		return stlink_version_lacks(&link->version, STLINK_HAS_DP_BANKS, why);
	/* IDR is read of ports not opened, so that looking for ports opens none: some
	 * firmware has room for a few only (status TOO_MANY_AP). */
	if (!is_dp(t) && !(is_read && t->address == AP_IDR)) {
		cause = stlink_open_port(link, t->ap, ack, why);
		if (cause != CAUSE_NONE)
			return cause;
	}
	return is_read ? read_register(link, port, t->address, &t->value, ack, why)
		       : write_register(link, port, t->address, t->value, ack, why);
}

/* The probe returns from an AP write before the port has done it; what became of it is in
 * the answer to the next access (openocd abbbc2e05, stlink_dap_run_finalize()). While that
 * answer is WAIT the write goes on, and must not be written again. */
static enum cause
flush_write(struct stlink *link, enum swd_ack *ack, struct reason *why)
{
	struct deadline deadline = deadline_in_ms(link->probe.clock, FLUSH_MS);
	enum cause cause;
	uint32_t ignored;
	bool is_last;

	/* As in transport/adi, a WAIT counts as one without end when it was asked for after that
	 * time: a slow host may have let all of it pass with the first. */
	do {
		is_last = deadline_is_over(&deadline);
		cause = read_register(link, DP_PORT, DP_RDBUFF, &ignored, ack, why);
	} while (cause != CAUSE_NONE && *ack == ACK_WAIT && !is_last);
	return cause == CAUSE_NONE ? cause : reason_while(why, "finishing the write");
}

/* A word of access port 0, in one command that answers with its status. */
static enum cause
do_debug_word(struct stlink *link, struct transfer *t, enum swd_ack *ack,
	      struct reason *why)
{
	bool is_read = t->kind == TRANSFER_MEM_READ;
	struct stlink_command command =
		is_read ? STLINK_DEBUG(READDEBUGREG) : STLINK_DEBUG(WRITEDEBUGREG);
	uint8_t reply[8]; /* u32 status, u32 value; of a write only u16 status */
	enum cause cause;

	le32_put(&command.bytes[2], t->address);
	if (!is_read)
		le32_put(&command.bytes[6], t->value);
	cause = stlink_ask(link, &command, reply, is_read ? sizeof(reply) : 2, ack, why);
	if (cause == CAUSE_NONE && is_read)
		t->value = le32_get(reply + 4);
	return cause;
}

static enum cause
do_block_word(struct stlink *link, struct transfer *t, enum swd_ack *ack,
	      struct reason *why)
{
	bool is_read = t->kind == TRANSFER_MEM_READ;
	uint8_t bytes[WORD];
	struct probe_block block = {
		.ap = t->ap,
		.width = WORD,
		.at = t->address,
		.size = WORD,
		.in = is_read ? bytes : NULL,
		.out = is_read ? NULL : bytes,
	};
	struct outcome outcome;
	enum cause cause;

	le32_put(bytes, t->value);
	cause = stlink_memory_ops.move(&link->probe, &block, &outcome, why);
	*ack = outcome.ack;
	if (cause == CAUSE_NONE)
		t->value = le32_get(bytes);
	return cause;
}

static enum cause
do_word(struct stlink *link, struct transfer *t, struct outcome *outcome,
	struct reason *why)
{
	enum cause cause = stlink_open_port(link, t->ap, &outcome->ack, why);

	if (cause != CAUSE_NONE)
		return cause;
	cause = t->ap == 0 ? do_debug_word(link, t, &outcome->ack, why)
			   : do_block_word(link, t, &outcome->ack, why);
	if (outcome->ack == ACK_FAULT) {
		outcome->has_fault_address = true;
		outcome->fault_address = t->address;
	}
	outcome->finished += cause == CAUSE_NONE;
	return cause;
}

static size_t
count_memory(const struct transfer *batch, size_t len)
{
	size_t count = 0;

	while (count < len && is_memory(&batch[count]))
		count++;
	return count;
}

static enum cause
do_words(struct stlink *link, struct transfer *batch, size_t len, struct outcome *outcome,
	 struct reason *why)
{
	/* Two commands, so not for one word, and not when others may come between. */
	if (len > 1 && !link->carrier->is_shared &&
	    stlink_version_has(&link->version, STLINK_HAS_RW_MISC))
		return stlink_misc(link, batch, len, outcome, why);
	return do_word(link, batch, outcome, why);
}

/* One register. A write that is refused is refused for what the one before it did; that one
 * is then not sure to have happened. */
static enum cause
do_next_register(struct stlink *link, struct transfer *next, bool *is_write_open,
		 struct outcome *outcome, struct reason *why)
{
	bool is_write = next->kind == TRANSFER_AP_WRITE;
	enum cause cause = do_register(link, next, &outcome->ack, why);

	if (cause == CAUSE_NONE)
		outcome->finished++;
	else if (outcome->ack == ACK_FAULT && is_write && *is_write_open)
		outcome->finished--;
	*is_write_open = is_write;
	return cause;
}

enum cause
stlink_transfer(struct probe *probe, struct transfer *batch, size_t len,
		struct outcome *outcome, struct reason *why)
{
	struct stlink *link = container_of(probe, struct stlink, probe);
	bool is_write_open = false, has_returned = false;
	enum cause cause = CAUSE_NONE;

	*outcome = (struct outcome){ 0 };
	while (cause == CAUSE_NONE && outcome->finished < len) {
		struct transfer *next = &batch[outcome->finished];
		size_t words = count_memory(next, len - outcome->finished);

		if (words > 0) {
			cause = do_words(link, next, words, outcome, why);
			is_write_open = false;
		} else {
			cause = do_next_register(link, next, &is_write_open, outcome, why);
		}
		if (!has_returned && stlink_come_back(link, cause, outcome->ack)) {
			has_returned = true;
			*why = (struct reason)REASON_INIT;
			cause = CAUSE_NONE;
		}
	}
	if (cause == CAUSE_NONE && is_write_open) {
		cause = flush_write(link, &outcome->ack, why);
		outcome->finished -= cause != CAUSE_NONE;
	}
	return cause;
}
