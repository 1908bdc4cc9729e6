/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/stlink.h"

#include <stdlib.h>
#include <string.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/probe_family.h"
#include "test/emulator/probe/timing.h"

enum {
	COMMAND_GET_VERSION = 0xF1,
	COMMAND_DEBUG = 0xF2,
	COMMAND_DFU = 0xF3,
	COMMAND_SWIM = 0xF4,
	COMMAND_GET_MODE = 0xF5,
	COMMAND_GET_VOLTAGE = 0xF7,
	COMMAND_GET_VERSION_EX = 0xFB
};
enum { DFU_EXIT = 0x07, SWIM_EXIT = 0x01 };

/* The probe measures VAPP through a divider by two and the reference of its own
 * STM32F103, both against its 3.3 V with 12 bits (DS5319, table 10: VREFINT 1.20 V). */
static const double adc_supply_volts = 3.3, adc_reference_volts = 1.2;
enum { ADC_MAX = 4095, VAPP_DIVIDER = 2 };

static struct stlink *
stlink_of(struct usb_function *function)
{
	return (struct stlink *)function; /* the first member */
}

uint8_t *
stlink_reply(struct stlink *link, unsigned size)
{
	if (link->replies_len < STLINK_REPLIES)
		link->replies_len++;
	struct stlink_reply *reply = &link->replies[link->replies_len - 1];
	reply->size = size;
	reply->sent = 0;
	memset(reply->bytes, 0, size);
	return reply->bytes;
}

uint8_t *
stlink_reply_status(struct stlink *link, enum stlink_status status, unsigned size)
{
	uint8_t *bytes = stlink_reply(link, size);
	bytes[0] = (uint8_t)status;
	return bytes;
}

/* Four bits of generation, six of J, six of M (V2-1) or S, most significant byte first;
 * from V3 on J and the rest are 0 and FB must be asked. */
static void
get_version(struct stlink *link, const uint8_t *command)
{
	const struct stlink_kind *kind = link->kind;
	bool is_old = kind->generation < 3;
	unsigned last = kind->msd ? kind->msd : kind->swim;
	unsigned version = (unsigned)kind->generation << 12 |
			   (is_old ? (unsigned)kind->jtag << 6 | last : 0);
	uint8_t *reply = stlink_reply(link, 6);
	(void)command;
	reply[0] = (uint8_t)(version >> 8);
	reply[1] = (uint8_t)version;
	le16_put(reply + 2, usb_function_vendor(&link->function));
	le16_put(reply + 4, usb_function_product_id(&link->function));
}

static void
get_version_ex(struct stlink *link, const uint8_t *command)
{
	const struct stlink_kind *kind = link->kind;
	uint8_t *reply = stlink_reply(link, 12);
	(void)command;
	reply[0] = kind->generation;
	reply[1] = kind->swim;
	reply[2] = kind->jtag;
	reply[3] = kind->msd;
	reply[4] = kind->bridge;
	le16_put(reply + 8, usb_function_vendor(&link->function));
	le16_put(reply + 10, usb_function_product_id(&link->function));
}

static void
get_mode(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_reply(link, 2)[0] = (uint8_t)link->mode;
}

static uint32_t
adc_reading(double volts)
{
	double reading = volts / adc_supply_volts * ADC_MAX + 0.5;
	return reading < 0 ? 0 : reading > ADC_MAX ? ADC_MAX : (uint32_t)reading;
}

/* In DFU mode nothing is measured: both readings are 0. */
static void
get_voltage(struct stlink *link, const uint8_t *command)
{
	uint8_t *reply = stlink_reply(link, 8);
	(void)command;
	if (link->mode == STLINK_MODE_DFU)
		return;
	le32_put(reply, adc_reading(adc_reference_volts));
	le32_put(reply + 4, adc_reading(wire_vapp(link->swd.wire) / VAPP_DIVIDER));
}

static void
answer_unknown(struct stlink *link)
{
	stlink_reply_status(link, STLINK_UNKNOWN_COMMAND, 2);
}

/* No reply. */
static void
dfu(struct stlink *link, const uint8_t *command)
{
	if (command[1] != DFU_EXIT)
		answer_unknown(link);
	else if (link->mode == STLINK_MODE_DFU)
		link->mode = STLINK_MODE_MASS;
}

/* Leaving is all of SWIM that works: no board here has an STM8. */
static void
swim(struct stlink *link, const uint8_t *command)
{
	if (command[1] != SWIM_EXIT)
		answer_unknown(link);
	else if (link->mode == STLINK_MODE_SWIM)
		link->mode = STLINK_MODE_MASS;
}

