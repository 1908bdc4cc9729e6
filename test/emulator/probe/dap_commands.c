/* SPDX-License-Identifier: MIT */
/*
 * dap_commands.c - which command is whose, and those about the probe itself.
 */
#include <stddef.h>
#include <string.h>

#include "test/emulator/probe/dap.h"

enum {
	COMMAND_INFO = 0x00,
	COMMAND_TRANSFER_ABORT = 0x07,
	COMMAND_QUEUE = 0x7E,
	COMMAND_EXECUTE = 0x7F
};
/* DAP_Info. */
enum {
	INFO_VENDOR = 0x01,
	INFO_PRODUCT = 0x02,
	INFO_SERIAL = 0x03,
	INFO_PROTOCOL = 0x04,
	INFO_FIRMWARE = 0x09,
	INFO_CAPABILITIES = 0xF0,
	INFO_TIMER = 0xF1,
	INFO_SWO_SIZE = 0xFD,
	INFO_PACKETS = 0xFE,
	INFO_PACKET_SIZE = 0xFF
};
enum {
	CAPABLE_SWD = 1 << 0,
	CAPABLE_SWO_UART = 1 << 2,
	CAPABLE_ATOMIC = 1 << 4,
	CAPABLE_TIMER = 1 << 5,
	CAPABLE_SWO_ENDPOINT = 1 << 6
};
enum { TIMER_HZ = 1000000, NS_PER_US = 1000 };
enum { LED_RUNNING = 1 };
enum { INFO_MAX = 62 }; /* what one report holds */

/* --- the probe itself ---------------------------------------------------------- */

static uint8_t
capabilities(const struct dap_kind *kind)
{
	return (uint8_t)(CAPABLE_SWD | CAPABLE_ATOMIC | CAPABLE_TIMER |
			 (kind->has_swo ? CAPABLE_SWO_UART : 0) |
			 (kind->has_swo_endpoint ? CAPABLE_SWO_ENDPOINT : 0));
}

/* A second byte, about UARTs, came with 2.1.0. */
static unsigned
capability_bytes(const struct dap_kind *kind)
{
	return strcmp(kind->protocol, "2.1") >= 0 ? 2 : 1;
}

/* With its zero; nothing at all when there is no text. */
static unsigned
text_bytes(const char *text, uint8_t *bytes, unsigned room)
{
	size_t size = *text ? strlen(text) + 1 : 0;
	size = size < room ? size : room;
	memcpy(bytes, text, size);
	return (unsigned)size;
}

static unsigned
number_bytes(uint32_t number, uint8_t *bytes, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		bytes[i] = (uint8_t)(number >> 8 * i);
	return size;
}

/* Length 0: this probe does not know. */
static unsigned
info_bytes(const struct dap *dap, uint8_t id, uint8_t *bytes, unsigned room)
{
	const struct dap_kind *kind = dap->kind;
	switch (id) {
	case INFO_VENDOR:
		return text_bytes(dap->function.manufacturer, bytes, room);
	case INFO_PRODUCT:
		return text_bytes(dap->function.product, bytes, room);
	case INFO_SERIAL:
		return text_bytes(dap->function.serial, bytes, room);
	case INFO_PROTOCOL:
		return text_bytes(kind->protocol, bytes, room);
	case INFO_FIRMWARE:
		return text_bytes(kind->firmware, bytes, room);
	case INFO_CAPABILITIES:
		return number_bytes(capabilities(kind), bytes, capability_bytes(kind));
	case INFO_TIMER:
		return number_bytes(TIMER_HZ, bytes, 4);
	case INFO_SWO_SIZE:
		return kind->has_swo ? number_bytes(DAP_SWO_SIZE, bytes, 4) : 0;
	case INFO_PACKETS:
		return number_bytes(kind->packets_promised, bytes, 1);
	case INFO_PACKET_SIZE:
		return number_bytes(kind->packet_size, bytes, 2);
	default:
		return 0;
	}
}

static void
tell_info(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint8_t bytes[INFO_MAX];
	unsigned len = info_bytes(dap, dap_get8(in), bytes, sizeof(bytes));
	dap_put8(out, (uint8_t)len);
	for (unsigned i = 0; i < len; i++)
		dap_put8(out, bytes[i]);
}

