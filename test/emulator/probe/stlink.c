/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/stlink.h"

#include <stdlib.h>
#include <string.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/probe_family.h"
#include "test/emulator/probe/swo.h"
#include "test/emulator/probe/timing.h"

static struct stlink *
stlink_of(struct usb_function *function)
{
	return (struct stlink *)function; /* the first member */
}

static const struct stlink_command *
find_in(const struct stlink *link, const struct stlink_commands *group, uint8_t code)
{
	const struct stlink_version *version = &link->kind.version;
	for (unsigned i = 0; i < group->len; i++) {
		const struct stlink_command *row = &group->rows[i];
		uint8_t since = version->generation < 3 ? row->since_v2 : row->since_v3;
		if (row->code == code && version->jtag >= since)
			return row;
	}
	return NULL;
}

/* Groups F2 and F4 have their command in the second byte. A loader has neither. */
static const struct stlink_command *
find_command(const struct stlink *link, const uint8_t *command)
{
	if (command[0] == STLINK_GROUP_DEBUG)
		return link->is_loader ? NULL
				       : find_in(link, &stlink_debug_commands, command[1]);
	if (command[0] == STLINK_GROUP_SWIM)
		return link->is_loader ? NULL
				       : find_in(link, &stlink_swim_commands, command[1]);
	return find_in(link, &stlink_mode_commands, command[0]);
}

static uint32_t
data_size_of(const struct stlink_command *row, const uint8_t *command)
{
	switch (row->data) {
	case STLINK_DATA_LENGTH:
		return le16_get(command + 6);
	case STLINK_DATA_MISC:
		return stlink_misc_size(le32_get(command + 2));
	default:
		return 0;
	}
}

static bool
fits_mode(const struct stlink *link, enum stlink_when when)
{
	switch (when) {
	case STLINK_OUT_OF_DFU:
		return link->mode != STLINK_MODE_DFU;
	case STLINK_IN_DEBUG:
		return link->mode == STLINK_MODE_DEBUG;
	case STLINK_IN_SWIM:
		return link->mode == STLINK_MODE_SWIM;
	default:
		return true;
	}
}

/* In the wrong mode a command is refused: at once, or by 3B and 3E when it has data. */
static void
run_command(struct stlink *link, const struct stlink_command *row)
{
	link->pending = NULL;
	if (fits_mode(link, row->when))
		row->run(link, link->command);
	else if (row->data == STLINK_NO_DATA)
		stlink_reply_status(link, STLINK_COMMAND_ERROR, 2);
	else
		link->memory_status = STLINK_COMMAND_ERROR;
}

static void
take_command(struct stlink *link, const uint8_t *bytes, unsigned size)
{
	memset(link->command, 0, sizeof(link->command));
	memcpy(link->command, bytes,
	       size < sizeof(link->command) ? size : sizeof(link->command));
	link->stats->probe_commands++;
	wire_advance(link->swd.wire, link->kind.hardware->command_ns);
	const struct stlink_command *row = find_command(link, link->command);
	if (!row) {
		stlink_answer_unknown(link);
		return;
	}
	link->data_size = data_size_of(row, link->command);
	link->data_received = 0;
	if (link->data_size)
		link->pending = row;
	else
		run_command(link, row);
}

/* What does not fit into the buffer is counted and dropped; the command refuses it. */
static void
take_data(struct stlink *link, const uint8_t *bytes, uint32_t size)
{
	for (uint32_t i = 0; i < size && link->data_received < link->data_size; i++) {
		if (link->data_received < sizeof(link->data))
			link->data[link->data_received] = bytes[i];
		link->data_received++;
	}
	if (link->data_received == link->data_size)
		run_command(link, link->pending);
}

static void
count_transfer(struct stlink *link, unsigned size)
{
	wire_advance(link->swd.wire, usb_transfer_ns(link->function.speed, size));
}

static int
stlink_out(struct usb_function *function, uint8_t ep, const uint8_t *bytes, int size)
{
	struct stlink *link = stlink_of(function);
	if (ep != link->kind.out_ep || size < 0)
		return USB_STALL;
	link->stats->usb_transfers_out++;
	link->stats->usb_bytes_out += (unsigned)size;
	count_transfer(link, (unsigned)size);
	if (link->is_wedged)
		return 0; /* into the endpoint's memory; nobody fetches it */
	if (link->pending)
		take_data(link, bytes, (unsigned)size);
	else if (size > 0)
		take_command(link, bytes, (unsigned)size);
	return 0;
}

