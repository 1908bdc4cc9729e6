/* SPDX-License-Identifier: MIT */
/*
 * dap_swo.c - recording trace. CMSIS-DAP 2.1.1, DAP_SWO_*.
 */
#include <string.h>

#include "test/emulator/probe/dap.h"

enum { TRANSPORT_NONE = 0, TRANSPORT_COMMAND = 1, TRANSPORT_ENDPOINT = 2 };
enum { MODE_OFF = 0, MODE_UART = 1 };
enum { STATUS_ACTIVE = 1 << 0, STATUS_OVERRUN = 1 << 7 };
enum { ASK_STATUS = 1 << 0, ASK_COUNT = 1 << 1, ASK_INDEX = 1 << 2 };
enum { DATA_HEAD = 3, NS_PER_US = 1000 };
#define SWO_MAX_BAUD UINT32_C(10000000) /* assumption */

static bool
transport_exists(const struct dap *dap, uint8_t transport)
{
	return transport <= TRANSPORT_COMMAND ||
	       (transport == TRANSPORT_ENDPOINT && dap->kind->has_swo_endpoint);
}

/* Nothing is changed while a recording runs. */
void
dap_swo_transport(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint8_t transport = dap_get8(in);
	bool is_taken = dap->kind->has_swo && !dap->swo.is_active &&
			transport_exists(dap, transport);
	if (is_taken)
		dap->swo.transport = transport;
	dap_put8(out, is_taken ? DAP_DONE : DAP_ERROR);
}

void
dap_swo_mode(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint8_t mode = dap_get8(in);
	bool is_taken = dap->kind->has_swo && mode <= MODE_UART;
	if (is_taken) {
		dap->swo.mode = mode;
		dap->swo.is_active = false;
	}
	dap_put8(out, is_taken ? DAP_DONE : DAP_ERROR);
}

/* What was set in truth; 0 when nothing was. */
void
dap_swo_baudrate(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint32_t baud = dap_get32(in);
	bool is_taken = dap->kind->has_swo && dap->swo.mode == MODE_UART && baud;
	if (is_taken)
		dap->swo.baud = baud < SWO_MAX_BAUD ? baud : SWO_MAX_BAUD;
	dap_put32(out, is_taken ? dap->swo.baud : 0);
}

static void
start(struct dap_swo *swo)
{
	swo->is_active = true;
	swo->has_overrun = false;
	swo->len = 0;
	swo->index = 0;
}

void
dap_swo_control(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	struct dap_swo *swo = &dap->swo;
	bool starts = dap_get8(in) & 1;
	bool is_taken = dap->kind->has_swo && (!starts || swo->mode != MODE_OFF);
	if (is_taken && starts && !swo->is_active)
		start(swo);
	if (is_taken && !starts)
		swo->is_active = false;
	dap_put8(out, is_taken ? DAP_DONE : DAP_ERROR);
}

/* The overrun is reported once. */
static uint8_t
take_status(struct dap_swo *swo)
{
	unsigned status = (swo->is_active ? STATUS_ACTIVE : 0) |
			  (swo->has_overrun ? STATUS_OVERRUN : 0);
	swo->has_overrun = false;
	return (uint8_t)status;
}

void
dap_swo_status(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	(void)in;
	dap_put8(out, take_status(&dap->swo));
	dap_put32(out, dap->swo.len);
}

void
dap_swo_extended(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	uint8_t asked = dap_get8(in);
	if (asked & ASK_STATUS)
		dap_put8(out, take_status(&dap->swo));
	if (asked & ASK_COUNT)
		dap_put32(out, dap->swo.len);
	if (asked & ASK_INDEX) {
		dap_put32(out, dap->swo.index);
		dap_put32(out, (uint32_t)(dap->now_ns / NS_PER_US));
	}
}

static void
take_bytes(struct dap_swo *swo, uint8_t *bytes, unsigned len)
{
	memcpy(bytes, swo->bytes, len);
	swo->len -= len;
	memmove(swo->bytes, swo->bytes + len, swo->len);
}

void
dap_swo_data(struct dap *dap, struct dap_reader *in, struct dap_writer *out)
{
	struct dap_swo *swo = &dap->swo;
	unsigned len = dap_get16(in), left = out->room - out->size;
	unsigned room = left > DATA_HEAD ? left - DATA_HEAD : 0;
	bool is_mine = swo->transport == TRANSPORT_COMMAND;
	len = len < room ? len : room;
	len = !is_mine ? 0 : len < swo->len ? len : swo->len;
	dap_put8(out, take_status(swo));
	dap_put16(out, (uint16_t)len);
	take_bytes(swo, out->bytes + out->size, len);
	out->size += len;
}

/* What finds no room is lost. */
void
dap_take_swo(struct dap *dap, const uint8_t *bytes, unsigned size)
{
	struct dap_swo *swo = &dap->swo;
	unsigned room = DAP_SWO_SIZE - swo->len;
	if (!swo->is_active)
		return;
	swo->index += size;
	swo->has_overrun = swo->has_overrun || size > room;
	size = size < room ? size : room;
	memcpy(swo->bytes + swo->len, bytes, size);
	swo->len += size;
}

int
dap_send_swo(struct dap *dap, uint8_t *bytes, unsigned max)
{
	struct dap_swo *swo = &dap->swo;
	unsigned len = swo->len < max ? swo->len : max;
	if (swo->transport != TRANSPORT_ENDPOINT || !len)
		return USB_NAK;
	take_bytes(swo, bytes, len);
	return (int)len;
}