/* There are no lamps to look at. */
static void
set_host_status(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint8_t lamp = dap_get8(in);
	(void)dap;
	dap_get8(in); /* on or off */
	dap_put8(out, lamp <= LED_RUNNING ? DAP_DONE : DAP_ERROR);
}

/* Port 0 is the probe's own choice. */
static void
connect(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint8_t wanted = dap_get8(in);
	if (wanted == DAP_PORT_OFF || wanted == DAP_PORT_SWD) {
		dap->port = DAP_PORT_SWD;
		wire_drive_swd(dap->wire, true, true); /* DAP_config.h, PORT_SWD_SETUP */
	}
	dap_put8(out, wanted <= DAP_PORT_SWD ? DAP_PORT_SWD : DAP_PORT_OFF);
}

static void
disconnect(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	(void)in;
	dap_release_pins(dap);
	dap_put8(out, DAP_DONE);
}

static void
delay(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	dap_pass(dap, (uint64_t)dap_get16(in) * NS_PER_US);
	dap_put8(out, DAP_DONE);
}

/* No sequence of any particular device is known to it. */
static void
reset_target(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	(void)dap;
	(void)in;
	dap_put8(out, DAP_DONE);
	dap_put8(out, 0);
}

static void
refuse_jtag(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	(void)dap;
	(void)in;
	dap_put8(out, DAP_ERROR);
}

/* --- packets ------------------------------------------------------------------- */

static const struct row {
	uint8_t id;
	void (*run)(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
} rows[] = {
	{ COMMAND_INFO, tell_info },
	{ 0x01, set_host_status },
	{ 0x02, connect },
	{ 0x03, disconnect },
	{ 0x04, dap_transfer_configure },
	{ 0x05, dap_transfer },
	{ 0x06, dap_transfer_block },
	{ 0x08, dap_write_abort },
	{ 0x09, delay },
	{ 0x0A, reset_target },
	{ 0x10, dap_swj_pins },
	{ 0x11, dap_swj_clock },
	{ 0x12, dap_swj_sequence },
	{ 0x13, dap_swd_configure },
	{ 0x14, refuse_jtag },
	{ 0x15, refuse_jtag },
	{ 0x16, refuse_jtag },
	{ 0x17, dap_swo_transport },
	{ 0x18, dap_swo_mode },
	{ 0x19, dap_swo_baudrate },
	{ 0x1A, dap_swo_control },
	{ 0x1B, dap_swo_status },
	{ 0x1C, dap_swo_data },
	{ 0x1D, dap_swd_sequence },
	{ 0x1E, dap_swo_extended },
};

static void
run_command(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint8_t id = dap_get8(in);
	dap->stats->probe_commands++;
	dap_pass(dap, dap->kind->command_ns);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].id != id)
			continue;
		dap_put8(out, id);
		rows[i].run(dap, in, out);
		return;
	}
	dap_put8(out, DAP_INVALID);
}

/* Several in one packet, which are not put into each other. Queued ones are answered as
 * those executed at once (DAP_QueueCommands). */
static void
run_commands(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	dap_get8(in);
	unsigned count = dap_get8(in);
	dap_put8(out, COMMAND_EXECUTE);
	dap_put8(out, (uint8_t)count);
	while (count-- && in->at < in->end)
		run_command(dap, in, out);
}

/* An abort is for the transfer that runs meanwhile; here none does. It has no response. */
void
dap_run_packet(struct dap *dap, const uint8_t *bytes, unsigned size,
	       struct dap_packet *response)
{
	struct dap_reader in = { bytes, bytes + size };
	struct dap_writer out = { response->bytes, 0, dap->kind->packet_size };
	if (size == 0 || bytes[0] == COMMAND_TRANSFER_ABORT)
		out.room = 0;
	else if (bytes[0] == COMMAND_EXECUTE || bytes[0] == COMMAND_QUEUE)
		run_commands(dap, &in, &out);
	else
		run_command(dap, &in, &out);
	response->size = out.size;
}