static unsigned
packet_size(const struct stlink *link)
{
	return link->function.speed == USB_HIGH_SPEED ? USB_HIGH_SPEED_PACKET_SIZE
						      : USB_FULL_SPEED_PACKET_SIZE;
}

/* A host that asks for less than a packet loses the rest of it, as with a real one. */
static int
send_reply(struct stlink *link, uint8_t *bytes, unsigned max)
{
	struct stlink_reply *reply = &link->replies[0];
	unsigned left = reply->size - reply->sent, packet = packet_size(link);
	unsigned size = left < max ? left : max;
	unsigned taken = (size + packet - 1) / packet * packet;
	memcpy(bytes, reply->bytes + reply->sent, size);
	reply->sent += taken < left ? taken : left;
	if (reply->sent == reply->size) {
		link->replies_len--;
		memmove(&link->replies[0], &link->replies[1],
			link->replies_len * sizeof(link->replies[0]));
	}
	return (int)size;
}

static int
stlink_in(struct usb_function *function, uint8_t ep, uint8_t *bytes, int max)
{
	struct stlink *link = stlink_of(function);
	int size = USB_STALL;
	if (max < 0)
		return USB_STALL;
	if (link->is_wedged)
		return USB_NAK;
	if (ep == link->kind.in_ep)
		size = link->replies_len ? send_reply(link, bytes, (unsigned)max) : USB_NAK;
	else if (ep == link->kind.trace_ep)
		size = stlink_send_trace(link, bytes, (unsigned)max);
	if (size < 0)
		return size;
	link->stats->usb_transfers_in++;
	link->stats->usb_bytes_in += (unsigned)size;
	count_transfer(link, (unsigned)size);
	return size;
}

static void
stlink_bus_reset(struct usb_function *function)
{
	struct stlink *link = stlink_of(function);
	link->pending = NULL;
	link->replies_len = 0;
	link->trace.len = 0;
	if (link->is_wedged && !link->needs_replug) {
		link->is_wedged = false;
		stlink_start(link);
	}
}

static void
stlink_power(struct usb_function *function, bool on)
{
	struct stlink *link = stlink_of(function);
	link->is_wedged = false;
	stlink_bus_reset(function);
	wire_drive_nrst(link->swd.wire, false);
	wire_drive_swim_rst(link->swd.wire, false);
	if (on)
		stlink_start(link);
}

/* Resets the data toggle; what the endpoint holds stays in it. */
static void
stlink_clear_halt(struct usb_function *function, uint8_t ep)
{
	(void)function;
	(void)ep;
}

static void
stlink_free(struct usb_function *function)
{
	free(stlink_of(function));
}

static void
stlink_swo(struct usb_function *function, uint32_t baud, const uint8_t *bytes,
	   unsigned size)
{
	struct stlink *link = stlink_of(function);
	if (probe_reads_swo(link->trace.baud, baud))
		stlink_take_trace(link, bytes, size);
}

static const struct usb_function_ops stlink_ops = {
	.out = stlink_out,
	.in = stlink_in,
	.reset = stlink_bus_reset,
	.power = stlink_power,
	.clear_halt = stlink_clear_halt,
	.swo = stlink_swo,
	.free = stlink_free,
};

static struct usb_function *
stlink_new(const struct probe_kind *probe, struct wire *wire,
	   const struct probe_setup *setup, struct stats *stats)
{
	struct stlink *link = calloc(1, sizeof(*link));
	if (!link)
		abort();
	link->function.ops = &stlink_ops;
	link->kind = *stlink_kind_of(probe);
	link->stats = stats;
	link->swd =
		(struct swd_master){ .wire = wire,
				     .transaction_ns = link->kind.hardware->transaction_ns,
				     .is_isolated = link->kind.is_isolated };
	wire_set_probe_io(wire, link->kind.io);
	wire_drive_swd(wire, link->kind.swclk_rests_high, true);
	stlink_set_up(link, setup);
	return &link->function;
}

const struct probe_family stlink_family = { .at = stlink_kind_at,
					    .create = stlink_new,
					    .takes_firmware = stlink_takes_firmware };
