/* SPDX-License-Identifier: MIT */
/*
 * dap.c - a CMSIS-DAP probe at its USB cable: packets in, responses out, in order.
 */
#include "test/emulator/probe/dap.h"

#include <stdlib.h>
#include <string.h>

#include "test/emulator/probe/probe_family.h"
#include "test/emulator/probe/swo.h"
#include "test/emulator/probe/timing.h"

enum { COMMAND_QUEUE = 0x7E };

static struct dap *
dap_of(struct usb_function *function)
{
	return (struct dap *)function; /* the first member */
}

static void
count_transfer(struct dap *dap, unsigned size)
{
	enum usb_speed speed = dap->kind->speed;
	dap_pass(dap, dap->kind->is_hid ? usb_interrupt_ns(speed)
					: usb_transfer_ns(speed, size));
}

static void
answer(struct dap *dap, const uint8_t *bytes, unsigned size)
{
	struct dap_packet *response = &dap->responses[dap->responses_len];
	dap_run_packet(dap, bytes, size, response);
	dap->responses_len += response->size > 0;
}

static void
answer_queued(struct dap *dap)
{
	for (unsigned i = 0; i < dap->queued_len; i++)
		answer(dap, dap->queued[i].bytes, dap->queued[i].size);
	dap->queued_len = 0;
}

/* QueueCommands waits for a packet of another kind, then all of it runs. */
static void
take_packet(struct dap *dap, const uint8_t *bytes, unsigned size)
{
	if (size > 0 && bytes[0] == COMMAND_QUEUE) {
		struct dap_packet *packet = &dap->queued[dap->queued_len++];
		memcpy(packet->bytes, bytes, size);
		packet->size = size;
		return;
	}
	answer_queued(dap);
	answer(dap, bytes, size);
}

/* A full probe takes no packet: on the bus it says NAK. */
static int
dap_out(struct usb_function *function, uint8_t ep, const uint8_t *bytes, int size)
{
	struct dap *dap = dap_of(function);
	if (ep != DAP_OUT_EP || size < 0)
		return USB_STALL;
	if (dap->responses_len + dap->queued_len >= dap->kind->packets)
		return USB_NAK;
	if (size > dap->kind->packet_size)
		size = dap->kind->packet_size;
	dap->stats->usb_transfers_out++;
	dap->stats->usb_bytes_out += (unsigned)size;
	count_transfer(dap, (unsigned)size);
	take_packet(dap, bytes, (unsigned)size);
	return 0;
}

/* A report has always its full size. */
static unsigned
transfer_size(const struct dap *dap, struct dap_packet *response)
{
	if (!dap->kind->is_hid)
		return response->size;
	memset(response->bytes + response->size, 0,
	       dap->kind->packet_size - response->size);
	return dap->kind->packet_size;
}

/* A host that asks for less loses the rest of the packet. */
static int
send_response(struct dap *dap, uint8_t *bytes, unsigned max)
{
	struct dap_packet *response = &dap->responses[0];
	if (!dap->responses_len)
		return USB_NAK;
	unsigned size = transfer_size(dap, response);
	size = size < max ? size : max;
	memcpy(bytes, response->bytes, size);
	dap->responses_len--;
	memmove(&dap->responses[0], &dap->responses[1],
		dap->responses_len * sizeof(dap->responses[0]));
	return (int)size;
}

static int
dap_in(struct usb_function *function, uint8_t ep, uint8_t *bytes, int max)
{
	struct dap *dap = dap_of(function);
	int size = USB_STALL;
	if (max < 0)
		return USB_STALL;
	if (ep == DAP_IN_EP)
		size = send_response(dap, bytes, (unsigned)max);
	else if (ep == DAP_SWO_EP && dap->kind->has_swo_endpoint)
		size = dap_send_swo(dap, bytes, (unsigned)max);
	if (size < 0)
		return size;
	dap->stats->usb_transfers_in++;
	dap->stats->usb_bytes_in += (unsigned)size;
	count_transfer(dap, (unsigned)size);
	return size;
}

/* The pins stay as they are: the firmware does not learn who claimed what. */
static void
dap_bus_reset(struct usb_function *function)
{
	struct dap *dap = dap_of(function);
	dap->responses_len = 0;
	dap->queued_len = 0;
}

/* CMSIS-DAP 2.1.1, DAP_config.h: what the firmware begins with. */
static void
start(struct dap *dap)
{
	enum { FIRST_RETRIES = 100, FIRST_HZ = 1000000 };
	dap->idle_cycles = 0;
	dap->wait_retries = FIRST_RETRIES;
	dap->match_retries = 0;
	dap->match_mask = 0;
	dap_send_data_always(dap, false);
	memset(&dap->swo, 0, sizeof(dap->swo));
	wire_set_clock(dap->wire, FIRST_HZ);
}

static void
dap_power(struct usb_function *function, bool on)
{
	struct dap *dap = dap_of(function);
	dap_bus_reset(function);
	dap_release_pins(dap);
	if (on)
		start(dap);
}

static void
dap_clear_halt(struct usb_function *function, uint8_t ep)
{
	(void)function;
	(void)ep;
}

static void
dap_swo(struct usb_function *function, uint32_t baud, const uint8_t *bytes, unsigned size)
{
	struct dap *dap = dap_of(function);
	if (probe_reads_swo(dap->swo.baud, baud))
		dap_take_swo(dap, bytes, size);
}

static void
dap_free(struct usb_function *function)
{
	free(dap_of(function));
}

static const struct usb_function_ops dap_ops = {
	.out = dap_out,
	.in = dap_in,
	.control = dap_control,
	.reset = dap_bus_reset,
	.power = dap_power,
	.clear_halt = dap_clear_halt,
	.swo = dap_swo,
	.free = dap_free,
};

static struct usb_function *
dap_new(const struct probe_kind *probe, struct wire *wire, const struct probe_setup *setup,
	struct stats *stats)
{
	struct dap *dap = calloc(1, sizeof(*dap));
	if (!dap)
		abort();
	dap->function.ops = &dap_ops;
	dap->kind = dap_kind_of(probe);
	dap->wire = wire;
	dap->stats = stats;
	dap_describe(dap->kind, setup->serial, &dap->function);
	dap_release_pins(dap);
	start(dap);
	return &dap->function;
}

const struct probe_family dap_family = { .at = dap_kind_at, .create = dap_new };
