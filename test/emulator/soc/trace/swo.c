/* SPDX-License-Identifier: MIT */
/*
 * swo.c - what puts trace on one pin: the TPIU of Cortex-M3, M4 and M33 (DDI 0439B, chapter
 * 11; DDI 0403E, C1.10), and the SWO unit of the STM32H7, which has its divisor and protocol
 * at the same offsets (RM0433 Rev 8, 60.5.6: SWO_CODR, SWO_SPPR) and no formatter. The trace
 * clock is the core's; that of the STM32H7 too (assumption; what ST's examples divide).
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/trace/swo_frame.h"
#include "test/emulator/soc/trace/types.h"

enum { ACPR = 0x010, SPPR = 0x0F0, FFCR = 0x304, FIRST_ID = 0xFC8 };
enum { ACPR_WRITABLE = 0x1FFF, SPPR_WRITABLE = 3, SPPR_NRZ = 2 };
/* FFCR: TrigIn always reads as one; the formatter is on after reset. */
enum { FFCR_ENFCONT = 1 << 1, FFCR_TRIGIN = 1 << 8 };
enum { BITS_PER_BYTE = 10 }; /* with start and stop */
#define NS_PER_S UINT64_C(1000000000)

struct swo {
	struct peripheral base;
	uint32_t acpr, sppr, ffcr;
	uint64_t sent_ns; /* the last byte was through then */
	struct swo_frame frame;
};

static struct swo *
swo_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct swo, base);
}

static bool
has_formatter(const struct peripheral *peripheral)
{
	const struct coresight_ids *ids = peripheral->place->parameters;

	return ids->has_formatter;
}

static enum bus_result
swo_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const struct swo *swo = swo_of(peripheral);

	*value = 0;
	if (at >= FIRST_ID)
		*value = coresight_ids_read(peripheral->place->parameters, at);
	else if (at == ACPR)
		*value = swo->acpr;
	else if (at == SPPR)
		*value = swo->sppr;
	else if (at == FFCR && has_formatter(peripheral))
		*value = swo->ffcr | FFCR_TRIGIN;
	return BUS_OK;
}

static enum bus_result
swo_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct swo *swo = swo_of(peripheral);

	if (at == ACPR)
		swo->acpr = reg_merge(swo->acpr, value, lanes) & ACPR_WRITABLE;
	else if (at == SPPR)
		swo->sppr = reg_merge(swo->sppr, value, lanes) & SPPR_WRITABLE;
	else if (at == FFCR && has_formatter(peripheral))
		swo->ffcr = reg_merge(swo->ffcr, value, lanes) & FFCR_ENFCONT;
	return BUS_OK;
}

/* Debug logic: only the power takes it back. DDI 0403E C1.10.3: SPPR is 1 after reset. */
static void
swo_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct swo *swo = swo_of(peripheral);

	if (depth != RESET_ALL)
		return;
	swo->acpr = 0;
	swo->sppr = 1;
	swo->ffcr = FFCR_ENFCONT;
	swo->frame.len = 0;
}

const struct peripheral_type swo_type = {
	.name = "trace port",
	.size = sizeof(struct swo),
	.read = swo_read,
	.write = swo_write,
	.reset = swo_reset,
};

static struct peripheral *
find(const struct soc *soc, const struct peripheral_type *type)
{
	for (unsigned i = 0; i < soc->peripherals_len; i++)
		if (soc->peripherals[i]->type == type)
			return soc->peripherals[i];
	return NULL;
}

/* What the ITMs of the cores have written, as far as the funnel lets it through: that of core n
 * comes by input n (RM0399 Rev 4, 60.5.5, SWTF). */
static unsigned
joined_trace(const struct soc *soc, uint8_t *bytes, unsigned room)
{
	struct peripheral *funnel = find(soc, &funnel_type);
	uint32_t inputs = funnel ? funnel_inputs(funnel) : 1;
	unsigned len = 0;

	for (unsigned core = 0; core < soc->chip->cores_len; core++)
		if (inputs >> core & 1)
			len += cpu_trace(soc->cores[core].cpu, bytes + len, room - len);
	return len;
}

/* The pin carries nothing unless DBGMCU gives it to the trace (RM0440 47.16.3, TRACE_IOEN
 * and TRACE_MODE). */
static bool
pin_is_out(const struct soc *soc)
{
	const struct debug_role *debug = soc->debug ? soc->debug->type->debug : NULL;

	return soc->powered && debug && debug->puts_out_trace &&
	       debug->puts_out_trace(soc->debug);
}

/* How many bytes the line had time for since it was last asked. */
static unsigned
room_on_line(struct swo *swo, uint64_t now_ns, uint32_t baud, unsigned max)
{
	uint64_t byte_ns = BITS_PER_BYTE * NS_PER_S / baud;
	uint64_t room = (now_ns - swo->sent_ns) / byte_ns;

	if (room > max) {
		swo->sent_ns = now_ns;
		return max;
	}
	swo->sent_ns += room * byte_ns;
	return (unsigned)room;
}

unsigned
soc_swo(struct soc *soc, uint8_t *bytes, unsigned max, uint32_t *baud)
{
	struct peripheral *peripheral = find(soc, &swo_type);
	struct swo *swo = peripheral ? swo_of(peripheral) : NULL;
	bool framed = swo && has_formatter(peripheral) && swo->ffcr & FFCR_ENFCONT;
	unsigned room;

	*baud = 0;
	if (!swo || !pin_is_out(soc) || soc_core_hz(soc, 0) == CLOCK_STANDS_STILL_HZ)
		return 0;
	*baud = soc_core_hz(soc, 0) / (swo->acpr + 1);
	room = room_on_line(swo, soc->now_ns, *baud, max);
	if (framed)
		room = swo_frames(&swo->frame, soc->cores[0].cpu, bytes, room);
	else
		room = joined_trace(soc, bytes, room);
	return swo->sppr == SPPR_NRZ ? room : 0; /* Manchester code is no UART's */
}
