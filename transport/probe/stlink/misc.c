/* SPDX-License-Identifier: MIT */
#include "transport/probe/stlink/misc.h"

#include "transport/base/bytes.h"

#include <assert.h>

enum {
	ITEM_ADDRESS = 1, /* where the next ITEM_WRITE goes */
	ITEM_WRITE = 2,
	ITEM_READ = 3,  /* its word is the address */
	ITEM_PORT = 5,  /* the access port from here on */
	ITEMS_MAX = 64, /* a V2 takes no more; openocd STLINK_V2_RW_MISC_SIZE */
	ITEMS_PER_TRANSFER = 3,
	WORD = 4,
	ACCESSES_PER_ITEM = 3 /* TAR, DRW, and RDBUFF of a read */
};

#define NO_PORT UINT32_MAX

uint32_t
stlink_misc_words_at(uint32_t items)
{
	return align_down(items + WORD - 1, WORD);
}

uint32_t
stlink_misc_out_size(uint32_t items)
{
	return stlink_misc_words_at(items) + WORD * items;
}

uint32_t
stlink_misc_in_size(uint32_t items)
{
	return 2 * WORD * items;
}

struct misc {
	uint32_t len;
	uint8_t kinds[ITEMS_MAX];
	uint32_t words[ITEMS_MAX];
	size_t transfers;
	uint8_t first[ITEMS_MAX]; /* by transfer: its first and last item */
	uint8_t last[ITEMS_MAX];
};

static void
add_item(struct misc *misc, uint8_t kind, uint32_t word)
{
	assert(misc->len < ITEMS_MAX);
	misc->kinds[misc->len] = kind;
	misc->words[misc->len++] = word;
}

static void
add_transfer(struct misc *misc, const struct transfer *t, uint32_t *port)
{
	misc->first[misc->transfers] = (uint8_t)misc->len;
	if (*port != t->ap)
		add_item(misc, ITEM_PORT, t->ap);
	*port = t->ap;
	if (t->kind == TRANSFER_MEM_READ) {
		add_item(misc, ITEM_READ, t->address);
	} else {
		add_item(misc, ITEM_ADDRESS, t->address);
		add_item(misc, ITEM_WRITE, t->value);
	}
	misc->last[misc->transfers++] = (uint8_t)(misc->len - 1);
}

static enum cause
open_ports(struct stlink *link, const struct transfer *batch, size_t len,
	   struct outcome *outcome, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; i < len && cause == CAUSE_NONE; i++)
		cause = stlink_open_port(link, batch[i].ap, &outcome->ack, why);
	return cause;
}

static enum cause
send_items(struct stlink *link, const struct misc *misc, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(RW_MISC_OUT);
	uint32_t words_at = stlink_misc_words_at(misc->len);
	uint8_t out[ITEMS_MAX + WORD * ITEMS_MAX] = { 0 };

	for (uint32_t i = 0; i < misc->len; i++) {
		out[i] = misc->kinds[i];
		le32_put(out + words_at + WORD * i, misc->words[i]);
	}
	le32_put(&command.bytes[2], misc->len);
	command.out = out;
	command.size = stlink_misc_out_size(misc->len);
	return stlink_exchange(link->carrier, &command, why);
}

static enum cause
fetch_answers(struct stlink *link, const struct misc *misc, uint8_t *reply,
	      struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(RW_MISC_IN);

	command.in = reply;
	command.size = stlink_misc_in_size(misc->len);
	return stlink_exchange(link->carrier, &command, why);
}

/* The first item of the transfer that did not go well, or its last. */
static enum cause
explain_transfer(struct stlink *link, const struct misc *misc, size_t index,
		 const uint8_t *reply, enum swd_ack *ack, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned i = misc->first[index]; i <= misc->last[index]; i++) {
		uint8_t status = reply[WORD * (misc->len + i)];

		cause = stlink_explain(link, "RW_MISC", status, ack, why);
		if (cause != CAUSE_NONE)
			break;
	}
	return cause;
}

/* What the probe does with the items after one that failed is not known: they do not count,
 * so that after a WAIT they are done again. */
static enum cause
take_answers(struct stlink *link, const struct misc *misc, struct transfer *batch,
	     const uint8_t *reply, struct outcome *outcome, struct reason *why)
{
	for (size_t i = 0; i < misc->transfers; i++) {
		enum cause cause =
			explain_transfer(link, misc, i, reply, &outcome->ack, why);

		if (outcome->ack == ACK_FAULT) {
			outcome->has_fault_address = true;
			outcome->fault_address = batch[i].address;
		}
		if (cause != CAUSE_NONE)
			return cause;
		if (batch[i].kind == TRANSFER_MEM_READ)
			batch[i].value = le32_get(reply + WORD * misc->last[i]);
		outcome->finished++;
	}
	return CAUSE_NONE;
}

/* As many as the probe takes, or as the clock allows within the time of a command. */
static uint32_t
items_max(const struct stlink *link)
{
	uint32_t items = stlink_accesses_at_once(link) / ACCESSES_PER_ITEM;

	return items < ITEMS_MAX ? items : ITEMS_MAX;
}

enum cause
stlink_misc(struct stlink *link, struct transfer *batch, size_t len,
	    struct outcome *outcome, struct reason *why)
{
	struct misc misc = { 0 };
	uint32_t max = items_max(link);
	uint8_t reply[2 * WORD * ITEMS_MAX];
	uint32_t port = NO_PORT;
	enum cause cause;

	for (size_t i = 0; i < len && misc.len + ITEMS_PER_TRANSFER <= max; i++)
		add_transfer(&misc, &batch[i], &port);
	cause = open_ports(link, batch, misc.transfers, outcome, why);
	outcome->ack = ACK_UNKNOWN;
	if (cause == CAUSE_NONE)
		cause = send_items(link, &misc, why);
	if (cause == CAUSE_NONE)
		cause = fetch_answers(link, &misc, reply, why);
	return cause == CAUSE_NONE ? take_answers(link, &misc, batch, reply, outcome, why)
				   : cause;
}