static const struct stlink_command commands[] = {
	{ COMMAND_GET_VERSION, 0, 0, STLINK_ALWAYS, STLINK_NO_DATA, get_version },
	{ COMMAND_DFU, 0, 0, STLINK_ALWAYS, STLINK_NO_DATA, dfu },
	{ COMMAND_SWIM, 0, 0, STLINK_ALWAYS, STLINK_NO_DATA, swim },
	{ COMMAND_GET_MODE, 0, 0, STLINK_ALWAYS, STLINK_NO_DATA, get_mode },
	{ COMMAND_GET_VOLTAGE, 13, 0, STLINK_ALWAYS, STLINK_NO_DATA, get_voltage },
	{ COMMAND_GET_VERSION_EX, STLINK_NEVER, 0, STLINK_ALWAYS, STLINK_NO_DATA,
	  get_version_ex },
};

static const struct stlink_command *
find_in(const struct stlink *link, const struct stlink_command *rows, unsigned len,
	uint8_t code)
{
	for (unsigned i = 0; i < len; i++) {
		uint8_t since =
			link->kind->generation < 3 ? rows[i].since_v2 : rows[i].since_v3;
		if (rows[i].code == code && link->kind->jtag >= since)
			return &rows[i];
	}
	return NULL;
}

static const struct stlink_command *
find_command(const struct stlink *link, const uint8_t *command)
{
	if (command[0] == COMMAND_DEBUG)
		return find_in(link, stlink_debug_commands, stlink_debug_commands_len,
			       command[1]);
	return find_in(link, commands, sizeof(commands) / sizeof(commands[0]), command[0]);
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

/* In the wrong mode a command is refused: at once, or by 3B and 3E when it has data. */
static void
run_command(struct stlink *link, const struct stlink_command *row)
{
	link->pending = NULL;
	if (row->when == STLINK_ALWAYS || link->mode == STLINK_MODE_DEBUG)
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
	wire_advance(link->swd.wire, link->kind->command_ns);
	const struct stlink_command *row = find_command(link, link->command);
	if (!row) {
		answer_unknown(link);
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
	if (ep != link->kind->out_ep || size < 0)
		return USB_STALL;
	link->stats->usb_transfers_out++;
	link->stats->usb_bytes_out += (unsigned)size;
	count_transfer(link, (unsigned)size);
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
send_trace(struct stlink *link, uint8_t *bytes, unsigned max)
{
	unsigned size = link->trace_len < max ? link->trace_len : max;
	memcpy(bytes, link->trace, size);
	link->trace_len -= size;
	memmove(link->trace, link->trace + size, link->trace_len);
	return (int)size;
}

static int
stlink_in(struct usb_function *function, uint8_t ep, uint8_t *bytes, int max)
{
	struct stlink *link = stlink_of(function);
	int size = USB_STALL;
	if (max < 0)
		return USB_STALL;
	if (ep == link->kind->in_ep)
		size = link->replies_len ? send_reply(link, bytes, (unsigned)max) : USB_NAK;
	else if (ep == link->kind->trace_ep)
		size = link->trace_len ? send_trace(link, bytes, (unsigned)max) : USB_NAK;
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
	link->trace_len = 0;
}

/* Its firmware begins anew. */
static void
power_on(struct stlink *link)
{
	link->mode = link->kind->first_mode;
	link->clock_hz = link->kind->first_hz;
	link->memory_status = STLINK_OK;
	link->is_tracing = false;
	link->misc_len = 0;
	memset(link->ap_is_open, 0, sizeof(link->ap_is_open));
	wire_set_clock(link->swd.wire, link->clock_hz);
}

static void
stlink_power(struct usb_function *function, bool on)
{
	struct stlink *link = stlink_of(function);
	stlink_bus_reset(function);
	wire_drive_nrst(link->swd.wire, false);
	if (on)
		power_on(link);
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
stlink_swo(struct usb_function *function, const uint8_t *bytes, unsigned size)
{
	struct stlink *link = stlink_of(function);
	unsigned room = STLINK_TRACE_SIZE - link->trace_len;
	if (!link->is_tracing)
		return;
	if (size > room)
		size = room;
	memcpy(link->trace + link->trace_len, bytes, size);
	link->trace_len += size;
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

struct usb_function *
stlink_new(const struct probe_kind *probe, struct wire *wire,
	   const struct probe_setup *setup, struct stats *stats)
{
	const struct stlink_kind *kind = stlink_kind_of(probe);
	struct stlink *link = calloc(1, sizeof(*link));
	if (!link)
		abort();
	link->function.ops = &stlink_ops;
	link->kind = kind;
	link->stats = stats;
	link->swd =
		(struct swd_master){ .wire = wire, .transaction_ns = kind->transaction_ns };
	stlink_describe(kind, setup->serial, &link->function);
	power_on(link);
	return &link->function;
}
